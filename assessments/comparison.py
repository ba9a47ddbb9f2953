"""The layers side by side, entry by entry, as plain rows for the comparison page. No query happens here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from assessments import scoring
from assessments.answers import LayerAnswers, Stored
from assessments.figures import figure_line
from assessments.models import ANSWERED, Evidence, Layer, Question
from assessments.sheet import SHORT_LABELS, SIGNS, dom_id
from criteria import spec


@dataclass(slots=True)
class Cell:
    """What one layer says of one entry."""

    layer: str
    label: str  # the layer's name
    value: str
    words: str
    sign: str
    note: str = ""
    figures: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CompareRow:
    """One entry with everybody's word."""

    entry: spec.Entry
    dom: str
    cells: list[Cell]  # self, agency, delegation, effective
    differs: bool
    missing: bool
    changed_since: bool  # the ward changed it after it was appraised
    agencies: list[str] = field(default_factory=list)  # the responsible one first
    evidence: list[Evidence] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def open_questions(self) -> int:
        return sum(question.answered_at is None for question in self.questions)


@dataclass(slots=True)
class Comparison:
    """All entries: those that differ, those without a result, and the rest."""

    rows: list[CompareRow]

    @property
    def differing(self) -> list[CompareRow]:
        return [row for row in self.rows if row.differs]

    @property
    def missing(self) -> list[CompareRow]:
        return [row for row in self.rows if row.missing]

    @property
    def asked(self) -> list[CompareRow]:
        """Otherwise settled, but somebody still owes an explanation."""
        return [row for row in self.rows if row.open_questions and not row.differs and not row.missing]

    @property
    def agreed(self) -> list[CompareRow]:
        return [row for row in self.rows if not (row.differs or row.missing or row.open_questions)]

    def only(self, entries: Collection[int]) -> "Comparison":
        return Comparison([row for row in self.rows if row.entry.id in entries])


def compare(
    table: spec.Table,
    answers: Mapping[str, LayerAnswers],
    outcomes: Mapping[str, scoring.Outcome],
    *,
    households: int | None = None,
    evidence: Iterable[Evidence] = (),
    questions: Iterable[Question] = (),
    agencies: Mapping[int, list[str]] | None = None,  # by entry
) -> Comparison:
    """Every entry of the table in printed order; `outcomes` holds all four layers'."""
    proofs: dict[int, list[Evidence]] = {}
    for proof in evidence:
        proofs.setdefault(proof.entry_id, []).append(proof)
    asked: dict[int, list[Question]] = {}
    for question in questions:
        asked.setdefault(question.entry_id, []).append(question)
    rows = []
    for entry in table:
        row = _row(entry, answers, outcomes, households)
        row.agencies = (agencies or {}).get(entry.id, [])
        row.evidence, row.questions = proofs.get(entry.id, []), asked.get(entry.id, [])
        rows.append(row)
    return Comparison(rows)


def _row(
    entry: spec.Entry,
    answers: Mapping[str, LayerAnswers],
    outcomes: Mapping[str, scoring.Outcome],
    households: int | None,
) -> CompareRow:
    cells = [_cell(entry, answers[layer].get(entry.key) or Stored(), str(layer), households) for layer in ANSWERED]
    verdict = outcomes[Layer.EFFECTIVE].verdicts[entry.key].verdict
    effective = verdict.value if verdict else ""
    cells.append(
        Cell(
            Layer.EFFECTIVE,
            str(Layer.EFFECTIVE.label),
            effective,
            SHORT_LABELS[effective] if effective else "Chưa có",
            SIGNS[effective],
        )
    )
    said = {cell.value for cell in cells[:3] if cell.value}
    return CompareRow(
        entry=entry,
        dom=dom_id(entry.key),
        cells=cells,
        differs=not entry.derived and len(said) > 1,
        missing=not entry.derived and not effective,
        changed_since=changed_since(entry, answers),
    )


def _cell(entry: spec.Entry, stored: Stored, layer: str, households: int | None) -> Cell:
    return Cell(
        layer=layer,
        label=str(Layer(layer).label),
        value=stored.value,
        words=SHORT_LABELS[stored.value] if stored.value or layer == Layer.SELF else "Chưa thẩm định",
        sign=SIGNS[stored.value],
        note=stored.note,
        figures=[figure_line(i, stored, households) for i in entry.indicators if i.key in stored.figures],
    )


def changed_since(entry: spec.Entry, answers: Mapping[str, LayerAnswers]) -> bool:
    """Whether the ward changed the entry after an appraising layer had judged it."""
    own = answers[Layer.SELF].get(entry.key)
    if own is None or own.row is None or entry.derived:
        return False
    judged = [answers[layer].get(entry.key) for layer in ANSWERED if layer != Layer.SELF]
    return any(s and s.row and s.stated and own.row.updated_at > s.row.updated_at for s in judged)
