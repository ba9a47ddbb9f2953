"""The rule against a second reading of it (brute_force.py), and laws that hold for every table and answer."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments.scoring import Answer, Outcome, needed, score
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
from tests.assessments.brute_force import Count, figure_says, read
from tests.tables import entry, section

MET, NOT_MET, NOT_APPLICABLE = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE
OCCURS, ABSENT = Verdict.OCCURS, Verdict.ABSENT


def modest(examples: int) -> settings:
    """The same few examples on every run: a red result can be had again."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


percents = st.one_of(st.sampled_from([80, 50, 75, 100, 1]), st.integers(1, 100))
counts = st.one_of(st.none(), st.integers(0, 3), st.integers(0, 100), st.integers(0, 10**18))


@st.composite
def figures(draw: st.DrawFn, threshold: int) -> Figure:
    """Anything, or one beside the border of a ratio or of a count."""
    if draw(st.booleans()):
        return Figure(draw(counts), draw(counts))
    step = draw(st.sampled_from([-1, 0, 1]))
    hundreds = draw(st.sampled_from([1, 7, 100, 10**17]))
    return draw(
        st.sampled_from([Figure(max(0, threshold * hundreds + step), 100 * hundreds), Figure(max(0, threshold + step))])
    )


@st.composite
def indicators(draw: st.DrawFn) -> tuple[Indicator, ...]:
    if draw(st.integers(0, 3)):
        return ()
    return tuple(
        Indicator(key, key, draw(st.sampled_from(IndicatorKind)), draw(st.sampled_from(Comparator)), threshold)
        for key in ("f1", "f2")[: draw(st.integers(1, 2))]
        for threshold in [draw(st.one_of(st.sampled_from([0, 1, 10, 98, 100]), st.integers(0, 100)))]
    )


@st.composite
def sections(draw: st.DrawFn, letter: str, kind: EntryKind, most: int) -> tuple[Section, ...]:
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=most))
    return tuple(
        section(
            number,
            (
                entry(
                    f"{letter}{number}.{position}",
                    kind,
                    may_be_exempt=draw(st.integers(0, 2)) == 0,
                    indicators=draw(indicators()),
                )
                for position in range(1, size + 1)
            ),
        )
        for number, size in enumerate(sizes, 1)
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Standards and contents of any size, with one derived criterion somewhere, and some cases."""
    standards = list(draw(sections("a", EntryKind.CRITERION, 4)))
    place = draw(st.integers(0, len(standards) - 1))
    derived = entry("tc-4.1", derived=True, may_be_exempt=draw(st.booleans()))
    standards[place] = replace(standards[place], entries=(derived, *standards[place].entries))
    return Table(
        id=1,
        standard_percent=draw(percents),
        content_percent=draw(percents),
        standards=tuple(standards),
        contents=draw(sections("b", EntryKind.ITEM, 3)),
        cases=tuple(
            entry(f"c{n}", EntryKind.CASE, indicators=draw(indicators())) for n in range(draw(st.integers(0, 4)))
        ),
    )


@st.composite
def answers_for(draw: st.DrawFn, table: Table) -> dict[str, Answer]:
    """Mostly met, so that standards come to lie near their border; sometimes no answer at all."""
    said: dict[str, Answer] = {}
    mood = draw(st.sampled_from([[MET], [MET, MET, MET, NOT_MET, None], [MET, NOT_MET, NOT_APPLICABLE, None]]))
    quiet = draw(st.booleans())
    for row in table:
        if draw(st.integers(0, 9)) == 0:
            continue
        choices = mood if row.kind is not EntryKind.CASE else [ABSENT, None] if quiet else [ABSENT, OCCURS]
        stated = draw(st.sampled_from(choices))
        given_figures = {i.key: draw(figures(i.threshold)) for i in row.indicators if draw(st.booleans())}
        said[row.key] = Answer(stated, given_figures)
    return said


@st.composite
def situations(draw: st.DrawFn) -> tuple[Table, dict[str, Answer]]:
    table = draw(tables())
    return table, draw(answers_for(table))


def counted(outcome: Outcome, part: str) -> list[Count]:
    return [Count(s.number, s.met, s.applicable, s.needed, s.holds) for s in getattr(outcome, part)]


@modest(250)
@given(situations())
def test_both_readings_agree(situation: tuple[Table, dict[str, Answer]]) -> None:
    table, answers = situation
    outcome, reading = score(table, answers), read(table, answers)
    assert {key: resolved.verdict for key, resolved in outcome.verdicts.items()} == reading.verdicts
    assert counted(outcome, "standards") == reading.standards
    assert counted(outcome, "contents") == reading.contents
    assert set(outcome.occurring) == reading.occurring
    assert outcome.verdicts["tc-4.1"].verdict == reading.derived
    assert outcome.qualifies == reading.qualifies


@modest(100)
@given(situations())
def test_the_reasons_add_up(situation: tuple[Table, dict[str, Answer]]) -> None:
    table, answers = situation
    outcome = score(table, answers)
    open_keys = [e.key for e in table if not e.derived and outcome.verdicts[e.key].verdict is None]
    assert list(outcome.unassessed) == open_keys
    assert outcome.assessed + len(open_keys) == outcome.to_assess == len(list(table)) - 1
    assert outcome.complete is (not open_keys)
    for result in (*outcome.standards, *outcome.contents):
        assert result.met + len(result.not_met) + len(result.unassessed) == result.applicable
        assert result.holds is (result.missing == 0)
        assert result.missing == max(0, result.needed - result.met)
    if not outcome.qualifies:
        assert outcome.failing_standards or outcome.occurring
    if outcome.complete:
        assert outcome.verdicts["tc-4.1"].verdict is (NOT_MET if outcome.holding_back else MET)


def improved(row: Entry, answer: Answer) -> Answer:
    """One step better: met without a figure that misses, or a case gone."""
    return Answer(ABSENT if row.kind is EntryKind.CASE else MET)


@modest(100)
@given(situations(), st.data())
def test_a_better_verdict_never_harms(situation: tuple[Table, dict[str, Answer]], data: st.DataObject) -> None:
    table, answers = situation
    before = score(table, answers)
    row = data.draw(st.sampled_from(table.judged_by_hand))
    after = score(table, {**answers, row.key: improved(row, answers.get(row.key, Answer()))})
    assert not (before.qualifies and not after.qualifies)
    assert not (before.verdicts["tc-4.1"].verdict is MET and after.verdicts["tc-4.1"].verdict is not MET)
    for was, now in zip(before.standards + before.contents, after.standards + after.contents, strict=True):
        assert now.holds or not was.holds
    assert set(after.occurring) <= set(before.occurring)


@modest(100)
@given(situations(), st.data())
def test_every_road_to_everything_met_ends_in_qualifying(
    situation: tuple[Table, dict[str, Answer]], data: st.DataObject
) -> None:
    """Step by step in any order: once it qualifies it stays so, and at the end it does."""
    table, answers = situation
    seen = False
    for row in data.draw(st.permutations(table.judged_by_hand)):
        answers = {**answers, row.key: improved(row, Answer())}
        qualifies = score(table, answers).qualifies
        assert qualifies or not seen
        seen = qualifies
    assert seen


def turned(table: Table, data: st.DataObject) -> Table:
    """The same table with its sections, and the entries within each, in another order."""

    def shuffled(group: tuple[Section, ...]) -> tuple[Section, ...]:
        mixed = [replace(s, entries=tuple(data.draw(st.permutations(s.entries)))) for s in group]
        return tuple(data.draw(st.permutations(mixed)))

    return replace(
        table,
        standards=shuffled(table.standards),
        contents=shuffled(table.contents),
        cases=tuple(data.draw(st.permutations(table.cases))),
    )


def unordered(outcome: Outcome) -> dict[str, object]:
    def parts(results: object) -> list[tuple[object, ...]]:
        return sorted(
            (s.number, s.met, s.applicable, s.needed, s.holds, sorted(s.not_met), sorted(s.unassessed))
            for s in results  # type: ignore[attr-defined]
        )

    return {
        "verdicts": dict(outcome.verdicts),
        "standards": parts(outcome.standards),
        "contents": parts(outcome.contents),
        "occurring": sorted(outcome.occurring),
        "unassessed": sorted(outcome.unassessed),
        "qualifies": outcome.qualifies,
    }


@modest(100)
@given(situations(), st.data())
def test_order_does_not_matter(situation: tuple[Table, dict[str, Answer]], data: st.DataObject) -> None:
    table, answers = situation
    outcome = score(table, answers)
    mixed: Mapping[str, Answer] = dict(data.draw(st.permutations(list(answers.items()))))
    assert score(table, mixed).as_dict() == outcome.as_dict()
    assert unordered(score(turned(table, data), mixed)) == unordered(outcome)


@modest(100)
@given(situations(), st.data())
def test_nobody_qualifies_while_a_case_occurs(situation: tuple[Table, dict[str, Answer]], data: st.DataObject) -> None:
    table, answers = situation
    best = {row.key: improved(row, Answer()) for row in table.judged_by_hand}
    assume(table.cases)
    case = data.draw(st.sampled_from(table.cases))
    for start in (answers, best):
        outcome = score(table, {**start, case.key: Answer(OCCURS)})
        assert case.key in outcome.occurring
        assert not outcome.qualifies


@modest(100)
@given(situations(), st.data())
def test_a_stated_41_and_unknown_keys_change_nothing(
    situation: tuple[Table, dict[str, Answer]], data: st.DataObject
) -> None:
    table, answers = situation
    stated = data.draw(st.sampled_from([MET, NOT_MET, NOT_APPLICABLE, OCCURS, None]))
    outcome = score(table, {**answers, "tc-4.1": Answer(stated), "tc-9.9": Answer(OCCURS)})
    assert outcome == score(table, answers)


@modest(300)
@given(st.sampled_from(IndicatorKind), st.sampled_from(Comparator), st.integers(0, 100), st.data())
def test_both_readings_of_a_figure_agree(
    kind: IndicatorKind, comparator: Comparator, threshold: int, data: st.DataObject
) -> None:
    indicator = Indicator("x", "x", kind, comparator, threshold)
    figure = data.draw(figures(threshold))
    assert indicator.reached(figure) is figure_says(indicator, figure)


@modest(300)
@given(percents, st.integers(0, 400))
def test_needed_is_the_least_number_that_holds(percent: int, applicable: int) -> None:
    least = needed(percent, applicable)
    share = Fraction(percent, 100) * applicable
    assert least >= share
    assert least - 1 < share
    assert 0 <= least <= applicable
    assert isinstance(least, int)
