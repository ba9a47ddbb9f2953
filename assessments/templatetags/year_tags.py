"""What templates of the year of the plan share."""

from typing import Any

from django import template

from assessments import model_evidence, money
from assessments.models import CommunityModel, Plan
from assessments.views.year import menu

register = template.Library()


@register.inclusion_tag("assessments/partials/year_nav.html", takes_context=True)
def year_nav(context: dict[str, Any], plan: Plan, current: str) -> dict[str, Any]:
    """The menu of the plan's year with the current part marked: {% year_nav plan "budget" %}."""
    closed = plan.status == Plan.Status.CLOSED and current in menu.ENDS
    return {"plan": plan, "current": current, "parts": menu.parts(context["request"].user, plan.year), "closed": closed}


@register.filter
def dong(amount: int | None) -> str:
    """Whole đồng as they are written: 12.500.000; nothing for an unknown amount."""
    return money.dong(amount)


@register.filter
def difference(amount: int | None) -> str:
    """A difference in đồng with its sign: +500.000, -1.000.000; nothing where an amount is unknown."""
    return money.signed(amount)


@register.filter
def model_reference(model: CommunityModel) -> str:
    """A model in the words with which it is shown as evidence."""
    return model_evidence.reference(model)
