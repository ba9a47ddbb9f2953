"""The finance agency's part: appraising an estimate line by line, giving it back, taking its own result back."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import money, notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import BudgetEstimate, BudgetLine, Event
from assessments.permissions import may_appraise_budget
from assessments.year import rows
from assessments.year.budget import State, lock, tell
from localities.text import clean

NOTE_LIMIT = 500


@transaction.atomic
def appraise(
    *,
    user: User,
    estimate_id: int,
    said: Mapping[int, tuple[int | None, str]],
    note: str,
    version: int,
    rest_as_asked: bool = False,
    finish: bool = False,
) -> BudgetEstimate:
    """Write what was appraised of lines, by their number: (amount or None, note).

    With `rest_as_asked` every line still without an amount gets what was asked; with `finish` the appraisal ends.
    Raises InvalidInput (its field is the line's number) for more than asked without a reason, Refusal when a line is
    missing at the end, Stale when somebody changed the estimate.
    """
    estimate = _locked(user, estimate_id, version)
    lines = list(estimate.lines.order_by("position"))
    if set(said) - {line.pk for line in lines}:
        raise BudgetLine.DoesNotExist
    changes = []
    for line in lines:
        amount, remark = said.get(line.pk, (line.appraised, line.appraised_note))
        if amount is None and rest_as_asked:
            amount = line.asked
        remark = clean(remark)
        _check(line, amount, remark)
        if (line.appraised, line.appraised_note) != (amount, remark):
            before = _words(line.appraised, line.appraised_note)
            changes.append((f"Dòng {line.position}", before, _words(amount, remark)))
            line.appraised, line.appraised_note = amount, remark
    if finish and any(line.appraised is None for line in lines):
        left = [str(line.position) for line in lines if line.appraised is None]
        raise Refusal(f"Chưa thẩm định dòng {', '.join(left)}. Nhập số thẩm định hoặc bấm “Đồng ý như đề nghị”.")
    BudgetLine.objects.bulk_update(lines, ["appraised", "appraised_note"])
    _finish(estimate, user, clean(note), changes, lines) if finish else _keep(estimate, user, clean(note), changes)
    return estimate


def _locked(user: User, estimate_id: int, version: int) -> BudgetEstimate:
    estimate = lock(user, estimate_id)
    if not may_appraise_budget(user):
        raise Refusal("Chỉ cơ quan tài chính, kế hoạch thẩm định dự toán.")
    if estimate.state != State.SUBMITTED:
        raise Refusal(f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không thẩm định được.")
    rows.check_version(estimate, version)
    return estimate


def _check(line: BudgetLine, amount: int | None, note: str) -> None:
    sentence = wrong(line, amount, note)
    if sentence:
        raise InvalidInput(sentence, str(line.pk))


def wrong(line: BudgetLine, amount: int | None, note: str) -> str:
    """Why this amount with this note cannot be the line's appraisal; "" when it can."""
    if len(note) > NOTE_LIMIT:
        return f"Dòng {line.position}: ý kiến dài {len(note)} ký tự, tối đa {NOTE_LIMIT}."
    if amount is None:
        return ""
    if not 0 <= amount <= money.MOST:
        return f"Dòng {line.position}: số tiền phải từ 0 đến {money.dong(money.MOST)} đồng."
    if amount > line.asked and not note:
        return (
            f"Dòng {line.position}: số thẩm định {money.dong(amount)} đồng cao hơn số đề nghị "
            f"{money.dong(line.asked)} đồng. Ghi lý do ở ô ý kiến."
        )
    return ""


def _words(amount: int | None, note: str) -> str:
    return " - ".join(filter(None, (money.dong(amount), note)))


def _keep(estimate: BudgetEstimate, user: User, note: str, changes: list[tuple[str, str, str]]) -> None:
    if estimate.appraisal_note != note:
        changes.append(("Ý kiến chung", estimate.appraisal_note, note))
    if changes:
        rows.bump(estimate, appraisal_note=note)
        what = f"Thẩm định dự toán {estimate.ward}"
        rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="appraising", changes=changes)


def _finish(
    estimate: BudgetEstimate, user: User, note: str, changes: list[tuple[str, str, str]], lines: list[BudgetLine]
) -> None:
    if estimate.appraisal_note != note:
        changes.append(("Ý kiến chung", estimate.appraisal_note, note))
    rows.bump(estimate, state=State.APPRAISED, appraised_at=timezone.now(), appraised_by=user, appraisal_note=note)
    total = money.dong(sum(line.appraised or 0 for line in lines))
    what = f"Thẩm định xong dự toán {estimate.ward}: {total} đồng"
    rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="appraised", changes=changes)
    text = f"Dự toán năm {estimate.plan.year} của {estimate.ward} đã thẩm định: {total} đồng."
    tell(estimate, notices.ward_people(estimate.ward_id), text, user)


@transaction.atomic
def return_estimate(*, user: User, estimate_id: int, reason: str, version: int) -> BudgetEstimate:
    """Give the estimate back to its ward with a reason; what was appraised so far stays with lines left unchanged."""
    estimate = _locked(user, estimate_id, version)
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Ghi rõ lý do trả lại.", "reason")
    if len(reason) > 2000:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa 2000.", "reason")
    rows.bump(estimate, state=State.RETURNED, return_reason=reason)
    what = f"Trả lại dự toán {estimate.ward}"
    rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="returned", reason=reason)
    text = f"Dự toán năm {estimate.plan.year} của {estimate.ward} được trả lại: {reason}"
    tell(estimate, notices.ward_people(estimate.ward_id), text, user)
    return estimate


@transaction.atomic
def reopen(*, user: User, estimate_id: int, reason: str, version: int) -> BudgetEstimate:
    """The finance agency takes its own finished appraisal back, as long as no decision holds it."""
    estimate = lock(user, estimate_id)
    if not may_appraise_budget(user):
        raise Refusal("Chỉ cơ quan tài chính, kế hoạch mở lại thẩm định.")
    if estimate.state != State.APPRAISED:
        raise Refusal(f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không mở lại được.")
    if estimate.decision_id is not None:
        raise Refusal("Dự toán đã nằm trong một quyết định. Đưa ra khỏi quyết định trước khi mở lại thẩm định.")
    rows.check_version(estimate, version)
    reason = clean(reason)[:2000]
    if not reason:
        raise InvalidInput("Ghi rõ lý do mở lại thẩm định.", "reason")
    rows.bump(estimate, state=State.SUBMITTED, appraised_at=None, appraised_by=None)
    what = f"Mở lại thẩm định dự toán {estimate.ward}"
    rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="reopened", reason=reason)
    text = f"Thẩm định dự toán năm {estimate.plan.year} của {estimate.ward} được mở lại: {reason}"
    tell(estimate, notices.ward_people(estimate.ward_id), text, user)
    return estimate
