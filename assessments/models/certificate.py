"""Certificates of recognition: a number in the year's register and an address that confirms it to anybody."""

from django.db import models
from django.db.models import Q

from assessments.models.decision import DecisionLine
from assessments.models.plan import Plan


class Certificate(models.Model):
    """Given once to each unit that a confirmed decision recognises; never changed."""

    line = models.OneToOneField(DecisionLine, models.PROTECT, related_name="certificate")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField("số vào sổ")
    # Long enough that nobody finds one by guessing; letters that are not mistaken for one another.
    code = models.CharField("mã xác nhận", max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "giấy công nhận"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="certificate_number_once"),
            models.CheckConstraint(name="certificate_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="certificate_code_unguessable", condition=Q(code__regex=r"^[2-9A-HJ-NP-Z]{20}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.plan.year}"
