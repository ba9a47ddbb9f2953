"""The first page of each paper against a picture of it, so that a change of looks is seen by somebody.

After a wanted change: RENEW_GOLDEN=1 make test ARGS="tests/reports/test_golden.py", then look at every picture
that git shows as changed before it is committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from PIL import Image, ImageChops, ImageFilter
from pypdfium2 import PdfDocument
from pytest_django import DjangoDbBlocker

from reports import registry
from reports.models.files import Format
from tests.reports import world_of_papers as worlds

pytestmark = pytest.mark.django_db
PAPERS = [paper for paper in registry.PAPERS if Format.PDF in paper.formats and not paper.compose]
FOLDER = Path(__file__).parent / "golden"
DOTS = 60  # an inch
DIFFERENT, SHARE = 60, 0.004  # of 255 greys after the blur; of all pixels of the page
LARGEST = 30_000  # bytes of a picture


@pytest.fixture(scope="module")
def pictures(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Image.Image]]:
    """The first page of each paper of the plain world."""
    folder = tmp_path_factory.mktemp("golden")
    with (
        override_settings(DOCUMENT_ROOT=folder / "documents", MEDIA_ROOT=folder / "evidence"),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        world = worlds.plain()
        made = {paper.code: first_page(next(world.printed(paper)).pdf) for paper in PAPERS}
        transaction.set_rollback(True)
    yield made


def first_page(content: bytes) -> Image.Image:
    with PdfDocument(content) as document:
        return document[0].render(scale=DOTS / 72, grayscale=True).to_pil().convert("L")


def share_of_difference(one: Image.Image, other: Image.Image) -> float:
    """How much of the page looks different; a letter that moves by half a dot does not count."""
    if one.size != other.size:
        return 1.0
    blurred = (picture.filter(ImageFilter.GaussianBlur(1.5)) for picture in (one, other))
    histogram = ImageChops.difference(*blurred).histogram()
    return sum(histogram[DIFFERENT:]) / (one.width * one.height)


@pytest.mark.parametrize("code", [paper.code for paper in PAPERS])
def test_first_page_looks_as_before(code: str, pictures: dict[str, Image.Image]) -> None:
    path = FOLDER / f"{code}.png"
    if os.environ.get("RENEW_GOLDEN"):
        FOLDER.mkdir(exist_ok=True)
        pictures[code].quantize(16).save(path, "PNG", optimize=True)
    assert path.is_file(), f"no picture of {code}; make it with RENEW_GOLDEN=1 and look at it"
    assert path.stat().st_size < LARGEST
    with Image.open(path) as golden:
        share = share_of_difference(golden.convert("L"), pictures[code])
    assert share <= SHARE, f"{code}: {share:.2%} of the first page look different; see the head of this file"


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} <= {paper.code for paper in PAPERS}


def test_a_moved_line_is_seen(pictures: dict[str, Image.Image]) -> None:
    """The comparison can fail: two lines of text lower down, or a paragraph missing, are too much."""
    page = next(iter(pictures.values()))
    moved = ImageChops.offset(page, 0, 12)
    assert share_of_difference(page, page) == 0
    assert share_of_difference(page, moved) > SHARE
    erased = page.copy()
    erased.paste(255, (70, 250, 440, 300))
    assert share_of_difference(page, erased) > SHARE
