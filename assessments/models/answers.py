"""What the layers answer: verdicts with figures, notes and evidence, and the stored result of each layer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.assessment import Assessment
from assessments.models.year.community_model import CommunityModel
from criteria import spec
from criteria.models import Entry, Indicator
from localities.text import IsNFC

VERDICT_LABELS = {
    spec.Verdict.MET.value: "Đạt",
    spec.Verdict.NOT_MET.value: "Không đạt",
    spec.Verdict.NOT_APPLICABLE.value: "Không áp dụng",
    spec.Verdict.OCCURS.value: "Có xảy ra",
    spec.Verdict.ABSENT.value: "Không xảy ra",
}
VERDICT_CHOICES = list(VERDICT_LABELS.items())


class Layer(models.TextChoices):
    """Who speaks. EFFECTIVE is never answered, only scored: the delegation's word, else the agency's."""

    SELF = "self", "Tự đánh giá"
    AGENCY = "agency", "Cơ quan thẩm định"
    DELEGATION = "delegation", "Đoàn thẩm định"
    EFFECTIVE = "effective", "Kết quả thẩm định"


ANSWERED = (Layer.SELF, Layer.AGENCY, Layer.DELEGATION)


class Verdict(models.Model):
    """One layer's answer to one entry.

    `stated` is what a person chose; `value` is what counts after the figures and, for a derived entry,
    after the contents (assessments.scoring). A row with neither holds a note or figures given earlier.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="verdicts")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    layer = models.CharField("bên đánh giá", max_length=10, choices=Layer)
    stated = models.CharField("đánh giá", max_length=15, choices=VERDICT_CHOICES, blank=True)
    value = models.CharField("kết quả", max_length=15, choices=VERDICT_CHOICES, blank=True)
    note = models.TextField("ghi chú", max_length=2000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField("sửa lúc")

    class Meta:
        verbose_name = verbose_name_plural = "đánh giá từng mục"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "entry", "layer"], name="verdict_once_per_layer"),
            models.CheckConstraint(
                name="verdict_exempt_has_reason", condition=~Q(stated="not_applicable") | ~Q(note="")
            ),
            models.CheckConstraint(name="verdict_layer_answers", condition=Q(layer__in=[str(x) for x in ANSWERED])),
            models.CheckConstraint(
                name="verdict_known",
                condition=Q(stated__in=["", *VERDICT_LABELS]) & Q(value__in=["", *VERDICT_LABELS]),
            ),
            models.CheckConstraint(name="verdict_note_nfc", condition=IsNFC(F("note"))),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_value_display() or 'Chưa đánh giá'}"


class Figure(models.Model):
    """The counts behind an indicator. Households are copied in, so that the database can compare them."""

    verdict = models.ForeignKey(Verdict, models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    numerator = models.PositiveIntegerField("tử số", null=True, blank=True)
    denominator = models.PositiveIntegerField("mẫu số", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu"
        constraints = [
            models.UniqueConstraint(fields=["verdict", "indicator"], name="figure_once"),
            models.CheckConstraint(
                name="figure_numerator_within_denominator",
                condition=Q(numerator__isnull=True) | Q(denominator__isnull=True) | Q(numerator__lte=F("denominator")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.numerator}/{self.denominator}"


class Evidence(models.Model):
    """A file, or the reference of a paper document, for one entry. Removal keeps the row and the file."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    layer = models.CharField("bên cung cấp", max_length=10, choices=Layer)
    reference = models.CharField("tên, số ký hiệu văn bản", max_length=300, blank=True)
    # A model or group of the unit that is shown as evidence; `reference` says how it stood then.
    community_model = models.ForeignKey(CommunityModel, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.FileField("tệp", blank=True, max_length=200)
    original_name = models.CharField("tên tệp", max_length=200, blank=True)
    content_type = models.CharField("loại tệp", max_length=100, blank=True)
    size = models.PositiveIntegerField("dung lượng (byte)", default=0)
    sha256 = models.CharField("mã kiểm tra", max_length=64, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc", auto_now_add=True)
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "minh chứng"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_file_or_reference",
                condition=(Q(file="") & ~Q(reference=""))
                | (~Q(file="") & ~Q(original_name="") & ~Q(sha256="") & Q(size__gt=0)),
            ),
            models.UniqueConstraint(
                fields=["assessment", "entry", "layer", "community_model"],
                condition=Q(removed_at__isnull=True, community_model__isnull=False),
                name="evidence_model_once",
            ),
            # The same file twice on the same entry is a double click, not more evidence.
            models.UniqueConstraint(
                fields=["assessment", "entry", "layer", "sha256"],
                condition=Q(removed_at__isnull=True) & ~Q(sha256=""),
                name="evidence_file_once",
            ),
            models.CheckConstraint(name="evidence_layer_answers", condition=Q(layer__in=[str(x) for x in ANSWERED])),
            models.CheckConstraint(
                name="evidence_removed_by_somebody",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_names_nfc", condition=IsNFC(F("original_name")) & IsNFC(F("reference"))
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or self.reference


class Summary(models.Model):
    """The stored outcome of one layer, written in the transaction of the change that made it.

    `outcome` is assessments.scoring.Outcome.as_dict(); `manage.py check_summaries` proves it fresh.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="summaries")
    layer = models.CharField("bên đánh giá", max_length=10, choices=Layer)
    qualifies = models.BooleanField("đủ điều kiện")
    assessed = models.PositiveSmallIntegerField("đã đánh giá")
    to_assess = models.PositiveSmallIntegerField("phải đánh giá")
    outcome = models.JSONField("kết quả chi tiết")
    updated_at = models.DateTimeField("tính lúc", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "kết quả tổng hợp"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "layer"], name="summary_once"),
            models.CheckConstraint(name="summary_layer_known", condition=Q(layer__in=Layer.values)),
            models.CheckConstraint(name="summary_assessed_within", condition=Q(assessed__lte=F("to_assess"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_layer_display()}: {self.assessed}/{self.to_assess}"

    @property
    def complete(self) -> bool:
        return self.assessed == self.to_assess
