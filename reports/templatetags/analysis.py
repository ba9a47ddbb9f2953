"""The charts of the pages that look back; each stands beside a table with the same figures."""

from typing import Any

from django import template

from assessments.queries.year.comparing import Comparison, CriterionChange, StandardChange
from assessments.queries.year.looking_back import CriterionRow
from assessments.queries.year.risks import RiskUnit
from reports import analysis
from reports.papers import looking_back

register = template.Library()


@register.inclusion_tag("reports/partials/picture.html")
def failing_chart(rows: list[CriterionRow], year: int) -> dict[str, Any]:
    """How often each of these criteria was not met."""
    return {"chart": analysis.failing(rows, year) if rows else None}


@register.inclusion_tag("reports/partials/picture.html")
def comparison_chart(comparison: Comparison) -> dict[str, Any]:
    """The criteria that fail most in one of the two years, in percent."""
    return {"chart": analysis.compared(comparison)}


@register.filter
def share(count: int, whole: int) -> str:
    """For instance 41,66 %; nothing of nothing is no figure."""
    return analysis.share(count, whole)


@register.filter
def risk_level(unit: RiskUnit) -> str:
    """How great the danger is, in a word."""
    return looking_back.level(unit)


@register.filter
def risk_reasons(unit: RiskUnit) -> list[str]:
    """Why the unit is at risk."""
    return looking_back.risk_words(unit)


@register.filter
def change_word(row: StandardChange | CriterionChange) -> str:
    """Better, worse or as before."""
    return looking_back.change(row)
