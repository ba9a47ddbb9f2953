"""The assessment page: the self layer for the ward, the agency layer for home affairs, reading for others."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import appraisal, queries, self_assessment
from assessments.answers import APPRAISING, outcome_of, read
from assessments.deeds import InvalidInput, Refusal, table_of
from assessments.models import ANSWERED, Assessment, Evidence, Layer, Question
from assessments.own_entries import EVERYTHING, PARAMETER, Own, narrow
from assessments.permissions import (
    answerable,
    may_appraise_for,
    may_edit_unit_year,
    may_see_city,
    may_see_meetings,
    possible_actions,
)
from assessments.queries.agencies import assigned_ids
from assessments.queries.hands import hands
from assessments.queries.questions import questions_of
from assessments.queries.year.community_models import offered_models
from assessments.queries.year.guidance import beside
from assessments.scoring import Outcome
from assessments.self_assessment import Conflict, NewAnswer, Saved
from assessments.sheet import EntryRow, Sheet, build, dom_id, entry_row
from assessments.views.common import layer_address, or_404, person, tell, visible, whole_number
from assessments.views.moving import buttons
from criteria import spec

_FIGURE_FIELD = re.compile(r"so-lieu-(?P<indicator>.+)-(?P<part>tu|mau)")
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}([. \u00a0][0-9]{3})+")


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The ward's own assessment, editable for who may."""
    return _page(request, visible(request, pk), Layer.SELF)


@require_safe
@never_cache
@or_404
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    """The appraising verdicts beside the ward's."""
    return _page(request, visible(request, pk), Layer.AGENCY)


@require_safe
@never_cache
@or_404
def visit_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the delegation finds on site, beside the ward's and the agencies' verdicts."""
    return _page(request, visible(request, pk), Layer.DELEGATION)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    layer: str,
    *,
    refused: tuple[str, Callable[[EntryRow], None]] | None = None,
    status: int = 200,
) -> HttpResponse:
    entries, earlier = answerable(person(request), assessment, layer), queries.earlier_assessment(assessment)
    editable = entries is None or bool(entries)
    sheet, outcome = _read_sheet(assessment, layer, entries, earlier)
    table = table_of(assessment)
    own = _own(request, assessment, layer, entries)
    if refused is not None:
        key, show_typed = refused
        show_typed(row := sheet.row(key))
        # Why it was refused is said at the entry, so the entry is shown whoever's it is.
        if own is not None and row.entry.id not in own.entry_ids:
            own = replace(own, everything=True)
    if own is not None:
        narrow(sheet, table, outcome, own)
    address_rows(sheet, assessment, own.query if own else "")
    _put_questions(sheet, assessment)
    put_guidance(sheet, assessment)
    _put_models(sheet, assessment)
    context = _standing(request, assessment, layer, editable) | {
        "sheet": sheet,
        "own": own,
        "entry_count": len(table.judged_by_hand),
        "earlier_year": earlier.registration.plan.year if earlier else None,
    }
    return render(request, "assessments/assessment_detail.html", context, status=status)


def _read_sheet(
    assessment: Assessment, layer: str, entries: Collection[int] | None, earlier: Assessment | None
) -> tuple[Sheet, Outcome]:
    """All entries of the table with what the layer and those before it say, and last year's word."""
    table = table_of(assessment)
    layers = (Layer.SELF,) if layer == Layer.SELF else (Layer.SELF, *APPRAISING)
    answers = read(assessment, table, layers)
    outcome = outcome_of(table, answers, layer)
    made = build(
        assessment,
        table,
        answers,
        layer,
        outcome,
        evidence=Evidence.objects.filter(assessment=assessment, removed_at=None).order_by("pk"),
        before=read(earlier, table_of(earlier), (Layer.SELF,))[Layer.SELF] if earlier else None,
        answerable=entries,
    )
    return made, outcome


def _own(request: HttpRequest, assessment: Assessment, layer: str, entries: Collection[int] | None) -> Own | None:
    """An agency's officer sees the agency's entries first, also after it has closed its work; else None.

    Home affairs, which has the whole city's work, sees everything.
    """
    user = person(request)
    if layer != Layer.AGENCY or user.agency is None or may_see_city(user) or not may_appraise_for(user, user.agency):
        return None
    ids = entries or assigned_ids(assessment.registration.plan_id, user.agency.pk)
    return Own(ids, request.GET.get(PARAMETER) == EVERYTHING) if ids else None


def _standing(request: HttpRequest, assessment: Assessment, layer: str, editable: bool) -> dict[str, Any]:
    """What the page says around the table: until when, what was returned, what this person may do."""
    user, due = person(request), queries.dossier_due(assessment)
    return {
        "assessment": assessment,
        "layer": layer,
        "editable": editable,
        "due": due,
        "days_left": (due - timezone.localdate()).days if due else None,
        "late": assessment.late(due, timezone.localdate()),
        "submitted_late": assessment.submitted_late(due),
        "resolution": queries.standing_resolution(assessment),
        "sees_meetings": may_see_meetings(user),
        "decision_lines": queries.confirmed_lines(assessment),
        "returned": queries.last_return(assessment),
        "bulk": queries.undoable_bulk(assessment, user, layer) if editable else None,
        "buttons": buttons(assessment, possible_actions(user, assessment), user),
        "hands": hands(user, assessment) if layer == Layer.SELF else None,
        "may_edit_year": editable and may_edit_unit_year(user, assessment.unit),
        "year_url": _year_url(request, assessment),
        "plan": assessment.registration.plan,
        "token": get_token(request),
        "page_url": layer_address(assessment.pk, layer),
        "upload_max": settings.UPLOAD_MAX_BYTES,
    }


def _year_url(request: HttpRequest, assessment: Assessment) -> str:
    """Where the unit's figures of the year are kept, and back to this page."""
    address = reverse("assessments:unit_year", args=[assessment.unit.pk, assessment.plan.year])
    return f"{address}?next={request.path}"


def address_rows(sheet: Sheet, assessment: Assessment, query: str = "") -> None:
    """Where each row is sent; `query` says which rows the page shows.

    Two look-ups for the page: one for every row would cost more than its queries.
    """
    save_url = reverse("assessments:save", args=[assessment.pk, "KEY"]) + query
    upload_url = reverse("assessments:evidence_upload", args=[assessment.pk, "KEY"])
    for row in sheet.rows:
        row.save_url = save_url.replace("KEY", row.entry.key)
        row.upload_url = upload_url.replace("KEY", row.entry.key)


def _put_questions(sheet: Sheet, assessment: Assessment) -> None:
    """What home affairs asked, beside the entry it is about; nothing is asked before the first submission."""
    asked: dict[int, list[Question]] = {}
    for question in questions_of(assessment):
        asked.setdefault(question.entry_id, []).append(question)
    for row in sheet.rows if asked else ():
        row.questions = asked.get(row.entry.id, [])


def put_guidance(sheet: Sheet, assessment: Assessment) -> None:
    """What agencies published about the entries, in one query for the page."""
    said = beside(assessment.registration.plan)
    for row in sheet.rows if said else ():
        row.guidance = said.get(row.entry.id, [])


def _put_models(sheet: Sheet, assessment: Assessment) -> None:
    """The unit's models of the year at the entries that they are evidence for, where the person may add any."""
    open_rows = [row for row in sheet.rows if row.editable]
    if not open_rows:
        return
    shown = {(row.entry.key, item.community_model_id) for row in open_rows for item in row.evidence}
    offered = offered_models(assessment, shown)
    for row in open_rows if offered else ():
        if models := offered.get(row.entry.key):
            row.models = models
            row.model_url = reverse("assessments:evidence_model", args=[assessment.pk, row.entry.key])


@require_POST
@or_404
def save(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Store one answer. htmx gets the changed parts of the page, a plain form a redirect to the entry."""
    layer = request.POST.get("layer", Layer.SELF)
    if layer not in ANSWERED:
        raise Assessment.DoesNotExist
    version = whole_number(request.POST.get("version")) or 0
    try:
        answer = _answer(request, pk, key)
        saved = self_assessment.save_answer(
            user=person(request), assessment_id=pk, layer=layer, key=key, version=version, answer=answer
        )
    except Conflict as conflict:
        return _not_saved(request, pk, layer, key, conflict, 409)
    except InvalidInput as error:
        return _not_saved(request, pk, layer, key, error, 422)
    except Refusal as refusal:
        return _not_saved(request, pk, layer, key, refusal, 409)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, f"Đã lưu mục {saved.table.entries_by_key[key].code}.")
        query = f"?{PARAMETER}={EVERYTHING}" if request.GET.get(PARAMETER) == EVERYTHING else ""
        return redirect(f"{layer_address(pk, layer)}{query}#{dom_id(key)}")
    return render(request, "assessments/partials/saved.html", _changed_parts(request, saved, layer, key))


def _answer(request: HttpRequest, pk: int, key: str) -> NewAnswer:
    """What the form says, as typed; fields it does not carry leave what is stored."""
    figures: dict[str, dict[str, int | None]] = {}
    for name, typed in request.POST.items():
        if field := _FIGURE_FIELD.fullmatch(name):
            figures.setdefault(field["indicator"], {})[field["part"]] = _count(request, pk, key, field, str(typed))
    read = {indicator: spec.Figure(parts.get("tu"), parts.get("mau")) for indicator, parts in figures.items()}
    return NewAnswer(request.POST.get("stated", ""), request.POST.get("note"), read if figures else None)


def _count(request: HttpRequest, pk: int, key: str, field: re.Match[str], typed: str) -> int | None:
    """A whole number as people write it: 1234, 1.234 or 1 234; InvalidInput names the field otherwise."""
    typed = typed.strip()
    if not typed:
        return None
    digits = re.sub(r"[. \u00a0]", "", typed)
    # A point between other groups than thousands is a decimal point, and 98.5 is not 985.
    if _WHOLE.fullmatch(typed) and len(digits) < 10:
        return int(digits)
    entry = table_of(visible(request, pk)).entries_by_key.get(key)
    if entry is None:
        raise Assessment.DoesNotExist
    indicator = next((i for i in entry.indicators if i.key == field["indicator"]), None)
    if indicator is None:
        return None
    label = indicator.numerator_label if field["part"] == "tu" else indicator.denominator_label
    raise InvalidInput(
        f"{self_assessment.entry_name(entry)}: {label[:1].lower() + label[1:]} “{typed[:20]}” "
        "không phải là số nguyên không âm. Chỉ nhập chữ số.",
        "figures",
    )


def _changed_parts(request: HttpRequest, saved: Saved, layer: str, key: str) -> dict[str, Any]:
    """The rows whose state may have changed with this answer: itself, the derived ones, the contradicting pairs."""
    sheet = build(saved.assessment, saved.table, saved.answers, layer, saved.outcome)
    related = {key} | {entry.key for entry in saved.table if entry.derived}
    related |= {k for entry in saved.table.cases if entry.contradicts for k in (entry.key, entry.contradicts)}
    changed = sheet.row(key)
    own = _own(request, saved.assessment, layer, None)
    if own is not None:
        narrow(sheet, saved.table, saved.outcome, own)
    return {
        "sheet": sheet,
        "changed": changed,
        "rows": [row for row in sheet.rows if row.entry.key in related],
        "own": own,
        "layer": layer,
        "assessment": saved.assessment,
        "buttons": buttons(saved.assessment, possible_actions(request.user, saved.assessment)),
    }


def _not_saved(request: HttpRequest, pk: int, layer: str, key: str, error: Refusal, status: int) -> HttpResponse:
    """Say why, keep what was typed; with a conflict, show the other answer beside it."""
    assessment = visible(request, pk)
    table = table_of(assessment)
    entry = table.entries_by_key.get(key)
    if entry is None:
        raise Assessment.DoesNotExist
    answers = read(assessment, table, (Layer.SELF, *APPRAISING), with_people=True)
    outcome = outcome_of(table, answers, layer)
    stored = answers[layer].get(key)
    theirs = None
    if isinstance(error, Conflict) and stored is not None:
        theirs = entry_row(entry, stored, outcome, table, getattr(assessment, "households", None))
    theirs_by = str(stored.row.updated_by) if theirs and stored and stored.row else ""
    context = {
        "dom": dom_id(key),
        "page_url": layer_address(pk, layer),
        "message": error.message,
        "theirs": theirs,
        "theirs_by": theirs_by,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "assessments/partials/not_saved.html", context, status=status)

    def show_typed(row: EntryRow) -> None:
        _take_typed(row, request)
        row.error, row.theirs, row.theirs_by = error.message, theirs, theirs_by

    return _page(request, assessment, layer, refused=(key, show_typed), status=status)


def _take_typed(row: EntryRow, request: HttpRequest) -> None:
    row.stated, row.note = request.POST.get("stated", ""), request.POST.get("note", "")
    # The version the person saw: what somebody else stored since must not be overwritten unseen.
    row.version = whole_number(request.POST.get("version")) or 0
    for figure in row.figures:
        figure.numerator = request.POST.get(f"{figure.name}-tu", "")
        if figure.own_total:
            figure.denominator = request.POST.get(f"{figure.name}-mau", "")


@require_POST
@or_404
def mark_standard(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """All criteria of a standard met, in one undoable step."""
    try:
        saved = self_assessment.mark_standard_met(user=person(request), assessment_id=pk, number=number)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        _tell_bulk(request, saved, f"Đã ghi “Đạt” cho các tiêu chí của tiêu chuẩn {number}.")
    return redirect(layer_address(pk, Layer.SELF) + f"#tieu-chuan-{number}")


@require_POST
@or_404
def fill_last_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Verdicts and notes of the last year where this year has none."""
    try:
        saved = self_assessment.fill_from_last_year(user=person(request), assessment_id=pk)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        _tell_bulk(request, saved, "Đã điền từ năm trước các mục chưa đánh giá.")
    return redirect(layer_address(pk, Layer.SELF))


@require_POST
@or_404
def confirm_self(request: HttpRequest, pk: int) -> HttpResponse:
    """Home affairs takes the ward's verdicts over where nothing differs."""
    try:
        saved = appraisal.confirm_self_verdicts(user=person(request), assessment_id=pk)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        _tell_bulk(request, saved, "Đã xác nhận theo tự đánh giá các mục chưa thẩm định.")
    return redirect(layer_address(pk, Layer.AGENCY))


@require_POST
@or_404
def undo(request: HttpRequest, pk: int, event_id: int) -> HttpResponse:
    """Take a bulk change back."""
    layer = Layer.SELF
    try:
        saved = self_assessment.undo(user=person(request), assessment_id=pk, event_id=event_id)
        layer = Layer(saved.event.layer) if saved.event else layer
    except Refusal as refusal:
        tell(request, refusal)
    else:
        kept = f" {len(saved.skipped)} mục đã sửa sau đó được giữ nguyên." if saved.skipped else ""
        messages.success(request, f"Đã hoàn tác.{kept}")
    return redirect(layer_address(pk, layer))


def _tell_bulk(request: HttpRequest, saved: Saved, done: str) -> None:
    count = len(saved.event.data["changes"]) if saved.event else 0
    if count:
        messages.success(request, f"{done} {count} mục thay đổi; có thể hoàn tác bên dưới.")
    else:
        messages.info(request, "Không có mục nào cần thay đổi.")
