"""Real digital signatures for tests: an authority of our own, its people, and PDFs they sign."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests import files

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Identity:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    def save(self, folder: Path, encoding: Encoding = Encoding.PEM) -> None:
        folder.mkdir(exist_ok=True)
        (folder / f"{self.certificate.serial_number}.crt").write_bytes(self.certificate.public_bytes(encoding))

    @property
    def asn1_certificate(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    @property
    def asn1_key(self) -> keys.PrivateKeyInfo:
        raw = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return keys.PrivateKeyInfo.load(raw)


def identity(
    name: str,
    by: Identity | None = None,
    *,
    office: str = "Ủy ban nhân dân phường Tân Phong",
    since: datetime = NOW - timedelta(days=30),
    until: datetime = NOW + timedelta(days=365),
    stamping: bool = False,
    addresses: bool = False,
) -> Identity:
    """Somebody's certificate from this authority; without one, an authority of its own.

    `addresses`: it names where to ask for revoked certificates and for its issuer.
    """
    # pyHanko's time stamper for tests knows RSA only; the other kind is made a hundred times faster.
    key = rsa.generate_private_key(65537, 2048) if stamping else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, office), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    usage = dict.fromkeys(_USAGES, False) | ({"key_cert_sign": True} if by is None else {"digital_signature": True})
    builder = (
        x509.CertificateBuilder(subject_name=subject, public_key=key.public_key())
        .issuer_name(by.certificate.subject if by else subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if addresses:
        where = x509.UniformResourceIdentifier("http://chung-thuc.example/")
        point = x509.DistributionPoint([where], None, None, None)
        asked = [x509.AccessDescription(oid, where) for oid in (AuthorityInformationAccessOID.OCSP, _ISSUERS)]
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        builder = builder.add_extension(x509.AuthorityInformationAccess(asked), critical=False)
    return Identity(builder.sign(by.key if by else key, hashes.SHA256()), key)


_ISSUERS = AuthorityInformationAccessOID.CA_ISSUERS
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@cache
def authority() -> Identity:
    return identity("Cơ quan chứng thực thử", office="Tổ chức chứng thực thử", since=NOW - timedelta(days=3650))


@cache
def chairwoman() -> Identity:
    """Who signs for the ward in most tests; offices, no names of people."""
    return identity("Chủ tịch UBND phường Tân Phong", authority())


def signed(
    content: bytes = b"", by: Identity | None = None, *, field: str = "ky-1", tsa: Identity | None = None, **meta: Any
) -> bytes:
    """The PDF (a blank page without one) with one signature more, as an incremental update."""
    who = by or chairwoman()
    store = SimpleCertificateStore()
    store.register(authority().asn1_certificate)
    signer = signers.SimpleSigner(who.asn1_certificate, who.asn1_key, store)
    stamper = DummyTimeStamper(tsa.asn1_certificate, tsa.asn1_key, store) if tsa else None
    data = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **meta)
    out = apart(signers.PdfSigner(data, signer, timestamper=stamper).sign_pdf, writer(content or files.pdf()))
    return bytes(out.getbuffer())


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """In a thread of its own: in the tests' own an event loop runs as soon as a browser test was there."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work, *given).result()


def writer(content: bytes) -> IncrementalPdfFileWriter:
    """For additions to a PDF that leave what is there as it was."""
    return IncrementalPdfFileWriter(io.BytesIO(content))


def written(changed: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    changed.write(out)
    return out.getvalue()


def with_empty_field(content: bytes, name: str) -> bytes:
    """A field to be signed, placed before anybody signs."""
    changed = writer(content)
    fields.append_signature_field(changed, fields.SigFieldSpec(name))
    return written(changed)
