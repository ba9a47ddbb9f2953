"""Orders for tests: units to print, a quick stand-in for the press, and real worker processes."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.db import connection

from accounts.models import User
from assessments.models import Assessment, Plan
from reports import bundles, making, ordering, store
from reports.models import PrintJob
from reports.models.files import Format
from tests import factories
from tests.files import pdf

WARD_SET = bundles.find("phieu-danh-gia-xa-phuong")
SECONDS = 60


def units(officer: User, plan: Plan, count: int) -> list[Assessment]:
    """So many registered units of the officer's ward."""
    return [
        factories.open_assessment(
            unit=factories.UnitFactory(ward=officer.ward, name=f"Tổ {number}"), plan=plan, officer=officer
        )
        for number in range(1, count + 1)
    ]


def order(user: User, plan: Plan, form: Format = Format.ZIP) -> PrintJob:
    """All dossiers of the person's ward."""
    assert user.ward is not None
    return ordering.order(user=user, bundle=WARD_SET, ids=(plan.pk, user.ward.pk), form=form)


class QuickPress:
    """Makes a small PDF of its own for every paper; `spoil` may raise, or look on."""

    def __init__(self, spoil: Callable[[str], None] = lambda _: None) -> None:
        self.made: list[str] = []
        self.spoil = spoil

    def make(self, user: User, paper: object, ids: tuple[int, ...], form: Format) -> making.Document:
        subject = "-".join(map(str, ids))
        self.spoil(subject)
        self.made.append(subject)
        key = hashlib.sha256(f"thử {subject}".encode()).hexdigest()
        return making.Document(store.keep(key, form, pdf(), 1), subject, subject, True)


def url_of_database() -> str:
    """The test's own database, as another process reaches it."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def workers(processes: int, folder: Path) -> Iterator["Crew"]:
    """`manage.py work` on the test's database; what is left of it afterwards is ended."""
    environment = dict(os.environ) | {"DATABASE_URL": url_of_database(), "DATA_DIR": str(folder)}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--processes", str(processes)]
    with (folder / "work.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    crew = Crew(process, folder / "work.log")
    try:
        yield crew
    finally:
        children = crew.workers()
        process.terminate()
        process.wait(30)
        for child in children:
            if child.is_running():
                child.kill()


class Crew:
    """The running service."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process = process
        self.log = log

    def workers(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []


def wait_for(happened: Callable[[], object], seconds: float = SECONDS) -> None:
    """Until it is so; a test that waits in vain fails."""
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)
