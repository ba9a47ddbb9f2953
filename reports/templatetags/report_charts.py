"""{% standards_chart figures year %}: the chart of a half-year or yearly report on its page."""

from typing import Any

from django import template

from assessments.queries.year import report_words
from reports import charts

register = template.Library()


@register.inclusion_tag("reports/partials/picture.html")
def standards_chart(figures: dict[str, Any], year: int) -> dict[str, Any]:
    """How many units hold each standard; the same figures stand in the table below. Nothing while none is judged."""
    found = report_words.chart_of(figures)
    title = f"Số tổ dân phố, bản đảm bảo từng tiêu chuẩn năm {year}"
    return {"chart": charts.shares(title, *found) if found else None}
