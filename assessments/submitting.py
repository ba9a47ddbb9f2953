"""Sending a ward's approved dossiers to the city in one go, with a receipt."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import council, moving, notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Notice, Plan, Submission, SubmissionLine
from assessments.permissions import may_submit, visible_assessments
from assessments.workflow import ACTION_LABELS, Action
from localities.models import Ward


@transaction.atomic
def submit(*, user: User, plan_id: int, assessment_ids: Collection[int], version: int | None = None) -> Submission:
    """Send these dossiers, all or none. `version`, for a single one, is the version its page showed.

    The same press twice returns the same receipt. Raises InvalidInput for an empty choice, Refusal naming
    the unit that cannot go and why, Assessment.DoesNotExist for what is not of this ward and plan.
    """
    wanted = sorted(set(assessment_ids))
    if visible_assessments(user).filter(pk__in=wanted, registration__plan=plan_id).count() != len(wanted):
        raise Assessment.DoesNotExist
    if user.ward_id is None or not may_submit(user):
        label = ACTION_LABELS[Action.SUBMIT]
        raise Refusal(f"Vai trò của bạn không được thực hiện “{label}”: chỉ lãnh đạo xã, phường gửi hồ sơ.")
    if not wanted:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản để gửi.", "assessments")
    plan = Plan.objects.get(pk=plan_id)
    ward = Ward.objects.select_for_update(no_key=True).get(pk=user.ward_id)  # one number after the other
    moved = [moving.submit_one(user=user, assessment_id=pk, version=version) for pk in wanted]
    repeated = SubmissionLine.objects.filter(assessment__in=moved, standing=True).select_related("submission")
    already = {line.assessment_id: line.submission for line in repeated}
    fresh = [assessment for assessment in moved if assessment.pk not in already]
    if not fresh:
        return max(already.values(), key=lambda submission: submission.pk)
    last = Submission.objects.filter(ward=ward, plan=plan).aggregate(last=Max("number"))["last"] or 0
    submission = Submission.objects.create(
        ward=ward, plan=plan, number=last + 1, submitted_by=user, submitted_at=timezone.now()
    )
    SubmissionLine.objects.bulk_create(SubmissionLine(submission=submission, assessment=a) for a in fresh)
    council.leave_agendas(user, fresh)
    notices.send(
        Notice.Kind.SUBMITTED,
        notices.home_affairs(),
        f"{ward} gửi {len(fresh)} hồ sơ năm {plan.year} (lần gửi {submission.number}).",
        reverse("assessments:submission", args=[submission.pk]),
        actor=user,
        plan=plan,
    )
    return submission
