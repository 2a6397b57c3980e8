"""What answers what: every figure of one side and its equal on the other, and what is left over.

Tokens are matched in three rounds: equal values in paragraphs that answer each other, equal values
said in another way there (三成 and 30 per cent), then anywhere in the text. What is left over is a
difference, unless it stands where a language's grammar puts it; how much it weighs, `certainty` says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from string import ascii_uppercase
from typing import Final

from pressroom.proofreading.measures import Measure, converted, equal, headed, measure, rates
from pressroom.proofreading.pair import Pair
from pressroom.proofreading.text import ROW, Block
from pressroom.proofreading.tokens import (
    CLOCK,
    CODE,
    DATE,
    DECADE,
    FACT,
    FRACTION,
    NUMBER,
    PERCENT,
    PHONE,
    POINTS,
    TIMES,
    UNREADABLE,
    WEEKDAY,
    Token,
    Value,
)


class Placed:
    """A token in its block and its group of paragraphs."""

    __slots__ = ("_measure", "beside", "block", "group", "months", "partner", "token")

    def __init__(self, token: Token, block: Block, group: int) -> None:
        self.token = token
        self.block = block
        self.group = group
        self.months: tuple[int, ...] = ()  # those a day without a month may lie in
        self.partner: Placed | None = None
        self.beside: list[Placed] = []  # the figures of its group, itself among them
        self._measure: tuple[Measure | None] | None = None  # asked of few, and only once

    @property
    def measure(self) -> Measure | None:
        """What it comes to in its unit."""
        if self._measure is None:
            token, block = self.token, self.block
            found = None
            if token.kind in (NUMBER, FRACTION) and not isinstance(token.value, str):
                language = block.reading.language
                found = measure(block.plain, token.start, token.end, token.value, language)
                if found is None and token.head:
                    found = headed(token.head, token.value, language)
            self._measure = (found,)
        return self._measure[0]

    @property
    def text(self) -> str:
        return (
            self.block.plain[self.token.start : self.token.end].replace("\x00", "")
            or (self.block.raw[self.token.start : self.token.end])
        )

    @property
    def exact(self) -> bool:
        """Whether it is written in digits: a number in words is more often a matter of wording."""
        return not self.token.soft and (
            self.token.kind not in COUNTED or any(c.isdigit() for c in self.text)
        )

    def unlike(self, other: Placed) -> float:
        """How little speaks for an equal figure to be the same: its form, what is said of it, its place."""
        a, b = self.token, other.token
        return (
            0.3 * (a.soft != b.soft)
            + 0.5 * (bool(a.quals) != bool(b.quals))
            + 0.3 * (a.quals != b.quals)
            + 0.3 * (a.unit != b.unit)
            + abs(a.start / (len(self.block.plain) + 1) - b.start / (len(other.block.plain) + 1))
        )


class Mismatch:
    """Two tokens where one should equal the other, or one without any."""

    __slots__ = ("doubtful", "en", "opposite", "zh")

    def __init__(
        self,
        zh: Placed | None,
        en: Placed | None,
        opposite: Block | None = None,
        doubtful: bool = False,
    ) -> None:
        self.doubtful = doubtful  # each has an equal, though not in its place
        self.zh = zh
        self.en = en
        self.opposite = opposite  # the paragraph in which an equal was to be expected


def _key(token: Token) -> object:
    kind = token.kind
    if kind == DATE:
        return (DATE, token.month, token.day)
    if kind == CLOCK:
        value = token.value
        return (CLOCK, value % 720 if isinstance(value, int) else value)
    return (kind, token.value)


class Comparison:
    """The figures of both sides, matched; rules read what came of it."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.matched: list[tuple[Placed, Placed]] = []
        self.mismatches: list[Mismatch] = []
        self.unreadable: list[Placed] = []
        self.year = pair.item.date.year if pair.item.date else 0
        self.month = pair.item.date.month if pair.item.date else 0
        beads = [*pair.field_beads, *pair.beads]
        self.fields = len(pair.field_beads)
        self.zh: list[list[Placed]] = []
        self.en: list[list[Placed]] = []
        self.open: list[bool] = []
        for group, (zh, en) in enumerate(beads):
            self.zh.append(self._placed(zh, group))
            self.en.append(self._placed(en, group))
            # Both sides have text here, in their languages.
            self.open.append(
                bool(zh and en) and not any(id(block) in pair.left_over for block in (*zh, *en))
            )
        self.beads = beads
        self._match()

    def _placed(self, blocks: list[Block], group: int) -> list[Placed]:
        placed: list[Placed] = []
        for block in blocks:
            month = self.month
            for token in block.tokens:
                one = Placed(token, block, group)
                if token.kind == DATE:
                    if token.month:
                        month = token.month
                    else:
                        one.months = (month, self.month)
                one.beside = placed
                if token.kind == UNREADABLE:
                    self.unreadable.append(one)
                else:
                    placed.append(one)
        return placed

    # -- matching

    def _match(self) -> None:
        for zh, en in zip(self.zh, self.en, strict=True):
            self._exact(zh, en)
        for zh, en in zip(self.zh, self.en, strict=True):
            self._alike(zh, en)
        self._elsewhere()
        self._differences()

    def _join(self, zh: Placed, en: Placed) -> None:
        zh.partner, en.partner = en, zh
        self.matched.append((zh, en))

    def _exact(self, zh: list[Placed], en: list[Placed]) -> None:
        if not zh or not en:
            return
        waiting: dict[object, list[Placed]] = {}
        for one in en:
            if one.partner is None:
                waiting.setdefault(_key(one.token), []).append(one)
        for one in zh:
            if one.partner is not None:
                continue
            candidates = waiting.get(_key(one.token))
            if not candidates:
                continue
            if len(candidates) > 1:
                candidates.sort(key=one.unlike)
            for index, other in enumerate(candidates):
                if self._agree(one, other):
                    del candidates[index]
                    self._join(one, other)
                    break

    def _agree(self, one: Placed, other: Placed) -> bool:
        """Whether two tokens with the same key are equal to the end: year, half of the day."""
        kind = one.token.kind
        if kind == DATE:
            return self._years(one, other)
        return kind != CLOCK or not (_opposed(one.token, other.token) or _other_half(one, other))

    def _equal(self, one: Placed, other: Placed) -> bool:
        if _key(one.token) == _key(other.token):
            return self._agree(one, other)
        return self._same(one, other)

    def _alike(self, zh: list[Placed], en: list[Placed]) -> None:
        left = [one for one in zh if one.partner is None]
        right = [one for one in en if one.partner is None]
        if not left or not right:
            return
        for one in left:
            for other in right:
                if other.partner is None and self._same(one, other):
                    self._join(one, other)
                    break
        self._converted(
            [one for one in left if one.partner is None and _converts(one)],
            [one for one in right if one.partner is None and _converts(one)],
        )

    def _converted(self, left: list[Placed], right: list[Placed]) -> None:
        """Figures counted by another unit: yuan for 亩 and for hectares."""
        if not left or not right:
            return
        group = left[0].group
        factors = rates(*(" ".join(one.plain for one in side) for side in self.beads[group]))
        for one in left if factors else ():
            for other in right:
                mine, yours = one.token.value, other.token.value
                if isinstance(mine, str) or isinstance(yours, str):
                    continue
                if other.partner is None and converted(Fraction(mine), Fraction(yours), factors):
                    self._join(one, other)
                    break

    def _years(self, one: Placed, other: Placed) -> bool:
        """Whether two dates may lie in the same year: a missing year is the plain one."""
        a, b = one.token.year, other.token.year
        if a == b or not self.year:
            return a == b or not a or not b
        if a and b:
            return False
        given, silent = (a, other) if a else (b, one)
        if abs(given - self.year) <= 1:
            return True
        group = (
            self.zh[silent.group]
            if silent.block.reading.language == "zh"
            else self.en[silent.group]
        )
        return any(
            said.token.year == given or (said.token.kind == NUMBER and said.token.value == given)
            for said in group
        )

    def _same(self, one: Placed, other: Placed) -> bool:
        """Whether two tokens of different make say the same."""
        a, b = one.token, other.token
        if a.kind == DATE and b.kind == DATE:
            if a.day and a.day == b.day and (not a.month or not b.month):
                return (a.month or b.month) in (
                    one.months if not a.month else other.months
                ) or a.month == b.month
            return a.month == b.month and a.day == b.day and self._years(one, other)
        if a.kind == CLOCK or b.kind == CLOCK:
            return a.kind != b.kind and _clocks(a, b) and not _other_half(one, other)
        if {a.kind, b.kind} == {DATE, WEEKDAY}:
            return self._falls_on(*((one, b) if a.kind == DATE else (other, a)))
        if a.kind == DATE or b.kind == DATE:
            day, number = (a, b) if a.kind == DATE else (b, a)
            # 每月5日, “on the 5th of each month”; 6月27日, “since the 27th”
            return (
                number.kind == NUMBER
                and day.day == number.value
                and (
                    not day.month
                    or _ORDINAL.search(other.text if day is a else one.text) is not None
                )
            )
        if a.kind == DECADE and b.kind == DECADE:
            return (
                _int(a.value) % 100 == _int(b.value) % 100
                and min(_int(a.value), _int(b.value)) < 100
            )
        if CODE in (a.kind, b.kind) or PHONE in (a.kind, b.kind):
            mine, yours = _letters(one), _letters(other)
            # T3航站楼, Terminal 3
            named = {NUMBER, CODE} == {a.kind, b.kind} and mine.lstrip(
                ascii_uppercase
            ) == yours.lstrip(ascii_uppercase)
            return mine == yours or (named and min(len(mine), len(yours)) < 3)
        if FACT in (a.kind, b.kind) or WEEKDAY in (a.kind, b.kind):
            return False
        if a.kind == b.kind and a.value == b.value:
            return True
        for kind, value in a.alts:
            if (b.kind, b.value) == (kind, value) or (kind, value) in b.alts:
                return True
        if any((a.kind, a.value) == alt for alt in b.alts):
            return True
        if equal(one.measure, other.measure):
            return True
        # “from 46 to 41.5 per cent”: the sign is said once
        kinds = {a.kind, b.kind}
        return (
            NUMBER in kinds
            and kinds & {PERCENT, POINTS, TIMES} != set()
            and a.value == b.value
            and not (a.soft or b.soft)  # 一岁 is no per cent
        )

    def _falls_on(self, day: Placed, weekday: Token) -> bool:
        """Whether a day is the other side's Friday."""
        token = day.token
        for month in (token.month,) if token.month else day.months:
            try:
                if date(token.year or self.year, month, token.day).isoweekday() == weekday.value:
                    return True
            except ValueError:
                continue
        return False

    def _elsewhere(self) -> None:
        """A sentence may stand in another paragraph, and titles are written freely."""
        loose_en = [one for group in self.en for one in group if one.partner is None]
        loose_zh = [one for group in self.zh for one in group if one.partner is None]
        if loose_zh and loose_en:
            for one in loose_zh:
                near = sorted(loose_en, key=lambda other: abs(other.group - one.group))
                for other in near:
                    soft = one.token.soft + other.token.soft
                    if soft == 2 or (
                        soft
                        and (abs(other.group - one.group) > 1 or one.token.kind != other.token.kind)
                    ):
                        continue  # a small number in words says little far from its place
                    if other.partner is None and self._equal(one, other):
                        self._join(one, other)
                        break

    # -- what is left

    def _differences(self) -> None:
        for group in range(len(self.beads)):
            if not self.open[group]:
                continue
            zh = [one for one in self.zh[group] if one.partner is None]
            en = [one for one in self.en[group] if one.partner is None]
            if not zh and not en:
                continue
            self._group_differences(group, zh, en)
        self._heads()
        self._by_one_factor()

    def _by_one_factor(self) -> None:
        """Where several figures differ by the same factor, the sides count in different units."""
        factors: dict[Fraction, list[Mismatch]] = {}
        for mismatch in self.mismatches:
            if mismatch.zh is None or mismatch.en is None:
                continue
            a, b = mismatch.zh.token.value, mismatch.en.token.value
            if not isinstance(a, str) and not isinstance(b, str) and a and b:
                factors.setdefault(Fraction(a) / Fraction(b), []).append(mismatch)
        for alike in factors.values():
            if len(alike) >= SEVERAL:
                for mismatch in alike:
                    mismatch.doubtful = True

    def _heads(self) -> None:
        """Where all of a table's column differs by the same factor, its head is what is wrong."""
        columns: dict[tuple[int, int, Fraction], list[Mismatch]] = {}
        for mismatch in self.mismatches:
            one, other = mismatch.zh, mismatch.en
            if one is None or other is None or not one.block.kind == other.block.kind == ROW:
                continue
            a, b = one.token.value, other.token.value
            if isinstance(a, str) or isinstance(b, str) or not b or digits(a) != digits(b):
                continue
            head = one.group
            for above in range(one.group - 1, -1, -1):
                if not self._row(above):
                    break
                if all(self.beads[above]):  # a row that one side alone has is passed over
                    head = above
            column = one.block.raw.count("|", 0, one.token.start)
            columns.setdefault((head, column, Fraction(a) / Fraction(b)), []).append(mismatch)
        for (head, column, _), wrong in columns.items():
            if len(wrong) > 1 and wrong[0].zh is not None and wrong[0].zh.group != head:
                self.mismatches = [one for one in self.mismatches if one not in wrong]
                zh, en = (self._head(blocks[0], head, column) for blocks in self.beads[head])
                self.mismatches.append(Mismatch(zh, en))

    def _row(self, group: int) -> bool:
        zh, en = self.beads[group]
        return all(block.kind == ROW for block in (*zh, *en))

    @staticmethod
    def _head(block: Block, group: int, column: int) -> Placed:
        cells = block.raw.split("|")
        start = len("|".join(cells[:column])) + 1
        cell = cells[column] if column < len(cells) else ""
        start += len(cell) - len(cell.lstrip())
        return Placed(Token(NUMBER, cell.strip(), start, start + len(cell.strip())), block, group)

    def _group_differences(self, group: int, zh: list[Placed], en: list[Placed]) -> None:
        """What is left over in two paragraphs: pairs that should have been equal, and lone figures."""
        alone_zh = [one for one in zh if not one.token.soft and not self._tolerated(one, "en")]
        alone_en = [one for one in en if not one.token.soft and not self._tolerated(one, "zh")]
        # What could stand alone may still be what a figure of the other side should have been.
        spare_zh = [one for one in zh if one not in alone_zh and one.token.value != 1]
        spare_en = [one for one in en if one not in alone_en and one.token.value != 1]
        # A number that cannot be read stands for one of the other side's.
        for one in self.unreadable:
            if one.group == group:
                mine = alone_en if one.block.reading.language == "zh" else alone_zh
                likely = _nearest_written(one, mine)
                if likely is not None:
                    mine.remove(likely)
        used: set[int] = set()
        self._nth(group, zh, en, used)
        alone_zh, alone_en, spare_zh, spare_en = (
            [one for one in placed if id(one) not in used]
            for placed in (alone_zh, alone_en, spare_zh, spare_en)
        )

        def nearest(one: Placed, others: list[Placed]) -> Placed | None:
            other = _nearest(one, [x for x in others if id(x) not in used])
            if other is not None:
                used.add(id(other))
            return other

        first_zh, first_en = self.beads[group][0][0], self.beads[group][1][0]
        for one in alone_zh:
            self.mismatches.append(Mismatch(one, nearest(one, [*alone_en, *spare_en]), first_en))
        for one in alone_en:
            if id(one) not in used:
                self.mismatches.append(Mismatch(nearest(one, spare_zh), one, first_zh))
        # Two that could each stand alone, left over side by side: three here, 四 there.
        title = group < self.fields
        for one in spare_zh:
            if id(one) in used or not _counts(one):
                continue
            alike = [
                x
                for x in spare_en
                if _counts(x)
                and x.token.kind == one.token.kind
                and (
                    x.token.soft == one.token.soft
                    or x.token.kind == FRACTION
                    or (_few(x) and _few(one))
                )
            ]
            if title:  # titles choose among the figures of the text: as many others are odd
                mine = [x for x in spare_zh if x.token.kind == one.token.kind and _counts(x)]
                odd = len(mine) == len(alike) and (len(mine) == 1 or one.token.kind == DATE)
                alike = [x for x in alike if odd and x.exact == one.exact]
            other = nearest(one, alike)
            if other is not None:
                self.mismatches.append(Mismatch(one, other, first_en, doubtful=title))

    def _nth(self, group: int, zh: list[Placed], en: list[Placed], used: set[int]) -> None:
        """第六届 and “the seventh”, where neither has an equal: a series counts in no other way."""
        mine, yours = ([one for one in side if _ordinal(one)] for side in (zh, en))
        if group < self.fields and len(mine) + len(yours) == 1:
            # 第七届，共7轮; “the fourth, of seven rounds”: the seven is no answer to the seventh
            mine, yours = (
                [
                    one
                    for one in side[group]
                    if _ordinal(one) and not (one.partner and _ordinal(one.partner))
                ]
                for side in (self.zh, self.en)
            )
        if len(mine) == len(yours) == 1 and mine[0].token.value != yours[0].token.value:
            one, other = mine[0], yours[0]
            said = self._said(one, "en") and self._said(other, "zh")
            self.mismatches.append(Mismatch(one, other, other.block, doubtful=said))
        elif group < self.fields:
            # a title may leave it out, and says none that the other side's whole text does not know
            mine = [one for one in mine if one.token.value != 1 and not self._said(one, "en")]
            yours = [one for one in yours if one.token.value != 1 and not self._said(one, "zh")]
            first_zh, first_en = self.beads[group][0][0], self.beads[group][1][0]
            self.mismatches += [Mismatch(one, None, first_en, doubtful=True) for one in mine]
            self.mismatches += [Mismatch(None, one, first_zh, doubtful=True) for one in yours]
        else:
            return
        used.update(id(one) for one in (*mine, *yours))

    def _said(self, one: Placed, language: str) -> bool:
        """Whether the other side has an equal: beside it, or anywhere for what stands in a title."""
        groups = self.en if language == "en" else self.zh
        nearby: Iterable[list[Placed]] = groups if one.group < self.fields else [groups[one.group]]
        return any(self._equal(one, other) for group in nearby for other in group)

    def _tolerated(self, one: Placed, language: str) -> bool:
        """Whether a figure may stand alone: said again, implied, or free in a title."""
        if self._said(one, language):
            return True
        token = one.token
        day = self.pair.item.date
        if token.kind == DATE:
            if day is None:
                return False
            if (
                token.month == day.month
                and token.day in (day.day, 0)
                and token.year in (0, day.year)
            ):
                return True
            # “between 1 January and 15 June”: 今年, 截至6月15日
            if (token.month, token.day) in ((1, 1), (12, 31)):
                return True
            if not token.month and token.day == day.day:
                return True
            return self._next_day(one, language)
        if (
            token.kind == NUMBER
            and self.year
            and isinstance(token.value, int)
            and 1800 <= token.value <= 2100
        ):
            return self._year_implied(one, language, token.value)
        return token.kind == CLOCK and token.soft

    def _next_day(self, one: Placed, language: str) -> bool:
        """A day that the other side says as the one after another: 次日, “the following day”."""
        blocks = self.beads[one.group][1 if language == "en" else 0]
        if not any(_NEXT_DAY[language].search(block.plain) for block in blocks):
            return False
        token = one.token
        return any(
            other.token.kind == DATE
            and (other.token.day + 1 == token.day if token.day > 1 else other.token.day >= 28)
            for placed in (self.zh[one.group], self.en[one.group])
            for other in placed
        )

    def _year_implied(self, one: Placed, language: str, year: int) -> bool:
        """A year that the other side says as “last year”, or leaves to the dateline."""
        placed = self.en[one.group] if language == "en" else self.zh[one.group]
        if year == self.year or any(other.token.year == year for other in placed):
            return True
        zh, en = self.beads[one.group]
        text = " ".join(block.plain for block in (en if language == "en" else zh))
        return any(word in text for word in _RELATIVE_YEARS[language].get(year - self.year, ()))


_NEXT_DAY: Final = {
    "zh": re.compile("[次翌]日|次晨|第二天|隔天|一天后"),
    "en": re.compile(r"\b(?:next|following) (?:day|morning|evening|night)|day (?:after|later)"),
}
# How a text says a year without its number, by distance from the item's own.
_RELATIVE_YEARS: Final[dict[str, dict[int, tuple[str, ...]]]] = {
    "zh": {
        -1: ("去年", "上年", "同期", "上一年", "同比", "去冬"),
        -2: ("前年", "上年", "同期", "上一年", "同比"),
        1: ("明年", "次年", "翌年"),
        2: ("后年",),
    },
    "en": {
        -1: (
            "ast year",
            "year before",
            "previous year",
            "year earlier",
            "year ago",
            "a year",
            "last winter",
        ),
        -2: ("year before", "previous year", "year earlier"),
        1: ("next year", "following year", "coming year", "Next "),
        2: ("in two years",),
    },
}


_ORDINAL: Final = re.compile(r"\d(?:st|nd|rd|th)$")
_NTH_ZH: Final = re.compile("第[^第]{1,5}[届次期屆]")
_NTH_EN: Final = re.compile(r"(?:\dst|nd|rd|th|\bthe[ ]first)$", re.IGNORECASE)


def _ordinal(one: Placed) -> bool:
    """Whether a figure says the how-manieth of a series: 第六届, “the seventh”."""
    token, plain = one.token, one.block.plain
    if token.kind != NUMBER:
        return False
    if one.block.reading.language == "en":
        return _NTH_EN.search(plain, 0, token.end) is not None
    return token.start > 0 and bool(_NTH_ZH.fullmatch(plain[token.start - 1 : token.end + 1]))


def _int(value: object) -> int:
    return value if isinstance(value, int) else -1


def _converts(one: Placed) -> bool:
    return one.token.kind == NUMBER and bool(one.token.value)


def _few(one: Placed) -> bool:
    return one.token.kind == NUMBER and isinstance(one.token.value, int) and one.token.value <= 10


def _opposed(a: Token, b: Token) -> bool:
    """7.30 p.m. and 上午7时30分: the same hands of the clock at another time of day."""
    return bool(a.unit and b.unit) and a.value != b.value


def _letters(one: Placed) -> str:
    return "".join(c for c in one.text.upper() if c.isalnum()).lstrip("0")


def _clocks(a: Token, b: Token) -> bool:
    """10点 and 10; 4点20分 and 4.20."""
    clock, number = (a, b) if a.kind == CLOCK else (b, a)
    if number.kind != NUMBER or not isinstance(clock.value, int):
        return False
    hour, minute = divmod(clock.value, 60)
    value = number.value
    if isinstance(value, int):
        return not minute and value % 12 == hour % 12 and value <= 24
    if isinstance(value, Fraction):
        return value in (
            Fraction(hour * 100 + minute, 100),
            Fraction(hour % 12 * 100 + minute, 100),
        )
    return False


def _other_half(one: Placed, other: Placed) -> bool:
    """Whether a bare hour stands in a sentence of the day's other half: 下午10点, “every morning from 10”."""
    clock, bare = (one, other) if one.token.kind == CLOCK else (other, one)
    if bare.token.kind == CLOCK and clock.token.unit != "24":
        clock, bare = bare, clock
    if clock.token.unit != "24" or bare.token.unit or not isinstance(clock.token.value, int):
        return False
    if bare.token.kind == CLOCK:
        part = _HALF_AFTER.match(bare.block.plain, bare.token.end)
        return part is not None and (clock.token.value >= 720) != _HALVES[part[1]]
    start, _, words = sentence(bare)
    words = words.lower()
    if bare.block.reading.language == "en":
        # “from four to five in the afternoon”: what follows first is meant
        nearest = _HALF_WORDS.search(words, bare.token.end - start)
        words = nearest[0] if nearest else words
    said = [late for word, late in _HALVES.items() if word in words]
    return bool(said) and (clock.token.value >= 720) not in said


_HALVES: Final = {
    "morning": False, "a.m": False, "p.m": True, "afternoon": True, "evening": True, "night": True,
    "上午": False, "早": False, "清晨": False, "凌晨": False, "下午": True, "晚": True,
}  # fmt: skip
_HALF_WORDS: Final = re.compile(r"morning|afternoon|evening|night|[ap]\.m")
_HALF_AFTER: Final = re.compile(
    r"[ ](?:in the|this|that|every|each|the next|on [A-Z][a-z]+)[ ](morning|afternoon|evening)"
)
_SENTENCE_ENDS: Final = re.compile(r"[。！？；\n]|[.!?;](?=\s|$|[”\"’])")


def sentence(one: Placed) -> tuple[int, int, str]:
    """The sentence a figure stands in: where it begins and ends, and its text."""
    plain, at = one.block.plain, one.token.start
    start, end = 0, len(plain)
    for mark in _SENTENCE_ENDS.finditer(plain):
        if mark.end() <= at:
            start = mark.end()
        elif mark.start() >= one.token.end:
            end = mark.start()
            break
    return start, end, plain[start:end]


_CLAUSE_ENDS: Final = re.compile(r"[，。！？；：、\n（）]|[.,!?;:](?=\s|$|[”\"’])|[()—]")


def clause(one: Placed) -> str:
    """What stands around a figure up to the nearest marks of punctuation."""
    plain, token = one.block.plain, one.token
    start, end = 0, len(plain)
    for mark in _CLAUSE_ENDS.finditer(plain):
        if mark.end() <= token.start:
            start = mark.end()
        elif mark.start() >= token.end:
            end = mark.start()
            break
    return plain[start : token.start] + " " + plain[token.end : end]


def _nearest_written(one: Placed, others: list[Placed]) -> Placed | None:
    """The token that shares most digits with one that cannot be read, and at least half of them."""
    digits = Counter(c for c in one.text if c.isdigit())

    def shared(other: Placed) -> int:
        return (Counter(other.text) & digits).total()

    likely = max(others, key=shared, default=None)
    return likely if likely is not None and 2 * shared(likely) >= digits.total() else None


def _counts(one: Placed) -> bool:
    """Whether a token that may stand alone counts something: not both, once, half or a year."""
    token = one.token
    if token.kind == NUMBER:
        return (
            token.value != 1
            and one.text.lower() not in ("both", "once", "second", "third")
            and token.value != Fraction(1, 2)
        )
    if token.kind in (FRACTION, PERCENT):
        return token.value not in (50, 100) and one.text.lower() not in _HALF
    return token.kind in (CLOCK, DATE) and not token.soft


# From how many figures on a common factor is no chance.
SEVERAL: Final = 3
_HALF: Final = frozenset({"半", "一半", "半数", "half"})
COUNTED: Final = frozenset({NUMBER, PERCENT, POINTS, FRACTION, TIMES})


def _nearest(one: Placed, others: list[Placed]) -> Placed | None:
    """The figure that most likely should have been equal."""
    best, least = None, 10.0
    for other in others:
        distance = _distance(one, other)
        if distance < least:
            best, least = other, distance
    return best


def _distance(one: Placed, other: Placed) -> float:
    a, b = one.token, other.token
    if a.kind != b.kind:
        if not (a.kind in COUNTED and b.kind in COUNTED):
            return 10.0
        cost = 2.0
    else:
        cost = 0.0
    if a.kind in COUNTED and not isinstance(a.value, str) and not isinstance(b.value, str):
        low, high = sorted((float(a.value), float(b.value)))
        cost += 3.0 if not low else min(high / low - 1, 6.0)
        if low and digits(a.value) == digits(b.value):
            cost = min(cost, 1.0)
    if a.soft or b.soft:
        cost += 2.0
    return cost + 0.5 * abs(
        one.token.start / (len(one.block.plain) + 1)
        - other.token.start / (len(other.block.plain) + 1)
    )


def digits(value: Value | str) -> str:
    """The digits of a value, without the noughts at either end: what 5.9万 and 59,000 share."""
    return str(float(value)).replace(".", "").strip("0") if not isinstance(value, str) else value


__all__ = ["COUNTED", "Comparison", "Mismatch", "Placed", "clause", "digits", "sentence"]
