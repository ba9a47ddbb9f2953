"""A table as Word has it: fixed columns, repeated heads, merged cells."""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import qn

from reports.word import styles
from reports.word.looks import EDGES, Look
from reports.word.model import Block, Cell, Paragraph, Row, Rule, Table
from reports.word.xml import element, properties, twips

if TYPE_CHECKING:
    from reports.word.writing import Writer

# The schema's order of a cell's edges, with where they stand in CSS.
SIDES = [(name, EDGES.index(name)) for name in ("top", "left", "bottom", "right")]


def written(writer: "Writer", table: Table) -> Any:
    """The w:tbl."""
    columns = _columns(table.widths)
    usual = next((cell.look for row in reversed(table.rows) for cell in row.cells), Look())
    made = element("tbl", _properties(table, usual, sum(columns)))
    made.append(element("tblGrid", *(element("gridCol", w=width) for width in columns)))
    reaching: dict[int, tuple[Cell, int]] = {}  # column: cell from above, rows it still takes
    for row in table.rows:
        if row.keep_next or table.keep_next:
            _keep(row)
        made.append(element("tr", _row_properties(row), *_cells(writer, row, reaching, columns, usual)))
    return made


def _columns(widths: list[float]) -> list[int]:
    """Twips that add up to the whole in spite of rounding."""
    edges = [0]
    total = 0.0
    for width in widths:
        total += width
        edges.append(twips(total))
    return [right - left for left, right in pairwise(edges)]


def _properties(table: Table, usual: Look, width: int) -> Any:
    lines = None
    if any(usual.border):
        size = styles.eighths(max(usual.border))
        names = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = element("tblBorders", *(element(n, val="single", sz=size, space=0, color="000000") for n in names))
    return properties(
        "tblPr",
        [
            element("tblW", w=width, type="dxa"),
            element("jc", val="center") if table.look.centred else None,
            None if table.look.centred else element("tblInd", w=twips(table.left), type="dxa"),
            lines,
            element("tblLayout", type="fixed"),
            element("tblCellMar", *_margins(usual)),
        ],
    )


def _margins(look: Look) -> Iterator[Any]:
    return (element(name, w=twips(look.padding[at]), type="dxa") for name, at in SIDES)


def _own_margins(look: Look, usual: Look) -> Any:
    """The cell's own at its sides."""
    if _sides(look) == _sides(usual):
        return None
    return element("tcMar", *(element(name, w=twips(look.padding[at]), type="dxa") for name, at in SIDES if at % 2))


def _row_properties(row: Row) -> Any:
    height = element("trHeight", val=twips(row.height), hRule="atLeast") if row.height else None
    whole = element("cantSplit") if row.whole else None
    return properties("trPr", [whole, height, element("tblHeader") if row.header else None])


def _cells(
    writer: "Writer", row: Row, reaching: dict[int, tuple[Cell, int]], columns: list[int], usual: Look
) -> Iterator[Any]:
    """The row from left to right, without a gap."""
    at, own = 0, {cell.column: cell for cell in row.cells}
    while at < len(columns):
        if at in reaching:
            cell, left = reaching.pop(at)
            if left > 1:
                reaching[at] = (cell, left - 1)
            merge = element("vMerge")
            blocks: list[Block] = []
        else:
            cell = own.get(at) or Cell(usual, at, [])
            merge = element("vMerge", val="restart") if cell.rows > 1 else None
            if cell.rows > 1:
                reaching[at] = (cell, cell.rows - 1)
            blocks = cell.blocks
        span = min(cell.columns, len(columns) - at)
        yield _cell(writer, cell, blocks, merge, sum(columns[at : at + span]), span, usual, row)
        at += span


def _cell(
    writer: "Writer", cell: Cell, blocks: list[Block], merge: Any, width: int, span: int, usual: Look, row: Row
) -> Any:
    look = cell.look
    fill = look.fill or row.look.fill
    own = [
        element("tcW", w=width, type="dxa"),
        element("gridSpan", val=span) if span > 1 else None,
        merge,
        _edges(look) if look.border != usual.border else None,
        element("shd", val="clear", color="auto", fill=fill) if fill else None,
        _own_margins(look, usual),
        element("vAlign", val={"middle": "center"}.get(look.vertical, look.vertical))
        if look.vertical in ("middle", "bottom")
        else None,
    ]
    _lower(blocks, look, usual)
    content = writer.blocks(blocks)
    if not content or content[-1].tag != qn("w:p"):
        content.append(writer.paragraph(_nothing(cell, row)))
    return element("tc", properties("tcPr", own), *content)


def _sides(look: Look) -> tuple[float, float]:
    return look.padding[1], look.padding[3]


def _lower(blocks: list[Block], look: Look, usual: Look) -> None:
    """More room above or below than in the table's other cells: Word would give it to the whole row."""
    if blocks:
        blocks[0].above += max(look.padding[0] - usual.padding[0], 0)
        blocks[-1].below += max(look.padding[2] - usual.padding[2], 0)


def _edges(look: Look) -> Any:
    return element(
        "tcBorders",
        *(
            element(name, val="single", sz=styles.eighths(look.border[at]), space=0, color="000000")
            if look.border[at]
            else element(name, val="nil")
            for name, at in SIDES
        ),
    )


def _nothing(cell: Cell, row: Row) -> Paragraph:
    """What an empty cell has: a paragraph of its row's size."""
    beside = next((b for one in row.cells for b in one.blocks if isinstance(b, Paragraph)), None)
    style = beside.style if beside else styles.NORMAL
    return Paragraph(style, cell.look, [], keep_next=row.keep_next)


def _keep(row: Row) -> None:
    """Word keeps a row with the next one by the paragraphs in it."""
    for cell in row.cells:
        for block in cell.blocks:
            if isinstance(block, Paragraph | Rule):
                block.keep_next = True
