"""Everything of a plan that has a day, as far as it concerns one person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import WARD_ROLES, Role, User
from assessments.models import Milestone, Plan, WardPlanTask
from assessments.permissions import CITY_WIDE, visible_assessments, visible_meetings, visible_visits
from assessments.queries.owed import WITH_THE_WARD
from assessments.queries.year import history
from assessments.year.duty_pages import address


@dataclass(frozen=True, slots=True)
class Dated:
    """One thing on a day."""

    day: date
    kind: str  # milestone, visit, meeting, due, task
    title: str
    detail: str
    url: str
    late: bool = False


KINDS = {
    "milestone": "Mốc của kế hoạch",
    "visit": "Thẩm định tại cơ sở",
    "meeting": "Họp hội đồng",
    "due": "Hạn nộp lại",
    "task": "Nhiệm vụ của xã, phường",
}


def last_day(before: date) -> date:
    """The last day on which something due "before" a day is in time."""
    return before - timedelta(days=1)


def last_change(plan: Plan) -> datetime:
    """When the plan's own words or days last changed; of one that nobody changed here, its day of issue."""
    changed = history(plan, plan).aggregate(last=Max("at"))["last"]
    return changed or datetime.combine(plan.issued_on, time(), UTC)


def everything(user: User, plan: Plan) -> list[Dated]:
    """All dated things of the plan in this person's scope, by day; five queries at most."""
    found = [*_milestones(plan), *_visits(user, plan), *_meetings(user, plan), *_own_days(user, plan)]
    found += _tasks(user, plan)
    return sorted(found, key=lambda one: (one.day, list(KINDS).index(one.kind), one.title))


def _milestones(plan: Plan) -> list[Dated]:
    return [
        Dated(
            last_day(row.before),
            "milestone",
            f"Ngày cuối: {row.get_duty_display()}",
            f"trước ngày {row.before:%d/%m/%Y}",
            reverse("assessments:plan", args=[plan.year]),
        )
        for row in Milestone.objects.filter(plan=plan)
    ]


def _visits(user: User, plan: Plan) -> list[Dated]:
    today = timezone.localdate()
    rows = visible_visits(user).filter(delegation__plan=plan, planned_on__isnull=False).distinct()
    found = []
    for row in rows.select_related("assessment__registration__unit__ward", "delegation"):
        assert row.planned_on is not None
        unit = row.assessment.registration.unit
        at = f"{row.planned_at:%H:%M}, " if row.planned_at else ""
        late = row.closed_at is None and row.planned_on < today
        words = f"{at}{row.delegation}" + (", chưa chốt biên bản" if late else "")
        url = reverse("assessments:visit", args=[row.pk])
        found.append(Dated(row.planned_on, "visit", f"{unit}, {unit.ward}", words, url, late))
    return found


def _meetings(user: User, plan: Plan) -> list[Dated]:
    rows = visible_meetings(user).filter(plan=plan).select_related("ward")
    return [
        Dated(
            row.held_on,
            "meeting",
            f"Họp hội đồng {row.ward}",
            "đã chốt biên bản" if row.concluded_at else "chưa chốt biên bản",
            reverse("assessments:council_meeting", args=[row.pk]),
        )
        for row in rows
    ]


def _own_days(user: User, plan: Plan) -> list[Dated]:
    """Dossiers that came back with a day of their own."""
    if user.role not in (*WARD_ROLES, Role.UNIT_HEAD, *CITY_WIDE):
        return []
    today = timezone.localdate()
    rows = visible_assessments(user).filter(registration__plan=plan, due_on__isnull=False, state__in=WITH_THE_WARD)
    found = []
    for row in rows.select_related("registration__unit__ward"):
        assert row.due_on is not None
        unit = row.registration.unit
        title = f"Ngày cuối nộp lại: {unit}, {unit.ward}"
        url = reverse("assessments:detail", args=[row.pk])
        late = today >= row.due_on
        found.append(Dated(last_day(row.due_on), "due", title, f"trước ngày {row.due_on:%d/%m/%Y}", url, late))
    return found


def _tasks(user: User, plan: Plan) -> list[Dated]:
    """What the own ward has planned."""
    if user.role not in WARD_ROLES:
        return []
    today = timezone.localdate()
    rows = WardPlanTask.objects.filter(ward_plan__plan=plan, ward_plan__ward=user.ward_id, due_on__isnull=False)
    found = []
    for row in rows:
        assert row.due_on is not None
        late = row.state != WardPlanTask.State.DONE and today >= row.due_on
        words = f"{row.get_state_display()}, {row.responsible}, trước ngày {row.due_on:%d/%m/%Y}"
        url = address(Milestone.Duty.WARD_PLAN, plan.year)
        found.append(Dated(last_day(row.due_on), "task", row.content, words, url, late))
    return found
