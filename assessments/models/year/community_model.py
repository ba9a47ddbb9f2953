"""What a unit has built up: economic and security models, civilised streets, self-management groups."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from localities.models import Unit, count
from localities.text import IsNFC


class CommunityModel(models.Model):
    """One model or group of a unit, kept over the years; households are counted, never named."""

    class Kind(models.TextChoices):
        ECONOMIC = "economic", "Mô hình phát triển kinh tế"
        PRODUCT = "product", "Sản phẩm OCOP, chuỗi liên kết sản xuất gắn với tiêu thụ"
        BUSINESS_STREET = "business_street", "Tuyến phố chuyên kinh doanh văn minh"
        CIVILISED_STREET = "civilised_street", "Tuyến đường, tuyến phố văn minh"
        SECURITY = "security", "Mô hình tự quản về an ninh, trật tự"
        GROUP = "group", "Tổ tự quản"

    class State(models.TextChoices):
        ACTIVE = "active", "Đang hoạt động"
        PAUSED = "paused", "Tạm ngừng"
        ENDED = "ended", "Đã kết thúc"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="community_models")
    kind = models.CharField("loại", max_length=20, choices=Kind)
    name = models.CharField("tên", max_length=200)
    since = models.DateField("hoạt động từ ngày")
    households = count("số hộ tham gia")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.ACTIVE)
    ended_on = models.DateField("kết thúc ngày", null=True, blank=True)
    description = models.TextField("cách làm", max_length=4000, blank=True)
    results = models.TextField("kết quả, hiệu quả", max_length=4000, blank=True)
    # Chosen by home affairs for the radio station and for others to learn from.
    exemplary_since = models.DateField("tiêu biểu từ ngày", null=True, blank=True)
    exemplary_reason = models.TextField("lý do chọn tiêu biểu", max_length=1000, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "mô hình, tổ tự quản"
        ordering = ["unit__ward__position", "unit__sort_name", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                "unit",
                "kind",
                Lower("name"),
                name="community_model_once",
                violation_error_message="Tổ dân phố, bản này đã có mô hình cùng loại, cùng tên.",
            ),
            models.CheckConstraint(
                name="community_model_kind_known",
                condition=Q(
                    kind__in=["economic", "product", "business_street", "civilised_street", "security", "group"]
                ),
            ),
            models.CheckConstraint(
                name="community_model_state_known", condition=Q(state__in=["active", "paused", "ended"])
            ),
            models.CheckConstraint(
                name="community_model_ended_has_day",
                condition=Q(state="ended", ended_on__isnull=False, ended_on__gte=F("since"))
                | (~Q(state="ended") & Q(ended_on__isnull=True)),
                violation_error_message="Mô hình đã kết thúc cần ngày kết thúc, không sớm hơn ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="community_model_exemplary_has_reason",
                condition=Q(exemplary_since__isnull=True, exemplary_reason="")
                | (Q(exemplary_since__isnull=False) & ~Q(exemplary_reason="")),
            ),
            models.CheckConstraint(
                name="community_model_text_nfc",
                condition=~Q(name="")
                & IsNFC(F("name"))
                & IsNFC(F("description"))
                & IsNFC(F("results"))
                & IsNFC(F("exemplary_reason")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
