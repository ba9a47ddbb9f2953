"""Deeds of whoever orders many papers: order, cancel, try again."""

import hashlib
from collections.abc import Sequence

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import permissions
from reports import tasks
from reports.bundles import Bundle, Item
from reports.models import PrintJob, PrintPart
from reports.models.files import Format
from reports.registry import Ids


class NothingToPrint(Exception):
    """The set is empty."""


class TooLate(Exception):
    """The order has ended, or its file is being put together this moment."""


def order(*, user: User, bundle: Bundle, ids: Ids, form: Format) -> PrintJob:
    """Order a set. The same order again while the first is still worked on is the same order.

    Raises ObjectDoesNotExist outside the person's scope, NothingToPrint for an empty set.
    """
    chosen = bundle.find(user, ids)
    key = f"{bundle.code} {'-'.join(map(str, ids))} {form}"
    items = chosen.items
    if len(items) == 1 and bundle.formats == (Format.PDF, Format.ZIP) and items[0].kind == bundle.code:
        items = [_alone(items[0], form)]
    return place(user=user, title=chosen.title, key=key, items=items, form=form)


def _alone(item: Item, form: Format) -> Item:
    """A paper that is itself a volume: PDF and ZIP are made of it, not from it."""
    return Item(item.kind, item.subject, form, item.label, f"{item.file_name.removesuffix('.pdf')}.{form}")


def place(*, user: User, title: str, key: str, items: Sequence[Item], form: Format) -> PrintJob:
    """Write the order down and call the workers. Raises NothingToPrint."""
    if not items:
        raise NothingToPrint
    hashed = hashlib.sha256(key.encode()).hexdigest()
    try:
        with transaction.atomic():
            job = PrintJob.objects.create(owner=user, title=title[:300], format=form, key=hashed)
            PrintPart.objects.bulk_create(
                PrintPart(
                    job=job, position=position, kind=item.kind, subject=item.subject, format=item.format,
                    label=item.label[:300], file_name=item.file_name[:250],
                )
                for position, item in enumerate(items, 1)
            )  # fmt: skip
            tasks.call_lanes(job)
    except IntegrityError:
        job = PrintJob.objects.get(owner=user, key=hashed, finished_at__isnull=True, cancelled_at__isnull=True)
    return job


@transaction.atomic
def cancel(*, user: User, job_id: int) -> PrintJob:
    """Stop after the papers that are being made this moment.

    Raises PrintJob.DoesNotExist for another person's order, TooLate for one that has ended.
    """
    job = _locked(user, job_id)
    if not job.open:
        raise TooLate
    job.cancelled_at = timezone.now()
    job.save(update_fields=["cancelled_at"])
    return job


@transaction.atomic
def retry(*, user: User, job_id: int) -> PrintJob:
    """Make again what could not be made, or go on after a cancellation; what is done stays done.

    Raises PrintJob.DoesNotExist for another person's order, TooLate when nothing is left to do, or when the same
    order is already being worked on.
    """
    job = _locked(user, job_id)
    unmade = job.parts.filter(file__isnull=True)
    if job.open or not (unmade.exists() or job.file_id is None):
        raise TooLate
    same = PrintJob.objects.filter(owner=user, key=job.key, finished_at__isnull=True, cancelled_at__isnull=True)
    if same.exists():
        raise TooLate
    unmade.update(error="", attempts=0)
    job.finished_at, job.cancelled_at, job.file = None, None, None
    try:
        with transaction.atomic():
            job.save(update_fields=["finished_at", "cancelled_at", "file"])
    except IntegrityError as error:  # ordered anew this moment
        raise TooLate from error
    tasks.call_lanes(job)
    return job


def _locked(user: User, job_id: int) -> PrintJob:
    if not permissions.may_print(user):
        raise PrintJob.DoesNotExist
    try:
        return PrintJob.objects.select_for_update(nowait=True).get(owner=user, pk=job_id)
    except OperationalError as error:  # a worker is putting the file together
        raise TooLate from error
