"""Percentages as they are written: one rule for pages, papers, charts and workbooks. Pure: no Django here.

A percentage is cut at two decimals, never rounded, so that 79,999 % never reads as the 80 % it misses and nobody sees
a threshold reached that is not. Zeros at the end are left out; decimal comma; a space before the sign: 43,75 %.
Whatever is decided is decided on the exact numbers, never on these words. (static/js/assessment.js writes the same.)
"""

from decimal import Decimal
from fractions import Fraction

FORMAT = "0.00%"  # of a cell in a workbook


def hundredths(part: int, whole: int) -> int:
    """Whole hundredths of a percent, cut: 7 of 16 are 4375. Raises ZeroDivisionError for a part of nothing."""
    return part * 10000 // whole


def text(part: int, whole: int) -> str:
    """For instance 43,75 %; 80 %; 97,99 % for 97999 of 100000. Raises ZeroDivisionError for a part of nothing."""
    return _written(hundredths(part, whole))


def number(part: int, whole: int) -> Decimal | None:
    """The same figure as a number for a cell with FORMAT: 0.4375; None for a part of nothing.

    Cut as the words are: a spreadsheet rounds what it shows, and 79,999 % would read 80,00 % there.
    """
    return Decimal(hundredths(part, whole)) / 10000 if whole else None


def change(percent: Fraction | None) -> str:
    """How many percent more or less, with its sign, cut in size: +12,5 %; -0,05 %; 0 %; "" where it is unknown.

    What is too small for two decimals keeps its sign: +0,00 %.
    """
    if percent is None:
        return ""
    cut = int(abs(percent) * 100)
    if not percent:
        return _written(0)
    return f"{'+' if percent > 0 else '-'}{_written(cut) if cut else '0,00 %'}"


def _written(cut: int) -> str:
    whole, rest = divmod(cut, 100)
    decimals = f",{rest:02d}".rstrip("0") if rest else ""
    return f"{whole:,}".replace(",", ".") + f"{decimals} %"
