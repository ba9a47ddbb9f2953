"""Helping agencies: who helps whom this year, naming them, and what was done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.deeds import InvalidInput, Refusal
from assessments.forms.year.helping import AssignForm, DeedForm, EndForm, HelpingForm
from assessments.models import Helping, HelpingDeed, Plan
from assessments.permissions import (
    may_assign_helping,
    may_record_help,
    may_see_helping,
    visible_helping,
    visible_units,
)
from assessments.queries.year import helping as queries
from assessments.queries.year import history
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from assessments.views.year.closed import back_to, offered
from assessments.year import helping as deeds

SHOWN_EVENTS = 30
IDLE = "chua"


@require_safe
@never_cache
@or_404
def helping_list(request: HttpRequest, year: int) -> HttpResponse:
    """By ward and unit, filtered by ward, agency and whether anything was done; below, the agencies' totals."""
    plan, user = plan_of(year), person(request)
    if not may_see_helping(user):
        raise Plan.DoesNotExist
    everything = queries.listed(user, plan)
    wards = {row.unit.ward for row in everything}
    agencies = [tally.agency for tally in queries.tallies(everything)]
    code, ward_code, idle = request.GET.get("co-quan", ""), request.GET.get("xa", ""), request.GET.get("viec") == IDLE
    rows = [
        row
        for row in everything
        if (not code or row.agency.code == code)
        and (not ward_code or row.unit.ward.code == ward_code)
        and not (idle and row.standing)  # type: ignore[attr-defined]
    ]
    tallies = queries.tallies(rows)
    context = {
        "plan": plan,
        "rows": rows,
        "any": bool(everything),
        "tallies": tallies,
        "worth": sum(tally.worth for tally in tallies),
        "deeds": sum(tally.deeds for tally in tallies),
        "idle_agencies": [tally.agency for tally in queries.tallies(everything) if not tally.deeds],
        "agencies": agencies,
        "wards": sorted(wards, key=lambda ward: (ward.position, ward.name)),
        "agency": code,
        "ward": ward_code,
        "idle": idle,
        "filtered": bool(code or ward_code or idle),
        "may_assign": may_assign_helping(user),
        "earlier": queries.earlier_plan(plan) if may_assign_helping(user) and not plan.is_closed else None,
        "own": user.agency_id,
        "links_units": visible_units(user).exists(),
    }
    return render(request, "assessments/year/helping_list.html", offered(plan, context))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
@back_to("helping")
def assign(request: HttpRequest, year: int) -> HttpResponse:
    """Home affairs names an agency for several units at once."""
    plan = _assigned_by(request, year)
    form, chosen, error = AssignForm(request.POST or None), posted_numbers(request, "units"), ""
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            made = deeds.assign(
                user=person(request),
                plan_id=plan.pk,
                agency_id=typed["agency"].pk,
                unit_ids=chosen,
                decided_by=typed["decided_by"],
                focus=typed["focus"],
            )
        except InvalidInput as invalid:
            if invalid.field == "units":
                error = invalid.message
            else:
                put_refusal(form, invalid)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            if made:
                messages.success(request, f"Đã phân công {typed['agency']} giúp đỡ {len(made)} tổ dân phố, bản.")
            else:
                messages.info(request, "Cơ quan này đã giúp đỡ các tổ dân phố, bản đã chọn.")
            return redirect("assessments:helping", year=plan.year)
    units = queries.to_assign(plan)
    context = {"plan": plan, "form": form, "units": units, "chosen": chosen, "units_error": error}
    return render(request, "assessments/year/helping_assign.html", context)


def _assigned_by(request: HttpRequest, year: int) -> Plan:
    plan = plan_of(year)
    if not may_assign_helping(request.user):
        raise Plan.DoesNotExist
    return plan


@require_POST
@or_404
def copy(request: HttpRequest, year: int) -> HttpResponse:
    """Whoever helped the year before helps the same units this year."""
    plan = _assigned_by(request, year)
    earlier = queries.earlier_plan(plan)
    try:
        if earlier is None:
            raise Refusal("Chưa có năm trước nào có phân công giúp đỡ để sao chép.")
        count = deeds.copy_from(user=person(request), plan_id=plan.pk, earlier_id=earlier.pk)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        if count:
            messages.success(request, f"Đã sao chép {count} phân công và báo cho cơ quan, xã, phường.")
        else:
            messages.info(request, "Không có phân công nào cần sao chép.")
    return redirect("assessments:helping", year=year)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency and one unit: what was done, and what may be done with it."""
    return _detail(request, queries.one(person(request), pk))


def _detail(request: HttpRequest, found: Helping, status: int = 200, **forms: Any) -> HttpResponse:
    user, lines = person(request), list(queries.deeds_of(found))
    standing = [line for line in lines if line.removed_at is None]
    known = [line.worth for line in standing if line.worth is not None]
    context = {
        "helping": found,
        "plan": found.plan,
        "lines": lines,
        "count": len(standing),
        "worth": sum(known) if known else None,
        "may_record": may_record_help(user, found),
        "may_assign": may_assign_helping(user),
        "links_unit": visible_units(user).filter(pk=found.unit_id).exists(),
        "deed_form": DeedForm(),
        "end_form": EndForm(initial={"ended_on": timezone.localdate()}),
        "version": found.version,
        "events": history(found.plan, found)[:SHOWN_EVENTS],
    }
    return render(request, "assessments/year/helping_detail.html", offered(found.plan, context | forms), status=status)


def _kept(request: HttpRequest, pk: int) -> Helping:
    """An assignment that this person keeps; for others there is no such page."""
    if not may_assign_helping(request.user):
        raise Helping.DoesNotExist
    return queries.one(person(request), pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper that assigned it, and what it is about."""
    found = _kept(request, pk)
    version = found.version
    form = HelpingForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.change(user=person(request), helping_id=pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, "Đã lưu phân công giúp đỡ.")
            return redirect("assessments:helping_detail", pk=pk)
    context = {
        "helping": found,
        "plan": found.plan,
        "form": form,
        "version": request.POST.get("version", version),
    }
    return render(request, "assessments/year/helping_form.html", context)


@require_POST
@or_404
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """From a day on the agency helps no more."""
    found, form = _kept(request, pk), EndForm(request.POST)
    if form.is_valid():
        try:
            deeds.end(user=person(request), helping_id=pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, "Đã ghi ngày thôi giúp đỡ và báo cho cơ quan, xã, phường.")
            return redirect("assessments:helping_detail", pk=pk)
    return _detail(request, found, 422, end_form=form, version=request.POST.get("version", ""))


@require_POST
@or_404
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an assignment that nothing came of."""
    _kept(request, pk)
    try:
        plan = deeds.remove(user=person(request), helping_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:helping_detail", pk=pk)
    messages.success(request, "Đã bỏ phân công và báo cho cơ quan, xã, phường.")
    return redirect("assessments:helping", year=plan.year)


@require_POST
@or_404
def add_deed(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was done."""
    found, form = queries.one(person(request), pk), DeedForm(request.POST)
    if not may_record_help(person(request), found):
        raise Helping.DoesNotExist
    if form.is_valid():
        try:
            deeds.add_deed(user=person(request), helping_id=pk, **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, "Đã ghi việc giúp đỡ.")
            return redirect("assessments:helping_detail", pk=pk)
    return _detail(request, found, 422, deed_form=form)


@require_POST
@or_404
def remove_deed(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong line off."""
    user = person(request)
    line = HelpingDeed.objects.select_related("helping").get(pk=pk, helping__in=visible_helping(user).values("pk"))
    if not may_record_help(user, line.helping):
        raise HelpingDeed.DoesNotExist
    deeds.remove_deed(user=user, deed_id=pk)
    messages.success(request, "Đã gỡ việc ghi nhầm; dòng này không còn tính vào tổng.")
    return redirect("assessments:helping_detail", pk=line.helping_id)
