"""The plan's calendar: a month with everything that has a day, and the milestones as a file for other calendars."""

import calendar as months
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import icalendar
from assessments.models import Plan
from assessments.permissions import may_see_decisions
from assessments.queries.year.calendar import KINDS, Dated, everything, last_change, last_day
from assessments.views.common import or_404, person, plan_of

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Day:
    """A field of the month's grid."""

    day: date
    inside: bool
    today: bool
    things: list[Dated]


@require_safe
@never_cache
@or_404
def month(request: HttpRequest, year: int) -> HttpResponse:
    """One month; without a choice the present one while the plan runs, else the one of its first milestone."""
    plan, user = _seen(request, year), person(request)
    things = everything(user, plan)
    first = _chosen(request.GET.get("thang", ""), plan, things)
    by_month = Counter(date(one.day.year, one.day.month, 1) for one in things)
    by_day: dict[date, list[Dated]] = {}
    for one in things:
        by_day.setdefault(one.day, []).append(one)
    today = timezone.localdate()
    reachable = {*by_month, today.replace(day=1), *(date(plan.year, number, 1) for number in range(1, 13))}
    weeks = [
        [Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
        for week in months.Calendar().monthdatescalendar(first.year, first.month)
    ]
    context = {
        "plan": plan,
        "first": first,
        "previous": max((one for one in reachable if one < first), default=None),
        "next": min((one for one in reachable if one > first), default=None),
        "this_month": today.replace(day=1),
        "weeks": weeks,
        "weekdays": WEEKDAYS,
        "things": [one for one in things if (one.day.year, one.day.month) == (first.year, first.month)],
        "kinds": KINDS,
        "months": sorted(by_month.items()),
        "any": bool(things),
    }
    return render(request, "assessments/year/calendar_month.html", context)


@require_safe
@never_cache
@or_404
def milestones(request: HttpRequest, year: int) -> HttpResponse:
    """The milestones for the calendar on somebody's phone or computer."""
    plan = _seen(request, year)
    changed = last_change(plan)
    events = [
        icalendar.Event(
            uid=f"moc-{row.duty}-{plan.year}@tu-quan-lai-chau",
            day=last_day(row.before),
            summary=f"Ngày cuối: {row.get_duty_display()} (trước ngày {row.before:%d/%m/%Y})",
            description=f"Kế hoạch số {plan.number} năm {plan.year}. “Trước ngày” không gồm chính ngày đó.",
            changed=changed,
            sequence=plan.version - 1,
        )
        for row in plan.milestones.all()
    ]
    content = icalendar.calendar(f"Mốc thời gian kế hoạch năm {plan.year}", events)
    response = HttpResponse(content, "text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="moc-thoi-gian-{plan.year}.ics"'
    return response


def _seen(request: HttpRequest, year: int) -> Plan:
    plan = plan_of(year)
    if not may_see_decisions(request.user):
        raise Plan.DoesNotExist
    return plan


def _chosen(wanted: str, plan: Plan, things: list[Dated]) -> date:
    """The first of the month that is shown; what is no month chooses nothing."""
    if match := _MONTH.fullmatch(wanted):
        number = int(match[1])
        if plan.year - 1 <= number <= plan.year + 3:
            return date(number, int(match[2]), 1)
    today = timezone.localdate()
    if plan.year == today.year or (plan.year < today.year and not plan.is_closed):
        return today.replace(day=1)
    busy = next((one.day for one in things if one.kind == "milestone"), None)
    return (busy or date(plan.year, 1, 1)).replace(day=1)
