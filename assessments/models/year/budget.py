"""The year's money: what a ward asks for, what the finance agency appraises, what the city approves. In đồng."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from assessments.models.plan import Plan
from assessments.models.year.sending import Sent, sent_has_time
from assessments.models.year.signed_decision import SignedDecision, decision_rules
from localities.models import Unit, Ward
from localities.text import IsNFC

MOST = 1_000_000_000_000  # đồng in one line: more than the city's whole budget is a slip of the finger


def amount(label: str, **options: object) -> "models.BigIntegerField[int | str | None, Any]":
    """Whole đồng."""
    return models.BigIntegerField(label, validators=[MinValueValidator(0), MaxValueValidator(MOST)], **options)  # type: ignore[arg-type]


class BudgetDecision(SignedDecision):
    """The city approves estimates: prepared by the finance agency, confirmed by a city leader, then fixed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget_decisions")

    class Meta(SignedDecision.Meta):
        verbose_name = verbose_name_plural = "quyết định phê duyệt kinh phí"
        constraints = decision_rules("budget_decision", "Kế hoạch này đã có quyết định kinh phí cùng số.")


class BudgetEstimate(Sent):
    """A ward's estimate of the year: draft, submitted, appraised line by line, approved by a decision."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SUBMITTED = "submitted", "Chờ thẩm định"
        RETURNED = "returned", "Được trả lại"
        APPRAISED = "appraised", "Đã thẩm định"
        APPROVED = "approved", "Đã phê duyệt"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="estimates")
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="estimates")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    explanation = models.TextField("thuyết minh", max_length=4000, blank=True)
    appraised_at = models.DateTimeField("thẩm định lúc", null=True, blank=True)
    appraised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    appraisal_note = models.TextField("ý kiến thẩm định", max_length=4000, blank=True)
    decision = models.ForeignKey(BudgetDecision, models.PROTECT, null=True, blank=True, related_name="estimates")

    class Meta:
        verbose_name = verbose_name_plural = "dự toán kinh phí"
        ordering = ["ward__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "ward"], name="estimate_once"),
            models.CheckConstraint(
                name="estimate_state_known",
                condition=Q(state__in=["draft", "submitted", "returned", "appraised", "approved"]),
            ),
            sent_has_time("estimate_sent_has_time", "draft", "returned"),
            models.CheckConstraint(
                name="estimate_return_has_reason", condition=~Q(state="returned") | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="estimate_appraised_by_somebody",
                condition=~Q(state__in=["appraised", "approved"])
                | Q(appraised_at__isnull=False, appraised_by__isnull=False),
            ),
            models.CheckConstraint(
                name="estimate_approved_by_decision", condition=~Q(state="approved") | Q(decision__isnull=False)
            ),
            models.CheckConstraint(
                name="estimate_text_nfc",
                condition=Q(IsNFC(F("number"))) & Q(IsNFC(F("explanation"))) & Q(IsNFC(F("appraisal_note"))),
            ),
        ]

    def __str__(self) -> str:
        return f"Dự toán năm {self.plan.year} của {self.ward}"


class BudgetLine(models.Model):
    """One line: what for, how much of it at what price, from which sources; what was appraised and approved.

    The amount is quantity times price and must come to whole đồng; the sources add up to it. Whoever appraises or
    approves more than was asked, or approves another amount than was appraised, says why.
    """

    estimate = models.ForeignKey(BudgetEstimate, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField("thứ tự")
    content = models.CharField("nội dung", max_length=500)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")  # empty: the ward's own
    measure = models.CharField("đơn vị tính", max_length=50)
    quantity = models.DecimalField("số lượng", max_digits=12, decimal_places=3, validators=[MinValueValidator(0)])
    unit_price = amount("đơn giá")
    asked = amount("thành tiền")
    state_budget = amount("ngân sách nhà nước", default=0)
    social = amount("xã hội hóa", default=0)
    other = amount("nguồn khác", default=0)
    appraised = amount("số thẩm định", null=True, blank=True)
    appraised_note = models.CharField("ý kiến thẩm định", max_length=500, blank=True)
    approved = amount("số phê duyệt", null=True, blank=True)
    approved_note = models.CharField("ý kiến phê duyệt", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "dòng dự toán"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["estimate", "position"], name="budget_line_in_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="budget_line_not_negative",
                condition=Q(quantity__gt=0, unit_price__gte=0, state_budget__gte=0, social__gte=0, other__gte=0)
                & (Q(appraised__isnull=True) | Q(appraised__gte=0))
                & (Q(approved__isnull=True) | Q(approved__gte=0)),
            ),
            models.CheckConstraint(
                name="budget_line_amount_is_product", condition=Q(asked=F("quantity") * F("unit_price"))
            ),
            models.CheckConstraint(
                name="budget_line_sources_add_up", condition=Q(asked=F("state_budget") + F("social") + F("other"))
            ),
            models.CheckConstraint(
                name="budget_line_more_than_asked_has_reason",
                condition=Q(appraised__isnull=True) | Q(appraised__lte=F("asked")) | ~Q(appraised_note=""),
            ),
            models.CheckConstraint(
                name="budget_line_approved_after_appraisal",
                condition=Q(approved__isnull=True)
                | (Q(appraised__isnull=False) & (Q(approved=F("appraised")) | ~Q(approved_note=""))),
            ),
            models.CheckConstraint(
                name="budget_line_text_nfc",
                condition=~Q(content="")
                & IsNFC(F("content"))
                & IsNFC(F("measure"))
                & IsNFC(F("appraised_note"))
                & IsNFC(F("approved_note")),
            ),
        ]

    def __str__(self) -> str:
        return self.content
