"""What stands at fixed addresses: robots.txt (RFC 9309) and security.txt (RFC 9116)."""

from __future__ import annotations

from typing import Final

from pressroom.machines import absolute
from pressroom.machines.prose import Parts
from pressroom.moments import iso, read_instant
from pressroom.values import Value

# The first line of robots.txt: a file that begins so was written by this software.
SIGNATURE: Final = "# pressroom"


class RobotsValues(Value, frozen=True):
    """`sitemaps`: their paths; they are named only where the site has an address of its own."""

    site_url: str
    noindex: bool
    sitemaps: tuple[str, ...] = ("/sitemap.xml", "/news-sitemap.xml")


class SecurityValues(Value, frozen=True):
    """Whom to tell of a weakness: an e-mail address, tel: or https: address; `expires` day or instant.

    `policy` and `canonical` are absolute addresses or "".
    """

    contact: str
    expires: str
    canonical: str = ""
    policy: str = ""


def robots(values: RobotsValues, parts: Parts) -> bytes:
    """Who may fetch what: everybody everything, also while the site is not to be indexed.

    "Noindex" is said by every page. A crawler that is kept out never reads it, and lists the address
    all the same when somebody links to it: disallowing and noindex defeat each other.
    Source: https://developers.google.com/search/docs/crawling-indexing/block-indexing
    For the same reason the sitemaps are named: pages are dropped sooner when they are found sooner.
    """
    lines = [SIGNATURE]
    if values.noindex:
        lines.append(
            "# Every page says noindex; crawling is allowed so that crawlers can read that."
        )
    lines += ["User-agent: *", "Allow: /"]
    if values.site_url and values.sitemaps:
        lines.append("")
        lines += [f"Sitemap: {absolute(values.site_url, path)}" for path in values.sitemaps]
    return ("\n".join(lines) + "\n").encode()


def _uri(contact: str) -> str:
    """A contact as a URI, which RFC 9116 (2.5.3) asks for: a bare e-mail address becomes mailto:."""
    bare = "@" in contact and not contact.startswith(("mailto:", "http://", "https://"))
    return f"mailto:{contact}" if bare else contact


def security_txt(values: SecurityValues, parts: Parts) -> bytes:
    """Where to report a weakness, in which languages, and until when this holds.

    There is no such file without a contact and a day of expiry: both are required (RFC 9116, 2.5),
    and a made-up one would be worse than none. Raises moments.Unreadable for an ambiguous date.
    """
    fields = [
        ("Contact", _uri(values.contact)),
        ("Expires", iso(read_instant(values.expires))),
        ("Preferred-Languages", "zh, en"),
        ("Canonical", values.canonical),
        ("Policy", values.policy),
    ]
    # One field a line: a line break inside a value would begin another field.
    lines = [f"{name}: {' '.join(value.split())}" for name, value in fields if value.strip()]
    return ("\n".join(lines) + "\n").encode()
