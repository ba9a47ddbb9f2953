"""The press: its own fonts and nothing else."""

import gc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pypdf import PdfReader
from pytest_django import Settings

from reports import rendering


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


def test_fetcher_serves_the_four_faces() -> None:
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
    with pytest.raises(ImproperlyConfigured, match=r"Tinos_400Regular\.ttf.*Tinos_700Bold_Italic\.ttf.*make run"):
        rendering.pdf("<p>a")


def test_fonts_and_stylesheet_are_made_once() -> None:
    assert rendering.press() is rendering.press()


def test_garbage_is_collected_again_after_a_document() -> None:
    rendering.pdf("<p>a")
    assert gc.isenabled()
