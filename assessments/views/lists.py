"""Lists: the units of a ward or of the city, and registering."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from assessments import queries, registering
from assessments.deeds import InvalidInput, Refusal
from assessments.forms import ListFilter, UnitForm
from assessments.models import Registration
from assessments.permissions import may_keep_council, may_register, may_see_city, visible_wards
from assessments.queries import hands
from assessments.views.common import or_404, person, plan_of, posted_numbers, tell
from assessments.workflow import State
from localities.models import Ward

PAGE = 200


@require_safe
@never_cache
@or_404
def assessment_list(request: HttpRequest, year: int) -> HttpResponse:
    """The plan's assessments in the person's scope, filtered."""
    plan, user = plan_of(year), person(request)
    wards = visible_wards(user)
    form = ListFilter(request.GET or None, wards=wards)
    found = queries.assessment_list(user, plan)
    counts = queries.state_counts(found)
    total = sum(n for _, n in counts)
    if form.is_bound and form.is_valid():
        found = _filtered(found, form.cleaned_data)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "plan": plan,
        "plans": queries.plans(),
        "page": page,
        "rows": _with_hands(user, _rows(page.object_list)),
        "form": form,
        "counts": counts,
        "total": total,
        "several_wards": user.ward_id is None and user.unit_id is None,
        # The table is the city's, or one ward's.
        "offers_table": total and may_see_city(user),
        "table_of": _one_ward(user, form) if total else None,
        "filtered": form.is_bound and any(form.data.get(name) for name in form.fields),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/assessment_list.html", context)


def _one_ward(user: User, form: ListFilter) -> Ward | None:
    """The ward that the list is of: the own one, or the one chosen."""
    return user.ward or (form.cleaned_data.get("xa") if form.is_bound and form.is_valid() else None)


def _rows(assessments: Any) -> list[Any]:
    today = timezone.localdate()
    rows = list(assessments)
    for row in rows:
        row.is_late = row.late(row.due, today)
        row.was_late = row.submitted_late(row.due)
    return rows


def _with_hands(user: User, rows: list[Any]) -> list[Any]:
    """For the ward: whose hands each draft is in, where a unit's head has an account."""
    heads = hands.units_with_head(rows) if may_keep_council(user) else set()
    for row in rows:
        row.hands_note = ""
        if row.state == State.DRAFT and row.registration.unit_id in heads:
            at = f"{timezone.localtime(row.handed_over_at):%H:%M %d/%m/%Y}" if row.handed_over_at else ""
            row.hands_note = f"Tổ trưởng, trưởng bản đã chuyển lúc {at}" if at else "Đang ở tổ, bản"
    return rows


def _filtered(found: Any, wanted: dict[str, Any]) -> Any:
    if wanted["xa"]:
        found = found.filter(registration__unit__ward=wanted["xa"])
    if wanted["trang_thai"]:
        found = found.filter(standing=wanted["trang_thai"])
    if wanted["dang_ky"] == "pilot":
        found = found.filter(registration__pilot=True)
    elif wanted["dang_ky"]:
        found = found.filter(registration__aim=wanted["dang_ky"])
    if wanted["ket_qua"] == "qua_han":
        found = found.filter(Q(state__in=[State.DRAFT, State.COUNCIL]), due__lte=timezone.localdate())
    elif wanted["ket_qua"]:
        found = found.filter(self_qualifies=wanted["ket_qua"] == "dat")
    if wanted["tim"]:
        found = found.filter(registration__unit__name__icontains=wanted["tim"])
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def register(request: HttpRequest, year: int) -> HttpResponse:
    """Register the ward's units in the plan, or enter a new unit."""
    plan, user = plan_of(year), person(request)
    if not may_register(user):
        raise Registration.DoesNotExist
    unit_form = UnitForm(request.POST if request.POST.get("do") == "unit" else None)
    if request.method == "POST":
        done = _add_unit(request, unit_form) if request.POST.get("do") == "unit" else _register(request, plan.pk)
        if done:
            return redirect("assessments:register", year=year)
    context = {
        "plan": plan,
        "units": _unit_rows(request, queries.registrable_units(user, plan)),
        "registered": queries.assessment_list(user, plan),
        "aims": Registration.Aim.choices,
        "unit_form": unit_form,
    }
    return render(request, "assessments/registration_form.html", context)


def _add_unit(request: HttpRequest, form: UnitForm) -> bool:
    if not form.is_valid():
        return False
    try:
        unit = registering.add_unit(user=person(request), **form.cleaned_data)
    except InvalidInput as error:
        form.add_error(error.field or None, error.message)
        return False
    except Refusal as refusal:
        tell(request, refusal)
        return True
    messages.success(request, f"Đã thêm {unit}. Đăng ký ở danh sách bên dưới.")
    return True


def _register(request: HttpRequest, plan_id: int) -> bool:
    wishes = _wishes(request)
    if not wishes:
        messages.error(request, "Chưa chọn tổ dân phố, bản nào để đăng ký.")
        return False
    try:
        registering.register_all(user=person(request), plan_id=plan_id, wishes=wishes)
    except Refusal as refusal:
        tell(request, refusal)
        return False
    messages.success(request, f"Đã đăng ký {len(wishes)} tổ dân phố, bản.")
    return True


def _wishes(request: HttpRequest) -> list[registering.Wish]:
    """The ticked units with what stands beside them."""
    return [
        registering.Wish(n, request.POST.get(f"aim-{n}", ""), request.POST.get(f"pilot-{n}") == "1")
        for n in posted_numbers(request, "unit")
    ]


def _unit_rows(request: HttpRequest, units: Any) -> list[Any]:
    """The units to register, with what was ticked when the page comes back after a refusal."""
    typed = {wish.unit_id: wish for wish in _wishes(request)}
    rows = list(units)
    for unit in rows:
        wish = typed.get(unit.pk)
        unit.chosen, unit.pilot = wish is not None, wish is not None and wish.pilot
        usual = Registration.Aim.MAINTAIN if unit.last_result == "recognised" else Registration.Aim.NEW
        unit.aim = wish.aim if wish else usual
    return rows
