"""The filled template as paragraphs, tables and sections: what is on the paper, before it is Word.

Nothing is left out for being unknown: the text of any element arrives, and an element that the stylesheet does not
name looks like the one around it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import tinyhtml5
from cssselect2 import ElementWrapper

from reports.word import css, grids, pictures, styles
from reports.word.looks import Look, compute, points
from reports.word.measure import widest
from reports.word.model import Block, Break, Paper, Paragraph, Piece, Rule, Section, Text
from reports.word.spaces import SPACES, settled

# fmt: off
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
}
# fmt: on
# Whatever XML has no room for, and what would turn a line round.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Frame:
    """The room in which a block stands."""

    room: float
    left: float = 0
    right: float = 0

    def inside(self, look: Look) -> "Frame":
        left, right = look.margin[3] + look.padding[3], look.margin[1] + look.padding[1]
        return Frame(self.room - left - right, self.left + left, self.right + right)


@dataclass(slots=True)
class Line:
    """What is gathered of a paragraph, with the lines to be drawn under parts of it."""

    pieces: list[Piece] = field(default_factory=list)
    ruled: list[tuple[list[Piece], Look]] = field(default_factory=list)
    said: bool = False  # whether a <br> was among it


def read(filled: str) -> Paper:
    """A filled template of reports/."""
    root = tinyhtml5.parse(FORBIDDEN.sub("", unicodedata.normalize("NFC", filled)), namespace_html_elements=False)
    _drop_comments(root)
    return Reader().paper(css.wrapped(root))


class Reader:
    """Walks through one document in its order, counting as it goes."""

    def __init__(self) -> None:
        self.rules = css.rules()
        self.counters: dict[str, int] = {}
        self.page = ""
        self.running: dict[str, str] = {}

    def paper(self, root: ElementWrapper) -> Paper:
        head, body = (next(root.query_all(name)) for name in ("head", "body"))
        title = "".join(node.text or "" for node in head.etree_element.iter("title"))
        named = {row.get("name"): row.get("content", "") for row in head.etree_element.iter("meta")}
        html = self.rules.look(root, Look())
        look = self.rules.look(body, html)
        self._run(body, look)
        self.page = look.page or (css.WIDE if css.WIDE in body.classes else "")
        page = self.rules.page(self.page)
        blocks: list[Block] = [Section(page), *self.flow(body, look, Frame(page.room))]
        return Paper(_plain(title), _plain(named.get("author", "")), _without_idle_sections(blocks), self.running)

    def block(self, element: ElementWrapper, look: Look, frame: Frame) -> list[Block]:
        """An element that stands by itself."""
        self._run(element, look)
        if look.hidden:
            return []
        page = self._page_of(element, look)
        if page != self.page or "appendix" in element.classes:
            return self._section(element, look, page)
        self.count(look)
        inner = frame.inside(look)
        if element.local_name == "table":
            blocks: list[Block] = grids.read(self, element, look, inner)
        elif element.local_name == "hr":
            blocks = [Rule(inner.room, inner.room, 0.75, left=inner.left)]
        else:
            blocks = self.flow(element, look, inner)
        return _framed(blocks, look)

    def flow(self, element: ElementWrapper, look: Look, frame: Frame) -> list[Block]:
        """What is inside an element: blocks, and paragraphs of whatever stands between them."""
        blocks: list[Block] = []
        line = Line()
        own = replace(look, border=(0, 0, 0, 0), display="block")
        if element.local_name == "li" and element.parent is not None and element.parent.local_name == "ol":
            line.pieces.append(Text(f"{element.index + 1}. ", own))
        self._generated(element, own, "before", line)
        for node in nodes(element):
            if isinstance(node, str):
                line.pieces.append(Text(node, own))
                continue
            inner = self.rules.look(node, look)
            if stands_alone(node, inner):
                blocks += self._paragraph(element, look, frame, line)
                if inner.keep_previous and blocks:
                    _keep(blocks[-1])
                blocks += self.block(node, inner, frame)
                line = Line()
            else:
                self.inline(node, inner, line, frame)
        self._generated(element, own, "after", line)
        return blocks + self._paragraph(element, look, frame, line)

    def inline(self, element: ElementWrapper, look: Look, line: Line, frame: Frame) -> None:
        """An element within a line."""
        if look.hidden:
            return
        if element.local_name == "br":
            line.pieces.append(Break())
            line.said = True
            return
        if element.local_name in ("img", "svg"):
            line.pieces.append(pictures.read(element, look, frame.room))
            return
        self.count(look)
        start = len(line.pieces)
        self._generated(element, look, "before", line)
        for node in nodes(element):
            if isinstance(node, str):
                line.pieces.append(Text(node, look))
            else:
                self.inline(node, self.rules.look(node, look), line, frame)
        self._generated(element, look, "after", line, start)

    def count(self, look: Look) -> None:
        """Set and raise the counters as the element says."""
        self.counters |= dict(look.restarts)
        for name, by in look.counts:
            self.counters[name] = self.counters.get(name, 0) + by

    def _run(self, element: ElementWrapper, look: Look) -> None:
        """Take note of what the element gives to the margins of the pages; the first of a name holds."""
        if look.string:
            name, *said = look.string
            words = "".join(element.etree_element.itertext())
            text = "".join(words if token.type == "function" else str(token.value) for token in said)
            self.running.setdefault(name.value, _plain(text))

    def _page_of(self, element: ElementWrapper, look: Look) -> str:
        if look.page == self.page and css.WIDE in element.classes and "appendix" in element.classes:
            return css.WIDE
        return look.page

    def _section(self, element: ElementWrapper, look: Look, page: str) -> list[Block]:
        """An appendix: pages of its own, counted from 1, then back to what was."""
        outer, self.page = self.page, page
        found, restart = self.rules.page(page), "appendix" in element.classes
        self.count(look)
        blocks = self.flow(element, replace(look, page=page), Frame(found.room).inside(look))
        self.page = outer
        return [Section(found, restart), *blocks, Section(self.rules.page(outer))]

    def _generated(self, element: ElementWrapper, look: Look, which: str, line: Line, start: int = 0) -> None:
        """What the stylesheet puts before or after the element's own words."""
        declared = self.rules.declared(element, which)
        if "content" not in declared:
            return
        made = compute(look, declared)
        self.count(made)
        if made.border[2] and made.display == "block":
            whole = look.display != "inline-block"  # then the line's length is a part of the room, not of the words
            line.ruled.append(([] if whole else line.pieces[start:], made))
            return
        text = "".join(map(self._said, made.content))
        if text:
            line.pieces.append(Text(text, replace(made, border=(0, 0, 0, 0))))

    def _said(self, token: Any) -> str:
        if token.type == "string":
            return str(token.value)
        if token.type == "function" and token.lower_name == "counter":
            names = [argument.value for argument in token.arguments if argument.type == "ident"]
            return numeral(self.counters.get(names[0], 0), names[1] if len(names) > 1 else "decimal")
        return ""

    def _paragraph(self, element: ElementWrapper, look: Look, frame: Frame, line: Line) -> list[Block]:
        pieces = settled(line.pieces)
        if all(isinstance(piece, Break) for piece in pieces) and not line.said:
            return []
        made: list[Paragraph | Rule] = [
            Paragraph(styles.name_of(element), look, pieces, left=frame.left, right=frame.right)
        ]
        for words, after in line.ruled:
            across = min(widest(settled(words)), frame.room) if words else frame.room
            length = points(after.width, after.size, across) if after.width else across
            made[-1].keep_next = True
            made.append(Rule(length, frame.room, after.border[2], after.margin[0], left=frame.left, right=frame.right))
        return list(made)


def nodes(element: ElementWrapper) -> Iterator[str | ElementWrapper]:
    """Text and elements inside the element, in their order."""
    if element.etree_element.text:
        yield element.etree_element.text
    for child in element.iter_children():
        yield child
        if child.etree_element.tail:
            yield child.etree_element.tail


def stands_alone(element: ElementWrapper, look: Look) -> bool:
    """Whether it is a block, or holds one."""
    if look.display in ("block", "table", "flex", "grid", "list-item") or look.hidden:
        return True
    if look.display in ("inline", "inline-block"):
        return False
    tags = (node.tag for node in element.etree_element.iter())
    return element.local_name != "svg" and any(tag in BLOCKS for tag in tags)


def numeral(number: int, style: str) -> str:
    """A counter's value in the letters or digits that the stylesheet asks for."""
    if style.endswith("-roman"):
        rest, letters = number, ""
        for value, sign in ROMAN:
            letters, rest = letters + sign * (rest // value), rest % value
        return letters.upper() if style == "upper-roman" else letters
    if style in ("upper-alpha", "lower-alpha"):
        letter = chr(ord("a") + number - 1)
        return letter.upper() if style == "upper-alpha" else letter
    return str(number)


def _framed(blocks: list[Block], look: Look) -> list[Block]:
    """The blocks of an element with its distances, and kept together as it wants."""
    if not blocks:
        return blocks
    first, last = blocks[0], blocks[-1]
    first.above = max(first.above, look.margin[0])
    last.below = max(last.below, look.margin[2])
    if look.new_page and not isinstance(first, Section):
        first.new_page = True
    if look.whole:
        for block in blocks[:-1]:
            _keep(block)
        for block in blocks:
            if isinstance(block, Paragraph):
                block.keep_together = True
    if look.keep_next:
        _keep(last)
    return blocks


def _keep(block: Block) -> None:
    if not isinstance(block, Section):
        block.keep_next = True


def _without_idle_sections(blocks: list[Block]) -> list[Block]:
    """Of sections with nothing in them only the last counts, and none at the end."""
    while len(blocks) > 1 and isinstance(blocks[-1], Section):
        blocks.pop()
    return [
        block
        for block, following in zip(blocks, [*blocks[1:], None], strict=True)
        if not (isinstance(block, Section) and isinstance(following, Section))
    ]


def _plain(text: str) -> str:
    return SPACES.sub(" ", text).strip()


def _drop_comments(root: Any) -> None:
    """Comments out of the tree; the text behind them stays."""
    for parent in root.iter():
        before = None
        for child in list(parent):
            if isinstance(child.tag, str):
                before = child
                continue
            if before is None:
                parent.text = (parent.text or "") + (child.tail or "")
            else:
                before.tail = (before.tail or "") + (child.tail or "")
            parent.remove(child)
