"""Figures by value: every number, date, time, code and telephone number has its equal.

Tokens are matched in three rounds: equal values in paragraphs that answer each other, equal values
said in another way there (三成 and 30 per cent), then anywhere in the text. What is left over is a
mistake, unless it stands where a language's grammar or a free translation puts it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from string import ascii_uppercase
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading.pair import Pair, across, found, shown
from pressroom.proofreading.text import FIELD, ROW, Block
from pressroom.proofreading.tokens import (
    ABOUT,
    CLOCK,
    CODE,
    DATE,
    DECADE,
    FACT,
    FRACTION,
    LEAST,
    MORE,
    MOST,
    NEAR,
    NUMBER,
    PERCENT,
    PHONE,
    POINTS,
    TIMES,
    UNDER,
    UNREADABLE,
    WEEKDAY,
    Token,
    Value,
)
from pressroom.words import Words


class Placed:
    """A token in its block and its group of paragraphs."""

    __slots__ = ("block", "group", "months", "partner", "token")

    def __init__(self, token: Token, block: Block, group: int) -> None:
        self.token = token
        self.block = block
        self.group = group
        self.months: tuple[int, ...] = ()  # those a day without a month may lie in
        self.partner: Placed | None = None

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
            self.token.kind not in _COUNTED or any(c.isdigit() for c in self.text)
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

    __slots__ = ("en", "opposite", "zh")

    def __init__(self, zh: Placed | None, en: Placed | None, opposite: Block | None = None) -> None:
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
        placed = []
        for block in blocks:
            month = self.month
            for token in block.tokens:
                one = Placed(token, block, group)
                if token.kind == DATE:
                    if token.month:
                        month = token.month
                    else:
                        one.months = (month, self.month)
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
        return kind != CLOCK or not _opposed(one.token, other.token)

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
        if a.kind == DATE or b.kind == DATE:
            date, number = (a, b) if a.kind == DATE else (b, a)
            # 每月5日, “on the 5th of each month”
            return number.kind == NUMBER and not date.month and date.day == number.value
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
        # “from 46 to 41.5 per cent”: the sign is said once
        kinds = {a.kind, b.kind}
        return NUMBER in kinds and kinds & {PERCENT, POINTS, TIMES} != set() and a.value == b.value

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
        if group < self.fields:
            return
        for one in spare_zh:
            if id(one) in used or not _counts(one):
                continue
            alike = [
                x
                for x in spare_en
                if _counts(x) and x.token.kind == one.token.kind and x.token.soft == one.token.soft
            ]
            other = nearest(one, alike)
            if other is not None:
                self.mismatches.append(Mismatch(one, other, first_en))

    def _tolerated(self, one: Placed, language: str) -> bool:
        """Whether a figure may stand alone: said again, implied, or free in a title."""
        token = one.token
        groups = self.en if language == "en" else self.zh
        nearby: Iterable[list[Placed]] = groups if one.group < self.fields else [groups[one.group]]
        for group in nearby:
            if any(self._equal(one, other) for other in group):
                return True
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
            return not token.month and token.day == day.day
        if (
            token.kind == NUMBER
            and self.year
            and isinstance(token.value, int)
            and 1800 <= token.value <= 2100
        ):
            return self._year_implied(one, language, token.value)
        return token.kind == CLOCK and token.soft

    def _year_implied(self, one: Placed, language: str, year: int) -> bool:
        """A year that the other side says as “last year”, or leaves to the dateline."""
        placed = self.en[one.group] if language == "en" else self.zh[one.group]
        if year == self.year or any(other.token.year == year for other in placed):
            return True
        zh, en = self.beads[one.group]
        text = " ".join(block.plain for block in (en if language == "en" else zh))
        return any(word in text for word in _RELATIVE_YEARS[language].get(year - self.year, ()))


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


def _int(value: object) -> int:
    return value if isinstance(value, int) else -1


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
    if clock.token.unit != "24" or not isinstance(clock.token.value, int):
        return False
    words = _sentence(bare)[2].lower()
    said = [late for word, late in _HALVES.items() if word in words]
    return bool(said) and (clock.token.value >= 720) not in said


_HALVES: Final = {
    "morning": False, "a.m": False, "p.m": True, "afternoon": True, "evening": True, "night": True,
    "上午": False, "早上": False, "清晨": False, "凌晨": False, "下午": True, "晚": True,
}  # fmt: skip
_SENTENCE_ENDS: Final = re.compile(r"[。！？；\n]|[.!?;](?=\s|$|[”\"’])")


def _sentence(one: Placed) -> tuple[int, int, str]:
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


def _nearest_written(one: Placed, others: list[Placed]) -> Placed | None:
    """The token that shares most digits with one that cannot be read."""
    digits = Counter(c for c in one.text if c.isdigit())
    return max(others, key=lambda other: (Counter(other.text) & digits).total(), default=None)


def _counts(one: Placed) -> bool:
    """Whether a token that may stand alone counts something: not both, once, half or a year."""
    token = one.token
    if token.kind == NUMBER:
        return (
            token.value != 1
            and one.text.lower() not in ("both", "once", "second", "third")
            and token.value != Fraction(1, 2)
        )
    return token.kind in (CLOCK, DATE) and not token.soft


_COUNTED: Final = frozenset({NUMBER, PERCENT, POINTS, FRACTION, TIMES})


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
        if not (a.kind in _COUNTED and b.kind in _COUNTED):
            return 10.0
        cost = 2.0
    else:
        cost = 0.0
    if a.kind in _COUNTED and not isinstance(a.value, str) and not isinstance(b.value, str):
        low, high = sorted((float(a.value), float(b.value)))
        cost += 3.0 if not low else min(high / low - 1, 6.0)
        if low and _digits(a.value) == _digits(b.value):
            cost = min(cost, 1.0)
    if a.soft or b.soft:
        cost += 2.0
    return cost + 0.5 * abs(
        one.token.start / (len(one.block.plain) + 1)
        - other.token.start / (len(other.block.plain) + 1)
    )


def _digits(value: Value | str) -> str:
    return str(float(value)).replace(".", "").strip("0") if not isinstance(value, str) else value


# --- rules -------------------------------------------------------------------------------------

_NAMES: Final = {
    DATE: Words("日期", "date"),
    CLOCK: Words("时间", "time"),
    CODE: Words("编号", "code"),
    PHONE: Words("电话号码", "telephone number"),
    FACT: Words("数据引用", "reference to a fact"),
    DECADE: Words("年代", "decade"),
    PERCENT: Words("百分比", "percentage"),
    POINTS: Words("百分点", "percentage points"),
}
_FIGURE: Final = Words("数字", "figure")


def _report(pair: Pair, mismatch: Mismatch, rule: str) -> Problem:
    zh, en = mismatch.zh, mismatch.en
    if zh is not None and en is not None:
        name = _NAMES.get(en.token.kind, _FIGURE)
        return found(
            en.block,
            en.token.start,
            rule,
            Words(
                f"{name.zh}不一致：英文是“{en.text}”，中文是“{zh.text}”。",
                f"the {name.en} differs: “{en.text}” here, “{zh.text}” in the Chinese",
            ),
            Words(
                "查原始材料，改正其中一处。", "look at the source and correct the one that is wrong"
            ),
            en.text,
            across(zh.block, zh.token.start, zh.text),
            severity=_weight(pair, mismatch),
        )
    one = en if en is not None else zh
    assert one is not None
    opposite = mismatch.opposite
    name = _NAMES.get(one.token.kind, _FIGURE)
    other = Words("英文", "English") if one is zh else Words("中文", "Chinese")
    return found(
        one.block,
        one.token.start,
        rule,
        Words(
            f"{name.zh}“{one.text}”在{other.zh}里没有对应。",
            f"the {name.en} “{one.text}” has no equal in the {other.en}",
        ),
        Words(f"补进{other.zh}，或者两边都删去。", f"add it to the {other.en}, or remove it here"),
        one.text,
        across(opposite, 0, shown(opposite.words)) if opposite is not None else "",
        severity=_weight(pair, mismatch),
    )


def _of(pair: Pair, *kinds: str) -> Iterator[Mismatch]:
    for mismatch in pair.once(Comparison).mismatches:
        one = mismatch.en or mismatch.zh
        if one is not None and one.token.kind in kinds:
            yield mismatch


def _weight(pair: Pair, mismatch: Mismatch) -> Severity:
    """How sure a difference is: what may be a free translation is worth a look, and stops no build.

    Two figures that differ are a mistake; where one is written in words, only if they stand in the
    same place. A figure in digits that only one side has is one when it is large, or like another
    with a slip in it; a title, a bracket and a small count may say what the other side leaves out.
    """
    zh, en = mismatch.zh, mismatch.en
    if zh is not None and en is not None:
        doubtful = not (zh.exact and en.exact) and not _in_place(pair, zh, en)
        return Severity.WARNING if doubtful else Severity.ERROR
    one = en or zh
    assert one is not None
    token = one.token
    small = (
        token.kind == NUMBER
        and not token.unit
        and isinstance(token.value, int)
        and token.value < 100
    ) or (token.kind == DATE and not (token.day and token.month))
    if one.block.kind != FIELD and one.exact and not small and not _gloss(one):
        return Severity.ERROR
    return Severity.ERROR if _like_another(pair, one) else Severity.WARNING


def _gloss(one: Placed) -> bool:
    """Whether a figure stands in brackets, as what explains another to this side's readers does."""
    before = one.block.plain[: one.token.start]
    opened = max(before.rfind("("), before.rfind("（"))
    return opened > max(before.rfind(")"), before.rfind("）")) and any(
        token.end <= opened and opened - token.end < 40 for token in one.block.tokens
    )


def _in_place(pair: Pair, zh: Placed, en: Placed) -> bool:
    """Whether two figures stand between the same ones, or next to the same and at the same height."""
    if zh.token.kind != en.token.kind or zh.group != en.group:
        return False
    left, right = (
        [other for other in placed if other is one or other.partner or not other.token.soft]
        for one, placed in (
            (zh, pair.once(Comparison).zh[zh.group]),
            (en, pair.once(Comparison).en[en.group]),
        )
    )
    at, there = left.index(zh), right.index(en)
    witnesses = 0
    for step, edge in ((-1, (at, there)), (1, (len(left) - 1 - at, len(right) - 1 - there))):
        if 0 in edge:
            witnesses += edge == (0, 0)
        else:
            witnesses += left[at + step].partner is right[there + step]
    height = zh.token.start / (len(zh.block.plain) + 1) - en.token.start / (len(en.block.plain) + 1)
    return witnesses == 2 or (witnesses == 1 and abs(height) < 0.15)


def _like_another(pair: Pair, one: Placed) -> bool:
    """Whether a text holds a figure that this one may have come from: one digit, or 万, otherwise."""
    digits = _digits(one.token.value)
    for groups in (pair.once(Comparison).zh, pair.once(Comparison).en):
        for group in groups:
            for other in group:
                if (
                    other is one
                    or other.token.kind != one.token.kind
                    or other.token.value == one.token.value
                ):
                    continue
                theirs = _digits(other.token.value)
                if digits == theirs and len(digits) > 1:
                    return True
                if (
                    len(digits) == len(theirs) > 1
                    and sum(a != b for a, b in zip(digits, theirs, strict=True)) == 1
                ):
                    return True
    return False


def figures(pair: Pair) -> Iterator[Problem]:
    """Every number has its equal in the other language, whatever its form: 5.9万, 59,000, fifty-nine thousand."""
    for mismatch in _of(pair, NUMBER, PERCENT, POINTS, FRACTION, TIMES, DECADE, CODE, FACT):
        yield _report(pair, mismatch, "figures")
    for zh, en in pair.once(Comparison).matched:
        kinds = {zh.token.kind, en.token.kind}
        if kinds == {PERCENT, POINTS}:
            yield _report(pair, Mismatch(zh, en), "figures")
    yield from _points(pair)


def _points(pair: Pair) -> Iterator[Problem]:
    """Percentage points without a number (零点几个百分点) are no per cent either."""
    for zh, en in pair.beads:
        mine = [block for block in zh if "百分点" in block.plain]
        yours = [block for block in en if "percentage point" in block.plain]
        if not (zh and en) or bool(mine) == bool(yours):
            continue
        if any(token.kind == POINTS for block in (*zh, *en) for token in block.tokens):
            continue
        block, text = (mine[0], "百分点") if mine else (yours[0], "percentage point")
        other = en[0] if mine else zh[0]
        yield found(
            block,
            block.plain.find(text),
            "figures",
            Words(
                "一边说的是百分点，另一边不是。",
                "one side speaks of percentage points, the other does not",
            ),
            Words(
                "查原始材料，改正其中一处。", "look at the source and correct the one that is wrong"
            ),
            text,
            across(other, 0, shown(other.words)),
        )


def dates(pair: Pair) -> Iterator[Problem]:
    """Every date has its equal in the other language; a year may be left out where it is plain."""
    for mismatch in _of(pair, DATE, WEEKDAY):
        yield _report(pair, mismatch, "dates")


def times(pair: Pair) -> Iterator[Problem]:
    """Every time of day has its equal in the other language: 晚7时30分, 7.30 p.m., 19:30."""
    for mismatch in _of(pair, CLOCK):
        yield _report(pair, mismatch, "times")


def telephones(pair: Pair) -> Iterator[Problem]:
    """Every telephone number has its equal in the other language, with or without +86 and separators."""
    for mismatch in _of(pair, PHONE):
        yield _report(pair, mismatch, "telephones")


# What may answer what: a qualifier lost or turned round changes what is claimed.
_ANSWERS: Final[dict[str, frozenset[str]]] = {
    MORE: frozenset({MORE, LEAST, "weak"}),
    NEAR: frozenset({NEAR, UNDER, ABOUT}),
    UNDER: frozenset({UNDER, NEAR, MOST, LEAST}),
    LEAST: frozenset({LEAST, MORE, "weak", UNDER}),
    MOST: frozenset({MOST, UNDER, LEAST}),
    ABOUT: frozenset({ABOUT, NEAR, MORE}),
}
_SAID: Final = {
    MORE: Words("“超过”", "“more than”"),
    NEAR: Words("“近”", "“nearly”"),
    UNDER: Words("“不到”", "“fewer than”"),
    LEAST: Words("“至少”", "“at least”"),
    MOST: Words("“至多”", "“at most”"),
    ABOUT: Words("“约”", "“about”"),
}


def qualifiers(pair: Pair) -> Iterator[Problem]:
    """“More than” (多, 余, 以上, 超过) and “nearly” (近) are kept on both sides."""
    for zh, en in pair.once(Comparison).matched:
        a, b = zh.token.quals, en.token.quals
        if not a and not b:
            continue
        for one, other, mine, yours in ((zh, en, a, b), (en, zh, b, a)):
            if one.token.value == 1:
                continue  # “quarrelled for twenty minutes over one throw-in”
            for name in mine:
                if name == "weak" or (name == MORE and "weak" in mine):
                    continue
                if yours & _ANSWERS[name]:
                    continue
                if (
                    one.token.value == other.token.value == Fraction(1, 2)
                    and {name, *yours} & {MORE, LEAST}
                    and UNDER in {name, *yours}
                ):
                    continue  # fewer by more than half is less than half as many
                # 可达280 and “up to 280” are no contradiction: 达 alone says little.
                opposed = "weak" not in yours and (
                    (name in (MORE, LEAST) and yours & {NEAR, UNDER, MOST})
                    or (name in (NEAR, UNDER, MOST) and yours & {MORE, LEAST})
                )
                if not opposed and (name not in (MORE, NEAR) or one.block.kind == FIELD):
                    continue
                if _said_apart(pair, name, other):
                    continue
                said = _SAID[name]
                language = (
                    Words("英文", "the English") if other is en else Words("中文", "the Chinese")
                )
                yield found(
                    other.block,
                    other.token.start,
                    "qualifiers",
                    Words(
                        f"{language.zh}里“{other.text}”前后少了与{said.zh}相应的说法。",
                        f"“{other.text}” has lost its {said.en}: the other side says “{_around(one)}”",
                    ),
                    Words(
                        "两边都写上限定词，或都不写。",
                        "keep the qualifier on both sides, or on neither",
                    ),
                    other.text,
                    across(one.block, one.token.start, _around(one)),
                    # Of a half, and of two or three in words, more is often said in another way.
                    severity=Severity.WARNING
                    if (one.token.soft or other.token.soft) and not opposed
                    else Severity.ERROR,
                )
                break
            else:
                continue
            break


_QUALIFIES: Final = {
    ("zh", MORE): re.compile(
        r"(?<![不得宜能])超过|逾|[余多](?=[万亿个名人家次年])|有余|还多|不止|以上|过半|高于"
    ),
    ("en", MORE): re.compile(
        r"(?<!cent )(?<!times )(?<!% )\b(?:[Mm]ore than|at least|or more|exceed(?:s|ed|ing)?)\b"
    ),
    ("zh", NEAR): re.compile(r"近(?![年日期来况])|不到|不足|约|左右"),
    ("en", NEAR): re.compile(r"\b(?:[Nn]early|[Aa]lmost|[Cc]lose to|just under)\b"),
}


def _said_apart(pair: Pair, name: str, one: Placed) -> bool:
    """Whether the sentence says it, and not of another figure: “more than a family earns in three years”."""
    pattern = _QUALIFIES.get((one.block.reading.language, name))
    if pattern is None:
        return False
    start, end, text = _sentence(one)
    attached = sum(
        bool(token.quals & _ANSWERS[name])
        for token in one.block.tokens
        if start <= token.start < end
    )
    return len(pattern.findall(text)) > attached


def _around(one: Placed) -> str:
    plain = one.block.plain
    zh = one.block.reading.language == "zh"
    reach = 4 if zh else 11
    start = max(0, one.token.start - reach)
    if not zh:
        start = plain.rfind(" ", 0, start + 1) + 1
    end = min(len(plain), one.token.end + (4 if zh else 0))
    return plain[start:end].replace("\x00", "").strip()


def currencies(pair: Pair) -> Iterator[Problem]:
    """An amount is in the same currency on both sides, where both name one."""
    for zh, en in pair.once(Comparison).matched:
        if zh.token.kind != NUMBER or not (zh.token.unit or en.token.unit):
            continue
        # “of 24 million dollars, one side pays 15 million”: the currency is said once
        mine, yours = zh.token.unit or _said_before(zh), en.token.unit or _said_before(en)
        if mine and yours and mine != yours:
            yield found(
                en.block,
                en.token.start,
                "currencies",
                Words(
                    f"货币不一致：英文“{en.text}”是{yours}，中文“{zh.text}”是{mine}。",
                    f"the currency differs: “{en.text}” is in {yours}, “{zh.text}” in {mine}",
                ),
                Words(
                    "查原始材料，改正其中一处。",
                    "look at the source and correct the one that is wrong",
                ),
                en.text,
                across(zh.block, zh.token.start, zh.text),
            )


def _said_before(one: Placed) -> str:
    """The currency of the amounts around one that names none."""
    units = {token.unit for token in one.block.tokens if token.kind == NUMBER and token.unit}
    return units.pop() if len(units) == 1 else ""


def unreadable(pair: Pair) -> Iterator[Problem]:
    """A number that no one can read (1,23,4; 5.9.万) or a date with two readings (11/08/2017) is quoted back."""
    for reading in pair.readings():
        for block in reading.all:
            for token in block.tokens:
                if token.kind != UNREADABLE:
                    continue
                text = str(token.value)
                two = "/" in text
                yield found(
                    block,
                    token.start,
                    "unreadable",
                    Words(f"日期“{text}”有两种读法。", f"the date “{text}” can be read in two ways")
                    if two
                    else Words(
                        f"“{text}”不是可读的数字。", f"“{text}” is not a number that can be read"
                    ),
                    Words("写出月份，如2017年5月31日。", "write the month: 31 May 2017")
                    if two
                    else Words(
                        "千位分隔每三位一处（1,234），小数点只有一个（5.9万）。",
                        "group by three (1,234), with one decimal point (5.9 million)",
                    ),
                    text,
                )


__all__ = [
    "ROW",
    "Comparison",
    "Severity",
    "currencies",
    "dates",
    "figures",
    "qualifiers",
    "telephones",
    "times",
    "unreadable",
]
