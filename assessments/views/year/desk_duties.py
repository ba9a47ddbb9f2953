"""For the first page: what the own office still owes by a date of the plan, and for home affairs who is late."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import AGENCY_ROLES, WARD_ROLES, Role, User
from assessments.models import Milestone, Plan
from assessments.queries.year import duties
from assessments.year import duty_pages

Duty = Milestone.Duty
# Dossiers and appraisals have tasks of their own there.
WRITTEN = (Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT)
NOTHING_WAITS = " Không có việc nào chờ bạn."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do."""

    title: str
    detail: str
    url: str
    verb: str
    due: date | None = None
    late: bool = False


def lines(user: User, plan: Plan) -> list[Line]:
    """What is owed, what is overdue first; nothing is asked where the plan names no day for it, or is closed."""
    if plan.is_closed:
        return []
    if user.role == Role.HOME_AFFAIRS:
        return _late(plan)
    named = {row.duty for row in plan.milestones.all()} if user.role in (*WARD_ROLES, *AGENCY_ROLES) else set()
    wanted = [duty for duty in WRITTEN if duty in named]
    office = duties.board_for(user, plan, duties=wanted).office_of(user) if wanted else None
    return [
        Line(
            f"{cell.duty.label} năm {plan.year}",
            ", ".join(words for words in (cell.words, cell.note) if words),
            duty_pages.address(cell.duty, plan.year),
            duty_pages.verb(cell.duty, cell.begun, sends=user.role == Role.WARD_LEADER),
            cell.before,
            cell.overdue,
        )
        for cell in (office.owed if office else [])
    ]


def sentence(user: User, owed: list[Line], before: str) -> str:
    """The page's first sentence with what is owed in front; home affairs has its own work there."""
    if not owed or user.role == Role.HOME_AFFAIRS:
        return before
    late = sum(line.late for line in owed)
    words = f"Còn {len(owed)} việc của kế hoạch năm{f', {late} việc quá hạn' if late else ''}."
    return f"{words} {before.replace(NOTHING_WAITS, '')}".strip()


def _late(plan: Plan) -> list[Line]:
    found = duties.board(plan).late
    if not found:
        return []
    url = reverse("assessments:duties", args=[plan.year]) + "?loc=qua-han"
    names = ", ".join(office.name for office in found)
    return [Line(f"{len(found)} nơi còn nợ việc quá hạn", names, url, "Xem và đôn đốc", None, True)]
