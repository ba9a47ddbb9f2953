"""What is read of places."""

from datetime import date

from django.db.models import Q, QuerySet

from localities.models import Authority, Ward


def authority_on(day: date) -> Authority | None:
    """The city's authority that signed documents on this day."""
    return (
        Authority.objects.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )
        .order_by("-valid_from", "pk")
        .first()
    )


def there_in(year: int) -> Q:
    """The condition on wards, or on units, that existed at some time of the year."""
    return Q(Q(valid_from__isnull=True) | Q(valid_from__year__lte=year)) & Q(
        Q(valid_until__isnull=True) | Q(valid_until__year__gte=year)
    )


def wards_in(year: int) -> QuerySet[Ward]:
    """The wards and communes that existed at some time of the year, in their order."""
    return Ward.objects.filter(there_in(year)).order_by("position", "pk")
