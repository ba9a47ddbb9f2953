"""Who helps whom as a workbook."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from reports.papers.helping_table import HelpingTable
from reports.workbooks.plain import MONEY, STRONG, Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write

Rows: TypeAlias = Iterable[Sequence[Value | Cell]]
NUMBER, WARD, UNIT, AGENCY = Column("Số TT", 7), Column("Xã, phường", 22), Column("Tổ dân phố, bản", 26), 40


def workbook(made: HelpingTable) -> bytes:
    """Assignments, every single deed, and the agencies' totals: a sheet for each."""
    return write(made.title, [_assigned(made), _deeds(made), _totals(made)])


def _assigned(made: HelpingTable) -> Table:
    columns = [
        NUMBER, WARD, UNIT, Column("Cơ quan giúp đỡ", AGENCY), Column("Nội dung giúp đỡ", 40),
        Column("Văn bản phân công", 34), Column("Thôi từ ngày", 12), Column("Số việc", 10),
        Column("Trị giá (đồng)", 18),
    ]  # fmt: skip
    rows: Rows = (
        [
            line.position,
            str(line.helping.unit.ward),
            str(line.helping.unit),
            line.helping.agency.name,
            line.focus,
            line.helping.decided_by,
            line.helping.ended_on,
            len(line.deeds),
            Cell(line.worth, MONEY),
        ]
        for line in made.lines
    )
    return Table("Phân công giúp đỡ", columns, rows)


def _deeds(made: HelpingTable) -> Table:
    columns = [
        NUMBER, WARD, UNIT, Column("Cơ quan", AGENCY), Column("Ngày", 12), Column("Nội dung", 70),
        Column("Trị giá (đồng)", 18),
    ]  # fmt: skip
    found = [(line, deed) for line in made.lines for deed in reversed(line.deeds)]
    rows: Rows = (
        [
            n,
            str(line.helping.unit.ward),
            str(line.helping.unit),
            line.helping.agency.name,
            deed.done_on,
            deed.content,
            Cell(deed.worth, MONEY),
        ]
        for n, (line, deed) in enumerate(found, 1)
    )
    return Table("Việc đã làm", columns, rows)


def _totals(made: HelpingTable) -> Table:
    columns = [
        NUMBER, Column("Cơ quan", AGENCY), Column("Tổ, bản đang giúp", 14), Column("Đã thôi", 10),
        Column("Số việc", 10), Column("Trị giá (đồng)", 18),
    ]  # fmt: skip
    rows: list[Sequence[Value | Cell]] = [
        [n, tally.agency.name, tally.units, tally.ended, tally.deeds, Cell(tally.worth, MONEY)]
        for n, tally in enumerate(made.tallies, 1)
    ]
    if rows:
        rows.append([None, Cell("Cộng", STRONG), None, None, Cell(made.deeds, STRONG), Cell(made.worth, MONEY)])
    return Table("Theo cơ quan", columns, rows)
