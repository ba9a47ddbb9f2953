"""The upload limit while the request is read, in Django's test client and behind a real gunicorn."""

import http.client
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings as project_settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import User
from assessments import uploads
from tests.assessments.upload_settings import HANDLERS

MEGABYTE = 1024 * 1024
LIMIT = 20 * MEGABYTE
SENTENCE = "Tệp lớn hơn 20 MB. Nén ảnh hoặc tách tệp rồi thử lại. Nội dung đã nhập vẫn còn."


@pytest.fixture(autouse=True)
def small_limit(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    settings.FILE_UPLOAD_HANDLERS = HANDLERS
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


def post(*sizes: int, user: Any = None, **fields: str) -> HttpRequest:
    files = [SimpleUploadedFile(f"tep-{n}.pdf", b"x" * size) for n, size in enumerate(sizes, start=1)]
    request = RequestFactory().post("/", {"layer": "self", **fields, "files": files})
    if user is not None:
        request.user = user
    return request


def received(request: HttpRequest) -> list[int | None]:
    return [file.size for file in request.FILES.getlist("files")]


def test_project_uses_these_handlers() -> None:
    from laichau_tuquan import settings as written

    assert written.FILE_UPLOAD_HANDLERS == HANDLERS


class TestLimit:
    def test_at_the_limit(self) -> None:
        request = post(1000)
        assert received(request) == [1000]
        assert uploads.refused(request) == []

    @pytest.mark.parametrize("size", [1001, 5000])
    def test_over_the_limit(self, size: int) -> None:
        request = post(size)
        assert received(request) == []
        assert [name for name, _ in uploads.refused(request)] == ["tep-1.pdf"]

    def test_good_files_beside_a_bad_one_arrive(self) -> None:
        request = post(900, 1500, 800)
        assert received(request) == [900, 800]
        assert [name for name, _ in uploads.refused(request)] == ["tep-2.pdf"]

    def test_fields_arrive_when_a_file_is_refused(self) -> None:
        request = post(5000, reference="Biên bản số 5")
        assert request.POST.dict() == {"layer": "self", "reference": "Biên bản số 5"}

    def test_through_temporary_files(self, settings: Settings, tmp_path: Path) -> None:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
        request = post(900, 1500, 800)
        assert received(request) == [900, 800]
        request.close()
        assert list(tmp_path.iterdir()) == []

    def test_many_good_files_fill_only_so_much_disk(self) -> None:
        request = post(*[1000] * 8)
        assert received(request) == [1000] * 6
        assert [name for name, _ in uploads.refused(request)] == ["tep-7.pdf", "tep-8.pdf"]
        assert "Gửi tiếp ở lần sau" in uploads.refused(request)[0][1]

    def test_request_beyond_all_measure_is_not_read(self) -> None:
        request = post(300_000, 10, reference="x")
        assert received(request) == []
        assert request.POST.dict() == {"layer": "self", "reference": "x"}
        assert [name for name, _ in uploads.refused(request)] == ["tep-1.pdf"]
        assert request._stream.read(10)

    def test_request_without_files(self) -> None:
        request = RequestFactory().post("/", {"a": "b"})
        assert uploads.refused(request) == []

    def test_sentence(self, settings: Settings) -> None:
        settings.UPLOAD_MAX_BYTES = LIMIT
        assert uploads.too_large() == SENTENCE

    def test_limit_that_is_no_whole_number(self, settings: Settings) -> None:
        settings.UPLOAD_MAX_BYTES = MEGABYTE * 3 // 2
        assert uploads.limit_label() == "1,5 MB"


class TestPeople:
    def test_nobody_signed_in_leaves_no_file(self) -> None:
        request = post(10, user=AnonymousUser())
        assert received(request) == []
        assert request.POST["layer"] == "self"

    def test_signed_in(self) -> None:
        assert received(post(10, user=User())) == [10]


class Form:
    """A multipart body that is made while it is sent, so that the test itself needs no memory for it."""

    def __init__(self, *sizes: int) -> None:
        self.parts: list[tuple[bytes, int]] = [
            (b'--b\r\nContent-Disposition: form-data; name="layer"\r\n\r\nself\r\n', 0)
        ]
        for number, size in enumerate(sizes, start=1):
            head = f'--b\r\nContent-Disposition: form-data; name="files"; filename="tep-{number}.pdf"\r\n\r\n'
            self.parts += [(head.encode(), size), (b"\r\n", 0)]
        self.parts.append((b"--b--\r\n", 0))

    def __len__(self) -> int:
        return sum(len(head) + size for head, size in self.parts)

    def __iter__(self) -> Iterator[bytes]:
        for head, size in self.parts:
            yield head
            for _ in range(size // MEGABYTE):
                yield bytes(MEGABYTE)
            yield bytes(size % MEGABYTE)


class Server:
    """gunicorn with one worker of threads, as `make run` starts it, and what it takes of disk and memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder.parent / "gunicorn.log"
        environment = {
            **os.environ,
            "UPLOAD_TEMP_DIR": str(folder),
            "UPLOAD_MAX_BYTES": str(LIMIT),
            "PYTHONPATH": str(project_settings.BASE_DIR),
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "--no-control-socket"]
        command += ["-b", f"127.0.0.1:{self.port}", "tests.assessments.upload_server:application"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.most_on_disk = self.most_in_memory = 0

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def left_over(self) -> list[Path]:
        """Temporary files a moment after the answer: the server removes them once it has been sent."""
        deadline = time.monotonic() + 10
        while any(self.folder.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return list(self.folder.iterdir())

    def watch(self, done: threading.Event) -> None:
        workers = psutil.Process(self.process.pid).children()
        before = sum(worker.memory_info().rss for worker in workers)
        while not done.wait(0.01):
            sizes = []
            for path in self.folder.iterdir():
                try:
                    sizes.append(path.stat().st_size)
                except FileNotFoundError:
                    continue
            self.most_on_disk = max(self.most_on_disk, sum(sizes))
            grown = sum(worker.memory_info().rss for worker in workers) - before
            self.most_in_memory = max(self.most_in_memory, grown)

    def send(self, form: Form, connection: http.client.HTTPConnection) -> dict[str, Any]:
        done = threading.Event()
        watcher = threading.Thread(target=self.watch, args=[done])
        watcher.start()
        try:
            headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(len(form))}
            connection.request("POST", "/", iter(form), headers)
            response = connection.getresponse()
            assert response.status == 200
            answer: dict[str, Any] = json.load(io.TextIOWrapper(response))
            return answer
        finally:
            done.set()
            watcher.join()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("upload") / "files")
    running.folder.mkdir(exist_ok=True)
    running.wait()
    yield running
    running.process.terminate()
    running.process.wait(timeout=20)


@pytest.fixture
def connection(server: Server) -> Iterator[http.client.HTTPConnection]:
    server.most_on_disk = server.most_in_memory = 0
    opened = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    yield opened
    opened.close()


class TestGunicorn:
    def test_a_hundred_megabytes(self, server: Server, connection: http.client.HTTPConnection) -> None:
        answer = server.send(Form(100 * MEGABYTE, 1 * MEGABYTE), connection)
        assert answer["refused"] == [["tep-1.pdf", SENTENCE]]
        assert answer["files"] == [["tep-2.pdf", MEGABYTE]]
        assert answer["fields"] == {"layer": "self"}
        assert server.most_on_disk <= LIMIT + MEGABYTE
        assert server.most_in_memory < 40 * MEGABYTE
        assert server.left_over() == []

    def test_connection_goes_on_afterwards(self, server: Server, connection: http.client.HTTPConnection) -> None:
        server.send(Form(30 * MEGABYTE), connection)
        own = connection.sock
        assert server.send(Form(1000), connection)["files"] == [["tep-1.pdf", 1000]]
        assert connection.sock is own

    def test_beyond_all_measure_is_answered_without_reading(self, server: Server) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            form = Form(5000 * MEGABYTE)
            head = (
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                f"Content-Length: {len(form)}\r\n\r\n"
            )
            raw.sendall(head.encode() + form.parts[0][0] + form.parts[1][0] + bytes(100_000))
            answer = b""
            while b"tep-1.pdf" not in answer and (received := raw.recv(65536)):
                answer += received
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"tep-1.pdf" in answer

    def test_sender_who_goes_away(self, server: Server, connection: http.client.HTTPConnection) -> None:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            form = Form(10 * MEGABYTE)
            head = (
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                f"Content-Length: {len(form)}\r\n\r\n"
            )
            raw.sendall(head.encode() + form.parts[0][0] + form.parts[1][0] + bytes(5 * MEGABYTE))
        assert server.send(Form(1000), connection)["files"] == [["tep-1.pdf", 1000]]
        assert server.left_over() == []

    def test_no_traceback(self, server: Server) -> None:
        assert "Traceback" not in server.log.read_text()
