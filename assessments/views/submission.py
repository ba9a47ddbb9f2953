"""Sending dossiers to the city in one go, and the receipts."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import submitting
from assessments.deeds import Refusal
from assessments.models import Submission
from assessments.permissions import (
    may_attach_to_submission,
    may_keep_council,
    may_see_city,
    may_see_submissions,
    may_submit,
)
from assessments.queries import submissions as queries
from assessments.views.common import or_404, person, plan_of, posted_numbers
from assessments.views.papers import take_paper
from assessments.workflow import Action


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def submissions(request: HttpRequest, year: int) -> HttpResponse:
    """What can be sent and what it lacks, for the ward; the receipts, for the ward and the city."""
    plan, user = plan_of(year), person(request)
    if not may_see_submissions(user):
        raise Submission.DoesNotExist
    chosen: set[int] | None = None
    refusal = ""
    if request.method == "POST":
        chosen = posted_numbers(request, "assessment")
        try:
            sent = submitting.submit(user=user, plan_id=plan.pk, assessment_ids=chosen)
        except Refusal as refused:
            refusal = refused.message
        else:
            messages.success(request, "Đã gửi thành phố.")
            return redirect("assessments:submission", pk=sent.pk)
    own = may_keep_council(user)
    rows = queries.ready(user, plan) if own else []
    for row in rows:
        row.chosen = row.complete and (chosen is None or row.assessment.pk in chosen)
    context = {
        "plan": plan,
        "rows": rows,
        "sendable": sum(row.complete for row in rows),
        "unapproved": sum(row.approval is None and not row.in_meeting for row in rows),
        "drafts": queries.in_draft(user, plan) if own else 0,
        "own": own,
        "may_submit": may_submit(user),
        "sees_city": may_see_city(user),
        "refusal": refusal,
        "receipts": queries.submissions(user, plan),
    }
    return render(request, "assessments/submission_list.html", context, status=409 if refusal else 200)


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt: number, time, who sent, and each dossier with what became of its sending."""
    user = person(request)
    sent = queries.submission(user, pk)
    lines = queries.receipt(sent)
    context = {
        "sent": sent,
        "plan": sent.plan,
        "lines": lines,
        "withdrawn": Action.WITHDRAW.value,
        "late": sum(line.late for line in lines),
        "may_withdraw": may_submit(user) and any(line.waiting for line in lines),
        "sees_city": may_see_city(user),
        "attachments": sent.attachments.select_related("added_by"),
        "may_attach": may_attach_to_submission(user, sent),
    }
    return render(request, "assessments/submission_detail.html", context)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the signed paper that went with the dossiers."""
    queries.submission(person(request), pk)
    take_paper(request, "tờ trình đã ký", partial(submitting.attach_paper, submission_id=pk))
    return redirect("assessments:submission", pk=pk)
