"""The whole road through the deeds on a real database, with every refusal on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import appraisal, moving, recognition, registering, unit_years
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, CouncilMinutes, Decision, DecisionLine, Event, Layer, Plan, Verdict
from assessments.self_assessment import NewAnswer, save_answer
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments.roads import People, answer_all, decision, minutes, record, walk

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
    moving.submit(user=people.leader, assessment_id=pk, minutes=minutes(), version=2)
    check(State.SUBMITTED)
    moving.accept(user=home_affairs, assessment_id=pk, version=3)
    check(State.APPRAISAL)
    reason = NewAnswer("met", "Đã kiểm tra thực tế.")
    save_answer(user=home_affairs, assessment_id=pk, layer=Layer.AGENCY, key="tc-2.1", version=0, answer=reason)
    check(State.APPRAISAL)
    assert appraisal.confirm_self_verdicts(user=home_affairs, assessment_id=pk).outcome.complete
    check(State.APPRAISAL)
    moving.conclude(user=home_affairs, assessment_id=pk, version=4)
    moving.propose(user=home_affairs, assessment_id=pk, version=5)
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
        lambda u, a: moving.submit(user=u, assessment_id=a.pk, minutes=minutes()),
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
    nobody = Assessment(pk=assessment.pk + 1)
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
    if start is State.APPRAISAL:
        appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=assessment.pk)
    before = len(moves(assessment))
    move(getattr(people, who), assessment)
    reached = state(assessment)
    move(getattr(people, who), assessment)
    assert (state(assessment), len(moves(assessment))) == (reached, before + 1)
    assert CouncilMinutes.objects.count() <= 1


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


@pytest.mark.parametrize("numbers", [{"present": 4}, {"votes_for": 4}, {"votes_for": None}, {"present": 10}])
def test_minutes_that_do_not_carry_the_vote_are_not_kept(
    people: People, assessment: Assessment, numbers: dict[str, int | None]
) -> None:
    walk(people, assessment, State.COUNCIL)
    with pytest.raises((Refusal, ValidationError)):
        moving.submit(user=people.leader, assessment_id=assessment.pk, minutes=minutes(**numbers))
    assert state(assessment) is State.COUNCIL
    assert not CouncilMinutes.objects.exists()


def test_returns_need_a_reason_and_a_future_day(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    with pytest.raises(Refusal, match="lý do"):
        moving.council_return(user=people.leader, assessment_id=assessment.pk, reason="  ")
    moving.submit(user=people.leader, assessment_id=assessment.pk, minutes=minutes())
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
    moving.submit(user=people.leader, assessment_id=assessment.pk, minutes=minutes())
    assert CouncilMinutes.objects.count() == 2, "a resubmission has minutes of its own"


# The decision


def test_only_home_affairs_records_and_only_the_leader_confirms(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    for user in (people.officer, people.leader, people.city_leader):
        with pytest.raises(Refusal):
            recognition.record_decision(
                user=user, plan_id=assessment.plan.pk, assessment_ids=[assessment.pk], decision=decision()
            )
    recorded = record(people, assessment)
    for user in (people.officer, people.leader, people.home_affairs):
        with pytest.raises(Refusal):
            recognition.confirm_decision(user=user, decision_id=recorded.pk)
    assert state(assessment) is State.PROPOSED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "x" * 51}, "number"),
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": timezone.localdate() + timedelta(days=2)}, "issued_on"),
        ({"title": ""}, "title"),
    ],
)
def test_a_decision_needs_number_and_date(
    people: People, assessment: Assessment, changes: dict[str, object], field: str
) -> None:
    walk(people, assessment, State.PROPOSED)
    with pytest.raises(InvalidInput) as refusal:
        recognition.record_decision(
            user=people.home_affairs,
            plan_id=assessment.plan.pk,
            assessment_ids=[assessment.pk],
            decision=decision(**changes),
        )
    assert refusal.value.field == field
    assert not Decision.objects.exists()


def test_which_units_a_decision_may_hold(people: People, assessment: Assessment, officer: User, plan: Plan) -> None:
    draft = factories.open_assessment(officer=officer, plan=plan)
    walk(people, assessment, State.PROPOSED)
    with pytest.raises(Refusal, match="không ở trạng thái"):
        record(people, assessment, draft)
    unknown = Assessment(pk=draft.pk + 1000, registration=assessment.registration)
    with pytest.raises(Assessment.DoesNotExist):
        record(people, assessment, unknown)
    with pytest.raises(InvalidInput, match="ít nhất một"):
        recognition.record_decision(user=people.home_affairs, plan_id=plan.pk, assessment_ids=[], decision=decision())
    record(people, assessment)
    with pytest.raises(Refusal, match="quyết định khác"):
        record(people, assessment, number="13/QĐ-UBND")
    assert Decision.objects.count() == 1


def test_the_same_number_is_taken(people: People, assessment: Assessment, officer: User, plan: Plan) -> None:
    other = factories.open_assessment(officer=officer, plan=plan)
    for one in (assessment, other):
        walk(people, one, State.PROPOSED)
    record(people, assessment)
    with pytest.raises(InvalidInput, match="cùng số"):
        record(people, other)


def test_confirming_twice_is_once_and_a_confirmed_decision_stays(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    recorded = record(people, assessment)
    for _ in range(2):
        recognition.confirm_decision(user=people.city_leader, decision_id=recorded.pk)
    assert moves(assessment).count("recognise") == 1
    with pytest.raises(Refusal, match="đã được xác nhận"):
        recognition.drop_decision(user=people.home_affairs, decision_id=recorded.pk)
    recorded = Decision.objects.get()
    with pytest.raises(Refusal, match="đã được xác nhận"):
        recognition.record_decision(
            user=people.home_affairs,
            plan_id=assessment.plan.pk,
            assessment_ids=[assessment.pk],
            decision=recorded,
            version=recorded.version,
        )


def test_a_decision_changed_meanwhile_is_not_confirmed_unseen(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    seen = record(people, assessment).version
    changed = Decision.objects.get()
    changed.number = "15/QĐ-UBND"
    recognition.record_decision(
        user=people.home_affairs,
        plan_id=assessment.plan.pk,
        assessment_ids=[assessment.pk],
        decision=changed,
        version=seen,
    )
    with pytest.raises(Stale):
        recognition.confirm_decision(user=people.city_leader, decision_id=changed.pk, version=seen)
    with pytest.raises(Stale):
        recognition.record_decision(
            user=people.home_affairs,
            plan_id=assessment.plan.pk,
            assessment_ids=[assessment.pk],
            decision=Decision.objects.get(),
            version=seen,
        )


def test_a_result_that_changed_under_the_decision_is_not_confirmed(people: People, assessment: Assessment) -> None:
    """Lesson: results stay stale. The decision recomputes, whatever the stored summary says."""
    walk(people, assessment, State.PROPOSED)
    recorded = record(people, assessment)
    Verdict.objects.filter(layer=Layer.AGENCY, entry__key="tc-1.1").update(stated="not_met", value="not_met")
    with pytest.raises(Refusal, match="chưa đủ điều kiện"):
        recognition.confirm_decision(user=people.city_leader, decision_id=recorded.pk)
    assert state(assessment) is State.PROPOSED
    assert not Decision.objects.get().confirmed_at


def test_a_dropped_decision_frees_its_units(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    recorded = record(people, assessment)
    with pytest.raises(Refusal):
        recognition.drop_decision(user=people.city_leader, decision_id=recorded.pk)
    recognition.drop_decision(user=people.home_affairs, decision_id=recorded.pk)
    record(people, assessment)
    assert Event.objects.filter(action="drop_decision").count() == 1


def test_what_is_decided_stays_decided(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    recorded = record(people, assessment)
    recognition.confirm_decision(user=people.city_leader, decision_id=recorded.pk)
    with pytest.raises(Refusal):
        moving.return_to_ward(
            user=people.home_affairs,
            assessment_id=assessment.pk,
            reason="Xem lại.",
            new_due=timezone.localdate() + timedelta(days=5),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(state=State.DRAFT)


def test_the_record_only_grows(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    for change in (lambda: Event.objects.update(reason=""), lambda: Event.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
