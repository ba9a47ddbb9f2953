"""Naming helping agencies, what they write down, and the database's own rules on it."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.forms.year.dong import DongField
from assessments.forms.year.helping import DeedForm
from assessments.models import Helping, HelpingDeed, Notice, Plan
from assessments.queries.year import helping as queries
from assessments.queries.year import history
from assessments.year import helping
from localities.models import Unit, Ward
from tests import factories
from tests.database import refused

pytestmark = pytest.mark.django_db
DAY = date(2025, 2, 3)


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


@pytest.fixture
def row(home_affairs: User, agent: User, plan: Plan, unit: Unit) -> Helping:
    [made] = assign(home_affairs, agent, plan, unit)
    return made


def assign(home_affairs: User, agent: User, plan: Plan, *units: Unit, focus: str = "") -> list[Helping]:
    assert agent.agency_id is not None
    ids = [unit.pk for unit in units]
    return helping.assign(user=home_affairs, plan_id=plan.pk, agency_id=agent.agency_id, unit_ids=ids, focus=focus)


def test_several_units_at_once_and_everybody_is_told(
    home_affairs: User, agent: User, plan: Plan, unit: Unit, ward: Ward, officer: User
) -> None:
    head, elsewhere = factories.UnitHeadFactory(unit=unit), factories.WardOfficerFactory()
    second = factories.UnitFactory(ward=ward)
    made = assign(home_affairs, agent, plan, unit, second, focus="Vệ sinh môi trường")
    assert {row.unit for row in made} == {unit, second}
    told = set(Notice.objects.filter(kind="helping").values_list("recipient", flat=True))
    assert told == {agent.pk, officer.pk, head.pk}
    assert elsewhere.pk not in told
    assert Notice.objects.filter(recipient=officer).count() == 1
    again = assign(home_affairs, agent, plan, unit, factories.UnitFactory(ward=ward))
    assert len(again) == 1
    assert Notice.objects.filter(recipient=agent).count() == 2


def test_only_home_affairs_assigns(agent: User, plan: Plan, unit: Unit, row: Helping) -> None:
    with pytest.raises(Refusal, match="nội vụ"):
        assign(agent, agent, plan, unit)
    with pytest.raises(Refusal, match="nội vụ"):
        helping.remove(user=agent, helping_id=row.pk, version=row.version)
    with pytest.raises(InvalidInput) as found:
        assign(factories.HomeAffairsFactory(), agent, plan)
    assert found.value.field == "units"


def test_what_the_agency_did_counts_until_it_is_taken_off(agent: User, officer: User, plan: Plan, row: Helping) -> None:
    first = helping.add_deed(user=agent, helping_id=row.pk, done_on=DAY, content="Tặng giống", worth=12_500_000)
    helping.add_deed(user=agent, helping_id=row.pk, done_on=DAY, content="Góp ngày công")
    [listed] = queries.listed(officer, plan)
    assert (len(listed.standing), listed.worth) == (2, 12_500_000)  # type: ignore[attr-defined]
    helping.remove_deed(user=agent, deed_id=first.pk)
    helping.remove_deed(user=agent, deed_id=first.pk)
    [tally] = queries.tallies(queries.listed(agent, plan))
    assert (tally.deeds, tally.worth, tally.units) == (1, 0, 1)
    first.refresh_from_db()
    assert first.removed_at is not None
    actions = [event.action for event in history(plan, row)]
    assert actions == ["deed_removed", "deed_added", "deed_added", "assigned"]


def test_another_agency_writes_nothing(officer: User, row: Helping) -> None:
    for stranger in (factories.AgencyOfficerFactory(), officer):
        with pytest.raises(Refusal, match="do Phòng"):
            helping.add_deed(user=stranger, helping_id=row.pk, done_on=DAY, content="Việc")
    with pytest.raises(Helping.DoesNotExist):
        helping.add_deed(user=factories.WardOfficerFactory(), helping_id=row.pk, done_on=DAY, content="Việc")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": " "}, "content"),
        ({"content": "a" * 1001}, "content"),
        ({"done_on": date(2024, 12, 31)}, "done_on"),
        ({"worth": -1}, "worth"),
        ({"worth": helping.WORTH_MOST + 1}, "worth"),
    ],
)
def test_what_cannot_be_written_down_names_its_field(
    agent: User, row: Helping, changes: dict[str, object], field: str
) -> None:
    given: dict[str, object] = {"done_on": DAY, "content": "Việc"} | changes
    with pytest.raises(InvalidInput) as found:
        helping.add_deed(user=agent, helping_id=row.pk, **given)  # type: ignore[arg-type]
    assert found.value.field == field
    assert not HelpingDeed.objects.exists()


def test_nothing_is_done_tomorrow(agent: User, row: Helping) -> None:
    with pytest.raises(InvalidInput, match="sau hôm nay"):
        tomorrow = timezone.localdate() + timedelta(days=1)
        helping.add_deed(user=agent, helping_id=row.pk, done_on=tomorrow, content="Việc")


def test_ended_help_stays_and_begins_anew(
    home_affairs: User, agent: User, plan: Plan, unit: Unit, row: Helping
) -> None:
    helping.add_deed(user=agent, helping_id=row.pk, done_on=DAY, content="Việc")
    with pytest.raises(InvalidInput, match="còn giúp đỡ"):
        early = DAY - timedelta(days=1)
        helping.end(user=home_affairs, helping_id=row.pk, ended_on=early, reason="", version=row.version)
    ended = helping.end(user=home_affairs, helping_id=row.pk, ended_on=DAY, reason="Đổi", version=row.version)
    with pytest.raises(InvalidInput, match="Đã thôi"):
        later = DAY + timedelta(days=1)
        helping.add_deed(user=agent, helping_id=row.pk, done_on=later, content="Việc")
    with pytest.raises(Refusal, match="đã thôi"):
        helping.end(user=home_affairs, helping_id=row.pk, ended_on=DAY, reason="", version=ended.version)
    assert "Đổi" in Notice.objects.filter(recipient=agent).latest("pk").text
    [again] = assign(home_affairs, agent, plan, unit)
    assert (again.pk, again.ended_on) == (row.pk, None)


def test_removed_only_while_nothing_came_of_it(home_affairs: User, agent: User, plan: Plan, row: Helping) -> None:
    with pytest.raises(Stale):
        helping.remove(user=home_affairs, helping_id=row.pk, version=row.version + 1)
    deed = helping.add_deed(user=agent, helping_id=row.pk, done_on=DAY, content="Việc")
    helping.remove_deed(user=agent, deed_id=deed.pk)
    with pytest.raises(Refusal, match="không bỏ được"):
        helping.remove(user=home_affairs, helping_id=row.pk, version=row.version)
    [other] = assign(home_affairs, agent, plan, factories.UnitFactory())
    assert helping.remove(user=home_affairs, helping_id=other.pk, version=other.version) == plan
    assert list(Helping.objects.all()) == [row]


def test_copied_into_the_next_year(home_affairs: User, agent: User, plan: Plan, row: Helping) -> None:
    later = factories.PlanFactory(year=plan.year + 1)
    helping.change(user=home_affairs, helping_id=row.pk, decided_by="TB 15", focus="Vệ sinh", version=row.version)
    [ended] = assign(home_affairs, agent, plan, factories.UnitFactory())
    helping.end(user=home_affairs, helping_id=ended.pk, ended_on=DAY, reason="", version=ended.version)
    assert queries.earlier_plan(later) == plan
    assert helping.copy_from(user=home_affairs, plan_id=later.pk, earlier_id=plan.pk) == 1
    assert helping.copy_from(user=home_affairs, plan_id=later.pk, earlier_id=plan.pk) == 0
    copied = Helping.objects.get(plan=later)
    assert (copied.unit, copied.focus, copied.decided_by) == (row.unit, "Vệ sinh", "")


def test_changing_the_words(home_affairs: User, row: Helping) -> None:
    with pytest.raises(InvalidInput) as found:
        helping.change(user=home_affairs, helping_id=row.pk, decided_by="", focus="a" * 501, version=row.version)
    assert found.value.field == "focus"
    same = helping.change(user=home_affairs, helping_id=row.pk, decided_by="", focus="", version=row.version)
    assert same.version == row.version


# ---- The database's own rules ----


def test_rules_of_an_assignment(row: Helping) -> None:
    with refused("helping_once"):
        Helping.objects.create(plan=row.plan, agency=row.agency, unit=row.unit)
    for field in ("decided_by", "focus"):
        with refused("helping_text_nfc"):
            Helping.objects.filter(pk=row.pk).update(**{field: "Vê\u0323 sinh"})


def test_rules_of_a_deed(agent: User, row: Helping) -> None:
    given = {"helping": row, "done_on": DAY, "added_by": agent}
    for content in ("", "Viê\u0323c"):
        with refused("helping_deed_text_nfc"):
            HelpingDeed.objects.create(**given, content=content)
    with refused("helping_deed_worth_not_negative"):
        HelpingDeed.objects.create(**given, content="Việc", worth=-1)


def test_a_deed_is_only_marked_as_removed(agent: User, row: Helping) -> None:
    deed = helping.add_deed(user=agent, helping_id=row.pk, done_on=DAY, content="Việc", worth=5)
    lines = HelpingDeed.objects.filter(pk=deed.pk)
    for change in ({"content": "Khác"}, {"worth": 6}, {"done_on": DAY + timedelta(days=1)}):
        with refused("assessments_helpingdeed"):  # trigger helping_deed_fixed
            lines.update(**change)
    with refused("assessments_helpingdeed"):
        lines.delete()
    lines.update(removed_at=timezone.now())


def test_a_second_click_adds_nothing(agent: User, row: Helping, plan: Plan) -> None:
    """The same line a moment later is the same line; other words, a later day, or one taken off are not."""
    facts: dict[str, Any] = {"user": agent, "helping_id": row.pk, "done_on": DAY, "content": "Tặng giống", "worth": 5}
    with time_machine.travel("2025-03-03 03:00:00+00:00", tick=False) as clock:
        first = helping.add_deed(**facts)
        assert helping.add_deed(**facts) == first
        assert history(plan, row).filter(action="deed_added").count() == 1
        others = [helping.add_deed(**facts | change) for change in ({"worth": None}, {"content": "Góp công"})]
        clock.shift(61)
        others.append(helping.add_deed(**facts))
        helping.remove_deed(user=agent, deed_id=others[-1].pk)
        others.append(helping.add_deed(**facts))
    assert len({deed.pk for deed in [first, *others]}) == 5


@pytest.mark.parametrize(
    ("typed", "amount"), [("12.500.000", 12_500_000), ("12 500 000 đồng", 12_500_000), ("0", 0), ("", None)]
)
def test_money_is_typed_as_for_the_budget(typed: str, amount: int | None) -> None:
    form = DeedForm({"done_on": "2025-02-03", "content": "Tặng giống", "worth": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["worth"] == amount
    assert type(form.fields["worth"]) is DongField


def test_what_is_no_money_is_refused_in_the_words_of_the_budget() -> None:
    form = DeedForm({"done_on": "2025-02-03", "content": "Tặng giống", "worth": "12,5"})
    assert form.errors["worth"] == ["“12,5” không phải số đồng. Nhập số nguyên, ví dụ 12.500.000."]
