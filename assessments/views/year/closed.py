"""Pages of a year that is over: everything is read, nothing is offered that could only be refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from assessments.models import Plan
from assessments.views.common import plan_of

View = Callable[..., HttpResponse]


def offered(plan: Plan, context: dict[str, Any], *, keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """The page's context; of a closed plan every may_... but those to keep says no."""
    if not plan.is_closed:
        return context
    return context | {name: False for name in context if name.startswith("may_") and name not in keep}


def back_to(address: str) -> Callable[[View], View]:
    """For a form under a plan: of a closed year nobody fills it in vain, the list is shown instead.

    What is posted still goes to the deed, which refuses it and keeps what was typed.
    """

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, year: int, **arguments: Any) -> HttpResponse:
            if request.method != "POST" and plan_of(year).is_closed:
                messages.info(request, f"Kế hoạch năm {year} đã kết thúc nên không thêm được nữa.")
                return redirect(f"assessments:{address}", year=year)
            return view(request, year=year, **arguments)

        return guarded

    return around
