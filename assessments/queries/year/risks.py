"""Units that may lose their status: a standard that has no criterion to spare, a case that occurs or comes near.

A unit counts when it is registered to maintain or was recognised under an earlier plan. A standard is on the edge
when as many criteria are met, or still open, as it needs and at least one is already lost; below when fewer are.
(A standard that needs all its criteria and has them all is not named: otherwise every unit would stand here.)
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assessments import percentages
from assessments.models import Figure, Layer, Plan, Verdict
from assessments.permissions import AnyUser
from assessments.queries.year.looking_back import Result, plans_until, results
from criteria import spec
from criteria.queries import table
from localities.models import Ward


@dataclass(frozen=True, slots=True)
class RiskStandard:
    """One standard without a criterion to spare."""

    number: int
    name: str
    met: int
    applicable: int
    needed: int
    lost: list[str]  # codes of the criteria that are not met
    open: list[str]
    tipping: list[str]  # one more of these not met, and the standard does not hold
    shaky: list[str]  # of these, not met in the year before or called otherwise by another layer

    @property
    def missing(self) -> int:
        """How many are short, even if everything open were met."""
        return max(0, self.needed - self.met - len(self.open))

    @property
    def below(self) -> bool:
        return self.missing > 0


@dataclass(frozen=True, slots=True)
class RiskUnit:
    """A unit with all that endangers it."""

    result: Result
    was_recognised: int | None  # the year of the latest recognition before
    standards: list[RiskStandard]
    cases: list[str]  # what occurs
    near: list[str]  # figures of cases that come near their threshold

    @property
    def certain(self) -> bool:
        """Whether it does not hold its status as things stand."""
        return bool(self.cases) or any(one.below for one in self.standards)

    @property
    def all_below(self) -> bool:
        """Whether no standard is just on the edge."""
        return all(one.below for one in self.standards)

    @property
    def weight(self) -> tuple[int, int, int, int]:
        below = sum(one.missing for one in self.standards)
        return (-len(self.cases), -below, -len(self.standards), -len(self.near))


@dataclass(frozen=True, slots=True)
class Risks:
    """The units at risk, the worst first, and how many were looked at."""

    units: list[RiskUnit]
    looked_at: int
    wards: list[tuple[Ward, int]]  # how many were looked at in each

    @property
    def certain(self) -> int:
        return sum(unit.certain for unit in self.units)


def risks(user: AnyUser, plan: Plan, ward: Ward | None = None) -> Risks:
    """Which units of the plan are in danger of losing their status; five queries."""
    found = results(user, plans_until(plan), ward)
    recognised: dict[int, int] = {}
    before: dict[int, Result] = {}
    mine = []
    for row in sorted(found, key=lambda one: one.plan.year):
        if row.plan.pk == plan.pk:
            mine.append(row)
            continue
        before[row.unit.pk] = row
        if row.recognised:
            recognised[row.unit.pk] = row.plan.year
    mine = [row for row in found if row.plan.pk == plan.pk and (row.maintains or row.unit.pk in recognised)]
    ids = [row.assessment.pk for row in mine]
    exempt, contested = _spoken(ids)
    near = _near_cases(mine)
    own = table(plan.criteria_set_id)
    units = []
    for row in mine:
        pk = row.assessment.pk
        lost_before = _not_met(before.get(row.unit.pk))
        shaky = lost_before | contested.get(pk, set())
        standards = [one for s in own.standards if (one := _standard(row, s, exempt.get(pk, set()), shaky))]
        cases = [f"{case.code}. {case.text}" for case in own.cases if case.key in row.outcome.occurring]
        unit = RiskUnit(row, recognised.get(row.unit.pk), standards, cases, near.get(pk, []))
        if standards or cases or unit.near:
            units.append(unit)
    wards = Counter(row.unit.ward for row in mine)
    return Risks(sorted(units, key=lambda unit: unit.weight), len(mine), list(wards.items()))


def _not_met(result: Result | None) -> set[str]:
    return {key for section in result.outcome.standards for key in section.not_met} if result else set()


def _standard(row: Result, section: spec.Section, exempt: set[str], shaky: set[str]) -> RiskStandard | None:
    """The standard, if it is on the edge or below."""
    stands = row.section_of(section.number)
    if stands is None or not stands.not_met or stands.met + len(stands.unassessed) > stands.needed:
        return None
    gone = {*stands.not_met, *stands.unassessed, *exempt}
    holding = [entry for entry in section.entries if entry.key not in gone]

    def codes(keys: Iterable[str]) -> list[str]:
        return [entry.code for entry in section.entries if entry.key in set(keys)]

    return RiskStandard(
        section.number,
        section.name,
        stands.met,
        stands.applicable,
        stands.needed,
        codes(stands.not_met),
        codes(stands.unassessed),
        [entry.code for entry in holding],
        [entry.code for entry in holding if entry.key in shaky],
    )


def _spoken(ids: list[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """What is not applicable, and what some layer called not met although it counts as met; one query."""
    exempt: dict[int, set[str]] = {}
    contested: dict[int, set[str]] = {}
    rows = Verdict.objects.filter(
        assessment__in=ids, entry__kind="criterion", value__in=["not_applicable", "not_met"]
    ).order_by()
    for pk, key, value in rows.values_list("assessment_id", "entry__key", "value"):
        (exempt if value == "not_applicable" else contested).setdefault(pk, set()).add(key)
    return exempt, contested


def _near_cases(rows: list[Result]) -> dict[int, list[str]]:
    """Ratios of cases that have come half way to the threshold that makes them occur; one query."""
    by_pk = {row.assessment.pk: row for row in rows}
    found: dict[int, list[str]] = {}
    figures = (
        Figure.objects.filter(
            verdict__assessment__in=list(by_pk),
            verdict__entry__kind="case",
            indicator__kind="ratio",
            numerator__isnull=False,
            denominator__gt=0,
        )
        .select_related("verdict__entry", "indicator")
        .order_by("verdict__entry", "pk")
    )
    for figure in figures:
        row, entry, indicator = by_pk[figure.verdict.assessment_id], figure.verdict.entry, figure.indicator
        speaks = figure.verdict.layer != Layer.SELF if row.appraised else figure.verdict.layer == Layer.SELF
        numerator, total = figure.numerator or 0, figure.denominator or 0
        near = numerator * 200 >= indicator.threshold * total
        if speaks and near and entry.key not in row.outcome.occurring:
            words = (
                f"Trường hợp {entry.code}: {numerator}/{total} ({percentages.text(numerator, total)}),"
                f" ngưỡng {indicator.threshold} %"
            )
            if words not in found.setdefault(row.assessment.pk, []):
                found[row.assessment.pk].append(words)
    return {pk: words for pk, words in found.items() if words}
