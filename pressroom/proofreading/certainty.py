"""How sure a difference is: an error stops a build, so it must be nearly certain; the rest are warnings.

Every rule that compares figures asks here, and nothing else weighs them. Certain is

- two figures in digits where one should equal the other;
- one in digits and one in words, or two large ones in words, in the same place: between the same neighbours;
- a figure in digits that has weight (a percentage, an amount, a fraction, three digits, a day, an
  hour, a telephone number) and no equal, if nothing on the other side may be it in another form, and
  it does not follow from the figures around it.

A small count, a figure in words away from its place, a bracket, a title, a year and whatever can be
worked out may be a free translation: worth a look, and no reason to stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from pressroom.problems import Severity
from pressroom.proofreading.matching import COUNTED, Comparison, Mismatch, Placed, clause, digits
from pressroom.proofreading.text import FIELD, ROW, Block
from pressroom.proofreading.tokens import (
    CLOCK,
    CODE,
    DATE,
    FACT,
    FRACTION,
    NUMBER,
    PERCENT,
    PHONE,
    POINTS,
    Token,
)


def weigh(comparison: Comparison, mismatch: Mismatch) -> Severity:
    """What a difference of figures weighs."""
    zh, en = mismatch.zh, mismatch.en
    if mismatch.doubtful:
        certain = False
    elif zh is not None and en is not None:
        certain = _differ(comparison, zh, en)
    else:
        one = zh or en
        assert one is not None
        certain = _alone(comparison, one)
    return Severity.ERROR if certain else Severity.WARNING


def weigh_qualifier(one: Placed, other: Placed, opposed: bool) -> Severity:
    """What it weighs that `other` lacks what `one` is qualified by, or, `opposed`, says the contrary.

    A qualifier has more forms than a figure. It is missing for certain only beside a plain number,
    in a clause that has no word of that kind at all.
    """
    if opposed:
        certain = not (one.token.soft or other.token.soft or _lasts(one))
    else:
        certain = (
            _plain(one)
            and _plain(other)
            and _plainly_qualified(one)
            and not _lasts(one)
            and not other.token.quals  # 四十来块, “a little over 40”
            and not says_vaguely(other)
        )
    return Severity.ERROR if certain else Severity.WARNING


def _lasts(one: Placed) -> bool:
    """Whether a figure is how long something takes: 超过5分钟 may be “within” or “after” five minutes."""
    return one.measure is not None and one.measure.family in ("seconds", "months")


def _plainly_qualified(one: Placed) -> bool:
    """Whether the words that qualify a figure have no other sense: 逾, 多, “nearly”, and not 突破 or “above”."""
    plain, token = one.block.plain, one.token
    before, after = _PLAIN_WORDS[one.block.reading.language]
    return bool(
        before.search(plain, max(0, token.start - 16), token.start)
        or after.search(plain[token.start : token.end + 3])
    )


_PLAIN_WORDS: Final = {
    "zh": (re.compile("(?:超过|逾|将?近|接近|多达)[了有]?[ ]?$"), re.compile("[多余]")),
    "en": (re.compile(r"\b(?:more than|over|nearly|almost|close to)[ ](?:an? )?$", re.IGNORECASE), re.compile(r"\+")),
}  # fmt: skip


def says_vaguely(one: Placed) -> bool:
    """Whether the clause around a figure has a word that may qualify it."""
    return bool(_VAGUE[one.block.reading.language].search(clause(one)))


def _plain(one: Placed) -> bool:
    """Whether a figure is in digits, or a large number that needs no reading: a hundred, 五万九千."""
    return one.exact or (one.token.kind == NUMBER and not one.token.soft)


_VAGUE: Final = {
    "zh": re.compile(r"[快多余超逾破近约过满达足强弱起余几]|以[上下内]|左右|上下|[至最不][少多低高止到]|将|出头|高于"),
    "en": re.compile(
        r"(?i)\b(?:more|over|above|exceed\w*|pass\w*|top\w*|reach\w*|beyond|excess|least|most|nearly|almost|close|just|short"
        r"|about|around|some|roughly|approximately|under|below|fewer|less|up to|only|well|odd|plus|mark|or|upwards?"
        r"|record\w*|within|limit\w*|maximum|minimum|between|not)\b|\+"
    ),
}  # fmt: skip


# --- two figures that differ -------------------------------------------------------------------


def _differ(comparison: Comparison, zh: Placed, en: Placed) -> bool:
    if zh.block.kind == en.block.kind == ROW and isinstance(zh.token.value, str):
        return True  # the heads of a column
    if _converted(zh, en) or _rest_and_whole(comparison, zh, en):
        return False
    a, b = zh.token, en.token
    if zh.exact and en.exact:
        if a.kind == b.kind == DATE:
            return a.month == b.month or a.day == b.day or _in_place(comparison, zh, en)
        if a.kind == b.kind == CLOCK and not any(c.isdigit() for c in en.text):
            return False  # “ten past seven in the morning” has more forms than one
        if a.kind == b.kind == CLOCK and (not a.unit or not b.unit):
            # the same hands, where one side does not say which half of the day
            return _of_day(a) != _of_day(b)
        if a.kind == b.kind == CODE:
            return _one_slip(str(a.value), str(b.value))
        if a.kind == b.kind or ({a.kind, b.kind} <= COUNTED and digits(a.value) == digits(b.value)):
            return True
    elif a.kind == b.kind:
        if digits(a.value) == digits(b.value) and not _SCALES.search(f"{zh.text} {en.text}"):
            return False  # six dioptres, 600度: one in another unit
        if a.soft and b.soft:
            sure = _in_place(comparison, zh, en, 2) and _count(zh) and _count(en)
        elif (a.soft or b.soft) and a.kind != FRACTION:
            sure = _in_place(comparison, zh, en, 2)
        else:
            sure = _in_place(comparison, zh, en) or _last_two(comparison, zh, en)
        if sure:
            return True
    return any(one.exact and _alone(comparison, one) for one in (zh, en))


def _rest_and_whole(comparison: Comparison, zh: Placed, en: Placed) -> bool:
    """Whether one side says the whole where the other says the rest: 61人出席，4人缺席; “of the 65, 61 came”."""
    a, b = zh.token.value, en.token.value
    if isinstance(a, str) or isinstance(b, str) or not zh.token.kind == en.token.kind == NUMBER:
        return False
    between = abs(Fraction(a) - Fraction(b))
    return between > min(Fraction(a), Fraction(b)) and any(
        other.partner and other.token.kind == NUMBER and other.token.value == between
        for other in comparison.zh[zh.group]
    )


def _count(one: Placed) -> bool:
    """Whether a small number in words plainly counts: 四位老师, 第六届; “five teachers”, “the seventh”."""
    plain, token = one.block.plain, one.token
    if one.block.reading.language == "zh":
        return plain[token.start - 1 : token.start] == "第" or bool(
            _MEASURE_WORDS.match(plain, token.end)
        )
    return one.text.endswith(("th", "ird", "cond", "irst")) or bool(_PLURAL.match(plain, token.end))


_MEASURE_WORDS: Final = re.compile("[名位家所座条只种项件本张台辆届期岁]|个(?!字|方面|月)")
_PLURAL: Final = re.compile(r"(?:[ ][a-z-]+)?[ ][a-z]+(?:s|men|people|children)\b")


_SCALES: Final = re.compile("[万亿]|thousand|million|billion|trillion")


def _of_day(token: Token) -> int:
    return token.value % 720 if isinstance(token.value, int) else -1


# What people measure in at home, and what it is turned into abroad.
_OLD_MEASURES: Final = re.compile(r"[多余来]?(?:亩|里(?![程面])|斤|两|尺|丈|寸|华里|公里|平方公里)")
_MEASURES: Final = re.compile(
    r"[ -](?:hectares?|acres?|miles?|kilomet|kilograms?|kilos?|tonnes?|pounds?|grams?|met(?:re|er)|square|feet|foot|inch|km|kg|ha)\b"
)


def _converted(zh: Placed, en: Placed) -> bool:
    """Whether two figures are one in other measures or in another currency."""
    a, b = zh.token, en.token
    if a.unit and b.unit and a.unit != b.unit:
        return True
    return (
        bool(_OLD_MEASURES.match(zh.block.plain, a.end) and _MEASURES.match(en.block.plain, b.end))
        and digits(a.value)[:1] != digits(b.value)[:1]
    )


def _in_place(comparison: Comparison, zh: Placed, en: Placed, needed: int = 1) -> bool:
    """Whether two figures stand between the same ones, or next to the same and at the same height."""
    if zh.token.kind != en.token.kind or zh.group != en.group:
        return False
    left, right = (
        [other for other in placed if other is one or other.partner or not other.token.soft]
        for one, placed in ((zh, comparison.zh[zh.group]), (en, comparison.en[en.group]))
    )
    at, there = left.index(zh), right.index(en)
    witnesses = 0
    for step, edge in ((-1, (at, there)), (1, (len(left) - 1 - at, len(right) - 1 - there))):
        if 0 in edge:
            witnesses += edge == (0, 0)
        else:
            witnesses += left[at + step].partner is right[there + step]
    height = zh.token.start / (len(zh.block.plain) + 1) - en.token.start / (len(en.block.plain) + 1)
    return witnesses == 2 or (witnesses >= needed and abs(height) < 0.15)


def _last_two(comparison: Comparison, zh: Placed, en: Placed) -> bool:
    """Whether everything else in their paragraphs has its equal."""
    return all(
        other is one or other.partner or other.token.soft
        for one, placed in ((zh, comparison.zh[zh.group]), (en, comparison.en[en.group]))
        for other in placed
    )


def _one_slip(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


# --- one figure that has no equal --------------------------------------------------------------


def _alone(comparison: Comparison, one: Placed) -> bool:
    if one.token.kind in (PHONE, FACT):
        return True
    if not one.exact:
        return False
    if one.block.kind == FIELD:
        return _slip_of_another(comparison, one)
    return (
        _weighty(one)
        and not _gloss(one)
        and not _another_form(comparison, one)
        and not _follows(comparison, one)
    )


def _weighty(one: Placed) -> bool:
    """Whether a translator would hardly leave it out."""
    token = one.token
    if token.kind in (PERCENT, POINTS, FRACTION):
        return True
    if token.kind == NUMBER:
        if _SERVICES.match(one.block.plain[token.start : token.end + 1]):
            return False
        year = isinstance(token.value, int) and 1800 <= token.value <= 2100 and "," not in one.text
        return bool(token.unit) or (
            not isinstance(token.value, str)
            and not year
            and (token.value >= 100 or isinstance(token.value, Fraction))
        )
    if token.kind == DATE:
        return bool(token.month and token.day)
    return token.kind == CLOCK and bool(token.unit)


# Numbers that are dialled and no count: 120 is an ambulance.
_SERVICES: Final = re.compile(
    r"(?:1(?:10|19|2[02])|(?:12|95|96|10)\d{3})(?![\d个名位家所座条只种项件张台辆届期岁人元户次万亿吨米公平天年月小分多余%])"
)


def _gloss(one: Placed) -> bool:
    """Whether a figure stands in brackets, as what explains another to this side's readers does."""
    before = one.block.plain[: one.token.start]
    opened = max(before.rfind("("), before.rfind("（"))
    return opened > max(before.rfind(")"), before.rfind("）")) and any(
        token.end <= opened and opened - token.end < 40 for token in one.block.tokens
    )


def _another_form(comparison: Comparison, one: Placed) -> bool:
    """Whether the other side has a numeral that no figure answers and that may be this one: 七三 for 70 per cent."""
    zh = one.block.reading.language == "zh"
    blocks = comparison.beads[one.group][1 if zh else 0]
    if one.token.kind in (DATE, CLOCK):
        said = (
            (_DAYS_EN if zh else _DAYS_ZH)
            if one.token.kind == DATE
            else (_HOURS_EN if zh else _HOURS_ZH)
        )
        if any(said.search(block.plain) for block in blocks):
            return True
        written = {digits(one.token.day or one.token.month or one.token.value)[:1]}
    else:
        written = {digits(one.token.value)[:1]}
    partnered = {
        id(other.token)
        for other in (comparison.en if zh else comparison.zh)[one.group]
        if other.partner
    }
    return any(numeral[:1] in written for block in blocks for numeral in _unread(block, partnered))


# A day or an hour that is named without its number.
_DAYS_ZH: Final = re.compile(
    r"[当次同前后翌今昨明]一?[天日晚]|第二天|节|除夕|元旦|[周期][一二三四五六日天末]|[首末]日"
)
_DAYS_EN: Final = re.compile(
    r"\b(?:day|days|today|yesterday|tomorrow|tonight|eve|Day|Festival|Christmas|Easter|weekend|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b"
)
_HOURS_ZH: Final = re.compile(r"[一二两三四五六七八九十\d][点时刻]|正午|中午|零点|午夜")
_HOURS_EN: Final = re.compile(
    r"\b(?:noon|midday|midnight|o[’']clock|hours?|[ap]\.?m\.?|half past|quarter)\b"
)
_ZH_DIGITS: Final = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {
    "两": "2",
    "〇": "0",
}
_ZH_NUMERAL: Final = re.compile(
    r"\d[\d,.]*|[半双对]|[一二两三四五六七八九十百千万亿][零〇一二两三四五六七八九十百千万亿]*"
)
_EN_NUMERAL: Final = re.compile(
    r"\d[\d,.]*|\b(?:half|halv|quarter|dozen|scor|doubl|twice|pair|coupl|tripl|trebl|thrice|hundred|thousand|million|billion|centur|decade"
    r"|fortnight|two|three|four|five|six|seven|eight|nine|ten|eleven|twel|thirt|fort|fift|twent|second|third|both|single)[a-z]*",
    re.IGNORECASE,
)
_EN_DIGITS: Final = {
    "half": "5", "halv": "5", "quarter": "25", "dozen": "12", "scor": "2", "doubl": "2", "twice": "2", "pair": "2",
    "coupl": "2", "both": "2", "tripl": "3", "trebl": "3", "thrice": "3", "two": "2", "twel": "12", "twent": "2", "second": "2",
    "three": "3", "thir": "3", "four": "4", "for": "4", "five": "5", "fif": "5", "six": "6", "seven": "7", "eigh": "8", "nine": "9",
}  # fmt: skip


def _unread(block: Block, partnered: set[int]) -> Iterator[str]:
    """The digits of every numeral in a block that no figure of the other side answers."""
    zh = block.reading.language == "zh"
    taken = [(token.start, token.end) for token in block.tokens if id(token) in partnered]
    for match in (_ZH_NUMERAL if zh else _EN_NUMERAL).finditer(block.plain):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        word = match[0].lower()
        if word[0].isdigit():
            yield word.replace(",", "").replace(".", "").strip("0")
        elif zh:
            if word == "一":
                continue
            if word in ("半", "双", "对"):
                yield "5" if word == "半" else "2"
            else:
                yield "".join(_ZH_DIGITS.get(c, "") for c in word) or "1"
                if word[0] in "十百千万亿":
                    yield "1"
        else:
            yield next((value for stem, value in _EN_DIGITS.items() if word.startswith(stem)), "1")


def _follows(comparison: Comparison, one: Placed) -> bool:
    """Whether a figure can be worked out from those around it: a sum, a difference, a share, an age."""
    value = one.token.value
    if one.token.kind not in (NUMBER, PERCENT, POINTS) or isinstance(value, str):
        return False
    around = [
        other.token.value
        for placed in (comparison.zh[one.group], comparison.en[one.group])
        for other in placed
        if other is not one
        and other.token.kind in COUNTED
        and not isinstance(other.token.value, str)
        and other.token.value > 1
    ]
    known = list(dict.fromkeys([*around, comparison.year]))[:16]
    if one.token.kind != NUMBER and 100 - value in known:
        return True
    return any(
        value in (2 * a, Fraction(a) / 2)
        or any(value in (a + b, a - b) for b in known if b is not a)
        for a in known
    )


def _slip_of_another(comparison: Comparison, one: Placed) -> bool:
    """Whether a text holds a figure that this one in a title may have come from: one digit, or 万, otherwise."""
    mine = digits(one.token.value)
    if one.token.kind not in COUNTED or len(mine) < 2:
        return False
    for groups in (comparison.zh, comparison.en):
        for group in groups:
            for other in group:
                if other.token.kind != one.token.kind or other.token.value == one.token.value:
                    continue
                theirs = digits(other.token.value)
                if mine == theirs or (len(mine) > 2 and _one_slip(mine, theirs)):
                    return True
    return False


__all__ = ["says_vaguely", "weigh", "weigh_qualifier"]
