"""Photographs that people attached, within the text of a paper: small, harmless, known by their content."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import PurePath

from PIL import Image

from assessments.models import Attachment
from reports import foreign, store

MOST = 2  # side by side below a text
# The box of one on paper, in millimetres, as the stylesheet says (.photos): the side that fills it is told there.
BOX = (76, 57)
KEPT = 64  # made photographs at hand, some 100 KB each
_TITLE = re.compile(r"[^\W\d_]{2,}\s+[^\W\d_]+")  # two words: no camera names its files so


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph as the template shows it."""

    uri: str  # for <img src>: nothing is fetched for it
    caption: str
    upright: bool  # whether its height fills the box, not its width


def photos(files: Iterable[Attachment], name: str) -> list[Photo]:
    """The first pictures among the files that can be shown; `name` stands below what has no title of its own."""
    found: list[Photo] = []
    for row in files:
        content = _made(row.file.name or "", row.sha256, row.content_type)
        if content is not None:
            found.append(_photo(content, caption(row.original_name) or name))
        if len(found) == MOST:
            break
    return found


def caption(file_name: str) -> str:
    """A file's name as a title; "" for what a camera or a telephone called it."""
    stem = PurePath(file_name).stem.replace("_", " ").strip()
    return stem if _TITLE.search(stem) else ""


def _photo(content: bytes, words: str) -> Photo:
    with Image.open(BytesIO(content)) as picture:
        upright = picture.width * BOX[1] < picture.height * BOX[0]
    return Photo(f"data:image/jpeg;base64,{base64.b64encode(content).decode()}", words, upright)


def _made(path: str, sha256: str, content_type: str) -> bytes | None:
    """None for a file that is no picture, is damaged or is lost: the paper goes on without it."""
    try:
        return _kept(path, sha256, content_type)
    except LookupError:
        return None


@lru_cache(maxsize=KEPT)
def _kept(path: str, sha256: str, content_type: str) -> bytes:
    """Raises LookupError, which is not remembered: a file may come back from a copy."""
    source = foreign.source(path, sha256)
    with store.workshop() as folder:
        target = folder / "photo.jpg"
        if source is None or not foreign.photo_of(source, content_type, target):
            raise LookupError(path)
        return target.read_bytes()
