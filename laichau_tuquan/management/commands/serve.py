"""Everything between `make run` and the first page: checks, database, data, static files, web server, printing."""

import errno
import hashlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection, connections
from gunicorn.app.base import BaseApplication

from laichau_tuquan.local import refuse
from reports import supervising

GUNICORN = {
    "workers": 2,
    "threads": 4,
    "worker_class": "gthread",
    "timeout": 60,
    "graceful_timeout": 5,
    "loglevel": "warning",
    "control_socket_disable": True,
}


class Command(BaseCommand):
    help = "Chuẩn bị dữ liệu rồi chạy máy chủ web cho tới khi bấm Ctrl-C."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then serve until asked to stop. Interrupted at any point, it stops quietly."""
        # The default action would end the process without stopping the embedded PostgreSQL.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            host, port = read_address()
            require_free_port(host, port)
            require_database()
            require_clean_checks()
            self._prepare_data()
            if static_files_changed():
                self._step("Chuẩn bị tệp tĩnh", collect_static_files)
            connections.close_all()  # the web server's processes are forks; none may inherit a connection
            sys.stdout.flush()
            serve(WebServer(host, port, self._announce))
        except KeyboardInterrupt:
            self.stdout.write("Đã dừng.")

    def _prepare_data(self) -> None:
        self._step("Cập nhật cơ sở dữ liệu", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Nạp dữ liệu tham chiếu", lambda: call_command("load_reference", verbosity=0))
        if not settings.PRODUCTION:  # its accounts have published passwords
            title = "Nạp dữ liệu dùng thử nếu cơ sở dữ liệu trống"
            self._step(title, lambda: call_command("load_demo", verbosity=0))

    def _step(self, title: str, deed: Callable[[], object]) -> None:
        """Say what is being done and do it; a database error becomes a sentence."""
        self.stdout.write(f"{title}...")
        try:
            deed()
        except Error as error:
            refuse(f"{title}: không làm được, cơ sở dữ liệu báo: {one_line(error)}")

    def _announce(self, host: str, port: int) -> None:
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
        self.stdout.write(f"\nTự quản Lai Châu đã sẵn sàng: http://{shown}:{port}/")
        if accounts := demo_accounts():
            self.stdout.write("Tài khoản dùng thử:")
            widths = [max(len(row[column]) for row in accounts) for column in range(2)]
            for label, username, password in accounts:
                self.stdout.write(f"  {label:<{widths[0]}}  {username:<{widths[1]}}  {password}")
        self.stdout.write(f"Dữ liệu được giữ trong {settings.DATA_DIR}. Dừng: Ctrl-C.")
        self.stdout.flush()


class WebServer(BaseApplication):
    """gunicorn, with this process as its master: when it ends in whatever way, its workers end."""

    def __init__(self, host: str, port: int, announce: Callable[[str, int], None]) -> None:
        self._address = (host, port)
        self._announce = announce
        super().__init__()

    def load_config(self) -> None:
        host, port = self._address
        for name, value in GUNICORN.items():
            self.cfg.set(name, value)
        self.cfg.set("bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        self.cfg.set("post_worker_init", self._worker_ready)

    def load(self) -> WSGIHandler:
        return get_wsgi_application()

    def _worker_ready(self, worker: Any) -> None:
        # A terminal's Ctrl-C reaches the workers too; they are to stop once, when their master says so.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if worker.age == 1:
            self._announce(*self._address)
            connections.close_all()


def serve(server: "WebServer") -> None:
    """The web server with the printing service beside it, which ends with it in whatever way it ends."""
    printing = supervising.start("--processes", str(settings.PRINT_LANES))
    try:
        server.run()
    finally:
        supervising.stop(printing, grace=supervising.GRACE + 2)


def read_address() -> tuple[str, int]:
    """HOST and PORT of the environment."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        refuse(f"PORT={port} không phải là số cổng (1 đến 65535). Ví dụ: PORT=8001 make run")
    return host, int(port)


def bind_error(host: str, port: int) -> int | None:
    """Number of the error met on opening the address, or None if it is free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.errno or errno.EADDRNOTAVAIL
    return None


def require_free_port(host: str, port: int) -> None:
    """Refuse an address that cannot be served, naming one that can."""
    error = bind_error(host, port)
    if error == errno.EADDRINUSE:
        others = range(port + 1, min(port + 50, 65536))
        free = next((other for other in others if bind_error(host, other) is None), 8001)
        refuse(f"Cổng {port} đã có chương trình khác dùng. Dùng cổng khác: PORT={free} make run")
    if error == errno.EACCES:
        refuse(f"Cổng {port} chỉ dành cho quản trị máy. Chạy với cổng khác: PORT=8000 make run")
    if error is not None:
        refuse(f"Máy này không có địa chỉ HOST={host}. Chạy với: HOST=127.0.0.1 make run")


def require_database() -> None:
    """Refuse a database that does not answer. Its password is not repeated."""
    try:
        connection.ensure_connection()
    except (Error, ImproperlyConfigured) as error:
        parts = urlsplit(settings.DATABASE_URL)
        place = parts.netloc.rpartition("@")[2] + parts.path
        refuse(
            f"Không kết nối được cơ sở dữ liệu {place}: {one_line(error)}. Kiểm tra DATABASE_URL, "
            "hoặc chạy với PostgreSQL đi kèm: env -u DATABASE_URL make run"
        )


def require_clean_checks() -> None:
    """Django's system checks; errors are shown as the sentences they are."""
    if errors := [found for found in checks.run_checks() if found.is_serious() and not found.is_silenced()]:
        refuse("\n".join(f"{error.msg} {error.hint or ''}".strip() for error in errors))


def one_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip().rstrip(".")


def static_stamp() -> Path:
    return Path(settings.DATA_DIR) / "static.stamp"


def static_fingerprint() -> str:
    """Hash over name, size and time of every static file, and over what can change their treatment."""
    total = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            total.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return total.hexdigest()


def collect_static_files() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    static_stamp().write_text(static_fingerprint())


def static_files_changed() -> bool:
    """Whether collectstatic has something to do."""
    stamp = static_stamp()
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file()
    return not (collected and stamp.is_file() and stamp.read_text() == static_fingerprint())


def demo_accounts() -> list[tuple[str, str, str]]:
    """Label, user name and password of the demonstration accounts this database has."""
    if settings.PRODUCTION:
        return []
    from assessments.demo.accounts import demo_accounts as listed

    users = get_user_model()
    accounts = listed()
    present = users.objects.filter(username__in=[account[1] for account in accounts])
    names = set(present.values_list("username", flat=True))
    return [account for account in accounts if account[1] in names]
