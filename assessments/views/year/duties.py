"""Who owes what: the table of the plan, and the letters that remind."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role, User
from assessments.deeds import Refusal
from assessments.forms.year.duties import LetterForm
from assessments.models import Event, Plan
from assessments.permissions import may_remind, may_see_city, may_see_duties
from assessments.queries.year import duties as queries
from assessments.queries.year.duties import Office, Owed, Total
from assessments.queries.year.duty_facts import Duty
from assessments.views.common import or_404, person, plan_of, put_refusal
from assessments.views.year.closed import offered
from assessments.year import duties as deeds
from assessments.year.duty_pages import address

OVERDUE = "qua-han"
_LETTERS = {"ward": "cong-van-don-doc-xa-phuong", "agency": "cong-van-don-doc-co-quan"}


@dataclass(frozen=True, slots=True)
class Row:
    """An office with its cells, where each leads, and the letters that went to it."""

    office: Office
    cells: list[tuple[Owed, str]]
    letters: list[Event]
    letter_url: str  # where its number is written down
    paper_url: str  # the letter itself, at once


@require_safe
@never_cache
@or_404
def board(request: HttpRequest, year: int) -> HttpResponse:
    """Wards and agencies x duties; a ward or an agency sees the own row."""
    plan, user = plan_of(year), person(request)
    if not may_see_duties(user):
        raise Plan.DoesNotExist
    found = queries.board_for(user, plan)
    only_late = request.GET.get("loc") == OVERDUE
    letters = deeds.letters(plan) if found.offices else {}

    def rows(offices: list[Office]) -> list[Row]:
        return [_row(user, plan, office, letters) for office in offices if office.overdue or not only_late]

    context = {
        "plan": plan,
        "board": found,
        "parts": [
            (
                "Xã, phường",
                found.ward_columns,
                rows(found.wards),
                _under(found.ward_columns, found.ward_totals),
                bool(found.wards),
            ),
            (
                "Cơ quan thành phố",
                found.agency_columns,
                rows(found.agencies),
                _under(found.agency_columns, found.agency_totals),
                bool(found.agencies),
            ),
        ],
        "only_late": only_late,
        "overdue": OVERDUE,
        "may_remind": may_remind(user),
        "sees_city": may_see_city(user),
    }
    return render(request, "assessments/year/duty_board.html", offered(plan, context))


def _under(columns: list[tuple[str, date | None]], totals: list[Total]) -> list[tuple[str, Total]]:
    return [(name, total) for (name, _), total in zip(columns, totals, strict=True)]


def _row(user: User, plan: Plan, office: Office, letters: dict[str, list[Event]]) -> Row:
    thing = office.thing
    name = "ward" if office.ward else "agency"
    return Row(
        office,
        [(cell, _address(user, plan, office, cell)) for cell in office.cells],
        letters.get(f"{thing._meta.model_name}:{thing.pk}", []),
        reverse(f"assessments:duties_{name}_letter", args=[plan.year, thing.pk]),
        reverse("reports:paper_file", args=[_LETTERS[name], f"{plan.pk}-{thing.pk}", "pdf"]),
    )


def _address(user: User, plan: Plan, office: Office, cell: Owed) -> str:
    """Where a cell leads: to the thing itself as this person sees it; nowhere for what is not asked."""
    if cell.standing is queries.Standing.FREE:
        return ""
    if cell.duty == Duty.AGENCY_RESULT and may_see_city(user):
        return reverse("assessments:agency_list", args=[plan.year])
    if cell.duty == Duty.AGENCY_RESULT and user.role != Role.AGENCY_OFFICER:
        return ""
    query = f"?xa={office.thing.pk}" if cell.duty == Duty.DOSSIER and may_see_city(user) else ""
    return address(cell.duty, plan.year) + query


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def ward_letter(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The reminder letter to a ward: print it, then write down its number."""
    return _letter(request, year, ward_id=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def agency_letter(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """The same for an agency."""
    return _letter(request, year, agency_id=pk)


def _letter(
    request: HttpRequest, year: int, *, ward_id: int | None = None, agency_id: int | None = None
) -> HttpResponse:
    plan, user = plan_of(year), person(request)
    if not may_remind(user):
        raise Plan.DoesNotExist
    found = queries.board(plan, ward=ward_id, agency=agency_id).offices
    if not found:
        raise Plan.DoesNotExist
    [office] = found
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.letter_sent(user=user, plan_id=plan.pk, ward_id=ward_id, agency_id=agency_id, **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ghi công văn số {form.cleaned_data['number']} gửi {office.name}.")
            return redirect("assessments:duties", year=plan.year)
    row = _row(user, plan, office, deeds.letters(plan))
    context: dict[str, Any] = {"plan": plan, "row": row, "office": office, "form": form}
    return render(request, "assessments/year/duty_letter.html", context)
