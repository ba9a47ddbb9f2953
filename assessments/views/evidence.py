"""Evidence over HTTP: sending files, taking them off, and the checked way to a file."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments import evidence as deeds
from assessments import keeping, uploads
from assessments.deeds import InvalidInput, Refusal, table_of
from assessments.models import Evidence, Layer
from assessments.permissions import may_answer, visible_assessments
from assessments.queries.year.community_models import models_of_entry
from assessments.sheet import dom_id
from assessments.views.common import file_response, layer_address, or_404, person, visible, whole_number


@require_POST
@or_404
def upload(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Add the files of field "files", and a "reference" if one was written, to one entry."""
    if key not in table_of(visible(request, pk)).entries_by_key:
        raise Http404
    layer = request.POST.get("layer") or Layer.SELF.value
    errors = [keeping.named(name, sentence) for name, sentence in uploads.refused(request)]
    done: list[str] = []
    files, reference = request.FILES.getlist("files"), request.POST.get("reference", "").strip()
    if not (files or reference or errors):
        errors.append("Chọn ít nhất một tệp, hoặc ghi tên, số ký hiệu của văn bản.")
    user, status = person(request), 200
    try:
        if files:
            added = deeds.add_files(user=user, assessment_id=pk, layer=layer, key=key, files=files)
            errors += [result.error for result in added if result.error]
            done += [result.notice for result in added if result.notice]
        if reference:
            deeds.add_reference(user=user, assessment_id=pk, layer=layer, key=key, reference=reference)
            done.append(f"Đã thêm văn bản “{reference}”.")
    except Refusal as refusal:
        errors.append(refusal.message)
        status = 409
    return _answer(request, pk, key, layer, errors, done, status)


@require_POST
@or_404
def add_model(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a model of the unit (field "model") as evidence of one entry."""
    if key not in table_of(visible(request, pk)).entries_by_key:
        raise Http404
    layer = request.POST.get("layer") or Layer.SELF.value
    model_id = whole_number(request.POST.get("model"))
    errors, done, status = [], [], 200
    try:
        if model_id is None:
            raise InvalidInput("Chọn mô hình, tổ tự quản dùng làm minh chứng.", "model")
        added = deeds.add_model(user=person(request), assessment_id=pk, layer=layer, key=key, model_id=model_id)
        done.append(f"Đã dùng làm minh chứng: {added}.")
    except Refusal as refusal:
        errors.append(refusal.message)
        status = 409
    return _answer(request, pk, key, layer, errors, done, status)


@require_POST
@or_404
def remove(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponse:
    """Take one piece of evidence off its entry."""
    evidence = Evidence.objects.select_related("entry").get(pk=evidence_id, assessment=visible(request, pk))
    errors: list[str] = []
    try:
        deeds.remove(user=person(request), assessment_id=pk, evidence_id=evidence_id)
    except Refusal as refusal:
        errors.append(refusal.message)
    done = [] if errors else [f"Đã gỡ minh chứng “{evidence}”."]
    return _answer(request, pk, evidence.entry.key, evidence.layer, errors, done, 409 if errors else 200)


def _answer(
    request: HttpRequest, pk: int, key: str, layer: str, errors: list[str], done: list[str], status: int
) -> HttpResponse:
    """The entry's evidence anew for htmx; for a plain form its page, with what to say on it."""
    dom = dom_id(key)
    if not request.htmx:  # type: ignore[attr-defined]
        for sentence in errors:
            messages.error(request, sentence)
        for sentence in done:
            messages.success(request, sentence)
        return redirect(f"{layer_address(pk, layer)}#{dom}")
    assessment = visible(request, pk)
    entry = table_of(assessment).entries_by_key[key]
    evidence = list(deeds.present(assessment, entry.id))
    editable = may_answer(person(request), assessment, layer, entry.id)
    context = {
        "assessment": assessment,
        "entry": entry,
        "dom": dom,
        "layer": layer,
        "evidence": evidence,
        "models": models_of_entry(assessment, key, evidence) if editable else [],
        "errors": errors,
        "done": done,
        "editable": editable,
        "token": get_token(request),
        "upload_url": reverse("assessments:evidence_upload", args=[pk, key]),
        "model_url": reverse("assessments:evidence_model", args=[pk, key]),
    }
    return render(request, "assessments/partials/evidence.html", context, status=status)


@require_safe
def download(request: HttpRequest, pk: int, evidence_id: int) -> FileResponse:
    """The file itself, for whoever may see the assessment."""
    seen = visible_assessments(person(request)).filter(pk=pk)
    evidence = Evidence.objects.exclude(file="").filter(pk=evidence_id, assessment__in=seen, removed_at=None).first()
    if evidence is None:
        raise Http404
    return file_response(evidence.file, evidence.original_name, evidence.content_type)
