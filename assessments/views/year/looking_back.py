"""Looking back and ahead: criteria that fail, units at risk, two years side by side."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import AGENCY_ROLES, WARD_ROLES, User
from assessments.forms.year.looking_back import EVERY, ComparisonFilter, CriteriaFilter, RiskFilter
from assessments.models import Plan
from assessments.permissions import may_look_back, may_print_analysis, may_see_city, may_see_units
from assessments.queries.year import comparing
from assessments.queries.year import looking_back as queries
from assessments.queries.year import risks as risk_queries
from assessments.views.common import or_404, person, plan_of
from criteria.queries import table
from localities.models import Ward

IN_PICTURE = 10  # criteria drawn; the table has all


@require_safe
@never_cache
@or_404
def criteria(request: HttpRequest, year: int) -> HttpResponse:
    """Criteria by how often they fail, by ward and over the years; an agency begins with its own."""
    plan, user = _seen(request, year)
    own = queries.own_criteria(user, plan) if user.role in AGENCY_ROLES and not may_see_city(user) else set()
    standards = [(section.number, section.name) for section in table(plan.criteria_set_id).standards]
    form = CriteriaFilter(request.GET, wards=_wards(user), standards=standards, own=bool(own))
    chosen = _cleaned(form)
    only_own = bool(own) and chosen.get("cua") != EVERY
    ranking = queries.ranking(
        user,
        plan,
        ward=chosen.get("xa"),
        standard=chosen.get("tieu_chuan"),
        keys=own if only_own else None,
    )
    context = _context(request, user, plan, form) | {
        "ranking": ranking,
        "drawn": ranking.failing[:IN_PICTURE],
        "by_ward": len(ranking.wards) > 1,
        "only_own": only_own,
        "targets": queries.target_history(user, plan, chosen.get("xa")),
        # The plan's numbers are the whole city's: beside a ward's figures they are no measure.
        "whole": user.role not in WARD_ROLES and chosen.get("xa") is None,
    }
    return render(request, "assessments/year/looking_back_criteria.html", context)


@require_safe
@never_cache
@or_404
def criterion(request: HttpRequest, year: int, key: str) -> HttpResponse:
    """In which units one criterion fails, with what was noted there."""
    plan, user = _seen(request, year)
    found = table(plan.criteria_set_id)
    entry = found.entries_by_key.get(key)
    if entry is None or entry.section is None or not key.startswith("tc-"):
        raise Plan.DoesNotExist
    form = RiskFilter(request.GET, wards=_wards(user))
    lines = queries.units_of(user, plan, entry, _cleaned(form).get("xa"))
    context = _context(request, user, plan, form) | {
        "entry": entry,
        "standard": next(s for s in found.standards if entry in s.entries),
        "lines": lines,
        "failing": sum(line.status == queries.NOT_MET for line in lines),
        "opens": may_see_units(user),
    }
    return render(request, "assessments/year/looking_back_criterion.html", context)


@require_safe
@never_cache
@or_404
def risks(request: HttpRequest, year: int) -> HttpResponse:
    """Units that may lose their status."""
    plan, user = _seen(request, year)
    form = RiskFilter(request.GET, wards=_wards(user))
    context = _context(request, user, plan, form) | {
        "risks": risk_queries.risks(user, plan, _cleaned(form).get("xa")),
        "opens": may_see_units(user),
    }
    return render(request, "assessments/year/looking_back_risks.html", context)


@require_safe
@never_cache
@or_404
def comparison(request: HttpRequest, year: int) -> HttpResponse:
    """The plan beside an earlier one, the latest unless another is chosen."""
    plan, user = _seen(request, year)
    plans = Plan.objects.filter(year__lt=plan.year).order_by("-year")
    form = ComparisonFilter(request.GET, wards=_wards(user), plans=plans)
    chosen = _cleaned(form)
    earlier = chosen.get("voi") or plans.first()
    context = _context(request, user, plan, form) | {
        "comparison": comparing.compare(user, earlier, plan, chosen.get("xa")) if earlier else None
    }
    return render(request, "assessments/year/looking_back_comparison.html", context)


def _seen(request: HttpRequest, year: int) -> tuple[Plan, User]:
    plan, user = plan_of(year), person(request)
    if not may_look_back(user):
        raise Plan.DoesNotExist
    return plan, user


def _wards(user: User) -> Any:
    """The wards to choose from; a ward has only itself."""
    return Ward.objects.all() if user.role in AGENCY_ROLES or may_see_city(user) else None


def _cleaned(form: Form) -> dict[str, Any]:
    """What was chosen; what is no choice chooses nothing, and the form says so."""
    form.is_valid()
    return form.cleaned_data


def _context(request: HttpRequest, user: User, plan: Plan, form: Form) -> dict[str, Any]:
    chosen = request.GET.urlencode()
    return {
        "plan": plan,
        "form": form,
        "filtered": bool(chosen),
        "whole_paper": may_print_analysis(user),
        "ward": user.ward,
        "subject": f"{plan.pk}-{user.ward_id}",
    }
