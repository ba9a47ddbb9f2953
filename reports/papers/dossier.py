"""The dossier of one unit under one plan: what everybody said of it, as plain values for the template."""

from collections.abc import Callable
from dataclasses import dataclass

from assessments.models import ANSWERED, DecisionLine, Layer
from assessments.permissions import AnyUser
from assessments.scoring import Outcome, SectionResult
from assessments.workflow import FINAL
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, queries, wording
from reports.files import plain
from reports.papers import dossier_parts as parts
from reports.papers.dossier_parts import EvidenceRow, Grid, Result
from reports.papers.unit_paper import UnitPaper
from reports.queries import Record


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the overview: a standard and its result by layer, the effective one included."""

    label: str
    results: list[str]


@dataclass(frozen=True, slots=True)
class Dossier(UnitPaper):
    """Everything the template prints; names of offices come from the data of the plan's time."""

    record: Record
    authority: Authority | None
    grounds: list[str]
    facts: list[tuple[str, str]]  # side by side
    grids: list[Grid]
    evidence: list[EvidenceRow]
    overview: list[Line]
    results: list[Result]
    receivers: list[str]
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def short(self) -> str:
        return f"phieu-danh-gia-{plain(self.ward.name)}-{plain(self.record.assessment.unit.name)}-{self.year}"

    @property
    def edition(self) -> str:
        """Decided dossiers never change; what a later decision corrects is told by a paper of its own."""
        line = self.record.line
        return f"quyet-dinh-{line.decision_id}" if line and self.record.assessment.workflow_state in FINAL else ""

    @property
    def title(self) -> str:
        unit = self.record.assessment.unit
        return f"Hồ sơ đánh giá {wording.place(unit)}, năm {self.year}"

    @property
    def decision(self) -> DecisionLine | None:
        return self.record.line

    @property
    def decision_date(self) -> str:
        return wording.long_date(self.record.line.decision.issued_on) if self.record.line else ""


def read(user: AnyUser, ids: tuple[int, ...]) -> Dossier:
    """The dossier of one assessment; raises Assessment.DoesNotExist outside the person's scope."""
    [pk] = ids
    record = queries.assessment_record(user, pk)
    return build(record, authority_on(record.assessment.plan.issued_on))


def build(record: Record, authority: Authority | None) -> Dossier:
    """The dossier from what was read."""
    table, ward = record.table, record.assessment.unit.ward
    return Dossier(
        record=record,
        authority=authority,
        grounds=parts.grounds(record.assessment.plan, table.legal_basis, authority),
        facts=parts.facts(record),
        grids=parts.grids(record, ANSWERED),
        evidence=parts.evidence_rows(record, ANSWERED),
        overview=_overview(record),
        results=[
            parts.result(table, Layer(layer), record.outcomes[layer]) for layer in Layer if parts.speaks(record, layer)
        ],
        receivers=parts.receivers(record, authority),
        letterhead=offices.of_ward(ward, authority),
        signing=offices.signing(ward, record.as_of.date()),
    )


def _overview(record: Record) -> list[Line]:
    outcomes = [record.outcomes[layer] if parts.speaks(record, layer) else None for layer in Layer]

    def line(label: str, told: Callable[[Outcome], str]) -> Line:
        return Line(label, [told(outcome) if outcome else "" for outcome in outcomes])

    def section(result: SectionResult) -> str:
        return f"{parts.count(result)}; {f'thiếu {result.missing}' if result.missing else 'đủ'}"

    lines = [
        line(f"Tiêu chuẩn {standard.number}", lambda outcome, at=at: section(outcome.standards[at]))  # type: ignore[misc]
        for at, standard in enumerate(record.table.standards)
    ]
    lines.append(line("Nội dung tự quản thực hiện tốt", parts.contents_well_done))
    lines.append(line("Trường hợp không đảm bảo xảy ra", lambda outcome: str(len(outcome.occurring))))
    lines.append(line("Số mục đã đánh giá", lambda outcome: f"{outcome.assessed}/{outcome.to_assess}"))
    lines.append(line("Kết quả", parts.headline))
    return lines
