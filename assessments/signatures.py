"""What the digital signatures of a paper say: who signed, when, and whether the paper is still what was signed.

Looked at once, when the paper comes, and kept with it. Nobody is asked over the network, so that a certificate
revoked by its authority is not noticed; the pages say so.
"""

import json
import logging
import os
import subprocess
import sys
import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from localities.text import clean

SECONDS = 15  # for the reader's process as a whole; it gives itself less
NAME_LIMIT = 200
MOST_TOLD = 1024 * 1024  # bytes of the reader's answer
# Every signature needs this word in plain letters: its own bytes are what the signature leaves out.
_MARK = b"ByteRange"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature field. Times are ISO texts, as the database keeps them; "" where nothing is known."""

    problem: str = ""  # "unreadable", "skipped": nothing else is known then
    field: str = ""
    kind: str = "signature"  # or "timestamp": a time stamping authority's own, over the whole paper
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    at: str = ""
    stamped: bool = False  # the time is an authority's; otherwise the signer's own word
    stamp_trusted: bool = False
    genuine: bool = False  # the signed bytes and the certificate's key agree
    later: str = "nothing"  # added after signing: "nothing", "allowed", "forbidden"; "uncovered": cannot be told
    valid_from: str = ""
    valid_until: str = ""
    self_issued: bool = False  # the signer's own certificate: anybody makes one under any name
    trust: str = "unchecked"  # "trusted", "unknown"; "unchecked" where no authorities are named

    @property
    def intact(self) -> bool:
        """Whether the paper is what was signed, with nothing more than what the signature allows."""
        return not self.problem and self.genuine and self.later in ("nothing", "allowed")

    @property
    def signed_at(self) -> datetime | None:
        return _moment(self.at)

    @property
    def valid_days(self) -> tuple[datetime | None, datetime | None]:
        """From when to when the certificate says it is valid."""
        return _moment(self.valid_from), _moment(self.valid_until)

    @property
    def certificate(self) -> str:
        """How the certificate stood at the time of signing: "valid", "expired", "early"; "" where nobody knows."""
        (first, last), at = self.valid_days, self.signed_at
        if first is None or last is None:
            return ""
        at = at or timezone.now()
        return "early" if at < first else "expired" if at > last else "valid"

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against it; that its authority is known is not asked."""
        known = self.trust == "trusted" or (self.trust == "unchecked" and not self.self_issued)
        return self.intact and self.certificate == "valid" and known

    @property
    def tone(self) -> str:
        """The state as pages show it; "" for what is in order as far as one can see without knowing the authority."""
        if not self.intact:
            return "differs" if self.problem else "not_met"
        return ("met" if self.trust == "trusted" else "") if self.sound else "differs"

    @property
    def sign(self) -> str:
        return {"met": "✓", "": "○", "not_met": "✕", "differs": "◆"}[self.tone]

    @property
    def verdict(self) -> str:
        """In few words what came of looking at it."""
        if self.problem:
            return "không đọc được chữ ký số" if self.problem == "unreadable" else "chưa xem được"
        if not self.intact:
            return "đã bị sửa sau khi ký" if self.later != "uncovered" else "không bao trùm văn bản"
        ended = {"expired": "chứng thư đã hết hạn khi ký", "early": "chứng thư chưa có hiệu lực khi ký"}
        trust = {
            "trusted": "chứng thư tin cậy",
            "unknown": "chứng thư của tổ chức không có trong danh sách",
            "unchecked": "chứng thư chưa đối chiếu",
        }
        if self.self_issued and self.trust != "trusted":
            return "chứng thư tự cấp, không rõ ai ký"
        return f"nguyên vẹn, {ended.get(self.certificate) or trust[self.trust]}"


def look(file: File) -> list[Signature]:
    """The signatures of a PDF in the order of signing; one that says "unreadable" where they cannot be read.

    Never raises for what the file contains, asks nobody over the network, and ends within SECONDS.
    """
    if file.size > settings.UPLOAD_MAX_BYTES:  # it is not kept either
        return [Signature(problem="unreadable")]
    file.seek(0)
    content = file.read()
    file.seek(0)
    if not content.startswith(b"%PDF-"):
        return [Signature(problem="unreadable")]
    if _MARK not in content:  # most papers are scans; these cost nothing
        return []
    # Traces of a signature that no field shows any more: it was taken off, or something was hung on behind it.
    return [_signature(row) for row in _read(content)] or [Signature(problem="unreadable")]


def stored(signatures: list[Signature]) -> list[dict[str, Any]]:
    """As the attachment keeps them."""
    return [asdict(signature) for signature in signatures]


def of(kept: Any) -> list[Signature] | None:
    """What an attachment keeps, None when it came before signatures were looked at."""
    return None if kept is None else [_signature(row) for row in kept]


def _read(content: bytes) -> list[Any]:
    """In a process of its own, which may be ended, with nothing of ours in its environment."""
    command = [sys.executable, "-m", "assessments.signature_reader", str(settings.SIGNATURE_ROOTS)]
    try:
        done = subprocess.run(  # noqa: S603  a fixed command; the file comes through its input
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"},
            check=True,
        )
        rows = json.loads(done.stdout) if len(done.stdout) < MOST_TOLD else None
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        logger.warning("Digital signatures could not be read: %s", error)
        return [{"problem": "unreadable"}]
    return rows if isinstance(rows, list) else [{"problem": "unreadable"}]


def _signature(row: Any) -> Signature:
    """Only what belongs there, names fit to be shown: they come from the file."""
    known = {field.name: type(field.default) for field in fields(Signature)}
    given: dict[str, Any] = {}
    for name, kind in known.items():
        if isinstance(row, dict) and type(row.get(name)) is kind:
            given[name] = _shown(row[name]) if kind is str else row[name]
    return Signature(**given)


def _shown(value: str) -> str:
    text = clean(value.encode("utf-8", "ignore").decode())
    # Formats such as the right-to-left override would turn what stands beside the name.
    text = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Co", "Cn"})
    return " ".join(text.split())[:NAME_LIMIT]


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return timezone.localtime(found) if found and found.tzinfo else None
