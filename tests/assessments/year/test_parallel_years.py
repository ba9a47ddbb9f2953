"""A year that is closed, a name that is taken, a button clicked twice: at the same moment, in real transactions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal
from assessments.models import (
    Commendation,
    CommunityModel,
    Event,
    Guidance,
    HelpingDeed,
    Plan,
    Registration,
    WardPlan,
    YearReport,
)
from assessments.registering import Correction, correct_all
from assessments.unit_years import save_unit_year
from assessments.year import budget, city_plans, commendations, guidance, helping, reports, rows, ward_plans
from assessments.year import community_models as models
from assessments.year.ward_plans import Content
from localities.models import Unit, UnitYear
from tests import factories
from tests.assessments.parallel import (
    REAL_TRANSACTIONS,
    at_once,
    beside,
    kinds,
    second_waits_for_first,
)
from tests.assessments.views.year_parts import entry_ids

pytestmark = REAL_TRANSACTIONS
DAY = date(2025, 3, 3)
REFUSED = "Kế hoạch năm {} đã kết thúc nên không thay đổi được nữa."


def write_ward_plan(officer: User, plan: Plan) -> Any:
    return ward_plans.save(user=officer, plan_id=plan.pk, version=rows.NEW, content=Content(goals="Duy trì"), tasks=[])


def write_estimate(officer: User, plan: Plan) -> Any:
    return budget.save_estimate(
        user=officer, plan_id=plan.pk, number="", signed_on=None, explanation="", lines=[], version=rows.NEW
    )


def begin_report(officer: User, plan: Plan) -> Any:
    return reports.open_report(user=officer, plan_id=plan.pk, period="half")


def propose(officer: User, plan: Plan) -> Commendation:
    row = Commendation(kind="collective", name="Tổ hòa giải", form="Giấy khen", achievements="Hòa giải 12 vụ.")
    return commendations.save(user=officer, plan_id=plan.pk, row=row)


def correct(officer: User, plan: Plan) -> int:
    row = Registration.objects.get(plan=plan, unit__ward=officer.ward_id)
    wish = Correction(row.pk, "new", True, (row.aim, row.pilot))
    return correct_all(user=officer, plan_id=plan.pk, corrections=[wish])


def count(officer: User, plan: Plan) -> Any:
    unit = Unit.objects.filter(ward=officer.ward_id).earliest("pk")
    return save_unit_year(user=officer, unit_id=unit.pk, year=plan.year, version=0, values={"households": 98})


WRITING: list[Callable[[User, Plan], Any]] = [write_ward_plan, write_estimate, begin_report, propose, correct, count]


def close(home_affairs: User, plan: Plan) -> Plan:
    return city_plans.close(user=home_affairs, plan_id=plan.pk, version=plan.version)


@pytest.mark.parametrize("write", WRITING, ids=lambda write: write.__name__)
def test_what_comes_while_the_year_is_closed_is_refused(
    officer: User, home_affairs: User, plan: Plan, unit: Unit, write: Callable[[User, Plan], Any]
) -> None:
    factories.open_assessment(unit=unit, plan=plan, aim="maintain")
    before = Event.objects.count()
    result = second_waits_for_first(lambda: close(home_affairs, plan), lambda: write(officer, plan))
    assert isinstance(result, Refusal) and result.message == REFUSED.format(plan.year)
    assert Event.objects.count() == before + 1, "nothing but the closing was written"
    assert not UnitYear.objects.exists()
    assert not WardPlan.objects.exists() and not YearReport.objects.exists() and not Commendation.objects.exists()


@pytest.mark.parametrize("write", WRITING, ids=lambda write: write.__name__)
def test_closing_waits_for_what_is_being_written(
    officer: User, home_affairs: User, plan: Plan, unit: Unit, write: Callable[[User, Plan], Any]
) -> None:
    factories.open_assessment(unit=unit, plan=plan, aim="maintain")
    closed = second_waits_for_first(lambda: write(officer, plan), lambda: close(home_affairs, plan))
    assert closed.status == Plan.Status.CLOSED
    last = Event.objects.filter(plan=plan).latest("pk")
    assert last.action == "closed", "what was written stands before the closing in the record"


def test_sending_and_closing_at_once(officer: User, leader: User, home_affairs: User, plan: Plan) -> None:
    """The plan first, then ward and ward plan: whoever is second waits, and neither waits for ever."""
    content = Content("1/KH", timezone.localdate(), "Mục tiêu", "Giải pháp")
    made = ward_plans.save(
        user=officer, plan_id=plan.pk, version=rows.NEW, content=content, tasks=[ward_plans.Task("Rà soát", "Văn thư")]
    )
    sent, closed = at_once(
        lambda: ward_plans.send(user=leader, ward_plan_id=made.pk, version=made.version),
        lambda: close(home_affairs, plan),
    )
    assert closed.status == Plan.Status.CLOSED
    stored = WardPlan.objects.get()
    if isinstance(sent, Refusal):
        assert stored.state == "draft" and sent.message == REFUSED.format(plan.year)
    else:
        assert stored.state == "submitted"
        actions = list(
            Event.objects.filter(action__in=("sent", "closed")).order_by("pk").values_list("action", flat=True)
        )
        assert actions == ["sent", "closed"]


def test_two_wards_write_at_the_same_time(officer: User, home_affairs: User, plan: Plan) -> None:
    """Holding the plan open is shared: one ward's writing does not stop another's."""
    other = factories.WardOfficerFactory()
    assert second_runs_through(lambda: write_ward_plan(officer, plan), lambda: write_ward_plan(other, plan))


def second_runs_through(first: Callable[[], Any], second: Callable[[], Any]) -> bool:
    """Whether the second waits at most for its place in the record while the first is not yet committed."""
    with beside(first, second) as results, connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT wait_event FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        waits = {row[0] for row in cursor.fetchall()}
    assert isinstance(results[0], WardPlan)
    return waits <= {"advisory"}


# ---- One name, one number ----


def add(user: User, plan: Plan, unit: Unit, name: str) -> CommunityModel:
    told = models.Described("economic", name, date(2021, 3, 1))
    return models.add(user=user, plan_id=plan.pk, unit_id=unit.pk, told=told)


def rename(user: User, plan: Plan, model: CommunityModel, name: str) -> CommunityModel:
    told = models.Described("economic", name, date(2021, 3, 1))
    return models.change(user=user, plan_id=plan.pk, model_id=model.pk, version=1, told=told)


def test_two_models_get_one_name_at_once(officer: User, plan: Plan, unit: Unit) -> None:
    first, second = add(officer, plan, unit, "Tổ rau"), add(officer, plan, unit, "Tổ cá")
    refused = second_waits_for_first(
        lambda: rename(officer, plan, first, "Tổ chung"), lambda: rename(officer, plan, second, "TỔ CHUNG")
    )
    assert isinstance(refused, InvalidInput) and refused.field == "name"
    assert "cùng loại, cùng tên" in refused.message
    assert sorted(CommunityModel.objects.values_list("name", flat=True)) == ["Tổ chung", "Tổ cá"]


def test_a_model_is_added_under_the_name_another_gets(officer: User, plan: Plan, unit: Unit) -> None:
    first = add(officer, plan, unit, "Tổ rau")
    refused = second_waits_for_first(
        lambda: rename(officer, plan, first, "Tổ chung"), lambda: add(officer, plan, unit, "Tổ chung")
    )
    assert isinstance(refused, InvalidInput) and refused.field == "name"
    assert CommunityModel.objects.count() == 1


def test_two_drafts_are_issued_under_one_number_at_once(home_affairs: User) -> None:
    drafts = [
        factories.PlanFactory(year=year, status=Plan.Status.DRAFT, number="", issued_on=date(2025, 1, 2))
        for year in (2025, 2026)
    ]

    def issue(draft: Plan) -> Plan:
        return city_plans.issue(
            user=home_affairs, plan_id=draft.pk, version=1, number="7/KH-UBND", issued_on=date(2025, 2, 3)
        )

    refused = second_waits_for_first(lambda: issue(drafts[0]), lambda: issue(drafts[1]))
    assert isinstance(refused, InvalidInput) and (refused.field, "cùng ngày" in refused.message) == ("number", True)
    assert Plan.objects.filter(number="7/KH-UBND").count() == 1


# ---- One button, two clicks ----


def test_a_deed_of_help_clicked_twice_is_one(home_affairs: User, plan: Plan, unit: Unit) -> None:
    agent = factories.AgencyOfficerFactory()
    [row] = helping.assign(user=home_affairs, plan_id=plan.pk, agency_id=agent.agency_id, unit_ids=[unit.pk])
    click: dict[str, Any] = {"user": agent, "helping_id": row.pk, "content": "Tặng giống", "worth": 5}
    results = at_once(*[lambda: helping.add_deed(**click, done_on=DAY.replace(year=plan.year))] * 2)
    assert kinds(results) == ["HelpingDeed"] * 2 and results[0] == results[1]
    assert HelpingDeed.objects.count() == 1
    assert Event.objects.filter(action="deed_added").count() == 1


def test_guidance_proposal_and_model_clicked_twice_are_one(officer: User, plan: Plan, unit: Unit) -> None:
    agent = factories.AgencyOfficerFactory()
    content = guidance.Content("Hướng dẫn", date(2025, 1, 5), text="Nội dung")
    ids = entry_ids(plan, "tc-1.1")
    twice = at_once(
        *[lambda: guidance.save(user=agent, plan_id=plan.pk, agency_id=agent.agency_id, content=content, entry_ids=ids)]
        * 2
    )
    assert kinds(twice) == ["Guidance"] * 2 and Guidance.objects.count() == 1
    assert kinds(at_once(*[lambda: propose(officer, plan)] * 2)) == ["Commendation"] * 2
    assert Commendation.objects.count() == 1
    assert kinds(at_once(*[lambda: add(officer, plan, unit, "Tổ rau")] * 2)) == ["CommunityModel"] * 2
    assert CommunityModel.objects.count() == 1
    assert Event.objects.filter(action__in=("drafted", "added")).count() == 3


@pytest.mark.parametrize(
    "who", [{"kind": "collective", "name": "Tổ hòa giải"}, {"kind": "person", "name": "Tổ trưởng", "position": "Tổ 1"}]
)
@pytest.mark.parametrize("of_unit", [False, True], ids=["alone", "of a unit"])
def test_three_clicks_on_one_proposal_are_one(
    officer: User, plan: Plan, unit: Unit, who: dict[str, str], of_unit: bool
) -> None:
    """As browsers post it: each click reads the plan before it writes."""
    url = reverse("assessments:commendation_new", args=[plan.year])
    typed = who | {"unit": str(unit.pk) if of_unit else "", "form": "Giấy khen", "achievements": "Hòa\r\ngiải 12 vụ."}

    def click() -> Any:
        client = Client()
        client.force_login(officer)
        return client.post(url, typed).status_code

    assert at_once(click, click, click) == [302] * 3
    assert Commendation.objects.count() == 1
    assert Event.objects.filter(plan=plan, kind=Event.Kind.COMMENDATION).count() == 1
