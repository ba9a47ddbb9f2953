"""What templates of the year of the plan share."""

from fractions import Fraction
from typing import Any

from django import template
from django.urls import ResolverMatch

from assessments import model_evidence, money, percentages
from assessments.models import CommunityModel, Plan
from assessments.views.year import menu

register = template.Library()


@register.inclusion_tag("assessments/partials/year_nav.html", takes_context=True)
def year_nav(context: dict[str, Any], plan: Plan, current: str) -> dict[str, Any]:
    """The menu of the plan's year with the current part marked: {% year_nav plan "budget" %}."""
    closed = plan.is_closed and current in menu.ENDS
    return {"plan": plan, "current": current, "parts": menu.parts(context["request"].user, plan.year), "closed": closed}


@register.filter
def is_of_plan(match: object) -> bool:
    """Whether request.resolver_match stands under "Kế hoạch" in the main menu; error pages have none."""
    return isinstance(match, ResolverMatch) and menu.belongs_to_plan(match)


@register.filter
def dong(amount: int | None) -> str:
    """Whole đồng as they are written: 12.500.000; nothing for an unknown amount."""
    return money.dong(amount)


@register.filter
def difference(amount: int | None) -> str:
    """A difference in đồng with its sign: +500.000, -1.000.000; nothing where an amount is unknown."""
    return money.signed(amount)


@register.filter
def share(percent: Fraction | None) -> str:
    """How many percent more or less: +12,5 %; nothing where there was nothing before."""
    return percentages.change(percent)


@register.filter
def model_reference(model: CommunityModel) -> str:
    """A model in the words with which it is shown as evidence."""
    return model_evidence.reference(model)
