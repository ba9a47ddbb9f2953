"""Looking at finished papers: their text page by page, and the size of the pages."""

from io import BytesIO

import pdfplumber
from pypdf import PdfReader

from assessments.permissions import AnyUser
from reports import making, registry, rendering
from reports.papers.base import Official
from tests.reports.conftest import squeezed

LANDSCAPE, PORTRAIT = (842, 595), (595, 842)


def read(code: str, user: AnyUser, *ids: int) -> Official:
    """The view model of a paper."""
    return registry.find(code).read(user, ids)


def printed(code: str, made: Official) -> bytes:
    """The paper as PDF, past the store."""
    return rendering.pdf(making.html(registry.find(code), made))


def pages(content: bytes) -> list[str]:
    """The text of each page without spaces: columns break words where they like."""
    return [squeezed(page.extract_text()) for page in PdfReader(BytesIO(content)).pages]


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in points."""
    return [(round(p.mediabox.width), round(p.mediabox.height)) for p in PdfReader(BytesIO(content)).pages]


def tables(content: bytes) -> list[list[list[str | None]]]:
    """Every table of every page, cell by cell."""
    with pdfplumber.open(BytesIO(content)) as document:
        return [table for page in document.pages for table in page.extract_tables()]


def numbers(content: bytes) -> list[str]:
    """What stands in the upper margin of each page, where its number belongs, without the mark of a draft."""
    with pdfplumber.open(BytesIO(content)) as document:
        heads = [page.crop((0, 0, page.width, 55)).extract_text() for page in document.pages]
    return [head.replace("DỰ THẢO", "").strip() for head in heads]
