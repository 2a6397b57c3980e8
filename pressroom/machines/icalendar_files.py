"""Editions of events as iCalendar (RFC 5545, 7986): one to keep, and all to subscribe to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pressroom.machines.prose import Parts
from pressroom.moments import CHINA, next_day, read_instant, read_uncertain
from pressroom.values import EditionView, PointView, Value
from pressroom.words import TAGS, Language, Words

if TYPE_CHECKING:
    from icalendar import Component, Event, Timezone

# The library is imported where it is used: a build that writes no calendar does not wait for it.

PRODID: Final = "-//Pressroom//iCalendar//EN"
TZID: Final = "Asia/Shanghai"

# How often a subscriber looks again; the life of a release is counted in hours, not minutes.
REFRESH: Final = timedelta(hours=6)

_STATUS: Final = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}
_SAID: Final = {
    "cancelled": Words("已取消", "Cancelled"),
    "postponed": Words("已延期", "Postponed"),
}
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_COLON: Final = Words("：", ": ")


class Entry(Value, frozen=True):
    """An edition in a calendar.

    `uid` is `events/child-welfare-week/2017@host` and never changes; `url` is absolute or "".
    `modified` is the instant of the last change, "" where none is known, and `since` the one that
    stands for it then; both ISO, with an offset.
    """

    uid: str
    edition: EditionView
    since: str
    modified: str = ""
    url: str = ""


class CalendarFile(Value, frozen=True):
    """What an .ics file is made of. `url` is its own absolute address, "" for a single event's."""

    name: str
    language: Language
    entries: tuple[Entry, ...]
    url: str = ""


# From when SEQUENCE counts: before any change, and near enough for its 31 bits until 2068.
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


def sequence(entry: Entry) -> int:
    """SEQUENCE: the second of the last change.

    A build knows no earlier one, so that it cannot count; the modified instant only rises, and
    nothing is published whose day or state changed without it (pressroom/ledger.py).
    """
    last = datetime.fromisoformat(entry.modified) if entry.modified else _EPOCH
    return max(0, int((last - _EPOCH).total_seconds()))


def timezone() -> Timezone:
    """China Standard Time. The rule is the last one the zone has had, when summer time ended in 1991."""
    from icalendar import Timezone, TimezoneStandard

    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15, 2))  # noqa: DTZ001  (RFC 5545: local time here)
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", TZID)
    zone.add_component(standard)
    return zone


def exact_day(edtf: str) -> date | None:
    """The day an EDTF date names, None when the very day is not known."""
    if not edtf:
        return None
    known = read_uncertain(edtf)
    return known.first if known.exact else None


def point_at(point: PointView, first: date, *, only_day: bool) -> datetime | None:
    """When a point of the programme is, in China Standard Time; a bare time needs an only day."""
    clock = _CLOCK.fullmatch(point.at)
    if clock:
        if not only_day:
            return None
        return datetime(
            first.year, first.month, first.day, int(clock[1]), int(clock[2]), tzinfo=CHINA
        )
    return read_instant(point.at).astimezone(CHINA)


def _span(edition: EditionView) -> tuple[date, date | None] | None:
    """First day and last day (None where unknown) of an edition, or None when its day is unknown."""
    first = exact_day(edition.starts)
    if first is None:
        return None
    last = exact_day(edition.ends)
    return first, last


def _words(component: Component, name: str, text: str, language: Language) -> None:
    from icalendar import vText

    component.add(name, vText(text), parameters={"language": TAGS[language]})


def _event(entry: Entry, uid: str, begins: date | datetime, language: Language) -> Event:
    """What every VEVENT of an edition carries."""
    from icalendar import Event, vUri

    event = Event()
    stamp = datetime.fromisoformat(entry.modified or entry.since).astimezone(UTC)
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    if entry.modified:
        event.add("last-modified", stamp)
    event.add("sequence", sequence(entry))
    event.add("status", _STATUS.get(entry.edition.state, "CONFIRMED"))
    if isinstance(begins, datetime):
        # The name of the zone, not ZoneInfo's idea of it: the VTIMEZONE above has this one.
        event.add("dtstart", begins.replace(tzinfo=None), parameters={"tzid": TZID})
    else:
        event.add("dtstart", begins)
    if entry.edition.place:
        _words(event, "location", entry.edition.place, language)
    if entry.url:
        event.add("url", vUri(entry.url))
    return event


def _events(entry: Entry, language: Language) -> Iterator[Event]:
    """One VEVENT for the edition, and one for each point of its programme where it has several.

    A day that is not known makes no entry. Where the edition is one day with a known time it begins
    then; where only days are known it takes whole days. An end that is not known is left out.
    """
    from icalendar import vText

    edition = entry.edition
    span = _span(edition)
    if span is None:
        return
    first, last = span
    only_day = last in (None, first)
    points = [
        (at, point)
        for point in edition.schedule
        if (at := point_at(point, first, only_day=only_day))
    ]
    points.sort(key=lambda pair: pair[0])
    own = [at for at, _ in points if at.date() == first]
    begins: date | datetime = own[0] if only_day and own else first

    def titled(text: str) -> str:
        said = _SAID.get(edition.state)
        return f"{said[language]}{_COLON[language]}{text}" if said else text

    main = _event(entry, entry.uid, begins, language)
    _words(main, "summary", titled(edition.title), language)
    description = _description(entry, language)
    if description:
        _words(main, "description", description, language)
    if not isinstance(begins, datetime):
        # RFC 5545, 3.6.1: the end of whole days is the day after the last; one day needs none.
        if last is not None and last > first:
            main.add("dtend", next_day(last))
        main.add("transp", "TRANSPARENT")
    yield main
    if len(points) < 2 and begins in [at for at, _ in points]:
        return
    for number, (at, point) in enumerate(points, 1):
        name, _, host = entry.uid.partition("@")
        event = _event(entry, f"{name}-{number}@{host}", at, language)
        _words(event, "summary", titled(point.text), language)
        event.add("related-to", vText(entry.uid))
        yield event


def _description(entry: Entry, language: Language) -> str:
    edition = entry.edition
    lines = [edition.summary, edition.theme]
    for point in edition.schedule:
        lines.append(f"{point.at[11:16] if 'T' in point.at else point.at} {point.text}")
    lines += [edition.accreditation, entry.url]
    return "\n".join(line for line in lines if line)


def make(values: CalendarFile, parts: Parts) -> bytes:
    """The .ics file: UTF-8, folded, with its VTIMEZONE."""
    from icalendar import Calendar, vDDDTypes, vText, vUri

    language = values.language
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    _words(calendar, "name", values.name, language)
    calendar.add("x-wr-calname", vText(values.name))
    calendar.add("x-wr-timezone", vText(TZID))
    if values.url:
        calendar.add("url", vUri(values.url))
        calendar.add("source", vUri(values.url), parameters={"value": "URI"})
        calendar.add("refresh-interval", vDDDTypes(REFRESH), parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", vDDDTypes(REFRESH))
    calendar.add_component(timezone())
    for entry in values.entries:
        for event in _events(entry, language):
            calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))
