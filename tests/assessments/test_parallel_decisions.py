"""Home affairs and the city's leader at the same moment, in real transactions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments import concluding, moving, questioning, recognition
from assessments.checking import stale_summaries
from assessments.concluding import Step
from assessments.deeds import Refusal, Stale
from assessments.models import Assessment, Decision, DecisionLine, Event, Layer, Plan, Question
from assessments.queries.standing import standing_lines
from assessments.self_assessment import NewAnswer
from assessments.workflow import Action, State
from tests import factories
from tests.assessments.appraising import REFUSED, correct, decided, dossier
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, second_waits_for_first, state
from tests.assessments.roads import People, answer, answer_all, decision, record

pytestmark = REAL_TRANSACTIONS


def confirm(people: People, made: Decision) -> Callable[[], Any]:
    return lambda: recognition.confirm_decision(user=people.city_leader, decision_id=made.pk, version=made.version)


def conclude(people: People, *assessments: Assessment) -> Callable[[], list[Step]]:
    return lambda: concluding.step_many(
        user=people.home_affairs,
        plan_id=assessments[0].plan.pk,
        assessment_ids=[a.pk for a in assessments],
        action=Action.CONCLUDE,
    )


def return_it(people: People, assessment: Assessment) -> Callable[[], Any]:
    due = timezone.localdate() + timedelta(days=9)
    return lambda: moving.return_to_ward(
        user=people.home_affairs, assessment_id=assessment.pk, reason="Bổ sung", new_due=due
    )


def test_proposed_while_it_is_returned(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.CONCLUDED)
    results = at_once(lambda: moving.propose(user=people.home_affairs, assessment_id=made.pk), return_it(people, made))
    assert sorted(type(r).__name__ for r in results) == ["Assessment", "Refusal"]
    assert state(made) in (State.PROPOSED, State.DRAFT)


def test_decided_while_somebody_tries_to_return_it(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    late = second_waits_for_first(confirm(people, record(people, made)), return_it(people, made))
    assert isinstance(late, Refusal) and state(made) == State.RECOGNISED


def test_a_verdict_is_taken_back_while_many_are_concluded(people: People, plan: Plan) -> None:
    """The conclusion waits for the agency's writing and then sees what is missing."""
    both = [dossier(people, plan, State.APPRAISAL) for _ in range(2)]
    for made in both:
        answer_all(people.home_affairs, made, layer=Layer.AGENCY)
    steps = second_waits_for_first(
        lambda: answer(people.home_affairs, both[1], Layer.AGENCY, {"tc-1.1": NewAnswer("")}),
        conclude(people, *both),
    )
    assert [step.done for step in steps] == [True, False]
    assert "còn 1 mục" in steps[1].words
    assert [state(made) for made in both] == [State.CONCLUDED, State.APPRAISAL]
    assert stale_summaries() == []


def test_a_verdict_comes_after_the_conclusion(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.APPRAISAL)
    answer_all(people.home_affairs, made, layer=Layer.AGENCY)
    late = second_waits_for_first(
        lambda: moving.conclude(user=people.home_affairs, assessment_id=made.pk),
        lambda: answer(people.home_affairs, made, Layer.AGENCY, {"tc-1.1": NewAnswer("not_met", "x")}),
    )
    assert isinstance(late, Refusal) and state(made) == State.CONCLUDED


def test_two_officers_conclude_the_same_set(people: People, plan: Plan) -> None:
    many = [dossier(people, plan, State.APPRAISAL) for _ in range(3)]
    for made in many:
        answer_all(people.home_affairs, made, layer=Layer.AGENCY)
    colleague = People(people.officer, people.leader, factories.HomeAffairsFactory(), people.city_leader)
    results = at_once(conclude(people, *many), conclude(colleague, *reversed(many)))
    assert all(isinstance(steps, list) for steps in results), results
    for made in many:
        assert state(made) == State.CONCLUDED
        assert Event.objects.filter(assessment=made, action="conclude").count() == 1
    done = [step.assessment_id for steps in results for step in steps if step.done]
    assert sorted(done) == sorted(made.pk for made in many), "each was concluded by one of them"


def test_edited_while_it_is_confirmed(people: People, plan: Plan) -> None:
    one, two = (dossier(people, plan, State.PROPOSED) for _ in range(2))
    made = record(people, one)
    edited = Decision.objects.get(pk=made.pk)

    def edit() -> Any:
        return recognition.record_decision(
            user=people.home_affairs, plan_id=plan.pk, assessment_ids=[two.pk], decision=edited, version=1
        )

    results = at_once(confirm(people, made), edit)
    assert sorted(type(r).__name__ for r in results) in (["Decision", "Refusal"], ["Decision", "Stale"])
    left = Decision.objects.get()
    lines = set(left.lines.values_list("assessment", flat=True))
    if left.confirmed_at:
        assert lines == {one.pk} and (state(one), state(two)) == (State.RECOGNISED, State.PROPOSED)
    else:
        assert lines == {two.pk} and (state(one), state(two)) == (State.PROPOSED, State.PROPOSED)


def test_the_leader_confirms_what_was_just_edited(people: People, plan: Plan) -> None:
    one, two = (dossier(people, plan, State.PROPOSED) for _ in range(2))
    made = record(people, one)
    late = second_waits_for_first(
        lambda: recognition.record_decision(
            user=people.home_affairs,
            plan_id=plan.pk,
            assessment_ids=[two.pk],
            decision=Decision.objects.get(pk=made.pk),
            version=1,
        ),
        confirm(people, made),
    )
    assert isinstance(late, Stale)
    assert (state(one), state(two)) == (State.PROPOSED, State.PROPOSED)


def test_two_corrections_of_one_line(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    earlier = decided(people, made)
    deeds = [
        lambda number=number: correct(people, earlier, {made: REFUSED}, number=f"{number}/QĐ-UBND", confirm=False)
        for number in (31, 32, 33)
    ]
    results = at_once(*deeds)
    assert sorted(type(r).__name__ for r in results) == ["Decision", "Refusal", "Refusal"]
    assert DecisionLine.objects.filter(assessment=made, decision__confirmed_at__isnull=True).count() == 1


def test_confirmed_while_another_correction_is_recorded(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.PROPOSED)
    earlier = decided(people, made)
    first = correct(people, earlier, {made: REFUSED}, confirm=False)
    late = second_waits_for_first(
        confirm(people, first),
        lambda: correct(people, earlier, {made: REFUSED}, number="32/QĐ-UBND", confirm=False),
    )
    assert isinstance(late, Refusal), late
    assert standing_lines([made.pk])[made.pk].decision == first
    assert Decision.objects.filter(supersedes=earlier).count() == 1


def test_dropped_while_an_ordinary_one_is_confirmed(people: People, plan: Plan) -> None:
    one, two = (dossier(people, plan, State.PROPOSED) for _ in range(2))
    made = record(people, one, two)
    results = at_once(
        confirm(people, made),
        lambda: recognition.drop_decision(user=people.home_affairs, decision_id=made.pk),
        lambda: recognition.record_decision(
            user=people.home_affairs, plan_id=plan.pk, assessment_ids=[one.pk, two.pk], decision=decision("9/QĐ-UBND")
        ),
    )
    allowed = Decision | Refusal | Decision.DoesNotExist | None
    assert all(isinstance(r, allowed) for r in results), results
    for assessment in (one, two):
        assert DecisionLine.objects.filter(assessment=assessment).count() <= 1


def test_asked_twice_and_answered_twice(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.APPRAISAL)

    def ask() -> Question:
        return questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Vì sao?")

    results = at_once(ask, ask, ask)
    assert len({question.pk for question in results}) == 1
    pk = results[0].pk
    answers = at_once(
        lambda: questioning.explain(user=people.officer, question_id=pk, answer="Một"),
        lambda: questioning.explain(user=people.leader, question_id=pk, answer="Hai"),
    )
    assert sorted(type(r).__name__ for r in answers) == ["Question", "Refusal"]
    assert Event.objects.filter(kind=Event.Kind.EXPLAINED).count() == 1
