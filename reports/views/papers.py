"""Papers on the screen: the preview with its pages as pictures, and the files."""

import time
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from assessments.models import Plan
from reports import making, places, registry, rendering, store
from reports.files import download
from reports.models import StoredFile
from reports.models.files import Format
from reports.papers.base import Official
from reports.views.common import explained, paper_or_404, printed, read_or_404

PAGE_WIDTH = 1000  # pixels of a page's picture: readable on a phone when enlarged, some 60 KB
WIDE_PAGE = 1400  # of a landscape page
_HOUR = 3600
_signer = Signer(salt="reports.paper-page")


@require_safe
@never_cache
@explained
def preview(request: HttpRequest, code: str, subject: registry.Ids) -> HttpResponse:
    """The paper as it will be printed, and its files to take away.

    Shown at once: a document that still has to be made comes after the page (`pages`); with ?day-du=1, for
    browsers without scripts, in the page.
    """
    paper = paper_or_404(request, code)
    if paper.compose:  # takes too long for a page: it is ordered
        return redirect("reports:order_new", code, subject)
    made = read_or_404(request, paper, subject)
    document = None
    if Format.PDF in paper.formats:
        document = making.kept(paper, subject, made)
        if document is None and "day-du" in request.GET:
            document = printed(request, paper, subject, made)
    context = _context(request, paper, subject, made, document)
    context["place"] = places.place_of(paper.about, subject, made.year, paper.code)
    context["whole"] = document is not None
    context["issued"] = Plan.objects.filter(year=made.year).exists()  # a draft's year has no pages yet
    return render(request, "reports/paper_detail.html", context)


@require_safe
@never_cache
@explained
def pages(request: HttpRequest, code: str, subject: registry.Ids) -> HttpResponse:
    """The pictures of the pages and what became known in the making, as a part of the preview."""
    paper = paper_or_404(request, code, Format.PDF)
    made = read_or_404(request, paper, subject)
    document = printed(request, paper, subject, made)
    return render(request, "reports/partials/paper_pages.html", _context(request, paper, subject, made, document))


@require_safe
@explained
def file(request: HttpRequest, code: str, subject: registry.Ids, form: str) -> HttpResponse:
    """One format of the paper; PDF opens in the browser, the others are saved."""
    if form not in Format.values:
        raise Http404
    paper = paper_or_404(request, code, Format(form))
    document = printed(request, paper, subject, read_or_404(request, paper, subject), Format(form))
    etag = f'"{document.file.sha256}"'
    if unchanged := _unchanged(request, etag):
        return unchanged
    names = f"{document.short}.{form}", f"{document.title}.{form}"
    response = download(store.read(document.file), document.content_type, *names, inline=form == Format.PDF)
    # Kept by the reader's own browser, which asks each time whether it is still this one.
    return _headed(response, etag, "private, no-cache")


@require_safe
@explained
def page(request: HttpRequest, code: str, subject: registry.Ids, page: int) -> HttpResponse:
    """One page as a picture for the preview: of the very file whose mark the address carries, else of today's."""
    paper = paper_or_404(request, code, Format.PDF)
    file, marked = _marked(request), True
    if file is None:
        marked = False
        file = printed(request, paper, subject, read_or_404(request, paper, subject)).file
    etag = f'"{file.sha256}-{page}"'
    if unchanged := _unchanged(request, etag):
        return unchanged
    content = store.read(file)
    sizes = rendering.page_sizes(content)
    if not 1 <= page <= len(sizes):
        raise Http404
    width, height = sizes[page - 1]
    picture = rendering.page_image(content, page, PAGE_WIDTH if height >= width else WIDE_PAGE)
    kept = f"private, max-age={_HOUR}, immutable" if marked else "private, no-cache"
    return _headed(HttpResponse(picture, "image/png"), etag, kept)


def _context(
    request: HttpRequest, paper: registry.Paper, subject: registry.Ids, made: Official, document: making.Document | None
) -> dict[str, Any]:
    return {
        "paper": paper,
        "subject": subject,
        "made": made,
        "as_of": getattr(made, "as_of", None),
        "signing": getattr(made, "signing", None),
        "nameless": getattr(getattr(made, "letterhead", None), "blank", False),
        "document": document,
        "pages": _pages(request, paper, subject, document) if document else [],
        "others": [form for form in paper.formats if form != Format.PDF],
    }


def _pages(
    request: HttpRequest, paper: registry.Paper, subject: registry.Ids, document: making.Document
) -> list[dict[str, Any]]:
    """Address and size of each picture. The address changes with the content, so that none is shown for another."""
    mark = _mark(request, document.file, _hour())
    found = []
    for number, (width, height) in enumerate(rendering.page_sizes(store.read(document.file)), 1):
        pixels = PAGE_WIDTH if height >= width else WIDE_PAGE
        url = reverse("reports:paper_page", args=[paper.code, subject, number])
        found.append(
            {
                "number": number,
                "url": f"{url}?ban={mark}",
                "width": pixels,
                "height": round(pixels * height / width),
                "portrait": height >= width,
            }
        )
    return found


def _mark(request: HttpRequest, file: StoredFile, hour: int) -> str:
    """For an hour or two it gives this person the pages of this file without reading and filling all again."""
    return _signer.sign(f"{request.user.pk}.{file.pk}.{hour}")


def _marked(request: HttpRequest) -> StoredFile | None:
    """The file that the person was shown in this or the last hour; None sends them the long way."""
    assert isinstance(request.user, User)
    try:
        user, file, hour = map(int, _signer.unsign(request.GET.get("ban", "")).split("."))
    except (BadSignature, ValueError):
        return None
    if user != request.user.pk or hour not in (_hour(), _hour() - 1):
        return None
    found = StoredFile.objects.filter(pk=file).first()
    return found if found and store.place(found).is_file() else None


def _hour() -> int:
    return int(time.time()) // _HOUR


def _unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Not modified, where the browser has this content already."""
    response = get_conditional_response(request, etag=etag)
    return _headed(response, etag, "") if response is not None else None


def _headed(response: HttpResponse, etag: str, kept: str) -> HttpResponse:
    response["ETag"] = etag
    if kept:
        response["Cache-Control"] = kept
    # Packed already; without this the middleware would pack it again and weaken the mark.
    response["Content-Encoding"] = "identity"
    return response
