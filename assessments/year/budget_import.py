"""An estimate's lines out of an Excel file, and what they would change. Nothing is stored here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from assessments import excel_reading, money
from assessments.excel_reading import Problem, Row, Sheet, Value, Wanted
from assessments.models import BudgetLine
from assessments.year.budget import LINES_MOST, Line
from localities.models import Unit

TOTAL = "Tổng cộng"
WHOLE_WARD = "Chung"
# The headings of the file that goes out and comes in; reports/workbooks/estimate.py writes the same.
TITLES = {
    "position": "Số TT",
    "content": "Nội dung",
    "unit": "Tổ dân phố, bản",
    "measure": "Đơn vị tính",
    "quantity": "Số lượng",
    "unit_price": "Đơn giá",
    "asked": "Thành tiền",
    **money.SOURCES,
}
_OPTIONAL = ("position", "unit", "asked", "social", "other")
_WANTED = [Wanted(key, title, key in _OPTIONAL) for key, title in TITLES.items()]
_LENGTHS = {"content": 500, "measure": 50}
# "Chung", "Chung của xã, phường"; but no village whose name only begins so.
_WHOLE = re.compile(rf"{WHOLE_WARD.casefold()}( (của|cho|toàn|xã|phường)\b|$)")


@dataclass(frozen=True, slots=True)
class Change:
    """One line that the file would add, change or take away."""

    kind: str  # added, changed, removed
    content: str
    before: int | None
    after: int | None

    @property
    def word(self) -> str:
        return {"added": "Thêm", "changed": "Sửa", "removed": "Bỏ"}[self.kind]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds: lines to be looked at, or what is wrong with it."""

    lines: list[Line]
    problems: list[Problem]
    changes: list[Change]
    same: int = 0

    @property
    def total(self) -> int:
        return sum(line.sources.total for line in self.lines)


def read(file: IO[bytes], units: Sequence[Unit], stored: Sequence[BudgetLine]) -> Imported:
    """The lines of the file, or every bad cell: never a part of it.

    A line with the content and the unit of a stored one continues it. Raises excel_reading.Unreadable.
    """
    sheet = excel_reading.read(file, _WANTED, most_rows=LINES_MOST + 20)
    by_name = {_plain(unit.name): unit for unit in units}
    lines = []
    for row in sheet.rows:
        if _plain(row["position"]) == _plain(TOTAL) or _plain(row["content"]) == _plain(TOTAL):
            sheet.problems = [problem for problem in sheet.problems if problem.row != row.number]
            continue
        if not row.bad and not any(row[key] not in (None, "") for key in TITLES if key != "position"):
            continue  # only its number was written beforehand
        line = _line(sheet, row, by_name)
        if line is not None:
            lines.append(line)
    if not lines and not sheet.problems:
        raise excel_reading.Unreadable("Tệp không có dòng dự toán nào dưới dòng tiêu đề. Nhập các dòng rồi tải lên.")
    if len(lines) > LINES_MOST:
        raise excel_reading.Unreadable(f"Dự toán có tối đa {LINES_MOST} dòng; tệp có {len(lines)} dòng.")
    sheet.problems.sort(key=lambda problem: problem.row)
    if sheet.problems:
        return Imported([], sheet.problems, [])
    return _compared(lines, stored)


def _plain(value: Value) -> str:
    return " ".join(str(value or "").casefold().split())


def _line(sheet: Sheet, row: Row, by_name: dict[str, Unit]) -> Line | None:
    text = {key: _text(sheet, row, key) for key in ("content", "measure")}
    unit = _unit(sheet, row, by_name)
    quantity, price = _quantity(sheet, row), _dong(sheet, row, "unit_price", needed=True)
    given = {key: _dong(sheet, row, key) for key in money.SOURCES}
    stated = _dong(sheet, row, "asked")
    if row.bad or quantity is None or price is None:
        return None
    try:
        asked = money.product(quantity, price)
    except money.BadAmount as error:
        sheet.add(row, "quantity", error.message)
        return None
    if stated is not None and stated != asked:
        sheet.add(
            row, "asked",
            f"Thành tiền ghi {money.dong(stated)}, số lượng nhân đơn giá là {money.dong(asked)}. "
            "Sửa một trong ba ô, hoặc để trống thành tiền.",
        )  # fmt: skip
        return None
    sources = money.Sources(**{key: amount or 0 for key, amount in given.items()})
    if all(amount is None for amount in given.values()):
        sources = money.Sources(state_budget=asked)
    try:
        money.check_sources(asked, sources)
    except money.BadAmount as error:
        sheet.add(row, "state_budget", error.message)
        return None
    return Line(text["content"], text["measure"], quantity, price, sources, unit.pk if unit else None)


def _text(sheet: Sheet, row: Row, key: str) -> str:
    value = row[key]
    text = money.quantity_text(value) if isinstance(value, Decimal) else str(value if value is not None else "")
    if not text:
        sheet.add(row, key, f"Chưa nhập {TITLES[key].lower()}.")
    elif len(text) > _LENGTHS[key]:
        sheet.add(row, key, f"Dài {len(text)} ký tự, tối đa {_LENGTHS[key]}. Rút gọn lại.")
    return text


def _unit(sheet: Sheet, row: Row, by_name: dict[str, Unit]) -> Unit | None:
    name = _plain(row["unit"])
    if name in by_name:  # first: a village may be called Chung Chải
        return by_name[name]
    if name and not _WHOLE.match(name):
        sheet.add(
            row, "unit",
            f"Không có tổ dân phố, bản “{str(row['unit'])[:60]}” ở xã, phường này. Ghi đúng tên, "
            f"hoặc “{WHOLE_WARD}” nếu chi chung.",
        )  # fmt: skip
    return None


def _quantity(sheet: Sheet, row: Row) -> Decimal | None:
    value: Any = row["quantity"]
    if value is None:
        sheet.add(row, "quantity", "Chưa nhập số lượng.")
        return None
    try:
        # A number's decimals are known: 1.5 in the cell is one and a half whatever the reader's country.
        number = isinstance(value, int | Decimal)
        return money.parse_quantity(money.quantity_text(Decimal(value)) if number else str(value))
    except money.BadAmount as error:
        sheet.add(row, "quantity", error.message)
        return None


def _dong(sheet: Sheet, row: Row, key: str, *, needed: bool = False) -> int | None:
    value = row[key]
    if value is None:
        if needed:
            sheet.add(row, key, f"Chưa nhập {TITLES[key].lower()}.")
        return None
    try:
        if isinstance(value, Decimal):
            raise money.BadAmount(f"{money.quantity_text(value)} có phần lẻ. Nhập số đồng nguyên.")
        return money.parse_dong(str(value))
    except money.BadAmount as error:
        sheet.add(row, key, error.message)
        return None


def _compared(lines: list[Line], stored: Sequence[BudgetLine]) -> Imported:
    left: dict[tuple[str, int | None], list[BudgetLine]] = {}
    for old in stored:
        left.setdefault((_plain(old.content), old.unit_id), []).append(old)
    found, changes, same = [], [], 0
    for line in lines:
        matches = left.get((_plain(line.content), line.unit_id))
        if not matches:
            found.append(line)
            changes.append(Change("added", line.content, None, line.sources.total))
            continue
        match = matches.pop(0)
        continued = Line(
            line.content, line.measure, line.quantity, line.unit_price, line.sources, line.unit_id, match.pk
        )
        found.append(continued)
        if _facts(match) == (line.content, line.measure, line.quantity, line.unit_price, line.sources):
            same += 1
        else:
            changes.append(Change("changed", line.content, match.asked, line.sources.total))
    gone = [Change("removed", old.content, old.asked, None) for rest in left.values() for old in rest]
    return Imported(found, [], changes + gone, same)


def _facts(line: BudgetLine) -> tuple[Any, ...]:
    sources = money.Sources(line.state_budget, line.social, line.other)
    return (line.content, line.measure, line.quantity, line.unit_price, sources)
