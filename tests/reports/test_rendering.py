"""The press: its own fonts and nothing else."""

import gc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from reports import rendering
from reports.fonts import FACES
from tests.reports.pdf_archive import fonts


@pytest.fixture
def fresh_press() -> Iterator[None]:
    rendering.press.cache_clear()
    yield
    rendering.press.cache_clear()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.vn/a.png",
        "data:text/plain,abc",
        "ftp://127.0.0.1/",
        "relative.css",
    ],
)
def test_fetcher_refuses_whatever_is_not_a_font(address: str) -> None:
    with pytest.raises(ValueError, match="không được nạp tệp"):
        rendering.press().fetcher.fetch(address)


def test_fetcher_serves_the_faces() -> None:
    for address, path in rendering.font_faces().items():
        assert rendering.press().fetcher.fetch(address).read() == path.read_bytes()


@pytest.mark.parametrize(
    "html",
    [
        "<img src='file:///etc/passwd'>a",
        "<link rel=stylesheet href='file:///etc/passwd'>a",
        "<link rel=attachment href='file:///etc/passwd'>a",
        "<style>@import url(file:///etc/passwd); p {background: url(http://127.0.0.1/x.png)}</style><p>a",
        "<object data='file:///etc/passwd'></object><embed src='file:///etc/passwd'>a",
        "<svg><image href='file:///etc/passwd'/></svg>a",
    ],
)
def test_document_that_names_files_comes_out_without_them(html: str, caplog: pytest.LogCaptureFixture) -> None:
    secret = Path("/etc/passwd").read_bytes().splitlines()[0]
    written = rendering.pdf(html)
    assert secret not in written
    reader = PdfReader(BytesIO(written))
    assert reader.pages[0].extract_text().strip() == "a"
    assert not reader.pages[0].images
    assert not reader.attachments


def test_missing_font_is_a_clear_error(settings: Settings, tmp_path: Path, fresh_press: None) -> None:
    settings.FONT_DIR = tmp_path
    with pytest.raises(ImproperlyConfigured, match=r"Tinos_400Regular\.ttf.*DejaVuSans-Bold\.ttf.*make run"):
        rendering.pdf("<p>a")


def test_fonts_and_stylesheet_are_made_once() -> None:
    assert rendering.press() is rendering.press()


def test_garbage_is_collected_again_after_a_document() -> None:
    rendering.pdf("<p>a")
    assert gc.isenabled()


def test_no_font_of_the_machine_is_known_to_the_press() -> None:
    """A family that every machine has is not found: the text comes out in ours."""
    written = rendering.pdf("<html lang=vi><title>a</title><p style='font-family: Courier, \"DejaVu Sans Mono\"'>a")
    assert {name.partition("+")[2].partition("-")[0] for name in fonts(written)} <= {"Tinos", "DejaVu"}


def test_fingerprint_changes_with_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rendering.fingerprint()
    rendering.fingerprint.cache_clear()
    monkeypatch.setattr("reports.fonts.FACES", FACES[:-1])
    try:
        assert rendering.fingerprint() != before
    finally:
        rendering.fingerprint.cache_clear()


def test_picture_of_a_page_is_small_and_grey() -> None:
    written = rendering.pdf("<html lang=vi><title>a</title>" + "<p>Nội dung của văn bản. " * 40)
    with Image.open(BytesIO(rendering.page_image(written, 1, 1240))) as picture:
        assert picture.size == (1240, 1754)
        shades = picture.convert("L").getextrema()
    assert shades == (0, 255)
    assert len(rendering.page_image(written, 1, 1240)) < 90_000
