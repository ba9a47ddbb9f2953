"""The decision through the deeds: who records and confirms it, which units it holds, and that it stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import moving, recognition
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Decision, Event, Layer, Plan, Verdict
from assessments.workflow import State
from tests import factories
from tests.assessments.parallel import events, state
from tests.assessments.roads import People, decision, record, walk

pytestmark = pytest.mark.django_db


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
    assert state(assessment) == State.PROPOSED


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
    assert events(assessment, "recognise") == 1
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
    assert state(assessment) == State.PROPOSED
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
