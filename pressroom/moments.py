"""Days, instants and uncertain dates, read strictly: nothing is guessed, no zone is ignored."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

import msgspec

from pressroom.problems import PressroomError

# China Standard Time, one all year and everywhere. Not the zone of Shanghai, whose clocks had summer time
# from 1986 to 1991 and local mean time before 1901: then instants would not sort as they are written.
CHINA: Final = timezone(timedelta(hours=8), "China Standard Time")

# ASCII throughout: \d alone would take full-width and Arabic digits for what they look like. Years run
# from 1000 to 2999, so that every instant has a UTC form and every day has a day after it.
_YEAR = "[12][0-9]{3}"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = re.compile(rf"({_YEAR})-([0-9]{{2}})-([0-9]{{2}})")
_INSTANT = re.compile(
    rf"({_YEAR}-[0-9]{{2}}-[0-9]{{2}})[T ]({_TIME}(?::[0-5][0-9])?)(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
_CLOCK = re.compile(_TIME)
_EITHER_WAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_EDTF = re.compile(rf"({_YEAR})(?:-([0-9]{{2}})(?:-([0-9]{{2}}))?)?(~)?")


class Unreadable(PressroomError):
    """A date or time that cannot be read in exactly one way."""


def _refuse(text: str, zh: str, en: str) -> Unreadable:
    both = _EITHER_WAY.fullmatch(text.strip())
    if both:
        first, second, year = int(both[1]), int(both[2]), both[3]
        if 1 <= first <= 12 and 1 <= second <= 12 and first != second:
            one, two = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
            return Unreadable(
                f"日期“{text}”有两种读法：{one}或{two}；请写成其中一种。",
                f"the date {text!r} can be read as {one} or as {two}; write the one you mean",
            )
    return Unreadable(zh, en)


def read_day(text: str) -> date:
    """`2017-05-31` as a day; anything else is Unreadable."""
    match = _DAY.fullmatch(text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    raise _refuse(
        text,
        f"“{text}”不是日期；请写成2017-05-31的形式。",
        f"{text!r} is not a day; write it like 2017-05-31",
    )


def start_of(day: date) -> datetime:
    """The instant at which a day begins in China Standard Time."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def read_instant(text: str) -> datetime:
    """ISO 8601 with an offset, or China Standard Time without one; a plain day begins at 00:00 there.

    Returned in UTC, so that equal instants are equal bytes. Named zones (CST, EDT) are refused:
    CST alone has three meanings.
    """
    if _DAY.fullmatch(text):
        return start_of(read_day(text))
    match = _INSTANT.fullmatch(text)
    if match:
        try:
            day, clock = read_day(match[1]), time.fromisoformat(match[2])
            if match[3] is None:
                return datetime.combine(day, clock, CHINA).astimezone(UTC)
            offset = "+00:00" if match[3] == "Z" else match[3]
            return datetime.fromisoformat(f"{match[1]}T{match[2]}{offset}").astimezone(UTC)
        except ValueError:
            pass
    raise _refuse(
        text,
        f"“{text}”不是可读的时间；请写成2017-05-31T15:00:00+08:00，或只写日期。时区只接受+08:00这样的偏移量。",
        f"{text!r} is not a time; write it like 2017-05-31T15:00:00+08:00, or a plain day; "
        "a zone is an offset such as +08:00, never a name",
    )


def read_clock(text: str) -> str:
    """`15:00` on the 24-hour clock, returned as it is."""
    if _CLOCK.fullmatch(text):
        return text
    raise Unreadable(
        f"“{text}”不是钟点；请写成15:00的形式。",
        f"{text!r} is not a time of day; write it like 15:00",
    )


class Uncertain(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A date as exactly as it is known: the EDTF subset 2010, 2016-06, 2017-05-31, 2010~, a/b.

    `first` and `last` are the earliest and the latest day it can mean; source: ISO 8601-2:2019.
    """

    text: str
    first: date
    last: date

    @property
    def exact(self) -> bool:
        """Whether the very day is known."""
        return self.first == self.last and "~" not in self.text

    @property
    def interval(self) -> bool:
        return "/" in self.text


def _one(text: str) -> tuple[date, date] | None:
    match = _EDTF.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if day:
            exact = date(year, int(month), int(day))
            return exact, exact
        if month:
            last = calendar.monthrange(year, int(month))[1]
            return date(year, int(month), 1), date(year, int(month), last)
        return date(year, 1, 1), date(year, 12, 31)
    except (ValueError, calendar.IllegalMonthError):
        return None


@lru_cache(maxsize=4096)
def read_uncertain(text: str) -> Uncertain:
    """An EDTF date or interval; anything else is Unreadable."""
    spans = [_one(part) for part in text.split("/")]
    found = [span for span in spans if span is not None]
    if len(found) == len(spans) and len(spans) in (1, 2) and found[0][0] <= found[-1][1]:
        return Uncertain(text, found[0][0], found[-1][1])
    raise _refuse(
        text,
        f"“{text}”不是日期；已知到哪一级就写到哪一级：2010、2016-06、2017-05-31、2017/2018、2010~。",
        f"{text!r} is not a date; write as much as is known: 2010, 2016-06, 2017-05-31, 2017/2018, 2010~",
    )


def day_in_china(instant: datetime) -> date:
    """The day on the wall calendar in China at an instant."""
    return instant.astimezone(CHINA).date()


def iso(instant: datetime) -> str:
    """An instant as ISO 8601 in China Standard Time, to the second: 2017-05-31T15:00:00+08:00."""
    return instant.astimezone(CHINA).isoformat(timespec="seconds")


def next_day(day: date) -> date:
    return day + timedelta(days=1)
