"""Two deeds that want each other's rows: nobody's work is thrown away by the database."""

import threading
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from assessments import council, decision_papers, delegations, visiting
from assessments.council import Present
from assessments.deeds import record, record_plan
from assessments.models import Assessment, Attachment, CouncilMeeting, Decision, Delegation, Event, Plan, Visit
from assessments.workflow import State
from tests import files
from tests.assessments import visits
from tests.assessments.appraising import REFUSED, correct, decided, dossier
from tests.assessments.parallel import REAL_TRANSACTIONS, SECONDS, outcome, second_waits_for_first, wait_for_a_lock
from tests.assessments.roads import People, approve, council_of, meet, walk

pytestmark = REAL_TRANSACTIONS


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("ban-ky.pdf", files.pdf(), "application/pdf")


def locked(pk: int) -> Assessment:
    return Assessment.objects.select_for_update().get(pk=pk)


def beside(deed: Any, first: Any, then: Any) -> Any:
    """`first`, then the deed starts elsewhere and meets our lock, then `then`; what becomes of the deed."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(outcome(deed)))
    with transaction.atomic():
        first()
        thread.start()
        wait_for_a_lock(thread)
        then()
    thread.join(SECONDS)
    assert results, "the deed never ended"
    return results[0]


def test_a_meeting_that_leaves_a_unit_out(people: People, plan: Plan) -> None:
    """It locks what leaves the agenda too, in the one order, as a deed over both units does."""
    first, second = (dossier(people, plan, State.COUNCIL) for _ in range(2))
    meeting = meet(people.leader, first, second)
    attendance = [Present(member.pk, True) for member in council_of(people.leader)]

    def edit() -> CouncilMeeting:
        return council.save_meeting(
            user=people.leader,
            plan_id=plan.pk,
            meeting=meeting,
            attendance=attendance,
            assessment_ids=[second.pk],
            version=meeting.version,
        )

    result = beside(edit, lambda: locked(first.pk), lambda: locked(second.pk))
    assert isinstance(result, CouncilMeeting), result
    assert list(result.items.values_list("assessment", flat=True)) == [second.pk]


def test_a_meetings_paper_while_its_unit_moves(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    meeting = approve(people.leader, assessment)
    result = beside(
        lambda: council.attach_minutes(user=people.leader, meeting_id=meeting.pk, file=paper()),
        lambda: locked(assessment.pk),
        lambda: record(assessment, Event.Kind.COUNCIL, people.leader),
    )
    assert isinstance(result, tuple), result
    assert Attachment.objects.count() == 1


def test_a_visits_paper_while_its_unit_moves(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    visit = visits.visit_to(people.home_affairs, assessment)
    visits.close(people.home_affairs, visit)
    result = beside(
        lambda: visiting.attach_minutes(user=people.home_affairs, visit_id=visit.pk, file=paper()),
        lambda: locked(assessment.pk),
        lambda: record(assessment, Event.Kind.VISIT, people.home_affairs),
    )
    assert isinstance(result, tuple), result


def test_a_delegations_paper_while_it_changes(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    visit = visits.visit_to(people.home_affairs, assessment)
    delegation = Delegation.objects.get(pk=visit.delegation_id)
    result = beside(
        lambda: delegations.attach_decision(user=people.home_affairs, delegation_id=delegation.pk, file=paper()),
        lambda: delegations.lock_delegation(people.home_affairs, delegation.pk, None),
        lambda: record_plan(assessment.plan, Event.Kind.DELEGATION, people.home_affairs),
    )
    assert isinstance(result, tuple), result


def test_closing_a_visit_while_the_delegation_changes(people: People, assessment: Assessment) -> None:
    """Who closes writes the visit twice, so the database looks at its delegation again when all is committed."""
    walk(people, assessment, State.APPRAISAL)
    visit = visits.visit_to(people.home_affairs, assessment)
    result = beside(
        lambda: visits.close(people.home_affairs, visit),
        lambda: delegations.lock_delegation(people.home_affairs, visit.delegation_id, None),
        lambda: locked(assessment.pk),
    )
    assert isinstance(result, Visit), result


def test_two_changes_of_one_plan(people: People, plan: Plan) -> None:
    """Founding a delegation does not hold up what is recorded on the plan and not yet committed."""
    delegation = visits.found(people.home_affairs, plan)
    recorded, go_on = threading.Event(), threading.Event()
    results: list[Any] = []

    def other() -> None:
        with transaction.atomic():
            record_plan(plan, Event.Kind.ASSIGNED, people.home_affairs)
            recorded.set()
            go_on.wait(SECONDS)

    thread = threading.Thread(target=lambda: results.append(outcome(other)))
    thread.start()
    recorded.wait(SECONDS)
    waker = threading.Timer(0.5, go_on.set)  # the founding stands at the chain's lock by then
    waker.start()
    found = outcome(lambda: visits.found(people.home_affairs, plan, name="Đoàn số 2"))
    thread.join(SECONDS)
    assert isinstance(found, Delegation), found
    assert results == [None] and delegation.pk != found.pk


def test_a_paper_of_the_decision_that_is_being_corrected(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.PROPOSED)
    earlier = decided(people, assessment)
    result = second_waits_for_first(
        lambda: correct(people, earlier, {assessment: REFUSED}, confirm=False),
        lambda: decision_papers.attach_decision(user=people.home_affairs, decision_id=earlier.pk, file=paper()),
    )
    assert isinstance(result, tuple), result
    assert Decision.objects.count() == 2
