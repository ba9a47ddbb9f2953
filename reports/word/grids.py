"""Tables of the template: columns in points, cells in their places, rows that stay together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cssselect2 import ElementWrapper

from reports.word.looks import Look, points
from reports.word.measure import widest
from reports.word.model import Block, Cell, Paragraph, Row, Table

if TYPE_CHECKING:
    from reports.word.reading import Frame, Reader

LIMIT = 1000  # what HTML allows for colspan


def read(reader: "Reader", element: ElementWrapper, look: Look, frame: "Frame") -> list[Block]:
    """The table, after its caption if it has one."""
    before: list[Block] = []
    for child in element.iter_children():
        if child.local_name == "caption":
            before += reader.block(child, reader.rules.look(child, look), frame)
    rows = list(_rows(reader, element, look))
    places = _places(rows)
    count = max((column + _span(cell, "colspan") for row in places for column, cell in row), default=0)
    said = _columns(reader, element, look, frame.room)
    count = max(count, len(said))
    if not count:
        return before
    across = frame.room if look.width is None else min(points(look.width, look.size, frame.room), frame.room)
    table = Table(look, _shared(said, count, across), left=frame.left)
    for (_, row_look, group, last), cells in zip(rows, places, strict=True):
        row = Row([], row_look, header=group == "thead", whole=row_look.whole or look.whole, keep_next=last)
        for column, cell in cells:
            row.cells.append(_cell(reader, cell, row_look, table.widths, column, frame))
        table.rows.append(row)
    _finish(table, look)
    if look.width is None or look.display == "inline-table":
        table.widths = _fitting(table, frame.room)
    return [*before, table]


def _rows(reader: "Reader", element: ElementWrapper, look: Look) -> Iterator[tuple[ElementWrapper, Look, str, bool]]:
    """Row, its look, its group (heads first, feet last), and whether its group holds it to the next row."""
    groups = [child for child in element.iter_children() if child.local_name in ("thead", "tbody", "tfoot")]
    for name in ("thead", "tbody", "tfoot"):
        for group in groups:
            if group.local_name != name:
                continue
            group_look = reader.rules.look(group, look)
            rows = [row for row in group.iter_children() if row.local_name == "tr"]
            for at, row in enumerate(rows, 1):
                held = (group_look.whole and at < len(rows)) or (group_look.keep_next and at == len(rows))
                yield row, reader.rules.look(row, group_look), name, held or name == "thead"


def _places(rows: list[tuple[ElementWrapper, Look, str, bool]]) -> list[list[tuple[int, ElementWrapper]]]:
    """For each row its cells with their columns, left free what cells from above reach into."""
    taken: dict[int, int] = {}  # column: rows it is still taken
    places = []
    for row, *_ in rows:
        column, cells = 0, []
        begun: dict[int, int] = {}
        for cell in row.iter_children():
            if cell.local_name not in ("td", "th"):
                continue
            while taken.get(column):
                column += 1
            cells.append((column, cell))
            for at in range(column, column + _span(cell, "colspan")):
                begun[at] = _span(cell, "rowspan")
            column += _span(cell, "colspan")
        taken = {at: left - 1 for at, left in (taken | begun).items() if left > 1}
        places.append(cells)
    return places


def _span(cell: ElementWrapper, name: str) -> int:
    value = cell.etree_element.get(name, "1")
    return min(max(int(value), 1), LIMIT) if value.isascii() and value.isdigit() else 1


def _columns(reader: "Reader", element: ElementWrapper, look: Look, room: float) -> list[float | None]:
    """The widths that <col> says, or else the cells of the first row."""
    cols = [col for group in element.iter_children() if group.local_name == "colgroup" for col in group.iter_children()]
    if not cols:
        first = next((row for row in element.iter_subtree() if row.local_name == "tr"), None)
        cols = [] if first is None else list(first.iter_children())
    said: list[float | None] = []
    for col in cols:
        width = reader.rules.look(col, look).width
        spans = _span(col, "span" if col.local_name == "col" else "colspan")
        said += [points(width, look.size, room) / spans if width else None] * spans
    return said


def _shared(said: list[float | None], count: int, across: float) -> list[float]:
    """Columns without a width share what the others leave; all shrink if that is nothing."""
    said = [*said, *[None] * (count - len(said))]
    known = sum(width for width in said if width is not None)
    open_ones = said.count(None)
    rest = max(across - known, 0) / open_ones if open_ones else 0
    least = 12.0 if open_ones else 0
    widths = [max(rest, least) if width is None else width for width in said]
    scale = across / sum(widths)
    return [width * scale for width in widths]


def _cell(
    reader: "Reader", element: ElementWrapper, row: Look, widths: list[float], column: int, frame: "Frame"
) -> Cell:
    look = reader.rules.look(element, row)
    span = min(_span(element, "colspan"), len(widths) - column)
    room = sum(widths[column : column + span]) - look.padding[1] - look.padding[3]
    reader.count(look)
    blocks = reader.flow(element, look, type(frame)(max(room, 1)))
    return Cell(look, column, blocks, span, _span(element, "rowspan"))


def _finish(table: Table, look: Look) -> None:
    """Heights, and which rows stay with the next one."""
    for at, row in enumerate(table.rows):
        following = table.rows[at + 1] if at + 1 < len(table.rows) else None
        looks = [row.look, *(cell.look for cell in row.cells)]
        row.height = max((one.height + one.padding[0] + one.padding[2] for one in looks if one.height), default=0)
        row.keep_next = row.keep_next or any(one.keep_next for one in looks)
        if following is not None:
            row.keep_next = row.keep_next or look.whole
            row.keep_next = row.keep_next or following.look.keep_previous
        for cell in row.cells:
            cell.rows = min(cell.rows, len(table.rows) - at)
        row.whole = row.whole or row.header or any(cell.look.whole for cell in row.cells)


def _fitting(table: Table, room: float) -> list[float]:
    """As wide as the longest lines; the last column gives way where that is too much."""
    widths = [0.0] * len(table.widths)
    for row in table.rows:
        for cell in row.cells:
            if cell.columns == 1:
                lines = [widest(block.pieces) for block in cell.blocks if isinstance(block, Paragraph)]
                sides = cell.look.padding[1] + cell.look.padding[3] + 2
                widths[cell.column] = max([widths[cell.column], *(line + sides for line in lines)])
    widths = [width or 12 for width in widths]
    if sum(widths) > room:
        others = sum(widths[:-1])
        if others < room / 2:
            return [*widths[:-1], room - others]
        return [width * room / sum(widths) for width in widths]
    return widths
