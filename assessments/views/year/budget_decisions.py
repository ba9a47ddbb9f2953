"""The city's decision on money: the finance agency prepares it, a city leader confirms."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.deeds import InvalidInput, Refusal
from assessments.forms.year.budget import BudgetDecisionForm, SaidForm
from assessments.models import BudgetDecision, Plan
from assessments.permissions import may_appraise_budget, may_confirm_budget
from assessments.queries.year import budget as queries
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.year.closed import back_to, offered
from assessments.year import budget_decisions as deeds
from assessments.year import rows
from localities.queries import authority_on

EVENTS_SHOWN = 50


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its estimates, line by line as far as the person reads them."""
    user = person(request)
    decision = queries.decisions(user).get(pk=pk)
    decided = queries.decided(decision)
    prepares = may_appraise_budget(user)
    context = {
        "decision": decision,
        "plan": decision.plan,
        "decided": decided,
        "total": queries.total_of(found for _, found in decided),
        "attachments": decision.attachments.select_related("added_by"),
        "events": queries.decision_events(user, decision)[:EVENTS_SHOWN],
        "may_edit": prepares and not decision.confirmed_at,
        "may_confirm": may_confirm_budget(user) and not decision.confirmed_at,
        "may_attach": prepares,
        "readable": queries.readable(user, decision),
    }
    return render(request, "assessments/year/budget_decision_detail.html", offered(decision.plan, context))


def _open(request: HttpRequest, pk: int) -> BudgetDecision:
    """An unconfirmed decision that this person prepares; for others there is no such page."""
    if not may_appraise_budget(request.user):
        raise BudgetDecision.DoesNotExist
    return BudgetDecision.objects.select_related("plan").get(pk=pk, confirmed_at__isnull=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
@back_to("budget")
def create(request: HttpRequest, year: int) -> HttpResponse:
    """A new decision over appraised estimates."""
    if not may_appraise_budget(request.user):
        raise BudgetDecision.DoesNotExist
    plan = plan_of(year)
    return _edit(request, plan, BudgetDecision(plan=plan))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change number, date, signer and list before it is confirmed."""
    decision = _open(request, pk)
    return _edit(request, decision.plan, decision)


def _edit(request: HttpRequest, plan: Plan, decision: BudgetDecision) -> HttpResponse:
    fresh = decision.pk is None
    heading = "Lập quyết định phê duyệt kinh phí" if fresh else f"Sửa {decision}"
    candidates = queries.decidable(person(request), plan, decision)
    chosen = {row.pk for row in candidates if fresh or row.decision_id == decision.pk}
    authority = authority_on(timezone.localdate()) or authority_on(plan.issued_on)
    initial = {
        "title": f"Phê duyệt kinh phí thực hiện xây dựng tổ dân phố, bản tự quản, phát triển toàn diện năm {plan.year}",
        "signer_title": authority.signer_title if authority else "",
    }
    version = rows.NEW if fresh else decision.version
    form = BudgetDecisionForm(request.POST or None, instance=decision, initial=initial if fresh else None)
    if request.method == "POST":
        chosen = posted_numbers(request, "estimate")
        if form.is_valid():
            try:
                saved = deeds.record_decision(
                    user=person(request),
                    plan_id=plan.pk,
                    decision=form.save(commit=False),
                    estimate_ids=chosen,
                    version=posted_version(request),
                )
            except Refusal as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, f"Đã ghi {saved}. Lãnh đạo thành phố xác nhận để có hiệu lực.")
                return redirect("assessments:budget_decision", pk=saved.pk)
    context = {
        "heading": heading,
        "plan": plan,
        "decision": None if fresh else decision,
        "form": form,
        "candidates": candidates,
        "chosen": chosen,
        "version": request.POST.get("version", version),
    }
    return render(request, "assessments/year/budget_decision_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def amounts(request: HttpRequest, pk: int, estimate: int) -> HttpResponse:
    """What is approved of one estimate's lines; other than appraised only with a reason."""
    decision = _open(request, pk)
    found = queries.estimates(person(request)).get(pk=estimate, decision=decision)
    form = SaidForm(request.POST or None, lines=list(found.lines.all()), what="approved")
    if request.method == "POST" and form.is_valid():
        try:
            deeds.set_approved(
                user=person(request),
                decision_id=pk,
                estimate_id=estimate,
                said=form.said(),
                version=posted_version(request),
            )
        except InvalidInput as invalid:
            form.add_error(f"so-{invalid.field}" if f"so-{invalid.field}" in form.fields else None, invalid.message)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu số phê duyệt của {found.ward}.")
            return redirect("assessments:budget_decision", pk=pk)
    told = queries.sheet(found)
    context: dict[str, Any] = {
        "decision": decision,
        "plan": decision.plan,
        "estimate": found,
        "sheet": told,
        "form": form,
        "rows": list(zip(told.rows, form.rows(), strict=True)),
        "version": request.POST.get("version", decision.version),
    }
    return render(request, "assessments/year/budget_decision_amounts.html", context)


@require_POST
@or_404
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader confirms; the estimates are approved for good."""
    if not may_confirm_budget(request.user):
        raise BudgetDecision.DoesNotExist
    try:
        decision = deeds.confirm_decision(user=person(request), decision_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã xác nhận {decision}.")
    return redirect("assessments:budget_decision", pk=pk)


@require_POST
@or_404
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The finance agency takes an unconfirmed decision back."""
    decision = _open(request, pk)
    try:
        deeds.drop_decision(user=person(request), decision_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:budget_decision", pk=pk)
    messages.success(request, "Đã bỏ quyết định chưa xác nhận; các dự toán trở lại trạng thái đã thẩm định.")
    return redirect("assessments:budget", year=decision.plan.year)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed decision."""
    if not may_appraise_budget(request.user):
        raise BudgetDecision.DoesNotExist
    BudgetDecision.objects.get(pk=pk)
    take_paper(request, "quyết định đã ký", partial(deeds.attach_decision, decision_id=pk))
    return redirect("assessments:budget_decision", pk=pk)
