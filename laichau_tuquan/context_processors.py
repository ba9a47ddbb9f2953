"""What every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def site(request: HttpRequest) -> dict[str, Any]:
    """The application's name, the year the menu leads to, and whether the data is a demonstration.

    The two that ask the database do so only when the page shows them, and once per process for the mark:
    a demonstration never becomes real data.
    """
    return {
        "product": "Tự quản Lai Châu",
        "nav_year": SimpleLazyObject(_newest_year),
        "demonstration": SimpleLazyObject(_demonstration),
    }


def _newest_year() -> int:
    from django.utils import timezone

    from assessments.queries import current_plan

    plan = current_plan()
    return plan.year if plan else timezone.localdate().year


def _demonstration() -> bool:
    from localities.models import Unit

    return Unit.objects.filter(demonstration=True).exists()
