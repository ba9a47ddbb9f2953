"""The city's decision on the year's money: prepared by the finance agency, confirmed by a city leader."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import money, notices
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Attachment, BudgetDecision, BudgetEstimate, BudgetLine, Event, Notice, Plan
from assessments.permissions import (
    may_appraise_budget,
    may_confirm_budget,
    visible_budget_decisions,
    visible_estimates,
)
from assessments.year import files, rows
from assessments.year.budget import State, finance_people, tell
from localities.text import clean


@transaction.atomic
def record_decision(
    *, user: User, plan_id: int, decision: BudgetDecision, estimate_ids: Collection[int], version: int
) -> BudgetDecision:
    """Keep number, date, signer and estimates of a decision, new (`version` rows.NEW) or not yet confirmed.

    A line that joins is approved as it was appraised. Raises InvalidInput naming the field ("estimates" for the
    list), Refusal for an estimate that is not appraised or stands in another decision, Stale.
    """
    _require_right(user)
    decision.plan = rows.open_plan(plan_id, alone=True)
    fresh = decision.pk is None
    if fresh:
        decision.recorded_by = user
    else:
        decision.version = _locked(user, decision.pk, version).version + 1
    _check_paper(decision)
    if not estimate_ids:
        raise InvalidInput("Chọn ít nhất một dự toán đã thẩm định.", "estimates")
    before = set() if fresh else set(decision.estimates.values_list("pk", flat=True))
    wanted = set(estimate_ids)
    found = _lock_estimates(user, decision.plan, wanted | before)
    if not wanted <= set(found):
        raise BudgetEstimate.DoesNotExist
    for pk in wanted:
        _check_joins(found[pk], decision)
    decision.save()
    for pk in before - wanted:
        _leave(found[pk])
    for pk in wanted - before:
        _join(found[pk], decision)
    names = ", ".join(str(found[pk].ward) for pk in sorted(wanted, key=lambda pk: found[pk].ward.position))
    what = f"{'Ghi' if fresh else 'Sửa'} {_named(decision)}"
    changes = [("Dự toán", "", names), ("Trích yếu", "", decision.title)]
    action = "recorded" if fresh else "changed"
    rows.note(decision.plan, Event.Kind.BUDGET, user, decision, what, action=action, changes=changes)
    if fresh:
        _tell_leaders(decision, user)
    return decision


def _require_right(user: User) -> None:
    if not may_appraise_budget(user):
        raise Refusal("Chỉ cơ quan tài chính, kế hoạch lập quyết định phê duyệt kinh phí.")


def _locked(user: User, decision_id: int, version: int | None) -> BudgetDecision:
    """The unconfirmed decision, locked. Raises Refusal once it is confirmed, Stale for an older version."""
    decision = rows.lock_in_plan(visible_budget_decisions(user), decision_id)
    if decision.confirmed_at:
        raise Refusal("Quyết định đã được xác nhận nên không sửa được.")
    if version is not None:
        rows.check_version(decision, version)
    return decision


def _check_paper(decision: BudgetDecision) -> None:
    for name in ("number", "title", "signer_title", "signer_name"):
        setattr(decision, name, clean(getattr(decision, name)))
    if decision.number and not any(character.isdigit() for character in decision.number):
        raise InvalidInput("Số, ký hiệu cần có số, ví dụ 1234/QĐ-UBND.", "number")
    try:
        decision.full_clean(exclude=["confirmed_by", "recorded_by", "plan"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error
    start, today = decision.plan.issued_on, timezone.localdate()
    if not start <= decision.issued_on <= today:
        raise InvalidInput(f"Ngày ban hành phải từ ngày của kế hoạch ({start:%d/%m/%Y}) đến hôm nay.", "issued_on")
    same = BudgetDecision.objects.filter(plan=decision.plan, number=decision.number).exclude(pk=decision.pk)
    if same.exists():
        raise InvalidInput("Kế hoạch này đã có quyết định kinh phí cùng số.", "number")


def _lock_estimates(user: User, plan: Plan, ids: Collection[int]) -> dict[int, BudgetEstimate]:
    """Locked in the one order everybody uses."""
    seen = visible_estimates(user).filter(pk__in=ids, plan=plan).select_related("ward", "plan")
    return {row.pk: row for row in seen.select_for_update(of=("self",), no_key=True).order_by("pk")}


def _check_joins(estimate: BudgetEstimate, decision: BudgetDecision) -> None:
    if estimate.state != State.APPRAISED:
        raise Refusal(
            f"Dự toán của {estimate.ward} đang ở trạng thái “{estimate.get_state_display()}”; "
            "chỉ phê duyệt dự toán đã thẩm định."
        )
    if estimate.decision_id not in (None, decision.pk):
        raise Refusal(f"Dự toán của {estimate.ward} đã nằm trong một quyết định khác.")


def _join(estimate: BudgetEstimate, decision: BudgetDecision) -> None:
    rows.bump(estimate, decision=decision)
    lines = list(estimate.lines.all())
    for line in lines:
        line.approved, line.approved_note = line.appraised, ""
    BudgetLine.objects.bulk_update(lines, ["approved", "approved_note"])


def _leave(estimate: BudgetEstimate) -> None:
    rows.bump(estimate, decision=None)
    estimate.lines.update(approved=None, approved_note="")


def _named(decision: BudgetDecision) -> str:
    return f"quyết định kinh phí số {decision.number} ngày {decision.issued_on:%d/%m/%Y}"


def _tell_leaders(decision: BudgetDecision, actor: User) -> None:
    text = f"Quyết định kinh phí số {decision.number} năm {decision.plan.year} chờ xác nhận."
    url = reverse("assessments:budget_decision", args=[decision.pk])
    notices.send(Notice.Kind.BUDGET, notices.city_leaders(), text, url, actor=actor, plan=decision.plan)


@transaction.atomic
def set_approved(
    *, user: User, decision_id: int, estimate_id: int, said: Mapping[int, tuple[int, str]], version: int
) -> BudgetDecision:
    """Write what is approved of one estimate's lines, by their number: (amount, note).

    Raises InvalidInput (its field is the line's number) for another amount than was appraised without a reason.
    """
    _require_right(user)
    decision = _locked(user, decision_id, version)
    estimate = _lock_estimates(user, decision.plan, [estimate_id]).get(estimate_id)
    if estimate is None or estimate.decision_id != decision.pk:
        raise BudgetEstimate.DoesNotExist
    lines, changes = list(estimate.lines.order_by("position")), []
    if set(said) - {line.pk for line in lines}:
        raise BudgetLine.DoesNotExist
    for line in lines:
        amount, note = said.get(line.pk, (line.approved, line.approved_note))
        note = clean(note)
        _check_approved(line, amount, note)
        if (line.approved, line.approved_note) != (amount, note):
            before = money.dong(line.approved)
            changes.append((f"{estimate.ward}, dòng {line.position}", before, f"{money.dong(amount)} {note}".strip()))
            line.approved, line.approved_note = amount, note
    if changes:
        BudgetLine.objects.bulk_update(lines, ["approved", "approved_note"])
        rows.bump(decision)
        what = f"Sửa số phê duyệt trong {_named(decision)}"
        rows.note(decision.plan, Event.Kind.BUDGET, user, decision, what, action="amounts", changes=changes)
    return decision


def _check_approved(line: BudgetLine, amount: int | None, note: str) -> None:
    sentence = wrong(line, amount, note)
    if sentence:
        raise InvalidInput(sentence, str(line.pk))


def wrong(line: BudgetLine, amount: int | None, note: str) -> str:
    """Why this amount with this note cannot be approved of the line; "" when it can."""
    if amount is None or not 0 <= amount <= money.MOST:
        return f"Dòng {line.position}: nhập số phê duyệt từ 0 đến {money.dong(money.MOST)} đồng."
    if len(note) > 500:
        return f"Dòng {line.position}: ý kiến dài {len(note)} ký tự, tối đa 500."
    if amount != line.appraised and not note:
        return f"Dòng {line.position}: số phê duyệt khác số thẩm định {money.dong(line.appraised)} đồng. Ghi lý do."
    return ""


@transaction.atomic
def confirm_decision(*, user: User, decision_id: int, version: int) -> BudgetDecision:
    """A city leader confirms: the estimates are approved and never change again. Confirming again changes nothing."""
    if not may_confirm_budget(user):
        raise Refusal("Chỉ lãnh đạo thành phố xác nhận quyết định.")
    decision = rows.lock_in_plan(visible_budget_decisions(user), decision_id)
    if decision.confirmed_at:
        return decision
    if decision.version != version:
        raise Stale("Cơ quan tài chính vừa sửa quyết định này. Xem bản mới rồi xác nhận.")
    ids = decision.estimates.values_list("pk", flat=True)
    estimates = _lock_estimates(user, decision.plan, list(ids)).values()
    unsaid = BudgetLine.objects.filter(estimate__decision=decision, approved__isnull=True)
    if not estimates or unsaid.exists() or any(row.state != State.APPRAISED for row in estimates):
        raise Refusal("Có dự toán trong quyết định chưa đủ số phê duyệt. Cơ quan tài chính kiểm tra lại.")
    # The decision first: its estimates are fixed with all they hold once they say that they are approved.
    rows.bump(decision, confirmed_by=user, confirmed_at=timezone.now())
    for estimate in estimates:
        rows.bump(estimate, state=State.APPROVED)
        total = money.dong(sum(estimate.lines.values_list("approved", flat=True)))
        what = f"Phê duyệt dự toán {estimate.ward}: {total} đồng, Quyết định số {decision.number}"
        rows.note(decision.plan, Event.Kind.BUDGET, user, estimate, what, action="approved")
        text = f"Dự toán năm {decision.plan.year} của {estimate.ward} được phê duyệt: {total} đồng."
        tell(estimate, notices.ward_people(estimate.ward_id), text, user)
    what = f"Xác nhận {_named(decision)}"
    rows.note(decision.plan, Event.Kind.BUDGET, user, decision, what, action="confirmed")
    text = f"Quyết định kinh phí số {decision.number} năm {decision.plan.year} đã được xác nhận."
    url = reverse("assessments:budget_decision", args=[decision.pk])
    notices.send(Notice.Kind.BUDGET, finance_people(), text, url, actor=user, plan=decision.plan)
    return decision


@transaction.atomic
def drop_decision(*, user: User, decision_id: int, version: int) -> None:
    """The finance agency takes an unconfirmed decision back; its estimates are appraised as before.

    Raises Refusal once a signed paper is attached: papers are kept, and so is what they belong to.
    """
    _require_right(user)
    decision = _locked(user, decision_id, version)
    if decision.attachments.exists():
        raise Refusal("Quyết định đã có bản ký đính kèm nên không bỏ được; có thể sửa số, ngày và danh sách.")
    ids = list(decision.estimates.values_list("pk", flat=True))
    for estimate in _lock_estimates(user, decision.plan, ids).values():
        _leave(estimate)
    what = f"Bỏ {_named(decision)} chưa xác nhận"
    rows.note(decision.plan, Event.Kind.BUDGET, user, decision, what, action="dropped")
    # Nobody is led to a decision that is no more.
    url = reverse("assessments:budget_decision", args=[decision.pk])
    Notice.objects.filter(url=url, read_at__isnull=True).delete()
    decision.delete()


def attach_decision(*, user: User, decision_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed decision. Raises Refusal without the right, InvalidInput for anything but a whole PDF."""
    found = visible_budget_decisions(user).select_related("plan").get(pk=decision_id)
    _require_right(user)
    return files.add_file(
        user=user,
        target="budget_decision",
        visible=visible_budget_decisions(user),
        pk=decision_id,
        plan=found.plan,
        kind=Event.Kind.BUDGET,
        file=file,
    )
