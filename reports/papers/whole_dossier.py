"""Everything of one unit's dossier in one volume: which papers and files belong to it, and its cover and contents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from assessments.models import Attachment, Certificate, Event, Evidence, Layer, SubmissionLine
from assessments.permissions import AnyUser, visible_attachments
from assessments.self_assessment import entry_name
from assessments.workflow import FINAL, STATE_LABELS, State
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, queries, wording
from reports.files import plain
from reports.papers.base import Official
from reports.queries import Record


@dataclass(frozen=True, slots=True)
class Slip:
    """One file that was sent, as its own sheet and the contents tell of it."""

    number: int
    about: str  # the criterion, or what a signed paper belongs to
    name: str
    by: str
    added: datetime
    size: str
    sha256: str
    content_type: str
    path: str  # in the storage of evidence
    original_name: str
    refused: str = ""  # why it is not bound in, in words
    page: int = 0

    @property
    def day(self) -> str:
        return f"{self.added:%H:%M ngày %d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Bound:
    """One paper of the volume as the contents name it."""

    title: str
    pages: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """Evidence on paper: only its name is known."""

    about: str
    name: str


@dataclass(frozen=True, slots=True)
class WholeDossier(Official):
    """Cover and contents. What is bound in is added when it has been made."""

    record: Record
    authority: Authority | None
    letterhead: offices.Letterhead
    # Numbers of what the unit's papers are of; each is made with the rights of whoever asks.
    meeting: int | None
    submission: int | None
    visit: int | None
    decision: int | None
    certificate: int | None
    begun: date
    evidence: list[Slip]
    signed: list[Slip]
    references: list[Reference]
    papers: list[Bound] = field(default_factory=list)
    pages: int = 0

    @property
    def short(self) -> str:
        unit = self.record.assessment.unit
        return f"toan-bo-ho-so-{plain(unit.ward.name)}-{plain(unit.name)}-{self.year}"

    @property
    def title(self) -> str:
        return f"Toàn bộ hồ sơ {self.unit_name}, năm {self.year}"

    @property
    def edition(self) -> str:
        """Kept by its content: a signed paper or certificate that comes later makes another volume."""
        return ""

    @property
    def draft(self) -> bool:
        return self.record.assessment.workflow_state in (State.DRAFT, State.COUNCIL)

    @property
    def year(self) -> int:
        return self.record.assessment.plan.year

    @property
    def unit_name(self) -> str:
        return wording.place(self.record.assessment.unit)

    @property
    def state(self) -> str:
        return STATE_LABELS[self.record.standing]

    @property
    def closed(self) -> bool:
        return self.record.standing in FINAL

    @property
    def as_of(self) -> datetime:
        return self.record.as_of

    @property
    def period(self) -> str:
        """From the first to the last event of the dossier."""
        return f"Từ ngày {self.begun:%d/%m/%Y} đến ngày {self.as_of:%d/%m/%Y}"

    @property
    def slips(self) -> list[Slip]:
        return [*self.signed, *self.evidence]

    def bound(self, papers: list[Bound], slips: Iterable[Slip], pages: int) -> "WholeDossier":
        """The same with what is in it and where."""
        slips = list(slips)
        at = len(self.signed)
        return replace(self, papers=papers, signed=slips[:at], evidence=slips[at:], pages=pages)


def read(user: AnyUser, ids: tuple[int, ...]) -> WholeDossier:
    """What belongs to one assessment; raises Assessment.DoesNotExist outside the person's scope."""
    [pk] = ids
    record = queries.assessment_record(user, pk)
    assessment = record.assessment
    authority = authority_on(assessment.plan.issued_on)
    sent = SubmissionLine.objects.filter(assessment=pk, standing=True).first()
    visit = getattr(assessment, "visit", None)
    first = Event.objects.filter(assessment=pk).order_by("sequence").values_list("at", flat=True).first()
    targets = {
        "meeting": record.resolution.meeting_id if record.resolution else None,
        "submission": sent.submission_id if sent else None,
        "visit": visit.pk if visit and visit.held_on else None,
        "decision": record.line.decision_id if record.line else None,
    }
    signed = list(_signed(user, targets))
    return WholeDossier(
        record=record,
        authority=authority,
        letterhead=offices.of_ward(assessment.unit.ward, authority),
        meeting=targets["meeting"],
        submission=targets["submission"],
        visit=targets["visit"],
        decision=targets["decision"],
        certificate=_certificate(record),
        begun=timezone.localdate(first) if first else record.as_of.date(),
        evidence=list(_files(record, len(signed))),
        signed=signed,
        references=_references(record),
    )


def _certificate(record: Record) -> int | None:
    if record.line is None:
        return None
    return Certificate.objects.filter(line=record.line).values_list("pk", flat=True).first()


def _signed(user: AnyUser, targets: dict[str, int | None]) -> Iterator[Slip]:
    """Signed papers of what the dossier went through, as far as the person sees them."""
    wanted = Q(pk__in=[])
    for target, pk in targets.items():
        if pk is not None:
            wanted |= Q(**{target: pk})
    words = {
        "meeting": "Biên bản họp hội đồng",
        "submission": "Hồ sơ gửi thành phố",
        "visit": "Biên bản thẩm định tại cơ sở",
        "decision": "Quyết định",
    }
    found = visible_attachments(user).filter(wanted).select_related("added_by").order_by("pk").distinct()
    for number, row in enumerate(found, 1):
        about = next(words[target] for target in words if getattr(row, f"{target}_id"))
        yield _slip(number, f"Bản ký, bản quét: {about}", row.original_name, row)


def _files(record: Record, before: int) -> Iterator[Slip]:
    entries = {entry.id: entry for entry in record.table}
    files = [row for row in record.evidence if row.file]
    for number, row in enumerate(files, before + 1):
        layer = "" if row.layer == Layer.SELF else f" ({str(Layer(row.layer).label).lower()})"
        yield _slip(number, f"{entry_name(entries[row.entry_id])}{layer}", wording.evidence_name(row), row)


def _slip(number: int, about: str, name: str, row: Evidence | Attachment) -> Slip:
    return Slip(
        number=number,
        about=about,
        name=name,
        by=str(row.added_by),
        added=timezone.localtime(row.added_at),
        size=wording.size(row.size),
        sha256=row.sha256,
        content_type=row.content_type,
        path=row.file.name or "",
        original_name=row.original_name,
    )


def _references(record: Record) -> list[Reference]:
    entries = {entry.id: entry for entry in record.table}
    return [Reference(entry_name(entries[row.entry_id]), row.reference) for row in record.evidence if not row.file]
