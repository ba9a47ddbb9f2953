"""Proposals for commendation: the list with its checks, one proposal, sending and judging."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import WARD_ROLES, Role, User
from assessments.deeds import InvalidInput, Refusal
from assessments.forms.year.commendations import CommendationFilter, CommendationForm, JudgeForm
from assessments.models import Commendation, Plan
from assessments.permissions import (
    may_decide_commendation,
    may_propose_commendation,
    may_see_city,
    may_see_commendations,
    may_send_for_ward,
    visible_commendations,
)
from assessments.queries.year import commendations as queries
from assessments.queries.year import history
from assessments.queries.year.profiles import units_of_year
from assessments.views.common import (
    or_404,
    person,
    plan_of,
    posted_numbers,
    posted_version,
    put_refusal,
    tell,
    whole_number,
)
from assessments.views.year.closed import back_to, offered
from assessments.year import commendations as deeds

State = Commendation.State
JUDGEABLE = (State.SENT, State.ACCEPTED, State.DECLINED)

ALONE = "alone"  # posted by the page of one proposal


@require_safe
@never_cache
@or_404
def commendation_list(request: HttpRequest, year: int) -> HttpResponse:
    """Everything proposed in the year that the person sees, with what the results say."""
    if not may_see_commendations(request.user):
        raise Plan.DoesNotExist
    return _list(request, plan_of(year))


def _list(
    request: HttpRequest, plan: Plan, form: JudgeForm | None = None, chosen: set[int] | None = None, status: int = 200
) -> HttpResponse:
    user = person(request)
    filters = _filters(request, user, plan)
    found = _filtered(queries.proposals(user, plan), filters)
    shown = queries.checked(user, plan, found)
    judging = may_decide_commendation(user)
    for one in shown:
        one.tick = "" if plan.is_closed else _tick(user, one.row, judging)
    groups = [
        (kind.label, [one for one in shown if one.row.kind == kind])
        for kind in Commendation.Kind
        if any(one.row.kind == kind for one in shown)
    ]
    ticks = {one.tick for one in shown}
    context = {
        "plan": plan,
        "groups": groups,
        "filters": filters,
        "filtered": any(filters.data.get(name) for name in filters.fields),
        "may_propose": may_propose_commendation(user),
        "may_judge": judging and "judge" in ticks,
        "may_send": "send" in ticks,
        "waits_for_leader": user.role == Role.WARD_OFFICER and any(one.row.state == State.DRAFT for one in shown),
        "may_decide": judging,
        "free": queries.choosable(user, plan).count() if judging and not plan.is_closed else 0,
        "decisions": list(queries.decisions(user, plan)),
        "sees_city": may_see_city(user),
        "judge_form": form or JudgeForm(),
        "chosen": chosen or set(),
        "versions": _posted_versions(request) if form else {},
    }
    context = offered(plan, context, keep=("may_decide",))
    return render(request, "assessments/year/commendation_list.html", context, status=status)


def _tick(user: User, row: Commendation, judging: bool) -> str:
    """What ticking the row is for: to send it, to judge it, or nothing."""
    if row.state == State.DRAFT and deeds.may_send(user, row):
        return "send"
    if judging and row.state in JUDGEABLE and row.decision_id is None:
        return "judge"
    return ""


def _filters(request: HttpRequest, user: User, plan: Plan) -> CommendationFilter:
    wards, agencies = queries.proposers(user, plan)
    offices = [(f"xa-{ward.pk}", str(ward)) for ward in wards]
    offices += [(f"co-quan-{agency.pk}", str(agency)) for agency in agencies]
    return CommendationFilter(request.GET, offices=offices)


def _filtered(found: QuerySet[Commendation], filters: CommendationFilter) -> QuerySet[Commendation]:
    filters.is_valid()
    wanted = filters.cleaned_data
    if kind := wanted.get("doi_tuong"):
        found = found.filter(kind=kind)
    if state := wanted.get("tinh_trang"):
        found = found.filter(state=state)
    if office := wanted.get("noi"):
        column, _, number = office.rpartition("-")
        found = found.filter(**{"ward" if column == "xa" else "agency": number})
    return found


def _posted_versions(request: HttpRequest) -> dict[int, int]:
    """The version of each ticked row as the page showed it."""
    found = {}
    for pk in posted_numbers(request, "commendation"):
        version = whole_number(request.POST.get(f"version-{pk}"))
        found[pk] = -1 if version is None else version
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
@back_to("commendations")
def create(request: HttpRequest, year: int) -> HttpResponse:
    """Propose somebody."""
    if not may_propose_commendation(request.user):
        raise Commendation.DoesNotExist
    return _edit(request, plan_of(year), Commendation(kind=Commendation.Kind.COLLECTIVE))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a proposal that is not sent yet."""
    row = _seen(request, pk)
    if not deeds.may_write(person(request), row):
        raise Commendation.DoesNotExist
    if row.state != State.DRAFT and request.method != "POST":
        messages.info(request, "Đề nghị đã gửi nên không sửa được nữa.")
        return redirect("assessments:commendation", pk=pk)
    return _edit(request, row.plan, row)


def _seen(request: HttpRequest, pk: int) -> Commendation:
    rows = visible_commendations(request.user).select_related(
        "plan", "ward", "agency", "unit__ward", "decision", "added_by"
    )
    found: Commendation = rows.get(pk=pk)
    return found


def _edit(request: HttpRequest, plan: Plan, row: Commendation) -> HttpResponse:
    user, version = person(request), row.version
    name = row.name
    form = CommendationForm(request.POST or None, instance=row, units=units_of_year(user, plan))
    if request.method == "POST" and form.is_valid():
        try:
            saved = deeds.save(
                user=user, plan_id=plan.pk, row=form.instance, version=posted_version(request) if row.pk else None
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
            version = posted_version(request)  # what was stale stays so until the newer text was seen
        else:
            messages.success(request, f"Đã lưu đề nghị khen thưởng “{saved.name}”, chưa gửi.")
            return redirect("assessments:commendation", pk=saved.pk)
    elif request.method == "POST":
        version = posted_version(request)
    context = {
        "plan": plan,
        "row": row,
        "heading": f"Sửa đề nghị “{name}”" if row.pk else "Lập đề nghị khen thưởng",
        "form": form,
        "usual": queries.USUAL_FORMS,
        "version": version,
    }
    return render(request, "assessments/year/commendation_form.html", context)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal with its check and its history."""
    return _detail(request, _seen(request, pk))


def _detail(request: HttpRequest, row: Commendation, judging_form: JudgeForm | None = None) -> HttpResponse:
    user = person(request)
    [proposal] = queries.checked(user, row.plan, [row])
    own = deeds.may_write(user, row)
    judging = may_decide_commendation(user) and row.state in JUDGEABLE and row.decision_id is None
    events = history(row.plan, row)
    if not (own or may_see_city(user)):  # others hear of the award, not how it came about
        row.reason, events = "", events.filter(action="awarded")
    context: dict[str, Any] = {
        "plan": row.plan,
        "row": row,
        "proposal": proposal,
        "office": queries.office(row),
        "may_edit": own and row.state == State.DRAFT,
        "may_send": deeds.may_send(user, row) and row.state == State.DRAFT,
        "waits_for_leader": own
        and row.state == State.DRAFT
        and user.role in WARD_ROLES
        and not may_send_for_ward(user),
        "may_withdraw": deeds.may_send(user, row) and row.state == State.SENT,
        "may_judge": judging,
        "judge_form": judging_form or JudgeForm(),
        "sees_decision": row.decision_id and queries.decisions(user).filter(pk=row.decision_id).exists(),
        "events": events[:50],
    }
    return render(request, "assessments/year/commendation_detail.html", offered(row.plan, context))


@require_POST
@or_404
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft away."""
    row = _seen(request, pk)
    try:
        plan = deeds.remove(user=person(request), pk=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:commendation", pk=pk)
    messages.success(request, f"Đã bỏ đề nghị “{row.name}”.")
    return redirect("assessments:commendations", year=plan.year)


@require_POST
@or_404
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sent proposal back while nobody has judged it."""
    _seen(request, pk)
    try:
        row = deeds.withdraw(user=person(request), pk=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã rút lại đề nghị “{row.name}”. Sửa rồi gửi lại được.")
    return redirect("assessments:commendation", pk=pk)


@require_POST
@or_404
def send(request: HttpRequest, year: int) -> HttpResponse:
    """Send the ticked drafts to home affairs."""
    plan = plan_of(year)
    if not may_propose_commendation(request.user):
        raise Commendation.DoesNotExist
    try:
        sent = deeds.send(user=person(request), plan_id=plan.pk, ids=posted_numbers(request, "commendation"))
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Đã gửi {len(sent)} đề nghị khen thưởng cho cơ quan nội vụ.")
    return redirect("assessments:commendations", year=year)


@require_POST
@or_404
def judge(request: HttpRequest, year: int) -> HttpResponse:
    """Accept or decline the ticked proposals; what was typed stays on the page when it was not done."""
    plan = plan_of(year)
    if not may_decide_commendation(request.user):
        raise Commendation.DoesNotExist
    form, versions = JudgeForm(request.POST), _posted_versions(request)
    accept = request.POST.get("do") == "accept"
    if form.is_valid():
        try:
            judged = deeds.judge(
                user=person(request),
                plan_id=plan.pk,
                versions=versions,
                accept=accept,
                reason=form.cleaned_data["reason"],
            )
        except InvalidInput as invalid:
            form.add_error("reason" if invalid.field == "reason" else None, invalid.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            words = "Đã chấp nhận" if accept else "Đã ghi không chấp nhận"
            messages.success(request, f"{words} {len(judged)} đề nghị khen thưởng.")
            return redirect("assessments:commendations", year=year)
    if ALONE in request.POST and len(versions) == 1:  # from the proposal's own page: back to it
        return _detail(request, _seen(request, *versions), form)
    return _list(request, plan, form, set(versions))
