"""Hand-built tables for tests of the rule: the shape of the 2020 set without its texts. Pure, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assessments.scoring import Answer
from criteria.spec import (
    Comparator,
    DenominatorSource,
    Entry,
    EntryKind,
    Figure,
    Indicator,
    IndicatorKind,
    Section,
    Table,
    Verdict,
)

GROUP = "group"
VILLAGE = "village"
WARD = "ward"
COMMUNE = "commune"

STANDARD_SIZES = (4, 8, 7, 8, 6, 8)
CONTENT_BLOCKS = ((1,), (5, 3), (4,), (4,), (3, 3, 3, 4), (3, 6))


def ratio(key: str, comparator: Comparator, threshold: int, **more: object) -> Indicator:
    return Indicator(key, f"Chỉ số {key}", IndicatorKind.RATIO, comparator, threshold, **more)  # type: ignore[arg-type]


def count(key: str, comparator: Comparator, threshold: int, **more: object) -> Indicator:
    return Indicator(key, f"Chỉ số {key}", IndicatorKind.COUNT, comparator, threshold, **more)  # type: ignore[arg-type]


HOUSEHOLDS = DenominatorSource.HOUSEHOLDS
INDICATORS: Mapping[str, tuple[Indicator, ...]] = {
    "tc-1.1": (ratio("trained", Comparator.EXACTLY, 100),),
    "tc-1.3": (ratio("complying", Comparator.AT_LEAST, 98, denominator_source=HOUSEHOLDS),),
    "tc-1.4": (ratio("convention", Comparator.EXACTLY, 100, denominator_source=HOUSEHOLDS),),
    "tc-2.2": (count("models", Comparator.AT_LEAST, 1),),
    "tc-4.4": (ratio("civilised", Comparator.AT_LEAST, 85, denominator_source=HOUSEHOLDS),),
    "tc-5.2": (count("poor", Comparator.EXACTLY, 0),),
    "tc-5.5": (ratio("at_school", Comparator.EXACTLY, 100), count("dropouts", Comparator.EXACTLY, 0)),
    "tc-6.3": (
        ratio("signing", Comparator.EXACTLY, 100, denominator_source=HOUSEHOLDS),
        ratio("keeping", Comparator.AT_LEAST, 98, denominator_source=DenominatorSource.INDICATOR, base="signing"),
    ),
    "th-4": (ratio("violating", Comparator.AT_LEAST, 10, denominator_source=HOUSEHOLDS),),
}
EXEMPT_ITEMS = frozenset({"nd-2.2.1", "nd-2.2.2", "nd-2.2.3"})
ID_START = {EntryKind.CRITERION: 0, EntryKind.ITEM: 100, EntryKind.CASE: 200}


def entry(key: str, kind: EntryKind = EntryKind.CRITERION, **more: object) -> Entry:
    return Entry(
        id=ID_START[kind],
        key=key,
        code=key.partition("-")[2] or key,
        kind=kind,
        text=f"Nội dung của {key}",
        **more,
    )  # type: ignore[arg-type]


def section(number: int, entries: Iterable[Entry], name: str = "") -> Section:
    return Section(number, name or f"Phần {number}", tuple(entries))


def _content_items(number: int, blocks: tuple[int, ...]) -> Iterable[Entry]:
    for block, size in enumerate(blocks, 1):
        for position in range(1, size + 1):
            key = f"nd-{number}.{block}.{position}" if len(blocks) > 1 else f"nd-{number}.{position}"
            yield entry(key, EntryKind.ITEM, exempt_kinds=(GROUP,) if key in EXEMPT_ITEMS else ())


def table_2020(standard_percent: int = 80, content_percent: int = 80) -> Table:
    """The shape of the 2020 set: 41 criteria, 39 items, four cases, 4.1 derived, case 1 against 1.4."""
    return Table(
        id=1,
        standard_percent=standard_percent,
        content_percent=content_percent,
        standards=tuple(
            section(
                number,
                (
                    entry(key, derived=key == "tc-4.1", indicators=INDICATORS.get(key, ()))
                    for key in (f"tc-{number}.{position}" for position in range(1, size + 1))
                ),
            )
            for number, size in enumerate(STANDARD_SIZES, 1)
        ),
        contents=tuple(section(n, _content_items(n, blocks)) for n, blocks in enumerate(CONTENT_BLOCKS, 1)),
        cases=tuple(
            entry(
                f"th-{number}",
                EntryKind.CASE,
                contradicts="tc-1.4" if number == 1 else "",
                indicators=INDICATORS.get(f"th-{number}", ()),
            )
            for number in range(1, 5)
        ),
    )


def unit_table(unit_kind: str = GROUP, ward_kind: str = WARD, **percents: int) -> Table:
    return table_2020(**percents).for_unit(unit_kind, ward_kind)


def small_table(
    *sizes: int, contents: tuple[int, ...] = (), cases: int = 0, exempt: Iterable[str] = (), **percents: int
) -> Table:
    """Standards a1.., contents b1.., cases c1..; the keys in `exempt` may be answered "not applicable"."""
    free = frozenset(exempt)

    def made(letter: str, number: int, size: int, kind: EntryKind) -> Section:
        keys = (f"{letter}{number}.{position}" for position in range(1, size + 1))
        return section(number, (entry(key, kind, may_be_exempt=key in free) for key in keys))

    return Table(
        id=2,
        standard_percent=percents.get("standard_percent", 80),
        content_percent=percents.get("content_percent", 80),
        standards=tuple(made("a", n, size, EntryKind.CRITERION) for n, size in enumerate(sizes, 1)),
        contents=tuple(made("b", n, size, EntryKind.ITEM) for n, size in enumerate(contents, 1)),
        cases=tuple(entry(f"c{n}", EntryKind.CASE) for n in range(1, cases + 1)),
    )


def best_answers(table: Table) -> dict[str, Answer]:
    """Every criterion and item met, no case occurring, no figures."""
    return {e.key: Answer(Verdict.ABSENT if e.kind is EntryKind.CASE else Verdict.MET) for e in table.judged_by_hand}


def with_verdicts(answers: Mapping[str, Answer], verdict: Verdict | None, *keys: str) -> dict[str, Answer]:
    """The same answers with another stated verdict at these keys."""
    return {**answers, **{key: replace(answers.get(key, Answer()), stated=verdict) for key in keys}}


def with_figures(answers: Mapping[str, Answer], key: str, **figures: Figure) -> dict[str, Answer]:
    """The same answers with these figures at one key."""
    return {**answers, key: replace(answers.get(key, Answer()), figures=figures)}


def derived_table(*contents: int, exempt: Iterable[str] = ()) -> Table:
    """One standard whose only criterion follows from the contents b1, b2 ..."""
    criterion = entry("tc-4.1", derived=True)
    return replace(small_table(1, contents=contents, exempt=exempt), standards=(section(1, (criterion,)),))


def judged(**said: Verdict) -> dict[str, Answer]:
    return {key: Answer(verdict) for key, verdict in said.items()}


def first(number: int, size: int, verdict: Verdict | None, place: str = "a1") -> dict[str, Answer]:
    """The first `number` entries of a section of a small table met, the others as told."""
    return {f"{place}.{n}": Answer(Verdict.MET if n <= number else verdict) for n in range(1, size + 1)}
