"""HTML to PDF: the one place that knows WeasyPrint.

A document is laid out by the print stylesheet and the four faces of Tinos, and by nothing else: whatever
address a text may name, no file is read for it and no network is asked.
"""

import gc
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.fonts import FACES

STYLESHEET = "reports/document.css"
FAMILY = "Tinos"
# One thread prints for the whole process: Pango's font map is not made for several, and on a thread's short
# stack a layout takes the same time however deep the caller is (CPython allots stack in pieces of 16 KB, and
# a recursion that keeps crossing from one piece to the next cost a fifth of the time).
_printer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")


class FontsOnly(URLFetcher):
    """Serves the document's own fonts and refuses every other address."""

    def __init__(self, fonts: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=["file"], allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The font at this address. Raises ValueError for any other; WeasyPrint then goes on without it."""
        path = self._fonts.get(url)
        if path is None:
            raise ValueError("Văn bản không được nạp tệp từ bên ngoài.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


@dataclass(frozen=True, slots=True)
class Press:
    """What every document shares: fonts loaded and stylesheet parsed once in a process."""

    fonts: FontConfiguration
    stylesheet: CSS
    fetcher: FontsOnly


def font_faces() -> dict[str, Path]:
    """The font files by address. Raises ImproperlyConfigured naming the missing ones."""
    paths = [Path(settings.FONT_DIR).resolve() / name for name, _, _ in FACES]
    missing = [path.name for path in paths if not path.is_file()]
    if missing:
        raise ImproperlyConfigured(
            f"Thiếu phông chữ Tinos để in văn bản: {', '.join(missing)}. Tải lại bằng lệnh: make run"
        )
    return {path.as_uri(): path for path in paths}


@lru_cache(maxsize=1)
def press() -> Press:
    """Fonts and stylesheet, made at the first document of the process."""
    faces = font_faces()
    rules = [
        f"@font-face {{font-family: {FAMILY}; font-weight: {weight}; font-style: {style}; src: url({url})}}"
        for url, (_, weight, style) in zip(faces, FACES, strict=True)
    ]
    fonts, fetcher = FontConfiguration(), FontsOnly(faces)
    css = "\n".join([*rules, render_to_string(STYLESHEET)])
    return Press(fonts, CSS(string=css, font_config=fonts, url_fetcher=fetcher), fetcher)


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
        written: bytes = HTML(string=html, url_fetcher=shared.fetcher).write_pdf(
            stylesheets=[shared.stylesheet], font_config=shared.fonts
        )
    return written


def document(template: str, context: Mapping[str, Any]) -> bytes:
    """A template that extends reports/document.html, filled in and as PDF."""
    return pdf(render_to_string(template, dict(context)))
