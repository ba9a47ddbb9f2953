"""Home affairs' list: how far the city's appraisal of every dossier is, and at whom the rest hangs.

Constant in the number of rows: a page's figures come in one query each, the plan's in one query each.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, FilteredRelation, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Agency
from assessments.answers import APPRAISING
from assessments.models import Assessment, Assignment, Layer, Milestone, Plan, Question, Verdict
from assessments.permissions import SEEN_BY_APPRAISERS, AnyUser, visible_assessments
from assessments.queries import assessment_list
from assessments.workflow import State
from criteria.models import Entry

UNASSIGNED = "Chưa phân công"


def with_the_city(user: AnyUser, plan: Plan) -> QuerySet[Assessment]:
    """The plan's dossiers that have reached the city, with the stored results of every layer.

    Annotations beside assessment_list's: agency_assessed, visit_assessed (entries judged on site).
    """
    return (
        assessment_list(user, plan)
        .filter(state__in=SEEN_BY_APPRAISERS)
        .select_related("visit__delegation")
        .annotate(
            office=FilteredRelation("summaries", condition=Q(summaries__layer=Layer.AGENCY)),
            onsite=FilteredRelation("summaries", condition=Q(summaries__layer=Layer.DELEGATION)),
        )
        .annotate(agency_assessed=F("office__assessed"), visit_assessed=F("onsite__assessed"))
    )


# ---- Conditions, for the filters ----


def _judged() -> QuerySet[Verdict]:
    return Verdict.objects.filter(entry__derived=False).exclude(value="")


def _differing() -> QuerySet[Any]:
    """(assessment, entry) pairs about which the layers say different things."""
    return (
        _judged()
        .order_by()
        .values("assessment", "entry")
        .annotate(low=Min("value"), high=Max("value"))
        .exclude(low=F("high"))
    )


def differs() -> Q:
    """Dossiers in which the layers differ somewhere."""
    return Q(pk__in=_differing().values("assessment"))


def incomplete() -> Q:
    """Dossiers in which some entry has no effective verdict yet."""
    return Q(effective_assessed__isnull=True) | Q(effective_assessed__lt=F("to_assess"))


def waits_for_agency(plan: Plan, agency: Agency) -> Q:
    """Dossiers in appraisal in which an entry this agency is responsible for has no effective verdict."""
    said = Verdict.objects.filter(assessment=OuterRef(OuterRef("pk")), entry=OuterRef("entry"), layer__in=APPRAISING)
    left = Assignment.objects.filter(~Exists(said.exclude(value="")), plan=plan, agency=agency, position=1)
    return Q(Exists(left.filter(entry__derived=False)), state=State.APPRAISAL)


def open_questions() -> Q:
    """Dossiers with a question that nobody has answered."""
    return Q(Exists(Question.objects.filter(assessment=OuterRef("pk"), answered_at__isnull=True)))


# ---- Who is responsible ----


@dataclass(frozen=True, slots=True)
class Duties:
    """What a plan wants judged, and by which agency first."""

    entries: frozenset[int]  # judged by hand
    agency_of: dict[int, Agency]  # by entry
    due: date | None  # the day before which agencies have to be ready

    def late(self) -> bool:
        return self.due is not None and timezone.localdate() >= self.due


def duties(plan: Plan) -> Duties:
    """Three queries."""
    entries = Entry.objects.filter(criteria_set=plan.criteria_set_id, derived=False).order_by()
    first = Assignment.objects.filter(plan=plan, position=1).select_related("agency").order_by()
    milestone = Milestone.objects.filter(plan=plan, duty=Milestone.Duty.AGENCY_RESULT).first()
    return Duties(
        frozenset(entries.values_list("pk", flat=True)),
        {row.entry_id: row.agency for row in first},
        milestone.before if milestone else None,
    )


def responsible_agencies(plan: Plan) -> QuerySet[Agency]:
    """The agencies that are first for some entry of the plan."""
    return Agency.objects.filter(pk__in=Assignment.objects.filter(plan=plan, position=1).values("agency"))


# ---- The rows of a page ----


@dataclass(slots=True)
class Hanging:
    """One party that something hangs at."""

    name: str
    count: int
    late: bool = False

    @property
    def words(self) -> str:
        return f"{self.name}: {self.count}" if self.count else self.name


@dataclass(slots=True)
class Row:
    """One dossier as the list shows it."""

    assessment: Any  # an Assessment of with_the_city
    differences: int = 0
    missing: int = 0
    hanging: list[Hanging] = field(default_factory=list)
    questions: list[Hanging] = field(default_factory=list)
    visit: str = ""  # "", "planned", "held" or "closed"
    submitted_late: bool = False
    agencies_late: bool = False  # something is missing and the agencies' day has come

    @property
    def waits(self) -> bool:
        """Whether home affairs has a step to take with it."""
        return self.assessment.state in (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED)


def rows(assessments: Iterable[Assessment], plan: Plan) -> list[Row]:
    """The page's rows; six queries whatever their number."""
    found = {assessment.pk: Row(assessment) for assessment in assessments}
    work = duties(plan)
    _add_differences(found)
    _add_missing(found, work)
    _add_questions(found)
    for row in found.values():
        row.submitted_late = row.assessment.submitted_late(row.assessment.due)
        _add_visit(row)
    return list(found.values())


def _add_differences(found: dict[int, Row]) -> None:
    for assessment_id, _ in _differing().filter(assessment__in=found).values_list("assessment", "entry"):
        found[assessment_id].differences += 1


def _add_missing(found: dict[int, Row], work: Duties) -> None:
    open_ones = [pk for pk, row in found.items() if row.assessment.state in (State.SUBMITTED, State.APPRAISAL)]
    said = _judged().filter(assessment__in=open_ones, layer__in=APPRAISING).order_by().values("assessment")
    covered = dict(said.annotate(entries=ArrayAgg("entry")).values_list("assessment", "entries"))
    for pk in open_ones:
        left = work.entries - set(covered.get(pk, ()))
        row = found[pk]
        row.missing = len(left)
        if row.assessment.state == State.APPRAISAL:
            owed = Counter(work.agency_of.get(entry) for entry in left)
            row.hanging = [Hanging(str(agency or UNASSIGNED), count) for agency, count in owed.most_common()]
            row.agencies_late = bool(left) and work.late()


def _add_questions(found: dict[int, Row]) -> None:
    today = timezone.localdate()
    asked = Question.objects.filter(assessment__in=found, answered_at__isnull=True).order_by()
    counted = asked.values("assessment", "agency__name").annotate(
        n=Count("pk"), overdue=Count("pk", filter=Q(due_on__lte=today))
    )
    for line in counted.order_by("agency__name"):
        row = found[line["assessment"]]
        name = line["agency__name"] or str(row.assessment.unit.ward)
        row.questions.append(Hanging(name, line["n"], bool(line["overdue"])))


def _add_visit(row: Row) -> None:
    visit = getattr(row.assessment, "visit", None)
    if visit is None:
        return
    row.visit = "closed" if visit.closed_at else "held" if visit.held_on else "planned"
    if row.visit != "closed" and row.assessment.state == State.APPRAISAL:
        late = visit.planned_on is not None and visit.planned_on < timezone.localdate()
        words = "quá ngày dự kiến, chưa chốt biên bản" if late else "chưa chốt biên bản"
        row.hanging.append(Hanging(f"{visit.delegation.name}: {words}", 0, late))


def doubts(user: AnyUser, plan: Plan, assessment_ids: Collection[int]) -> list[tuple[Row, list[str]]]:
    """What concluding these dossiers would cut off: questions without answer, visits without minutes.

    Only dossiers that could be concluded, each with its sentences; seven queries whatever their number.
    """
    chosen = with_the_city(user, plan).filter(pk__in=assessment_ids, state=State.APPRAISAL)
    found = []
    for row in rows(chosen, plan):
        sentences = [f"{asked.name} chưa trả lời {asked.count} đề nghị giải trình." for asked in row.questions]
        if row.visit in ("planned", "held"):
            sentences.append(f"{row.assessment.visit.delegation} chưa chốt biên bản thẩm định tại cơ sở.")
        if sentences and not row.missing:
            found.append((row, sentences))
    return found


# ---- The whole plan ----


@dataclass(frozen=True, slots=True)
class Behind:
    """An agency with what it still owes in the dossiers that are in appraisal."""

    agency: Agency | None
    name: str
    cells: int
    late: bool


def behind(user: AnyUser, plan: Plan) -> list[Behind]:
    """Who holds the appraisal up: agencies by the number of entries they still owe, most first."""
    work = duties(plan)
    in_appraisal = visible_assessments(user).filter(registration__plan=plan, state=State.APPRAISAL)
    dossiers = in_appraisal.count()
    if not dossiers:
        return []
    said = _judged().filter(assessment__in=in_appraisal.values("pk"), layer__in=APPRAISING).order_by()
    covered = dict(said.values("entry").annotate(n=Count("assessment", distinct=True)).values_list("entry", "n"))
    left: Counter[Agency | None] = Counter()
    for entry in work.entries:
        owed = dossiers - covered.get(entry, 0)
        if owed:
            left[work.agency_of.get(entry)] += owed
    return [Behind(agency, str(agency or UNASSIGNED), n, work.late()) for agency, n in left.most_common()]
