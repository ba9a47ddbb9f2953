"""A second, slow reading of the rule, written from the words of the domain's rules and not from scoring.py.

Shares are `Fraction`s, least numbers are found by trying, and whether 4.1 is still open by walking through
all ways the missing answers could turn out. Nothing is imported from `assessments.scoring`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from criteria.spec import (
    Comparator,
    Entry,
    EntryKind,
    Figure,
    Indicator,
    IndicatorKind,
    Section,
    Table,
    Verdict,
)

HUNDRED = Fraction(100)


class Said(Protocol):
    """What one layer says about one entry."""

    @property
    def stated(self) -> Verdict | None: ...

    @property
    def figures(self) -> Mapping[str, Figure]: ...


@dataclass(frozen=True)
class Count:
    number: int
    met: int
    applicable: int
    least: int
    holds: bool


@dataclass(frozen=True)
class Reading:
    verdicts: dict[str, Verdict | None]
    standards: list[Count]
    contents: list[Count]
    occurring: set[str]
    derived: Verdict | None
    qualifies: bool


def share_reaches(met: int, of: int, percent: int) -> bool:
    """At least `percent` of `of` are met. Nothing out of nothing does: 0 * 100 >= 80 * 0."""
    return True if of == 0 else Fraction(met, of) >= percent / HUNDRED


def least_number(percent: int, of: int) -> int:
    """The least that holds, by trying 0, 1, 2 ..."""
    return next(n for n in range(of + 1) if share_reaches(n, of, percent))


def figure_says(indicator: Indicator, figure: Figure | None) -> bool | None:
    """True: the condition in the text is fulfilled; False: it is not; None: there is no figure."""
    if figure is None or figure.numerator is None:
        return None
    if indicator.kind is IndicatorKind.COUNT:
        value, border = Fraction(figure.numerator), Fraction(indicator.threshold)
    elif figure.denominator is None or figure.denominator == 0:
        return None
    else:
        value, border = Fraction(figure.numerator, figure.denominator), indicator.threshold / HUNDRED
    return {
        Comparator.AT_LEAST: value > border or value == border,
        Comparator.AT_MOST: value < border or value == border,
        Comparator.EXACTLY: value == border,
    }[indicator.comparator]


def verdict_of(entry: Entry, said: Said | None) -> Verdict | None:
    """What counts: the stated verdict, unless a figure speaks against it."""
    stated = said.stated if said else None
    if stated is Verdict.NOT_APPLICABLE and entry.may_be_exempt:
        return stated
    if stated is Verdict.NOT_APPLICABLE:
        stated = None
    said_by_figures = {figure_says(i, said.figures.get(i.key)) for i in entry.indicators} if said else set()
    if entry.kind is EntryKind.CASE:
        return Verdict.OCCURS if True in said_by_figures else stated
    return Verdict.NOT_MET if False in said_by_figures else stated


def count(section: Section, verdicts: Mapping[str, Verdict | None], percent: int) -> Count:
    met = applicable = 0
    for entry in section.entries:
        if verdicts[entry.key] is Verdict.NOT_APPLICABLE:
            continue
        applicable += 1
        if verdicts[entry.key] is Verdict.MET:
            met += 1
    return Count(
        section.number,
        met,
        applicable,
        least_number(percent, applicable),
        share_reaches(met, applicable, percent),
    )


def ways_to_end(section: Section, verdicts: Mapping[str, Verdict | None]) -> Iterator[tuple[int, int]]:
    """(met, applicable) for every way in which the unassessed entries of a content can still be answered."""
    had = Counter(verdicts[e.key] for e in section.entries)
    open_entries = [e for e in section.entries if verdicts[e.key] is None]
    exempt = sum(e.may_be_exempt for e in open_entries)
    settled = len(section.entries) - had[Verdict.NOT_APPLICABLE]
    for left_out in range(exempt + 1):
        for met_later in range(len(open_entries) - left_out + 1):
            yield had[Verdict.MET] + met_later, settled - left_out


def derived_verdict(table: Table, verdicts: Mapping[str, Verdict | None]) -> Verdict | None:
    """4.1: met when each judged content is well done; none while open answers may yet bring that about."""

    def well_done(content: Section) -> bool:
        now = count(content, verdicts, table.content_percent)
        return now.applicable == 0 or now.holds

    def can_become(content: Section) -> bool:
        return any(share_reaches(met, of, table.content_percent) for met, of in ways_to_end(content, verdicts))

    if all(well_done(content) for content in table.contents):
        return Verdict.MET
    return None if all(can_become(content) for content in table.contents) else Verdict.NOT_MET


def read(table: Table, answers: Mapping[str, Said]) -> Reading:
    verdicts: dict[str, Verdict | None] = {e.key: verdict_of(e, answers.get(e.key)) for e in table if not e.derived}
    derived = derived_verdict(table, verdicts)
    verdicts.update({e.key: derived for e in table if e.derived})
    standards = [count(s, verdicts, table.standard_percent) for s in table.standards]
    occurring = {c.key for c in table.cases if verdicts[c.key] is Verdict.OCCURS}
    return Reading(
        verdicts=verdicts,
        standards=standards,
        contents=[count(c, verdicts, table.content_percent) for c in table.contents],
        occurring=occurring,
        derived=derived,
        qualifies=all(s.holds for s in standards) and len(occurring) == 0,
    )
