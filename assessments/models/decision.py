"""The city's decision: recorded by home affairs, confirmed by a city leader, corrected only by a later one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.plan import Plan
from localities.text import IsNFC


class Decision(models.Model):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="decisions", verbose_name="kế hoạch")
    number = models.CharField("số, ký hiệu", max_length=50)
    issued_on = models.DateField("ngày ban hành")
    title = models.CharField("trích yếu", max_length=300)
    signer_title = models.CharField("chức vụ người ký", max_length=200)
    signer_name = models.CharField("người ký", max_length=150, blank=True)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name="thay thế quyết định",
    )
    version = models.PositiveIntegerField("phiên bản", default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "quyết định"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="decision_number_once",
                violation_error_message="Kế hoạch này đã có quyết định cùng số.",
            ),
            models.CheckConstraint(
                name="decision_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(name="decision_number_nfc", condition=IsNFC("number") & ~Q(number="")),
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.number} ngày {self.issued_on:%d/%m/%Y}"


class DecisionLine(models.Model):
    """What the decision says of one unit, with the reasons as they read on that day."""

    class Result(models.TextChoices):
        RECOGNISED = "recognised", "Công nhận"
        NOT_RECOGNISED = "not_recognised", "Không công nhận"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="decision_lines")
    result = models.CharField("kết quả", max_length=15, choices=Result)
    reasons = models.TextField("lý do", blank=True)
    # Why a later decision says otherwise than the earlier one; typed by home affairs.
    correction = models.TextField("nội dung đính chính", max_length=2000, blank=True)
    # The record's head when the decision was confirmed, printed on the paper.
    chain_head = models.CharField("mã băm cuối của nhật ký", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "đơn vị trong quyết định"
        ordering = ["decision", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "assessment"], name="decision_line_once"),
            models.CheckConstraint(
                name="decision_result_known", condition=Q(result__in=["recognised", "not_recognised"])
            ),
            models.CheckConstraint(
                name="decision_refusal_has_reasons", condition=~Q(result="not_recognised") | ~Q(reasons="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_result_display()}"
