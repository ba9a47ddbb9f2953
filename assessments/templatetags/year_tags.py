"""What templates of the year of the plan share."""

from typing import Any

from django import template

from assessments import model_evidence
from assessments.models import CommunityModel, Plan
from assessments.views.year import menu

register = template.Library()


@register.inclusion_tag("assessments/partials/year_nav.html", takes_context=True)
def year_nav(context: dict[str, Any], plan: Plan, current: str) -> dict[str, Any]:
    """The menu of the plan's year with the current part marked: {% year_nav plan "budget" %}."""
    return {"plan": plan, "current": current, "parts": menu.parts(context["request"].user, plan.year)}


@register.filter
def dong(amount: int | None) -> str:
    """Whole đồng as they are written: 12.500.000; nothing for an unknown amount."""
    return "" if amount is None else f"{amount:,}".replace(",", ".")


@register.filter
def model_reference(model: CommunityModel) -> str:
    """A model in the words with which it is shown as evidence."""
    return model_evidence.reference(model)
