"""Home affairs at work: the list of all dossiers, many at once, and one dossier's layers side by side."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import concluding, queries
from assessments.answers import outcome_of, read
from assessments.comparison import Comparison, compare
from assessments.concluding import Step
from assessments.deeds import Refusal, table_of
from assessments.forms.appraisal import AppraisalFilter
from assessments.models import ANSWERED, Assessment, Assignment, Evidence, Layer, Plan
from assessments.permissions import (
    AnyUser,
    may_ask,
    may_conclude,
    may_explain,
    may_see_city,
    possible_actions,
    visible_wards,
)
from assessments.queries import appraisal
from assessments.queries.questions import questions_of
from assessments.views.common import or_404, person, plan_of, posted_numbers, tell, visible
from assessments.views.moving import buttons
from assessments.workflow import ACTION_LABELS, Action
from criteria import spec

PAGE = 200
ACTIONS = (Action.ACCEPT, Action.CONCLUDE, Action.PROPOSE)


@require_safe
@never_cache
@or_404
def dossier_list(request: HttpRequest, year: int) -> HttpResponse:
    """All dossiers with the city: results, differences, what is missing and at whom it hangs."""
    plan, user = plan_of(year), person(request)
    if not may_see_city(user):
        raise Plan.DoesNotExist
    form = AppraisalFilter(
        request.GET or None, wards=visible_wards(user), agencies=appraisal.responsible_agencies(plan)
    )
    everything = appraisal.with_the_city(user, plan)
    counts = queries.state_counts(everything)
    found = _filtered(everything, form.cleaned_data, plan) if form.is_bound and form.is_valid() else everything
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {
        "plan": plan,
        "plans": queries.plans(),
        "page": page,
        "rows": appraisal.rows(page.object_list, plan),
        "form": form,
        "filtered": form.is_bound and any(form.data.get(name) for name in form.fields),
        "counts": [(state, n) for state, n in counts if n],
        "total": sum(n for _, n in counts),
        "behind": appraisal.behind(user, plan),
        "due": appraisal.duties(plan).due,
        "may_conclude": may_conclude(user),
        "actions": [(action.value, ACTION_LABELS[action]) for action in ACTIONS],
        "here": request.get_full_path(),
        "outcomes": _told(request),
    }
    return render(request, "assessments/appraisal_list.html", context)


def _filtered(found: Any, wanted: dict[str, Any], plan: Plan) -> Any:
    if wanted["xa"]:
        found = found.filter(registration__unit__ward=wanted["xa"])
    if wanted["trang_thai"]:
        found = found.filter(standing=wanted["trang_thai"])
    if wanted["co_quan"]:
        found = found.filter(appraisal.waits_for_agency(plan, wanted["co_quan"]))
    if wanted["loc"] == "khac":
        found = found.filter(appraisal.differs())
    elif wanted["loc"] == "thieu":
        found = found.filter(appraisal.incomplete())
    elif wanted["loc"] == "du":
        found = found.exclude(appraisal.incomplete())
    elif wanted["loc"] == "hoi":
        found = found.filter(appraisal.open_questions())
    return found


@require_POST
@or_404
def step(request: HttpRequest, year: int) -> HttpResponse:
    """Accept, conclude or propose the ticked dossiers; the list then says what became of each."""
    plan, user = plan_of(year), person(request)
    if not may_conclude(user):
        raise Plan.DoesNotExist
    wanted, chosen = request.POST.get("action", ""), posted_numbers(request, "assessment")
    action = Action(wanted) if wanted in ACTIONS else Action.RETURN  # a step that the deed does not know
    if action is Action.CONCLUDE and "sure" not in request.POST and (found := appraisal.doubts(user, plan, chosen)):
        context = {"plan": plan, "doubts": found, "chosen": sorted(chosen), "back": request.POST.get("back", "")}
        return render(request, "assessments/appraisal_confirm.html", context)
    try:
        steps = concluding.step_many(user=user, plan_id=plan.pk, assessment_ids=chosen, action=action)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        _keep(request, action, steps)
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else reverse("assessments:appraisal_list", args=[year]))


def _keep(request: HttpRequest, action: Action, steps: list[Step]) -> None:
    """What became of each goes along to the next page: a message for the whole, the refused ones by name."""
    done = [step for step in steps if step.done]
    refused = [step for step in steps if not step.done]
    if done:
        messages.success(request, f"{ACTION_LABELS[action]}: {len(done)}/{len(steps)} hồ sơ {concluding.DONE[action]}.")
    else:
        messages.error(request, f"{ACTION_LABELS[action]}: chưa thực hiện được hồ sơ nào.")
    request.session["appraisal_steps"] = [[step.assessment_id, step.name, step.words] for step in refused]


def _told(request: HttpRequest) -> list[dict[str, Any]]:
    kept = request.session.pop("appraisal_steps", []) if "appraisal_steps" in request.session else []
    return [{"pk": pk, "name": name, "words": words} for pk, name, words in kept]


@require_safe
@never_cache
@or_404
def compare_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry with everybody's word: differences first, then what is missing, then the rest."""
    assessment, user = visible(request, pk), person(request)
    table = table_of(assessment)
    everything, own = _comparison(assessment, table, user)
    part, only = request.GET.get("phan", ""), request.GET.get("loc", "")
    shown = _of_part(everything, table, part)
    if only == "hoi":
        shown = Comparison([row for row in shown.rows if row.questions])
    elif only == "cua-toi":
        shown = shown.only(own)
    for row in shown.rows:
        for question in row.questions:
            question.mine = may_explain(user, question) and question.answered_at is None  # type: ignore[attr-defined]
    context = {
        "assessment": assessment,
        "plan": assessment.plan,
        "everything": everything,
        "shown": shown,
        "summaries": queries.summaries(assessment),
        "parts": _parts(table),
        "part": part,
        "only": only,
        "has_own": bool(own),
        "may_ask": may_ask(user, assessment),
        "buttons": buttons(assessment, possible_actions(user, assessment)),
        "decision_lines": queries.confirmed_lines(assessment),
    }
    return render(request, "assessments/assessment_compare.html", context)


def _comparison(assessment: Assessment, table: spec.Table, user: AnyUser) -> tuple[Comparison, set[int]]:
    """The whole comparison, and the entries that are the person's own agency's."""
    answers = read(assessment, table, ANSWERED)
    agencies: dict[int, list[str]] = {}
    own: set[int] = set()
    assigned = Assignment.objects.filter(plan=assessment.plan).select_related("agency").order_by("entry", "position")
    for row in assigned:
        agencies.setdefault(row.entry_id, []).append(row.agency.name)
        if row.agency_id == getattr(user, "agency_id", None):
            own.add(row.entry_id)
    made = compare(
        table,
        answers,
        {layer: outcome_of(table, answers, layer) for layer in Layer},
        households=getattr(assessment, "households", None),
        evidence=Evidence.objects.filter(assessment=assessment, removed_at=None).order_by("pk"),
        questions=questions_of(assessment),
        agencies=agencies,
    )
    return made, own


def _parts(table: spec.Table) -> list[tuple[str, str]]:
    standards = [(f"tc-{section.number}", f"Tiêu chuẩn {section.number}") for section in table.standards]
    contents = [(f"nd-{section.number}", f"Nội dung tự quản {section.number}") for section in table.contents]
    return [*standards, *contents, ("th", "Trường hợp không đảm bảo")]


def _of_part(whole: Comparison, table: spec.Table, part: str) -> Comparison:
    """The entries of one standard or content, or the cases; all of them for an unknown part."""
    sections: dict[str, Iterable[spec.Entry]] = {f"tc-{s.number}": s.entries for s in table.standards}
    sections |= {f"nd-{s.number}": s.entries for s in table.contents} | {"th": table.cases}
    return whole.only({entry.id for entry in sections[part]}) if part in sections else whole
