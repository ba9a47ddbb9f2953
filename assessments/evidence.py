"""Evidence of an entry: adding files and references of papers, and taking them off again.

A file is written before the transaction that names it, and deleted if that fails: a row never points to
nothing. Removal marks the row; the file stays, as the record does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from assessments import keeping, model_evidence
from assessments.deeds import InvalidInput, Refusal, lock, record, table_of
from assessments.models import Assessment, CommunityModel, Event, Evidence
from assessments.permissions import may_answer
from criteria.spec import Entry
from localities.text import clean

REFERENCE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file: the evidence it is now, or the sentence why not."""

    name: str
    evidence: Evidence | None = None
    repeated: bool = False  # the same content was here already; nothing was added
    error: str = ""

    @property
    def notice(self) -> str:
        """For a file that was here already: where it is found."""
        if not self.repeated or self.evidence is None:
            return ""
        known_as = self.evidence.original_name
        under = f" với tên “{known_as}”" if known_as != self.name else ""
        return f"Tệp “{self.name}” đã có ở mục này{under}, không thêm lần nữa."


def add_files(*, user: User, assessment_id: int, layer: str, key: str, files: Iterable[File]) -> list[Added]:
    """Store files as evidence of one entry; good ones are kept although others are refused.

    Raises Refusal when the layer is closed to this person, Assessment.DoesNotExist for an unknown
    assessment or entry; then no file is kept.
    """
    with transaction.atomic():
        _open(user, assessment_id, layer, key)  # nobody without the right makes us read and write files
    # The row is not locked meanwhile: checking pictures takes its time.
    outcomes: list[Added | keeping.Kept] = []
    try:
        for file in files:
            kept = keeping.keep(file)
            outcomes.append(Added(keeping.safe_text(file.name or ""), error=kept) if isinstance(kept, str) else kept)
        with transaction.atomic():
            assessment, entry = _open(user, assessment_id, layer, key)
            added = [
                _add_row(assessment, entry, layer, outcome, user) if isinstance(outcome, keeping.Kept) else outcome
                for outcome in outcomes
            ]
    except BaseException:
        keeping.forget(outcome.path for outcome in outcomes if isinstance(outcome, keeping.Kept))
        raise
    used = {result.evidence.file.name for result in added if result.evidence}
    keeping.forget(
        outcome.path for outcome in outcomes if isinstance(outcome, keeping.Kept) and outcome.path not in used
    )
    return added


@transaction.atomic
def add_reference(*, user: User, assessment_id: int, layer: str, key: str, reference: str) -> Evidence:
    """Name a paper document as evidence of one entry; the same words again change nothing.

    Raises InvalidInput for an empty or over-long reference, Refusal and Assessment.DoesNotExist as add_files.
    """
    assessment, entry = _open(user, assessment_id, layer, key)
    text = " ".join(clean(reference).split())
    if not text:
        raise InvalidInput("Ghi tên hoặc số, ký hiệu của văn bản làm minh chứng.", "reference")
    if len(text) > REFERENCE_LIMIT:
        raise InvalidInput(
            f"Tên, số ký hiệu văn bản dài {len(text)} ký tự, tối đa {REFERENCE_LIMIT}. Rút gọn rồi lưu lại.",
            "reference",
        )
    existing = present(assessment, entry.id).filter(layer=layer, reference=text).first()
    if existing is not None:
        return existing
    evidence = Evidence.objects.create(
        assessment=assessment, entry_id=entry.id, layer=layer, reference=text, added_by=user
    )
    _record(Event.Kind.EVIDENCE_ADDED, assessment, evidence, entry.key, user)
    return evidence


@transaction.atomic
def add_model(*, user: User, assessment_id: int, layer: str, key: str, model_id: int) -> Evidence:
    """Show a model or group of the unit as evidence of one entry, in words as it stands now; again changes nothing.

    Raises CommunityModel.DoesNotExist for another unit's, InvalidInput for one that does not speak for this entry
    in this year, Refusal and Assessment.DoesNotExist as add_files.
    """
    assessment, entry = _open(user, assessment_id, layer, key)
    # Locked, so that the words are those of the row that is named.
    model = CommunityModel.objects.select_for_update(no_key=True).get(pk=model_id, unit=assessment.unit)
    if key not in model_evidence.entry_keys(model.kind, assessment.unit.kind):
        raise InvalidInput(f"“{model}” không phải là minh chứng của mục {entry.code}.", "model")
    existing = present(assessment, entry.id).filter(layer=layer, community_model=model).first()
    if existing is not None:
        return existing
    if not model_evidence.active_in(model, assessment.plan.year):
        raise InvalidInput(
            f"“{model}” không hoạt động trong năm {assessment.plan.year} nên không dùng làm minh chứng được.", "model"
        )
    evidence = Evidence.objects.create(
        assessment=assessment,
        entry_id=entry.id,
        layer=layer,
        reference=model_evidence.reference(model),
        community_model=model,
        added_by=user,
    )
    _record(Event.Kind.EVIDENCE_ADDED, assessment, evidence, entry.key, user)
    return evidence


@transaction.atomic
def remove(*, user: User, assessment_id: int, evidence_id: int) -> Evidence:
    """Take one piece of evidence off; again changes nothing. The row and its file stay for the record.

    Raises Evidence.DoesNotExist or Assessment.DoesNotExist outside the person's scope, Refusal when the
    layer it belongs to is closed.
    """
    assessment = lock(user, assessment_id)
    evidence = Evidence.objects.select_related("entry").get(pk=evidence_id, assessment=assessment)
    _require_right(user, assessment, evidence.layer, evidence.entry_id)
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = timezone.now(), user
        evidence.save(update_fields=["removed_at", "removed_by"])
        _record(Event.Kind.EVIDENCE_REMOVED, assessment, evidence, evidence.entry.key, user)
    return evidence


def present(assessment: Assessment, entry_id: int) -> QuerySet[Evidence]:
    """What all layers show for one entry now, in the order it came."""
    return Evidence.objects.filter(assessment=assessment, entry=entry_id, removed_at=None)


def _open(user: User, assessment_id: int, layer: str, key: str) -> tuple[Assessment, Entry]:
    """The locked assessment and the entry, for a person who may write this layer now."""
    assessment = lock(user, assessment_id)
    entry = table_of(assessment).entries_by_key.get(key)
    if entry is None:
        raise Assessment.DoesNotExist
    _require_right(user, assessment, layer, entry.id)
    return assessment, entry


def _require_right(user: User, assessment: Assessment, layer: str, entry_id: int) -> None:
    if not may_answer(user, assessment, layer, entry_id):
        raise Refusal("Hồ sơ này không còn mở để bạn thêm hoặc gỡ minh chứng. Tải lại trang để xem tình trạng hồ sơ.")


def _add_row(assessment: Assessment, entry: Entry, layer: str, kept: keeping.Kept, user: User) -> Added:
    """The row and the event for a kept file; the lock makes looking for the same content first safe."""
    existing = present(assessment, entry.id).filter(layer=layer, sha256=kept.sha256).first()
    if existing is not None:
        return Added(kept.name, existing, repeated=True)
    evidence = Evidence.objects.create(
        assessment=assessment,
        entry_id=entry.id,
        layer=layer,
        file=kept.path,
        original_name=kept.name,
        content_type=kept.type.content_type,
        size=kept.size,
        sha256=kept.sha256,
        added_by=user,
    )
    _record(Event.Kind.EVIDENCE_ADDED, assessment, evidence, entry.key, user)
    return Added(kept.name, evidence)


def _record(kind: Event.Kind, assessment: Assessment, evidence: Evidence, key: str, user: User) -> None:
    data: dict[str, object] = {"key": key, "evidence": evidence.pk}
    if evidence.file:
        data |= {"name": evidence.original_name, "size": evidence.size, "sha256": evidence.sha256}
    else:
        data["reference"] = evidence.reference
    record(assessment, kind, user, entry_id=evidence.entry_id, layer=evidence.layer, data=data)
