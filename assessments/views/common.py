"""What the views share: 404 for what does not concern a person, messages for refusals."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models.fields.files import FieldFile
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, with_context
from assessments.filetypes import KNOWN
from assessments.models import Assessment, Layer, Plan
from assessments.permissions import visible_assessments
from assessments.queries import due_date

# Should a file be something else than it seems: it runs nothing, loads nothing, and has no cookies of ours.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
_INLINE = {known.content_type for known in KNOWN.values() if known.inline}

logger = logging.getLogger(__name__)


View = Callable[..., HttpResponseBase]


def or_404(view: View) -> View:
    """Whatever does not exist, or not for this person, is not found."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404(str(error)) from error

    return wrapped


def person(request: HttpRequest) -> User:
    """The signed-in user; LoginRequiredMiddleware lets nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def visible(request: HttpRequest, pk: int) -> Assessment:
    """The assessment with its context and due day, or DoesNotExist for whoever has no business with it."""
    scope = visible_assessments(person(request)).annotate(due=due_date())
    found: Assessment = with_context(scope).get(pk=pk)
    return found


_PAGES = {
    Layer.SELF: "assessments:detail",
    Layer.AGENCY: "assessments:appraise",
    Layer.DELEGATION: "assessments:visit_sheet",
}


def layer_address(pk: int, layer: str) -> str:
    """Where this layer of an assessment is shown; an unknown layer is the ward's own."""
    return reverse(_PAGES.get(Layer(layer) if layer in _PAGES else Layer.SELF, _PAGES[Layer.SELF]), args=[pk])


def plan_of(year: int) -> Plan:
    """The plan of a year, or Plan.DoesNotExist."""
    return Plan.objects.select_related("criteria_set").get(year=year)


def tell(request: HttpRequest, refusal: Refusal) -> None:
    """Show why something was not done on the next page."""
    messages.error(request, refusal.message)


def put_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Say in the form why it was not stored: at the field it concerns, else above all fields."""
    field = refusal.field if isinstance(refusal, InvalidInput) and refusal.field in form.fields else None
    form.add_error(field, refusal.message)


def posted_numbers(request: HttpRequest, name: str) -> set[int]:
    """The ids ticked in a list; what is no number was ticked by nobody."""
    return {number for value in request.POST.getlist(name) if (number := whole_number(value)) is not None}


def posted_version(request: HttpRequest) -> int:
    """The version of the record that the page showed; one that no record has when the field is missing."""
    version = whole_number(request.POST.get("version"))
    return -1 if version is None else version


def whole_number(value: str | None) -> int | None:
    """The number a hidden field carries, None when it is missing or not a number."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None


def file_response(file: FieldFile, name: str, content_type: str) -> FileResponse:
    """A kept file under the name its owner gave it; as the type we recognised, never as page or script.

    Raises Http404 when the file is gone.
    """
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        logger.error("File %s is missing", file.name)
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=content_type not in _INLINE, filename=name, content_type=content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cache-Control"] = "private, no-store"
    # These types are packed already; without this the middleware would pack them again, piece by piece.
    response["Content-Encoding"] = "identity"
    return response
