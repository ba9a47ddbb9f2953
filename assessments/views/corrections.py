"""After the confirmation: a later decision that corrects, and the signed papers."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments import correcting, decision_papers, queries
from assessments.correcting import Correction
from assessments.deeds import InvalidInput, Refusal
from assessments.forms import DecisionForm
from assessments.models import Decision, DecisionLine
from assessments.permissions import may_attach_to_decision, may_record_decisions
from assessments.queries.standing import lines_of, standing_lines
from assessments.views.common import or_404, person, posted_numbers, posted_version, put_refusal
from assessments.views.papers import take_paper
from localities.queries import authority_on


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision that corrects lines of a confirmed one."""
    if not may_record_decisions(request.user):
        raise Decision.DoesNotExist
    earlier = Decision.objects.select_related("plan").get(pk=pk, confirmed_at__isnull=False)
    return _edit(request, earlier, Decision(plan=earlier.plan))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a correction that the leader has not confirmed yet."""
    if not may_record_decisions(request.user):
        raise Decision.DoesNotExist
    decision = Decision.objects.select_related("supersedes__plan", "plan").get(
        pk=pk, confirmed_at__isnull=True, supersedes__isnull=False
    )
    assert decision.supersedes is not None
    return _edit(request, decision.supersedes, decision)


def _edit(request: HttpRequest, earlier: Decision, decision: Decision) -> HttpResponse:
    heading = f"Sửa {decision}" if decision.pk else f"Đính chính {earlier}"
    lines = _lines(earlier, decision, request)
    form = DecisionForm(request.POST or None, instance=decision, initial=None if decision.pk else _initial(earlier))
    line_errors: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            saved = correcting.record_correction(
                user=person(request),
                superseded_id=earlier.pk,
                corrections=_typed(request),
                decision=form.save(commit=False),
                version=posted_version(request) if decision.pk else None,
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
            if isinstance(refusal, InvalidInput):
                line_errors[refusal.field] = refusal.message
        else:
            messages.success(request, f"Đã ghi {saved}. Lãnh đạo thành phố xác nhận để có hiệu lực.")
            return redirect("assessments:decision", pk=saved.pk)
    for line in lines:
        line.error = line_errors.get(f"correction-{line.assessment_id}", "")
    context = {
        "heading": heading,
        "plan": earlier.plan,
        "earlier": earlier,
        "decision": decision,
        "form": form,
        "lines": lines,
        "version": request.POST.get("version", decision.version),
    }
    return render(request, "assessments/correction_form.html", context)


def _initial(earlier: Decision) -> dict[str, Any]:
    authority = authority_on(timezone.localdate()) or authority_on(earlier.issued_on)
    return {
        "title": f"Đính chính Quyết định số {earlier.number} ngày {earlier.issued_on:%d/%m/%Y}",
        "signer_title": authority.signer_title if authority else earlier.signer_title,
    }


def _typed(request: HttpRequest) -> dict[int, Correction]:
    """The ticked units with the new result and the text beside them."""
    return {
        number: Correction(request.POST.get(f"result-{number}", ""), request.POST.get(f"correction-{number}", ""))
        for number in posted_numbers(request, "assessment")
    }


def _lines(earlier: Decision, decision: Decision, request: HttpRequest) -> list[Any]:
    """The earlier decision's lines with the opposite result, what stands elsewhere, and what was typed."""
    lines: list[Any] = list(lines_of(earlier))
    standing = standing_lines(line.assessment_id for line in lines)
    waiting = DecisionLine.objects.filter(
        assessment__in=[line.assessment_id for line in lines], decision__confirmed_at__isnull=True
    )
    taken = {
        row.assessment_id: row.decision for row in waiting.exclude(decision=decision.pk).select_related("decision")
    }
    own = {row.assessment_id: row.correction for row in decision.lines.all()} if decision.pk else {}
    posted = posted_numbers(request, "assessment") if request.method == "POST" else set(own)
    for line in lines:
        now = standing[line.assessment_id].decision
        line.elsewhere = now if now.pk != earlier.pk else None
        line.taken = taken.get(line.assessment_id)
        recognised = line.result == DecisionLine.Result.RECOGNISED
        line.opposite = DecisionLine.Result.NOT_RECOGNISED if recognised else DecisionLine.Result.RECOGNISED
        line.chosen = line.assessment_id in posted
        line.text = request.POST.get(f"correction-{line.assessment_id}", own.get(line.assessment_id, ""))
    return lines


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed paper of the decision: scanned, or signed digitally."""
    if not may_attach_to_decision(request.user):
        raise Decision.DoesNotExist
    decision = queries.decisions(person(request)).get(pk=pk)
    take_paper(request, "quyết định đã ký", partial(decision_papers.attach_decision, decision_id=decision.pk))
    return redirect("assessments:decision", pk=pk)
