"""The documents' fonts, and which characters they can print.

Tinos has the metrics of Times New Roman and every Vietnamese letter. DejaVu Sans stands behind it for signs that a
person may type and Tinos lacks (☐ ✓ ① ◆). No other font is ever asked: a paper looks alike on every machine.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from fontTools.ttLib import TTFont


class Face(NamedTuple):
    """One file of a family."""

    file: str  # below settings.FONT_DIR
    weight: int
    style: str
    family: str

    @property
    def path(self) -> Path:
        return Path(settings.FONT_DIR).resolve() / self.file


FAMILY, SECOND = "Tinos", "DejaVu Sans"
_TINOS, _DEJAVU = "@expo-google-fonts/tinos", "dejavu-fonts-ttf/ttf"
FACES = (
    Face(f"{_TINOS}/400Regular/Tinos_400Regular.ttf", 400, "normal", FAMILY),
    Face(f"{_TINOS}/400Regular_Italic/Tinos_400Regular_Italic.ttf", 400, "italic", FAMILY),
    Face(f"{_TINOS}/700Bold/Tinos_700Bold.ttf", 700, "normal", FAMILY),
    Face(f"{_TINOS}/700Bold_Italic/Tinos_700Bold_Italic.ttf", 700, "italic", FAMILY),
    Face(f"{_DEJAVU}/DejaVuSans.ttf", 400, "normal", SECOND),
    Face(f"{_DEJAVU}/DejaVuSans-Bold.ttf", 700, "normal", SECOND),
)
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# Without shape, but with a meaning for the layout: line ends, where a word may be broken, signs that are composed.
_UNSEEN = frozenset("\n\t\r\N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}")
# Controls, directions of writing (a line turned round would say something else), private use, unpaired halves.
_REFUSED = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


@lru_cache(maxsize=1)
def printable() -> frozenset[str]:
    """Every character that one of the faces can print upright, and those without a shape."""
    points: set[int] = set()
    for face in FACES:
        if face.style == "normal" and face.weight == 400:
            with TTFont(face.path, lazy=True) as font:
                points.update(font.getBestCmap())
    return _UNSEEN | {char for char in map(chr, points) if unicodedata.category(char) not in _REFUSED}


def clean(text: str) -> str:
    """The text in characters that can be printed: what has none is written by its plain equal, by � otherwise."""
    strange = set(text) - printable()
    return text.translate({ord(char): _plain(char) for char in strange}) if strange else text


def _plain(char: str) -> str:
    """For instance A for a full-width one; "" for what has no shape."""
    if unicodedata.category(char) in {"Cc", "Cf"} or "VARIATION SELECTOR" in unicodedata.name(char, ""):
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return plain if set(plain) <= printable() and plain not in "<>&\"'" else UNKNOWN
