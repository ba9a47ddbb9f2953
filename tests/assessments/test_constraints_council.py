"""The database's own rules on councils and signed papers, tried past every form and deed."""

import unicodedata
from typing import Any

import pytest
from django.utils import timezone

from assessments.models import Assessment, Attachment, Attendance, CouncilItem, CouncilMeeting, CouncilMember
from assessments.workflow import State
from localities.models import Ward
from tests.assessments.roads import People, approve, council_of, meet, walk
from tests.database import refused

pytestmark = pytest.mark.django_db
NFD = unicodedata.normalize("NFD", "Lý do")


@pytest.fixture
def waiting(people: People, assessment: Assessment) -> Assessment:
    return walk(people, assessment, State.COUNCIL)


class TestDatabase:
    """The council's tables, tried past every form and deed."""

    @pytest.fixture
    def member(self, ward: Ward) -> CouncilMember:
        return CouncilMember.objects.create(ward=ward, full_name="A", job_title="B", role="chair")

    def test_members(self, member: CouncilMember) -> None:
        rows = CouncilMember.objects.filter(pk=member.pk)
        with refused("council_member_role_known"):
            rows.update(role="king")
        for change in ({"full_name": NFD}, {"job_title": NFD}, {"full_name": ""}):
            with refused("council_member_nfc"):
                rows.update(**change)
        with refused("council_has_one_chair"):
            CouncilMember.objects.create(ward=member.ward, full_name="C", job_title="D", role="chair")
        CouncilMember.objects.create(ward=member.ward, full_name="C", job_title="D", role="chair", active=False)

    def test_meetings(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.leader, waiting)
        rows = CouncilMeeting.objects.filter(pk=meeting.pk)
        with refused("meeting_present_within_members"):
            rows.update(present=10)
        for change in ({"concluded_at": timezone.now()}, {"concluded_by": people.leader}):
            with refused("meeting_concluded_by_somebody"):
                rows.update(**change)
        for name in ("place", "guests", "conclusion"):
            with refused("meeting_text_nfc"):
                rows.update(**{name: NFD})
        with refused("meeting_times_in_order"):
            rows.update(starts_at="10:00", ends_at="09:59")

    def test_attendance(self, people: People, waiting: Assessment) -> None:
        row = meet(people.leader, waiting).attendance.first()
        assert row is not None
        with refused("attendance_role_known"):
            Attendance.objects.filter(pk=row.pk).update(role="king")
        row.pk = None
        with refused("attendance_once"):
            row.save(force_insert=True)

    def test_items(self, people: People, waiting: Assessment) -> None:
        item = meet(people.leader, waiting).items.get()
        rows = CouncilItem.objects.filter(pk=item.pk)
        with refused("council_outcome_known"):
            rows.update(outcome="perhaps")
        for change in ({"outcome": "approved"}, {"outcome": "returned", "opinion": "x", "votes_for": 1}):
            with refused("council_standing_is_approved"):
                rows.update(standing=True, **change)
        with refused("council_return_has_opinion"):
            rows.update(outcome="returned")
        with refused("council_opinion_nfc"):
            rows.update(opinion=NFD)
        with refused("council_item_once"):
            CouncilItem.objects.create(meeting=item.meeting, assessment=waiting)
        rows.update(outcome="approved", votes_for=9, standing=True)
        second = meet(people.officer, waiting, place="Nơi khác")
        with refused("council_approval_stands_once"):
            second.items.update(outcome="approved", votes_for=9, standing=True)

    def test_concluded_minutes_stand(self, people: People, waiting: Assessment) -> None:
        meeting = approve(people.leader, waiting)
        for change in (
            lambda: CouncilMeeting.objects.update(place="x"),
            lambda: CouncilMeeting.objects.update(concluded_at=None, concluded_by=None),
            lambda: Attendance.objects.update(full_name="x"),
            lambda: Attendance.objects.all().delete(),
            lambda: Attendance.objects.create(meeting=meeting, full_name="x", role="member"),
            lambda: CouncilItem.objects.update(votes_for=1),
            lambda: CouncilItem.objects.all().delete(),
            lambda: meeting.delete(),
        ):
            with refused("is concluded"):
                change()
        CouncilItem.objects.update(standing=False)
        with refused("is concluded"):
            CouncilItem.objects.update(standing=True)

    def test_a_member_may_leave_the_table_and_minutes_keep_the_name(self, people: People, waiting: Assessment) -> None:
        meeting = approve(people.leader, waiting)
        CouncilMember.objects.filter(pk=council_of(people.leader)[-1].pk).delete()
        assert meeting.attendance.filter(member=None).count() == 1 and meeting.attendance.count() == 9

    def test_attachments(self, people: People, waiting: Assessment) -> None:
        meeting = approve(people.leader, waiting)
        values: dict[str, Any] = {
            "file": "2025/01/a.pdf",
            "original_name": "a.pdf",
            "content_type": "application/pdf",
            "size": 9,
            "sha256": "0" * 64,
            "added_by": people.officer,
        }
        Attachment.objects.create(meeting=meeting, **values)
        with refused("attachment_once_in_meeting"):
            Attachment.objects.create(meeting=meeting, **values)
        with refused("attachment_of_one_thing"):
            Attachment.objects.create(**values)
        for change in ({"original_name": NFD}, {"original_name": ""}, {"sha256": ""}):
            with refused("attachment_named_nfc"):
                Attachment.objects.create(meeting=meeting, **values | {"sha256": "1" * 64} | change)
        with refused("is append-only"):
            Attachment.objects.update(original_name="b.pdf")
        with refused("is append-only"):
            Attachment.objects.all().delete()
