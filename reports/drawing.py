"""What charts are drawn with: tones, letters, bars, and the two measures a drawing comes in.

Wide: labels to the left of the bars, for papers and screens. Narrow: labels above them, for phones, as wide as a phone
shows without scrolling and with letters of the size of the page's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

WIDTH, NARROW = 640, 330  # of the drawing's own measure; the page or the paper says how wide that is
ROW, BAR, THIN, LINE = 30, 20, 15, 17  # a row with its bar; a bar of several in a row; a line of words
SIZE, SMALL = 14, 12  # letters
LETTER = {True: 0.5, False: 0.6}  # how wide a letter is at the most, of its height: Tinos, or a page's own font
EDGE = 0.8
LONGEST = 250  # what a label takes beside its bar before it is broken into lines
FONTS = {
    True: "Tinos, 'Times New Roman', serif",
    False: "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
}
Anchor = Literal["", "middle", "end"]


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
# From nothing to most; the figure stands on each.
SHADES = (TONES[0], Tone("#e4e4e4", "#dcebe4", "#000000"), TONES[3], TONES[2])


@dataclass(slots=True)
class Canvas:
    """A drawing that grows downwards."""

    paper: bool
    narrow: bool = False
    left: float = 0  # where bars begin
    y: float = 6  # where the next row begins
    drawn: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        return NARROW if self.narrow else WIDTH

    def wide(self, words: str, size: float = SIZE) -> float:
        """How much the words take at the most."""
        return len(words) * size * LETTER[self.paper]

    def widest(self, many: Sequence[str], size: float = SIZE) -> float:
        return max((self.wide(words, size) for words in many), default=0)

    def make_room(self, labels: Sequence[str]) -> None:
        """Let bars begin beside the longest label, or below all of them."""
        if self.narrow:
            self.left = 1
            return
        broken = [line for label in labels for line in self.lines(label, LONGEST)]
        self.left = 16 + self.widest(broken)

    def lines(self, words: str, room: float) -> list[str]:
        """The words broken between words, so that none is cut."""
        lines: list[str] = []
        for word in words.split():
            if lines and self.wide(f"{lines[-1]} {word}") <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines or [""]

    def label(self, words: str, tall: float, beside: str = "") -> float:
        """Write a row's label and go on below the row; where its bars of this height begin.

        `beside` stands at the end of the label's line where labels are above the bars.
        """
        top = self.y
        if self.narrow:
            lines = self.lines(words, self.width - self.wide(beside) - 12)
            for at, line in enumerate(lines):
                self.text(0, top + 12 + at * LINE, line)
            if beside:
                self.text(self.width - 1, top + 12, beside, bold=True, anchor="end")
            below = top + len(lines) * LINE
            self.y = below + tall + 12
            return below
        lines = self.lines(words, LONGEST)
        first = top + tall / 2 + 5 - (len(lines) - 1) * LINE / 2
        down = max(0, LINE - 5 - (first - top))  # more lines than the bars are tall
        for at, line in enumerate(lines):
            self.text(self.left - 8, first + down + at * LINE, line, anchor="end")
        self.y = top + max(tall, len(lines) * LINE) + (ROW - BAR if tall == BAR else 12)
        return top + down

    def axis(self, top: float) -> None:
        """The line from which bars grow, down to here; bars below their labels need none."""
        if not self.narrow:
            self.path(f"M{_n(self.left)} {_n(top - 5)}V{_n(self.y - 4)}", 1.4, "#000000")

    def legend(self, names: Sequence[str], tones: Sequence[Tone]) -> None:
        """Each tone with its word, in the order of the pieces."""
        x, y = (1.0 if self.narrow else 8.0), 4.0
        begin = x
        for name, tone in zip(names, tones, strict=False):
            wide = 26 + self.wide(name, SMALL) + 12
            if x > begin and x + wide > self.width:
                x, y = begin, y + 22
            self.bar(x, y, 18, BAR - 4, tone)
            self.text(x + 24, y + 14, name, small=True)
            x += wide
        self.y = y + 34

    def bar(self, x: float, y: float, wide: float, tall: float, tone: Tone, figure: str = "") -> None:
        """One piece of a bar, or a sample of it for the legend, with its figure where there is room."""
        self.rect(x, y, wide, tall, tone.fill(self.paper))
        if tone.hatched:
            self.hatching(x, y, wide, tall)
        if figure and wide > self.wide(figure, SMALL) + 4:
            middle, half = x + wide / 2, self.wide(figure, SMALL) / 2 + 3
            if tone.hatched:  # the lines stop for the figure
                self.rect(middle - half, y + 3, half * 2, tall - 6, tone.fill(self.paper), bare=True)
            self.text(middle, y + tall - 5.5, figure, small=True, colour=tone.text, anchor="middle")

    def hatching(self, x: float, y: float, wide: float, tall: float) -> None:
        """Slanting lines within the box, drawn one by one: patterns are not understood everywhere."""
        step, lines = 6, []
        at = step - tall
        while at < wide:
            x1, y1 = (at, tall) if at >= 0 else (0, tall + at)
            reach = min(tall, wide - at)
            lines.append(f"M{_n(x + x1)} {_n(y + y1)}L{_n(x + at + reach)} {_n(y + tall - reach)}")
            at += step
        self.path("".join(lines), EDGE, "#555555")

    def rect(self, x: float, y: float, wide: float, tall: float, fill: str, *, bare: bool = False) -> None:
        edge = "" if bare else f' stroke="#000000" stroke-width="{EDGE}"'
        self.drawn.append(f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(tall)}" fill="{fill}"{edge}/>')

    def path(self, steps: str, thick: float, colour: str) -> None:
        self.drawn.append(f'<path d="{steps}" stroke="{colour}" stroke-width="{thick}" fill="none"/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        small: bool = False,
        bold: bool = False,
        anchor: Anchor = "",
        colour: str = "#000000",
    ) -> None:
        """Words on their line, beginning, ending or with their middle at x."""
        anchored = f' text-anchor="{anchor}"' if anchor else ""
        weight = ' font-weight="bold"' if bold else ""
        size = SMALL if small else SIZE
        self.drawn.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{size}" fill="{colour}"{weight}{anchored}>{escape(words)}</text>'
        )

    @property
    def height(self) -> int:
        return ceil(self.y) + 6

    def svg(self, title: str, said: str) -> str:
        """The whole drawing, with what is said instead of it."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}" role="img" font-family={quoteattr(FONTS[self.paper])}'
            f' xml:lang="vi"><title>{escape(title)}</title><desc>{escape(said)}</desc>{"".join(self.drawn)}</svg>'
        )


def _n(value: float) -> str:
    """A measure with one decimal, the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")
