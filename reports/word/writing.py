"""Paragraphs, tables and sections as Word has them."""

import re
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from reports.word import margins, styles
from reports.word.css import Page
from reports.word.looks import Look
from reports.word.model import Block, Paper, Paragraph, Picture, Piece, Rule, Section, Table, Text
from reports.word.tables import written as table
from reports.word.xml import element, properties, text_of, twips

# Two and more: LibreOffice draws no-break spaces wider than they are, Word does not stretch them.
BLANK = re.compile("\N{NO-BREAK SPACE}{2,}")
EMU = 12_700  # in a point
GAP = 1.0  # height of the paragraph that Word wants behind a table


class Writer:
    """Writes blocks into a document."""

    def __init__(self, document: Document) -> None:
        self._part = document.part
        self._pictures = 0

    def body(self, paper: Paper) -> list[Any]:
        """Everything between the body's tags."""
        sections: list[Section] = []
        parts: list[list[Block]] = []
        for block in paper.blocks:
            if isinstance(block, Section):
                sections.append(block)
                parts.append([])
            else:
                parts[-1].append(block)
        made: list[Any] = []
        for at, (section, part) in enumerate(zip(sections, parts, strict=True)):
            written = self.blocks(part)
            if not written or written[-1].tag != qn("w:p"):
                written.append(_space(GAP))
            # Pages of the width of those before have their header and footer too.
            same = at and section.page.room == sections[at - 1].page.room
            references = [] if same else margins.references(self._part, section.page, paper.running)
            properties_of = _section(section, references, first=at == 0)
            if at == len(parts) - 1:
                written.append(properties_of)
            else:
                _end_with(written[-1], properties_of)
            made += written
        return made

    def blocks(self, blocks: Sequence[Block]) -> list[Any]:
        """Paragraphs and tables with the distances between them, which Word keeps at one of two neighbours."""
        _settle(blocks)
        made: list[Any] = []
        before: Block | None = None
        for block in blocks:
            if isinstance(block, Table):
                if isinstance(before, Table):
                    made.append(_space(max(before.below, block.above, GAP), keep=before.keep_next))
                if block.new_page:
                    made.append(_space(GAP, new_page=True))
                made.append(table(self, block))
            elif isinstance(block, Rule):
                made.append(_rule(block))
            elif isinstance(block, Paragraph):
                made.append(self.paragraph(block))
            before = block
        return made

    def paragraph(self, block: Paragraph) -> Any:
        """With the name of its style, and by itself only what differs from it."""
        base = styles.looks()[block.style]
        own = [element("pStyle", val=styles.identity(block.style))] if block.style != styles.NORMAL else []
        if block.keep_next != base.keep_next:
            own.append(element("keepNext") if block.keep_next else element("keepNext", val=0))
        if block.keep_together:
            own.append(element("keepLines"))
        if block.new_page:
            own.append(element("pageBreakBefore"))
        distances = (block.look.line, block.above, block.below)
        if distances != (base.line, base.margin[0], base.margin[2]):
            own.append(styles.spacing(*distances))
        if (block.look.indent, block.left, block.right) != (base.indent, 0, 0):
            own.append(styles.indent(block.look.indent, block.left, block.right))
        if block.look.align != base.align:
            own.append(styles.alignment(block.look))
        room = block.look.align != "justify"
        return element("p", properties("pPr", own), *self._runs(block.pieces, base, room=room))

    def _runs(self, pieces: Sequence[Piece], base: Look, *, room: bool) -> list[Any]:
        """Runs of one look each. `room`: what is left free for handwriting is made of spaces to type over."""
        runs: list[Any] = []
        look: Look | None = None
        for piece in pieces:
            if isinstance(piece, Picture):
                runs.append(element("r", self._picture(piece)))
                look = None
                continue
            wanted = piece.look if isinstance(piece, Text) else look or base
            if look != wanted or not runs:
                runs.append(element("r", properties("rPr", styles.letters(wanted, base))))
                look = wanted
            if isinstance(piece, Text):
                text = BLANK.sub(lambda found: " " * len(found[0]), piece.text) if room else piece.text
                runs[-1].append(text_of(text))
            else:
                runs[-1].append(element("br"))
        return runs

    def _picture(self, piece: Picture) -> Any:
        inline: Any = self._part.new_pic_inline(BytesIO(piece.png), round(piece.width * EMU), round(piece.height * EMU))
        self._pictures += 1
        inline.docPr.id, inline.docPr.name = self._pictures, f"Hình {self._pictures}"
        inline.docPr.set("descr", piece.alt)
        drawing = element("drawing")
        drawing.append(inline)
        return drawing


def _settle(blocks: Sequence[Block]) -> None:
    """Between two blocks CSS has the larger of their distances; leave that to one of them."""
    for before, after in pairwise(blocks):
        if isinstance(before, Table) and isinstance(after, Table):
            continue
        wide = max(before.below, after.above)
        if isinstance(after, Table) or (not isinstance(before, Table) and before.below >= after.above):
            before.below, after.above = wide, 0
        else:
            before.below, after.above = 0, wide


def _rule(block: Rule) -> Any:
    """A paragraph without words as long as the line on its upper edge."""
    side = (block.room - block.length) / 2
    line = element("top", val="single", sz=styles.eighths(block.thickness), space=0, color="000000")
    spacing = element("spacing", before=twips(block.above), after=twips(block.below), line=20, lineRule="exact")
    own = [
        element("pStyle", val=styles.identity(styles.RULE)), element("pBdr", line), spacing,
        styles.indent(0, block.left + side, block.right + side),
        element("keepNext") if block.keep_next else None, element("pageBreakBefore") if block.new_page else None,
    ]  # fmt: skip
    return element("p", properties("pPr", own))


def _space(height: float, *, keep: bool = False, new_page: bool = False) -> Any:
    """A paragraph without words of this height."""
    own = [
        element("pStyle", val=styles.identity(styles.SPACE)),
        element("spacing", before=0, after=0, line=twips(height), lineRule="exact"),
        element("keepNext") if keep else None,
        element("pageBreakBefore") if new_page else None,
    ]
    return element("p", properties("pPr", own))


def _end_with(paragraph: Any, section: Any) -> None:
    """Let the section end with this paragraph."""
    own = paragraph.find(qn("w:pPr"))
    if own is None:
        own = element("pPr")
        paragraph.insert(0, own)
    own.append(section)


def _section(section: Section, references: list[Any], *, first: bool) -> Any:
    page: Page = section.page
    sides = {"w": twips(page.width), "h": twips(page.height)}
    if page.width > page.height:
        sides["orient"] = "landscape"  # type: ignore[assignment]
    top, right, bottom, left = map(twips, page.margin)
    around = element(
        "pgMar", top=top, right=right, bottom=bottom, left=left,
        header=twips(page.header), footer=twips(page.footer), gutter=0,
    )  # fmt: skip
    number = element("pgNumType", start=1) if section.restart else None
    size, columns = element("pgSz", **sides), element("cols", space=720)
    title = element("titlePg") if first or section.restart else None
    return properties("sectPr", [*references, size, around, number, columns, title])
