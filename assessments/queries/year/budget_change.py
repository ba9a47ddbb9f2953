"""An estimate beside the ward's nearest earlier approved one, line by line.

Lines are the same when their words are, whatever the case, spaces and closing marks, and they are for the same
neighbourhood; several such lines of a year count together. So the differences always add up to that of the totals.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from assessments import money
from assessments.models import BudgetEstimate, BudgetLine
from assessments.queries.year.budget import State, before, lines
from localities.models import Unit

_Key = tuple[str, int | None]
LABELS = {"asked": "Đề nghị", "appraised": "Thẩm định", "approved": "Phê duyệt"}


@dataclass(frozen=True, slots=True)
class LineChange:
    """One content in both years; None in the year that has no such line."""

    content: str
    unit: Unit | None
    before: int | None
    now: int | None

    @property
    def difference(self) -> int:
        return (self.now or 0) - (self.before or 0)

    @property
    def percent(self) -> Fraction | None:
        """Of what was approved then; None for a new line."""
        return money.percent(self.difference, self.before or 0)

    @property
    def word(self) -> str:
        """What became of the line."""
        if self.before is None:
            return "Mới"
        if self.now is None:
            return "Không còn"
        return ("Giảm" if self.difference < 0 else "Tăng") if self.difference else "Giữ nguyên"


@dataclass(frozen=True, slots=True)
class Change:
    """All lines of both years: this year's in their order, then those that are gone."""

    earlier: BudgetEstimate
    label: str  # which of this year's amounts is compared
    rows: list[LineChange]

    @property
    def total(self) -> LineChange:
        return LineChange(
            "Tổng cộng", None, sum(row.before or 0 for row in self.rows), sum(row.now or 0 for row in self.rows)
        )


def change(estimate: BudgetEstimate) -> Change | None:
    """This year's amounts, as far as they are settled, against what was approved; two queries.

    None where no earlier year has an approved estimate of the ward.
    """
    earlier = before(estimate)
    if earlier is None:
        return None
    name = _amount(estimate)
    return Change(earlier, LABELS[name], paired(lines().filter(estimate=earlier), estimate.lines.all(), name))


def _amount(estimate: BudgetEstimate) -> str:
    if estimate.state == State.APPROVED:
        return "approved"
    return "appraised" if estimate.state == State.APPRAISED else "asked"


def paired(earlier: Iterable[BudgetLine], own: Iterable[BudgetLine], name: str) -> list[LineChange]:
    """Each content once, with what was approved then and this year's amount of this name."""
    then, now = _grouped(earlier, "approved"), _grouped(own, name)
    return [
        LineChange(line.content, line.unit, then[key][1] if key in then else None, amount)
        for key, (line, amount) in now.items()
    ] + [LineChange(line.content, line.unit, amount, None) for key, (line, amount) in then.items() if key not in now]


def _grouped(found: Iterable[BudgetLine], name: str) -> dict[_Key, tuple[BudgetLine, int]]:
    groups: dict[_Key, tuple[BudgetLine, int]] = {}
    for line in found:
        key = (normalised(line.content), line.unit_id)
        first, sum_before = groups.get(key, (line, 0))
        groups[key] = (first, sum_before + (getattr(line, name) or 0))
    return groups


def normalised(content: str) -> str:
    """The words alone: small letters, single spaces, no closing marks."""
    return " ".join(content.casefold().split()).rstrip(" .,;:")
