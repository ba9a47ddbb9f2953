"""Pages of a year that is over: everything is read, nothing is offered that could only be refused."""

from typing import Any

from assessments.models import Plan


def offered(plan: Plan, context: dict[str, Any], *, keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """The page's context; of a closed plan every may_... but those to keep says no."""
    if not plan.is_closed:
        return context
    return context | {name: False for name in context if name.startswith("may_") and name not in keep}
