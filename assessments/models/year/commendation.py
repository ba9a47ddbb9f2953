"""Commendation: who is proposed and for what, and the decision that commends."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.plan import Plan
from localities.models import Unit, Ward
from localities.text import IsNFC


class CommendationDecision(models.Model):
    """Recorded by home affairs, confirmed by a city leader, then fixed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="commendation_decisions")
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
        verbose_name = verbose_name_plural = "quyết định khen thưởng"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="commendation_decision_number_once",
                violation_error_message="Kế hoạch này đã có quyết định khen thưởng cùng số.",
            ),
            models.CheckConstraint(
                name="commendation_decision_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="commendation_decision_text_nfc",
                condition=~Q(number="")
                & IsNFC(F("number"))
                & IsNFC(F("title"))
                & IsNFC(F("signer_title"))
                & IsNFC(F("signer_name")),
            ),
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.number} ngày {self.issued_on:%d/%m/%Y}"


class Commendation(models.Model):
    """One collective or person proposed: by a ward, by an agency, or (neither) by home affairs itself."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective", "Tập thể"
        PERSON = "person", "Cá nhân"

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SENT = "sent", "Đã đề nghị"
        DECLINED = "declined", "Không đề nghị khen thưởng"
        ACCEPTED = "accepted", "Đủ điều kiện"
        AWARDED = "awarded", "Đã khen thưởng"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="commendations")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="commendations")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="commendations")
    kind = models.CharField("đối tượng", max_length=10, choices=Kind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="commendations", verbose_name="tổ dân phố, bản"
    )
    name = models.CharField("tập thể, cá nhân", max_length=200)
    position = models.CharField("chức vụ, đơn vị", max_length=200, blank=True)
    form = models.CharField("hình thức đề nghị", max_length=100, default="Giấy khen của Chủ tịch UBND thành phố")
    achievements = models.TextField("thành tích", max_length=4000)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    reason = models.TextField("lý do", max_length=2000, blank=True)  # why declined, or accepted against the results
    decision = models.ForeignKey(
        CommendationDecision, models.PROTECT, null=True, blank=True, related_name="commendations"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("lập lúc", auto_now_add=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "đề nghị khen thưởng"
        ordering = ["kind", "ward__position", "agency__position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="commendation_by_one_office", condition=Q(ward__isnull=True) | Q(agency__isnull=True)
            ),
            models.CheckConstraint(name="commendation_kind_known", condition=Q(kind__in=["collective", "person"])),
            models.CheckConstraint(
                name="commendation_state_known",
                condition=Q(state__in=["draft", "sent", "declined", "accepted", "awarded"]),
            ),
            models.CheckConstraint(
                name="commendation_declined_has_reason", condition=~Q(state="declined") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="commendation_awarded_by_decision", condition=~Q(state="awarded") | Q(decision__isnull=False)
            ),
            models.CheckConstraint(
                name="commendation_text_nfc",
                condition=~Q(name="")
                & IsNFC(F("name"))
                & IsNFC(F("position"))
                & IsNFC(F("form"))
                & IsNFC(F("achievements"))
                & Q(IsNFC(F("reason"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name
