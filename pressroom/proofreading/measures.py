"""What a figure comes to in its unit: 1.2 km is 1200米, an hour and a half 90分钟, 半年 six months, 300亩 twenty hectares.

Read only of figures that have found no equal as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from pressroom.words import Language


class Measure(NamedTuple):
    """A family of units, a unit's size in it, and how much of the family's first unit there is."""

    family: str
    unit: Fraction
    amount: Fraction


def _units(text: str) -> dict[str, tuple[str, Fraction]]:
    found = {}
    for line in text.strip().split("\n"):
        family, _, units = line.partition(": ")
        for one in units.split(", "):
            size, *names = one.split(" ")
            found.update(
                dict.fromkeys((name.replace("_", " ") for name in names), (family, Fraction(size)))
            )
    return found


_ZH: Final = _units("""
seconds: 1 秒, 60 分钟 分, 3600 小时 钟头, 86400 天 日 昼夜, 604800 周 星期 礼拜
months: 1 月 月龄, 3 季度 季, 12 年 周年 岁 周岁 载 学年, 1200 世纪
metres: 1/1000 毫米, 1/100 厘米, 1/10 分米, 1 米, 1000 公里 千米, 500 里 华里, 1852 海里, 1/3 尺, 10/3 丈, 1/30 寸
grams: 1/1000 毫克, 1 克, 50 两, 500 斤, 1000 公斤 千克, 1000000 吨
square metres: 1 平方米 平米 平, 2000/3 亩, 10000 公顷, 1000000 平方公里 平方千米
litres: 1/1000 毫升, 1 升, 1000 立方米 立方 方
fen: 1 分 分钱, 10 角 毛 毛钱, 100 元 块 块钱
kelvin: 1 度 摄氏度
""")
_EN: Final = _units("""
seconds: 1 second, 60 minute min, 3600 hour, 86400 day, 604800 week, 1209600 fortnight
months: 1 month, 3 quarter, 12 year, 120 decade, 1200 century centurie
metres: 1/1000 millimetre mm, 1/100 centimetre cm, 1 metre meter, 1000 kilometre kilometer km, 1609344/1000 mile, 381/1250 foot feet
grams: 1/1000 milligram mg, 1 gram, 1000 kilogram kilo kg, 1000000 tonne ton, 4535924/10000 pound
square metres: 1 square_metre square_meter, 2000/3 mu, 10000 hectare, 1000000 square_kilometre square_kilometer
litres: 1/1000 millilitre ml, 1 litre liter, 1000 cubic_metre cubic_meter
fen: 1 fen, 10 jiao, 100 yuan
""")


def _either(units: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, units), key=len, reverse=True))


_AFTER_ZH: Final = re.compile(
    rf"[多余来几]?(?:[至到—–~～-]{{1,2}}[\d.一二两三四五六七八九十百]+)?个?半?(?P<unit>{_either(_ZH)})(?![度均程面])"
)
_WITHIN_ZH: Final = re.compile(rf"(?P<unit>{_either(_ZH)})[半零一二三四五六七八九\d]+$")
_PARTS: Final = re.compile(
    r"年(?=.+月)|year(?=.+month)|(?:小时|钟头|分)(?=.*[分秒])|hour(?=.+minute)|minute(?=.+second)|\d:\d\d:\d\d|:\d\d\.\d"
)
_CHANGE: Final = re.compile(r"[元块角毛].+[角毛分]")  # 两角二分, read in yuan
_WITHIN_EN: Final = re.compile(rf"\b(?P<unit>{_either(_EN)})s?[ ]and[ ]a[ ](?:half|quarter)$")
_AFTER_EN: Final = re.compile(
    rf"(?:[ ]?(?:to|or|and|–|-)[ ]?[\w.]+(?:-\w+)?)?(?:[ ](?:of[ ])?an?)?[ -](?P<unit>{_either(_EN)})s?\b"
)
# Words that are a number and a unit in one: their numbers count years, and weeks.
_ONE_WORD: Final = {"decade": "year", "centen": "year", "fortni": "week"}
# Converted figures are rounded, and not by more than this.
_ROUNDED: Final = Fraction(1, 20)


def measure(
    plain: str, start: int, end: int, value: Fraction | int, language: Language
) -> Measure | None:
    """What the figure at `start` comes to in its unit, which stands after it or, in 一年半 and 三块五, within."""
    written = plain[start:end]
    if (parts := _PARTS.search(written)) is not None:
        # 2小时14分38秒 has been read in seconds, 十一年六个月 in years; neither has a unit of its own.
        if parts[0] in ("年", "year"):
            return Measure("months", Fraction(0), value * Fraction(12))
        return Measure("seconds", Fraction(0), Fraction(value))
    if language == "zh":
        known = _ZH
        if _CHANGE.search(written):
            return Measure("fen", Fraction(100), value * Fraction(100))
        after = _AFTER_ZH.match(plain, end) or _WITHIN_ZH.search(written)
        name = after["unit"] if after else ""
    else:
        known = _EN
        name = _ONE_WORD.get(written[:6].lower(), "")
        if not name:
            after = _WITHIN_EN.search(written) or _AFTER_EN.match(plain, end)
            name = after["unit"] if after else ""
    if not name:
        return None
    family, unit = known[name]
    return Measure(family, unit, value * unit)


_HEAD_ZH: Final = re.compile(rf"[（(/][^）)]*?(?P<unit>{_either(_ZH)})[）)]")
_HEAD_EN: Final = re.compile(rf"\b(?P<unit>{_either(_EN)})s?\b", re.IGNORECASE)


def headed(head: str, value: Fraction | int, language: Language) -> Measure | None:
    """What a figure comes to in the unit that its column's head names: 面积（亩）, “Hectares”."""
    unit = (_HEAD_ZH if language == "zh" else _HEAD_EN).search(head)
    if unit is None:
        return None
    family, size = (_ZH if language == "zh" else _EN)[unit["unit"].lower()]
    return Measure(family, size, value * size)


# What stands beside a price or a yield, and by how much its figure changes with the unit abroad.
_RATES: Final = (
    (re.compile("亩"), re.compile(r"\bhectares?\b"), Fraction(15)),
    (re.compile("斤"), re.compile(r"\b(?:kilograms?|kilos?|kg)\b"), Fraction(2)),
    (re.compile("斤"), re.compile(r"\btonnes?\b"), Fraction(1, 2000)),
    (re.compile("亩.*斤"), re.compile(r"\btonnes? (?:a|per) hectare\b"), Fraction(15, 2000)),
    (re.compile("亩.*斤"), re.compile(r"\b(?:kilograms?|kg) (?:a|per) hectare\b"), Fraction(15, 2)),
    (re.compile("里"), re.compile(r"\b(?:kilometres?|km)\b"), Fraction(2)),
    (re.compile("两"), re.compile(r"\bgrams?\b"), Fraction(1, 50)),
)


def rates(zh: str, en: str) -> list[Fraction]:
    """By what the English figures of a text may be larger: 60 yuan每亩 are 900 per hectare."""
    return [
        one
        for mine, yours, factor in _RATES
        if mine.search(zh) and yours.search(en)
        for one in (factor, 1 / factor)
    ]


def equal(one: Measure | None, other: Measure | None) -> bool:
    """Whether two figures in different units come to the same."""
    return (
        one is not None
        and other is not None
        and one.family == other.family
        and one.unit != other.unit
        and _rounded(one.amount, other.amount, one.unit, other.unit)
    )


def _rounded(a: Fraction, b: Fraction, *units: Fraction) -> bool:
    """Whether one amount is the other, rounded to as many places as it is written with."""
    if a == b:
        return True
    if abs(a - b) > _ROUNDED * max(a, b):
        return False
    return any(
        unit and abs(a - b) <= unit * _place(amount / unit) / 2
        for amount, unit in zip((a, b), units, strict=True)
    )


def _place(value: Fraction) -> Fraction:
    """What the last written place of a number counts: 10 in 1,270, 1/10 in 3.2."""
    place = Fraction(1)
    while value * 10 % 10 and place > Fraction(1, 10**6):
        value *= 10
        place /= 10
    if place == 1:
        while value and value % 10 == 0:
            value /= 10
            place *= 10
    return place


def converted(zh: Fraction, en: Fraction, factors: list[Fraction]) -> bool:
    """Whether a figure is another by one of the factors of `rates`."""
    return any(_rounded(zh * factor, en, factor, Fraction(1)) for factor in factors)
