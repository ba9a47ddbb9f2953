"""The table of who owes what as a workbook."""

from reports.papers.progress import ProgressTable
from reports.workbooks.plain import STRONG, Cell, Column, Table
from reports.workbooks.plain import workbook as write


def workbook(made: ProgressTable) -> bytes:
    """Wards and agencies, a sheet each, with the totals in the last row."""
    tables = []
    for heading, columns, rows, totals in made.parts:
        heads = [
            Column(f"{name} (trước {before:%d/%m/%Y})" if before else f"{name} (không có mốc)", 26)
            for name, before in columns
        ]
        lines: list[list[str | int | Cell | None]] = [
            [number, name, *cells] for number, (name, cells) in enumerate(rows, 1)
        ]
        if lines:
            lines.append([None, Cell("Cộng", STRONG), *(Cell(words, STRONG) for words in totals)])
        tables.append(Table(heading, [Column("Số TT", 7), Column("Nơi thực hiện", 34), *heads], lines))
    return write(made.title, tables)
