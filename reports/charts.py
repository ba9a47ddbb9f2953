"""Charts: the one place that draws them, for papers and pages alike.

A chart is an SVG of its own, without scripts, styles, fonts or addresses of others, given as a data address for
<img>; of a page's chart there is a second drawing for phones. It is read without colours: every series has a tone of
its own, some of them hatched, the figures stand on the bars, and the words of the series stand beside their tone.
Equal figures make equal bytes. The same figures always stand in a table nearby; `alt` says them for whoever hears the
page.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assessments import percentages
from reports import wording
from reports.drawing import BAR, PAIR, PLAIN, ROW, SHADES, SMALL, THIN, TONES, Canvas, Tone

__all__ = ["TONES", "Chart", "Series", "Tone", "grouped", "matrix", "ranked", "shares", "stacked"]


@dataclass(frozen=True, slots=True)
class Series:
    """What one kind of bar stands for, with a number for each label; None where there is nothing to draw.

    `told` are the words that stand at the bars where the numbers themselves are not what is read: 43,75 %.
    """

    name: str
    values: Sequence[int | None]
    told: Sequence[str] = ()

    def words(self, at: int) -> str:
        value = self.values[at]
        return "–" if value is None else self.told[at] if self.told else wording.number(value)


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing with what is said instead of it."""

    title: str
    svg: str
    alt: str
    width: int
    height: int
    narrow: "Chart | None" = None  # the drawing for phones; papers have none

    @property
    def uri(self) -> str:
        """For <img src>: nothing is fetched for it, neither by a browser nor by the press."""
        return f"data:image/svg+xml;base64,{base64.b64encode(self.svg.encode()).decode()}"


def stacked(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    word: str,
    paper: bool = False,
    tones: Sequence[Tone] = TONES,
) -> Chart:
    """A bar for each label, made up of one piece for each series; `word` is what is counted: tổ, bản.

    Raises ValueError for more series than there are tones, and for a series that misses a label.
    """
    _check(labels, series)
    rows = [[one.values[at] or 0 for one in series] for at in range(len(labels))]
    totals = [sum(row) for row in rows]
    scale = max(totals, default=0) or 1

    def draw(canvas: Canvas) -> None:
        canvas.legend([one.name for one in series], tones)
        canvas.make_room(labels)
        told = [wording.number(total) for total in totals]
        beside = 1 if canvas.narrow else max(40, canvas.widest(told) + 8)
        across, top = canvas.width - canvas.left - beside, canvas.y
        for label, row, total in zip(labels, rows, totals, strict=True):
            y, x = canvas.label(label, BAR, wording.number(total)), canvas.left
            for value, tone in zip(row, tones, strict=False):
                if value:
                    canvas.bar(x, y, across * value / scale, BAR, tone, wording.number(value))
                    x += across * value / scale
            if not canvas.narrow:
                canvas.text(x + 6, y + BAR - 5, wording.number(total), bold=True)
        canvas.axis(top)

    said = (
        f"{label}: {', '.join(f'{one.name.lower()} {one.words(at)}' for one in series)},"
        f" cộng {wording.number(totals[at])} {word}"
        for at, label in enumerate(labels)
    )
    return _finished(title, said, draw, paper)


def shares(title: str, labels: Sequence[str], counts: Sequence[int], whole: int, *, paper: bool = False) -> Chart:
    """A bar for each label: how many of the whole, the rest of the bar left open. Raises ValueError as `stacked`."""
    if len(counts) != len(labels) or any(not 0 <= count <= whole for count in counts):
        raise ValueError("counts must go with labels and lie within the whole")
    of = wording.number(whole)
    told = [f"{wording.number(n)}/{of}" + (f" ({percentages.text(n, whole)})" if whole else "") for n in counts]
    return _single(title, labels, counts, told, whole or 1, open_rest=True, paper=paper)


def ranked(
    title: str, labels: Sequence[str], counts: Sequence[int], told: Sequence[str], *, paper: bool = False
) -> Chart:
    """A bar for each label, as long as its count beside the largest; `told` stands after it: 5/12. As `stacked`."""
    if not len(labels) == len(counts) == len(told) or min(counts, default=0) < 0:
        raise ValueError("every label has a count, none below zero, and its words")
    return _single(title, labels, counts, told, max(counts, default=0) or 1, open_rest=False, paper=paper)


def _single(
    title: str,
    labels: Sequence[str],
    counts: Sequence[int],
    told: Sequence[str],
    scale: int,
    *,
    open_rest: bool,
    paper: bool,
) -> Chart:
    def draw(canvas: Canvas) -> None:
        canvas.make_room(labels)
        top = canvas.y
        across = canvas.width - canvas.left - (10 if open_rest else 14) - canvas.widest(told)
        if canvas.narrow:
            across = canvas.width - canvas.left - 1
        for label, count, words in zip(labels, counts, told, strict=True):
            y, wide = canvas.label(label, BAR, words), across * count / scale
            if open_rest:
                canvas.rect(canvas.left, y, across, BAR, "#ffffff")
            if count:
                canvas.bar(canvas.left, y, wide, BAR, PLAIN)
            if not canvas.narrow:
                canvas.text(canvas.left + (across if open_rest else wide) + 6, y + BAR - 5, words, bold=True)
        canvas.axis(top)

    said = (f"{label}: {words}" for label, words in zip(labels, told, strict=True))
    return _finished(title, said, draw, paper)


def grouped(title: str, labels: Sequence[str], series: Sequence[Series], *, paper: bool = False) -> Chart:
    """Thin bars for each label, one below the other: before and after, each with its figure. As `stacked`."""
    _check(labels, series)
    tones = PAIR if len(series) == len(PAIR) else TONES
    scale = max((value for one in series for value in one.values if value), default=1)

    def draw(canvas: Canvas) -> None:
        canvas.legend([one.name for one in series], tones)
        canvas.make_room(labels)
        told = [one.words(at) for one in series for at in range(len(labels))]
        across, top = canvas.width - canvas.left - 8 - canvas.widest(told, SMALL), canvas.y
        for at, label in enumerate(labels):
            y = canvas.label(label, THIN * len(series))
            for line, (one, tone) in enumerate(zip(series, tones, strict=False)):
                wide, below = across * (one.values[at] or 0) / scale, y + line * THIN
                if one.values[at]:
                    canvas.bar(canvas.left, below, wide, THIN, tone)
                canvas.text(canvas.left + wide + 5, below + THIN - 3.5, one.words(at), small=True)
        canvas.axis(top)

    said = (f"{label}: {', '.join(f'{one.name} {one.words(at)}' for one in series)}" for at, label in enumerate(labels))
    return _finished(title, said, draw, paper)


def matrix(
    title: str, labels: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[int]], *, paper: bool = False
) -> Chart:
    """A square for each label and column with its figure on it, the darker the larger. As `stacked`."""
    if len(rows) != len(labels) or any(len(row) != len(columns) or min(row, default=0) < 0 for row in rows):
        raise ValueError("every label has a number, none below zero, for each column")
    scale = max((value for row in rows for value in row), default=0) or 1

    def draw(canvas: Canvas) -> None:
        canvas.make_room(labels)
        across = (canvas.width - canvas.left - 1) / max(len(columns), 1)
        across = min(across, 2 * ROW)
        for at, column in enumerate(columns):
            canvas.text(
                canvas.left + across * (at + 0.5), canvas.y + 10, column, small=True, anchor="middle", bold=True
            )
        canvas.y += 16
        for label, row in zip(labels, rows, strict=True):
            y = canvas.label(label, BAR)
            for at, value in enumerate(row):
                shade = SHADES[-(-value * (len(SHADES) - 1) // scale)]
                canvas.bar(canvas.left + across * at, y, across, BAR, shade, wording.number(value))

    said = (
        f"{label}: {', '.join(f'{column} {wording.number(value)}' for column, value in zip(columns, row, strict=True))}"
        for label, row in zip(labels, rows, strict=True)
    )
    return _finished(title, said, draw, paper)


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not 0 < len(series) <= len(TONES):
        raise ValueError(f"a chart has 1 to {len(TONES)} series, not {len(series)}")
    if any(len(one.values) != len(labels) or any(value < 0 for value in one.values if value) for one in series):
        raise ValueError("every series has a number, none below zero, for each label")
    if any(one.told and len(one.told) != len(labels) for one in series):
        raise ValueError("a series that has words has them for each label")


def _finished(title: str, said: Iterable[str], draw: Callable[[Canvas], None], paper: bool) -> Chart:
    alt = f"{title}. {'; '.join(said)}."
    narrow = None if paper else _chart(title, alt, draw, Canvas(paper, narrow=True))
    return _chart(title, alt, draw, Canvas(paper), narrow)


def _chart(title: str, alt: str, draw: Callable[[Canvas], None], canvas: Canvas, narrow: Chart | None = None) -> Chart:
    draw(canvas)
    return Chart(title, canvas.svg(title, alt), alt, canvas.width, canvas.height, narrow)
