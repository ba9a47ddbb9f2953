"""Models and self-management groups: the year's list, one model, keeping it, and the exemplary ones."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import model_evidence
from assessments.deeds import Refusal
from assessments.forms.year.community_models import (
    CommunityModelForm,
    ExemplaryForm,
    ModelFilter,
    StateForm,
    TakeBackForm,
)
from assessments.models import CommunityModel, Plan
from assessments.permissions import (
    may_choose_exemplary,
    may_keep_models,
    may_see_city,
    may_see_models,
    may_see_units,
    visible_models,
    visible_units,
    visible_wards,
)
from assessments.queries.year import community_models as queries
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal
from assessments.views.papers import take_paper
from assessments.year import community_models as deeds
from assessments.year.rows import NEW
from localities.models import Unit, Ward

PAGE = 100
CARDS = 24
EVENTS = 50


@require_safe
@never_cache
@or_404
def model_list(request: HttpRequest, year: int) -> HttpResponse:
    """The year's models in the person's scope, filtered, with counts."""
    plan, user = _plan(request, year), person(request)
    wards = visible_wards(user)
    form = ModelFilter(request.GET or None, wards=wards)
    found = queries.models_of_year(user, plan)
    counts = queries.counts(found)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = Paginator(queries.with_evidence(_filtered(found, wanted), plan), PAGE).get_page(request.GET.get("trang"))
    ward: Ward | None = user.ward or wanted.get("xa")
    context = {
        "plan": plan,
        "page": page,
        "counts": counts,
        "form": form,
        "filtered": form.is_bound and any(form.data.get(name) for name in form.fields),
        "several_wards": user.ward_id is None and user.unit_id is None,
        "may_add": may_keep_models(user),
        "own_only": may_see_units(user),
        "table_of": ward,
        "offers_table": ward is None and may_see_city(user),
    }
    return render(request, "assessments/year/model_list.html", context)


def _plan(request: HttpRequest, year: int) -> Plan:
    """The year's plan, for whoever has anything to do with models."""
    if not may_see_models(request.user):
        raise CommunityModel.DoesNotExist
    return plan_of(year)


def _filtered(found: QuerySet[CommunityModel], wanted: dict[str, Any]) -> QuerySet[CommunityModel]:
    if wanted.get("xa"):
        found = found.filter(unit__ward=wanted["xa"])
    if wanted.get("loai"):
        found = found.filter(kind=wanted["loai"])
    if wanted.get("tinh_trang"):
        found = found.filter(state=wanted["tinh_trang"])
    if wanted.get("tieu_bieu"):
        found = found.filter(exemplary_since__isnull=wanted["tieu_bieu"] == "khong")
    return found


@require_safe
@never_cache
@or_404
def exemplary(request: HttpRequest, year: int) -> HttpResponse:
    """What the city chose for others to learn from, with pictures."""
    plan = _plan(request, year)
    page = Paginator(queries.exemplary(person(request), plan), CARDS).get_page(request.GET.get("trang"))
    context = {"plan": plan, "page": page, "may_choose": may_choose_exemplary(request.user)}
    return render(request, "assessments/year/model_exemplary.html", context)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """One model with its files and what was done with it."""
    return _detail(request, _plan(request, year), _seen(request, pk))


def _seen(request: HttpRequest, pk: int) -> CommunityModel:
    return visible_models(person(request)).select_related("unit__ward", "added_by").get(pk=pk)


def _detail(request: HttpRequest, plan: Plan, model: CommunityModel, **typed: BaseForm) -> HttpResponse:
    """The page; `typed` are forms that were refused, by their names in the context."""
    user = person(request)
    households = queries.households(model, plan.year)
    may_keep, may_choose = may_keep_models(user, model.unit), may_choose_exemplary(user)
    attachments = list(model.attachments.select_related("added_by"))
    pictures = [one for one in attachments if one.content_type.startswith("image/")]
    # Chosen under a plan whose year is over, it still belongs to that year.
    on = model.exemplary_since or max(model.since, min(timezone.localdate(), date(plan.year, 12, 31)))
    chosen = {"on": on, "reason": model.exemplary_reason}
    context = {
        "plan": plan,
        "model": model,
        "sees_unit": visible_units(user).filter(pk=model.unit_id).exists(),
        "households": households,
        "warning": deeds.too_many_households(model, households, plan.year) if may_keep else "",
        "pictures": pictures,
        "papers": [one for one in attachments if one not in pictures],
        "keys": model_evidence.entry_keys(model.kind, model.unit.kind),
        "active": model_evidence.active_in(model, plan.year),
        "may_keep": may_keep,
        "may_choose": may_choose and model.state != CommunityModel.State.ENDED,
        "may_take_back": may_choose and model.exemplary_since is not None,
        "state_form": StateForm(initial={"state": model.state, "ended_on": model.ended_on}),
        "exemplary_form": ExemplaryForm(initial=chosen),
        "take_back_form": TakeBackForm(prefix="thoi"),
        "version": request.POST.get("version", model.version) if typed else model.version,
        "events": queries.history(model)[:EVENTS],
    }
    return render(request, "assessments/year/model_detail.html", context | typed)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, year: int) -> HttpResponse:
    """Add a model to a unit, which is chosen unless the address or the account names it."""
    plan, user = _plan(request, year), person(request)
    if not may_keep_models(user):
        raise CommunityModel.DoesNotExist
    units = visible_units(user).select_related("ward").order_by("sort_name")
    wanted = request.POST.get("unit") or request.GET.get("to-ban", "")
    unit = _unit(units, wanted) if wanted else user.unit
    form = CommunityModelForm(request.POST or None)
    error = ""
    if request.method == "POST":
        error = "" if unit else "Chọn tổ dân phố, bản của mô hình."
        if form.is_valid() and unit is not None:
            try:
                made = deeds.add(user=user, plan_id=plan.pk, unit_id=unit.pk, told=_told(form))
            except Refusal as refusal:
                put_refusal(form, refusal)
            else:
                return _saved(request, plan, made, "Đã thêm")
    context = {
        "plan": plan,
        "form": form,
        "unit": unit,
        "units": [] if user.unit_id else units,
        "unit_error": error,
        "version": NEW,
    }
    return render(request, "assessments/year/model_form.html", context)


def _unit(units: QuerySet[Unit], wanted: str) -> Unit:
    """The unit with this number among the person's own; Unit.DoesNotExist otherwise."""
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise Unit.DoesNotExist
    return units.get(pk=int(wanted))


def _told(form: CommunityModelForm) -> deeds.Described:
    return deeds.Described(**{name: form.cleaned_data[name] for name in deeds.FIELDS})


def _saved(request: HttpRequest, plan: Plan, model: CommunityModel, word: str) -> HttpResponse:
    messages.success(request, f"{word} “{model}”.")
    warning = deeds.too_many_households(model, queries.households(model, plan.year), plan.year)
    if warning:
        messages.warning(request, warning)
    return redirect("assessments:community_model", year=plan.year, pk=model.pk)


def _kept(request: HttpRequest, pk: int) -> CommunityModel:
    """A model this person keeps; for others there is no such page."""
    found = _seen(request, pk)
    if not may_keep_models(request.user, found.unit):
        raise CommunityModel.DoesNotExist
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change what is said of a model."""
    plan, model = _plan(request, year), _kept(request, pk)
    form = CommunityModelForm(request.POST or None, initial={name: getattr(model, name) for name in deeds.FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            changed = deeds.change(
                user=person(request), plan_id=plan.pk, model_id=pk, version=posted_version(request), told=_told(form)
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            return _saved(request, plan, changed, "Đã lưu")
    context = {
        "plan": plan,
        "form": form,
        "model": model,
        "unit": model.unit,
        "units": [],
        "version": request.POST.get("version", model.version),
    }
    return render(request, "assessments/year/model_form.html", context)


@require_POST
@or_404
def state(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Pause, end, or take up again."""
    plan, model = _plan(request, year), _kept(request, pk)
    form = StateForm(request.POST)
    if changed := _changed(request, plan, pk, form, deeds.set_state):
        messages.success(request, f"Tình trạng của “{changed}”: {changed.get_state_display().lower()}.")
        return redirect("assessments:community_model", year=year, pk=pk)
    return _detail(request, plan, model, state_form=form)


def _changed(
    request: HttpRequest, plan: Plan, pk: int, form: BaseForm, deed: Callable[..., CommunityModel]
) -> CommunityModel | None:
    """The model after the deed with what the form says; None when the form now tells why not."""
    if form.is_valid():
        version = posted_version(request)
        try:
            return deed(user=person(request), plan_id=plan.pk, model_id=pk, version=version, **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
    return None


def _chosen(request: HttpRequest, pk: int) -> CommunityModel:
    if not may_choose_exemplary(request.user):
        raise CommunityModel.DoesNotExist
    return _seen(request, pk)


@require_POST
@or_404
def choose(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Choose a model as exemplary."""
    plan, model = _plan(request, year), _chosen(request, pk)
    form = ExemplaryForm(request.POST)
    if _changed(request, plan, pk, form, deeds.choose):
        messages.success(request, f"Đã chọn “{model}” làm mô hình tiêu biểu.")
        return redirect("assessments:community_model", year=year, pk=pk)
    return _detail(request, plan, model, exemplary_form=form)


@require_POST
@or_404
def take_back(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a model off the exemplary ones."""
    plan, model = _plan(request, year), _chosen(request, pk)
    form = TakeBackForm(request.POST, prefix="thoi")
    if _changed(request, plan, pk, form, deeds.take_back):
        messages.success(request, f"“{model}” thôi là mô hình tiêu biểu.")
        return redirect("assessments:community_model", year=year, pk=pk)
    return _detail(request, plan, model, take_back_form=form)


@require_POST
@or_404
def attach(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Keep a photograph or a file."""
    plan = _plan(request, year)
    _kept(request, pk)
    take_paper(request, "ảnh, tệp của mô hình", partial(deeds.attach, plan_id=plan.pk, model_id=pk), any_type=True)
    return redirect("assessments:community_model", year=year, pk=pk)
