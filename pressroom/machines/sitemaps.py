"""Sitemaps: every public page with its other languages and its true last change; and the news of two days.

Strings, not element trees: ten thousand addresses are written in the time of one page. A large site
is divided: releases and topics by year, the rest by section, so that a new release changes the part
of its year and the index, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import quote

from pressroom.machines import escape
from pressroom.machines.prose import Parts
from pressroom.values import Alternate, Value
from pressroom.words import Language

# https://www.sitemaps.org/protocol.html#index, the same in Google's and Bing's documentation.
MAX_URLS: Final = 50_000
MAX_BYTES: Final = 50 * 1024 * 1024
# https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
MAX_NEWS: Final = 1_000
# Up to here one file holds the site: what is small stays simple.
SINGLE: Final = 1_000
# With more releases than this it never does: so much is known before any page is planned.
SINGLE_RELEASES: Final = 300

INDEX_PATH: Final = "/sitemap.xml"

# ISO 639, except for Chinese, where Google wants the script told by a region (see above).
NEWS_LANGUAGES: Final[dict[Language, str]] = {"zh": "zh-cn", "en": "en"}

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PROTOCOL: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
# The years, and the sections that grow; plain pages and the two homes stand together.
_SECTION: Final = re.compile(
    r"(?:https?://[^/]+)?(?:/[^/]+)*?/(?:zh|en)/"
    r"(?:(?:releases|topics/[^/]+)/([0-9]{4})/|(releases|topics|events|programmes)/)"
)


class SitemapEntry(Value, frozen=True):
    """A page: its absolute address, ISO instant of its last change or "", and all its languages.

    `alternates` holds the page itself too; a page in one language only has none.
    """

    loc: str
    lastmod: str = ""
    alternates: tuple[Alternate, ...] = ()


class SitemapValues(Value, frozen=True):
    entries: tuple[SitemapEntry, ...]


class IndexEntry(Value, frozen=True):
    loc: str
    lastmod: str = ""


class IndexValues(Value, frozen=True):
    parts: tuple[IndexEntry, ...]


class NewsEntry(Value, frozen=True):
    """A release of the last two days (the caller chooses); `title` as it stands on the page.

    `publication` is the site's name in the entry's language.
    """

    loc: str
    publication: str
    language: Language
    title: str
    published: str  # ISO instant


class NewsValues(Value, frozen=True):
    entries: tuple[NewsEntry, ...]


Maker = Callable[[Any, Parts], bytes]
Planned = tuple[str, Maker, Value, str]  # path, maker, values, section


def _address(text: str) -> str:
    """An address as it may stand in a sitemap: escaped for the URL first, then for XML."""
    if not text.isascii():
        text = quote(text, safe="/:?#[]@!$&'()*+,;=%~")
    return escape(text) if "&" in text or "<" in text or ">" in text or '"' in text else text


def _urls(entries: Iterable[SitemapEntry]) -> Iterator[str]:
    for entry in entries:
        yield f"<url>\n<loc>{_address(entry.loc)}</loc>\n"
        if entry.lastmod:
            yield f"<lastmod>{entry.lastmod}</lastmod>\n"
        for other in entry.alternates:
            yield f'<xhtml:link rel="alternate" hreflang="{other.tag}" href="{_address(other.href)}"/>\n'
        yield "</url>\n"


def sitemap(values: SitemapValues, parts: Parts) -> bytes:
    """One sitemap, with the languages of each page (hreflang as Google reads it)."""
    body = "".join(_urls(values.entries))
    return (
        f'{_HEAD}<urlset xmlns="{_PROTOCOL}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{body}</urlset>\n'
    ).encode()


def sitemap_index(values: IndexValues, parts: Parts) -> bytes:
    """The list of the parts of a divided sitemap."""
    body = "".join(
        f"<sitemap>\n<loc>{_address(part.loc)}</loc>\n"
        + (f"<lastmod>{part.lastmod}</lastmod>\n" if part.lastmod else "")
        + "</sitemap>\n"
        for part in values.parts
    )
    return f'{_HEAD}<sitemapindex xmlns="{_PROTOCOL}">\n{body}</sitemapindex>\n'.encode()


def news_sitemap(values: NewsValues, parts: Parts) -> bytes:
    """The sitemap of Google News; with more than 1,000 entries the newest. It may be empty."""
    newest = sorted(values.entries, key=lambda each: (each.published, each.loc), reverse=True)
    body = "".join(
        f"<url>\n<loc>{_address(entry.loc)}</loc>\n<news:news>\n"
        f"<news:publication>\n<news:name>{escape(entry.publication)}</news:name>\n"
        f"<news:language>{NEWS_LANGUAGES[entry.language]}</news:language>\n</news:publication>\n"
        f"<news:publication_date>{entry.published}</news:publication_date>\n"
        f"<news:title>{escape(entry.title)}</news:title>\n</news:news>\n</url>\n"
        for entry in newest[:MAX_NEWS]
    )
    return (
        f'{_HEAD}<urlset xmlns="{_PROTOCOL}" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{body}</urlset>\n'
    ).encode()


# --- division ------------------------------------------------------------------------------------


def _section(loc: str) -> str:
    """The part a page belongs to: 2017, topics, …; both languages stand together."""
    match = _SECTION.match(loc)
    return "pages" if match is None else match[1] or match[2]


def _weight(entry: SitemapEntry) -> int:
    """More bytes than the entry can take, though every character were escaped."""
    written = len(entry.loc) + sum(len(other.href) for other in entry.alternates)
    return 6 * written + 100 * (2 + len(entry.alternates))


def _fits(entries: Sequence[SitemapEntry]) -> bool:
    # A thousand addresses take 50 MB when each has 8 kB, which no server would read.
    if len(entries) <= min(SINGLE, MAX_URLS):
        return True
    return len(entries) <= MAX_URLS and sum(map(_weight, entries)) < MAX_BYTES - 1024


def _divided(
    name: str, entries: list[SitemapEntry], depth: int = 0
) -> Iterator[tuple[str, list[SitemapEntry]]]:
    """A part within the limits, or sixteen by a hash of the address.

    A count would move every following address at each new one; a hash moves none.
    """
    if _fits(entries) or depth == 8:
        yield name, entries
        return
    buckets: dict[str, list[SitemapEntry]] = {}
    for entry in entries:
        digest = blake2b(entry.loc.encode(), digest_size=8).hexdigest()
        buckets.setdefault(digest[depth], []).append(entry)
    for digit in sorted(buckets):
        yield from _divided(f"{name}-{digit}", buckets[digit], depth + 1)


def plan(
    entries: Iterable[SitemapEntry],
    site_url: str,
    divided: bool = False,
    newest: Mapping[str, str] | None = None,
    kept: Mapping[str, Sequence[str]] | None = None,
) -> list[Planned]:
    """The files of the sitemap: one, or an index and its parts; never one where it is to be `divided`.

    `newest` is the last change of the sections where it is known without their entries. `kept` holds
    the files of the sections that stay as they are; their entries are not asked for.
    `/sitemap.xml` is always the one to fetch. The order of the entries does not matter.
    """
    newest, kept = newest or {}, kept or {}
    ordered = sorted(entries, key=lambda entry: entry.loc)
    if not divided and len(ordered) <= SINGLE and _fits(ordered):
        return [(INDEX_PATH, sitemap, SitemapValues(tuple(ordered)), "")]
    sections: dict[str, list[SitemapEntry]] = {section: [] for section in kept}
    for entry in ordered:
        sections.setdefault(_section(entry.loc), []).append(entry)
    planned: list[Planned] = []
    index: list[IndexEntry] = []
    for section in sorted(sections):
        paths = kept.get(section)
        if paths is None:
            parts = list(_divided(section, sections[section]))
            paths = [f"/sitemap-{name}.xml" for name, _ in parts]
            planned += [
                (path, sitemap, SitemapValues(tuple(members)), section)
                for path, (_, members) in zip(paths, parts, strict=True)
            ]
        last = newest.get(section) or max(entry.lastmod for entry in sections[section])
        index += [IndexEntry(site_url.rstrip("/") + path, last) for path in paths]
    return [(INDEX_PATH, sitemap_index, IndexValues(tuple(index)), ""), *planned]
