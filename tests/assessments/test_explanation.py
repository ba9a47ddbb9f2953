"""The sentences of the result, word for word."""

from assessments.explanation import (
    content_line,
    contradiction_lines,
    headline,
    nearest_way,
    reasons,
    standard_line,
)
from assessments.scoring import Answer, score
from criteria.spec import Figure, Verdict
from tests.tables import EXEMPT_ITEMS, GROUP, VILLAGE, best_answers, unit_table, with_figures, with_verdicts

NOT_MET, NOT_APPLICABLE, OCCURS = Verdict.NOT_MET, Verdict.NOT_APPLICABLE, Verdict.OCCURS
TABLE = unit_table(VILLAGE)
BEST = best_answers(TABLE)


def test_all_well() -> None:
    outcome = score(TABLE, BEST)
    assert headline(outcome) == "Đủ điều kiện"
    assert reasons(TABLE, outcome) == []
    assert nearest_way(outcome) == ""
    assert contradiction_lines(TABLE, outcome) == []
    assert standard_line(TABLE, outcome.standards[1]) == "Tiêu chuẩn 2: đạt 8/8, cần 7."
    assert content_line(TABLE, outcome.contents[4]) == "Nội dung tự quản 5: đạt 13/13, cần 11."


def test_a_standard_that_holds_names_what_is_not_met_without_a_lack() -> None:
    outcome = score(TABLE, with_verdicts(BEST, NOT_MET, "tc-2.3"))
    assert headline(outcome) == "Đủ điều kiện"
    assert reasons(TABLE, outcome) == []
    assert standard_line(TABLE, outcome.standards[1]) == "Tiêu chuẩn 2: đạt 7/8, cần 7 (chưa đạt: 2.3)."


def test_a_standard_that_fails() -> None:
    answers = with_verdicts(with_verdicts(BEST, NOT_MET, "tc-2.3"), None, "tc-2.6")
    outcome = score(TABLE, answers)
    assert headline(outcome) == "Chưa đủ điều kiện"
    assert reasons(TABLE, outcome) == ["Tiêu chuẩn 2: đạt 6/8, cần 7, thiếu 1 (chưa đạt: 2.3; chưa đánh giá: 2.6)."]
    assert nearest_way(outcome) == "Để đủ điều kiện cần ít nhất: thêm 1 tiêu chí ở tiêu chuẩn 2."


def test_only_unassessed() -> None:
    outcome = score(TABLE, with_verdicts(BEST, None, "tc-5.1", "tc-5.6"))
    assert reasons(TABLE, outcome) == ["Tiêu chuẩn 5: đạt 4/6, cần 5, thiếu 1 (chưa đánh giá: 5.1, 5.6)."]


def test_a_figure_speaks_as_not_met() -> None:
    outcome = score(TABLE, with_figures(BEST, "tc-1.1", trained=Figure(9, 10)))
    assert reasons(TABLE, outcome) == ["Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.1)."]


def test_cases_come_first_and_in_order() -> None:
    answers = with_verdicts(
        with_verdicts(BEST, OCCURS, "th-3", "th-1"), NOT_MET, "tc-1.2", "tc-3.1", "tc-3.2", "tc-3.3"
    )
    outcome = score(TABLE, answers)
    assert headline(outcome) == "Chưa đủ điều kiện"
    assert reasons(TABLE, outcome) == [
        "Thuộc trường hợp không đảm bảo số 1: Nội dung của th-1",
        "Thuộc trường hợp không đảm bảo số 3: Nội dung của th-3",
        "Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.2).",
        "Tiêu chuẩn 3: đạt 4/7, cần 6, thiếu 2 (chưa đạt: 3.1, 3.2, 3.3).",
    ]
    assert nearest_way(outcome) == (
        "Để đủ điều kiện cần ít nhất: khắc phục 2 trường hợp không đảm bảo; "
        "thêm 1 tiêu chí ở tiêu chuẩn 1; thêm 2 tiêu chí ở tiêu chuẩn 3."
    )
    assert contradiction_lines(TABLE, outcome) == [
        "Tiêu chí 1.4 được đánh giá đạt nhưng trường hợp 1 có xảy ra. Kiểm tra lại một trong hai."
    ]


def test_everything_met_but_a_case() -> None:
    outcome = score(TABLE, with_verdicts(BEST, OCCURS, "th-2"))
    assert headline(outcome) == "Chưa đủ điều kiện"
    assert reasons(TABLE, outcome) == ["Thuộc trường hợp không đảm bảo số 2: Nội dung của th-2"]
    assert nearest_way(outcome) == "Để đủ điều kiện cần ít nhất: khắc phục 1 trường hợp không đảm bảo."
    assert contradiction_lines(TABLE, outcome) == []


def test_contents_that_hold_41_back() -> None:
    answers = with_verdicts(BEST, NOT_MET, "nd-1.1", "nd-5.1.2", "nd-5.4.4", "tc-4.5")
    outcome = score(TABLE, with_verdicts(answers, None, "nd-5.2.3"))
    assert [content_line(TABLE, content) for content in outcome.holding_back] == [
        "Nội dung tự quản 1: đạt 0/1, cần 1 (chưa đạt: 1.1).",
        "Nội dung tự quản 5: đạt 10/13, cần 11 (chưa đạt: 5.1.2, 5.4.4; chưa đánh giá: 5.2.3).",
    ]
    assert reasons(TABLE, outcome) == ["Tiêu chuẩn 4: đạt 6/8, cần 7, thiếu 1 (chưa đạt: 4.1, 4.5)."]


def test_41_still_open_reads_as_unassessed() -> None:
    outcome = score(TABLE, with_verdicts(BEST, None, "nd-1.1"))
    assert standard_line(TABLE, outcome.standards[3]) == "Tiêu chuẩn 4: đạt 7/8, cần 7 (chưa đánh giá: 4.1)."


def test_not_applicable_leaves_the_sentence_too() -> None:
    group = unit_table(GROUP)
    outcome = score(group, with_verdicts(best_answers(group), NOT_APPLICABLE, *EXEMPT_ITEMS))
    assert content_line(group, outcome.contents[1]) == "Nội dung tự quản 2: đạt 5/5, cần 4."


def test_another_percentage_speaks_in_other_numbers() -> None:
    table = unit_table(VILLAGE, standard_percent=100, content_percent=50)
    outcome = score(table, with_verdicts(BEST, NOT_MET, "tc-6.8", "nd-6.2.6"))
    assert reasons(table, outcome) == ["Tiêu chuẩn 6: đạt 7/8, cần 8, thiếu 1 (chưa đạt: 6.8)."]
    assert content_line(table, outcome.contents[5]) == "Nội dung tự quản 6: đạt 8/9, cần 5 (chưa đạt: 6.2.6)."


def test_nothing_answered_yet() -> None:
    outcome = score(TABLE, {"tc-1.1": Answer()})
    assert headline(outcome) == "Chưa đủ điều kiện"
    assert reasons(TABLE, outcome)[0] == ("Tiêu chuẩn 1: đạt 0/4, cần 4, thiếu 4 (chưa đánh giá: 1.1, 1.2, 1.3, 1.4).")
    assert len(reasons(TABLE, outcome)) == 6
    assert nearest_way(outcome) == (
        "Để đủ điều kiện cần ít nhất: thêm 4 tiêu chí ở tiêu chuẩn 1; thêm 7 tiêu chí ở tiêu chuẩn 2; "
        "thêm 6 tiêu chí ở tiêu chuẩn 3; thêm 7 tiêu chí ở tiêu chuẩn 4; thêm 5 tiêu chí ở tiêu chuẩn 5; "
        "thêm 7 tiêu chí ở tiêu chuẩn 6."
    )
