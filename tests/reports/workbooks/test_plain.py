"""Tables of a paper as a workbook that needs no further making."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from assessments import percentages
from reports.excel import tab
from reports.workbooks.plain import EMPTY, MONEY, PERCENT, Bars, Cell, Column, Table, workbook

COLUMNS = (Column("Số TT", 7), Column("Tổ dân phố, bản", 28), Column("Ngày", 12), Column("Kinh phí", 16))


def opened(*tables: Table) -> Workbook:
    return load_workbook(BytesIO(workbook("Báo cáo thử", tables)))


def test_values_keep_their_types() -> None:
    book = opened(Table("Kết quả", COLUMNS, [[1, "=Tổ 1", date(2025, 9, 8), Cell(120_000_000, MONEY)], [2, "Bản 2"]]))
    sheet = book["Kết quả"]
    assert [cell.value for cell in sheet[2]] == [column.title for column in COLUMNS]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows(min_row=3))
    assert first[:2] == [1, "=Tổ 1"] and first[2].date() == date(2025, 9, 8) and first[3] == 120_000_000
    assert second == [2, "Bản 2", None, None]
    assert sheet["B3"].data_type == "s"
    assert sheet["D3"].number_format == "#,##0"
    assert sheet["D4"].border.left.style == "thin", "cells that a row leaves out have their lines too"


def test_sheet_is_ready_to_read_and_print() -> None:
    sheet = opened(Table("Kết quả", COLUMNS, [[1]]))["Kết quả"]
    assert sheet["A1"].value == "Kết quả"
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref) == ("A3", "$2:$2", "A2:D3")
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.column_dimensions["B"].width == 28
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:D1"]


def test_tabs_are_named_as_excel_allows() -> None:
    title = "Kết quả thẩm định: tiêu chuẩn 1/6 [phụ lục] của cơ quan"
    names = opened(Table(title, COLUMNS, []), Table(title, COLUMNS, []), Table("'?*'", COLUMNS, [])).sheetnames
    assert len({name.casefold() for name in names}) == 3
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[2] == "Bảng"


def test_tabs_end_with_a_whole_word() -> None:
    titles = [
        "Tiêu chuẩn bảo đảm, tiêu chí không đạt qua các năm",
        "Theo tiêu chí (Đ đạt, K không đạt, – không áp dụng)",
        "Tổng hợp kết quả đánh giá năm, của thành phố",
        "Tổng hợp kết quả đánh giá năm, của tỉnh",
        "Đúng ba mươi mốt chữ cái ở đây.",
        "x" * 40,
    ]
    assert opened(*(Table(title, COLUMNS, []) for title in titles)).sheetnames == [
        "Tiêu chuẩn bảo đảm, tiêu chí",
        "Theo tiêu chí",
        "Tổng hợp kết quả đánh giá năm",
        "Tổng hợp kết quả đánh giá 2",
        "Đúng ba mươi mốt chữ cái ở đây.",
        "x" * 31,
    ]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_titles_make_names_that_excel_opens(titles: list[str]) -> None:
    taken: set[str] = set()
    for title in titles:
        name = tab(title, taken)
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") and name.casefold() not in taken
        assert name.strip("' ") == name
        taken.add(name.casefold())


def test_charts_stand_on_a_sheet_of_their_own_one_below_the_other() -> None:
    rows = [["1.1", "a", 5, Cell(percentages.number(7, 16), PERCENT)], ["1.2", "b", 3, None], ["1.3", "c", 1, None]]
    drawn = [
        Bars("Một", 1, [3], "Số nơi", "Tiêu chí", most=2),
        Bars("Hai", 1, [3, 4], "Tỷ lệ", "Tiêu chí", first=1, number_format=percentages.FORMAT),
    ]
    book = opened(Table("Kết quả", COLUMNS, rows, drawn))
    assert book.sheetnames == ["Kết quả", "Biểu đồ"]
    sheet, pictures = book.worksheets
    assert (sheet["D3"].value, sheet["D3"].number_format) == (0.4375, "0.00%")
    one, two = pictures._charts
    assert [series.val.numRef.f for series in one.series] == ["'Kết quả'!$C$3:$C$4"]
    assert [series.val.numRef.f for series in two.series] == ["'Kết quả'!$C$4:$C$5", "'Kết quả'!$D$4:$D$5"]
    assert [series.cat.numRef.f for series in two.series] == ["'Kết quả'!$A$4:$A$5"] * 2
    assert [series.tx.strRef.f for series in two.series] == ["'Kết quả'!C2", "'Kết quả'!D2"]
    for chart in (one, two):
        assert not chart.x_axis.delete and not chart.y_axis.delete, "the axes are shown"
    rows_of_one = one.anchor.ext.height / 360_000 / 0.5  # centimetres, rows
    [cut] = pictures.row_breaks.brk
    assert rows_of_one < cut.id == two.anchor._from.row - 1, "each on a page of its own"


def test_nothing_is_drawn_of_no_rows() -> None:
    assert opened(Table("Kết quả", COLUMNS, [], [Bars("Một", 1, [3], "Số nơi", "Tiêu chí")])).sheetnames == ["Kết quả"]


def test_table_without_rows_says_so() -> None:
    sheet = opened(Table("Kết quả", COLUMNS, []))["Kết quả"]
    assert sheet["A3"].value == EMPTY
    assert sheet.auto_filter.ref is None


def test_workbook_needs_a_table() -> None:
    with pytest.raises(ValueError, match="ít nhất một bảng"):
        workbook("Thử", [])
