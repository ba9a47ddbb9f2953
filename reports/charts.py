"""Charts: the one place that draws them, for papers and pages alike.

A chart is an SVG of its own, without scripts, styles, fonts or addresses of others, given as a data address for
<img>. It is read without colours: every series has a tone of its own, some of them hatched, the figures stand on
the bars, and the words of the series stand beside their tone. Equal figures make equal bytes. The same figures
always stand in a table nearby; `alt` says them for whoever hears the page.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from assessments.figures import percent
from reports import wording

WIDTH = 640  # of the drawing's own measure; the page or the paper says how wide that is
ROW, BAR = 30, 20
SIZE, SMALL = 14, 12  # letters
LETTER = {True: 0.5, False: 0.6}  # how wide a letter is at the most, of its height: Tinos, or a page's own font
EDGE = 0.8
FONTS = {
    True: "Tinos, 'Times New Roman', serif",
    False: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
}


@dataclass(frozen=True, slots=True)
class Tone:
    """How the bars of a series are filled: grey on paper, tea green on pages, equally dark on both."""

    paper: str
    page: str
    text: str  # colour of a figure on it
    hatched: bool = False

    def fill(self, paper: bool) -> str:
        return self.paper if paper else self.page


# Along the road: open, under way, reached; and what ended otherwise. Neighbours differ most.
TONES = (
    Tone("#ffffff", "#ffffff", "#000000"),
    Tone("#e4e4e4", "#dcebe4", "#000000", hatched=True),
    Tone("#3c3c3c", "#124a38", "#ffffff"),
    Tone("#a6a6a6", "#8fb3a5", "#000000"),
)
PLAIN = TONES[3]
PAIR = (TONES[1], TONES[2])  # before, after


@dataclass(frozen=True, slots=True)
class Series:
    """What one kind of bar stands for, with a number for each label."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing with what is said instead of it."""

    svg: str
    alt: str
    width: int
    height: int

    @property
    def uri(self) -> str:
        """For <img src>: nothing is fetched for it, neither by a browser nor by the press."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


def stacked(title: str, labels: Sequence[str], series: Sequence[Series], *, word: str, paper: bool = False) -> Chart:
    """A bar for each label, made up of one piece for each series; `word` is what is counted: tổ, bản.

    Raises ValueError for more series than there are tones, and for a series that misses a label.
    """
    _check(labels, series)
    totals = [sum(one.values[at] for one in series) for at in range(len(labels))]
    left, scale = _room(labels, paper), max(totals, default=0) or 1
    across = WIDTH - left - 40
    drawn, top = _legend(series, paper)
    for at, label in enumerate(labels):
        y = top + at * ROW
        x: float = left
        drawn.append(_text(left - 8, y + BAR - 5, label, end=True))
        for one, tone in zip(series, TONES, strict=False):
            if one.values[at]:
                wide = across * one.values[at] / scale
                drawn += _bar(x, y, wide, tone, paper, wording.number(one.values[at]))
                x += wide
        drawn.append(_text(x + 6, y + BAR - 5, wording.number(totals[at]), bold=True))
    drawn.append(_axis(left, top, len(labels)))
    said = (
        f"{label}: {', '.join(f'{one.name.lower()} {wording.number(one.values[at])}' for one in series)},"
        f" cộng {wording.number(totals[at])} {word}"
        for at, label in enumerate(labels)
    )
    return _finished(title, said, drawn, top + len(labels) * ROW + 6, paper)


def shares(title: str, labels: Sequence[str], counts: Sequence[int], whole: int, *, paper: bool = False) -> Chart:
    """A bar for each label: how many of the whole, the rest of the bar left open. Raises ValueError as `stacked`."""
    if len(counts) != len(labels) or any(not 0 <= count <= whole for count in counts):
        raise ValueError("counts must go with labels and lie within the whole")
    told = [
        f"{wording.number(count)}/{wording.number(whole)}" + (f" ({percent(count, whole)})" if whole else "")
        for count in counts
    ]
    left, top, drawn = _room(labels, paper), 6, []
    across = WIDTH - left - 10 - max((_wide(words, SIZE, paper) for words in told), default=0)
    for at, (label, count) in enumerate(zip(labels, counts, strict=True)):
        y = top + at * ROW
        drawn.append(_text(left - 8, y + BAR - 5, label, end=True))
        drawn.append(_rect(left, y, across, BAR, "#ffffff"))
        if count:
            drawn.append(_rect(left, y, across * count / whole, BAR, PLAIN.fill(paper)))
        drawn.append(_text(left + across + 6, y + BAR - 5, told[at], bold=True))
    drawn.append(_axis(left, top, len(labels)))
    said = (f"{label}: {words}" for label, words in zip(labels, told, strict=True))
    return _finished(title, said, drawn, top + len(labels) * ROW + 6, paper)


def ranked(
    title: str, labels: Sequence[str], counts: Sequence[int], told: Sequence[str], *, paper: bool = False
) -> Chart:
    """A bar for each label, as long as its count beside the largest; `told` stands after it: 5/12. As `stacked`."""
    if not len(labels) == len(counts) == len(told) or min(counts, default=0) < 0:
        raise ValueError("every label has a count, none below zero, and its words")
    left, top, drawn = _room(labels, paper), 6, []
    across = WIDTH - left - 14 - max((_wide(words, SIZE, paper) for words in told), default=0)
    scale = max(counts, default=0) or 1
    for at, (label, count) in enumerate(zip(labels, counts, strict=True)):
        y = top + at * ROW
        wide = across * count / scale
        drawn.append(_text(left - 8, y + BAR - 5, label, end=True))
        if count:
            drawn.append(_rect(left, y, wide, BAR, PLAIN.fill(paper)))
        drawn.append(_text(left + wide + 6, y + BAR - 5, told[at], bold=True))
    drawn.append(_axis(left, top, len(labels)))
    said = (f"{label}: {words}" for label, words in zip(labels, told, strict=True))
    return _finished(title, said, drawn, top + len(labels) * ROW + 6, paper)


def paired(title: str, labels: Sequence[str], pair: tuple[Series, Series], *, paper: bool = False) -> Chart:
    """Two thin bars for each label, one below the other: before and after, each with its figure. As `stacked`."""
    _check(labels, pair)
    left, (drawn, top) = _room(labels, paper), _legend((pair[0], pair[1]), paper, PAIR)
    scale = max((max(one.values, default=0) for one in pair), default=0) or 1
    across = WIDTH - left - 14 - _wide(wording.number(scale), SMALL, paper)
    thin, tall = 13, 2 * 13 + 12
    for at, label in enumerate(labels):
        y = top + at * tall
        drawn.append(_text(left - 8, y + thin + 5, label, end=True))
        for line, (one, tone) in enumerate(zip(pair, PAIR, strict=True)):
            wide, below = across * one.values[at] / scale, y + line * thin
            if one.values[at]:
                drawn.append(_rect(left, below, wide, thin, tone.fill(paper)))
                if tone.hatched:
                    drawn.append(_hatching(left, below, wide, thin))
            drawn.append(_text(left + wide + 5, below + thin - 2.5, wording.number(one.values[at]), small=True))
    drawn.append(
        f'<path d="M{_n(left)} {_n(top - 5)}V{_n(top + len(labels) * tall - 6)}" stroke="#000000" stroke-width="1.4"/>'
    )
    said = (
        f"{label}: {', '.join(f'{one.name} {wording.number(one.values[at])}' for one in pair)}"
        for at, label in enumerate(labels)
    )
    return _finished(title, said, drawn, top + len(labels) * tall + 4, paper)


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not 0 < len(series) <= len(TONES):
        raise ValueError(f"a chart has 1 to {len(TONES)} series, not {len(series)}")
    if any(len(one.values) != len(labels) or min(one.values, default=0) < 0 for one in series):
        raise ValueError("every series has a number, none below zero, for each label")


def _room(labels: Sequence[str], paper: bool) -> float:
    """How much the longest label takes, so that none is cut."""
    return 16 + max((_wide(label, SIZE, paper) for label in labels), default=0)


def _wide(words: str, size: float, paper: bool) -> float:
    return len(words) * size * LETTER[paper]


def _legend(series: Sequence[Series], paper: bool, tones: Sequence[Tone] = TONES) -> tuple[list[str], int]:
    """Each tone with its word, in the order of the pieces; how far down it reaches."""
    drawn, x, y = [], 8.0, 4
    for one, tone in zip(series, tones, strict=False):
        wide = 26 + _wide(one.name, SMALL, paper) + 12
        if x + wide > WIDTH:
            x, y = 8.0, y + 22
        drawn += _bar(x, y, 18, tone, paper)
        drawn.append(_text(x + 24, y + 14, one.name, small=True))
        x += wide
    return drawn, y + 34


def _bar(x: float, y: float, wide: float, tone: Tone, paper: bool, figure: str = "") -> list[str]:
    """One piece of a bar, or a sample of it for the legend, with its figure where there is room."""
    tall = BAR if figure else BAR - 4
    drawn = [_rect(x, y, wide, tall, tone.fill(paper))]
    if tone.hatched:
        drawn.append(_hatching(x, y, wide, tall))
    if figure and wide > _wide(figure, SMALL, paper) + 4:
        middle, half = x + wide / 2, _wide(figure, SMALL, paper) / 2 + 3
        if tone.hatched:  # the lines stop for the figure
            drawn.append(_rect(middle - half, y + 3, half * 2, tall - 6, tone.fill(paper), bare=True))
        drawn.append(_text(middle, y + BAR - 5.5, figure, small=True, colour=tone.text, middle=True))
    return drawn


def _hatching(x: float, y: float, wide: float, tall: float) -> str:
    """Slanting lines within the box, drawn one by one: patterns are not understood everywhere."""
    step, lines, start = 6, [], -tall
    at = start + step
    while at < wide:
        x1, y1 = (at, tall) if at >= 0 else (0, tall + at)
        reach = min(tall, wide - at)
        lines.append(f"M{_n(x + x1)} {_n(y + y1)}L{_n(x + at + reach)} {_n(y + tall - reach)}")
        at += step
    return f'<path d="{"".join(lines)}" stroke="#555555" stroke-width="{EDGE}" fill="none"/>'


def _rect(x: float, y: float, wide: float, tall: float, fill: str, *, bare: bool = False) -> str:
    edge = "" if bare else f' stroke="#000000" stroke-width="{EDGE}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(tall)}" fill="{fill}"{edge}/>'


def _axis(left: float, top: float, rows: int) -> str:
    return f'<path d="M{_n(left)} {_n(top - 5)}V{_n(top + rows * ROW - 4)}" stroke="#000000" stroke-width="1.4"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    small: bool = False,
    bold: bool = False,
    end: bool = False,
    middle: bool = False,
    colour: str = "#000000",
) -> str:
    anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
    weight = ' font-weight="bold"' if bold else ""
    size = SMALL if small else SIZE
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{colour}"{weight}{anchor}>{escape(words)}</text>'


def _n(value: float) -> str:
    """A measure with one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def _finished(title: str, said: Iterable[str], drawn: Iterable[str], height: int, paper: bool) -> Chart:
    alt = f"{title}. {'; '.join(said)}."
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        f' role="img" font-family={quoteattr(FONTS[paper])} xml:lang="vi">'
        f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>{''.join(drawn)}</svg>"
    )
    return Chart(svg, alt, WIDTH, height)
