"""What a worker does with an order: take a paper, make it, take the next; the last one puts the file together.

The lock on a part's row is the lease: it lasts as long as the transaction in which the paper is made, so a process
that dies, on whichever machine, gives its part back at once, and nothing that was committed is done again.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments import notices
from assessments.models import Notice
from reports import binding, making, registry, store, tasks
from reports.models import PrintJob, PrintPart, StoredFile
from reports.models.files import Format
from reports.papers.base import NotYet

ATTEMPTS = 3
NOT_YOURS = "Văn bản này không còn trong phạm vi của bạn."
LOST = "Bản đã chốt của văn bản này không còn nguyên vẹn trên máy chủ. Báo quản trị khôi phục từ bản sao lưu."
DAMAGED = "Tệp đã lập không còn nguyên vẹn trên máy chủ. Bấm Thử lại để lập lại."
FAILED = "Không lập được sau 3 lần thử. Bấm Thử lại; nếu vẫn vậy, báo quản trị."
# A session lock that every worker holds: as long as somebody holds it, somebody prints.
ALIVE = (202_004, 1)
TURNS = 202_005  # whose turn it is to take a paper of an order
JUST_NOW = timedelta(seconds=2)

logger = logging.getLogger(__name__)
_stopping = False  # this process was asked to end: it finishes the paper in hand


def _to_do() -> QuerySet[PrintPart]:
    return PrintPart.objects.filter(
        file__isnull=True, error="", job__finished_at__isnull=True, job__cancelled_at__isnull=True
    )


def work_off(job_id: int) -> None:
    """Make papers of the order until it has none that is free, is cancelled, or the process is to end."""
    while not _stopping and _make_next(job_id):
        pass
    if not _to_do().filter(job=job_id).exists():
        tasks.bind_order.enqueue(job_id)


def _make_next(job_id: int) -> bool:
    """Make the next paper that nobody has in hand; False when there is none.

    Its attempt is counted, and committed, before it is made: one that takes its worker down must not do so for
    ever. Between that and the lock under which it is made nobody else of the order gets a turn.
    """
    with _Turn(job_id) as turn:
        part_id = _claim(job_id)
        if part_id is None:
            return False
        with transaction.atomic():
            held = _to_do().select_for_update(skip_locked=True, of=("self",)).select_related("job__owner")
            part = held.filter(pk=part_id).first()
            turn.end()
            if part is not None:
                _try(part)
                part.save(update_fields=["file", "error"])
    return True


@transaction.atomic
def _claim(job_id: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO OFF")  # a count that a power cut may lose
    free = _to_do().filter(job=job_id).select_for_update(skip_locked=True, of=("self",)).order_by("position")
    part_id = free.values_list("pk", flat=True).first()
    if part_id is not None:
        PrintPart.objects.filter(pk=part_id).update(attempts=F("attempts") + 1)
    return part_id


class _Turn:
    """A moment in which this process alone takes papers of the order: a lock of the session, gone when it dies."""

    def __init__(self, job_id: int) -> None:
        self._lock = (TURNS, job_id % 2**31)
        self._held = False

    def __enter__(self) -> Self:
        _ask("SELECT pg_advisory_lock(%s, %s)", self._lock)
        self._held = True
        return self

    def end(self) -> None:
        if self._held:
            self._held = False
            _ask("SELECT pg_advisory_unlock(%s, %s)", self._lock)

    def __exit__(self, *_: object) -> None:
        self.end()


def _ask(question: str, values: tuple[int, int]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def _try(part: PrintPart) -> None:
    if part.attempts > ATTEMPTS:
        part.error = FAILED
        return
    owner = part.job.owner
    try:
        with transaction.atomic():
            paper = registry.find(part.kind)
            if not owner.is_active or not paper.may(owner):
                raise ObjectDoesNotExist
            part.file = making.make(owner, paper, registry.ids(part.subject), Format(part.format)).file
    except (ObjectDoesNotExist, KeyError):
        part.error = NOT_YOURS
    except NotYet as error:
        part.error = str(error)[:500] or NOT_YOURS
    except store.Damaged:
        part.error = LOST
    except Exception:
        logger.exception("Part %s of order %s could not be made", part.pk, part.job_id)
        part.error = FAILED if part.attempts >= ATTEMPTS else ""


@transaction.atomic
def finish(job_id: int) -> None:
    """Put the papers into one file and tell the owner, once; whoever holds the order's row does it."""
    held = PrintJob.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    job = held.filter(pk=job_id, finished_at__isnull=True, cancelled_at__isnull=True).first()
    if job is None or _to_do().filter(job=job).exists():
        return
    try:
        with transaction.atomic():
            job.file = bind(job)
    except Exception:
        logger.exception("Order %s could not be put together", job.pk)
    end(job)


def end(job: PrintJob) -> None:
    """The order is over, with a file or without one; its owner is told."""
    job.finished_at = timezone.now()
    job.save(update_fields=["file", "finished_at"])
    failed = job.parts.exclude(error="").count()
    text = f"Đã in xong: {job.title}." if job.file else f"Không in được: {job.title}."
    if job.file and failed:
        text = f"Đã in xong, còn {failed} văn bản không lập được: {job.title}."
    address = reverse("reports:order", args=[job.pk])
    key = f"in-{job.pk}-{job.finished_at:%Y%m%dT%H%M%S%f}"
    notices.send(Notice.Kind.PRINTED, [job.owner], text, address, key=key)


def bind(job: PrintJob) -> StoredFile | None:
    """The file of an order from its parts, from the store where the same parts were bound before."""
    parts = list(job.parts.select_related("file"))
    made = [(part, file) for part in parts if (file := _proved(part))]
    if not made:
        return None
    if len(parts) == 1 and made[0][1].format == job.format:
        return made[0][1]
    missing = [f"Không lập được: {part.label}. {part.error}" for part in parts if part.error]
    told = [job.format, job.title, [(part.file_name, file.sha256) for part, file in made], missing]
    key = hashlib.sha256(json.dumps(["bundle", 1, *told]).encode()).hexdigest()
    if found := store.find(key):
        return found
    entries = [binding.Entry(part.file_name, store.place(file), file.pages or 0) for part, file in made]
    with store.workshop() as folder:
        target = folder / f"bound.{job.format}"
        pages = None
        if job.format == Format.PDF:
            pages = binding.merge(target, job.title, entries)
        else:
            listed = [f"{entry.name}{f' ({entry.pages} trang)' if entry.pages else ''}" for entry in entries]
            binding.pack(target, entries, [job.title, "", *listed, *missing])
        return store.keep_file(key, Format(job.format), target, pages)


def _proved(part: PrintPart) -> StoredFile | None:
    """The part's file, if it is what was made; otherwise the part counts as not made and can be tried again."""
    if part.file is None:
        return None
    try:
        store.check(part.file)
    except store.Damaged:
        part.error = LOST if part.file.issued.exists() else DAMAGED
        part.file = None
        part.save(update_fields=["file", "error"])
    return part.file


def take_up() -> int:
    """Call lanes for open orders nobody works on: their workers died, or there was none. How many orders.

    Safe at any time and from any machine: a lane too many finds nothing to do.
    """
    taken = 0
    for job in PrintJob.objects.filter(finished_at__isnull=True, cancelled_at__isnull=True).order_by("pk"):
        if not _called(job.pk):
            taken += _take_up(job.pk)
    return taken


def _called(job_id: int) -> bool:
    """Whether somebody was called for the order and has not begun, or has begun only now."""
    rows = tasks.of_job(job_id)
    if rows.filter(status="READY").exists():
        return True
    return rows.filter(status="RUNNING", started_at__gt=timezone.now() - JUST_NOW).exists()


@transaction.atomic
def _take_up(job_id: int) -> bool:
    job = PrintJob.objects.select_for_update(skip_locked=True).filter(pk=job_id).first()
    if job is None or not job.open or not _ask("SELECT pg_try_advisory_xact_lock(%s, %s)", (TURNS, job_id % 2**31)):
        return False
    waiting = _to_do().filter(job=job)
    free = list(waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    if len(free) < waiting.count():
        return False  # somebody has one in hand and goes on afterwards
    died = tasks.of_job(job_id, [tasks.bind_order.module_path]).filter(status="RUNNING").count()
    if not free and died >= ATTEMPTS:
        logger.error("Order %s took %s workers down while it was put together", job_id, died)
        end(job)
        return False
    tasks.call_lanes(job)
    return True


def show_alive(**_: Any) -> None:
    """Hold the workers' lock on the present connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s, %s)", ALIVE)


def anybody_alive() -> bool:
    """Whether a worker is connected to this database."""
    held = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(f"{held} AND locktype = 'advisory' AND classid = %s AND objid = %s", ALIVE)
        return bool(cursor.fetchone()[0])


def serve_tasks(run_ready: Callable[[], None], pause: float) -> None:
    """The worker's day: what is ready, then orders that were left lying, until it is asked to end."""
    while not _stopping:
        take_up()
        run_ready()
        time.sleep(pause)


def ask_to_stop() -> None:
    """From a signal's handler: end after the paper in hand."""
    global _stopping
    _stopping = True
