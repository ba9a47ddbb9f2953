"""The rows of an agency's grid as HTML. Thousands of cells: made of constant pieces, not by a template each."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.models import VERDICT_LABELS
from assessments.queries.agencies import Cell, Column, Grid, GridRow
from assessments.sheet import SIGNS
from criteria import spec

# Class of a cell by what the agency says: good, bad, not applicable, open.
_CLASS = {"met": "g", "absent": "g", "not_met": "b", "occurs": "b", "not_applicable": "x", "": "o"}
_SHORT = {"met": "đạt", "not_met": "không đạt", "not_applicable": "không áp dụng"} | {
    "occurs": "có xảy ra",
    "absent": "không xảy ra",
    "": "chưa đánh giá",
}


@lru_cache(maxsize=4096)
def pieces(
    own: str, own_note: bool, agency: str, agency_note: bool, delegation: str, evidence: bool
) -> tuple[str, str, str]:
    """Class, words for a screen reader and content of a cell with these verdicts; also what a saved cell becomes."""
    differs = bool(agency) and agency != own
    classes, words = ["c", _CLASS[agency]], [VERDICT_LABELS.get(agency, "Chưa thẩm định"), f"tự đánh giá {_SHORT[own]}"]
    if differs:
        classes.append("d")
        words.append("khác tự đánh giá")
    if delegation:
        words.append(f"đoàn thẩm định {_SHORT[delegation]}")
    if own_note or agency_note:
        classes.append("n")
        words.append("có ghi chú")
    if evidence:
        classes.append("e")
        words.append("có minh chứng")
    visited = f"<em>Đ{SIGNS[delegation]}</em>" if delegation else ""
    content = f"<b>{SIGNS[agency]}</b><i>{SIGNS[own]}</i>{visited}"
    return " ".join(classes), ", ".join(words), content


def cell_pieces(cell: Cell) -> tuple[str, str, str]:
    """What `pieces` makes of a cell that was read."""
    return pieces(cell.own, cell.own_note, cell.agency, cell.agency_note, cell.delegation, cell.evidence)


def head(columns: Iterable[Column]) -> SafeString:
    """The header's cells: code, full text as title, what the script must know of the entry."""
    made = []
    for column in columns:
        entry = column.entry
        case = ' data-case=""' if entry.kind is spec.EntryKind.CASE else ""
        exempt = ' data-exempt="' + escape(" ".join(kind or "*" for kind in entry.exempt_kinds)) + '"'
        helping = "" if column.responsible else '<small title="Cơ quan khác chủ trì mục này">phối hợp</small>'
        helps = "" if column.responsible else ' data-helps=""'
        made.append(
            f'<th scope="col" data-key="{escape(entry.key)}" title="{escape(column_name(entry))}: {escape(entry.text)}"'
            f"{case}{exempt if entry.exempt_kinds else ''}{helps}>"
            f'<button type="button" class="col-button">{escape(short_code(entry))}</button>{helping}</th>'
        )
    return mark_safe("".join(made))  # noqa: S308  every value above is escaped


def short_code(entry: spec.Entry) -> str:
    """Criteria, items and cases share numbers; the letter tells them apart: 5.2, N5.2.1, T1."""
    return {spec.EntryKind.CRITERION: "", spec.EntryKind.ITEM: "N", spec.EntryKind.CASE: "T"}[entry.kind] + entry.code


def column_name(entry: spec.Entry) -> str:
    """An entry with the word for its kind: Tiêu chí 1.2, Mục tự quản 5.1.2, Trường hợp 1."""
    words = {
        spec.EntryKind.CRITERION: "Tiêu chí",
        spec.EntryKind.ITEM: "Mục tự quản",
        spec.EntryKind.CASE: "Trường hợp",
    }
    return f"{words[entry.kind]} {entry.code}"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for above the grid; the script applies the same to the rows that are there."""

    ward: str = ""
    only: str = ""
    text: str = ""

    def fits(self, row: GridRow) -> bool:
        unit = row.assessment.registration.unit
        if self.ward and str(unit.ward_id) != self.ward:
            return False
        if self.text and plain(self.text) not in plain(unit.name):
            return False
        if self.only == "khac":
            return any(cell.agency and cell.agency != cell.own for cell in row.cells)
        if self.only == "chua":
            return row.in_appraisal and not row.closed and any(not cell.agency for cell in row.cells)
        return True


def plain(text: str) -> str:
    """Without marks and case, so that "to 5" finds "Tổ 5"."""
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def body(grid: Grid, filters: Filters, *, editable: bool, closed_too: bool) -> SafeString:
    """All rows grouped by ward; what the filters leave out is there but hidden.

    `closed_too`: the person may write where the agency has closed (home affairs).
    """
    address = reverse("assessments:appraise", args=[0])
    made: list[str] = []
    for ward, of_ward in groupby(grid.rows, key=lambda row: row.assessment.registration.unit.ward):
        rows = [(row, filters.fits(row)) for row in of_ward]
        hidden = "" if any(fits for _, fits in rows) else " hidden"
        made.append(
            f'<tr class="ward" data-ward="{ward.pk}"{hidden}><th scope="rowgroup"><span>{escape(ward)}</span></th></tr>'
        )
        for row, fits in rows:
            writable = editable and row.in_appraisal and (closed_too or not row.closed)
            made.append(_row(row, address, writable, "" if fits else " hidden"))
    return mark_safe("".join(made))  # noqa: S308  every value is escaped


def _row(row: GridRow, address: str, writable: bool, hidden: str) -> str:
    assessment = row.assessment
    unit = assessment.registration.unit
    pk = assessment.pk
    todo = ' data-todo=""' if row.in_appraisal and not row.closed else ""
    write = ' data-write=""' if writable else ""
    said = "Đã chốt" if row.closed else "" if row.in_appraisal else escape(assessment.get_state_display())
    state = f"<small>{said}</small>" if said else ""
    parts = [
        f'<tr data-a="{pk}" data-ward="{unit.ward_id}" data-kind="{escape(unit.kind)}"{todo}{write}{hidden}>'
        f'<th scope="row"><a href="{address.replace("/0/", f"/{pk}/")}">{escape(unit.name)}</a>{state}</th>'
    ]
    for cell in row.cells:
        classes, words, content = cell_pieces(cell)
        version = f' data-v="{cell.version}"' if cell.version else ""
        parts.append(f'<td class="{classes}"{version} aria-label="{words}">{content}</td>')
    parts.append("</tr>")
    return "".join(parts)
