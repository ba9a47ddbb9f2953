"""An agency's sheet as a workbook: units by entries, then what differs, then the texts behind the codes."""

from reports.excel import BODY, CENTER, HEAD, LINE, REMARK, TITLE, Book, Cell, Column, Look, Value
from reports.papers.agency_sheet import AgencyTable, Row

SIGN_WIDTH = 6.5
DIFFERENCES = (
    Column("TT", 5),
    Column("Xã, phường", 22),
    Column("Tổ dân phố, bản", 24),
    Column("Mục", 11),
    Column("Tự đánh giá", 14),
    Column("Cơ quan thẩm định", 16),
    Column("Lý do", 70),
)
DIFFERS = Look(bold=True, center=True, fill="D9D9D9")
LEGEND = (
    "TĐG: xã, phường tự đánh giá; CQ: cơ quan thẩm định. Đ: đạt; K: không đạt; KA: không áp dụng; "
    "trống: chưa đánh giá. Dấu *: khác với tự đánh giá."
)


def workbook(made: AgencyTable) -> bytes:
    """The whole file."""
    book = Book(made.title)
    _overview(book, made)
    _differences(book, made)
    _entries(book, made)
    return book.as_bytes()


def _overview(book: Book, made: AgencyTable) -> None:
    widths = [5, 22, 24, *[SIGN_WIDTH] * (2 * len(made.columns))]
    sheet = book.sheet("Phiếu thẩm định", widths, freeze="D6", repeat_rows="4:5", repeat_columns="A:C")
    sheet.row([made.title.upper()], TITLE, height=24)
    state = "Dự thảo, chưa chốt. " if made.draft else ""
    until = f"Số liệu đến {made.as_of:%H:%M} ngày {made.as_of:%d/%m/%Y}. " if made.as_of else ""
    sheet.row([f"{made.office}. Theo {made.founded}. {state}{until}"], LINE)
    sheet.row([LEGEND], LINE)
    codes: list[Value | Cell] = ["TT", "Xã, phường", "Tổ dân phố, bản"]
    for column in made.columns:
        codes += [Cell(column.code, comment=column.entry.text), None]
    sheet.row(codes, HEAD)
    for at in range(len(made.columns)):
        sheet.merge(4 + 2 * at, 5 + 2 * at)
    sheet.row([None, None, None, *["TĐG", "CQ"] * len(made.columns)], HEAD)
    for first in (1, 2, 3):
        sheet.merge(first, first, row=sheet.rows - 1, rows=2)
    head = sheet.rows
    for row in made.rows:
        sheet.row(_row(row), CENTER)
    sheet.filter(head, len(widths))
    if not made.rows:
        sheet.row(["Chưa có hồ sơ nào được tiếp nhận để thẩm định."], REMARK)


def _row(row: Row) -> list[Value | Cell]:
    values: list[Value | Cell] = [row.number, Cell(row.ward, BODY), Cell(row.unit, BODY)]
    for cell in row.cells:
        own, agency = cell.signs
        values += [own, Cell(agency, DIFFERS if cell.differs else None)]
    return values


def _differences(book: Book, made: AgencyTable) -> None:
    sheet = book.sheet("Khác tự đánh giá", [column.width for column in DIFFERENCES], repeat_rows="1:1", freeze="A2")
    sheet.row([column.title for column in DIFFERENCES], HEAD)
    found = made.differences
    for number, line in enumerate(found, 1):
        where: list[Value] = [
            number,
            line.row.ward,
            line.row.unit,
            line.column.code,
            line.own,
            line.agency,
            line.cell.reason,
        ]
        sheet.row(where, BODY)
    sheet.filter(1, len(DIFFERENCES))
    if not found:
        sheet.row(["Không có mục nào khác với tự đánh giá."], REMARK)


def _entries(book: Book, made: AgencyTable) -> None:
    sheet = book.sheet("Nội dung các mục", [12, 26, 90, 14, 12, 12], repeat_rows="1:1", freeze="A2")
    head = ["Mục", "Thuộc", "Nội dung", "Cơ quan", "Đã thẩm định", "Khác tự đánh giá"]
    sheet.row(head, HEAD)
    for at, column in enumerate(made.columns):
        cells = [row.cells[at] for row in made.rows]
        done, differing = sum(bool(cell.agency) for cell in cells), sum(cell.differs for cell in cells)
        role = "chủ trì" if column.responsible else "phối hợp"
        sheet.row([column.code, column.kind, column.entry.text, role, done, differing], BODY)
    sheet.filter(1, len(head))
