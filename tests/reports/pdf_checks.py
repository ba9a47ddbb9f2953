"""What a printed paper looks like, read back from the PDF: type of every letter, places in millimetres, structure.

`Sheets(content)` reads a PDF once; every check_* takes it and raises AssertionError with the page and the place.
Of archives and fonts see tests/reports/pdf_archive.py.
"""

import bisect
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise

import pdfplumber

MM = 72 / 25.4  # points in a millimetre
SLACK = 0.3  # mm that letters may overhang their place: the slant of italics, rounding
# Decree, appendix I, part I, I.3: least and largest distance from each edge of the paper.
TOP_BOTTOM, LEFT, RIGHT = (20, 25), (30, 35), (15, 20)


@dataclass(frozen=True, slots=True)
class Letter:
    """One visible letter."""

    page: int  # from 1
    text: str
    font: str  # without the prefix of the subset
    size: float  # points
    left: float  # mm from the left edge
    right: float
    top: float  # mm from the upper edge; the box of a letter is as high as its size
    bottom: float

    @property
    def bold(self) -> bool:
        return "Bold" in self.font

    @property
    def italic(self) -> bool:
        return "Italic" in self.font or "Oblique" in self.font

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line or the outline of a box."""

    page: int
    left: float
    right: float
    top: float
    bottom: float


class Sheets:
    """A PDF, read once."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.letters: list[Letter] = []  # in the order of reading, running heads and page numbers aside
        self.margins: list[Letter] = []  # those
        self.strokes: list[Stroke] = []
        self.sizes: list[tuple[float, float]] = []  # of the pages, mm
        with pdfplumber.open(BytesIO(content)) as pdf:
            for page in pdf.pages:
                self._read(page)
                page.close()

    def _read(self, page: pdfplumber.page.Page) -> None:
        number, height = page.page_number, page.height / MM
        self.sizes.append((page.width / MM, height))
        for char in page.chars:
            if char["text"].strip() and char["size"] > 1:
                letter = Letter(
                    number, char["text"], char["fontname"].rpartition("+")[2], round(char["size"], 2),
                    char["x0"] / MM, char["x1"] / MM, char["top"] / MM, char["bottom"] / MM,
                )  # fmt: skip
                inside = TOP_BOTTOM[0] - SLACK <= letter.top and letter.bottom <= height - TOP_BOTTOM[0] + 2
                (self.letters if inside else self.margins).append(letter)
        for drawn in (*page.rects, *page.lines, *page.curves):
            place = (drawn[side] / MM for side in ("x0", "x1", "top", "bottom"))
            self.strokes.append(Stroke(number, *place))

    @cached_property
    def text(self) -> str:
        """All text without spaces, in composed letters, one character for each of `letters`."""
        return "".join(unicodedata.normalize("NFC", letter.text)[:1] for letter in self.letters)

    def on(self, page: int) -> list[Letter]:
        return [letter for letter in self.letters if letter.page == page]

    def find_all(self, text: str) -> list[list[Letter]]:
        """The letters of every place that says this, whatever its spaces and line ends; capitals only where need be.

        Raises AssertionError where it is nowhere.
        """
        wanted = squeezed(text)
        assert wanted, "nothing to look for"
        for within, sought in ((self.text, wanted), (self.text.upper(), wanted.upper())):
            places = [match.start() for match in re.finditer(re.escape(sought), within)]
            if places:
                return [self.letters[at : at + len(sought)] for at in places]
        raise AssertionError(f"the paper does not say {text!r}")

    def find(self, text: str) -> list[Letter]:
        """The letters of the first such place."""
        return self.find_all(text)[0]

    def rule_below(self, letters: Sequence[Letter], within: float = 3) -> Stroke:
        """The line drawn right below these letters."""
        last = lines(letters)[-1]
        middle, below = (last[0].left + last[-1].right) / 2, max(letter.bottom for letter in last)
        found = [
            stroke
            for stroke in self.strokes
            if stroke.page == last[0].page and stroke.bottom - stroke.top < 1
            and -1.5 <= stroke.top - below <= within and stroke.left <= middle <= stroke.right
        ]  # fmt: skip
        assert found, f"no line below {''.join(letter.text for letter in last)!r}"
        return found[0]


def squeezed(text: str) -> str:
    """Without spaces and what has no shape: columns and justified lines break and stretch where they like."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if not c.isspace() and c not in "\u200b\u00ad\u2060")


def lines(letters: Iterable[Letter]) -> list[list[Letter]]:
    """Letters in reading order, parted where the next line begins."""
    made: list[list[Letter]] = []
    for letter in letters:
        if made and made[-1][-1].page == letter.page and abs(made[-1][-1].bottom - letter.bottom) < 1:
            made[-1].append(letter)
        else:
            made.append([letter])
    return made


def said(letters: Iterable[Letter]) -> str:
    return "".join(letter.text for letter in letters)


# What a single component looks like


def check_component(
    sheets: Sheets,
    text: str,
    sizes: tuple[float, float],
    *,
    bold: bool | None = False,
    italic: bool | None = False,
    caps: bool | None = None,
    centred_in: tuple[float, float] | None = None,
) -> list[Letter]:
    """That this text stands in the paper in this type; None leaves open. Gives its letters.

    `centred_in`: left and right in mm; every line of the text stands in the middle between them.
    Of a text that stands there several times, one place is enough: a name may be a title and a word in a sentence.
    """
    faults = []
    places = sheets.find_all(text)
    if caps and squeezed(text).upper() in sheets.text:  # the title itself, where a sentence says the same
        places = sheets.find_all(text.upper())
    for found in places:
        fault = _fault(found, sizes, bold, italic, caps, centred_in)
        if not fault:
            return found
        faults.append(f"{text[:60]!r} on page {found[0].page} {fault}")
    raise AssertionError("; ".join(faults[:3]))


def _fault(
    found: Sequence[Letter],
    sizes: tuple[float, float],
    bold: bool | None,
    italic: bool | None,
    caps: bool | None,
    centred_in: tuple[float, float] | None,
) -> str:
    """What is wrong with these letters, "" for nothing."""
    odd = sorted({letter.size for letter in found if not sizes[0] <= letter.size <= sizes[1]})
    if odd:
        return f"is of {odd} points, not {sizes[0]} to {sizes[1]}"
    own = [letter for letter in found if "DejaVu" not in letter.font]
    for name, wanted in (("bold", bold), ("italic", italic)):
        if wanted is not None and any(getattr(letter, name) is not wanted for letter in own):
            return f"is {'not ' if wanted else ''}{name}"
    if caps is not None and (said(found) == said(found).upper()) is not caps:
        return f"is {'not ' if caps else ''}in capitals"
    for line in lines(found) if centred_in else []:
        off = (line[0].left + line[-1].right - sum(centred_in or ())) / 2
        if abs(off) > 1:
            return f"is {off:.1f} mm off the middle"
    return ""


def check_rule(sheets: Sheets, letters: Sequence[Letter], shares: tuple[float, float]) -> None:
    """That the line below these letters has between these shares of one of their lines' length, in the middle."""
    rule = sheets.rule_below(letters)
    spans = [(line[0].left, line[-1].right) for line in lines(letters)]
    length = rule.right - rule.left
    fits = [shares[0] - 0.02 <= length / (right - left) <= shares[1] + 0.02 for left, right in spans]
    assert any(fits), f"the line below {said(letters)!r} is {length:.1f} mm long, the text {spans}"
    left, right = spans[-1]
    assert abs((left + right) - (rule.left + rule.right)) / 2 < 1, f"the line below {said(letters)!r} is off the middle"


def check_level(first: Sequence[Letter], second: Sequence[Letter]) -> None:
    """That both begin on one line; a smaller letter hangs from the same base line by its descent."""
    one, other = first[0], second[0]
    assert one.page == other.page, f"{said(first)!r} and {said(second)!r} are on two pages"
    bases = [letter.bottom - 0.216 * letter.size / MM for letter in (one, other)]
    assert abs(bases[0] - bases[1]) < 0.5, f"{said(first)!r} is not level with {said(second)!r}"


# Whole pages


def area(size: tuple[float, float]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the largest space the decree leaves for the text."""
    width, height = size
    return LEFT[0], TOP_BOTTOM[0], width - RIGHT[0], height - TOP_BOTTOM[0]


def check_page(sheets: Sheets) -> None:
    """A4, and the text in its place: no letter in a margin, and the margins not wider than they may be."""
    for number, size in enumerate(sheets.sizes, 1):
        assert sorted(round(side) for side in size) == [210, 297], f"page {number} is {size} mm"
        left, top, right, bottom = area(size)
        for letter in sheets.on(number):
            assert left - SLACK <= letter.left and letter.right <= right + SLACK, f"page {number}: {letter} in a margin"
            # The box of a letter holds accents and tails; that of the line, which the layout places, is smaller.
            assert top - 1 <= letter.top and letter.bottom <= bottom + 1, f"page {number}: {letter} in a margin"
    first = sheets.on(1)
    assert min(letter.top for letter in first) < TOP_BOTTOM[1] + 1, "the first page begins too low"
    assert min(x.left for x in (*sheets.letters, *sheets.strokes)) < LEFT[1], "the left margin is too wide"


def check_page_numbers(sheets: Sheets) -> None:
    """Arabic, 13 to 14 points, upright, in the middle of the top margin; from page 2, anew in each appendix."""
    expected = 1
    for number, (width, _) in enumerate(sheets.sizes, 1):
        above = [x for x in sheets.margins if x.page == number and x.bottom < 23 and x.text.isdigit()]
        shown = said(above)
        if number == 1 or squeezed(said(sheets.on(number)[:12])).startswith("Phụlục"):
            assert not shown, f"page {number} is a first page and shows the number {shown}"
            expected = 2
            continue
        assert shown == str(expected), f"page {number} shows {shown!r}, not {expected}"
        expected += 1
        for letter in above:
            assert 13 <= letter.size <= 14 and not letter.italic and not letter.bold, f"page {number}: {letter}"
        middle = (above[0].left + above[-1].right) / 2
        text = (LEFT[0] + width - RIGHT[0]) / 2
        assert min(abs(middle - text), abs(middle - width / 2)) < 3, f"number of page {number} is off the middle"


def check_draft_marks(sheets: Sheets, draft: bool) -> None:
    """DỰ THẢO in a box on the first page and at the top right of every page, and nowhere on a final paper."""
    running = defaultdict(str)
    for letter in sheets.margins:
        if letter.bottom < 23 and letter.left > sheets.sizes[letter.page - 1][0] / 2 + 20:
            running[letter.page] += letter.text
    marked = {page for page, words in running.items() if squeezed("DỰ THẢO") in words}
    assert marked == (set(range(1, len(sheets.sizes) + 1)) if draft else set()), f"pages marked as draft: {marked}"
    if draft:
        words = sheets.find("DỰ THẢO")
        assert words[0].page == 1, "the mark in the heading is missing"
        around = [
            s for s in sheets.strokes
            if s.page == 1 and s.left < words[0].left and s.right > words[-1].right
            and s.top < words[0].middle < s.bottom
        ]  # fmt: skip
        assert around, "no box around DỰ THẢO"


def check_no_clipping(sheets: Sheets, *, margins: bool = True) -> None:
    """No letter over another, none across the border of a cell, and (`margins`) none beyond the space for text."""
    if margins:
        check_page(sheets)
    for number in range(1, len(sheets.sizes) + 1):
        letters = sheets.on(number)
        for one, other in _overlaps(letters):
            raise AssertionError(f"page {number}: {one} over {other}")
        for letter, x in _crossed(letters, [stroke for stroke in sheets.strokes if stroke.page == number]):
            raise AssertionError(f"page {number}: {letter} across the border at {x:.1f} mm")


def _overlaps(letters: list[Letter]) -> Iterator[tuple[Letter, Letter]]:
    """Pairs that hide each other: on one line, and by most of the narrower (the point of V. stands close)."""
    ordered = sorted(letters, key=lambda letter: (round(letter.bottom, 1), letter.left))
    for one, other in pairwise(ordered):
        if abs(one.bottom - other.bottom) < 1:
            shared = min(one.right, other.right) - max(one.left, other.left)
            narrow = min(one.right - one.left, other.right - other.left)
            if narrow > 0.3 and shared > narrow * 3 / 4 and not unicodedata.combining(other.text[0]):
                yield one, other


def _crossed(letters: list[Letter], strokes: list[Stroke]) -> Iterator[tuple[Letter, float]]:
    """Letters through which an upright border runs."""
    upright = sorted(
        (x, stroke.top, stroke.bottom)
        for stroke in strokes if stroke.bottom - stroke.top > 2
        for x in (stroke.left, stroke.right)
    )  # fmt: skip
    places = [x for x, _, _ in upright]
    for letter in letters:
        low = bisect.bisect_left(places, letter.left + SLACK)
        high = bisect.bisect_right(places, letter.right - SLACK)
        for x, top, bottom in upright[low:high]:
            if top < letter.middle < bottom:
                yield letter, x


def check_repeated_heads(sheets: Sheets, heads: Iterable[str]) -> None:
    """That a page which goes on with a table begins with the head of a table. `heads`: all of them, as text."""
    wanted = [squeezed(head) for head in heads]
    for number in range(2, len(sheets.sizes) + 1):
        letters = sheets.on(number)
        if not letters:
            continue
        first = letters[0]
        boxed = any(
            s.page == number and s.bottom - s.top > 2 and s.top < first.middle < s.bottom
            and s.left < first.left and s.right > first.right and s.top < TOP_BOTTOM[1]
            for s in sheets.strokes
        )  # fmt: skip
        if boxed:
            begins = said(letters[:200])
            assert any(begins.startswith(head) for head in wanted), f"page {number} goes on without head: {begins[:60]}"


def check_signatures_have_company(sheets: Sheets, signing: str) -> None:
    """That the page on which somebody signs has some of the text before it."""
    found = sheets.find(signing)
    above = [x for x in sheets.on(found[0].page) if x.bottom < min(letter.top for letter in found)]
    assert above, f"{signing!r} stands alone on page {found[0].page}"
