"""Set-up refuses with one sentence and a command, and installs only what changed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import setup

ROOT = Path(__file__).parents[2]


def test_old_pythons_can_read_the_script() -> None:
    ast.parse((ROOT / "scripts/setup.py").read_text(), feature_version=(3, 7))


def fake_python(folder: Path, version: str, exit_code: int = 0) -> str:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\necho {version}\nexit {exit_code}\n")
    path.chmod(0o755)
    return str(path)


def only(monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    monkeypatch.setattr(setup.sys, "executable", python)
    monkeypatch.setattr(setup, "CANDIDATES", [])


def test_too_old_python_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only(monkeypatch, fake_python(tmp_path, "3.9"))
    with pytest.raises(setup.Refusal, match=r"Cần Python 3\.11 trở lên.*apt-get install"):
        setup.best_python()


def test_python_without_ensurepip_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    only(monkeypatch, fake_python(tmp_path, "3.12", exit_code=1))
    with pytest.raises(setup.Refusal, match=r"apt-get install python3\.12-venv"):
        setup.best_python()


def test_newer_python_on_path_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "CANDIDATES", [sys.executable])
    monkeypatch.setattr(setup.sys, "executable", "/khong-co/python3")
    assert setup.best_python() == setup.CANDIDATES[0]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("WARNING: Retrying ... NewConnectionError ...\nERROR: No matching distribution", "Kiểm tra mạng"),
        ("npm error code ENOTFOUND", "Kiểm tra mạng"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "mã băm"),
        ("npm error code EINTEGRITY", "mã băm"),
        ("OSError: [Errno 28] No space left on device", "df -h"),
        ("[Errno 13] Permission denied: '.venv'", "sudo chown"),
        ("something\nERROR: odd\n", "ERROR: odd"),
        ("", "không rõ lý do"),
    ],
)
def test_failures_become_sentences(output: str, sentence: str) -> None:
    explained = setup.explain(output, "cài các gói Python")
    assert sentence in explained
    assert "\n" not in explained


def test_missing_library_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "LIBRARIES", [("libkhong-co.so.0", "libkhong-co0"), ("x", "x")])
    with pytest.raises(setup.Refusal, match=r"Pango.*libkhong-co\.so\.0.*apt-get install libkhong-co0"):
        setup.check_libraries("run")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What set-up installs, in order, in a checkout where nothing is installed yet."""
    done: list[str] = []

    def run(command: list[str], task: str) -> None:
        done.append(task if "npm" in command[2] else command[-1])
        (tmp_path / "node_modules").mkdir(exist_ok=True)

    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup, "PYTHON", sys.executable)
    monkeypatch.setattr(setup, "run", run)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements").mkdir()
    for name in ("requirements/base.txt", "requirements/dev.txt", "package.json", "package-lock.json"):
        (tmp_path / name).write_text(name)
    return done


def test_only_what_changed_is_installed_again(installed: list[str], tmp_path: Path) -> None:
    assert setup.main(["run"]) == 0
    assert installed == ["requirements/base.txt", "tải phông chữ"]
    assert setup.main(["run"]) == 0
    assert len(installed) == 2
    assert setup.main(["test"]) == 0
    assert installed[2:] == ["requirements/dev.txt"]
    (tmp_path / "package-lock.json").write_text("new")
    assert setup.main(["test"]) == 0
    assert installed[3:] == ["tải phông chữ"]


def test_what_the_tests_installed_is_enough_to_run(installed: list[str], tmp_path: Path) -> None:
    assert setup.main(["test"]) == 0
    assert setup.main(["run"]) == 0
    assert installed == ["requirements/dev.txt", "tải phông chữ"]
    (tmp_path / "requirements/dev.txt").write_text("new")
    assert setup.main(["run"]) == 0
    assert installed[2:] == ["requirements/base.txt"]


def test_dev_lock_contains_the_base_lock() -> None:
    """One environment serves both, so `make run` must not undo what `make test` installed."""
    pins = {
        name: set(re.findall(r"^(\S+==\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
        for name in ("base", "dev")
    }
    assert pins["base"] <= pins["dev"]


@pytest.mark.parametrize("path", ["requirements/base.txt", "requirements/dev.txt", "package-lock.json"])
def test_locks_name_no_package_index(path: str) -> None:
    assert "://" not in (ROOT / path).read_text()


def test_every_variable_of_the_settings_is_in_the_example() -> None:
    source = (ROOT / "laichau_tuquan/settings.py").read_text()
    source += (ROOT / "laichau_tuquan/management/commands/serve.py").read_text()
    read = set(re.findall(r'(?:\benv(?:\.\w+)?|required|environ\.get)\(\s*"([A-Z_]+)"', source))
    shown = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {"HOST", "PORT", "DATABASE_URL", "SECRET_KEY"} <= read
    assert read <= shown
    assert shown - read <= {"CHROMIUM", "SOFFICE"}


def test_ci_does_what_a_person_does() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()


def test_help_lists_the_commands() -> None:
    shown = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "make run" in shown.stdout
    assert "make test" in shown.stdout
