"""Keeping files that people send: checked, counted and written under a name of ours before any row names them."""

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
from django.utils import timezone

from assessments import filetypes, uploads

NAME_LIMIT = 200
# An extension that contradicts the content is replaced when it is one of these, otherwise the true one is added.
_REPLACED_EXTENSIONS = {*filetypes.KNOWN, "jpeg", "doc", "xls"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the storage and waits for its row."""

    path: str
    name: str
    type: filetypes.FileType
    sha256: str
    size: int


def keep(file: File) -> Kept | str:
    """Check one file and copy it into the storage under a name of ours; a sentence when it cannot be kept.

    Whoever then writes no row for it deletes it again (`forget`).
    """
    raw = file.name or ""
    shown = safe_text(raw)
    if file.size > settings.UPLOAD_MAX_BYTES:
        return named(shown, uploads.too_large())
    try:
        found = filetypes.recognise(file)
    except filetypes.Unacceptable as error:
        return named(shown, f"Tệp {error}")
    path = f"{timezone.localdate():%Y/%m}/{uuid.uuid4()}.{found.extension}"
    counted = _Counted(file)
    try:
        default_storage.save(path, counted)
        _flush(path)
    except BaseException as error:
        forget([path])
        if not isinstance(error, OSError):
            raise
        logger.exception("File %s could not be written", path)
        return f"Máy chủ chưa lưu được tệp “{shown}”. Thử lại sau ít phút; nếu vẫn vậy, báo quản trị."
    return Kept(path, clean_name(raw, found.extension), found, counted.sha256.hexdigest(), counted.length)


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


def forget(paths: Iterable[str]) -> None:
    """Delete files that no row will name."""
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError:
            logger.exception("File %s is left over", path)
