"""Half-year and yearly reports: of each ward and agency to home affairs, and the city's own made from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.plan import Plan
from assessments.models.year.sending import Sent, sent_has_time
from localities.models import Ward
from localities.text import IsNFC

NARRATIVE = ("results", "difficulties", "causes", "proposals", "next_tasks")


class YearReport(Sent):
    """Of a ward, of an agency, or (neither) the city's own. `figures` are those of the day it was sent."""

    class Period(models.TextChoices):
        HALF = "half", "6 tháng"
        YEAR = "year", "Năm"

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã gửi, chờ tiếp nhận"
        RETURNED = "returned", "Được trả lại"
        ACCEPTED = "accepted", "Đã tiếp nhận"  # of the city's own: issued

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="year_reports")
    period = models.CharField("kỳ báo cáo", max_length=10, choices=Period)
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="year_reports")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="year_reports")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    results = models.TextField("kết quả thực hiện", max_length=20000, blank=True)
    difficulties = models.TextField("khó khăn, hạn chế", max_length=20000, blank=True)
    causes = models.TextField("nguyên nhân", max_length=20000, blank=True)
    proposals = models.TextField("đề xuất, kiến nghị", max_length=20000, blank=True)
    next_tasks = models.TextField("nhiệm vụ thời gian tới", max_length=20000, blank=True)
    figures = models.JSONField("số liệu khi gửi", null=True, blank=True)
    accepted_at = models.DateTimeField("tiếp nhận lúc", null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "báo cáo kỳ"
        ordering = ["ward__position", "agency__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "period", "ward", "agency"], name="year_report_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="year_report_of_one_office", condition=Q(ward__isnull=True) | Q(agency__isnull=True)
            ),
            models.CheckConstraint(name="year_report_period_known", condition=Q(period__in=["half", "year"])),
            models.CheckConstraint(
                name="year_report_state_known",
                condition=Q(state__in=["draft", "submitted", "returned", "accepted"]),
            ),
            sent_has_time("year_report_sent_has_time", "draft", "returned"),
            models.CheckConstraint(
                name="year_report_sent_has_figures",
                condition=Q(state__in=["draft", "returned"]) | Q(figures__isnull=False),
            ),
            models.CheckConstraint(
                name="year_report_return_has_reason", condition=~Q(state="returned") | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="year_report_accepted_by_somebody",
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="year_report_text_nfc",
                condition=IsNFC(F("number"))
                & IsNFC(F("results"))
                & IsNFC(F("difficulties"))
                & IsNFC(F("causes"))
                & IsNFC(F("proposals"))
                & IsNFC(F("next_tasks")),
            ),
        ]

    def __str__(self) -> str:
        of = self.ward or self.agency or "thành phố"
        return f"Báo cáo {self.get_period_display().lower()} {self.plan.year} của {of}"
