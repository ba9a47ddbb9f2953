"""The charts of the pages that look back; each stands beside a table with the same figures."""

from typing import Any

from django import template

from assessments.queries.year.comparing import Comparison, CriterionChange, StandardChange
from assessments.queries.year.looking_back import CriterionRow, Ranking, TargetYear
from assessments.queries.year.risks import Risks, RiskUnit
from reports import analysis
from reports.papers import looking_back

register = template.Library()


@register.inclusion_tag("reports/partials/picture.html")
def failing_chart(rows: list[CriterionRow], year: int) -> dict[str, Any]:
    """How often each of these criteria was not met."""
    return {"chart": analysis.failing(rows, year)}


@register.inclusion_tag("reports/partials/picture.html")
def wards_chart(ranking: Ranking) -> dict[str, Any]:
    """The same criteria ward by ward; nothing for one ward alone."""
    return {"chart": analysis.by_ward(ranking)}


@register.inclusion_tag("reports/partials/picture.html")
def years_chart(ranking: Ranking) -> dict[str, Any]:
    """The same criteria over the years, in percent; nothing in the first year."""
    return {"chart": analysis.over_years(ranking)}


@register.inclusion_tag("reports/partials/picture.html")
def targets_chart(targets: list[TargetYear], whole: bool) -> dict[str, Any]:
    """Targets against reality; `whole` when the figures are the whole city's, as the targets are."""
    return {"chart": analysis.targets(targets, whole=whole)}


@register.inclusion_tag("reports/partials/picture.html")
def danger_chart(risks: Risks) -> dict[str, Any]:
    """Units at risk in each ward."""
    return {"chart": analysis.endangered(risks)}


@register.inclusion_tag("reports/partials/picture.html")
def danger_standards_chart(risks: Risks) -> dict[str, Any]:
    """Standards that put units at risk."""
    return {"chart": analysis.endangering(risks)}


@register.inclusion_tag("reports/partials/picture.html")
def comparison_chart(comparison: Comparison) -> dict[str, Any]:
    """The criteria that fail most in one of the two years, in percent."""
    return {"chart": analysis.compared(comparison)}


@register.inclusion_tag("reports/partials/picture.html")
def standards_change_chart(comparison: Comparison) -> dict[str, Any]:
    """How often each standard held in the two years, in percent."""
    return {"chart": analysis.standards(comparison)}


@register.filter
def share(count: int, whole: int) -> str:
    """For instance 41,66 %; nothing of nothing is no figure."""
    return analysis.share(count, whole)


@register.filter
def risk_level(unit: RiskUnit) -> str:
    """How great the danger is, in a word."""
    return analysis.level(unit)


@register.filter
def risk_reasons(unit: RiskUnit) -> list[str]:
    """Why the unit is at risk."""
    return looking_back.risk_words(unit)


@register.filter
def change_word(row: StandardChange | CriterionChange) -> str:
    """Better, worse or as before."""
    return looking_back.change(row)
