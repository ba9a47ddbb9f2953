"""A paper's tables as a workbook: the Excel form of papers that need no sheet of their own making.

    from reports.workbooks.plain import MONEY, Cell, Column, Table, workbook

    def sheets(made: AgencyReport) -> bytes:      # the `workbook` of a row in reports/registry.py
        columns = [Column("Số TT", 7), Column("Tổ dân phố, bản", 28), Column("Ngày", 12), Column("Kinh phí", 16)]
        rows = ([n, row.unit, row.day, Cell(row.amount, MONEY)] for n, row in enumerate(made.rows, 1))
        return workbook(made.title, [Table("Kết quả thẩm định", columns, rows)])

Give int for numbers, date or datetime for days, None for what is not known: they stay numbers and days in Excel.
A `Cell` gives one value a look of its own (CENTER, MONEY, STRONG) or a comment. A row may be shorter than the head.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reports.excel import BODY, CENTER, HEAD, REMARK, TITLE, Book, Cell, Column, Look, Value

__all__ = ["CENTER", "MONEY", "STRONG", "Cell", "Column", "Look", "Table", "Value", "workbook"]

MONEY = Look(number_format="#,##0")  # whole đồng, thousands apart as the reader's Excel writes them
STRONG = Look(bold=True)  # totals
HEAD_ROW = 2  # below the title
NAME_LIMIT = 31  # characters of a sheet's name
EMPTY = "Chưa có số liệu."


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its title stands above the head row and, shortened, on the sheet's tab."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value | Cell]]


def workbook(title: str, tables: Sequence[Table]) -> bytes:
    """A file with one sheet for each table, on landscape A4 as wide as the page, the head row on every page.

    Raises ValueError without any table: a workbook needs a sheet.
    """
    if not tables:
        raise ValueError("Tệp Excel cần ít nhất một bảng.")
    book = Book(title)
    taken: set[str] = set()
    for table in tables:
        _add(book, table, _tab(table.title, taken))
    return book.as_bytes()


def _add(book: Book, table: Table, name: str) -> None:
    width = len(table.columns)
    sheet = book.sheet(
        name,
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
    else:
        sheet.filter(HEAD_ROW, width)


def _tab(title: str, taken: set[str]) -> str:
    """The title as Excel allows it for a tab: 31 characters, none of []:*?/\\, no two alike."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]+", " ", title)
    plain = " ".join(plain.split())[:NAME_LIMIT].strip("' ") or "Bảng"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: NAME_LIMIT - len(str(number)) - 1]} {number}"
    taken.add(name.casefold())
    return name
