"""Answers between the database and the pure rule: reading the layers, and storing what they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import User
from assessments import scoring
from assessments.models import Assessment, Figure, Layer, Summary, Verdict
from criteria import spec

APPRAISING = (Layer.AGENCY, Layer.DELEGATION)


@dataclass(slots=True)
class Stored:
    """One layer's answer to one entry as it lies in the database; without a row nothing was answered."""

    row: Verdict | None = None
    figures: dict[str, spec.Figure] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return self.row.version if self.row else 0

    @property
    def stated(self) -> str:
        return self.row.stated if self.row else ""

    @property
    def value(self) -> str:
        return self.row.value if self.row else ""

    @property
    def note(self) -> str:
        return self.row.note if self.row else ""

    def pure(self) -> scoring.Answer:
        return scoring.Answer(spec.Verdict(self.stated) if self.stated else None, self.figures)


LayerAnswers = dict[str, Stored]  # by entry key


def read(
    assessment: Assessment, table: spec.Table, layers: Iterable[str], *, with_people: bool = False
) -> dict[str, LayerAnswers]:
    """The answers of these layers, by layer and entry key; two queries whatever their number."""
    keys = {entry.id: entry.key for entry in table}
    indicator_keys = {i.id: i.key for entry in table for i in entry.indicators}
    answers: dict[str, LayerAnswers] = {str(layer): {} for layer in layers}
    rows = Verdict.objects.filter(assessment=assessment, layer__in=list(answers))
    by_row: dict[int, Stored] = {}
    for row in rows.select_related("updated_by") if with_people else rows:
        if row.entry_id in keys:
            by_row[row.pk] = answers[row.layer][keys[row.entry_id]] = Stored(row)
    figures = Figure.objects.filter(verdict__assessment=assessment, verdict__layer__in=list(answers))
    for figure in figures:
        stored, key = by_row.get(figure.verdict_id), indicator_keys.get(figure.indicator_id)
        if stored is not None and key is not None:
            stored.figures[key] = spec.Figure(figure.numerator, figure.denominator)
    return answers


def pure(answers: LayerAnswers) -> dict[str, scoring.Answer]:
    """The layer as the rule reads it."""
    return {key: stored.pure() for key, stored in answers.items()}


def outcome_of(table: spec.Table, answers: Mapping[str, LayerAnswers], layer: str) -> scoring.Outcome:
    """The outcome of a layer; of EFFECTIVE from the agency's and the delegation's answers."""
    if layer == Layer.EFFECTIVE:
        merged = scoring.effective(table, pure(answers[Layer.AGENCY]), pure(answers[Layer.DELEGATION]))
        return scoring.score(table, merged)
    return scoring.score(table, pure(answers[layer]))


def store_outcome(
    assessment: Assessment, table: spec.Table, answers: dict[str, LayerAnswers], layer: str, actor: User
) -> scoring.Outcome:
    """Score the layer anew and store values and summaries; call inside the transaction of the change.

    For an appraising layer `answers` must hold both appraising layers, because the effective summary
    is written along. Returns the layer's own outcome.
    """
    outcome = outcome_of(table, answers, layer)
    _store_values(assessment, table, answers[layer], layer, outcome, actor)
    summaries = [summary_of(assessment, layer, outcome)]
    if layer in APPRAISING:
        summaries.append(summary_of(assessment, Layer.EFFECTIVE, outcome_of(table, answers, Layer.EFFECTIVE)))
    Summary.objects.bulk_create(
        summaries,
        update_conflicts=True,
        unique_fields=["assessment", "layer"],
        update_fields=["qualifies", "assessed", "to_assess", "outcome", "updated_at"],
    )
    return outcome


def _store_values(
    assessment: Assessment,
    table: spec.Table,
    answers: LayerAnswers,
    layer: str,
    outcome: scoring.Outcome,
    actor: User,
) -> None:
    """Write the resulting value where it differs from what stands: figures and contents decide too."""
    changed: list[Verdict] = []
    for entry in table:
        verdict = outcome.verdicts[entry.key].verdict
        value = verdict.value if verdict else ""
        stored = answers.get(entry.key)
        if stored is None or stored.row is None:
            if value and entry.derived:
                row = Verdict(
                    assessment=assessment,
                    entry_id=entry.id,
                    layer=layer,
                    value=value,
                    updated_by=actor,
                    updated_at=timezone.now(),
                )
                row.save(force_insert=True)
                answers[entry.key] = Stored(row)
        elif stored.row.value != value:
            stored.row.value = value
            changed.append(stored.row)
    if changed:
        Verdict.objects.bulk_update(changed, ["value"])


def summary_of(assessment: Assessment, layer: str, outcome: scoring.Outcome) -> Summary:
    """The outcome as a row, not yet stored."""
    return Summary(
        assessment=assessment,
        layer=layer,
        qualifies=outcome.qualifies,
        assessed=outcome.assessed,
        to_assess=outcome.to_assess,
        outcome=outcome.as_dict(),
        updated_at=timezone.now(),
    )
