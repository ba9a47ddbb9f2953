"""What the screens read of orders; each person sees the own ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from assessments.permissions import AnyUser, may_print, visible_assessments, visible_certificates, visible_visits
from reports import registry, wording, working
from reports.models import PrintJob, PrintPart
from reports.papers.base import NotYet

PATIENCE = timedelta(seconds=15)
SHOWN = 100  # of the latest orders
NAMED = 4  # papers in the making that are told by name


@dataclass(frozen=True, slots=True)
class Progress:
    """How an order stands."""

    job: PrintJob
    total: int
    made: int
    making: list[PrintPart]
    failed: list[PrintPart] = field(default_factory=list)
    unattended: bool = False

    @property
    def done(self) -> int:
        return self.made + len(self.failed)

    @property
    def binding(self) -> bool:
        """Whether all papers are made and only the one file is missing."""
        return self.job.open and self.done == self.total

    @property
    def size(self) -> str:
        return wording.size(self.job.file.size) if self.job.file else ""


def own_orders(user: AnyUser) -> QuerySet[PrintJob]:
    """The orders of this person."""
    if not isinstance(user, User) or not may_print(user):
        return PrintJob.objects.none()
    return PrintJob.objects.filter(owner=user).select_related("file")


def may_take(user: AnyUser, job: PrintJob) -> bool:
    """Whether everything in the finished file still exists for this person: rights may have changed since."""
    subjects: dict[str, set[str]] = {}
    for kind, subject in job.parts.filter(file__isnull=False).values_list("kind", "subject"):
        subjects.setdefault(kind, set()).add(subject)
    return all(_sees(user, kind, of_kind) for kind, of_kind in subjects.items())


def _sees(user: AnyUser, kind: str, subjects: set[str]) -> bool:
    try:
        paper = registry.find(kind)
        if not paper.may(user):
            return False
        if scope := _SCOPES.get(paper.about):
            numbers = [registry.ids(subject)[0] for subject in subjects]
            return bool(scope(user).filter(pk__in=numbers).count() == len(numbers))
        for subject in subjects:
            paper.read(user, registry.ids(subject))
    except (KeyError, ObjectDoesNotExist, NotYet):
        return False
    return True


_SCOPES: dict[registry.About, Callable[[AnyUser], QuerySet[Any]]] = {
    registry.About.ASSESSMENT: visible_assessments,
    registry.About.VISIT: visible_visits,
    registry.About.CERTIFICATE: visible_certificates,
}


def latest(user: AnyUser) -> list[PrintJob]:
    """The latest orders with what is made of each: total, made, failed."""
    counted = own_orders(user).annotate(
        total=Count("parts"),
        made=Count("parts", filter=Q(parts__file__isnull=False)),
        failed=Count("parts", filter=~Q(parts__error="")),
    )
    found: list[PrintJob] = list(counted.order_by("-pk")[:SHOWN])
    for job in found:
        job.size_words = wording.size(job.file.size) if job.file else ""  # type: ignore[attr-defined]
    return found


def progress(job: PrintJob) -> Progress:
    """Counts, what is in the making, what failed, and whether anybody prints at all."""
    parts = job.parts.aggregate(total=Count("pk"), made=Count("pk", filter=Q(file__isnull=False)))
    failed = list(job.parts.exclude(error="").order_by("position"))
    begun = job.parts.filter(file__isnull=True, error="", attempts__gt=0).order_by("position")
    making = list(begun[:NAMED]) if job.open else []
    waiting = job.open and _waits(job.ordered_at) and not working.anybody_alive()
    return Progress(job, parts["total"], parts["made"], making, failed, waiting)


def _waits(since: datetime) -> bool:
    return timezone.now() - since > PATIENCE
