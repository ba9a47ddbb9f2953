"""A ward's detailed plan: written by its people, sent by its leader, taken or given back by home affairs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import (
    Attachment,
    Event,
    Milestone,
    Notice,
    Plan,
    Registration,
    WardPlan,
    WardPlanTask,
    WardPlanUnit,
)
from assessments.permissions import may_receive, may_send_for_ward, may_write_ward_plan, visible_ward_plans
from assessments.queries.year import milestone
from assessments.queries.year.ward_plans import earlier_plan, missing_for_sending
from assessments.year import files, paper_day, rows
from assessments.year.city_plans import moved
from assessments.year.year_words import moved_text
from localities.models import Ward
from localities.text import clean

MOST_TASKS = 60
State = WardPlan.State
_OPEN = (State.DRAFT, State.RETURNED)
_TEXTS = {"goals": ("Mục tiêu", 8000), "measures": ("Giải pháp", 8000), "funding": ("Kinh phí", 4000)}


@dataclass(frozen=True, slots=True)
class Content:
    """The plan's own words."""

    number: str = ""
    signed_on: date | None = None
    goals: str = ""
    measures: str = ""
    funding: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One line as the ward writes it; `pk` where it is there already."""

    content: str
    responsible: str
    partners: str = ""
    due_on: date | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a task is."""

    pk: int
    state: str
    done_on: date | None = None
    result: str = ""


@transaction.atomic
def save(*, user: User, plan_id: int, version: int, content: Content, tasks: Iterable[Task]) -> WardPlan:
    """Write the own ward's plan with its tasks in the order given; `version` is rows.NEW for a first one.

    Raises InvalidInput naming the field ("tasks" for the list), Stale, Refusal once it is with the city.
    """
    plan, ward, found = _own(user, plan_id)
    checked, lines = _checked(plan, content), _checked_tasks(plan, list(tasks))
    if found is None:
        if version != rows.NEW:
            raise WardPlan.DoesNotExist
        made = WardPlan.objects.create(plan=plan, ward=ward, **checked)
        _write_tasks(made, lines)
        _note(made, user, f"Soạn kế hoạch của {ward}", "written", changes=_said(made, {}, checked, [], lines))
        return made
    rows.check_version(found, version)
    _check_open(found)
    before = {name: getattr(found, name) for name in checked}
    old = list(found.task_lines.order_by("position", "pk"))
    _write_tasks(found, lines)
    rows.bump(found, **checked)
    changes = _said(found, before, checked, [_line(task) for task in old], lines)
    if changes:
        _note(found, user, f"Sửa kế hoạch của {ward}", "written", changes=changes)
    return found


def _own(user: User, plan_id: int) -> tuple[Plan, Ward, WardPlan | None]:
    """The city's plan held open, ward and the ward's plan locked: the ward first, so that a double click makes one."""
    if user.ward_id is None or not may_write_ward_plan(user):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường soạn kế hoạch của xã, phường mình.")
    plan = rows.open_plan(plan_id)
    ward = Ward.objects.select_for_update(no_key=True).get(pk=user.ward_id)
    rows.require_there(plan, ward)
    found = visible_ward_plans(user).filter(plan=plan).first()
    if found is not None:
        found = rows.lock(visible_ward_plans(user), found.pk)
        found.plan, found.ward = plan, ward
    return plan, ward, found


def _check_open(ward_plan: WardPlan) -> None:
    if ward_plan.state not in _OPEN:
        raise Refusal("Kế hoạch đã gửi thành phố. Muốn sửa, đề nghị Phòng Nội vụ trả lại.")


def _checked(plan: Plan, content: Content) -> dict[str, Any]:
    number = clean(content.number)
    if len(number) > 50:
        raise InvalidInput("Số, ký hiệu dài tối đa 50 ký tự.", "number")
    signed_on = content.signed_on
    if signed_on is not None and signed_on > timezone.localdate():
        raise InvalidInput("Ngày ký không được sau hôm nay.", "signed_on")
    if signed_on is not None and signed_on < plan.issued_on:
        raise InvalidInput(f"Ngày ký đứng trước ngày của kế hoạch thành phố ({plan.issued_on:%d/%m/%Y}).", "signed_on")
    said: dict[str, Any] = {"number": number, "signed_on": signed_on}
    for name, (label, longest) in _TEXTS.items():
        said[name] = clean(getattr(content, name))
        if len(said[name]) > longest:
            raise InvalidInput(f"{label} dài {len(said[name])} ký tự, tối đa {longest}.", name)
    return said


def _checked_tasks(plan: Plan, tasks: list[Task]) -> list[Task]:
    if len(tasks) > MOST_TASKS:
        raise InvalidInput(f"Kế hoạch có tối đa {MOST_TASKS} nhiệm vụ.", "tasks")
    checked = [Task(clean(t.content), clean(t.responsible), clean(t.partners), t.due_on, t.pk) for t in tasks]
    for number, task in enumerate(checked, 1):
        if not task.content or not task.responsible:
            raise InvalidInput(f"Nhiệm vụ {number} cần nội dung và người, bộ phận phụ trách.", "tasks")
        if len(task.content) > 500 or len(task.responsible) > 200 or len(task.partners) > 300:
            raise InvalidInput(f"Nhiệm vụ {number}: nội dung tối đa 500, phụ trách 200, phối hợp 300 ký tự.", "tasks")
        sentence = due_problem(plan, task.due_on)
        if sentence:
            raise InvalidInput(f"Nhiệm vụ {number}: {sentence[:1].lower()}{sentence[1:]}", "tasks")
    return checked


def due_problem(plan: Plan, due_on: date | None) -> str:
    """Why a task cannot be due then; "" when it can."""
    fits = due_on is None or due_on.year in (plan.year, plan.year + 1)
    return "" if fits else f"Thời hạn phải thuộc năm {plan.year} hoặc {plan.year + 1}."


def _write_tasks(ward_plan: WardPlan, tasks: Sequence[Task]) -> None:
    """Lines that are there keep their state; what is not in the list any more goes."""
    there = {task.pk: task for task in ward_plan.task_lines.all()}
    kept = {task.pk for task in tasks if task.pk is not None}
    if not kept <= there.keys():
        raise InvalidInput("Danh sách nhiệm vụ vừa thay đổi. Tải lại trang rồi nhập lại.", "tasks")
    ward_plan.task_lines.exclude(pk__in=kept).delete()
    for position, task in enumerate(tasks, 1):
        row = there[task.pk] if task.pk is not None else WardPlanTask(ward_plan=ward_plan)
        row.position, row.content, row.responsible = position, task.content, task.responsible
        row.partners, row.due_on = task.partners, task.due_on
        row.save()


def _line(task: Task | WardPlanTask) -> str:
    due = f", trước ngày {task.due_on:%d/%m/%Y}" if task.due_on else ""
    return f"{task.content} ({task.responsible}{due})"


def _said(
    ward_plan: WardPlan, before: dict[str, Any], after: dict[str, Any], old: list[str], new: Iterable[Task]
) -> list[tuple[str, object, object]]:
    """What differs, as it reads on screen."""
    labels = {"number": "Số, ký hiệu", "signed_on": "Ngày ký", **{name: label for name, (label, _) in _TEXTS.items()}}
    changes: list[tuple[str, object, object]] = [
        (labels[name], _shown(before.get(name)), _shown(value))
        for name, value in after.items()
        if (before.get(name) or "") != (value or "")
    ]
    lines = [_line(task) for task in new]
    if old != lines:
        changes.append(("Nhiệm vụ", "; ".join(old), "; ".join(lines)))
    return changes


def _shown(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _note(ward_plan: WardPlan, user: User, what: str, action: str, **facts: Any) -> Event:
    return rows.note(ward_plan.plan, Event.Kind.WARD_PLAN, user, ward_plan, what, action=action, **facts)


@transaction.atomic
def fill(*, user: User, plan_id: int) -> WardPlan:
    """Take from the ward's last plan what this year's lacks: texts that are empty, and tasks if there are none.

    Raises Refusal when there is no earlier plan, or nothing is empty.
    """
    plan, ward, found = _own(user, plan_id)
    earlier = earlier_plan(plan.year, ward.pk)
    if earlier is None:
        raise Refusal(f"{ward} chưa có kế hoạch năm trước để lấy lại.")
    if found is None:
        found = WardPlan.objects.create(plan=plan, ward=ward)
    _check_open(found)
    old, new = earlier.plan.year, plan.year
    texts = {name: moved_text(getattr(earlier, name), old, new) for name in _TEXTS if not getattr(found, name)}
    texts = {name: text for name, text in texts.items() if text}
    tasks: list[Task] = []
    if not found.task_lines.exists():
        tasks = [
            Task(
                moved_text(task.content, old, new),
                task.responsible,
                task.partners,
                moved(task.due_on, task.due_on.year + new - old) if task.due_on else None,
            )
            for task in earlier.task_lines.order_by("position", "pk")
        ]
        _write_tasks(found, tasks)
    if not texts and not tasks:
        raise Refusal("Kế hoạch đã có đủ nội dung; không lấy thêm gì từ năm trước.")
    rows.bump(found, **texts)
    what = f"Lấy nội dung từ kế hoạch năm {old} của {ward}"
    _note(found, user, what, "filled", changes=[("Nhiệm vụ", "", f"{len(tasks)} nhiệm vụ")] if tasks else ())
    return found


def _locked(user: User, ward_plan_id: int, version: int) -> WardPlan:
    found: WardPlan = rows.lock_in_plan(visible_ward_plans(user).select_related("ward"), ward_plan_id)
    rows.check_version(found, version)
    return found


@transaction.atomic
def send(*, user: User, ward_plan_id: int, version: int) -> WardPlan:
    """The leader sends the plan; its units are kept as they are registered now. Home affairs is told.

    Raises Refusal naming what is missing.
    """
    rows.open_plan_of(visible_ward_plans(user), ward_plan_id)
    # The ward before its plan, as whoever corrects registrations: what is kept is what is registered.
    Ward.objects.select_for_update(no_key=True).filter(pk=user.ward_id or 0).first()
    found = _locked(user, ward_plan_id, version)
    if not may_send_for_ward(user, found.ward):
        raise Refusal("Chỉ lãnh đạo xã, phường gửi kế hoạch.")
    _check_open(found)
    missing = missing_for_sending(found, found.task_lines.count())
    if missing:
        raise Refusal(f"Chưa gửi được vì còn thiếu: {', '.join(missing)}. Sửa kế hoạch rồi gửi lại.")
    found.units.all().delete()
    registered = Registration.objects.filter(plan=found.plan, unit__ward=found.ward)
    WardPlanUnit.objects.bulk_create(
        WardPlanUnit(ward_plan=found, unit_id=row.unit_id, aim=row.aim, pilot=row.pilot) for row in registered
    )
    today = timezone.localdate()
    again = found.state == State.RETURNED
    rows.bump(
        found,
        state=State.SUBMITTED,
        submitted_at=timezone.now(),
        submitted_by=user,
        received_on=today,
        return_reason="",
    )
    late = " (muộn)" if found.came_late(milestone(found.plan, Milestone.Duty.WARD_PLAN)) else ""
    verb = "gửi lại" if again else "gửi"
    what = f"{found.ward} {verb} kế hoạch số {found.number} năm {found.plan.year}{late}"
    _note(found, user, what, "sent", changes=[("Tổ dân phố, bản trong kế hoạch", "", len(registered))])
    notices.send(Notice.Kind.PLAN, notices.home_affairs(), f"{what}.", _url(found), actor=user, plan=found.plan)
    return found


def _url(ward_plan: WardPlan) -> str:
    return reverse("assessments:ward_plan", args=[ward_plan.pk])


@transaction.atomic
def give_back(*, user: User, ward_plan_id: int, version: int, reason: str) -> WardPlan:
    """Home affairs returns the plan to the ward. Raises InvalidInput without a reason."""
    found = _received(user, ward_plan_id, version)
    reason = _reason(reason)
    rows.bump(found, state=State.RETURNED, return_reason=reason, received_on=None)
    _note(found, user, f"Trả lại kế hoạch của {found.ward}", "returned", reason=reason)
    text = f"Phòng Nội vụ trả lại kế hoạch năm {found.plan.year} của {found.ward}: {reason}"
    notices.send(Notice.Kind.PLAN, notices.ward_people(found.ward_id), text, _url(found), actor=user, plan=found.plan)
    return found


def _received(user: User, ward_plan_id: int, version: int) -> WardPlan:
    """A plan that is with the city, locked for whoever receives plans."""
    found = _locked(user, ward_plan_id, version)
    if not may_receive(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố tiếp nhận, trả lại kế hoạch.")
    if found.state != State.SUBMITTED:
        raise Refusal("Kế hoạch này không còn ở thành phố.")
    return found


def _reason(reason: str) -> str:
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Cần ghi rõ lý do.", "reason")
    if len(reason) > 2000:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa 2000.", "reason")
    return reason


@transaction.atomic
def receive(*, user: User, ward_plan_id: int, version: int, received_on: date, reason: str) -> WardPlan:
    """State on which earlier day the paper copy came. Raises InvalidInput naming received_on or reason."""
    found = _received(user, ward_plan_id, version)
    reason = paper_day.checked(found, received_on, reason)
    changes = [paper_day.change(found.received_on, received_on)]
    rows.bump(found, received_on=received_on)
    what = f"Ghi ngày nhận bản giấy kế hoạch của {found.ward}"
    _note(found, user, what, "received", reason=reason, changes=changes)
    text = f"Phòng Nội vụ ghi ngày nhận kế hoạch năm {found.plan.year} của {found.ward}: {received_on:%d/%m/%Y}."
    notices.send(Notice.Kind.PLAN, notices.ward_people(found.ward_id), text, _url(found), actor=user, plan=found.plan)
    return found


@transaction.atomic
def report_tasks(*, user: User, ward_plan_id: int, version: int, progress: Iterable[Progress]) -> int:
    """The ward's people keep states and results of tasks up to date, before and after sending; how many changed.

    A task that is done without a day is done today. Raises InvalidInput naming "tasks".
    """
    found = _locked(user, ward_plan_id, version)
    if not may_write_ward_plan(user, found.ward):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường cập nhật nhiệm vụ của mình.")
    there = {task.pk: task for task in found.task_lines.select_for_update(no_key=True)}
    changes: list[tuple[str, object, object]] = []
    for one in progress:
        task = there.get(one.pk)
        if task is None:
            raise InvalidInput("Danh sách nhiệm vụ vừa thay đổi. Tải lại trang rồi nhập lại.", "tasks")
        wanted = _checked_progress(found.plan, task, one)
        if (task.state, task.done_on, task.result) == (wanted.state, wanted.done_on, wanted.result):
            continue
        before = _progress_words(task.state, task.done_on, task.result)
        task.state, task.done_on, task.result = wanted.state, wanted.done_on, wanted.result
        task.save(update_fields=["state", "done_on", "result"])
        changes.append((task.content, before, _progress_words(wanted.state, wanted.done_on, wanted.result)))
    if changes:
        rows.bump(found)
        _note(found, user, f"Cập nhật tiến độ nhiệm vụ của {found.ward}", "progress", changes=changes)
    return len(changes)


def _checked_progress(plan: Plan, task: WardPlanTask, one: Progress) -> Progress:
    result = clean(one.result)
    if one.state not in WardPlanTask.State.values:
        raise InvalidInput("Chọn tình trạng của từng nhiệm vụ.", "tasks")
    if len(result) > 500:
        raise InvalidInput(f"Kết quả của “{task.content[:60]}” dài {len(result)} ký tự, tối đa 500.", "tasks")
    if one.state != WardPlanTask.State.DONE:
        return Progress(one.pk, one.state, None, result)
    done_on = one.done_on or timezone.localdate()
    sentence = done_problem(plan, done_on)
    if sentence:
        raise InvalidInput(f"“{task.content[:60]}”: {sentence[:1].lower()}{sentence[1:]}", "tasks")
    return Progress(one.pk, one.state, done_on, result)


def done_problem(plan: Plan, done_on: date) -> str:
    """Why a task cannot have been done then; "" when it can."""
    fits = plan.issued_on <= done_on <= timezone.localdate()
    return "" if fits else f"Ngày hoàn thành phải từ {plan.issued_on:%d/%m/%Y} đến hôm nay."


def _progress_words(state: str, done_on: date | None, result: str) -> str:
    label = str(WardPlanTask.State(state).label)
    return ", ".join(part for part in (label, f"ngày {done_on:%d/%m/%Y}" if done_on else "", result) if part)


def attach_file(*, user: User, ward_plan_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed plan (PDF); (attachment, is new). Raises WardPlan.DoesNotExist outside the person's scope."""
    found = visible_ward_plans(user).select_related("plan", "ward").get(pk=ward_plan_id)
    if not may_write_ward_plan(user, found.ward):
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường đính kèm kế hoạch của mình.")
    return files.add_file(
        user=user,
        target="ward_plan",
        visible=visible_ward_plans(user),
        pk=found.pk,
        plan=found.plan,
        kind=Event.Kind.WARD_PLAN,
        file=file,
    )
