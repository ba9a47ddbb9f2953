"""The units' figures of the year as one table: what is known, what is missing, what the year before said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import WARD_ROLES, User
from assessments.models import Assessment, Event, Layer, Plan
from assessments.permissions import AnyUser, may_answer, may_edit_unit_year, visible_units, visible_wards
from assessments.unit_years import FIELDS
from assessments.workflow import State
from localities.models import Unit, UnitYear, Ward
from localities.queries import there_in

LABELS: dict[str, str] = {
    "households": "tổng số hộ",
    "persons": "số nhân khẩu",
    "poor_households": "số hộ nghèo",
    "near_poor_households": "số hộ cận nghèo",
    "working_age_persons": "số người trong độ tuổi lao động",
    "business_households": "số hộ kinh doanh",
}


@dataclass(slots=True)
class ProfileRow:
    """One unit's figures under a plan; in totals the sum of what is known."""

    unit: Unit
    values: dict[str, int | None]
    version: int = 0
    stored: int | None = None  # number of the row that holds the values
    before: dict[str, int | None] = field(default_factory=dict)
    before_year: int | None = None
    registered: bool = False
    state: str = ""  # of its assessment; "" without one
    editable: bool = False
    form: Any = None  # on a page that takes its numbers

    @property
    def cells(self) -> list[tuple[int | None, int | None]]:
        """Number and the one before, in the order of the columns."""
        return [(self.values[name], self.before.get(name)) for name in FIELDS]

    @property
    def missing(self) -> list[str]:
        """Names of the figures that are not known."""
        return [LABELS[name] for name in FIELDS if self.values[name] is None]

    @property
    def empty(self) -> bool:
        return len(self.missing) == len(FIELDS)


def units_of_year(user: AnyUser, plan: Plan, ward: Ward | None = None) -> QuerySet[Unit]:
    """The units in the person's scope that existed in the plan's year, by ward and name."""
    found = visible_units(user).filter(there_in(plan.year))
    found = found.filter(ward=ward) if ward else found
    return found.select_related("ward").order_by("ward__position", "ward", "sort_name", "pk")


def profile_rows(user: AnyUser, plan: Plan, ward: Ward | None = None) -> list[ProfileRow]:
    """Every unit's row; four queries whatever their number."""
    units = list(units_of_year(user, plan, ward))
    now = {row.unit_id: row for row in UnitYear.objects.filter(unit__in=units, year=plan.year)}
    earlier = (
        UnitYear.objects.filter(unit__in=units, year__lt=plan.year).order_by("unit_id", "-year").distinct("unit_id")
    )
    before = {row.unit_id: row for row in earlier}
    dossiers = Assessment.objects.filter(registration__unit__in=units, registration__plan=plan)
    dossiers = dossiers.select_related("registration__unit__ward", "registration__plan")
    opened = {a.registration.unit_id: a for a in dossiers}
    return [_row(user, plan, unit, now.get(unit.pk), before.get(unit.pk), opened.get(unit.pk)) for unit in units]


def _row(
    user: AnyUser, plan: Plan, unit: Unit, now: UnitYear | None, before: UnitYear | None, dossier: Assessment | None
) -> ProfileRow:
    open_still = dossier is None or (dossier.state == State.DRAFT and may_answer(user, dossier, Layer.SELF))
    return ProfileRow(
        unit=unit,
        values=_values(now),
        version=now.version if now else 0,
        stored=now.pk if now else None,
        before=_values(before) if before else {},
        before_year=before.year if before else None,
        registered=dossier is not None,
        state=dossier.state if dossier else "",
        editable=may_edit_unit_year(user, unit) and open_still and not plan.is_closed,
    )


def changes(numbers: Iterable[int | None]) -> QuerySet[Event]:
    """What the plans' records tell of these rows of figures (UnitYear), the newest first."""
    named = [f"{UnitYear._meta.model_name}:{number}" for number in numbers if number is not None]
    events = Event.objects.filter(plan__isnull=False, kind=Event.Kind.PROFILE, data__row__in=named)
    return events.select_related("actor__ward", "actor__unit", "actor__agency").order_by("-pk")


def _values(row: UnitYear | None) -> dict[str, int | None]:
    return {name: getattr(row, name) if row else None for name in FIELDS}


@dataclass(frozen=True, slots=True)
class Totals:
    """The sum of a column and of how many units it is known."""

    name: str
    sums: list[tuple[int | None, int]]
    units: int

    @property
    def complete(self) -> bool:
        return all(known == self.units for _, known in self.sums)


def totals(name: str, rows: Collection[ProfileRow]) -> Totals:
    """The sums under a table; None where nobody gave a number."""
    sums = []
    for column in FIELDS:
        known = [value for row in rows if (value := row.values[column]) is not None]
        sums.append((sum(known) if known else None, len(known)))
    return Totals(name, sums, len(rows))


def by_ward(rows: Iterable[ProfileRow]) -> list[tuple[Ward, list[ProfileRow]]]:
    """The rows in groups, in their order."""
    groups: list[tuple[Ward, list[ProfileRow]]] = []
    for row in rows:
        if not groups or groups[-1][0].pk != row.unit.ward_id:
            groups.append((row.unit.ward, []))
        groups[-1][1].append(row)
    return groups


def chosen_ward(user: User, number: int | None) -> Ward | None:
    """The ward the table is of: the own one, or the one asked for among those the person may open."""
    if user.role in WARD_ROLES:
        return user.ward
    return visible_wards(user).filter(pk=number).first() if number else None


def missing_profiles(user: User, plan: Plan) -> int:
    """How many registered units whose dossier is still open have no number of households; for the first page."""
    known = UnitYear.objects.filter(year=plan.year, households__isnull=False).values("unit")
    units = units_of_year(user, plan).order_by().exclude(pk__in=known)
    return units.filter(registrations__plan=plan, registrations__assessment__state=State.DRAFT).count()
