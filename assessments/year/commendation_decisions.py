"""The decision that commends: recorded by home affairs, confirmed by a city leader, then fixed with all it names."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Attachment, Commendation, CommendationDecision, Event, Notice, Plan
from assessments.permissions import (
    may_confirm_commendation,
    may_decide_commendation,
    visible_commendation_decisions,
    visible_commendations,
)
from assessments.year import files, rows
from assessments.year.commendations import KIND, State, proposing_people
from localities.text import clean

FIELDS = ("number", "issued_on", "title", "signer_title", "signer_name")
LABELS = {
    "number": "Số, ký hiệu",
    "issued_on": "Ngày ban hành",
    "title": "Trích yếu",
    "signer_title": "Chức vụ người ký",
    "signer_name": "Người ký",
}


@transaction.atomic
def record(
    *, user: User, plan_id: int, decision: CommendationDecision, ids: Collection[int], version: int | None = None
) -> CommendationDecision:
    """Keep number, date and list of a decision (new, or not yet confirmed).

    Raises InvalidInput for a bad number or date or an empty list, Refusal for a proposal that is not accepted or
    stands in another decision, Stale.
    """
    _require_right(user)
    plan = decision.plan = rows.open_plan(plan_id, alone=True)
    new, before = decision.pk is None, {}
    if new:
        decision.recorded_by = user
    else:
        current = _open(user, decision.pk, version)
        before, decision.version = _facts(current), current.version
    _check_paper(decision)
    chosen, left = _lock_rows(user, decision, ids)
    if new:
        decision.save()
    else:
        rows.bump(decision, **{name: getattr(decision, name) for name in FIELDS})
    for row in left:
        rows.bump(row, decision=None)
        rows.note(plan, KIND, user, row, f"Bỏ “{row.name}” khỏi {_told(decision)}", action="left")
    for row in chosen:
        if row.decision_id != decision.pk:
            rows.bump(row, decision=decision)
            rows.note(plan, KIND, user, row, f"Đưa “{row.name}” vào {_told(decision)}", action="listed")
    after = _facts(decision)
    changes = [(LABELS[name], before.get(name, ""), after[name]) for name in FIELDS if before.get(name) != after[name]]
    what = f"{'Ghi' if new else 'Sửa'} {_told(decision)}: {len(chosen)} tập thể, cá nhân"
    rows.note(plan, KIND, user, decision, what, action="recorded" if new else "changed", changes=changes)
    url = reverse("assessments:commendation_decision", args=[decision.pk])
    text = f"{decision} về khen thưởng chờ xác nhận: {len(chosen)} tập thể, cá nhân."
    notices.send(
        Notice.Kind.COMMENDATION, notices.city_leaders(), text, url, actor=user, plan=plan,
        key=f"commendation-decision-{decision.pk}",
    )  # fmt: skip
    return decision


def _told(decision: CommendationDecision) -> str:
    return f"quyết định khen thưởng số {decision.number}"


def _require_right(user: User) -> None:
    if not may_decide_commendation(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố ghi quyết định khen thưởng.")


def _open(user: User, pk: int, version: int | None) -> CommendationDecision:
    found = rows.lock_in_plan(visible_commendation_decisions(user), pk)
    if found.confirmed_at:
        raise Refusal("Quyết định đã được xác nhận nên không thay đổi được nữa.")
    if version is not None:
        rows.check_version(found, version)
    return found


def _facts(decision: CommendationDecision) -> dict[str, str]:
    day: date = decision.issued_on
    return {name: str(getattr(decision, name)) for name in FIELDS} | {"issued_on": f"{day:%d/%m/%Y}"}


def _check_paper(decision: CommendationDecision) -> None:
    for name in ("number", "title", "signer_title", "signer_name"):
        setattr(decision, name, clean(getattr(decision, name) or ""))
    if decision.number and not any(character.isdigit() for character in decision.number):
        raise InvalidInput("Số, ký hiệu cần có số, ví dụ 1234/QĐ-UBND.", "number")
    day, start = decision.issued_on, decision.plan.issued_on
    if day and day > timezone.localdate():
        raise InvalidInput("Ngày ban hành không được sau ngày hôm nay.", "issued_on")
    if day and day < start:
        raise InvalidInput(f"Ngày ban hành không được trước ngày của kế hoạch ({start:%d/%m/%Y}).", "issued_on")
    try:
        decision.full_clean(exclude=["confirmed_by"])
    except ValidationError as error:
        # A number used twice belongs to the number's field, though the constraint names none.
        field = next(iter(error.message_dict), "")
        raise InvalidInput(" ".join(error.messages), "number" if field == "__all__" else field) from error


def _lock_rows(
    user: User, decision: CommendationDecision, ids: Collection[int]
) -> tuple[list[Commendation], list[Commendation]]:
    """The chosen proposals, all accepted and in no other decision, and those that leave this one."""
    if not ids:
        raise InvalidInput("Chọn ít nhất một tập thể hoặc cá nhân.", "commendation")
    wanted = set(ids)
    old = set(decision.commendations.values_list("pk", flat=True)) if decision.pk else set()
    found = visible_commendations(user).filter(pk__in=wanted | old, plan=decision.plan)
    locked = list(found.select_for_update(of=("self",), no_key=True).order_by("pk"))
    chosen = [row for row in locked if row.pk in wanted]
    if len(chosen) != len(wanted):
        raise Commendation.DoesNotExist
    for row in chosen:
        if row.state != State.ACCEPTED:
            raise Refusal(f"“{row.name}” không ở tình trạng “Đủ điều kiện” (hiện: “{row.get_state_display()}”).")
        if row.decision_id not in (None, decision.pk):
            raise Refusal(f"“{row.name}” đã có trong một quyết định khác.")
    return chosen, [row for row in locked if row.pk not in wanted]


@transaction.atomic
def drop(*, user: User, pk: int, version: int | None = None) -> Plan:
    """Home affairs takes an unconfirmed decision back; what it named is free again.

    Raises Refusal once a signed paper is attached: papers are kept for ever, and so is what they belong to.
    """
    _require_right(user)
    decision = _open(user, pk, version)
    plan = decision.plan
    if decision.attachments.exists():
        raise Refusal("Quyết định đã có bản ký đính kèm nên không bỏ được; có thể sửa số, ngày và danh sách.")
    named = visible_commendations(user).filter(decision=decision).select_for_update(of=("self",), no_key=True)
    for row in named.order_by("pk"):
        rows.bump(row, decision=None)
    rows.note(plan, KIND, user, decision, f"Bỏ {_told(decision)} chưa xác nhận", action="dropped")
    url = reverse("assessments:commendation_decision", args=[decision.pk])
    Notice.objects.filter(url=url, read_at__isnull=True).delete()
    decision.delete()
    return plan


@transaction.atomic
def confirm(*, user: User, pk: int, version: int | None = None) -> CommendationDecision:
    """The city's leader confirms: everybody it names is commended, once and for all. Again changes nothing."""
    if not may_confirm_commendation(user):
        raise Refusal("Chỉ lãnh đạo thành phố xác nhận quyết định khen thưởng.")
    decision = rows.lock_in_plan(visible_commendation_decisions(user), pk)
    if decision.confirmed_at:
        return decision
    if version is not None:
        rows.check_version(decision, version)
    named = decision.commendations.select_related("ward", "agency", "unit")
    chosen = list(named.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not chosen:
        raise Refusal("Quyết định chưa có tập thể, cá nhân nào.")
    for row in chosen:
        if row.state != State.ACCEPTED:
            raise Refusal(f"“{row.name}” không còn ở tình trạng “Đủ điều kiện”.")
    # The rows first: a confirmed decision, and what is awarded, never change again.
    for row in chosen:
        rows.bump(row, state=State.AWARDED)
        what = f"Khen thưởng “{row.name}” theo {_told(decision)}"
        rows.note(decision.plan, KIND, user, row, what, action="awarded")
    rows.bump(decision, confirmed_by=user, confirmed_at=timezone.now())
    what = f"Xác nhận {_told(decision)}: {len(chosen)} tập thể, cá nhân"
    rows.note(decision.plan, KIND, user, decision, what, action="confirmed")
    _tell(user, decision, chosen)
    return decision


def _tell(user: User, decision: CommendationDecision, chosen: list[Commendation]) -> None:
    """Proposers, and the wards whose units or people are commended: each office one notice with its names."""
    told: dict[int, tuple[User, list[str]]] = {}
    for row in chosen:
        people = list(proposing_people(row))
        if row.unit is not None and row.unit.ward_id != row.ward_id:
            people += list(notices.ward_people(row.unit.ward_id))
        for one in people:
            told.setdefault(one.pk, (one, []))[1].append(row.name)
    url = reverse("assessments:commendation_decision", args=[decision.pk])
    for one, names in told.values():
        text = f"{decision}: khen thưởng {', '.join(dict.fromkeys(names))}."
        notices.send(Notice.Kind.COMMENDATION, [one], text, url, actor=user, plan=decision.plan)


def attach(*, user: User, pk: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed decision; (attachment, is new). Raises InvalidInput for anything but a PDF."""
    if not (may_decide_commendation(user) or may_confirm_commendation(user)):
        raise Refusal("Chỉ cơ quan nội vụ và lãnh đạo thành phố đính kèm bản ký của quyết định.")
    visible = visible_commendation_decisions(user)
    plan = visible.select_related("plan").get(pk=pk).plan
    return files.add_file(
        user=user,
        target="commendation_decision",
        visible=visible,
        pk=pk,
        plan=plan,
        kind=Event.Kind.ATTACHED,
        file=file,
    )
