"""Signed papers and other files: scans of minutes, reports, decisions, plans. Added and kept, never replaced."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.agency import AgencyReport
from assessments.models.council import CouncilMeeting, Submission
from assessments.models.decision import Decision
from assessments.models.delegation import Delegation, Visit
from assessments.models.plan import Plan
from assessments.models.year.budget import BudgetDecision, BudgetEstimate
from assessments.models.year.commendation import CommendationDecision
from assessments.models.year.community_model import CommunityModel
from assessments.models.year.guidance import Guidance
from assessments.models.year.ward_plan import WardPlan
from assessments.models.year.year_report import YearReport
from localities.text import IsNFC

TARGETS = (
    "meeting",
    "visit",
    "delegation",
    "report",
    "decision",
    "submission",
    "city_plan",
    "ward_plan",
    "estimate",
    "budget_decision",
    "guidance",
    "community_model",
    "year_report",
    "commendation_decision",
)


def _exactly_one() -> Q:
    """Exactly one of the targets is named."""
    alone = [
        Q(**{f"{other}__isnull": other != target for other in TARGETS})  # the one, and none of the others
        for target in TARGETS
    ]
    either = alone[0]
    for condition in alone[1:]:
        either |= condition
    return either


class Attachment(models.Model):
    """A file kept with exactly one thing."""

    meeting = models.ForeignKey(CouncilMeeting, models.PROTECT, null=True, blank=True, related_name="attachments")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, blank=True, related_name="attachments")
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, blank=True, related_name="attachments")
    report = models.ForeignKey(AgencyReport, models.PROTECT, null=True, blank=True, related_name="attachments")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="attachments")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="attachments")
    city_plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="attachments")
    ward_plan = models.ForeignKey(WardPlan, models.PROTECT, null=True, blank=True, related_name="attachments")
    estimate = models.ForeignKey(BudgetEstimate, models.PROTECT, null=True, blank=True, related_name="attachments")
    budget_decision = models.ForeignKey(
        BudgetDecision, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    guidance = models.ForeignKey(Guidance, models.PROTECT, null=True, blank=True, related_name="attachments")
    community_model = models.ForeignKey(
        CommunityModel, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    year_report = models.ForeignKey(YearReport, models.PROTECT, null=True, blank=True, related_name="attachments")
    commendation_decision = models.ForeignKey(
        CommendationDecision, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField("tệp", max_length=200)
    original_name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã kiểm tra", max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)
    # What the digital signatures said when the paper came; empty where it has none, unknown before they were looked at.
    signatures = models.JSONField("chữ ký số", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "bản ký, bản quét"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="attachment_of_one_thing", condition=_exactly_one()),
            models.CheckConstraint(
                name="attachment_named_nfc", condition=IsNFC(F("original_name")) & ~Q(original_name="") & ~Q(sha256="")
            ),
            *(
                models.UniqueConstraint(
                    fields=[target, "sha256"],
                    condition=Q(**{f"{target}__isnull": False}),
                    name=f"attachment_once_in_{target}",
                )
                for target in TARGETS
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
