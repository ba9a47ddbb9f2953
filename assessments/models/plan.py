"""The city's plan of a year with its milestones and targets, all of them data."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from criteria.models import CriteriaSet
from localities.text import IsNFC


class PlanManager(models.Manager["Plan"]):
    def get_by_natural_key(self, year: int) -> "Plan":
        return self.get(year=year)


class IssuedPlans(PlanManager):
    """Drafts are home affairs' own: nothing but the pages that prepare a plan asks for them (Plan.every)."""

    def get_queryset(self) -> models.QuerySet["Plan"]:
        return super().get_queryset().exclude(status=Plan.Status.DRAFT)


class Plan(models.Model):
    """A draft has no number; once issued it opens the year."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    year = models.PositiveSmallIntegerField(
        "năm", unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    status = models.CharField("tình trạng", max_length=10, choices=Status, default=Status.ISSUED)
    number = models.CharField("số, ký hiệu", max_length=50, blank=True)
    issued_on = models.DateField("ngày ban hành")  # of a draft: the day it is meant for
    title = models.CharField("trích yếu", max_length=300)
    criteria_set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="plans", verbose_name="bộ tiêu chí")
    notes = models.TextField("ghi chú áp dụng", blank=True)
    # The plan's own words, by its sections; printed with targets, milestones and assignments.
    purpose = models.TextField("mục đích, yêu cầu", max_length=8000, blank=True)
    goals = models.TextField("mục tiêu", max_length=8000, blank=True)
    tasks = models.TextField("nhiệm vụ, giải pháp", max_length=20000, blank=True)
    funding = models.TextField("kinh phí", max_length=4000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    every = PlanManager()  # drafts too; first, so that Django itself overlooks none
    objects = IssuedPlans()

    class Meta:
        verbose_name = verbose_name_plural = "kế hoạch năm"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issued_on"], condition=~Q(number=""), name="plan_number_once_a_day"
            ),
            models.CheckConstraint(name="plan_status_known", condition=Q(status__in=["draft", "issued", "closed"])),
            models.CheckConstraint(
                name="plan_issued_has_number",
                condition=Q(status="draft") | ~Q(number=""),
            ),
            models.CheckConstraint(
                name="plan_text_nfc",
                condition=IsNFC(F("purpose")) & IsNFC(F("goals")) & IsNFC(F("tasks")) & IsNFC(F("funding")),
            ),
        ]

    def __str__(self) -> str:
        return f"Kế hoạch {self.number} năm {self.year}" if self.number else f"Dự thảo kế hoạch năm {self.year}"

    @property
    def is_closed(self) -> bool:
        """Whether the year is over, so that its deeds refuse (assessments.year.rows.open_plan)."""
        return self.status == self.Status.CLOSED

    def natural_key(self) -> tuple[int]:
        return (self.year,)


class Milestone(models.Model):
    """Something due before a day; on the day itself it is late."""

    class Duty(models.TextChoices):
        WARD_PLAN = "ward_plan", "Kế hoạch của xã, phường"
        BUDGET = "budget", "Dự toán kinh phí"
        HALF_YEAR_REPORT = "half_year_report", "Báo cáo 6 tháng"
        YEARLY_REPORT = "yearly_report", "Báo cáo năm"
        DOSSIER = "dossier", "Hồ sơ đề nghị công nhận"
        AGENCY_RESULT = "agency_result", "Kết quả thẩm định của cơ quan"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="milestones")
    duty = models.CharField("việc phải làm", max_length=20, choices=Duty)
    before = models.DateField("trước ngày")

    class Meta:
        verbose_name = verbose_name_plural = "mốc thời gian"
        ordering = ["before", "duty"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "duty"], name="milestone_once"),
            models.CheckConstraint(
                name="milestone_duty_known",
                condition=Q(
                    duty__in=["ward_plan", "budget", "half_year_report", "yearly_report", "dossier", "agency_result"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()} trước ngày {self.before:%d/%m/%Y}"


class Target(models.Model):
    """How many units the plan wants: at least, and where the plan gives a span, at most."""

    class Kind(models.TextChoices):
        PILOT_PER_WARD = "pilot_per_ward", "Tổ dân phố, bản điểm ở mỗi xã, phường"
        MAINTAIN = "maintain", "Tổ dân phố, bản duy trì"
        NEW = "new", "Tổ dân phố, bản đạt mới"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    kind = models.CharField("chỉ tiêu", max_length=20, choices=Kind)
    minimum = models.PositiveSmallIntegerField("ít nhất")
    maximum = models.PositiveSmallIntegerField("nhiều nhất", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "chỉ tiêu"
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="target_once"),
            models.CheckConstraint(
                name="target_kind_known", condition=Q(kind__in=["pilot_per_ward", "maintain", "new"])
            ),
            models.CheckConstraint(
                name="target_span_in_order", condition=Q(maximum__isnull=True) | Q(maximum__gte=F("minimum"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.span}"

    @property
    def span(self) -> str:
        """For instance 1-2, or 35."""
        return f"{self.minimum}-{self.maximum}" if self.maximum else str(self.minimum)
