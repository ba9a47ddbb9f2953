"""The proof that what is stored equals a fresh scoring (manage.py check_summaries)."""

from assessments.answers import APPRAISING, LayerAnswers, outcome_of, read, summary_of
from assessments.deeds import table_of, with_context
from assessments.models import Assessment, Layer, Summary
from criteria import spec


def stale_summaries() -> list[Summary]:
    """Summaries that are missing or differ from a fresh scoring, also in a single value; the check wants none."""
    wrong: list[Summary] = []
    for assessment in with_context(Assessment.objects.all()).iterator():
        table = table_of(assessment)
        answers = read(assessment, table, (Layer.SELF, *APPRAISING))
        stored = {summary.layer: summary for summary in Summary.objects.filter(assessment=assessment)}
        expected = {Layer.SELF.value} | {layer.value for layer in APPRAISING if answers[layer]}
        expected |= {Layer.EFFECTIVE.value} if len(expected) > 1 else set()
        for layer in sorted(expected | set(stored)):
            fresh = summary_of(assessment, layer, outcome_of(table, answers, layer))
            if layer not in stored or not _equal(stored[layer], fresh) or not _values_fresh(table, answers, layer):
                wrong.append(stored.get(layer, fresh))
    return wrong


def _equal(stored: Summary, fresh: Summary) -> bool:
    names = ("qualifies", "assessed", "to_assess", "outcome")
    return all(getattr(stored, name) == getattr(fresh, name) for name in names)


def _values_fresh(table: spec.Table, answers: dict[str, LayerAnswers], layer: str) -> bool:
    """Whether the value stored with each answer is what the rule makes of it."""
    verdicts = outcome_of(table, answers, layer).verdicts
    return all(stored.value == (verdicts[key].verdict or "") for key, stored in answers.get(layer, {}).items())
