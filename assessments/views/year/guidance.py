"""Guidance: the year's list, drafting, publishing, withdrawing, and a newer one in its place."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from assessments.deeds import InvalidInput, Refusal
from assessments.forms import ReasonForm
from assessments.forms.year.guidance import GuidanceForm
from assessments.models import Guidance, Plan
from assessments.permissions import guiding_agencies, may_publish_guidance, may_see_guidance
from assessments.queries.agencies import assigned_ids
from assessments.queries.year import guidance as queries
from assessments.queries.year import history
from assessments.views.common import or_404, person, plan_of, posted_numbers, posted_version, put_refusal, tell
from assessments.views.papers import take_paper
from assessments.views.year.closed import back_to, offered
from assessments.year import guidance as deeds
from assessments.year import rows as year_rows
from criteria import spec
from criteria.queries import table

SHOWN_EVENTS = 30


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with entries to tick; `open` where something in it is ticked."""

    title: str
    entries: list[spec.Entry]
    ticked: int

    @property
    def open(self) -> bool:
        return self.ticked > 0


@require_safe
@never_cache
@or_404
def guidance_list(request: HttpRequest, year: int) -> HttpResponse:
    """By agency; filtered by agency, criterion and state."""
    plan, user = plan_of(year), person(request)
    if not may_see_guidance(user):
        raise Plan.DoesNotExist
    agencies = list(queries.agencies_with(plan))
    code, entry, state = (request.GET.get(name, "") for name in ("co-quan", "tieu-chi", "trang-thai"))
    whole = table(plan.criteria_set_id)
    context = {
        "plan": plan,
        "rows": list(
            queries.listed(
                user,
                plan,
                agency=next((agency for agency in agencies if agency.code == code), None),
                entry=entry if entry in whole.entries_by_key else "",
                state=state if state in Guidance.State.values else "",
            )
        ),
        "agencies": agencies,
        "entries": whole.judged_by_hand,
        "states": Guidance.State.choices,
        "agency": code,
        "entry": entry,
        "state": state,
        "filtered": bool(code or entry or state),
        "today": timezone.localdate(),
        "may_publish": may_publish_guidance(user),
    }
    return render(request, "assessments/year/guidance_list.html", offered(plan, context))


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The text in full with its files, its criteria and what was done with it."""
    return _detail(request, queries.one(person(request), pk))


def _detail(
    request: HttpRequest, found: Guidance, reason: ReasonForm | None = None, version: str = "", status: int = 200
) -> HttpResponse:
    whole = table(found.plan.criteria_set_id)
    ids = set(found.entries.values_list("pk", flat=True))
    # Guidance may still stand beside the criteria of a later year: it is withdrawn or renewed after its own, too.
    open_still = found.state != Guidance.State.DRAFT or not found.plan.is_closed
    context = {
        "guidance": found,
        "plan": found.plan,
        "entries": [entry for entry in whole.judged_by_hand if entry.id in ids],
        "attachments": found.attachments.select_related("added_by"),
        "may_publish": open_still and may_publish_guidance(request.user, found.agency),
        "reason_form": reason or ReasonForm(),
        "version": version or found.version,
        "today": timezone.localdate(),
        "events": history(found.plan, found)[:SHOWN_EVENTS],
    }
    return render(request, "assessments/year/guidance_detail.html", context, status=status)


def _kept(request: HttpRequest, pk: int) -> Guidance:
    """Guidance this person may work on; for others there is no such page."""
    found = queries.one(person(request), pk)
    if not may_publish_guidance(request.user, found.agency):
        raise Guidance.DoesNotExist
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
@back_to("guidance")
def create(request: HttpRequest, year: int) -> HttpResponse:
    """Draft guidance for the own agency; home affairs for any."""
    plan, user = plan_of(year), person(request)
    if not may_publish_guidance(user):
        raise Guidance.DoesNotExist
    fresh = Guidance(plan=plan, agency=deeds.agency_of(user) or Agency())
    return _edit(request, plan, fresh)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = _kept(request, pk)
    if found.state != Guidance.State.DRAFT:
        messages.error(request, "Hướng dẫn đã công bố thì không sửa. Lập bản mới thay thế.")
        return redirect("assessments:guidance_detail", pk=pk)
    return _edit(request, found.plan, found)


def _edit(request: HttpRequest, plan: Plan, draft: Guidance) -> HttpResponse:
    user, pk, version = person(request), draft.pk, draft.version if draft.pk else year_rows.NEW
    agency_id, stored = draft.agency_id, set(draft.entries.values_list("pk", flat=True)) if pk else set()
    heading = f"Sửa “{draft.title}”" if pk else f"Soạn hướng dẫn năm {plan.year}"
    ticked = posted_numbers(request, "entries") if request.method == "POST" else stored
    initial = {} if pk else {"agency": agency_id, "valid_from": timezone.localdate()}
    form = GuidanceForm(
        request.POST or None, instance=draft if pk else None, initial=initial, agencies=guiding_agencies(user)
    )
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, form, plan, pk, agency_id, ticked)
        except InvalidInput as invalid:
            if invalid.field == "entries":
                error = invalid.message
            else:
                put_refusal(form, invalid)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu “{saved.title}”. Xem lại rồi công bố.")
            return redirect("assessments:guidance_detail", pk=saved.pk)
    context = {
        "heading": heading,
        "plan": plan,
        "pk": pk,
        "form": form,
        "groups": _groups(plan, agency_id, ticked),
        "ticked": ticked,
        "entries_error": error,
        "version": request.POST.get("version", version),
    }
    return render(request, "assessments/year/guidance_form.html", context, status=200)


def _save(
    request: HttpRequest, form: GuidanceForm, plan: Plan, pk: int | None, agency_id: int | None, ticked: set[int]
) -> Guidance:
    typed = dict(form.cleaned_data)
    chosen = typed.pop("agency", None)
    for_agency = chosen.pk if chosen else agency_id
    assert for_agency is not None
    return deeds.save(
        user=person(request),
        plan_id=plan.pk,
        agency_id=for_agency,
        content=deeds.Content(**typed),
        entry_ids=ticked,
        guidance_id=pk,
        version=posted_version(request),
    )


def _groups(plan: Plan, agency_id: int | None, ticked: set[int]) -> list[Group]:
    """The table to tick: what the agency appraises first, then all the rest by its sections."""
    whole = table(plan.criteria_set_id)
    own = assigned_ids(plan.pk, agency_id) if agency_id else frozenset()

    def group(title: str, entries: Any) -> Group:
        chosen = list(entries)
        return Group(title, chosen, sum(entry.id in ticked for entry in chosen))

    def rest(entries: Any) -> Any:
        return (entry for entry in entries if not entry.derived and entry.id not in own)

    made = [group("Mục cơ quan được phân công thẩm định", (e for e in whole.judged_by_hand if e.id in own))]
    made += [group(f"Tiêu chuẩn {s.number}. {s.name}", rest(s.entries)) for s in whole.standards]
    made += [group(f"Nội dung tự quản {s.number}. {s.name}", rest(s.entries)) for s in whole.contents]
    made.append(group("Các trường hợp không đảm bảo", rest(whole.cases)))
    return [found for found in made if found.entries]


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a file with a draft."""
    _kept(request, pk)
    take_paper(request, "hướng dẫn", partial(deeds.attach, guidance_id=pk), any_type=True)
    return redirect("assessments:guidance_detail", pk=pk)


@require_POST
@or_404
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it beside its criteria."""
    _kept(request, pk)
    try:
        found = deeds.publish(user=person(request), guidance_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã công bố “{found.title}” và báo cho các xã, phường.")
    return redirect("assessments:guidance_detail", pk=pk)


@require_POST
@or_404
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it away from its criteria, with a reason."""
    found, form = _kept(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            deeds.withdraw(
                user=person(request),
                guidance_id=pk,
                reason=form.cleaned_data["reason"],
                version=posted_version(request),
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, "Đã thôi áp dụng hướng dẫn và báo cho các xã, phường.")
            return redirect("assessments:guidance_detail", pk=pk)
    return _detail(request, found, form, request.POST.get("version", ""), 422)


@require_POST
@or_404
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft with the same words, to take this one's place."""
    _kept(request, pk)
    try:
        fresh = deeds.renew(user=person(request), guidance_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:guidance_detail", pk=pk)
    messages.success(request, "Đã chép sang bản mới. Sửa, đính kèm tệp nếu cần, rồi công bố để thay bản cũ.")
    return redirect("assessments:guidance_edit", pk=fresh.pk)


@require_POST
@or_404
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    _kept(request, pk)
    try:
        plan = deeds.discard(user=person(request), guidance_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:guidance_detail", pk=pk)
    messages.success(request, "Đã bỏ bản soạn.")
    return redirect("assessments:guidance", year=plan.year)
