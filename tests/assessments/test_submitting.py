"""Sending in one go: all or none, one receipt, what ends it; then the database's own rules on receipts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import council, moving, submitting
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Event, Notice, Plan, Submission, SubmissionLine
from assessments.queries import submissions
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import People, answer_all, approve, approve_and_submit, meet, submit, walk
from tests.database import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(people: People, assessment: Assessment, plan: Plan) -> list[Assessment]:
    """Before the council, all complete."""
    others = [factories.open_assessment(plan=plan, officer=people.officer) for _ in range(2)]
    return [walk(people, one, State.COUNCIL) for one in (assessment, *others)]


def states() -> set[str]:
    return set(Assessment.objects.values_list("state", flat=True))


def test_one_receipt_for_all(people: People, three: list[Assessment]) -> None:
    approve(people.leader, *three)
    sent = submit(people.leader, *three)
    assert (sent.number, sent.submitted_by, sent.lines.count()) == (1, people.leader, 3)
    assert states() == {State.SUBMITTED}
    [notice] = Notice.objects.filter(kind=Notice.Kind.SUBMITTED)
    assert notice.recipient == people.home_affairs and f"{people.leader.ward} gửi 3 hồ sơ" in notice.text
    assert notice.url == f"/gui/{sent.pk}/"


def test_all_or_none(people: People, three: list[Assessment]) -> None:
    approve(people.leader, *three[:2])
    with pytest.raises(Refusal, match=f"{three[2].unit}: Chưa gửi được vì hội đồng xã, phường chưa thông qua"):
        submit(people.leader, *three)
    assert states() == {State.COUNCIL} and not Submission.objects.exists()
    assert not Notice.objects.filter(kind=Notice.Kind.SUBMITTED).exists()
    assert not Event.objects.filter(action="submit").exists()


def test_the_same_press_twice_is_one_receipt(people: People, three: list[Assessment]) -> None:
    approve(people.leader, *three)
    assert submit(people.leader, *three).pk == submit(people.leader, *three).pk
    assert Notice.objects.filter(kind=Notice.Kind.SUBMITTED).count() == 1


def test_numbers_count_for_each_ward_and_plan(people: People, three: list[Assessment], plan: Plan) -> None:
    approve(people.leader, *three)
    assert [submit(people.leader, one).number for one in three] == [1, 2, 3]
    ward = factories.WardFactory()
    other = People(
        factories.WardOfficerFactory(ward=ward),
        factories.WardLeaderFactory(ward=ward),
        people.home_affairs,
        people.city_leader,
    )
    elsewhere = walk(other, factories.open_assessment(plan=plan, officer=other.officer), State.SUBMITTED)
    assert SubmissionLine.objects.get(assessment=elsewhere).submission.number == 1


def test_who_and_what(people: People, three: list[Assessment], plan: Plan) -> None:
    approve(people.leader, *three)
    for user in (people.officer, people.home_affairs, people.city_leader):
        with pytest.raises(Refusal, match="chỉ lãnh đạo xã, phường"):
            submit(user, three[0])
    for user in (factories.WardLeaderFactory(), factories.AgencyOfficerFactory(), factories.AdministratorFactory()):
        with pytest.raises(Assessment.DoesNotExist):
            submit(user, three[0])
    with pytest.raises(InvalidInput, match="Chọn ít nhất một"):
        submitting.submit(user=people.leader, plan_id=plan.pk, assessment_ids=[])
    other_plan = factories.PlanFactory()
    with pytest.raises(Assessment.DoesNotExist):
        submitting.submit(user=people.leader, plan_id=other_plan.pk, assessment_ids=[three[0].pk])
    with pytest.raises(Stale):
        submit(people.leader, three[0], version=1)
    assert states() == {State.COUNCIL}


def test_what_is_missing(people: People, three: list[Assessment], plan: Plan) -> None:
    draft = factories.open_assessment(plan=plan, officer=people.officer)
    approve(people.leader, three[0])
    meet(people.leader, three[1])
    factories.UnitYearFactory(unit=three[0].unit, year=plan.year)
    assert submissions.in_draft(people.leader, plan) == 1
    rows = {row.assessment.pk: row for row in submissions.ready(people.leader, plan)}
    assert draft.pk not in rows
    assert [(rows[a.pk].complete, rows[a.pk].in_meeting) for a in three] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert "Chưa nhập tổng số hộ của năm" not in rows[three[0].pk].warnings
    assert "Chưa nhập tổng số hộ của năm" in rows[three[1].pk].warnings
    assert "Chưa có minh chứng nào" in rows[three[0].pk].warnings
    assert any("chỉ số chưa có số liệu" in line for line in rows[three[0].pk].warnings)


def test_withdrawn_and_sent_again_keeps_the_approval(people: People, three: list[Assessment]) -> None:
    first = approve_and_submit(people.leader, three[0])
    moving.withdraw(user=people.leader, assessment_id=three[0].pk)
    [line] = submissions.receipt(submissions.submission(people.leader, first.pk))
    assert (line.line.standing, line.ended, line.accepted) == (False, "withdraw", None)
    second = submit(people.leader, three[0])
    assert second.number == 2
    assert list(SubmissionLine.objects.order_by("pk").values_list("standing", flat=True)) == [False, True]


def test_a_receipt_tells_what_became_of_it(people: People, three: list[Assessment], plan: Plan) -> None:
    factories.MilestoneFactory(plan=plan, before=timezone.localdate() + timedelta(days=1))
    sent = approve_and_submit(people.leader, *three)
    for one in three[:2]:
        moving.accept(user=people.home_affairs, assessment_id=one.pk)
    due = timezone.localdate()
    moving.return_to_ward(
        user=people.home_affairs, assessment_id=three[1].pk, reason="Thiếu.", new_due=due + timedelta(days=9)
    )
    lines = {line.assessment.pk: line for line in submissions.receipt(submissions.submission(people.leader, sent.pk))}
    told = [(lines[a.pk].line.standing, lines[a.pk].ended, lines[a.pk].accepted is not None) for a in three]
    assert told == [(True, "", True), (False, "return", True), (True, "", False)]
    assert {line.council_on for line in lines.values()} == {due}
    assert not any(line.late for line in lines.values())
    assert lines[three[1].pk].due == due + timedelta(days=1), "as it was when it was sent"


def test_on_the_day_itself_it_is_late(people: People, three: list[Assessment], plan: Plan) -> None:
    factories.MilestoneFactory(plan=plan, before=timezone.localdate())
    [line] = submissions.receipt(approve_and_submit(people.leader, three[0]))
    assert line.late


def test_the_new_due_day_counts_for_the_next_sending(people: People, three: list[Assessment], plan: Plan) -> None:
    factories.MilestoneFactory(plan=plan, before=timezone.localdate())
    first = approve_and_submit(people.leader, three[0])
    new_due = timezone.localdate() + timedelta(days=9)
    moving.return_to_ward(user=people.home_affairs, assessment_id=three[0].pk, reason="Thiếu.", new_due=new_due)
    moving.send_to_council(user=people.officer, assessment_id=three[0].pk)
    second = approve_and_submit(people.leader, three[0])
    [old], [new] = submissions.receipt(first), submissions.receipt(second)
    assert (old.late, old.ended) == (True, "return")
    assert (new.late, new.due, new.ended) == (False, new_due, "")


def test_the_council_date_is_the_one_of_that_sending(people: People, three: list[Assessment]) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    meeting = meet(people.leader, three[0], held_on=yesterday)
    council.conclude_meeting(
        user=people.leader, meeting_id=meeting.pk, resolutions={three[0].pk: council.Resolution(True, 9)}
    )
    first = submit(people.leader, three[0])
    moving.withdraw(user=people.leader, assessment_id=three[0].pk)
    moving.council_return(user=people.leader, assessment_id=three[0].pk, reason="Xem lại.")
    answer_all(people.officer, three[0])
    moving.send_to_council(user=people.officer, assessment_id=three[0].pk)
    second = approve_and_submit(people.leader, three[0])
    assert [submissions.receipt(sent)[0].council_on for sent in (first, second)] == [yesterday, timezone.localdate()]


class TestScope:
    def test_who_reads_receipts(self, people: People, three: list[Assessment]) -> None:
        sent = approve_and_submit(people.leader, three[0])
        for user in (people.officer, people.leader, people.home_affairs, people.city_leader):
            assert submissions.submission(user, sent.pk) == sent
        others: list[User] = [
            factories.WardOfficerFactory(),
            factories.UnitHeadFactory(unit=three[0].unit),
            factories.AgencyOfficerFactory(),
            factories.DelegationMemberFactory(),
            factories.FinancePlanningFactory(),
            factories.AdministratorFactory(),
        ]
        for user in others:
            with pytest.raises(Submission.DoesNotExist):
                submissions.submission(user, sent.pk)


class TestDatabase:
    def test_submissions(self, people: People, three: list[Assessment]) -> None:
        sent = approve_and_submit(people.leader, three[0])
        values = {
            "ward": sent.ward,
            "plan": sent.plan,
            "submitted_by": people.leader,
            "submitted_at": timezone.now(),
        }
        with refused("submission_number_once"):
            Submission.objects.create(number=1, **values)
        with refused("submission_number_counts_from_one"):
            Submission.objects.create(number=0, **values)
        with refused("is append-only"):
            Submission.objects.update(number=2)
        with refused("foreign key constraint|is append-only"):
            Submission.objects.filter(pk=Submission.objects.create(number=2, **values).pk).delete()

    def test_lines(self, people: People, three: list[Assessment]) -> None:
        sent = approve_and_submit(people.leader, three[0])
        ended = {"standing": False, "ended_at": timezone.now()}
        with refused("submission_line_once"):
            SubmissionLine.objects.create(submission=sent, assessment=three[0], **ended)
        second = Submission.objects.create(
            ward=sent.ward, plan=sent.plan, number=2, submitted_by=people.leader, submitted_at=timezone.now()
        )
        with refused("submission_stands_once"):
            SubmissionLine.objects.create(submission=second, assessment=three[0])
        for change in ({"standing": False}, {"ended_at": timezone.now()}):
            with refused("submission_line_ended_has_time"):
                SubmissionLine.objects.update(**change)
        with refused("is fixed"):
            SubmissionLine.objects.update(assessment=three[1])
        with refused("is fixed"):
            SubmissionLine.objects.all().delete()
        SubmissionLine.objects.update(**ended)
