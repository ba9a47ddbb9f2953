"""The units' figures of the year: the ward fills its whole table in one form, everybody else reads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.forms.year.profiles import ProfileLine
from assessments.models import Plan
from assessments.permissions import may_edit_unit_year, may_see_city, may_see_units, visible_wards
from assessments.queries.year import profiles as queries
from assessments.queries.year.profiles import ProfileRow
from assessments.unit_years import FIELDS
from assessments.views.common import or_404, person, plan_of, whole_number
from assessments.views.year.closed import offered
from assessments.year import profiles as deeds
from localities.models import Ward

TAKE, BEFORE = "lay", "nam-truoc"
EVENTS = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def profile_table(request: HttpRequest, year: int) -> HttpResponse:
    """All units of the ward (or of the city), with totals; the lines this person keeps are inputs."""
    plan, user = plan_of(year), person(request)
    if not may_see_units(user):
        raise Plan.DoesNotExist
    ward = queries.chosen_ward(user, whole_number(request.GET.get("xa")))
    rows = queries.profile_rows(user, plan, ward)
    if request.method == "POST":
        if not any(may_edit_unit_year(user, row.unit) for row in rows):
            raise Plan.DoesNotExist
        forms = {row.unit.pk: ProfileLine(request.POST, row) for row in rows if _posted(request, row)}
        failed = _save(request, plan, forms)
        if not failed:
            return redirect("assessments:profiles", year=year)
        return _page(request, plan, ward, _after(request, plan, ward, forms))
    take = request.GET.get(TAKE) == BEFORE
    forms = {row.unit.pk: ProfileLine(None, row, take_before=take) for row in rows if row.editable}
    return _page(request, plan, ward, (rows, forms), taken=sum(len(form.taken) for form in forms.values()))


def _posted(request: HttpRequest, row: ProfileRow) -> bool:
    return f"to-{row.unit.pk}-version" in request.POST


def _save(request: HttpRequest, plan: Plan, forms: dict[int, ProfileLine]) -> int:
    """Store what the person changed; says how many lines were stored and how many not, and returns the latter."""
    changed = {pk: form for pk, form in forms.items() if form.changed_by_person}
    good = {pk: form for pk, form in changed.items() if form.is_valid()}
    lines = [deeds.Line(pk, form.cleaned_data["version"], form.values) for pk, form in good.items()]
    failed = deeds.save_lines(user=person(request), year=plan.year, lines=lines)
    for pk, why in failed.items():
        forms[pk].add_error(why.field if why.field in FIELDS else None, why.message)
    saved, bad = len(good) - len(failed), len(changed) - len(good) + len(failed)
    if bad:
        kept = f"Đã lưu số liệu của {saved} tổ dân phố, bản; " if saved else ""
        words = f"{bad} dòng chưa lưu được, lý do ghi tại từng dòng." if saved else f"{bad} dòng chưa lưu được."
        messages.error(request, f"{kept}{words}")
    elif saved:
        messages.success(request, f"Đã lưu số liệu năm {plan.year} của {saved} tổ dân phố, bản.")
    else:
        messages.info(request, "Số liệu không thay đổi.")
    return bad


def _after(
    request: HttpRequest, plan: Plan, ward: Ward | None, forms: dict[int, ProfileLine]
) -> tuple[list[ProfileRow], dict[int, ProfileLine]]:
    """The lines as stored by now; what failed keeps what was typed, and a stale one shows the other's numbers."""
    rows = queries.profile_rows(person(request), plan, ward)
    shown = {}
    for row in rows:
        posted = forms.get(row.unit.pk)
        if posted is not None and posted.errors:
            posted.show_fresh(row)
            shown[row.unit.pk] = posted
        elif row.editable:
            shown[row.unit.pk] = ProfileLine(None, row)
    return rows, shown


def _sum_of(ward: Ward) -> str:
    return f"Cộng {ward.get_kind_display().lower()} {ward.name}"


def _page(
    request: HttpRequest,
    plan: Plan,
    ward: Ward | None,
    table: tuple[list[ProfileRow], dict[int, ProfileLine]],
    taken: int | None = None,
) -> HttpResponse:
    user, (rows, forms) = person(request), table
    for row in rows:
        row.form = forms.get(row.unit.pk)
    groups = [(place, own, queries.totals(_sum_of(place), own)) for place, own in queries.by_ward(rows)]
    context = {
        "plan": plan,
        "ward": ward,
        "wards": visible_wards(user) if user.ward_id is None and user.unit_id is None else [],
        "groups": groups,
        "labels": list(queries.LABELS.values()),
        "total": queries.totals("Tổng cộng", rows) if len(groups) > 1 else None,
        "rows": rows,
        "missing": [row for row in rows if row.missing and row.registered],
        "editing": bool(forms),
        "taken": taken if request.GET.get(TAKE) == BEFORE else None,
        "may_take": any(form.row.missing and form.row.before for form in forms.values()),
        "before_years": sorted({row.before_year for row in rows if row.before_year}),
        "offers_city_table": ward is None and may_see_city(user),
        "events": queries.changes(row.stored for row in rows)[:EVENTS],
    }
    return render(request, "assessments/year/profile_table.html", offered(plan, context))
