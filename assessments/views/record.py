"""The record in words, whether it is intact, and the heads that the office takes away."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import exporting, uploads
from assessments.deeds import table_of
from assessments.forms.record import HeadsForm, RecordFilter
from assessments.models import Assessment, Event, Plan
from assessments.permissions import may_export_record
from assessments.queries import record as queries
from assessments.timeline import Line, tell
from assessments.verifying import verify
from assessments.views.common import or_404, person, plan_of, visible
from criteria.queries import table as whole_table
from criteria.spec import Table

PAGE = 100
SHOWN_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    date: date
    lines: list[Line]


@require_safe
@never_cache
@or_404
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that happened to one assessment, for everybody who sees it."""
    assessment = visible(request, pk)
    context = _chain_page(request, assessment, table_of(assessment)) | {
        "assessment": assessment,
        "plan": assessment.registration.plan,
        "report": verify(assessment_id=pk),
    }
    return render(request, "assessments/record_detail.html", context)


@require_safe
@never_cache
@or_404
def plan_record(request: HttpRequest, year: int) -> HttpResponse:
    """What happened to the plan itself, and the tools that keep all records honest; for the city's roles."""
    return _plan_page(request, _plan(request, year), HeadsForm())


def _plan(request: HttpRequest, year: int) -> Plan:
    if not may_export_record(person(request)):
        raise Plan.DoesNotExist
    return plan_of(year)


def _plan_page(request: HttpRequest, plan: Plan, form: HeadsForm, status: int = 200) -> HttpResponse:
    context = _chain_page(request, plan, whole_table(plan.criteria_set_id)) | {"plan": plan, "heads_form": form}
    return render(request, "assessments/record_plan.html", context, status=status)


def _chain_page(request: HttpRequest, owner: Assessment | Plan, table: Table) -> dict[str, Any]:
    user = person(request)
    form = RecordFilter(request.GET or None, table=table, people=queries.people(owner), of_plan=isinstance(owner, Plan))
    events = queries.chain(owner)
    oldest_first = False
    if form.is_bound:
        form.is_valid()  # what is valid counts, what is not is named on the page
        wanted = form.cleaned_data
        oldest_first = wanted.get("thu_tu") == "cu"
        events = _filtered(events, wanted)
    events = events.order_by("sequence" if oldest_first else "-sequence")
    page = Paginator(events, PAGE).get_page(request.GET.get("trang"))
    shown = list(page.object_list)
    words = queries.words(user, owner, table, shown)
    return {
        "form": form,
        "filtered": form.is_bound and any(form.data.get(name) for name in form.fields if name != "thu_tu"),
        "page": page,
        "total": _total(page),
        "days": _days([tell(event, words) for event in shown]),
    }


def _total(page: Page[Event]) -> int:
    return page.paginator.count


def _filtered(events: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("viec"):
        events = events.filter(kind=wanted["viec"])
    if wanted.get("ben"):
        events = events.filter(layer=wanted["ben"])
    if wanted.get("nguoi"):
        events = events.filter(actor=wanted["nguoi"])
    if wanted.get("muc"):
        events = queries.about_entry(events, wanted["muc"])
    return events


def _days(lines: list[Line]) -> list[Day]:
    return [Day(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: timezone.localdate(line.at))]


@require_safe
@never_cache
@or_404
def heads(request: HttpRequest, year: int) -> HttpResponse:
    """The file of heads of the plan's chains, to be kept outside of the system."""
    plan = _plan(request, year)
    content = "".join(exporting.lines(exporting.heads(plan)))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"ma-bam-{plan.year}-{timezone.localtime():%Y%m%d-%H%M}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@never_cache
@or_404
def check(request: HttpRequest, year: int) -> HttpResponse:
    """Verify every chain of the plan now, and against an exported file where one is given."""
    plan = _plan(request, year)
    form = HeadsForm(request.POST, request.FILES)
    stopped = uploads.refused(request)
    if stopped or not form.is_valid():
        for _, sentence in stopped:
            form.add_error("file", sentence)
        return _plan_page(request, plan, form, status=422)
    report = verify(plan=plan, exported=form.exported)
    context = {
        "plan": plan,
        "report": report,
        "faults": report.faults[:SHOWN_FAULTS],
        "more": max(0, len(report.faults) - SHOWN_FAULTS),
        "compared": sum(row.year == plan.year for row in form.exported.rows) if form.exported else None,
        "now": timezone.now(),
    }
    return render(request, "assessments/record_check.html", context)
