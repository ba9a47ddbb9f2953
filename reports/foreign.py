"""Files that people sent, as pages for a volume or as photographs for a text; a process of its own does the work."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from reports import store
from reports.neutral import MAX_PAGES

SECONDS = 60
KINDS = {"application/pdf": "pdf", "image/jpeg": "image", "image/png": "image"}
REASONS = {
    "other": "Loại tệp này không in vào bản PDF được",
    "encrypted": "Tệp PDF có mật khẩu",
    "damaged": "Tệp bị hỏng hoặc không đúng định dạng",
    "too_long": f"Tệp dài hơn {MAX_PAGES} trang",
    "too_large": "Ảnh quá lớn",
    "missing": "Tệp không còn nguyên vẹn trên máy chủ",
    "full": "Bộ hồ sơ đã đủ dung lượng của bản PDF",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pages:
    """Harmless pages, or why there are none."""

    path: Path | None
    count: int = 0
    reason: str = ""  # a key of REASONS


def source(path: str, sha256: str) -> Path | None:
    """Where the bytes of a kept file lie, if they still are what was sent."""
    found = Path(default_storage.path(path))
    try:
        return found if store.checksum(found) == sha256 else None
    except OSError:
        return None


def pages_of(source: Path, content_type: str, target: Path) -> Pages:
    """Turn a file into pages at `target`. Never raises for what is in the file, and ends in a minute."""
    kind = KINDS.get(content_type)
    if kind is None:
        return Pages(None, reason="other")
    return _neutral(kind, source, target)


def photo_of(source: Path, content_type: str, target: Path) -> bool:
    """Whether a picture now lies at `target` as a small JPEG; likewise."""
    return KINDS.get(content_type) == "image" and _neutral("photo", source, target).path is not None


def _neutral(kind: str, source: Path, target: Path) -> Pages:
    command = [sys.executable, "-m", "reports.neutral", kind, str(source), str(target)]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", "")},  # nothing of ours, such as the database's password
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        said = json.loads(done.stdout.decode().splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        logger.warning("%s could not be read: %s", source.name, type(error).__name__)
        return Pages(None, reason="damaged")
    if "pages" not in said:
        return Pages(None, reason=said["refused"])
    return Pages(target, said["pages"])
