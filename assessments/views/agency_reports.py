"""Closing an agency's appraisal, its reports, and the table of all agencies for home affairs."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from assessments import closing
from assessments.deeds import Refusal
from assessments.forms.agencies import AgencyReportForm, ReopenForm
from assessments.grid import column_name
from assessments.models import AgencyReport, Plan
from assessments.permissions import may_appraise_for, may_close_agency, may_reopen_agency, may_see_city
from assessments.queries import agencies as queries
from assessments.queries.assignments import without_agency
from assessments.views.common import or_404, person, plan_of, posted_numbers, put_refusal, tell
from assessments.views.grid import agency_of
from assessments.views.papers import take_paper
from assessments.workflow import State
from criteria.queries import table

FIGURE_COLUMNS = (
    ("met", "Đạt"),
    ("not_met", "Không đạt"),
    ("not_applicable", "Không áp dụng"),
    ("absent", "Không xảy ra"),
    ("occurs", "Có xảy ra"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def close(request: HttpRequest, year: int) -> HttpResponse:
    """The agency closes its work on every dossier now open to it."""
    plan, user = plan_of(year), person(request)
    agency = agency_of(request, plan)
    if not may_close_agency(user, agency):
        raise Agency.DoesNotExist
    form = AgencyReportForm(request.POST or None, initial={"signed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            report = closing.close(
                user=user,
                plan_id=plan.pk,
                agency_id=agency.pk,
                assessment_ids=posted_numbers(request, "assessment"),
                report=form.save(commit=False),
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã chốt kết quả thẩm định {report.lines.count()} hồ sơ.")
            return redirect("assessments:agency_report", year=year, pk=report.pk)
    return _close_page(request, plan, agency, form)


def _close_page(request: HttpRequest, plan: Plan, agency: Agency, form: AgencyReportForm) -> HttpResponse:
    own = queries.responsible_ids(plan, agency)
    dossiers = list(
        queries.with_done(queries.open_dossiers(plan, agency), own)
        .select_related("registration__unit__ward")
        .order_by("registration__unit__ward__position", "registration__unit__sort_name")
    )
    due = queries.agency_due(plan)
    missing = [(a, len(own) - a.done) for a in dossiers if a.done < len(own)]  # type: ignore[attr-defined]
    context = {
        "plan": plan,
        "agency": agency,
        "form": form,
        "entries": len(own),
        "dossiers": dossiers,
        "missing": missing,
        "missing_cells": sum(n for _, n in missing),
        "due": due,
        "late": bool(due and timezone.localdate() >= due),
        "reports": queries.report_list(request.user, plan).filter(agency=agency),
        "grid_url": reverse("assessments:grid", args=[plan.year]) + f"?co-quan={agency.code}",
    }
    return render(request, "assessments/agency_close.html", context)


@require_safe
@never_cache
@or_404
def agency_list(request: HttpRequest, year: int) -> HttpResponse:
    """How far every agency is."""
    plan, user = plan_of(year), person(request)
    if not may_see_city(user):
        raise Plan.DoesNotExist
    due = queries.agency_due(plan)
    context = {
        "plan": plan,
        "states": queries.agency_states(user, plan),
        "due": due,
        "late": bool(due and timezone.localdate() >= due),
        "missing": without_agency(plan),
    }
    return render(request, "assessments/agency_list.html", context)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One report, fit for printing."""
    return _detail(request, _report(request, year, pk), ReopenForm())


def _report(request: HttpRequest, year: int, pk: int) -> AgencyReport:
    return queries.report_list(request.user, plan_of(year)).get(pk=pk)


def _detail(request: HttpRequest, report: AgencyReport, form: ReopenForm) -> HttpResponse:
    lines = report.lines.select_related("assessment__registration__unit__ward").order_by(
        "assessment__registration__unit__ward__position", "assessment__registration__unit__sort_name"
    )
    covered = list(lines)
    open_again = any(line.closed and line.assessment.state == State.APPRAISAL for line in covered)
    context = {
        "report": report,
        "plan": report.plan,
        "lines": covered,
        "figures": _figures(report),
        "columns": _columns(report),
        "attachments": report.attachments.select_related("added_by"),
        "may_attach": may_appraise_for(request.user, report.agency),
        "may_reopen": may_reopen_agency(request.user) and report.reopened_at is None and open_again,
        "form": form,
    }
    return render(request, "assessments/agency_report.html", context)


def _columns(report: AgencyReport) -> list[tuple[str, str]]:
    """Only the verdicts that occur in the figures."""
    said = {value for entry in report.figures.get("entries", []) for value in entry["values"]}
    return [(value, label) for value, label in FIGURE_COLUMNS if value in said]


def _figures(report: AgencyReport) -> list[dict[str, Any]]:
    entries = table(report.plan.criteria_set_id).entries_by_key
    shown = _columns(report)
    return [
        {
            "name": column_name(entries[row["key"]]) if row["key"] in entries else row["code"],
            "text": entries[row["key"]].text if row["key"] in entries else "",
            "counts": [row["values"].get(value, 0) for value, _ in shown],
            "differs": row["differs"],
        }
        for row in report.figures.get("entries", [])
    ]


@require_POST
@or_404
def reopen(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Home affairs gives the dossiers back to the agency."""
    report = _report(request, year, pk)
    if not may_reopen_agency(request.user):
        raise AgencyReport.DoesNotExist
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _detail(request, report, form)
    try:
        closing.reopen(user=person(request), report_id=pk, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã mở lại kết quả thẩm định của {report.agency}.")
    return redirect("assessments:agency_report", year=year, pk=pk)


@require_POST
@or_404
def attach(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Keep the signed scan of the report."""
    report = _report(request, year, pk)
    if not may_close_agency(request.user, report.agency):
        raise AgencyReport.DoesNotExist
    take_paper(request, "báo cáo đã ký", partial(closing.attach_signed, report_id=pk))
    return redirect("assessments:agency_report", year=year, pk=pk)
