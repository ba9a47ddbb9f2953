"""LibreOffice for the tests: found, installed where that is possible, or refused with the command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import office

ROOT = Path(__file__).parents[2]


def program(folder: Path, name: str) -> str:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on its PATH and nothing to install from."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SOFFICE", raising=False)
    monkeypatch.setattr(office, "apt_install", lambda packages: False)
    return tmp_path


def test_program_on_path_is_printed_alone(alone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = program(alone, "libreoffice")
    assert office.main() == 0
    assert capsys.readouterr().out == f"{path}\n"


def test_named_program_goes_first(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(alone, "soffice")
    (alone / "own").mkdir()
    named = program(alone / "own", "office")
    monkeypatch.setenv("SOFFICE", named)
    assert office.find() == named


def test_named_program_that_is_not_there_is_refused(
    alone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(alone, "soffice")
    monkeypatch.setenv("SOFFICE", "/khong-co/soffice")
    assert office.main() == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "/khong-co/soffice không chạy được" in told.err


def test_missing_program_is_installed(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def install(packages: list[str]) -> bool:
        asked.extend(packages)
        program(alone, "soffice")
        return True

    monkeypatch.setattr(office, "apt_install", install)
    assert office.main() == 0
    assert asked == ["libreoffice-writer-nogui"]


def test_refusal_names_the_command(alone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert office.main() == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "sudo apt-get install libreoffice-writer-nogui" in told.err
    assert "SOFFICE=" in told.err


def test_runs_as_a_script() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts/office.py"],
        env={**os.environ, "SOFFICE": sys.executable}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert made.stdout.strip() == sys.executable


def test_make_test_looks_for_it_before_the_tests() -> None:
    targets = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith("test:"))
    assert targets.index(" office ") < targets.index(" unit ")
