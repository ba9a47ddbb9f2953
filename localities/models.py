"""Places: the city's authority, its wards and communes, their units and the units' yearly figures."""

from collections.abc import Mapping

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Lower

from localities.text import IsNFC, NaturalOrder


class DateRange(Func):
    """daterange(from, until, '[]'): an open end where the date is unknown."""

    function = "daterange"
    output_field = DateRangeField()


class Authority(models.Model):
    """The city's people's committee as it signs documents during a period; the names change, the code does not."""

    name = models.CharField("tên cơ quan", max_length=200)
    superior_name = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    place_name = models.CharField("địa danh ghi trên văn bản", max_length=100)
    symbol = models.CharField("chữ viết tắt", max_length=20, default="UBND")
    home_affairs_name = models.CharField("cơ quan nội vụ", max_length=200)
    home_affairs_symbol = models.CharField("chữ viết tắt cơ quan nội vụ", max_length=20)
    signer_authority = models.CharField("quyền hạn ký", max_length=100, help_text="Ví dụ: TM. ỦY BAN NHÂN DÂN")
    signer_title = models.CharField("chức vụ người ký", max_length=200, help_text="Mỗi dòng một chức vụ")
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_until = models.DateField("hiệu lực đến hết", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "cơ quan quản lý"
        ordering = ["-valid_from", "pk"]

    def __str__(self) -> str:
        return self.name


class WardManager(models.Manager["Ward"]):
    def get_by_natural_key(self, code: str, valid_until: str | None) -> "Ward":
        return self.get(code=code, valid_until=valid_until)


class Ward(models.Model):
    """A ward or commune during one period: codes are reused when places change."""

    class Kind(models.TextChoices):
        COMMUNE = "commune", "Xã"
        WARD = "ward", "Phường"

    kind = models.CharField("loại", max_length=10, choices=Kind)
    code = models.CharField("mã", max_length=5, validators=[RegexValidator(r"^\d{5}$", "Mã gồm 5 chữ số.")])
    name = models.CharField("tên", max_length=100)
    authority_name = models.CharField("tên cơ quan", max_length=200)
    place_name = models.CharField("địa danh ghi trên văn bản", max_length=100)
    signer_title = models.CharField("chức vụ người ký", max_length=200, default="CHỦ TỊCH")
    symbol = models.CharField("chữ viết tắt trong ký hiệu văn bản", max_length=20, default="UBND")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_until = models.DateField("hiệu lực đến hết", null=True, blank=True)

    objects = WardManager()

    class Meta:
        verbose_name = verbose_name_plural = "xã, phường"
        ordering = ["position", "name"]
        constraints = [
            ExclusionConstraint(
                name="ward_code_once_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Mã này đã dùng cho một xã, phường khác trong cùng thời gian.",
            ),
            models.CheckConstraint(
                name="ward_period_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
            ),
            models.CheckConstraint(name="ward_kind_known", condition=Q(kind__in=["commune", "ward"])),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def there_in(self, year: int) -> bool:
        """Whether it existed at some time of the year."""
        begun = self.valid_from is None or self.valid_from.year <= year
        return begun and (self.valid_until is None or self.valid_until.year >= year)

    def clean(self) -> None:
        # Before the constraints: PostgreSQL cannot even build a period that ends before it begins.
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValidationError({"valid_until": "Ngày hết hiệu lực đứng trước ngày bắt đầu."})

    def natural_key(self) -> tuple[str, str | None]:
        return (self.code, self.valid_until.isoformat() if self.valid_until else None)


class Unit(models.Model):
    """A residential group (tổ dân phố) or village (bản): what is assessed and recognised."""

    class Kind(models.TextChoices):
        GROUP = "group", "Tổ dân phố"
        VILLAGE = "village", "Bản"

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="units", verbose_name="xã, phường")
    kind = models.CharField("loại", max_length=10, choices=Kind)
    name = models.CharField("tên", max_length=100)
    sort_name = models.GeneratedField(
        expression=NaturalOrder(F("name")), output_field=models.CharField(max_length=300), db_persist=True
    )
    demonstration = models.BooleanField("dữ liệu minh họa", default=False)
    valid_from = models.DateField("thành lập ngày", null=True, blank=True)
    valid_until = models.DateField("hoạt động đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "tổ dân phố, bản"
        ordering = ["ward__position", "sort_name"]
        constraints = [
            models.UniqueConstraint(
                "ward",
                Lower("name"),
                name="unit_name_once_in_ward",
                violation_error_message="Xã, phường này đã có tổ dân phố, bản cùng tên.",
            ),
            models.CheckConstraint(name="unit_kind_known", condition=Q(kind__in=["group", "village"])),
            models.CheckConstraint(name="unit_name_nfc", condition=IsNFC(F("name"))),
        ]

    def __str__(self) -> str:
        return self.name


MOST = 10_000_000  # people or households of a unit: no unit of the city has nearly as many


def count(label: str) -> "models.PositiveIntegerField[int | str | None, int | None]":
    """A number of people or households that may be unknown."""
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(MOST)])


class UnitYear(models.Model):
    """The figures of a unit in one year: counts only, never names; denominators of several criteria."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="years", verbose_name="tổ dân phố, bản")
    year = models.PositiveSmallIntegerField("năm", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    households = count("tổng số hộ")
    persons = count("số nhân khẩu")
    poor_households = count("số hộ nghèo")
    near_poor_households = count("số hộ cận nghèo")
    working_age_persons = count("số người trong độ tuổi lao động")
    business_households = count("số hộ kinh doanh")
    version = models.PositiveIntegerField("phiên bản", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "số liệu năm của tổ dân phố, bản"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="unit_year_once"),
            models.CheckConstraint(
                name="unit_year_poor_within_households",
                condition=Q(households__isnull=True)
                | Q(households__gte=Coalesce("poor_households", 0) + Coalesce("near_poor_households", 0)),
                violation_error_message="Hộ nghèo và cận nghèo cộng lại lớn hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="unit_year_workers_within_persons",
                condition=Q(persons__isnull=True)
                | Q(working_age_persons__isnull=True)
                | Q(persons__gte=F("working_age_persons")),
                violation_error_message="Người trong độ tuổi lao động lớn hơn số nhân khẩu.",
            ),
            models.CheckConstraint(
                name="unit_year_households_within_persons",
                condition=Q(households__isnull=True) | Q(persons__isnull=True) | Q(persons__gte=F("households")),
                violation_error_message="Số nhân khẩu nhỏ hơn tổng số hộ.",
            ),
            models.CheckConstraint(
                name="unit_year_business_within_households",
                condition=Q(households__isnull=True)
                | Q(business_households__isnull=True)
                | Q(households__gte=F("business_households")),
                violation_error_message="Số hộ kinh doanh lớn hơn tổng số hộ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.year}"

    def clean(self) -> None:
        """All that cannot be, each at its field; the constraints say the same to whoever comes another way."""
        doubts = doubtful({name: getattr(self, name) for name in COUNTS})
        if doubts:
            raise ValidationError(doubts)


COUNTS = (
    "households",
    "persons",
    "poor_households",
    "near_poor_households",
    "working_age_persons",
    "business_households",
)


def doubtful(counts: Mapping[str, int | None]) -> dict[str, str]:
    """Which of a unit's figures cannot be beside the others: a sentence at each; what is unknown is no doubt."""
    households, persons = counts.get("households"), counts.get("persons")
    poor, near = counts.get("poor_households"), counts.get("near_poor_households")
    working, business = counts.get("working_age_persons"), counts.get("business_households")
    found = {}
    if households is not None and persons is not None and persons < households:
        found["persons"] = (
            f"Số nhân khẩu ({persons}) nhỏ hơn tổng số hộ ({households}); mỗi hộ có ít nhất một người. "
            "Kiểm tra lại hai số."
        )
    if households is not None and (poor or 0) + (near or 0) > households:
        found["near_poor_households" if near and (poor or 0) <= households else "poor_households"] = (
            f"Số hộ nghèo và cận nghèo cộng lại ({(poor or 0) + (near or 0)}) lớn hơn tổng số hộ ({households}). "
            "Kiểm tra lại các số."
        )
    if working is not None and persons is not None and working > persons:
        found["working_age_persons"] = (
            f"Số người trong độ tuổi lao động ({working}) lớn hơn số nhân khẩu ({persons}). Kiểm tra lại hai số."
        )
    if business is not None and households is not None and business > households:
        found["business_households"] = (
            f"Số hộ kinh doanh ({business}) lớn hơn tổng số hộ ({households}). Kiểm tra lại hai số."
        )
    return found
