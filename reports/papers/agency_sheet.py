"""An agency's entries over many dossiers, the ward's verdict beside the agency's: the sheet on paper.

Two papers share it: the working sheet of everything the agency appraises under a plan, and the sheet of exactly
the dossiers of one closing report.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from accounts.models import Agency
from assessments.models import AgencyReport, AgencyReportLine, Assessment, Layer, Plan, Verdict
from assessments.permissions import (
    SEEN_BY_APPRAISERS,
    AnyUser,
    appraising_agencies,
    visible_assessments,
    visible_reports,
)
from assessments.queries import agencies as queries
from assessments.workflow import State
from criteria import spec
from criteria.queries import table
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.base import Official

Said = dict[tuple[int, int], dict[str, Any]]  # by dossier and entry: self, agency, agency_note

MOST_COLUMNS = 9  # entries in one table of a landscape page; each has two columns, wide enough for "Không"
Counted = tuple[str, str, tuple[str, ...]]  # what is counted, what it is called for cases, by which verdicts
# Lines under a table.
TOTALS: tuple[Counted, ...] = (
    ("Đạt", "không xảy ra", ("met", "absent")),
    ("Không đạt", "có xảy ra", ("not_met", "occurs")),
    ("Không áp dụng", "", ("not_applicable",)),
    ("Chưa đánh giá", "", ("",)),
)
SPEAKING = attrgetter("own"), attrgetter("agency")  # of a cell, in the order of the narrow columns
ALWAYS = 2  # of these lines stand there always, the others when there is something to count


@dataclass(frozen=True, slots=True)
class Column:
    """An entry the agency appraises; `responsible` for it or helping."""

    entry: spec.Entry
    responsible: bool = True

    @property
    def code(self) -> str:
        return wording.entry_code(self.entry)

    @property
    def kind(self) -> str:
        return wording.ENTRY_KINDS[self.entry.kind][1]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the ward and the agency say of one entry of one unit."""

    own: str
    agency: str
    reason: str

    @property
    def differs(self) -> bool:
        return bool(self.agency) and self.agency != self.own

    @property
    def signs(self) -> tuple[str, str]:
        """As the table shows them; the agency's marked where it differs."""
        mark = "*" if self.differs else ""
        return wording.SIGNS.get(self.own, ""), wording.SIGNS.get(self.agency, "") + mark


@dataclass(frozen=True, slots=True)
class Row:
    """One unit with its cells in the order of the columns."""

    number: int
    assessment: Assessment
    cells: tuple[Cell, ...]

    @property
    def unit(self) -> str:
        return self.assessment.registration.unit.name

    @property
    def ward(self) -> str:
        return str(self.assessment.registration.unit.ward)


@dataclass(frozen=True, slots=True)
class Total:
    """A line under a table: a count for each narrow column, or one for each entry."""

    label: str
    counts: list[int]
    whole: bool = False  # one for each entry


@dataclass(frozen=True, slots=True)
class Part:
    """As many columns as fit on a page: units by ward, then totals."""

    columns: Sequence[Column]
    groups: list[tuple[str, list[Row]]]  # ward with its units, cells of these columns only
    totals: list[Total]
    name: str  # "" where there is only one

    @property
    def width(self) -> int:
        return 2 + 2 * len(self.columns)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell where the agency does not follow the ward."""

    row: Row
    column: Column
    cell: Cell

    @property
    def own(self) -> str:
        return wording.verdict(self.cell.own) or wording.UNASSESSED

    @property
    def agency(self) -> str:
        return wording.verdict(self.cell.agency)


@dataclass(frozen=True, slots=True)
class AgencyTable(Official):
    """What both sheets have in common."""

    plan: Plan
    agency: Agency
    office: str  # the agency's name then
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    columns: list[Column]
    rows: list[Row]
    as_of: datetime | None  # when the youngest of the verdicts was given

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def founded(self) -> str:
        issued_by = f" của {self.authority.name}" if self.authority else ""
        return f"Kế hoạch số {self.plan.number} {wording.long_date(self.plan.issued_on)}{issued_by}"

    @property
    def wards(self) -> list[tuple[str, int]]:
        """Wards with the number of their units."""
        return [(ward, len(list(rows))) for ward, rows in groupby(self.rows, lambda row: row.ward)]

    @property
    def parts(self) -> list[Part]:
        return list(_parts(self.columns, self.rows))

    @property
    def helping(self) -> bool:
        """Whether other agencies answer for some of the entries."""
        return not all(column.responsible for column in self.columns)

    @property
    def differences(self) -> list[Difference]:
        return [
            Difference(row, column, cell)
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell.differs
        ]

    @property
    def judged(self) -> int:
        """Cells with the agency's verdict."""
        return sum(bool(cell.agency) for row in self.rows for cell in row.cells)

    @property
    def cells(self) -> int:
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True, slots=True)
class Sheet(AgencyTable):
    """Everything the agency appraises under the plan, as it stands."""

    open: int  # dossiers it has not closed

    remarks = ""

    @property
    def title(self) -> str:
        return f"Phiếu thẩm định của {self.office} năm {self.year}"

    @property
    def short(self) -> str:
        return f"phieu-tham-dinh-{plain(self.agency.symbol)}-{self.year}"

    @property
    def draft(self) -> bool:
        return bool(self.open) or not self.rows

    @property
    def edition(self) -> str:
        """Never kept: dossiers accepted later change it. The sheet of a closing report is what is kept."""
        return ""


@dataclass(frozen=True, slots=True)
class ClosedSheet(AgencyTable):
    """The dossiers of one closing report."""

    report: AgencyReport
    remarks: str  # why it is not what was closed any more; "" while it is

    @property
    def title(self) -> str:
        return f"Phiếu thẩm định đã chốt của {self.office} năm {self.year}"

    @property
    def short(self) -> str:
        return f"phieu-tham-dinh-da-chot-{plain(self.agency.symbol)}-{self.year}-{self.report.pk}"

    @property
    def draft(self) -> bool:
        return bool(self.remarks)

    @property
    def edition(self) -> str:
        return "" if self.draft else edition(self.report)


def edition(report: AgencyReport) -> str:
    """Under which the papers of a closing are kept."""
    return f"{report.closed_at:%Y%m%dT%H%M%S%f}"


def read(user: AnyUser, ids: tuple[int, ...]) -> Sheet:
    """The working sheet of a plan and an agency.

    Raises DoesNotExist for an agency that does not concern the person or appraises nothing under the plan.
    """
    plan_id, agency_id = ids
    agency = appraising_agencies(user).get(pk=agency_id)
    plan = Plan.objects.get(pk=plan_id)
    columns = [Column(column.entry, column.responsible) for column in queries.columns(plan, agency)]
    if not columns:
        raise Agency.DoesNotExist
    closed = AgencyReportLine.objects.filter(agency=agency, assessment=OuterRef("pk"), closed=True)
    dossiers = visible_assessments(user).filter(registration__plan=plan, state__in=queries.IN_GRID)
    found = list(_in_order(dossiers.annotate(closed_here=Exists(closed))))
    still_open = sum(a.state == State.APPRAISAL and not a.closed_here for a in found)
    return Sheet(**_values(plan, agency, columns, found, None), open=still_open)


def closed(user: AnyUser, ids: tuple[int, ...]) -> ClosedSheet:
    """The sheet of a closing report; raises AgencyReport.DoesNotExist outside the person's scope."""
    [pk] = ids
    return of_report(report_of(user, pk))


def report_of(user: AnyUser, pk: int) -> AgencyReport:
    """A closing report within the person's scope, or AgencyReport.DoesNotExist."""
    return visible_reports(user).select_related("plan", "agency").get(pk=pk)


def of_report(report: AgencyReport) -> ClosedSheet:
    """The dossiers of the report with the entries that were closed; those back with the ward are left out."""
    plan, agency = report.plan, report.agency
    lines = list(report.lines.values_list("closed", "assessment__state", "assessment_id"))
    shown = [pk for _, state, pk in lines if state in SEEN_BY_APPRAISERS]
    dossiers = list(_in_order(Assessment.objects.filter(pk__in=shown)))
    values = _values(plan, agency, _closed_columns(report), dossiers, report.signed_on)
    taken_back = sum(not standing for standing, _, _ in lines)
    remarks = _remarks(report, taken_back, len(lines) - len(shown), _changed(report, values["columns"], values["rows"]))
    return ClosedSheet(**values, report=report, remarks=remarks)


def _closed_columns(report: AgencyReport) -> list[Column]:
    """The entries of the figures; the assignment may have changed since."""
    entries = table(report.plan.criteria_set_id).entries_by_key
    counted = [Column(entries[row["key"]]) for row in report.figures.get("entries", []) if row["key"] in entries]
    return counted or [Column(c.entry) for c in queries.columns(report.plan, report.agency) if c.responsible]


def _in_order(dossiers: Any) -> Any:
    return dossiers.select_related("registration__unit__ward").order_by(
        "registration__unit__ward__position", "registration__unit__ward__name", "registration__unit__sort_name", "pk"
    )


def _values(
    plan: Plan, agency: Agency, columns: list[Column], dossiers: list[Assessment], day: date | None
) -> dict[str, Any]:
    """What both sheets are made of, by the names of their fields. Without a day, that of the youngest verdict."""
    entries = [column.entry.id for column in columns]
    ids = [assessment.pk for assessment in dossiers]
    said = queries.entry_values(ids, entries)
    rows = [_row(number, assessment, columns, said) for number, assessment in enumerate(dossiers, 1)]
    shown = Verdict.objects.filter(assessment__in=ids, entry__in=entries, layer__in=[Layer.SELF, Layer.AGENCY])
    last = shown.aggregate(last=Max("updated_at"))["last"]
    as_of = timezone.localtime(last) if last else None
    day = day or (as_of.date() if as_of else plan.issued_on)
    authority = authority_on(day) or authority_on(plan.issued_on)
    return {
        "plan": plan,
        "agency": agency,
        "office": offices.named(agency, day)[0],
        "authority": authority,
        "letterhead": offices.of_agency(agency, authority, day),
        "signing": offices.signing(agency, day),
        "columns": columns,
        "rows": rows,
        "as_of": as_of,
    }


def _row(number: int, assessment: Assessment, columns: list[Column], said: Said) -> Row:
    told = [said.get((assessment.pk, column.entry.id), {}) for column in columns]
    cells = (Cell(here.get("self", ""), here.get("agency", ""), here.get("agency_note", "")) for here in told)
    return Row(number, assessment, tuple(cells))


def _parts(columns: list[Column], rows: list[Row]) -> Iterator[Part]:
    """The columns in groups of equal size, as few as a page's width allows."""
    count = -(-len(columns) // MOST_COLUMNS)
    size = -(-len(columns) // count) if count else 0
    for number in range(count):
        own = slice(number * size, (number + 1) * size)
        shown = [Row(row.number, row.assessment, row.cells[own]) for row in rows]
        groups = [(ward, list(of_ward)) for ward, of_ward in groupby(shown, lambda row: row.ward)]
        name = f"Bảng {number + 1}. Từ mục {columns[own][0].code} đến mục {columns[own][-1].code}" if count > 1 else ""
        yield Part(columns[own], groups, _totals([row.cells for row in shown], columns[own]), name)


def _totals(cells: list[tuple[Cell, ...]], columns: list[Column]) -> list[Total]:
    if not cells:
        return []
    width, has_cases = len(columns), any(column.entry.kind is spec.EntryKind.CASE for column in columns)
    said = [Counter(says(of_row[n]) for of_row in cells) for n in range(width) for says in SPEAKING]
    lines: list[Total] = []
    for label, of_case, values in TOTALS:
        counts = [sum(told[value] for value in values) for told in said]
        if len(lines) < ALWAYS or any(counts):
            lines.append(Total(f"{label} (TH: {of_case})" if of_case and has_cases else label, counts))
    differing = [sum(of_row[n].differs for of_row in cells) for n in range(width)]
    return [*lines, Total("Khác tự đánh giá", differing, whole=True)]


def _changed(report: AgencyReport, columns: Iterable[Column], rows: list[Row]) -> list[str]:
    """Codes of the entries that now count otherwise than when the report was closed."""
    then = {row["key"]: row for row in report.figures.get("entries", [])}
    changed = []
    for at, column in enumerate(columns):
        cells = [row.cells[at] for row in rows]
        now = Counter(cell.agency for cell in cells if cell.agency)
        counted = then.get(column.entry.key)
        if counted and (now != Counter(counted["values"]) or sum(c.differs for c in cells) != counted["differs"]):
            changed.append(column.code)
    return changed


def _remarks(report: AgencyReport, taken_back: int, returned: int, changed: list[str]) -> str:
    """Why the sheet is not what was closed; "" when it is."""
    said = []
    if report.reopened_at:
        day = wording.long_date(timezone.localtime(report.reopened_at).date())
        said.append(f"Kết quả chốt đã được mở lại {day}: {report.reopen_reason.strip(' .')}.")
    elif taken_back:
        said.append(f"{taken_back} hồ sơ không còn ở trạng thái đã chốt.")
    if returned:
        said.append(f"{returned} hồ sơ đã trả lại xã, phường, không có trong bảng.")
    elif changed:
        said.append(f"Kết quả đã thay đổi sau khi chốt ở mục {', '.join(changed)}.")
    return " ".join(said)
