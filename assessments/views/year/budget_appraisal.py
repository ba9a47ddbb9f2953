"""The finance agency's pages: appraising an estimate, giving it back, taking its own appraisal back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.forms import ReasonForm
from assessments.forms.year.budget import AppraisalNoteForm, SaidForm
from assessments.models import BudgetEstimate
from assessments.permissions import may_appraise_budget
from assessments.queries.year import budget as queries
from assessments.queries.year import budget_change
from assessments.views.common import or_404, person, posted_version, put_refusal, tell
from assessments.views.year import budget as pages
from assessments.year import budget_appraisal as deeds
from assessments.year.budget import State


def _mine(request: HttpRequest, pk: int) -> BudgetEstimate:
    """An estimate that this person appraises; for others there is no such page."""
    if not may_appraise_budget(request.user):
        raise BudgetEstimate.DoesNotExist
    return queries.estimates(person(request)).get(pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    """An amount and a remark for each line; saved as often as one likes, then finished."""
    estimate = _mine(request, pk)
    lines = list(estimate.lines.all())
    if request.method != "POST":
        if estimate.state != State.SUBMITTED:
            messages.info(
                request, f"Dự toán đang ở trạng thái “{estimate.get_state_display()}” nên không thẩm định được."
            )
            return redirect("assessments:estimate", pk=pk)
        note = AppraisalNoteForm(initial={"note": estimate.appraisal_note})
        return _page(request, estimate, SaidForm(lines=lines, what="appraised"), note)
    form, note = SaidForm(request.POST, lines=lines, what="appraised"), AppraisalNoteForm(request.POST)
    finish = "xong" in request.POST
    if all([form.is_valid(), note.is_valid()]):
        try:
            deeds.appraise(
                user=person(request),
                estimate_id=pk,
                said=form.said(),
                note=note.cleaned_data["note"],
                version=posted_version(request),
                rest_as_asked="dong-y" in request.POST,
                finish=finish,
            )
        except InvalidInput as invalid:
            form.add_error(f"so-{invalid.field}" if f"so-{invalid.field}" in form.fields else None, invalid.message)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            if finish:
                messages.success(request, f"Đã thẩm định xong dự toán của {estimate.ward}.")
                return redirect("assessments:estimate", pk=pk)
            messages.success(request, "Đã lưu số thẩm định.")
            return redirect("assessments:estimate_appraise", pk=pk)
    return _page(request, estimate, form, note)


def _page(request: HttpRequest, estimate: BudgetEstimate, form: Any, note: Any, **more: Any) -> HttpResponse:
    found = queries.sheet(estimate)
    context = {
        "estimate": estimate,
        "plan": estimate.plan,
        "sheet": found,
        "form": form,
        "rows": list(zip(found.rows, form.rows(), strict=True)),
        "note_form": note,
        "return_form": ReasonForm(),
        "change": budget_change.change(estimate),
        "left": sum(line.appraised is None for line in estimate.lines.all()),
        "version": request.POST.get("version", estimate.version),
        **more,
    }
    return render(request, "assessments/year/estimate_appraise.html", context)


@require_POST
@or_404
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the ward, with a reason."""
    estimate, form = _mine(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            deeds.return_estimate(
                user=person(request),
                estimate_id=pk,
                reason=form.cleaned_data["reason"],
                version=posted_version(request),
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã trả lại dự toán cho {estimate.ward}.")
            return (
                redirect("assessments:estimate", pk=pk)
                if _seen(request, pk)
                else redirect("assessments:budget", year=estimate.plan.year)
            )
    note = AppraisalNoteForm(initial={"note": estimate.appraisal_note})
    said = SaidForm(lines=list(estimate.lines.all()), what="appraised")
    return _page(request, estimate, said, note, return_form=form)


def _seen(request: HttpRequest, pk: int) -> bool:
    """Whether the estimate is still there for this person: what lies with its ward is the ward's own."""
    return queries.estimates(person(request)).filter(pk=pk).exists()


@require_POST
@or_404
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency takes its finished appraisal back, until a decision holds it."""
    _mine(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            deeds.reopen(
                user=person(request),
                estimate_id=pk,
                reason=form.cleaned_data["reason"],
                version=posted_version(request),
            )
        except (InvalidInput, Stale) as refusal:
            put_refusal(form, refusal)
        except Refusal as refusal:  # its form is not on the page
            tell(request, refusal)
            return redirect("assessments:estimate", pk=pk)
        else:
            messages.success(request, "Đã mở lại thẩm định.")
            return redirect("assessments:estimate_appraise", pk=pk)
    return pages.show(request, pk, reopen_form=form)
