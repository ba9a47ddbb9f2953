"""Ward plans on the screen: who has sent, one plan, and what the ward and home affairs do with it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import WARD_ROLES
from assessments import registering
from assessments.deeds import InvalidInput, Refusal
from assessments.forms import ReasonForm
from assessments.forms.year.ward_plans import (
    ReceivedForm,
    WardPlanForm,
    initial_of,
    progress_formset,
    tasks_formset,
    tasks_of,
)
from assessments.models import Milestone, Plan, Registration, WardPlan
from assessments.permissions import (
    may_receive,
    may_register,
    may_see_ward_plans,
    may_send_for_ward,
    may_write_ward_plan,
    visible_ward_plans,
)
from assessments.queries.year import history, milestone
from assessments.queries.year import ward_plans as reading
from assessments.views.common import or_404, person, plan_of, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.workflow import State
from assessments.year import rows
from assessments.year import ward_plans as deeds

HISTORY = 30


@require_safe
@never_cache
@or_404
def ward_plan_list(request: HttpRequest, year: int) -> HttpResponse:
    """All wards and what they have sent; a ward's people come straight to their own."""
    plan, user = plan_of(year), person(request)
    if not may_see_ward_plans(user):
        raise WardPlan.DoesNotExist
    if user.role in WARD_ROLES:
        own = reading.own_plan(user, plan)
        if own is not None:
            return redirect("assessments:ward_plan", pk=own.pk)
        return render(request, "assessments/year/ward_plan_none.html", _empty(request, plan))
    wards = reading.ward_rows(plan)
    context = {
        "plan": plan,
        "rows": wards,
        "before": milestone(plan, Milestone.Duty.WARD_PLAN),
        "sent": sum(row.sent for row in wards),
        "missing": [row.ward for row in wards if not row.sent],
        "late": sum(row.late for row in wards),
    }
    return render(request, "assessments/year/ward_plan_list.html", context)


def _empty(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """The page of a ward that has no plan yet."""
    user = person(request)
    assert user.ward is not None
    return {
        "plan": plan,
        "ward": user.ward,
        "before": milestone(plan, Milestone.Duty.WARD_PLAN),
        "earlier": reading.earlier_plan(plan.year, user.ward.pk),
        "units": reading.registered_units(plan, user.ward),
        "may_correct": may_register(user, user.ward),
    }


def _seen(request: HttpRequest, pk: int) -> WardPlan:
    return visible_ward_plans(person(request)).select_related("plan", "ward", "submitted_by").get(pk=pk)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: words, units, tasks, files, and the next step."""
    return _detail(request, _seen(request, pk))


def _detail(
    request: HttpRequest,
    found: WardPlan,
    *,
    returning: ReasonForm | None = None,
    receiving: ReceivedForm | None = None,
) -> HttpResponse:
    user, plan, ward = person(request), found.plan, found.ward
    today = timezone.localdate()
    sent = found.state == WardPlan.State.SUBMITTED
    writes = may_write_ward_plan(user, ward) and not plan.is_closed
    now = reading.registered_units(plan, ward) if not sent or writes else []
    units = reading.sent_units(found) if sent else now
    tasks = reading.task_rows(found, today)
    before = milestone(plan, Milestone.Duty.WARD_PLAN)
    context = {
        "plan": plan,
        "ward_plan": found,
        "sent": sent,
        "before": before,
        "late": found.came_late(before),
        "overdue": not sent and before is not None and today >= before,
        "units": units,
        "pilot_warning": reading.pilot_warning(plan, units),
        "later": reading.later_registrations(units, now) if sent and writes else [],
        "tasks": tasks,
        "late_tasks": sum(row.overdue for row in tasks),
        "lacking": [] if sent else reading.missing_for_sending(found, len(tasks)),
        "attachments": found.attachments.select_related("added_by"),
        "writes": writes,
        "may_correct": not sent and writes and may_register(user, ward),
        "may_send": not sent and writes and may_send_for_ward(user, ward),
        "may_receive": sent and may_receive(user) and not plan.is_closed,
        "earlier": reading.earlier_plan(plan.year, ward.pk) if writes and not sent and not tasks else None,
        "returning": returning or ReasonForm(prefix="tra"),
        "receiving": receiving or ReceivedForm(prefix="nhan", initial={"received_on": found.received_on}),
        "version": request.POST.get("version", found.version) if returning or receiving else found.version,
        "events": history(plan, found)[:HISTORY],
    }
    return render(request, "assessments/year/ward_plan_detail.html", context)


def _writer(request: HttpRequest, year: int) -> tuple[Plan, WardPlan | None]:
    """The plan of the year and the own ward's plan, for a ward's people; for others there is no such page."""
    user = person(request)
    if not may_write_ward_plan(user):
        raise WardPlan.DoesNotExist
    plan = plan_of(year)
    return plan, reading.own_plan(user, plan)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, year: int) -> HttpResponse:
    """Write the own ward's plan."""
    plan, found = _writer(request, year)
    tasks = list(found.task_lines.order_by("position", "pk")) if found else []
    posted = request.POST if request.method == "POST" else None
    form = WardPlanForm(posted, initial=initial_of(found))
    lines = tasks_formset(posted, tasks, plan)
    error = ""
    if posted is not None and all([form.is_valid(), lines.is_valid()]):
        try:
            saved = deeds.save(
                user=person(request),
                plan_id=plan.pk,
                version=posted_version(request),
                content=form.content(),
                tasks=tasks_of(lines),
            )
        except InvalidInput as invalid:
            error = invalid.message if invalid.field == "tasks" else ""
            if not error:
                put_refusal(form, invalid)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu kế hoạch năm {year} của {saved.ward}.")
            if "more" in posted:
                return redirect("assessments:ward_plan_edit", year=year)
            return redirect("assessments:ward_plan", pk=saved.pk)
    elif posted is None and found is not None and found.state == WardPlan.State.SUBMITTED:
        return redirect("assessments:ward_plan", pk=found.pk)
    context = {
        "plan": plan,
        "ward_plan": found,
        "ward": person(request).ward,
        "form": form,
        "lines": lines,
        "tasks_error": error,
        "version": request.POST.get("version", found.version if found else rows.NEW),
    }
    return render(request, "assessments/year/ward_plan_form.html", context)


@require_POST
@or_404
def fill(request: HttpRequest, year: int) -> HttpResponse:
    """Take from last year's plan what this year's lacks."""
    plan, _ = _writer(request, year)
    try:
        deeds.fill(user=person(request), plan_id=plan.pk)
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:ward_plans", year=year)
    messages.success(request, "Đã lấy nội dung kế hoạch năm trước. Rà lại câu chữ và thời hạn rồi lưu.")
    return redirect("assessments:ward_plan_edit", year=year)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def units(request: HttpRequest, year: int) -> HttpResponse:
    """Correct aim and pilot of the ward's registrations."""
    user = person(request)
    if not may_register(user) or user.ward is None:
        raise Registration.DoesNotExist
    plan = plan_of(year)
    found, error = reading.registered_units(plan, user.ward), ""
    if request.method == "POST":
        try:
            changed = registering.correct_all(user=user, plan_id=plan.pk, corrections=_corrections(request, found))
        except Refusal as refusal:
            error = refusal.message
        else:
            if changed:
                messages.success(request, f"Đã sửa đăng ký của {changed} tổ dân phố, bản.")
            else:
                messages.info(request, "Đăng ký không thay đổi.")
            return redirect("assessments:ward_plans", year=year)
    for row in found:
        registration = row.registration
        registration.chosen_aim = request.POST.get(f"aim-{registration.pk}", row.aim)
        registration.chosen_pilot = f"pilot-{registration.pk}" in request.POST if request.POST else row.pilot
        registration.seen = request.POST.get(f"seen-{registration.pk}", f"{row.aim}{'+' if row.pilot else ''}")
        registration.open = registration.assessment.state == State.DRAFT
    own = reading.own_plan(user, plan)
    context = {
        "plan": plan,
        "ward": user.ward,
        "units": found,
        "aims": Registration.Aim.choices,
        "error": error,
        "pilot_warning": reading.pilot_warning(plan, found),
        "settled": (own is not None and own.state == WardPlan.State.SUBMITTED) or plan.is_closed,
    }
    return render(request, "assessments/year/ward_plan_units.html", context)


def _corrections(request: HttpRequest, found: list[reading.UnitRow]) -> list[registering.Correction]:
    """What was chosen for the registrations whose fields the page had."""
    return [
        registering.Correction(
            pk,
            request.POST[f"aim-{pk}"],
            f"pilot-{pk}" in request.POST,
            (request.POST.get(f"seen-{pk}", "").rstrip("+"), request.POST.get(f"seen-{pk}", "").endswith("+")),
        )
        for pk in (row.registration.pk for row in found)
        if f"aim-{pk}" in request.POST
    ]


@require_POST
@or_404
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader sends the plan to the city."""
    _seen(request, pk)
    try:
        sent = deeds.send(user=person(request), ward_plan_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã gửi kế hoạch năm {sent.plan.year} của {sent.ward} về thành phố.")
    return redirect("assessments:ward_plan", pk=pk)


@require_POST
@or_404
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs returns the plan, with a reason."""
    found = _seen(request, pk)
    if not may_receive(request.user):
        raise WardPlan.DoesNotExist
    form = ReasonForm(request.POST, prefix="tra")
    if form.is_valid():
        try:
            deeds.give_back(user=person(request), ward_plan_id=pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã trả lại kế hoạch của {found.ward}.")
            return redirect("assessments:ward_plans", year=found.plan.year)
    return _detail(request, found, returning=form)


@require_POST
@or_404
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs states when the paper copy came."""
    found = _seen(request, pk)
    if not may_receive(request.user):
        raise WardPlan.DoesNotExist
    form = ReceivedForm(request.POST, prefix="nhan")
    if form.is_valid():
        try:
            deeds.receive(user=person(request), ward_plan_id=pk, version=posted_version(request), **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ghi ngày nhận kế hoạch của {found.ward}.")
            return redirect("assessments:ward_plan", pk=pk)
    return _detail(request, found, receiving=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the tasks are, kept by the ward's people."""
    found = _seen(request, pk)
    if not may_write_ward_plan(request.user, found.ward):
        raise WardPlan.DoesNotExist
    there = reading.task_rows(found, timezone.localdate())
    posted = request.POST if request.method == "POST" else None
    lines = progress_formset(posted, [row.task for row in there], found.plan)
    error = ""
    if request.method == "POST" and lines.is_valid():
        progress = [form.progress() for form in lines.forms]
        try:
            changed = deeds.report_tasks(
                user=person(request), ward_plan_id=pk, version=posted_version(request), progress=progress
            )
        except Refusal as refusal:
            error = refusal.message
        else:
            if changed:
                messages.success(request, f"Đã cập nhật {changed} nhiệm vụ.")
            else:
                messages.info(request, "Tiến độ không thay đổi.")
            return redirect("assessments:ward_plan", pk=pk)
    context = {
        "plan": found.plan,
        "ward_plan": found,
        "lines": lines,
        "rows": list(zip(there, lines.forms, strict=False)),
        "error": error,
        "version": request.POST.get("version", found.version),
    }
    return render(request, "assessments/year/ward_plan_tasks.html", context)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the signed plan."""
    _seen(request, pk)
    take_paper(request, "kế hoạch đã ký", partial(deeds.attach_file, ward_plan_id=pk))
    return redirect("assessments:ward_plan", pk=pk)
