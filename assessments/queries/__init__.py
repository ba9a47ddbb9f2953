"""What is read: lists, first pages, histories. Every function answers one question within a person's scope."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.deeds import with_context
from assessments.models import (
    Assessment,
    CouncilItem,
    Decision,
    DecisionLine,
    Event,
    Layer,
    Milestone,
    Plan,
    Registration,
    Summary,
    Target,
)
from assessments.permissions import (
    AnyUser,
    may_confirm_decisions,
    may_record_decisions,
    may_see_decisions,
    may_see_submissions,
    visible_assessments,
    visible_units,
    visible_wards,
)
from assessments.queries.standing import NEWEST_FIRST, confirmed_lines_of, standing_state
from assessments.workflow import State
from localities.models import Unit, UnitYear, Ward
from localities.queries import there_in

# Bulk changes that a person makes by one press of a button.
UNDOABLE = ("last_year", "standard_met", "confirm_self", "column_self", "column_met", "column_not_met")


def plans() -> QuerySet[Plan]:
    """All years, newest first."""
    return Plan.objects.select_related("criteria_set").order_by("-year")


def current_plan() -> Plan | None:
    """The plan people work on: the newest."""
    return plans().first()


def due_date() -> Coalesce:
    """Expression: the day before which the dossier is due, its own or the plan's milestone."""
    milestone = Milestone.objects.filter(plan=OuterRef("registration__plan"), duty=Milestone.Duty.DOSSIER)
    return Coalesce(F("due_on"), Subquery(milestone.values("before")[:1]), output_field=DateField())


def _road_position() -> Case:
    return Case(
        *(When(state=state.value, then=Value(position)) for position, state in enumerate(workflow.ROAD)),
        output_field=IntegerField(),
    )


def assessment_list(user: AnyUser, plan: Plan) -> QuerySet[Assessment]:
    """The plan's assessments this person sees, with due date and the stored results of the two layers.

    Annotations: due, standing (the state after corrections), assessed, to_assess, self_qualifies,
    effective_assessed, effective_qualifies, last_reason.
    One query whatever the number of rows.
    """
    returned = Event.objects.filter(assessment=OuterRef("pk"), kind=Event.Kind.MOVED).order_by("-pk")
    return (
        visible_assessments(user)
        .filter(registration__plan=plan)
        .select_related("registration__unit__ward", "registration__plan")
        .annotate(
            own=FilteredRelation("summaries", condition=Q(summaries__layer=Layer.SELF)),
            city=FilteredRelation("summaries", condition=Q(summaries__layer=Layer.EFFECTIVE)),
        )
        .annotate(
            due=due_date(),
            standing=standing_state(),
            road=_road_position(),
            assessed=F("own__assessed"),
            to_assess=F("own__to_assess"),
            self_qualifies=F("own__qualifies"),
            effective_assessed=F("city__assessed"),
            effective_qualifies=F("city__qualifies"),
            last_action=Subquery(returned.values("action")[:1]),
            last_reason=Subquery(returned.values("reason")[:1]),
        )
        .order_by("registration__unit__ward__position", "registration__unit__sort_name")
    )


def open_in_earlier_years(user: AnyUser, plan: Plan) -> list[tuple[int, int]]:
    """Year and number of undecided assessments under earlier plans: work that the newest year would hide."""
    open_ones = visible_assessments(user).filter(registration__plan__year__lt=plan.year)
    open_ones = open_ones.exclude(state__in=[state.value for state in workflow.FINAL])
    return list(
        open_ones.order_by("registration__plan__year").values_list("registration__plan__year").annotate(n=Count("pk"))
    )


def earlier_assessment(assessment: Assessment) -> Assessment | None:
    """The same unit's assessment under the latest earlier plan."""
    registration = assessment.registration
    earlier = Assessment.objects.filter(
        registration__unit=registration.unit_id, registration__plan__year__lt=registration.plan.year
    ).order_by("-registration__plan__year")
    found: Assessment | None = with_context(earlier).first()
    return found


def dossier_due(assessment: Assessment) -> date | None:
    """The day before which this dossier is due; no query when it was read along (`due_date`)."""
    if hasattr(assessment, "due"):
        known: date | None = assessment.due
        return known
    if assessment.due_on:
        return assessment.due_on
    milestone = Milestone.objects.filter(plan=assessment.registration.plan_id, duty=Milestone.Duty.DOSSIER).first()
    return milestone.before if milestone else None


def registrable_units(user: User, plan: Plan) -> QuerySet[Unit]:
    """The ward's units that existed in the plan's year and are not yet registered, with their last result."""
    last = (
        DecisionLine.objects.filter(assessment__registration__unit=OuterRef("pk"), decision__confirmed_at__isnull=False)
        .order_by("-assessment__registration__plan__year", *NEWEST_FIRST)
        .values("result")
    )
    return (
        visible_units(user)
        .exclude(registrations__plan=plan)
        .filter(there_in(plan.year))
        .annotate(last_result=Subquery(last[:1]))
        .select_related("ward")
        .order_by("sort_name")
    )


def state_counts(assessments: QuerySet[Assessment]) -> list[tuple[State, int]]:
    """How many assessments stand in each state, in road order, empty states included."""
    counted = Counter(assessments.order_by().values_list(standing_state(), flat=True))
    return [(state, counted[state.value]) for state in workflow.ROAD]


@dataclass(frozen=True, slots=True)
class WardRow:
    """One ward's progress: how many of its assessments stand where, for bars and tables."""

    ward: Ward
    counts: tuple[tuple[State, int], ...]
    total: int
    pilots: int
    overdue: int


def ward_rows(user: AnyUser, plan: Plan) -> list[WardRow]:
    """Every ward of the plan's time with its progress; three queries."""
    wards = list(visible_wards(user).filter(there_in(plan.year)))
    today = timezone.localdate()
    found = (
        visible_assessments(user)
        .filter(registration__plan=plan)
        .annotate(due=due_date())
        .values_list("registration__unit__ward", standing_state(), "registration__pilot", "due")
    )
    states: dict[int, Counter[str]] = {}
    pilots: Counter[int] = Counter()
    overdue: Counter[int] = Counter()
    for ward_id, state, pilot, due in found:
        states.setdefault(ward_id, Counter())[state] += 1
        pilots[ward_id] += pilot
        overdue[ward_id] += state in (State.DRAFT, State.COUNCIL) and due is not None and today >= due
    return [
        WardRow(
            ward=ward,
            counts=tuple((s, states.get(ward.pk, Counter())[s.value]) for s in workflow.ROAD),
            total=sum(states.get(ward.pk, Counter()).values()),
            pilots=pilots[ward.pk],
            overdue=overdue[ward.pk],
        )
        for ward in wards
    ]


_WITH_WARD = (State.DRAFT, State.COUNCIL)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of the plan against reality, in words for a table."""

    label: str
    wanted: str
    registered: str
    sent: str  # to the city, whatever became of it
    reached: str


def target_rows(user: AnyUser, plan: Plan) -> list[TargetRow]:
    """The plan's targets and how far the city is; a ward's people see their own part, others the targets alone."""
    targets = list(plan.targets.all())
    if not may_see_submissions(user):
        return [TargetRow(target.get_kind_display(), target.span, "", "", "") for target in targets]
    units = list(
        visible_assessments(user)
        .filter(registration__plan=plan)
        .values_list("registration__aim", "registration__pilot", "registration__unit__ward", standing_state())
    )
    one_ward = getattr(user, "ward_id", None) is not None
    return [_target_row(target, units, one_ward) for target in targets]


def _target_row(target: Target, units: list[tuple[str, bool, int, str]], one_ward: bool) -> TargetRow:
    """For pilots the plan speaks of each ward: count the wards whose number lies within the span; of one, its units."""
    label = target.get_kind_display()
    if target.kind != Target.Kind.PILOT_PER_WARD:
        own = [state for aim, _, _, state in units if aim == target.kind]
        sent = sum(state not in _WITH_WARD for state in own)
        return TargetRow(label, target.span, str(len(own)), str(sent), str(own.count(State.RECOGNISED)))

    def wards_within(pilots: Counter[int]) -> str:
        if one_ward:
            return str(pilots.total())
        within = sum(target.minimum <= n <= (target.maximum or n) for n in pilots.values())
        return f"{within} xã, phường"

    return TargetRow(
        label,
        target.span,
        wards_within(Counter(ward for _, pilot, ward, _ in units if pilot)),
        wards_within(Counter(ward for _, pilot, ward, state in units if pilot and state not in _WITH_WARD)),
        wards_within(Counter(ward for _, pilot, ward, state in units if pilot and state == State.RECOGNISED)),
    )


def failing_criteria(user: AnyUser, plan: Plan, most: int = 5) -> list[tuple[str, str, int]]:
    """The criteria most often not met in the wards' own assessments: code, text, number of units."""
    from assessments.models import Verdict

    rows = (
        Verdict.objects.filter(
            assessment__in=visible_assessments(user).filter(registration__plan=plan),
            layer=Layer.SELF,
            value="not_met",
            entry__kind="criterion",
        )
        .order_by()
        .values_list("entry__code", "entry__text")
        .annotate(n=Count("pk"))
        .order_by("-n", "entry__code")[:most]
    )
    return list(rows)


def decisions(user: AnyUser, plan: Plan | None = None) -> QuerySet[Decision]:
    """Decisions with the number of their units, newest first; unconfirmed ones only for those who make them.

    Annotations: units, recognised, and of these fresh and kept (registered to maintain); refused.
    """
    recognised = Q(lines__result="recognised")
    found = Decision.objects.select_related("plan", "recorded_by", "confirmed_by", "supersedes").annotate(
        units=Count("lines"),
        recognised=Count("lines", filter=recognised),
        fresh=Count("lines", filter=recognised & Q(lines__assessment__registration__aim="new")),
        kept=Count("lines", filter=recognised & Q(lines__assessment__registration__aim="maintain")),
        refused=Count("lines", filter=Q(lines__result="not_recognised")),
    )
    # A grouped query forgets the model's own ordering.
    found = found.order_by("-issued_on", "-pk")
    if not may_see_decisions(user):
        return found.none()
    if not (may_record_decisions(user) or may_confirm_decisions(user)):
        found = found.filter(confirmed_at__isnull=False)
    return found if plan is None else found.filter(plan=plan)


def decidable(user: AnyUser, plan: Plan, decision: Decision | None = None) -> QuerySet[Assessment]:
    """Proposed assessments that stand in no other decision yet."""
    taken = DecisionLine.objects.filter(assessment=OuterRef("pk"))
    if decision is not None and decision.pk:
        taken = taken.exclude(decision=decision)
    return assessment_list(user, plan).filter(~Exists(taken), state=State.PROPOSED)


def unit_history(unit: Unit) -> QuerySet[Registration]:
    """Every year of a unit: registration, assessment, results; decisions through `decision_lines`."""
    return (
        Registration.objects.filter(unit=unit)
        .select_related("plan", "assessment")
        .prefetch_related(
            "assessment__summaries", "assessment__decision_lines__decision", "assessment__decision_lines__certificate"
        )
        .order_by("-plan__year")
    )


def unit_years(unit: Unit) -> dict[int, UnitYear]:
    """The unit's yearly figures by year."""
    return {row.year: row for row in UnitYear.objects.filter(unit=unit)}


def summaries(assessment: Assessment) -> dict[str, Summary]:
    """The stored results of an assessment by layer."""
    return {summary.layer: summary for summary in assessment.summaries.all()}


def undoable_bulk(assessment: Assessment, user: User, layer: str) -> Event | None:
    """This person's last bulk change of the layer, if it is recent and was not taken back."""
    last = assessment.events.filter(kind=Event.Kind.BULK, layer=layer, action__in=UNDOABLE).first()
    if last is None or last.actor_id != user.pk or (timezone.now() - last.at).total_seconds() > 3600:
        return None
    taken_back = assessment.events.filter(kind=Event.Kind.UNDONE, data__event=last.pk).exists()
    return None if taken_back else last


def standing_resolution(assessment: Assessment) -> CouncilItem | None:
    """The council's approval that stands, with its meeting; none in a draft."""
    if assessment.state == State.DRAFT:
        return None
    return assessment.council_items.filter(standing=True).select_related("meeting").first()


def confirmed_lines(assessment: Assessment) -> list[DecisionLine]:
    """What confirmed decisions say of a decided assessment, newest first."""
    if assessment.workflow_state not in workflow.FINAL:
        return []
    return list(confirmed_lines_of(assessment).select_related("decision"))


def newest_first(lines: Iterable[DecisionLine]) -> list[DecisionLine]:
    """Prefetched lines of confirmed decisions, the one that stands first."""
    confirmed = [line for line in lines if line.decision.confirmed_at]
    return sorted(confirmed, key=lambda line: (line.decision.issued_on, line.decision_id), reverse=True)


def last_return(assessment: Assessment) -> Event | None:
    """The return that brought the assessment back to its present state, if it was one."""
    if assessment.state != State.DRAFT:
        return None
    last = assessment.events.filter(kind=Event.Kind.MOVED).select_related("actor").first()
    if last and last.action in ("return", "council_return") and last.to_state == assessment.state:
        return last
    return None
