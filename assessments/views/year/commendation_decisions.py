"""Decisions that commend: recorded by home affairs, confirmed by the city's leader."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.deeds import InvalidInput, Refusal
from assessments.forms.year.commendations import CommendationDecisionForm
from assessments.models import Commendation, CommendationDecision, Plan
from assessments.permissions import (
    may_confirm_commendation,
    may_decide_commendation,
    visible_commendation_decisions,
    visible_commendations,
)
from assessments.queries.year import commendations as queries
from assessments.queries.year import history
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.year.closed import back_to, offered
from assessments.year import commendation_decisions as deeds
from localities.queries import authority_on


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision with everybody it names."""
    user = person(request)
    decision = queries.decisions(user).get(pk=pk)
    rows = decision.commendations.select_related("plan", "ward", "agency", "unit__ward").order_by(*queries.IN_ORDER)
    open_still = decision.confirmed_at is None
    context = {
        "decision": decision,
        "plan": decision.plan,
        "groups": [
            (kind.label, [row for row in rows if row.kind == kind])
            for kind in Commendation.Kind
            if any(row.kind == kind for row in rows)
        ],
        # Whom the person may look at in full; an award is told to all, the proposal behind it not before.
        "seen": set(visible_commendations(user).filter(decision=decision).values_list("pk", flat=True)),
        "may_edit": open_still and may_decide_commendation(user),
        "may_confirm": open_still and may_confirm_commendation(user),
        "may_attach": may_decide_commendation(user) or may_confirm_commendation(user),
        "papers": decision.attachments.select_related("added_by"),
        "events": history(decision.plan, decision)[:50],
    }
    return render(request, "assessments/year/commendation_decision_detail.html", offered(decision.plan, context))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
@back_to("commendations")
def create(request: HttpRequest, year: int) -> HttpResponse:
    """Record a decision over accepted proposals."""
    if not may_decide_commendation(request.user):
        raise CommendationDecision.DoesNotExist
    return _edit(request, plan_of(year), CommendationDecision())


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a decision that is not confirmed."""
    if not may_decide_commendation(request.user):
        raise CommendationDecision.DoesNotExist
    decision = visible_commendation_decisions(request.user).select_related("plan").get(pk=pk)
    if decision.confirmed_at and request.method != "POST":
        messages.info(request, "Quyết định đã được xác nhận nên không sửa được nữa.")
        return redirect("assessments:commendation_decision", pk=pk)
    return _edit(request, decision.plan, decision)


def _edit(request: HttpRequest, plan: Plan, decision: CommendationDecision) -> HttpResponse:
    user, heading = person(request), f"Sửa {decision}" if decision.pk else "Ghi quyết định khen thưởng"
    candidates = queries.checked(user, plan, queries.choosable(user, plan, decision))
    chosen = {one.row.pk for one in candidates if not decision.pk or one.row.decision_id == decision.pk}
    authority = authority_on(timezone.localdate()) or authority_on(plan.issued_on)
    initial = {
        "title": "Khen thưởng tập thể, cá nhân có thành tích xuất sắc trong xây dựng tổ dân phố, bản tự quản, "
        f"phát triển toàn diện năm {plan.year}",
        "signer_title": authority.signer_title if authority else "",
    }
    version, error = decision.version, ""
    form = CommendationDecisionForm(request.POST or None, instance=decision, initial=None if decision.pk else initial)
    if request.method == "POST":
        chosen, version = posted_numbers(request, "commendation"), posted_version(request)
        if form.is_valid():
            try:
                saved = deeds.record(
                    user=user,
                    plan_id=plan.pk,
                    decision=form.save(commit=False),
                    ids=chosen,
                    version=version if decision.pk else None,
                )
            except InvalidInput as invalid:
                if invalid.field == "commendation":
                    error = invalid.message
                else:
                    put_refusal(form, invalid)
            except Refusal as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, f"Đã ghi {saved}. Lãnh đạo thành phố xác nhận để có hiệu lực.")
                return redirect("assessments:commendation_decision", pk=saved.pk)
    context = {
        "heading": heading,
        "plan": plan,
        "form": form,
        "candidates": candidates,
        "chosen": chosen,
        "decision": decision,
        "error": error,
        "version": version,
    }
    return render(request, "assessments/year/commendation_decision_form.html", context)


@require_POST
@or_404
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader confirms; from then on everybody it names is commended."""
    if not may_confirm_commendation(request.user):
        raise CommendationDecision.DoesNotExist
    try:
        decision = deeds.confirm(user=person(request), pk=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã xác nhận {decision}.")
    return redirect("assessments:commendation_decision", pk=pk)


@require_POST
@or_404
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs takes an unconfirmed decision back."""
    if not may_decide_commendation(request.user):
        raise CommendationDecision.DoesNotExist
    try:
        plan = deeds.drop(user=person(request), pk=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:commendation_decision", pk=pk)
    messages.success(request, "Đã bỏ quyết định chưa xác nhận.")
    return redirect("assessments:commendations", year=plan.year)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed decision."""
    if not (may_decide_commendation(request.user) or may_confirm_commendation(request.user)):
        raise CommendationDecision.DoesNotExist
    visible_commendation_decisions(request.user).get(pk=pk)
    take_paper(request, "quyết định khen thưởng", partial(deeds.attach, pk=pk))
    return redirect("assessments:commendation_decision", pk=pk)
