"""Times are instants: an offset or China Standard Time, whatever zone the process believes to be in."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.moments import (
    CHINA,
    Unreadable,
    iso,
    read_clock,
    read_day,
    read_instant,
    read_uncertain,
    start_of,
)

moments = st.integers(-2 * 10**10, 3 * 10**10).map(
    lambda seconds: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).replace(
        tzinfo=None
    )
)
offsets = st.integers(-13 * 60 - 59, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
zones = st.sampled_from(
    ["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu"]
)


@contextmanager
def process_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@given(moments, offsets, zones)
def test_an_offset_says_which_instant_it_is(moment: datetime, offset: timedelta, zone: str) -> None:
    there = moment.replace(tzinfo=timezone(offset))
    with process_in(zone):
        assert read_instant(there.isoformat()) == there
        assert read_instant(iso(there)) == there, "what is written can be read again"


@given(moments, zones)
def test_without_an_offset_it_is_china_standard_time(moment: datetime, zone: str) -> None:
    with process_in(zone):
        for written in (moment.isoformat(), moment.isoformat(sep=" ")):
            assert read_instant(written) == moment.replace(tzinfo=CHINA)
            assert iso(read_instant(written)) == f"{moment.isoformat()}+08:00"
        day = moment.date()
        assert read_instant(day.isoformat()) == start_of(day)


@given(
    moments,
    st.one_of(
        st.sampled_from(
            [
                "EST",
                "CST",
                "EDT",
                "GMT",
                "UTC",
                "BJT",
                "z",
                "+8",
                "+08",
                "+0800",
                "+08:60",
                "+14:30",
            ]
        ),
        st.sampled_from(["[Asia/Shanghai]", " Asia/Shanghai", "北京时间", "+08:00[Asia/Shanghai]"]),
        st.text(min_size=1, max_size=8),
    ),
    st.sampled_from(["", " "]),
)
def test_no_other_zone_is_taken_and_none_is_passed_over(
    moment: datetime, zone: str, space: str
) -> None:
    written = f"{moment.isoformat()}{space}{zone}"
    if re.fullmatch(r"Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00", f"{space}{zone}"):
        assert read_instant(written) == datetime.fromisoformat(written)
        return
    with pytest.raises(Unreadable) as caught:
        read_instant(written)
    assert "+08:00" in caught.value.words.zh
    assert "+08:00" in caught.value.words.en


@pytest.mark.parametrize(
    "written",
    [
        "900",
        "15:00",
        "tomorrow",
        "2024-02-30",
        "2024-5-31",
        "2024-05-31T24:00",
        "2024-05-31T9:00",
        "2024-05-31T15:00:61",
        "２０２４-05-31",
        "2024-05-31T15:00:00.5+08:00",
        " 2024-05-31",
        "",
    ],
)
def test_what_is_not_quite_a_time_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        read_instant(written)


def test_a_day_that_can_be_read_two_ways_is_refused_with_both() -> None:
    with pytest.raises(Unreadable) as caught:
        read_day("11/08/2017")
    for text in (caught.value.words.zh, caught.value.words.en):
        assert "2017-08-11" in text
        assert "2017-11-08" in text


@pytest.mark.parametrize("written", ["25:00", "9:00", "15:60", "１５:00", "15:00:00"])
def test_a_time_of_day_is_read_strictly(written: str) -> None:
    assert read_clock("15:00") == "15:00"
    with pytest.raises(Unreadable):
        read_clock(written)


@pytest.mark.parametrize(
    ("written", "first", "last", "exact"),
    [
        ("2010", date(2010, 1, 1), date(2010, 12, 31), False),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), False),
        ("2017-05-31", date(2017, 5, 31), date(2017, 5, 31), True),
        ("2017-05-31~", date(2017, 5, 31), date(2017, 5, 31), False),
        ("2010/2017~", date(2010, 1, 1), date(2017, 12, 31), False),
    ],
)
def test_a_date_is_as_exact_as_it_is_known(
    written: str, first: date, last: date, exact: bool
) -> None:
    found = read_uncertain(written)
    assert (found.first, found.last, found.exact) == (first, last, exact)
    assert found.first == start_of(found.first).astimezone(CHINA).date()


@pytest.mark.parametrize("written", ["2017/2010", "2010/2012/2014", "2017-13", "~2010", "0999"])
def test_a_date_that_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        read_uncertain(written)


def test_an_instant_is_written_in_china_standard_time() -> None:
    assert iso(datetime(2017, 5, 31, 7, tzinfo=UTC)) == "2017-05-31T15:00:00+08:00"
