"""Print the path of a Chromium for the browser tests, installing Debian's where that is possible."""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from setup import apt_install

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def find() -> str | None:
    """$CHROMIUM if set, otherwise the first browser on PATH."""
    return shutil.which(os.environ.get("CHROMIUM", "")) or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    wanted = os.environ.get("CHROMIUM")
    if wanted and not shutil.which(wanted):
        print(f"CHROMIUM={wanted} không chạy được: không có tệp chương trình đó.", file=sys.stderr)
        return 1
    sys.stdout, console = sys.stderr, sys.stdout  # the path alone is the answer
    path = find() or (find() if apt_install(["chromium"]) else None)
    if path is None:
        print(
            "Thiếu trình duyệt Chromium cho các phép thử màn hình. "
            "Cài bằng lệnh: sudo apt-get install chromium, rồi chạy lại make test; "
            "nếu trình duyệt nằm ở chỗ khác: make test CHROMIUM=/đường/dẫn/tới/chromium",
            file=sys.stderr,
        )
        return 1
    print(path, file=console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
