"""Writing Excel files: the one place that knows openpyxl.

Text stays text: whatever a person typed, no cell of a workbook made here can become a formula.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeAlias

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.pagebreak import Break

from assessments import percentages
from reports import excel_charts
from reports.excel_charts import Bars

Value: TypeAlias = str | int | Decimal | date | datetime | None

FONT = "Times New Roman"
# What a spreadsheet may take for the beginning of a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
CELL_LIMIT = 32_767  # characters Excel keeps in a cell
PAPERS = {"A3": 8, "A4": 9}
INCH = 25.4
# Margins in mm as the decree wants them for a page: top, bottom, left, right.
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}
NAME_LIMIT = 31  # characters of a sheet's name
DAY_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; equal looks share one style of the workbook."""

    bold: bool = False
    italic: bool = False
    size: int = 10
    center: bool = False
    wrap: bool = True
    border: bool = True
    heavy_top: bool = False
    fill: str = ""
    number_format: str = ""


BODY = Look()
CENTER = Look(center=True)
FACT = Look(border=False)
HEAD = Look(bold=True, center=True, fill="E7EFEA")
TITLE = Look(bold=True, size=14, wrap=False, border=False)
LINE = Look(size=11, wrap=False, border=False)
PERCENT = Look(number_format=percentages.FORMAT)  # of percentages.number
REMARK = Look(size=11, italic=True, border=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with a look of its own, and a comment that shows when one points at it."""

    value: Value
    look: Look | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float


class Book:
    """A workbook written row by row."""

    def __init__(self, title: str) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.title = title
        self._book.properties.language = "vi"
        self._styles: dict[tuple[Look, bool], Any] = {}
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        widths: Sequence[float],
        *,
        freeze: str = "",
        repeat_rows: str = "",
        repeat_columns: str = "",
        paper: str = "A4",
    ) -> "Sheet":
        """A new sheet set up for print: landscape, as wide as the page, page numbers from page 2 on.

        Its name is shortened and changed as far as Excel wants it.
        """
        name = tab(name, self._names)
        self._names.add(name.casefold())
        made = self._book.create_sheet(name)
        for position, width in enumerate(widths, 1):
            made.column_dimensions[get_column_letter(position)].width = width
        made.freeze_panes = freeze or None
        made.print_title_rows = repeat_rows or None
        made.print_title_cols = repeat_columns or None
        made.page_setup.orientation = "landscape"
        made.page_setup.paperSize = PAPERS[paper]
        made.page_setup.fitToWidth, made.page_setup.fitToHeight = 1, 0
        made.sheet_properties.pageSetUpPr.fitToPage = True
        for edge, millimetres in MARGINS.items():
            setattr(made.page_margins, edge, millimetres / INCH)
        made.page_margins.header = made.page_margins.footer = 10 / INCH
        made.HeaderFooter.differentFirst = True
        made.oddHeader.center.text = "&P"
        made.oddHeader.center.size, made.oddHeader.center.font = 13, f"{FONT},Regular"
        return Sheet(self, made)

    def as_bytes(self) -> bytes:
        """The finished file; nothing can be added afterwards."""
        target = BytesIO()
        self._book.save(target)
        return target.getvalue()

    def style(self, look: Look, sheet: Any, *, quoted: bool = False) -> Any:
        """The workbook's style for a look, made with the help of a cell the first time."""
        kept = self._styles.get((look, quoted))
        if kept is None:
            probe: Any = WriteOnlyCell(sheet)
            _dress(probe, look)
            if quoted:  # what could start a formula carries the mark that says it is text
                probe.quotePrefix = True
            kept = self._styles[look, quoted] = probe._style
        return kept


class Sheet:
    """One sheet; rows go from top to bottom and cannot be changed once written."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self._book = book
        self._sheet = sheet
        self.rows = 0
        self.drawn = 0  # the last row that charts cover
        # openpyxl makes three objects and an exception for every cell that comes with a style; it only ever writes the
        # one it is given, so the same is filled again and again.
        self._pen: Any = WriteOnlyCell(sheet)
        self._look = BODY  # of the values in the row being written that have none of their own
        self._blanks = True  # whether blank cells are written: they may have lines
        sheet._values_to_row = self._cells

    def row(self, values: Iterable[Value | Cell], look: Look = BODY, *, height: float | None = None) -> int:
        """Add a row and return its number. A value without a look of its own takes the row's."""
        self.rows += 1
        if height is not None:
            self._sheet.row_dimensions[self.rows].height = height
        self._look = look
        self._sheet.append(list(values))
        return self.rows

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Value | Cell]]) -> None:
        """A header row, the rows below it, and a filter over both.

        Blank cells are not written and lines come from the print set-up: half the time for long tables.
        """
        self._sheet.print_options.gridLines = True
        head = self.row([column.title for column in columns], HEAD)
        self._look, self._blanks = FACT, False
        for row in rows:
            self.rows += 1
            self._sheet.append(list(row))
        self._blanks = True
        self.filter(head, len(columns))

    def bars(self, source: "Sheet", found: Bars, first: int, last: int) -> None:
        """Draw a chart of another sheet's rows from first to last below what is drawn, each on a page of its own."""
        below = excel_charts.draw(self._sheet, self.drawn + 2, source._sheet, found, first, last)
        if below > self.drawn + 1:
            if self.drawn:
                self._sheet.row_breaks.append(Break(id=self.drawn))
            self.drawn = below

    def merge(self, first: int, last: int, *, row: int | None = None, rows: int = 1) -> None:
        """Join the cells of a row from one column to another, downwards over `rows`."""
        top = row or self.rows
        self._sheet.merged_cells.add(CellRange(min_col=first, max_col=last, min_row=top, max_row=top + rows - 1))

    def filter(self, head: int, columns: int, *, last: int | None = None) -> None:
        """Let people filter the rows below the header row, down to `last`."""
        self._sheet.auto_filter.ref = f"A{head}:{get_column_letter(columns)}{max(last or self.rows, head)}"

    def _cells(self, values: Iterable[Value | Cell], row: int) -> Iterator[Any]:
        """Cells in their places, ready to be written."""
        for column, given in enumerate(values, 1):
            if isinstance(given, Cell):
                yield self._filled(given.value, given.look or self._look, given.comment, column, row)
            elif self._blanks or given not in (None, ""):
                yield self._filled(given, self._look, "", column, row)

    def _filled(self, content: Value, look: Look, comment: str, column: int, row: int) -> Any:
        quoted, kind = False, "n"
        if isinstance(content, str):
            content, kind = ILLEGAL_CHARACTERS_RE.sub("", content)[:CELL_LIMIT], "s"
            quoted = content.startswith(FORMULA_STARTS)
        elif isinstance(content, datetime):
            content, kind = timezone.localtime(content).replace(tzinfo=None, microsecond=0), "d"
            look = look if look.number_format else replace(look, number_format=MOMENT_FORMAT)
        elif isinstance(content, date):
            look, kind = look if look.number_format else replace(look, number_format=DAY_FORMAT), "d"
        cell: Any = WriteOnlyCell(self._sheet) if comment else self._pen
        cell._value, cell.data_type, cell.column, cell.row = content, kind, column, row
        cell._style = self._book.style(look, self._sheet, quoted=quoted)
        if comment:
            cell.comment = _comment(comment)
        return cell


def tab(title: str, taken: Collection[str]) -> str:
    """The title as Excel allows it for a sheet: 31 characters, none of []:*?/\\, no two alike in small letters.

    It ends with a whole word, without an opened bracket or a comma.
    """
    plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", title).split()).strip("' ") or "Bảng"
    name, number = _shortened(plain, NAME_LIMIT), 1
    while name.casefold() in taken:
        number += 1
        name = f"{_shortened(plain, NAME_LIMIT - len(str(number)) - 1)} {number}"
    return name


def _shortened(words: str, limit: int) -> str:
    if len(words) <= limit:
        return words
    cut = words[: limit + 1].rpartition(" ")[0] or words[:limit]
    if cut.count("(") > cut.count(")"):
        cut = cut.rpartition("(")[0]
    return cut.rstrip(" ,.;-–('") or words[:limit].strip("' ")


def _dress(cell: Any, look: Look) -> None:
    cell.font = Font(name=FONT, size=look.size, bold=look.bold, italic=look.italic)
    horizontal = "center" if look.center else None
    cell.alignment = Alignment(horizontal=horizontal, vertical="center" if look.center else "top", wrap_text=look.wrap)
    if look.border:
        thin = Side(style="thin", color="808080")
        top = Side(style="medium", color="000000") if look.heavy_top else thin
        cell.border = Border(left=thin, right=thin, top=top, bottom=thin)
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.number_format:
        cell.number_format = look.number_format


def _comment(text: str) -> Comment:
    """A comment in a box that holds it."""
    comment = Comment(text, "Tự quản Lai Châu", width=320)
    comment.height = 40 + 18 * (len(text) // 45 + 1)
    return comment
