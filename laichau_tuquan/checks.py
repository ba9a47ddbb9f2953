"""What the application cannot do without: the documents' font and the libraries that make the PDFs."""

import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from reports.fonts import FACES

FONT_LEAST_BYTES = 100_000
# The same names WeasyPrint opens, per library: Linux, macOS.
LIBRARIES = [
    ("libgobject-2.0.so.0", "libgobject-2.0.dylib"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib"),
]


def font_paths() -> list[Path]:
    """The faces the documents embed."""
    return [face.path for face in FACES]


def check_fonts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without its font a document would be printed in whatever the machine has, with wrong glyphs."""
    missing = [p.name for p in font_paths() if not p.is_file() or p.stat().st_size < FONT_LEAST_BYTES]
    if not missing:
        return []
    return [
        Error(
            f"Thiếu phông chữ để in văn bản: {', '.join(missing)}.",
            hint="Tải lại bằng lệnh: rm -rf node_modules && make run",
            id="laichau_tuquan.E001",
        )
    ]


def check_libraries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """WeasyPrint needs Pango; found out here, not when the first document is printed."""
    missing = [names[0] for names in LIBRARIES if not any(map(_opens, names))]
    if not missing:
        return []
    install = (
        "brew install pango"
        if sys.platform == "darwin"
        else "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libfontconfig1"
    )
    return [
        Error(
            f"Thiếu thư viện hệ thống để in PDF, Pango ({', '.join(missing)}).",
            hint=f"Cài bằng lệnh: {install}",
            id="laichau_tuquan.E002",
        )
    ]


def _opens(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
