"""What templates get: plain values, already decided, and nothing else.

A page's key is the hash of the values it is given, so whatever a template can show is here, and
whatever is here counts as a dependency of the page. Dates stay ISO texts and numbers plain texts:
the template's filters (pressroom/formats.py) write them in the page's language. Addresses are
absolute paths below the site ("/zh/releases/2017/child-welfare-week/") unless they say otherwise.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pressroom.words import Language

Mark = Literal["", "draft", "held"]  # shown in `serve` only
State = Literal["", "corrected", "withdrawn"]


class Value(msgspec.Struct, frozen=True):
    """The base of everything a template gets."""


class Link(Value, frozen=True):
    """A link; `language` is set when the text is in the other language."""

    href: str
    text: str
    language: str = ""
    count: int = -1


class Alternate(Value, frozen=True):
    """A page's address in a language: `tag` is zh-Hans, en or x-default, `href` absolute with host."""

    tag: str
    href: str


class Feed(Value, frozen=True):
    href: str
    title: str
    type: str  # application/atom+xml or application/feed+json


class Shell(Value, frozen=True):
    """What every page of a language shows: changes here touch every page."""

    language: Language
    tag: str
    name: str
    short_name: str
    tagline: str
    notice: str
    navigation: tuple[Link, ...]
    footer_links: tuple[Link, ...]
    footer_lines: tuple[str, ...]
    icp: str
    site_url: str  # "" in a plain build: addresses stay relative to the host
    style: str  # address of the one stylesheet, hashed
    script: str  # address of the one script, hashed
    feeds: tuple[Feed, ...]
    noindex: bool
    preview: bool = False  # `serve`: reloads on saving, shows marks


class Switch(Value, frozen=True):
    """The way to the other language; `here` says whether this very page exists there."""

    href: str
    language: Language
    tag: str
    here: bool


class Head(Value, frozen=True):
    """What one page says of itself to browsers, search engines and other sites."""

    path: str
    canonical: str
    title: str
    description: str
    kind: str  # og:type: website or article
    switch: Switch | None
    alternates: tuple[Alternate, ...] = ()
    breadcrumbs: tuple[Link, ...] = ()  # from home to this page's parent
    feeds: tuple[Feed, ...] = ()  # beside the site's own
    published: str = ""
    modified: str = ""
    noindex: bool = False
    json_ld: str = ""  # one JSON text, safe inside <script type="application/ld+json">
    image: str = ""
    mark: Mark = ""
    mark_until: str = ""


class Card(Value, frozen=True):
    """What a list shows of an item."""

    key: str
    kind: str
    href: str
    title: str
    summary: str
    language: Language  # of title and summary
    foreign: bool  # it exists in the other language only: label it
    day: str = ""  # ISO day of a release
    state: State = ""
    mark: Mark = ""

    @property
    def kit(self) -> str:
        """The address of a release's press kit, "" where there is none."""
        there = self.kind == "release" and self.state != "withdrawn"
        return f"{self.href}kit.zip" if there else ""


class Variant(Value, frozen=True):
    """One size of a picture in one format; width in pixels."""

    href: str
    width: int
    type: str


class Picture(Value, frozen=True):
    """A photograph: with variants, or none when it is to be had from the press contacts."""

    name: str
    alt: str
    caption: str
    credit: str
    on_request: bool
    href: str = ""  # the full-size file
    width: int = 0
    height: int = 0
    variants: tuple[Variant, ...] = ()


class Part(Value, frozen=True):
    """A piece of a body: clean HTML, or a picture."""

    html: str = ""
    picture: Picture | None = None


class Body(Value, frozen=True):
    """A body by reference: the digest of its parts in the library, and what its open places resolve to.

    The text itself is read only when a page is rendered; the digest stands for it in the page's
    key. Templates write `{% for part in release.body | parts %}`; makers of machine files are
    handed a function that does the same. `links` are the addresses of the references, in order
    ("" for a link that leads nowhere today: its text stays, plain), `figures` the `{fact}` texts.
    """

    digest: str = ""
    links: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


class NoticeView(Value, frozen=True):
    at: str  # ISO instant, +08:00
    text: str
    language: Language


class SourceView(Value, frozen=True):
    text: str
    language: Language
    publisher: str = ""
    href: str = ""
    date: str = ""  # EDTF


class NameLink(Value, frozen=True):
    """A person or organisation, linked to its entry in the list of names."""

    text: str
    other: str  # the name in the other language
    role: str
    href: str


class ContactView(Value, frozen=True):
    key: str
    name: str
    other_name: str
    role: str
    organisation: str
    languages: tuple[str, ...]
    telephone: str  # E.164
    telephone_shown: str  # grouped for the eye
    email: str
    wechat: str
    hours: str
    confirmed: str
    vcard: str  # address
    qr: str = ""  # inline SVG
    current_only: bool = (
        False  # the item is older than the contact's last confirmation: say "current contact"
    )


class FigureValue(Value, frozen=True):
    number: str
    qualifier: str
    as_of: str  # EDTF
    source: SourceView | None
    note: str = ""


class Figure(Value, frozen=True):
    """A fact with its history, oldest first."""

    key: str
    href: str  # of its entry on the facts page
    label: str
    unit: str
    values: tuple[FigureValue, ...]
    programme: str = ""
    other_label: str = ""
    other_unit: str = ""


class PointView(Value, frozen=True):
    at: str
    text: str


class Accounts(Value, frozen=True):
    """Where the organisation itself can be met: addresses, and the name of its WeChat account."""

    websites: tuple[str, ...] = ()
    weibo: str = ""
    wechat: str = ""
    newsletter: str = ""


class ReleaseView(Value, frozen=True):
    title: str
    summary: str
    section: str
    day: str
    place: str
    compiled: bool
    body: Body
    sources: tuple[SourceView, ...]
    topics: tuple[Link, ...]
    programmes: tuple[Card, ...]
    event: Card | None
    contacts: tuple[ContactView, ...]
    corrections: tuple[NoticeView, ...]
    withdrawn: NoticeView | None
    published: str
    modified: str  # "" when never changed
    related: tuple[Card, ...]
    newer: Card | None
    older: Card | None
    boilerplate_title: str
    boilerplate: str
    accounts: Accounts = Accounts()
    text_href: str = ""
    json_href: str = ""
    kit_href: str = ""
    citation: str = ""  # the absolute address to cite
    stale: bool = False  # the other language is newer and the site says so


class EditionView(Value, frozen=True):
    """An edition on its own page, in the timeline and on the home page."""

    href: str
    title: str
    summary: str
    language: Language
    foreign: bool
    edition: int | None
    starts: str  # EDTF
    ends: str
    place: str
    theme: str
    hosts: tuple[NameLink, ...]
    people: tuple[NameLink, ...]
    schedule: tuple[PointView, ...]
    state: str  # announced, on, over, postponed, cancelled
    mark: Mark = ""
    calendar: str = ""  # address of event.ics
    hours: str = ""
    accreditation: str = ""


class NameView(Value, frozen=True):
    key: str
    kind: str
    name: str
    other: str
    short: str
    other_short: str
    pinyin: str
    roles: tuple[RoleView, ...]
    note: str


class RoleView(Value, frozen=True):
    text: str
    other: str
    start: str
    end: str


class Year(Value, frozen=True):
    year: str
    href: str
    count: int


class Month(Value, frozen=True):
    month: str  # EDTF 2017-05
    cards: tuple[Card, ...]


class TopicView(Value, frozen=True):
    href: str
    name: str
    count: int
    latest: Card | None


class Choice(Value, frozen=True):
    """One value that a filter of the search page can take, and what it is called."""

    value: str
    text: str


class Filter(Value, frozen=True):
    """A way to narrow a search: year, topic or kind."""

    key: str
    label: str
    choices: tuple[Choice, ...]


class ChangeView(Value, frozen=True):
    """A correction or withdrawal on the page that lists them all."""

    at: str
    kind: Literal["correction", "withdrawal"]
    text: str
    language: Language
    card: Card


class Group(Value, frozen=True):
    """Things of one kind under a heading: `key` is what the template turns into words."""

    key: str
    title: str
    figures: tuple[Figure, ...] = ()
    names: tuple[NameView, ...] = ()
