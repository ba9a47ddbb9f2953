"""Results over the years: which criteria fail how often, by ward and year, and in which units.

A dossier speaks through its appraised result (the effective layer) once every entry has one there; until then through
its self-assessment, and the page says how many do. Everything is read from stored summaries and verdicts.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import AGENCY_ROLES, WARD_ROLES, Role, User
from assessments.models import Assessment, Assignment, Layer, Plan, Registration, Summary, Verdict
from assessments.permissions import SEEN_BY_APPRAISERS, AnyUser, may_look_back
from assessments.queries.standing import standing_state
from assessments.scoring import Outcome, SectionResult
from assessments.workflow import State
from criteria import spec
from criteria.queries import table
from localities.models import Unit, Ward

MOST_YEARS = 5
NOT_MET, OPEN, EXEMPT, UNITS = "not_met", "open", "exempt", "units"


def scope(user: AnyUser) -> QuerySet[Assessment]:
    """Whose results the person looks back on: a ward its own, agencies what was sent, the city everything."""
    if not isinstance(user, User) or not may_look_back(user):
        return Assessment.objects.none()
    if user.role in WARD_ROLES:
        return Assessment.objects.filter(registration__unit__ward=user.ward_id)
    if user.role in AGENCY_ROLES and user.role != Role.HOME_AFFAIRS:
        return Assessment.objects.filter(state__in=SEEN_BY_APPRAISERS)
    return Assessment.objects.all()


# ---- One result of each dossier ----


@dataclass(frozen=True, slots=True)
class Result:
    """What counts of one dossier."""

    assessment: Assessment
    plan: Plan
    outcome: Outcome
    appraised: bool
    standing: str

    @property
    def unit(self) -> Unit:
        return self.assessment.registration.unit

    @property
    def maintains(self) -> bool:
        return self.assessment.registration.aim == Registration.Aim.MAINTAIN

    @property
    def recognised(self) -> bool:
        return self.standing == State.RECOGNISED

    def section_of(self, number: int) -> SectionResult | None:
        return next((one for one in self.outcome.standards if one.number == number), None)


def chosen() -> Q:
    """The summaries that may speak: the appraised one when it is whole, and the ward's own."""
    return Q(layer=Layer.SELF) | Q(layer=Layer.EFFECTIVE, assessed=F("to_assess"))


def results(user: AnyUser, plans: Iterable[Plan], ward: Ward | None = None) -> list[Result]:
    """The result of every dossier of these plans in the person's scope, by ward and unit; one query."""
    by_pk = {plan.pk: plan for plan in plans}
    rows = Summary.objects.filter(
        chosen(), assessment__in=scope(user), assessment__registration__plan__in=list(by_pk)
    ).select_related("assessment__registration__unit__ward")
    if ward is not None:
        rows = rows.filter(assessment__registration__unit__ward=ward)
    whole = Summary.objects.filter(assessment=OuterRef("assessment"), layer=Layer.EFFECTIVE, assessed=F("to_assess"))
    rows = rows.exclude(Q(layer=Layer.SELF) & Exists(whole)).annotate(standing=standing_state("assessment__"))
    rows = rows.order_by(
        "assessment__registration__unit__ward__position",
        "assessment__registration__unit__sort_name",
        "assessment__registration__plan__year",
    )
    return [
        Result(
            row.assessment,
            by_pk[row.assessment.registration.plan_id],
            Outcome.from_dict(row.outcome),
            row.layer == Layer.EFFECTIVE,
            row.standing,
        )
        for row in rows
    ]


# ---- Criteria by how often they fail ----


@dataclass(slots=True)
class Count:
    """How often a criterion was called what."""

    units: int = 0
    not_met: int = 0
    open: int = 0
    exempt: int = 0

    @property
    def met(self) -> int:
        return self.units - self.not_met - self.open - self.exempt

    @property
    def judged(self) -> int:
        return self.met + self.not_met

    def add(self, other: "Count") -> None:
        self.units += other.units
        self.not_met += other.not_met
        self.open += other.open
        self.exempt += other.exempt


Counts = dict[tuple[int, int, str], Count]  # plan, ward, criterion


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts by plan, ward and criterion; how many dossiers speak through which layer by plan and ward."""

    counts: Counts
    layers: dict[tuple[int, int], dict[str, int]]

    def of(self, plan: Plan, key: str, ward: int | None = None) -> Count:
        """One criterion of one plan, over all wards or in one."""
        total = Count()
        for place in self.wards(plan):
            if ward in (None, place):
                total.units += sum(self.layers[plan.pk, place].values())
                if found := self.counts.get((plan.pk, place, key)):
                    total.add(found)
        return total

    def wards(self, plan: Plan) -> list[int]:
        return [ward for pk, ward in self.layers if pk == plan.pk]

    def units(self, plan: Plan, layer: str = "") -> int:
        """How many dossiers of the plan were counted; of one layer, or all."""
        found = (layers for (pk, _), layers in self.layers.items() if pk == plan.pk)
        return sum(number for layers in found for name, number in layers.items() if layer in ("", name))


_SQL = """
WITH chosen AS (
  SELECT DISTINCT ON (s.assessment_id) s.assessment_id, s.layer, s.outcome, r.plan_id, u.ward_id
  FROM assessments_summary s
  JOIN assessments_assessment a ON a.id = s.assessment_id
  JOIN assessments_registration r ON r.id = a.registration_id
  JOIN localities_unit u ON u.id = r.unit_id
  WHERE s.assessment_id = ANY(%s)
    AND (s.layer = 'self' OR (s.layer = 'effective' AND s.assessed = s.to_assess))
  ORDER BY s.assessment_id, (s.layer = 'effective') DESC
), said AS (
  SELECT plan_id, ward_id, k #>> '{}' AS key, 'not_met' AS status
  FROM chosen, jsonb_path_query(outcome, '$.standards[*].not_met[*]') AS k
  UNION ALL
  SELECT plan_id, ward_id, k #>> '{}', 'open'
  FROM chosen, jsonb_path_query(outcome, '$.standards[*].unassessed[*]') AS k
  UNION ALL
  SELECT c.plan_id, c.ward_id, e.key, 'exempt'
  FROM chosen c
  JOIN assessments_verdict v ON v.assessment_id = c.assessment_id AND v.value = 'not_applicable'
  JOIN criteria_entry e ON e.id = v.entry_id AND e.kind = 'criterion'
  WHERE CASE c.layer
    WHEN 'self' THEN v.layer = 'self'
    ELSE v.layer = 'delegation' OR (v.layer = 'agency' AND NOT EXISTS (
      SELECT 1 FROM assessments_verdict d
      WHERE d.assessment_id = v.assessment_id AND d.entry_id = v.entry_id AND d.layer = 'delegation' AND d.value <> ''
    )) END
)
SELECT plan_id, ward_id, key, status, count(*) FROM said GROUP BY 1, 2, 3, 4
UNION ALL
SELECT plan_id, ward_id, layer, 'units', count(*) FROM chosen GROUP BY 1, 2, 3
"""


def counted(user: AnyUser, plans: Iterable[Plan], ward: Ward | None = None) -> Counted:
    """How often each criterion of these plans was not met, left open or not applicable; two queries."""
    found = scope(user).filter(registration__plan__in=[plan.pk for plan in plans])
    if ward is not None:
        found = found.filter(registration__unit__ward=ward)
    ids = list(found.order_by().values_list("pk", flat=True))
    counts: Counts = {}
    layers: dict[tuple[int, int], dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [ids])
        for plan, place, key, status, number in cursor.fetchall():
            if status == UNITS:
                layers.setdefault((plan, place), {})[key] = number
            else:
                count = counts.setdefault((plan, place, key), Count())
                setattr(count, status, getattr(count, status) + number)
    return Counted(counts, layers)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion: how it stands in the plan's year, in the years before, and ward by ward."""

    rank: int
    entry: spec.Entry
    standard: spec.Section
    now: Count
    years: list[Count | None]  # in the order of the ranking's plans; None where the set has no such criterion
    wards: list[Count]  # in the order of the ranking's wards


@dataclass(frozen=True, slots=True)
class Ranking:
    """The criteria of a plan, the one that fails most often first."""

    plan: Plan
    plans: list[Plan]  # oldest first, this one last
    wards: list[Ward]
    rows: list[CriterionRow]
    units: int
    appraised: int

    @property
    def by_themselves(self) -> int:
        """How many dossiers speak through their self-assessment only."""
        return self.units - self.appraised

    @property
    def failing(self) -> list[CriterionRow]:
        return [row for row in self.rows if row.now.not_met]

    @property
    def unfailed(self) -> list[CriterionRow]:
        """Met everywhere, or not looked at yet."""
        return [row for row in self.rows if not row.now.not_met]


def plans_until(plan: Plan) -> list[Plan]:
    """The plan and those before it, the oldest first."""
    return list(Plan.objects.filter(year__lte=plan.year).order_by("-year")[:MOST_YEARS])[::-1]


def ranking(
    user: AnyUser,
    plan: Plan,
    *,
    ward: Ward | None = None,
    standard: int | None = None,
    keys: Collection[str] | None = None,
) -> Ranking:
    """Criteria by how often they are not met this year; equal ones in the order of the table. Four queries.

    `keys` limits them to some criteria: an agency's own.
    """
    plans = plans_until(plan)
    found = counted(user, plans, ward)
    own = table(plan.criteria_set_id)
    wards = list(Ward.objects.filter(pk__in=found.wards(plan)))
    earlier = {one.pk: table(one.criteria_set_id).entries_by_key for one in plans}
    entries = [
        (section, entry)
        for section in own.standards
        for entry in section.entries
        if (standard is None or section.number == standard) and (keys is None or entry.key in keys)
    ]
    now = {entry.key: found.of(plan, entry.key) for _, entry in entries}
    entries.sort(key=lambda pair: -now[pair[1].key].not_met)
    rows: list[CriterionRow] = []
    for section, entry in entries:
        alike = bool(rows) and rows[-1].now.not_met == now[entry.key].not_met
        rows.append(
            CriterionRow(
                rows[-1].rank if alike else len(rows) + 1,
                entry,
                section,
                now[entry.key],
                [found.of(one, entry.key) if entry.key in earlier[one.pk] else None for one in plans],
                [found.of(plan, entry.key, place.pk) for place in wards],
            )
        )
    return Ranking(plan, plans, wards, rows, found.units(plan), found.units(plan, Layer.EFFECTIVE))


def own_criteria(user: AnyUser, plan: Plan) -> set[str]:
    """Keys of the criteria that the person's agency appraises under the plan."""
    if not isinstance(user, User) or user.agency_id is None:
        return set()
    own = Assignment.objects.filter(plan=plan, agency=user.agency_id, entry__kind="criterion")
    return set(own.values_list("entry__key", flat=True))


# ---- One criterion: in which units ----


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How one criterion stands in one unit, with what was noted there, and in the year before."""

    result: Result
    status: str  # not_met, open, exempt, met
    notes: list[str]
    before: tuple[int, str] | None  # year and status


def status_of(result: Result, key: str, exempt: Collection[int] = ()) -> str:
    """What the dossier says of a criterion."""
    for section in result.outcome.standards:
        if key in section.not_met:
            return NOT_MET
        if key in section.unassessed:
            return OPEN
    return EXEMPT if result.assessment.pk in exempt else "met"


def units_of(user: AnyUser, plan: Plan, entry: spec.Entry, ward: Ward | None = None) -> list[UnitLine]:
    """Every dossier of the plan with this criterion, those that fail first; three queries."""
    plans = plans_until(plan)
    found = results(user, plans, ward)
    said: dict[int, list[Any]] = {}
    verdicts = Verdict.objects.filter(
        assessment__in=[row.assessment.pk for row in found], entry__key=entry.key
    ).exclude(value="")
    for pk, layer, value, note in verdicts.order_by("pk").values_list("assessment_id", "layer", "value", "note"):
        said.setdefault(pk, []).append((layer, value, note))
    exempt = {pk for pk, rows in said.items() if any(value == "not_applicable" for _, value, _ in rows)}
    earlier: dict[int, tuple[int, str]] = {}
    lines = []
    for row in sorted(found, key=lambda one: one.plan.year):
        status = status_of(row, entry.key, exempt)
        if row.plan.pk != plan.pk:
            earlier[row.unit.pk] = (row.plan.year, status)
            continue
        spoken = said.get(row.assessment.pk, [])
        notes = [note for layer, value, note in spoken if note and (value == status or status != NOT_MET)]
        lines.append(UnitLine(row, status, list(dict.fromkeys(notes)), earlier.get(row.unit.pk)))
    order = (NOT_MET, OPEN, EXEMPT, "met")
    return sorted(lines, key=lambda line: order.index(line.status))


# ---- Targets over the years ----


@dataclass(slots=True)
class TargetYear:
    """A target of a plan and what came of it in the person's scope."""

    plan: Plan
    label: str
    wanted: str
    least: int  # of the whole city, or of each ward
    registered: int = 0
    reached: int = 0
    per_ward: bool = False


def target_history(user: AnyUser, plan: Plan, ward: Ward | None = None) -> list[TargetYear]:
    """The targets of this plan and those before it, newest first; three queries."""
    plans = list(Plan.objects.filter(year__lte=plan.year).prefetch_related("targets").order_by("-year")[:MOST_YEARS])
    found: dict[int, list[tuple[str, bool, str]]] = {}
    rows = scope(user).filter(registration__plan__in=[one.pk for one in plans]).order_by()
    rows = rows if ward is None else rows.filter(registration__unit__ward=ward)
    for pk, aim, pilot, state in rows.values_list(
        "registration__plan", "registration__aim", "registration__pilot", standing_state()
    ):
        found.setdefault(pk, []).append((aim, pilot, state))
    history = []
    for one in plans:
        for target in one.targets.all():
            pilots = target.kind == "pilot_per_ward"
            own = [state for aim, pilot, state in found.get(one.pk, []) if (pilot if pilots else aim == target.kind)]
            history.append(
                TargetYear(
                    one,
                    target.get_kind_display(),
                    target.span,
                    target.minimum,
                    len(own),
                    own.count(State.RECOGNISED),
                    pilots,
                )
            )
    return history
