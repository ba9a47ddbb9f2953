"""The city's appraisal delegations: founded by a decision, with members, units to visit, and a schedule."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import Assessment
from assessments.models.plan import Plan
from localities.text import IsNFC


class Delegation(models.Model):
    """People sent by the city to look on site."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="delegations")
    name = models.CharField("tên đoàn", max_length=200)
    decision_number = models.CharField("số quyết định thành lập", max_length=50)
    decided_on = models.DateField("ngày quyết định")
    decided_by = models.CharField("cơ quan ban hành", max_length=200)
    task = models.TextField("nhiệm vụ", max_length=4000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "đoàn thẩm định"
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="delegation_name_once",
                violation_error_message="Kế hoạch này đã có đoàn cùng tên.",
            ),
            models.CheckConstraint(
                name="delegation_text_nfc",
                condition=IsNFC(F("name")) & IsNFC(F("decision_number")) & IsNFC(F("task")) & ~Q(name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DelegationMember(models.Model):
    """A member by name and office; whoever also has an account may work on the visits."""

    class Role(models.TextChoices):
        HEAD = "head", "Trưởng đoàn"
        DEPUTY = "deputy", "Phó trưởng đoàn"
        SECRETARY = "secretary", "Thư ký"
        MEMBER = "member", "Thành viên"

    delegation = models.ForeignKey(Delegation, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegation_memberships",
        verbose_name="tài khoản",
    )
    full_name = models.CharField("họ và tên", max_length=150)
    job_title = models.CharField("chức vụ, đơn vị công tác", max_length=200)
    role = models.CharField("vai trò trong đoàn", max_length=10, choices=Role)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "thành viên đoàn thẩm định"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["delegation", "user"], name="delegation_member_once"),
            models.UniqueConstraint(
                fields=["delegation"],
                condition=Q(role="head"),
                name="delegation_has_one_head",
                violation_error_message="Đoàn chỉ có một Trưởng đoàn.",
            ),
            models.CheckConstraint(
                name="delegation_member_role_known", condition=Q(role__in=["head", "deputy", "secretary", "member"])
            ),
            models.CheckConstraint(
                name="delegation_member_nfc", condition=IsNFC(F("full_name")) & IsNFC(F("job_title")) & ~Q(full_name="")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Visit(models.Model):
    """A delegation comes to one unit: when it is planned, and what its minutes say. Closed with the minutes."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="visits")
    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="visit")
    planned_on = models.DateField("ngày dự kiến", null=True, blank=True)
    planned_at = models.TimeField("giờ dự kiến", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    held_on = models.DateField("ngày làm việc", null=True, blank=True)
    starts_at = models.TimeField("bắt đầu lúc", null=True, blank=True)
    ends_at = models.TimeField("kết thúc lúc", null=True, blank=True)
    hosts = models.TextField("đại diện xã, phường và tổ dân phố, bản", max_length=2000, blank=True)
    findings = models.TextField("nội dung làm việc, nhận xét", max_length=8000, blank=True)
    proposals = models.TextField("kiến nghị", max_length=4000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("chốt biên bản lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "buổi thẩm định tại cơ sở"
        ordering = ["planned_on", "planned_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="visit_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, held_on__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_times_in_order",
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lte=F("ends_at")),
            ),
            models.CheckConstraint(
                name="visit_text_nfc",
                condition=IsNFC(F("place")) & IsNFC(F("hosts")) & IsNFC(F("findings")) & IsNFC(F("proposals")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation}: {self.assessment}"
