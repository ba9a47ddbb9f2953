"""Delegations: the plan's list, founding and changing one, its units and their schedule."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import delegations as deeds
from assessments.deeds import InvalidInput, Refusal
from assessments.forms.delegations import DelegationForm, ScheduleForm, members_formset
from assessments.models import Delegation, DelegationMember, Plan, Visit
from assessments.permissions import may_keep_delegations, may_see_delegations, visible_delegations
from assessments.queries import delegations as queries
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.year.closed import offered
from localities.queries import authority_on


@require_safe
@never_cache
@or_404
def delegation_list(request: HttpRequest, year: int) -> HttpResponse:
    """The year's delegations that the person sees."""
    plan, user = plan_of(year), person(request)
    if not may_see_delegations(user):
        raise Delegation.DoesNotExist
    context = {
        "plan": plan,
        "rows": queries.delegations(user, plan),
        "may_keep": may_keep_delegations(user),
    }
    return render(request, "assessments/delegation_list.html", offered(plan, context))


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Members, units by ward, and the schedule; home affairs plans from here."""
    return _detail(request, _seen(request, pk))


def _seen(request: HttpRequest, pk: int) -> Delegation:
    return visible_delegations(person(request)).select_related("plan").get(pk=pk)


def _kept(request: HttpRequest, pk: int) -> Delegation:
    """A delegation that this person may change; for others there is no such page."""
    if not may_keep_delegations(request.user):
        raise Delegation.DoesNotExist
    return _seen(request, pk)


def _detail(
    request: HttpRequest,
    delegation: Delegation,
    form: ScheduleForm | None = None,
    chosen: set[int] | None = None,
    status: int = 200,
) -> HttpResponse:
    visits = list(queries.delegation_visits(delegation))
    context = {
        "delegation": delegation,
        "plan": delegation.plan,
        "members": delegation.members.select_related("user"),
        "visits": visits,
        "open_count": sum(visit.closed_at is None for visit in visits),
        "attachments": delegation.attachments.select_related("added_by"),
        "may_keep": may_keep_delegations(request.user),
        "form": form or ScheduleForm(),
        "chosen": chosen or set(),
        "version": request.POST.get("version", delegation.version) if form else delegation.version,
    }
    return render(request, "assessments/delegation_detail.html", offered(delegation.plan, context), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, year: int) -> HttpResponse:
    """Found a delegation by its decision."""
    if not may_keep_delegations(request.user):
        raise Delegation.DoesNotExist
    plan = plan_of(year)
    authority = authority_on(plan.issued_on)
    fresh = Delegation(plan=plan, decided_by=authority.name if authority else "")
    return _edit(request, plan, fresh)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the decision says, and the members."""
    delegation = _kept(request, pk)
    return _edit(request, delegation.plan, delegation)


def _edit(request: HttpRequest, plan: Plan, delegation: Delegation) -> HttpResponse:
    heading = f"Sửa {delegation}" if delegation.pk else "Lập đoàn thẩm định"
    members: list[dict[str, Any]] = []
    if delegation.pk:
        members = [dict(row) for row in delegation.members.values("full_name", "job_title", "role", "user")]
    else:
        members = [{"role": DelegationMember.Role.HEAD}, {"role": DelegationMember.Role.SECRETARY}]
    version = delegation.version
    form = DelegationForm(request.POST or None, instance=delegation)
    lines = members_formset(request.POST if request.method == "POST" else None, members)
    error = ""
    if request.method == "POST" and all([form.is_valid(), lines.is_valid()]):
        try:
            saved = deeds.save_delegation(
                user=person(request),
                plan_id=plan.pk,
                delegation=form.save(commit=False),
                members=_members(lines),
                version=posted_version(request) if delegation.pk else None,
            )
        except InvalidInput as invalid:
            if invalid.field == "members":
                error = invalid.message
            else:
                put_refusal(form, invalid)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu {saved}.")
            return redirect("assessments:delegation", pk=saved.pk)
    context = {
        "heading": heading,
        "plan": plan,
        "delegation": delegation,
        "form": form,
        "lines": lines,
        "members_error": error,
        "version": request.POST.get("version", version),
    }
    return render(request, "assessments/delegation_form.html", context)


def _members(lines: BaseFormSet) -> list[deeds.Member]:
    """The lines somebody filled in; a line with neither name nor office is nobody."""
    found = []
    for form in lines.forms:
        typed = form.cleaned_data
        if typed.get("full_name") or typed.get("job_title"):
            account = typed.get("user")
            found.append(
                deeds.Member(typed["full_name"], typed["job_title"], typed["role"], account.pk if account else None)
            )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose units to visit among the dossiers with the city that no delegation has."""
    delegation = _kept(request, pk)
    chosen, error = posted_numbers(request, "assessment"), ""
    if request.method == "POST":
        try:
            fresh = deeds.choose_units(
                user=person(request), delegation_id=pk, assessment_ids=chosen, version=posted_version(request)
            )
        except Refusal as refusal:
            error = refusal.message
        else:
            messages.success(request, f"Đã thêm {len(fresh)} tổ dân phố, bản. Xếp lịch bên dưới.")
            return redirect("assessments:delegation", pk=pk)
    context = {
        "delegation": delegation,
        "plan": delegation.plan,
        "candidates": list(queries.visitable(person(request), delegation)),
        "chosen": chosen,
        "error": error,
    }
    return render(request, "assessments/delegation_units.html", context)


@require_POST
@or_404
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the ticked visits for one day."""
    delegation = _kept(request, pk)
    form, chosen = ScheduleForm(request.POST), posted_numbers(request, "visit")
    if form.is_valid():
        try:
            count = deeds.schedule(
                user=person(request),
                delegation_id=pk,
                visit_ids=chosen,
                version=posted_version(request),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            if count:
                messages.success(request, f"Đã xếp lịch {count} tổ dân phố, bản và báo cho người liên quan.")
            else:
                messages.info(request, "Lịch không thay đổi.")
            return redirect("assessments:delegation", pk=pk)
    return _detail(request, delegation, form, chosen)


@require_POST
@or_404
def drop_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a unit off its delegation."""
    if not may_keep_delegations(request.user):
        raise Visit.DoesNotExist
    delegation_id = Visit.objects.values_list("delegation", flat=True).get(pk=pk)
    try:
        deeds.drop_visit(user=person(request), visit_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, "Đã bỏ tổ dân phố, bản khỏi đoàn.")
    return redirect("assessments:delegation", pk=delegation_id)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed founding decision."""
    _kept(request, pk)
    take_paper(request, "quyết định thành lập đoàn", partial(deeds.attach_decision, delegation_id=pk))
    return redirect("assessments:delegation", pk=pk)
