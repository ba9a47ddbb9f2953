"""The record: who did what, when, from what to what, and why.

Rows are only ever added (migration 0002), and each carries the hash of the one before it (migration 0004; the
formula stands in assessments/chain.py). There is one chain for each assessment, and one for each plan.
"""

from django.conf import settings
from django.db import models

from assessments.models.answers import Layer
from assessments.models.assessment import Assessment
from assessments.models.plan import Plan
from criteria.models import Entry


class Event(models.Model):
    class Kind(models.TextChoices):
        REGISTERED = "registered", "Đăng ký"
        ANSWERED = "answered", "Đánh giá một mục"
        BULK = "bulk", "Đánh giá nhiều mục"
        UNDONE = "undone", "Hoàn tác"
        EVIDENCE_ADDED = "evidence_added", "Thêm minh chứng"
        EVIDENCE_REMOVED = "evidence_removed", "Gỡ minh chứng"
        PROFILE = "profile", "Sửa số liệu năm"
        MOVED = "moved", "Chuyển trạng thái"
        DECISION = "decision", "Quyết định"
        HANDED = "handed", "Chuyển giữa tổ, bản và cán bộ"
        COUNCIL = "council", "Hội đồng xã, phường"
        ASKED = "asked", "Đề nghị giải trình"
        EXPLAINED = "explained", "Giải trình"
        AGENCY_REPORT = "agency_report", "Báo cáo của cơ quan"
        VISIT = "visit", "Thẩm định tại cơ sở"
        ASSIGNED = "assigned", "Phân công thẩm định"
        DELEGATION = "delegation", "Đoàn thẩm định"
        ATTACHED = "attached", "Đính kèm bản ký"
        PLAN = "plan", "Kế hoạch của thành phố"
        WARD_PLAN = "ward_plan", "Kế hoạch của xã, phường"
        BUDGET = "budget", "Kinh phí"
        GUIDANCE = "guidance", "Hướng dẫn"
        MODEL = "model", "Mô hình, tổ tự quản"
        HELPING = "helping", "Giúp đỡ tổ dân phố, bản"
        REPORT = "report", "Báo cáo kỳ"
        COMMENDATION = "commendation", "Khen thưởng"

    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="events")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="events")
    # Filled by the database as the row is added.
    sequence = models.PositiveIntegerField("số thứ tự", default=0)
    previous_hash = models.CharField("mã băm của sự kiện trước", max_length=64, blank=True)
    hash = models.CharField("mã băm", max_length=64, blank=True)
    kind = models.CharField("việc", max_length=20, choices=Kind)
    action = models.CharField("hành động", max_length=20, blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    layer = models.CharField("bên", max_length=10, choices=Layer, blank=True)
    from_state = models.CharField("từ trạng thái", max_length=15, blank=True)
    to_state = models.CharField("sang trạng thái", max_length=15, blank=True)
    reason = models.TextField("lý do", blank=True)
    data = models.JSONField("chi tiết", default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "sự kiện"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="event_kind_known",
                condition=models.Q(
                    kind__in=[
                        "registered",
                        "answered",
                        "bulk",
                        "undone",
                        "evidence_added",
                        "evidence_removed",
                        "profile",
                        "moved",
                        "decision",
                        "handed",
                        "council",
                        "asked",
                        "explained",
                        "agency_report",
                        "visit",
                        "assigned",
                        "delegation",
                        "attached",
                        "plan",
                        "ward_plan",
                        "budget",
                        "guidance",
                        "model",
                        "helping",
                        "report",
                        "commendation",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="event_of_one_thing",
                condition=models.Q(assessment__isnull=False, plan__isnull=True)
                | models.Q(assessment__isnull=True, plan__isnull=False),
            ),
            models.UniqueConstraint(fields=["assessment", "sequence"], name="event_in_order"),
            models.UniqueConstraint(fields=["plan", "sequence"], name="plan_event_in_order"),
        ]
        indexes = [models.Index(fields=["assessment", "-id"], name="event_of_assessment")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d/%m/%Y %H:%M}"
