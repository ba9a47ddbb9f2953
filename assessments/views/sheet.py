"""The assessment page: the self layer for the ward, the agency layer for home affairs, reading for others."""

import re
from collections.abc import Callable
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
from assessments.models import Assessment, Evidence, Layer
from assessments.permissions import may_answer, may_edit_unit_year, possible_actions
from assessments.self_assessment import Conflict, NewAnswer, Saved
from assessments.sheet import EntryRow, Sheet, build, dom_id, entry_row
from assessments.views.common import or_404, person, tell, visible, whole_number
from assessments.views.moving import buttons
from criteria import spec

WRITABLE = (Layer.SELF, Layer.AGENCY)
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


def _page(
    request: HttpRequest,
    assessment: Assessment,
    layer: str,
    *,
    refused: tuple[str, Callable[[EntryRow], None]] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, table = person(request), table_of(assessment)
    layers = (Layer.SELF,) if layer == Layer.SELF else (Layer.SELF, *APPRAISING)
    answers = read(assessment, table, layers)
    earlier = queries.earlier_assessment(assessment)
    before = read(earlier, table_of(earlier), (Layer.SELF,))[Layer.SELF] if earlier else None
    editable = may_answer(user, assessment, layer)
    sheet = build(
        assessment,
        table,
        answers,
        layer,
        outcome_of(table, answers, layer),
        evidence=Evidence.objects.filter(assessment=assessment, removed_at=None).order_by("pk"),
        before=before,
        editable=editable,
    )
    if refused is not None:
        key, show_typed = refused
        show_typed(sheet.row(key))
    _address_rows(sheet, assessment)
    context = _standing(request, assessment, layer, editable) | {
        "sheet": sheet,
        "earlier_year": earlier.registration.plan.year if earlier else None,
    }
    return render(request, "assessments/assessment_detail.html", context, status=status)


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
        "minutes": queries.standing_minutes(assessment),
        "decision_lines": queries.confirmed_lines(assessment),
        "returned": queries.last_return(assessment),
        "bulk": queries.undoable_bulk(assessment, user, layer) if editable else None,
        "buttons": buttons(assessment, possible_actions(user, assessment)),
        "may_edit_year": editable and may_edit_unit_year(user, assessment.unit),
        "plan": assessment.registration.plan,
        "token": get_token(request),
        "page_url": _address(assessment.pk, layer),
        "upload_max": settings.UPLOAD_MAX_BYTES,
    }


def _address_rows(sheet: Sheet, assessment: Assessment) -> None:
    """Where each row is sent. Two look-ups for the page: one for every row would cost more than its queries."""
    save_url = reverse("assessments:save", args=[assessment.pk, "KEY"])
    upload_url = reverse("assessments:evidence_upload", args=[assessment.pk, "KEY"])
    for group in sheet.groups:
        for row in group.rows:
            row.save_url = save_url.replace("KEY", row.entry.key)
            row.upload_url = upload_url.replace("KEY", row.entry.key)


@require_POST
@or_404
def save(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Store one answer. htmx gets the changed parts of the page, a plain form a redirect to the entry."""
    layer = request.POST.get("layer", Layer.SELF)
    if layer not in WRITABLE:
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
        return redirect(_address(pk, layer) + f"#{dom_id(key)}")
    return render(request, "assessments/partials/saved.html", _changed_parts(request, saved, layer, key))


def _address(pk: int, layer: str) -> str:
    return reverse("assessments:appraise" if layer == Layer.AGENCY else "assessments:detail", args=[pk])


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
    sheet = build(saved.assessment, saved.table, saved.answers, layer, saved.outcome, editable=True)
    related = {key} | {entry.key for entry in saved.table if entry.derived}
    related |= {k for entry in saved.table.cases if entry.contradicts for k in (entry.key, entry.contradicts)}
    own = sheet.row(key)
    return {
        "sheet": sheet,
        "own": own,
        "rows": [sheet.row(other) for other in sorted(related)],
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
        "page_url": _address(pk, layer),
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
    return redirect(_address(pk, Layer.SELF) + f"#tieu-chuan-{number}")


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
    return redirect(_address(pk, Layer.SELF))


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
    return redirect(_address(pk, Layer.AGENCY))


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
    return redirect(_address(pk, layer))


def _tell_bulk(request: HttpRequest, saved: Saved, done: str) -> None:
    count = len(saved.event.data["changes"]) if saved.event else 0
    if count:
        messages.success(request, f"{done} {count} mục thay đổi; có thể hoàn tác bên dưới.")
    else:
        messages.info(request, "Không có mục nào cần thay đổi.")
