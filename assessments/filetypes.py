"""Recognising an uploaded file by what it contains; its name and the browser's word count for nothing.

Nothing is unpacked here beyond one small, bounded member: what a file claims of itself is enough to refuse it.
"""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

import filetype
from django.conf import settings
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

HEAD_BYTES = 8192
# Writers may leave a little after the end mark of a PDF; readers look for it this far from the end.
PDF_TAIL_BYTES = 2048
PIXEL_LIMIT = 120_000_000
SEGMENT_LIMIT, CHUNK_LIMIT = 5000, 100_000
PIECE_BYTES = 64 * 1024
MEMBER_LIMIT = 5000
DIRECTORY_LIMIT = 2 * 1024 * 1024
CONTENT_TYPES_LIMIT = 1024 * 1024
UNPACKED_LIMIT = 300 * 1024 * 1024
# Repetitive sheets shrink a hundredfold while they are small; beyond this size only a bomb does.
RATIO_LIMIT, RATIO_FREE_BYTES = 100, 20 * 1024 * 1024

_END = struct.Struct("<4s4H2LH")
_MAIN_PARTS = {"docx": re.compile(r"word/document\d*\.xml"), "xlsx": re.compile(r"xl/workbook\d*\.xml")}
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type we store: the extension it gets and how it is sent back."""

    extension: str
    content_type: str
    inline: bool = False  # a browser may show it in place


KNOWN: Mapping[str, FileType] = {
    known.extension: known
    for known in (
        FileType("pdf", "application/pdf", inline=True),
        FileType("jpg", "image/jpeg", inline=True),
        FileType("png", "image/png", inline=True),
        FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )
}
_LABELS = {"pdf": "PDF", "jpg": "ảnh JPG", "png": "ảnh PNG", "docx": "Word (.docx)", "xlsx": "Excel (.xlsx)"}

# What people often send by mistake, by the extension that `filetype` gives it, and how they mend it.
_ADVICE = {
    **dict.fromkeys(
        ("doc", "xls", "ppt", "ole"),
        "là tệp Office đời cũ hoặc có đặt mật khẩu. Mở tệp, bỏ mật khẩu, lưu lại dạng .docx, .xlsx hoặc PDF "
        "rồi tải lên.",
    ),
    **dict.fromkeys(
        ("heic", "avif", "webp", "gif", "bmp", "tif"),
        "là ảnh ở định dạng chưa được nhận. Chuyển ảnh sang JPG hoặc PNG rồi tải lên.",
    ),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Unacceptable(Exception):
    """The file is not stored; the message continues the words "Tệp “...” "."""


class Unusable(Unacceptable):
    """Empty, or something like a Word or Excel file that is broken or holds what it must not."""


def recognise(file: IO[bytes]) -> FileType:
    """The accepted type whose structure the file really has. Leaves the file at its beginning.

    Raises Unacceptable with what is wrong and what to do.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    try:
        extension = _extension(head)
        check = _CHECKS.get(extension)
        found = check(file) if check else ""
        if found not in settings.UPLOAD_TYPES:
            raise Unacceptable(_ADVICE.get(extension, _not_accepted()))
        return KNOWN[found]
    finally:
        file.seek(0)


def accepted_labels() -> str:
    """The accepted types for the screen, as "PDF, ảnh JPG, Word (.docx)"."""
    return ", ".join(label for name, label in _LABELS.items() if name in settings.UPLOAD_TYPES)


def _not_accepted() -> str:
    return f"không thuộc loại được nhận. Chỉ nhận {accepted_labels()}; chuyển sang một trong các loại này rồi tải lên."


def _damaged(what: str, kind: type[Unacceptable] = Unacceptable) -> Unacceptable:
    return kind(f"là {what} nhưng bị hỏng hoặc chưa tải về đủ. Mở thử trên máy, lưu lại rồi tải lên.")


def _extension(head: bytes) -> str:
    """The kind of content by its first bytes; for all sorts of zip just "zip"."""
    if not head:
        raise Unusable("rỗng (0 byte). Kiểm tra lại tệp trên máy rồi tải lên.")
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        return "ole"
    guessed = filetype.guess(head)
    return str(guessed.extension) if guessed else ""


def _check_pdf(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    header = file.read(8)
    file.seek(max(0, size - PDF_TAIL_BYTES))
    tail = file.read(PDF_TAIL_BYTES)
    if not re.fullmatch(rb"%PDF-\d\.\d", header) or b"startxref" not in tail or b"%%EOF" not in tail:
        raise _damaged("tệp PDF")
    return "pdf"


def _check_jpeg(file: IO[bytes]) -> str:
    _check_image(file, JpegImageFile, _jpeg_is_whole)
    return "jpg"


def _check_png(file: IO[bytes]) -> str:
    _check_image(file, PngImageFile, _png_is_whole)
    return "png"


def _check_image(file: IO[bytes], reader: Callable[..., ImageFile], is_whole: Callable[[IO[bytes]], bool]) -> None:
    """Read the header through the one decoder; Image.open would try others and only warn of large images.

    Whether the rest is there we look ourselves, without unpacking: WeasyPrint switches Pillow to put up with
    truncated images, for the whole process.
    """
    file.seek(0)
    try:
        image = reader(file)
        width, height = image.size
    except Exception as error:  # whatever a broken or hostile header makes the decoder raise
        raise _damaged("tệp ảnh") from error
    if width * height > PIXEL_LIMIT:
        raise Unacceptable(
            f"là ảnh {width} x {height} điểm, quá lớn. Giảm kích thước ảnh xuống dưới "
            f"{PIXEL_LIMIT // 1_000_000} triệu điểm rồi tải lên."
        )
    if not is_whole(file):
        raise _damaged("tệp ảnh")


def _jpeg_is_whole(file: IO[bytes]) -> bool:
    """Walk from segment to segment, over the compressed data between, to the end mark."""
    file.seek(2)
    for _ in range(SEGMENT_LIMIT):
        mark = file.read(2)
        while mark == b"\xff\xff":  # fill bytes
            mark = mark[:1] + file.read(1)
        if len(mark) < 2 or mark[0] != 0xFF:
            return False
        if mark[1] == 0xD9:
            return True
        length = int.from_bytes(file.read(2), "big")
        if length < 2:
            return False
        file.seek(length - 2, os.SEEK_CUR)
        if mark[1] == 0xDA and not _skip_scan(file):
            return False
    return False


def _skip_scan(file: IO[bytes]) -> bool:
    """Go to the next mark that is no restart mark; False when there is none."""
    while piece := file.read(PIECE_BYTES):
        found = _SCAN_END.search(piece)
        if found:
            file.seek(found.start() - len(piece), os.SEEK_CUR)
            return True
        if piece.endswith(b"\xff") and len(piece) > 1:
            file.seek(-1, os.SEEK_CUR)
    return False


def _png_is_whole(file: IO[bytes]) -> bool:
    """Every chunk has its length and its checksum, up to the end mark."""
    file.seek(8)
    for _ in range(CHUNK_LIMIT):
        head = file.read(8)
        if len(head) < 8:
            return False
        left, checksum = int.from_bytes(head[:4], "big"), zlib.crc32(head[4:])
        while left:
            piece = file.read(min(left, PIECE_BYTES))
            if not piece:
                return False
            left, checksum = left - len(piece), zlib.crc32(piece, checksum)
        if file.read(4) != checksum.to_bytes(4, "big"):
            return False
        if head[4:] == b"IEND":
            return True
    return False


def _check_office(file: IO[bytes]) -> str:
    """Word or Excel: a zip with the parts such a document must have, and none it must not."""
    broken = _damaged("tệp nén hoặc tệp Office", Unusable)
    _check_end_of_zip(file, broken)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(file, members, broken)
            names = {member.filename for member in members}
            kinds = [kind for kind, part in _MAIN_PARTS.items() if any(map(part.fullmatch, names))]
            if _CONTENT_TYPES not in names or len(kinds) != 1:
                raise Unacceptable(_not_accepted())
            _refuse_macros(archive, names, broken)
    except Unacceptable:
        raise
    except Exception as error:  # as for images: zipfile raises half a dozen kinds on crafted input
        raise broken from error
    return kinds[0]


def _check_end_of_zip(file: IO[bytes], broken: Unacceptable) -> None:
    """Bound the directory before zipfile reads it whole. Office writes neither a comment nor zip64 here."""
    size = file.seek(0, os.SEEK_END)
    if size < _END.size:
        raise broken
    file.seek(size - _END.size)
    mark, _, _, _, count, directory_size, _, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or comment:
        raise broken
    if count > MEMBER_LIMIT or directory_size > DIRECTORY_LIMIT:
        raise _bomb()


def _check_members(file: IO[bytes], members: list[zipfile.ZipInfo], broken: Unacceptable) -> None:
    """Names, number and sizes as the directory states them."""
    names = [member.filename.replace("\\", "/") for member in members]
    if len(set(names)) != len(names) or any(map(_escapes, names)):
        raise broken
    if min((member.header_offset for member in members), default=1) != 0:
        raise broken  # something else stands before the archive
    unpacked = sum(member.file_size for member in members)
    packed = file.seek(0, os.SEEK_END)
    if len(members) > MEMBER_LIMIT or unpacked > max(RATIO_FREE_BYTES, min(UNPACKED_LIMIT, RATIO_LIMIT * packed)):
        raise _bomb()


def _escapes(name: str) -> bool:
    """Whether unpacking this name could write outside its folder."""
    return name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]


def _bomb() -> Unacceptable:
    return Unacceptable(
        "giải nén ra quá lớn so với dung lượng nên không được nhận. Lưu lại dạng PDF hoặc tách nhỏ rồi tải lên."
    )


def _refuse_macros(archive: zipfile.ZipFile, names: set[str], broken: Unacceptable) -> None:
    with archive.open(_CONTENT_TYPES) as member:
        declared = member.read(CONTENT_TYPES_LIMIT + 1)
    if len(declared) > CONTENT_TYPES_LIMIT:
        raise broken
    has_project = any(name.lower().rsplit("/")[-1].startswith("vbaproject") for name in names)
    if has_project or b"macroenabled" in declared.lower() or b"vbaproject" in declared.lower():
        raise Unusable("có macro nên không được nhận. Lưu lại dạng .docx, .xlsx không có macro rồi tải lên.")


_CHECKS: Mapping[str, Callable[[IO[bytes]], str]] = {
    "pdf": _check_pdf,
    "jpg": _check_jpeg,
    "png": _check_png,
    "zip": _check_office,
}
