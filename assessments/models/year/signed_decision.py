"""Decisions of the city on money and on commendation: recorded, confirmed by a city leader, then fixed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from localities.text import IsNFC


class SignedDecision(models.Model):
    """What these decisions share; each adds its plan and who records it."""

    number = models.CharField("số, ký hiệu", max_length=50)
    issued_on = models.DateField("ngày ban hành")
    title = models.CharField("trích yếu", max_length=300)
    signer_title = models.CharField("chức vụ người ký", max_length=200)
    signer_name = models.CharField("người ký", max_length=150, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc", auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return f"Quyết định số {self.number} ngày {self.issued_on:%d/%m/%Y}"


def decision_rules(prefix: str, taken: str) -> list[models.BaseConstraint]:
    """The database's rules on such a decision, named after `prefix`; `taken` says that its number is used."""
    return [
        models.UniqueConstraint(fields=["plan", "number"], name=f"{prefix}_number_once", violation_error_message=taken),
        models.CheckConstraint(
            name=f"{prefix}_confirmed_by_somebody",
            condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
            | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{prefix}_text_nfc",
            condition=~Q(number="")
            & IsNFC(F("number"))
            & IsNFC(F("title"))
            & IsNFC(F("signer_title"))
            & IsNFC(F("signer_name")),
        ),
    ]
