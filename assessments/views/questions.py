"""Explanations: asking about one entry, answering, and the list of what is asked."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import questioning
from assessments.deeds import InvalidInput, Refusal, table_of, with_context
from assessments.forms.appraisal import WARD, AskForm, ExplainForm
from assessments.models import Assessment, Assignment, Question
from assessments.permissions import may_ask, may_explain, may_list_questions, may_see_city, visible_questions
from assessments.queries.questions import question_list as listed
from assessments.self_assessment import ENTRY_WORDS, entry_name
from assessments.sheet import dom_id
from assessments.views.common import or_404, person, put_refusal, visible, whole_number
from criteria import spec
from criteria.models import Entry

PAGE = 100


@require_safe
@never_cache
@or_404
def question_list(request: HttpRequest) -> HttpResponse:
    """What is asked of this person; for the city everything."""
    user = person(request)
    if not may_list_questions(user):
        raise Question.DoesNotExist
    found = listed(user)
    only = request.GET.get("loc", "")
    if only == "cho":
        found = found.filter(answered_at__isnull=True)
    elif only == "xong":
        found = found.filter(answered_at__isnull=False)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    for row in page.object_list:
        row.name = stored_entry_name(row.entry)  # type: ignore[attr-defined]
    context = {"page": page, "only": only, "today": timezone.localdate(), "sees_city": may_see_city(user)}
    return render(request, "assessments/question_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def ask(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Home affairs asks the ward, or an agency that appraises the entry."""
    assessment, user = visible(request, pk), person(request)
    entry = table_of(assessment).entries_by_key.get(key)
    if entry is None or not may_see_city(user) or not (may_ask(user, assessment) or request.method == "POST"):
        raise Assessment.DoesNotExist
    form = AskForm(request.POST or None, choices=_choices(assessment, entry), initial={"asked": WARD})
    if request.method == "POST" and form.is_valid():
        try:
            questioning.ask(
                user=user,
                assessment_id=pk,
                key=key,
                text=form.cleaned_data["text"],
                agency_id=whole_number(form.cleaned_data["asked"]),
                due_on=form.cleaned_data["due_on"],
            )
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã gửi đề nghị giải trình {entry_name(entry)}.")
            return redirect(f"{reverse('assessments:compare', args=[pk])}#{dom_id(key)}")
    context = {
        "assessment": assessment,
        "plan": assessment.plan,
        "entry": entry,
        "entry_name": entry_name(entry),
        "dom": dom_id(key),
        "form": form,
        "may_ask": may_ask(user, assessment),
    }
    return render(request, "assessments/question_form.html", context)


def stored_entry_name(entry: Entry) -> str:
    """How messages call a stored entry, as entry_name does for one of a table."""
    return f"{ENTRY_WORDS[spec.EntryKind(entry.kind)]} {entry.code}"


def _choices(assessment: Assessment, entry: spec.Entry) -> list[tuple[str, str]]:
    """The ward first, then the agencies that appraise the entry, the responsible one before the others."""
    assigned = Assignment.objects.filter(plan=assessment.plan, entry=entry.id).select_related("agency")
    agencies = [(str(row.agency_id), row.agency.name) for row in assigned.order_by("position")]
    return [(WARD, str(assessment.unit.ward)), *agencies]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its answer, or the form for it when the person was asked."""
    user = person(request)
    found = visible_questions(user).select_related("entry", "agency", "asked_by", "answered_by").get(pk=pk)
    found.assessment = with_context(Assessment.objects.filter(pk=found.assessment_id)).get()
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            questioning.explain(user=user, question_id=pk, answer=form.cleaned_data["answer"])
        except InvalidInput as error:
            form.add_error("answer", error.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã gửi giải trình. Cơ quan nội vụ được thông báo.")
            return redirect("assessments:question", pk=pk)
    entry = table_of(found.assessment).entries_by_key[found.entry.key]
    context = {
        "question": found,
        "assessment": found.assessment,
        "plan": found.assessment.plan,
        "entry": entry,
        "entry_name": entry_name(entry),
        "dom": dom_id(entry.key),
        "form": form,
        "may_list": may_list_questions(user),
        "may_explain": found.answered_at is None and may_explain(user, found),
        "today": timezone.localdate(),
    }
    return render(request, "assessments/question_detail.html", context)
