"""What a text states that can be compared by value: numbers, dates, times, codes, addresses.

Values are exact: a whole number is an int, everything else a Fraction. Percentages keep their face
value (62 % is 62 of kind "percent"), so that the two languages' ways of writing them are equal.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

Value = int | Fraction

# Kinds of tokens. A "number" may be anything counted; "percent" has its sign or word; "points" are
# percentage points; "times" is a factor (doubled is 2); "clock" is minutes since midnight; "code" is
# compared letter by letter (CX-200, 000199); "phone" by its digits.
NUMBER: Final = "number"
PERCENT: Final = "percent"
POINTS: Final = "points"
FRACTION: Final = "fraction"
TIMES: Final = "times"
DATE: Final = "date"
CLOCK: Final = "clock"
WEEKDAY: Final = "weekday"
DECADE: Final = "decade"
CODE: Final = "code"
PHONE: Final = "phone"
FACT: Final = "fact"
UNREADABLE: Final = "unreadable"

# Qualifiers, by what they say about the true value.
MORE: Final = "more"  # more than, 多, 余
NEAR: Final = "near"  # nearly, 近
ABOUT: Final = "about"  # about, 约
UNDER: Final = "under"  # fewer than, 不到
LEAST: Final = "least"  # at least, 不低于
LOOSE: Final = "loose"  # said in a word that may mean the contrary
MOST: Final = "most"  # at most, 不超过


class Token:
    """One comparable statement, `start` and `end` in the text it was found in.

    `soft` tokens (一个, one, half, a small number in words) may be a matter of grammar: they serve
    as partners but are no mistake when they stand alone.
    """

    __slots__ = (
        "alts",
        "day",
        "end",
        "head",
        "kind",
        "matched",
        "month",
        "quals",
        "soft",
        "start",
        "unit",
        "value",
        "year",
    )

    def __init__(
        self,
        kind: str,
        value: Value | str,
        start: int,
        end: int,
        soft: bool = False,
        alts: tuple[tuple[str, Value], ...] = (),
    ) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.soft = soft
        self.alts = alts
        self.unit = ""  # currency, where one stands beside the number
        self.head = ""  # what stands above it in a table
        self.quals: frozenset[str] = NO_QUALS
        self.year = 0
        self.month = 0
        self.day = 0
        self.matched: Token | None = None

    def __repr__(self) -> str:
        what: object = self.value
        if self.kind == DATE:
            what = (self.year, self.month, self.day)
        return f"<{self.kind} {what} {self.start}-{self.end}{' soft' if self.soft else ''}>"


NO_QUALS: Final[frozenset[str]] = frozenset()

_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+")


def decimal(text: str) -> Value | None:
    """Digits with grouping commas and a decimal point; None when no one can read them."""
    if "," in text:
        whole, point, rest = text.partition(".")
        if not _GROUPED.fullmatch(whole):
            return None
        text = whole.replace(",", "") + point + rest
    if "." not in text:
        return int(text) if text.isdecimal() else None
    whole, _, rest = text.partition(".")
    if not rest.isdecimal() or not whole.isdecimal():
        return None
    rest = rest.rstrip("0")
    if not rest:
        return int(whole)
    return Fraction(int(whole + rest), 10 ** len(rest))


def whole(value: Value) -> Value:
    """A Fraction without a fractional part as the int it is."""
    if type(value) is int:
        return value  # most are, and asking for a Fraction is slow
    return value.numerator if value.denominator == 1 else value


_NOT_DIGITS: Final = re.compile(r"\D+")


def phone_digits(text: str) -> str:
    """A telephone number without what differs by habit: country code, trunk zero, separators."""
    digits = _NOT_DIGITS.sub("", text)
    if text.lstrip().startswith(("+86", "+ 86", "0086", "(+86", "+(86", "+ (86")):
        digits = digits.removeprefix("00").removeprefix("86")
    return digits.removeprefix("0")


_SPOILT: Final = re.compile(
    r"(?P<commas>\d+(?:,\d+)+(?:\.\d+)?)|\d+(?:\.\d+)*\.(?=[ ]?(?:[万亿千百%]|thousand|million|billion|trillion))"
    r"|\d+(?:\.\d+){2,}(?=[万亿千百%元人个名户家吨])"
)


def unreadable(text: str, at: int) -> str:
    """The number that nobody can read around an offset (1,23,4; 5.9.万); "" where there is none.

    Other digits with stops between them are names of their own: a version, PM2.5, 1:11.8.
    """
    start = at
    while start and text[start - 1] in _IN_NUMBERS:
        start -= 1
    if start and text[start - 1].isascii() and text[start - 1].isalpha():
        return ""
    match = _SPOILT.match(text, start)
    if match is None or (match["commas"] and decimal(match["commas"]) is not None):
        return ""
    return match[0]


_IN_NUMBERS: Final = frozenset("0123456789.,")
_PHONE: Final = re.compile(r"\+?[ ]?\(?\+?\d[\d() -]{5,22}\d")
_ISO_DAY: Final = re.compile(r"(?:19|20)\d\d-\d\d?-\d\d?(?!\d)")
_RUNS: Final = re.compile(r"\d+")


def phone(text: str, start: int) -> str:
    """The telephone or account number that begins at `start`, as it is written; "" if none does.

    Digits alone are never one: it takes a plus, a leading zero, brackets, hyphens or groups.
    """
    match = _PHONE.match(text, start)
    if match is None or _ISO_DAY.match(text, start):
        return ""
    written = match[0]
    if written.isdigit():
        return ""
    runs = _RUNS.findall(written)
    digits = sum(map(len, runs))
    if not 7 <= digits <= 20 or (len(runs) < 2 and not written.startswith("+")):
        return ""
    if written[0] in "+(0":
        return written
    if all(len(run) == 4 and run[:2] in ("18", "19", "20") for run in runs):
        return ""  # 2017-2018
    if "-" in written and len(runs[0]) in (3, 4) and all(len(run) >= 3 for run in runs):
        return written
    if len(runs) >= 3 and digits >= 10 and "-" not in written:
        return written
    return ""
