"""One version of the criteria table as plain, frozen values: what scoring reads. No Django, no database.

Source: plan 922/KH-UBND of 08/5/2020, table and annex; decisions where it is silent: criteria set's notes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property


class Verdict(StrEnum):
    """What somebody says about one entry. Criteria and items take the first three, cases the last two."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OCCURS = "occurs"
    ABSENT = "absent"


class EntryKind(StrEnum):
    CRITERION = "criterion"
    ITEM = "item"
    CASE = "case"


VERDICTS: Mapping[EntryKind, tuple[Verdict, ...]] = {
    EntryKind.CRITERION: (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE),
    EntryKind.ITEM: (Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE),
    EntryKind.CASE: (Verdict.ABSENT, Verdict.OCCURS),
}


class IndicatorKind(StrEnum):
    RATIO = "ratio"  # numerator of denominator against a threshold in whole percent
    COUNT = "count"  # a number of things against a threshold in the same unit


class Comparator(StrEnum):
    AT_LEAST = ">="
    EXACTLY = "="
    AT_MOST = "<="


class DenominatorSource(StrEnum):
    """Where the total of a ratio comes from."""

    OWN = "own"  # typed beside the numerator
    HOUSEHOLDS = "households"  # the unit's households of the year
    INDICATOR = "indicator"  # the numerator of another indicator of the same entry


@dataclass(frozen=True, slots=True)
class Figure:
    """Counts stated for an indicator; a count uses the numerator alone. None means nobody gave the number."""

    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    key: str
    label: str
    kind: IndicatorKind
    comparator: Comparator
    threshold: int  # whole percent for a ratio, things for a count
    numerator_label: str = ""
    denominator_label: str = ""
    unit_word: str = ""
    denominator_source: DenominatorSource = DenominatorSource.OWN
    base: str = ""  # key of the indicator whose numerator is this one's total
    unit_kind: str = ""  # only for this kind of unit; empty for all
    id: int = 0

    def reached(self, figure: Figure | None) -> bool | None:
        """Whether the figure satisfies the comparator; None when there is no figure (0 of 0 is none)."""
        if figure is None or figure.numerator is None:
            return None
        if self.kind is IndicatorKind.COUNT:
            return self._compare(figure.numerator, self.threshold)
        if not figure.denominator:
            return None
        return self._compare(figure.numerator * 100, self.threshold * figure.denominator)

    def _compare(self, left: int, right: int) -> bool:
        if self.comparator is Comparator.AT_LEAST:
            return left >= right
        if self.comparator is Comparator.AT_MOST:
            return left <= right
        return left == right


@dataclass(frozen=True, slots=True)
class Alternative:
    """The text that a kind of unit, or a unit in a kind of ward, sees instead of the whole."""

    text: str
    unit_kind: str = ""
    ward_kind: str = ""

    def fits(self, unit_kind: str, ward_kind: str) -> bool:
        return self.unit_kind in ("", unit_kind) and self.ward_kind in ("", ward_kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: a criterion, an item of a self-management content, or a disqualifying case."""

    id: int
    key: str  # unique in the set and fit for an address: tc-1.1, nd-5.2.3, th-1
    code: str  # as printed: 1.1, 5.2.3, 1
    kind: EntryKind
    text: str
    section: int | None = None
    block: str = ""
    block_name: str = ""
    derived: bool = False  # 4.1: follows from the contents, never entered by hand
    contradicts: str = ""  # key of the criterion that cannot be met while this case occurs
    indicators: tuple[Indicator, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    exempt_kinds: tuple[str, ...] = ()  # kinds of unit that may answer "not applicable"; "" means every kind
    may_be_exempt: bool = False  # set by for_unit

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts a person may give here."""
        if self.derived:
            return ()
        offered = VERDICTS[self.kind]
        return offered if self.may_be_exempt else tuple(v for v in offered if v is not Verdict.NOT_APPLICABLE)

    def for_unit(self, unit_kind: str, ward_kind: str) -> "Entry":
        fitting = [a.text for a in self.alternatives if a.fits(unit_kind, ward_kind)]
        return replace(
            self,
            text=fitting[0] if fitting else self.text,
            indicators=tuple(i for i in self.indicators if i.unit_kind in ("", unit_kind)),
            may_be_exempt="" in self.exempt_kinds or unit_kind in self.exempt_kinds,
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A standard with its criteria, or a self-management content with its items."""

    number: int
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """One version of the criteria table. Percentages are whole numbers and belong to the version."""

    id: int
    standard_percent: int
    content_percent: int
    standards: tuple[Section, ...]
    contents: tuple[Section, ...]
    cases: tuple[Entry, ...]
    title: str = ""
    legal_basis: str = ""
    notes: str = ""
    entries_by_key: Mapping[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries_by_key", {entry.key: entry for entry in self})

    def __iter__(self) -> Iterator[Entry]:
        """Criteria, then items, then cases, each in printed order."""
        for section in (*self.standards, *self.contents):
            yield from section.entries
        yield from self.cases

    @cached_property
    def judged_by_hand(self) -> tuple[Entry, ...]:
        """Every entry that needs a person's verdict, in printed order."""
        return tuple(entry for entry in self if not entry.derived)

    def for_unit(self, unit_kind: str, ward_kind: str) -> "Table":
        """The table as one unit sees it: its own texts, indicators and permissions for "not applicable"."""

        def own(sections: tuple[Section, ...]) -> tuple[Section, ...]:
            return tuple(
                replace(s, entries=tuple(e.for_unit(unit_kind, ward_kind) for e in s.entries)) for s in sections
            )

        return replace(
            self,
            standards=own(self.standards),
            contents=own(self.contents),
            cases=tuple(case.for_unit(unit_kind, ward_kind) for case in self.cases),
        )
