"""What a person is told: each row is theirs alone, shown in the application and sent by e-mail grouped."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.plan import Plan


class Notice(models.Model):
    """Something one person is told once."""

    class Kind(models.TextChoices):
        HANDED = "handed", "Tổ trưởng, trưởng bản chuyển hồ sơ"
        RETURNED = "returned", "Hồ sơ được trả lại"
        COUNCIL = "council", "Hội đồng xã, phường"
        SUBMITTED = "submitted", "Hồ sơ gửi thành phố"
        ACCEPTED = "accepted", "Hồ sơ được tiếp nhận"
        APPRAISE = "appraise", "Hồ sơ chờ thẩm định"
        QUESTION = "question", "Đề nghị giải trình"
        EXPLAINED = "explained", "Đã giải trình"
        VISIT = "visit", "Lịch thẩm định tại cơ sở"
        AGENCY = "agency", "Thẩm định của cơ quan"
        CONCLUDED = "concluded", "Kết luận thẩm định"
        DECISION = "decision", "Quyết định"
        MILESTONE = "milestone", "Mốc thời gian"
        WAITING = "waiting", "Việc đang chờ"
        PRINTED = "printed", "Bộ văn bản đã in xong"
        PLAN = "plan", "Kế hoạch năm"
        BUDGET = "budget", "Kinh phí"
        GUIDANCE = "guidance", "Hướng dẫn của cơ quan"
        HELPING = "helping", "Giúp đỡ tổ dân phố, bản"
        REPORT = "report", "Báo cáo kỳ"
        COMMENDATION = "commendation", "Khen thưởng"

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField("loại", max_length=12, choices=Kind)
    text = models.CharField("nội dung", max_length=500)
    url = models.CharField("liên kết", max_length=300)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField("trước ngày", null=True, blank=True)
    # The same thing is told to the same person once: a reminder of the daily command carries its occasion.
    key = models.CharField("dịp", max_length=120, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    mailed_at = models.DateTimeField("gửi thư lúc", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "thông báo"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="notice_told_once"),
            models.CheckConstraint(
                name="notice_kind_known",
                condition=Q(
                    kind__in=[
                        "handed",
                        "returned",
                        "council",
                        "submitted",
                        "accepted",
                        "appraise",
                        "question",
                        "explained",
                        "visit",
                        "agency",
                        "concluded",
                        "decision",
                        "milestone",
                        "waiting",
                        "printed",
                        "plan",
                        "budget",
                        "guidance",
                        "helping",
                        "report",
                        "commendation",
                    ]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.text
