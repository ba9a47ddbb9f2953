"""From a row of the registry to a file: read, fill the template, make or take from the store, keep what is final."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from accounts.models import User
from assessments.permissions import AnyUser
from reports import registry, rendering, store, word
from reports.models import IssuedPaper, StoredFile
from reports.models.files import Format
from reports.papers.base import Official

CONTENT_TYPES = {
    Format.PDF: "application/pdf",
    Format.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ZIP: "application/zip",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A made file with the names under which it is given out."""

    file: StoredFile
    title: str
    short: str
    draft: bool
    issued: IssuedPaper | None = None

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[Format(self.file.format)]


def make(user: AnyUser, paper: registry.Paper, ids: registry.Ids, form: Format = Format.PDF) -> Document:
    """The document in this format: from the store where nothing changed, made otherwise.

    Raises ObjectDoesNotExist for what is outside the person's scope, NotYet for what there is not to print yet,
    store.Damaged for an issued file that is lost.
    """
    return finish(user, paper, ids, read(user, paper, ids), form)


def read(user: AnyUser, paper: registry.Paper, ids: registry.Ids) -> Official:
    """The view model. Raises ObjectDoesNotExist outside the person's scope and for too few or too many numbers."""
    if len(ids) != paper.about.numbers:
        raise ObjectDoesNotExist
    return paper.read(user, ids)


def kept(paper: registry.Paper, ids: registry.Ids, made: Official, form: Format = Format.PDF) -> Document | None:
    """The document where it was issued for ever; found without filling a template."""
    issued = _issued(*_name(paper, ids, made, form)) if made.edition else None
    return Document(issued.file, made.title, made.short, made.draft, issued) if issued else None


def finish(user: AnyUser, paper: registry.Paper, ids: registry.Ids, made: Official, form: Format) -> Document:
    """The same as `make` for a paper that was read already."""
    if found := kept(paper, ids, made, form):
        return found
    name = _name(paper, ids, made, form)
    file = import_string(paper.compose)(user, made, form) if paper.compose else _file(paper, made, form)
    if made.edition:
        # It is read by several queries: what was reopened or closed meanwhile may be half of one and half of the
        # other. An edition never comes back, so the same one before and after had the same content between.
        again = read(user, paper, ids)
        if again.edition != made.edition:
            return finish(user, paper, ids, again, form)
    issued = issue(user, name, made.title, file) if made.edition else None
    return Document(issued.file if issued else file, made.title, made.short, made.draft, issued)


def _name(paper: registry.Paper, ids: registry.Ids, made: Official, form: Format) -> tuple[str, str, str, Format]:
    return paper.code, "-".join(map(str, ids)), made.edition, form


def html(paper: registry.Paper, made: Official) -> str:
    """The filled template; PDF and Word are both made from it."""
    return render_to_string(f"reports/{paper.template}.html", {"d": made})


def _file(paper: registry.Paper, made: Official, form: Format) -> StoredFile:
    if form == Format.EXCEL:
        if paper.workbook is None:
            raise LookupError(f"{paper.code} has no workbook")
        content = paper.workbook(made)
        return store.keep(_key(form, _substance(content)), form, content)
    filled = html(paper, made)
    key = _key(form, filled.encode())
    if found := store.find(key):
        return found
    content = rendering.pdf(filled) if form == Format.PDF else word.document(filled)
    return store.keep(key, form, content, rendering.page_count(content) if form == Format.PDF else None)


def _key(form: Format, content: bytes) -> str:
    """What decides how the file looks: what is in it, and what makes it."""
    maker = word.fingerprint() if form == Format.WORD else rendering.fingerprint()
    return hashlib.sha256(f"{form} {maker}\n".encode() + content).hexdigest()


def _substance(workbook: bytes) -> bytes:
    """What tells one workbook from another: every part of the package but the one that says when it was written."""
    with ZipFile(BytesIO(workbook)) as package:
        parts = [f"{part.filename} {part.CRC}" for part in package.infolist() if part.filename != "docProps/core.xml"]
    return "\n".join(parts).encode()


def _issued(kind: str, subject: str, edition: str, form: Format) -> IssuedPaper | None:
    return (
        IssuedPaper.objects.select_related("file")
        .filter(kind=kind, subject=subject, edition=edition, format=form)
        .first()
    )


def issue(user: AnyUser, name: tuple[str, str, str, Format], title: str, file: StoredFile) -> IssuedPaper | None:
    """Keep it for ever; of two who make the first copy at the same time, one is kept and given to both."""
    if not isinstance(user, User):
        return None
    kind, subject, edition, form = name
    with transaction.atomic():
        issued, _ = IssuedPaper.objects.select_related("file").get_or_create(
            kind=kind, subject=subject, edition=edition, format=form,
            defaults={"title": title[:300], "file": file, "made_by": user},
        )  # fmt: skip
    return issued
