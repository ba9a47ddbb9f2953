"""The self-assessment sheet of one unit: what the ward says of it and nobody else, as plain values for the template."""

from dataclasses import dataclass

from django.utils import timezone

from assessments.models import Layer
from assessments.permissions import AnyUser
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, queries
from reports.files import plain
from reports.papers import dossier_parts as parts
from reports.papers.dossier_parts import EvidenceRow, Grid, Result
from reports.papers.unit_paper import UnitPaper
from reports.queries import Record

OWN = (Layer.SELF,)


@dataclass(frozen=True, slots=True)
class StandardLine:
    """One line of the overview: a standard and how it stands."""

    label: str
    count: str
    needed: int
    told: str


@dataclass(frozen=True, slots=True)
class SelfSheet(UnitPaper):
    """Everything the template prints; names of offices come from the data of the plan's time."""

    record: Record
    authority: Authority | None
    grounds: list[str]
    facts: list[tuple[str, str]]  # side by side
    grids: list[Grid]
    evidence: list[EvidenceRow]
    standards: list[StandardLine]
    result: Result | None  # none before the first answer
    receivers: list[str]
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Phiếu tự đánh giá {self.unit_name}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"phieu-tu-danh-gia-{plain(self.ward.name)}-{plain(self.record.assessment.unit.name)}-{self.year}"

    @property
    def edition(self) -> str:
        """Nothing of this layer changes after sending; each sending of a returned dossier is an edition of its own."""
        sent = self.record.assessment.submitted_at
        return "" if self.draft or sent is None else f"gui-{sent:%Y%m%dT%H%M%S%f}"

    @property
    def contents(self) -> str:
        """How many of the judged contents are well done: 5/6."""
        outcome = self.record.outcomes.get(Layer.SELF)
        return parts.contents_well_done(outcome) if outcome else ""

    @property
    def cases(self) -> int:
        """How many disqualifying cases occur."""
        outcome = self.record.outcomes.get(Layer.SELF)
        return len(outcome.occurring) if outcome else 0


def read(user: AnyUser, ids: tuple[int, ...]) -> SelfSheet:
    """The sheet of one assessment; raises Assessment.DoesNotExist outside the person's scope."""
    [pk] = ids
    record = queries.assessment_record(user, pk)
    return build(record, authority_on(record.assessment.plan.issued_on))


def build(record: Record, authority: Authority | None) -> SelfSheet:
    """The sheet from what was read."""
    assessment = record.assessment
    outcome = record.outcomes.get(Layer.SELF)
    signed = timezone.localdate(assessment.submitted_at) if assessment.submitted_at else record.as_of.date()
    return SelfSheet(
        record=record,
        authority=authority,
        grounds=parts.grounds(assessment.plan, record.table.legal_basis, authority),
        facts=parts.facts(record),
        grids=parts.grids(record, OWN),
        evidence=parts.evidence_rows(record, OWN),
        standards=_standards(record),
        result=parts.result(record.table, Layer.SELF, outcome) if outcome else None,
        receivers=parts.receivers(record, authority),
        letterhead=offices.of_ward(assessment.unit.ward, authority),
        signing=offices.signing(assessment.unit.ward, signed),
    )


def _standards(record: Record) -> list[StandardLine]:
    outcome = record.outcomes.get(Layer.SELF)
    if outcome is None:
        return []
    return [
        StandardLine(
            label=f"Tiêu chuẩn {section.number}. {section.name}",
            count=parts.count(result),
            needed=result.needed,
            told="Đảm bảo" if result.holds else f"Chưa đảm bảo, thiếu {result.missing}",
        )
        for section, result in zip(record.table.standards, outcome.standards, strict=True)
    ]
