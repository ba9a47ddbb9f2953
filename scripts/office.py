"""Print the path of LibreOffice for the tests that convert Word files, installing Debian's where that is possible.

Only tests need it: the application itself writes Word files without any office program.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from setup import apt_install

NAMES = ["soffice", "libreoffice"]
PACKAGES = ["libreoffice-writer-nogui"]


def find() -> str | None:
    """$SOFFICE if set, otherwise the first on PATH."""
    return shutil.which(os.environ.get("SOFFICE", "")) or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    wanted = os.environ.get("SOFFICE")
    if wanted and not shutil.which(wanted):
        print(f"SOFFICE={wanted} không chạy được: không có tệp chương trình đó.", file=sys.stderr)
        return 1
    sys.stdout, console = sys.stderr, sys.stdout  # the path alone is the answer
    path = find() or (find() if apt_install(PACKAGES) else None)
    if path is None:
        print(
            "Thiếu LibreOffice cho các phép thử tệp Word. "
            "Cài bằng lệnh: sudo apt-get install libreoffice-writer-nogui, rồi chạy lại make test; "
            "nếu LibreOffice nằm ở chỗ khác: make test SOFFICE=/đường/dẫn/tới/soffice",
            file=sys.stderr,
        )
        return 1
    print(path, file=console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
