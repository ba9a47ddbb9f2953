"""Real signatures by an authority of our own: who signed, when, and what happened to the paper afterwards."""

import socket
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.base import ContentFile
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import MDPPerm
from pypdf import PdfReader, PdfWriter
from pytest_django import Settings

from assessments import signature_reader, signatures
from assessments.signatures import Signature, look, of, stored
from tests import files, signing


def seen(content: bytes) -> list[Signature]:
    return look(ContentFile(content))


@pytest.fixture
def roots(tmp_path: Path, settings: Settings) -> Path:
    """The authority of the tests is trusted."""
    folder = tmp_path / "roots"
    signing.authority().save(folder)
    settings.SIGNATURE_ROOTS = str(folder)
    return folder


def test_a_signature_says_who_and_when_and_that_nothing_changed() -> None:
    [one] = seen(signing.signed())
    assert (one.signer, one.organisation, one.issuer) == (
        "Chủ tịch UBND phường Tân Phong",
        "Ủy ban nhân dân phường Tân Phong",
        "Cơ quan chứng thực thử",
    )
    assert one.intact and one.sound and one.later == "nothing" and one.certificate == "valid"
    assert one.signed_at is not None and abs(timezone.now() - one.signed_at) < timedelta(minutes=5)
    assert not one.stamped, "the time is the signer's own word"
    assert one.trust == "unchecked" and one.verdict == "nguyên vẹn, chứng thư chưa đối chiếu"


def test_a_scan_has_no_signature() -> None:
    assert seen(files.pdf()) == []


def test_an_empty_signature_field_is_no_signature() -> None:
    assert seen(signing.with_empty_field(files.pdf(), "o-ky")) == []


def test_the_file_is_left_at_its_beginning() -> None:
    file = ContentFile(signing.signed())
    look(file)
    assert file.read(5) == b"%PDF-"


def test_bytes_changed_after_signing() -> None:
    content = signing.signed()
    at = content.index(b"200")  # the page's size stands before the signature
    [one] = seen(content[:at] + b"300" + content[at + 3 :])
    assert not one.intact and not one.genuine and not one.sound
    assert one.verdict == "đã bị sửa sau khi ký" and one.signer == "Chủ tịch UBND phường Tân Phong"


def test_a_page_changed_by_an_update_after_signing() -> None:
    changed = signing.writer(signing.signed())
    page = changed.root["/Pages"]["/Kids"][0].get_object()
    page["/MediaBox"] = generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 500, 500))
    changed.mark_update(page.container_ref)
    [one] = seen(signing.written(changed))
    assert one.genuine and one.later == "forbidden" and not one.intact
    assert one.verdict == "đã bị sửa sau khi ký"


def test_a_second_signature_leaves_the_first_intact() -> None:
    deputy = signing.identity("Phó Chủ tịch UBND phường Tân Phong", signing.authority())
    first, second = seen(signing.signed(signing.signed(), deputy, field="ky-2"))
    assert [first.field, second.field] == ["ky-1", "ky-2"]
    assert first.intact and first.later == "allowed"
    assert second.intact and second.later == "nothing" and second.signer == "Phó Chủ tịch UBND phường Tân Phong"


def test_a_signature_that_allows_no_further_change_tells_of_one() -> None:
    closed = signing.signed(certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    changed = signing.writer(closed)
    changed.root["/Lang"] = generic.pdf_string("vi")
    changed.update_root()
    [one] = seen(signing.written(changed))
    assert one.genuine and one.later == "forbidden" and not one.intact


def test_a_signature_hidden_by_another_document_hung_on_behind_it() -> None:
    [one] = seen(signing.signed() + files.pdf())
    assert one.problem == "unreadable" and not one.intact


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_known_authority(tmp_path: Path, settings: Settings, encoding: Encoding) -> None:
    signing.authority().save(tmp_path / "roots", encoding)
    (tmp_path / "roots" / "doc-toi.txt").write_text("không phải chứng thư")
    settings.SIGNATURE_ROOTS = str(tmp_path / "roots")
    [one] = seen(signing.signed())
    assert one.trust == "trusted" and one.sound and one.verdict == "nguyên vẹn, chứng thư tin cậy"


def test_an_unknown_authority(roots: Path) -> None:
    other = signing.identity("Tổ chức lạ", office="Tổ chức lạ")
    [one] = seen(signing.signed(by=signing.identity("Người ký", other)))
    assert one.intact and one.trust == "unknown" and not one.sound
    assert "không có trong danh sách" in one.verdict


def test_a_directory_that_is_not_there_checks_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNATURE_ROOTS = str(tmp_path / "khong-co")
    [one] = seen(signing.signed())
    assert one.intact and one.trust == "unchecked"


def test_a_certificate_that_had_ended_when_it_signed(roots: Path) -> None:
    now = timezone.now()
    old = signing.identity(
        "Chủ tịch", signing.authority(), since=now - timedelta(days=100), until=now - timedelta(days=2)
    )
    [one] = seen(signing.signed(by=old))
    assert one.intact and one.certificate == "expired" and not one.sound
    assert one.verdict == "nguyên vẹn, chứng thư đã hết hạn khi ký"


def test_a_certificate_not_valid_yet() -> None:
    now = timezone.now()
    early = signing.identity(
        "Chủ tịch", signing.authority(), since=now + timedelta(days=5), until=now + timedelta(days=9)
    )
    [one] = seen(signing.signed(by=early))
    assert one.certificate == "early" and not one.sound and "chưa có hiệu lực" in one.verdict


def test_a_time_stamp_is_told_from_the_signers_own_clock(roots: Path) -> None:
    tsa = signing.identity("Dấu thời gian thử", signing.authority(), stamping=True)
    [one] = seen(signing.signed(tsa=tsa))
    assert one.stamped and one.stamp_trusted and one.trust == "trusted"


def test_a_time_stamp_of_an_unknown_authority(roots: Path) -> None:
    tsa = signing.identity("Dấu lạ", signing.identity("Lạ", office="Lạ"), stamping=True)
    [one] = seen(signing.signed(tsa=tsa))
    assert one.stamped and not one.stamp_trusted and one.trust == "trusted"


# ---- Hostile and broken files ----


def encrypted(password: str) -> bytes:
    writer, out = PdfWriter(PdfReader(BytesIO(signing.signed()))), BytesIO()
    writer.encrypt(password, "chu-so-huu", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"khong phai PDF",
        b"%PDF-1.7\n/ByteRange\nstartxref\n0\n%%EOF",
        b"PK\x03\x04 /ByteRange",
        b"%PDF-1.7\n" + b"<<" * 50_000 + b"/ByteRange\nstartxref\n9\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 100_000 + b"/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF",
    ],
)
def test_what_cannot_be_read_says_so(content: bytes) -> None:
    [one] = seen(content)
    assert one.problem == "unreadable" and not one.intact and not one.sound
    assert one.verdict == "không đọc được chữ ký số"


def test_a_file_cut_off() -> None:
    content = signing.signed()
    [one] = seen(content[:-300] + b"\nstartxref\n0\n%%EOF")
    assert one.problem == "unreadable"


def test_an_encrypted_file_with_a_signature() -> None:
    assert [one.problem for one in seen(encrypted("mat-khau"))] == ["unreadable"]


def test_contents_that_are_no_signature() -> None:
    content = signing.signed()
    start = content.index(b"/Contents <") + len(b"/Contents <")
    [one] = seen(content[:start] + b"00" * 40 + content[start + 80 :])
    assert one.problem == "unreadable" and one.field == "ky-1"


def test_two_hundred_signatures_end_in_time() -> None:
    content = signing.signed()
    changed = signing.writer(content)
    form = changed.root["/AcroForm"]
    field = form["/Fields"][0].get_object()
    for number in range(199):
        copy = generic.DictionaryObject(field)
        copy[generic.pdf_name("/T")] = generic.pdf_string(f"ky-{number + 2}")
        form["/Fields"].append(changed.add_object(copy))
    changed.update_container(form["/Fields"])
    found = seen(signing.written(changed))
    assert len(found) == signature_reader.MOST + 1
    assert [one.problem for one in found].count("skipped") == 1 and found[-1].problem == "skipped"
    assert not any(one.sound for one in found if one.problem)


def test_a_reader_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*args: Any, **kwargs: Any) -> None:
        raise subprocess.TimeoutExpired(args[0], kwargs["timeout"])

    monkeypatch.setattr(signatures.subprocess, "run", stuck)
    assert [one.problem for one in seen(signing.signed())] == ["unreadable"]


def test_the_reader_knows_no_secret_and_starts_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    run, given = subprocess.run, {}

    def spy(command: list[str], **kwargs: Any) -> Any:
        given.update(kwargs)
        return run(command, **kwargs)

    monkeypatch.setattr(signatures.subprocess, "run", spy)
    assert seen(signing.signed())[0].intact
    assert set(given["env"]) <= {"PATH", "PYTHONIOENCODING"} and 0 < given["timeout"] <= 20
    source = Path(signature_reader.__file__).read_text()
    assert "django" not in source.lower().replace("without django", "")


def test_nobody_is_asked_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, where the door can be watched: certificates that name addresses make nobody call there."""

    def refused(*args: Any, **kwargs: Any) -> None:
        raise AssertionError(f"network: {args}")

    root = signing.authority()
    who = signing.identity("Chủ tịch", root, addresses=True)
    content = signing.signed(by=who)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    [one] = signing.apart(signature_reader.read, content, [root.asn1_certificate])
    assert one["trust"] == "trusted" and one["genuine"]


# ---- What is kept ----


def test_what_is_kept_comes_back() -> None:
    found = seen(signing.signed())
    assert of(stored(found)) == found
    assert of([]) == [] and of(None) is None


@pytest.mark.parametrize("row", [None, 5, "x", {}, {"signer": 7, "genuine": "yes", "lạ": 1}, {"at": "hôm qua"}])
def test_rows_of_another_shape_do_no_harm(row: Any) -> None:
    [one] = of([row]) or []
    assert not one.intact and one.signed_at is None and one.certificate == ""


def test_names_from_the_file_are_fit_to_be_shown() -> None:
    [one] = of([{"signer": "A\x00\u200b\n" + "b" * 5000, "organisation": "\ud800Tổ"}]) or []
    assert one.signer.startswith("A") and len(one.signer) <= signatures.NAME_LIMIT and "\x00" not in one.signer
    assert "\n" not in one.signer and one.organisation == "Tổ"
