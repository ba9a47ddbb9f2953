"""Visits on site: the person's own list, the work page for a phone without network, and the minutes."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from assessments import queries, visiting
from assessments.answers import APPRAISING, outcome_of, read
from assessments.deeds import Refusal, table_of, with_context
from assessments.forms import ReasonForm
from assessments.forms.delegations import MinutesForm
from assessments.models import Assessment, Evidence, Layer, Visit
from assessments.permissions import (
    answerable,
    may_keep_pages,
    may_keep_visit,
    may_reopen_visit,
    may_see_visits,
    visible_assessments,
    visible_delegations,
    visible_visits,
)
from assessments.queries import delegations as visit_queries
from assessments.sheet import Sheet, build
from assessments.views.common import layer_address, or_404, person, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.sheet import address_rows, put_guidance


def _kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A page that the service worker may keep on the device of whoever goes on visits, and for whom it is."""
    user = person(request)
    if may_keep_pages(user):
        response["X-Kept-For"] = str(user.pk)
    return response


@require_safe
@never_cache
@or_404
def my_visits(request: HttpRequest) -> HttpResponse:
    """Where the person's delegations go, by day; for wards and units, who comes to them."""
    user = person(request)
    if not may_see_visits(user):
        raise Visit.DoesNotExist
    visits = list(visit_queries.my_visits(user, queries.current_plan()))
    context = {
        "open_visits": [visit for visit in visits if not visit.closed_at],
        "closed_visits": [visit for visit in visits if visit.closed_at],
        "today": timezone.localdate(),
        "made_at": timezone.now(),
        "keeps": may_keep_pages(user),
    }
    return _kept(request, render(request, "assessments/visit_list.html", context))


def _visit(request: HttpRequest, pk: int) -> Visit:
    return (
        visible_visits(person(request))
        .select_related("delegation__plan", "assessment__registration__unit__ward", "closed_by")
        .get(pk=pk)
    )


@require_safe
@never_cache
@or_404
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything a member needs on site; kept on the device, it also works without network."""
    user, found = person(request), _visit(request, pk)
    assessment: Assessment | None = with_context(visible_assessments(user)).filter(pk=found.assessment_id).first()
    context = _about(user, found)
    if assessment is not None:
        entries = answerable(user, assessment, Layer.DELEGATION)
        context |= _work(assessment, entries) | {"editable": entries is None or bool(entries)}
    context |= {"token": get_token(request), "upload_max": settings.UPLOAD_MAX_BYTES}
    return _kept(request, render(request, "assessments/visit_work.html", context))


def _about(user: User, found: Visit) -> dict[str, Any]:
    """What every page of a visit says about it."""
    return {
        "visit": found,
        "delegation": found.delegation,
        "plan": found.delegation.plan,
        "assessment": found.assessment,
        "unit": found.assessment.registration.unit,
        "layer": Layer.DELEGATION,
        "may_keep": may_keep_visit(user, found),
        "keeps": may_keep_pages(user),
        "sees_delegation": visible_delegations(user).filter(pk=found.delegation_id).exists(),
        "made_at": timezone.now(),
    }


def _work(assessment: Assessment, entries: Any) -> dict[str, Any]:
    """The table with all three layers, in as many queries as the assessment page."""
    table = table_of(assessment)
    answers = read(assessment, table, (Layer.SELF, *APPRAISING))
    sheet: Sheet = build(
        assessment,
        table,
        answers,
        Layer.DELEGATION,
        outcome_of(table, answers, Layer.DELEGATION),
        evidence=Evidence.objects.filter(assessment=assessment, removed_at=None).order_by("pk"),
        answerable=entries,
    )
    address_rows(sheet, assessment)
    put_guidance(sheet, assessment)
    return {"sheet": sheet, "assessment": assessment, "page_url": layer_address(assessment.pk, Layer.DELEGATION)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes: written by members and home affairs while open, read by everybody concerned."""
    user, found = person(request), _visit(request, pk)
    may_write = may_keep_visit(user, found)
    version = found.version
    initial = {"held_on": found.planned_on, "starts_at": found.planned_at} if not found.held_on else {}
    form = MinutesForm(request.POST or None, instance=found, initial=initial)
    if request.method == "POST":
        if not may_write:
            messages.error(request, "Chỉ thành viên đoàn và cơ quan nội vụ thành phố ghi biên bản này.")
            return redirect("assessments:visit_minutes", pk=pk)
        if form.is_valid() and (done := _keep_minutes(request, pk, form)):
            return done
        found = _visit(request, pk)
    context = _about(user, found) | {
        # Closed while somebody was typing: what was typed stays on the page, with the reason why it was not kept.
        "form": form if may_write and (not found.closed_at or form.errors) else None,
        "version": request.POST.get("version", version),
        "members": found.delegation.members.all(),
        "attachments": found.attachments.select_related("added_by"),
        "may_reopen": may_reopen_visit(user) and found.closed_at is not None,
        "reason_form": ReasonForm(),
    }
    return _kept(request, render(request, "assessments/visit_minutes.html", context))


def _keep_minutes(request: HttpRequest, pk: int, form: MinutesForm) -> HttpResponse | None:
    """Save, or save and close; None when the page must show why not."""
    closing = "close" in request.POST
    deed = visiting.close_minutes if closing else visiting.save_minutes
    try:
        deed(user=person(request), visit_id=pk, version=posted_version(request), values=form.cleaned_data)
    except Refusal as refusal:
        put_refusal(form, refusal)
    else:
        messages.success(request, "Đã chốt biên bản. In, ký rồi gửi bản quét." if closing else "Đã lưu biên bản.")
        return redirect("assessments:visit_minutes", pk=pk)
    return None


@require_POST
@or_404
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs opens closed minutes again, with a reason."""
    found = _visit(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Cần ghi rõ lý do mở lại biên bản, tối đa 2000 ký tự.")
        return redirect("assessments:visit_minutes", pk=pk)
    try:
        visiting.reopen_minutes(
            user=person(request),
            visit_id=found.pk,
            reason=form.cleaned_data["reason"],
            version=posted_version(request),
        )
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, "Đã mở lại biên bản và báo cho thành viên đoàn.")
    return redirect("assessments:visit_minutes", pk=pk)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed scan of the minutes."""
    _visit(request, pk)
    take_paper(request, "biên bản đã ký", partial(visiting.attach_minutes, visit_id=pk))
    return redirect("assessments:visit_minutes", pk=pk)
