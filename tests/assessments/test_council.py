"""The ward's council: its meetings, what a meeting resolves."""

import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from assessments import council, moving
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import (
    Assessment,
    Attachment,
    Attendance,
    CouncilItem,
    CouncilMeeting,
    Event,
    Notice,
    Plan,
)
from assessments.queries import councils
from assessments.workflow import State
from tests import factories, files
from tests.assessments.roads import People, answer_all, approve, council_of, meet, submit, walk

pytestmark = pytest.mark.django_db
NFD = unicodedata.normalize("NFD", "Lý do")
TODAY = timezone.localdate()


@pytest.fixture
def waiting(people: People, assessment: Assessment) -> Assessment:
    return walk(people, assessment, State.COUNCIL)


@pytest.fixture
def two(people: People, waiting: Assessment, plan: Plan) -> list[Assessment]:
    second = factories.open_assessment(plan=plan, officer=people.officer)
    return [waiting, walk(people, second, State.COUNCIL)]


def again(user: User, meeting: CouncilMeeting, *assessments: Assessment, version: int | None = None) -> CouncilMeeting:
    """The stored meeting saved anew over these units, everybody present."""
    stored = CouncilMeeting.objects.get(pk=meeting.pk)
    return council.save_meeting(
        user=user,
        plan_id=stored.plan_id,
        meeting=stored,
        attendance=[council.Present(member.pk, True) for member in council_of(user)],
        assessment_ids=[assessment.pk for assessment in assessments],
        version=version,
    )


def conclude(user: User, meeting: CouncilMeeting, *resolutions: council.Resolution, **more: Any) -> CouncilMeeting:
    """The resolutions in the order of the agenda."""
    agenda = meeting.items.order_by("assessment").values_list("assessment", flat=True)
    return council.conclude_meeting(
        user=user, meeting_id=meeting.pk, resolutions=dict(zip(agenda, resolutions, strict=False)), **more
    )


YES = council.Resolution(approve=True, votes_for=9)
NO = council.Resolution(approve=False, opinion="Thiếu minh chứng 2.2.")


class TestPreparing:
    def test_everybody_on_the_list_counts(self, people: People, waiting: Assessment) -> None:
        """Whoever is not named was absent: leaving people out does not make a quorum."""
        members = council_of(people.leader)
        meeting = council.save_meeting(
            user=people.officer,
            plan_id=waiting.plan.pk,
            meeting=CouncilMeeting(held_on=TODAY, place="UBND"),
            attendance=[council.Present(members[0].pk, True), council.Present(members[1].pk, False, "Đi công tác")],
            assessment_ids=[waiting.pk],
        )
        assert (meeting.present, meeting.members_total) == (1, 9)
        assert meeting.attendance.get(member=members[1]).reason == "Đi công tác"
        with pytest.raises(InvalidInput, match="quá nửa số thành viên"):
            conclude(people.leader, meeting, council.Resolution(approve=True, votes_for=1))

    def test_a_ward_without_a_list(self, people: People, waiting: Assessment) -> None:
        with pytest.raises(InvalidInput, match="Lập danh sách"):
            council.save_meeting(
                user=people.officer,
                plan_id=waiting.plan.pk,
                meeting=CouncilMeeting(held_on=TODAY, place="UBND"),
                attendance=[],
                assessment_ids=[waiting.pk],
            )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"held_on": None}, "held_on"),
            ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
            ({"place": ""}, "place"),
            ({"place": "a" * 201}, "place"),
            ({"guests": "a" * 2001}, "guests"),
            ({"conclusion": "a" * 4001}, "conclusion"),
        ],
    )
    def test_what_cannot_be_stored(
        self, people: People, waiting: Assessment, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            meet(people.leader, waiting, **changes)
        assert refusal.value.field == field and not CouncilMeeting.objects.exists()

    def test_only_units_that_wait(self, people: People, waiting: Assessment, plan: Plan, stranger: User) -> None:
        draft = factories.open_assessment(plan=plan, officer=people.officer)
        with pytest.raises(Refusal, match=f"{draft.unit} không ở trạng thái"):
            meet(people.leader, waiting, draft)
        foreign = factories.open_assessment(plan=plan, officer=stranger)
        with pytest.raises(Assessment.DoesNotExist):
            meet(people.leader, waiting, foreign)
        last_year = factories.open_assessment(plan=factories.PlanFactory(year=2020), officer=people.officer)
        factories.in_state(last_year, State.COUNCIL)
        with pytest.raises(Assessment.DoesNotExist):
            meet(people.leader, waiting, last_year)
        assert not CouncilMeeting.objects.exists()

    def test_the_same_meeting_sent_twice_is_one(self, people: People, two: list[Assessment]) -> None:
        assert meet(people.leader, *two).pk == meet(people.leader, *two).pk
        assert meet(people.leader, two[0]).pk != meet(people.leader, two[1]).pk

    def test_changed_and_recorded(self, people: People, two: list[Assessment]) -> None:
        meeting = meet(people.officer, *two)
        again(people.leader, meeting, two[1], version=1)
        with pytest.raises(Stale):
            again(people.officer, meeting, *two, version=1)
        assert list(meeting.items.values_list("assessment", flat=True)) == [two[1].pk]
        said = [
            list(a.events.filter(kind=Event.Kind.COUNCIL).order_by("pk").values_list("action", flat=True)) for a in two
        ]
        assert said == [["meeting_saved", "meeting_left"], ["meeting_saved"]], "nothing changed for the second"

    def test_dropped(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.officer, waiting)
        with pytest.raises(Stale):
            council.drop_meeting(user=people.leader, meeting_id=meeting.pk, version=7)
        council.drop_meeting(user=people.leader, meeting_id=meeting.pk, version=1)
        assert not CouncilMeeting.objects.exists() and not Attendance.objects.exists()
        assert waiting.events.filter(action="meeting_dropped").count() == 1

    def test_others(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.leader, waiting)
        for user in (people.home_affairs, people.city_leader, factories.WardLeaderFactory()):
            with pytest.raises(CouncilMeeting.DoesNotExist):
                council.drop_meeting(user=user, meeting_id=meeting.pk)
            with pytest.raises(CouncilMeeting.DoesNotExist):
                conclude(user, meeting, YES)
        with pytest.raises(Refusal):
            council.save_meeting(
                user=people.home_affairs,
                plan_id=waiting.plan.pk,
                meeting=CouncilMeeting(held_on=TODAY, place="x"),
                attendance=[],
                assessment_ids=[],
            )
        with pytest.raises(CouncilMeeting.DoesNotExist):
            again(factories.WardOfficerFactory(), meeting, waiting)


class TestConcluding:
    def test_one_approved_one_returned(self, people: People, two: list[Assessment]) -> None:
        meeting = conclude(people.leader, meet(people.officer, *two), YES, NO, conclusion="Nhất trí.")
        for assessment in two:
            assessment.refresh_from_db()
        assert [a.state for a in two] == [State.COUNCIL, State.DRAFT]
        items = list(meeting.items.order_by("assessment"))
        assert [(i.outcome, i.votes_for, i.standing) for i in items] == [
            ("approved", 9, True),
            ("returned", None, False),
        ]
        meeting.refresh_from_db()
        assert (meeting.conclusion, meeting.concluded_by) == ("Nhất trí.", people.leader)
        event = two[0].events.get(action="approve")
        assert (event.data["votes_for"], event.data["present"], event.data["members"]) == (9, 9, 9)
        assert two[1].events.filter(kind=Event.Kind.MOVED).first().reason == NO.opinion  # type: ignore[union-attr]

    def test_who_is_told(self, people: People, two: list[Assessment]) -> None:
        other_leader = factories.WardLeaderFactory(ward=people.leader.ward)
        head = factories.UnitHeadFactory(unit=two[1].unit)
        Notice.objects.all().delete()
        conclude(people.leader, meet(people.officer, *two), YES, NO)
        told = {(notice.recipient_id, notice.kind) for notice in Notice.objects.all()}
        assert told == {
            (other_leader.pk, Notice.Kind.COUNCIL),
            (people.officer.pk, Notice.Kind.RETURNED),
            (head.pk, Notice.Kind.RETURNED),
        }
        assert "đã thông qua 1 hồ sơ" in Notice.objects.get(kind=Notice.Kind.COUNCIL).text
        assert all("Thiếu minh chứng 2.2." in n.text for n in Notice.objects.filter(kind=Notice.Kind.RETURNED))

    def test_all_or_nothing(self, people: People, two: list[Assessment]) -> None:
        meeting = meet(people.leader, *two)
        for second in (council.Resolution(approve=True, votes_for=4), council.Resolution(approve=False), None):
            resolutions = {two[0].pk: NO} | ({two[1].pk: second} if second else {})
            with pytest.raises(InvalidInput, match=f"{two[1].unit}: ") as refusal:
                council.conclude_meeting(user=people.leader, meeting_id=meeting.pk, resolutions=resolutions)
            assert refusal.value.field == f"item-{two[1].pk}"
        assert set(Assessment.objects.values_list("state", flat=True)) == {State.COUNCIL}
        meeting.refresh_from_db()
        assert meeting.concluded_at is None and not Event.objects.filter(action="council_return").exists()

    @pytest.mark.parametrize("votes", [-1, 10, 40000])
    def test_votes_of_a_return_are_checked_too(self, people: People, waiting: Assessment, votes: int) -> None:
        returned = council.Resolution(approve=False, votes_for=votes, opinion="Thiếu.")
        with pytest.raises(InvalidInput, match="Số phiếu tán thành"):
            conclude(people.leader, meet(people.leader, waiting), returned)

    def test_an_opinion_too_long(self, people: People, waiting: Assessment) -> None:
        for approves in (True, False):
            resolution = council.Resolution(approves, 9, "a" * 2001)
            with pytest.raises(InvalidInput, match=f"{waiting.unit}: Ý kiến của hội đồng dài 2001 ký tự"):
                conclude(people.leader, meet(people.leader, waiting), resolution)
        with pytest.raises(InvalidInput, match="Kết luận của cuộc họp dài 4001 ký tự"):
            conclude(people.leader, meet(people.leader, waiting), YES, conclusion="a" * 4001)

    def test_somebody_presides(self, people: People, waiting: Assessment) -> None:
        members = council_of(people.leader)
        meeting = council.save_meeting(
            user=people.leader,
            plan_id=waiting.plan.pk,
            meeting=CouncilMeeting(held_on=TODAY, place="UBND"),
            attendance=[council.Present(member.pk, member.role != "chair") for member in members],
            assessment_ids=[waiting.pk],
        )
        with pytest.raises(Refusal, match="chưa có người chủ trì"):
            conclude(people.leader, meeting, council.Resolution(approve=True, votes_for=8))

    def test_only_the_leader_and_only_what_was_seen(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.officer, waiting)
        with pytest.raises(Refusal, match="Chỉ lãnh đạo"):
            conclude(people.officer, meeting, YES)
        again(people.officer, meeting, waiting)
        with pytest.raises(Stale):
            conclude(people.leader, meeting, YES, version=1)
        conclude(people.leader, meeting, YES, version=2)

    def test_twice_by_one_is_once_and_another_hears_of_it(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.leader, waiting)
        for _ in range(2):
            conclude(people.leader, meeting, YES)
        assert Event.objects.filter(action="approve").count() == 1
        other = factories.WardLeaderFactory(ward=people.leader.ward)
        with pytest.raises(Refusal, match="đã chốt"):
            conclude(other, meeting, NO)
        for deed in (
            lambda: again(people.officer, meeting, waiting),
            lambda: council.drop_meeting(user=people.leader, meeting_id=meeting.pk),
            lambda: council.drop_meeting(user=people.home_affairs, meeting_id=meeting.pk),
        ):
            with pytest.raises(Refusal):
                deed()

    def test_approved_once(self, people: People, waiting: Assessment) -> None:
        second = meet(people.officer, waiting, place="Nơi khác")
        approve(people.leader, waiting)
        with pytest.raises(InvalidInput, match="Hội đồng đã thông qua"):
            conclude(people.leader, second, YES)

    def test_a_unit_that_left_meanwhile(self, people: People, waiting: Assessment) -> None:
        meeting = meet(people.officer, waiting)
        moving.council_return(user=people.leader, assessment_id=waiting.pk, reason="Thiếu.")
        with pytest.raises(Refusal, match="Sửa biên bản để bỏ"):
            conclude(people.leader, meeting, YES)

    def test_a_return_ends_the_approval(self, people: People, waiting: Assessment) -> None:
        approve(people.leader, waiting)
        moving.council_return(user=people.leader, assessment_id=waiting.pk, reason="Thiếu.")
        assert not CouncilItem.objects.get().standing
        moving.send_to_council(user=people.officer, assessment_id=waiting.pk)
        with pytest.raises(Refusal, match="chưa thông qua"):
            submit(people.leader, waiting)

    def test_what_the_council_saw_stays(self, people: People, waiting: Assessment) -> None:
        """Lesson: results stay stale. The minutes keep the result of the day, the page of an open one follows."""
        open_one = meet(people.officer, waiting, place="Nơi khác")
        meeting = approve(people.leader, waiting)
        moving.council_return(user=people.leader, assessment_id=waiting.pk, reason="Thiếu.")
        answer_all(people.officer, waiting, bad=["tc-1.1"])
        kept = councils.results(people.leader, councils.meeting(people.leader, meeting.pk))
        assert kept[waiting.pk] == councils.SelfResult(True, 83, 83, ())
        fresh = councils.results(people.leader, councils.meeting(people.leader, open_one.pk))
        assert not fresh[waiting.pk].qualifies and "Tiêu chuẩn 1: đạt 3/4" in fresh[waiting.pk].reasons[0]


class TestSignedMinutes:
    def test_kept_once_and_recorded_for_each_unit(self, people: People, two: list[Assessment]) -> None:
        meeting = approve(people.leader, *two)
        paper = files.upload("biên bản.pdf", files.pdf())
        added, new = council.attach_minutes(user=people.officer, meeting_id=meeting.pk, file=paper)
        assert new and added.original_name == "biên bản.pdf"
        repeated, new = council.attach_minutes(
            user=people.leader, meeting_id=meeting.pk, file=files.upload("khác.pdf", files.pdf())
        )
        assert (repeated, new) == (added, False)
        for assessment in two:
            assert assessment.events.get(kind=Event.Kind.ATTACHED).data["sha256"] == added.sha256

    def test_refused(self, people: People, waiting: Assessment) -> None:
        open_one = meet(people.officer, waiting)

        def attach(user: User, content: bytes) -> Any:
            file = files.upload("a.pdf", content)
            return council.attach_minutes(user=user, meeting_id=open_one.pk, file=file)

        with pytest.raises(Refusal, match="Chốt biên bản trước"):
            attach(people.officer, files.pdf())
        conclude(people.leader, open_one, YES)
        for user in (people.home_affairs, people.city_leader):
            with pytest.raises(Refusal, match="Chỉ cán bộ"):
                attach(user, files.pdf())
        with pytest.raises(CouncilMeeting.DoesNotExist):
            attach(factories.WardOfficerFactory(), files.pdf())
        with pytest.raises(InvalidInput, match="không phải PDF"):
            attach(people.officer, files.jpg())
        assert not Attachment.objects.exists() and not Event.objects.filter(kind=Event.Kind.ATTACHED).exists()

    def test_no_file_without_its_row(
        self, people: People, waiting: Assessment, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting = approve(people.leader, waiting)

        def broken(*args: Any, **facts: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr(council, "record", broken)
        with pytest.raises(RuntimeError):
            council.attach_minutes(user=people.officer, meeting_id=meeting.pk, file=files.upload("a.pdf", files.pdf()))
        assert not Attachment.objects.exists()
        folders, left = default_storage.listdir("")
        assert not left and not any(default_storage.listdir(f"{y}/{m}")[1] for y in folders for m in _under(y))


def _under(folder: str) -> list[str]:
    return default_storage.listdir(folder)[0]
