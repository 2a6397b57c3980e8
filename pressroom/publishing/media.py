"""What a file of the site is to a web server: its media type, how long it may be kept, when it goes out."""

from __future__ import annotations

import re
from typing import Final

from pressroom.memory import COMPANIONS

# Sources: the IANA media types registry; RFC 5545 (iCalendar), RFC 6350 (vCard), RFC 9239
# (text/javascript), jsonfeed.org/version/1.1. Atom goes as XML, which every feed reader takes: as
# application/atom+xml (RFC 4287) a browser shows its source, or saves it, and never its style.
TYPES: Final[dict[str, str]] = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vcf": "text/vcard; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}
UNKNOWN: Final = "application/octet-stream"

# The text files that get compressed companions.
COMPRESSED: Final = (
    ".html", ".css", ".js", ".mjs", ".svg", ".xml", ".json", ".txt", ".ics", ".vcf", ".csv",
)  # fmt: skip

# A name with the hash of its content in it never means anything else: it may be kept for a year,
# the longest time RFC 9111's heirs respect. Anything else is asked for again after a minute, so
# that a correction or a withdrawal reaches every reader within that time.
# Pagefind writes language_hash.pf_fragment.
_HASHED = re.compile(
    r"[^/]\.[0-9a-f]{8,64}\.[a-z0-9]+(?:\.(?:br|gz))?$|_[0-9a-f]{7,64}\.pf_(?:fragment|index|meta)$"
)
FOREVER: Final = "public, max-age=31536000, immutable"
BRIEFLY: Final = "public, max-age=60"

# The theme's own files: they say nothing of any release, so an older page may go on using them.
_ASSET = re.compile(r"static/(?:.+/)?[^/]+\.[0-9a-f]{8,64}\.(?:css|js|mjs|woff2)(?:\.(?:br|gz))?")

# Files for machines and lists for people: they name other pages, so they go out after them.
_LISTS = re.compile(
    r"""(?: index\.html
        | [^/]+\.xml | robots\.txt
        | (?:zh|en)/(?:index\.html|feed\.(?:atom\.xml|json))
        | (?:zh|en)/topics/.+
        | (?:zh|en)/(?:releases|events|programmes|facts|names|corrections|contacts|search)/index\.html
        | (?:zh|en)/releases/[0-9]{4}/index\.html
        | (?:zh|en)/events/(?:calendar\.ics|feed\.atom\.xml|[^/]+/index\.html)
        | data/.+ | contacts/all\.vcf
        | (?:.+/)?pagefind/pagefind-entry\.json )""",
    re.VERBOSE,
)


def media_type(path: str) -> str:
    """The Content-Type of a file, by the end of its name."""
    name = path.rpartition("/")[2].lower()
    if name == "feed.json":
        return "application/feed+json; charset=utf-8"
    return TYPES.get("." + name.rpartition(".")[2], UNKNOWN)


def hashed(path: str) -> bool:
    """Whether the name carries the hash of the content: name.0123abcd.css."""
    return bool(_HASHED.search(path))


def asset(path: str) -> bool:
    """Whether this is a hashed style sheet, script or font of the theme, or its compressed companion."""
    return bool(_ASSET.fullmatch(path))


def keeping(path: str) -> str:
    """The Cache-Control of a file."""
    return FOREVER if hashed(path) else BRIEFLY


def companion(path: str) -> str:
    """The file of which `path` is the compressed companion by its name, or an empty string."""
    base, dot, _ = path.rpartition(".")
    return base if path.endswith(COMPANIONS) and base.endswith(COMPRESSED) and dot else ""


def machinery(path: str) -> bool:
    """Whether a file is for the server that has the folder, and not for readers (`.server/…`)."""
    return path.startswith(".server/")


def wave(path: str) -> int:
    """When a file may be sent where files appear one by one: 0 what pages use, 1 pages, 2 what lists them."""
    if _LISTS.fullmatch(path):
        return 2
    if path.endswith(".html"):
        return 1
    return 0
