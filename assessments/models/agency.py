"""Agencies at work: what each appraises under a plan, its closing reports, and questions on single entries."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.assessment import Assessment
from assessments.models.plan import Plan
from criteria.models import Entry
from localities.text import IsNFC


class Assignment(models.Model):
    """An agency appraises an entry under a plan. Several may; the one at position 1 is responsible."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assignments")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = verbose_name_plural = "phân công thẩm định"
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "entry", "agency"], name="assignment_once"),
            models.UniqueConstraint(fields=["plan", "entry", "position"], name="assignment_position_once"),
            models.CheckConstraint(name="assignment_position_counts_from_one", condition=Q(position__gte=1)),
        ]
        indexes = [models.Index(fields=["plan", "agency"], name="assignment_of_agency")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.agency}"


class AgencyReport(models.Model):
    """An agency closes its appraisal of the dossiers listed in `lines`; reopened only by home affairs.

    Dossiers accepted later get a report of their own.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="agency_reports")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reports")
    number = models.CharField("số, ký hiệu", max_length=50, blank=True)
    signed_on = models.DateField("ngày ký")
    signer_title = models.CharField("chức vụ người ký", max_length=200)
    signer_name = models.CharField("người ký", max_length=150)
    remarks = models.TextField("nhận xét, kiến nghị", max_length=4000, blank=True)
    figures = models.JSONField("số liệu khi chốt", default=dict)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("chốt lúc")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True)
    reopen_reason = models.TextField("lý do mở lại", max_length=2000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo thẩm định của cơ quan"
        ordering = ["-closed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="agency_report_reopened_with_reason",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopen_reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopen_reason="")),
            ),
            models.CheckConstraint(
                name="agency_report_text_nfc",
                condition=IsNFC(F("number")) & IsNFC(F("signer_name")) & IsNFC(F("signer_title")) & IsNFC(F("remarks")),
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo của {self.agency} ngày {self.signed_on:%d/%m/%Y}"


class AgencyReportLine(models.Model):
    """A dossier covered by a report: closed to the agency while `closed`; a return or reopening ends it."""

    report = models.ForeignKey(AgencyReport, models.PROTECT, related_name="lines")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")  # the report's, for the constraint
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="agency_report_lines")
    closed = models.BooleanField("đã chốt", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ trong báo cáo của cơ quan"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "assessment"], name="agency_report_line_once"),
            models.UniqueConstraint(
                fields=["agency", "assessment"], condition=Q(closed=True), name="agency_closes_dossier_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.assessment}"


class Question(models.Model):
    """Home affairs asks the ward, or an agency, to explain one entry of one dossier; both stay in the record."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="questions")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name="cơ quan được hỏi"
    )  # empty: the ward
    text = models.TextField("nội dung đề nghị giải trình", max_length=2000)
    due_on = models.DateField("trả lời trước ngày", null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("hỏi lúc")
    answer = models.TextField("trả lời", max_length=4000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị giải trình"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="question_answer_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(name="question_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="question_text_nfc", condition=IsNFC(F("text")) & IsNFC(F("answer"))),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.text[:40]}"
