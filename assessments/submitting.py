"""Sending a ward's approved dossiers to the city in one go, with a receipt and the signed paper that goes with it."""

from collections.abc import Collection

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import council, moving, notices, signatures
from assessments.attaching import attach
from assessments.deeds import InvalidInput, Refusal, record
from assessments.models import Assessment, Attachment, Event, Notice, Plan, Submission, SubmissionLine
from assessments.permissions import may_attach_to_submission, may_submit, visible_assessments, visible_submissions
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


def attach_paper(*, user: User, submission_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed paper (PDF) of a sending, now or later; (attachment, is new). Its dossiers record it.

    Raises Refusal for another role, InvalidInput for what is no PDF, Submission.DoesNotExist outside the scope.
    """
    sent = visible_submissions(user).select_related("plan")
    if not may_attach_to_submission(user, sent.get(pk=submission_id)):  # whose it is never changes
        raise Refusal("Chỉ cán bộ, lãnh đạo xã, phường đã gửi hồ sơ đính kèm tờ trình đã ký.")
    signed = signatures.look(file)
    with transaction.atomic():
        submission = sent.select_for_update(of=("self",), no_key=True).get(pk=submission_id)

        def told(added: Attachment) -> None:
            data = {"submission": submission.pk, "name": added.original_name, "sha256": added.sha256}
            dossiers = Assessment.objects.filter(submission_lines__submission=submission).distinct()
            locked = Assessment.objects.filter(pk__in=dossiers.values("pk")).order_by("pk")
            for assessment in locked.select_for_update(of=("self",), no_key=True):
                record(assessment, Event.Kind.ATTACHED, user, action="submission", data=data)

        return attach(user=user, target="submission", owner=submission, file=file, signed=signed, told=told)
