"""Reports at the same moment, in real transactions."""

from typing import Any

import pytest

from accounts.models import User
from assessments.models import Event, Plan, YearReport
from assessments.year import reports as deeds
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, kinds, second_waits_for_first

pytestmark = REAL_TRANSACTIONS


@pytest.fixture
def draft(officer: User, plan: Plan) -> YearReport:
    report, _ = deeds.open_report(user=officer, plan_id=plan.pk, period="half")
    return deeds.save_report(user=officer, report_id=report.pk, version=1, values={"results": "Đã họp dân."})


def send(user: User, report: YearReport, version: int) -> Any:
    return deeds.send(user=user, report_id=report.pk, version=version)


def test_begun_twice_at_once(officer: User, leader: User, plan: Plan) -> None:
    results = at_once(
        *(lambda user=user: deeds.open_report(user=user, plan_id=plan.pk, period="half") for user in (officer, leader))
    )
    assert sorted(new for _, new in results) == [False, True]
    assert YearReport.objects.count() == 1


def test_sent_and_changed_at_once(officer: User, leader: User, draft: YearReport) -> None:
    """Whoever is second is told; what was sent is what the record holds."""

    def change() -> Any:
        return deeds.save_report(user=officer, report_id=draft.pk, version=2, values={"results": "Khác"})

    result = second_waits_for_first(lambda: send(leader, draft, 2), change)
    assert type(result).__name__ == "Refusal"
    assert YearReport.objects.get().results == "Đã họp dân."


def test_sent_twice_at_once(leader: User, draft: YearReport) -> None:
    assert kinds(at_once(*[lambda: send(leader, draft, 2)] * 2)) == ["YearReport", "YearReport"]
    assert Event.objects.filter(action="sent").count() == 1


def test_accepted_and_given_back_at_once(leader: User, home_affairs: User, draft: YearReport) -> None:
    send(leader, draft, 2)
    who: dict[str, Any] = {"user": home_affairs, "report_id": draft.pk, "version": 3}
    results = at_once(lambda: deeds.accept(**who), lambda: deeds.give_back(**who, reason="Thiếu số liệu"))
    assert kinds(results) == ["Refusal", "YearReport"]
    assert Event.objects.filter(action__in=["accepted", "returned"]).count() == 1


def test_withdrawn_while_it_is_accepted(leader: User, home_affairs: User, draft: YearReport) -> None:
    send(leader, draft, 2)
    who: dict[str, Any] = {"report_id": draft.pk, "version": 3}
    result = second_waits_for_first(
        lambda: deeds.withdraw(user=leader, **who), lambda: deeds.accept(user=home_affairs, **who)
    )
    assert type(result).__name__ == "Refusal"
    assert YearReport.objects.get().state == "draft"
