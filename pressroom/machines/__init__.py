"""What is for programs: feeds, sitemaps, JSON-LD, vCard, iCalendar, kits, search records."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

# What XML 1.0 can hold; nothing else can be written, not even as a reference.
# Source: https://www.w3.org/TR/xml/#charsets
# Said by what it is not: a class of all that XML can hold takes Python four milliseconds to compile.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Attributes and text alike; line ends and tabs by number, because a parser turns them into spaces.
_ESCAPES: Final = {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord('"'): "&quot;",
    ord("\t"): "&#9;",
    ord("\n"): "&#10;",
    ord("\r"): "&#13;",
}


# Few texts have anything to escape, and to look is quicker than to translate.
_SPECIAL: Final = re.compile(f'[&<>"\t\n\r]|{_NOT_XML.pattern}')


def escape(text: str) -> str:
    """Text for XML or XHTML, in an element or between double quotes; what XML cannot hold is left out."""
    return text if _SPECIAL.search(text) is None else writable(text).translate(_ESCAPES)


def writable(text: str) -> str:
    """Text, or markup, without the control characters that XML has no way to hold."""
    return _NOT_XML.sub("", text)


def absolute(site_url: str, address: str, page: str = "") -> str:
    """An address as it can be used away from the site.

    `/zh/…` is below the site, everything else is read from `page` (absolute), as a browser would.
    Without a site's address (a plain build) paths stay as they are.
    """
    if address.startswith("/") and not address.startswith("//"):
        return site_url.rstrip("/") + address
    return urljoin(page, address) if page else address
