"""Evidence of an entry: adding files and references of papers, and taking them off again.

A file is written before the transaction that names it, and deleted if that fails: a row never points to
nothing. Removal marks the row; the file stays, as the record does.
"""

import hashlib
import logging
import os
import re
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from assessments import filetypes, uploads
from assessments.deeds import InvalidInput, Refusal, lock, record, table_of
from assessments.models import Assessment, Event, Evidence
from assessments.permissions import may_answer
from criteria.spec import Entry
from localities.text import clean

NAME_LIMIT = 200
REFERENCE_LIMIT = 300
# An extension that contradicts the content is replaced when it is one of these, otherwise the true one is added.
_REPLACED_EXTENSIONS = {*filetypes.KNOWN, "jpeg", "doc", "xls"}

logger = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file that lies in the storage and waits for its row."""

    path: str
    name: str
    type: filetypes.FileType
    sha256: str
    size: int


def add_files(*, user: User, assessment_id: int, layer: str, key: str, files: Iterable[File]) -> list[Added]:
    """Store files as evidence of one entry; good ones are kept although others are refused.

    Raises Refusal when the layer is closed to this person, Assessment.DoesNotExist for an unknown
    assessment or entry; then no file is kept.
    """
    with transaction.atomic():
        _open(user, assessment_id, layer, key)  # nobody without the right makes us read and write files
    # The row is not locked meanwhile: checking pictures takes its time.
    outcomes: list[Added | _Kept] = []
    try:
        for file in files:
            outcomes.append(_keep(file))
        with transaction.atomic():
            assessment, entry = _open(user, assessment_id, layer, key)
            added = [
                _add_row(assessment, entry, layer, outcome, user) if isinstance(outcome, _Kept) else outcome
                for outcome in outcomes
            ]
    except BaseException:
        _delete(outcome.path for outcome in outcomes if isinstance(outcome, _Kept))
        raise
    used = {result.evidence.file.name for result in added if result.evidence}
    _delete(outcome.path for outcome in outcomes if isinstance(outcome, _Kept) and outcome.path not in used)
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
def remove(*, user: User, assessment_id: int, evidence_id: int) -> Evidence:
    """Take one piece of evidence off; again changes nothing. The row and its file stay for the record.

    Raises Evidence.DoesNotExist or Assessment.DoesNotExist outside the person's scope, Refusal when the
    layer it belongs to is closed.
    """
    assessment = lock(user, assessment_id)
    evidence = Evidence.objects.select_related("entry").get(pk=evidence_id, assessment=assessment)
    _require_right(user, assessment, evidence.layer)
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = timezone.now(), user
        evidence.save(update_fields=["removed_at", "removed_by"])
        _record(Event.Kind.EVIDENCE_REMOVED, assessment, evidence, evidence.entry.key, user)
    return evidence


def present(assessment: Assessment, entry_id: int) -> QuerySet[Evidence]:
    """What all layers show for one entry now, in the order it came."""
    return Evidence.objects.filter(assessment=assessment, entry=entry_id, removed_at=None)


def clean_name(raw: str, extension: str) -> str:
    """A file's name fit to be kept, shown and saved anywhere, with the true extension."""
    text = safe_text(raw)
    given = PurePosixPath(text).suffix.lower().removeprefix(".")
    if given in _REPLACED_EXTENSIONS:
        text = text[: -len(given) - 1]
    return f"{text[: NAME_LIMIT - len(extension) - 1].rstrip('. ') or 'tep'}.{extension}"


def safe_text(raw: str) -> str:
    """A file's name without path, invisible characters and what file systems or markup would trip over."""
    text = unicodedata.normalize("NFC", "".join(" " if char in "\t\n\r" else char for char in raw))
    # Controls, formats such as the right-to-left override, halves of surrogates, private use.
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"})
    text = re.sub(r'[<>:"|?*]', "_", re.split(r"[/\\]", text)[-1])
    return " ".join(text.split()).strip(". ")[:NAME_LIMIT]


def named(name: str, sentence: str) -> str:
    """A sentence that begins with "Tệp", with the file's name put in."""
    return sentence.replace("Tệp ", f"Tệp “{safe_text(name)}” ", 1)


def _open(user: User, assessment_id: int, layer: str, key: str) -> tuple[Assessment, Entry]:
    """The locked assessment and the entry, for a person who may write this layer now."""
    assessment = lock(user, assessment_id)
    _require_right(user, assessment, layer)
    entry = table_of(assessment).entries_by_key.get(key)
    if entry is None:
        raise Assessment.DoesNotExist
    return assessment, entry


def _require_right(user: User, assessment: Assessment, layer: str) -> None:
    if not may_answer(user, assessment, layer):
        raise Refusal("Hồ sơ này không còn mở để bạn thêm hoặc gỡ minh chứng. Tải lại trang để xem tình trạng hồ sơ.")


def _keep(file: File) -> Added | _Kept:
    """Check one file and copy it into the storage under a name of ours, or say why not."""
    raw = file.name or ""
    shown = safe_text(raw)
    if file.size > settings.UPLOAD_MAX_BYTES:
        return Added(shown, error=named(shown, uploads.too_large()))
    try:
        found = filetypes.recognise(file)
    except filetypes.Unacceptable as error:
        return Added(shown, error=named(shown, f"Tệp {error}"))
    path = f"{timezone.localdate():%Y/%m}/{uuid.uuid4()}.{found.extension}"
    counted = _Counted(file)
    try:
        default_storage.save(path, counted)
        _flush(path)
    except BaseException as error:
        _delete([path])
        if not isinstance(error, OSError):
            raise
        logger.exception("Evidence file %s could not be written", path)
        return Added(
            shown, error=f"Máy chủ chưa lưu được tệp “{shown}”. Thử lại sau ít phút; nếu vẫn vậy, báo quản trị."
        )
    return _Kept(path, clean_name(raw, found.extension), found, counted.sha256.hexdigest(), counted.length)


class _Counted(File):
    """Passes a file's chunks on and takes its length and checksum on the way."""

    def __init__(self, file: File) -> None:
        super().__init__(file, file.name)
        self.sha256 = hashlib.sha256()
        self.length = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in super().chunks(chunk_size):
            self.sha256.update(chunk)
            self.length += len(chunk)
            yield chunk


def _flush(path: str) -> None:
    """The row must not survive a power cut that its file does not."""
    with default_storage.open(path) as file:
        os.fsync(file.fileno())


def _delete(paths: Iterable[str]) -> None:
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError:
            logger.exception("Evidence file %s is left over", path)


def _add_row(assessment: Assessment, entry: Entry, layer: str, kept: _Kept, user: User) -> Added:
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
