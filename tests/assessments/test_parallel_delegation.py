"""Delegations at the same moment, in real transactions."""

from typing import Any

import pytest

from accounts.models import User
from assessments import delegations, visiting
from assessments.checking import stale_summaries
from assessments.deeds import Refusal, Stale
from assessments.models import Assessment, Delegation, Event, Layer, Plan, Verdict, Visit
from assessments.self_assessment import Conflict, NewAnswer
from assessments.workflow import State
from tests import factories
from tests.assessments import visits
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, kinds, second_waits_for_first
from tests.assessments.roads import save

pytestmark = REAL_TRANSACTIONS
SEEN = NewAnswer("met", "Đã xem thực tế")


@pytest.fixture
def member(db: None) -> User:
    return factories.DelegationMemberFactory()


@pytest.fixture
def appraised(assessment: Assessment) -> Assessment:
    return factories.in_state(assessment, State.APPRAISAL)


def speak(user: User, assessment: Assessment, said: NewAnswer = SEEN) -> Any:
    return save(user, assessment, "tc-1.1", said, layer=Layer.DELEGATION)


def close(user: User, visit: Visit) -> Visit:
    return visiting.close_minutes(user=user, visit_id=visit.pk, version=1, values=visits.minutes())


def test_a_verdict_that_waits_for_closing_is_refused(home_affairs: User, appraised: Assessment, member: User) -> None:
    visit = visits.visit_to(home_affairs, appraised, member)
    result = second_waits_for_first(lambda: close(home_affairs, visit), lambda: speak(member, appraised))
    assert isinstance(result, Refusal)
    assert not Verdict.objects.filter(layer=Layer.DELEGATION).exists()


def test_closing_that_waits_for_a_verdict_counts_it(home_affairs: User, appraised: Assessment, member: User) -> None:
    visit = visits.visit_to(home_affairs, appraised, member)
    result = second_waits_for_first(lambda: speak(member, appraised), lambda: close(home_affairs, visit))
    assert isinstance(result, Visit)
    assert Event.objects.get(action="closed").data["judged"] == 1
    assert stale_summaries() == []


def test_one_unit_into_two_delegations_at_once(home_affairs: User, appraised: Assessment, plan: Plan) -> None:
    made = [visits.found(home_affairs, plan, name=name) for name in ("Đoàn số 1", "Đoàn số 2")]

    def choose(delegation: Delegation) -> Any:
        return delegations.choose_units(
            user=home_affairs, delegation_id=delegation.pk, assessment_ids=[appraised.pk], version=1
        )

    assert kinds(at_once(lambda: choose(made[0]), lambda: choose(made[1]))) == ["Refusal", "list"]
    assert Visit.objects.count() == 1


def test_one_name_twice_at_once(home_affairs: User, plan: Plan) -> None:
    results = at_once(*[lambda: visits.found(home_affairs, plan)] * 3)
    assert kinds(results) == ["Delegation", "InvalidInput", "InvalidInput"]


def test_two_members_on_one_criterion(home_affairs: User, appraised: Assessment, member: User) -> None:
    other = factories.DelegationMemberFactory()
    visits.visit_to(home_affairs, appraised, member, other)
    results = at_once(
        lambda: speak(member, appraised), lambda: speak(other, appraised, NewAnswer("not_met", "Ý kiến khác"))
    )
    assert kinds(results) == ["Conflict", "Saved"]
    [row] = Verdict.objects.filter(layer=Layer.DELEGATION, entry__key="tc-1.1")
    assert row.version == 1
    assert any(isinstance(result, Conflict) for result in results)
    assert stale_summaries() == []


def test_minutes_saved_twice_at_once(home_affairs: User, appraised: Assessment, member: User) -> None:
    visit = visits.visit_to(home_affairs, appraised, member)

    def keep(user: User, text: str) -> Any:
        return visiting.save_minutes(user=user, visit_id=visit.pk, version=1, values=visits.minutes(findings=text))

    results = at_once(lambda: keep(member, "Một"), lambda: keep(home_affairs, "Hai"))
    assert kinds(results) == ["Stale", "Visit"]
    visit.refresh_from_db()
    assert visit.findings in ("Một", "Hai") and visit.version == 2
    assert any(type(result) is Stale for result in results)


def test_taken_off_while_somebody_speaks(home_affairs: User, appraised: Assessment, member: User) -> None:
    visit = visits.visit_to(home_affairs, appraised, member)
    result = second_waits_for_first(
        lambda: speak(member, appraised), lambda: delegations.drop_visit(user=home_affairs, visit_id=visit.pk)
    )
    assert isinstance(result, Refusal)
    assert Visit.objects.filter(pk=visit.pk).exists()
