"""Files are taken for what they contain: what is accepted, and every disguise that is not."""

import io
import re
import struct
import tracemalloc
import zlib
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageFile
from pytest_django import Settings

from assessments import filetypes
from assessments.filetypes import Unacceptable, recognise
from tests import files


def refusal(content: bytes) -> str:
    with pytest.raises(Unacceptable) as caught:
        recognise(io.BytesIO(content))
    return str(caught.value)


def with_end_record(content: bytes, **fields: int) -> bytes:
    """The zip with other numbers in its end record: count, size of the directory."""
    mark, disk, start, here, count, size, offset, comment = struct.unpack("<4s4H2LH", content[-22:])
    count, size = fields.get("count", count), fields.get("size", size)
    return content[:-22] + struct.pack("<4s4H2LH", mark, disk, start, here, count, size, offset, comment)


class TestAccepted:
    @pytest.mark.parametrize(
        ("content", "extension"),
        [
            (files.pdf(), "pdf"),
            (files.pdf() + b"\r\n\r\n", "pdf"),
            (files.jpg(), "jpg"),
            (files.jpg() + b"trailer of a telephone", "jpg"),
            (files.png(), "png"),
            (files.docx(), "docx"),
            (files.xlsx(), "xlsx"),
        ],
    )
    def test_by_content(self, content: bytes, extension: str) -> None:
        assert recognise(io.BytesIO(content)).extension == extension

    def test_file_is_left_at_its_beginning(self) -> None:
        file = io.BytesIO(files.docx())
        recognise(file)
        assert file.tell() == 0

    def test_grey_and_cmyk_jpegs(self) -> None:
        for mode in ("L", "CMYK"):
            buffer = io.BytesIO()
            Image.new(mode, (40, 30)).save(buffer, "JPEG")
            assert recognise(buffer).extension == "jpg"

    def test_word_online_numbers_its_main_part(self) -> None:
        main = {"[Content_Types].xml": "<Types/>", "word/document2.xml": "<w:document/>"}
        assert recognise(io.BytesIO(files.archive(main))).extension == "docx"

    def test_only_browsers_safe_types_are_inline(self) -> None:
        assert {known.extension for known in filetypes.KNOWN.values() if known.inline} == {"pdf", "jpg", "png"}


class TestDisguises:
    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00" + bytes(200),
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"GIF89a" + bytes(20) + files.pdf(),
            b"MZ\x90\x00" + files.docx(),
            b"#!/bin/sh\n" + files.pdf(),
            b"\x00" + files.png(),
            b"\xff\xfe" + files.pdf(),
            b"a",
            b"Bi\xc3\xaan b\xe1\xba\xa3n",
        ],
        ids=["exe", "html", "gif-pdf", "exe-docx", "script-pdf", "zero-png", "bom-pdf", "one-byte", "text"],
    )
    def test_other_content_is_not_accepted(self, content: bytes) -> None:
        assert "không thuộc loại được nhận" in refusal(content) or "chưa được nhận" in refusal(content)

    def test_message_names_what_is_accepted(self) -> None:
        assert "PDF, ảnh JPG, ảnh PNG, Word (.docx), Excel (.xlsx)" in refusal(b"plain")

    def test_empty(self) -> None:
        assert refusal(b"").startswith("rỗng (0 byte)")

    def test_old_or_encrypted_office_gets_advice(self) -> None:
        assert "bỏ mật khẩu" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))

    def test_telephone_picture_gets_advice(self) -> None:
        heic = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(100)
        assert "Chuyển ảnh sang JPG" in refusal(heic)

    def test_switched_off_type(self, settings: Settings) -> None:
        settings.UPLOAD_TYPES = ["pdf"]
        for content in (files.png(), files.docx()):
            assert "Chỉ nhận PDF;" in refusal(content)

    def test_setting_cannot_switch_unknown_types_on(self, settings: Settings) -> None:
        settings.UPLOAD_TYPES = ["pdf", "gif", "zip", "exe"]
        for content in (b"GIF89a" + bytes(50), files.archive({"a": "b"}), b"MZ" + bytes(100)):
            refusal(content)


class TestPdf:
    @pytest.mark.parametrize(
        "content",
        [
            files.pdf()[:-60],
            b"%PDF-" + files.pdf()[5:].replace(b"%%EOF", b""),
            b"%PDF-<script>" + files.pdf()[8:],
            files.pdf() + bytes(5000),
        ],
        ids=["cut", "no end mark", "no version", "end mark far away"],
    )
    def test_damaged(self, content: bytes) -> None:
        assert "bị hỏng" in refusal(content)


@pytest.fixture(params=[False, True], ids=["strict", "lenient"])
def lenient(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow as it comes, and as WeasyPrint leaves it for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", request.param)


@pytest.mark.usefixtures("lenient")
class TestImages:
    @pytest.mark.parametrize("content", [files.jpg((300, 300)), files.png((300, 300))], ids=["jpg", "png"])
    @pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
    def test_truncated(self, content: bytes, share: float) -> None:
        assert "bị hỏng" in refusal(content[: int(len(content) * share)])

    def test_changed_byte_in_png(self) -> None:
        content = bytearray(files.png((100, 100)))
        content[len(content) // 2] ^= 0xFF
        assert "bị hỏng" in refusal(bytes(content))

    def test_pixel_bomb_png_is_refused_without_unpacking(self) -> None:
        header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
        chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
        png = b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in chunks
        )
        assert "60000 x 60000 điểm" in refusal(png)

    def test_pixel_bomb_jpg(self) -> None:
        content = files.jpg()
        frame = re.search(rb"\xff\xc0..\x08", content, re.DOTALL)
        assert frame is not None
        large = content[: frame.end()] + struct.pack(">HH", 60_000, 60_000) + content[frame.end() + 4 :]
        assert "quá lớn" in refusal(large)

    def test_large_photo_is_fine(self) -> None:
        buffer = io.BytesIO()
        Image.new("RGB", (9000, 6000)).save(buffer, "JPEG", quality=30)
        assert recognise(buffer).extension == "jpg"

    def test_bomb_in_png_text_is_not_unpacked(self) -> None:
        name, data = b"zTXt", b"a\x00\x00" + zlib.compress(bytes(100_000_000), 9)
        text = struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        content = files.png()
        file = io.BytesIO(content[:33] + text + content[33:])
        tracemalloc.start()
        with suppress(Unacceptable):
            recognise(file)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 10_000_000

    @pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_rows": 1}, {"comment": b"\xff\xd9"}])
    def test_kinds_of_jpeg(self, options: dict[str, Any]) -> None:
        for size in ((64, 48), (700, 700)):
            buffer = io.BytesIO()
            Image.effect_noise(size, 90).convert("RGB").save(buffer, "JPEG", quality=95, **options)
            assert recognise(buffer).extension == "jpg"
            for cut in (2, 3, 50, 1000):
                assert "bị hỏng" in refusal(buffer.getvalue()[:-cut])

    def test_mark_on_the_border_of_two_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for size in range(2, 9):
            monkeypatch.setattr(filetypes, "PIECE_BYTES", size)
            assert recognise(io.BytesIO(files.jpg())).extension == "jpg"
            assert recognise(io.BytesIO(files.png())).extension == "png"

    def test_endless_segments(self) -> None:
        content = files.jpg()
        padded = content[:2] + b"\xff\xfe\x00\x02" * (filetypes.SEGMENT_LIMIT + 1) + content[2:]
        assert "bị hỏng" in refusal(padded)

    @pytest.mark.parametrize("content", [files.jpg()[:2] + b"\xff" * 50, files.png()[:8], files.png()[:33]])
    def test_hardly_a_header(self, content: bytes) -> None:
        assert "bị hỏng" in refusal(content)


class TestOffice:
    def test_zip_that_is_no_document(self) -> None:
        assert "không thuộc loại được nhận" in refusal(files.archive({"virus.exe": b"MZ"}))

    def test_powerpoint(self) -> None:
        deck = {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"}
        assert "không thuộc loại được nhận" in refusal(files.archive(deck))

    def test_word_and_excel_in_one(self) -> None:
        assert "không thuộc loại được nhận" in refusal(files.docx(**{"xl/workbook.xml": "<workbook/>"}))

    @pytest.mark.parametrize("name", ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "xl/vbaProjectSignature.bin"])
    def test_macros_by_part(self, name: str) -> None:
        assert "có macro" in refusal(files.docx(**{name: b"\xd0\xcf"}))

    @pytest.mark.parametrize(
        "declared", ["application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.ms-office.vbaProject"]
    )
    def test_macros_by_declaration(self, declared: str) -> None:
        types = f'<Types><Override PartName="/word/harmless.bin" ContentType="{declared}"/></Types>'
        assert "có macro" in refusal(files.docx(**{"[Content_Types].xml": types}))

    @pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word\\..\\..\\x", "\\x", "C:/x", "a/../b"])
    def test_names_that_leave_the_folder(self, name: str) -> None:
        assert "bị hỏng" in refusal(files.docx(**{name: "x"}))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_same_name_twice(self) -> None:
        buffer = io.BytesIO(files.docx())
        with files.zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("word/document.xml", "<other/>")
        assert "bị hỏng" in refusal(buffer.getvalue())

    def test_zip_bomb_by_ratio(self) -> None:
        assert "giải nén ra quá lớn" in refusal(files.docx(**{"word/media/a.bin": bytes(40_000_000)}))

    def test_zip_bomb_by_size(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filetypes, "RATIO_FREE_BYTES", 1000)
        monkeypatch.setattr(filetypes, "UNPACKED_LIMIT", 50_000)
        assert "giải nén ra quá lớn" in refusal(files.docx(**{"word/media/a.bin": files.png((200, 200))}))

    def test_small_repetitive_document_is_fine(self) -> None:
        assert recognise(io.BytesIO(files.docx(**{"word/document.xml": "<w:p/>" * 500_000}))).extension == "docx"

    def test_too_many_members(self) -> None:
        members = {f"word/{n}.xml": b"" for n in range(filetypes.MEMBER_LIMIT)}
        assert "giải nén ra quá lớn" in refusal(files.docx(**members))

    @pytest.mark.parametrize("fields", [{"count": 60_000}, {"size": 3_000_000}])
    def test_directory_is_bounded_before_it_is_read(self, fields: dict[str, int]) -> None:
        assert "giải nén ra quá lớn" in refusal(with_end_record(files.docx(), **fields))

    def test_directory_that_hides_its_members_number(self) -> None:
        members = {f"word/{n}.xml": b"" for n in range(filetypes.MEMBER_LIMIT)}
        refusal(with_end_record(files.docx(**members), count=4))

    @pytest.mark.parametrize(
        "content",
        [
            files.docx()[:-30],
            files.docx() + b"appended",
            b"PK\x03\x04",
            b"PK\x03\x04" + bytes(100),
            b"PK\x03\x04" + files.docx(),
            with_end_record(files.docx(), size=10),
        ],
        ids=["cut", "appended", "only a mark", "zeros", "something before", "wrong directory"],
    )
    def test_damaged(self, content: bytes) -> None:
        assert "bị hỏng" in refusal(content)

    def test_bomb_in_content_types(self) -> None:
        types = "<Types>" + " " * 2_000_000
        assert "bị hỏng" in refusal(files.docx(**{"[Content_Types].xml": types}))

    def test_encrypted_member(self) -> None:
        content = files.docx()
        marked = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
        assert marked != content
        assert "bị hỏng" in refusal(marked)
