"""From records to values: one pure function for each kind of page.

A view gets `tools` (the language's words and formats, which never change within a run) and what its
page was given, and nothing else; it decides everything that a template would otherwise have to.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from pressroom import formats
from pressroom.lifecycle import Standing
from pressroom.machines import (
    data_files,
    feeds,
    icalendar_files,
    json_ld,
    kit,
    qr,
    vcard,
    wire,
)
from pressroom.models import Contact, Fact, Item, Name, Notice, Photo, Source
from pressroom.moments import iso, start_of
from pressroom.values import (
    Accounts,
    Alternate,
    Body,
    Card,
    ChangeView,
    Choice,
    ContactView,
    EditionView,
    Feed,
    Figure,
    FigureValue,
    Filter,
    Group,
    Head,
    Link,
    Mark,
    Month,
    NameLink,
    NameView,
    NoticeView,
    Picture,
    PointView,
    ReleaseView,
    RoleView,
    Shell,
    SourceView,
    Switch,
    TopicView,
    Value,
    Year,
)
from pressroom.words import LANGUAGES, TAGS, Language, Words, other

LATEST: Final = 20
HOME_LATEST: Final = 6
CHARTED: Final = 3  # a fact with as many values has a chart


class Tools(msgspec.Struct):
    """What every view may use: the words of its language. Constant within a run, hashed with the catalogue."""

    language: Language
    say: Callable[[str], str]
    say_in: Callable[[Language, str], str]


class Place(Value, frozen=True):
    """Where a page stands among its kin: its path without language, and the languages it exists in.

    `fallback` is where the other language's switch leads when the page does not exist there.
    """

    tail: str
    languages: tuple[Language, ...] = LANGUAGES
    fallback: str = ""
    mark: Mark = ""
    until: str = ""


class Rights(Value, frozen=True):
    """What a photograph comes to at this instant: its files when it is shipped, nothing when its consent is over."""

    name: str
    gone: bool = False
    picture: Picture | None = None


class Open(Value, frozen=True):
    """What the open places of a body resolve to, in the order of its marks."""

    links: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    pictures: tuple[Rights, ...] = ()


# --- pieces ------------------------------------------------------------------------------------


def head(
    site: Shell,
    place: Place,
    title: str,
    description: str,
    *,
    crumbs: Sequence[Link] = (),
    feeds: Sequence[Feed] = (),
    kind: str = "website",
    published: str = "",
    modified: str = "",
    noindex: bool = False,
) -> Head:
    """What a page says of itself; its addresses follow from its place."""
    language = site.language
    there = other(language)
    path = f"/{language}/{place.tail}"
    absolute = {each: f"{site.site_url}/{each}/{place.tail}" for each in place.languages}
    alternates: tuple[Alternate, ...] = ()
    if len(place.languages) > 1 or not place.tail:
        # x-default: the front page for the homes, else the Chinese page, else the English.
        default = f"{site.site_url}/" if not place.tail else absolute.get("zh") or absolute["en"]
        alternates = (
            *(Alternate(TAGS[each], absolute[each]) for each in place.languages),
            Alternate("x-default", default),
        )
    here = there in place.languages
    return Head(
        path=path,
        canonical=f"{site.site_url}{path}",
        title=title,
        description=description,
        kind=kind,
        switch=Switch(
            f"/{there}/{place.tail if here else place.fallback}", there, TAGS[there], here
        ),
        alternates=alternates,
        breadcrumbs=tuple(crumbs),
        feeds=tuple(feeds),
        published=published,
        modified=modified,
        noindex=noindex or bool(place.mark),
        mark=place.mark,
        mark_until=place.until,
    )


def with_json_ld(page: Head, text: str) -> Head:
    return msgspec.structs.replace(page, json_ld=text)


def link(site: Shell, tail: str, text: str) -> Link:
    return Link(f"/{site.language}/{tail}", text)


def body_of(item: Item, language: Language, opened: Open) -> Body:
    side = item.side(language)
    assert side is not None
    rights = {each.name: each for each in opened.pictures}
    photos = {photo.name: photo for photo in item.photos}
    pictures = []
    for ref in side.photos:
        photo, mine = photos.get(ref.name), rights.get(ref.name)
        if photo is None or (mine is not None and mine.gone):
            pictures.append(Picture(name="", alt="", caption="", credit="", on_request=False))
            continue
        pictures.append(_picture(photo, ref.alt, ref.caption, mine))
    return Body(side.body, opened.links, opened.figures, tuple(pictures))


def _picture(photo: Photo, alt: str, caption: str, rights: Rights | None) -> Picture:
    if rights is None or rights.picture is None:
        return Picture(
            name=photo.name, alt=alt, caption=caption, credit=photo.credit, on_request=True
        )
    return msgspec.structs.replace(rights.picture, alt=alt, caption=caption, credit=photo.credit)


def notice_of(notice: Notice, language: Language) -> NoticeView:
    text, written = notice.text.best(language)
    return NoticeView(iso(notice.at), text, written)


def notices_of(standing: Standing, language: Language) -> tuple[NoticeView, ...]:
    """The corrections readers are told of, newest first; minor ones are not announced."""
    return tuple(
        notice_of(notice, language)
        for notice in sorted(standing.corrections, key=lambda notice: notice.at, reverse=True)
        if not notice.minor
    )


def source_of(source: Source, language: Language) -> SourceView:
    text, written = source.title.best(language)
    return SourceView(text, written, source.publisher.best(language)[0], source.url, source.date)


def sources_of(sources: Sequence[Source], language: Language) -> tuple[SourceView, ...]:
    return tuple(source_of(source, language) for source in sources)


def name_link(name: Name, language: Language, at: str = "") -> NameLink:
    """A name, with the role held on a day (`at`, EDTF), linked to the list of names."""
    role = next((each.text[language] for each in name.roles if _held(each.start, each.end, at)), "")
    return NameLink(
        name.name[language], name.name[other(language)], role, f"/{language}/names/#{name.key}"
    )


def _held(start: Any, end: Any, at: str) -> bool:
    if not at:
        return True
    year = at[:4]
    return (start is None or start.text[:4] <= year) and (end is None or end.text[:4] >= year)


def contact_of(contact: Contact, organisation: Words, language: Language) -> ContactView:
    return ContactView(
        key=contact.key,
        name=contact.name[language],
        other_name=contact.name[other(language)] if contact.name.zh != contact.name.en else "",
        role=contact.role[language],
        organisation=organisation[language],
        languages=contact.languages,
        telephone=contact.telephone,
        telephone_shown=contact.telephone_shown,
        email=contact.email,
        wechat=contact.wechat,
        hours=formats.opening_hours(contact.hours[language], language),
        confirmed=contact.confirmed.isoformat(),
        vcard=f"/contacts/{contact.key}.vcf",
    )


def figure_of(fact: Fact, language: Language, release_titles: Mapping[str, Words]) -> Figure:
    """A fact with its history; a value whose source is a release is credited to it, by link."""
    values = []
    for value in fact.values:
        source: SourceView | None = None
        if value.citation is not None:
            source = source_of(value.citation, language)
        elif value.source.startswith("release:"):
            key = value.source.removeprefix("release:")
            title = release_titles.get(key)
            if title:
                text, written = title.best(language)
                source = SourceView(text, written, href=f"/{written}/releases/{key}/")
        elif value.source:
            source = SourceView(value.source, language)
        values.append(
            FigureValue(
                value.number, value.qualifier or "", value.as_of.text, source, value.note[language]
            )
        )
    return Figure(
        key=fact.key,
        href=f"/{language}/facts/#{fact.key}",
        label=fact.label[language],
        unit=fact.unit[language],
        values=tuple(values),
        programme=fact.programme,
        other_label=fact.label[other(language)],
        other_unit=fact.unit[other(language)],
    )


def fact_text(fact: Fact, at: str, number_only: bool, language: Language) -> str:
    """What `{fact}key@at#number` writes."""
    value = (
        next((each for each in fact.values if each.as_of.text == at), None)
        if at
        else fact.values[-1]
    )
    if value is None:
        return ""  # another date's figure would be a false one
    form: formats.Form = "number" if number_only else "full"
    return formats.fact_text(
        language, value.qualifier or "", value.number, fact.unit[language], form
    )


# --- releases ----------------------------------------------------------------------------------


class Around(Value, frozen=True):
    """What stands around a release's text: everything that is not in its own folder."""

    section: str
    place: str
    topics: tuple[Link, ...]
    programmes: tuple[Card, ...]
    event: Card | None
    contacts: tuple[ContactView, ...]
    boilerplate_title: str
    boilerplate: str
    accounts: Accounts
    source_organisation: str = ""
    stale: bool = False


def release_view(
    tools: Tools,
    site: Shell,
    item: Item,
    standing: Standing,
    around: Around,
    opened: Open,
    related: tuple[Card, ...] = (),
    newer: Card | None = None,
    older: Card | None = None,
) -> ReleaseView:
    language = site.language
    side = item.side(language)
    assert side is not None
    day = item.date.isoformat() if item.date else ""
    address = f"/{language}/{item.address}"
    gone = standing.withdrawn
    published = standing.published(language)
    contacts = tuple(
        msgspec.structs.replace(
            contact, current_only=bool(day) and contact.confirmed > _year_later(day)
        )
        for contact in around.contacts
    )
    frame = ReleaseView(
        title="",
        summary="",
        section=around.section,
        day=day,
        place=around.place,
        compiled=item.compiled,
        body=Body(),
        sources=(),
        topics=(),
        programmes=(),
        event=None,
        contacts=contacts,
        corrections=(),
        withdrawn=None,
        published=published,
        modified="",
        related=related,
        newer=newer,
        older=older,
        boilerplate_title="",
        boilerplate="",
        json_href=f"{address}release.json",
        citation=f"{site.site_url}{address}",
    )
    if gone is not None:
        # Of a withdrawn release nothing is said but that it is withdrawn, when and why.
        return msgspec.structs.replace(
            frame,
            title=tools.say("release.withdrawn_title"),
            withdrawn=notice_of(gone, language),
            modified=standing.modified,
        )
    return msgspec.structs.replace(
        frame,
        title=side.title,
        summary=side.summary,
        body=body_of(item, language, opened),
        sources=sources_of(item.sources, language),
        topics=around.topics,
        programmes=around.programmes,
        event=around.event,
        corrections=notices_of(standing, language),
        modified=standing.modified if standing.modified != published else "",
        boilerplate_title="" if item.compiled else around.boilerplate_title,
        boilerplate="" if item.compiled else around.boilerplate,
        accounts=Accounts() if item.compiled else around.accounts,
        text_href=f"{address}release.txt",
        kit_href=f"{address}kit.zip",
        stale=around.stale,
    )


def _year_later(day: str) -> str:
    return f"{int(day[:4])}-12-31"


def release_page(
    tools: Tools,
    site: Shell,
    place: Place,
    item: Item,
    standing: Standing,
    around: Around,
    opened: Open,
    related: tuple[Card, ...],
    newer: Card | None,
    older: Card | None,
) -> dict[str, Any]:
    view = release_view(tools, site, item, standing, around, opened, related, newer, older)
    year = view.day[:4]
    page = head(
        site,
        place,
        view.title,
        view.withdrawn.text if view.withdrawn else view.summary,
        kind="article",
        crumbs=(
            link(site, "", tools.say("nav.home")),
            link(site, "releases/", tools.say("releases.title")),
            *((link(site, f"releases/{year}/", year),) if year else ()),
        ),
        published=view.published,
        modified=view.modified,
    )
    source = "" if item.compiled else around.source_organisation
    return {
        "site": site,
        "page": with_json_ld(page, json_ld.release(site, page, view, source)),
        "release": view,
    }


def release_file(
    tools: Tools,
    halves: tuple[tuple[Shell, Around, Open, str], ...],
    item: Item,
    standing: Standing,
) -> wire.ReleaseFile:
    """What release.txt, release.json and kit.zip are made of: each half in its own language."""
    made = []
    for site, around, opened, copyright_line in halves:
        own = Tools(site.language, partial(tools.say_in, site.language), tools.say_in)
        view = wire.quiet(release_view(own, site, item, standing, around, opened))
        made.append(
            wire.Half(site.language, view, site.name, site.site_url, site.notice, copyright_line)
        )
    published = standing.published(halves[0][0].language) or standing.until
    if (
        not published
    ):  # a draft in the preview; a file's times cannot be empty, and a zip's begin in 1980
        published = iso(start_of(item.date)) if item.date else "1980-01-02T00:00:00+08:00"
    return wire.ReleaseFile(
        key=item.key.removeprefix("releases/"),
        halves=tuple(made),
        published=published,
        modified=standing.modified or published,
    )


class KitFile(Value, frozen=True):
    """A photograph that a kit holds, before its place on this machine is known."""

    name: str
    digest: str
    credit: str


def release_kit(
    tools: Tools,
    halves: tuple[tuple[Shell, Around, Open, str], ...],
    item: Item,
    standing: Standing,
    pictures: tuple[KitFile, ...],
    folder: str,
) -> kit.Kit:
    """What kit.zip is made of; `folder` is where the item's photographs lie."""
    return kit.Kit(
        folder=item.key.removeprefix("releases/").replace("/", "-"),
        release=release_file(tools, halves, item, standing),
        pictures=tuple(
            kit.KitPicture(each.name, f"{folder}/{each.name}", each.digest, each.credit)
            for each in pictures
        ),
    )


# --- lists -------------------------------------------------------------------------------------


def _home(tools: Tools, site: Shell) -> Link:
    return link(site, "", tools.say("nav.home"))


def months_of(cards: Sequence[Card]) -> tuple[Month, ...]:
    """Cards by month, in the order they come."""
    months: list[tuple[str, list[Card]]] = []
    for card in cards:
        month = card.day[:7]
        if not months or months[-1][0] != month:
            months.append((month, []))
        months[-1][1].append(card)
    return tuple(Month(month, tuple(members)) for month, members in months)


def releases(
    tools: Tools, site: Shell, place: Place, latest: tuple[Card, ...], years: tuple[Year, ...]
) -> dict[str, Any]:
    title = tools.say("releases.title")
    page = head(site, place, title, tools.say("releases.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.collection(site, page, title, latest))
    return {"site": site, "page": page, "latest": latest, "years": years}


def releases_year(
    tools: Tools,
    site: Shell,
    place: Place,
    year: str,
    years: tuple[Year, ...],
    cards: tuple[Card, ...],
) -> dict[str, Any]:
    title = tools.say("releases.year_title") % {"year": year}
    page = head(
        site,
        place,
        title,
        title,
        crumbs=(_home(tools, site), link(site, "releases/", tools.say("releases.title"))),
    )
    page = with_json_ld(page, json_ld.collection(site, page, title, cards))
    return {"site": site, "page": page, "year": year, "months": months_of(cards), "years": years}


def topics(tools: Tools, site: Shell, place: Place, found: tuple[TopicView, ...]) -> dict[str, Any]:
    title = tools.say("topics.title")
    page = head(site, place, title, tools.say("topics.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.collection(site, page, title))
    return {"site": site, "page": page, "topics": found}


def topic(
    tools: Tools,
    site: Shell,
    place: Place,
    view: TopicView,
    latest: tuple[Card, ...],
    years: tuple[Year, ...],
    own_feeds: tuple[Feed, ...],
) -> dict[str, Any]:
    page = head(
        site,
        place,
        view.name,
        tools.say("topic.description") % {"topic": view.name},
        crumbs=(_home(tools, site), link(site, "topics/", tools.say("topics.title"))),
        feeds=own_feeds,
    )
    page = with_json_ld(page, json_ld.collection(site, page, view.name, latest))
    return {"site": site, "page": page, "topic": view, "latest": latest, "years": years}


def topic_year(
    tools: Tools,
    site: Shell,
    place: Place,
    view: TopicView,
    year: str,
    years: tuple[Year, ...],
    cards: tuple[Card, ...],
) -> dict[str, Any]:
    title = tools.say("topic.year_title") % {"topic": view.name, "year": year}
    page = head(
        site,
        place,
        title,
        title,
        crumbs=(
            _home(tools, site),
            link(site, "topics/", tools.say("topics.title")),
            Link(view.href, view.name),
        ),
    )
    page = with_json_ld(page, json_ld.collection(site, page, title, cards))
    return {
        "site": site,
        "page": page,
        "topic": view,
        "year": year,
        "months": months_of(cards),
        "years": years,
    }


# --- events ------------------------------------------------------------------------------------


class Surroundings(Value, frozen=True):
    """What an edition names from the data files, resolved in a language."""

    place: str
    hosts: tuple[NameLink, ...]
    people: tuple[NameLink, ...]
    state: str
    calendar: str = ""


def edition_view(
    item: Item, standing: Standing, language: Language, around: Surroundings, preview: bool = False
) -> EditionView:
    """An edition in a language, or in the other one, labelled."""
    shown = standing.shown(language) or (preview and standing.phase(language) in ("draft", "held"))
    written: Language = language if shown and item.side(language) else other(language)
    side = item.side(written)
    assert side is not None
    return EditionView(
        href=f"/{written}/{item.address}",
        title=side.title,
        summary=side.summary,
        language=written,
        foreign=written != language,
        edition=item.edition,
        starts=item.starts.text if item.starts else "",
        ends=item.ends.text if item.ends else "",
        place=around.place,
        theme=side.theme,
        hosts=around.hosts,
        people=around.people,
        schedule=tuple(PointView(point.at, point.text[written]) for point in item.schedule),
        state=around.state,
        mark="draft"
        if standing.phase(written) == "draft"
        else "held"
        if standing.phase(written) == "held"
        else "",
        calendar=around.calendar,
        hours=formats.opening_hours(item.hours[written], written),
        accreditation=item.accreditation[written],
    )


def events(
    tools: Tools,
    site: Shell,
    place: Place,
    series: tuple[Card, ...],
    editions: tuple[EditionView, ...],
    own_feeds: tuple[Feed, ...],
) -> dict[str, Any]:
    title = tools.say("events.title")
    page = head(
        site,
        place,
        title,
        tools.say("events.description"),
        crumbs=(_home(tools, site),),
        feeds=own_feeds,
    )
    page = with_json_ld(page, json_ld.collection(site, page, title, series))
    return {
        "site": site,
        "page": page,
        "series": series,
        "editions": editions,
        "calendar": f"/{site.language}/events/calendar.ics",
    }


def series(
    tools: Tools,
    site: Shell,
    place: Place,
    item: Item,
    standing: Standing,
    card: Card,
    opened: Open,
    editions: tuple[EditionView, ...],
    coverage: tuple[Card, ...],
    contacts: tuple[ContactView, ...],
) -> dict[str, Any]:
    gone = standing.withdrawn
    title = tools.say("item.withdrawn_title") if gone else card.title
    page = head(
        site,
        place,
        title,
        notice_of(gone, site.language).text if gone else card.summary,
        crumbs=(_home(tools, site), link(site, "events/", tools.say("events.title"))),
        modified=standing.modified,
    )
    shown = msgspec.structs.replace(card, title=title)
    page = with_json_ld(page, json_ld.series(site, page, shown, editions, contacts))
    return {
        "site": site,
        "page": page,
        "series": shown,
        "body": Body() if gone else body_of(item, site.language, opened),
        "editions": editions,
        "coverage": coverage,
        "contacts": contacts,
        "sources": () if gone else sources_of(item.sources, site.language),
        "corrections": () if gone else notices_of(standing, site.language),
        "withdrawn": notice_of(gone, site.language) if gone else None,
    }


def edition(
    tools: Tools,
    site: Shell,
    place: Place,
    item: Item,
    standing: Standing,
    around: Surroundings,
    opened: Open,
    series_card: Card | None,
    coverage: tuple[Card, ...],
    contacts: tuple[ContactView, ...],
    newer: Card | None,
    older: Card | None,
) -> dict[str, Any]:
    language = site.language
    gone = standing.withdrawn
    view = edition_view(item, standing, language, around, site.preview)
    if gone:
        view = EditionView(
            href=view.href,
            title=tools.say("item.withdrawn_title"),
            summary="",
            language=language,
            foreign=False,
            edition=None,
            starts="",
            ends="",
            place="",
            theme="",
            hosts=(),
            people=(),
            schedule=(),
            state=view.state,
        )
    notice = notice_of(gone, language) if gone else None
    corrections = () if gone else notices_of(standing, language)
    page = head(
        site,
        place,
        view.title,
        notice.text if notice else view.summary,
        crumbs=(
            _home(tools, site),
            link(site, "events/", tools.say("events.title")),
            *((Link(series_card.href, series_card.title),) if series_card else ()),
        ),
        modified=standing.modified,
    )
    page = with_json_ld(
        page, json_ld.edition(site, page, view, series_card, contacts, corrections, notice)
    )
    return {
        "site": site,
        "page": page,
        "event": view,
        "body": Body() if gone else body_of(item, language, opened),
        "series": series_card,
        "coverage": coverage,
        "contacts": contacts,
        "sources": () if gone else sources_of(item.sources, language),
        "newer": newer,
        "older": older,
        "corrections": corrections,
        "withdrawn": notice,
    }


def calendar_entry(
    site: Shell, item: Item, standing: Standing, around: Surroundings
) -> icalendar_files.Entry:
    host = site.site_url.partition("://")[2] or "localhost"
    view = edition_view(item, standing, site.language, around, site.preview)
    return icalendar_files.Entry(
        uid=f"{item.key}@{host}",
        edition=view,
        # What has no date of its own is dated by the first day on which it can begin.
        since=iso(start_of(item.starts.first)) if item.starts else "",
        modified=standing.modified,
        url=f"{site.site_url}{view.href}",
    )


def calendar(
    tools: Tools,
    site: Shell,
    tail: str,
    members: tuple[tuple[Item, Standing, Surroundings], ...],
) -> icalendar_files.CalendarFile:
    """One edition's event.ics or the whole calendar."""
    return icalendar_files.CalendarFile(
        name=tools.say("events.calendar_name") % {"site": site.name},
        language=site.language,
        entries=tuple(
            calendar_entry(site, item, standing, around) for item, standing, around in members
        ),
        url=f"{site.site_url}/{site.language}/{tail}" if tail.endswith("calendar.ics") else "",
    )


# --- programmes, facts, people -----------------------------------------------------------------


def programmes(tools: Tools, site: Shell, place: Place, found: tuple[Card, ...]) -> dict[str, Any]:
    title = tools.say("programmes.title")
    page = head(
        site, place, title, tools.say("programmes.description"), crumbs=(_home(tools, site),)
    )
    page = with_json_ld(page, json_ld.collection(site, page, title, found))
    return {"site": site, "page": page, "programmes": found}


def programme(
    tools: Tools,
    site: Shell,
    place: Place,
    item: Item,
    standing: Standing,
    card: Card,
    opened: Open,
    partners: tuple[NameLink, ...],
    figures: tuple[Figure, ...],
    coverage: tuple[Card, ...],
    contacts: tuple[ContactView, ...],
) -> dict[str, Any]:
    language = site.language
    gone = standing.withdrawn
    notice = notice_of(gone, language) if gone else None
    corrections = () if gone else notices_of(standing, language)
    shown = msgspec.structs.replace(card, title=tools.say("item.withdrawn_title")) if gone else card
    since = item.since.text if item.since and not gone else ""
    page = head(
        site,
        place,
        shown.title,
        notice.text if notice else card.summary,
        crumbs=(_home(tools, site), link(site, "programmes/", tools.say("programmes.title"))),
        modified=standing.modified,
    )
    page = with_json_ld(
        page, json_ld.programme(site, page, shown, since, partners, contacts, corrections, notice)
    )
    return {
        "site": site,
        "page": page,
        "programme": shown,
        "since": since,
        "partners": () if gone else partners,
        "body": Body() if gone else body_of(item, language, opened),
        "figures": () if gone else figures,
        "chart": None
        if gone
        else next((each for each in figures if len(each.values) >= CHARTED), None),
        "coverage": coverage,
        "contacts": contacts,
        "sources": () if gone else sources_of(item.sources, language),
        "corrections": corrections,
        "withdrawn": notice,
    }


def facts(tools: Tools, site: Shell, place: Place, groups: tuple[Group, ...]) -> dict[str, Any]:
    title = tools.say("facts.title")
    page = head(site, place, title, tools.say("facts.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.facts(site, page, title, groups))
    return {"site": site, "page": page, "groups": groups}


def contacts(
    tools: Tools,
    site: Shell,
    place: Place,
    people: tuple[ContactView, ...],
    cards: tuple[vcard.VCard, ...],
) -> dict[str, Any]:
    """The page of all contacts; `cards` are theirs, for the codes that phones read."""
    people = tuple(
        msgspec.structs.replace(person, qr=qr.draw(card, site.language))
        for person, card in zip(people, cards, strict=True)
    )
    title = tools.say("contacts.title")
    page = head(site, place, title, tools.say("contacts.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.contacts(site, page, title, people))
    return {"site": site, "page": page, "contacts": people, "all_vcards": "/contacts/all.vcf"}


def vcard_of(site_url: str, contact: Contact, organisation: Words) -> vcard.VCard:
    return vcard.VCard(
        uid=vcard.uid_of(site_url, contact.key),
        name=contact.name,
        role=contact.role,
        organisation=organisation,
        languages=contact.languages,
        telephone=contact.telephone,
        email=contact.email,
        modified=f"{contact.confirmed.isoformat()}T00:00:00+08:00",
        wechat=contact.wechat,
        hours=Words(*(formats.opening_hours(contact.hours[each], each) for each in LANGUAGES)),
        confirmed=contact.confirmed.isoformat(),
        url=f"{site_url}/zh/contacts/#{contact.key}",
        source=f"{site_url}/contacts/{contact.key}.vcf",
    )


def vcards(tools: Tools, cards: tuple[vcard.VCard, ...]) -> vcard.VCards:
    return vcard.VCards(cards)


_NAME_KINDS: Final = ("person", "organisation", "term", "place")


def name_view(name: Name, language: Language) -> NameView:
    there = other(language)
    return NameView(
        key=name.key,
        kind=name.kind,
        name=name.name[language],
        other=name.name[there],
        short=name.short[language],
        other_short=name.short[there],
        pinyin=name.pinyin,
        roles=tuple(
            RoleView(
                role.text[language],
                role.text[there],
                role.start.text if role.start else "",
                role.end.text if role.end else "",
            )
            for role in name.roles
        ),
        note=name.note[language],
    )


def names_of_kind(tools: Tools, kind: str) -> str:
    """The heading over the names of a kind."""
    return {
        "person": tools.say("names.person"),
        "organisation": tools.say("names.organisation"),
        "term": tools.say("names.term"),
        "place": tools.say("names.place"),
    }[kind]


def names(tools: Tools, site: Shell, place: Place, found: tuple[Name, ...]) -> dict[str, Any]:
    title = tools.say("names.title")
    groups = tuple(
        Group(
            kind,
            names_of_kind(tools, kind),
            names=tuple(name_view(name, site.language) for name in found if name.kind == kind),
        )
        for kind in _NAME_KINDS
    )
    page = head(site, place, title, tools.say("names.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.collection(site, page, title))
    return {"site": site, "page": page, "groups": tuple(group for group in groups if group.names)}


def facts_file(
    tools: Tools, site: Shell, twin: Shell, figures: tuple[tuple[Figure, Figure], ...]
) -> data_files.FactsFile:
    """All figures in both languages, Chinese first; `site` is the Chinese shell."""

    def both(zh: str, en: str) -> Words:
        return Words(zh, en)

    entries = []
    for zh, en in figures:
        values = []
        for one, two in zip(zh.values, en.values, strict=True):
            href = one.source.href if one.source else ""
            values.append(
                data_files.FactValue(
                    one.number,
                    one.qualifier,
                    one.as_of,
                    both(
                        one.source.text if one.source else "", two.source.text if two.source else ""
                    ),
                    both(
                        one.source.publisher if one.source else "",
                        two.source.publisher if two.source else "",
                    ),
                    f"{site.site_url}{href}" if href.startswith("/") else href,
                    both(one.note, two.note),
                )
            )
        entries.append(
            data_files.FactEntry(
                zh.key,
                zh.programme,
                both(zh.label, en.label),
                both(zh.unit, en.unit),
                tuple(values),
                both(f"{site.site_url}{zh.href}", f"{site.site_url}{en.href}"),
            )
        )
    return data_files.FactsFile(
        name=both(site.name, twin.name),
        notice=both(site.notice, twin.notice),
        facts=tuple(entries),
        schema=f"{site.site_url}/data/facts.schema.json",
    )


def names_file(tools: Tools, site_url: str, found: tuple[Name, ...]) -> data_files.NamesFile:
    return data_files.NamesFile(
        tuple(
            data_files.NameRow(
                name.key,
                name.kind,
                name.name,
                name.short,
                name.pinyin,
                tuple(
                    (
                        role.text.zh,
                        role.text.en,
                        role.start.text if role.start else "",
                        role.end.text if role.end else "",
                    )
                    for role in name.roles
                ),
                Words(f"{site_url}/zh/names/#{name.key}", f"{site_url}/en/names/#{name.key}"),
            )
            for name in found
        )
    )


def chart_file(tools: Tools, site: Shell, fact: Figure) -> data_files.Chart:
    """A chart to take away, with its source inside."""
    sources = dict.fromkeys(
        each.source.publisher or formats.titled(each.source)
        for each in fact.values
        if each.source is not None
    )
    listed = str(formats.conjunction(sources, site.language)) if sources else site.name
    return data_files.Chart(
        fact=fact,
        language=site.language,
        title=fact.label,
        source=tools.say("chart.source_line")
        % {"sources": html.unescape(listed), "site": site.name},
    )


# --- plain pages -------------------------------------------------------------------------------


def home(
    tools: Tools,
    site: Shell,
    place: Place,
    lead: Card | None,
    latest: tuple[Card, ...],
    week: EditionView | None,
    figures: tuple[Figure, ...],
    people: tuple[ContactView, ...],
) -> dict[str, Any]:
    page = head(site, place, site.name, site.tagline)
    page = with_json_ld(page, json_ld.home(site, page, people))
    return {
        "site": site,
        "page": page,
        "lead": lead,
        "latest": latest,
        "week": week,
        "figures": figures,
        "contacts": people,
    }


class FrontHalf(Value, frozen=True):
    """One language's half of the front page and of the page for the lost."""

    site: Shell
    home: Link
    lead: Card | None
    latest: tuple[Card, ...]


def front(tools: Tools, halves: tuple[FrontHalf, ...]) -> dict[str, Any]:
    chinese = halves[0].site
    title = " · ".join(half.site.name for half in halves)
    page = Head(
        path="/",
        canonical=f"{chinese.site_url}/",
        title=title,
        description=" ".join(half.site.tagline for half in halves),
        kind="website",
        switch=None,
        alternates=(
            *(
                Alternate(half.site.tag, f"{half.site.site_url}/{half.site.language}/")
                for half in halves
            ),
            Alternate("x-default", f"{chinese.site_url}/"),
        ),
    )
    return {
        "site": chinese,
        "page": with_json_ld(page, json_ld.home(chinese, page)),
        "halves": halves,
    }


def lost(tools: Tools, halves: tuple[FrontHalf, ...]) -> dict[str, Any]:
    chinese = halves[0].site
    page = Head(
        path="/404.html",
        canonical="",
        title=" · ".join(tools.say_in(half.site.language, "404.title") for half in halves),
        description="",
        kind="website",
        switch=None,
        noindex=True,
    )
    return {"site": chinese, "page": page, "halves": halves}


def corrections(
    tools: Tools, site: Shell, place: Place, changes: tuple[ChangeView, ...]
) -> dict[str, Any]:
    title = tools.say("corrections.title")
    page = head(
        site, place, title, tools.say("corrections.description"), crumbs=(_home(tools, site),)
    )
    page = with_json_ld(page, json_ld.collection(site, page, title))
    return {"site": site, "page": page, "changes": changes}


_PAGE_KINDS: Final = {"about": "AboutPage"}


def plain_page(
    tools: Tools, site: Shell, place: Place, item: Item, standing: Standing, opened: Open
) -> dict[str, Any]:
    language = site.language
    side = item.side(language)
    assert side is not None
    gone = standing.withdrawn
    notice = notice_of(gone, language) if gone else None
    title = tools.say("item.withdrawn_title") if gone else side.title
    page = head(
        site,
        place,
        title,
        notice.text if notice else side.summary,
        crumbs=(_home(tools, site),),
        modified=standing.modified,
    )
    kind = _PAGE_KINDS.get(item.slug, "WebPage")
    return {
        "site": site,
        "page": with_json_ld(page, json_ld.page(site, page, title, kind, notice)),
        "title": title,
        "summary": "" if gone else side.summary,
        "body": Body() if gone else body_of(item, language, opened),
        "corrections": () if gone else notices_of(standing, language),
        "withdrawn": notice,
        "sources": () if gone else sources_of(item.sources, language),
    }


class Following(Value, frozen=True):
    """The ways to follow the site."""

    feeds: tuple[Feed, ...]
    weibo: str
    wechat: str
    newsletter: str


def subscribe(
    tools: Tools,
    site: Shell,
    place: Place,
    item: Item,
    standing: Standing,
    opened: Open,
    ways: Following,
) -> dict[str, Any]:
    return {
        **plain_page(tools, site, place, item, standing, opened),
        "feeds": ways.feeds,
        "calendar": f"/{site.language}/events/calendar.ics",
        "weibo": ways.weibo,
        "wechat": ways.wechat,
        "newsletter": ways.newsletter,
    }


def kinds(tools: Tools) -> dict[str, str]:
    """The kinds of what can be found, and what they are called."""
    return {
        "release": tools.say("search.kind.release"),
        "event": tools.say("search.kind.event"),
        "programme": tools.say("search.kind.programme"),
        "fact": tools.say("search.kind.fact"),
        "name": tools.say("search.kind.name"),
        "contact": tools.say("search.kind.contact"),
        "page": tools.say("search.kind.page"),
    }


def search(
    tools: Tools,
    site: Shell,
    place: Place,
    years: tuple[Year, ...],
    found: tuple[TopicView, ...],
    dated: tuple[str, ...],
    topics: tuple[str, ...],
    script: str,
) -> dict[str, Any]:
    """The search page: `dated` are the years of anything, `topics` the keys of the topics in `found`."""
    filters = (
        Filter("year", tools.say("search.year"), tuple(Choice(year, year) for year in dated)),
        Filter(
            "topic",
            tools.say("search.topic"),
            tuple(Choice(key, topic.name) for key, topic in zip(topics, found, strict=True)),
        ),
        Filter(
            "kind",
            tools.say("search.kind"),
            tuple(Choice(key, text) for key, text in kinds(tools).items()),
        ),
    )
    title = tools.say("search.title")
    page = head(site, place, title, tools.say("search.description"), crumbs=(_home(tools, site),))
    page = with_json_ld(page, json_ld.page(site, page, title, "SearchResultsPage"))
    return {
        "site": site,
        "page": page,
        "years": years,
        "topics": found,
        "names": f"/{site.language}/names/",
        "filters": tuple(each for each in filters if each.choices),
        "script": script,
    }


# --- feeds and sitemaps ------------------------------------------------------------------------


def feed(
    tools: Tools,
    site: Shell,
    tail: str,
    title: str,
    home_tail: str,
    members: tuple[tuple[Item, Standing, Around, Open, Shell, Alternate | None], ...],
    style: str,
) -> feeds.FeedValues:
    """A feed's values. `tail` is its path below the language without the suffix."""
    entries = []
    for item, standing, around, opened, written, twin in members:
        own = Tools(written.language, partial(tools.say_in, written.language), tools.say_in)
        view = wire.quiet(release_view(own, written, item, standing, around, opened))
        entries.append(
            feeds.release_entry(
                site.site_url,
                f"/{written.language}/{item.address}",
                written.language,
                view,
                feeds.labels(own.say),
                own.say("release.dateline")
                % {"place": view.place, "day": formats.day(view.day, written.language)},
                twin,
            )
        )
    path = f"/{site.language}/{tail}"
    return feeds.FeedValues(
        id=feeds.identity(site.site_url, f"/{site.language}/{home_tail}"),
        language=site.language,
        title=title,
        subtitle=site.tagline,
        site_url=site.site_url,
        self_href=f"{site.site_url}{path}",
        home=f"{site.site_url}/{site.language}/{home_tail}",
        author=site.name,
        author_href=f"{site.site_url}/{site.language}/",
        rights=site.notice,
        labels=feeds.labels(tools.say),
        entries=tuple(entries),
        others=(
            feeds.OtherFeed(
                TAGS[other(site.language)],
                f"{site.site_url}/{other(site.language)}/{tail}",
                "application/feed+json" if tail.endswith(".json") else "application/atom+xml",
            ),
        ),
        style=style,
    )


def as_given(tools: Tools, values: Any) -> Any:
    """Values that are ready as they are."""
    return values
