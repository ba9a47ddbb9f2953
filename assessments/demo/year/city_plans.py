"""The city's plans of the demonstration: their texts attached, and a draft for the year after."""

from django.core.files.base import ContentFile

from assessments.demo import files
from assessments.demo.stage import Stageplay
from assessments.models import Plan
from assessments.year import city_plans


def load(play: Stageplay) -> None:
    """A file with each issued plan; 2026 drafted from 2025 and prepared further."""
    user = play.home_affairs
    for plan in Plan.objects.order_by("year"):
        page = files.pdf([f"KE HOACH NAM {plan.year} (du lieu minh hoa)", "", "Day la tep minh hoa."])
        scan = ContentFile(page, f"Kế hoạch năm {plan.year} (minh họa).pdf")
        city_plans.attach_file(user=user, plan_id=plan.pk, file=scan)
    city_plans.create(user=user, source_id=Plan.objects.get(year=2025).pk, year=2026)


def close_past(play: Stageplay) -> None:
    """The year 2020 is over; played last, after everything that other parts do in it."""
    plan = Plan.objects.get(year=2020)
    city_plans.close(user=play.home_affairs, plan_id=plan.pk, version=plan.version)
