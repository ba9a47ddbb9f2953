"""Defects that a review found, each as the case that showed it."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, Role, User
from assessments import (
    agency_work,
    appraisal,
    correcting,
    council,
    decision_papers,
    delegations,
    moving,
    notices,
    questioning,
    recognition,
    self_assessment,
    visiting,
)
from assessments.checking import stale_summaries
from assessments.council import Present
from assessments.deeds import Refusal
from assessments.models import Assessment, Assignment, CouncilItem, CouncilMeeting, Event, Layer, Notice, Plan, Verdict
from assessments.verifying import verify
from assessments.workflow import State
from tests import factories, files
from tests.assessments import visits
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.assessments.appraising import REFUSED, correct, decided, dossier
from tests.assessments.roads import People, approve, council_of, meet, record, save, submit, walk

pytestmark = pytest.mark.django_db
KEY = "tc-1.2"


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("ban-ky.pdf", files.pdf(), "application/pdf")


def acts(assessment: Assessment) -> list[str]:
    """Kind and action of everything recorded, oldest first."""
    return [f"{e.kind}:{e.action}" for e in Event.objects.filter(assessment=assessment).order_by("sequence")]


class TestTwoOpenMeetings:
    """A unit stands on the agenda of two meetings that are being prepared; one of them decides."""

    def test_sent_dossiers_leave_what_is_still_prepared(self, people: People, plan: Plan) -> None:
        first, second = (dossier(people, plan, State.COUNCIL) for _ in range(2))
        left_over = meet(people.leader, first, second, place="Nhà văn hóa")
        approve(people.leader, first)
        submit(people.leader, first)
        assert list(left_over.items.values_list("assessment", flat=True)) == [second.pk]
        assert acts(first).count("council:meeting_left") == 1

    def test_minutes_can_be_dropped_after_the_decision(self, people: People, plan: Plan) -> None:
        unit = dossier(people, plan, State.COUNCIL)
        left_over = meet(people.leader, unit, place="Nhà văn hóa")
        approve(people.leader, unit)
        submit(people.leader, unit)
        moving.accept(user=people.home_affairs, assessment_id=unit.pk)
        appraisal.confirm_self_verdicts(user=people.home_affairs, assessment_id=unit.pk)
        moving.conclude(user=people.home_affairs, assessment_id=unit.pk)
        moving.propose(user=people.home_affairs, assessment_id=unit.pk)
        decided(people, unit)
        council.drop_meeting(user=people.leader, meeting_id=left_over.pk)
        assert not CouncilMeeting.objects.filter(pk=left_over.pk).exists()
        assert CouncilItem.objects.get(assessment=unit).standing


class TestHelpers:
    """Several agencies appraise an entry; the first is responsible."""

    def test_nobody_else_writes_past_the_responsible_agencys_report(self, officer: User, plan: Plan) -> None:
        agency, helper = factories.AgencyFactory(), factories.AgencyFactory()
        assign(plan, agency, KEY)
        assign(plan, helper, KEY, position=2)
        assign(plan, helper, "tc-1.3")
        [unit] = in_appraisal(officer, plan)
        expert, other = (factories.AgencyOfficerFactory(agency=a) for a in (agency, helper))
        judge(other, unit, KEY, "met")
        close(expert, agency, unit)
        with pytest.raises(Refusal):
            judge(other, unit, KEY, "not_met", "Khác", version=1)
        judge(other, unit, "tc-1.3", "met")
        assert Verdict.objects.get(assessment=unit, layer=Layer.AGENCY, entry__key=KEY).value == "met"


class TestAfterAReturn:
    """Closed by agency and delegation, returned to the ward, sent again."""

    @pytest.fixture
    def agency(self, plan: Plan) -> Agency:
        made: Agency = factories.AgencyFactory()
        assign(plan, made, KEY)
        return made

    @pytest.fixture
    def expert(self, agency: Agency) -> User:
        made: User = factories.AgencyOfficerFactory(agency=agency)
        return made

    def again(self, people: People, unit: Assessment, said: str = "met") -> None:
        due = timezone.localdate() + timedelta(days=3)
        moving.return_to_ward(user=people.home_affairs, assessment_id=unit.pk, reason="Bổ sung", new_due=due)
        if said != "met":
            save(people.officer, unit, KEY, said, 1)
        moving.send_to_council(user=people.officer, assessment_id=unit.pk)
        approve(people.leader, unit)
        submit(people.leader, unit)
        moving.accept(user=people.home_affairs, assessment_id=unit.pk)

    def test_agency_and_delegation_work_again(
        self, people: People, assessment: Assessment, agency: Agency, expert: User
    ) -> None:
        walk(people, assessment, State.APPRAISAL)
        member = factories.DelegationMemberFactory()
        judge(expert, assessment, KEY, "met")
        close(expert, agency, assessment)
        visit = visits.visit_to(people.home_affairs, assessment, member)
        visits.close(member, visit)
        self.again(people, assessment)
        judge(expert, assessment, KEY, "not_met", "Xem lại", version=1)
        assert close(expert, agency, assessment).figures["supplementary"]
        with pytest.raises(Refusal):
            save(member, assessment, KEY, "met", layer=Layer.DELEGATION)
        visit.refresh_from_db()
        visiting.reopen_minutes(
            user=people.home_affairs, visit_id=visit.pk, reason="Hồ sơ nộp lại", version=visit.version
        )
        save(member, assessment, KEY, "met", layer=Layer.DELEGATION)
        visits.close(member, visit, findings="Đã xem lại")
        assert not stale_summaries() and verify().intact

    def test_a_verdict_that_differs_by_now_needs_its_reason(
        self, people: People, assessment: Assessment, agency: Agency, expert: User
    ) -> None:
        walk(people, assessment, State.APPRAISAL)
        judge(expert, assessment, KEY, "met")
        self.again(people, assessment, "not_met")
        with pytest.raises(Refusal, match="1 ô khác với tự đánh giá"):
            close(expert, agency, assessment)
        judge(expert, assessment, KEY, "met", "Đã kiểm tra tại chỗ", version=1)
        close(expert, agency, assessment)


class TestUndo:
    def column(self, user: User, unit: Assessment) -> int:
        agency_work.apply_column(
            user=user,
            plan=unit.plan,
            agency=user.agency,
            key=KEY,
            choice="met",
            reason="",
            batch=str(uuid.uuid4()),
            assessment_ids=[unit.pk],
        )
        return int(Event.objects.filter(assessment=unit, kind=Event.Kind.BULK, action="column_met").latest("pk").pk)

    def test_of_what_was_assigned_to_others_since(self, officer: User, plan: Plan) -> None:
        agency, heir = factories.AgencyFactory(), factories.AgencyFactory()
        assign(plan, agency, KEY, "tc-1.3")
        [unit] = in_appraisal(officer, plan)
        expert = factories.AgencyOfficerFactory(agency=agency)
        event = self.column(expert, unit)
        Assignment.objects.filter(plan=plan, entry__key=KEY).update(agency=heir)
        close(factories.AgencyOfficerFactory(agency=heir), heir, unit)
        saved = self_assessment.undo(user=expert, assessment_id=unit.pk, event_id=event)
        assert saved.skipped == (KEY,)
        assert Verdict.objects.get(assessment=unit, layer=Layer.AGENCY, entry__key=KEY).value == "met"
        assert not stale_summaries()


class TestWhoIsTold:
    def test_an_asker_who_left_home_affairs(self, people: People, assessment: Assessment) -> None:
        walk(people, assessment, State.APPRAISAL)
        former = factories.HomeAffairsFactory()
        question = questioning.ask(user=former, assessment_id=assessment.pk, key=KEY, text="Vì sao?")
        User.objects.filter(pk=former.pk).update(role=Role.WARD_OFFICER, ward=factories.WardFactory(), agency=None)
        questioning.explain(user=people.leader, question_id=question.pk, answer="Vì vậy.")
        told = Notice.objects.filter(kind=Notice.Kind.EXPLAINED).values_list("recipient", flat=True)
        assert list(told) == [people.home_affairs.pk]

    def test_a_member_whose_account_does_other_work_now(self, people: People, assessment: Assessment) -> None:
        walk(people, assessment, State.APPRAISAL)
        member = factories.DelegationMemberFactory()
        visit = visits.visit_to(people.home_affairs, assessment, member)
        User.objects.filter(pk=member.pk).update(role=Role.CITY_LEADER)
        assert not notices.delegation_people(visit.delegation_id).exists()


class TestRecord:
    def test_a_unit_taken_off_a_decision(self, people: People, plan: Plan) -> None:
        stays, leaves = (dossier(people, plan, State.PROPOSED) for _ in range(2))
        made = record(people, stays, leaves)
        recognition.record_decision(
            user=people.home_affairs,
            plan_id=plan.pk,
            assessment_ids=[stays.pk],
            decision=made,
            version=made.version,
        )
        assert acts(leaves)[-2:] == ["decision:record_decision", "decision:drop_decision"]
        assert acts(stays)[-1] == "decision:record_decision"

    def test_a_unit_taken_off_a_correction(self, people: People, plan: Plan) -> None:
        stays, leaves = (dossier(people, plan, State.PROPOSED) for _ in range(2))
        earlier = decided(people, stays, leaves)
        made = correct(people, earlier, {stays: REFUSED, leaves: REFUSED}, confirm=False)
        correcting.record_correction(
            user=people.home_affairs,
            superseded_id=earlier.pk,
            corrections={stays.pk: correcting.Correction(REFUSED, "Nhập nhầm")},
            decision=made,
            version=made.version,
        )
        assert acts(leaves)[-1] == "decision:drop_decision"
        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        assert verify().intact

    def test_papers_of_an_unconfirmed_decision_are_the_citys(
        self, client: Client, people: People, assessment: Assessment
    ) -> None:
        walk(people, assessment, State.PROPOSED)
        made = record(people, assessment, number="77/QĐ-UBND")
        decision_papers.attach_decision(user=people.home_affairs, decision_id=made.pk, file=paper())
        address = reverse("assessments:record", args=[assessment.pk])
        client.force_login(people.officer)
        early = client.get(address).content.decode()
        assert "77/QĐ-UBND" not in early and "ban-ky.pdf" not in early
        client.force_login(people.home_affairs)
        assert "ban-ky.pdf" in client.get(address).content.decode()
        recognition.confirm_decision(user=people.city_leader, decision_id=made.pk)
        client.force_login(people.officer)
        assert "ban-ky.pdf" in client.get(address).content.decode()


def test_nobody_is_led_to_a_visit_that_is_no_more(client: Client, people: People, assessment: Assessment) -> None:
    walk(people, assessment, State.APPRAISAL)
    visit = visits.visit_to(people.home_affairs, assessment)
    visits.plan_visit(people.home_affairs, visit, timezone.localdate())
    visit.delegation.refresh_from_db()
    delegations.drop_visit(user=people.home_affairs, visit_id=visit.pk)
    client.force_login(people.officer)
    for notice in Notice.objects.filter(recipient=people.officer, kind=Notice.Kind.VISIT):
        assert client.get(reverse("assessments:notice", args=[notice.pk]), follow=True).status_code == 200


def test_an_edited_meeting_drops_what_no_longer_waits(people: People, plan: Plan) -> None:
    """A unit that the council returned by another way is simply no longer on the agenda."""
    gone, stays = (dossier(people, plan, State.COUNCIL) for _ in range(2))
    meeting = meet(people.leader, gone, stays)
    moving.council_return(user=people.leader, assessment_id=gone.pk, reason="Thiếu minh chứng")
    attendance = [Present(member.pk, True) for member in council_of(people.leader)]
    council.save_meeting(
        user=people.leader,
        plan_id=plan.pk,
        meeting=meeting,
        attendance=attendance,
        assessment_ids=[stays.pk],
        version=meeting.version,
    )
    assert acts(gone)[-1] == "council:meeting_left"
