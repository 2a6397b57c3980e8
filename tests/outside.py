"""The programs from outside Python that tests run, and how to get each.

A test says `@pytest.mark.needs("chromium")`. Where the program is missing the test is left out and
the last lines of the run say so; with CI=true, where nothing may be left out, it fails. The same
list stands in .ci/run, which installs them.
"""

from __future__ import annotations

import os
import shutil
from typing import Final

# program: Debian package
PROGRAMS: Final = {
    "git": "git",
    "chromium": "chromium",
    "java": "default-jre-headless",
    "npm": "npm",
    "nginx": "nginx-light",
    "caddy": "caddy",
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "rsync": "rsync",
    "exiftool": "libimage-exiftool-perl",
}

# Daemons live where an ordinary user's PATH does not look.
_PATH: Final = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def find(program: str) -> str | None:
    """The path of a program, or None where it is missing."""
    return shutil.which(program, path=_PATH)


def path(program: str) -> str:
    """The path of a program that the test has named in its mark."""
    found = find(program)
    if found is None:
        raise LookupError(f"{program} is missing: mark the test needs({program!r})")
    return found


def missing(programs: tuple[str, ...]) -> str:
    """What to say where one of `programs` is missing; empty where none is."""
    gone = [program for program in programs if find(program) is None]
    if not gone:
        return ""
    packages = " ".join(PROGRAMS[program] for program in gone)
    return f"needs {', '.join(gone)}: apt-get install {packages}"


def in_ci() -> bool:
    """Whether a missing program is a failure."""
    return os.environ.get("CI", "").lower() in ("true", "1")
