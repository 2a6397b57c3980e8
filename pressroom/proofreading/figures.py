"""Figures by value: every number, date, time, code and telephone number has its equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading.certainty import says_vaguely, weigh, weigh_qualifier
from pressroom.proofreading.matching import Comparison, Mismatch, Placed, sentence
from pressroom.proofreading.pair import Pair, across, found, shown
from pressroom.proofreading.tables import currency
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
    LOOSE,
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
)
from pressroom.words import Words

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
_LOOK: Final = Words(
    "查原始材料，改正其中一处。", "look at the source and correct the one that is wrong"
)


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
            _LOOK,
            en.text,
            across(zh.block, zh.token.start, zh.text),
            severity=weigh(pair.once(Comparison), mismatch),
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
        _over_there(one, opposite),
        severity=weigh(pair.once(Comparison), mismatch),
    )


def _over_there(one: Placed, opposite: Block | None) -> str:
    """Where on the other side an equal was to be expected: after the last figure that has one."""
    if opposite is None:
        return ""
    before = [
        other.partner
        for other in one.beside
        if other.partner and other.partner.block is opposite and other.token.start < one.token.start
    ]
    at = before[-1].token.end if before else 0
    return across(opposite, at, shown(opposite.words))


def _of(pair: Pair, *kinds: str) -> Iterator[Mismatch]:
    for mismatch in pair.once(Comparison).mismatches:
        one = mismatch.en or mismatch.zh
        if one is not None and one.token.kind in kinds:
            yield mismatch


def figures(pair: Pair) -> Iterator[Problem]:
    """Every number has its equal in the other language, whatever its form: 5.9万, 59,000, fifty-nine thousand."""
    for mismatch in _of(pair, NUMBER, PERCENT, POINTS, FRACTION, TIMES, DECADE, CODE, FACT):
        yield _report(pair, mismatch, "figures")
    for zh, en in pair.once(Comparison).matched:
        kinds = {zh.token.kind, en.token.kind}
        if kinds == {PERCENT, POINTS}:
            yield _report(pair, Mismatch(zh, en), "figures")
    yield from _points(pair)


_POINTS: Final = re.compile("percentage points?")
_POINTS_ROW: Final = re.compile(r"\b(?:points?|pp)\b")  # a column's head is short


def _points(pair: Pair) -> Iterator[Problem]:
    """Percentage points without a number (零点几个百分点) are no per cent either."""
    for zh, en in pair.beads:
        mine = [block for block in zh if "百分点" in block.plain]
        yours = [
            block
            for block in en
            if (_POINTS_ROW if block.kind == ROW else _POINTS).search(block.plain)
        ]
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
            _LOOK,
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


_LIMIT: Final = re.compile(
    r"不[得能应宜可]?[超多高少低][过于]|[至最][多少]|(?i:\b(?:no more than|at most|at least|no less than|no fewer than))"
)


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
                if name in ("weak", LOOSE) or (name in (MORE, MOST) and "weak" in mine):
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
                opposed = not {"weak", LOOSE} & (mine | yours) and bool(
                    (name in (MORE, LEAST) and yours & {NEAR, UNDER, MOST})
                    or (name in (NEAR, UNDER, MOST) and yours & {MORE, LEAST})
                )
                if not opposed and one.block.kind == FIELD:
                    continue
                limit = not opposed and name not in (MORE, NEAR)
                if limit and not (_LIMIT.search(_around(one)) and not says_vaguely(other)):
                    continue  # limits have too many forms: 15分钟到, “in 15 minutes”
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
                    severity=Severity.WARNING if limit else weigh_qualifier(one, other, opposed),
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
    start, end, text = sentence(one)
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
        if {zh.token.kind, en.token.kind} != {NUMBER} or not (zh.token.unit or en.token.unit):
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
                _LOOK,
                en.text,
                across(zh.block, zh.token.start, zh.text),
            )

    yield from _heads(pair)


def _heads(pair: Pair) -> Iterator[Problem]:
    """The heads of a table's columns name a currency for all that stands below."""
    for zh, en in pair.beads:
        if len(zh) != 1 or len(en) != 1 or not zh[0].kind == en[0].kind == ROW:
            continue
        for mine, yours in zip(zh[0].raw.split("|"), en[0].raw.split("|"), strict=False):
            left, right = currency(mine, "zh"), currency(yours, "en")
            if left and right and left != right and not _FIGURES.search(mine + yours):
                yield found(
                    en[0],
                    en[0].raw.find(yours.strip()),
                    "currencies",
                    Words(
                        f"表头的货币不一致：英文是{right}，中文是{left}。",
                        f"the column is in {right} here, and in {left} in the Chinese",
                    ),
                    _LOOK,
                    yours.strip(),
                    across(zh[0], 0, mine.strip()),
                )


_FIGURES: Final = re.compile(r"\d[\d,.]*[万亿元]|\d (?:million|billion|yuan)")


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


__all__ = ["currencies", "dates", "figures", "qualifiers", "telephones", "times", "unreadable"]
