"""What each language lists, per index: releases, years, topics, events and programmes at an instant.

Both languages list the same items in the same order; they differ in the card that stands for an
item: its own, or the other language's, labelled. Every list is made once, by index: nothing here
compares all items with all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from pressroom.library import Library
from pressroom.lifecycle import Phase, Standing, event_phase, stand
from pressroom.models import Item
from pressroom.values import Card, Mark
from pressroom.words import LANGUAGES, Language, other

RELATED: Final = 3
# A draft may have no date yet; it stands on top of the preview's lists.
_UNDATED: Final = date(9999, 1, 1)

_BOTH: Final[tuple[Language, ...]] = LANGUAGES

_MARKS: Final[Mapping[Phase, Mark]] = {"draft": "draft", "held": "held"}


class Editions(msgspec.Struct):
    """The site at an instant, in both languages."""

    now: int
    preview: bool
    standing: dict[str, Standing]
    items: dict[str, Item]  # all that is shown in some language, withdrawn ones among them
    releases: list[Item]  # newest first, without withdrawn ones
    told: list[
        Item
    ]  # releases by when readers last had to learn something of them, withdrawn ones too
    years: dict[str, list[Item]]
    topics: dict[str, list[Item]]
    topic_years: dict[str, dict[str, list[Item]]]  # by topic, then by year
    coverage: dict[str, list[Item]]  # key of an event or programme → its releases, newest first
    events: list[Item]  # editions, newest first
    series: list[Item]
    programmes: list[Item]
    pages: list[Item]
    neighbours: dict[str, tuple[Item | None, Item | None]]  # newer, older
    related: dict[str, tuple[Item, ...]]
    spoken: dict[str, tuple[Language, ...]]  # the languages in which each item is shown
    drafts: int = 0
    held: int = 0
    _cards: dict[tuple[str, Language], Card] = {}

    def shown(self, item: Item, language: Language) -> bool:
        return language in self.spoken.get(item.key, ())

    def languages(self, item: Item) -> tuple[Language, ...]:
        return self.spoken[item.key]

    def dated(self) -> list[tuple[Item, str]]:
        """The editions of events, each with its modified instant."""
        return [(item, self.standing[item.key].modified) for item in self.events]

    def card(self, item: Item, language: Language) -> Card:
        """What stands for an item in a language's lists: its own words, or the other language's."""
        known = self._cards.get((item.key, language))
        if known is None:
            known = self._cards[item.key, language] = _card(
                item, self.standing[item.key], language, self.preview
            )
        return known


def _shown(standing: Standing, language: Language, preview: bool) -> bool:
    phase = standing.phase(language)
    return phase in ("public", "withdrawn") or (preview and phase in ("draft", "held"))


def _withdrawn(standing: Standing) -> bool:
    return standing.withdrawn is not None


def make(library: Library, now: int, preview: bool = False) -> Editions:
    """The lists of the site at `now`, seconds since the epoch; with `preview`, of all that is written."""
    standing: dict[str, Standing] = {}
    items: dict[str, Item] = {}
    spoken: dict[str, tuple[Language, ...]] = {}
    drafts = held = 0
    for key, item in library.items.items():
        here = stand(item, now)
        standing[key] = here
        if here.zh == "draft" or here.en == "draft":
            drafts += 1
        elif here.zh == "held" or here.en == "held":
            held += 1
        zh, en = _shown(here, "zh", preview), _shown(here, "en", preview)
        if zh or en:
            items[key] = item
            spoken[key] = _BOTH if zh and en else ("zh",) if zh else ("en",)
    live = [item for item in items.values() if not _withdrawn(standing[item.key])]
    releases = [item for item in live if item.kind == "release"]
    releases.sort(
        key=lambda item: (item.date or _UNDATED, _went_out(standing[item.key]), item.key),
        reverse=True,
    )
    years: dict[str, list[Item]] = defaultdict(list)
    topics: dict[str, list[Item]] = defaultdict(list)
    topic_years: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    coverage: dict[str, list[Item]] = defaultdict(list)
    for item in releases:
        year = item.key.split("/")[1]
        years[year].append(item)
        for topic in item.topics:
            topics[topic].append(item)
            topic_years[topic][year].append(item)
        if item.event:
            coverage[f"events/{item.event}"].append(item)
            series, slash, _ = item.event.rpartition("/")
            if slash:
                coverage[f"events/{series}"].append(item)
        for programme in item.programmes:
            coverage[f"programmes/{programme}"].append(item)
    events = [item for item in live if item.kind == "event" and not item.series]
    events.sort(
        key=lambda item: (item.starts.first if item.starts else _UNDATED, item.key), reverse=True
    )
    return Editions(
        now=now,
        preview=preview,
        standing=standing,
        items=items,
        releases=releases,
        told=sorted(
            (item for item in items.values() if item.kind == "release"),
            key=lambda item: (standing[item.key].told, item.key),
            reverse=True,
        ),
        years=years,
        topics=topics,
        topic_years=topic_years,
        coverage=coverage,
        events=events,
        series=[item for item in live if item.series],
        programmes=[item for item in live if item.kind == "programme"],
        pages=[item for item in live if item.kind == "page"],
        neighbours=_neighbours(releases),
        related=_related(releases, topics, coverage),
        spoken=spoken,
        drafts=drafts,
        held=held,
    )


def _went_out(standing: Standing) -> int:
    return standing.out_zh or standing.out_en


def _neighbours(releases: Sequence[Item]) -> dict[str, tuple[Item | None, Item | None]]:
    last = len(releases) - 1
    return {
        item.key: (releases[at - 1] if at else None, releases[at + 1] if at < last else None)
        for at, item in enumerate(releases)
    }


def _related(
    releases: Sequence[Item], topics: Mapping[str, list[Item]], coverage: Mapping[str, list[Item]]
) -> dict[str, tuple[Item, ...]]:
    """The nearest earlier releases that share the event's series, a programme or a topic, in this order.

    Only earlier ones: what is published today never changes the archive's pages.
    """
    place = {item.key: at for at, item in enumerate(releases)}
    found: list[list[int]] = [[] for _ in releases]
    # In the order of their keys: which group speaks first must not depend on what came last.
    groups = [
        *(
            coverage[key]
            for key in sorted(coverage)
            if key.startswith("events/") and key.count("/") == 1
        ),
        *(coverage[key] for key in sorted(coverage) if key.startswith("programmes/")),
        *(topics[key] for key in sorted(topics)),
    ]
    for group in groups:
        places = [place[item.key] for item in group]
        for at, here in enumerate(places):
            mine = found[here]
            if len(mine) < RELATED:
                for earlier in places[at + 1 : at + 1 + RELATED]:
                    if earlier not in mine and len(mine) < RELATED:
                        mine.append(earlier)
    return {
        item.key: tuple(releases[at] for at in sorted(mine))
        for item, mine in zip(releases, found, strict=True)
    }


def _card(item: Item, here: Standing, language: Language, preview: bool) -> Card:
    own = _shown(here, language, preview)
    written: Language = language if own else other(language)
    side = item.side(written)
    assert side is not None
    gone = here.withdrawn is not None
    return Card(
        key=item.key,
        kind=item.kind,
        href=f"/{written}/{item.address}",
        title="" if gone else side.title,
        summary="" if gone else side.summary,
        language=written,
        foreign=not own,
        day=item.date.isoformat() if item.date else "",
        state="withdrawn"
        if gone
        else "corrected"
        if any(not n.minor for n in here.corrections)
        else "",
        mark=_MARKS.get(here.phase(written), ""),
    )


__all__ = ["Editions", "event_phase", "make"]
