"""A paper between its HTML and its Word file: paragraphs, tables and new sections, in points."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reports.word.css import Page
from reports.word.looks import Look


@dataclass(frozen=True, slots=True)
class Text:
    """Letters of one look."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Break:
    """The next line of the same paragraph."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with the text for those who do not see it."""

    png: bytes
    width: float
    height: float
    alt: str


Piece: TypeAlias = Text | Break | Picture


@dataclass(slots=True)
class Paragraph:
    style: str
    look: Look
    pieces: Sequence[Piece]
    above: float = 0
    below: float = 0
    left: float = 0
    right: float = 0
    keep_next: bool = False
    keep_together: bool = False
    new_page: bool = False


@dataclass(slots=True)
class Rule:
    """A line of its own length in the middle of the room, under the words it belongs to."""

    length: float
    room: float
    thickness: float
    above: float = 0
    below: float = 0
    left: float = 0
    right: float = 0
    keep_next: bool = False
    new_page: bool = False


@dataclass(slots=True)
class Cell:
    look: Look
    column: int
    blocks: list["Block"]
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Row:
    cells: list[Cell]
    look: Look
    header: bool = False
    keep_next: bool = False
    whole: bool = False
    height: float = 0


@dataclass(slots=True)
class Table:
    look: Look
    widths: list[float]
    rows: list[Row] = field(default_factory=list)
    above: float = 0
    below: float = 0
    left: float = 0
    keep_next: bool = False
    new_page: bool = False


@dataclass(slots=True)
class Section:
    """From here on another page set-up, pages counted from 1 again; there is always one at the beginning."""

    page: Page
    restart: bool = False
    above: float = 0
    below: float = 0


Block: TypeAlias = Paragraph | Rule | Table | Section


@dataclass(slots=True)
class Paper:
    """A whole document."""

    title: str
    author: str
    blocks: list[Block]
    running: dict[str, str] = field(default_factory=dict)  # texts for the margins of every page, by name
