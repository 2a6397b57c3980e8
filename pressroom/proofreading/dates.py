"""Dates: weekdays that fit, the day the dateline says, no “last June”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading.numerals_zh import read
from pressroom.proofreading.pair import Pair, found
from pressroom.proofreading.text import FIELD, Block
from pressroom.words import Words

_ZH_DAYS: Final = "一二三四五六日"
_EN_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH: Final = "|".join(_MONTHS)
_DAY: Final = "|".join(_EN_DAYS)

_WITH_DAY_ZH: Final = re.compile(
    r"(?:(?P<y>\d{4}|二[〇零一二三四五六七八九]{3})年)?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
    r"(?P<d>[0-3]?\d|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]\s?(?P<at>[（(]?\s?(?:(?:周|星期)[一二三四五六日天](?:[、和及]|[至到—-]{1,2}))*(?:周|星期)(?P<w>[一二三四五六日天]))"
)
_WITH_DAY_EN: Final = re.compile(
    rf"(?P<w1>{_DAY})(?:,|[ ]the)?[ ](?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<m1>{_MONTH})(?:,?[ ](?P<y1>\d{{4}}))?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[ ](?P<m2>{_MONTH})(?:,?[ ](?P<y2>\d{{4}}))?,?[ ]\(?(?:(?:{_DAY})(?:[ ](?:and|to)[ ]|[–—-]|,[ ]))*(?P<w2>{_DAY})"
    rf"|(?P<w3>{_DAY}),?[ ](?P<m3>{_MONTH})[ ](?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?[ ](?P<y3>\d{{4}}))?"
)


_WEEKDAY_WORDS: Final = frozenset(day.lower() for day in _EN_DAYS)


def _years(year: str | None, near: date | None) -> tuple[int, ...]:
    """The years a date may lie in: the one it says, else the one of the item."""
    if year:
        value = read(year)
        return (value,) if isinstance(value, int) else ()
    return (near.year,) if near else ()


def _the_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weekdays(pair: Pair) -> Iterator[Problem]:
    """A weekday fits its date, and the date exists."""
    near = pair.item.date
    for reading in pair.readings():
        if reading.language == "zh":
            if "周" not in reading.joined and "星期" not in reading.joined:
                continue
            for block in reading.all:
                for match in _WITH_DAY_ZH.finditer(block.plain):
                    month, day = read(match["m"]), read(match["d"])
                    if isinstance(month, int) and isinstance(day, int):
                        said = _ZH_DAYS.index(match["w"].replace("天", "日"))
                        yield from _fits(
                            block, match.start(), match[0], match["y"], month, day, said, near
                        )
        else:
            if not reading.words & _WEEKDAY_WORDS:
                continue
            for block in reading.all:
                for match in _WITH_DAY_EN.finditer(block.plain):
                    index = "1" if match["w1"] else "2" if match["w2"] else "3"
                    said = _EN_DAYS.index(match[f"w{index}"])
                    month = _MONTHS.index(match[f"m{index}"]) + 1
                    yield from _fits(
                        block,
                        match.start(),
                        match[0],
                        match[f"y{index}"],
                        month,
                        int(match[f"d{index}"]),
                        said,
                        near,
                    )


def _fits(
    block: Block,
    at: int,
    text: str,
    year: str | None,
    month: int,
    day: int,
    said: int,
    near: date | None,
) -> Iterator[Problem]:
    years = _years(year, near)
    days = [found_ for one in years if (found_ := _the_day(one, month, day)) is not None]
    if not years or any(one.weekday() == said for one in days):
        return
    if not year and near is not None:
        # Without a year the next or the last such day may be meant; the nearest decides.
        around = [_the_day(near.year + step, month, day) for step in (-1, 0, 1)]
        known = [one for one in around if one is not None]
        nearest = min(known, key=lambda one: abs(one - near), default=None)
        if nearest is not None and nearest.weekday() == said:
            return
        days = [nearest] if nearest is not None else []
    if not days:
        yield found(
            block,
            at,
            "weekdays",
            Words(f"没有“{text}”这一天。", f"there is no such day as “{text}”"),
            Words("查日历改正。", "look it up and correct it"),
            text,
        )
        return
    right = days[0].weekday()
    yield found(
        block,
        at,
        "weekdays",
        Words(
            f"{days[0].year}年{month}月{day}日是星期{_ZH_DAYS[right]}，不是星期{_ZH_DAYS[said]}。",
            f"{day} {_MONTHS[month - 1]} {days[0].year} is a {_EN_DAYS[right]}, not a {_EN_DAYS[said]}",
        ),
        Words("改正日期或星期。", "correct the date or the weekday"),
        text,
    )


_RELATIVE_EN: Final = re.compile(
    rf"\b(?:[Ll]ast|[Nn]ext|[Tt]his(?: coming| past)?) (?:{_MONTH}|{_DAY}|month|week)\b(?! of\b)"
    r"|\b(?:[Yy]esterday|[Tt]omorrow)\b"
)
_RELATIVE_ZH: Final = re.compile(
    r"(?:去|前|明|上)年(?=(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月)|上个?月|下个?月|上个?周[一二三四五六日天末]?|下个?周[一二三四五六日天末]?|昨[天日晚]|前天|明天|明晚|(?<![注写标说证表指阐申])明日(?![期星报])|后天"
)


_HINTS_ZH: Final = (
    "去年",
    "前年",
    "明年",
    "上年",
    "上月",
    "上个",
    "下月",
    "下个",
    "上周",
    "下周",
    "昨",
    "前天",
    "明天",
    "明日",
    "明晚",
    "后天",
)
_HINTS_EN: Final = frozenset({"last", "next", "this", "yesterday", "tomorrow"})


def relative_dates(pair: Pair) -> Iterator[Problem]:
    """“Last June”, “yesterday” and 去年6月 are read long after the day: name the month and year."""
    for reading in pair.readings():
        if reading.language == "zh":
            if not any(hint in reading.joined for hint in _HINTS_ZH):
                continue
            pattern = _RELATIVE_ZH
        else:
            if not reading.words & _HINTS_EN:
                continue
            pattern = _RELATIVE_EN
        for block in reading.all:
            for match in pattern.finditer(block.plain):
                if _quoted(block, match.start()):
                    continue
                yield found(
                    block,
                    match.start(),
                    "relative-dates",
                    Words(
                        f"“{match[0]}”过后就读不准了。",
                        f"“{match[0]}” cannot be read rightly later on",
                    ),
                    Words("写出年月，如2016年6月。", "name the month and year: June 2016"),
                    match[0],
                    severity=Severity.ADVICE,
                )


def _quoted(block: Block, at: int) -> bool:
    """Whether the words are somebody's: a quotation is not changed."""
    before = block.plain[:at]
    if "“" in before:
        return before.count("“") > before.count("”")
    return before.count('"') % 2 == 1


_TODAY_ZH: Final = re.compile(
    r"(?:(?:今[天日]|当[天日])[（(，]?(?P<m>1[0-2]|[1-9])月(?P<d>[12]\d|3[01]|[1-9])日)"
    r"|(?P<m2>1[0-2]|[1-9])月(?P<d2>[12]\d|3[01]|[1-9])日[，（(]?(?:今[天日])"
)
_TODAY_EN: Final = re.compile(
    rf"\b[Tt]oday,? \(?(?:\w+, )?(?P<d>\d{{1,2}}) (?P<m>{_MONTH})\b|\b(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH}),? \(?today\b"
)
_DATELINE_EN: Final = re.compile(
    rf"(?:[A-Z][A-Za-z]+(?:[ ,]+[A-Z][A-Za-z]+)*,? \(?(?P<d>\d{{1,2}}) (?P<m>{_MONTH})\b,?(?: (?P<y>\d{{4}}))?\)? ?[–—-])"
)
_DATELINE_ZH: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,8}[，,]? ?(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:电|讯|[—–-]))"
)


def dateline(pair: Pair) -> Iterator[Problem]:
    """What the text calls today, or opens with as its dateline, is the item's date."""
    day = pair.item.date
    if day is None:
        return
    for reading in pair.readings():
        zh = reading.language == "zh"
        for block in reading.all:
            hint = "今" in block.plain or "当" in block.plain if zh else "oday" in block.plain
            matches = list((_TODAY_ZH if zh else _TODAY_EN).finditer(block.plain)) if hint else []
            if block.index == 0:
                opening = (_DATELINE_ZH if zh else _DATELINE_EN).match(block.plain)
                if opening:
                    matches.append(opening)
            for match in matches:
                groups = match.groupdict()
                month, number = groups["m"] or groups.get("m2"), groups["d"] or groups.get("d2")
                if month is None or number is None:
                    continue
                value = int(month) if zh else _MONTHS.index(month) + 1
                if (value, int(number)) == (day.month, day.day):
                    continue
                yield found(
                    block,
                    match.start(),
                    "dateline",
                    Words(
                        f"这里说“{match[0]}”，条目的日期却是{day.year}年{day.month}月{day.day}日。",
                        f"“{match[0]}” here, and the item's date is {day.day} {_MONTHS[day.month - 1]} {day.year}",
                    ),
                    Words(
                        "改正正文，或改正front matter里的date。",
                        "correct the text, or date in the front matter",
                    ),
                    match[0],
                )


_EMBARGO_ZH: Final = re.compile(
    r"(?:禁发|解禁|发布时间|请勿在)[^。\n]{0,16}?(?:(?P<y>\d{4})年)?(?P<m>1[0-2]|[1-9])月(?P<d>[12]\d|3[01]|[1-9])日"
    r"|(?:(?P<y2>\d{4})年)?(?P<m2>1[0-2]|[1-9])月(?P<d2>[12]\d|3[01]|[1-9])日[^。\n]{0,14}?(?:前(?:请勿|不得|禁止)|解禁|禁发)"
)
_EMBARGO_EN: Final = re.compile(
    rf"(?i:embargo(?:ed)?|not (?:to be|for) (?:published|release|publication))[^.\n]{{0,60}}?(?P<d>\d{{1,2}}) (?P<m>{_MONTH})(?:,? (?P<y>\d{{4}}))?"
)


def embargo(pair: Pair) -> Iterator[Problem]:
    """An embargo that the text speaks of is the one in the front matter."""
    stated = pair.item.embargo
    for reading in pair.readings():
        zh = reading.language == "zh"
        if (
            not zh
            and "mbargo" not in reading.body
            and "for release" not in reading.body
            and "be published" not in reading.body
        ):
            continue
        if (
            zh
            and "禁" not in reading.body
            and "勿" not in reading.body
            and "不得" not in reading.body
        ):
            continue
        for block in reading.all:
            for match in (_EMBARGO_ZH if zh else _EMBARGO_EN).finditer(block.plain):
                groups = match.groupdict()
                month, number = groups["m"] or groups.get("m2"), groups["d"] or groups.get("d2")
                if month is None or number is None:
                    continue
                value = int(month) if zh else _MONTHS.index(month) + 1
                local = (stated + timedelta(hours=8)).date() if stated is not None else None
                if local is not None and (local.month, local.day) == (value, int(number)):
                    continue
                said = f"{local.year}-{local.month:02}-{local.day:02}" if local else ""
                yield found(
                    block,
                    match.start(),
                    "embargo",
                    Words(
                        f"正文说的是“{match[0]}”，front matter里的embargo是{said}。",
                        f"the text says “{match[0]}”, and embargo in the front matter is {said}",
                    )
                    if local
                    else Words(
                        f"正文说到禁发（“{match[0]}”），front matter里却没有embargo，到日期就会发布。",
                        f"the text speaks of an embargo (“{match[0]}”), and the front matter has none: it would go out",
                    ),
                    Words(
                        "在front matter里写上embargo，正文里不写。",
                        "put it into the front matter as embargo, and leave it out of the text",
                    ),
                    match[0],
                    said,
                )


def event_days(pair: Pair) -> Iterator[Problem]:
    """An event's text and its front matter name the same days."""
    starts = pair.item.starts
    if pair.item.kind != "event" or starts is None or not starts.exact:
        return
    last = pair.item.ends.last if pair.item.ends is not None else starts.first
    for reading in pair.readings():
        said = [
            (block, token)
            for block in reading.all
            for token in block.tokens
            if token.kind == "date"
            and token.day
            and token.month
            and token.year in (0, starts.first.year)
        ]
        if not said:
            continue
        days = [_the_day(starts.first.year, token.month, token.day) for _, token in said]
        if any(one is not None and starts.first <= one <= last for one in days):
            continue
        block, token = said[0]
        yield found(
            block,
            token.start,
            "event-days",
            Words(
                f"活动日期是{starts.text}，正文里却只有“{block.plain[token.start : token.end]}”。",
                f"the event is on {starts.text}, and the text only names “{block.plain[token.start : token.end]}”",
            ),
            Words(
                "改正正文，或改正front matter里的starts和ends。",
                "correct the text, or starts and ends in the front matter",
            ),
            block.plain[token.start : token.end],
            starts.text,
        )


__all__ = ["FIELD", "dateline", "embargo", "event_days", "relative_dates", "weekdays"]
RULES = [weekdays, relative_dates, dateline, embargo, event_days]
