"""Ward plans as they are read: who has sent and when, what a plan holds, which of its tasks are overdue."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import WARD_ROLES, User
from assessments.models import (
    DecisionLine,
    Milestone,
    Plan,
    Registration,
    Target,
    WardPlan,
    WardPlanTask,
    WardPlanUnit,
)
from assessments.permissions import visible_ward_plans
from assessments.queries.standing import NEWEST_FIRST
from assessments.queries.year import milestone
from assessments.queries.year.city_plans import span_warning
from localities.models import Unit, Ward
from localities.queries import wards_in

Aim = Registration.Aim


def standing(plan: Plan) -> dict[int, WardPlan | None]:
    """Every ward of the plan's year with its plan, in whatever state; one query for the plans, one for the wards."""
    return {row.ward.pk: row.ward_plan for row in ward_rows(plan)}


@dataclass(frozen=True, slots=True)
class WardRow:
    """One ward in the table of who has sent its plan."""

    ward: Ward
    ward_plan: WardPlan | None
    before: date | None  # the milestone
    today: date

    @property
    def sent(self) -> bool:
        return self.ward_plan is not None and self.ward_plan.state == WardPlan.State.SUBMITTED

    @property
    def late(self) -> bool:
        """It came on the day of the milestone or after it."""
        return self.ward_plan is not None and self.sent and self.ward_plan.came_late(self.before)

    @property
    def overdue(self) -> bool:
        """It has not come, and its day is over."""
        return not self.sent and self.before is not None and self.today >= self.before

    @property
    def returned(self) -> bool:
        return self.ward_plan is not None and self.ward_plan.state == WardPlan.State.RETURNED


def ward_rows(plan: Plan, today: date | None = None) -> list[WardRow]:
    """Every ward of the plan's year; tasks are counted along (`tasks`, `done`, `late_tasks` of its plan)."""
    today = today or timezone.localdate()
    before = milestone(plan, Milestone.Duty.WARD_PLAN)
    done = Q(task_lines__state=WardPlanTask.State.DONE)
    plans = {
        row.ward_id: row
        for row in WardPlan.objects.filter(plan=plan)
        .select_related("ward", "plan")
        .annotate(
            tasks=Count("task_lines"),
            done=Count("task_lines", filter=done),
            late_tasks=Count("task_lines", filter=~done & Q(task_lines__due_on__lte=today)),
        )
        .order_by("ward__position", "pk")
    }
    return [WardRow(ward, plans.get(ward.pk), before, today) for ward in wards_in(plan.year)]


def own_plan(user: User, plan: Plan) -> WardPlan | None:
    """The plan of the person's own ward, if there is one yet."""
    if user.role not in WARD_ROLES:
        return None
    return visible_ward_plans(user).filter(plan=plan).select_related("ward", "plan").first()


def earlier_plan(ward_plan_year: int, ward_id: int) -> WardPlan | None:
    """The ward's latest plan of an earlier year that was sent."""
    return (
        WardPlan.objects.filter(ward=ward_id, plan__year__lt=ward_plan_year, state=WardPlan.State.SUBMITTED)
        .select_related("plan")
        .order_by("-plan__year")
        .first()
    )


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the plan with what is remarkable about its registration."""

    unit: Unit
    aim: str
    pilot: bool
    warning: str = ""
    registration: Any = None  # while it can still change

    @property
    def aim_label(self) -> str:
        return str(Aim(self.aim).label)


def sent_units(ward_plan: WardPlan) -> list[UnitRow]:
    """The units as the plan that was sent names them."""
    found = WardPlanUnit.objects.filter(ward_plan=ward_plan).select_related("unit__ward")
    return [UnitRow(row.unit, row.aim, row.pilot) for row in found.order_by("unit__sort_name", "pk")]


def registered_units(plan: Plan, ward: Ward) -> list[UnitRow]:
    """The ward's registrations under the plan, with warnings; one query."""
    return [
        UnitRow(row.unit, row.aim, row.pilot, aim_warning(row.aim, row.last_result), row)
        for row in registrations(plan, ward)
    ]


def registrations(plan: Plan, ward: Ward) -> QuerySet[Any]:
    """The ward's registrations with the state of the dossier and the unit's result of earlier years."""
    last = (
        DecisionLine.objects.filter(
            assessment__registration__unit=OuterRef("unit"),
            assessment__registration__plan__year__lt=plan.year,
            decision__confirmed_at__isnull=False,
        )
        .order_by("-assessment__registration__plan__year", *NEWEST_FIRST)
        .values("result")
    )
    return (
        Registration.objects.filter(plan=plan, unit__ward=ward)
        .select_related("unit__ward", "assessment")
        .annotate(last_result=Subquery(last[:1]))
        .order_by("unit__sort_name", "pk")
    )


def aim_warning(aim: str, last_result: str | None) -> str:
    """What does not fit between a registration and what was decided before; "" when all fits."""
    recognised = last_result == DecisionLine.Result.RECOGNISED
    if aim == Aim.MAINTAIN and not recognised:
        return "Đăng ký duy trì nhưng chưa có quyết định công nhận trong hệ thống"
    if aim == Aim.NEW and recognised:
        return "Đăng ký đạt mới nhưng đã được công nhận trước đó"
    return ""


def pilot_warning(plan: Plan, units: list[UnitRow]) -> str:
    """Whether the ward's pilots lie outside of what the city's plan wants of each ward; "" when not."""
    target = Target.objects.filter(plan=plan, kind=Target.Kind.PILOT_PER_WARD).first()
    if target is None:
        return ""
    number = sum(row.pilot for row in units)
    warning = span_warning(target, number)
    return f"Kế hoạch thành phố yêu cầu {target.span} tổ dân phố, bản làm điểm; hiện có {number}." if warning else ""


def later_registrations(units: list[UnitRow], now: list[UnitRow]) -> list[str]:
    """In words what was registered otherwise since the plan was sent."""
    told = {row.unit.pk: row for row in units}
    found = []
    for row in now:
        before = told.get(row.unit.pk)
        said = f"{row.unit}: {row.aim_label.lower()}{', làm điểm' if row.pilot else ''}"
        if before is None:
            found.append(f"{said} (đăng ký sau khi gửi)")
        elif (before.aim, before.pilot) != (row.aim, row.pilot):
            found.append(f"{said} (sửa sau khi gửi)")
    return found


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with how it stands today; "before a day" is strict."""

    task: WardPlanTask
    today: date

    @property
    def overdue(self) -> bool:
        """Not done, and its day is over."""
        due = self.task.due_on
        return self.task.state != WardPlanTask.State.DONE and due is not None and self.today >= due

    @property
    def late(self) -> bool:
        """Done on its day or after it."""
        return bool(self.task.due_on and self.task.done_on and self.task.done_on >= self.task.due_on)


def task_rows(ward_plan: WardPlan, today: date) -> list[TaskRow]:
    """The tasks in their order."""
    return [TaskRow(task, today) for task in ward_plan.task_lines.order_by("position", "pk")]


def missing_for_sending(ward_plan: WardPlan, tasks: int) -> list[str]:
    """What the plan lacks before its leader can send it."""
    found = []
    if not ward_plan.number:
        found.append("số, ký hiệu")
    if ward_plan.signed_on is None:
        found.append("ngày ký")
    if not ward_plan.goals:
        found.append("mục tiêu")
    if not tasks:
        found.append("ít nhất một nhiệm vụ")
    return found
