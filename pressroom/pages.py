"""Every page of the site: its address, what makes it, and what it is given.

This is the one place that says what depends on what. A page's key hashes what is given here, and
its view and template see nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import msgspec

from pressroom import pictures, views
from pressroom.assets import Asset
from pressroom.editions import Editions
from pressroom.library import Library
from pressroom.lifecycle import NEWS_SITEMAP_SECONDS, as_text, event_phase, seconds, state, valid
from pressroom.machines import (
    companions,
    data_files,
    feeds,
    icalendar_files,
    sitemaps,
    vcard,
    well_known,
)
from pressroom.models import Contact, Data, Fact, FactRef, Item, Name, Photo, Ref
from pressroom.moments import iso, next_day, start_of
from pressroom.reach import reachable
from pressroom.store import Store, digest
from pressroom.values import (
    Accounts,
    Alternate,
    Card,
    ChangeView,
    ContactView,
    EditionView,
    Feed,
    Figure,
    Group,
    Link,
    NameLink,
    Shell,
    TopicView,
    Year,
)
from pressroom.views import Around, Open, Place, Rights, Surroundings
from pressroom.words import LANGUAGES, TAGS, Language, Words, other
from pressroom.writer import Page

# Plain pages that the foot of every page leads to, in this order, where they exist.
_FOOT_PAGES: Final = ("about", "subscribe", "accessibility", "privacy")

ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"

# The templates of the pages for which a stamp stands.
STAMPED: Final = ("release.html", "releases_year.html", "topic_year.html")

SITEMAPS: Final = "sitemap/"  # before the year: the name of the group that its sitemap is

_NOTHING_OPEN: Final = Open()
_encode: Final = msgspec.msgpack.Encoder(order="sorted").encode


class Site:
    """The site at an instant, from which all pages follow."""

    def __init__(
        self,
        library: Library,
        editions: Editions,
        tools: dict[Language, views.Tools],
        site_url: str,
        addresses: dict[str, str],
        assets: Sequence[Asset],
        store: Store,
        stale: frozenset[str] = frozenset(),
    ) -> None:
        self.library = library
        self.editions = editions
        self.data: Data = library.data
        self.tools = tools
        self.site_url = site_url
        self.addresses = addresses
        self.assets = assets
        self.store = store
        self.stale = stale  # item keys + language whose twin is newer
        self._rights_known: dict[str, tuple[Rights, ...]] = {}
        # Items that have photographs of their own: all others' pictures are to be asked for.
        self._shipping = {
            item.key
            for item in library.items.values()
            if any(photo.digest for photo in item.photos)
        }
        self._reachable: dict[tuple[str, ...], tuple[Contact, ...]] = {}
        self.facts = self._facts_today()
        self.unspoken = self._unspoken()
        self.shells: dict[Language, Shell] = {
            language: self._shell(language) for language in LANGUAGES
        }
        self._contacts: dict[tuple[str, Language], ContactView] = {}
        self._figures: dict[tuple[str, Language], Figure] = {}
        self._around: dict[Any, Around] = {}
        self._open: dict[tuple[str, Language], Open] = {}
        self._pictures: dict[tuple[str, str], Any] = {}
        self._sitemap: list[sitemaps.SitemapEntry] = []
        self._settled: dict[str, list[str]] = {}  # the sitemaps that stay as they are, by year
        self._titles: dict[str, Words] = {}

    # --- what many pages share -----------------------------------------------------------------

    def _shell(self, language: Language) -> Shell:
        say = self.tools[language].say
        organisation = self.data.organisation
        pages = {item.slug: item for item in self.editions.pages}
        footer = [
            (slug, title)
            for slug, title in (
                ("topics", say("topics.title")),
                ("names", say("names.title")),
                ("corrections", say("corrections.title")),
                *(
                    (slug, self._page_title(pages[slug], language))
                    for slug in _FOOT_PAGES
                    if slug in pages
                ),
            )
            if title
        ]
        navigation = (
            ("releases", say("releases.title")),
            ("events", say("events.title")),
            ("programmes", say("programmes.title")),
            ("facts", say("facts.title")),
            ("contacts", say("contacts.title")),
            ("search", say("search.title")),
        )

        def links(found: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
            return tuple(Link(f"/{language}/{slug}/", text) for slug, text in found)

        return Shell(
            language=language,
            tag=TAGS[language],
            name=organisation.name[language],
            short_name=organisation.short_name[language],
            tagline=organisation.tagline[language],
            notice=organisation.notice[language],
            navigation=links(navigation),
            footer_links=links(footer),
            footer_lines=tuple(line[language] for line in organisation.footer),
            icp=organisation.icp,
            site_url=self.site_url,
            style=self.addresses["site.css"],
            script=self.addresses.get("js/site.js", ""),
            feeds=self._feeds(language, "feed", organisation.name[language]),
            noindex=bool(organisation.notice),
            preview=self.editions.preview,
        )

    def _page_title(self, item: Item, language: Language) -> str:
        side = item.side(language)
        return side.title if side is not None and self.editions.shown(item, language) else ""

    def _feeds(self, language: Language, tail: str, title: str) -> tuple[Feed, ...]:
        return (
            Feed(f"/{language}/{tail}.atom.xml", title, ATOM),
            Feed(f"/{language}/{tail}.json", title, JSON_FEED),
        )

    def card(self, key: str, language: Language) -> Card | None:
        """The card of an item that is listed: shown, and not withdrawn."""
        return self.editions.card(self.editions.items[key], language) if self._live(key) else None

    def cards(self, items: Iterable[Item], language: Language) -> tuple[Card, ...]:
        return tuple(self.editions.card(item, language) for item in items)

    def reachable(self, keys: Iterable[str]) -> tuple[Contact, ...]:
        """The contacts to name today: those named, their successors, else the general press line."""
        asked = tuple(keys)
        known = self._reachable.get(asked)
        if known is None:
            known = self._reachable[asked] = reachable(self.data, asked, self.editions.now)
        return known

    def contact_views(self, keys: Iterable[str], language: Language) -> tuple[ContactView, ...]:
        return tuple(self._contact(contact, language) for contact in self.reachable(keys))

    def _contact(self, contact: Contact, language: Language) -> ContactView:
        known = self._contacts.get((contact.key, language))
        if known is None:
            known = views.contact_of(contact, self._name_words(contact.organisation), language)
            self._contacts[contact.key, language] = known
        return known

    def _name_words(self, key: str) -> Words:
        name = self.data.names.get(key)
        return name.name if name is not None else Words()

    def name_links(
        self, keys: Iterable[str], language: Language, at: str = ""
    ) -> tuple[NameLink, ...]:
        return tuple(
            views.name_link(self.data.names[key], language, at)
            for key in keys
            if key in self.data.names
        )

    def _facts_today(self) -> dict[str, Fact]:
        """The facts of programmes that are public, without values whose source is a release that is not."""
        found: dict[str, Fact] = {}
        for key, fact in self.data.facts.items():
            if fact.programme and f"programmes/{fact.programme}" not in self.editions.items:
                continue
            values = tuple(value for value in fact.values if self._sourced(value.source))
            if values:
                found[key] = (
                    fact
                    if len(values) == len(fact.values)
                    else msgspec.structs.replace(fact, values=values)
                )
        return found

    def _live(self, key: str) -> bool:
        """Whether an item is shown in some language, and not withdrawn."""
        return key in self.editions.items and self.editions.standing[key].withdrawn is None

    def _unspoken(self) -> frozenset[str]:
        """The names of which only items speak that are not public: they wait with them."""
        spoken = {contact.organisation for contact in self.data.contacts.values()}
        spoken.add(self.data.organisation.source_organisation)
        waiting: set[str] = set()
        for item in self.library.items.values():
            live = self._live(item.key)
            mine = spoken if live else waiting
            mine.add(item.place)
            if item.kind != "release":
                mine.update((*item.hosts, *item.people, *item.partners))
            for side in item.sides():
                for ref in side.refs:
                    if ref.kind == "name":
                        shown = live and self.editions.shown(item, side.language)
                        (spoken if shown else waiting).add(ref.key)
        for name in self.data.names.values():
            if name.source.startswith("release:") and not self._sourced(name.source):
                waiting.add(name.key)
        return frozenset(waiting - spoken)

    def _sourced(self, source: str) -> bool:
        if not source.startswith("release:"):
            return True
        return self._live(f"releases/{source.removeprefix('release:')}")

    def figure(self, key: str, language: Language) -> Figure:
        known = self._figures.get((key, language))
        if known is None:
            fact = self.facts[key]
            titles: dict[str, Words] = {}
            for value in fact.values:
                if value.source.startswith("release:"):
                    slug = value.source.removeprefix("release:")
                    item = self.editions.items.get(f"releases/{slug}")
                    if item is not None and self.editions.standing[item.key].withdrawn is None:
                        titles[slug] = Words(
                            item.zh.title if item.zh and self.editions.shown(item, "zh") else "",
                            item.en.title if item.en and self.editions.shown(item, "en") else "",
                        )
            known = views.figure_of(fact, language, titles)
            self._figures[key, language] = known
        return known

    def place_of(self, item: Item, tail: str | None = None) -> Callable[[Language], Place]:
        languages = self.editions.languages(item)
        standing = self.editions.standing[item.key]
        own = item.address if tail is None else tail
        fallback = f"{item.kind}s/" if item.kind != "page" else ""

        def at(language: Language) -> Place:
            phase = standing.phase(language)
            return Place(
                own,
                languages,
                fallback,
                "draft" if phase == "draft" else "held" if phase == "held" else "",
                standing.until if phase == "held" else "",
            )

        return at

    # --- open places of a body -----------------------------------------------------------------

    def open(self, item: Item, language: Language) -> Open:
        side = item.side(language)
        if side is None or not (side.refs or side.facts or item.key in self._shipping):
            return _NOTHING_OPEN
        if self.editions.standing[item.key].withdrawn is not None:
            return _NOTHING_OPEN  # nothing of its body is shown
        known = self._open.get((item.key, language))
        if known is None:
            known = Open(
                tuple(self._resolve(ref, language) for ref in side.refs),
                tuple(self._fact(ref, language) for ref in side.facts),
                self._rights(item) if item.key in self._shipping else (),
            )
            self._open[item.key, language] = known
        return known

    def _resolve(self, ref: Ref, language: Language) -> str:
        """Where a reference leads, in the reader's language if it can; "" when nowhere today."""
        if ref.kind == "contact":
            contacts = self.reachable([ref.key])
            return f"/{language}/contacts/#{contacts[0].key}" if contacts else ""
        if ref.kind == "name":
            return f"/{language}/names/#{ref.key}"
        item = self.editions.items.get(f"{ref.kind}s/{ref.key}")
        return self.editions.card(item, language).href if item is not None else ""

    def _fact(self, ref: FactRef, language: Language) -> str:
        fact = self.facts.get(ref.key)
        return "" if fact is None else views.fact_text(fact, ref.at, ref.number_only, language)

    def _rights(self, item: Item) -> tuple[Rights, ...]:
        known = self._rights_known.get(item.key)
        if known is None:
            known = self._rights_known[item.key] = tuple(self._rights_now(item))
        return known

    def _rights_now(self, item: Item) -> Iterator[Rights]:
        if self.editions.standing[item.key].withdrawn is not None:
            return
        for photo in item.photos:
            if not self._ships(item, photo):
                continue
            over = photo.consent_until is not None and self.editions.now >= seconds(
                start_of(next_day(photo.consent_until.last))
            )
            if photo.digest and over:
                yield Rights(photo.name, gone=True)
            elif photo.digest:
                source = self.library.root / item.key / "photos" / photo.name
                made = self._pictures.get((item.key, photo.name))
                if made is None:
                    made = pictures.picture(item, photo, source, self.store)
                    self._pictures[item.key, photo.name] = made
                yield Rights(photo.name, picture=made)

    def _ships(self, item: Item, photo: Photo) -> bool:
        """Whether a photograph may go out: one that stands only in a side that is held waits with it."""
        stands = [
            side.language
            for side in item.sides()
            if any(ref.name == photo.name for ref in side.photos)
        ]
        return not stands or any(self.editions.shown(item, language) for language in stands)

    def around(self, item: Item, language: Language) -> Around:
        """What stands around a release; releases of the same kind share one."""
        stale = bool(self.stale) and f"{item.key}:{language}" in self.stale
        key = (item.place, item.topics, item.programmes, item.event, item.contacts, language, stale)
        known = self._around.get(key)
        if known is None:
            contacts = self.reachable(item.contacts)
            organisation = self.data.organisation
            cards = [self.card(f"programmes/{slug}", language) for slug in item.programmes]
            known = Around(
                section=organisation.section[language],
                place=self._name_words(item.place)[language],
                topics=tuple(
                    Link(f"/{language}/topics/{topic}/", self.data.topics[topic].name[language])
                    for topic in item.topics
                    if topic in self.data.topics
                ),
                programmes=tuple(card for card in cards if card is not None),
                event=self.card(f"events/{item.event}", language) if item.event else None,
                contacts=tuple(self._contact(contact, language) for contact in contacts),
                boilerplate_title=organisation.boilerplate_title[language],
                boilerplate=organisation.boilerplate[language],
                accounts=Accounts(
                    organisation.websites,
                    organisation.weibo,
                    organisation.wechat,
                    organisation.newsletter,
                ),
                source_organisation=self._name_words(organisation.source_organisation)[language],
                stale=stale,
            )
            self._around[key] = known
        return known

    def surroundings(self, item: Item, language: Language) -> Surroundings:
        at = item.starts.text if item.starts else ""
        exact = item.starts is not None and item.starts.exact
        return Surroundings(
            place=self._name_words(item.place)[language] if item.place else "",
            hosts=self.name_links(item.hosts, language, at),
            people=self.name_links(item.people, language, at),
            state=event_phase(item, self.editions.now),
            calendar=f"/{language}/{item.address}event.ics" if exact else "",
        )

    def edition(self, item: Item, language: Language) -> EditionView:
        return views.edition_view(
            item,
            self.editions.standing[item.key],
            language,
            self.surroundings(item, language),
            self.editions.preview,
        )

    # --- stamps --------------------------------------------------------------------------------

    def stamps(self, ground: bytes) -> dict[str, bytes]:
        """For each release, and for the list of each year, what stands for all that its pages are given.

        The same stamp, the same pages. A stamp costs a tenth of planning the pages and hashing what
        they are given. It may change where no page does, never the other way round: it holds the
        record itself and its standing, whole, the same of every release that the pages show or refer
        to, and `ground`, a digest of the templates of STAMPED and of the messages. What ships
        photographs has none.
        """
        editions = self.editions
        common = digest(
            b"\0".join((ground, *map(_encode, self._common()), self.data.digest.encode()))
        )
        own = {
            item.key: state(item, editions.now).encode()
            for item in editions.items.values()
            if item.kind == "release"
        }
        found: dict[str, bytes] = {}
        for group, others, members in self._groups_of_years():
            parts = [common, " ".join(others).encode(), *(own[item.key] for item in members)]
            found[group] = digest(b"\0".join(parts))
        if self._divided():
            for year, shown in self._by_year.items():
                parts = [common, *(own[item.key] for item in shown)]
                found[f"{SITEMAPS}{year}"] = digest(b"\0".join(parts))
        for key, mine in own.items():
            if key in self._shipping:
                continue
            item = editions.items[key]
            parts = [common, mine]
            for near in (*editions.neighbours.get(key, ()), *editions.related.get(key, ())):
                parts.append(own[near.key] if near is not None else b"-")
            for side in item.sides():
                for ref in side.refs:
                    if ref.kind == "release":
                        parts.append(own.get(f"releases/{ref.key}", b"-"))
                if f"{key}:{side.language}" in self.stale:
                    parts.append(side.language.encode())
            found[key] = digest(b"\0".join(parts))
        return found

    @cached_property
    def _by_year(self) -> dict[str, list[Item]]:
        """All releases that are shown, withdrawn ones too, by the year of their address."""
        found: dict[str, list[Item]] = {}
        for item in self.editions.items.values():
            if item.kind == "release":
                found.setdefault(item.key.split("/")[1], []).append(item)
        return found

    def _divided(self) -> bool:
        """Whether each year has a sitemap of its own."""
        return len(self.editions.releases) > sitemaps.SINGLE_RELEASES

    def _groups_of_years(self) -> Iterator[tuple[str, Iterable[str], list[Item]]]:
        """The lists that have a page for each year: the stamp's name, the years beside it, what is listed."""
        editions = self.editions
        for year, members in editions.years.items():
            yield f"releases/{year}", editions.years, members
        for topic, years in editions.topic_years.items():
            for year, members in years.items():
                yield f"topics/{topic}/{year}", years, members

    def _common(self) -> Iterator[Any]:
        """What a release's pages are given besides releases: everything that is not one."""
        editions = self.editions
        yield self.shells
        yield self.facts
        yield [key for key, contact in self.data.contacts.items() if valid(contact, editions.now)]
        for language in LANGUAGES:
            yield self.cards(
                (item for item in editions.items.values() if item.kind != "release"), language
            )

    # --- the pages -----------------------------------------------------------------------------

    def pages(
        self, kept: Container[str] = (), maps: Mapping[str, Sequence[str]] = MappingProxyType({})
    ) -> Iterator[Page]:
        """All files of the site, every one with what it depends on, but those of the groups in `kept`.

        `maps` are the files of the years' sitemaps among them.
        """
        self._settled = {year: [f"/{path}" for path in paths] for year, paths in maps.items()}
        # Of a release whose year's sitemap is kept with its own pages nothing is asked any more.
        still = {
            item.key for year in self._settled for item in self._by_year[year] if item.key in kept
        }
        items = [item for item in self.editions.items.values() if item.key not in still]
        for language in LANGUAGES:
            yield from self._of_language(language, items, kept)
        yield from self._shared()

    def of_item(self, item: Item) -> Iterator[Page]:
        """The files of one item alone, in every language: all that `serve` needs for a page that is asked for."""
        for language in self.editions.languages(item):
            yield from self._item(item, language)

    def of_no_item(self) -> Iterator[Page]:
        """All files but those of the items; the sitemap among them is not complete."""
        for language in LANGUAGES:
            yield from self._of_language(language, (), ())
        yield from self._shared()

    def _html(
        self,
        template: str,
        view: Callable[..., Any],
        language: Language,
        place: Place,
        *given: Any,
        modified: str = "",
        listed: bool = True,
    ) -> Page:
        if listed:
            self._list(language, place, modified)
        return Page(
            f"{language}/{place.tail}index.html",
            template,
            view,
            (self.shells[language], place, *given),
            language,
        )

    def _list(self, language: Language, place: Place, modified: str) -> None:
        """Put a page into the sitemap, unless it is one of the preview's only."""
        if place.mark:
            return
        base = self.site_url
        alternates: tuple[Alternate, ...] = ()
        if len(place.languages) > 1:
            alternates = (
                *(Alternate(TAGS[each], f"{base}/{each}/{place.tail}") for each in place.languages),
                Alternate("x-default", f"{base}/" if not place.tail else f"{base}/zh/{place.tail}"),
            )
        self._sitemap.append(
            sitemaps.SitemapEntry(f"{base}/{language}/{place.tail}", modified, alternates)
        )

    def _modified(self, items: Iterable[Item]) -> str:
        standing = self.editions.standing
        return as_text(max((at for item in items if (at := standing[item.key].last)), default=0))

    def _of_language(
        self, language: Language, items: Iterable[Item], kept: Container[str]
    ) -> Iterator[Page]:
        editions, data = self.editions, self.data
        latest = self.cards(editions.releases[: views.LATEST], language)
        years = self._years(f"/{language}/releases/", editions.years)
        newest = self._modified(editions.releases[: views.LATEST])
        yield self._html(
            "home.html", views.home, language, Place(""), *self._home(language), modified=newest
        )
        yield self._html(
            "releases.html",
            views.releases,
            language,
            Place("releases/"),
            latest,
            years,
            modified=newest,
        )
        other_years = self._other_years(f"/{language}/releases/", editions.years)
        for year, members in editions.years.items():
            yield from self._year(
                "releases_year.html",
                views.releases_year,
                language,
                f"releases/{year}",
                members,
                kept,
                year,
                other_years,
            )
        yield from self._topics(language, kept)
        for item in items:
            if not editions.shown(item, language):
                continue
            if item.key in kept:
                modified = editions.standing[item.key].modified
                self._list(language, self.place_of(item)(language), modified)
            else:
                for page in self._item(item, language):
                    yield _grouped(page, item.key) if item.kind == "release" else page
        yield from self._events(language)
        yield self._html(
            "programmes.html",
            views.programmes,
            language,
            Place("programmes/"),
            self.cards(editions.programmes, language),
        )
        yield self._html(
            "facts.html", views.facts, language, Place("facts/"), self._groups(language)
        )
        people = self.contact_views(data.contacts, language)
        yield self._html(
            "contacts.html",
            views.contacts,
            language,
            Place("contacts/"),
            people,
            tuple(self._vcard(data.contacts[person.key]) for person in people),
        )
        yield self._html(
            "names.html", views.names, language, Place("names/"), self._names(language)
        )
        yield self._html(
            "corrections.html",
            views.corrections,
            language,
            Place("corrections/"),
            self._changes(language),
        )
        yield self._html(
            "search.html",
            views.search,
            language,
            Place("search/"),
            years,
            self._topic_views(language),
            self._dated(),
            tuple(topic for topic in self.data.topics if topic in editions.topics),
            self.addresses.get("js/search.js", ""),
            listed=False,
        )
        yield from self._feed(
            language, "feed", "", self.shells[language].name, editions.told[: views.LATEST]
        )

    def _year(
        self,
        template: str,
        view: Callable[..., Any],
        language: Language,
        group: str,
        members: Sequence[Item],
        kept: Container[str],
        *given: Any,
    ) -> Iterator[Page]:
        """The page of a year's list, unless it is kept."""
        if group in kept and group[-4:] in self._settled:
            return
        place, modified = Place(f"{group}/"), self._modified(members)
        if group in kept:
            self._list(language, place, modified)
            return
        cards = self.cards(members, language)
        page = self._html(template, view, language, place, *given, cards, modified=modified)
        yield _grouped(page, group)

    def _other_years(self, base: str, years: dict[str, list[Item]]) -> tuple[Year, ...]:
        """The years without their counts: a year's page does not change with what other years hold."""
        return tuple(Year(year, f"{base}{year}/", 0) for year in years)

    def _dated(self) -> tuple[str, ...]:
        """The years of releases, events and figures, newest first: what a search can be narrowed to."""
        found = set(self.editions.years)
        for item in self.editions.events:
            if item.starts or item.edition:
                found.add(str(item.starts.first.year if item.starts else item.edition))
        found.update(
            str(value.as_of.first.year) for fact in self.facts.values() for value in fact.values
        )
        return tuple(sorted(found, reverse=True))

    def _years(self, base: str, years: dict[str, list[Item]]) -> tuple[Year, ...]:
        return tuple(Year(year, f"{base}{year}/", len(items)) for year, items in years.items())

    def _home(self, language: Language) -> tuple[Any, ...]:
        editions = self.editions
        releases = self.cards(editions.releases[: views.HOME_LATEST + 1], language)
        week = editions.events[0] if editions.events else None
        figures: list[Figure] = []
        contacts: list[str] = []
        for item in editions.programmes[:1]:
            figures = [self.figure(key, language) for key in item.facts[:4] if key in self.facts]
        for item in (*editions.releases[:1], *editions.programmes[:1]):
            contacts += item.contacts
        return (
            releases[0] if releases else None,
            releases[1:],
            self.edition(week, language) if week else None,
            tuple(figures),
            self.contact_views(contacts, language),
        )

    def _topic_view(self, topic: str, language: Language) -> TopicView:
        items = self.editions.topics[topic]
        return TopicView(
            f"/{language}/topics/{topic}/",
            self.data.topics[topic].name[language],
            len(items),
            self.editions.card(items[0], language),
        )

    def _topic_views(self, language: Language) -> tuple[TopicView, ...]:
        return tuple(
            self._topic_view(topic, language)
            for topic in self.data.topics
            if topic in self.editions.topics
        )

    @cached_property
    def _told_of_topics(self) -> dict[str, list[Item]]:
        told: dict[str, list[Item]] = {}
        for item in self.editions.told:
            for topic in item.topics:
                told.setdefault(topic, []).append(item)
        return told

    def _topics(self, language: Language, kept: Container[str]) -> Iterator[Page]:
        editions = self.editions
        yield self._html(
            "topics.html", views.topics, language, Place("topics/"), self._topic_views(language)
        )
        for topic, items in editions.topics.items():
            if topic not in self.data.topics:
                continue
            view = self._topic_view(topic, language)
            # A year of a topic shows its name, not how many items other years have.
            still = TopicView(view.href, view.name, 0, None)
            years = self._years(f"/{language}/topics/{topic}/", editions.topic_years[topic])
            other_years = self._other_years(
                f"/{language}/topics/{topic}/", editions.topic_years[topic]
            )
            title = f"{self.shells[language].short_name} · {view.name}"
            yield self._html(
                "topic.html",
                views.topic,
                language,
                Place(f"topics/{topic}/"),
                view,
                self.cards(items[: views.LATEST], language),
                years,
                self._feeds(language, f"topics/{topic}/feed", title),
                modified=self._modified(items[: views.LATEST]),
            )
            for year, members in editions.topic_years[topic].items():
                yield from self._year(
                    "topic_year.html",
                    views.topic_year,
                    language,
                    f"topics/{topic}/{year}",
                    members,
                    kept,
                    still,
                    year,
                    other_years,
                )
            yield from self._feed(
                language,
                f"topics/{topic}/feed",
                f"topics/{topic}/",
                title,
                self._told_of_topics[topic][: views.LATEST],
            )

    def _item(self, item: Item, language: Language) -> Iterator[Page]:
        standing = self.editions.standing[item.key]
        place = self.place_of(item)(language)
        if item.kind == "release":
            newer, older = self.editions.neighbours.get(item.key, (None, None))
            yield self._html(
                "release.html",
                views.release_page,
                language,
                place,
                item,
                standing,
                self.around(item, language),
                self.open(item, language),
                self.cards(self.editions.related.get(item.key, ()), language),
                self.editions.card(newer, language) if newer else None,
                self.editions.card(older, language) if older else None,
                modified=standing.modified,
            )
            if language == self.editions.languages(item)[0]:
                yield self._companions(item)
        elif item.kind == "page":
            template, view = ("page.html", views.plain_page)
            given: tuple[Any, ...] = (item, standing, self.open(item, language))
            if item.slug == "subscribe":
                template, view = ("subscribe.html", views.subscribe)  # type: ignore[assignment]  # two views of one kind of page
                given = (*given, self._following(language))
            yield self._html(template, view, language, place, *given, modified=standing.modified)
        elif item.kind == "programme":
            yield self._html(
                "programme.html",
                views.programme,
                language,
                place,
                item,
                standing,
                self.editions.card(item, language),
                self.open(item, language),
                self.name_links(item.partners, language),
                tuple(self.figure(key, language) for key in item.facts if key in self.facts),
                self._coverage(item, language),
                self.contact_views(item.contacts, language),
                modified=standing.modified,
            )
        else:
            yield from self._event(item, language, place)
        if language == self.editions.languages(item)[0] and standing.withdrawn is None:
            yield from self._photographs(item)

    def _coverage(self, item: Item, language: Language) -> tuple[Card, ...]:
        return self.cards(self.editions.coverage.get(item.key, ())[: views.LATEST], language)

    def _photographs(self, item: Item) -> Iterator[Page]:
        if item.key not in self._shipping:
            return
        rights = {each.name: each for each in self._rights(item)}
        for photo in item.photos:
            mine = rights.get(photo.name)
            if mine is None or mine.picture is None:
                continue
            captions = Words(*(self._caption(item, photo.name, language) for language in LANGUAGES))
            source = self.library.root / item.key / "photos" / photo.name
            yield from pictures.pages(
                item, photo, mine.picture, source, captions, self.store.folder
            )

    def _caption(self, item: Item, name: str, language: Language) -> str:
        side = item.side(language)
        if side is None or not self.editions.shown(item, language):
            return ""
        return next((ref.caption for ref in side.photos if ref.name == name), "")

    def _companions(self, item: Item) -> Page:
        """What lies beside a release in every language it is shown in: one page's worth of work."""
        standing = self.editions.standing[item.key]
        languages = self.editions.languages(item)
        halves = tuple(
            (
                self.shells[each],
                self.around(item, each),
                self.open(item, each),
                self._copyright(each),
            )
            for each in languages
        )
        files: tuple[views.KitFile, ...] = ()
        if item.key in self._shipping:
            files = tuple(
                views.KitFile(photo.name, photo.digest, photo.credit)
                for photo, rights in zip(item.photos, self._rights_by_photo(item), strict=True)
                if rights is not None and rights.picture is not None
            )
        names = companions.NAMES if standing.withdrawn is None else companions.WITHDRAWN_NAMES
        first, *more = [f"{each}/{item.address}{name}" for name in names for each in languages]
        folder = f"{self.library.root}/{item.key}/photos" if files else ""
        return Page(
            first,
            companions.make,
            views.release_kit,
            (halves, item, standing, files, folder),
            also=tuple(more),
        )

    def _rights_by_photo(self, item: Item) -> Iterator[Rights | None]:
        rights = {each.name: each for each in self._rights(item)}
        for photo in item.photos:
            yield rights.get(photo.name)

    def _copyright(self, language: Language) -> str:
        return self.shells[language].name

    def _event(self, item: Item, language: Language, place: Place) -> Iterator[Page]:
        editions = self.editions
        standing = editions.standing[item.key]
        contacts = self.contact_views(item.contacts, language)
        if item.series:
            members = [
                each for each in reversed(editions.events) if each.key.startswith(f"{item.key}/")
            ]
            yield self._html(
                "series.html",
                views.series,
                language,
                place,
                item,
                standing,
                editions.card(item, language),
                self.open(item, language),
                tuple(self.edition(each, language) for each in members),
                self._coverage(item, language),
                contacts,
                modified=standing.modified,
            )
            return
        parent = self.card(item.key.rpartition("/")[0], language)
        kin = [
            each
            for each in editions.events
            if each.key.rpartition("/")[0] == item.key.rpartition("/")[0]
        ]
        at = kin.index(item) if item in kin else -1
        newer = kin[at - 1] if at > 0 else None
        older = kin[at + 1] if 0 <= at < len(kin) - 1 else None
        around = self.surroundings(item, language)
        yield self._html(
            "edition.html",
            views.edition,
            language,
            place,
            item,
            standing,
            around,
            self.open(item, language),
            parent,
            self._coverage(item, language),
            contacts,
            self.card(newer.key, language) if newer else None,
            self.card(older.key, language) if older else None,
            modified=standing.modified,
        )
        if around.calendar and standing.withdrawn is None:
            yield Page(
                around.calendar[1:],
                icalendar_files.make,
                views.calendar,
                (
                    self.shells[language],
                    around.calendar,
                    ((item, standing, around),),
                ),
                language,
            )

    def _events(self, language: Language) -> Iterator[Page]:
        editions = self.editions
        own = self._feeds(language, "events/feed", self.tools[language].say("events.feed_title"))
        yield self._html(
            "events.html",
            views.events,
            language,
            Place("events/"),
            self.cards(editions.series, language),
            tuple(self.edition(item, language) for item in editions.events),
            own[:1],
        )
        dated = [item for item in editions.events if item.starts is not None and item.starts.exact]
        yield Page(
            f"{language}/events/calendar.ics",
            icalendar_files.make,
            views.calendar,
            (
                self.shells[language],
                "events/calendar.ics",
                tuple(
                    (item, editions.standing[item.key], self.surroundings(item, language))
                    for item in dated
                ),
            ),
            language,
        )
        covered = [item for item in editions.told if item.event][: views.LATEST]
        yield from self._feed(language, "events/feed", "events/", own[0].title, covered, json=False)

    def _groups(self, language: Language) -> tuple[Group, ...]:
        groups: dict[str, list[Figure]] = {}
        for key, fact in self.facts.items():
            groups.setdefault(fact.programme, []).append(self.figure(key, language))
        made = []
        for programme, figures in groups.items():
            card = self.card(f"programmes/{programme}", language)
            title = card.title if card else self.tools[language].say("facts.general")
            made.append(Group(programme or "general", title, figures=tuple(figures)))
        return tuple(made)

    def _names(self, language: Language) -> tuple[Name, ...]:
        return tuple(
            sorted(
                (name for key, name in self.data.names.items() if key not in self.unspoken),
                key=lambda name: (
                    (name.pinyin or name.name.en).lower()
                    if language == "zh"
                    else name.name.en.lower()
                ),
            )
        )

    def _changes(self, language: Language) -> tuple[ChangeView, ...]:
        changes: list[ChangeView] = []
        for item in self.editions.items.values():
            standing = self.editions.standing[item.key]
            if not standing.corrections and standing.withdrawn is None:
                continue
            card = self.editions.card(item, language)
            if standing.withdrawn is not None:
                # Nothing old is said of it: its entry is called what its page is called.
                kind = "release" if item.kind == "release" else "item"
                title = self.tools[language].say(f"{kind}.withdrawn_title")
                card = msgspec.structs.replace(card, title=title, foreign=False)
                notice = views.notice_of(standing.withdrawn, language)
                changes.append(
                    ChangeView(notice.at, "withdrawal", notice.text, notice.language, card)
                )
                continue
            for notice in views.notices_of(standing, language):
                changes.append(
                    ChangeView(notice.at, "correction", notice.text, notice.language, card)
                )
        return tuple(sorted(changes, key=lambda change: (change.at, change.card.key), reverse=True))

    def _following(self, language: Language) -> views.Following:
        found = list(self._feeds(language, "feed", self.shells[language].name))
        for view in self._topic_views(language):
            tail = view.href.removeprefix(f"/{language}/")
            found += self._feeds(language, f"{tail}feed", view.name)
        title = self.tools[language].say("events.feed_title")
        found += self._feeds(language, "events/feed", title)[:1]
        organisation = self.data.organisation
        return views.Following(
            tuple(found), organisation.weibo, organisation.wechat, organisation.newsletter
        )

    # --- files for programs --------------------------------------------------------------------

    def _feed(
        self,
        language: Language,
        tail: str,
        home: str,
        title: str,
        items: Sequence[Item],
        json: bool = True,
    ) -> Iterator[Page]:
        """Two feeds of what readers were told last: what is new, corrected or withdrawn, however old."""
        members = tuple(self._member(item, language) for item in items)
        for suffix, maker in (("atom.xml", feeds.atom), ("json", feeds.json_feed)):
            if suffix == "json" and not json:
                continue
            path = f"{tail}.{suffix}"
            yield Page(
                f"{language}/{path}",
                maker,
                views.feed,
                (
                    self.shells[language],
                    path,
                    title,
                    home,
                    members,
                    self.addresses.get("feed.css", ""),
                ),
                language,
            )

    def _member(self, item: Item, language: Language) -> tuple[Any, ...]:
        written: Language = language if self.editions.shown(item, language) else other(language)
        there = other(written)
        twin = (
            Alternate(TAGS[there], f"{self.site_url}/{there}/{item.address}")
            if self.editions.shown(item, there)
            else None
        )
        return (
            item,
            self.editions.standing[item.key],
            self.around(item, written),
            self.open(item, written),
            self.shells[written],
            twin,
        )

    def _vcard(self, contact: Contact) -> vcard.VCard:
        return views.vcard_of(self.site_url, contact, self._name_words(contact.organisation))

    def _shared(self) -> Iterator[Page]:
        halves = tuple(
            views.FrontHalf(
                self.shells[language],
                Link(f"/{language}/", self.tools[language].say("nav.home")),
                next(iter(self.cards(self.editions.releases[:1], language)), None),
                self.cards(self.editions.releases[1:4], language),
            )
            for language in LANGUAGES
        )
        self._sitemap.append(
            sitemaps.SitemapEntry(
                f"{self.site_url}/",
                self._modified(self.editions.releases[:4]),
                (
                    *(Alternate(TAGS[each], f"{self.site_url}/{each}/") for each in LANGUAGES),
                    Alternate("x-default", f"{self.site_url}/"),
                ),
            )
        )
        yield Page("index.html", "front.html", views.front, (halves,), "zh")
        yield Page("404.html", "404.html", views.lost, (halves,), "zh")
        cards = []
        for contact in self.data.contacts.values():
            if valid(contact, self.editions.now):
                card = self._vcard(contact)
                cards.append(card)
                yield Page(f"contacts/{contact.key}.vcf", vcard.make, views.vcards, ((card,),))
        if cards:
            yield Page("contacts/all.vcf", vcard.make, views.vcards, (tuple(cards),))
        yield from self._data_files()
        for asset in self.assets:
            yield Page(asset.path, as_bytes, views.as_given, (asset,))
        for path, source in self.library.extra.items():
            yield Page(path, as_bytes, views.as_given, (Asset(path, source.read_bytes()),))
        newest = {year: self._modified(members) for year, members in self._by_year.items()}
        for path, maker, values, section in sitemaps.plan(
            self._sitemap, self.site_url, self._divided(), newest, self._settled
        ):
            yield Page(path[1:], maker, views.as_given, (values,), group=f"{SITEMAPS}{section}")
        yield Page("news-sitemap.xml", sitemaps.news_sitemap, views.as_given, (self._news(),))
        organisation = self.data.organisation
        security = well_known.SecurityValues(
            organisation.security_contact or f"{self.site_url}/en/contacts/",
            organisation.security_expires,
            f"{self.site_url}/.well-known/security.txt",
        )
        yield Page(".well-known/security.txt", well_known.security_txt, views.as_given, (security,))
        robots = well_known.RobotsValues(self.site_url, self.shells["zh"].noindex)
        yield Page("robots.txt", well_known.robots, views.as_given, (robots,))

    def _data_files(self) -> Iterator[Page]:
        zh, en = self.shells["zh"], self.shells["en"]
        figures = tuple((self.figure(key, "zh"), self.figure(key, "en")) for key in self.facts)
        for path, maker in (
            ("data/facts.json", data_files.facts_json),
            ("data/facts.csv", data_files.facts_csv),
            ("data/facts.schema.json", data_files.facts_schema),
        ):
            yield Page(path, maker, views.facts_file, (zh, en, figures))
        names = tuple(name for key, name in self.data.names.items() if key not in self.unspoken)
        yield Page("data/names.csv", data_files.names_csv, views.names_file, (self.site_url, names))
        for key, fact in self.facts.items():
            if len(fact.values) < views.CHARTED:
                continue
            for language in LANGUAGES:
                for suffix, draw in (("svg", data_files.chart_svg), ("png", data_files.chart_png)):
                    yield Page(
                        f"data/charts/{key}.{language}.{suffix}",
                        draw,
                        views.chart_file,
                        (self.shells[language], self.figure(key, language)),
                        language,
                    )

    def _news(self) -> sitemaps.NewsValues:
        editions = self.editions
        entries = []
        for item in editions.releases:
            for language in LANGUAGES:
                out = item.out_zh if language == "zh" else item.out_en
                side = item.side(language)
                if (
                    side is not None
                    and editions.standing[item.key].phase(language) == "public"
                    and out is not None
                    and out <= editions.now < out + NEWS_SITEMAP_SECONDS
                ):
                    entries.append(
                        sitemaps.NewsEntry(
                            f"{self.site_url}/{language}/{item.address}",
                            self.shells[language].name,
                            language,
                            side.title,
                            iso(datetime.fromtimestamp(out, tz=UTC)),
                        )
                    )
        return sitemaps.NewsValues(tuple(entries))


def _grouped(page: Page, group: str) -> Page:
    """A page for which the group's stamp stands: its template is one of those that stamps are made of."""
    assert not isinstance(page.make, str) or page.make in STAMPED, f"{page.make} is not in STAMPED"
    return page._replace(group=group)


def as_bytes(asset: Asset, parts: Any) -> bytes:
    return asset.data
