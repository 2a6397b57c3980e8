"""What is public at an instant: draft, held, public, corrected, withdrawn, from the record alone.

All times are seconds since the epoch, so that comparing ten thousand of them costs nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from pressroom.models import Contact, EventState, Item, Notice, Side, Status, Translation
from pressroom.moments import iso, next_day, start_of
from pressroom.words import Language, other

# What has no date of its own (pages, programmes, events) is public from the beginning of time.
ALWAYS = 0


def seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _alone(item: Item, side: Side | None) -> int | None:
    """When a side would go out if the other did not matter; None while it is a draft or not written."""
    if side is None or side.status is Status.DRAFT:
        return None
    moments = []
    if side.embargo is not None:
        moments.append(seconds(side.embargo))
    if item.date is not None:
        moments.append(seconds(start_of(item.date)))
    # A day before 1970 is a day like any other, and negative.
    return max(moments, default=ALWAYS)


def goes_out(item: Item, language: Language) -> int | None:
    """The first instant at which a side is public, or None while the record names none."""
    mine = _alone(item, item.side(language))
    if mine is None:
        return None
    theirs = _alone(item, item.side(other(language)))
    waits = item.translation is Translation.TOGETHER or item.translation is (
        Translation.EN_FIRST if language == "zh" else Translation.ZH_FIRST
    )
    if not waits:
        return mine
    return None if theirs is None else max(mine, theirs)


Phase = Literal["absent", "draft", "held", "public", "withdrawn"]


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """Where an item stands at an instant. Instants are ISO texts in China Standard Time, or ""."""

    zh: Phase
    en: Phase
    out_zh: int = 0  # when it went out, in seconds since the epoch; 0: it has not
    out_en: int = 0
    last: int = 0  # the latest of going out, update, correction and withdrawal
    corrections: tuple[Notice, ...] = ()
    withdrawn: Notice | None = None
    goes_out: int = 0  # of a held item: when it goes out

    def phase(self, language: Language) -> Phase:
        return self.zh if language == "zh" else self.en

    def published(self, language: Language) -> str:
        return as_text(self.out_zh if language == "zh" else self.out_en)

    @property
    def modified(self) -> str:
        return as_text(self.last)

    @property
    def until(self) -> str:
        return as_text(self.goes_out)

    def shown(self, language: Language) -> bool:
        return self.phase(language) in ("public", "withdrawn")

    @property
    def told(self) -> int:
        """The last instant at which readers had to learn something: going out, a correction, the withdrawal."""
        told = [at for at in (self.out_zh, self.out_en) if at]
        told += [seconds(notice.at) for notice in self.corrections if not notice.minor]
        if self.withdrawn is not None:
            told.append(seconds(self.withdrawn.at))
        return max(told, default=0)


def _phase(item: Item, language: Language, now: int) -> Phase:
    side = item.side(language)
    if side is None:
        return "absent"
    if side.status is Status.DRAFT:
        return "draft"
    out = item.out_zh if language == "zh" else item.out_en
    if out is None or out > now:
        return "held"
    if item.withdrawn is not None and seconds(item.withdrawn.at) <= now:
        return "withdrawn"
    return "public"


# An item's instants are mostly one and the same.
@lru_cache(maxsize=16)
def as_text(at: int) -> str:
    """An instant in ISO form; "" for none."""
    return iso(datetime.fromtimestamp(at, tz=UTC)) if at else ""


def stand(item: Item, now: int) -> Standing:
    """Where an item stands at `now`, in seconds since the epoch."""
    zh, en = _phase(item, "zh", now), _phase(item, "en", now)
    shown = [
        out
        for phase, out in ((zh, item.out_zh), (en, item.out_en))
        if phase in ("public", "withdrawn") and out is not None
    ]
    if not shown:
        waiting = [
            out for phase, out in ((zh, item.out_zh), (en, item.out_en)) if phase == "held" and out
        ]
        return Standing(zh, en, goes_out=min(waiting, default=0))
    corrections = item.corrections and tuple(
        notice for notice in item.corrections if seconds(notice.at) <= now
    )
    withdrawn = (
        item.withdrawn if item.withdrawn is not None and seconds(item.withdrawn.at) <= now else None
    )
    moments = list(shown)
    if item.updated is not None and seconds(item.updated) <= now:
        moments.append(seconds(item.updated))
    moments += [seconds(notice.at) for notice in corrections]
    if withdrawn is not None:
        moments.append(seconds(withdrawn.at))
    return Standing(
        zh,
        en,
        (item.out_zh or 0) if zh in ("public", "withdrawn") else 0,
        (item.out_en or 0) if en in ("public", "withdrawn") else 0,
        max(moments),
        corrections,
        withdrawn,
    )


EventPhase = Literal["announced", "on", "over", "postponed", "cancelled"]


def event_phase(item: Item, now: int) -> EventPhase:
    """Whether an edition is to come, on now, or over; only what its record says decides.

    An edition without an end is over when the last day its start can mean has passed.
    """
    if item.state is not EventState.ANNOUNCED:
        return "postponed" if item.state is EventState.POSTPONED else "cancelled"
    if item.starts is None:
        return "announced"
    last = item.ends.last if item.ends is not None else item.starts.last
    if now >= seconds(start_of(next_day(last))):
        return "over"
    return (
        "on" if now >= seconds(start_of(item.starts.first)) and item.starts.exact else "announced"
    )


def valid(contact: Contact, now: int) -> bool:
    """Whether a contact may be named at an instant."""
    return contact.valid_until is None or now < seconds(contact.valid_until)


NEWS_SITEMAP_SECONDS = 2 * 24 * 3600  # a news sitemap holds the articles of the last two days


def instants(item: Item) -> Iterator[int]:
    """Every instant at which what is shown of an item may change by itself."""
    for out in {item.out_zh, item.out_en}:
        if out:
            yield out
            if item.kind == "release":
                yield out + NEWS_SITEMAP_SECONDS
    for notice in item.corrections:
        yield seconds(notice.at)
    if item.withdrawn is not None:
        yield seconds(item.withdrawn.at)
    if item.updated is not None:
        yield seconds(item.updated)
    for photo in item.photos:
        if photo.consent_until is not None:
            yield seconds(start_of(next_day(photo.consent_until.last)))
    if item.kind == "event":
        if item.starts is not None:
            yield seconds(start_of(item.starts.first))
            yield seconds(start_of(next_day(item.starts.last)))
        if item.ends is not None:
            yield seconds(start_of(next_day(item.ends.last)))


def state(item: Item, now: int) -> str:
    """What an item says and which of its instants have passed: all that what is shown of it follows from."""
    known = item.instants
    if not known or known[-1] <= now:
        return item.digest
    return f"{item.digest} {bisect_right(known, now)}"


def contact_instants(contact: Contact) -> Iterator[int]:
    if contact.valid_until is not None:
        yield seconds(contact.valid_until)
