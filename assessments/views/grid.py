"""An agency's grid: the page, one cell beside it, saving it, whole-column steps and taking them back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from assessments import agency_work, self_assessment
from assessments.agency_work import Outcome
from assessments.answers import Stored
from assessments.deeds import InvalidInput, Refusal, table_of, with_context
from assessments.figures import figure_lines
from assessments.grid import Filters, body, cell_pieces, column_name, head, pieces, short_code
from assessments.models import VERDICT_LABELS, Assessment, Evidence, Layer, Plan, Verdict
from assessments.permissions import answerable, appraising_agencies, may_appraise_for, may_reopen_agency, may_see_city
from assessments.queries import agencies as queries
from assessments.queries.year.guidance import beside
from assessments.self_assessment import Conflict, NewAnswer
from assessments.sheet import SHORT_LABELS, SIGNS, Option, saved_words
from assessments.views.common import or_404, person, plan_of, posted_numbers, whole_number
from criteria import spec
from localities.text import clean


def agency_of(request: HttpRequest, plan: Plan | None = None) -> Agency:
    """The agency the address names; without a name the person's own, or the first with work in the plan.

    Agency.DoesNotExist for one that does not concern the person.
    """
    allowed = appraising_agencies(request.user)
    code = request.POST.get("co-quan") or request.GET.get("co-quan")
    if code:
        return allowed.get(code=clean(code))
    found = (allowed.filter(assignments__plan=plan).first() if plan else None) or allowed.first()
    if found is None:
        raise Agency.DoesNotExist
    return found


@require_safe
@never_cache
@or_404
def grid(request: HttpRequest, year: int) -> HttpResponse:
    """All units against the agency's own entries."""
    user, plan = person(request), plan_of(year)
    agency = agency_of(request, plan)
    found = queries.grid(user, plan, agency)
    filters = Filters(request.GET.get("xa", ""), request.GET.get("loc", ""), request.GET.get("tim", "")[:100].strip())
    editable = may_appraise_for(user, agency)
    several = list(appraising_agencies(user).filter(assignments__plan=plan).distinct()) if may_see_city(user) else []
    due = queries.agency_due(plan)
    batch = queries.last_batch(user, plan, found.columns) if editable else None
    context = {
        "plan": plan,
        "agency": agency,
        "agencies": several,
        "grid": found,
        "head": head(found.columns),
        "body": body(found, filters, editable=editable, closed_too=may_reopen_agency(user)),
        "filters": filters,
        "wards": list({row.assessment.registration.unit.ward: None for row in found.rows}),
        "editable": editable and bool(found.columns and found.rows),
        "left": found.left(),
        "left_helping": found.left(responsible=False),
        "due": due,
        "late": bool(due and timezone.localdate() >= due),
        "batch": batch,
        "batch_name": _batch_name(batch, found.columns),
    }
    return render(request, "assessments/agency_grid.html", context)


def _batch_name(batch: queries.Batch | None, columns: list[queries.Column]) -> str:
    """For instance: cột 1.2, 14 hồ sơ."""
    codes = {column.entry.key: short_code(column.entry) for column in columns}
    return f"cột {codes[batch.key]}, {batch.units} hồ sơ" if batch else ""


# ---- One cell ----


def _cell(request: HttpRequest, year: int, pk: int, key: str) -> tuple[Assessment, Agency, spec.Entry]:
    """The dossier, the agency and the entry an address names, or DoesNotExist."""
    assessment: Assessment = with_context(queries.in_grid(request.user, year)).get(pk=pk)
    plan = assessment.registration.plan
    agency = agency_of(request, plan)
    entry = table_of(assessment).entries_by_key.get(key)
    if entry is None or not queries.is_column(plan, agency, key):
        raise Assessment.DoesNotExist
    return assessment, agency, entry


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def cell(request: HttpRequest, year: int, pk: int, key: str) -> HttpResponse:
    """What the panel beside the grid shows of one cell; POST stores the agency's verdict and answers in JSON."""
    assessment, agency, entry = _cell(request, year, pk, key)
    if request.method == "POST":
        return _save(request, assessment, agency, entry)
    user = person(request)
    facts = queries.cell_facts(assessment, entry)
    entries = answerable(user, assessment, Layer.AGENCY)
    may_write = may_appraise_for(user, agency) and (entries is None or entry.id in entries)
    spoken = {layer: _spoken(one, entry, assessment) for layer, one in facts.layers.items()}
    context = {
        "assessment": assessment,
        "unit": assessment.registration.unit,
        "plan": assessment.registration.plan,
        "entry": entry,
        "name": column_name(entry),
        "own": spoken.get("self"),
        "mine": spoken.get("agency"),
        "visited": spoken.get("delegation"),
        "evidence": facts.evidence,
        "guidance": beside(assessment.registration.plan, entry.id).get(entry.id, []),
        "earlier_year": facts.earlier_year,
        "earlier": [
            _earlier(facts.earlier[layer]) for layer in ("self", "agency", "delegation") if layer in facts.earlier
        ],
        "options": _options(entry) if may_write else [],
        "appraise_url": reverse("assessments:appraise", args=[assessment.pk]) + f"#{entry.key.replace('.', '-')}",
    }
    return render(request, "assessments/partials/grid_cell.html", context)


def _options(entry: spec.Entry) -> list[Option]:
    return [
        Option(said.value, VERDICT_LABELS[said.value], SIGNS[said.value], str(number))
        for number, said in enumerate(entry.verdicts, start=1)
    ]


def _spoken(one: queries.Spoken, entry: spec.Entry, assessment: Assessment) -> dict[str, Any]:
    """One layer's answer in words."""
    stored = Stored(one.row, one.figures)
    return {
        "value": stored.value,
        "label": SHORT_LABELS[stored.value],
        "sign": SIGNS[stored.value],
        "stated": stored.stated,
        "note": stored.note,
        "version": stored.version,
        "by": str(one.row.updated_by),
        "at": saved_words(stored),
        "figures": figure_lines(entry, stored, getattr(assessment, "households", None)),
    }


def _earlier(row: Verdict) -> dict[str, str]:
    return {"layer": row.get_layer_display(), "label": SHORT_LABELS[row.value], "value": row.value, "note": row.note}


def _save(request: HttpRequest, assessment: Assessment, agency: Agency, entry: spec.Entry) -> JsonResponse:
    user, pk, key = person(request), assessment.pk, entry.key
    if not may_appraise_for(user, agency):
        return JsonResponse({"error": "Bạn không thẩm định cho cơ quan này."}, status=409)
    version = whole_number(request.POST.get("version")) or 0
    answer = NewAnswer(request.POST.get("stated", ""), request.POST.get("note"))
    try:
        saved = self_assessment.save_answer(
            user=user, assessment_id=pk, layer=Layer.AGENCY, key=key, version=version, answer=answer
        )
    except Conflict as conflict:
        return JsonResponse({"error": conflict.message, "theirs": _theirs(conflict.theirs)}, status=409)
    except InvalidInput as error:
        return JsonResponse({"error": error.message, "field": error.field}, status=422)
    except Refusal as refusal:
        return JsonResponse({"error": refusal.message}, status=409)
    now = {layer: answers.get(key, Stored()) for layer, answers in saved.answers.items()}
    evidence = Evidence.objects.filter(assessment=pk, entry=entry.id, removed_at=None).exists()
    own, mine, visited = now[Layer.SELF], now[Layer.AGENCY], now[Layer.DELEGATION]
    look = pieces(own.value, bool(own.note), mine.value, bool(mine.note), visited.value, evidence)
    return JsonResponse({"cell": _cell_json(look, mine.version), "at": saved_words(mine)})


def _theirs(stored: Stored) -> dict[str, Any]:
    """The newer answer that stands, and whose it is."""
    return {
        "stated": stored.stated,
        "label": SHORT_LABELS[stored.value],
        "note": stored.note,
        "version": stored.version,
        "by": str(stored.row.updated_by) if stored.row else "",
        "at": saved_words(stored),
    }


def _cell_json(look: tuple[str, str, str], version: int) -> dict[str, Any]:
    classes, words, content = look
    return {"class": classes, "words": words, "html": content, "version": version}


# ---- Whole columns ----


@require_POST
@or_404
def column(request: HttpRequest, year: int, key: str) -> JsonResponse:
    """One entry's verdict in many dossiers; JSON tells of each what became of it."""
    plan = plan_of(year)
    agency = agency_of(request, plan)
    try:
        outcomes = agency_work.apply_column(
            user=person(request),
            plan=plan,
            agency=agency,
            key=key,
            choice=request.POST.get("choice", ""),
            reason=request.POST.get("reason", ""),
            batch=request.POST.get("batch", ""),
            assessment_ids=posted_numbers(request, "assessment"),
        )
    except InvalidInput as error:
        return JsonResponse({"error": error.message, "field": error.field}, status=422)
    except Refusal as refusal:
        return JsonResponse({"error": refusal.message}, status=409)
    return JsonResponse({"outcomes": _outcomes(request, plan, key, outcomes)})


@require_POST
@or_404
def undo(request: HttpRequest, year: int) -> JsonResponse:
    """Take a column step back, some dossiers at a time; `next` says where to go on."""
    plan = plan_of(year)
    agency_of(request, plan)  # nobody else finds this address
    batch, before = request.POST.get("batch", ""), whole_number(request.POST.get("before")) or 0
    try:
        taken = agency_work.undo_batch(user=person(request), plan=plan, batch=batch, before=before)
    except Refusal as refusal:
        return JsonResponse({"error": refusal.message}, status=409)
    return JsonResponse(
        {"key": taken.key, "outcomes": _outcomes(request, plan, taken.key, taken.outcomes), "next": taken.next}
    )


def _outcomes(request: HttpRequest, plan: Plan, key: str, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Each outcome with the cell as it looks now."""
    ids = [outcome.assessment_id for outcome in outcomes]
    looks = {
        pk: _cell_json(cell_pieces(found), found.version)
        for pk, found in queries.column_cells(request.user, plan, key, ids).items()
    }
    return [
        {"id": o.assessment_id, "saved": o.saved, "why": o.why, "cell": looks.get(o.assessment_id)} for o in outcomes
    ]
