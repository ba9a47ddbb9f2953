"""The embedded PostgreSQL: shared, stopped by its last user, and back after anything."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg2
import pytest

from laichau_tuquan import local

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A path with spaces and Vietnamese letters, too long for a socket.

    Not below pytest's own folder: another run closes that to the server's user at any moment.
    """
    with TemporaryDirectory(prefix="tuquan-test-", ignore_cleanup_errors=True) as base:
        folder = Path(base) / "thư mục rất dài có dấu cách" / ("x" * 80)
        folder.mkdir(parents=True)
        yield folder
        if (process := postmaster(folder)) is not None:
            process.kill()


def postmaster(data_dir: Path) -> psutil.Process | None:
    """The server on data_dir, if it lives."""
    path = data_dir / "postgres" / "postmaster.pid"
    try:
        process = psutil.Process(int(path.read_text().split()[0]))
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None
    return process if process.status() != psutil.STATUS_ZOMBIE else None


def user(data_dir: Path, code: str) -> subprocess.Popen[str]:
    """Another process that uses the server and runs code, with its address in `url`."""
    script = (
        f"from pathlib import Path; from laichau_tuquan import local\nurl = local.database_url(Path({str(data_dir)!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", f"{script}\n{code}"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


WAIT = "print(url, flush=True); input()"


def started(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_server_is_shared_and_stops_with_its_last_user(data_dir: Path) -> None:
    first, second = user(data_dir, WAIT), user(data_dir, WAIT)
    url = started(first)
    assert url == started(second)
    first.communicate("\n", timeout=30)
    assert postmaster(data_dir) is not None
    psycopg2.connect(url).close()
    second.communicate("\n", timeout=30)
    assert postmaster(data_dir) is None


def test_killed_user_does_not_keep_the_server(data_dir: Path) -> None:
    killed = user(data_dir, WAIT)
    started(killed)
    killed.kill()
    killed.communicate()
    assert postmaster(data_dir) is not None
    last = user(data_dir, "")
    last.communicate(timeout=30)
    assert last.returncode == 0
    assert postmaster(data_dir) is None


WRITE = """
import psycopg2
connection = psycopg2.connect(url)
connection.cursor().execute("create table kept as select 42 as n")
connection.commit()
"""
ASK = """
import psycopg2
cursor = psycopg2.connect(url).cursor()
cursor.execute({query!r})
print(cursor.fetchone()[0])
"""


def ask(data_dir: Path, query: str) -> str:
    return user(data_dir, ASK.format(query=query)).communicate(timeout=60)[0].strip()


def test_data_survives_a_crash_and_a_recycled_process_number(data_dir: Path) -> None:
    writer = user(data_dir, WRITE + WAIT)
    started(writer)
    writer.kill()
    writer.communicate()
    server = postmaster(data_dir)
    assert server is not None
    server.kill()
    pid_file = data_dir / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert ask(data_dir, "select n from kept") == "42"


def test_letters_are_vietnamese_whatever_the_machine_speaks(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert ask(data_dir, "select 'PHƯỜNG ĐOÀN KẾT' ilike 'phường đoàn kết'") == "True"


def test_server_that_cannot_start_says_why_in_one_sentence(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres").chmod(0o777)
    process = user(data_dir, "")
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert error.startswith("PostgreSQL đi kèm không khởi động được")
    assert "Traceback" not in error
    assert error.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="root may read everything but become somebody else only as root")
def test_folder_of_somebody_else_says_how_to_mend_it(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o700)
    (folder / "secret-key").write_text("")
    code = (
        f"import os, sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path; from laichau_tuquan import local\n"
        f"os.setuid(65534); local.secret_key(Path({str(folder)!r}))"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.returncode == 1
    assert "sudo chown" in process.stderr
    assert "Traceback" not in process.stderr


def test_secret_key_is_kept_and_private(tmp_path: Path) -> None:
    key = local.secret_key(tmp_path)
    assert len(key) >= 50
    assert local.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["abc", "mysql://u@h/db", "postgresql://u:p@h:cong/db", "sqlite:///x"])
def test_malformed_database_url_is_refused_with_the_right_form(url: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="postgresql://"):
        local.database_config(url, tmp_path)


def test_database_url_is_understood(tmp_path: Path) -> None:
    config = local.database_config("postgresql://u:p%40ss@h:5433/db", tmp_path)
    assert (config["USER"], config["PASSWORD"], config["PORT"], config["NAME"]) == ("u", "p@ss", 5433, "db")


def test_command_gets_the_address_and_its_exit_code_is_kept(data_dir: Path) -> None:
    code = "import os, sys; sys.exit(7 if 'host=' in os.environ['DATABASE_URL'] else 1)"
    command = [sys.executable, "-m", "laichau_tuquan.local", "--fast", sys.executable, "-c", code]
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": ""}
    assert subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 7
    assert postmaster(data_dir) is None


def test_wrapper_passes_termination_on_and_stops_the_server(data_dir: Path) -> None:
    code = "import time; print('ready', flush=True); time.sleep(60)"
    command = [sys.executable, "-m", "laichau_tuquan.local", "--fast", sys.executable, "-c", code]
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": ""}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert started(process) == "ready"
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) != 0
    process.communicate()
    assert postmaster(data_dir) is None
