"""The rule on hand-made cases: every border of section 3, each figure and outcome worked out by hand."""

import json
from dataclasses import replace

import pytest

from assessments.scoring import Answer, Contradiction, Outcome, Resolved, effective, resolve, score
from criteria.spec import Comparator, Entry, EntryKind, Figure, Verdict
from tests.tables import (
    EXEMPT_ITEMS,
    GROUP,
    VILLAGE,
    best_answers,
    count,
    derived_table,
    entry,
    first,
    ratio,
    section,
    small_table,
    unit_table,
    with_figures,
    with_verdicts,
)

MET, NOT_MET, NOT_APPLICABLE = Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE
OCCURS, ABSENT = Verdict.OCCURS, Verdict.ABSENT


class TestStandard:
    @pytest.mark.parametrize(
        ("met", "of", "needs", "holds"),
        [
            (3, 4, 4, False),
            (4, 4, 4, True),
            (3, 5, 4, False),
            (4, 5, 4, True),  # 80 % exactly
            (4, 6, 5, False),
            (5, 6, 5, True),
            (5, 7, 6, False),
            (6, 7, 6, True),
            (6, 8, 7, False),
            (7, 8, 7, True),
            (7, 10, 8, False),
            (8, 10, 8, True),
            (0, 1, 1, False),
            (1, 1, 1, True),
        ],
    )
    @pytest.mark.parametrize("otherwise", [NOT_MET, None])
    def test_borders_of_80_percent(self, met: int, of: int, needs: int, holds: bool, otherwise: Verdict | None) -> None:
        outcome = score(small_table(of), first(met, of, otherwise))
        (standard,) = outcome.standards
        assert (standard.met, standard.applicable, standard.needed, standard.holds) == (met, of, needs, holds)
        assert standard.missing == (0 if holds else needs - met)
        assert outcome.qualifies is holds
        others = tuple(f"a1.{n}" for n in range(met + 1, of + 1))
        assert standard.not_met == (others if otherwise is NOT_MET else ())
        assert standard.unassessed == (others if otherwise is None else ())

    @pytest.mark.parametrize(
        ("percent", "met", "of", "needs", "holds"),
        [
            (50, 1, 2, 1, True), (50, 3, 7, 4, False), (50, 4, 7, 4, True),
            (67, 2, 3, 3, False), (66, 2, 3, 2, True), (75, 6, 8, 6, True),
            (85, 7, 8, 7, True), (88, 7, 8, 8, False), (100, 7, 8, 8, False),
            (100, 8, 8, 8, True), (1, 0, 8, 1, False), (1, 1, 8, 1, True),
        ],
    )  # fmt: skip
    def test_another_percentage_comes_from_the_table(
        self, percent: int, met: int, of: int, needs: int, holds: bool
    ) -> None:
        table = small_table(of, standard_percent=percent, content_percent=80)
        standard = score(table, first(met, of, NOT_MET)).standards[0]
        assert (standard.needed, standard.holds) == (needs, holds)

    def test_each_percentage_serves_its_own_sections(self) -> None:
        answers = first(3, 4, NOT_MET) | first(3, 4, NOT_MET, "b1")
        for standard_percent, content_percent in ((75, 76), (76, 75)):
            table = small_table(4, contents=(4,), standard_percent=standard_percent, content_percent=content_percent)
            outcome = score(table, answers)
            assert outcome.standards[0].holds is (standard_percent == 75)
            assert outcome.contents[0].holds is (content_percent == 75)

    def test_one_failing_standard_of_six_is_enough_to_fail(self) -> None:
        table = unit_table(VILLAGE)
        best = best_answers(table)
        assert score(table, best).qualifies
        least_lost = {1: 1, 2: 2, 3: 2, 4: 2, 5: 2, 6: 2}  # 4/4, 7/8, 6/7, 7/8, 5/6, 7/8 still hold
        for standard in table.standards:
            keys = [e.key for e in standard.entries if not e.derived]
            lost = least_lost[standard.number]
            assert score(table, with_verdicts(best, NOT_MET, *keys[: lost - 1])).qualifies
            outcome = score(table, with_verdicts(best, NOT_MET, *keys[:lost]))
            assert not outcome.qualifies
            assert [(s.number, s.missing) for s in outcome.failing_standards] == [(standard.number, 1)]

    def test_an_entry_not_applicable_leaves_the_denominator(self) -> None:
        table = small_table(8, exempt=("a1.7", "a1.8"))
        six_of_eight = first(6, 8, NOT_MET)
        assert score(table, six_of_eight).standards[0].holds is False
        one_out = score(table, with_verdicts(six_of_eight, NOT_APPLICABLE, "a1.8")).standards[0]
        assert (one_out.met, one_out.applicable, one_out.needed, one_out.holds) == (6, 7, 6, True)
        two_out = score(table, with_verdicts(six_of_eight, NOT_APPLICABLE, "a1.7", "a1.8")).standards[0]
        assert (two_out.met, two_out.applicable, two_out.needed, two_out.not_met) == (6, 6, 5, ())

    def test_a_standard_with_nothing_applicable_holds_by_the_inequality(self) -> None:
        table = small_table(1, exempt=("a1.1",))
        (standard,) = score(table, {"a1.1": Answer(NOT_APPLICABLE)}).standards
        assert (standard.applicable, standard.needed, standard.holds, standard.judged) == (0, 0, True, False)

    def test_nothing_answered(self) -> None:
        table = unit_table(VILLAGE)
        outcome = score(table, {})
        assert [(s.met, s.applicable, s.needed) for s in outcome.standards] == [
            (0, 4, 4), (0, 8, 7), (0, 7, 6), (0, 8, 7), (0, 6, 5), (0, 8, 7),
        ]  # fmt: skip
        assert [c.needed for c in outcome.contents] == [1, 7, 4, 4, 11, 8]
        assert (outcome.to_assess, outcome.assessed, outcome.complete, outcome.qualifies) == (
            83,
            0,
            False,
            False,
        )
        assert outcome.unassessed == tuple(e.key for e in table.judged_by_hand)


class TestFigures:
    def test_a_figure_that_misses_forces_not_met_whatever_was_stated(self) -> None:
        criterion = entry("x", indicators=(ratio("r", Comparator.AT_LEAST, 98),))
        for stated in (MET, NOT_MET, None):
            missed = resolve(criterion, Answer(stated, {"r": Figure(9_799, 10_000)}))
            assert missed == Resolved(NOT_MET, ("r",))

    def test_a_figure_that_holds_decides_nothing(self) -> None:
        criterion = entry("x", indicators=(ratio("r", Comparator.AT_LEAST, 98),))
        for stated in (MET, NOT_MET, None):
            assert resolve(criterion, Answer(stated, {"r": Figure(98, 100)})) == Resolved(stated, ())

    @pytest.mark.parametrize("figure", [Figure(0, 0), Figure(None, 10), Figure(3, None), Figure()])
    def test_no_figure_decides_nothing(self, figure: Figure) -> None:
        criterion = entry("x", indicators=(ratio("r", Comparator.EXACTLY, 100),))
        for stated in (MET, NOT_MET, None):
            assert resolve(criterion, Answer(stated, {"r": figure})) == Resolved(stated, ())

    def test_a_corrected_figure_gives_the_stated_verdict_back(self) -> None:
        table = unit_table(VILLAGE)
        best = best_answers(table)
        wrong = score(table, with_figures(best, "tc-1.1", trained=Figure(4, 5)))
        assert wrong.verdicts["tc-1.1"] == Resolved(NOT_MET, ("trained",))
        assert wrong.standards[0].not_met == ("tc-1.1",)
        assert not wrong.qualifies
        right = score(table, with_figures(best, "tc-1.1", trained=Figure(5, 5)))
        assert right.verdicts["tc-1.1"] == Resolved(MET)
        assert right.qualifies

    def test_every_indicator_that_misses_is_named_in_order(self) -> None:
        school = (ratio("at_school", Comparator.EXACTLY, 100), count("dropouts", Comparator.EXACTLY, 0))
        criterion = entry("tc-5.5", indicators=school)
        figures = {"dropouts": Figure(1), "at_school": Figure(99, 100)}
        assert resolve(criterion, Answer(MET, figures)).forced_by == ("at_school", "dropouts")
        figures["at_school"] = Figure(100, 100)
        assert resolve(criterion, Answer(MET, figures)) == Resolved(NOT_MET, ("dropouts",))
        figures["dropouts"] = Figure(0)
        assert resolve(criterion, Answer(MET, figures)) == Resolved(MET)

    @pytest.mark.parametrize(
        ("violating", "households", "occurs"),
        [
            (999, 10_000, False),
            (1_000, 10_000, True),
            (9, 100, False),
            (10, 100, True),
            (11, 100, True),
            (0, 100, False),
            (0, 0, False),
        ],
    )
    @pytest.mark.parametrize("stated", [ABSENT, None])
    def test_case_4_by_its_figure(self, violating: int, households: int, occurs: bool, stated: Verdict | None) -> None:
        table = unit_table(VILLAGE)
        answers = with_verdicts(best_answers(table), stated, "th-4")
        outcome = score(table, with_figures(answers, "th-4", violating=Figure(violating, households)))
        assert outcome.qualifies is not occurs
        assert outcome.occurring == (("th-4",) if occurs else ())
        assert outcome.verdicts["th-4"] == (Resolved(OCCURS, ("violating",)) if occurs else Resolved(stated))

    def test_a_harmless_figure_does_not_deny_a_case_that_was_stated(self) -> None:
        case = entry("th-4", EntryKind.CASE, indicators=(ratio("v", Comparator.AT_LEAST, 10),))
        assert resolve(case, Answer(OCCURS, {"v": Figure(1, 100)})) == Resolved(OCCURS)

    def test_the_ten_percent_belong_to_the_table(self) -> None:
        case = entry("th-4", EntryKind.CASE, indicators=(ratio("v", Comparator.AT_LEAST, 5),))
        assert resolve(case, Answer(ABSENT, {"v": Figure(5, 100)})).verdict is OCCURS
        assert resolve(case, Answer(ABSENT, {"v": Figure(499, 10_000)})).verdict is ABSENT


class TestNotApplicable:
    def test_where_not_permitted_it_does_not_count(self) -> None:
        table = unit_table(VILLAGE)
        outcome = score(table, with_verdicts(best_answers(table), NOT_APPLICABLE, "nd-2.2.1", "tc-2.1"))
        assert outcome.verdicts["tc-2.1"] == outcome.verdicts["nd-2.2.1"] == Resolved(None)
        assert outcome.unassessed == ("tc-2.1", "nd-2.2.1")
        assert (outcome.standards[1].met, outcome.standards[1].applicable) == (7, 8)
        assert (outcome.contents[1].met, outcome.contents[1].applicable) == (7, 8)

    def test_the_same_item_in_a_residential_group(self) -> None:
        table = unit_table(GROUP)
        outcome = score(table, with_verdicts(best_answers(table), NOT_APPLICABLE, *EXEMPT_ITEMS))
        content = outcome.contents[1]
        assert (content.met, content.applicable, content.needed, content.holds) == (5, 5, 4, True)
        assert outcome.complete

    def test_where_permitted_a_figure_cannot_bring_the_entry_back(self) -> None:
        criterion = entry("x", may_be_exempt=True, indicators=(count("c", Comparator.AT_LEAST, 1),))
        assert resolve(criterion, Answer(NOT_APPLICABLE, {"c": Figure(0)})) == Resolved(NOT_APPLICABLE)

    @pytest.mark.parametrize(
        ("kind", "figure", "verdict"),
        [(EntryKind.CRITERION, Figure(0, 100), NOT_MET), (EntryKind.CASE, Figure(10, 100), OCCURS)],
    )
    def test_where_not_permitted_figures_still_count(self, kind: EntryKind, figure: Figure, verdict: Verdict) -> None:
        row = entry("x", kind, indicators=(ratio("r", Comparator.AT_LEAST, 10),))
        assert resolve(row, Answer(NOT_APPLICABLE, {"r": figure})).verdict is verdict


class TestDerived:
    @pytest.mark.parametrize(
        ("met", "of", "well_done"),
        [(0, 1, False), (1, 1, True), (6, 8, False), (7, 8, True), (3, 4, False), (4, 4, True),
         (10, 13, False), (11, 13, True), (7, 9, False), (8, 9, True), (4, 5, True), (3, 5, False)],
    )  # fmt: skip
    def test_borders_of_a_content(self, met: int, of: int, well_done: bool) -> None:
        outcome = score(derived_table(of), first(met, of, NOT_MET, "b1"))
        assert outcome.contents[0].holds is well_done
        assert outcome.verdicts["tc-4.1"].verdict is (MET if well_done else NOT_MET)
        assert outcome.standards[0].met == (1 if well_done else 0)
        assert [c.number for c in outcome.holding_back] == ([] if well_done else [1])

    @pytest.mark.parametrize("stated", [MET, NOT_MET, NOT_APPLICABLE, None])
    @pytest.mark.parametrize("well_done", [True, False])
    def test_a_stated_answer_is_ignored(self, stated: Verdict | None, well_done: bool) -> None:
        answers = first(5 if well_done else 0, 5, NOT_MET, "b1") | {"tc-4.1": Answer(stated)}
        outcome = score(derived_table(5), answers)
        assert outcome.verdicts["tc-4.1"] == Resolved(MET if well_done else NOT_MET)
        assert (outcome.to_assess, outcome.assessed) == (5, 5)

    def test_all_items_not_applicable_do_not_hold_back(self) -> None:
        keys = ("b1.1", "b1.2")
        table = derived_table(2, 4, exempt=keys)
        outcome = score(table, with_verdicts(first(4, 4, None, "b2"), NOT_APPLICABLE, *keys))
        assert [c.judged for c in outcome.contents] == [False, True]
        assert outcome.verdicts["tc-4.1"].verdict is MET
        back = score(table, with_verdicts(first(3, 4, NOT_MET, "b2"), NOT_APPLICABLE, *keys))
        assert back.verdicts["tc-4.1"].verdict is NOT_MET
        assert [c.number for c in back.holding_back] == [2]

    def test_not_applicable_where_not_permitted_does_hold_back(self) -> None:
        outcome = score(derived_table(1), {"b1.1": Answer(NOT_APPLICABLE)})
        assert (outcome.contents[0].judged, outcome.verdicts["tc-4.1"].verdict) == (True, None)

    def test_one_content_of_many_is_enough(self) -> None:
        table = unit_table(VILLAGE)
        for content in table.contents:
            outcome = score(table, with_verdicts(best_answers(table), NOT_MET, *(e.key for e in content.entries)))
            assert [c.number for c in outcome.holding_back] == [content.number]
            assert outcome.verdicts["tc-4.1"].verdict is NOT_MET
            assert (outcome.standards[3].met, outcome.standards[3].not_met) == (7, ("tc-4.1",))
            assert outcome.qualifies  # 7 of 8 is enough without 4.1
            worse = with_verdicts(best_answers(table), NOT_MET, "tc-4.2", *(e.key for e in content.entries))
            assert not score(table, worse).qualifies

    @pytest.mark.parametrize(
        ("met", "not_met", "verdict"),
        [
            (0, 0, None),
            (3, 0, None),
            (3, 1, None),
            (3, 2, NOT_MET),
            (0, 2, NOT_MET),
            (4, 0, MET),
            (4, 1, MET),
        ],
    )
    def test_it_is_open_only_while_answers_can_still_change_it(
        self, met: int, not_met: int, verdict: Verdict | None
    ) -> None:
        answers = {f"b1.{n}": Answer(MET if n <= met else NOT_MET) for n in range(1, met + not_met + 1)}
        outcome = score(derived_table(5), answers)
        assert outcome.verdicts["tc-4.1"].verdict is verdict
        assert outcome.standards[0].unassessed == (("tc-4.1",) if verdict is None else ())
        assert (outcome.standards[0].applicable, outcome.standards[0].holds) == (1, verdict is MET)
        assert "tc-4.1" not in outcome.unassessed


class TestCases:
    @pytest.mark.parametrize("case", ["th-1", "th-2", "th-3", "th-4"])
    def test_everything_met_but_one_case_occurring(self, case: str) -> None:
        table = unit_table(VILLAGE)
        outcome = score(table, with_verdicts(best_answers(table), OCCURS, case))
        assert all(s.holds and s.missing == 0 for s in outcome.standards)
        assert (outcome.qualifies, outcome.occurring, outcome.complete) == (False, (case,), True)

    def test_a_case_not_yet_answered_is_open_and_does_not_occur(self) -> None:
        table = unit_table(VILLAGE)
        outcome = score(table, with_verdicts(best_answers(table), None, "th-2"))
        assert (outcome.occurring, outcome.unassessed, outcome.complete) == ((), ("th-2",), False)
        assert (outcome.to_assess, outcome.assessed) == (83, 82)

    @pytest.mark.parametrize(
        ("criterion", "case", "contradictory"),
        [(MET, OCCURS, True), (MET, ABSENT, False), (NOT_MET, OCCURS, False), (None, OCCURS, False)],
    )
    def test_14_against_case_1(self, criterion: Verdict | None, case: Verdict, contradictory: bool) -> None:
        table = unit_table(VILLAGE)
        answers = with_verdicts(with_verdicts(best_answers(table), criterion, "tc-1.4"), case, "th-1")
        expected = (Contradiction("th-1", "tc-1.4"),) if contradictory else ()
        assert score(table, answers).contradictions == expected

    def test_a_figure_that_unmakes_14_ends_the_contradiction(self) -> None:
        table = unit_table(VILLAGE)
        answers = with_verdicts(best_answers(table), OCCURS, "th-1")
        assert score(table, with_figures(answers, "tc-1.4", convention=Figure(99, 100))).contradictions == ()

    def test_other_cases_contradict_nothing(self) -> None:
        table = unit_table(VILLAGE)
        assert not score(table, with_verdicts(best_answers(table), OCCURS, "th-2", "th-3")).contradictions


class TestEffective:
    @pytest.mark.parametrize(
        ("agency", "delegation", "expected"),
        [
            (MET, NOT_MET, NOT_MET),
            (NOT_MET, MET, MET),
            (MET, None, MET),
            (None, MET, MET),
            (None, None, None),
        ],
    )
    def test_delegation_over_agency_over_none(
        self, agency: Verdict | None, delegation: Verdict | None, expected: Verdict | None
    ) -> None:
        table = small_table(1)
        result = effective(table, {"a1.1": Answer(agency)}, {"a1.1": Answer(delegation)})
        assert result == ({} if expected is None else {"a1.1": Answer(expected)})

    def test_each_entry_by_itself_and_nothing_is_changed(self) -> None:
        table = small_table(2, cases=1)
        agency = {"a1.1": Answer(MET), "a1.2": Answer(MET)}
        delegation = {"a1.2": Answer(NOT_MET), "c1": Answer(OCCURS)}
        assert effective(table, agency, delegation) == {"a1.1": Answer(MET), **delegation}
        assert (len(agency), len(delegation)) == (2, 2)

    def test_figures_go_with_the_verdict_of_their_layer(self) -> None:
        table = unit_table(VILLAGE)
        missing, held = {"models": Figure(0)}, {"models": Figure(2)}
        agency = {"tc-2.2": Answer(MET, missing)}
        assert effective(table, agency, {"tc-2.2": Answer(MET)}) == {"tc-2.2": Answer(MET)}
        # A figure that holds decides nothing, so the delegation gave no verdict ...
        assert effective(table, agency, {"tc-2.2": Answer(None, held)}) == agency
        # ... and one that misses is a verdict.
        assert effective(table, {"th-4": Answer(ABSENT)}, {"th-4": Answer(None, {"violating": Figure(50, 100)})}) == {
            "th-4": Answer(None, {"violating": Figure(50, 100)})
        }


class TestStored:
    def outcome(self, **said: Verdict) -> Outcome:
        row: Entry = entry("tc-4.1", derived=True)
        table = replace(
            small_table(2, contents=(1,), cases=1),
            standards=(section(4, (row, entry("a4.2"), entry("a4.3"))),),
        )
        case = replace(table.cases[0], contradicts="a4.2")
        return score(replace(table, cases=(case,)), {k.replace("_", "."): Answer(v) for k, v in said.items()})

    def test_as_dict_says_everything_and_is_fit_for_json(self) -> None:
        stored = self.outcome(a4_2=MET, a4_3=NOT_MET, c1=OCCURS).as_dict()
        assert stored == {
            "qualifies": False,
            "standards": [{"number": 4, "met": 1, "applicable": 3, "needed": 3, "holds": False,
                           "not_met": ["a4.3"], "unassessed": ["tc-4.1"]}],
            "contents": [{"number": 1, "met": 0, "applicable": 1, "needed": 1, "holds": False,
                          "not_met": [], "unassessed": ["b1.1"]}],
            "occurring": ["c1"],
            "unassessed": ["b1.1"],
            "to_assess": 4,
            "contradictions": [["c1", "a4.2"]],
        }  # fmt: skip
        assert json.loads(json.dumps(stored)) == stored

    def test_unknown_keys_are_ignored(self) -> None:
        assert self.outcome(a4_2=MET, a9_9=MET, c9=OCCURS).as_dict() == self.outcome(a4_2=MET).as_dict()
