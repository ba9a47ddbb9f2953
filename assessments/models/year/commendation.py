"""Commendation: who is proposed and for what, and the decision that commends."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.plan import Plan
from assessments.models.year.signed_decision import SignedDecision, decision_rules
from localities.models import Unit, Ward
from localities.text import IsNFC


class CommendationDecision(SignedDecision):
    """Recorded by home affairs, confirmed by a city leader, then fixed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="commendation_decisions")

    class Meta(SignedDecision.Meta):
        verbose_name = verbose_name_plural = "quyết định khen thưởng"
        constraints = decision_rules("commendation_decision", "Kế hoạch này đã có quyết định khen thưởng cùng số.")


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
