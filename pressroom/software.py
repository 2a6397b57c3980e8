"""The software's own fingerprint: whatever was worked out by another version is worked out anew."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

# Packages whose version can change the bytes of a page, or of the search index.
PACKAGES: Final = (
    *("babel", "icalendar", "jinja2", "markdown", "markupsafe", "msgspec", "nh3", "pelican"),
    *(
        "autocorrect-py",
        "pagefind",
        "phonenumbers",
        "pillow",
        "pypinyin",
        "pyyaml",
        "rcssmin",
        "resvg-py",
        "segno",
        "tzdata",
    ),
)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A digest of the package's source, of Python and of the libraries that make bytes."""
    found = hashlib.blake2b(digest_size=16)
    package = Path(__file__).parent
    for path in sorted(package.rglob("*.py")):
        found.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    for name in PACKAGES:
        found.update(f"{name}={version(name)}\0".encode())
    found.update(
        f"{sys.version_info[:3]}{platform.python_implementation()}{sys.byteorder}".encode()
    )
    return found.hexdigest()
