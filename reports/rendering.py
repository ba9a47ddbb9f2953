"""HTML to PDF: the one place that knows WeasyPrint.

A document is laid out by the print stylesheet, the faces of reports/fonts.py and the pictures that it carries in
itself, and by nothing else: whatever address a text may name, no file is read for it, no network is asked, and no
font of the machine is used.
"""

import gc
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from PIL import Image
from pypdfium2 import PdfDocument
from weasyprint import CSS, HTML, __version__
from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports import fonts, tagging

ffi.cdef("FcConfig * FcConfigCreate (void);")  # WeasyPrint itself only needs the one that loads the machine's

STYLESHEET = "reports/document.css"
# Archival PDF with its structure tagged (ISO 19005-2, level A): every font embedded, readable aloud.
VARIANT = "pdf/a-2a"
# Dots in an inch of a drawing for programs that take no SVG: fine enough for print.
DRAWING_DOTS = 220
LARGEST = 4000  # pixels of a drawing's side
# One thread prints for the whole process: Pango's font map is not made for several, and on a thread's short
# stack a layout takes the same time however deep the caller is (CPython allots stack in pieces of 16 KB, and
# a recursion that keeps crossing from one piece to the next cost a fifth of the time).
_printer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

_PIXELS = re.compile(r"\d+(\.\d+)?(px)?")
_pdfium = Lock()  # PDFium knows no threads
_SIXTEENTH = [min((shade + 8) // 17, 15) for shade in range(256)]


class FontsOnly(URLFetcher):
    """Serves the document's own fonts and the pictures written into it, and refuses every other address."""

    def __init__(self, fonts: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The font or picture at this address. Raises ValueError for any other; WeasyPrint then goes on without it."""
        if url.startswith("data:image/"):
            found: URLFetcherResponse = super().fetch(url, headers)
            return found
        path = self._fonts.get(url)
        if path is None:
            raise ValueError("Văn bản không được nạp tệp từ bên ngoài.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


class OwnFonts(FontConfiguration):
    """Knows the faces of the stylesheet only, where WeasyPrint's own begins with every font of the machine."""

    def __init__(self) -> None:
        # FontConfiguration.__init__ with an empty configuration in place of the machine's.
        self._config = fontconfig.FcConfigCreate()
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        fontconfig.FcConfigDestroy(self._config)  # the map holds it
        self._folder = None
        self.strut_layouts: dict[Any, Any] = {}
        self.font_features: dict[Any, Any] = {}


@dataclass(frozen=True, slots=True)
class Press:
    """What every document shares: fonts loaded and stylesheet parsed once in a process."""

    fonts: FontConfiguration
    stylesheet: CSS
    fetcher: FontsOnly


def font_faces() -> dict[str, Path]:
    """The font files by address. Raises ImproperlyConfigured naming the missing ones."""
    paths = [face.path for face in fonts.FACES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise ImproperlyConfigured(f"Thiếu phông chữ để in văn bản: {', '.join(missing)}. Tải lại bằng lệnh: make run")
    return {path.as_uri(): path for path in paths}


@lru_cache(maxsize=1)
def press() -> Press:
    """Fonts and stylesheet, made at the first document of the process."""
    faces = font_faces()
    rules = [
        f"@font-face {{font-family: {face.family}; font-weight: {face.weight}; font-style: {face.style};"
        f" src: url({url})}}"
        for url, face in zip(faces, fonts.FACES, strict=True)
    ]
    own, fetcher = OwnFonts(), FontsOnly(faces)
    css = "\n".join([*rules, render_to_string(STYLESHEET)])
    return Press(own, CSS(string=css, font_config=own, url_fetcher=fetcher), fetcher)


@contextmanager
def _no_collection() -> Iterator[None]:
    """A layout makes a million objects that live until its end; looking for garbage meanwhile costs a sixth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def pdf(html: str) -> bytes:
    """A finished HTML document as PDF."""
    return _printer.submit(_print, html).result()


def _print(html: str) -> bytes:
    shared = press()
    with _no_collection():
        written: bytes = HTML(string=fonts.clean(html), url_fetcher=shared.fetcher).write_pdf(
            stylesheets=[shared.stylesheet], font_config=shared.fonts, pdf_variant=VARIANT, finisher=tagging.finish
        )
    return written


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What decides how a given HTML looks as PDF: the layout's program, the stylesheet and the fonts."""
    total = hashlib.sha256(f"{__version__} {VARIANT}".encode())
    total.update(render_to_string(STYLESHEET).encode())
    for path in font_faces().values():
        total.update(path.read_bytes())
    return total.hexdigest()


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    with _pdfium:
        document = PdfDocument(content)
        try:
            return len(document)
        finally:
            document.close()


def page_sizes(content: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in points."""
    with _pdfium:
        document = PdfDocument(content)
        try:
            return [document.get_page_size(number) for number in range(len(document))]
        finally:
            document.close()


def join(sources: Sequence[Path | bytes], target: Path) -> list[int]:
    """The pages of all PDFs in one, without their structure; on which page (from 1) each begins."""
    starts, count = [], 0
    with _pdfium:
        whole = PdfDocument.new()
        try:
            for source in sources:
                one = PdfDocument(source)
                try:
                    whole.import_pages(one)
                    starts.append(count + 1)
                    count += len(one)
                finally:
                    one.close()
            whole.save(target)
        finally:
            whole.close()
    return starts


def page_image(content: bytes, page: int, width: int) -> bytes:
    """One page (from 1) as PNG of this width in pixels. Raises IndexError for a page that is not there."""
    with _pdfium:
        document = PdfDocument(content)
        try:
            if not 1 <= page <= len(document):
                raise IndexError(page)
            sheet = document[page - 1]
            bitmap = sheet.render(scale=width / sheet.get_width(), grayscale=True)
            # Sixteen greys, four bits each: letters stay smooth, and the file is small without searching for a palette.
            grey = bitmap.to_pil().point(_SIXTEENTH)
            picture = Image.frombytes("P", grey.size, grey.tobytes())
            picture.putpalette([shade * 17 for shade in range(16) for _ in "rgb"])
            buffer = BytesIO()
            picture.save(buffer, "PNG", bits=4, compress_level=6)
            return buffer.getvalue()
        finally:
            document.close()


def svg_png(drawing: str) -> bytes:
    """A drawing (SVG) as PNG of DRAWING_DOTS, in the papers' own letters. Raises ValueError for what is none."""
    content = _printer.submit(_draw, drawing).result()
    with _pdfium:
        document = PdfDocument(content)
        try:
            picture = document[0].render(scale=DRAWING_DOTS / 72).to_pil()
            buffer = BytesIO()
            picture.save(buffer, "PNG", optimize=True)
            return buffer.getvalue()
        finally:
            document.close()


def _draw(drawing: str) -> bytes:
    width, height = _drawing_size(drawing)
    shared = press()
    page = f"@page {{size: {width}px {height}px; margin: 0}} html {{font: 10pt Tinos}} body {{margin: 0}}"
    written: bytes = HTML(string=drawing[drawing.index("<svg") :], url_fetcher=shared.fetcher).write_pdf(
        stylesheets=[CSS(string=page + "svg {display: block}")], font_config=shared.fonts
    )
    return written


def _drawing_size(drawing: str) -> tuple[float, float]:
    """Width and height in pixels, from the attributes or the viewBox of <svg>."""
    opening = re.search(r"<svg\b[^>]*>", drawing)
    said = dict(re.findall(r"""\b(width|height|viewBox)=["']([^"']*)["']""", opening[0])) if opening else {}
    sides = [said.get("width", ""), said.get("height", "")]
    if not all(_PIXELS.fullmatch(side) for side in sides):
        sides = said.get("viewBox", "").replace(",", " ").split()[2:]
    if len(sides) != 2 or not all(_PIXELS.fullmatch(side) for side in sides):
        raise ValueError("Hình vẽ không phải SVG có kích thước.")
    width, height = (float(side.removesuffix("px")) for side in sides)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise ValueError("Hình vẽ quá lớn hoặc không có kích thước.")
    return width, height
