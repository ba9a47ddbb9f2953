"""What is read of places."""

from datetime import date

from django.db.models import Q

from localities.models import Authority


def authority_on(day: date) -> Authority | None:
    """The city's authority that signed documents on this day."""
    return (
        Authority.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )
        .order_by("-valid_from", "pk")
        .first()
    )
