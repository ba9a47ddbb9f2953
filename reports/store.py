"""The store of made files, keyed by what they were made from: unchanged documents are made once."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from reports.models import PrintJob, PrintPart, StoredFile
from reports.models.files import Format

logger = logging.getLogger(__name__)
WORKSHOP = "in-hand-"
WRITING = 202_006  # first number of the locks on what lies under one checksum


class Damaged(Exception):
    """A kept file is missing or is no longer what was written; the message names it."""


def find(key: str) -> StoredFile | None:
    """The file made from this content, if its bytes are still there, whole; from then on the sweeper spares it."""
    file = StoredFile.objects.filter(key=key).first()
    if file is None or not _whole(file):
        return None
    today = timezone.localdate()
    if file.used_on != today and not StoredFile.objects.filter(pk=file.pk).update(used_on=today):
        return None  # swept this moment
    return file


def _whole(file: StoredFile) -> bool:
    """Whether the bytes lie there, as far as their number tells."""
    try:
        return place(file).stat().st_size == file.size
    except OSError:
        return False


@transaction.atomic
def keep(key: str, form: Format, content: bytes, pages: int | None = None) -> StoredFile:
    """Write a made file under its key. Whoever made the same at the same time: the first one counts."""
    file = StoredFile(key=key, format=form, sha256=hashlib.sha256(content).hexdigest(), size=len(content), pages=pages)
    _hold(file.sha256)
    _write(place(file), content, file.sha256)
    return _row(file)


@transaction.atomic
def keep_file(key: str, form: Format, made: Path, pages: int | None = None) -> StoredFile:
    """The same for a large file that was written on disk; it is moved into the store, never held in memory."""
    sha256, size = checksum(made), made.stat().st_size
    file = StoredFile(key=key, format=form, sha256=sha256, size=size, pages=pages)
    _hold(sha256)
    _move(made, place(file))
    return _row(file)


def _row(file: StoredFile) -> StoredFile:
    found, new = StoredFile.objects.get_or_create(
        key=file.key,
        defaults={"format": file.format, "sha256": file.sha256, "size": file.size, "pages": file.pages},
    )
    return found if new or _whole(found) else _instead(found, file)


def _hold(sha256: str) -> None:
    """Until this transaction ends, bytes with this checksum are not swept: their row cannot be seen before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", _lock(sha256))


def left_alone(sha256: str) -> bool:
    """Whether nobody is writing bytes with this checksum, nor will until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", _lock(sha256))
        return bool(cursor.fetchone()[0])


def _lock(sha256: str) -> tuple[int, int]:
    return WRITING, int(sha256[:7], 16)


def _instead(lost: StoredFile, file: StoredFile) -> StoredFile:
    """The row outlived its bytes, and making them anew gave other bytes: what was issued only a copy can bring back."""
    if lost.issued.exists():
        raise Damaged(lost.path)
    with transaction.atomic():
        PrintPart.objects.filter(file=lost).update(file=None)
        PrintJob.objects.filter(file=lost).update(file=None)
        lost.delete()
        file.save(force_insert=True)
    return file


def checksum(path: Path) -> str:
    """SHA-256 of a file of any length."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for what is being put together, on the store's own disk; gone afterwards."""
    root = Path(settings.DOCUMENT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=root, prefix=WORKSHOP) as folder:
        yield Path(folder)


def read(file: StoredFile) -> bytes:
    """The bytes, proved by their checksum. Raises Damaged; what was not issued is then made anew the next time."""
    try:
        content = place(file).read_bytes()
    except OSError as error:
        raise Damaged(file.path) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        _damaged(file)
        raise Damaged(file.path)
    return content


def check(file: StoredFile) -> None:
    """The same proof for a file of any length. Raises Damaged."""
    try:
        proved = checksum(place(file)) == file.sha256
    except OSError as error:
        raise Damaged(file.path) from error
    if not proved:
        _damaged(file)
        raise Damaged(file.path)


def _damaged(file: StoredFile) -> None:
    """Bytes that nobody can prove are put out of the way, so that they are not found again."""
    logger.error("Stored document %s does not have its checksum any more", file.path)
    issued = StoredFile.objects.filter(sha256=file.sha256, format=file.format, issued__isnull=False)
    if not issued.exists():  # what was issued stays where it is, for whoever brings it back from a copy
        place(file).unlink(missing_ok=True)


def place(file: StoredFile) -> Path:
    """Where the bytes lie."""
    return Path(settings.DOCUMENT_ROOT) / file.path


def _write(path: Path, content: bytes, sha256: str) -> None:
    """Whole or not at all, also through a power cut."""
    if path.is_file() and path.stat().st_size == len(content) and checksum(path) == sha256:
        return
    _folder(path)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        _flush(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _move(made: Path, path: Path) -> None:
    """From the workshop to its place, on the disk before the row names it."""
    _folder(path)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.chmod(0o600)
    made.replace(path)
    _flush(path.parent)


def _folder(path: Path) -> None:
    """Where the file goes, for nobody else to look into: mkdir gives its mode to the last folder only."""
    Path(settings.DOCUMENT_ROOT).mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)


def _flush(folder: Path) -> None:
    """The name of a file is on the disk before a row is that names it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
