"""Feeds with the whole text: Atom (RFC 4287) and JSON Feed 1.1, from the same values.

Written by hand, not with feedgenerator: that one knows no language of an entry, no XHTML content
and no stylesheet, escapes all markup, and asks the clock where a date is missing.

Content is XHTML, not escaped HTML: with a style sheet beside it a browser shows the very file that
a feed reader fetches as a page, with headings, links and pictures, and without XSLT, which browsers
are about to drop. One text serves both formats, since it is HTML and XML at once.
"""

from __future__ import annotations

import html as _html
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from pressroom import formats
from pressroom.machines import absolute, escape, writable
from pressroom.machines.prose import Parts
from pressroom.values import (
    Alternate,
    Body,
    ContactView,
    EditionView,
    Link,
    NoticeView,
    Picture,
    ReleaseView,
    SourceView,
    State,
    Value,
)
from pressroom.words import TAGS, Language, Words

ATOM_TYPE: Final = "application/atom+xml"
JSON_TYPE: Final = "application/feed+json"

# https://www.jsonfeed.org/version/1.1/
_JSON_VERSION: Final = "https://jsonfeed.org/version/1.1"
# What a category that is no topic is of: schema.org has the word for it.
_STATE_SCHEME: Final = "https://schema.org/creativeWorkStatus"
# Feed readers take one size: wide enough for a large screen, small enough for a slow line.
_IMAGE_WIDTH: Final = 1280
_EPOCH: Final = "1970-01-01T00:00:00Z"
_BETWEEN: Final = Words("，", ", ")
_COLON: Final = Words("：", ": ")


class Labels(Value, frozen=True):
    """The words that stand round a text, as on its page; plain text in one language, see `labels`."""

    banner: str  # to somebody who opened the feed in a browser
    permalink: str
    corrections: str
    withdrawn: str
    on_request: str
    contacts: str
    contacts_current: str
    compiled: str
    sources: str
    when: str
    where: str
    theme: str
    hosts: str
    postponed: str
    cancelled: str


def _plain(message: str) -> str:
    """A message as text: Markup is escaped already, and a maker escapes everything once more."""
    return _html.unescape(message) if hasattr(message, "__html__") else message


def labels(_: Callable[[str], str]) -> Labels:
    """The words of feeds in a language: `_` is its gettext, returning text or Markup.

    All but the first two are the messages of the pages themselves.
    """

    return Labels(
        # NOTE: over a feed that somebody opened in a browser: what it is, what to do with its address
        banner=_plain(_("feed.banner")),
        # NOTE: before the address of an item, at its end in a feed; no colon
        permalink=_plain(_("feed.permalink")),
        corrections=_plain(_("notice.corrections")),
        withdrawn=_plain(_("notice.withdrawn")),
        on_request=_plain(_("photo.on_request")),
        contacts=_plain(_("contact.title")),
        contacts_current=_plain(_("contact.current")),
        compiled=_plain(_("release.compiled")),
        sources=_plain(_("sources.title")),
        when=_plain(_("event.when")),
        where=_plain(_("event.where")),
        theme=_plain(_("event.theme")),
        hosts=_plain(_("event.hosts")),
        postponed=_plain(_("event.postponed")),
        cancelled=_plain(_("event.cancelled")),
    )


class Entry(Value, frozen=True):
    """One item in a feed, in the language it is written in.

    `id` never changes (see `identity`); `href` and `twin` are absolute. `dateline` runs in at the
    first paragraph and brings its own dash and space; `facts` are lines above the text (label, text):
    when and where of an event. Of a withdrawn entry only the title, the notice and the contacts are
    shown, whatever else is given.
    """

    id: str
    href: str
    title: str
    summary: str
    language: Language
    published: str  # ISO instant
    updated: str  # ISO instant; the same as `published` when never changed
    labels: Labels  # in the entry's language
    body: Body = Body()
    dateline: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    compiled: bool = False  # from reports of others: says so, and has no end mark
    end_mark: bool = False
    sources: tuple[SourceView, ...] = ()
    topics: tuple[Link, ...] = ()
    contacts: tuple[ContactView, ...] = ()
    corrections: tuple[NoticeView, ...] = ()
    withdrawn: NoticeView | None = None
    boilerplate_title: str = ""
    boilerplate: str = ""
    twin: Alternate | None = None  # the same item in the other language

    @property
    def state(self) -> State:
        if self.withdrawn is not None:
            return "withdrawn"
        return "corrected" if self.corrections else ""


class OtherFeed(Value, frozen=True):
    """Another form of the same feed."""

    tag: str
    href: str
    type: str


class FeedValues(Value, frozen=True):
    """A feed: the site's, a topic's or the events', in one language, newest entry first.

    All addresses are absolute; `self_href` is where this very file stands, `others` are the same
    feed in the other format and language (tag: its language, href), each with its media type.
    """

    id: str
    language: Language
    title: str
    subtitle: str
    site_url: str
    self_href: str
    home: str  # the page of which this is the feed
    author: str  # the site: its own publisher
    author_href: str
    rights: str  # the demonstration notice; "" when it is off
    labels: Labels
    entries: tuple[Entry, ...]
    others: tuple[OtherFeed, ...] = ()
    updated: str = ""  # "": that of the newest entry
    style: str = ""  # address of feed.css

    @property
    def moment(self) -> str:
        """When the feed last changed; an empty feed never has."""
        return self.updated or max((entry.updated for entry in self.entries), default=_EPOCH)


def identity(site_url: str, path: str) -> str:
    """The permanent id of a page or feed: its address, which is kept for ever.

    A site built without an address of its own has URNs made of the path, so that ids are valid
    there too (RFC 4287, 4.2.6: an absolute IRI).
    """
    return absolute(site_url, path) if site_url else uuid.uuid5(uuid.NAMESPACE_URL, path).urn


def release_entry(
    site_url: str,
    path: str,
    language: Language,
    release: ReleaseView,
    words: Labels,
    dateline: str = "",
    twin: Alternate | None = None,
) -> Entry:
    """A release as an entry: what a feed shows and no more, so that nothing else touches the feed.

    `dateline` is the message release.dateline of this release, plain or Markup.
    """
    frame = Entry(
        id=identity(site_url, path),
        href=absolute(site_url, path),
        title=release.title,
        summary="",
        language=language,
        published=release.published,
        updated=release.modified or release.published,
        labels=words,
        topics=release.topics,
        contacts=release.contacts,
        withdrawn=release.withdrawn,
        twin=twin,
    )
    if release.withdrawn is not None:
        return frame
    return msgspec.structs.replace(
        frame,
        summary=release.summary,
        body=release.body,
        dateline=_plain(dateline) if release.place else "",
        compiled=release.compiled,
        end_mark=not release.compiled,
        sources=release.sources,
        corrections=release.corrections,
        boilerplate_title=release.boilerplate_title,
        boilerplate=release.boilerplate,
    )


def edition_entry(
    site_url: str,
    language: Language,
    event: EditionView,
    words: Labels,
    body: Body,
    published: str,
    updated: str = "",
    *,
    contacts: tuple[ContactView, ...] = (),
    sources: tuple[SourceView, ...] = (),
    corrections: tuple[NoticeView, ...] = (),
    withdrawn: NoticeView | None = None,
    twin: Alternate | None = None,
) -> Entry:
    """An edition of an event as an entry: when and where first, as exactly as they are known.

    "On" and "over" are not told: they would be changes of the clock, not of the news.
    """
    frame = Entry(
        id=identity(site_url, event.href),
        href=absolute(site_url, event.href),
        title=event.title,
        summary="",
        language=language,
        published=published,
        updated=updated or published,
        labels=words,
        contacts=contacts,
        withdrawn=withdrawn,
        twin=twin,
    )
    if withdrawn is not None:
        return frame
    when = formats.span(event.starts, event.ends, language)
    changed = {"postponed": words.postponed, "cancelled": words.cancelled}.get(event.state, "")
    hosts = str(formats.conjunction([host.text for host in event.hosts], language).unescape())
    facts = (
        (words.when, _BETWEEN[language].join(filter(None, (when, changed)))),
        (words.where, event.place),
        (words.theme, event.theme),
        (words.hosts, hosts),
    )
    return msgspec.structs.replace(
        frame,
        summary=event.summary,
        body=body,
        facts=tuple((label, text) for label, text in facts if text),
        sources=sources,
        corrections=corrections,
    )


# --- content: HTML that is XML at the same time --------------------------------------------------

# A tag that XML or a feed wants otherwise than nh3 writes it (html5ever's serialisation: attributes
# in double quotes, < and > escaped): one with attributes, or one that is never closed.
_TAG: Final = re.compile(
    r'<([a-z][a-z0-9]*)((?: [^\s"<>/=]+="[^"]*")+) ?/?>|<(/?)(br|hr|img|wbr|col) ?/?>'
)
_ATTRIBUTE: Final = re.compile(r' ([^\s"<>/=]+)="([^"]*)"')
_VOID: Final = frozenset({"br", "hr", "img", "wbr", "col"})
_ADDRESSES: Final = frozenset({"href", "src"})


def polyglot(html: str, resolve: Callable[[str], str]) -> str:
    """Clean HTML as XHTML that an HTML parser reads the same way, with its addresses resolved.

    Ids are left out: entries stand together on one page, where they would clash.
    """

    def attribute(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if name == "id":
            return ""
        if name in _ADDRESSES:
            address = _html.unescape(value)
            return f' {name}="{escape(resolve(address))}"' if address else ""
        return f' {name}="{value}"'

    def tag(match: re.Match[str]) -> str:
        name, attributes, closing, void = match.groups("")
        if void:
            return "" if closing else f"<{void} />"
        inside = _ATTRIBUTE.sub(attribute, attributes)
        return f"<{name}{inside} />" if name in _VOID else f"<{name}{inside}>"

    # Of the names that HTML has for characters and XML has not, html5ever writes only this one.
    return writable(_TAG.sub(tag, html).replace("&nbsp;", "\u00a0"))


def _in_language(language: Language, own: Language) -> str:
    """The attribute that marks a text in the other language."""
    return "" if language == own else f' lang="{TAGS[language]}"'


def _shipped(picture: Picture) -> str:
    """The file to show: the widest everyday format within reason, else the full-size picture."""
    usable = [
        variant
        for variant in picture.variants
        if variant.type in ("image/jpeg", "image/png") and variant.width <= _IMAGE_WIDTH
    ]
    return max(usable, key=lambda variant: variant.width).href if usable else picture.href


def _figure(picture: Picture, entry: Entry, resolve: Callable[[str], str]) -> str:
    """A photograph with its caption and credit, or the plate of one that is on request."""
    words = [escape(text) for text in (picture.caption, picture.credit) if text]
    caption = f"<figcaption>{'<br />'.join(words)}</figcaption>" if words else ""
    if picture.on_request or not picture.href:
        alt = f"<br />{escape(picture.alt)}" if picture.alt else ""
        return f"<figure><p>{escape(entry.labels.on_request)}{alt}</p>{caption}</figure>"
    size = ""
    if picture.width and picture.height:
        size = f' width="{picture.width}" height="{picture.height}"'
    source = escape(resolve(_shipped(picture)))
    return f'<figure><img src="{source}" alt="{escape(picture.alt)}"{size} />{caption}</figure>'


def _notices(notices: Iterable[NoticeView], label: str, own: Language) -> Iterator[str]:
    """A heading, and each notice with its time, newest first."""
    yield f"<h2>{escape(label)}</h2>"
    for notice in sorted(notices, key=lambda each: each.at, reverse=True):
        when = escape(formats.instant(notice.at, own))
        language = _in_language(notice.language, own)
        yield (
            f'<p><strong><time datetime="{escape(notice.at)}">{when}</time></strong>{_COLON[own]}'
            f"<span{language}>{escape(notice.text)}</span></p>"
        )


def _source(source: SourceView, own: Language) -> str:
    text = escape(source.text)
    if source.href:
        text = f'<a href="{escape(source.href)}">{text}</a>'
    when = formats.edtf(source.date, source.language)
    further = [escape(each) for each in (source.publisher, when) if each]
    language = _in_language(source.language, own)
    return f"<li{language}>{_BETWEEN[source.language].join([text, *further])}</li>"


def _contact(contact: ContactView, own: Language) -> str:
    """One line: name, role, organisation, telephone and e-mail, both to be tapped."""
    said = [escape(text) for text in (contact.name, contact.role, contact.organisation) if text]
    if contact.telephone:
        shown = escape(contact.telephone_shown or contact.telephone)
        said.append(f'<a href="tel:{escape(contact.telephone)}">{shown}</a>')
    if contact.email:
        address = escape(contact.email)
        said.append(f'<a href="mailto:{address}">{address}</a>')
    return f"<li>{_BETWEEN[own].join(said)}</li>"


def _body(entry: Entry, parts: Parts, resolve: Callable[[str], str]) -> Iterator[str]:
    """The text, its dateline run in at the first paragraph as on the page."""
    dateline = escape(entry.dateline)
    for part in parts(entry.body) if entry.body.digest else ():
        if part.picture is not None:
            yield _figure(part.picture, entry, resolve)
            continue
        html = polyglot(part.html, resolve).strip()
        yield str(formats.run_in(html, dateline)) if dateline else html
        dateline = ""


def _blocks(entry: Entry, site_url: str, parts: Parts) -> Iterator[str]:
    own, words = entry.language, entry.labels

    def resolve(address: str) -> str:
        return absolute(site_url, address, entry.href)

    if entry.withdrawn is not None:
        yield from _notices([entry.withdrawn], words.withdrawn, own)
    else:
        if entry.corrections:
            yield from _notices(entry.corrections, words.corrections, own)
        if entry.compiled:
            yield f"<p><em>{escape(words.compiled)}</em></p>"
        for label, text in entry.facts:
            yield f"<p><strong>{escape(label)}</strong>{_COLON[own]}{escape(text)}</p>"
        yield from _body(entry, parts, resolve)
        if entry.end_mark:
            yield "<p>###</p>"
        if entry.boilerplate:
            if entry.boilerplate_title:
                yield f"<h2>{escape(entry.boilerplate_title)}</h2>"
            for paragraph in filter(str.strip, entry.boilerplate.split("\n\n")):
                yield f"<p>{escape(paragraph.strip())}</p>"
        if entry.sources:
            yield f"<h2>{escape(words.sources)}</h2>"
            yield f"<ul>{''.join(_source(source, own) for source in entry.sources)}</ul>"
    if entry.contacts:
        yield f"<h2>{escape(words.contacts)}</h2>"
        if entry.contacts[0].current_only:
            yield f"<p>{escape(words.contacts_current)}</p>"
        yield f"<ul>{''.join(_contact(contact, own) for contact in entry.contacts)}</ul>"
    link = escape(entry.href)
    yield f'<p>{escape(words.permalink)}{_COLON[own]}<a href="{link}">{link}</a></p>'


# Both formats and every topic of a release show the same text. A body's digest stands for its parts.
@lru_cache(maxsize=64)
def content(entry: Entry, site_url: str, parts: Parts) -> str:
    """All that a feed shows of an entry, as HTML that is XML too; notices come first."""
    return "\n".join(filter(None, _blocks(entry, site_url, parts)))


# --- Atom ----------------------------------------------------------------------------------------


def _link(rel: str, href: str, media: str, tag: str = "") -> str:
    language = f' hreflang="{tag}"' if tag else ""
    return f'<link rel="{rel}" type="{media}"{language} href="{escape(href)}"/>'


def _element(name: str, text: str) -> Iterable[str]:
    if text:
        yield f"<{name}>{escape(text)}</{name}>"


def _atom_entry(entry: Entry, values: FeedValues, parts: Parts) -> Iterator[str]:
    tag = TAGS[entry.language]
    yield f'<entry xml:lang="{tag}">'
    yield f"<id>{escape(entry.id)}</id>"
    yield f"<title>{escape(entry.title)}</title>"
    yield _link("alternate", entry.href, "text/html", tag)
    if entry.twin is not None:
        # Not "alternate": clients that take the last one of those would open the other language.
        yield _link("related", entry.twin.href, "text/html", entry.twin.tag)
    yield from _element("published", entry.published)
    yield f"<updated>{entry.updated or entry.published}</updated>"
    for topic in entry.topics:
        key = topic.href.rstrip("/").rpartition("/")[2]
        label = escape(topic.text)
        yield f'<category term="{escape(key)}" label="{label}"/>'
    if entry.state:
        label = {"corrected": entry.labels.corrections, "withdrawn": entry.labels.withdrawn}[
            entry.state
        ]
        yield f'<category scheme="{_STATE_SCHEME}" term="{entry.state}" label="{escape(label)}"/>'
    yield from _element("summary", _summary(entry))
    inside = content(entry, values.site_url, parts)
    yield f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml" lang="{tag}">\n{inside}\n</div></content>'
    yield "</entry>"


def _summary(entry: Entry) -> str:
    return entry.summary if entry.withdrawn is None else entry.withdrawn.text


def _atom(values: FeedValues, parts: Parts) -> Iterator[str]:
    tag = TAGS[values.language]
    yield '<?xml version="1.0" encoding="utf-8"?>'
    if values.style:
        yield f'<?xml-stylesheet type="text/css" href="{escape(values.style)}"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{tag}">'
    yield f"<id>{escape(values.id)}</id>"
    yield f"<title>{escape(values.title)}</title>"
    yield from _element("subtitle", values.subtitle)
    # RFC 4287, 6.4: markup of another vocabulary is passed over by programs; browsers show it.
    home = escape(values.home)
    yield (
        f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(values.labels.banner)}</p>'
        f'<p><a href="{home}">{home}</a></p></div>'
    )
    yield _link("self", values.self_href, ATOM_TYPE, tag)
    yield _link("alternate", values.home, "text/html", tag)
    for other in values.others:
        yield _link("alternate", other.href, other.type, other.tag)
    yield f"<updated>{values.moment}</updated>"
    yield f"<author><name>{escape(values.author)}</name><uri>{escape(values.author_href)}</uri></author>"
    yield from _element("rights", values.rights)
    for entry in values.entries:
        yield from _atom_entry(entry, values, parts)
    yield "</feed>\n"


def atom(values: FeedValues, parts: Parts) -> bytes:
    """The feed as Atom 1.0, one element a line."""
    return "\n".join(_atom(values, parts)).encode()


# --- JSON Feed -----------------------------------------------------------------------------------


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [], None)}


def _image(entry: Entry, site_url: str) -> str:
    """The first photograph that the site ships."""
    if entry.withdrawn is not None:
        return ""
    found = (each for each in entry.body.pictures if each.href and not each.on_request)
    first = next(found, None)
    return absolute(site_url, _shipped(first), entry.href) if first else ""


def _json_item(entry: Entry, values: FeedValues, parts: Parts) -> dict[str, Any]:
    notices = [entry.withdrawn] if entry.withdrawn is not None else list(entry.corrections)
    return _without_empty(
        {
            "id": entry.id,
            "url": entry.href,
            "title": entry.title,
            "content_html": content(entry, values.site_url, parts),
            "summary": _summary(entry),
            "image": _image(entry, values.site_url),
            "date_published": entry.published,
            "date_modified": entry.updated,
            "tags": [topic.text for topic in entry.topics],
            "language": TAGS[entry.language],
            # What no field of the format says: that a text was corrected or withdrawn, and why.
            "_newsroom": {
                "state": entry.state,
                "notices": [
                    {"date": each.at, "language": TAGS[each.language], "text": each.text}
                    for each in notices
                ],
            }
            if entry.state
            else None,
        }
    )


def json_feed(values: FeedValues, parts: Parts) -> bytes:
    """The feed as JSON Feed 1.1, indented for the eye."""
    fields = _without_empty(
        {
            "version": _JSON_VERSION,
            "title": values.title,
            "home_page_url": values.home,
            "feed_url": values.self_href,
            "description": values.subtitle,
            "user_comment": " ".join(filter(None, (values.rights, values.labels.banner))),
            "authors": [{"name": values.author, "url": values.author_href}],
            "language": TAGS[values.language],
        }
    )
    fields["items"] = [_json_item(entry, values, parts) for entry in values.entries]
    return msgspec.json.format(msgspec.json.encode(fields), indent=1) + b"\n"
