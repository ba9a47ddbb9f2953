"""Versions of the criteria table. A published version never changes; the database refuses it (migration 0002)."""

from django.db import models
from django.db.models import F, Q

from criteria.spec import Comparator, DenominatorSource, EntryKind, IndicatorKind
from localities.models import Unit, Ward
from localities.text import IsNFC


class CriteriaSetManager(models.Manager["CriteriaSet"]):
    def get_by_natural_key(self, code: str, version: int) -> "CriteriaSet":
        return self.get(code=code, version=version)


class CriteriaSet(models.Model):
    """One version of the table with its legal basis, its percentages and the decisions taken where it is silent."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        PUBLISHED = "published", "Đang áp dụng"
        RETIRED = "retired", "Hết áp dụng"

    code = models.SlugField("mã")
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    title = models.CharField("tên", max_length=300)
    legal_basis = models.TextField("căn cứ")
    notes = models.TextField("quyết định khi văn bản chưa quy định", blank=True)
    standard_percent = models.PositiveSmallIntegerField("tỷ lệ tiêu chí đạt của mỗi tiêu chuẩn (%)")
    content_percent = models.PositiveSmallIntegerField("tỷ lệ mục đạt của mỗi nội dung tự quản (%)")
    status = models.CharField("tình trạng", max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField("áp dụng từ", null=True, blank=True)
    retired_at = models.DateTimeField("hết áp dụng từ", null=True, blank=True)
    predecessor = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name="thay cho phiên bản",
    )

    objects = CriteriaSetManager()

    class Meta:
        verbose_name = verbose_name_plural = "bộ tiêu chí"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="criteria_set_version_once"),
            models.CheckConstraint(
                name="criteria_set_percent_range",
                condition=Q(standard_percent__range=(1, 100), content_percent__range=(1, 100)),
            ),
            models.CheckConstraint(
                name="criteria_set_status_dates",
                condition=Q(status="draft", published_at__isnull=True, retired_at__isnull=True)
                | Q(status="published", published_at__isnull=False, retired_at__isnull=True)
                | Q(status="retired", published_at__isnull=False, retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.version})"

    def natural_key(self) -> tuple[str, int]:
        return (self.code, self.version)


class SectionManager(models.Manager["Section"]):
    def get_by_natural_key(self, code: str, version: int, kind: str, number: int) -> "Section":
        return self.get(criteria_set__code=code, criteria_set__version=version, kind=kind, number=number)


class Section(models.Model):
    """A standard (six) or a self-management content (six)."""

    class Kind(models.TextChoices):
        STANDARD = "standard", "Tiêu chuẩn"
        CONTENT = "content", "Nội dung tự quản"

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="sections")
    kind = models.CharField("loại", max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField("số")
    name = models.TextField("tên")

    objects = SectionManager()

    class Meta:
        verbose_name = verbose_name_plural = "tiêu chuẩn, nội dung tự quản"
        ordering = ["-kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "kind", "number"], name="section_once"),
            models.CheckConstraint(name="section_kind_known", condition=Q(kind__in=["standard", "content"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def natural_key(self) -> tuple[str, int, str, int]:
        return (*self.criteria_set.natural_key(), self.kind, self.number)


class EntryManager(models.Manager["Entry"]):
    def get_by_natural_key(self, code: str, version: int, key: str) -> "Entry":
        return self.get(criteria_set__code=code, criteria_set__version=version, key=key)


class Entry(models.Model):
    """One row of the table: criterion, item of a content, or disqualifying case."""

    KINDS = [
        (EntryKind.CRITERION.value, "Tiêu chí"),
        (EntryKind.ITEM.value, "Mục nội dung tự quản"),
        (EntryKind.CASE.value, "Trường hợp không đảm bảo"),
    ]

    criteria_set = models.ForeignKey(CriteriaSet, models.CASCADE, related_name="entries")
    section = models.ForeignKey(Section, models.CASCADE, null=True, blank=True, related_name="entries")
    kind = models.CharField("loại", max_length=10, choices=KINDS)
    key = models.CharField("khóa", max_length=20)
    code = models.CharField("số", max_length=10)
    position = models.PositiveSmallIntegerField("thứ tự")
    block = models.CharField("số tiểu mục", max_length=10, blank=True)
    block_name = models.CharField("tên tiểu mục", max_length=200, blank=True)
    text = models.TextField("nội dung")
    derived = models.BooleanField("suy ra từ các nội dung tự quản", default=False)
    contradicts = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="contradicted_by",
        verbose_name="mâu thuẫn với tiêu chí",
    )

    objects = EntryManager()

    class Meta:
        verbose_name = verbose_name_plural = "mục của bộ tiêu chí"
        ordering = ["criteria_set", "position"]
        constraints = [
            models.UniqueConstraint(fields=["criteria_set", "key"], name="entry_key_once"),
            models.UniqueConstraint(fields=["criteria_set", "position"], name="entry_position_once"),
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=["criterion", "item", "case"])),
            models.CheckConstraint(
                name="entry_case_stands_alone",
                condition=Q(kind="case", section__isnull=True) | (~Q(kind="case") & Q(section__isnull=False)),
            ),
            models.CheckConstraint(name="entry_text_nfc", condition=IsNFC(F("text"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"

    def natural_key(self) -> tuple[str, int, str]:
        return (*self.criteria_set.natural_key(), self.key)


class Alternative(models.Model):
    """The text a kind of unit, or a unit in a kind of ward, sees instead (2.3, 2.5)."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="alternatives")
    unit_kind = models.CharField("loại tổ, bản", max_length=10, choices=Unit.Kind, blank=True)
    ward_kind = models.CharField("loại xã, phường", max_length=10, choices=Ward.Kind, blank=True)
    text = models.TextField("nội dung")

    class Meta:
        verbose_name = verbose_name_plural = "nội dung theo loại"
        ordering = ["entry", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "unit_kind", "ward_kind"], name="alternative_once"),
            models.CheckConstraint(name="alternative_for_some_kind", condition=~Q(unit_kind="") | ~Q(ward_kind="")),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_unit_kind_display() or self.get_ward_kind_display()}"


class Exemption(models.Model):
    """Permission to answer "not applicable", for one kind of unit or (empty) for all."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="exemptions")
    unit_kind = models.CharField("loại tổ, bản", max_length=10, choices=Unit.Kind, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "mục được phép không áp dụng"
        ordering = ["entry", "pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "unit_kind"], name="exemption_once")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.get_unit_kind_display() or 'mọi loại'}"


class IndicatorManager(models.Manager["Indicator"]):
    def get_by_natural_key(self, code: str, version: int, entry: str, key: str) -> "Indicator":
        return self.get(entry__criteria_set__code=code, entry__criteria_set__version=version, entry__key=entry, key=key)


class Indicator(models.Model):
    """A figure that an entry states; for a case, reaching it means that the case occurs."""

    KINDS = [(IndicatorKind.RATIO.value, "Tỷ lệ"), (IndicatorKind.COUNT.value, "Số lượng")]
    COMPARATORS = [(c.value, c.value) for c in Comparator]
    SOURCES = [
        (DenominatorSource.OWN.value, "Nhập cùng tử số"),
        (DenominatorSource.HOUSEHOLDS.value, "Tổng số hộ trong năm"),
        (DenominatorSource.INDICATOR.value, "Tử số của chỉ số khác"),
    ]

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="indicators")
    key = models.SlugField("khóa")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    label = models.CharField("tên chỉ số", max_length=200)
    kind = models.CharField("loại", max_length=10, choices=KINDS)
    numerator_label = models.CharField("tên tử số", max_length=200)
    denominator_label = models.CharField("tên mẫu số", max_length=200, blank=True)
    unit_word = models.CharField("đơn vị tính", max_length=50, blank=True)
    comparator = models.CharField("so sánh", max_length=2, choices=COMPARATORS)
    threshold = models.PositiveIntegerField("ngưỡng")
    denominator_source = models.CharField("nguồn mẫu số", max_length=10, choices=SOURCES, default="own")
    base = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, verbose_name="chỉ số làm mẫu số")
    unit_kind = models.CharField("chỉ cho loại", max_length=10, choices=Unit.Kind, blank=True)

    objects = IndicatorManager()

    class Meta:
        verbose_name = verbose_name_plural = "chỉ số"
        ordering = ["entry", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "key"], name="indicator_once"),
            models.CheckConstraint(
                name="indicator_ratio_in_percent", condition=~Q(kind="ratio") | Q(threshold__lte=100)
            ),
            models.CheckConstraint(
                name="indicator_base_when_needed",
                condition=Q(denominator_source="indicator", base__isnull=False)
                | (~Q(denominator_source="indicator") & Q(base__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.label}"

    def natural_key(self) -> tuple[str, int, str, str]:
        return (*self.entry.natural_key(), self.key)
