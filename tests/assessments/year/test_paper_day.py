"""The day on which the paper came: ward plan, estimate and report keep one rule and say it in the same words."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Event, Milestone, Plan
from assessments.year import budget, reports, ward_plans
from tests import factories
from tests.assessments.year.handing_in import hand_in

pytestmark = pytest.mark.django_db
Duty = Milestone.Duty
ISSUED, SENT = date(2025, 2, 28), date(2025, 5, 20)
State = Callable[..., Any]


@pytest.fixture
def plan(db: None) -> Plan:
    made: Plan = factories.PlanFactory(year=2025, issued_on=ISSUED)
    return made


@pytest.fixture(params=[Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT])
def row(request: pytest.FixtureRequest, plan: Plan, leader: User) -> Any:
    """Sent on 20 May."""
    with time_machine.travel("2025-05-20 03:00:00+00:00", tick=False):
        return hand_in(request.param, plan, leader)


@pytest.fixture
def state(row: Any, home_affairs: User) -> State:
    def do(on: date, reason: str = "Sổ công văn đến số 5", user: User = home_affairs, **changes: Any) -> Any:
        given: dict[str, Any] = {"user": user, "received_on": on, "reason": reason, "version": row.version} | changes
        match row._meta.model_name:
            case "wardplan":
                return ward_plans.receive(ward_plan_id=row.pk, **given)
            case "budgetestimate":
                return budget.state_paper_day(estimate_id=row.pk, **given)
        return reports.record_paper(report_id=row.pk, **given)

    return do


@pytest.mark.parametrize("day", [ISSUED, date(2025, 5, 19)])
def test_from_the_plan_to_the_sending(row: Any, state: State, day: date) -> None:
    assert state(day).received_on == day
    event = Event.objects.get()
    assert event.reason == "Sổ công văn đến số 5"
    assert event.data["changes"] == [{"label": "Ngày nhận", "before": "20/05/2025", "after": f"{day:%d/%m/%Y}"}]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 2, 27), "phải từ ngày ban hành kế hoạch (28/02/2025) đến ngày gửi trên hệ thống (20/05/2025)"),
        (date(2025, 5, 21), "phải từ ngày ban hành kế hoạch (28/02/2025) đến ngày gửi trên hệ thống (20/05/2025)"),
        (SENT, "Ngày nhận đã ghi là 20/05/2025"),
    ],
)
def test_other_days_are_refused_in_the_same_words(row: Any, state: State, day: date, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        state(day)
    assert caught.value.field == "received_on" and words in caught.value.message
    row.refresh_from_db()
    assert (row.received_on, row.version) == (SENT, 1) and not Event.objects.exists()


def test_no_paper_before_it_was_signed(row: Any, state: State) -> None:
    type(row).objects.filter(pk=row.pk).update(signed_on=date(2025, 5, 10))
    with pytest.raises(InvalidInput, match="ngày ký \\(10/05/2025\\)"):
        state(date(2025, 5, 9))
    assert state(date(2025, 5, 10)).received_on == date(2025, 5, 10)


@pytest.mark.parametrize(("reason", "words"), [("  ", "Ghi căn cứ"), ("x" * 2001, "tối đa 2000")])
def test_a_reason_that_can_be_kept(row: Any, state: State, reason: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        state(date(2025, 5, 19), reason)
    assert caught.value.field == "reason"


def test_only_home_affairs_and_only_the_newest(row: Any, state: State, leader: User, home_affairs: User) -> None:
    with pytest.raises(Refusal):
        state(date(2025, 5, 19), user=leader)
    with pytest.raises(Stale):
        state(date(2025, 5, 19), version=7)


def test_not_while_it_is_with_its_author_again(plan: Plan, leader: User, home_affairs: User) -> None:
    back = hand_in(Duty.BUDGET, plan, leader, state="returned")
    type(back).objects.filter(pk=back.pk).update(submitted_at="2025-05-20T03:00:00Z")
    with pytest.raises((Refusal, type(back).DoesNotExist)):
        budget.state_paper_day(
            user=home_affairs, estimate_id=back.pk, received_on=date(2025, 5, 19), reason="Sổ", version=1
        )
