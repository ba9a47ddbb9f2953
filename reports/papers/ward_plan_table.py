"""All wards' plans of a year with their tasks: what home affairs follows up, as a table."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import Milestone, Plan, WardPlan, WardPlanTask
from assessments.permissions import AnyUser, may_see_city
from assessments.queries.year import milestone
from assessments.queries.year.ward_plans import TaskRow, WardRow, ward_rows
from localities.models import Authority
from reports import offices, wording
from reports.papers.city import CityPaper, acting


@dataclass(frozen=True, slots=True)
class WardTasks:
    """The tasks of one ward's plan."""

    ward: str
    rows: list[TaskRow]


@dataclass(frozen=True, slots=True)
class WardPlanTable(CityPaper):
    """Everything the template and the workbook print: how it stands on the day of printing."""

    plan: Plan
    authority: Authority | None
    before: date | None
    today: date
    rows: list[WardRow]
    tasks: list[WardTasks]
    letterhead: offices.Letterhead
    signing: offices.Signing

    draft = False
    edition = ""
    abbreviation = ""

    @property
    def title(self) -> str:
        return f"Bảng tổng hợp kế hoạch của các xã, phường năm {self.year}"

    @property
    def short(self) -> str:
        return f"bang-ke-hoach-xa-phuong-{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def dated(self) -> date | None:
        return self.today

    @property
    def sent(self) -> int:
        return sum(row.sent for row in self.rows)

    @property
    def missing(self) -> list[str]:
        return [wording.inside(row.ward) for row in self.rows if not row.sent]

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)

    @property
    def overdue(self) -> int:
        """Tasks whose day is over."""
        return sum(row.overdue for group in self.tasks for row in group.rows)


def state_words(row: WardRow) -> str:
    """How a ward's plan stands."""
    if row.sent:
        return "Đã gửi"
    return "Đã trả lại, chờ gửi lại" if row.returned else "Chưa gửi"


def time_words(row: WardRow) -> str:
    """Whether it came in time."""
    if row.late:
        return "Muộn"
    if row.overdue:
        return "Quá hạn"
    return "Đúng hạn" if row.sent and row.before else ""


def task_words(row: TaskRow) -> str:
    """How a task stands today."""
    label = str(row.task.get_state_display())
    return f"{label} (quá hạn)" if row.overdue else f"{label} (muộn)" if row.late else label


def read(user: AnyUser, ids: tuple[int, ...]) -> WardPlanTable:
    """The table of a plan, for those who see the whole city; Plan.DoesNotExist for others."""
    [pk] = ids
    if not may_see_city(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.get(pk=pk)
    authority, day = acting(plan)
    today = timezone.localdate()
    found = WardPlanTask.objects.filter(ward_plan__plan=plan, ward_plan__state=WardPlan.State.SUBMITTED)
    groups: dict[int, WardTasks] = {}
    for task in found.select_related("ward_plan__ward").order_by(
        "ward_plan__ward__position", "ward_plan_id", "position"
    ):
        ward = task.ward_plan.ward
        groups.setdefault(ward.pk, WardTasks(str(ward), [])).rows.append(TaskRow(task, today))
    return WardPlanTable(
        plan=plan,
        authority=authority,
        before=milestone(plan, Milestone.Duty.WARD_PLAN),
        today=today,
        rows=ward_rows(plan, today),
        tasks=list(groups.values()),
        letterhead=offices.of_home_affairs(authority) if authority else offices.NOBODY,
        signing=offices.home_affairs_signing(day),
    )
