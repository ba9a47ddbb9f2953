"""{% progress_chart wards %}: the charts of pages. Papers bring theirs in their view models."""

from collections.abc import Sequence
from typing import Any

from django import template

from assessments.queries import WardRow
from assessments.workflow import State
from reports import charts

register = template.Library()

# What the stretches of the road come to for somebody who looks at the whole city.
REACHED = (
    ("Đang ở xã, phường", (State.DRAFT, State.COUNCIL)),
    ("Đã gửi, đang thẩm định", (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED, State.PROPOSED)),
    ("Đã công nhận", (State.RECOGNISED,)),
    ("Không công nhận", (State.NOT_RECOGNISED,)),
)


@register.inclusion_tag("reports/partials/chart.html")
def progress_chart(wards: Sequence[WardRow], year: int) -> dict[str, Any]:
    """How far the dossiers of each ward have come; nothing where no ward has one. Takes what was read: no query."""
    rows = [row for row in wards if row.total]
    labels = [str(row.ward) for row in rows]
    series = [
        charts.Series(name, [sum(count for state, count in row.counts if state in states) for row in rows])
        for name, states in REACHED
    ]
    title = f"Kết quả đăng ký, gửi và công nhận năm {year} theo xã, phường"
    chart = charts.stacked(title, labels, series, word="tổ dân phố, bản") if rows else None
    return {"chart": chart, "series": [one.name for one in series], "rows": _rows(rows, series)}


def _rows(rows: Sequence[WardRow], series: Sequence[charts.Series]) -> list[tuple[Any, list[int], int]]:
    """The same figures for the table beside the drawing."""
    return [(row.ward, [one.values[at] or 0 for one in series], row.total) for at, row in enumerate(rows)]
