"""The tables of a ward's report as a workbook."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from reports.papers.ward_report import SectionLine, WardReport
from reports.workbooks.plain import CENTER, STRONG, Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write

NUMBER, UNIT = Column("Số TT", 7), Column("Tổ dân phố, bản", 28)
Rows: TypeAlias = Iterable[Sequence[Value | Cell]]


def workbook(made: WardReport) -> bytes:
    """Results by standard, content and criterion, the most failed criteria and the evidence, a sheet for each."""
    return write(
        made.title,
        [
            _sections("Theo tiêu chuẩn", "Tiêu chuẩn", "Đảm bảo", made.standards),
            _sections("Theo nội dung tự quản", "Nội dung tự quản", "Thực hiện tốt", made.contents),
            _units(made),
            _criteria(made),
            _failed(made),
            _evidence(made),
        ],
    )


def _sections(title: str, what: str, holding: str, lines: Iterable[SectionLine]) -> Table:
    columns = [
        Column("Số TT", 7), Column(what, 70), Column(holding, 14), Column("Số tổ, bản xét", 14),
        Column("Lượt đạt", 12), Column("Lượt xét", 12),
    ]  # fmt: skip
    rows: Rows = ([x.number, x.name, x.holding, x.judged, x.met, x.applicable] for x in lines)
    return Table(title, columns, rows)


def _units(made: WardReport) -> Table:
    headings = [Column(f"Tiêu chuẩn {section.number}", 12) for section in made.headings]
    columns = [NUMBER, UNIT, Column("Đăng ký", 18), *headings, Column("Kết quả", 20), Column("Lý do", 70)]
    reasons = {row.unit: "\n".join(row.lines) for row in made.reasons}
    rows: Rows = (
        [
            row.number,
            row.unit,
            row.aim,
            *(Cell(mark.count, CENTER) for mark in row.marks),
            "Đủ điều kiện" if row.qualifies else "Chưa đủ điều kiện",
            reasons.get(row.unit, ""),
        ]
        for row in made.rows
    )
    return Table("Từng tổ dân phố, bản", columns, rows)


def _criteria(made: WardReport) -> Table:
    codes = [Column(entry.code, 5) for section in made.headings for entry in section.entries]
    rows: list[Sequence[Value | Cell]] = [
        [row.number, row.unit, *(Cell(sign, CENTER) for sign in row.signs)] for row in made.rows
    ]
    if rows:
        rows.append([None, Cell("Số tổ, bản đạt", STRONG), *(Cell(number, STRONG) for number in made.met_by)])
    return Table("Theo tiêu chí (Đ đạt, K không đạt, – không áp dụng)", [NUMBER, UNIT, *codes], rows)


def _failed(made: WardReport) -> Table:
    columns = [Column("Tiêu chí", 10), Column("Nội dung", 80), Column("Số tổ, bản", 12), Column("Chưa đạt ở", 40)]
    rows: Rows = ([row.code, row.text, len(row.units), row.named] for row in made.failed)
    return Table("Tiêu chí chưa đạt", columns, rows)


def _evidence(made: WardReport) -> Table:
    headings = [Column(f"Tiêu chuẩn {section.number}", 12) for section in made.headings]
    columns = [NUMBER, UNIT, *headings, Column("Nội dung tự quản", 14), Column("Trường hợp", 14), Column("Cộng", 10)]
    rows: list[Sequence[Value | Cell]] = [[row.number, row.unit, *row.evidence] for row in made.rows]
    if rows:
        rows.append([None, Cell("Cộng", STRONG), *(Cell(number, STRONG) for number in made.evidence_by)])
    return Table("Minh chứng", columns, rows)
