"""Reading tables out of Excel files that people send: the one place. Nothing here knows what the table is for.

    wanted = [Wanted("content", "Nội dung"), Wanted("price", "Đơn giá")]
    sheet = read(file, wanted, most_rows=300)      # Unreadable: nothing of the file can be used
    sheet.problems                                 # every bad cell, with what to do
    for row in sheet.rows: row.number, row["content"], row["price"]

A cell comes as text, int, Decimal, date or None. Numbers stand in the file as binary fractions; what Excel shows of
them (15 digits) is what counts, as an exact Decimal. Formulas and merged cells are problems: their value would be
a guess. Only what was asked for is read, within limits, whatever the file claims of itself.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, TypeAlias

from django.conf import settings
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from assessments import filetypes, uploads
from localities.text import clean

Value: TypeAlias = str | int | Decimal | date | None

UNPACKED_LIMIT = 24 * 1024 * 1024  # of all parts together
SCANNED_ROWS = 3000  # rows looked at, empty ones too
HEAD_ROWS = 30  # the headings stand within the first rows
COLUMNS = 60
TEXT_LIMIT = 4000
PROBLEMS_SHOWN = 200
MERGED_LIMIT = 2000  # areas looked at; each may cover all rows
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Unreadable(Exception):
    """Nothing can be read from the file; the message is a sentence with what to do."""

    @property
    def message(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that the table must have, found by its heading."""

    key: str
    title: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, and what to do."""

    sheet: str
    row: int
    column: str  # its letter; "" for a whole row
    title: str  # its heading
    message: str

    @property
    def place(self) -> str:
        """For instance: Trang “Dự toán”, ô E7 (Đơn giá)."""
        where = f"ô {self.column}{self.row} ({self.title})" if self.column else f"dòng {self.row}"
        return f"Trang “{self.sheet}”, {where}"


@dataclass(slots=True)
class Row:
    """A row below the headings that is not empty."""

    number: int
    cells: dict[str, Value]
    bad: set[str] = field(default_factory=set)  # keys of cells that are already problems

    def __getitem__(self, key: str) -> Value:
        return self.cells.get(key)


@dataclass(slots=True)
class Sheet:
    """What was read; with problems, what is there must not be used."""

    name: str
    columns: dict[str, int]
    titles: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: Row, key: str, message: str) -> None:
        """Report a cell, once, in the words of whoever knows what it should be."""
        if key in row.bad:
            return
        row.bad.add(key)
        at = self.columns.get(key)
        letter = get_column_letter(at + 1) if at is not None else ""
        self.problems.append(Problem(self.name, row.number, letter, self.titles.get(key, ""), message))


def read(file: IO[bytes], wanted: Sequence[Wanted], *, most_rows: int) -> Sheet:
    """The first sheet that has the headings. Raises Unreadable without one, or when the file is not fit to be read."""
    _check(file)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # whatever a broken or hostile file makes openpyxl raise
        raise Unreadable("Tệp Excel bị hỏng. Mở thử trên máy, lưu lại dạng .xlsx rồi tải lên.") from error
    try:
        missing: list[str] = []
        for sheet in book.worksheets:
            found = _read_sheet(sheet, wanted, most_rows, missing)
            if found is not None:
                _refuse_merged(file, sheet, found)
                return found
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("Tệp Excel bị hỏng. Mở thử trên máy, lưu lại dạng .xlsx rồi tải lên.") from error
    finally:
        book.close()
    lacking = f" Thiếu cột: {', '.join(missing)}." if missing else ""
    titles = ", ".join(f"“{column.title}”" for column in wanted if not column.optional)
    raise Unreadable(f"Không tìm thấy dòng tiêu đề có các cột {titles}.{lacking} Dùng tệp mẫu tải từ trang này.")


def _check(file: IO[bytes]) -> None:
    """Refuse what is no workbook, too large, or declares entities, before anything is unpacked whole."""
    file.seek(0, 2)
    if file.tell() > settings.UPLOAD_MAX_BYTES:
        raise Unreadable(uploads.too_large())
    file.seek(0)
    try:
        is_excel = filetypes.recognise(file).extension == "xlsx"
    except filetypes.Unusable as error:
        raise Unreadable(f"Tệp {error}") from error
    except filetypes.Unacceptable:  # its words tell of types that are of no use here
        is_excel = False
    if not is_excel:
        raise Unreadable("Chỉ nhận tệp Excel .xlsx. Mở tệp bằng Excel, lưu lại dạng .xlsx rồi tải lên.")
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNPACKED_LIMIT:
                raise Unreadable("Tệp Excel quá lớn khi mở ra. Bỏ ảnh và các trang tính không cần rồi tải lên.")
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")) and _hostile(archive.read(member)):
                    raise Unreadable("Tệp Excel chứa khai báo lạ nên không được nhận. Chép bảng sang tệp mẫu.")
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("Tệp Excel bị hỏng. Mở thử trên máy, lưu lại dạng .xlsx rồi tải lên.") from error
    finally:
        file.seek(0)


def _hostile(part: bytes) -> bool:
    """Whether a part declares entities, or is written so that one cannot see whether it does."""
    return bool(_DECLARED.search(part)) or part[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part[:64]


def _read_sheet(sheet: Any, wanted: Sequence[Wanted], most_rows: int, missing: list[str]) -> Sheet | None:
    found: Sheet | None = None
    for number, cells in enumerate(_rows(sheet), 1):
        if found is None:
            if number > HEAD_ROWS:
                return None
            found = _headings(sheet.title, cells, wanted, missing)
            continue
        if number > SCANNED_ROWS:
            raise Unreadable(f"Trang “{sheet.title}” dài hơn {SCANNED_ROWS} dòng. Xóa các dòng thừa ở dưới bảng.")
        row = _row(found, number, cells)
        if row.bad or any(value not in (None, "") for value in row.cells.values()):
            found.rows.append(row)
        if len(found.rows) > most_rows or len(found.problems) > PROBLEMS_SHOWN:
            raise Unreadable(
                f"Trang “{sheet.title}” có hơn {most_rows} dòng số liệu hoặc quá nhiều ô sai. "
                "Kiểm tra lại tệp, tách bớt rồi tải lên."
            )
    return found


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    # What the file says of its own size may be wrong or made up.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=COLUMNS)


def _headings(name: str, cells: Sequence[Any], wanted: Sequence[Wanted], missing: list[str]) -> Sheet | None:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if isinstance(cell.value, str):
            places.setdefault(_plain(cell.value), at)
    columns = {column.key: places[_plain(column.title)] for column in wanted if _plain(column.title) in places}
    lacking = [column.title for column in wanted if column.key not in columns and not column.optional]
    if lacking:
        if len(lacking) < len([column for column in wanted if not column.optional]) and not missing:
            missing.extend(lacking)  # the headings nearest to ours: say what they lack
        return None
    return Sheet(name, columns, {column.key: column.title for column in wanted})


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _row(sheet: Sheet, number: int, cells: Sequence[Any]) -> Row:
    row = Row(number, {})
    for key, at in sheet.columns.items():
        cell = cells[at] if at < len(cells) else None
        if cell is None or cell.value is None:
            row.cells[key] = None
        elif cell.data_type == "f":
            sheet.add(row, key, "Ô có công thức. Chép ô rồi dán lại dạng giá trị (Paste Values).")
        elif cell.data_type == "e":
            sheet.add(row, key, f"Ô báo lỗi {str(cell.value)[:20]}. Nhập lại giá trị.")
        else:
            _put(sheet, row, key, cell.value)
    return row


def _put(sheet: Sheet, row: Row, key: str, value: object) -> None:
    if isinstance(value, bool):
        sheet.add(row, key, "Ô chứa giá trị đúng/sai. Nhập lại bằng chữ hoặc số.")
    elif isinstance(value, int):
        row.cells[key] = value
    elif isinstance(value, float):
        shown = Decimal(format(value, ".15g"))
        row.cells[key] = int(shown) if shown == shown.to_integral_value() else shown
    elif isinstance(value, datetime | date):
        row.cells[key] = value.date() if isinstance(value, datetime) else value
    elif isinstance(value, str) and len(value) <= TEXT_LIMIT:
        row.cells[key] = clean(value) or None
    elif isinstance(value, str):
        sheet.add(row, key, f"Ô dài {len(value)} ký tự, tối đa {TEXT_LIMIT}. Rút gọn nội dung.")
    else:
        sheet.add(row, key, "Ô chứa giá trị lạ. Nhập lại bằng chữ hoặc số.")


def _refuse_merged(file: IO[bytes], sheet: Any, found: Sheet) -> None:
    """Merged cells among the rows: openpyxl's reader that reads as it goes does not know them, so we look ourselves."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with zipfile.ZipFile(file) as archive:
        text = archive.read(path)
    by_number = {row.number: row for row in found.rows}
    by_column = {at: key for key, at in found.columns.items()}
    for at_most, match in enumerate(_MERGED.finditer(text), 1):
        if at_most > MERGED_LIMIT:
            raise Unreadable(f"Trang “{found.name}” có quá nhiều ô trộn. Bỏ trộn ô rồi tải lên.")
        left, top, right, bottom = (n or 0 for n in range_boundaries(match[1].decode()))
        key = next((by_column[at] for at in range(left - 1, min(right, COLUMNS)) if at in by_column), "")
        for number in range(top, min(bottom, SCANNED_ROWS) + 1) if key else ():
            row = by_number.get(number)
            if row is not None:
                found.add(row, key, f"Ô thuộc vùng trộn {match[1].decode()}. Bỏ trộn ô rồi nhập từng ô.")
    found.problems.sort(key=lambda problem: problem.row)
