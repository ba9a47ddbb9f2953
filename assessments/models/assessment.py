"""A unit's registration in a plan, and its assessment."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.plan import Plan
from assessments.workflow import STATE_LABELS, State
from localities.models import Unit


class Registration(models.Model):
    """A unit takes part in a plan: to reach the status newly or to keep it, as a pilot or not."""

    class Aim(models.TextChoices):
        NEW = "new", "Đạt mới"
        MAINTAIN = "maintain", "Duy trì"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="registrations", verbose_name="kế hoạch")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="registrations", verbose_name="tổ dân phố, bản")
    aim = models.CharField("đăng ký", max_length=10, choices=Aim)
    pilot = models.BooleanField("làm điểm", default=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "đăng ký"
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="registration_once"),
            models.CheckConstraint(name="registration_aim_known", condition=Q(aim__in=["new", "maintain"])),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.plan.year}"


class Assessment(models.Model):
    """One unit under one plan. Its state changes only by the deeds of this app, which bump the version."""

    registration = models.OneToOneField(Registration, models.PROTECT, related_name="assessment")
    state = models.CharField(
        "trạng thái",
        max_length=15,
        choices=[(s.value, STATE_LABELS[s]) for s in State],
        default=State.DRAFT.value,
    )
    due_on = models.DateField("hạn nộp riêng, trước ngày", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    submitted_at = models.DateTimeField("gửi thành phố lúc", null=True, blank=True)
    concluded_at = models.DateTimeField("kết luận lúc", null=True, blank=True)
    # In a draft: the unit's head has finished and left the rest to the ward's officer.
    handed_over_at = models.DateTimeField("tổ trưởng, trưởng bản chuyển lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "hồ sơ đánh giá"
        constraints = [
            models.CheckConstraint(name="assessment_state_known", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(
                name="assessment_submitted_has_time",
                condition=Q(state__in=["draft", "council"]) | Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Hồ sơ {self.registration}"

    @property
    def plan(self) -> Plan:
        return self.registration.plan

    @property
    def unit(self) -> Unit:
        return self.registration.unit

    @property
    def workflow_state(self) -> State:
        return State(self.state)

    def late(self, due: date | None, today: date) -> bool:
        """Whether the dossier is overdue: "before" is strict, so the day itself is late already."""
        return due is not None and self.submitted_at is None and today >= due

    def submitted_late(self, due: date | None) -> bool:
        """Whether it reached the city on the due day or after it."""
        return bool(due and self.submitted_at and timezone.localdate(self.submitted_at) >= due)
