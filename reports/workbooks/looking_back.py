"""The analysis of a year as a workbook: a sheet for each of its tables."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from assessments.queries.year.comparing import CriterionChange, StandardChange
from reports.analysis import share
from reports.papers.looking_back import Analysis, change, level, risk_words
from reports.workbooks.plain import Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write

Rows: TypeAlias = Iterable[Sequence[Value | Cell]]


def workbook(made: Analysis) -> bytes:
    """Criteria with years and wards, units at risk, the comparison, targets."""
    tables = [_criteria(made), _wards(made), _risks(made), *_comparison(made), _targets(made)]
    return write(made.title, tables)


def _criteria(made: Analysis) -> Table:
    years = [Column(f"Không đạt/đã xét năm {year}", 14) for year in made.earlier_years]
    columns = [
        Column("Hạng", 7), Column("Tiêu chí", 9), Column("Nội dung", 70), Column("Không đạt", 11),
        Column("Đạt", 9), Column("Không áp dụng", 10), Column("Chưa đánh giá", 10), Column("Tỷ lệ không đạt", 12),
    ]  # fmt: skip
    rows: Rows = (
        [
            row.rank if row.now.not_met else None,
            row.entry.code,
            row.entry.text,
            row.now.not_met,
            row.now.met,
            row.now.exempt,
            row.now.open,
            share(row.now.not_met, row.now.judged),
            *(f"{one.not_met}/{one.judged}" if one and one.judged else None for one in row.years[:-1]),
        ]
        for row in made.ranking.rows
    )
    return Table("Tiêu chí còn đạt thấp", [*columns, *years], rows)


def _wards(made: Analysis) -> Table:
    columns = [Column("Tiêu chí", 9), *(Column(str(ward), 14) for ward in made.ranking.wards), Column("Cộng", 9)]
    rows: Rows = ([row.entry.code, *(count.not_met for count in row.wards), row.now.not_met] for row in made.failing)
    return Table("Không đạt theo xã, phường", columns, rows)


def _risks(made: Analysis) -> Table:
    columns = [
        Column("Số TT", 7), Column("Tổ dân phố, bản", 24), Column("Xã, phường", 22), Column("Mức độ", 12),
        Column("Lý do", 90),
    ]  # fmt: skip
    rows: Rows = (
        [number, str(unit.result.unit), str(unit.result.unit.ward), level(unit), "\n".join(risk_words(unit))]
        for number, unit in enumerate(made.risks.units, 1)
    )
    return Table("Nguy cơ mất danh hiệu", columns, rows)


def _comparison(made: Analysis) -> list[Table]:
    found = made.comparison
    if found is None:
        return []
    then, now = f"Năm {found.earlier.year}", f"Năm {found.plan.year}"
    units: Rows = ([label, str(unit), str(unit.ward)] for label, group in found.groups for unit in group)
    columns = [
        Column("Mục", 12), Column("Nội dung", 70), Column(then, 12), Column("trên", 9), Column(now, 12),
        Column("trên", 9), Column("Thay đổi", 14),
    ]  # fmt: skip
    named: list[tuple[str, str, StandardChange | CriterionChange]] = [
        *((f"TC {row.standard.number}", row.standard.name, row) for row in found.standards),
        *((row.entry.code, row.entry.text, row) for row in found.criteria),
    ]
    changes: Rows = (
        [code, text, row.before.number, row.before.of, row.now.number, row.now.of, change(row)]
        for code, text, row in named
    )
    return [
        Table("Danh hiệu qua hai năm", [Column("Kết quả", 34), Column("Tổ dân phố, bản", 28), Column("Xã, phường", 24)],
              units),
        Table("Tiêu chuẩn bảo đảm, tiêu chí không đạt", columns, changes),
    ]  # fmt: skip


def _targets(made: Analysis) -> Table:
    columns = [
        Column("Năm", 9), Column("Chỉ tiêu", 44), Column("Kế hoạch", 12), Column("Đăng ký", 12),
        Column("Đã công nhận", 14),
    ]  # fmt: skip
    rows: Rows = ([row.plan.year, row.label, row.wanted, row.registered, row.reached] for row in made.targets)
    return Table("Chỉ tiêu qua các năm", columns, rows)
