"""Proposing somebody for commendation, sending it to the city, and home affairs' check."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import WARD_ROLES, Role, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Commendation, Event, Notice, Plan
from assessments.permissions import (
    may_decide_commendation,
    may_propose_commendation,
    may_send_for_ward,
    visible_commendations,
    visible_units,
)
from assessments.queries.year import commendations as queries
from assessments.year import rows
from localities.text import clean

State, KIND = Commendation.State, Event.Kind.COMMENDATION
LABELS = {
    "kind": "Đối tượng",
    "unit": "Tổ dân phố, bản",
    "name": "Tên",
    "position": "Chức vụ, đơn vị",
    "form": "Hình thức",
    "achievements": "Thành tích",
}


def may_write(user: User, row: Commendation) -> bool:
    """Whether the row is of the person's own office: ward, agency, or neither for home affairs."""
    if not may_propose_commendation(user):
        return False
    if user.role in WARD_ROLES:
        return row.ward_id == user.ward_id
    if user.role == Role.HOME_AFFAIRS:
        return row.ward_id is None and row.agency_id is None
    return row.agency_id == user.agency_id


def may_send(user: User, row: Commendation) -> bool:
    """What leaves a ward its leader sends; agencies and home affairs send their own."""
    return may_write(user, row) and (row.ward_id is None or may_send_for_ward(user))


@transaction.atomic
def save(*, user: User, plan_id: int, row: Commendation, version: int | None = None) -> Commendation:
    """Keep a proposal of the own office, new or not yet sent.

    Raises InvalidInput naming the field, Refusal without the right or once it is sent, Stale.
    """
    if not may_propose_commendation(user):
        raise Refusal("Bạn không lập đề nghị khen thưởng.")
    new, before = row.pk is None, {}
    row.plan = rows.open_plan(plan_id, alone=new)  # a second click finds the first one's row
    if new:
        _put_office(user, row)
        row.added_by, row.state = user, State.DRAFT
    else:
        current = _own_draft(user, row.pk, version)
        before, row.version = _facts(current), current.version
    _check(user, row)
    after = _facts(row)
    changes = [(LABELS[name], before.get(name, ""), after[name]) for name in LABELS if before.get(name) != after[name]]
    what = f"{'Lập' if new else 'Sửa'} đề nghị khen thưởng “{row.name}”"
    if new:
        again = rows.second_click(row.plan, KIND, user, row, what, action="drafted", changes=changes)
        if again is not None:
            return again
        row.save()
    else:
        fields = {name: getattr(row, name) for name in ("kind", "unit", "name", "position", "form", "achievements")}
        rows.bump(row, **fields)
    if new or changes:
        rows.note(row.plan, KIND, user, row, what, action="drafted" if new else "changed", changes=changes)
    return row


def _put_office(user: User, row: Commendation) -> None:
    row.ward = user.ward if user.role in WARD_ROLES else None
    row.agency = user.agency if user.role not in (*WARD_ROLES, Role.HOME_AFFAIRS) else None


def _own_draft(user: User, pk: int, version: int | None) -> Commendation:
    row = rows.lock_in_plan(visible_commendations(user), pk)
    if not may_write(user, row):
        raise Refusal("Đề nghị này do cơ quan khác lập.")
    if row.state != State.DRAFT:
        raise Refusal("Đề nghị đã gửi nên không sửa được nữa. Rút lại trước nếu thành phố chưa xét.")
    if version is not None:
        rows.check_version(row, version)
    return row


def _check(user: User, row: Commendation) -> None:
    """Texts cleaned; a unit of the person's scope gives a collective its name."""
    for name in ("name", "position", "form", "achievements"):
        setattr(row, name, clean(getattr(row, name) or ""))
    if row.unit_id and not visible_units(user).filter(pk=row.unit_id).exists():
        raise InvalidInput("Chọn tổ dân phố, bản trong danh sách.", "unit")
    if row.kind == Commendation.Kind.COLLECTIVE and row.unit is not None:
        ward = row.unit.ward
        row.name = f"{row.unit.name}, {ward.get_kind_display().lower()} {ward.name}"
    if not row.name:
        person = row.kind == Commendation.Kind.PERSON
        need = "họ tên cá nhân" if person else "tên tập thể, hoặc chọn tổ dân phố, bản"
        raise InvalidInput(f"Nhập {need}.", "name")
    if row.kind == Commendation.Kind.PERSON and not row.position:
        raise InvalidInput("Nhập chức vụ, đơn vị công tác của cá nhân.", "position")
    try:
        row.full_clean(exclude=["plan", "ward", "agency", "unit", "decision", "added_by"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _facts(row: Commendation) -> dict[str, str]:
    """The proposal as its history tells it."""
    return {
        "kind": str(row.get_kind_display()),
        "unit": f"{row.unit}, {row.unit.ward}" if row.unit else "",
        "name": row.name,
        "position": row.position,
        "form": row.form,
        "achievements": row.achievements,
    }


@transaction.atomic
def remove(*, user: User, pk: int, version: int) -> Plan:
    """Take back a proposal that nobody else has seen."""
    row = _own_draft(user, pk, version)
    plan = row.plan
    rows.note(plan, KIND, user, row, f"Bỏ đề nghị khen thưởng “{row.name}”", action="removed")
    row.delete()
    return plan


@transaction.atomic
def send(*, user: User, plan_id: int, ids: Collection[int]) -> list[Commendation]:
    """Send drafts of the own office to home affairs, all or none.

    Raises InvalidInput for nobody, Refusal naming the row that cannot be sent, DoesNotExist out of scope.
    """
    if not ids:
        raise InvalidInput("Đánh dấu ít nhất một đề nghị để gửi.", "commendation")
    chosen = _lock_many(user, plan_id, ids)
    for row in chosen:
        if not may_send(user, row):
            raise Refusal("Đề nghị của xã, phường do lãnh đạo xã, phường gửi; mỗi cơ quan gửi đề nghị của mình.")
        if row.state != State.DRAFT:
            raise Refusal(f"“{row.name}” đã gửi. Tải lại trang để xem tình trạng.")
    for row in chosen:
        rows.bump(row, state=State.SENT)
        rows.note(row.plan, KIND, user, row, f"Gửi đề nghị khen thưởng “{row.name}”", action="sent")
    text = f"{queries.office(chosen[0])} đề nghị khen thưởng: {_names(chosen)}."
    plan = chosen[0].plan
    url = reverse("assessments:commendations", args=[plan.year])
    notices.send(Notice.Kind.COMMENDATION, notices.home_affairs(), text, url, actor=user, plan=plan)
    return chosen


def _lock_many(user: User, plan_id: int, ids: Collection[int]) -> list[Commendation]:
    plan = rows.open_plan(plan_id)
    found = visible_commendations(user).filter(pk__in=ids, plan=plan).select_related("plan", "ward", "agency")
    chosen = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if len(chosen) != len(set(ids)):
        raise Commendation.DoesNotExist
    return chosen


def _names(chosen: list[Commendation]) -> str:
    more = f" và {len(chosen) - 5} trường hợp khác" if len(chosen) > 5 else ""
    return ", ".join(row.name for row in chosen[:5]) + more


@transaction.atomic
def withdraw(*, user: User, pk: int, version: int) -> Commendation:
    """Take a sent proposal back to the desk while the city has not judged it."""
    row = rows.lock_in_plan(visible_commendations(user), pk)
    if not may_send(user, row):
        raise Refusal("Chỉ người gửi đề nghị được rút lại: lãnh đạo xã, phường, hoặc cơ quan đề nghị.")
    rows.check_version(row, version)
    if row.state != State.SENT:
        raise Refusal(f"Đề nghị đang ở tình trạng “{row.get_state_display()}” nên không rút lại được.")
    rows.bump(row, state=State.DRAFT)
    rows.note(row.plan, KIND, user, row, f"Rút đề nghị khen thưởng “{row.name}”", action="withdrawn")
    return row


@transaction.atomic
def judge(
    *, user: User, plan_id: int, versions: Mapping[int, int], accept: bool, reason: str = ""
) -> list[Commendation]:
    """Home affairs accepts or declines these proposals, all or none; it may think again until a decision names them.

    Declining needs a reason; so does accepting one that the results do not carry. Raises InvalidInput, Refusal,
    Stale, and DoesNotExist for a row out of scope.
    """
    if not may_decide_commendation(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố xét đề nghị khen thưởng.")
    if not versions:
        raise InvalidInput("Đánh dấu ít nhất một đề nghị để xét.", "commendation")
    reason = clean(reason)
    if len(reason) > 2000:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa 2000.", "reason")
    chosen = _lock_many(user, plan_id, versions)
    state = State.ACCEPTED if accept else State.DECLINED
    for row in chosen:
        rows.check_version(row, versions[row.pk])
        _check_judgeable(row)
    if not accept and not reason:
        raise InvalidInput("Ghi lý do không đề nghị khen thưởng; nơi đề nghị đọc nguyên văn.", "reason")
    if accept and not reason:
        _check_results(user, chosen)
    for row in chosen:
        before = row.get_state_display()
        rows.bump(row, state=state, reason=reason)
        what = f"{'Chấp nhận' if accept else 'Không chấp nhận'} đề nghị khen thưởng “{row.name}”"
        changes = [("Tình trạng", before, row.get_state_display())]
        action = "accepted" if accept else "declined"
        rows.note(row.plan, KIND, user, row, what, action=action, reason=reason, changes=changes)
        if not accept:
            _tell_declined(user, row)
    return chosen


def _check_judgeable(row: Commendation) -> None:
    if row.decision_id:
        raise Refusal(f"“{row.name}” đã có trong một quyết định khen thưởng. Bỏ khỏi quyết định trước.")
    if row.state not in (State.SENT, State.ACCEPTED, State.DECLINED):
        raise Refusal(f"“{row.name}” đang ở tình trạng “{row.get_state_display()}” nên không xét được.")


def _check_results(user: User, chosen: list[Commendation]) -> None:
    against = [p for p in queries.checked(user, chosen[0].plan, chosen) if p.against and p.unit]
    if against:
        told = "; ".join(f"“{p.row.name}”: {', '.join(_against(p.unit))}" for p in against if p.unit)
        raise InvalidInput(f"Kết quả chưa đủ để khen thưởng: {told}. Nếu vẫn chấp nhận, ghi rõ lý do.", "reason")


def _against(unit: queries.UnitResult) -> list[str]:
    found = [] if unit.result == queries.RECOGNISED else [unit.verdict[:1].lower() + unit.verdict[1:]]
    return [*found, *(["có trường hợp không đảm bảo xảy ra"] if unit.occurring else [])]


def _tell_declined(user: User, row: Commendation) -> None:
    text = f"Đề nghị khen thưởng “{row.name}” không được chấp nhận: {row.reason}"
    url = reverse("assessments:commendation", args=[row.pk])
    notices.send(Notice.Kind.COMMENDATION, proposing_people(row), text, url, actor=user, plan=row.plan)


def proposing_people(row: Commendation) -> Any:
    """Who is told what became of the proposal."""
    if row.ward_id:
        return notices.ward_people(row.ward_id)
    return notices.agency_people(row.agency_id) if row.agency_id else notices.home_affairs()
