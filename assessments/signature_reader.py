"""Reads a PDF from standard input and tells what its digital signatures say, as JSON: the one door to pyHanko.

Started as a process of its own by assessments.signatures, without Django, secrets or network: whatever a hostile
file makes the parser do ends with this process.
"""

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

SECONDS = 8  # after which the signatures still left are named but not looked at
MEMORY_BYTES = 1024 * 1024 * 1024
# Each signature is compared with everything added after it, so that many of them cost their square.
MOST = 20
LONGEST = 1000  # characters of a name that are passed on
# Certificates of natural persons carry one of the two; which one differs between the authorities.
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


def main(roots_directory: str) -> int:
    """Write the list of signatures; an exit code other than 0 says that the file cannot be read."""
    _bound()
    logging.disable()  # pyHanko tells of every oddity, of which a crafted file has as many as it likes
    found = read(sys.stdin.buffer.read(), _roots(roots_directory))
    json.dump(found, sys.stdout)
    return 0


def read(content: bytes, roots: list[x509.Certificate]) -> list[dict[str, Any]]:
    """What each filled signature field says, in the order of signing. Raises whatever a broken file makes of it."""
    reader = PdfFileReader(BytesIO(content), strict=False)
    if reader.encrypted:
        reader.decrypt(b"")
    until = time.monotonic() + SECONDS
    fields = [(str(name), field) for name, value, field in enumerate_sig_fields(reader, filled_status=True) if value]
    signed = sorted((_embedded(reader, name, field) for name, field in fields), key=_revision)
    told = []
    for number, (name, embedded) in enumerate(signed):
        if number >= MOST or time.monotonic() > until:  # one line says it of all that are left
            told.append({"field": name[:LONGEST], "problem": "skipped"})
            break
        told.append({"field": name[:LONGEST]} | _look(embedded, roots))
    return told


def _embedded(reader: PdfFileReader, name: str, field: Any) -> tuple[str, EmbeddedPdfSignature | None]:
    try:
        return name, EmbeddedPdfSignature(reader, field.get_object(), name)
    except Exception:  # the parser raises dozens of kinds on crafted input
        return name, None


def _revision(item: tuple[str, EmbeddedPdfSignature | None]) -> int:
    return item[1].signed_revision if item[1] else sys.maxsize


def _look(embedded: EmbeddedPdfSignature | None, roots: list[x509.Certificate]) -> dict[str, Any]:
    if embedded is None:
        return {"problem": "unreadable"}
    try:
        return asyncio.run(_validated(embedded, roots))
    except Exception:  # as above
        return {"problem": "unreadable"}


async def _validated(embedded: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> dict[str, Any]:
    now = datetime.now(UTC)
    if embedded.sig_object_type == "/DocTimeStamp":
        status: Any = await async_validate_pdf_timestamp(embedded, _context(roots, now))
        at, stamp, kind = status.timestamp, status, "timestamp"
        later_ok = status.modification_level is not None and status.modification_level.name != "OTHER"
    else:
        times = await collect_timing_info(
            embedded.signer_info, _context(roots, now), raw_digest=embedded.compute_digest
        )
        stamp = times.get("timestamp_validity")
        stamp = stamp if stamp is not None and stamp.intact and stamp.valid else None
        at, kind = stamp.timestamp if stamp else embedded.self_reported_timestamp, "signature"
        at = at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
        moment = at if at is not None and at <= now else now
        status = await async_validate_pdf_signature(
            embedded, _context(roots, moment), _context(roots, now), key_usage_settings=_USAGE
        )
        later_ok = bool(status.docmdp_ok)
    certificate: x509.Certificate = status.signing_cert
    return {
        "kind": kind,
        "signer": _name(certificate.subject, "common_name"),
        "organisation": _name(certificate.subject, "organization_name"),
        "issuer": _name(certificate.issuer, "common_name") or _name(certificate.issuer, "organization_name"),
        "at": at.isoformat() if at else "",
        "stamped": stamp is not None,
        "stamp_trusted": bool(stamp is not None and stamp.trusted),
        "genuine": bool(status.intact and status.valid),
        "later": _later(status.coverage, later_ok),
        "self_issued": certificate.subject == certificate.issuer,
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_until": certificate.not_valid_after.isoformat(),
        "trust": ("trusted" if status.trusted else "unknown") if roots else "unchecked",
    }


def _later(coverage: SignatureCoverageLevel, allowed: bool) -> str:
    """What came after the signature: nothing, what the signed paper allows, or what it forbids."""
    if coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "nothing"
    if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "uncovered"
    return "allowed" if allowed else "forbidden"


def _name(name: x509.Name, part: str) -> str:
    value = name.native.get(part, "")
    return (" ".join(map(str, value)) if isinstance(value, list) else str(value or ""))[:LONGEST]


def _context(roots: list[x509.Certificate], moment: datetime) -> ValidationContext:
    """Trusts these roots only and asks nobody: neither lists of revoked certificates nor missing issuers."""
    return ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail", moment=moment)


def _roots(directory: str) -> list[x509.Certificate]:
    """The certificates in the directory, PEM or DER; what is neither is left out."""
    found: list[x509.Certificate] = []
    for path in sorted(Path(directory).iterdir()) if directory and Path(directory).is_dir() else []:
        try:
            content = path.read_bytes()
            parts = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
            certificates = [x509.Certificate.load(part, strict=True) for part in parts]
            for certificate in certificates:
                certificate.subject  # noqa: B018  asn1crypto reads only what is asked for
            found += certificates
        except (OSError, ValueError, TypeError):
            print(f"{path.name}: không phải chứng thư PEM hoặc DER", file=sys.stderr)  # noqa: T201
    return found


def _bound() -> None:
    """No more memory and time than a paper of the largest size can need, where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS * 2, SECONDS * 2))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
