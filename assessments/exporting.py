"""The heads of all chains as a CSV file that the office keeps outside the database, and reading it back.

UTF-8 with a byte order mark, so that Excel opens it right; Excel's own way of saving it (semicolons) is
read as well. A row without a dossier's number is the plan's own chain.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from assessments.models import Event, Plan

COLUMNS = ("Năm kế hoạch", "Xã, phường", "Tổ dân phố, bản", "Mã hồ sơ", "Số sự kiện", "Mã băm cuối", "Xuất lúc")
SIZE_LIMIT = 20 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}")
_BOM = "\ufeff"


class BadFile(Exception):
    """The file is not one of ours; the message says what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of one chain."""

    year: int
    ward: str
    unit: str
    assessment_id: int | None
    events: int
    hash: str


@dataclass(frozen=True)
class Exported:
    """The rows of an exported file."""

    rows: tuple[Head, ...]

    @cached_property
    def chains(self) -> dict[tuple[int, int | None], dict[int, str]]:
        """Head by number of events, for each plan's year and dossier (None: the plan's own chain)."""
        found: dict[tuple[int, int | None], dict[int, str]] = {}
        for row in self.rows:
            found.setdefault((row.year, row.assessment_id), {})[row.events] = row.hash
        return found

    def of(self, year: int, assessment_id: int | None) -> dict[int, str]:
        return dict(self.chains.get((year, assessment_id), {}))


def heads(plan: Plan | None = None) -> Iterator[Head]:
    """The head of every chain that has an event: dossiers first, then the plans' own."""
    events = Event.objects.order_by("assessment_id", "plan_id", "-sequence").distinct("assessment_id", "plan_id")
    if plan is not None:
        events = events.filter(Q(plan=plan) | Q(assessment__registration__plan=plan))
    for row in events.select_related(
        "plan", "assessment__registration__unit__ward", "assessment__registration__plan"
    ).iterator(2000):
        if row.assessment is not None:
            registration = row.assessment.registration
            ward, unit = str(registration.unit.ward), str(registration.unit)
            yield Head(registration.plan.year, ward, unit, row.assessment.pk, row.sequence, row.hash)
        elif row.plan is not None:
            yield Head(row.plan.year, "", "", None, row.sequence, row.hash)


def lines(found: Iterable[Head]) -> Iterator[str]:
    """The file, line by line."""
    now = timezone.localtime().strftime("%d/%m/%Y %H:%M:%S")
    yield _BOM + _line(COLUMNS)
    for head in found:
        yield _line(
            (
                head.year,
                _plain(head.ward),
                _plain(head.unit),
                head.assessment_id or "",
                head.events,
                head.hash,
                now,
            )
        )


def _plain(text: str) -> str:
    """A name that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(list(cells))
    return out.getvalue()


def parse(content: bytes) -> Exported:
    """The rows of an exported file. Raises BadFile naming the line that cannot be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("Tệp không phải văn bản UTF-8. Chọn đúng tệp CSV đã xuất từ hệ thống.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise BadFile("Tệp không phải bảng CSV đã xuất từ hệ thống.") from error
    if not rows or [cell.strip() for cell in rows[0]] != list(COLUMNS):
        raise BadFile(f"Dòng đầu của tệp phải là: {', '.join(COLUMNS)}.")
    found = tuple(_head(number, row) for number, row in enumerate(rows[1:], start=2) if any(row))
    if not found:
        raise BadFile("Tệp không có dòng mã băm nào.")
    return Exported(found)


def _head(number: int, row: list[str]) -> Head:
    if len(row) != len(COLUMNS):
        raise BadFile(f"Dòng {number}: cần {len(COLUMNS)} cột, có {len(row)} cột.")
    year, ward, unit, assessment, events, digest, _ = (cell.strip() for cell in row)
    numbers = (year, events, assessment or "1")
    if not all(n.isascii() and n.isdigit() and 0 < len(n) < 10 for n in numbers) or not _HASH.fullmatch(digest):
        raise BadFile(f"Dòng {number}: năm, mã hồ sơ, số sự kiện hoặc mã băm không đúng dạng.")
    return Head(int(year), ward, unit, int(assessment) if assessment else None, int(events), digest)
