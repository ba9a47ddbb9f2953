"""The analysis of a year as a workbook: a sheet for each of its tables."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from assessments import percentages
from assessments.queries.year.comparing import Comparison, CriterionChange, StandardChange
from assessments.queries.year.looking_back import TargetYear
from reports.analysis import level, most_changing
from reports.papers.looking_back import Analysis, change, risk_words
from reports.workbooks.plain import PERCENT, Bars, Cell, Column, Table, Value
from reports.workbooks.plain import workbook as write

Rows: TypeAlias = Iterable[Sequence[Value | Cell]]


def workbook(made: Analysis) -> bytes:
    """Criteria with years and wards, units at risk, the comparison, targets."""
    tables = [_criteria(made), _wards(made), _risks(made), *_comparison(made), _targets(made)]
    return write(made.title, tables)


def _criteria(made: Analysis) -> Table:
    years = [Column(f"Tỷ lệ không đạt năm {year}", 14) for year in made.earlier_years]
    columns = [
        Column("Hạng", 7), Column("Tiêu chí", 9), Column("Nội dung", 70), Column("Không đạt", 11),
        Column("Đạt", 9), Column("Không áp dụng", 10), Column("Chưa đánh giá", 10),
        Column(f"Tỷ lệ không đạt năm {made.year}", 14),
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
            _percent(row.now.not_met, row.now.judged),
            *(_percent(one.not_met, one.judged) if one else None for one in row.years[:-1]),
        ]
        for row in made.ranking.rows
    )
    drawn = len(made.most_failing)
    rates = [*range(9, 9 + len(years)), 8][-4:]
    charts = [
        Bars(f"Tiêu chí còn đạt thấp năm {made.year}", 2, [4], "Số tổ dân phố, bản không đạt", "Tiêu chí", drawn),
        Bars("Tỷ lệ không đạt qua các năm", 2, rates, "Tỷ lệ không đạt", "Tiêu chí", drawn,
             number_format=percentages.FORMAT),
    ]  # fmt: skip
    return Table("Tiêu chí còn đạt thấp", [*columns, *years], rows, charts if years else charts[:1])


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
    then, now = f"năm {found.earlier.year}", f"năm {found.plan.year}"
    units: Rows = ([label, str(unit), str(unit.ward)] for label, group in found.groups for unit in group)
    columns = [
        Column("Mục", 12), Column("Nội dung", 70), Column(f"Số nơi {then}", 12), Column("trên", 9),
        Column(f"Tỷ lệ {then}", 12), Column(f"Số nơi {now}", 12), Column("trên", 9), Column(f"Tỷ lệ {now}", 12),
        Column("Thay đổi", 14),
    ]  # fmt: skip
    # Those in the picture first.
    drawn = most_changing(found)
    others = [row for row in found.criteria if row not in drawn]
    named: list[tuple[str, str, StandardChange | CriterionChange]] = [
        *((f"TC {row.standard.number}", row.standard.name, row) for row in found.standards),
        *((row.entry.code, row.entry.text, row) for row in (*drawn, *others)),
    ]
    changes: Rows = (
        [
            code,
            text,
            row.before.number,
            row.before.of,
            _percent(row.before.number, row.before.of),
            row.now.number,
            row.now.of,
            _percent(row.now.number, row.now.of),
            change(row),
        ]
        for code, text, row in named
    )
    return [
        Table("Danh hiệu qua hai năm", [Column("Kết quả", 34), Column("Tổ dân phố, bản", 28), Column("Xã, phường", 24)],
              units),
        Table("Tiêu chuẩn bảo đảm, tiêu chí không đạt", columns, changes, _compared(found)),
    ]  # fmt: skip


def _compared(found: Comparison) -> list[Bars]:
    """Standards first in the table, then the criteria."""
    held, years = len(found.standards), f"năm {found.earlier.year} và {found.plan.year}"
    return [
        Bars(f"Tiêu chuẩn bảo đảm {years}", 1, (5, 8), "Tỷ lệ tổ dân phố, bản bảo đảm", "Tiêu chuẩn", held,
             number_format=percentages.FORMAT, largest=1),
        Bars(f"Tiêu chí không đạt {years}", 1, (5, 8), "Tỷ lệ tổ dân phố, bản không đạt", "Tiêu chí",
             len(most_changing(found)), held, number_format=percentages.FORMAT),
    ]  # fmt: skip


def _percent(count: int, whole: int) -> Cell:
    """A number, empty where there is no whole."""
    return Cell(percentages.number(count, whole), PERCENT)


def _targets(made: Analysis) -> Table:
    columns = [
        Column("Năm", 9), Column("Chỉ tiêu", 52), Column("Kế hoạch", 12), Column("Đăng ký", 12),
        Column("Đã công nhận", 14),
    ]  # fmt: skip
    rows: Rows = (
        [row.plan.year, f"{row.label}, năm {row.plan.year}", _wanted(row), row.registered, row.reached]
        for row in made.targets
    )
    # The plan's numbers are the whole city's: beside a ward's they are no measure.
    drawn = (4, 5) if made.ward else (3, 4, 5)
    charts = [Bars("Chỉ tiêu và kết quả qua các năm", 2, drawn, "Số tổ dân phố, bản", "Chỉ tiêu")]
    return Table("Chỉ tiêu qua các năm", columns, rows, charts)


def _wanted(row: TargetYear) -> Value:
    """A number where the plan gives one."""
    return int(row.wanted) if row.wanted.isdecimal() else row.wanted
