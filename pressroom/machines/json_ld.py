"""What a page is, in schema.org's words (JSON-LD), in the page's language and as its text says it.

Every function returns one JSON text with one @graph, safe inside a script element. It says nothing
that the reader cannot see: no day that is not known, no picture that is not shipped, nobody as having
taken part who was only announced, and of a withdrawn item nothing but that it was withdrawn, when and
why. The site is its own publisher. Addresses are absolute where the site has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from pressroom import moments
from pressroom.machines import absolute
from pressroom.values import (
    Body,
    Card,
    ContactView,
    EditionView,
    Figure,
    Group,
    Head,
    Link,
    NameLink,
    NoticeView,
    Picture,
    ReleaseView,
    Shell,
    SourceView,
)
from pressroom.words import LANGUAGES, TAGS

Node = dict[str, Any]

# Google shortens or refuses longer headlines of articles.
# https://developers.google.com/search/docs/appearance/structured-data/article
HEADLINE: Final = 110

_STATUS: Final = {
    "postponed": "https://schema.org/EventPostponed",
    "cancelled": "https://schema.org/EventCancelled",
}
_SCHEDULED: Final = "https://schema.org/EventScheduled"


# --- the pieces ----------------------------------------------------------------------------------


def _clean(node: Node) -> Node:
    """A node without what is not known."""
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}


def _only(values: Sequence[Any]) -> Any:
    """One value as itself, several as a list."""
    return values[0] if len(values) == 1 else list(values)


def encode(nodes: Iterable[Node]) -> str:
    """Nodes as one JSON text in which no "<" can end the script element."""
    graph = {"@context": "https://schema.org", "@graph": [_clean(node) for node in nodes]}
    text = msgspec.json.encode(graph).decode()
    # JSON allows both line separators inside a string, older script engines do not.
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _url(site: Shell, head: Head) -> str:
    return head.canonical or absolute(site.site_url, head.path)


def _publisher(site: Shell) -> Node:
    home = absolute(site.site_url, f"/{site.language}/")
    return {
        "@type": "Organization",
        "@id": absolute(site.site_url, "/#publisher"),
        "name": site.name,
        "alternateName": site.short_name if site.short_name != site.name else "",
        "url": home,
    }


def _publisher_ref(site: Shell) -> Node:
    return {"@id": absolute(site.site_url, "/#publisher")}


def _website_ref(site: Shell) -> Node:
    return {"@id": absolute(site.site_url, f"/{site.language}/#website")}


def _website(site: Shell) -> Node:
    return _clean(
        {
            "@type": "WebSite",
            **_website_ref(site),
            "name": site.name,
            "alternateName": site.short_name if site.short_name != site.name else "",
            "url": absolute(site.site_url, f"/{site.language}/"),
            "inLanguage": site.tag,
            "description": site.tagline,
            "disambiguatingDescription": site.notice,
            "publisher": _publisher_ref(site),
        }
    )


def _breadcrumbs(site: Shell, head: Head, title: str) -> list[Node]:
    """From the home page to this page; a page without a parent has none."""
    if not head.breadcrumbs:
        return []
    steps = [*head.breadcrumbs, Link(_url(site, head), title)]
    return [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": step.text,
                    "item": absolute(site.site_url, step.href),
                }
                for position, step in enumerate(steps, 1)
            ],
        }
    ]


def _language(code: str) -> str:
    """A language as BCP 47 has it on this site: zh is zh-Hans."""
    return next((TAGS[known] for known in LANGUAGES if known == code), code)


def _contact_point(contact: ContactView) -> Node:
    return _clean(
        {
            "@type": "ContactPoint",
            "contactType": contact.role,
            "name": contact.name,
            "telephone": contact.telephone,
            "email": contact.email,
            "availableLanguage": [_language(code) for code in contact.languages],
        }
    )


def _organisations(
    url: str, contacts: Sequence[ContactView], further: Sequence[str] = ()
) -> dict[str, Node]:
    """Organisations by name, with the press contacts that answer for them."""
    found: dict[str, list[Node]] = {name: [] for name in further if name}
    for contact in contacts:
        found.setdefault(contact.organisation, []).append(_contact_point(contact))
    return {
        name: _clean(
            {
                "@type": "Organization",
                "@id": f"{url}#organisation-{number}",
                "name": name,
                "contactPoint": points,
            }
        )
        for number, (name, points) in enumerate(found.items(), 1)
    }


def _ref(node: Node | None) -> Node | None:
    return {"@id": node["@id"]} if node else None


def _image(site: Shell, picture: Picture) -> Node:
    return _clean(
        {
            "@type": "ImageObject",
            "url": absolute(site.site_url, picture.href),
            "width": picture.width or None,
            "height": picture.height or None,
            "caption": picture.caption,
            "creditText": picture.credit,
        }
    )


def _images(site: Shell, body: Body) -> list[Node]:
    """The photographs that the site ships; one on request has no file."""
    return [_image(site, each) for each in body.pictures if each.href and not each.on_request]


def _notice(kind: str, notice: NoticeView) -> Node:
    return {
        "@type": kind,
        "text": notice.text,
        "datePublished": notice.at,
        "inLanguage": TAGS[notice.language],
    }


def _corrections(notices: Sequence[NoticeView]) -> list[Node]:
    return [_notice("CorrectionComment", notice) for notice in notices]


def _source(source: SourceView) -> Node:
    """What a compiled item rests on."""
    return _clean(
        {
            "@type": "CreativeWork",
            "name": source.text,
            "url": source.href,
            "publisher": {"@type": "Organization", "name": source.publisher}
            if source.publisher
            else None,
            "datePublished": _iso(source.date),
        }
    )


def _iso(edtf: str) -> str:
    """An EDTF date where ISO 8601, and so schema.org, has the same: no "about", no interval."""
    return "" if "~" in edtf or "/" in edtf else edtf


def _day(edtf: str) -> str:
    """The day where the very day is known, else ""."""
    if not edtf:
        return ""
    known = moments.read_uncertain(edtf)
    return known.first.isoformat() if known.exact else ""


def _twin(url: str, head: Head, fragment: str, kind: str) -> Node:
    """How the page in the other language stands to this one.

    The page that x-default leads to counts as the work, the other as its translation.
    """
    default = next((each.href for each in head.alternates if each.tag == "x-default"), "")
    tags = set(TAGS.values())
    pages = {each.tag: each.href for each in head.alternates if each.tag in tags}
    own = next((tag for tag, href in pages.items() if href == url), "")
    others = [(tag, href) for tag, href in pages.items() if tag != own]
    if not own or not others:
        return {}
    [(tag, href), *_] = others
    relation = "workTranslation" if default == url else "translationOfWork"
    return {relation: {"@type": kind, "@id": f"{href}#{fragment}", "url": href, "inLanguage": tag}}


def headline(title: str) -> str:
    """A title in at most 110 characters, cut between words where there are any."""
    if len(title) <= HEADLINE:
        return title
    space = title.rfind(" ", 0, HEADLINE)
    cut = title[:space] if space > HEADLINE // 2 else title[: HEADLINE - 1]
    return f"{cut.rstrip(' ,;:，、；：')}…"


def _thing(site: Shell, kind: str, fragment: str, card: Card) -> Node:
    url = absolute(site.site_url, card.href)
    return {"@type": kind, "@id": f"{url}#{fragment}", "name": card.title, "url": url}


def _page(site: Shell, head: Head, kind: str, title: str, **more: Any) -> Node:
    """A page as such."""
    return {
        "@type": kind,
        "@id": _url(site, head),
        "url": _url(site, head),
        "name": title,
        "description": head.description,
        "inLanguage": site.tag,
        "isPartOf": _website_ref(site),
        "datePublished": head.published,
        "dateModified": head.modified,
        **more,
    }


# --- the pages -----------------------------------------------------------------------------------


def release(site: Shell, head: Head, view: ReleaseView, source: str = "") -> str:
    """A release. `source` is the name of the organisation whose news it is; a compiled item has none.

    A corrected one carries its corrections; of a withdrawn one the notice alone is said.
    """
    url = _url(site, head)
    article: Node = {
        "@type": "NewsArticle",
        "@id": f"{url}#release",
        "url": url,
        "mainEntityOfPage": url,
        "headline": headline(view.title),
        "name": view.title if len(view.title) > HEADLINE else "",
        "inLanguage": site.tag,
        "datePublished": view.published,
        "dateModified": view.modified or view.published,
        "isPartOf": _website_ref(site),
        "publisher": _publisher_ref(site),
    }
    graph = [_website(site), _publisher(site), *_breadcrumbs(site, head, view.title)]
    if view.withdrawn is not None:
        article |= {
            "creativeWorkStatus": "Withdrawn",
            "description": view.withdrawn.text,
            "correction": _notice("CorrectionComment", view.withdrawn),
            **_twin(url, head, "release", "NewsArticle"),
        }
        return encode([article, *graph, *_organisations(url, view.contacts).values()])
    whose = "" if view.compiled else source
    organisations = _organisations(url, view.contacts, [whose])
    article |= {
        "description": view.summary,
        "articleSection": view.section,
        "author": _publisher_ref(site),
        "sourceOrganization": _ref(organisations.get(whose)) if whose else None,
        "contentLocation": {"@type": "Place", "name": view.place} if view.place else None,
        "keywords": [topic.text for topic in view.topics],
        "about": [
            *([_thing(site, "Event", "event", view.event)] if view.event else []),
            *(_thing(site, "Project", "programme", card) for card in view.programmes),
        ],
        "image": _images(site, view.body),
        "isAccessibleForFree": True,
        "isBasedOn": [_source(each) for each in view.sources] if view.compiled else [],
        "citation": [] if view.compiled else [_source(each) for each in view.sources],
        "correction": _only(_corrections(view.corrections)) if view.corrections else None,
        **_twin(url, head, "release", "NewsArticle"),
    }
    return encode([article, *graph, *organisations.values()])


def _hosts(hosts: Iterable[NameLink]) -> list[Node]:
    return [{"@type": "Organization", "name": host.text} for host in hosts]


def _event(site: Shell, url: str, view: EditionView) -> Node:
    start = _day(view.starts)
    place = {"@type": "Place", "name": view.place} if view.place else None
    return _clean(
        {
            "@type": "Event",
            "@id": f"{url}#event",
            "name": view.title,
            "url": url,
            "description": view.summary,
            "inLanguage": TAGS[view.language],
            "eventStatus": _STATUS.get(view.state, _SCHEDULED),
            "startDate": start,
            "endDate": _day(view.ends) if start else "",
            "location": place,
            "organizer": _hosts(view.hosts),
        }
    )


def _programme_points(view: EditionView) -> list[Node]:
    """The points of a programme whose day is known: a time of day belongs to the first day."""
    start = _day(view.starts)
    points = []
    for point in view.schedule:
        if "T" not in point.at and not start:
            continue
        at = (
            point.at
            if "T" in point.at
            else moments.iso(moments.read_instant(f"{start}T{point.at}"))
        )
        points.append({"@type": "Event", "name": point.text, "startDate": at})
    return points


def edition(
    site: Shell,
    head: Head,
    view: EditionView,
    series: Card | None = None,
    contacts: Sequence[ContactView] = (),
    corrections: Sequence[NoticeView] = (),
    withdrawn: NoticeView | None = None,
) -> str:
    """An edition of an event, as exactly as its day is known.

    Who takes part is not said: a page written before the day announces people, it does not report
    them as having been there, and schema.org has no word for that.
    """
    url = _url(site, head)
    graph = [_website(site), _publisher(site), *_breadcrumbs(site, head, view.title)]
    organisations = list(_organisations(url, contacts).values())
    page = _page(site, head, "WebPage", view.title, publisher=_publisher_ref(site))
    if withdrawn is not None:
        page |= {"description": withdrawn.text, **_withdrawn(withdrawn)}
        return encode([page, *graph, *organisations])
    event = _event(site, url, view)
    if series is not None:
        event["superEvent"] = _thing(site, "EventSeries", "series", series)
    event["subEvent"] = _programme_points(view)
    page |= {"mainEntity": _ref(event), **_changed(corrections)}
    return encode([event, page, *graph, *organisations])


def _withdrawn(notice: NoticeView) -> Node:
    return {
        "creativeWorkStatus": "Withdrawn",
        "correction": _notice("CorrectionComment", notice),
    }


def _changed(corrections: Sequence[NoticeView]) -> Node:
    return {"correction": _only(_corrections(corrections))} if corrections else {}


def series(
    site: Shell,
    head: Head,
    card: Card,
    editions: Sequence[EditionView] = (),
    contacts: Sequence[ContactView] = (),
) -> str:
    """An event that returns, with its editions in the order given."""
    url = _url(site, head)
    node: Node = {
        "@type": "EventSeries",
        "@id": f"{url}#series",
        "name": card.title,
        "url": url,
        "description": card.summary,
        "inLanguage": TAGS[card.language],
        "subEvent": [_event(site, absolute(site.site_url, each.href), each) for each in editions],
    }
    page = _page(site, head, "WebPage", card.title, mainEntity={"@id": f"{url}#series"})
    organisations = _organisations(url, contacts).values()
    return encode(
        [
            node,
            page,
            _website(site),
            _publisher(site),
            *_breadcrumbs(site, head, card.title),
            *organisations,
        ]
    )


def programme(
    site: Shell,
    head: Head,
    card: Card,
    since: str = "",
    partners: Sequence[NameLink] = (),
    contacts: Sequence[ContactView] = (),
    corrections: Sequence[NoticeView] = (),
    withdrawn: NoticeView | None = None,
) -> str:
    """A programme, which schema.org calls a project; `since` is EDTF."""
    url = _url(site, head)
    page = _page(site, head, "WebPage", card.title, publisher=_publisher_ref(site))
    graph = [_website(site), _publisher(site), *_breadcrumbs(site, head, card.title)]
    organisations = list(_organisations(url, contacts).values())
    if withdrawn is not None:
        page |= {"description": withdrawn.text, **_withdrawn(withdrawn)}
        return encode([page, *graph, *organisations])
    project: Node = {
        "@type": "Project",
        "@id": f"{url}#programme",
        "name": card.title,
        "url": url,
        "description": card.summary,
        "foundingDate": _iso(since),
        "member": _hosts(partners),
    }
    page |= {"mainEntity": _ref(project), **_changed(corrections)}
    return encode([project, page, *graph, *organisations])


def facts(
    site: Shell,
    head: Head,
    title: str,
    groups: Sequence[Group],
    downloads: Sequence[tuple[str, str]] = (
        ("/data/facts.json", "application/json"),
        ("/data/facts.csv", "text/csv"),
    ),
) -> str:
    """All figures as a data set: what is measured, over which years, and the files of it."""
    url = _url(site, head)
    figures = [figure for group in groups for figure in group.figures]
    data: Node = {
        "@type": "Dataset",
        "@id": f"{url}#figures",
        "name": title,
        "description": head.description,
        "url": url,
        "inLanguage": site.tag,
        "isAccessibleForFree": True,
        "creator": _publisher_ref(site),
        "publisher": _publisher_ref(site),
        "temporalCoverage": _coverage(figures),
        "variableMeasured": [_measure(figure) for figure in figures],
        "dateModified": head.modified,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": absolute(site.site_url, href),
                "encodingFormat": media,
            }
            for href, media in downloads
        ],
    }
    page = _page(site, head, "WebPage", title, mainEntity={"@id": f"{url}#figures"})
    return encode([data, page, _website(site), _publisher(site), *_breadcrumbs(site, head, title)])


def _measure(figure: Figure) -> Node:
    return _clean({"@type": "PropertyValue", "name": figure.label, "unitText": figure.unit})


def _coverage(figures: Iterable[Figure]) -> str:
    """The years that the figures are of, as an ISO 8601 interval."""
    spans = [
        moments.read_uncertain(value.as_of)
        for figure in figures
        for value in figure.values
        if value.as_of
    ]
    if not spans:
        return ""
    first, last = min(span.first.year for span in spans), max(span.last.year for span in spans)
    return str(first) if first == last else f"{first}/{last}"


def contacts(site: Shell, head: Head, title: str, people: Sequence[ContactView]) -> str:
    """Whom the press asks, by organisation."""
    url = _url(site, head)
    organisations = list(_organisations(url, people).values())
    page = _page(site, head, "ContactPage", title, about=[_ref(each) for each in organisations])
    return encode(
        [page, *organisations, _website(site), _publisher(site), *_breadcrumbs(site, head, title)]
    )


def home(site: Shell, head: Head, people: Sequence[ContactView] = ()) -> str:
    """The home page of a language: the site and its publisher, with the press contacts it shows."""
    organisations = _organisations(_url(site, head), people).values()
    page = _page(site, head, "CollectionPage", head.title, about=_publisher_ref(site))
    return encode([_website(site), _publisher(site), page, *organisations])


def collection(site: Shell, head: Head, title: str, cards: Sequence[Card] = ()) -> str:
    """A list: releases, a year, topics, events, names, corrections; `cards` in the order shown."""
    listed: Node = {
        "@type": "ItemList",
        "numberOfItems": len(cards),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "url": absolute(site.site_url, card.href)}
            for position, card in enumerate(cards, 1)
        ],
    }
    page = _page(site, head, "CollectionPage", title, mainEntity=listed if cards else None)
    return encode([page, _website(site), _publisher(site), *_breadcrumbs(site, head, title)])


def page(
    site: Shell, head: Head, title: str, kind: str = "WebPage", withdrawn: NoticeView | None = None
) -> str:
    """A plain page; `kind` may be AboutPage or SearchResultsPage."""
    node = _page(site, head, kind, title, publisher=_publisher_ref(site))
    if withdrawn is not None:
        node |= {"description": withdrawn.text, **_withdrawn(withdrawn)}
    return encode([node, _website(site), _publisher(site), *_breadcrumbs(site, head, title)])
