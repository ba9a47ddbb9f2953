"""Which agency helps which unit this year, and what it has done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.plan import Plan
from assessments.models.year.budget import amount
from localities.models import Unit
from localities.text import IsNFC


class Helping(models.Model):
    """An agency is named to help a unit under a plan; ended rather than removed once something was done."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="helping")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="helping")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="helping")
    decided_by = models.CharField("văn bản phân công", max_length=200, blank=True)
    focus = models.CharField("nội dung giúp đỡ", max_length=500, blank=True)
    ended_on = models.DateField("thôi giúp đỡ từ ngày", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "phân công giúp đỡ"
        ordering = ["unit__ward__position", "unit__sort_name", "agency__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "agency", "unit"],
                name="helping_once",
                violation_error_message="Cơ quan này đã được phân công giúp đỡ tổ dân phố, bản này.",
            ),
            models.CheckConstraint(name="helping_text_nfc", condition=IsNFC(F("decided_by")) & IsNFC(F("focus"))),
        ]

    def __str__(self) -> str:
        return f"{self.agency} giúp đỡ {self.unit}"


class HelpingDeed(models.Model):
    """Something an agency did for a unit it helps; worth in đồng where it can be said."""

    helping = models.ForeignKey(Helping, models.PROTECT, related_name="deeds")
    done_on = models.DateField("ngày")
    content = models.CharField("nội dung", max_length=1000)
    worth = amount("trị giá (đồng)", null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "việc đã giúp đỡ"
        ordering = ["-done_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="helping_deed_text_nfc", condition=IsNFC(F("content")) & ~Q(content="")),
            models.CheckConstraint(
                name="helping_deed_worth_not_negative", condition=Q(worth__isnull=True) | Q(worth__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return self.content
