"""Made files put together: a ZIP with a list of contents and checksums, or one PDF with bookmarks."""

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assessments.keeping import safe_text
from reports import rendering
from reports.merging import Bookmark, Volume

NAME_LIMIT = 120  # letters of one file or folder: Windows counts 260 for the whole path
CHECKSUMS = "SHA256SUMS"
CONTENTS = "Mục lục.txt"
# Equal content must give an equal ZIP, so no entry carries the hour of packing.
NO_TIME = (1980, 1, 1, 0, 0, 0)
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the whole: its name, with folders parted by /, and where it lies or what is in it."""

    name: str
    content: Path | bytes
    pages: int = 0


def safe_name(*parts: str) -> str:
    """A path for the inside of a ZIP that every system can unpack: composed letters, no reserved names."""
    return "/".join(_safe(part) for part in parts)


def _safe(part: str) -> str:
    text = re.sub(r"[/\\]", "-", unicodedata.normalize("NFC", part))
    stem, dot, ending = text.rpartition(".")
    if not dot or not stem or not 1 <= len(ending) <= 5:
        stem, dot, ending = text, "", ""
    ending = safe_text(ending)
    stem = safe_text(stem)[: NAME_LIMIT - len(ending) - 1].rstrip(". ") or "Văn bản"
    return f"{'_' if _RESERVED.match(stem) else ''}{stem}{dot if ending else ''}{ending}"


def unique(names: Iterable[str]) -> list[str]:
    """The same names, the later of equal ones counted: Biên bản (2).pdf. Windows does not tell letter cases apart."""
    taken: set[str] = set()
    found = []
    for name in names:
        stem, dot, ending = name.rpartition(".")
        if not dot or "/" in ending:
            stem, ending = name, ""
        given, number = name, 1
        while given.casefold() in taken:
            number += 1
            given = f"{stem} ({number}){dot if ending else ''}{ending}"
        taken.add(given.casefold())
        found.append(given)
    return found


def pack(target: Path, entries: Iterable[Entry], contents: Sequence[str], extra: Iterable[Entry] = ()) -> None:
    """A ZIP of files that are compressed already, a chunk at a time; then its contents and checksums."""
    sums = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        text = "\r\n".join([*contents, ""]).encode("utf-8-sig")
        for entry in (Entry(CONTENTS, text), *extra, *entries):
            sums.append(f"{_pack_one(archive, entry)}  {entry.name}")
        _pack_one(archive, Entry(CHECKSUMS, ("\n".join(sums) + "\n").encode()))


def _pack_one(archive: zipfile.ZipFile, entry: Entry) -> str:
    info = zipfile.ZipInfo(entry.name, NO_TIME)
    info.external_attr = 0o644 << 16
    total = hashlib.sha256()
    with archive.open(info, "w", force_zip64=True) as into:
        if isinstance(entry.content, bytes):
            total.update(entry.content)
            into.write(entry.content)
        else:
            with entry.content.open("rb") as source:
                for chunk in _chunks(source):
                    total.update(chunk)
                    into.write(chunk)
    return total.hexdigest()


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(1024 * 1024):
        yield chunk


def merge(target: Path, title: str, entries: Sequence[Entry]) -> int:
    """One PDF of all of them for the printer, bookmarks by folder and name; how many pages it has.

    PDFium joins a thousand pages in the time in which their structure alone would take a minute to copy: whoever
    needs tagged papers takes them one by one, or as ZIP.
    """
    joined = target.with_suffix(".joined")
    starts = rendering.join([entry.content for entry in entries], joined)
    volume = Volume(title)
    volume.add(volume.open(joined, own=False))
    folders: dict[str, Bookmark] = {}
    for entry, first in zip(entries, starts, strict=True):
        folder, _, name = entry.name.rpartition("/")
        if folder and folder not in folders:
            folders[folder] = volume.bookmark(folder, first)
        volume.bookmark(name.removesuffix(".pdf"), first, folders.get(folder))
    pages = volume.pages
    volume.write(target)
    joined.unlink()
    return pages
