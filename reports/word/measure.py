"""How wide words are: Tinos has the metrics of Times New Roman."""

from collections.abc import Sequence
from functools import lru_cache

from PIL import ImageFont

from reports import rendering
from reports.word.looks import Look
from reports.word.model import Break, Piece, Text

FINE = 1000  # units of the em in which letters are measured


@lru_cache(maxsize=4)
def _face(bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    name = f"Tinos_{'700Bold' if bold else '400Regular'}{'_Italic' if italic else ''}.ttf"
    path = next(path for path in rendering.font_faces().values() if path.name == name)
    return ImageFont.truetype(str(path), FINE, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, look: Look) -> float:
    """In points, in one line."""
    shown = text.upper() if look.caps else text
    return _face(look.bold, look.italic).getlength(shown) * look.size / FINE


def widest(pieces: Sequence[Piece]) -> float:
    """The longest of the lines, none of them broken but where they say so."""
    longest = line = 0.0
    for piece in pieces:
        if isinstance(piece, Break):
            line = 0
        else:
            line += width(piece.text, piece.look) if isinstance(piece, Text) else piece.width
        longest = max(longest, line)
    return longest
