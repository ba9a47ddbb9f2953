"""The figures of half-year and yearly reports, and what was proposed in them, as workbooks."""

from assessments.queries.year import report_words as words
from reports.papers.proposals import Proposals
from reports.papers.year_report import YearReportPaper
from reports.workbooks.plain import MONEY, STRONG, Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write


def figures(made: YearReportPaper) -> bytes:
    """A sheet for each table of the report; numbers stay numbers. The city's with what was proposed."""
    tables = [_sheet(table) for table in words.tables(made.figures)]
    if made.proposals:
        columns = [Column("Cơ quan, đơn vị", 30), Column("Đề xuất, kiến nghị", 90)]
        tables.append(Table("Đề xuất, kiến nghị", columns, [list(row) for row in made.proposals]))
    return write(made.title, tables)


def _sheet(table: words.FigureTable) -> Table:
    columns = [Column(title, _width(table, at)) for at, title in enumerate(table.columns)]
    last = len(table.rows) - 1
    rows = [[_cell(table, value, table.summed and at == last) for value in row] for at, row in enumerate(table.rows)]
    return Table(table.title, columns, rows)


def _width(table: words.FigureTable, at: int) -> int:
    if table.words == 2:
        return (10, 90, 16)[at]
    return 48 if at == 0 else 22 if table.words == 3 else 18


def _cell(table: words.FigureTable, value: words.Value, total: bool) -> Value | Cell:
    if table.money and isinstance(value, int):
        return Cell(value, MONEY)
    return Cell(value, STRONG) if total else value


def proposals(made: Proposals) -> bytes:
    """One sheet: number, period, office, words."""
    columns = [Column("Số TT", 7), Column("Kỳ báo cáo", 18), Column("Cơ quan, đơn vị", 32), Column("Nội dung", 90)]
    told = [(period, office, text) for period, rows in made.periods for office, text in rows]
    rows: list[list[Value | Cell]] = [[number, *row] for number, row in enumerate(told, 1)]
    return write(made.title, [Table("Đề xuất, kiến nghị", columns, rows)])
