"""Decisions: home affairs records number, date and list; a city leader confirms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, recognition
from assessments.deeds import Refusal
from assessments.forms import DecisionForm
from assessments.models import Decision, Plan
from assessments.permissions import (
    may_attach_to_decision,
    may_confirm_decisions,
    may_record_decisions,
    may_see_city,
    may_see_decisions,
    visible_certificates,
)
from assessments.queries.standing import decided_group, grouped, line_words, lines_of, standing_lines
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from localities.queries import authority_on


@require_safe
@or_404
def decision_list(request: HttpRequest, year: int) -> HttpResponse:
    """The year's decisions that the person sees."""
    plan, user = plan_of(year), person(request)
    if not may_see_decisions(user):
        raise Decision.DoesNotExist
    context = {
        "plan": plan,
        "decisions": queries.decisions(user, plan),
        "may_record": may_record_decisions(user),
        "waiting": queries.decidable(user, plan).count() if may_record_decisions(user) else 0,
    }
    return render(request, "assessments/decision_list.html", context)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its units, its signed papers and what corrects it."""
    user = person(request)
    decision = queries.decisions(user).get(pk=pk)
    lines: list[Any] = list(lines_of(decision))
    standing = standing_lines(line.assessment_id for line in lines) if decision.confirmed_at else {}
    given = {row.line_id: row for row in visible_certificates(user).filter(line__decision=decision)}
    for line in lines:
        line.words = line_words(line)
        line.paper = given.get(line.pk)
        now = standing.get(line.assessment_id)
        line.corrected_by = now.decision if now is not None and now.decision_id != decision.pk else None
    record = may_record_decisions(user)
    context = {
        "decision": decision,
        "plan": decision.plan,
        "groups": grouped(lines),
        "papers": list(decision.attachments.select_related("added_by")),
        "corrections": list(queries.decisions(user).filter(supersedes=decision)),
        "may_attach": may_attach_to_decision(user),
        "may_correct": record and decision.confirmed_at and not all(line.corrected_by for line in lines),
        "sees_city": may_see_city(user),
        "may_confirm": may_confirm_decisions(user) and not decision.confirmed_at,
        "may_edit": record and not decision.confirmed_at,
    }
    return render(request, "assessments/decision_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, year: int) -> HttpResponse:
    """A new decision over proposed assessments."""
    if not may_record_decisions(request.user):
        raise Decision.DoesNotExist
    plan = plan_of(year)
    return _edit(request, plan, Decision(plan=plan))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a decision that the leader has not confirmed yet."""
    if not may_record_decisions(request.user):
        raise Decision.DoesNotExist
    decision = Decision.objects.select_related("plan").get(pk=pk, confirmed_at__isnull=True)
    if decision.supersedes_id:
        return redirect("assessments:correction_edit", pk=pk)
    return _edit(request, decision.plan, decision)


def _edit(request: HttpRequest, plan: Plan, decision: Decision) -> HttpResponse:
    heading = f"Sửa {decision}" if decision.pk else "Ghi quyết định"
    candidates: list[Any] = list(queries.decidable(person(request), plan, decision))
    for row in candidates:
        row.group = decided_group(row.registration.aim, bool(row.effective_qualifies))
    chosen = {line.assessment_id for line in decision.lines.all()} if decision.pk else {a.pk for a in candidates}
    authority = authority_on(timezone.localdate()) or authority_on(plan.issued_on)
    initial = {
        "title": f"Công nhận tổ dân phố, bản đạt tiêu chuẩn tự quản, phát triển toàn diện năm {plan.year}",
        "signer_title": authority.signer_title if authority else "",
    }
    form = DecisionForm(request.POST or None, instance=decision, initial=None if decision.pk else initial)
    if request.method == "POST":
        chosen = posted_numbers(request, "assessment")
        if form.is_valid():
            try:
                saved = recognition.record_decision(
                    user=person(request),
                    plan_id=plan.pk,
                    assessment_ids=chosen,
                    decision=form.save(commit=False),
                    version=posted_version(request) if decision.pk else None,
                )
            except Refusal as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, f"Đã ghi {saved}. Lãnh đạo thành phố xác nhận để có hiệu lực.")
                return redirect("assessments:decision", pk=saved.pk)
    context = {
        "heading": heading,
        "plan": plan,
        "form": form,
        "candidates": candidates,
        "chosen": chosen,
        "decision": decision,
        "version": request.POST.get("version", decision.version),
    }
    return render(request, "assessments/decision_form.html", context)


@require_POST
@or_404
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader confirms; from then on the listed assessments are final."""
    if not may_confirm_decisions(request.user):
        raise Decision.DoesNotExist
    try:
        decision = recognition.confirm_decision(user=person(request), decision_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã xác nhận {decision}.")
    return redirect("assessments:decision", pk=pk)


@require_POST
@or_404
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs takes an unconfirmed decision back."""
    if not may_record_decisions(request.user):
        raise Decision.DoesNotExist
    plan = Decision.objects.select_related("plan").get(pk=pk).plan
    try:
        recognition.drop_decision(user=person(request), decision_id=pk)
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:decision", pk=pk)
    messages.success(request, "Đã bỏ quyết định chưa xác nhận.")
    return redirect("assessments:decision_list", year=plan.year)
