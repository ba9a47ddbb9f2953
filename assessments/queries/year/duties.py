"""Who owes what under a plan: every ward and agency x every duty, in a constant number of queries.

A duty is kept before the plan's day; "before" is strict, so that on the day itself it is one day late. Where the plan
names no day nothing is owed by a day, but the table still says whether it is there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import BooleanField, ExpressionWrapper
from django.utils import timezone

from accounts.models import AGENCY_ROLES, WARD_ROLES, Agency, User
from assessments.models import (
    Plan,
)
from assessments.permissions import AnyUser, may_see_city
from assessments.queries.year import takes_reports
from assessments.queries.year.duty_facts import (
    REPORTS,
    Duty,
    Found,
    Key,
    Missing,
    days_late,
    dossiers_and_results,
    named,
    reports,
    sent,
)
from localities.models import Ward
from localities.queries import wards_in

OF_WARDS = (Duty.WARD_PLAN, Duty.BUDGET, Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT, Duty.DOSSIER)
OF_AGENCIES = (Duty.HALF_YEAR_REPORT, Duty.YEARLY_REPORT, Duty.AGENCY_RESULT)


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
    begun: str = ""  # "" while nothing is written; draft or returned

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
    def missing_words(self) -> str:
        """What is missing by name, each unit with its ward."""
        return named(self.missing)

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
    writes_letters: bool = False  # it takes the reports and reminds the others: itself it sends no letter

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

    Of a day that has passed: what came only after it was still owed on it.
    Only what is named in `duties` is looked up; the other cells read as not asked.
    """
    today = today or timezone.localdate()
    before = {row.duty: row.before for row in plan.milestones.all()}
    one = ward is not None or agency is not None
    wards = [] if one and ward is None else _wards(plan, ward)
    agencies = [] if one and agency is None else _agencies(agency)
    found: dict[Key, Found] = {}
    found |= sent(plan, ward, one, duties)
    found |= reports(plan, ward, agency, duties)
    found |= dossiers_and_results(plan, before, [w.pk for w in wards], [a.pk for a, _ in agencies], duties)
    return Board(
        plan,
        today,
        before,
        [Office(w, None, _cells(found, "ward", w.pk, OF_WARDS, before, today, duties)) for w in wards],
        [
            Office(None, a, _cells(found, "agency", a.pk, OF_AGENCIES, before, today, duties, takes), takes)
            for a, takes in agencies
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
    found = wards_in(plan.year)
    return list(found if ward is None else found.filter(pk=ward))


def _agencies(agency: int | None) -> list[tuple[Agency, bool]]:
    """All agencies or one, each with whether it takes the reports."""
    found = Agency.objects.annotate(takes=ExpressionWrapper(takes_reports(), BooleanField()))
    return [(row, row.takes) for row in (found if agency is None else found.filter(pk=agency))]


def _cells(
    found: dict[Key, Found],
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
    complete = fact.complete and not (fact.done_on and fact.done_on > today)
    binding = [missing.before for missing in fact.missing if missing.before]
    before = min(binding, default=milestone)
    days = 0
    if not fact.required:
        standing = Standing.FREE
    elif complete:
        days = fact.late_by
        if before and not days and fact.done_on and fact.done_on >= before:
            days = days_late(fact.done_on, before)
        standing = Standing.LATE if days else Standing.DONE
    elif before is None:
        standing = Standing.OPEN
    elif today >= before:
        standing, days = Standing.OVERDUE, days_late(today, before)
    else:
        standing, days = Standing.DUE, (before - today).days
    return Owed(duty, standing, before, fact.done_on, days, fact.note, fact.missing, fact.total, fact.begun)
