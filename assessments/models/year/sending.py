"""What is written, sent to the city by a milestone, and taken or given back: plans, estimates, reports."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q


class Sent(models.Model):
    """What these rows share. `received_on` decides whether it came in time.

    It is the day of sending, unless home affairs received the paper on an earlier day and says so.
    """

    number = models.CharField("số, ký hiệu", max_length=50, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    received_on = models.DateField("ngày nhận", null=True, blank=True)
    return_reason = models.TextField("lý do trả lại", max_length=2000, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        abstract = True

    def came_late(self, before: date | None) -> bool:
        """Whether it came on the day of the milestone or after it: "before" is strict."""
        return bool(before and self.received_on and self.received_on >= before)


def sent_has_time(name: str, *open_states: str) -> models.CheckConstraint:
    """In every state but these, the row says when it was sent and when it was received."""
    return models.CheckConstraint(
        name=name,
        condition=Q(state__in=open_states)
        | Q(submitted_at__isnull=False, submitted_by__isnull=False, received_on__isnull=False),
    )
