"""What the views share: 404 for what does not concern a person, messages for refusals."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from assessments.deeds import Refusal, with_context
from assessments.models import Assessment, Plan
from assessments.permissions import visible_assessments

View = Callable[..., HttpResponse]


def or_404(view: View) -> View:
    """Whatever does not exist, or not for this person, is not found."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
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
    """The assessment with its context, or DoesNotExist for whoever has no business with it."""
    found: Assessment = with_context(visible_assessments(person(request))).get(pk=pk)
    return found


def plan_of(year: int) -> Plan:
    """The plan of a year, or Plan.DoesNotExist."""
    return Plan.objects.select_related("criteria_set").get(year=year)


def tell(request: HttpRequest, refusal: Refusal) -> None:
    """Show why something was not done on the next page."""
    messages.error(request, refusal.message)


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
