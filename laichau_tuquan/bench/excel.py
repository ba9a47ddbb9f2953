"""The city's Excel table against openpyxl alone, writing the same cells with the same looks."""

from copy import copy
from io import BytesIO
from typing import Any, TypeAlias

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from laichau_tuquan.bench import measure
from reports.papers.city_table import CityTable
from reports.workbooks import consolidated

Sheet: TypeAlias = tuple[str, list[list[tuple[Any, int | None]]]]


def against_bare(made: CityTable, repeat: int) -> tuple[measure.Timing, measure.Timing]:
    """Our workbook of these records, and the least that openpyxl takes for the same cells."""
    sheets, looks = _written(consolidated.workbook(made))
    ours, bare = measure.in_turn([lambda: consolidated.workbook(made), lambda: _bare(sheets, looks)], repeat)
    return ours, bare


def _written(content: bytes) -> tuple[list[Sheet], dict[int, tuple[Any, ...]]]:
    """Every sheet's name and rows, each cell a value and the number of its style; and the styles."""
    sheets: list[Sheet] = []
    looks: dict[int, tuple[Any, ...]] = {}
    for sheet in load_workbook(BytesIO(content)).worksheets:
        sheets.append((sheet.title, rows := []))
        for row in sheet.iter_rows():
            rows.append([(cell.value, cell.style_id if cell.has_style else None) for cell in row])
            for cell in row:
                if cell.has_style and cell.style_id not in looks:
                    # Copies: what was read is bound to its workbook.
                    parts = (copy(part) for part in (cell.font, cell.alignment, cell.border, cell.fill))
                    looks[cell.style_id] = (*parts, cell.number_format)
    return sheets, looks


def _bare(sheets: list[Sheet], looks: dict[int, tuple[Any, ...]]) -> bytes:
    book = Workbook(write_only=True)
    styles: dict[int, Any] = {}
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(sheet, value, look, looks, styles) for value, look in row])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _cell(sheet: Any, value: Any, look: int | None, looks: dict[int, tuple[Any, ...]], styles: dict[int, Any]) -> Any:
    if look is None:
        return value
    cell: Any = WriteOnlyCell(sheet, value)
    if look in styles:
        cell._style = styles[look]
    else:
        cell.font, cell.alignment, cell.border, cell.fill, cell.number_format = looks[look]
        styles[look] = cell._style
    return cell
