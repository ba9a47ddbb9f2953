"""What the views of documents have in common: who may, and what a page says when there is nothing to give."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from reports import making, registry, store
from reports.models.files import Format
from reports.papers.base import NotYet, Official

logger = logging.getLogger(__name__)


class NotPrinted(Exception):
    """Something broke while the file was made; the log knows what."""


class SubjectConverter:
    """The numbers of what a document is of: 12, or 12-5."""

    regex = r"[0-9]{1,17}(?:-[0-9]{1,17})*"

    def to_python(self, value: str) -> registry.Ids:
        return registry.ids(value)

    def to_url(self, value: registry.Ids | str | int) -> str:
        return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def paper_or_404(request: HttpRequest, code: str, form: Format | None = None) -> registry.Paper:
    """The kind of document, if there is one of this code (and in this format) for this person."""
    try:
        paper = registry.find(code)
    except KeyError as error:
        raise Http404 from error
    if not paper.may(request.user) or (form is not None and (paper.compose or form not in paper.formats)):
        raise Http404
    return paper


def read_or_404(request: HttpRequest, paper: registry.Paper, ids: registry.Ids) -> Official:
    """The paper's content; 404 for a stranger to what it is of. Raises NotYet."""
    try:
        return making.read(request.user, paper, ids)
    except (ObjectDoesNotExist, ValueError) as error:
        raise Http404 from error


def printed(
    request: HttpRequest, paper: registry.Paper, ids: registry.Ids, made: Official, form: Format = Format.PDF
) -> making.Document:
    """The file of a paper that was read. Raises store.Damaged, and NotPrinted for whatever breaks in the making."""
    try:
        return making.finish(request.user, paper, ids, made, form)
    except (NotYet, store.Damaged):
        raise
    except Exception as error:  # layout, fonts, a full disk: the person needs a sentence, the log the rest
        logger.exception("%s of %s could not be made as %s", paper.code, ids, form)
        raise NotPrinted from error


def explained(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page (for htmx the part of one) that says why there is no document and what to do."""

    @wraps(view)
    def wrapped(request: HttpRequest, code: str, subject: registry.Ids, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, code, subject, *args, **kwargs)
        except NotYet as early:
            return _problem(request, code, subject, "early", str(early), 409)
        except store.Damaged as damaged:
            logger.error("Issued document %s is lost or damaged", damaged)
            return _problem(request, code, subject, "damaged", str(damaged), 500)
        except NotPrinted:
            return _problem(request, code, subject, "failed", "", 500)

    return wrapped


def _problem(
    request: HttpRequest, code: str, subject: registry.Ids, problem: str, detail: str, status: int
) -> HttpResponse:
    paper = registry.find(code)
    template = "partials/paper_problem" if request.headers.get("HX-Request") else "paper_problem"
    context = {"paper": paper, "problem": problem, "detail": detail or paper.since, "subject": subject}
    response = render(request, f"reports/{template}.html", context, status=status)
    response["X-Paper-Problem"], response["Cache-Control"] = problem, "no-store"
    return response
