"""What an agency says about its criteria: shown beside them while people assess."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Agency
from assessments.models.plan import Plan
from criteria.models import Entry
from localities.text import IsNFC


class Guidance(models.Model):
    """Text, link or file (an Attachment); valid from a day on, and in later years while the criteria set stays."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        PUBLISHED = "published", "Đang áp dụng"
        WITHDRAWN = "withdrawn", "Đã thôi áp dụng"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="guidance")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="guidance")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField("số, ký hiệu", max_length=50, blank=True)
    title = models.CharField("tên hướng dẫn", max_length=300)
    text = models.TextField("nội dung", max_length=8000, blank=True)
    link = models.URLField("liên kết", max_length=500, blank=True)
    entries = models.ManyToManyField(Entry, related_name="guidance", verbose_name="tiêu chí")
    valid_from = models.DateField("áp dụng từ ngày")
    valid_until = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.TextField("lý do thôi áp dụng", max_length=2000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "hướng dẫn"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="guidance_state_known", condition=Q(state__in=["draft", "published", "withdrawn"])
            ),
            models.CheckConstraint(
                name="guidance_published_by_somebody",
                condition=Q(state="draft") | Q(published_at__isnull=False, published_by__isnull=False),
            ),
            models.CheckConstraint(
                name="guidance_withdrawn_has_reason", condition=~Q(state="withdrawn") | ~Q(withdrawn_reason="")
            ),
            models.CheckConstraint(
                name="guidance_period_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="Ngày hết áp dụng đứng trước ngày bắt đầu áp dụng.",
            ),
            # A link is opened by people: nothing but a page.
            models.CheckConstraint(name="guidance_link_is_a_page", condition=Q(link="") | Q(link__regex=r"^https?://")),
            models.CheckConstraint(
                name="guidance_text_nfc",
                condition=IsNFC(F("title")) & IsNFC(F("text")) & IsNFC(F("number")) & ~Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
