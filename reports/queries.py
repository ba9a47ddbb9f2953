"""What documents read: whole assessments with everything they hold, in a constant number of queries.

No rule is computed here: verdicts are the stored values, results are the stored summaries.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from assessments.answers import LayerAnswers, Stored
from assessments.deeds import table_of
from assessments.models import (
    ANSWERED,
    Assessment,
    CouncilItem,
    DecisionLine,
    Event,
    Evidence,
    Figure,
    Layer,
    Plan,
    Summary,
    Verdict,
)
from assessments.permissions import AnyUser, visible_assessments
from assessments.queries.standing import standing_lines
from assessments.scoring import Outcome
from assessments.workflow import State
from criteria import spec
from localities.models import UnitYear, Ward


@dataclass(slots=True)
class Record:
    """One assessment as documents read it."""

    assessment: Assessment
    table: spec.Table
    year: UnitYear | None = None
    answers: dict[str, LayerAnswers] = field(default_factory=dict)  # by layer, then entry key
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # by layer
    evidence: list[Evidence] = field(default_factory=list)  # in the order of the table
    resolution: CouncilItem | None = None  # of the submission that stands
    line: DecisionLine | None = None  # of the latest confirmed decision
    head: Event | None = None  # the last event of the record: its hash vouches for everything before

    @property
    def standing(self) -> State:
        """The state as it reads today: of a decided unit what the latest confirmed decision says."""
        return State(self.line.result) if self.line else self.assessment.workflow_state

    @property
    def as_of(self) -> datetime:
        """When the dossier last changed, in local time: printed instead of the hour of printing, so that equal
        content makes an equal document."""
        return timezone.localtime(self.head.at if self.head else None)

    def stored(self, layer: str, entry: spec.Entry) -> Stored:
        """What the layer said of the entry; an empty answer when it said nothing."""
        return self.answers.get(layer, {}).get(entry.key) or Stored()

    def value(self, layer: str, entry: spec.Entry) -> str:
        """The verdict that counts for the layer, "" when there is none.

        For EFFECTIVE the delegation's where it gave one, else the agency's; a derived entry has no answer
        of its own there, so it is read from the stored result.
        """
        if layer != Layer.EFFECTIVE:
            return self.stored(layer, entry).value
        if entry.derived:
            return self._derived_effective(entry.key)
        for speaking in (Layer.DELEGATION, Layer.AGENCY):
            stored = self.stored(speaking, entry)
            if stored.value:
                return stored.value
        return ""

    def _derived_effective(self, key: str) -> str:
        outcome = self.outcomes.get(Layer.EFFECTIVE)
        if outcome is None or any(key in standard.unassessed for standard in outcome.standards):
            return ""
        missed = any(key in standard.not_met for standard in outcome.standards)
        return spec.Verdict.NOT_MET if missed else spec.Verdict.MET


def assessment_record(user: AnyUser, pk: int) -> Record:
    """One assessment within the person's scope; raises Assessment.DoesNotExist outside it."""
    found = records(visible_assessments(user).filter(pk=pk))
    if not found:
        raise Assessment.DoesNotExist
    return found[0]


def plan_records(user: AnyUser, plan: Plan, ward: Ward | None) -> list[Record]:
    """The plan's assessments within the person's scope, of one ward or of all, by ward and unit."""
    scope = visible_assessments(user).filter(registration__plan=plan)
    return records(scope if ward is None else scope.filter(registration__unit__ward=ward))


def records(assessments: QuerySet[Assessment]) -> list[Record]:
    """Everything the assessments hold, by ward and unit; ten queries whatever their number."""
    found = {
        assessment.pk: Record(assessment, table_of(assessment), answers={str(layer): {} for layer in ANSWERED})
        for assessment in assessments.select_related("registration__plan", "registration__unit__ward").order_by(
            "registration__unit__ward__position", "registration__unit__ward", "registration__unit__sort_name", "pk"
        )
    }
    if found:
        _add_answers(found)
        _add_evidence(found)
        _add_results(found)
        _add_years(found.values())
    return list(found.values())


def _add_answers(found: dict[int, Record]) -> None:
    keys = {entry.id: entry.key for record in found.values() for entry in record.table}
    indicators = {i.id: i.key for record in found.values() for entry in record.table for i in entry.indicators}
    by_row: dict[int, Stored] = {}
    for row in Verdict.objects.filter(assessment__in=found):
        if row.entry_id in keys:
            stored = by_row[row.pk] = Stored(row)
            found[row.assessment_id].answers[row.layer][keys[row.entry_id]] = stored
    for figure in Figure.objects.filter(verdict__assessment__in=found).order_by("pk"):
        if figure.verdict_id in by_row and figure.indicator_id in indicators:
            numbers = spec.Figure(figure.numerator, figure.denominator)
            by_row[figure.verdict_id].figures[indicators[figure.indicator_id]] = numbers


def _add_evidence(found: dict[int, Record]) -> None:
    rows = Evidence.objects.filter(assessment__in=found, removed_at__isnull=True).select_related("added_by")
    for row in rows.order_by("pk"):
        found[row.assessment_id].evidence.append(row)
    for record in found.values():
        order = {entry.id: position for position, entry in enumerate(record.table)}
        record.evidence = [row for row in record.evidence if row.entry_id in order]
        record.evidence.sort(key=lambda row: (order[row.entry_id], row.pk))


def _add_results(found: dict[int, Record]) -> None:
    for summary in Summary.objects.filter(assessment__in=found):
        found[summary.assessment_id].outcomes[summary.layer] = Outcome.from_dict(summary.outcome)
    # An approval that was followed by a return, or whose dossier is not with the city, says nothing any more.
    approvals = CouncilItem.objects.filter(assessment__in=found, standing=True).select_related("meeting")
    for item in approvals.prefetch_related("meeting__attendance"):
        record = found[item.assessment_id]
        record.resolution = item if record.assessment.submitted_at else None
    for pk, line in standing_lines(found).items():
        found[pk].line = line
        line.assessment = found[pk].assessment
    last = Event.objects.filter(assessment__in=found).order_by("assessment", "-sequence").distinct("assessment")
    for event in last.only("assessment", "sequence", "hash", "at"):
        if event.assessment_id is not None:
            found[event.assessment_id].head = event


def _add_years(found: Iterable[Record]) -> None:
    by_unit = {(r.assessment.registration.unit_id, r.assessment.plan.year): r for r in found}
    units, years = zip(*by_unit, strict=True)
    for row in UnitYear.objects.filter(unit__in=units, year__in=set(years)):
        record = by_unit.get((row.unit_id, row.year))
        if record is not None:
            record.year = row
