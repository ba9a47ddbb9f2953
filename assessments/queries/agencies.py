"""What agencies read: their columns, the grid, what is left to do, how far everybody is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Agency, User
from assessments.models import (
    ANSWERED,
    AgencyReport,
    AgencyReportLine,
    Assessment,
    Assignment,
    Event,
    Evidence,
    Figure,
    Layer,
    Milestone,
    Plan,
    Verdict,
)
from assessments.permissions import AnyUser, appraising_agencies, visible_assessments, visible_reports
from assessments.workflow import ROAD, State
from criteria import spec
from criteria.queries import table

COLUMN_ACTIONS = ("column_self", "column_met", "column_not_met")
IN_GRID = [state.value for state in ROAD[ROAD.index(State.APPRAISAL) :]]
UNDO_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Column:
    """An entry that an agency appraises; the responsible one answers for it when closing."""

    entry: spec.Entry
    responsible: bool


@dataclass(slots=True)
class Cell:
    """What the three layers say of one entry of one unit."""

    own: str = ""
    own_note: bool = False
    agency: str = ""
    agency_note: bool = False
    version: int = 0
    delegation: str = ""
    evidence: bool = False


@dataclass(slots=True)
class GridRow:
    """One dossier of the grid with its cells in the order of the columns."""

    assessment: Assessment
    closed: bool  # stands in a report of the agency
    cells: list[Cell] = field(default_factory=list)

    @property
    def in_appraisal(self) -> bool:
        return self.assessment.state == State.APPRAISAL


@dataclass(slots=True)
class Grid:
    """An agency's entries over all dossiers the city has accepted."""

    plan: Plan
    agency: Agency
    columns: list[Column]
    rows: list[GridRow]
    not_accepted: int  # submitted, not yet accepted

    def left(self, *, responsible: bool = True) -> int:
        """Cells without the agency's verdict in dossiers open to it."""
        numbers = [n for n, column in enumerate(self.columns) if column.responsible is responsible]
        return sum(not row.cells[n].agency for row in self.open_rows for n in numbers)

    @property
    def open_rows(self) -> list[GridRow]:
        return [row for row in self.rows if row.in_appraisal and not row.closed]


def columns(plan: Plan, agency: Agency) -> list[Column]:
    """The agency's entries in printed order; one query."""
    position = dict(Assignment.objects.filter(plan=plan, agency=agency).values_list("entry_id", "position"))
    whole = table(plan.criteria_set_id)
    return [Column(entry, position[entry.id] == 1) for entry in whole.judged_by_hand if entry.id in position]


def is_column(plan: Plan, agency: Agency, key: str) -> bool:
    """Whether the agency appraises this entry; any text may come as a key."""
    return key in table(plan.criteria_set_id).entries_by_key and _assigned(plan, agency, key)


def _assigned(plan: Plan, agency: Agency, key: str) -> bool:
    return Assignment.objects.filter(plan=plan, agency=agency, entry__key=key).exists()


def grid(user: AnyUser, plan: Plan, agency: Agency) -> Grid:
    """Everything the agency's grid shows; five queries whatever the number of units."""
    own = columns(plan, agency)
    closed = AgencyReportLine.objects.filter(agency=agency, assessment=OuterRef("pk"), closed=True)
    found = list(
        visible_assessments(user)
        .filter(registration__plan=plan, state__in=[State.SUBMITTED.value, *IN_GRID])
        .annotate(closed_here=Exists(closed))
        .select_related("registration__unit__ward")
        .order_by(
            "registration__unit__ward__position", "registration__unit__ward__name", "registration__unit__sort_name"
        )
    )
    rows = {a.pk: GridRow(a, a.closed_here) for a in found if a.state != State.SUBMITTED}
    _fill(rows, own)
    return Grid(plan, agency, own, list(rows.values()), len(found) - len(rows))


def in_grid(user: AnyUser, year: int) -> QuerySet[Assessment]:
    """The year's dossiers that the city has accepted."""
    return visible_assessments(user).filter(registration__plan__year=year, state__in=IN_GRID)


def column_cells(user: AnyUser, plan: Plan, key: str, assessment_ids: Iterable[int]) -> dict[int, Cell]:
    """The cells of one entry in these dossiers, as far as the person sees them; three queries."""
    entry = table(plan.criteria_set_id).entries_by_key[key]
    rows = {a.pk: GridRow(a, False) for a in in_grid(user, plan.year).filter(pk__in=list(assessment_ids))}
    _fill(rows, [Column(entry, True)])
    return {pk: row.cells[0] for pk, row in rows.items()}


def _fill(rows: dict[int, GridRow], own: list[Column]) -> None:
    place = {column.entry.id: number for number, column in enumerate(own)}
    for row in rows.values():
        row.cells = [Cell() for _ in own]
    if not rows or not own:
        return
    # Plain rows: objects of the model would cost more than the whole page.
    verdicts = (
        Verdict.objects.filter(assessment__in=list(rows), entry__in=list(place))
        .annotate(noted=~Q(note=""))
        .values_list("assessment_id", "entry_id", "layer", "value", "noted", "version")
        .order_by()
    )
    for assessment, entry, layer, value, noted, version in verdicts.iterator(chunk_size=5000):
        cell = rows[assessment].cells[place[entry]]
        if layer == "self":
            cell.own, cell.own_note = value, noted
        elif layer == "agency":
            cell.agency, cell.agency_note, cell.version = value, noted, version
        else:
            cell.delegation = value
    evidence = Evidence.objects.filter(assessment__in=list(rows), entry__in=list(place), removed_at=None).order_by()
    for assessment, entry in evidence.values_list("assessment_id", "entry_id").distinct():
        rows[assessment].cells[place[entry]].evidence = True


# ---- One cell ----


@dataclass(slots=True)
class Spoken:
    """What one layer says of one entry, with the figures behind it."""

    row: Verdict
    figures: dict[str, spec.Figure]


@dataclass(slots=True)
class CellFacts:
    """All that is known of one entry of one dossier, with the last year that says anything of it."""

    layers: dict[str, Spoken]
    evidence: list[Evidence]
    earlier_year: int | None
    earlier: dict[str, Verdict]  # by layer


def cell_facts(assessment: Assessment, entry: spec.Entry) -> CellFacts:
    """Everything about one entry of one dossier; four queries."""
    rows = Verdict.objects.filter(assessment=assessment, entry=entry.id).select_related("updated_by")
    spoken = {row.pk: Spoken(row, {}) for row in rows}
    keys = {indicator.id: indicator.key for indicator in entry.indicators}
    if keys:
        for figure in Figure.objects.filter(verdict__in=list(spoken), indicator__in=list(keys)):
            number = spec.Figure(figure.numerator, figure.denominator)
            spoken[figure.verdict_id].figures[keys[figure.indicator_id]] = number
    evidence = list(Evidence.objects.filter(assessment=assessment, entry=entry.id, removed_at=None).order_by("pk"))
    registration = assessment.registration
    before = list(
        Verdict.objects.filter(
            assessment__registration__unit=registration.unit_id,
            assessment__registration__plan__year__lt=registration.plan.year,
            entry__key=entry.key,
        )
        .exclude(value="")
        .select_related("assessment__registration__plan")
        .order_by("-assessment__registration__plan__year")[: len(ANSWERED)]
    )
    year = before[0].assessment.plan.year if before else None
    earlier = {row.layer: row for row in before if row.assessment.plan.year == year}
    return CellFacts({one.row.layer: one for one in spoken.values()}, evidence, year, earlier)


# ---- Column actions that can still be taken back ----


@dataclass(frozen=True, slots=True)
class Batch:
    """A whole-column step that can still be taken back: what was done, to which entry, in how many dossiers."""

    code: str
    action: str
    key: str
    units: int


def column_events(user: User, plan: Plan, batch: str = "") -> list[Event]:
    """This person's column actions of the last hour that were not taken back, newest first; two queries."""
    since = timezone.now() - UNDO_FOR
    mine = Event.objects.filter(assessment__registration__plan=plan, actor=user, at__gte=since)
    done = mine.filter(kind=Event.Kind.BULK, action__in=COLUMN_ACTIONS).order_by("-pk")
    if batch:
        done = done.filter(data__batch=batch)
    found = list(done)
    if not found:
        return []
    taken_back = set(mine.filter(kind=Event.Kind.UNDONE).order_by().values_list("data__event", flat=True))
    return [event for event in found if event.pk not in taken_back]


def last_batch(user: User, plan: Plan, own: Iterable[Column]) -> Batch | None:
    """The person's last column action in these columns that can be taken back as a whole."""
    keys = {column.entry.key for column in own}
    for event in (found := column_events(user, plan)):
        key, code = event.data["changes"][0]["key"], event.data.get("batch", "")
        if key in keys and code:
            return Batch(code, event.action, key, sum(other.data.get("batch") == code for other in found))
    return None


# ---- What is left, and how far everybody is ----


def agency_due(plan: Plan) -> date | None:
    """The day before which agencies close their work."""
    found = Milestone.objects.filter(plan=plan, duty=Milestone.Duty.AGENCY_RESULT).first()
    return found.before if found else None


def assigned_ids(plan_id: int, agency_id: int) -> frozenset[int]:
    """Ids of the entries the agency appraises, alone or with others."""
    return frozenset(Assignment.objects.filter(plan=plan_id, agency=agency_id).values_list("entry_id", flat=True))


def responsible_ids(plan: Plan, agency: Agency) -> list[int]:
    """Ids of the entries the agency answers for."""
    return list(Assignment.objects.filter(plan=plan, agency=agency, position=1).values_list("entry_id", flat=True))


def open_dossiers(plan: Plan, agency: Agency) -> QuerySet[Assessment]:
    """Dossiers in appraisal that stand in no report of the agency."""
    closed = AgencyReportLine.objects.filter(agency=agency, assessment=OuterRef("pk"), closed=True)
    return Assessment.objects.filter(~Exists(closed), registration__plan=plan, state=State.APPRAISAL)


def with_done(dossiers: QuerySet[Assessment], entry_ids: Iterable[int]) -> QuerySet[Assessment]:
    """The dossiers with `done`: how many of these entries have the agency's verdict."""
    said = Q(verdicts__layer=Layer.AGENCY, verdicts__entry__in=list(entry_ids)) & ~Q(verdicts__value="")
    return dossiers.annotate(done=Count("verdicts", filter=said))


@dataclass(frozen=True, slots=True)
class Left:
    """What an agency still has to do: cells, and the dossiers they lie in; `open` dossiers are not closed yet."""

    cells: int
    dossiers: int
    open: int


def agency_left(plan: Plan, agency: Agency) -> Left:
    """Two queries."""
    own = responsible_ids(plan, agency)
    if not own:
        return Left(0, 0, 0)
    missing = [len(own) - a.done for a in with_done(open_dossiers(plan, agency), own).order_by("pk")]  # type: ignore[attr-defined]
    return Left(sum(missing), sum(n > 0 for n in missing), len(missing))


@dataclass(slots=True)
class AgencyState:
    """One agency in the table of home affairs."""

    agency: Agency
    entries: int
    done: int
    total: int
    dossiers: int
    closed: int
    reports: list[AgencyReport]

    @property
    def finished(self) -> bool:
        return self.dossiers > 0 and self.closed == self.dossiers

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.done == self.total


def agency_states(user: AnyUser, plan: Plan) -> list[AgencyState]:
    """Every agency that answers for entries of the plan, or reported; five queries."""
    own: dict[int, list[int]] = {}
    for agency_id, entry_id in Assignment.objects.filter(plan=plan, position=1).values_list("agency_id", "entry_id"):
        own.setdefault(agency_id, []).append(entry_id)
    said = Verdict.objects.filter(
        layer=Layer.AGENCY, assessment__registration__plan=plan, assessment__state=State.APPRAISAL
    ).exclude(value="")
    done = Counter(dict(said.order_by().values_list("entry_id").annotate(n=Count("pk"))))
    dossiers = Assessment.objects.filter(registration__plan=plan, state=State.APPRAISAL).count()
    lines = AgencyReportLine.objects.filter(
        closed=True, assessment__registration__plan=plan, assessment__state=State.APPRAISAL
    )
    closed = Counter(dict(lines.order_by().values_list("agency_id").annotate(n=Count("pk"))))
    reports: dict[int, list[AgencyReport]] = {}
    for report in report_list(user, plan):
        reports.setdefault(report.agency_id, []).append(report)
    return [
        AgencyState(
            agency=agency,
            entries=len(own.get(agency.pk, [])),
            done=sum(done[entry] for entry in own.get(agency.pk, [])),
            total=len(own.get(agency.pk, [])) * dossiers,
            dossiers=dossiers,
            closed=closed[agency.pk],
            reports=reports.get(agency.pk, []),
        )
        for agency in appraising_agencies(user)
        if agency.pk in own or agency.pk in reports
    ]


def report_list(user: AnyUser, plan: Plan) -> QuerySet[AgencyReport]:
    """The plan's closing reports this person may read, with the number of dossiers in each, newest first."""
    found = visible_reports(user).filter(plan=plan).select_related("agency", "closed_by", "reopened_by", "plan")
    return found.annotate(covered=Count("lines"), standing=Count("lines", filter=Q(lines__closed=True))).order_by(
        "-closed_at", "-pk"
    )


def entry_values(assessment_ids: Iterable[int], entry_ids: Iterable[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """Self and agency values, and the agency's note, by dossier and entry, for the figures of a report; one query."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    rows = Verdict.objects.filter(
        assessment__in=list(assessment_ids), entry__in=list(entry_ids), layer__in=[Layer.SELF, Layer.AGENCY]
    )
    for assessment, entry, layer, value, note in rows.values_list(
        "assessment_id", "entry_id", "layer", "value", "note"
    ):
        said = found.setdefault((assessment, entry), {})
        said[layer] = value
        if layer == Layer.AGENCY:
            said["agency_note"] = note
    return found
