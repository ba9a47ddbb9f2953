"""What `make run` refuses, in one sentence with the command that mends it."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core import checks

from laichau_tuquan.management.commands import serve

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80.5"])
def test_impossible_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT=8001 make run"):
        serve.read_address()


def test_address_has_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "")
    assert serve.read_address() == ("127.0.0.1", 8000)


def test_taken_port_is_refused_and_a_free_one_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"Cổng {port} .*PORT=\d+ make run"):
            serve.require_free_port("127.0.0.1", port)
    serve.require_free_port("127.0.0.1", port)


def test_foreign_address_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"HOST=127\.0\.0\.1 make run"):
        serve.require_free_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:mat-khau-bi-mat@127.0.0.1:1/db",
        "postgresql://u:mat-khau-bi-mat@khong-co.invalid/db",
        "mysql://x/y",
    ],
)
def test_unreachable_database_is_one_sentence_without_the_password(url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(tmp_path)}
    with socket.socket() as probe:  # any free port: the port is looked at first
        probe.bind(("127.0.0.1", 0))
        environment["PORT"] = str(probe.getsockname()[1])
    process = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert process.returncode == 1
    assert "DATABASE_URL" in process.stderr
    assert "Traceback" not in process.stderr
    assert "mat-khau-bi-mat" not in process.stderr + process.stdout


def test_failed_checks_are_shown_as_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = [checks.Error("Thiếu phông chữ.", hint="make run", id="x.E001"), checks.Warning("bỏ qua")]
    monkeypatch.setattr(checks, "run_checks", lambda: found)
    with pytest.raises(SystemExit, match=r"^Thiếu phông chữ\. make run$"):
        serve.require_clean_checks()


def test_static_files_are_collected_only_when_something_changed(settings: Any, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a { color: red }")
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    assert serve.static_files_changed()
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    serve.static_stamp().write_text(serve.static_fingerprint())
    assert not serve.static_files_changed()
    (source / "a.css").write_text("a { color: blue }")
    assert serve.static_files_changed()
