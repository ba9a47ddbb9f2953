"""The unit's page: every year, every result, every decision; and its yearly figures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import queries, unit_years
from assessments.deeds import Refusal, Stale
from assessments.forms import UnitYearForm
from assessments.models import Assessment
from assessments.permissions import (
    may_edit_unit_year,
    may_keep_models,
    may_see_commendations,
    visible_assessments,
    visible_units,
)
from assessments.queries.year import helping
from assessments.queries.year.commendations import awards_of
from assessments.queries.year.community_models import unit_models
from assessments.queries.year.profiles import changes
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal
from localities.models import Unit, UnitYear

EVENTS = 50


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit through the years, as far as the person sees its dossiers."""
    user = person(request)
    unit = visible_units(user).select_related("ward").get(pk=pk)
    years = queries.unit_years(unit)
    seen = visible_assessments(user).filter(registration__unit=unit).values("pk")
    history = [
        {
            "registration": registration,
            "assessment": registration.assessment,
            "summaries": {s.layer: s for s in registration.assessment.summaries.all()},
            "lines": (lines := queries.newest_first(registration.assessment.decision_lines.all())),
            "standing": lines[0].result if lines else registration.assessment.state,
            "year": years.get(registration.plan.year),
        }
        for registration in queries.unit_history(unit).filter(assessment__in=seen)
    ]
    current = queries.current_plan()
    context = {
        "unit": unit,
        "history": history,
        "current": current,
        "helping": helping.of_unit(user, unit),
        "may_edit": may_edit_unit_year(user, unit),
        "years": sorted(years.values(), key=lambda row: -row.year),
        "events": changes(row.pk for row in years.values())[:EVENTS],
        "awards": awards_of(unit),
        "sees_commendations": may_see_commendations(user),
        "models": unit_models(unit),
        "may_keep_models": may_keep_models(user, unit),
    }
    return render(request, "assessments/unit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """The figures of one year: entered once, the denominator everywhere."""
    user = person(request)
    unit = visible_units(user).select_related("ward").get(pk=pk)
    plan = plan_of(year)
    if not may_edit_unit_year(user, unit):
        raise Unit.DoesNotExist
    if plan.is_closed and request.method != "POST":
        messages.info(request, f"Kế hoạch năm {year} đã kết thúc nên số liệu không sửa được nữa.")
        return redirect("assessments:unit", pk=pk)
    stored = UnitYear.objects.filter(unit=unit, year=year).first() or UnitYear(unit=unit, year=year)
    version = stored.version
    form = UnitYearForm(request.POST or None, instance=stored)
    if request.method == "POST":
        carried = _save(request, form, unit, year) if form.is_valid() else posted_version(request)
        if carried is None:
            messages.success(request, f"Đã lưu số liệu năm {year} của {unit}.")
            return redirect(_next(request, unit, year))
        version = carried
    next_page = request.POST.get("next") or request.GET.get("next", "")
    context = {"version": version, "unit": unit, "plan": plan, "form": form, "next": next_page}
    return render(request, "assessments/unit_year_form.html", context)


def _save(request: HttpRequest, form: UnitYearForm, unit: Unit, year: int) -> int | None:
    """None when stored; else the version the page goes on with: the newest once its numbers are shown."""
    values = {name: form.cleaned_data[name] for name in unit_years.FIELDS}
    version = posted_version(request)
    try:
        unit_years.save_unit_year(user=person(request), unit_id=unit.pk, year=year, version=version, values=values)
    except Stale as stale:
        form.add_error(None, stale.message)
        newer = UnitYear.objects.filter(unit=unit, year=year).first() or UnitYear(unit=unit, year=year)
        for name in unit_years.FIELDS:
            theirs = getattr(newer, name)
            if theirs != values[name]:
                form.add_error(name, f"Số đang lưu: {'để trống' if theirs is None else theirs}.")
        return newer.version
    except Refusal as refusal:
        put_refusal(form, refusal)
        return version
    return None


def _next(request: HttpRequest, unit: Unit, year: int) -> str:
    """Back to where the person came from, if that is here; else to the year's assessment or the unit."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    found = Assessment.objects.filter(registration__unit=unit, registration__plan__year=year).first()
    return f"/ho-so/{found.pk}/" if found else f"/to-dan-pho/{unit.pk}/"
