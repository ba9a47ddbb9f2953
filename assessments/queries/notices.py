"""What is read of notices: a person's own, and nothing else."""

from django.db.models import BooleanField, Case, Max, QuerySet, Value, When
from django.db.models.functions import TruncDate

from accounts.models import User
from assessments.models import Notice


def own(user: User) -> QuerySet[Notice]:
    """Unread first, then by day, kind and time; annotations: unread, day."""
    unread = Case(When(read_at__isnull=True, then=Value(True)), default=Value(False), output_field=BooleanField())
    found = Notice.objects.filter(recipient=user).annotate(unread=unread, day=TruncDate("created_at"))
    return found.order_by("-unread", "-day", "kind", "-pk")


def newest(user: User) -> int:
    """The highest number so far: what comes after it the person has not seen."""
    return Notice.objects.filter(recipient=user).aggregate(newest=Max("pk"))["newest"] or 0


def unread_count(user: User) -> int:
    """How many notices the person has not opened."""
    return Notice.objects.filter(recipient=user, read_at__isnull=True).count()
