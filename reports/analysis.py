"""The pictures of looking back, for pages and papers alike."""

from assessments.figures import percent
from assessments.queries.year.comparing import Comparison, Share
from assessments.queries.year.looking_back import CriterionRow
from reports import charts

MOST = 10  # criteria in one picture


def share(count: int, whole: int) -> str:
    """In percent, "–" where there is no whole."""
    return percent(count, whole) if whole else "–"


def failing(rows: list[CriterionRow], year: int, *, paper: bool = False) -> charts.Chart:
    """How often each of these criteria was not met."""
    return charts.ranked(
        f"Tiêu chí còn đạt thấp năm {year}: số tổ dân phố, bản không đạt trên số đã xét",
        [f"Tiêu chí {row.entry.code}" for row in rows],
        [row.now.not_met for row in rows],
        [f"{row.now.not_met}/{row.now.judged} ({share(row.now.not_met, row.now.judged)})" for row in rows],
        paper=paper,
    )


def compared(comparison: Comparison, *, paper: bool = False) -> charts.Chart | None:
    """Of the criteria that fail most in either year, how many of a hundred units fail."""

    def whole(one: Share) -> int:
        return one.number * 100 // one.of if one.of else 0

    rows = [row for row in comparison.criteria if row.before.of and row.now.of and row.before.number + row.now.number]
    rows.sort(key=lambda row: -max(whole(row.before), whole(row.now)))
    if not rows:
        return None
    return charts.paired(
        "Tỷ lệ không đạt của các tiêu chí, phần trăm làm tròn xuống",
        [f"Tiêu chí {row.entry.code}" for row in rows[:MOST]],
        (
            charts.Series(f"Năm {comparison.earlier.year}", [whole(row.before) for row in rows[:MOST]]),
            charts.Series(f"Năm {comparison.plan.year}", [whole(row.now) for row in rows[:MOST]]),
        ),
        paper=paper,
    )
