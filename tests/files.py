"""Small real files for upload tests, made in memory."""

import io
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_DOCX = {
    "[Content_Types].xml": f'<Types><Override PartName="/word/document.xml" ContentType="{_DOCX_TYPE}"/></Types>',
    "_rels/.rels": "<Relationships/>",
    "word/document.xml": "<w:document/>",
}


def pdf() -> bytes:
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(buffer)
    return buffer.getvalue()


def image(kind: str, size: tuple[int, int] = (64, 48)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(buffer, kind)
    return buffer.getvalue()


def jpg(size: tuple[int, int] = (64, 48)) -> bytes:
    return image("JPEG", size)


def png(size: tuple[int, int] = (64, 48)) -> bytes:
    return image("PNG", size)


def xlsx() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def docx(**extra: str | bytes) -> bytes:
    """A Word document; extra members by name, or other content for its own."""
    return archive({**_DOCX, **extra})


def archive(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """The file as a view receives it, with a content type that must not be believed."""
    return SimpleUploadedFile(name, content, content_type="text/html")
