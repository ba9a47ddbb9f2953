"""A missing font or library is found at start, not in a printed document."""

import itertools
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from laichau_tuquan import checks
from reports.fonts import FACES

VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
LOWER = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in itertools.product(VOWELS, TONES)]
LETTERS = {letter for lower in [*LOWER, "đ"] for letter in (lower, lower.upper())}
SIGNS = set("0123456789%.,;:!?()[]/-–—“”‘’…≥≤×+=&§°₫")


def test_letters_are_all_of_vietnamese() -> None:
    assert len(LETTERS) == 2 * (12 * 6 + 1)
    assert all(len(letter) == 1 for letter in LETTERS)


@pytest.mark.parametrize("path", checks.font_paths(), ids=lambda path: path.name)
def test_every_face_has_every_vietnamese_letter(path: Path) -> None:
    with TTFont(path) as font:
        characters = font.getBestCmap()
        glyphs = font.getGlyphSet()
        missing = {c for c in LETTERS | SIGNS if ord(c) not in characters or characters[ord(c)] not in glyphs}
    assert missing == set()


def test_fonts_and_libraries_are_there() -> None:
    assert checks.check_fonts(None) == []
    assert checks.check_libraries(None) == []


def test_missing_font_is_an_error_that_names_the_command(settings: Any, tmp_path: Path) -> None:
    settings.FONT_DIR = tmp_path
    (error,) = checks.check_fonts(None)
    assert error.id == "laichau_tuquan.E001"
    assert error.is_serious()
    assert "Tinos_700Bold_Italic.ttf" in error.msg
    assert "make run" in str(error.hint)


def test_truncated_font_is_an_error(settings: Any, tmp_path: Path) -> None:
    for source, face in zip(checks.font_paths(), FACES, strict=True):
        target = tmp_path / face.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    settings.FONT_DIR = tmp_path
    assert checks.check_fonts(None) == []
    (tmp_path / FACES[0].file).write_bytes(b"\0" * 10)
    (error,) = checks.check_fonts(None)
    assert "Tinos_400Regular.ttf" in error.msg


def test_missing_library_is_an_error_that_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", [("libkhong-co.so.0", "libkhong-co.dylib")])
    (error,) = checks.check_libraries(None)
    assert error.id == "laichau_tuquan.E002"
    assert "libkhong-co.so.0" in error.msg
    assert error.hint is not None
    assert "install" in error.hint
