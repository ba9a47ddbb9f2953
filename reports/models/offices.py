"""Who signs for an office, and what an agency was called, each for a period: papers of 2020 keep the names of 2020."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.models import Agency
from localities.models import Authority, DateRange, Ward
from localities.text import IsNFC

OFFICES = ("authority", "ward", "agency")


def _exactly_one() -> Q:
    """Exactly one office is named."""
    either = Q(pk__in=[])
    for office in OFFICES:
        either |= Q(**{f"{other}__isnull": other != office for other in OFFICES})
    return either


def _in_order() -> Q:
    return Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until"))


class Period(models.Model):
    """Valid from one day to the end of another; an open end where the day is not known."""

    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_until = models.DateField("hiệu lực đến hết", null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        # Before the constraints: PostgreSQL cannot even build a period that ends before it begins.
        if self.valid_from and self.valid_until and self.valid_from > self.valid_until:
            raise ValidationError({"valid_until": "Ngày hết hiệu lực đứng trước ngày bắt đầu."})


class Signer(Period):
    """How an office's papers are signed during a period: on whose behalf, in which office, by whom."""

    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey(Ward, models.PROTECT, null=True, blank=True, related_name="signers")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="signers")
    capacity = models.CharField(
        "quyền hạn ký", max_length=100, blank=True, help_text="Ví dụ: TM. ỦY BAN NHÂN DÂN. Để trống nếu không có."
    )
    title = models.CharField(
        "chức vụ", max_length=200, help_text="Mỗi dòng một chức vụ, ví dụ: KT. CHỦ TỊCH rồi xuống dòng PHÓ CHỦ TỊCH"
    )
    full_name = models.CharField("họ và tên", max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "người ký văn bản"
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(name="signer_of_one_office", condition=_exactly_one()),
            models.CheckConstraint(name="signer_period_in_order", condition=_in_order()),
            models.CheckConstraint(
                name="signer_text_nfc",
                condition=IsNFC(F("capacity")) & IsNFC(F("title")) & IsNFC(F("full_name")) & ~Q(title=""),
            ),
            ExclusionConstraint(
                name="signer_one_at_a_time",
                expressions=[
                    (Coalesce("authority", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("ward", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("agency", Value(0)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Thời gian này đã có người ký khác của cùng cơ quan.",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.title.replace("\n", " "), self.full_name) if part)


class OfficeName(Period):
    """What an agency was called during a period; outside of all periods its present name counts."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names", verbose_name="cơ quan")
    name = models.CharField("tên cơ quan", max_length=200)
    symbol = models.CharField("chữ viết tắt", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "tên cơ quan theo thời gian"
        ordering = ["agency", "-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(name="office_name_period_in_order", condition=_in_order()),
            models.CheckConstraint(
                name="office_name_text_nfc",
                condition=IsNFC(F("name")) & IsNFC(F("symbol")) & ~Q(name="") & ~Q(symbol=""),
            ),
            ExclusionConstraint(
                name="office_name_one_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Thời gian này cơ quan đã có tên khác.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
