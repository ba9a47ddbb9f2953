"""What every page needs."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from assessments import permissions
from assessments.queries import current_plan
from assessments.queries.notices import unread_count
from localities.models import Unit

KEPT_SECONDS = 60


def site(request: HttpRequest) -> dict[str, Any]:
    """The application's name, the year the menu leads to, and whether the data is a demonstration.

    What asks the database does so only when a page shows it: once for the bell, and for the rest hardly ever,
    because that is kept a minute.
    """
    return {
        "product": "Tự quản Lai Châu",
        "rights": Rights(getattr(request, "user", None)),
        "nav_year": SimpleLazyObject(lambda: cache.get_or_set("nav_year", _newest_year, KEPT_SECONDS)),
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
        "demonstration": SimpleLazyObject(lambda: cache.get_or_set("demonstration", _demonstration, KEPT_SECONDS)),
    }


class Rights:
    """The permissions that need nothing but the person, for templates: {% if rights.may_see_city %}."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def __getattr__(self, name: str) -> bool:
        if not name.startswith("may_"):
            raise AttributeError(name)
        return bool(getattr(permissions, name)(self._user))


def _unread(request: HttpRequest) -> int:
    """The number at the bell; error pages may be shown before anybody is known."""
    user = getattr(request, "user", None)
    return unread_count(user) if isinstance(user, User) else 0


def _newest_year() -> int | None:
    plan = current_plan()
    return plan.year if plan else None


def _demonstration() -> bool:
    return Unit.objects.filter(demonstration=True).exists()
