"""Who appraises what under a plan: everybody reads it, home affairs changes it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Agency
from assessments import assigning
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Event, Plan
from assessments.permissions import may_assign, may_see_assignments
from assessments.queries import assignments as queries
from assessments.views.common import or_404, person, plan_of, tell
from assessments.views.year.closed import offered
from criteria import spec
from criteria.queries import table

SHOWN_EVENTS = 30
_ACTIONS = {"default": "dùng phân công mặc định", "copy": "sao chép từ năm", "set": "đổi phân công"}


@dataclass(slots=True)
class Line:
    """One entry with its agencies, the responsible one first."""

    entry: spec.Entry
    agencies: list[Agency]
    seen: str
    ticked: bool = False


@dataclass(slots=True)
class Group:
    """A heading of the table with its entries."""

    title: str
    lines: list[Line]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def assignments(request: HttpRequest, year: int) -> HttpResponse:
    """The table; home affairs ticks entries and gives them their agencies."""
    plan, user = plan_of(year), person(request)
    if not may_see_assignments(user) or (request.method == "POST" and not may_assign(user)):
        raise Plan.DoesNotExist
    error: Refusal | None = None
    if request.method == "POST":
        keys = request.POST.getlist("entry")
        seen = {key: tuple(request.POST.get(f"seen-{key}", "").split()) for key in keys}
        chosen = [request.POST.get("chu_tri", ""), *request.POST.getlist("phoi_hop")]
        try:
            agencies = [code for code in chosen if code] if chosen[0] else []
            changed = assigning.set_assignment(user=user, plan_id=plan.pk, seen=seen, agencies=agencies)
        except Refusal as refusal:
            error = refusal
        else:
            said = f"Đã đổi phân công {changed} mục." if changed else "Không có mục nào cần thay đổi."
            (messages.success if changed else messages.info)(request, said)
            return redirect("assessments:assignments", year=year)
    return _page(request, plan, error)


def _page(request: HttpRequest, plan: Plan, error: Refusal | None) -> HttpResponse:
    stands = queries.stored_assignment(plan)
    agencies = list(Agency.objects.all())
    whole = table(plan.criteria_set_id)
    missing = [entry for entry in whole.judged_by_hand if entry.key not in stands]
    may_edit = may_assign(request.user)
    events = list(queries.assignment_events(plan)[: SHOWN_EVENTS + 1])
    names = {agency.code: agency.name for agency in agencies}
    context = {
        "plan": plan,
        "groups": _groups(whole, stands, {a.code: a for a in agencies}, set(request.POST.getlist("entry"))),
        "agencies": agencies,
        "missing": missing,
        "may_edit": may_edit,
        "earlier": queries.earlier_assigned_plan(plan) if may_edit and missing else None,
        "error": error.message if error else "",
        "error_field": error.field if isinstance(error, InvalidInput) else "",
        "lead": request.POST.get("chu_tri", ""),
        "helping": request.POST.getlist("phoi_hop"),
        "events": [_told(event, names) for event in events[:SHOWN_EVENTS]],
        "more_events": len(events) > SHOWN_EVENTS,
    }
    return render(request, "assessments/assignment_list.html", offered(plan, context), status=422 if error else 200)


def _groups(
    whole: spec.Table, stands: dict[str, queries.Codes], agencies: dict[str, Agency], ticked: set[str]
) -> list[Group]:
    def lines(entries: tuple[spec.Entry, ...]) -> list[Line]:
        return [
            Line(
                entry,
                [agencies[code] for code in stands.get(entry.key, ()) if code in agencies],
                " ".join(stands.get(entry.key, ())),
                entry.key in ticked,
            )
            for entry in entries
        ]

    made = [Group(f"Tiêu chuẩn {s.number}. {s.name}", lines(s.entries)) for s in whole.standards]
    made += [Group(f"Nội dung tự quản {s.number}. {s.name}", lines(s.entries)) for s in whole.contents]
    return [*made, Group("Các trường hợp không đảm bảo", lines(whole.cases))]


def _told(event: Event, names: dict[str, str]) -> dict[str, Any]:
    """One change for the list: who, when, and each entry from what to what."""

    def words(codes: list[str]) -> str:
        return ", ".join(names.get(code, code) for code in codes) or "chưa phân công"

    what = _ACTIONS.get(event.action, event.action) + (f" {event.reason}" if event.reason else "")
    changes = event.data.get("changes", [])
    lines = [{"code": c["code"], "before": words(c["before"]), "after": words(c["after"])} for c in changes]
    return {"at": event.at, "by": event.actor, "what": what, "lines": lines}


@require_POST
@or_404
def fill(request: HttpRequest, year: int) -> HttpResponse:
    """Entries without agency get those of the year before (`tu` = nam-truoc) or the default ones."""
    plan, user = plan_of(year), person(request)
    if not may_assign(user):
        raise Plan.DoesNotExist
    try:
        if request.POST.get("tu") == "nam-truoc":
            earlier = queries.earlier_assigned_plan(plan)
            if earlier is None:
                raise Refusal("Chưa có năm trước nào có phân công để sao chép.")
            filled = assigning.copy_from(user=user, plan_id=plan.pk, earlier_id=earlier.pk)
        else:
            filled = assigning.load_default(plan, user)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        said = f"Đã phân công {filled} mục." if filled else "Không có mục nào cần điền."
        (messages.success if filled else messages.info)(request, said)
    return redirect("assessments:assignments", year=year)
