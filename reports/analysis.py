"""The pictures of looking back, for pages and papers alike; each stands beside a table with the same figures."""

from collections import Counter
from collections.abc import Sequence

from assessments import percentages
from assessments.queries.year.comparing import Comparison, CriterionChange, Share, StandardChange
from assessments.queries.year.looking_back import Count, CriterionRow, Ranking, TargetYear
from assessments.queries.year.risks import Risks, RiskUnit
from reports import charts
from reports.drawing import TONES

MOST = 10  # criteria in one picture
BELOW, EDGE, NEAR, SAFE = "Chưa đủ", "Vừa đủ", "Gần ngưỡng", "Không nguy cơ"
DANGER = TONES[2], TONES[3], TONES[1], TONES[0]  # the darkest for the greatest, white for none


def share(count: int, whole: int) -> str:
    """In percent, "–" where there is no whole."""
    return percentages.text(count, whole) if whole else "–"


def failing(rows: Sequence[CriterionRow], year: int, *, paper: bool = False) -> charts.Chart | None:
    """How often each of the criteria that fail most was not met."""
    rows = rows[:MOST]
    if not rows:
        return None
    return charts.ranked(
        f"Tiêu chí còn đạt thấp năm {year}: số tổ dân phố, bản không đạt trên số đã xét",
        _names(rows),
        [row.now.not_met for row in rows],
        [f"{row.now.not_met}/{row.now.judged} ({share(row.now.not_met, row.now.judged)})" for row in rows],
        paper=paper,
    )


def by_ward(ranking: Ranking, *, paper: bool = False) -> charts.Chart | None:
    """In how many units of each ward the criteria that fail most were not met."""
    rows = ranking.failing[:MOST]
    if not rows or len(ranking.wards) < 2:
        return None
    return charts.matrix(
        f"Số tổ dân phố, bản không đạt theo xã, phường năm {ranking.plan.year}; ô đậm hơn là nhiều hơn",
        [str(ward) for ward in ranking.wards],
        [row.entry.code for row in rows],
        [[row.wards[at].not_met for row in rows] for at in range(len(ranking.wards))],
        paper=paper,
    )


def over_years(ranking: Ranking, *, paper: bool = False) -> charts.Chart | None:
    """How large a part of the units did not meet the criteria that fail most now, in each year."""
    rows, years = ranking.failing[:MOST], ranking.plans[-len(TONES) :]
    if not rows or len(years) < 2:
        return None
    said = [[row.years[len(ranking.plans) - len(years) + at] for row in rows] for at in range(len(years))]
    shares = [[_share_of(count) for count in counts] for counts in said]
    series = [_percents(f"Năm {plan.year}", own) for plan, own in zip(years, shares, strict=True)]
    return charts.grouped("Tỷ lệ không đạt của các tiêu chí qua các năm", _names(rows), series, paper=paper)


def most_changing(comparison: Comparison) -> list[CriterionChange]:
    """The criteria that fail most in either year, of those that both years judged."""
    rows = [row for row in comparison.criteria if row.before.of and row.now.of and row.before.number + row.now.number]
    rows.sort(key=lambda row: -max(_hundredths(row.before) or 0, _hundredths(row.now) or 0))
    return rows[:MOST]


def compared(comparison: Comparison, *, paper: bool = False) -> charts.Chart | None:
    """Of the criteria that fail most in either year, which part of the units fails."""
    rows = most_changing(comparison)
    if not rows:
        return None
    labels = [f"Tiêu chí {row.entry.code}" for row in rows]
    return _two_years("Tỷ lệ không đạt của các tiêu chí", comparison, labels, rows, paper)


def standards(comparison: Comparison, *, paper: bool = False) -> charts.Chart | None:
    """In which part of the units each standard held, then and now."""
    rows = [row for row in comparison.standards if row.before.of or row.now.of]
    if not rows:
        return None
    labels = [f"Tiêu chuẩn {row.standard.number}" for row in rows]
    return _two_years("Tỷ lệ tổ dân phố, bản bảo đảm từng tiêu chuẩn", comparison, labels, rows, paper)


def _two_years(
    title: str, comparison: Comparison, labels: list[str], rows: Sequence[CriterionChange | StandardChange], paper: bool
) -> charts.Chart:
    then, now = comparison.earlier.year, comparison.plan.year
    series = [
        _percents(f"Năm {then}", [row.before for row in rows]),
        _percents(f"Năm {now}", [row.now for row in rows]),
    ]
    return charts.grouped(f"{title} năm {then} và {now}", labels, series, paper=paper)


def endangered(risks: Risks, *, paper: bool = False) -> charts.Chart | None:
    """How many units of each ward are at risk, and how near."""
    if not risks.looked_at:
        return None
    found = Counter((unit.result.unit.ward, level(unit)) for unit in risks.units)
    rows = {ward: [found[ward, name] for name in (BELOW, EDGE, NEAR)] for ward, _ in risks.wards}
    safe = [whole - sum(rows[ward]) for ward, whole in risks.wards]
    series = [
        *(charts.Series(name, [row[at] for row in rows.values()]) for at, name in enumerate((BELOW, EDGE, NEAR))),
        charts.Series(SAFE, safe),
    ]
    title = "Nguy cơ mất danh hiệu theo xã, phường: số tổ dân phố, bản theo mức độ"
    labels = [str(ward) for ward in rows]
    return charts.stacked(title, labels, series, word="tổ dân phố, bản", paper=paper, tones=DANGER)


def endangering(risks: Risks, *, paper: bool = False) -> charts.Chart | None:
    """Which standards endanger how many units."""
    found = Counter((one.number, one.below) for unit in risks.units for one in unit.standards)
    numbers = sorted({number for number, _ in found})
    if not numbers:
        return None
    series = [
        charts.Series("Vừa đủ số tiêu chí phải đạt", [found[number, False] for number in numbers]),
        charts.Series("Thiếu tiêu chí", [found[number, True] for number in numbers]),
    ]
    return charts.grouped(
        "Tiêu chuẩn có nguy cơ: số tổ dân phố, bản", [f"Tiêu chuẩn {number}" for number in numbers], series, paper=paper
    )


def targets(rows: Sequence[TargetYear], *, whole: bool = True, paper: bool = False) -> charts.Chart | None:
    """What was planned, registered and recognised, oldest year first.

    A plan's number stands for the whole city: a ward's figures, or a target for each ward, stand without its bar.
    """
    rows = sorted(rows, key=lambda row: row.plan.year)
    if not rows:
        return None
    series = [
        charts.Series("Đăng ký", [row.registered for row in rows]),
        charts.Series("Đã công nhận", [row.reached for row in rows]),
    ]
    if whole and not all(row.per_ward for row in rows):
        planned = [None if row.per_ward else row.least for row in rows]
        words = ["" if row.per_ward else row.wanted for row in rows]
        series.insert(0, charts.Series("Kế hoạch", planned, words))
    labels = [f"{row.plan.year}: {row.label}" + (f" ({row.wanted})" if row.per_ward else "") for row in rows]
    return charts.grouped("Chỉ tiêu và kết quả qua các năm: số tổ dân phố, bản", labels, series, paper=paper)


def level(unit: RiskUnit) -> str:
    """How great the danger is."""
    return BELOW if unit.certain else EDGE if unit.standards else NEAR


def _names(rows: Sequence[CriterionRow]) -> list[str]:
    return [f"Tiêu chí {row.entry.code}" for row in rows]


def _share_of(count: Count | None) -> Share:
    return Share(count.not_met, count.judged) if count else Share(0, 0)


def _hundredths(one: Share) -> int | None:
    return percentages.hundredths(one.number, one.of) if one.of else None


def _percents(name: str, rows: Sequence[Share]) -> charts.Series:
    """Bars as long as the percentages, with their words."""
    return charts.Series(name, [_hundredths(one) for one in rows], [share(one.number, one.of) for one in rows])
