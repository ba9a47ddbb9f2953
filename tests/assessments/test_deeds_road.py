"""The whole road through the deeds on a real database, with every refusal on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import appraisal, moving, recognition, registering, submitting, unit_years
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import (
    Assessment,
    CouncilItem,
    CouncilMeeting,
    DecisionLine,
    Event,
    Layer,
    Plan,
    Submission,
    Verdict,
)
from assessments.self_assessment import NewAnswer, save_answer
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments.roads import People, answer_all, approve, approve_and_submit, record, submit, walk

pytestmark = pytest.mark.django_db


def state(assessment: Assessment) -> State:
    return State(Assessment.objects.values_list("state", flat=True).get(pk=assessment.pk))


def moves(assessment: Assessment) -> list[str]:
    events = Event.objects.filter(assessment=assessment, kind=Event.Kind.MOVED).order_by("pk")
    return list(events.values_list("action", flat=True))


# The road


def test_from_registration_to_recognition(people: People, unit: Unit, plan: Plan) -> None:
    officer, home_affairs = people.officer, people.home_affairs
    opened = registering.register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim="new", pilot=True)
    pk = opened.pk
    values = dict.fromkeys(unit_years.FIELDS, 0) | {"households": 120, "persons": 480}

    def check(expected: State) -> None:
        assert state(opened) is expected
        assert stale_summaries() == []

    check(State.DRAFT)
    unit_years.save_unit_year(user=officer, unit_id=unit.pk, year=plan.year, version=0, values=values)
    assert answer_all(officer, opened, bad=["tc-2.1"]).outcome.qualifies
    check(State.DRAFT)
    moving.send_to_council(user=officer, assessment_id=pk, version=1)
    check(State.COUNCIL)
    approve(people.leader, opened)
    check(State.COUNCIL)
    submit(people.leader, opened, version=3)  # the approval counts too: an older page is out of date
    check(State.SUBMITTED)
    moving.accept(user=home_affairs, assessment_id=pk, version=4)
    check(State.APPRAISAL)
    reason = NewAnswer("met", "Đã kiểm tra thực tế.")
    save_answer(user=home_affairs, assessment_id=pk, layer=Layer.AGENCY, key="tc-2.1", version=0, answer=reason)
    check(State.APPRAISAL)
    assert appraisal.confirm_self_verdicts(user=home_affairs, assessment_id=pk).outcome.complete
    check(State.APPRAISAL)
    moving.conclude(user=home_affairs, assessment_id=pk, version=5)
    moving.propose(user=home_affairs, assessment_id=pk, version=6)
    check(State.PROPOSED)
    recorded = record(people, opened)
    check(State.PROPOSED)
    recognition.confirm_decision(user=people.city_leader, decision_id=recorded.pk, version=recorded.version)
    check(State.RECOGNISED)
    expected = ["send_to_council", "submit", "accept", "conclude", "propose", "recognise"]
    assert moves(opened) == expected
    assert Event.objects.filter(assessment=pk, action="recognise", actor=people.city_leader).exists()


def test_a_unit_that_does_not_qualify_ends_not_recognised_with_reasons(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED, bad=["tc-1.1", "th-2"])
    recorded = record(people, assessment)
    line = recorded.lines.get()
    assert line.result == DecisionLine.Result.NOT_RECOGNISED
    assert "trường hợp không đảm bảo số 2" in line.reasons and "Tiêu chuẩn 1: đạt 3/4" in line.reasons
    recognition.confirm_decision(user=people.city_leader, decision_id=recorded.pk)
    assert state(assessment) is State.NOT_RECOGNISED
    assert stale_summaries() == []


# Refusals of moves

Move = Callable[[User, Assessment], object]
MOVES: dict[str, tuple[State, str, Move]] = {
    "send_to_council": (State.DRAFT, "officer", lambda u, a: moving.send_to_council(user=u, assessment_id=a.pk)),
    "submit": (
        State.COUNCIL,
        "leader",
        lambda u, a: submitting.submit(user=u, plan_id=a.plan.pk, assessment_ids=[a.pk]),
    ),
    "council_return": (
        State.COUNCIL,
        "leader",
        lambda u, a: moving.council_return(user=u, assessment_id=a.pk, reason="Thiếu số liệu."),
    ),
    "withdraw": (State.SUBMITTED, "leader", lambda u, a: moving.withdraw(user=u, assessment_id=a.pk)),
    "accept": (State.SUBMITTED, "home_affairs", lambda u, a: moving.accept(user=u, assessment_id=a.pk)),
    "return": (
        State.SUBMITTED,
        "home_affairs",
        lambda u, a: moving.return_to_ward(
            user=u, assessment_id=a.pk, reason="Thiếu.", new_due=timezone.localdate() + timedelta(days=9)
        ),
    ),
    "conclude": (State.APPRAISAL, "home_affairs", lambda u, a: moving.conclude(user=u, assessment_id=a.pk)),
    "propose": (State.CONCLUDED, "home_affairs", lambda u, a: moving.propose(user=u, assessment_id=a.pk)),
}
each_move = pytest.mark.parametrize(("start", "who", "move"), MOVES.values(), ids=MOVES)


def refused(people: People, assessment: Assessment, start: State, who: str, move: Move) -> None:
    """Everybody of the road but the one whose turn it is gets a sentence, and nothing is written."""
    walk(people, assessment, start)
    before = Event.objects.count()
    for other in ("officer", "leader", "home_affairs", "city_leader"):
        if other != who:
            with pytest.raises(Refusal) as refusal:
                move(getattr(people, other), assessment)
            assert refusal.value.message.endswith(".")
    assert (state(assessment), Event.objects.count()) == (start, before)


@each_move
def test_another_role_is_refused(people: People, assessment: Assessment, start: State, who: str, move: Move) -> None:
    refused(people, assessment, start, who, move)


@each_move
def test_a_stranger_finds_nothing(assessment: Assessment, start: State, who: str, move: Move) -> None:
    """Another ward's officer and leader, an administrator, a delegation member: the same as an unknown number."""
    nobody = Assessment(pk=assessment.pk + 1, registration=assessment.registration)
    home_affairs = factories.HomeAffairsFactory()
    for outsider in (
        factories.WardOfficerFactory(),
        factories.WardLeaderFactory(),
        factories.UnitHeadFactory(),
        factories.AdministratorFactory(),
        factories.FinancePlanningFactory(),
        factories.DelegationMemberFactory(),
        factories.AgencyOfficerFactory(),  # sees nothing before it was sent to the city
    ):
        with pytest.raises(Assessment.DoesNotExist):
            move(outsider, assessment)
    with pytest.raises(Assessment.DoesNotExist):
        move(home_affairs, nobody)


@each_move
def test_a_double_click_is_one_move(people: People, assessment: Assessment, start: State, who: str, move: Move) -> None:
    """Lesson: double submission makes two responses."""
    walk(people, assessment, start)
    if start is State.COUNCIL:
        approve(people.leader, assessment)
    if start is State.APPRAISAL:
        appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=assessment.pk)
    before = len(moves(assessment))
    move(getattr(people, who), assessment)
    reached = state(assessment)
    move(getattr(people, who), assessment)
    assert (state(assessment), len(moves(assessment))) == (reached, before + 1)
    assert Submission.objects.count() <= 1


def test_a_page_loaded_before_the_last_move_is_refused(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.SUBMITTED)
    version = Assessment.objects.get(pk=assessment.pk).version
    moving.withdraw(user=people.leader, assessment_id=assessment.pk, version=version)
    with pytest.raises(Stale, match="Chờ hội đồng"):
        moving.accept(user=people.home_affairs, assessment_id=assessment.pk, version=version)
    assert state(assessment) is State.COUNCIL


def test_an_incomplete_assessment_does_not_go_on(people: People, assessment: Assessment) -> None:
    answer_all(people.officer, assessment)
    empty = NewAnswer()
    save_answer(
        user=people.officer, assessment_id=assessment.pk, layer=Layer.SELF, key="tc-1.1", version=1, answer=empty
    )
    with pytest.raises(Refusal, match="còn 1 mục chưa đánh giá"):
        moving.send_to_council(user=people.officer, assessment_id=assessment.pk)


def test_conclusion_needs_every_effective_verdict(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    with pytest.raises(Refusal, match="còn 83 mục chưa có kết quả thẩm định"):
        moving.conclude(user=people.home_affairs, assessment_id=assessment.pk)


@pytest.mark.parametrize(
    "numbers", [{"present": 4, "votes_for": 4}, {"votes_for": 4}, {"votes_for": None}, {"votes_for": 10}]
)
def test_minutes_that_do_not_carry_the_vote_are_not_concluded(
    people: People, assessment: Assessment, numbers: dict[str, int | None]
) -> None:
    walk(people, assessment, State.COUNCIL)
    with pytest.raises(InvalidInput, match=str(assessment.unit)):
        approve(people.leader, assessment, **numbers)  # type: ignore[arg-type]
    assert state(assessment) is State.COUNCIL
    assert not CouncilMeeting.objects.filter(concluded_at__isnull=False).exists()
    assert not CouncilItem.objects.filter(standing=True).exists()
    with pytest.raises(Refusal, match="chưa thông qua"):
        submit(people.leader, assessment)
    assert not Submission.objects.exists()


def test_returns_need_a_reason_and_a_future_day(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    with pytest.raises(Refusal, match="lý do"):
        moving.council_return(user=people.leader, assessment_id=assessment.pk, reason="  ")
    approve_and_submit(people.leader, assessment)
    today, pk = timezone.localdate(), assessment.pk
    for reason, due in (("", today + timedelta(days=1)), ("Thiếu.", None), ("Thiếu.", today), ("x" * 2001, today)):
        with pytest.raises(Refusal):
            moving.return_to_ward(user=people.home_affairs, assessment_id=pk, reason=reason, new_due=due)
    assert state(assessment) is State.SUBMITTED


def test_a_returned_assessment_is_due_on_its_own_day_and_keeps_its_answers(
    people: People, assessment: Assessment
) -> None:
    walk(people, assessment, State.CONCLUDED)
    answered, due = Verdict.objects.count(), timezone.localdate() + timedelta(days=12)
    moving.return_to_ward(user=people.home_affairs, assessment_id=assessment.pk, reason="Bổ sung.", new_due=due)
    returned = Assessment.objects.get(pk=assessment.pk)
    assert (returned.state, returned.due_on, returned.submitted_at) == (State.DRAFT, due, None)
    assert not returned.late(due, due - timedelta(days=1)) and returned.late(due, due), '"before" is strict'
    assert Verdict.objects.count() == answered
    assert stale_summaries() == []
    moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    with pytest.raises(Refusal, match="chưa thông qua"):
        submit(people.leader, assessment)
    approve_and_submit(people.leader, assessment)
    assert CouncilMeeting.objects.count() == 2, "a resubmission has minutes of its own"
    assert list(CouncilItem.objects.order_by("pk").values_list("standing", flat=True)) == [False, True]
    assert list(Submission.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


def test_the_record_only_grows(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    for change in (lambda: Event.objects.update(reason=""), lambda: Event.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
