"""Worker processes kept running: one that dies is started again, and all end with whoever started them."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings

GRACE = 10.0  # seconds for the paper in hand; what is cut off then is made again by another
PAUSE = 0.2
LONGEST_PAUSE = 15.0


class Crew:
    """So many workers, each a process of its own."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.workers: list[subprocess.Popen[bytes]] = []
        self.stopping = False  # a plain flag: a signal's handler may not take the lock of a threading.Event

    def run(self) -> None:
        """Keep them all running until asked to stop."""
        self.workers = [start("--worker") for _ in range(self.size)]
        pause = PAUSE
        while not self.stopping:
            self._rest(pause)
            dead = [at for at, worker in enumerate(self.workers) if worker.poll() is not None]
            # Those that cannot start, for want of a database, are not started a hundred times a minute.
            pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE) if dead else PAUSE
            for at in dead if not self.stopping else ():
                self.workers[at] = start("--worker")
        stop(*self.workers)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(PAUSE)


def start(*options: str) -> subprocess.Popen[bytes]:
    """`manage.py work` as a process that a terminal's Ctrl-C does not reach: it ends when its parent says so."""
    manage = Path(settings.BASE_DIR) / "manage.py"
    command = [sys.executable, str(manage), "work", "--parent", str(os.getpid()), *options]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603


def stop(*processes: subprocess.Popen[bytes], grace: float = GRACE) -> None:
    """Ask all of them to end, wait, and end those that did not."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + grace
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def follow(parent: int) -> None:
    """End this process, quietly, when its parent is gone in whatever way."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PAUSE)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="follow", daemon=True).start()
