"""Estimates: all wards side by side, the ward's own, writing it, reading it from Excel, sending it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import uploads
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.excel_reading import Unreadable
from assessments.forms import ReasonForm
from assessments.forms.year import budget as forms
from assessments.models import BudgetEstimate, Milestone, Plan
from assessments.permissions import (
    may_appraise_budget,
    may_receive,
    may_see_budget,
    may_send_for_ward,
    may_write_estimate,
)
from assessments.queries.year import budget as queries
from assessments.queries.year import budget_change, milestone
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.year.closed import offered
from assessments.year import budget as deeds
from assessments.year import budget_import, rows
from assessments.year.budget import OPEN, State
from localities.models import Unit

EVENTS_SHOWN = 50
MORE_LINES = 5


@require_safe
@never_cache
@or_404
def table(request: HttpRequest, year: int) -> HttpResponse:
    """All wards for the city; the ward's people come straight to their own estimate."""
    plan, user = plan_of(year), person(request)
    if not may_see_budget(user):
        raise BudgetEstimate.DoesNotExist
    if may_write_estimate(user):
        own = queries.own(user, plan)
        if own is not None:
            return redirect("assessments:estimate", pk=own.pk)
        context: dict[str, Any] = {
            "plan": plan,
            "due": milestone(plan, Milestone.Duty.BUDGET),
            "today": timezone.localdate(),
            "last": queries.last_year(user, plan),
        }
        return render(request, "assessments/year/estimate_none.html", context)
    found = queries.table(user, plan, timezone.localdate())
    appraises = may_appraise_budget(user)
    context = {
        "plan": plan,
        "table": found,
        "decisions": queries.decisions(user, plan),
        "may_appraise": appraises,
        "free": len(queries.decidable(user, plan, None)) if appraises else 0,
        "earlier": queries.year_totals(user, plan),
    }
    return render(request, "assessments/year/estimate_list.html", offered(plan, context))


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One estimate: three amounts side by side, sources, last year, signed papers, history."""
    return show(request, pk)


def show(request: HttpRequest, pk: int, *, status: int = 200, **forms_in_error: Any) -> HttpResponse:
    """The estimate's page, with the forms of steps that were refused."""
    user = person(request)
    estimate = queries.estimates(user).get(pk=pk)
    appraises = may_appraise_budget(user)
    writes = may_write_estimate(user, estimate.ward)
    state = estimate.state
    due = milestone(estimate.plan, Milestone.Duty.BUDGET)
    context = {
        "estimate": estimate,
        "plan": estimate.plan,
        "sheet": queries.sheet(estimate, appraiser=appraises),
        "change": budget_change.change(estimate),
        "due": due,
        "late": estimate.came_late(due),
        "attachments": estimate.attachments.select_related("added_by"),
        "events": queries.events(estimate, appraiser=appraises)[:EVENTS_SHOWN],
        "may_edit": writes and state in OPEN,
        "may_send": may_send_for_ward(user, estimate.ward) and state in OPEN,
        "may_appraise": appraises and state == State.SUBMITTED,
        "may_reopen": appraises and state == State.APPRAISED and estimate.decision_id is None,
        "may_state_day": may_receive(user) and state not in (*OPEN, State.APPROVED),
        "may_attach": deeds.may_attach(user, estimate),
        "sees_decision": estimate.decision_id and (appraises or state == State.APPROVED),
        "told": appraises or state in queries.TOLD,
        "reopen_form": ReasonForm(),
        "day_form": forms.PaperDayForm(initial={"received_on": estimate.received_on}),
        **forms_in_error,
    }
    return render(request, "assessments/year/estimate_detail.html", offered(estimate.plan, context), status=status)


# ---- Writing ----


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, year: int) -> HttpResponse:
    """The ward's first version of the year's estimate."""
    plan, user = plan_of(year), person(request)
    if not may_write_estimate(user):
        raise BudgetEstimate.DoesNotExist
    own = queries.own(user, plan)
    if own is not None and request.method != "POST":
        return redirect("assessments:estimate_edit", pk=own.pk)
    return _edit(request, plan, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The estimate's lines, as long as it lies with the ward."""
    user = person(request)
    estimate = queries.estimates(user).get(pk=pk)
    if not may_write_estimate(user, estimate.ward):
        raise BudgetEstimate.DoesNotExist
    if request.method != "POST" and estimate.state not in OPEN:
        messages.info(request, f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không sửa được.")
        return redirect("assessments:estimate", pk=pk)
    return _edit(request, estimate.plan, estimate)


def _edit(request: HttpRequest, plan: Plan, estimate: BudgetEstimate | None) -> HttpResponse:
    user = person(request)
    units = list(queries.units(user))
    if request.method != "POST":
        return _fresh_form(request, plan, estimate, units)
    if "them" in request.POST or "chep" in request.POST:
        return _more_lines(request, plan, estimate, units)
    form = forms.EstimateForm(request.POST)
    lines = forms.lines_formset(request.POST, [], units)
    if all([form.is_valid(), lines.is_valid()]):
        try:
            saved = deeds.save_estimate(
                user=user,
                plan_id=plan.pk,
                number=form.cleaned_data["number"],
                signed_on=form.cleaned_data["signed_on"],
                explanation=form.cleaned_data["explanation"],
                lines=forms.written(lines),
                version=posted_version(request),
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, "Đã lưu dự toán.")
            return redirect("assessments:estimate", pk=saved.pk)
    return form_page(request, plan, estimate, form, lines)


def _fresh_form(
    request: HttpRequest, plan: Plan, estimate: BudgetEstimate | None, units: Sequence[Unit]
) -> HttpResponse:
    stored = [forms.told(line) for line in estimate.lines.all()] if estimate else []
    form = forms.EstimateForm(instance=estimate) if estimate else forms.EstimateForm()
    return form_page(request, plan, estimate, form, forms.lines_formset(None, stored, units))


def _more_lines(
    request: HttpRequest, plan: Plan, estimate: BudgetEstimate | None, units: Sequence[Unit]
) -> HttpResponse:
    """The same page with what was typed, and more lines: free ones, or last year's. Nothing is stored."""
    typed = [line for line in _typed(request) if any(line[name] for name in line if name not in ("pk", "position"))]
    if "chep" in request.POST:
        last = queries.last_year(person(request), plan)
        known = {unit.pk for unit in units}
        for line in last.lines.all() if last else []:
            told = forms.told(line, new=True) | {"position": None}
            typed.append(told | {"unit": line.unit_id if line.unit_id in known else None})
        if last:
            messages.info(request, f"Đã chép các dòng của dự toán năm {last.plan.year} xuống dưới; xem lại rồi lưu.")
    for number, row in enumerate(typed, 1):
        row["position"] = number
    names = ("number", "signed_on", "explanation")
    form = forms.EstimateForm(initial={name: request.POST.get(name, "") for name in names})
    return form_page(request, plan, estimate, form, forms.lines_formset(None, typed, units, extra=MORE_LINES))


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the lines of the posted form, as it was typed."""
    given = request.POST.get(f"{forms.PREFIX}-TOTAL_FORMS", "0")
    count = min(int(given), deeds.LINES_MOST) if given.isascii() and given.isdigit() and len(given) < 5 else 0
    names = [name for name in forms.LineForm.base_fields if name != "remove"]
    return [
        {name: request.POST.get(f"{forms.PREFIX}-{at}-{name}", "") for name in names}
        for at in range(count)
        if f"{forms.PREFIX}-{at}-remove" not in request.POST
    ]


def form_page(
    request: HttpRequest, plan: Plan, estimate: BudgetEstimate | None, form: Any, lines: Any, **more: Any
) -> HttpResponse:
    """The page on which the estimate is written."""
    user = person(request)
    context = {
        "plan": plan,
        "estimate": estimate,
        "form": form,
        "lines": lines,
        "version": request.POST.get("version", estimate.version if estimate else rows.NEW),
        "last": queries.last_year(user, plan),
        "units": queries.units(user),
        **more,
    }
    return render(request, "assessments/year/estimate_form.html", context)


# ---- Excel ----


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def read_excel(request: HttpRequest, year: int) -> HttpResponse:
    """An Excel file's lines put into the form, with what they would change; stored only once they are saved there."""
    plan, user = plan_of(year), person(request)
    if not may_write_estimate(user):
        raise BudgetEstimate.DoesNotExist
    own = queries.own(user, plan)
    estimate = queries.estimates(user).get(pk=own.pk) if own else None
    if estimate is not None and estimate.state not in OPEN:
        messages.error(request, f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không sửa được.")
        return redirect("assessments:estimate", pk=estimate.pk)
    context: dict[str, Any] = {"plan": plan, "estimate": estimate, "limit": uploads.limit_label()}
    if request.method == "POST":
        units = list(queries.units(user))
        try:
            found = _from_file(request, estimate, units)
        except Unreadable as unreadable:
            context["error"] = unreadable.message
        else:
            if not found.problems:
                return _preview(request, plan, estimate, found, units)
            context["problems"] = found.problems
    return render(request, "assessments/year/estimate_import.html", context)


def _from_file(request: HttpRequest, estimate: BudgetEstimate | None, units: Sequence[Unit]) -> budget_import.Imported:
    for _, sentence in uploads.refused(request):
        raise Unreadable(sentence)
    file = request.FILES.get("file")
    if file is None:
        raise Unreadable("Chọn tệp Excel (.xlsx) rồi gửi lại.")
    stored = list(estimate.lines.all()) if estimate else []
    return budget_import.read(file, units, stored)


def _preview(
    request: HttpRequest,
    plan: Plan,
    estimate: BudgetEstimate | None,
    found: budget_import.Imported,
    units: Sequence[Unit],
) -> HttpResponse:
    lines = [
        {
            "pk": line.pk,
            "position": number,
            "content": line.content,
            "unit": line.unit_id,
            "measure": line.measure,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "state_budget": line.sources.state_budget,
            "social": line.sources.social,
            "other": line.sources.other,
        }
        for number, line in enumerate(found.lines, 1)
    ]
    form = forms.EstimateForm(instance=estimate) if estimate else forms.EstimateForm()
    formset = forms.lines_formset(None, lines, units, extra=0)
    stored = sum(line.asked for line in estimate.lines.all()) if estimate else 0
    version = estimate.version if estimate else rows.NEW
    return form_page(request, plan, estimate, form, formset, imported=found, stored_total=stored, version=version)


# ---- Steps ----


@require_POST
@or_404
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The ward's leader sends it to the finance agency."""
    _, user = queries.estimates(person(request)).get(pk=pk), person(request)
    try:
        deeds.send_estimate(user=user, estimate_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, "Đã gửi dự toán tới cơ quan tài chính, kế hoạch.")
    return redirect("assessments:estimate", pk=pk)


@require_POST
@or_404
def paper_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs states on which earlier day the paper copy came."""
    form = forms.PaperDayForm(request.POST)
    queries.estimates(person(request)).get(pk=pk)
    if form.is_valid():
        try:
            deeds.state_paper_day(
                user=person(request), estimate_id=pk, version=posted_version(request), **form.cleaned_data
            )
        except (InvalidInput, Stale) as refusal:
            put_refusal(form, refusal)
        except Refusal as refusal:  # its form is not on the page
            tell(request, refusal)
            return redirect("assessments:estimate", pk=pk)
        else:
            messages.success(request, "Đã ghi ngày nhận bản giấy.")
            return redirect("assessments:estimate", pk=pk)
    return show(request, pk, day_form=form)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed submission letter or the signed estimate."""
    queries.estimates(person(request)).get(pk=pk)
    take_paper(request, "dự toán đã ký", partial(deeds.attach_estimate, estimate_id=pk))
    return redirect("assessments:estimate", pk=pk)
