"""Files of the sort nobody should send, made in memory."""

import io

from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests import files


def written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def pdf(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return writer


def with_scripts() -> bytes:
    """Runs a script when opened, when its page is shown and when its link is clicked, and carries a program."""
    writer = pdf()
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('MARK')")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.add_attachment("chuong-trinh.exe", b"MZ-MARK")
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("MARK")}
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    writer.add_annotation(0, Link(rect=(0, 0, 100, 100), url="http://MARK.example/"))
    return written(writer)


def encrypted() -> bytes:
    writer = pdf()
    writer.encrypt("bi-mat")
    return written(writer)


def bad_table() -> bytes:
    """The table of its objects points into nowhere; readers mend that."""
    content = files.pdf()
    at = content.rindex(b"startxref")
    return content[:at] + b"startxref\n999999\n%%EOF"


def cut_short() -> bytes:
    return files.pdf()[:60]


def loop_of_pages() -> bytes:
    """A tree of pages that contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def giant_page() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(9_000_000, 9_000_000)
    return written(writer)
