"""What the city's Excel table is measured against writes the same cells in the same looks."""

from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from laichau_tuquan.bench import excel
from reports.workbooks.plain import MONEY, Cell, Column, Table, workbook


def cells(content: bytes) -> list[Any]:
    return [
        (sheet.title, cell.value, cell.font.b, cell.font.name, cell.border.left.style, cell.number_format)
        for sheet in load_workbook(BytesIO(content)).worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]


def test_bare_file_has_the_same_cells() -> None:
    columns = [Column("TT", 5), Column("Tên", 20), Column("Ngày", 12), Column("Tiền", 12)]
    rows = [[number, f"Tổ {number}", date(2025, 9, 8), Cell(number * 1000, MONEY)] for number in range(1, 4)]
    content = workbook("Thử", [Table("Một", columns, rows), Table("Hai", columns, [])])
    assert cells(excel._bare(*excel._written(content))) == cells(content)
