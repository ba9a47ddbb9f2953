"""Sweeping: old orders and unused files go, what was issued or is still named stays."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from accounts.models import User
from reports import store, tasks
from reports.models import IssuedPaper, PrintJob, StoredFile
from reports.models.files import Format
from reports.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def documents(settings: Settings, tmp_path: Path) -> Path:
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT


def old_file(letter: str, content: bytes | None = None) -> StoredFile:
    file = store.keep(letter * 64, Format.PDF, content or letter.encode())
    StoredFile.objects.filter(pk=file.pk).update(used_on=timezone.localdate() - timedelta(days=100))
    return file


def ended(owner: User, days: int, file: StoredFile | None = None) -> PrintJob:
    at = timezone.now() - timedelta(days=days)
    return PrintJob.objects.create(owner=owner, title="In", format="pdf", key="b" * 64, finished_at=at, file=file)


def test_old_orders_go_with_their_files_and_young_ones_stay(officer: User) -> None:
    old, young = old_file("1"), old_file("2")
    ended(officer, 91, old)
    kept = ended(officer, 89, young)
    swept = sweep(90)
    assert (swept.orders, swept.files) == (1, 1)
    assert list(PrintJob.objects.all()) == [kept]
    assert not store.place(old).exists()
    assert store.place(young).exists()


def test_open_orders_stay_however_old(officer: User) -> None:
    job = PrintJob.objects.create(owner=officer, title="In", format="pdf", key="b" * 64)
    PrintJob.objects.filter(pk=job.pk).update(ordered_at=timezone.now() - timedelta(days=400))
    assert sweep(90).orders == 0


def test_issued_papers_stay(officer: User) -> None:
    file = old_file("1")
    IssuedPaper.objects.create(kind="x", subject="1", edition="1", format="pdf", title="T", file=file, made_by=officer)
    assert sweep(90).files == 0
    assert store.place(file).exists()


def test_bytes_that_another_row_names_too_stay() -> None:
    old_file("1", b"same")
    young = store.keep("2" * 64, Format.PDF, b"same")
    assert sweep(90).files == 1
    assert store.read(young) == b"same"


def test_strays_go_once_they_are_a_day_old(documents: Path) -> None:
    named = store.keep("1" * 64, Format.PDF, b"x")
    stray, fresh, work = documents / "ab" / "abc.pdf", documents / "ab" / "new.pdf", documents / f"{store.WORKSHOP}x"
    stray.parent.mkdir()
    work.mkdir()
    for path in stray, fresh:
        path.write_bytes(b"")
    long_ago = timezone.now().timestamp() - 2 * 24 * 3600
    for path in stray, work, store.place(named):
        os.utime(path, (long_ago, long_ago))
    assert sweep(90).strays == 2
    assert (stray.exists(), work.exists(), fresh.exists(), store.place(named).exists()) == (False, False, True, True)


def test_traces_of_tasks_go(officer: User) -> None:
    for _ in range(4):
        tasks.print_lane.enqueue(1)
    ended_long_ago, dead, running, _ = DBTaskResult.objects.all()
    now = timezone.now()
    DBTaskResult.objects.filter(pk=ended_long_ago.pk).update(status="SUCCESSFUL", finished_at=now - timedelta(days=15))
    DBTaskResult.objects.filter(pk=dead.pk).update(status="RUNNING", started_at=now - timedelta(days=2))
    DBTaskResult.objects.filter(pk=running.pk).update(status="RUNNING", started_at=now)
    assert sweep(90).tasks == 2
    assert DBTaskResult.objects.count() == 2


def test_the_command_says_what_it_did() -> None:
    out = StringIO()
    call_command("sweep_documents", stdout=out)
    assert "Đã dọn 0 lệnh in" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("sweep_documents", days=0)
