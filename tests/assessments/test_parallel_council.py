"""Council and sending at the same moment, in real transactions: one wins, the other hears of it."""

from collections.abc import Callable
from typing import Any

from assessments import council, council_members, moving
from assessments.deeds import InvalidInput, Refusal
from assessments.models import (
    Assessment,
    CouncilItem,
    CouncilMeeting,
    CouncilMember,
    Event,
    Notice,
    Plan,
    Submission,
    SubmissionLine,
)
from assessments.models import Verdict as VerdictRow
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments.parallel import REAL_TRANSACTIONS, at_once, events, kinds, second_waits_for_first, state
from tests.assessments.roads import People, answer_all, approve, council_of, meet, save, submit, walk

pytestmark = REAL_TRANSACTIONS

YES = council.Resolution(approve=True, votes_for=9)


def several(people: People, plan: Plan, number: int) -> list[Assessment]:
    made = [factories.open_assessment(plan=plan, officer=people.officer) for _ in range(number)]
    return [walk(people, one, State.COUNCIL) for one in made]


def test_two_leaders_send_overlapping_sets(people: People, plan: Plan) -> None:
    """One standing line per unit, and every receipt names only what it sent."""
    units = several(people, plan, 4)
    approve(people.leader, *units)
    other = factories.WardLeaderFactory(ward=people.leader.ward)
    results = at_once(lambda: submit(people.leader, *units[:3]), lambda: submit(other, *reversed(units[1:])))
    assert kinds(results) == ["Refusal", "Submission"]
    [sent] = [r for r in results if isinstance(r, Submission)]
    lines = SubmissionLine.objects.filter(standing=True)
    assert lines.count() == 3 == Event.objects.filter(action="submit").count()
    assert set(lines.values_list("submission", flat=True)) == {sent.pk} and sent.number == 1
    assert Assessment.objects.filter(state=State.SUBMITTED).count() == 3
    assert Notice.objects.filter(kind=Notice.Kind.SUBMITTED, recipient=people.home_affairs).count() == 1


def test_two_leaders_send_different_sets(people: People, plan: Plan) -> None:
    units = several(people, plan, 2)
    approve(people.leader, *units)
    other = factories.WardLeaderFactory(ward=people.leader.ward)
    results = at_once(lambda: submit(people.leader, units[0]), lambda: submit(other, units[1]))
    assert sorted(r.number for r in results) == [1, 2]


def test_concluded_twice_at_once(people: People, assessment: Assessment) -> None:
    meeting = meet(people.leader, walk(people, assessment, State.COUNCIL))

    def conclude() -> Any:
        resolutions = {assessment.pk: YES}
        return council.conclude_meeting(user=people.leader, meeting_id=meeting.pk, resolutions=resolutions)

    assert kinds(at_once(conclude, conclude, conclude)) == ["CouncilMeeting"] * 3
    assert events(assessment, "approve") == 1 and CouncilItem.objects.get().standing


def test_two_leaders_conclude_differently(people: People, assessment: Assessment) -> None:
    """Whoever is second does not believe to have decided."""
    meeting = meet(people.leader, walk(people, assessment, State.COUNCIL))
    other = factories.WardLeaderFactory(ward=people.leader.ward)
    no = council.Resolution(approve=False, opinion="Thiếu.")

    def conclude(user: Any, resolution: council.Resolution) -> Callable[[], Any]:
        resolutions = {assessment.pk: resolution}
        return lambda: council.conclude_meeting(user=user, meeting_id=meeting.pk, resolutions=resolutions)

    assert kinds(at_once(conclude(people.leader, YES), conclude(other, no))) == ["CouncilMeeting", "Refusal"]
    approved = CouncilItem.objects.get().outcome == "approved"
    assert state(assessment) == (State.COUNCIL if approved else State.DRAFT)


def test_two_meetings_over_one_unit(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    meetings = [meet(people.leader, assessment, place=place) for place in ("Nơi này", "Nơi kia")]
    other = factories.WardLeaderFactory(ward=people.leader.ward)

    def conclude(user: Any, meeting: CouncilMeeting) -> Callable[[], Any]:
        resolutions = {assessment.pk: YES}
        return lambda: council.conclude_meeting(user=user, meeting_id=meeting.pk, resolutions=resolutions)

    results = at_once(conclude(people.leader, meetings[0]), conclude(other, meetings[1]))
    assert kinds(results) == ["CouncilMeeting", "InvalidInput"]
    assert CouncilItem.objects.filter(standing=True).count() == 1


def test_changed_while_it_is_concluded(people: People, assessment: Assessment) -> None:
    meeting = meet(people.officer, walk(people, assessment, State.COUNCIL))
    stored = CouncilMeeting.objects.get(pk=meeting.pk)
    stored.place = "Nơi khác"
    late = second_waits_for_first(
        lambda: council.conclude_meeting(
            user=people.leader, meeting_id=meeting.pk, resolutions={assessment.pk: YES}, version=1
        ),
        lambda: council.save_meeting(
            user=people.officer,
            plan_id=meeting.plan_id,
            meeting=stored,
            attendance=[council.Present(m.pk, True) for m in CouncilMember.objects.filter(ward=people.officer.ward)],
            assessment_ids=[assessment.pk],
            version=1,
        ),
    )
    assert isinstance(late, Refusal) and "đã chốt" in late.message
    assert CouncilMeeting.objects.get().place != "Nơi khác"


def test_the_same_meeting_saved_twice(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.COUNCIL)
    council_of(people.leader)
    results = at_once(*[lambda: meet(people.leader, assessment)] * 3)
    assert kinds(results) == ["CouncilMeeting"] * 3 and CouncilMeeting.objects.count() == 1


def test_two_chairs_at_once(people: People) -> None:
    def add(name: str) -> Callable[[], Any]:
        return lambda: council_members.save_member(user=people.officer, full_name=name, job_title="UBND", role="chair")

    assert kinds(at_once(add("Chủ tịch"), add("Phó Chủ tịch"))) == ["CouncilMember", "InvalidInput"]
    assert CouncilMember.objects.get().role == "chair"


def test_answer_while_sending_to_the_council(people: People, assessment: Assessment, unit: Unit) -> None:
    head = factories.UnitHeadFactory(unit=unit)
    answer_all(people.officer, assessment)
    late = second_waits_for_first(
        lambda: moving.send_to_council(user=people.officer, assessment_id=assessment.pk),
        lambda: save(head, assessment, "tc-1.2", "not_met", 1),
    )
    assert isinstance(late, Refusal) and "không còn mở" in late.message
    assert VerdictRow.objects.get(assessment=assessment, entry__key="tc-1.2").stated == "met"


def test_answer_while_handing_over(people: People, assessment: Assessment, unit: Unit) -> None:
    head = factories.UnitHeadFactory(unit=unit)
    late = second_waits_for_first(
        lambda: moving.hand_over(user=head, assessment_id=assessment.pk),
        lambda: save(head, assessment, "tc-1.2", "met"),
    )
    assert isinstance(late, Refusal) and not VerdictRow.objects.filter(assessment=assessment).exists()


def test_handed_over_twice_at_once(people: People, assessment: Assessment, unit: Unit) -> None:
    head = factories.UnitHeadFactory(unit=unit)
    version = assessment.version

    def over() -> Any:
        return moving.hand_over(user=head, assessment_id=assessment.pk, version=version)

    assert kinds(at_once(over, over, over)) == ["Assessment"] * 3
    assert events(assessment, "hand_over") == 1
    assert Notice.objects.filter(kind=Notice.Kind.HANDED, recipient=people.officer).count() == 1


def test_withdrawn_while_it_is_accepted(people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.SUBMITTED)
    results = at_once(
        lambda: moving.withdraw(user=people.leader, assessment_id=assessment.pk),
        lambda: moving.accept(user=people.home_affairs, assessment_id=assessment.pk),
    )
    assert kinds(results) == ["Assessment", "Refusal"]
    line = SubmissionLine.objects.get()
    assert line.standing == (state(assessment) == State.APPRAISAL)


def test_returned_by_the_council_while_it_is_sent(people: People, assessment: Assessment) -> None:
    approve(people.leader, walk(people, assessment, State.COUNCIL))
    other = factories.WardLeaderFactory(ward=people.leader.ward)
    results = at_once(
        lambda: submit(people.leader, assessment),
        lambda: moving.council_return(user=other, assessment_id=assessment.pk, reason="Thiếu."),
    )
    assert sum(isinstance(r, Refusal) and not isinstance(r, InvalidInput) for r in results) == 1
    sent = state(assessment) == State.SUBMITTED
    assert SubmissionLine.objects.filter(standing=True).count() == sent == Submission.objects.count()
    assert CouncilItem.objects.get().standing == sent
