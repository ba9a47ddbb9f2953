"""Two people at the same moment, in real transactions: one wins, the other hears of it, nothing breaks."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from assessments import moving, recognition, registering, self_assessment
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import (
    Assessment,
    Decision,
    DecisionLine,
    Event,
    Figure,
    Plan,
    Registration,
    Submission,
    SubmissionLine,
)
from assessments.models import Verdict as VerdictRow
from assessments.self_assessment import Conflict
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments import roads
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, events, kinds, second_waits_for_first, state
from tests.assessments.roads import People, answer_all, approve, counted, decision, save, save_year

pytestmark = REAL_TRANSACTIONS


def test_submitted_twice_is_one_event_and_one_receipt(people: People, assessment: Assessment) -> None:
    answer_all(people.officer, assessment)
    moving.send_to_council(user=people.officer, assessment_id=assessment.pk)
    approve(people.leader, assessment)

    def submit() -> Any:
        return roads.submit(people.leader, assessment, version=3)

    results = at_once(submit, submit, submit)
    assert kinds(results) == ["Submission"] * 3 and len({receipt.pk for receipt in results}) == 1
    assert state(assessment) == State.SUBMITTED
    assert events(assessment, "submit") == 1
    assert (Submission.objects.count(), SubmissionLine.objects.filter(standing=True).count()) == (1, 1)


def test_two_first_answers_to_one_criterion(people: People, assessment: Assessment, unit: Unit) -> None:
    head = factories.UnitHeadFactory(unit=unit)

    def answer(user: User, said: str) -> Callable[[], Any]:
        return lambda: save(user, assessment, "tc-1.2", said)

    results = at_once(answer(people.officer, "met"), answer(head, "not_met"))
    assert kinds(results) == ["Conflict", "Saved"]
    [conflict] = [r for r in results if isinstance(r, Conflict)]
    row = VerdictRow.objects.get(assessment=assessment, entry__key="tc-1.2")
    assert (row.version, row.stated) == (1, conflict.theirs.stated)
    assert Event.objects.filter(assessment=assessment, kind=Event.Kind.ANSWERED).count() == 1
    assert stale_summaries() == []


def test_the_same_first_answer_twice(people: People, assessment: Assessment) -> None:
    results = at_once(*[lambda: save(people.officer, assessment, "tc-1.2", "met")] * 3)
    assert kinds(results) == ["Saved"] * 3
    assert Event.objects.filter(assessment=assessment, kind=Event.Kind.ANSWERED).count() == 1


def test_different_criteria_at_once_are_all_scored(people: People, assessment: Assessment) -> None:
    def answer(key: str, said: str) -> Callable[[], Any]:
        return lambda: save(people.officer, assessment, key, said)

    deeds = [answer(key, "met") for key in ("tc-1.1", "tc-1.2", "tc-2.1")] + [answer("th-1", "absent")]
    assert kinds(at_once(*deeds)) == ["Saved"] * len(deeds)
    assert stale_summaries() == []


def test_bulk_and_single_at_once(people: People, assessment: Assessment) -> None:
    def mark() -> Any:
        return self_assessment.mark_standard_met(user=people.officer, assessment_id=assessment.pk, number=1)

    results = at_once(mark, lambda: save(people.officer, assessment, "tc-1.2", "not_met"), mark)
    assert all(isinstance(r, self_assessment.Saved | Conflict) for r in results), results
    assert stale_summaries() == []


def test_undone_twice(people: People, assessment: Assessment) -> None:
    done = self_assessment.mark_standard_met(user=people.officer, assessment_id=assessment.pk, number=1)
    assert done.event is not None
    event_id = done.event.pk

    def undo() -> Any:
        return self_assessment.undo(user=people.officer, assessment_id=assessment.pk, event_id=event_id)

    assert kinds(at_once(undo, undo)) == ["Refusal", "Saved"]
    assert Event.objects.filter(kind=Event.Kind.UNDONE).count() == 1


def test_registered_twice(officer: User, plan: Plan, unit: Unit) -> None:
    def register() -> Any:
        return registering.register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim="new", pilot=False)

    results = at_once(register, register, register)
    assert kinds(results) == ["Assessment"] * 3 and len({r.pk for r in results}) == 1
    assert Registration.objects.count() == Event.objects.count() == 1


def test_one_new_unit_entered_twice(officer: User) -> None:
    def add() -> Any:
        return registering.add_unit(user=officer, name="Tổ 9", kind="group")

    assert isinstance(second_waits_for_first(add, add), InvalidInput)
    assert Unit.objects.filter(name="Tổ 9").count() == 1


def proposed(people: People, plan: Plan, number: int) -> list[Assessment]:
    units = [factories.UnitFactory(ward=people.officer.ward) for _ in range(number)]
    return [
        factories.in_state(factories.open_assessment(unit=u, plan=plan, officer=people.officer), State.PROPOSED)
        for u in units
    ]


def decide(people: People, number: str, chosen: list[Assessment]) -> Callable[[], Decision]:
    return lambda: recognition.record_decision(
        user=people.home_affairs,
        plan_id=chosen[0].plan.pk,
        assessment_ids=[a.pk for a in chosen],
        decision=decision(number),
    )


def test_two_decisions_over_the_same_unit(people: People, plan: Plan) -> None:
    both = proposed(people, plan, 3)
    results = at_once(decide(people, "1/QĐ-UBND", both[:2]), decide(people, "2/QĐ-UBND", [both[2], both[1]]))
    assert kinds(results) == ["Decision", "Refusal"]
    assert Decision.objects.count() == 1
    assert DecisionLine.objects.filter(assessment=both[1]).count() == 1


def test_two_decisions_with_one_number(people: People, plan: Plan) -> None:
    first, second = proposed(people, plan, 2)
    results = at_once(decide(people, "1/QĐ-UBND", [first]), decide(people, "1/QĐ-UBND", [second]))
    assert kinds(results) == ["Decision", "InvalidInput"]


def test_confirmed_twice_and_dropped_at_once(people: People, plan: Plan) -> None:
    made = decide(people, "1/QĐ-UBND", proposed(people, plan, 2))()

    def confirm() -> Any:
        return recognition.confirm_decision(user=people.city_leader, decision_id=made.pk, version=made.version)

    def drop() -> Any:
        return recognition.drop_decision(user=people.home_affairs, decision_id=made.pk)

    results = at_once(confirm, confirm, drop)
    assert all(isinstance(r, Decision | Refusal | Decision.DoesNotExist | None) for r in results), results
    left = Decision.objects.first()
    decided = set(Assessment.objects.values_list("state", flat=True))
    if left is None:
        assert decided == {State.PROPOSED}
    else:
        assert left.confirmed_at and decided == {State.NOT_RECOGNISED}
        assert Event.objects.filter(action="refuse").count() == 2


def test_answer_while_the_dossier_leaves(people: People, assessment: Assessment) -> None:
    answer_all(people.officer, assessment)
    late = second_waits_for_first(
        lambda: moving.send_to_council(user=people.officer, assessment_id=assessment.pk),
        lambda: save(people.officer, assessment, "tc-1.2", "not_met", 1),
    )
    assert isinstance(late, Refusal) and "không còn mở" in late.message
    assert VerdictRow.objects.get(assessment=assessment, entry__key="tc-1.2").stated == "met"


def test_dossier_leaves_while_an_answer_is_taken_back(people: People, assessment: Assessment) -> None:
    answer_all(people.officer, assessment)
    late = second_waits_for_first(
        lambda: save(people.officer, assessment, "tc-1.2", "", 1),
        lambda: moving.send_to_council(user=people.officer, assessment_id=assessment.pk),
    )
    assert isinstance(late, Refusal) and "còn 1 mục chưa đánh giá" in late.message
    assert state(assessment) == State.DRAFT


def test_accepted_while_it_is_withdrawn(people: People, assessment: Assessment) -> None:
    factories.in_state(assessment, State.SUBMITTED)
    results = at_once(
        lambda: moving.accept(user=people.home_affairs, assessment_id=assessment.pk),
        lambda: moving.withdraw(user=people.leader, assessment_id=assessment.pk),
    )
    assert kinds(results) == ["Assessment", "Refusal"]
    assert Event.objects.filter(assessment=assessment, kind=Event.Kind.MOVED).count() == 1


def test_fewer_households_while_an_answer_counts_them(people: People, assessment: Assessment) -> None:
    """The answer is checked against the number that was just written, not the one it replaced."""
    save_year(people.officer, assessment, 0, {})
    late = second_waits_for_first(
        lambda: save_year(people.officer, assessment, 1, {"households": 100}),
        lambda: save(people.officer, assessment, "tc-4.4", counted("met", ho_nep_song_van_minh=110)),
    )
    assert isinstance(late, InvalidInput), late
    assert not Figure.objects.exists()


def test_households_arrive_while_an_answer_counts_them(people: People, assessment: Assessment) -> None:
    save_year(people.officer, assessment, 0, {})
    second_waits_for_first(
        lambda: save_year(people.officer, assessment, 1, {"households": 100}),
        lambda: save(people.officer, assessment, "tc-4.4", counted("met", ho_nep_song_van_minh=90)),
    )
    assert Figure.objects.get().denominator == 100
    assert stale_summaries() == []


def test_yearly_figures_written_twice(people: People, assessment: Assessment) -> None:
    results = at_once(
        lambda: save_year(people.officer, assessment, 0, {"households": 100}),
        lambda: save_year(people.officer, assessment, 0, {"households": 110}),
    )
    assert kinds(results) == ["Stale", "UnitYear"] and any(isinstance(r, Stale) for r in results)
