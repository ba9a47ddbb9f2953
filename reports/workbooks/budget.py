"""Money as workbooks: an estimate's lines in the form in which they are read back, and all wards side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assessments import money
from assessments.queries.year.budget import LineRow
from assessments.year.budget_import import TITLES, TOTAL, WHOLE_WARD
from reports.excel import BODY
from reports.papers.budget_table import BudgetTable
from reports.papers.estimate import Estimate
from reports.workbooks.plain import MONEY, STRONG, Cell, Column, Table, Value, workbook

_WIDTHS = {"content": 50, "unit": 20, "measure": 14, "quantity": 12, "position": 8}
_COLUMNS = [Column(title, _WIDTHS.get(key, 18)) for key, title in TITLES.items()]
_SUM = replace(MONEY, bold=True)
_EMPTY_ROWS = 20  # with lines to write in, in the template


def estimate(made: Estimate) -> bytes:
    """The lines as they can be read back, and beside them what was said of them."""
    rows = [_row(row) for row in made.sheet.rows]
    if rows:
        total = made.sheet.total
        sums = [Cell(amount, _SUM) for _, amount in made.sheet.sources.rows()]
        rows.append([Cell(TOTAL, STRONG), *[None] * 5, Cell(total.asked, _SUM), *sums])
    tables = [Table(made.title, _COLUMNS, rows)]
    if any(row.amounts.appraised is not None for row in made.sheet.rows):
        tables.append(_three(made))
    return workbook(made.title, tables)


def template(title: str) -> bytes:
    """An empty table to be filled in."""
    rows = [[number, *[None] * (len(_COLUMNS) - 1)] for number in range(1, _EMPTY_ROWS + 1)]
    return workbook(title, [Table(title, _COLUMNS, rows)])


def _row(row: LineRow) -> list[Value | Cell]:
    line, quantity = row.line, row.line.quantity
    return [
        line.position,
        line.content,
        line.unit.name if line.unit else WHOLE_WARD,
        line.measure,
        Cell(int(quantity) if quantity == quantity.to_integral_value() else quantity.normalize(), BODY),
        Cell(line.unit_price, MONEY),
        Cell(line.asked, MONEY),
        *(Cell(amount, MONEY) for _, amount in row.sources.rows()),
    ]


def _three(made: Estimate) -> Table:
    columns = [
        Column("Số TT", 8), Column("Nội dung", 50), Column("Đề nghị", 18), Column("Thẩm định", 18),
        Column("Chênh lệch", 18), Column("Phê duyệt", 18), Column("Ý kiến", 50),
    ]  # fmt: skip
    rows: list[Sequence[Value | Cell]] = [
        [
            row.line.position,
            row.line.content,
            *_amounts(row.amounts, MONEY),
            "\n".join(filter(None, (row.line.appraised_note, row.line.approved_note))),
        ]
        for row in made.sheet.rows
    ]
    rows.append([Cell(TOTAL, STRONG), None, *_amounts(made.sheet.total, _SUM)])
    return Table("Đề nghị, thẩm định, phê duyệt", columns, rows)


def _amounts(three: money.Three, look: object) -> list[Cell]:
    given = (three.asked, three.appraised, three.cut, three.approved)
    return [Cell(amount, look) for amount in given]  # type: ignore[arg-type]


def table(made: BudgetTable) -> bytes:
    """All wards with their three amounts, and all their lines."""
    names = list(money.SOURCES.values())
    wards = [
        Column("Số TT", 8), Column("Xã, phường", 28), Column("Tình trạng", 18), Column("Đề nghị", 18),
        Column("Thẩm định", 18), Column("Chênh lệch", 18), Column("Phê duyệt", 18),
        *(Column(f"{name} (nguồn theo dự toán đề nghị)", 20) for name in names),
    ]  # fmt: skip
    return workbook(made.title, [Table(made.title, wards, _wards(made)), _lines(made)])


def _wards(made: BudgetTable) -> Iterable[Sequence[Value | Cell]]:
    for number, row in enumerate(made.table.rows, 1):
        state = str(row.estimate.get_state_display()) if row.estimate else "Chưa gửi"
        sources = [Cell(amount, MONEY) for _, amount in row.sources.rows()] if row.estimate else []
        amounts = _amounts(row.amounts, MONEY) if row.amounts else [Cell(None, MONEY)] * 4
        yield [number, str(row.ward), state, *amounts, *sources]
    total = made.table.total
    told = [Cell(amount, _SUM) for amount in (total.asked, total.appraised, None, total.approved)]
    yield [
        Cell(TOTAL, STRONG), None, None, *told, *(Cell(amount, _SUM) for _, amount in made.table.sources.rows()),
    ]  # fmt: skip


def _lines(made: BudgetTable) -> Table:
    columns = [
        Column("Xã, phường", 24), Column("Số TT", 8), Column("Nội dung", 50), Column("Đơn vị tính", 14),
        Column("Số lượng", 12), Column("Đơn giá", 18), Column("Đề nghị", 18), Column("Thẩm định", 18),
        Column("Chênh lệch", 18), Column("Phê duyệt", 18),
    ]  # fmt: skip
    rows: list[Sequence[Value | Cell]] = [
        [
            str(found.ward),
            row.line.position,
            row.line.content,
            row.line.measure,
            row.quantity,
            Cell(row.line.unit_price, MONEY),
            *_amounts(row.amounts, MONEY),
        ]
        for found, sheet in made.sheets
        for row in sheet.rows
    ]
    return Table("Từng dòng dự toán", columns, rows)
