"""Who owes what under a plan: every ward and agency x every duty, in a constant number of queries.

A duty is kept before the plan's day; "before" is strict, so that on the day itself it is one day late. Where the plan
names no day nothing is owed by a day, but the table still says whether it is there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import AGENCY_ROLES, WARD_ROLES, Agency, User
from assessments.models import (
    AgencyReportLine,
    Assessment,
    Assignment,
    BudgetEstimate,
    Milestone,
    Plan,
    WardPlan,
    YearReport,
)
from assessments.permissions import AnyUser, may_see_city
from assessments.queries.agencies import IN_GRID
from assessments.queries.owed import WITH_THE_WARD
from assessments.workflow import State
from localities.models import Ward

Duty = Milestone.Duty
OF_WARDS = (Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT, Duty.DOSSIER)
OF_AGENCIES = (Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT, Duty.AGENCY_RESULT)
REPORTS = {YearReport.Period.HALF.value: Duty.HALF_YEAR_REPORT, YearReport.Period.YEAR.value: Duty.YEARLY_REPORT}
# The office that takes the reports owes none to itself.
TAKES_REPORTS = "noi-vu"
_OWN_DESK = ("draft", "returned")


class Standing(StrEnum):
    """How an office stands with a duty."""

    DONE = "done"
    LATE = "late"  # done, but not before the day
    DUE = "due"
    OVERDUE = "overdue"
    OPEN = "open"  # not done, and the plan names no day
    FREE = "free"  # not asked of this office


LABELS = {
    Standing.DONE: "Đúng hạn",
    Standing.LATE: "Nộp muộn",
    Standing.DUE: "Chưa nộp",
    Standing.OVERDUE: "Quá hạn",
    Standing.OPEN: "Chưa nộp",
    Standing.FREE: "Không phải nộp",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something of a duty that is not there yet: a unit's dossier, with the day that binds it."""

    name: str
    before: date | None
    own: bool = False  # a returned dossier with a day of its own


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one duty of one office, before it is held against a day."""

    done_on: date | None = None
    complete: bool = False
    required: bool = True
    late_by: int = 0  # of what is complete
    note: str = ""  # where it stands while it is not complete
    missing: tuple[Missing, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """One cell of the table."""

    duty: Duty
    standing: Standing
    before: date | None
    done_on: date | None
    days: int  # left until the day, or late
    note: str
    missing: tuple[Missing, ...]
    total: int

    @property
    def owed(self) -> bool:
        """Whether something must still be handed in by a day."""
        return self.standing in (Standing.DUE, Standing.OVERDUE)

    @property
    def overdue(self) -> bool:
        return self.standing is Standing.OVERDUE

    @property
    def words(self) -> str:
        """The standing in a few words, days included."""
        if self.standing is Standing.DUE:
            return "hôm nay là ngày cuối" if self.days == 1 else f"còn {self.days} ngày"
        if self.standing in (Standing.OVERDUE, Standing.LATE):
            return f"{'quá hạn' if self.overdue else 'muộn'} {self.days} ngày"
        return ""

    @property
    def label(self) -> str:
        if self.standing is Standing.DONE and self.before is None:
            return "Đã nộp"
        return LABELS[self.standing]


@dataclass(slots=True)
class Office:
    """A ward or an agency with its duties in the order of the columns."""

    ward: Ward | None
    agency: Agency | None
    cells: list[Owed] = field(default_factory=list)

    @property
    def thing(self) -> Ward | Agency:
        found = self.ward or self.agency
        assert found is not None
        return found

    @property
    def name(self) -> str:
        """As the table names it."""
        return str(self.thing)

    @property
    def kind(self) -> str:
        """As addresses name it."""
        return "xa-phuong" if self.ward else "co-quan"

    @property
    def writes_letters(self) -> bool:
        """Whether it is the office that reminds the others: it sends itself no letter."""
        return self.agency is not None and self.agency.code == TAKES_REPORTS

    @property
    def owed(self) -> list[Owed]:
        """What must still be handed in, what is overdue first."""
        return sorted((cell for cell in self.cells if cell.owed), key=lambda c: (not c.overdue, c.before or date.max))

    @property
    def overdue(self) -> list[Owed]:
        return [cell for cell in self.owed if cell.overdue]


@dataclass(frozen=True, slots=True)
class Total:
    """How the offices stand with one duty."""

    done: int
    late: int
    due: int
    overdue: int
    open: int


@dataclass(slots=True)
class Board:
    """The table of a plan on a day."""

    plan: Plan
    today: date
    before: dict[str, date]
    wards: list[Office]
    agencies: list[Office]

    @property
    def offices(self) -> list[Office]:
        return [*self.wards, *self.agencies]

    @property
    def late(self) -> list[Office]:
        """Who has something overdue."""
        return [office for office in self.offices if office.overdue]

    @property
    def to_remind(self) -> list[Office]:
        """Of these, who gets a letter."""
        return [office for office in self.late if not office.writes_letters]

    def columns(self, duties: Iterable[Duty]) -> list[tuple[str, date | None]]:
        """The heads of the table."""
        return [(duty.label, self.before.get(duty)) for duty in duties]

    @property
    def ward_columns(self) -> list[tuple[str, date | None]]:
        return self.columns(OF_WARDS)

    @property
    def agency_columns(self) -> list[tuple[str, date | None]]:
        return self.columns(OF_AGENCIES)

    @property
    def ward_totals(self) -> list[Total]:
        return _totals(self.wards, len(OF_WARDS))

    @property
    def agency_totals(self) -> list[Total]:
        return _totals(self.agencies, len(OF_AGENCIES))

    def office_of(self, user: User) -> Office | None:
        """The person's own office, if it has duties."""
        for office in self.offices:
            if office.ward and user.role in WARD_ROLES and office.ward.pk == user.ward_id:
                return office
            if office.agency and user.role in AGENCY_ROLES and office.agency.pk == user.agency_id:
                return office
        return None


def _totals(offices: list[Office], width: int) -> list[Total]:
    found = []
    for at in range(width):
        stand = [office.cells[at].standing for office in offices]
        found.append(
            Total(
                stand.count(Standing.DONE),
                stand.count(Standing.LATE),
                stand.count(Standing.DUE),
                stand.count(Standing.OVERDUE),
                stand.count(Standing.OPEN),
            )
        )
    return found


ALL = tuple(Duty)


def board(
    plan: Plan,
    today: date | None = None,
    *,
    ward: int | None = None,
    agency: int | None = None,
    duties: Collection[Duty] = ALL,
) -> Board:
    """The whole table, or the row of one ward or agency; at most nine queries.

    Only what is named in `duties` is looked up; the other cells read as not asked.
    """
    today = today or timezone.localdate()
    before = {row.duty: row.before for row in plan.milestones.all()}
    one = ward is not None or agency is not None
    wards = [] if one and ward is None else _wards(plan, ward)
    agencies = (
        [] if one and agency is None else list(Agency.objects.filter(pk=agency or 0) if one else Agency.objects.all())
    )
    found: dict[tuple[str, int, str], Found] = {}
    found |= _sent(plan, ward, one, duties)
    found |= _reports(plan, ward, agency, duties)
    found |= _dossiers_and_results(plan, before, [w.pk for w in wards], [a.pk for a in agencies], duties)
    return Board(
        plan,
        today,
        before,
        [Office(w, None, _cells(found, "ward", w.pk, OF_WARDS, before, today, duties)) for w in wards],
        [
            Office(None, a, _cells(found, "agency", a.pk, OF_AGENCIES, before, today, duties, a.code == TAKES_REPORTS))
            for a in agencies
        ],
    )


def board_for(user: AnyUser, plan: Plan, today: date | None = None, *, duties: Collection[Duty] = ALL) -> Board:
    """What of the table this person sees: the city all of it, a ward or an agency the own row."""
    if may_see_city(user):
        return board(plan, today, duties=duties)
    assert isinstance(user, User)
    if user.role in WARD_ROLES:
        return board(plan, today, ward=user.ward_id or 0, duties=duties)
    return board(plan, today, agency=(user.agency_id or 0) if user.role in AGENCY_ROLES else 0, duties=duties)


def _wards(plan: Plan, ward: int | None) -> list[Ward]:
    """The wards of the plan's time."""
    found = Ward.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__year__lte=plan.year),
        Q(valid_until__isnull=True) | Q(valid_until__year__gte=plan.year),
    )
    return list(found if ward is None else found.filter(pk=ward))


def _agencies(agency: int | None) -> list[Agency]:
    return list(Agency.objects.all() if agency is None else Agency.objects.filter(pk=agency))


def _cells(
    found: dict[tuple[str, int, str], Found],
    kind: str,
    pk: int,
    columns: tuple[Duty, ...],
    before: dict[str, date],
    today: date,
    duties: Collection[Duty],
    takes_reports: bool = False,
) -> list[Owed]:
    cells = []
    for duty in columns:
        free = duty not in duties or duty in (Duty.DOSSIER, Duty.AGENCY_RESULT)
        free = free or (takes_reports and duty in REPORTS.values())
        fact = found.get((kind, pk, duty)) or Found(required=not free)
        cells.append(_cell(duty, fact, before.get(duty), today))
    return cells


def _cell(duty: Duty, fact: Found, milestone: date | None, today: date) -> Owed:
    """The fact held against the day; a returned dossier with a day of its own is bound by that."""
    binding = [missing.before for missing in fact.missing if missing.before]
    before = min(binding, default=milestone)
    days = 0
    if not fact.required:
        standing = Standing.FREE
    elif fact.complete:
        days = fact.late_by
        if before and not days and fact.done_on and fact.done_on >= before:
            days = _late(fact.done_on, before)
        standing = Standing.LATE if days else Standing.DONE
    elif before is None:
        standing = Standing.OPEN
    elif today >= before:
        standing, days = Standing.OVERDUE, _late(today, before)
    else:
        standing, days = Standing.DUE, (before - today).days
    return Owed(duty, standing, before, fact.done_on, days, fact.note, fact.missing, fact.total)


def _late(day: date, before: date) -> int:
    """How many days too late: one on the day itself."""
    return max(0, (day - before).days + 1)


def _sent_fact(state: str, received_on: date | None, label: str) -> Found:
    if state in _OWN_DESK:
        return Found(note=label.lower())
    return Found(done_on=received_on, complete=True)


def _sent(plan: Plan, ward: int | None, one: bool, duties: Collection[Duty]) -> dict[tuple[str, int, str], Found]:
    """Ward plans and estimates; two queries."""
    found: dict[tuple[str, int, str], Found] = {}
    if one and ward is None:
        return found
    kinds: tuple[tuple[Duty, Any], ...] = ((Duty.WARD_PLAN, WardPlan), (Duty.BUDGET, BudgetEstimate))
    for duty, model in kinds:
        if duty not in duties:
            continue
        rows = model.objects.filter(plan=plan).order_by()
        rows = rows if ward is None else rows.filter(ward=ward)
        labels = dict(model.State.choices)
        for pk, state, received in rows.values_list("ward_id", "state", "received_on"):
            found["ward", pk, duty] = _sent_fact(state, received, labels[state])
    return found


def _reports(
    plan: Plan, ward: int | None, agency: int | None, duties: Collection[Duty]
) -> dict[tuple[str, int, str], Found]:
    """Half-year and yearly reports of wards and agencies; one query."""
    found: dict[tuple[str, int, str], Found] = {}
    if not set(REPORTS.values()) & set(duties):
        return found
    rows = YearReport.objects.filter(plan=plan).exclude(ward__isnull=True, agency__isnull=True).order_by()
    if ward is not None or agency is not None:
        rows = rows.filter(Q(ward=ward or 0) | Q(agency=agency or 0))
    labels = dict(YearReport.State.choices)
    for period, ward_id, agency_id, state, received in rows.values_list(
        "period", "ward_id", "agency_id", "state", "received_on"
    ):
        key = ("ward", ward_id) if ward_id else ("agency", agency_id)
        found[(*key, REPORTS[period])] = _sent_fact(state, received, labels[state])
    return found


def _dossiers_and_results(
    plan: Plan, before: dict[str, date], wards: list[int], agencies: list[int], duties: Collection[Duty]
) -> dict[tuple[str, int, str], Found]:
    """What wards have sent of what is registered, and agencies closed of what is accepted; three queries."""
    asked_wards = wards if Duty.DOSSIER in duties else []
    asked_agencies = agencies if Duty.AGENCY_RESULT in duties else []
    if not asked_wards and not asked_agencies:
        return {}
    dossiers = Assessment.objects.filter(registration__plan=plan).select_related("registration__unit")
    if not asked_agencies:
        dossiers = dossiers.filter(registration__unit__ward__in=asked_wards)
    rows = list(dossiers.order_by("registration__unit__ward__position", "registration__unit__sort_name"))
    found = _dossiers(rows, before.get(Duty.DOSSIER), asked_wards)
    return found | (_results(plan, rows, asked_agencies) if asked_agencies else {})


def _dossiers(rows: list[Assessment], milestone: date | None, wards: list[int]) -> dict[tuple[str, int, str], Found]:
    by_ward: dict[int, list[Assessment]] = {}
    for row in rows:
        by_ward.setdefault(row.registration.unit.ward_id, []).append(row)
    found: dict[tuple[str, int, str], Found] = {}
    for ward in wards:
        own = by_ward.get(ward, [])
        missing = tuple(
            Missing(row.registration.unit.name, row.due_on or milestone, bool(row.due_on))
            for row in own
            if row.state in WITH_THE_WARD
        )
        sent = [timezone.localdate(row.submitted_at) for row in own if row.submitted_at and not missing]
        late = [
            _late(timezone.localdate(row.submitted_at), due)
            for row in own
            if row.submitted_at and (due := row.due_on or milestone)
        ]
        found["ward", ward, Duty.DOSSIER] = Found(
            done_on=max(sent, default=None),
            complete=not missing,
            required=bool(own),
            late_by=0 if missing else max(late, default=0),
            note=f"{len(own) - len(missing)}/{len(own)} hồ sơ đã gửi",
            missing=missing,
            total=len(own),
        )
    return found


def _results(plan: Plan, rows: list[Assessment], agencies: list[int]) -> dict[tuple[str, int, str], Found]:
    """An agency owes its closing report over every dossier that is in appraisal; what is concluded is settled."""
    responsible = set(
        Assignment.objects.filter(plan=plan, position=1, agency__in=agencies).values_list("agency_id", flat=True)
    )
    lines = AgencyReportLine.objects.filter(closed=True, report__plan=plan, agency__in=agencies).order_by()
    closed: dict[int, dict[int, date]] = {}
    for agency, assessment, at in lines.values_list("agency_id", "assessment_id", "report__closed_at"):
        closed.setdefault(agency, {})[assessment] = timezone.localdate(at)
    accepted = [row for row in rows if row.state in IN_GRID]
    found: dict[tuple[str, int, str], Found] = {}
    for agency in agencies:
        own = closed.get(agency, {})
        waiting = [row for row in accepted if row.state == State.APPRAISAL and row.pk not in own]
        found["agency", agency, Duty.AGENCY_RESULT] = Found(
            done_on=max(own.values(), default=None),
            complete=not waiting,
            required=bool(own) or (agency in responsible and bool(waiting)),
            note=f"{len(own)}/{len(own) + len(waiting)} hồ sơ đã chốt",
            missing=tuple(Missing(row.registration.unit.name, None) for row in waiting),
            total=len(own) + len(waiting),
        )
    return found
