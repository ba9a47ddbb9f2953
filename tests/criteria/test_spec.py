"""criteria/spec.py: figures against thresholds, a unit's own view of the table, verdicts offered."""

from dataclasses import FrozenInstanceError, replace

import pytest

from criteria.spec import (
    VERDICTS,
    Alternative,
    Comparator,
    DenominatorSource,
    EntryKind,
    Figure,
    Indicator,
    IndicatorKind,
    Verdict,
)
from tests.tables import COMMUNE, GROUP, VILLAGE, WARD, count, entry, ratio, table_2020, unit_table

AT_LEAST, EXACTLY, AT_MOST = Comparator.AT_LEAST, Comparator.EXACTLY, Comparator.AT_MOST
MET, NOT_MET, NOT_APPLICABLE = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("comparator", "threshold", "numerator", "denominator", "reached"),
    [
        # case 4: reaching 10 % disqualifies, 9.99 % does not
        (AT_LEAST, 10, 999, 10_000, False),
        (AT_LEAST, 10, 1_000, 10_000, True),
        (AT_LEAST, 10, 9, 100, False),
        (AT_LEAST, 10, 10, 100, True),
        (AT_LEAST, 10, 9, 91, False),
        (AT_LEAST, 10, 9, 90, True),
        (AT_LEAST, 10, 0, 120, False),
        # 1.3 and 6.3: 97.99 % is not 98 %
        (AT_LEAST, 98, 9_799, 10_000, False),
        (AT_LEAST, 98, 9_800, 10_000, True),
        (AT_LEAST, 98, 97, 99, False),  # 97.98 %
        (AT_LEAST, 98, 49, 50, True),
        # 4.4
        (AT_LEAST, 85, 84, 99, False),  # 84.85 %, which would round to 85
        (AT_LEAST, 85, 17, 20, True),
        # 100 % is every single one
        (EXACTLY, 100, 119, 120, False),
        (EXACTLY, 100, 120, 120, True),
        (EXACTLY, 100, 9_999_999, 10_000_000, False),
        (EXACTLY, 50, 51, 100, False),
        (AT_LEAST, 100, 119, 120, False),
        (AT_LEAST, 100, 120, 120, True),
        (AT_MOST, 5, 5, 100, True),
        (AT_MOST, 5, 6, 100, False),
        (AT_MOST, 5, 501, 10_000, False),
        (AT_MOST, 0, 0, 3, True),
        # no rounding however large: floats cannot tell these from the border
        (AT_LEAST, 10, 10**17 - 1, 10**18, False),
        (AT_LEAST, 10, 10**17, 10**18, True),
        (EXACTLY, 100, 10**18 - 1, 10**18, False),
        # 0 of 0 and half a figure are no figure
        (AT_LEAST, 98, 0, 0, None),
        (EXACTLY, 100, 0, 0, None),
        (AT_MOST, 0, 0, 0, None),
        (EXACTLY, 100, 5, 0, None),
        (AT_LEAST, 10, 5, None, None),
        (AT_LEAST, 10, None, 100, None),
        (AT_LEAST, 10, None, None, None),
    ],
)
def test_ratio(
    comparator: Comparator,
    threshold: int,
    numerator: int | None,
    denominator: int | None,
    reached: bool | None,
) -> None:
    assert ratio("x", comparator, threshold).reached(Figure(numerator, denominator)) is reached


@pytest.mark.parametrize(
    ("comparator", "threshold", "numerator", "reached"),
    [
        (AT_LEAST, 1, 0, False),  # 2.2, 2.3, 3.4
        (AT_LEAST, 1, 1, True),
        (AT_LEAST, 1, 2, True),
        (AT_LEAST, 3, 2, False),
        (EXACTLY, 0, 0, True),  # 5.2, 5.5, 6.7: a zero is a figure
        (EXACTLY, 0, 1, False),
        (AT_MOST, 2, 2, True),
        (AT_MOST, 2, 3, False),
        (EXACTLY, 0, None, None),
        (AT_LEAST, 1, None, None),
    ],
)
def test_count(comparator: Comparator, threshold: int, numerator: int | None, reached: bool | None) -> None:
    indicator = count("x", comparator, threshold)
    assert indicator.reached(Figure(numerator)) is reached
    assert indicator.reached(Figure(numerator, 0)) is reached  # a count has no denominator to be zero
    assert indicator.reached(Figure(numerator, 1_000)) is reached


def test_no_figure_at_all_says_nothing() -> None:
    assert ratio("x", AT_LEAST, 10).reached(None) is None
    assert count("x", EXACTLY, 0).reached(None) is None


def test_an_indicator_takes_its_total_from_its_own_field_unless_told() -> None:
    plain = Indicator("x", "X", IndicatorKind.RATIO, AT_LEAST, 50)
    assert plain.denominator_source is DenominatorSource.OWN
    assert (plain.base, plain.unit_kind) == ("", "")


class TestVerdictsOffered:
    def test_by_kind(self) -> None:
        assert VERDICTS[EntryKind.CRITERION] == (MET, NOT_MET, NOT_APPLICABLE)
        assert VERDICTS[EntryKind.ITEM] == (MET, NOT_MET, NOT_APPLICABLE)
        assert VERDICTS[EntryKind.CASE] == (Verdict.ABSENT, Verdict.OCCURS)

    def test_not_applicable_is_offered_only_where_permitted(self) -> None:
        assert entry("tc-1.2").verdicts == (MET, NOT_MET)
        assert entry("tc-1.2", may_be_exempt=True).verdicts == (MET, NOT_MET, NOT_APPLICABLE)

    @pytest.mark.parametrize("may_be_exempt", [False, True])
    def test_a_case_occurs_or_not_and_is_never_left_out(self, may_be_exempt: bool) -> None:
        case = entry("th-1", EntryKind.CASE, may_be_exempt=may_be_exempt)
        assert case.verdicts == (Verdict.ABSENT, Verdict.OCCURS)

    def test_a_derived_criterion_offers_none(self) -> None:
        assert entry("tc-4.1", derived=True, may_be_exempt=True).verdicts == ()


class TestUnitsOwnView:
    @pytest.mark.parametrize(
        ("exempt_kinds", "unit_kind", "permitted"),
        [
            ((), GROUP, False),
            ((), VILLAGE, False),
            ((GROUP,), GROUP, True),
            ((GROUP,), VILLAGE, False),
            ((GROUP, VILLAGE), VILLAGE, True),
            (("",), GROUP, True),
            (("",), VILLAGE, True),
        ],
    )
    def test_permission_by_kind(self, exempt_kinds: tuple[str, ...], unit_kind: str, permitted: bool) -> None:
        own = entry("nd-2.2.1", EntryKind.ITEM, exempt_kinds=exempt_kinds).for_unit(unit_kind, WARD)
        assert own.may_be_exempt is permitted
        assert (NOT_APPLICABLE in own.verdicts) is permitted

    def test_permission_is_not_carried_over_from_another_unit(self) -> None:
        item = entry("nd-2.2.1", EntryKind.ITEM, exempt_kinds=(GROUP,))
        assert item.for_unit(GROUP, WARD).for_unit(VILLAGE, WARD).may_be_exempt is False

    @pytest.mark.parametrize(
        ("unit_kind", "ward_kind", "text"),
        [(VILLAGE, COMMUNE, "bản"), (VILLAGE, WARD, "bản"), (GROUP, WARD, "tổ"), (GROUP, COMMUNE, "tổ")],
    )
    def test_23_ends_by_kind_of_unit(self, unit_kind: str, ward_kind: str, text: str) -> None:
        both = (Alternative("bản", unit_kind=VILLAGE), Alternative("tổ", unit_kind=GROUP))
        assert entry("tc-2.3", alternatives=both).for_unit(unit_kind, ward_kind).text == text

    @pytest.mark.parametrize(
        ("unit_kind", "ward_kind", "text"),
        [
            (VILLAGE, COMMUNE, "nông thôn mới"),
            (GROUP, COMMUNE, "nông thôn mới"),
            (VILLAGE, WARD, "đô thị"),
            (GROUP, WARD, "đô thị"),
        ],
    )
    def test_25_ends_by_kind_of_ward(self, unit_kind: str, ward_kind: str, text: str) -> None:
        both = (Alternative("nông thôn mới", ward_kind=COMMUNE), Alternative("đô thị", ward_kind=WARD))
        assert entry("tc-2.5", alternatives=both).for_unit(unit_kind, ward_kind).text == text

    def test_both_kinds_must_fit(self) -> None:
        alternative = Alternative("riêng", unit_kind=VILLAGE, ward_kind=WARD)
        fits = {(u, w) for u in (GROUP, VILLAGE) for w in (WARD, COMMUNE) if alternative.fits(u, w)}
        assert fits == {(VILLAGE, WARD)}

    def test_the_whole_text_stays_when_no_alternative_fits(self) -> None:
        criterion = entry("tc-2.3", alternatives=(Alternative("bản", unit_kind=VILLAGE),))
        assert criterion.for_unit(GROUP, WARD).text == criterion.text

    def test_indicators_of_the_other_kind_are_left_out(self) -> None:
        everyone, village = count("all", AT_LEAST, 1), count("chain", AT_LEAST, 1, unit_kind=VILLAGE)
        criterion = entry("tc-2.3", indicators=(everyone, village))
        assert criterion.for_unit(GROUP, WARD).indicators == (everyone,)
        assert criterion.for_unit(VILLAGE, WARD).indicators == (everyone, village)

    def test_every_part_of_the_table_is_seen_through_the_unit(self) -> None:
        alternative = (Alternative("của bản", unit_kind=VILLAGE),)
        table = table_2020()

        def marked(group: tuple) -> tuple:
            return tuple(
                replace(s, entries=tuple(replace(e, alternatives=alternative) for e in s.entries)) for s in group
            )

        table = replace(
            table,
            standards=marked(table.standards),
            contents=marked(table.contents),
            cases=tuple(replace(case, alternatives=alternative) for case in table.cases),
        )
        assert {e.text for e in table.for_unit(VILLAGE, WARD)} == {"của bản"}
        assert "của bản" not in {e.text for e in table.for_unit(GROUP, WARD)}

    def test_looking_does_not_change_the_table(self) -> None:
        table = table_2020()
        table.for_unit(GROUP, WARD)
        assert table == table_2020()
        assert not any(e.may_be_exempt for e in table)


class TestTable:
    def test_shape_of_the_2020_set(self) -> None:
        table = table_2020()
        assert [len(s.entries) for s in table.standards] == [4, 8, 7, 8, 6, 8]
        assert [len(c.entries) for c in table.contents] == [1, 8, 4, 4, 13, 9]
        assert len(table.cases) == 4
        assert len(list(table)) == 41 + 39 + 4
        assert len(table.entries_by_key) == 84

    def test_printed_order_is_criteria_then_items_then_cases(self) -> None:
        keys = [e.key for e in table_2020()]
        borders = [keys[position] for position in (0, 40, 41, 79, 80, 83)]
        assert borders == ["tc-1.1", "tc-6.8", "nd-1.1", "nd-6.2.6", "th-1", "th-4"]

    def test_41_is_the_only_one_nobody_judges(self) -> None:
        table = table_2020()
        assert {e.key for e in table} - {e.key for e in table.judged_by_hand} == {"tc-4.1"}
        assert len(table.judged_by_hand) == 83

    def test_three_agriculture_items_and_nothing_else_may_be_left_out_in_a_residential_group(self) -> None:
        exempt = {e.key for e in unit_table(GROUP) if e.may_be_exempt}
        assert exempt == {"nd-2.2.1", "nd-2.2.2", "nd-2.2.3"}
        assert not any(e.may_be_exempt for e in unit_table(VILLAGE))

    def test_a_units_table_finds_its_own_entries_by_key(self) -> None:
        own = unit_table(GROUP)
        assert own.judged_by_hand is not table_2020().judged_by_hand
        assert own.entries_by_key["nd-2.2.1"].may_be_exempt
        assert all(own.entries_by_key[e.key] is e for e in own)
        assert next(e for e in own.judged_by_hand if e.key == "nd-2.2.1").may_be_exempt

    def test_a_unit_keeps_the_percentages_and_papers_of_the_version(self) -> None:
        table = replace(table_2020(70, 60), title="Bộ tiêu chí", legal_basis="922/KH-UBND", notes="ghi chú")
        own = table.for_unit(VILLAGE, COMMUNE)
        assert (own.id, own.standard_percent, own.content_percent) == (1, 70, 60)
        assert (own.title, own.legal_basis, own.notes) == ("Bộ tiêu chí", "922/KH-UBND", "ghi chú")

    def test_nothing_can_be_changed(self) -> None:
        table = table_2020()
        with pytest.raises(FrozenInstanceError):
            table.standard_percent = 1  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            table.standards[0].entries[0].derived = True  # type: ignore[misc]
