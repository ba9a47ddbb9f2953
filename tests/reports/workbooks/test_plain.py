"""Tables of a paper as a workbook that needs no further making."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from reports.workbooks.plain import EMPTY, MONEY, Cell, Column, Table, workbook

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


def test_table_without_rows_says_so() -> None:
    sheet = opened(Table("Kết quả", COLUMNS, []))["Kết quả"]
    assert sheet["A3"].value == EMPTY
    assert sheet.auto_filter.ref is None


def test_workbook_needs_a_table() -> None:
    with pytest.raises(ValueError, match="ít nhất một bảng"):
        workbook("Thử", [])
