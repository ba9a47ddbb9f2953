"""{% standards_chart figures year %}: the chart of a half-year or yearly report on its page."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.queries.year import report_words
from reports import charts

register = template.Library()


@register.simple_tag
def standards_chart(figures: dict[str, Any], year: int) -> SafeString:
    """How many units hold each standard; the same figures stand in the table below. Nothing while none is judged."""
    found = report_words.chart_of(figures)
    if found is None:
        return SafeString()
    chart = charts.shares(f"Số tổ dân phố, bản đảm bảo từng tiêu chuẩn năm {year}", *found)
    return format_html(
        '<div class="chart-wrap" tabindex="0" role="group" aria-label="Biểu đồ">'
        '<img class="chart" src="{}" alt="{}" width="{}" height="{}"></div>',
        chart.uri,
        chart.alt,
        chart.width,
        chart.height,
    )
