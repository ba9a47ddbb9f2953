"""A delegation's visit to one unit: its minutes are written, closed, and opened again for a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import notices, signatures, workflow
from assessments.attaching import attach
from assessments.deeds import InvalidInput, Refusal, Stale, record, refuse_closed
from assessments.models import Assessment, Attachment, Event, Layer, Notice, Plan, Verdict, Visit
from assessments.permissions import may_keep_visit, may_reopen_visit, visible_visits
from assessments.workflow import State
from localities.text import clean

MINUTES = ("held_on", "starts_at", "ends_at", "place", "hosts", "findings", "proposals")
# Minutes are closed while the dossier is being appraised or after; before, nobody has accepted it.
CLOSABLE = (State.APPRAISAL, State.CONCLUDED, State.PROPOSED)


def lock_visit(user: User, visit_id: int) -> Visit:
    """The visit and its assessment, both locked, if it exists for this person.

    The assessment first, as everybody who writes a verdict does: from then on no verdict comes in between.
    Raises Visit.DoesNotExist otherwise, Refusal once the year is closed.
    """
    seen = visible_visits(user).values_list("assessment", flat=True).get(pk=visit_id)
    assessment = (
        Assessment.objects.select_related("registration__plan", "registration__unit__ward")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=seen)
    )
    visit = (
        visible_visits(user).select_related("delegation").select_for_update(of=("self",), no_key=True).get(pk=visit_id)
    )
    refuse_closed(Plan.objects.get(pk=assessment.registration.plan_id))
    visit.assessment = assessment
    return visit


@transaction.atomic
def save_minutes(*, user: User, visit_id: int, version: int, values: Mapping[str, Any]) -> Visit:
    """Keep what the minutes say so far (`values` by the names in MINUTES). The same again changes nothing.

    Raises InvalidInput naming the field, Refusal when they are closed, Stale when somebody changed them since.
    """
    visit = _open(user, visit_id, version, values)
    _write(user, visit, values)
    return visit


@transaction.atomic
def close_minutes(*, user: User, visit_id: int, version: int, values: Mapping[str, Any]) -> Visit:
    """Keep the minutes and close them: from then on the delegation's verdicts stand. Again changes nothing."""
    seen = visible_visits(user).get(pk=visit_id)
    if seen.closed_at and may_keep_visit(user, seen):
        return seen
    visit = _open(user, visit_id, version, values)
    if visit.assessment.workflow_state not in CLOSABLE:
        label = workflow.STATE_LABELS[visit.assessment.workflow_state]
        raise Refusal(f"Hồ sơ đang ở trạng thái “{label}”. Chốt biên bản được khi hồ sơ đang thẩm định.")
    wanted = {"held_on": "ngày làm việc", "place": "địa điểm", "hosts": "đại diện xã, phường và tổ dân phố, bản"}
    for name, label in {**wanted, "findings": "nội dung làm việc, nhận xét"}.items():
        if not values.get(name):
            raise InvalidInput(f"Ghi {label} trước khi chốt biên bản.", name)
    _write(user, visit, values)
    visit.closed_by, visit.closed_at = user, timezone.now()
    visit.version += 1
    visit.save(update_fields=["closed_by", "closed_at", "version"])
    judged = Verdict.objects.filter(assessment=visit.assessment, layer=Layer.DELEGATION).exclude(stated="").count()
    data = {"delegation": visit.delegation.name, "held_on": _plain(visit.held_on), "judged": judged}
    # The paper names who was in the delegation then, whatever becomes of its list.
    data["members"] = [[m.full_name, m.job_title, m.role] for m in visit.delegation.members.all()]
    record(visit.assessment, Event.Kind.VISIT, user, action="closed", layer=Layer.DELEGATION, data=data)
    unit = visit.assessment.unit
    text = f"{visit.delegation} đã chốt biên bản thẩm định tại {unit}, {unit.ward}."
    _tell(user, visit, notices.home_affairs() | notices.ward_people(unit.ward_id), text)
    return visit


@transaction.atomic
def reopen_minutes(*, user: User, visit_id: int, reason: str, version: int) -> Visit:
    """Home affairs opens closed minutes again; the reason stands in the record and reaches the members."""
    visit = lock_visit(user, visit_id)
    if not may_reopen_visit(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố mở lại biên bản đã chốt.")
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Ghi lý do mở lại biên bản.", "reason")
    if len(reason) > 2000:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa 2000.", "reason")
    if visit.closed_at is None:
        return visit
    if visit.assessment.workflow_state in workflow.FINAL:
        raise Refusal("Hồ sơ đã có quyết định nên biên bản không mở lại được.")
    _check_version(visit, version)
    visit.closed_by = visit.closed_at = None
    visit.version += 1
    visit.save(update_fields=["closed_by", "closed_at", "version"])
    data = {"delegation": visit.delegation.name}
    record(
        visit.assessment, Event.Kind.VISIT, user, action="reopened", layer=Layer.DELEGATION, reason=reason, data=data
    )
    unit = visit.assessment.unit
    text = f"Biên bản thẩm định tại {unit}, {unit.ward} được mở lại: {reason}"
    _tell(user, visit, notices.delegation_people(visit.delegation_id), text)
    return visit


def attach_minutes(*, user: User, visit_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed scan of closed minutes; (attachment, is new). Raises InvalidInput for anything but a PDF."""
    _may_attach(user, visible_visits(user).select_related("delegation").get(pk=visit_id))
    signed = signatures.look(file)
    with transaction.atomic():
        visit = lock_visit(user, visit_id)
        _may_attach(user, visit)
        if visit.closed_at is None:
            raise Refusal("Chốt biên bản trước, in và ký, rồi gửi bản quét.")

        def told(added: Attachment) -> None:
            data = {"visit": visit.pk, "file": added.original_name, "sha256": added.sha256}
            record(visit.assessment, Event.Kind.ATTACHED, user, action="visit", layer=Layer.DELEGATION, data=data)

        return attach(user=user, target="visit", owner=visit, file=file, signed=signed, told=told)


def _may_attach(user: User, visit: Visit) -> None:
    if not may_keep_visit(user, visit):
        raise Refusal("Chỉ thành viên đoàn và cơ quan nội vụ thành phố gửi bản ký của biên bản.")


def _open(user: User, visit_id: int, version: int, values: Mapping[str, Any]) -> Visit:
    """The locked visit for a person who may write its minutes now, with input that can be stored."""
    visit = lock_visit(user, visit_id)
    if not may_keep_visit(user, visit):
        raise Refusal("Chỉ thành viên đoàn và cơ quan nội vụ thành phố ghi biên bản này.")
    if visit.closed_at:
        raise Refusal("Biên bản đã chốt nên không sửa được. Cơ quan nội vụ mở lại khi có lý do.")
    if visit.assessment.workflow_state in workflow.FINAL:
        raise Refusal("Hồ sơ đã có quyết định nên biên bản không sửa được nữa.")
    _check_version(visit, version)
    held, starts, ends = values.get("held_on"), values.get("starts_at"), values.get("ends_at")
    if held and not date(2000, 1, 1) <= held <= timezone.localdate():
        raise InvalidInput("Ngày làm việc phải từ năm 2000 và không sau ngày hôm nay.", "held_on")
    if starts and ends and starts > ends:
        raise InvalidInput("Giờ kết thúc đứng trước giờ bắt đầu.", "ends_at")
    return visit


def _check_version(visit: Visit, version: int) -> None:
    if version != visit.version:
        raise Stale("Người khác vừa sửa biên bản này. Xem bản mới bên dưới rồi lưu lại; nội dung bạn nhập vẫn còn.")


def _write(user: User, visit: Visit, values: Mapping[str, Any]) -> None:
    changes: dict[str, list[Any]] = {}
    for name in MINUTES:
        new = clean(values[name]) if isinstance(values.get(name), str) else values.get(name)
        old = getattr(visit, name)
        _check_length(name, new)
        if new != old:
            setattr(visit, name, new)
            changes[name] = [_plain(old), _plain(new)]
    if not changes:
        return
    try:
        visit.full_clean(exclude=["delegation", "assessment", "closed_by"], validate_unique=False)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error
    visit.version += 1
    visit.save(update_fields=[*MINUTES, "version"])
    data = {"delegation": visit.delegation.name, "changes": changes}
    record(visit.assessment, Event.Kind.VISIT, user, action="minutes", layer=Layer.DELEGATION, data=data)


def _check_length(name: str, value: Any) -> None:
    """Models do not look at how long a text is; forms do, but not everybody comes through one."""
    field: Any = Visit._meta.get_field(name)
    if isinstance(value, str) and len(value) > field.max_length:
        label = str(field.verbose_name)
        raise InvalidInput(
            f"{label[:1].upper()}{label[1:]} dài {len(value)} ký tự, tối đa {field.max_length}. Rút gọn rồi lưu lại.",
            name,
        )


def _plain(value: Any) -> Any:
    """A date or a time as the record writes it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _tell(user: User, visit: Visit, to: Any, text: str) -> None:
    url = reverse("assessments:visit_minutes", args=[visit.pk])
    notices.send(Notice.Kind.VISIT, to, text, url, actor=user, assessment=visit.assessment)
