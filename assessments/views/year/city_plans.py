"""The city's plans: the list, one plan with its targets against reality, and what home affairs does with a draft."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import queries, uploads
from assessments.deeds import Refusal
from assessments.filetypes import accepted_labels
from assessments.forms import ReasonForm
from assessments.forms.year.city_plans import AdjustForm, DraftForm, IssueForm, NewPlanForm
from assessments.models import Plan
from assessments.permissions import may_keep_plan, may_see_city, may_see_draft_plans, may_see_submissions
from assessments.queries.year import city_plans as reading
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.year import city_plans as deeds
from assessments.year.year_words import mentions

HISTORY = 30


@require_safe
@never_cache
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans, the newest first; drafts apart, for those who prepare and sign them."""
    user = person(request)
    context = {"plans": queries.plans(), "may_keep": may_keep_plan(user)}
    if may_see_draft_plans(user):
        context["drafts"] = list(reading.drafts(user))
    return render(request, "assessments/plan_list.html", context)


@require_safe
@never_cache
@or_404
def plan_detail(request: HttpRequest, year: int) -> HttpResponse:
    """The plan: state, files, texts, milestones, and targets against reality."""
    return _detail(request, plan_of(year))


def _detail(request: HttpRequest, plan: Plan, reopening: ReasonForm | None = None) -> HttpResponse:
    user = person(request)
    may_keep = may_keep_plan(user)
    context = {
        "plan": plan,
        "milestones": plan.milestones.all(),
        "targets": queries.target_rows(user, plan),
        "details": reading.target_details(user, plan),
        "sees_city": may_see_city(user),
        "sees_own": may_see_submissions(user) and not may_see_city(user),
        "wards": queries.ward_rows(user, plan) if may_see_city(user) else [],
        "texts": _texts(plan),
        "attachments": plan.attachments.select_related("added_by"),
        "accepted": accepted_labels(),
        "may_keep": may_keep,
        "events": reading.history(user, plan)[:HISTORY],
    }
    if may_keep and plan.status == Plan.Status.ISSUED:
        context |= {"waiting": reading.unconfirmed(plan), "undecided": reading.undecided(plan)}
    if may_keep and plan.is_closed:
        context |= {"reopening": reopening or ReasonForm(), "version": request.POST.get("version", plan.version)}
    return render(request, "assessments/plan_detail.html", context)


def _texts(plan: Plan) -> list[tuple[str, str]]:
    """The plan's own words, section by section."""
    names = [name for name in deeds.TEXTS if name != "notes"]
    return [(deeds.LABELS[name], getattr(plan, name)) for name in names if getattr(plan, name)]


def _keeper(request: HttpRequest) -> None:
    if not may_keep_plan(request.user):
        raise Plan.DoesNotExist


def _draft_of(request: HttpRequest, year: int) -> Plan:
    """The draft of a year, for those who may see it."""
    return reading.drafts(person(request)).get(year=year)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest) -> HttpResponse:
    """Draft a plan from an earlier one."""
    _keeper(request)
    newest = queries.current_plan()
    years = set(Plan.every.values_list("year", flat=True))
    free = newest.year + 1 if newest else 0
    while free in years:
        free += 1
    form = NewPlanForm(request.POST or None, initial={"source": newest.pk if newest else None, "year": free or None})
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.create(
                user=person(request), source_id=form.cleaned_data["source"].pk, year=form.cleaned_data["year"]
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lập dự thảo kế hoạch năm {made.year}. Rà lại số liệu và câu chữ bên dưới.")
            return redirect("assessments:plan_edit", year=made.year)
    return render(request, "assessments/year/plan_new.html", {"form": form, "none": newest is None})


@require_safe
@never_cache
@or_404
def draft(request: HttpRequest, year: int) -> HttpResponse:
    """A draft as home affairs and the leader read it."""
    plan = _draft_of(request, year)
    context = {
        "plan": plan,
        "milestones": plan.milestones.all(),
        "targets": plan.targets.all(),
        "texts": _texts(plan),
        "assigned": plan.assignments.values("entry").distinct().count(),
        "may_keep": may_keep_plan(request.user),
        "events": reading.history(request.user, plan)[:HISTORY],
    }
    return render(request, "assessments/year/plan_draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, year: int) -> HttpResponse:
    """Change a draft."""
    _keeper(request)
    plan = _draft_of(request, year)
    form = DraftForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            deeds.save_draft(
                user=person(request),
                plan_id=plan.pk,
                version=posted_version(request),
                wanted=form.wanted(),
                issued_on=data["issued_on"],
                criteria_set_id=data["criteria_set"].pk,
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu dự thảo kế hoạch năm {year}.")
            return redirect("assessments:plan_draft", year=year)
    context = _form_context(request, plan, form) | {"old": _old_years(plan)}
    return render(request, "assessments/year/plan_form.html", context)


def _old_years(plan: Plan) -> list[str]:
    """Where the year before is still mentioned: copied words that somebody has to look at."""
    old = plan.year - 1
    return [deeds.LABELS[name] for name in deeds.TEXTS if mentions(getattr(plan, name), old)]


def _form_context(request: HttpRequest, plan: Plan, form: BaseForm) -> dict[str, Any]:
    return {"plan": plan, "form": form, "version": request.POST.get("version", plan.version)}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def issue(request: HttpRequest, year: int) -> HttpResponse:
    """Issue a draft with number, day and text."""
    _keeper(request)
    plan = _draft_of(request, year)
    stopped = uploads.refused(request) if request.method == "POST" else []
    form = IssueForm(request.POST or None, request.FILES or None, day=plan.issued_on)
    if request.method == "POST" and form.is_valid() and not stopped:
        try:
            deeds.issue(user=person(request), plan_id=plan.pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ban hành kế hoạch năm {year} và báo cho các xã, phường, cơ quan.")
            return redirect("assessments:plan", year=year)
    for _, sentence in stopped:
        form.add_error("file", sentence)
    context = _form_context(request, plan, form)
    context |= {"milestones": plan.milestones.all(), "targets": plan.targets.all(), "accepted": accepted_labels()}
    context |= {"lacking": reading.missing_places(plan)}
    return render(request, "assessments/year/plan_issue.html", context)


@require_POST
@or_404
def discard(request: HttpRequest, year: int) -> HttpResponse:
    """Give a draft up."""
    _keeper(request)
    plan = _draft_of(request, year)
    try:
        deeds.discard(user=person(request), plan_id=plan.pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:plan_draft", year=year)
    messages.success(request, f"Đã bỏ dự thảo kế hoạch năm {year}.")
    return redirect("assessments:plan_list")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def adjust(request: HttpRequest, year: int) -> HttpResponse:
    """Change an issued plan, with a reason."""
    _keeper(request)
    plan = plan_of(year)
    form = AdjustForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            deeds.adjust(
                user=person(request),
                plan_id=plan.pk,
                version=posted_version(request),
                wanted=form.wanted(),
                reason=data["reason"],
                number=data["document"],
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã điều chỉnh kế hoạch năm {year} và báo cho các xã, phường, cơ quan.")
            return redirect("assessments:plan", year=year)
    return render(request, "assessments/year/plan_form.html", _form_context(request, plan, form))


@require_POST
@or_404
def close(request: HttpRequest, year: int) -> HttpResponse:
    """The year is over."""
    _keeper(request)
    plan = plan_of(year)
    try:
        deeds.close(user=person(request), plan_id=plan.pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Kế hoạch năm {year} đã kết thúc.")
    return redirect("assessments:plan", year=year)


@require_POST
@or_404
def reopen(request: HttpRequest, year: int) -> HttpResponse:
    """A closed year goes on."""
    _keeper(request)
    plan = plan_of(year)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            deeds.reopen(user=person(request), plan_id=plan.pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã mở lại kế hoạch năm {year}.")
            return redirect("assessments:plan", year=year)
    if not plan.is_closed:
        messages.error(request, f"Kế hoạch năm {year} không ở tình trạng đã kết thúc.")
        return redirect("assessments:plan", year=year)
    return _detail(request, plan, form)


@require_POST
@or_404
def attach(request: HttpRequest, year: int) -> HttpResponse:
    """Keep a text of the plan."""
    _keeper(request)
    plan = plan_of(year)
    take_paper(request, "văn bản kế hoạch", partial(deeds.attach_file, plan_id=plan.pk), any_type=True)
    return redirect("assessments:plan", year=year)
