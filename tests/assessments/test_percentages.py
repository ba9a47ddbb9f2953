"""One rule for every percentage: cut at two decimals, never up, on pages, on paper and in workbooks."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import percentages


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (7, 16, "43,75 %"),
        (4, 5, "80 %"),
        (7_999_999, 10_000_000, "79,99 %"),  # never the 80 % it misses
        (97_999, 100_000, "97,99 %"),
        (1, 3, "33,33 %"),
        (2, 3, "66,66 %"),
        (1, 8, "12,5 %"),
        (1, 20_000, "0 %"),
        (0, 7, "0 %"),
        (30, 7, "428,57 %"),
        (1001, 50, "2.002 %"),
    ],
)
def test_written(part: int, whole: int, words: str) -> None:
    assert percentages.text(part, whole) == words


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 100))
def test_no_threshold_is_reached_in_words_that_is_missed(part: int, whole: int, threshold: int) -> None:
    shown = percentages.text(part, whole).removesuffix(" %").replace(".", "").replace(",", ".")
    assert (Decimal(shown) >= threshold) == (part * 100 >= threshold * whole)
    assert Decimal(shown) / 100 == percentages.number(part, whole), "a workbook has the same figure"


def test_a_part_of_nothing_is_no_figure() -> None:
    assert percentages.number(0, 0) is None
    with pytest.raises(ZeroDivisionError):
        percentages.text(0, 0)


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (None, ""),
        (Fraction(0), "0 %"),
        (Fraction(25, 2), "+12,5 %"),
        (Fraction(-100), "-100 %"),
        (Fraction(1, 20), "+0,05 %"),
        (Fraction(-1999, 1000), "-1,99 %"),  # cut in size, whichever way it goes
        (Fraction(1999, 1000), "+1,99 %"),
        (Fraction(49, 10_000), "+0,00 %"),  # something, if little
        (Fraction(-1, 1000), "-0,00 %"),
        (Fraction(1_234_500, 1), "+1.234.500 %"),
    ],
)
def test_changes_have_their_sign(percent: Fraction | None, words: str) -> None:
    assert percentages.change(percent) == words
