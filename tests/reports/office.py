"""LibreOffice for tests: Word files to PDF, all of a session in one start, in the documents' own fonts."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from reports import rendering
from scripts import office

TIMEOUT = 240  # seconds for all files together; a cold start on a loaded machine takes half a minute
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  {folders}
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <test name="family"><string>Times New Roman</string></test>
    <edit name="family" mode="assign" binding="strong"><string>Tinos</string></edit>
  </match>
</fontconfig>
"""


def to_pdf(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """The PDF of every Word file by its name (without ending). Raises AssertionError with LibreOffice's own words.

    The machine may have no Times New Roman, and others with no Vietnamese letters: Tinos, of the same metrics, takes
    its place. The profile lies in `folder`, so that several may run at once.
    """
    program = office.find()
    assert program, "LibreOffice is missing: make office"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    folders = {f"<dir>{path.parent}</dir>" for path in rendering.font_faces().values()}
    (folder / "fonts.conf").write_text(FONTS.format(folders="".join(sorted(folders)), cache=folder / "cache"))
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", "pdf", "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in files),
    ]  # fmt: skip
    told = _run(command, {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": str(folder)})
    missing = [name for name in files if not (folder / f"{name}.pdf").is_file()]
    assert not missing, f"LibreOffice made no PDF of {missing}: {told}"
    return {name: (folder / f"{name}.pdf").read_bytes() for name in files}


def _run(command: list[str], environment: dict[str, str]) -> str:
    """What the program says; past its time it is ended together with what it started."""
    started = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        return started.communicate(timeout=TIMEOUT)[0]
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        return f"no end after {TIMEOUT} s: {started.communicate()[0]}"
