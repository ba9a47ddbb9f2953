"""The words of a plan moved to another year: which mentions of a year follow, and which stay. Pure."""

import re

_SERIES = re.compile(r"(năm )(\d{4}(?:, \d{4})+)")
_BEFORE = re.compile(r"(trước ngày \d{1,2}/\d{1,2}/)(\d{4})")


def moved_text(text: str, old: int, new: int) -> str:
    """The text of the plan of `old` as it reads in `new`.

    "năm 2025" and days by which something is due follow. Years of other documents, and periods such as
    2021-2025, stay. A series of earlier years that ends with the one before ("năm 2023, 2024") grows to the present.
    """

    def grown(found: re.Match[str]) -> str:
        years = [int(year) for year in found[2].split(", ")]
        if years[-1] != old - 1:
            return found[0]
        return found[1] + ", ".join(map(str, [*years, *range(old, new)]))

    def due(found: re.Match[str]) -> str:
        return found[1] + (str(int(found[2]) + new - old) if int(found[2]) in (old, old + 1) else found[2])

    # The series first, out of reach of the year's own replacement: it begins with another year.
    text = _BEFORE.sub(due, _SERIES.sub(grown, text))
    return re.sub(rf"\b([Nn]ăm) {old}\b(?!, \d{{4}})", rf"\g<1> {new}", text)


def mentions(text: str, year: int) -> int:
    """How often an earlier year still stands in the text: for whoever checks what was copied."""
    return len(re.findall(rf"(?<!\d){year}(?!\d)", text))
