"""The city's plans of the demonstration: texts attached, days added that they leave open, a draft for next year."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.demo import files
from assessments.demo.stage import Stageplay
from assessments.models import Milestone, Plan
from assessments.year import city_plans

Duty = Milestone.Duty
# The plans name no day for these; without one nothing would be in time, late or coming.
BEFORE: dict[int, dict[str, date]] = {
    2020: {Duty.BUDGET: date(2020, 5, 20)},
    2025: {
        Duty.WARD_PLAN: date(2025, 3, 20),
        Duty.BUDGET: date(2025, 4, 15),
        Duty.HALF_YEAR_REPORT: date(2025, 6, 20),
    },
}
# The yearly report of 2025 is still ahead, as long as the plan's time allows.
AHEAD, LAST_DAY = timedelta(days=21), date(2026, 12, 31)
REASON = "Bổ sung mốc để các xã, phường, cơ quan chủ động thực hiện (dữ liệu minh họa)."


def load(play: Stageplay) -> None:
    """A file with each issued plan, the plans adjusted; 2026 drafted from 2025 as it was issued."""
    user = play.home_affairs
    for plan in Plan.objects.order_by("year"):
        page = files.pdf([f"KE HOACH NAM {plan.year} (du lieu minh hoa)", "", "Day la tep minh hoa."])
        scan = ContentFile(page, f"Kế hoạch năm {plan.year} (minh họa).pdf")
        city_plans.attach_file(user=user, plan_id=plan.pk, file=scan)
    city_plans.create(user=user, source_id=Plan.objects.get(year=2025).pk, year=2026)
    for year, added in BEFORE.items():
        _adjust(play, Plan.objects.get(year=year), added)


def _adjust(play: Stageplay, plan: Plan, added: dict[str, date]) -> None:
    """Days added to what the plan says."""
    known = {row.duty: row.before for row in plan.milestones.all()}
    if plan.year == 2025:
        known[Duty.YEARLY_REPORT] = min(timezone.localdate() + AHEAD, LAST_DAY)
    city_plans.adjust(
        user=play.home_affairs,
        plan_id=plan.pk,
        version=plan.version,
        wanted=city_plans.Wanted(
            plan.title,
            {name: getattr(plan, name) for name in city_plans.TEXTS},
            known | added,
            {target.kind: (target.minimum, target.maximum) for target in plan.targets.all()},
        ),
        reason=REASON,
        number=f"MH-{plan.year % 100}/UBND-NV",
    )


def close_past(play: Stageplay) -> None:
    """The year 2020 is over; played last, after everything that other parts do in it."""
    plan = Plan.objects.get(year=2020)
    city_plans.close(user=play.home_affairs, plan_id=plan.pk, version=plan.version)
