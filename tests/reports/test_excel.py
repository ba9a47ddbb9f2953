"""Writing Excel: text stays text, numbers stay numbers, the print set-up holds."""

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.excel import CELL_LIMIT, HEAD, Book, Cell, Column

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://127.0.0.1";"bấm")',
    "+84 912",
    "-5 hộ",
    "@SUM(A1)",
    "\t=1+1",
    "#N/A",
    "1.10",
    "TRUE",
    "{=1}",
]


def reopened(book: Book) -> Worksheet:
    return load_workbook(BytesIO(book.as_bytes())).worksheets[0]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_never_a_formula(text: str) -> None:
    book = Book("Thử")
    book.sheet("Trang", [10, 10]).row([text, Cell(text, HEAD)])
    content = book.as_bytes()
    for cell in next(load_workbook(BytesIO(content)).worksheets[0].iter_rows()):
        assert (cell.value, cell.data_type) == (text, "s")
        assert cell.quotePrefix is text.startswith(("=", "+", "-", "@", "\t"))
    assert b"<f>" not in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_one_marked_cell_marks_no_other() -> None:
    book = Book("Thử")
    book.sheet("Trang", [10] * 3).row(["a", "=1", "b"])
    assert [cell.quotePrefix for cell in next(reopened(book).iter_rows())] == [False, True, False]


def test_numbers_and_days_keep_their_types() -> None:
    book = Book("Thử")
    book.sheet("Trang", [10] * 4).row([7, date(2025, 9, 8), datetime(2025, 9, 8, 20, 5, tzinfo=UTC), None])
    number, day, moment, nothing = next(reopened(book).iter_rows())
    assert (number.value, number.data_type) == (7, "n")
    assert (day.value.date(), day.number_format) == (date(2025, 9, 8), "dd/mm/yyyy")
    assert moment.value == datetime(2025, 9, 9, 3, 5)
    assert nothing.value is None


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    book = Book("Thử")
    book.sheet("Trang", [10]).row(["a\x00b\x1fc" + "d" * CELL_LIMIT])
    value = next(reopened(book).iter_rows())[0].value
    assert value.startswith("abcd")
    assert len(value) == CELL_LIMIT


def test_sheet_is_set_up_for_print() -> None:
    book = Book("Thử")
    sheet = book.sheet("Trang", [5, 25], freeze="B2", repeat_rows="1:1", repeat_columns="A:A", paper="A3")
    sheet.table([Column("TT", 5), Column("Tên", 25)], [[1, "một"], [2, "hai"]])
    made = reopened(book)
    assert made.freeze_panes == "B2"
    assert made.auto_filter.ref == "A1:B3"
    assert (made.print_title_rows, made.print_title_cols) == ("$1:$1", "$A:$A")
    assert (made.page_setup.orientation, int(made.page_setup.paperSize)) == ("landscape", 8)
    assert (made.page_setup.fitToWidth, made.page_setup.fitToHeight) == (1, 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.oddHeader.center.text == "&P"
    assert made.HeaderFooter.differentFirst
    assert made.column_dimensions["B"].width == 25
