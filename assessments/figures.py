"""The figures of an entry as pages and papers show them: numbers, the requirement, and how they stand."""

from dataclasses import dataclass

from assessments import percentages
from assessments.answers import Stored
from criteria import spec


@dataclass(slots=True)
class FigureRow:
    """One indicator with its numbers, the requirement in words, and how it stands."""

    indicator: spec.Indicator
    name: str
    numerator: int | str | None
    denominator: int | str | None
    own_total: bool
    requirement: str
    state: str  # "", "ok" or "missed"
    result: str  # "97,99 %" or ""
    waits_for_total: bool = False
    # From the unit's figures of the year, for an input that is still empty; not stored.
    offered_count: int | None = None
    offered_total: int | None = None


def figure_row(indicator: spec.Indicator, stored: Stored, households: int | None, case: bool = False) -> FigureRow:
    """An indicator with what was counted; of a case, reaching the threshold is the bad news."""
    figure = stored.figures.get(indicator.key, spec.Figure())
    total = figure.denominator
    own_total = indicator.denominator_source is spec.DenominatorSource.OWN
    if indicator.denominator_source is spec.DenominatorSource.HOUSEHOLDS:
        total = households
    elif indicator.denominator_source is spec.DenominatorSource.INDICATOR:
        total = stored.figures.get(indicator.base, spec.Figure()).numerator
    ratio = indicator.kind is spec.IndicatorKind.RATIO
    reached = indicator.reached(spec.Figure(figure.numerator, total))
    shown = percentages.text(figure.numerator, total) if ratio and total and figure.numerator is not None else ""
    return FigureRow(
        indicator=indicator,
        name=f"so-lieu-{indicator.key}",
        numerator=figure.numerator,
        denominator=total,
        own_total=own_total and ratio,
        requirement=requirement(indicator),
        state="" if reached is None else ("ok" if reached is not case else "missed"),
        result=shown,
        waits_for_total=ratio and not own_total and total is None,
    )


def figure_lines(entry: spec.Entry, stored: Stored, households: int | None) -> list[str]:
    """The figures somebody gave for an entry, each in a few words."""
    return [figure_line(i, stored, households) for i in entry.indicators if i.key in stored.figures]


def figure_line(indicator: spec.Indicator, stored: Stored, households: int | None) -> str:
    """The ward's figure in a few words, for the layers beside it."""
    figure = figure_row(indicator, stored, households)
    total = f"/{figure.denominator}" if figure.denominator is not None else ""
    shown = f" = {figure.result}" if figure.result else ""
    return f"{indicator.numerator_label}: {figure.numerator}{total}{shown}"


def requirement(indicator: spec.Indicator) -> str:
    """For instance: yêu cầu ≥ 98 %."""
    sign = {">=": "≥ ", "<=": "≤ ", "=": ""}[indicator.comparator.value]
    unit = " %" if indicator.kind is spec.IndicatorKind.RATIO else ""
    return f"{sign}{indicator.threshold}{unit}"
