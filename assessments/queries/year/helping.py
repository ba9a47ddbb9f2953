"""What is read of helping agencies: who helps whom in a year, what was done, and what it was worth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import Agency
from assessments.models import Helping, HelpingDeed, Plan
from assessments.permissions import AnyUser, visible_helping
from localities.models import Unit, Ward


@dataclass(slots=True)
class Tally:
    """An agency's help of a year."""

    agency: Agency
    units: int = 0  # still helped
    ended: int = 0
    deeds: int = 0
    worth: int = 0  # đồng, of the deeds whose worth is known
    rows: list[Helping] = field(default_factory=list)


def _with_deeds(found: QuerySet[Helping]) -> QuerySet[Helping]:
    standing = HelpingDeed.objects.filter(removed_at=None).order_by("-done_on", "-pk")
    return found.select_related("agency", "unit__ward", "plan").prefetch_related(
        Prefetch("deeds", standing, to_attr="standing")
    )


def listed(
    user: AnyUser, plan: Plan, *, ward: Ward | None = None, agency: Agency | None = None, idle: bool = False
) -> list[Helping]:
    """The year's assignments that the person sees, each with its `standing` deeds and their `worth`.

    By ward and unit; `idle`: only those nothing was done for yet. Two queries.
    """
    found = visible_helping(user).filter(plan=plan)
    if ward is not None:
        found = found.filter(unit__ward=ward)
    if agency is not None:
        found = found.filter(agency=agency)
    made = summed(_with_deeds(found).order_by("unit__ward__position", "unit__ward__name", "unit__sort_name", "pk"))
    return [row for row in made if not row.standing] if idle else made  # type: ignore[attr-defined]


def summed(found: Iterable[Helping]) -> list[Helping]:
    """Each row with the worth of its deeds: None where nobody gave a number."""
    made = list(found)
    for row in made:
        known = [deed.worth for deed in row.standing if deed.worth is not None]  # type: ignore[attr-defined]
        row.worth = sum(known) if known else None  # type: ignore[attr-defined]
    return made


def tallies(found: Iterable[Helping]) -> list[Tally]:
    """The same by agency, in the agencies' order."""
    by_agency: dict[int, Tally] = {}
    for row in found:
        tally = by_agency.setdefault(row.agency_id, Tally(row.agency))
        tally.rows.append(row)
        tally.units += row.ended_on is None
        tally.ended += row.ended_on is not None
        tally.deeds += len(row.standing)  # type: ignore[attr-defined]
        tally.worth += row.worth or 0  # type: ignore[attr-defined]
    return sorted(by_agency.values(), key=lambda tally: (tally.agency.position, tally.agency.name))


def of_unit(user: AnyUser, unit: Unit) -> list[Helping]:
    """Whoever helps the unit or helped it, the newest year first; for the unit's page."""
    return summed(_with_deeds(visible_helping(user).filter(unit=unit)).order_by("-plan__year", "agency__position"))


def one(user: AnyUser, pk: int) -> Helping:
    """An assignment with its plan, agency and unit; Helping.DoesNotExist outside the person's scope."""
    return visible_helping(user).select_related("plan", "agency", "unit__ward").get(pk=pk)


def deeds_of(helping: Helping) -> QuerySet[HelpingDeed]:
    """Everything written down, what was taken off too."""
    return helping.deeds.select_related("added_by").order_by("-done_on", "-pk")


def earlier_plan(plan: Plan) -> Plan | None:
    """The last plan before this one under which somebody helped somebody."""
    found = Plan.objects.filter(year__lt=plan.year, helping__ended_on=None, helping__isnull=False)
    return found.order_by("-year").first()


def units_of(plan: Plan) -> QuerySet[Unit]:
    """Units that exist at some time of the plan's year, with their wards."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=date(plan.year, 12, 31))
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=date(plan.year, 1, 1))
    return Unit.objects.filter(begun, lasting).select_related("ward")


def to_assign(plan: Plan) -> list[Unit]:
    """All units with who helps them this year (`helped_by`), by ward; two queries."""
    units = list(units_of(plan).order_by("ward__position", "ward__name", "sort_name", "pk"))
    helped: dict[int, list[str]] = {}
    for unit_id, name in Helping.objects.filter(plan=plan, ended_on=None).values_list("unit", "agency__name"):
        helped.setdefault(unit_id, []).append(name)
    for unit in units:
        unit.helped_by = helped.get(unit.pk, [])  # type: ignore[attr-defined]
    return units
