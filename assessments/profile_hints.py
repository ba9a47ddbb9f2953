"""Where the unit's figures of the year answer what the table asks the ward to type. Pure; by key of the indicator.

The published table cannot say it itself: there these numbers belong to the entry alone. A number is only offered in
an empty field, and a typed one that differs is pointed out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.figures import FigureRow


@dataclass(frozen=True, slots=True)
class Source:
    """Which figure of the year an input of an indicator asks for."""

    field: str
    total: bool  # the total of a ratio; else the count itself
    words: str  # inside a sentence


SOURCES: Mapping[str, Source] = {
    "ho-kinh-doanh-dang-ky": Source("business_households", True, "số hộ kinh doanh"),
    "ho-ngheo": Source("poor_households", False, "số hộ nghèo"),
}
FIELDS = tuple(source.field for source in SOURCES.values())


def offer(figures: "Iterable[FigureRow]", profile: Mapping[str, int | None] | None) -> None:
    """Put the known number beside each empty input; what is stored stays as it is."""
    for figure, source, known in _known(figures, profile):
        if (figure.denominator if source.total else figure.numerator) is None:
            figure.offered_total = known if source.total else None
            figure.offered_count = None if source.total else known


def differences(figures: "Iterable[FigureRow]", profile: Mapping[str, int | None] | None, year: int) -> list[str]:
    """A sentence for each stored number that is not the one of the year's figures."""
    found = []
    for figure, source, known in _known(figures, profile):
        typed = figure.denominator if source.total else figure.numerator
        if typed is not None and typed != known:
            found.append(
                f"◆ Đã ghi {source.words} là {typed}, Số liệu năm {year} ghi {known}. Kiểm tra lại một trong hai."
            )
    return found


def _known(
    figures: "Iterable[FigureRow]", profile: Mapping[str, int | None] | None
) -> "list[tuple[FigureRow, Source, int]]":
    found = []
    for figure in figures:
        source = SOURCES.get(figure.indicator.key)
        known = (profile or {}).get(source.field) if source else None
        if source is not None and known is not None:
            found.append((figure, source, known))
    return found
