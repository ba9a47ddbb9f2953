"""Charts in workbooks: the reader's spreadsheet draws them from the cells of the tables.

Bars lie, the first row on top; every series has a tone of its own, from white to black, and the figures stand on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties

WIDE, LEAST, MOST = 22.0, 8.0, 15.5  # centimetres; what a page holds
TALL = 0.55  # of one bar
HEAD = 2  # the row with the names of the columns
ROW = 0.5  # of an empty row, or a little less
TONES = ("E4E4E4", "3C3C3C", "A6A6A6", "FFFFFF")


@dataclass(frozen=True, slots=True)
class Bars:
    """Columns of a table as bars; columns are counted from 1.

    `first` and `most` say which of its rows, where not all are drawn.
    """

    title: str
    labels: int
    values: Sequence[int]
    across: str  # what the axis of the figures counts
    down: str  # what the labels are
    most: int | None = None
    first: int = 0
    number_format: str = "General"
    largest: int | None = None  # where the axis of the figures ends


def draw(target: Any, row: int, source: Any, bars: Bars, first: int, last: int) -> int:
    """Put a chart of a table's rows from first to last at a row of the target; the last row it covers.

    Returns the row before where there is nothing to draw.
    """
    top = first + bars.first
    bottom = min(last, top + bars.most - 1) if bars.most is not None else last
    if bottom < top:
        return row - 1
    made = _chart(source, bars, top, bottom)
    target.add_chart(made, f"A{row}")
    return row + int(made.height / ROW)


def _chart(sheet: Any, bars: Bars, top: int, bottom: int) -> Any:
    made: Any = BarChart()
    made.type, made.grouping, made.gapWidth = "bar", "clustered", 60
    made.title, made.y_axis.title, made.x_axis.title = bars.title, bars.across, bars.down
    for title in (made.title, made.y_axis.title, made.x_axis.title):
        title.overlay = False
    made.width = WIDE
    made.height = min(MOST, max(LEAST, 4 + TALL * (bottom - top + 1) * (len(bars.values) + 0.6)))
    for column, tone in zip(bars.values, TONES, strict=False):
        made.add_data(Reference(sheet, min_col=column, min_row=HEAD, max_row=HEAD), titles_from_data=True)
        series = made.series[-1]
        series.val.numRef.f = str(Reference(sheet, min_col=column, min_row=top, max_row=bottom))
        series.graphicalProperties = GraphicalProperties(solidFill=tone)
        series.graphicalProperties.line.solidFill = "000000"
        series.dLbls = DataLabelList()
        series.dLbls.showVal = True
        series.dLbls.numFmt = bars.number_format
        for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
            setattr(series.dLbls, name, False)
    made.set_categories(Reference(sheet, min_col=bars.labels, min_row=top, max_row=bottom))
    # openpyxl hides both axes unless told otherwise.
    made.x_axis.delete = made.y_axis.delete = False
    made.x_axis.scaling.orientation = "maxMin"
    made.y_axis.scaling.min, made.y_axis.scaling.max = 0, bars.largest
    made.y_axis.number_format = bars.number_format
    made.y_axis.majorGridlines = None
    made.legend.position = "b"
    if len(bars.values) == 1:
        made.legend = None
    return made
