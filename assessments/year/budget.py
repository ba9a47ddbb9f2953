"""The ward's estimate: writing its lines, sending it, and the day on which its paper came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from assessments import money, notices
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Attachment, BudgetEstimate, BudgetLine, Event, Notice, Plan
from assessments.permissions import (
    may_appraise_budget,
    may_receive,
    may_send_for_ward,
    may_write_estimate,
    visible_estimates,
)
from assessments.year import files, paper_day, rows
from localities.models import Unit, Ward
from localities.text import clean

State = BudgetEstimate.State
OPEN = (State.DRAFT, State.RETURNED)
LINES_MOST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the ward writes it; `pk` names the stored line that it continues."""

    content: str
    measure: str
    quantity: Decimal
    unit_price: int
    sources: money.Sources = field(default_factory=money.Sources)
    unit_id: int | None = None
    pk: int | None = None


@transaction.atomic
def save_estimate(
    *,
    user: User,
    plan_id: int,
    number: str,
    signed_on: date | None,
    explanation: str,
    lines: Sequence[Line],
    version: int,
) -> BudgetEstimate:
    """Write the ward's own estimate of the plan (`version` rows.NEW: the first time), its lines in this order.

    What was appraised of a line that stays as it was is kept. Raises InvalidInput ("lines" with the number of the
    line in its sentence), Refusal once it was sent, Stale when somebody changed it since.
    """
    if not may_write_estimate(user) or user.ward_id is None:
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường lập dự toán của xã, phường mình.")
    plan = rows.open_plan(plan_id, alone=True)
    rows.require_there(plan, Ward.objects.get(pk=user.ward_id))
    estimate, before = _opened(user, plan, version)
    estimate.number, estimate.signed_on, estimate.explanation = clean(number), signed_on, clean(explanation)
    _check_paper(estimate)
    checked = _checked_lines(user.ward_id, lines)
    if version == rows.NEW:
        estimate.save()
        event = ("made", f"Lập dự toán kinh phí {estimate.ward}")
    else:
        rows.bump(estimate, number=estimate.number, signed_on=estimate.signed_on, explanation=estimate.explanation)
        event = ("changed", f"Sửa dự toán kinh phí {estimate.ward}")
    _write_lines(estimate, checked)
    changes = [change for change in zip(_LABELS, before, _told(estimate), strict=True) if change[1] != change[2]]
    if changes:
        rows.note(plan, Event.Kind.BUDGET, user, estimate, event[1], action=event[0], changes=changes)
    return estimate


_LABELS = ("Số, ký hiệu", "Ngày ký", "Thuyết minh", "Số dòng", "Tổng đề nghị", "Các dòng")


def _told(estimate: BudgetEstimate) -> list[str]:
    """What the record keeps of an estimate, as people read it."""
    lines = list(estimate.lines.order_by("position"))
    day = estimate.signed_on
    listed = "; ".join(f"{line.content}: {money.dong(line.asked)}" for line in lines)
    return [
        estimate.number,
        f"{day:%d/%m/%Y}" if day else "",
        estimate.explanation,
        str(len(lines)),
        money.dong(sum(line.asked for line in lines)),
        listed,
    ]


def _opened(user: User, plan: Plan, version: int) -> tuple[BudgetEstimate, list[str]]:
    """The estimate to be written, locked (or fresh), with what it said before."""
    assert user.ward is not None
    if version == rows.NEW:
        if BudgetEstimate.objects.filter(plan=plan, ward=user.ward).exists():
            raise Stale("Dự toán năm này vừa được người khác lập. Mở dự toán để xem; nội dung bạn nhập vẫn còn ở đây.")
        return BudgetEstimate(plan=plan, ward=user.ward), [""] * len(_LABELS)
    pk = BudgetEstimate.objects.values_list("pk", flat=True).get(plan=plan, ward=user.ward)
    estimate = lock(user, pk)
    if estimate.state not in OPEN:
        raise Refusal(f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không sửa được.")
    rows.check_version(estimate, version)
    return estimate, _told(estimate)


def lock(user: User, pk: int) -> BudgetEstimate:
    """The estimate with its ward, locked, and its plan held open, if it exists for this person."""
    return rows.lock_in_plan(visible_estimates(user).select_related("ward"), pk)


def _check_paper(estimate: BudgetEstimate) -> None:
    if estimate.signed_on and not date(2000, 1, 1) <= estimate.signed_on <= timezone.localdate():
        raise InvalidInput("Ngày ký phải từ năm 2000 đến hôm nay.", "signed_on")
    try:
        estimate.full_clean(exclude=["plan", "ward", "submitted_by", "appraised_by", "decision"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _checked_lines(ward_id: int, lines: Sequence[Line]) -> list[BudgetLine]:
    if len(lines) > LINES_MOST:
        raise InvalidInput(f"Dự toán có tối đa {LINES_MOST} dòng.", "lines")
    units = set(Unit.objects.filter(ward=ward_id).values_list("pk", flat=True))
    found = []
    for position, line in enumerate(lines, 1):
        try:
            found.append(_checked(position, line, units))
        except money.BadAmount as error:
            raise InvalidInput(f"Dòng {position}: {error.message}", "lines") from error
        except ValidationError as error:
            raise InvalidInput(f"Dòng {position}: {' '.join(error.messages)}", "lines") from error
    return found


def _checked(position: int, line: Line, units: set[int]) -> BudgetLine:
    content, measure = clean(line.content), clean(line.measure)
    if not content or not measure:
        raise money.BadAmount("nhập nội dung và đơn vị tính.")
    if line.unit_id is not None and line.unit_id not in units:
        raise money.BadAmount("chọn tổ dân phố, bản của xã, phường mình.")
    if line.quantity <= 0:
        raise money.BadAmount("số lượng phải lớn hơn 0.")
    asked = money.product(line.quantity, line.unit_price)
    money.check_sources(asked, line.sources)
    made = BudgetLine(
        pk=line.pk,
        position=position,
        content=content,
        measure=measure,
        unit_id=line.unit_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        asked=asked,
        state_budget=line.sources.state_budget,
        social=line.sources.social,
        other=line.sources.other,
    )
    made.clean_fields(exclude=["estimate", "unit", "id"])
    return made


# A line is the same line for the appraisal as long as these are.
_MONEY = ("content", "measure", "unit_id", "quantity", "unit_price", "state_budget", "social", "other")


def _write_lines(estimate: BudgetEstimate, lines: Iterable[BudgetLine]) -> None:
    """Replace the stored lines; what was said of an unchanged one stays with it."""
    stored = {line.pk: line for line in estimate.lines.all()}
    kept: list[BudgetLine] = []
    fresh: list[BudgetLine] = []
    for line in lines:
        old = stored.pop(line.pk, None) if line.pk else None
        line.estimate = estimate
        if old is None:
            line.pk = None
            fresh.append(line)
            continue
        if all(getattr(old, name) == getattr(line, name) for name in _MONEY):
            line.appraised, line.appraised_note = old.appraised, old.appraised_note
        kept.append(line)
    BudgetLine.objects.filter(pk__in=list(stored)).delete()
    # One by one changed places would stand twice for a moment; the constraint waits for the end.
    BudgetLine.objects.bulk_update(
        kept, [*(n.removesuffix("_id") for n in _MONEY), "position", "asked", "appraised", "appraised_note"]
    )
    BudgetLine.objects.bulk_create(fresh)


@transaction.atomic
def send_estimate(*, user: User, estimate_id: int, version: int) -> BudgetEstimate:
    """The ward's leader sends the estimate to the finance agency. Raises Refusal without lines or once it was sent."""
    estimate = lock(user, estimate_id)
    if not may_send_for_ward(user, estimate.ward):
        raise Refusal("Chỉ lãnh đạo xã, phường gửi dự toán.")
    if estimate.state not in OPEN:
        raise Refusal(f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không gửi lại được.")
    rows.check_version(estimate, version)
    asked = [line.asked for line in estimate.lines.all()]
    if not asked:
        raise Refusal("Dự toán chưa có dòng nào. Nhập ít nhất một dòng rồi gửi.")
    rows.bump(
        estimate,
        state=State.SUBMITTED,
        submitted_at=timezone.now(),
        submitted_by=user,
        received_on=timezone.localdate(),
    )
    what = f"Gửi dự toán kinh phí {estimate.ward}, {len(asked)} dòng, {money.dong(sum(asked))} đồng"
    rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="sent")
    tell(estimate, finance_people(), f"{estimate.ward} gửi dự toán năm {estimate.plan.year} để thẩm định.", user)
    return estimate


def finance_people() -> Iterable[User]:
    """Whoever appraises budgets."""
    return User.objects.filter(is_active=True, role=Role.FINANCE_PLANNING)


def tell(estimate: BudgetEstimate, to: Iterable[User], text: str, actor: User) -> None:
    """A notice that leads to the estimate."""
    url = reverse("assessments:estimate", args=[estimate.pk])
    notices.send(Notice.Kind.BUDGET, to, text, url, actor=actor, plan=estimate.plan)


@transaction.atomic
def state_paper_day(*, user: User, estimate_id: int, received_on: date, reason: str, version: int) -> BudgetEstimate:
    """Home affairs says on which earlier day the paper copy came; that day decides whether it was in time.

    Raises InvalidInput as paper_day.checked, Refusal while it is not sent, with its ward again, or once approved.
    """
    estimate = lock(user, estimate_id)
    if not may_receive(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố ghi ngày nhận bản giấy.")
    if estimate.state == State.APPROVED or estimate.state in OPEN:
        raise Refusal("Chỉ ghi ngày nhận bản giấy của dự toán đã gửi và chưa phê duyệt.")
    rows.check_version(estimate, version)
    reason = paper_day.checked(estimate, received_on, reason)
    changes = [paper_day.change(estimate.received_on, received_on)]
    rows.bump(estimate, received_on=received_on)
    what = f"Ghi ngày nhận bản giấy dự toán {estimate.ward}"
    rows.note(estimate.plan, Event.Kind.BUDGET, user, estimate, what, action="received", reason=reason, changes=changes)
    return estimate


def attach_estimate(*, user: User, estimate_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed estimate or submission letter: the ward's people, and the finance agency its paper.

    Raises Refusal without the right, InvalidInput for anything but a whole PDF.
    """
    found = visible_estimates(user).select_related("plan", "ward").get(pk=estimate_id)
    if not may_attach(user, found):
        raise Refusal("Chỉ xã, phường lập dự toán và cơ quan tài chính đính kèm bản ký.")
    return files.add_file(
        user=user,
        target="estimate",
        visible=visible_estimates(user),
        pk=estimate_id,
        plan=found.plan,
        kind=Event.Kind.BUDGET,
        file=file,
    )


def may_attach(user: User, estimate: BudgetEstimate) -> bool:
    """Whether the person adds signed papers to this estimate."""
    return may_write_estimate(user, estimate.ward) or may_appraise_budget(user)
