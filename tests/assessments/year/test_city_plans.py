"""The city's plan: drafting from an earlier one, issuing, adjusting, closing, and what drafts stay hidden from."""

from datetime import UTC, date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import assigning, queries
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assignment, Attachment, Event, Milestone, Notice, Plan, Target
from assessments.queries.assignments import stored_assignment
from assessments.queries.year import city_plans as reading
from assessments.year import city_plans
from assessments.year.city_plans import Wanted, moved
from assessments.year.year_words import mentions, moved_text
from tests import factories, files
from tests.database import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db: None) -> User:
    made: User = factories.HomeAffairsFactory()
    return made


@pytest.fixture
def plan(user: User) -> Plan:
    made: Plan = factories.PlanFactory(
        year=2025, goals="Duy trì 35 tổ, bản công nhận năm 2023, 2024; đạt mới 02 trong năm 2025.", number="604/KH-UBND"
    )
    factories.MilestoneFactory(plan=made, before=date(2025, 10, 15))
    Target.objects.create(plan=made, kind="maintain", minimum=35)
    factories.AgencyFactory(code="noi-vu")
    assigning.load_default(made)
    return made


@pytest.fixture
def draft(user: User, plan: Plan) -> Plan:
    return city_plans.create(user=user, source_id=plan.pk, year=2026)


def wanted(plan: Plan, **changes: object) -> Wanted:
    given: dict[str, object] = {
        "title": plan.title,
        "texts": {name: getattr(plan, name) for name in city_plans.TEXTS},
        "milestones": {m.duty: m.before for m in plan.milestones.all()},
        "targets": {t.kind: (t.minimum, t.maximum) for t in plan.targets.all()},
    }
    return Wanted(**(given | changes))  # type: ignore[arg-type]


def test_years_in_the_words_follow_where_they_mean_the_plan() -> None:
    text = (
        "Năm 2025: công nhận năm 2021, 2022, 2023, 2024; giai đoạn 2021-2025; trước ngày 15/10/2025; "
        "2204 ngày 07/8/2023"
    )
    told = moved_text(text, 2025, 2026)
    assert told == (
        "Năm 2026: công nhận năm 2021, 2022, 2023, 2024, 2025; giai đoạn 2021-2025; trước ngày 15/10/2026; "
        "2204 ngày 07/8/2023"
    )
    assert mentions(told, 2025) == 2


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2025, 10, 15), date(2026, 10, 15)),  # a Thursday
        (date(2025, 2, 28), date(2026, 3, 2)),  # a Saturday
        (date(2025, 3, 1), date(2026, 3, 2)),  # a Sunday
        (date(2024, 2, 29), date(2026, 3, 2)),  # the 28th is a Saturday
    ],
)
def test_days_move_to_a_working_day(day: date, there: date) -> None:
    assert moved(day, 2026) == there


def test_draft_has_everything_of_the_plan_before(draft: Plan, plan: Plan) -> None:
    assert (draft.status, draft.number, draft.criteria_set_id) == ("draft", "", plan.criteria_set_id)
    assert draft.goals == "Duy trì 35 tổ, bản công nhận năm 2023, 2024, 2025; đạt mới 02 trong năm 2026."
    assert [(m.duty, m.before) for m in draft.milestones.all()] == [("dossier", date(2026, 10, 15))]
    assert [(t.kind, t.minimum, t.maximum) for t in draft.targets.all()] == [("maintain", 35, None)]
    assert stored_assignment(draft) == stored_assignment(plan) != {}
    # Nobody hears of it, and its own record is still empty: it may be given up.
    assert not Notice.objects.exists()
    assert not Event.objects.filter(plan=draft).exists()
    assert [event.action for event in reading.history(factories.HomeAffairsFactory(), draft)] == ["drafted"]


def test_a_year_has_one_plan(user: User, draft: Plan, plan: Plan) -> None:
    for year in (2024, 2025, 2026):
        with pytest.raises(InvalidInput) as caught:
            city_plans.create(user=user, source_id=plan.pk, year=year)
        assert caught.value.field == "year"
    with pytest.raises(Refusal):
        city_plans.create(user=factories.CityLeaderFactory(), source_id=plan.pk, year=2027)


def test_nothing_shows_drafts(draft: Plan, client: Client) -> None:
    assert queries.current_plan() != draft
    officer, leader = factories.WardOfficerFactory(), factories.CityLeaderFactory()
    assert not reading.drafts(officer) and list(reading.drafts(leader)) == [draft]
    client.force_login(officer)
    assert "2026" not in client.get(reverse("assessments:plan_list")).content.decode().partition("<main")[2]
    assert client.get(reverse("assessments:plan", args=[2026])).status_code == 404
    paper = reverse("reports:paper", args=["ke-hoach", draft.pk])
    assert client.get(paper).status_code == 404
    client.force_login(leader)
    assert client.get(paper).status_code == 200
    assert "Dự thảo kế hoạch năm 2026" in client.get(reverse("assessments:plan_list")).content.decode()


def test_draft_is_written_and_a_stale_one_is_not(user: User, draft: Plan) -> None:
    said = wanted(draft, title="Kế hoạch mới", milestones={"budget": date(2026, 4, 1)}, targets={"new": (2, 4)})
    saved = city_plans.save_draft(
        user=user, plan_id=draft.pk, version=1, wanted=said, issued_on=date(2026, 3, 1),
        criteria_set_id=draft.criteria_set_id,
    )  # fmt: skip
    assert (saved.version, saved.title) == (2, "Kế hoạch mới")
    assert [(m.duty, m.before) for m in saved.milestones.all()] == [("budget", date(2026, 4, 1))]
    assert [str(t.span) for t in saved.targets.all()] == ["2-4"]
    with pytest.raises(Stale):
        city_plans.discard(user=user, plan_id=draft.pk, version=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"milestones": {"budget": date(2024, 1, 1)}}, "before_budget"),
        ({"targets": {"new": (3, 2)}}, "max_new"),
        ({"texts": {"funding": "x" * 4001}}, "funding"),
    ],
)
def test_what_a_plan_cannot_say(user: User, draft: Plan, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        city_plans.save_draft(
            user=user, plan_id=draft.pk, version=1, wanted=wanted(draft, **changes), issued_on=draft.issued_on,
            criteria_set_id=draft.criteria_set_id,
        )  # fmt: skip
    assert caught.value.field == field


def test_a_draft_given_up_leaves_its_story(user: User, draft: Plan, plan: Plan) -> None:
    city_plans.discard(user=user, plan_id=draft.pk, version=draft.version)
    assert not Plan.every.filter(year=2026).exists()
    assert not Assignment.objects.filter(plan=draft.pk).exists()
    assert [event.action for event in Event.objects.filter(plan=plan).order_by("pk")] == ["drafted", "discarded"]


def test_issuing_tells_wards_and_agencies(user: User, draft: Plan) -> None:
    officer, agency = factories.WardOfficerFactory(), factories.AgencyOfficerFactory()
    factories.UnitHeadFactory()
    issued = city_plans.issue(
        user=user, plan_id=draft.pk, version=draft.version, number="7/KH-UBND", issued_on=date(2026, 2, 27),
        file=files.upload("ke-hoach.pdf", files.pdf()),
    )  # fmt: skip
    assert issued.status == "issued" and queries.current_plan() == issued
    assert {notice.recipient for notice in Notice.objects.all()} == {officer, agency}
    assert Attachment.objects.get().city_plan == issued
    assert {event.action for event in Event.objects.filter(plan=issued)} == {"issued", "attached"}
    with pytest.raises(Refusal):
        city_plans.discard(user=user, plan_id=issued.pk, version=issued.version)


@pytest.mark.parametrize(
    ("number", "day", "field"),
    [
        ("", date(2026, 2, 27), "number"),
        ("abc", date(2026, 2, 27), "number"),
        ("7", date(2026, 2, 27), "number"),
        ("7/KH-UBND", date(2027, 1, 1), "issued_on"),
        ("7/KH-UBND", date(2026, 10, 15), "issued_on"),
        ("7/KH-UBND", date(2024, 1, 1), "issued_on"),
    ],
)
def test_issuing_names_what_is_wrong(user: User, draft: Plan, number: str, day: date, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        city_plans.issue(user=user, plan_id=draft.pk, version=draft.version, number=number, issued_on=day)
    assert caught.value.field == field
    assert Plan.every.get(pk=draft.pk).status == "draft"


def test_adjusting_needs_a_reason_and_a_change(user: User, plan: Plan) -> None:
    other = wanted(plan, milestones={"dossier": date(2025, 11, 1)})
    with pytest.raises(InvalidInput):
        city_plans.adjust(user=user, plan_id=plan.pk, version=1, wanted=other, reason=" ")
    with pytest.raises(Refusal, match="Chưa có nội dung"):
        city_plans.adjust(user=user, plan_id=plan.pk, version=1, wanted=wanted(plan), reason="Vì")
    changed = city_plans.adjust(
        user=user, plan_id=plan.pk, version=1, wanted=other, reason="Sắp xếp đơn vị", number="700/KH-UBND"
    )
    assert Milestone.objects.get(plan=plan).before == date(2025, 11, 1)
    told = reading.history(user, changed)[0]
    assert told.reason == "Sắp xếp đơn vị" and "700/KH-UBND" in told.data["what"]
    assert told.data["changes"][0]["after"] == "trước ngày 01/11/2025"


@pytest.mark.parametrize(
    ("day", "kept"), [(date(2025, 2, 27), False), (date(2025, 2, 28), False), (date(2025, 3, 1), True)]
)
def test_no_milestone_before_the_plan_itself(user: User, plan: Plan, day: date, kept: bool) -> None:
    """Issuing and adjusting keep one rule."""
    Plan.objects.filter(pk=plan.pk).update(issued_on=date(2025, 2, 28))
    other = wanted(plan, milestones={"dossier": date(2025, 11, 1), "budget": day})

    def adjust() -> Plan:
        return city_plans.adjust(user=user, plan_id=plan.pk, version=1, wanted=other, reason="Sắp xếp đơn vị")

    if kept:
        assert set(adjust().milestones.values_list("before", flat=True)) == {day, date(2025, 11, 1)}
        return
    with pytest.raises(InvalidInput, match="không sau ngày ban hành") as caught:
        adjust()
    assert caught.value.field == "before_budget" and "28/02/2025" in caught.value.message
    assert Milestone.objects.get(plan=plan).duty == "dossier"


def test_how_a_plan_was_drafted_stays_with_who_saw_the_draft(user: User, draft: Plan, client: Client) -> None:
    draft = city_plans.save_draft(
        user=user, plan_id=draft.pk, version=draft.version, wanted=wanted(draft, title="Kế hoạch mới"),
        issued_on=draft.issued_on, criteria_set_id=draft.criteria_set_id,
    )  # fmt: skip
    issued = city_plans.issue(
        user=user, plan_id=draft.pk, version=draft.version, number="7/KH-UBND", issued_on=date(2026, 2, 27)
    )
    whole = ["issued", "edited", "drafted"]
    for seer in (user, factories.CityLeaderFactory()):
        assert [event.action for event in reading.history(seer, issued)] == whole
    for other in (factories.WardOfficerFactory(), factories.AgencyOfficerFactory(), factories.FinancePlanningFactory()):
        assert [event.action for event in reading.history(other, issued)] == ["issued"]
    client.force_login(factories.WardLeaderFactory())
    page = client.get(reverse("assessments:plan", args=[2026])).content.decode()
    assert "Ban hành kế hoạch số 7/KH-UBND" in page and "dự thảo" not in page.partition("<main")[2].lower()
    client.force_login(user)
    assert "Lập dự thảo kế hoạch" in client.get(reverse("assessments:plan", args=[2026])).content.decode()


def test_a_calendar_that_has_the_day_learns_of_the_new_one(user: User, plan: Plan, client: Client) -> None:
    Plan.objects.filter(pk=plan.pk).update(issued_on=date(2025, 2, 28))
    client.force_login(user)
    address = reverse("assessments:calendar_file", args=[2025])

    def event() -> dict[str, str]:
        lines = client.get(address).content.decode().replace("\r\n ", "").split("\r\n")
        inside = lines[lines.index("BEGIN:VEVENT") : lines.index("BEGIN:VALARM")]
        return dict(line.split(":", 1) for line in inside)

    before = event()
    assert before["SEQUENCE"] == "0" and before["DTSTAMP"] == "20250228T000000Z"
    other = wanted(plan, milestones={"dossier": date(2025, 11, 1)})
    city_plans.adjust(user=user, plan_id=plan.pk, version=1, wanted=other, reason="Sắp xếp đơn vị")
    after = event()
    at = Event.objects.get(action="adjusted").at
    assert after["UID"] == before["UID"] and after["DTSTART;VALUE=DATE"] == "20251031"
    assert after["SEQUENCE"] == "1"
    assert after["DTSTAMP"] == after["LAST-MODIFIED"] == f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" != before["DTSTAMP"]


def test_a_closed_year_is_left_alone_until_it_is_reopened(user: User, plan: Plan) -> None:
    closed = city_plans.close(user=user, plan_id=plan.pk, version=1)
    with pytest.raises(Refusal, match="Đã kết thúc"):
        city_plans.adjust(
            user=user, plan_id=plan.pk, version=closed.version, wanted=wanted(plan, title="Khác"), reason="Vì"
        )
    with pytest.raises(InvalidInput):
        city_plans.reopen(user=user, plan_id=plan.pk, version=closed.version, reason="")
    assert city_plans.reopen(user=user, plan_id=plan.pk, version=closed.version, reason="Còn hồ sơ").status == "issued"


def test_targets_name_the_units_behind_them(user: User, plan: Plan) -> None:
    Target.objects.create(plan=plan, kind="pilot_per_ward", minimum=1, maximum=2)
    kept = factories.open_assessment(plan=plan, aim="maintain")
    maintain, pilots = reading.target_details(user, plan)
    assert maintain.missing == 34 and [row.pk for group in maintain.groups for row in group.units] == [kept.pk]
    assert {group.warning for group in pilots.groups} == {"Chưa có đơn vị làm điểm"}
    own = factories.WardOfficerFactory(ward=kept.unit.ward)
    assert [group.ward for group in reading.target_details(own, plan)[1].groups] == [kept.unit.ward]
    assert reading.target_details(factories.AgencyOfficerFactory(), plan) == []


def test_the_database_holds_the_plan_to_its_rules(plan: Plan) -> None:
    rows = Plan.every.filter(pk=plan.pk)
    with refused("plan_status_known"):
        rows.update(status="lost")
    with refused("plan_issued_has_number"):
        rows.update(number="")
    with refused("plan_text_nfc"):
        rows.update(goals="Đoa\u0300n")
    with refused("plan_number_once_a_day"):
        factories.PlanFactory(number=plan.number, issued_on=plan.issued_on)
