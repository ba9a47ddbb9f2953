"""HTML of a paper to Word: the one place that knows python-docx.

The filled template and the stylesheet are those of the PDF. reading.py walks through the HTML and computes how each
element looks (css.py, looks.py); what it finds (model.py) is written as paragraphs of named styles, tables and sections
(writing.py, tables.py, styles.py) into a file (package.py). Text in Word is never made anywhere else.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

import docx

from reports import rendering
from reports.word import package, reading


def document(filled: str) -> bytes:
    """A filled template of reports/ as a Word document."""
    return package.packed(reading.read(filled))


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """What decides how a given HTML looks in Word: this package, its library, stylesheet and fonts."""
    total = hashlib.sha256(f"{docx.__version__} {rendering.fingerprint()}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()
