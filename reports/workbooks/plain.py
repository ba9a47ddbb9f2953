"""A paper's tables as a workbook: the Excel form of papers that need no sheet of their own making.

    from reports.workbooks.plain import MONEY, Cell, Column, Table, workbook

    def sheets(made: AgencyReport) -> bytes:      # the `workbook` of a row in reports/registry.py
        columns = [Column("Số TT", 7), Column("Tổ dân phố, bản", 28), Column("Ngày", 12), Column("Kinh phí", 16)]
        rows = ([n, row.unit, row.day, Cell(row.amount, MONEY)] for n, row in enumerate(made.rows, 1))
        return workbook(made.title, [Table("Kết quả thẩm định", columns, rows)])

Give int for numbers, date or datetime for days, None for what is not known: they stay numbers and days in Excel.
A `Cell` gives one value a look of its own (CENTER, MONEY, STRONG) or a comment. A row may be shorter than the head.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reports.excel import BODY, CENTER, HEAD, PERCENT, REMARK, TITLE, Book, Cell, Column, Look, Sheet, Value
from reports.excel_charts import Bars

__all__ = ["CENTER", "MONEY", "PERCENT", "STRONG", "Bars", "Cell", "Column", "Look", "Table", "Value", "workbook"]

MONEY = Look(number_format="#,##0")  # whole đồng, thousands apart as the reader's Excel writes them
STRONG = Look(bold=True)  # totals
HEAD_ROW = 2  # below the title
CHARTS = "Biểu đồ"
EMPTY = "Chưa có số liệu."


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its title stands above the head row, which is on every page, and, shortened, on the sheet's tab."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value | Cell]]
    charts: Sequence[Bars] = ()  # of its rows, on the sheet of all charts


def workbook(title: str, tables: Sequence[Table]) -> bytes:
    """A file with one sheet for each table and one for their charts, on landscape A4 as wide as the page.

    Raises ValueError without any table: a workbook needs a sheet.
    """
    if not tables:
        raise ValueError("Tệp Excel cần ít nhất một bảng.")
    book = Book(title)
    made = [(table, *_add(book, table)) for table in tables]
    drawn = [(sheet, bars, last) for table, sheet, last in made for bars in table.charts if last > HEAD_ROW]
    if drawn:
        pictures = book.sheet(CHARTS, [])
        for sheet, bars, last in drawn:
            pictures.bars(sheet, bars, HEAD_ROW + 1, last)
    return book.as_bytes()


def _add(book: Book, table: Table) -> tuple[Sheet, int]:
    """The table's sheet, and its last row with figures."""
    width = len(table.columns)
    sheet = book.sheet(
        table.title,
        [column.width for column in table.columns],
        freeze=f"A{HEAD_ROW + 1}",
        repeat_rows=f"{HEAD_ROW}:{HEAD_ROW}",
        paper="A4",
    )
    # As tall as its lines: a merged cell does not grow by itself.
    room = sum(column.width for column in table.columns) * 0.75
    sheet.row([table.title], replace(TITLE, wrap=True), height=20 * (1 + int(len(table.title) // room)))
    sheet.merge(1, width)
    sheet.row([column.title for column in table.columns], HEAD)
    for row in table.rows:
        sheet.row([*row, *[None] * (width - len(row))], BODY)
    if sheet.rows == HEAD_ROW:
        sheet.row([EMPTY], REMARK)
        return sheet, HEAD_ROW
    sheet.filter(HEAD_ROW, width)
    return sheet, sheet.rows
