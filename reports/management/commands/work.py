"""The printing service: `manage.py work` keeps worker processes running until it is stopped."""

import gc
import logging
import os
import signal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.db.backends.signals import connection_created
from django.urls import reverse
from django_tasks_db.management.commands.db_worker import Worker

from reports import supervising, working

NICE = 5  # pages come before papers
SECONDS_BETWEEN_LOOKS = 0.3


class Command(BaseCommand):
    help = "Chạy các tiến trình in trong nền cho tới khi bị dừng (Ctrl-C hoặc SIGTERM)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=settings.PRINT_LANES, help="số tiến trình in")
        parser.add_argument("--worker", action="store_true", help="là một tiến trình in, không mở tiến trình khác")
        parser.add_argument("--parent", type=int, default=0, help="kết thúc cùng với tiến trình có số này")

    def handle(self, *args: Any, processes: int, worker: bool, parent: int, **options: Any) -> None:
        work(parent) if worker else keep(max(1, processes), parent)


def keep(size: int, parent: int) -> None:
    """Keep so many workers running."""
    crew = supervising.Crew(size)

    def stop(*_: object) -> None:
        crew.stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if parent:
        supervising.follow(parent)
    crew.run()


def work(parent: int) -> None:
    """Be a worker."""
    os.nice(NICE)
    logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
    logging.getLogger("django_tasks").setLevel(logging.WARNING)
    worker = Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=0,
        batch=True,  # comes back when nothing is ready, so that orders left lying are looked for
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=uuid4().hex,
    )

    def stop(*_: object) -> None:
        worker.running = False
        working.ask_to_stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if parent:
        supervising.follow(parent)
    connection_created.connect(working.show_alive, weak=False)

    def run_ready() -> None:
        close_old_connections()
        worker.run()

    reverse("reports:orders")  # reads all addresses now, and not while somebody waits for the first order
    gc.collect()
    gc.freeze()  # what was loaded stays: nobody need look through it for garbage
    working.serve_tasks(run_ready, SECONDS_BETWEEN_LOOKS)
