"""What every page needs."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from assessments.queries import current_plan
from localities.models import Unit

KEPT_SECONDS = 60


def site(request: HttpRequest) -> dict[str, Any]:
    """The application's name, the year the menu leads to, and whether the data is a demonstration.

    The two that ask the database do so only when a page shows them, and hardly ever: they are kept a minute.
    """
    return {
        "product": "Tự quản Lai Châu",
        "nav_year": SimpleLazyObject(lambda: cache.get_or_set("nav_year", _newest_year, KEPT_SECONDS)),
        "demonstration": SimpleLazyObject(lambda: cache.get_or_set("demonstration", _demonstration, KEPT_SECONDS)),
    }


def _newest_year() -> int | None:
    plan = current_plan()
    return plan.year if plan else None


def _demonstration() -> bool:
    return Unit.objects.filter(demonstration=True).exists()
