"""The ward council's meetings: preparing one, concluding it over several units, and its signed minutes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import moving, notices, signatures, workflow
from assessments.answers import outcome_of
from assessments.attaching import attach
from assessments.deeds import InvalidInput, Refusal, Stale, record, refuse_closed, table_of
from assessments.models import (
    Assessment,
    Attachment,
    Attendance,
    CouncilItem,
    CouncilMeeting,
    CouncilMember,
    CouncilRole,
    Event,
    Layer,
    Notice,
    Plan,
)
from assessments.permissions import may_conclude_meeting, may_keep_council, visible_assessments, visible_meetings
from assessments.queries.councils import self_result
from assessments.workflow import Action, Facts, State
from localities.models import Ward
from localities.text import clean

PRESIDING = (CouncilRole.CHAIR, CouncilRole.DEPUTY)
REASON_LIMIT = 200
# A second press of the same button comes within this time.
DOUBLE_CLICK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Present:
    """Whether a member of the list came, and why not."""

    member_id: int
    present: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the meeting resolved on one unit."""

    approve: bool
    votes_for: int | None = None
    opinion: str = ""


@transaction.atomic
def save_meeting(
    *,
    user: User,
    plan_id: int,
    meeting: CouncilMeeting,
    attendance: Iterable[Present],
    assessment_ids: Collection[int],
    version: int | None = None,
) -> CouncilMeeting:
    """Keep a meeting (new, or not yet concluded) with who came and which units it speaks about.

    Every active member of the ward's list counts; whoever `attendance` does not name was absent. The same
    new meeting sent twice is one meeting. Raises InvalidInput naming the field, Refusal when it is
    concluded or a unit does not wait for the council, Stale when somebody changed it since.
    """
    ward = user.ward
    if ward is None or not may_keep_council(user, ward):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường ghi biên bản họp hội đồng.")
    before: dict[str, Any] = {}
    if meeting.pk:
        current = _open_meeting(user, meeting.pk, version)
        before = _told(current)
        plan_id, meeting.version = current.plan_id, current.version + 1
    else:
        meeting.recorded_by = user
    meeting.ward, meeting.plan = ward, Plan.objects.get(pk=plan_id)
    came = _came(ward, attendance)
    meeting.members_total, meeting.present = len(came), sum(row.present for _, row in came)
    _check_meeting(meeting)
    leaving = meeting.items.values_list("assessment", flat=True) if meeting.pk else ()
    chosen = _lock_waiting(user, plan_id, assessment_ids, leaving)
    if not meeting.pk and (same := _just_saved(user, meeting, chosen)):
        return same
    meeting.save()
    meeting.attendance.all().delete()
    Attendance.objects.bulk_create(_attended(meeting, member, row) for member, row in came)
    _put_on_agenda(user, meeting, chosen, before)
    return meeting


def _came(ward: Ward, attendance: Iterable[Present]) -> list[tuple[CouncilMember, Present]]:
    """Every active member with whether they came. Raises InvalidInput for an empty list or a reason too long."""
    said = {row.member_id: row for row in attendance}
    members = list(CouncilMember.objects.filter(ward=ward, active=True))
    if not members:
        raise InvalidInput("Lập danh sách thành viên hội đồng trước khi ghi biên bản.", "attendance")
    came = []
    for member in members:
        row = said.get(member.pk, Present(member.pk, False))
        reason = "" if row.present else clean(row.reason)
        if len(reason) > REASON_LIMIT:
            raise InvalidInput(
                f"{member.full_name}: lý do vắng dài {len(reason)} ký tự, tối đa {REASON_LIMIT}.", "attendance"
            )
        came.append((member, replace(row, reason=reason)))
    return came


def _check_meeting(meeting: CouncilMeeting) -> None:
    """Raises InvalidInput naming the field that cannot be stored."""
    for name in ("place", "guests", "conclusion"):
        setattr(meeting, name, clean(getattr(meeting, name)))
    for name in ("guests", "conclusion"):
        if objection := _too_long(meeting, name):
            raise InvalidInput(objection, name)
    if meeting.held_on and not date(2000, 1, 1) <= meeting.held_on <= timezone.localdate():
        raise InvalidInput("Ngày họp phải từ năm 2000 và không sau ngày hôm nay.", "held_on")
    if meeting.starts_at and meeting.ends_at and meeting.starts_at > meeting.ends_at:
        raise InvalidInput("Giờ kết thúc đứng trước giờ bắt đầu.", "ends_at")
    try:
        meeting.full_clean(exclude=["recorded_by", "concluded_by"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _too_long(row: CouncilMeeting | CouncilItem, name: str) -> str:
    """The objection to a long text over its limit, which no column of the database knows."""
    column, length = row._meta.get_field(name), len(getattr(row, name))
    limit, label = getattr(column, "max_length", None) or 0, str(getattr(column, "verbose_name", name))
    return f"{label[:1].upper()}{label[1:]} dài {length} ký tự, tối đa {limit}. Rút gọn lại." if length > limit else ""


def _just_saved(user: User, meeting: CouncilMeeting, chosen: list[Assessment]) -> CouncilMeeting | None:
    """The same meeting sent by a second click; the caller holds the assessments' locks."""
    recent = CouncilMeeting.objects.filter(
        ward=meeting.ward,
        plan=meeting.plan,
        recorded_by=user,
        held_on=meeting.held_on,
        starts_at=meeting.starts_at,
        place=meeting.place,
        concluded_at__isnull=True,
        recorded_at__gte=timezone.now() - DOUBLE_CLICK,
    )
    wanted = {assessment.pk for assessment in chosen}
    return next((m for m in recent if set(m.items.values_list("assessment", flat=True)) == wanted), None)


def _attended(meeting: CouncilMeeting, member: CouncilMember, row: Present) -> Attendance:
    return Attendance(
        meeting=meeting,
        member=member,
        full_name=member.full_name,
        job_title=member.job_title,
        role=member.role,
        present=row.present,
        reason=row.reason,
        position=member.position,
    )


def _put_on_agenda(user: User, meeting: CouncilMeeting, chosen: list[Assessment], before: dict[str, Any]) -> None:
    """The agenda becomes `chosen`; each unit's record tells what is new for it."""
    after = _told(meeting)
    old = {item.assessment_id: item.assessment for item in meeting.items.select_related("assessment")}
    wanted = {assessment.pk for assessment in chosen}
    meeting.items.exclude(assessment__in=wanted).delete()
    CouncilItem.objects.bulk_create(CouncilItem(meeting=meeting, assessment=a) for a in chosen if a.pk not in old)
    for pk in sorted(set(old) - wanted):
        record(old[pk], Event.Kind.COUNCIL, user, action="meeting_left", data=before)
    for assessment in chosen:
        if assessment.pk not in old:
            record(assessment, Event.Kind.COUNCIL, user, action="meeting_saved", data=after)
        elif before != after:
            record(
                assessment, Event.Kind.COUNCIL, user, action="meeting_changed", data={"before": before, "after": after}
            )


def _told(meeting: CouncilMeeting) -> dict[str, Any]:
    """What the record says of a meeting that is being prepared."""
    attendance = meeting.attendance.values_list("full_name", "role", "present", "reason")
    return {
        "meeting": meeting.pk,
        "held_on": meeting.held_on.isoformat(),
        "starts_at": meeting.starts_at.isoformat("minutes") if meeting.starts_at else "",
        "ends_at": meeting.ends_at.isoformat("minutes") if meeting.ends_at else "",
        "place": meeting.place,
        "guests": meeting.guests,
        "conclusion": meeting.conclusion,
        "attendance": [list(row) for row in attendance],
    }


def _open_meeting(user: User, meeting_id: int, version: int | None) -> CouncilMeeting:
    """The stored meeting, locked; it must be open and, where a version is given, unchanged since."""
    current = visible_meetings(user).select_for_update(no_key=True).get(pk=meeting_id)
    if current.concluded_at:
        raise Refusal("Biên bản đã chốt nên không sửa được. Cuộc họp sau ghi biên bản mới.")
    if version is not None and version != current.version:
        raise Stale("Người khác vừa sửa biên bản này. Tải lại trang để xem bản mới.")
    return current


def _lock_waiting(user: User, plan_id: int, ids: Collection[int], leaving: Iterable[int] = ()) -> list[Assessment]:
    """The chosen assessments, all waiting for the council; locked in a fixed order, as are those that leave."""
    if not ids:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản để hội đồng xem xét.", "assessments")
    locked = (
        visible_assessments(user)
        .filter(pk__in={*ids, *leaving}, registration__plan=plan_id)
        .select_related("registration__plan", "registration__unit__ward")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    wanted = set(ids)
    chosen = [assessment for assessment in locked if assessment.pk in wanted]
    if len(chosen) != len(wanted):
        raise Assessment.DoesNotExist
    refuse_closed(Plan.objects.get(pk=plan_id))
    for assessment in chosen:
        if assessment.state != State.COUNCIL:
            label = workflow.STATE_LABELS[assessment.workflow_state]
            raise Refusal(
                f"{assessment.unit} không ở trạng thái “Chờ hội đồng xã, phường” (hiện: “{label}”). "
                "Sửa biên bản để bỏ tổ, bản này khỏi cuộc họp."
            )
    return chosen


@transaction.atomic
def conclude_meeting(
    *,
    user: User,
    meeting_id: int,
    resolutions: Mapping[int, Resolution],
    version: int | None = None,
    conclusion: str | None = None,
) -> CouncilMeeting:
    """The ward's leader fixes the minutes: each unit of the agenda is approved or returned to the officer.

    `resolutions` by assessment id; every unit of the agenda needs one. `conclusion`, where given, replaces
    the meeting's. The same person concluding again changes nothing; anybody else is refused. Raises
    InvalidInput naming the unit and its field, `item-<assessment id>`.
    """
    meeting = visible_meetings(user).select_for_update(no_key=True).get(pk=meeting_id)
    if not may_conclude_meeting(user, meeting):
        raise Refusal("Chỉ lãnh đạo xã, phường chốt biên bản họp hội đồng.")
    if meeting.concluded_at and meeting.concluded_by_id == user.pk:
        return meeting
    meeting = _open_meeting(user, meeting_id, version)
    if not meeting.attendance.filter(present=True, role__in=PRESIDING).exists():
        raise Refusal(
            "Cuộc họp chưa có người chủ trì: Chủ tịch và Phó Chủ tịch hội đồng không có mặt. "
            "Sửa thành phần dự họp trước."
        )
    if conclusion is not None:
        meeting.conclusion = clean(conclusion)
        _check_meeting(meeting)
    items = {item.assessment_id: item for item in meeting.items.all()}
    chosen = _lock_waiting(user, meeting.plan_id, list(items))
    for assessment in chosen:
        resolution = resolutions.get(assessment.pk)
        if resolution is None:
            raise InvalidInput(f"{assessment.unit}: chọn “Thông qua” hoặc “Trả lại”.", f"item-{assessment.pk}")
        _resolve(user, meeting, items[assessment.pk], assessment, resolution)
    meeting.version += 1
    meeting.concluded_by, meeting.concluded_at = user, timezone.now()
    meeting.save(update_fields=["version", "conclusion", "concluded_by", "concluded_at"])
    _tell_approved(user, meeting)
    return meeting


def _resolve(
    user: User, meeting: CouncilMeeting, item: CouncilItem, assessment: Assessment, resolution: Resolution
) -> None:
    """Write the resolution of one unit, record it with the votes, and take its step on the road."""
    action = Action.APPROVE if resolution.approve else Action.COUNCIL_RETURN
    opinion, votes = clean(resolution.opinion), resolution.votes_for
    facts, answers = moving.fresh_facts(
        assessment,
        Facts(reason=opinion, votes_for=votes, present=meeting.present, members=meeting.members_total),
    )
    verdict = workflow.decide(assessment.workflow_state, action, user.role, facts)
    objection = verdict.reason if isinstance(verdict, workflow.Refused) else ""
    if not objection and votes is not None and not 0 <= votes <= meeting.present:
        objection = f"Số phiếu tán thành ({votes}) lớn hơn số có mặt ({meeting.present})."
    item.outcome = CouncilItem.Outcome.APPROVED if resolution.approve else CouncilItem.Outcome.RETURNED
    item.votes_for, item.opinion, item.standing = votes, opinion, resolution.approve
    objection = objection or _too_long(item, "opinion")
    if objection or isinstance(verdict, workflow.Refused):
        raise InvalidInput(f"{assessment.unit}: {objection}", f"item-{assessment.pk}")
    item.save()
    table = table_of(assessment)
    told = {
        "meeting": meeting.pk,
        "held_on": meeting.held_on.isoformat(),
        "votes_for": votes,
        "present": meeting.present,
        "members": meeting.members_total,
        # What the council saw: the minutes print it, whatever becomes of the answers.
        "self": asdict(self_result(table, outcome_of(table, answers, Layer.SELF))),
    }
    record(assessment, Event.Kind.COUNCIL, user, action=action.value, reason=opinion, data=told)
    if resolution.approve:
        # The page that offered the old state is out of date for everybody else.
        Assessment.objects.filter(pk=assessment.pk).update(version=F("version") + 1)
    else:
        moving.change_state(assessment, action, verdict.state, user, opinion, {})


def _tell_approved(user: User, meeting: CouncilMeeting) -> None:
    """Other leaders of the ward hear once how many dossiers may now be sent."""
    approved = meeting.items.filter(outcome=CouncilItem.Outcome.APPROVED).count()
    if approved:
        notices.send(
            Notice.Kind.COUNCIL,
            notices.ward_leaders(meeting.ward_id),
            f"Hội đồng họp ngày {meeting.held_on:%d/%m/%Y} đã thông qua {approved} hồ sơ, chờ gửi thành phố.",
            reverse("assessments:submissions", args=[meeting.plan.year]),
            actor=user,
            plan=meeting.plan,
        )


@transaction.atomic
def drop_meeting(*, user: User, meeting_id: int, version: int | None = None) -> None:
    """Take a meeting back that is not concluded; nothing was resolved."""
    meeting = visible_meetings(user).select_for_update(no_key=True).get(pk=meeting_id)
    if not may_keep_council(user, meeting.ward):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường bỏ biên bản chưa chốt.")
    meeting = _open_meeting(user, meeting_id, version)
    told = _told(meeting)
    agenda = Assessment.objects.filter(council_items__meeting=meeting).order_by("pk")
    for assessment in agenda.select_for_update(of=("self",), no_key=True):
        record(assessment, Event.Kind.COUNCIL, user, action="meeting_dropped", data=told)
    meeting.delete()


def leave_agendas(user: User, sent: Iterable[Assessment]) -> None:
    """What went to the city is no longer a matter of meetings still being prepared; the caller holds the locks.

    Left there, nobody could conclude those meetings, nor drop them once the dossier is decided.
    """
    items = CouncilItem.objects.filter(assessment__in=sent, meeting__concluded_at__isnull=True)
    for item in items.select_related("meeting", "assessment").order_by("assessment_id", "pk"):
        record(item.assessment, Event.Kind.COUNCIL, user, action="meeting_left", data=_told(item.meeting))
        item.delete()


def attach_minutes(*, user: User, meeting_id: int, file: File) -> tuple[Attachment, bool]:
    """Add the signed minutes (PDF) of a concluded meeting; (attachment, is new).

    Raises Refusal for another role or an open meeting, InvalidInput for what is no PDF.
    """
    # A meeting never moves to another ward, so that the right need not be asked again under the lock.
    if not may_keep_council(user, visible_meetings(user).select_related("ward").get(pk=meeting_id).ward):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường đính kèm biên bản đã ký.")
    signed = signatures.look(file)
    with transaction.atomic():
        meeting = visible_meetings(user).select_for_update(no_key=True).get(pk=meeting_id)
        if not meeting.concluded_at:
            raise Refusal("Chốt biên bản trước, sau đó in, ký và đính kèm bản ký.")

        def told(added: Attachment) -> None:
            data = {"meeting": meeting.pk, "name": added.original_name, "size": added.size, "sha256": added.sha256}
            agenda = Assessment.objects.filter(council_items__meeting=meeting).order_by("pk")
            for assessment in agenda.select_for_update(of=("self",), no_key=True):
                record(assessment, Event.Kind.ATTACHED, user, action="minutes", data=data)

        return attach(user=user, target="meeting", owner=meeting, file=file, signed=signed, told=told)
