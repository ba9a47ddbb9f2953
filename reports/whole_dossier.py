"""The whole dossier put together: papers through the store, files of the people, cover and contents; PDF or ZIP."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string

from accounts.models import User
from reports import binding, foreign, making, registry, rendering, store
from reports.merging import Volume
from reports.models import StoredFile
from reports.models.files import Format
from reports.papers.base import NotYet
from reports.papers.whole_dossier import Bound, Slip, WholeDossier
from reports.registry import About

KIND = "toan-bo-ho-so"
MADE_BY = "1"  # counts on whenever the same parts are put together otherwise
MAX_PAGES = 1500  # of all files that people sent
MAX_BYTES = 200 * 1024**2
# Sheets to be filled by hand, and of a decision only what goes out with it.
LEFT_OUT = {"phieu-tham-dinh-co-so"}
OF_A_DECISION = {"quyet-dinh", "danh-sach-quyet-dinh"}


@dataclass(frozen=True, slots=True)
class Part:
    """One paper of the volume."""

    document: making.Document

    @property
    def path(self) -> Path:
        return store.place(self.document.file)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sent, as pages or not."""

    slip: Slip
    source: Path | None  # None when its bytes are not what they were
    pages: foreign.Pages


def compose(user: User, made: WholeDossier, form: Format) -> StoredFile:
    """The volume or the ZIP, from the store where nothing in it changed; of a decided unit kept for ever."""
    parts = list(_papers(user, made))
    made = made.bound([Bound(part.document.title, part.document.file.pages or 0) for part in parts], made.slips, 0)
    key = _key(made, parts, form)
    file = store.find(key)
    if file is None:
        with store.workshop() as folder:
            target = folder / f"whole.{form}"
            pages = None
            if form == Format.PDF:
                pages = _volume(made, parts, target, folder)
            else:
                _archive(made, parts, target)
            file = store.keep_file(key, form, target, pages)
    if made.closed:
        name = (KIND, str(made.record.assessment.pk), key, form)
        issued = making.issue(user, name, made.title, file)
        return issued.file if issued else file
    return file


def _papers(user: User, made: WholeDossier) -> Iterator[Part]:
    """Every paper of the unit that this person may have, in the order of the road."""
    subjects = (
        (About.ASSESSMENT, made.record.assessment.pk),
        (About.MEETING, made.meeting),
        (About.SUBMISSION, made.submission),
        (About.VISIT, made.visit),
        (About.DECISION, made.decision),
        (About.CERTIFICATE, made.certificate),
    )
    for about, pk in subjects:
        for paper in registry.PAPERS if pk is not None else ():
            if paper.about != about or not _belongs(paper) or not paper.may(user):
                continue
            try:
                yield Part(making.make(user, paper, (pk,)))  # type: ignore[arg-type]
            except (ObjectDoesNotExist, NotYet):
                continue  # not theirs to see, or not there yet


def _belongs(paper: registry.Paper) -> bool:
    if paper.compose or Format.PDF not in paper.formats or paper.code in LEFT_OUT:
        return False
    return paper.about != About.DECISION or paper.code in OF_A_DECISION


def _key(made: WholeDossier, parts: list[Part], form: Format) -> str:
    """What decides how it looks: every part by its checksum, and what cover and contents say."""
    front = render_to_string("reports/whole_dossier.html", {"d": made})
    slips = render_to_string("reports/whole_dossier_slips.html", {"d": made})
    held = [part.document.file.sha256 for part in parts] + [slip.sha256 for slip in made.slips]
    told = json.dumps([KIND, MADE_BY, form, rendering.fingerprint(), front, slips, held])
    return hashlib.sha256(told.encode()).hexdigest()


def _volume(made: WholeDossier, parts: list[Part], target: Path, folder: Path) -> int:
    """One PDF. Everything else is laid out first, so that the contents can name the pages."""
    sent = list(_bounded(made.slips, folder))
    refused = [replace(one.slip, refused=foreign.REASONS.get(one.pages.reason, "")) for one in sent]
    made = made.bound(made.papers, refused, 0)
    front = rendering.pdf(render_to_string("reports/whole_dossier.html", {"d": made}))
    before = rendering.page_count(front)
    made = _numbered(made, sent, before)
    front = rendering.pdf(render_to_string("reports/whole_dossier.html", {"d": made}))
    if rendering.page_count(front) != before:  # wider numbers broke a line: the second numbering holds
        made = _numbered(made, sent, rendering.page_count(front))
        front = rendering.pdf(render_to_string("reports/whole_dossier.html", {"d": made}))
    volume = Volume(made.title)
    cover = volume.open(front, own=True)
    volume.add(cover)
    volume.bookmark("Bìa", 1)
    volume.bookmark("Mục lục", 2)
    group = None
    for part in parts:
        first = volume.add(volume.open(part.path, own=True))
        group = group or volume.bookmark("Văn bản", first)
        volume.bookmark(part.document.title, first, group)
    _add_files(volume, made, sent)
    volume.number_sheets()
    pages = volume.pages
    volume.write(target)
    return pages


def _numbered(made: WholeDossier, sent: list[Sent], before: int) -> WholeDossier:
    """On which page everything begins when cover and contents take so many."""
    at, papers, slips = before + 1, [], []
    for paper in made.papers:
        papers.append(replace(paper, page=at))
        at += paper.pages
    for slip, one in zip(made.slips, sent, strict=True):
        slips.append(replace(slip, page=at))
        at += 1 + one.pages.count
    return made.bound(papers, slips, at - 1)


def _add_files(volume: Volume, made: WholeDossier, sent: list[Sent]) -> None:
    if not sent:
        return
    sheets = volume.open(rendering.pdf(render_to_string("reports/whole_dossier_slips.html", {"d": made})), own=True)
    groups: dict[str, object] = {}
    for number, one in enumerate(sent):
        first = volume.add(sheets, (number, number + 1))
        word = "Bản ký, bản quét" if number < len(made.signed) else "Minh chứng"
        if word not in groups:
            groups[word] = volume.bookmark(word, first)
        volume.bookmark(f"{one.slip.number}. {one.slip.name}", first, groups[word])  # type: ignore[arg-type]
        if one.pages.path is not None:
            volume.add(volume.open(one.pages.path, own=False))


def _bounded(slips: list[Slip], folder: Path) -> Iterator[Sent]:
    """Each file as pages, until the volume is full."""
    pages, size = 0, 0
    for slip in slips:
        source = foreign.source(slip.path, slip.sha256)
        if source is None:
            yield Sent(slip, None, foreign.Pages(None, reason="missing"))
            continue
        found = foreign.pages_of(source, slip.content_type, folder / f"{slip.number}.pdf")
        if found.path is not None:
            pages, size = pages + found.count, size + found.path.stat().st_size
            if pages > MAX_PAGES or size > MAX_BYTES:
                pages, size = pages - found.count, size - found.path.stat().st_size
                found = foreign.Pages(None, reason="full")
        yield Sent(slip, source, found)


def _archive(made: WholeDossier, parts: list[Part], target: Path) -> None:
    """A ZIP of all parts as they are."""
    lines, entries = [], []
    for number, part in enumerate(parts, 1):
        name = binding.safe_name("1. Văn bản", f"{number:02d}. {part.document.title}.pdf")
        entries.append(binding.Entry(name, part.path))
        lines.append({"name": name, "title": part.document.title, "sha256": part.document.file.sha256})
    for slip in made.slips:
        folder = "2. Bản ký, bản quét" if slip.number <= len(made.signed) else "3. Minh chứng"
        told = {"title": slip.name, "about": slip.about, "by": slip.by, "day": slip.day, "sha256": slip.sha256}
        if source := foreign.source(slip.path, slip.sha256):
            name = binding.safe_name(folder, f"{slip.number:03d}. {slip.original_name}")
            entries.append(binding.Entry(name, source))
            lines.append(told | {"name": name})
        else:
            lines.append(told | {"title": f"{slip.name} ({foreign.REASONS['missing'].lower()})"})
    for reference in made.references:
        lines.append({"title": reference.name, "about": f"{reference.about} (bản giấy)"})
    text = [made.title, ""]
    text += [" | ".join(line[key] for key in ("title", "about", "name", "sha256") if line.get(key)) for line in lines]
    listed = render_to_string("reports/whole_dossier_contents.html", {"d": made, "lines": lines})
    binding.pack(target, entries, text, [binding.Entry("Mục lục.html", listed.encode())])
