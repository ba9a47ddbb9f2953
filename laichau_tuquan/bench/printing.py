"""Many dossiers at once: one process against two, and the second order of what did not change."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection
from django.test import override_settings

from accounts.models import User
from laichau_tuquan.bench.data import Scene
from laichau_tuquan.bench.measure import Row, Timing
from reports import ordering
from reports.bundles import Item
from reports.models import PrintJob
from reports.models.files import Format

DOSSIERS = 70
SECONDS = 600
LIMIT = Timing(3000, 3000, 6000)


def measured(scene: Scene) -> Iterator[Row]:
    """Rows of the table. Processor time is the workers' own, without the database's."""
    units = list(scene.plan.registrations.order_by("pk").values_list("assessment__pk", flat=True)[:DOSSIERS])
    with tempfile.TemporaryDirectory() as one, working(1, Path(one)) as crew:
        single = ordered(scene.officer, units, crew)
    with tempfile.TemporaryDirectory() as two, working(2, Path(two)) as crew:
        both = ordered(scene.officer, units, crew)
        again = ordered(scene.officer, units, crew)
    # Twice the single speed is half the wall time, with no more work done in all.
    half = Timing(single.median / 2, single.least / 2, single.cpu)
    yield Row(f"in {len(units)} hồ sơ, một tiến trình", single, single, "chính nó")
    yield Row(f"in {len(units)} hồ sơ, hai tiến trình", both, half, "nửa thời gian của một tiến trình")
    yield Row(f"in lại {len(units)} hồ sơ không đổi", again, LIMIT, "giới hạn 3 giây; CPU: hai lõi")


@contextmanager
def working(processes: int, folder: Path) -> Iterator[psutil.Process]:
    """So many workers on this database, warm, with an empty store."""
    url = urlsplit(os.environ.get("DATABASE_URL") or settings.DATABASE_URL)
    url = url._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = dict(os.environ) | {"DATABASE_URL": url.geturl(), "DATA_DIR": str(folder)}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--processes", str(processes)]
    crew = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603
    try:
        with override_settings(DOCUMENT_ROOT=folder / "documents", PRINT_LANES=processes):
            wait(lambda: alive() == processes)
            yield psutil.Process(crew.pid)
    finally:
        crew.terminate()
        crew.wait(60)


def alive() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 202004")
        return int(cursor.fetchone()[0])


def ordered(user: User, units: list[int], crew: psutil.Process) -> Timing:
    """From the order to its file."""
    items = [Item("phieu-danh-gia", str(pk), Format.PDF, f"Hồ sơ {pk}", f"{pk}.pdf") for pk in units]
    started, used = time.perf_counter(), _processor_time(crew)
    job = ordering.place(user=user, title="Đo", key=f"đo {started}", items=items, form=Format.ZIP)
    wait(lambda: not PrintJob.objects.get(pk=job.pk).open)
    spent = (time.perf_counter() - started) * 1000
    job.refresh_from_db()
    assert job.file is not None and not job.parts.exclude(error="").exists()
    return Timing(spent, spent, _processor_time(crew) - used)


def _processor_time(crew: psutil.Process) -> float:
    """Milliseconds that the workers have computed."""
    times = [worker.cpu_times() for worker in crew.children(recursive=True)]
    return sum(one.user + one.system for one in times) * 1000


def wait(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < until, "Không có tiến trình in nào làm việc."
        time.sleep(0.02)
