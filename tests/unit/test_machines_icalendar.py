"""Calendars, read back by two parsers that are not the one that wrote them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import ics
import msgspec
import pytest
import vobject

from pressroom.machines import icalendar_files as calendars
from pressroom.machines.icalendar_files import CalendarFile, Entry
from pressroom.moments import CHINA
from pressroom.values import EditionView, PointView
from pressroom.words import Language
from tests.unit.machine_samples import CORRECTED, PUBLISHED, SITE, edition, parts

UID = "events/child-welfare-week/2017@newsroom.example"
CEREMONY = PointView("15:00", "启动仪式")


def entry(view: EditionView, modified: str = PUBLISHED) -> Entry:
    return Entry(UID, view, "2017-05-31T00:00:00+08:00", modified, f"{SITE}{view.href}")


def made(*entries: Entry, language: Language = "zh", url: str = "") -> bytes:
    return calendars.make(CalendarFile("活动日历", language, entries, url), parts)


def by_vobject(data: bytes) -> vobject.base.Component:
    return vobject.readOne(data.decode())


def by_ics(data: bytes) -> list[ics.Event]:
    return sorted(ics.Calendar(data.decode()).events)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_other_parsers_agree_with_the_page(language: Language) -> None:
    view = edition(language, "2017-05-31", "", "over", CEREMONY)
    data = made(entry(view), language=language, url=f"{SITE}/{language}/events/calendar.ics")
    event = by_vobject(data).vevent
    (other,) = by_ics(data)
    begins = datetime(2017, 5, 31, 15, tzinfo=CHINA)
    assert event.dtstart.value == begins
    assert other.begin.datetime == begins
    assert event.dtstart.value.utcoffset() == timedelta(hours=8)
    assert event.summary.value == other.name == view.title
    assert event.summary.params["LANGUAGE"] == [{"zh": "zh-Hans", "en": "en"}[language]]
    assert event.location.value == other.location == view.place
    assert event.uid.value == other.uid == UID
    assert event.url.value == other.url == f"{SITE}{view.href}"
    assert event.status.value == other.status == "CONFIRMED"
    assert view.summary in event.description.value
    assert "15:00 启动仪式" in event.description.value
    assert event.last_modified.value == event.dtstamp.value == datetime.fromisoformat(PUBLISHED)
    # The end is not known: nobody is told one.
    assert not hasattr(event, "dtend")


def test_the_zone_is_told_once_and_is_chinas() -> None:
    calendar = by_vobject(made(entry(edition("zh", "2017-05-31", "", "announced", CEREMONY))))
    (zone,) = calendar.vtimezone_list
    assert zone.tzid.value == "Asia/Shanghai"
    assert b"TZOFFSETTO:+0800" in made()


def test_known_days_without_times_take_whole_days() -> None:
    event = by_vobject(made(entry(edition("zh", "2017-05-31", "2017-06-02")))).vevent
    assert event.dtstart.value == date(2017, 5, 31)
    assert event.dtend.value == date(2017, 6, 3)
    (other,) = by_ics(made(entry(edition("zh", "2017-05-31", "2017-06-02"))))
    assert other.all_day
    assert other.duration == timedelta(days=3)


@pytest.mark.parametrize("starts", ["2010", "2016-06", "2017-05-31~", "2017-05-31/2017-06-01"])
def test_a_day_that_is_not_known_makes_no_entry(starts: str) -> None:
    assert by_ics(made(entry(edition("zh", starts)))) == []


def test_several_points_are_events_of_their_own() -> None:
    view = edition(
        "zh", "2017-05-31", "2017-06-01", "announced",
        PointView("2017-05-31T15:00:00+08:00", "启动仪式"), PointView("2017-06-01T09:00:00+08:00", "研讨会"),
    )  # fmt: skip
    events = by_vobject(made(entry(view))).vevent_list
    assert [event.summary.value for event in events] == [view.title, "启动仪式", "研讨会"]
    assert events[0].dtstart.value == date(2017, 5, 31)
    assert events[2].dtstart.value == datetime(2017, 6, 1, 9, tzinfo=CHINA)
    assert [event.related_to.value for event in events[1:]] == [UID, UID]
    assert len({event.uid.value for event in events}) == 3


def test_a_bare_time_in_several_days_is_not_given_a_day() -> None:
    view = edition("zh", "2017-05-31", "2017-06-02", "announced", CEREMONY)
    (event,) = by_vobject(made(entry(view))).vevent_list
    assert event.dtstart.value == date(2017, 5, 31)
    assert "15:00 启动仪式" in event.description.value


@pytest.mark.parametrize(
    ("state", "status"),
    [("cancelled", "CANCELLED"), ("postponed", "TENTATIVE"), ("on", "CONFIRMED")],
)
def test_the_state_is_told(state: str, status: str) -> None:
    data = made(entry(edition("zh", "2017-05-31", "", state, CEREMONY)))
    assert by_vobject(data).vevent.status.value == status
    assert by_ics(data)[0].status == status


def test_the_sequence_rises_with_every_change_and_never_falls() -> None:
    announced = entry(edition("zh"), "")
    corrected = entry(edition("zh"), CORRECTED)
    postponed = entry(edition("zh", state="postponed"), "2017-06-05T09:00:00+08:00")
    again = entry(edition("zh"), "2017-06-05T09:00:01+08:00")
    numbers = [
        int(by_vobject(made(one)).vevent.sequence.value)
        for one in (announced, corrected, postponed, again)
    ]
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < 2**31


def test_the_calendar_can_be_subscribed_to() -> None:
    address = f"{SITE}/zh/events/calendar.ics"
    lines = made(url=address).decode().split("\r\n")
    assert "X-WR-CALNAME:活动日历" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert "X-PUBLISHED-TTL:PT6H" in lines
    assert f"SOURCE;VALUE=URI:{address}" in lines


def test_lines_are_folded_without_splitting_a_character() -> None:
    long = msgspec.structs.replace(
        edition("zh"), summary="中国儿童福利与保护宣传周，在北京启动；" * 9
    )
    data = made(entry(long))
    assert all(len(line) <= 75 and line.decode() is not None for line in data.split(b"\r\n"))
    assert long.summary in by_vobject(data).vevent.description.value


def test_the_same_record_gives_the_same_bytes() -> None:
    one = entry(edition("zh", "2017-05-31", "", "announced", CEREMONY))
    assert made(one) == made(one)
