"""Throwing away what nobody needs any more: old orders, made files, traces of tasks. What was issued stays."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reports import store, tasks
from reports.models import IssuedPaper, PrintJob, PrintPart, StoredFile

TASK_DAYS = 14
DEAD_AFTER = timedelta(days=1)  # no task runs as long
# What is just being written has no row yet.
GRACE_SECONDS = 24 * 3600

NAMING: tuple[type[Model], ...] = (IssuedPaper, PrintJob, PrintPart)


@dataclass(frozen=True, slots=True)
class Swept:
    """How much went."""

    orders: int
    files: int
    strays: int
    tasks: int


def sweep(days: int) -> Swept:
    """Orders that ended so many days ago, files unused for as long, bytes without a row, tasks that are over."""
    before = timezone.now() - timedelta(days=days)
    over = Q(finished_at__lt=before) | Q(cancelled_at__lt=before)
    old = PrintJob.objects.filter(over)
    orders = old.count()
    old.delete()
    return Swept(orders, _files(before), _strays(), _tasks())


def _files(before: object) -> int:
    """Made files that no order and no issued paper names and nobody asked for lately; a moment's race keeps them."""
    day = timezone.localtime(before).date()  # type: ignore[arg-type]
    unused = StoredFile.objects.filter(used_on__lt=day)
    for model in NAMING:
        unused = unused.exclude(Exists(model._default_manager.filter(file=OuterRef("pk"))))
    gone = 0
    for pk in list(unused.values_list("pk", flat=True)):
        with transaction.atomic():
            file = StoredFile.objects.select_for_update().filter(pk=pk, used_on__lt=day).first()
            if file is None or any(model._default_manager.filter(file=file).exists() for model in NAMING):
                continue
            if not store.left_alone(file.sha256):
                continue
            path, shared = store.place(file), StoredFile.objects.filter(sha256=file.sha256, format=file.format)
            alone = shared.count() == 1
            file.delete()
            if alone:  # while the lock lasts: whoever writes the same again does it afterwards
                path.unlink(missing_ok=True)
        gone += 1
    return gone


def _strays() -> int:
    """Bytes without a row and folders of work that was cut off, once they are old enough to be nobody's."""
    gone = 0
    for path in _old_paths(Path(settings.DOCUMENT_ROOT)):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not _stray(path):
            continue
        gone += 1
    return gone


@transaction.atomic
def _stray(path: Path) -> bool:
    """Delete the file if no row names it and nobody is about to; whether it is gone."""
    hashed = re.fullmatch("[0-9a-f]{64}", path.stem)
    if hashed and not store.left_alone(path.stem):
        return False
    if StoredFile.objects.filter(sha256=path.stem, format=path.suffix[1:]).exists():
        return False
    path.unlink(missing_ok=True)
    return True


def _old_paths(root: Path) -> Iterator[Path]:
    limit = time.time() - GRACE_SECONDS
    for path in [*root.glob(f"{store.WORKSHOP}*"), *root.glob("??/*")]:
        try:
            if path.stat().st_mtime < limit:
                yield path
        except FileNotFoundError:
            continue


def _tasks() -> int:
    """Tasks that ended, and those whose worker died without a word."""
    now = timezone.now()
    ours = DBTaskResult.objects.filter(task_path__in=tasks.OURS)
    over = Q(finished_at__lt=now - timedelta(days=TASK_DAYS))
    return ours.filter(over | Q(status="RUNNING", started_at__lt=now - DEAD_AFTER)).delete()[0]
