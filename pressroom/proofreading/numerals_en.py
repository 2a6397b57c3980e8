"""English numbers, dates and times, read by value: 59,000, fifty-nine thousand, two thirds, 7.30 p.m."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from pressroom.proofreading.tokens import (
    ABOUT,
    CLOCK,
    CODE,
    DATE,
    DECADE,
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
    decimal,
    phone,
    phone_digits,
    unreadable,
    whole,
)

_UNITS: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: value
    for value, word in zip(
        range(20, 100, 10),
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        strict=True,
    )
}
_GREAT: Final = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
_ROMAN: Final = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_SCALES: Final = {"hundred": 100, **_GREAT}
_ORDINALS: Final = (
    {
        word: value
        for value, word in enumerate(
            [
                "zeroth",
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
                "thirteenth",
                "fourteenth",
                "fifteenth",
                "sixteenth",
                "seventeenth",
                "eighteenth",
                "nineteenth",
            ]
        )
    }
    | {
        word: value
        for value, word in zip(
            range(20, 100, 10),
            [
                "twentieth",
                "thirtieth",
                "fortieth",
                "fiftieth",
                "sixtieth",
                "seventieth",
                "eightieth",
                "ninetieth",
            ],
            strict=True,
        )
    }
    | {"hundredth": 100, "thousandth": 1000, "millionth": 10**6}
)
_MONTHS: Final = {
    name: index + 1
    for index, name in enumerate(
        [
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
    )
}
_SHORT_MONTHS: Final = {name[:3]: index for name, index in _MONTHS.items()} | {"Sept": 9}
_WEEKDAYS: Final = {
    name: index + 1
    for index, name in enumerate(
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    )
}

# --- one number --------------------------------------------------------------------------------

_SPLIT: Final = re.compile(r"[\s,-]+")
_JOINED: Final = re.compile(r"(?<=\d)(?=[a-z])")  # 3million


def read(text: str) -> Value | None:
    """A number in any English form as its value; None when it is none.

    59,000; 3.2 million; fifty-nine thousand; one hundred and five; a million; the sixth; twenty-first.
    """
    text = text.strip().lower().removeprefix("the ")
    match = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)(?:st|nd|rd|th)?", text)
    if match:
        return decimal(match[1])
    words = [
        word
        for word in _SPLIT.split(_JOINED.sub(" ", re.sub(r"(?<=\d),(?=\d)", "", text)))
        if word and word != "and"
    ]
    if not words:
        return None
    total: Value = 0
    part: Value | None = None
    least = 10**18
    for index, word in enumerate(words):
        if word in ("a", "an") and part is None and len(words) > index + 1:
            part = 1
        elif word in _UNITS or (
            word in _ORDINALS and word not in ("hundredth", "thousandth", "millionth")
        ):
            value = _UNITS[word] if word in _UNITS else _ORDINALS[word]
            if part is not None and (part % 10 or (value >= 10 and part % 100) or part == 0):
                return None
            if part is not None and part % 100 == 0 and part < 100:
                return None
            part = (part or 0) + value
        elif word in _TENS:
            if part is not None and part % 100:
                return None
            part = (part or 0) + _TENS[word]
        elif word in ("hundred", "hundredth"):
            if part is None and index == 0 and words[-1] in _ORDINALS:
                part = 1  # the hundredth, the hundred and eighth
            if part is None or part >= 100:
                return None
            part *= 100
        elif word in _GREAT or word in ("thousandth", "millionth"):
            scale = _GREAT.get(word) or _ORDINALS[word]
            if part is None and words in (["thousandth"], ["millionth"]):
                part = 1
            if part is None or scale >= least:
                return None
            total += part * scale
            part, least = None, scale
        elif word[0].isdigit():
            number = decimal(word)
            if number is None or part is not None:
                return None
            part = number
        else:
            return None
    if part is not None:
        total += part
    return whole(total)


# --- everything in a text ----------------------------------------------------------------------

_ONES: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|zero"
)
_TEN: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ORD: Final = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|"
    "fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|fiftieth|sixtieth|"
    "seventieth|eightieth|ninetieth|hundredth|thousandth|millionth"
)
_SMALL: Final = rf"(?:(?:{_TEN})(?:[- ](?:{_ONES})\b)?|{_ONES})"
_DIGITS: Final = r"\d+(?:,\d+)*(?:\.\d+)*"
_HUNDREDS: Final = rf"(?:(?:{_SMALL}|an?|{_DIGITS})[ -]hundred(?:(?:[ ]and)?[ ]{_SMALL})?|{_SMALL})"
_BIG: Final = r"(?:thousand|million|billion|trillion|bn)"
_WORDS: Final = (
    rf"(?:(?:{_HUNDREDS}|{_DIGITS}|an?)[ -]?{_BIG}\b(?:(?:,?[ ](?:and[ ])?){_HUNDREDS}[ -]{_BIG}\b)*"
    rf"(?:[ ](?:and[ ])?{_HUNDREDS}\b(?![ -]{_BIG}))?"
    rf"|{_HUNDREDS}\b)"
)
_MONTH: Final = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_MON: Final = rf"(?:{_MONTH}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_WEEK: Final = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAYS: Final = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?(?:,?[ ](?:and|or|to|until)[ ]|,[ ]|[ ]?[–—-][ ]?)"
    rf"(?:{_WEEK},?[ ])?)"
)

# A token begins at a digit or sign, or at one of these words; what holds none is passed over in C.
_SIGNS: Final = re.compile(r"[0-9½¼¾$€£¥+(]")
_TRIGGERS: Final = frozenset(
    f"{_ONES}|{_TEN}|{_ORD}|half|halves|both|once|twice|thrice|twofold|threefold|fourfold|double|doubles|doubled|doubling"
    "|centenary|centenaries|centenarian|centenarians|fortnight|fortnights|decade|decades|triple|triples|tripled|tripling|treble|trebles|trebled|trebling|quadruple|quadruples|quadrupled|quadrupling|halved|halves"
    "|ii|iii|iv|vi|vii|viii|ix|halving|noon|midday|midnight|quarter|quarters|around|round|dozen|hundred|thousand|million|billion|twenties|thirties|forties|fifties"
    "|sixties|seventies|eighties|nineties|monday|mondays|tuesday|tuesdays|wednesday|wednesdays|thursday|thursdays|friday|fridays"
    "|saturday|saturdays|sunday|sundays|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec".split("|")
) | frozenset(_MONTH.lower().split("|"))
# After “a”, only these make a number: a hundred, a third, an hour and a half.
_AFTER_A: Final = frozenset(
    [
        "hundred",
        "thousand",
        "million",
        "billion",
        "trillion",
        "dozen",
        "third",
        "half",
        "quarter",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "hundredth",
        "thousandth",
        "hour",
    ]
)
_WITH_A: Final = re.compile(
    r"\b[Aa]n?[ -](?=(?:hundred|thousand|million|billion|trillion|dozen|third|half|quarter|fifth|sixth|seventh|eighth|ninth|tenth"
    r"|hundredth|thousandth|hour|(?:year|month|day|week)[ ]and)\b)"
)


def _candidates(text: str, words: frozenset[str]) -> list[int]:
    """Where tokens may begin, in order."""
    spots = []
    for hit in _SIGNS.finditer(text):
        at = hit.start()
        if at and (
            text[at - 1].isalpha() or (text[at - 1] == "-" and text[at - 2 : at - 1].isalpha())
        ):
            # CX-200, K417, US$15: back to where the word begins
            while at and (text[at - 1].isalnum() or text[at - 1] == "-"):
                at -= 1
        elif text[at - 1 : at] == " " and text[at - 2 : at - 1].isupper():
            at -= 2  # GB 2760-2014
            while at and text[at - 1].isupper():
                at -= 1
        spots.append(at)
    lower = text.lower()
    size = len(text)
    for word in words & _TRIGGERS:
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            if not (at and text[at - 1].isalnum()) and not (end < size and text[end].isalpha()):
                spots.append(at)
            at = lower.find(word, end)
    if words & _AFTER_A:
        spots.extend(hit.start() for hit in _WITH_A.finditer(text))
    spots.sort()
    return spots


_TOKEN: Final = re.compile(
    rf"""
    (?P<iso>(?P<iy>(?:19|20)\d\d)-(?P<im>1[0-2]|0[1-9])-(?P<id>3[01]|[12]\d|0[1-9])(?!\d))
  | (?P<slash>\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d)
  | (?P<date>(?P<days>{_DAYS}*)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ](?:of[ ])?(?P<m>{_MON})(?:,?[ ](?P<y>(?:1[0-9]|20)\d\d)\b)?
      | (?P<m2>{_MON})[ ](?P<y2>(?:1[0-9]|20)\d\d)\b
      | (?P<m3>{_MON})[ ](?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:[ ]?[–—-][ ]?|[ ]to[ ]|[ ]and[ ])(?P<d3b>\d{{1,2}})\b)?(?![\d:.]*\d|,\d{{3}}(?!\d))(?:,?[ ](?P<y3>(?:1[0-9]|20)\d\d)\b)?
      | (?P<m4>{_MON})\b)
  | (?P<lasting>(?P<lh>\d{{1,2}}):(?P<lm>[0-5]\d):(?P<ls>[0-5]\d(?:\.\d+)?)(?![\d:])|(?P<lm3>[0-5]?\d):(?P<ls3>[0-5]\d\.\d{{1,2}})(?!\d)
      |(?i:(?P<lh2>an|{_SMALL}|\d+)[ ]hours?,?[ ](?:and[ ])?(?P<lm2>{_SMALL}|\d+)(?:[ ]minutes?|(?=[.,;:)](?!\d)))(?:,?[ ](?:and[ ])?(?P<ls2>{_SMALL}|\d+(?:\.\d+)?)[ ]seconds?)?)
      |(?i:(?P<lm4>{_SMALL}|\d+)[ ]minutes?,?[ ](?:and[ ])?(?P<ls4>{_SMALL}|\d+(?:\.\d+)?)[ ]seconds?))
  | (?P<years>(?i:(?P<ly>{_SMALL}|\d+)[ ]years?[ ]and[ ](?P<lo>{_SMALL}|\d+)[ ]months?)\b)
  | (?P<clock>(?P<h>1[0-2]|0?\d)(?:[.:](?P<mi>[0-5]\d))?[ ]?(?P<ap>[ap]\.?m\b\.?)
      | (?P<h2>2[0-4]|[01]?\d):(?P<mi2>[0-5]\d)(?![\d:]|\.\d)(?:[ ]?(?P<ap2>[ap]\.?m\b\.?))?
      | (?:[Hh]alf[ ]past|(?P<qu>(?:[Qq]uarter|(?P<qm>[1-5]?\d|{_SMALL})[ ]minutes?|(?P<qn>[Ff]ive|[Tt]en|[Tt]wenty(?:-five)?)(?=[ ]past))[ ](?P<qw>past|to)))[ ](?P<h3>midnight|noon|{_ONES}|1[0-2]|[1-9])\b(?:[ ]in[ ]the[ ](?P<ap3>morning|afternoon|evening))?
      | (?P<h4>{_ONES}|[Ss]even|1[0-2]|[1-9])(?:[ ]o[’']clock(?:[ ](?:in[ ]the|this|that|(?:on[ ])?{_WEEK})[ ](?P<ap4>morning|afternoon|evening))?|[ ](?:(?<!one[ ])in[ ]the[ ](?P<ap5>morning|afternoon|evening)\b|(?<!one[ ])at[ ]night\b))
      | (?<=\x00)(?P<h2b>2[0-4]|[01]?\d)\.(?P<mi2b>[0-5]\d)(?=[ ](?:[–—-][ ])?[A-Z])
      | (?P<noon>[Nn]oon|[Mm]idday)|(?P<midnight>[Mm]idnight))
  | (?P<week>{_WEEK}s?)\b
  | (?P<decade>(?P<dec>(?:1[89]|20)\d0)s\b|[’'](?P<dec2>\d0)s\b|(?P<dec3>(?:[Tt]wen|[Tt]hir|[Ff]or|[Ff]if|[Ss]ix|[Ss]even|[Ee]igh|[Nn]ine)ties)\b)
  | (?P<half>[Hh]alf[ ]a[ ](?P<hb>million|billion|dozen)\b|[Hh]al(?:f|ves)\b|[Aa][ -]half\b)
  | (?P<times>(?P<tw>[Dd]oubl(?:e[ds]?|ing)|[Tt]wice|[Tt]wofold)\b|(?P<tr>[Tt]r(?:ip|eb)l(?:e[ds]?|ing)|[Tt]hrice|[Tt]hreefold)\b|(?P<qd>[Qq]uadrupl(?:e[ds]?|ing)|[Ff]ourfold)\b|(?P<hv>[Hh]alv(?:ed|es|ing))\b)
  | (?P<both>[Bb]oth|[Oo]nce)\b
  | (?P<always>(?:around|round)[ -]the[ -]clock\b)
  | (?P<quarter>(?i:(?:a[ ]|(?P<q3>three)[ ])?quarters?[ ]of[ ]an[ ]hour))
  | (?P<season>(?P<sy>(?:19|20)\d\d)[/–-](?P<sz>\d\d)\b(?![-–/.,]?\d))
  | (?P<mixed>(?i:an?)[ ](?:year|month|hour|day|week)[ ]and[ ]a[ ]half\b)
  | (?P<frac>(?i:(?P<top>an?|one)[ -](?P<bottom>third|quarter|fifth|sixth|seventh|eighth|ninth|tenth|hundredth|thousandth)|(?P<top2>two|three|four|five|six|seven|eight|nine)[ -](?P<bottom2>thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths|hundredths|thousandths))\b(?![ -](?:party|generation|century)|[ ](?:past|to)[ ](?:{_ONES}|\d)))
  | (?P<span>(?i:centenar(?:y|ies|ians?)|fortnights?|decades?)\b)
  | (?P<bare>(?:(?<=last[ ])|(?<=first[ ])|(?<=next[ ])|(?<=every[ ])|(?<=per[ ])|(?<=each[ ]))(?:hundred|thousand|million|billion)\b)
  | (?P<dozen>(?i:(?:(?P<dn>an?|{_SMALL}|\d+)[ -])?dozen)\b)
  | (?P<ord>(?i:(?:(?:an?|{_SMALL})[- ])?hundred[- ](?:and[- ])?(?:(?:{_TEN})[- ])?(?:{_ORD})|(?:(?:{_TEN})[- ])?(?:{_ORD})|{_SMALL}[ -](?:hundred|thousand|million)th)\b|\d+(?:,\d{{3}})*(?:st|nd|rd|th)\b)
  | (?P<code>[A-Z]{{1,4}}(?:/T)?[ ]\d{{3,6}}(?:\.\d+)?[—–-]\d{{4}}|[A-Z][A-Za-z]*-?\d[\dA-Za-z]*(?:-\d+|\.\d+(?![\d.]))*|[A-Z]{{2,}}-[A-Z]*\d+)
  | (?P<cur>US\$|HK\$|[$€£¥]|RMB[ ]?|CNY[ ]?|USD[ ]?|EUR[ ]?)(?=\d)
  | (?P<roman>VI{{1,3}}|I[VX]|II{{1,2}})\b
  | (?P<num>(?i:{_WORDS})|{_DIGITS}\.?(?=[ ]?{_BIG}?)|[½¼¾])
    """,
    re.VERBOSE,
)
_AFTER: Final = re.compile(
    r"(?P<pct>[ ]?%|[ ]per[ ]cent\b|[ ]percent\b)(?P<pp>(?:age)?[ ]points?\b)?|(?P<pts>[ ]percentage[ ]points?\b)"
    r"|(?P<mil>[ ]?‰|[ ]per[ ](?:mille?|thousand)\b)|(?P<tm>[ ]times\b|-fold\b|[ ]fold\b)"
)
_AND_A_HALF: Final = re.compile(r"(?:[ ]|[ ][a-z]+[ ])?and[ ]a[ ](half|quarter)\b|½|¼|¾")
_OUT_OF: Final = re.compile(
    rf"[ ](?:(?:in|out[ ]of)(?:[ ]every)?|of(?:[ ]every)?)[ ](?P<m>(?i:{_WORDS})|\d+(?:,\d{{3}})*)(?![\w.]*[ ](?:{_MONTH}))"
)
_BEFORE: Final = re.compile(
    r"(?:(?P<most>[Nn]o (?:more|longer|later|higher|further) than|[Nn]ot (?:more|longer|later) than|(?<!add )(?<!adds )(?<!added )(?<!adding )[Uu]p to|[Aa]t (?:the )?most|[Aa] (?:maximum|limit) of|(?:limited|capped|restricted) (?:to|at)|within)"
    r"|(?P<least>[Aa]t least|[Nn]o (?:fewer|less) than|[Nn]ot less than|[Aa] minimum of|starting at|[Oo]nly from|[Ff]rom the age of)"
    r"|(?P<under>(?:[Ff]ewer|[Ll]ess|[Ll]ower|[Ss]horter|[Yy]ounger) than|[Uu]nder|[Bb]elow|[Nn]ot quite|[Nn]ot even)"
    r"|(?P<more>(?:[Mm]ore|[Hh]igher|[Gg]reater|[Ll]onger|[Ll]arger|[Oo]lder|[Ff]urther) than|[Oo]ver|[Aa]bove|exceed(?:s|ed|ing)?|pass(?:es|ed|ing)?"
    r"|surpass(?:es|ed|ing)?|beyond|[Ii]n excess of|[Uu]pwards? of|topped|well over|reach(?:es|ed)?)"
    r"|(?P<near>[Nn]early|[Aa]lmost|[Cc]lose to|[Jj]ust under|approaching)"
    r"|(?P<about>[Aa]bout|[Aa]round|[Ss]ome|[Aa]pproximately|[Rr]oughly|an estimated|or so)|(?P<weak>[Bb]etween))"
    r"(?: the| a| an)?[ ]$"
)
_WEAK_MORE: Final = re.compile(r"(?:pass|reach|topped|beyond)")
_LATER: Final = re.compile(
    r"(?:[ ](?!(?:of|in|to|for|and)\b)[a-z-]+)?[ ](?:or|and)[ ](?P<least>more|older|above|over|longer|higher|upwards?)\b"
    r"|(?:[ ](?!(?:of|in|to|for|and)\b)[a-z-]+)?[ ](?P<least3>upwards?)\b"
    r"|(?:[ ](?!(?:of|in|to|for|and)\b)[a-z-]+)?[ ]or[ ](?P<most>less|fewer|younger|under|below)\b(?![ ]\d)|(?P<about>[ ]or[ ]so\b|-odd\b)|(?P<more>\+(?!\d)|-plus\b)"
    r"|[ ](?!and|or|to|but)[a-z]+[ ](?P<least2>at[ ]least)\b|[ ](?!and|or|to|but)[a-z]+[ ](?P<most2>at[ ](?:the[ ])?most)\b"
)
_CURRENCY: Final = re.compile(
    r"[ ](?P<u>yuan|renminbi|RMB|CNY|US[ ]dollars?|U\.S\.[ ]dollars?|Hong[ ]Kong[ ]dollars?|Australian[ ]dollars?|Canadian[ ]dollars?"
    r"|Singapore[ ]dollars?|dollars?|USD|euros?|EUR|pounds|yen|Swiss[ ]francs?|roubles?|rubles?|won)\b"
)
_CURRENCY_OF: Final = {
    "yuan": "CNY", "renminbi": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY", "US dollar": "USD", "U.S. dollar": "USD",
    "dollar": "USD", "USD": "USD", "$": "USD", "US$": "USD", "euro": "EUR", "EUR": "EUR", "€": "EUR", "pound": "GBP", "£": "GBP",
    "yen": "JPY", "Hong Kong dollar": "HKD", "HK$": "HKD", "Australian dollar": "AUD", "Canadian dollar": "CAD",
    "Singapore dollar": "SGD", "Swiss franc": "CHF", "rouble": "RUB", "ruble": "RUB", "won": "KRW",
}  # fmt: skip
_GLYPHS: Final = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
# May and March are words too; a month stands after one of these.
_BEFORE_MONTH: Final = re.compile(
    r"(?:\b(?:in|of|by|since|until|till|from|to|and|or|last|next|this|early|late|mid|between|during|for|every|each|before|after|through|on|late in|end of)[ -]|–|—|\(|\|[ ])$",
    re.IGNORECASE,
)
_SHARED: Final = re.compile(
    rf"(?:[ ](?:to|or|and)[ ]|[ ]?[–—-][ ]?)(?:{_DIGITS}|{_SMALL})[ ](hundred|{_BIG[3:-1]})\b",
    re.IGNORECASE,
)
_NOT_SECONDS: Final = re.compile(
    r"(?:\b(?:a|per|each|every|the split|split|few|of a)[ ])$", re.IGNORECASE
)


# The last words of what _BEFORE finds.
_QUAL_ENDS: Final = frozenset(
    [
        "than",
        "to",
        "most",
        "of",
        "within",
        "least",
        "at",
        "from",
        "under",
        "below",
        "quite",
        "even",
        "over",
        "above",
        "beyond",
        "topped",
        "nearly",
        "almost",
        "approaching",
        "about",
        "around",
        "some",
        "approximately",
        "between",
        "roughly",
        "estimated",
        "so",
        "the",
        "a",
        "an",
        "exceed",
        "exceeds",
        "exceeded",
        "exceeding",
        "pass",
        "passes",
        "passed",
        "passing",
        "surpass",
        "surpasses",
        "surpassed",
        "surpassing",
        "reach",
        "reaches",
        "reached",
    ]
)
# “none of them for more than 15” is at most 15; “over three years” is for as long.
_NEGATED: Final = re.compile(
    r"\b(?:no|not|none|never|nor|neither|nobody|without|cannot|n[’']t)\b[^.;:!?]*$", re.IGNORECASE
)
# “10 per cent more than ten years ago” compares, and does not qualify the ten.
_COMPARED: Final = re.compile(r"(?:per cent|%|points|times|\d|fold|half|twice)[ ]$")
# “over 500 metres” is as far, “over three days” as long.
_DURATION: Final = re.compile(
    r"[ -](?:(?:years?|months?|weeks?|days?|decades?|hours?|minutes?|(?:kilo)?metres?|miles?|laps?|rounds?)\b|km\b)"
)


def _quals(text: str, start: int, end: int) -> frozenset[str]:
    found = set()
    last = gap = max(start - 1, 0)
    while gap and text[gap - 1].isalpha():
        gap -= 1
    before = None
    if text[gap:last].lower() in _QUAL_ENDS:
        before = _BEFORE.search(text, max(0, start - 26), start)
    if before:
        name = before.lastgroup or ""
        found.add(name)
        if name == MORE:
            if before[name].lower() in ("more than", "over") and _COMPARED.search(
                text, max(0, before.start() - 12), before.start()
            ):
                found.discard(MORE)
            elif _NEGATED.search(text, max(0, before.start() - 50), before.start()):
                found.discard(MORE)
                found.update((MOST, "weak"))  # “never above 80 per cent before”
            elif _WEAK_MORE.match(before[name].lower()) or (
                before[name].lower() == "over" and _DURATION.match(text, end)
            ):
                found.add("weak")
    after = _LATER.match(text, end)
    if after:
        found.add((after.lastgroup or "").rstrip("23"))
    return frozenset(found)


def scan(text: str, words: frozenset[str] | None = None) -> list[Token]:
    """Every token of an English text, in order; what is masked in it must be \\x00.

    `words` are the text's words in lower case, for a caller that has them.
    """
    if words is None:
        words = frozenset(word.lower() for word in _WORD.findall(text))
    found: list[Token] = []
    position = 0
    token = _TOKEN.match
    for start in _candidates(text, words):
        if start < position:
            continue
        char = text[start]
        if char in _LEADS and (digits := phone(text, start)):
            found.append(Token(PHONE, phone_digits(digits), start, start + len(digits)))
            position = start + len(digits)
            continue
        match = token(text, start)
        if match is None:
            continue
        position = max(match.end(), start + 1)
        for one in _make(text, match):
            found.append(one)
            if one.end > position:
                position = one.end
    return found


_LEADS: Final = frozenset("+(0123456789")
_WORD: Final = re.compile(r"[A-Za-z]+")


def _date(start: int, end: int, year: int, month: int, day: int) -> Token:
    made = Token(DATE, 0, start, end)
    made.year, made.month, made.day = year, month, day
    return made


def _month(name: str) -> int:
    return _MONTHS.get(name) or _SHORT_MONTHS.get(name.rstrip("."), 0)


def _make(text: str, match: re.Match[str]) -> list[Token]:
    start, end = match.span()
    if match["num"]:
        return _plain(text, match["num"], start, end)
    if match["date"]:
        return _dates(text, match)
    if match["code"]:
        return [
            Token(
                CODE,
                match["code"].upper(),
                start,
                end,
                soft=match["code"].upper().startswith("COVID"),
            )
        ]
    if match["ord"]:
        word = match["ord"].lower()
        if word == "second" and _NOT_SECONDS.search(text, max(0, start - 12), start):
            return []
        value = read(word)
        if value is None:
            return []
        made = Token(NUMBER, value, start, end, soft=value <= 10 and not word[0].isdigit())
        if text.startswith(" floor", end):
            made.alts = ((NUMBER, whole(value + 1)),)  # above the ground floor: 三楼
        return [made]
    if match["iso"]:
        return [_date(start, end, int(match["iy"]), int(match["im"]), int(match["id"]))]
    if match["slash"]:
        return [Token(UNREADABLE, match["slash"], start, end)]
    if match["lasting"]:
        if match["ls3"] and "ratio" in text[max(0, start - 16) : start]:
            return [
                *_plain(text, match["lm3"], start, match.end("lm3")),
                *_plain(text, match["ls3"], match.start("ls3"), end),
            ]
        return _lasting(match, start, end)
    if match["years"]:
        years, months = read(match["ly"]), read(match["lo"])
        if years is None or months is None:
            return []
        return [Token(NUMBER, whole(years + Fraction(months) / 12), start, end)]
    if match["clock"]:
        return _clock(text, match)
    if match["week"]:
        return [Token(WEEKDAY, _WEEKDAYS[match["week"].rstrip("s")], start, end, soft=True)]
    if match["decade"]:
        if match["dec3"]:
            value = _TENS[match["dec3"].lower().replace("ties", "ty")]
            # “in her thirties”: 三十来岁
            return [Token(DECADE, value, start, end, soft=True, alts=((NUMBER, value),))]
        return [Token(DECADE, int(match["dec"] or match["dec2"]), start, end)]
    if match["half"]:
        if match["hb"]:
            scale = {"million": 10**6, "billion": 10**9, "dozen": 12}[match["hb"]]
            return [Token(NUMBER, scale // 2, start, end)]
        points = _OF_A_POINT.match(text, end)
        if points:
            return [Token(POINTS, Fraction(1, 2), start, points.end())]
        made = Token(FRACTION, Fraction(1, 2), start, end, soft=True)
        made.quals = _quals(text, start, end)
        return [made]
    if match["times"]:
        value = 2 if match["tw"] else 3 if match["tr"] else 4 if match["qd"] else Fraction(1, 2)
        made = Token(TIMES, value, start, end, soft=True, alts=((NUMBER, value),))
        made.quals = _quals(text, start, end)
        return [made]
    if match["both"]:
        return [Token(NUMBER, 2 if match["both"].lower() == "both" else 1, start, end, soft=True)]
    if match["always"]:
        return [Token(NUMBER, 24, start, end, soft=True)]
    if match["roman"]:
        return [Token(NUMBER, _ROMAN[match["roman"]], start, end, soft=True)]
    if match["quarter"]:
        return [Token(NUMBER, 45 if match["q3"] else 15, start, end, soft=True)]
    if match["season"]:  # 2025-26
        first, last = int(match["sy"]), int(match["sz"])
        if last != (first + 1) % 100:
            return _plain(text, match["sy"], start, start + 4)
        return [
            Token(NUMBER, first, start, start + 4),
            Token(NUMBER, first + 1, start + 5, end),
        ]
    if match["mixed"]:
        made = Token(NUMBER, Fraction(3, 2), start, end, soft=True)
        made.quals = _quals(text, start, end)
        return [made]
    if match["frac"]:
        top = (match["top"] or match["top2"]).lower()
        bottom = (match["bottom"] or match["bottom2"]).lower().rstrip("s")
        below = 4 if bottom == "quarter" else _ORDINALS[bottom]
        above = 1 if top in ("a", "an") else _UNITS[top]
        share = Fraction(above, below)
        alts: tuple[tuple[str, Value], ...] = ((PERCENT, whole(share * 100)),)
        if above == 1:
            alts = (*alts, (NUMBER, below), (NUMBER, share))
        elif below == 4:
            alts = (*alts, (NUMBER, above))  # the first three quarters: 前三季度
        made = Token(FRACTION, share, start, end, soft=top in ("a", "an"), alts=alts)
        made.quals = _quals(text, start, end)
        return [made]
    if match["dozen"]:
        count = match["dn"]
        value = 1 if count is None or count.lower() in ("a", "an") else read(count)
        if value is None or (count is None and text[end : end + 1] == "s"):
            return []
        return [Token(NUMBER, value * 12, start, end, soft=True)]
    if match["span"]:
        return [Token(NUMBER, _SPANS[match["span"][:4].lower()], start, end, soft=True)]
    if match["bare"]:
        return [
            Token(NUMBER, 100 if match["bare"] == "hundred" else _GREAT[match["bare"]], start, end)
        ]
    if match["cur"]:
        number = _TOKEN.match(text, end)
        if number is None or not number["num"]:
            return []
        made_all = _plain(text, number["num"], end, number.end())
        for one in made_all:
            one.unit = _CURRENCY_OF.get(match["cur"].strip(), one.unit)
        return made_all
    return []


# A hundred years, two weeks, ten years.
_SPANS: Final = {"cent": 100, "fort": 2, "deca": 10}
_OF_A_POINT: Final = re.compile(r"[ ](?:of[ ])?a[ ]percentage[ ]point\b")
_NUMBERED: Final = re.compile(r"\d{1,2}\.[ ][A-Z]")
_EVENING: Final = frozenset({"afternoon", "evening"})


def _lasting(match: re.Match[str], start: int, end: int) -> list[Token]:
    """2:14:38, 1:25.7, an hour and fifty minutes: how long, in seconds."""
    hours, minutes, seconds = (
        next((match[name] for name in names if match[name]), "0")
        for names in (("lh", "lh2"), ("lm", "lm2", "lm3", "lm4"), ("ls", "ls2", "ls3", "ls4"))
    )
    parts = (1 if hours.lower() == "an" else read(hours), read(minutes), read(seconds))
    if None in parts:
        return []
    h, m, s = (Fraction(part or 0) for part in parts)
    return [Token(NUMBER, whole(h * 3600 + m * 60 + s), start, end)]


def _clock(text: str, match: re.Match[str]) -> list[Token]:
    start, end = match.span()
    if match["noon"]:
        return [Token(CLOCK, 720, start, end, soft=True)]
    if match["midnight"]:
        return [Token(CLOCK, 0, start, end, soft=True)]
    explicit = match["ap"] or match["ap2"] or match["ap3"] or match["ap4"] or match["ap5"] or ""
    if match["h3"]:
        hour = {"midnight": 0, "noon": 12}.get(match["h3"], read(match["h3"]))
        minute = 30
        if match["qu"]:
            minutes = read(match["qm"] or match["qn"] or "15")
            assert isinstance(minutes, int)
            minute = minutes if match["qw"] == "past" else -minutes
    else:
        hour = read(match["h"] or match["h2"] or match["h2b"] or match["h4"])
        minute = int(match["mi"] or match["mi2"] or match["mi2b"] or 0)
    if not isinstance(hour, int):
        return []
    if explicit:
        late = explicit[0] == "p" or explicit in _EVENING
        hour = hour % 12 + (12 if late else 0)
    made = Token(CLOCK, (hour * 60 + minute) % 1440, start, end)
    made.unit = "24" if explicit or hour > 12 else ""
    return [made]


def _dates(text: str, match: re.Match[str]) -> list[Token]:
    start, end = match.span()
    if match["m4"]:
        name = match["m4"]
        if name in ("May", "March", "Mar", "Mar.") and not _BEFORE_MONTH.search(
            text, max(0, start - 9), start
        ):
            return []
        month = _month(name)
        return [_date(start, end, 0, month, 0)] if month else []
    if match["m2"]:
        return [_date(start, end, int(match["y2"]), _month(match["m2"]), 0)]
    month = _month(match["m"] or match["m3"])
    year = int(match["y"] or match["y3"] or 0)
    found: list[Token] = []
    if match["m3"]:
        for group in ("d3", "d3b"):
            if match[group]:
                found.append(_date(start, end, year, month, int(match[group])))
        return found
    position = start
    for piece in re.finditer(r"\d+", match["days"] or ""):
        found.append(
            _date(position + piece.start(), position + piece.end(), year, month, int(piece[0]))
        )
    first = position + len(match["days"] or "")
    found.append(_date(first, end, year, month, int(match["d"])))
    return found


def _no_number(text: str, written: str, start: int, end: int) -> list[Token]:
    spoilt = unreadable(text, start)
    return [Token(UNREADABLE if spoilt else CODE, spoilt or written, start, end)]


def _plain(text: str, written: str, start: int, end: int) -> list[Token]:
    if written in _GLYPHS:
        return [Token(FRACTION, _GLYPHS[written], start, end)]
    if start and text[start - 1] == "." and start > 1 and text[start - 2].isdigit():
        return []  # the rest of what has been read: 1:11.8
    lower = written.lower()
    digits = written[0].isdigit()
    if digits and text[start - 1 : start] in ("", "\n", "\x00") and _NUMBERED.match(text, start):
        return []  # a heading's own number, 一、 in Chinese
    if digits and lower.endswith("."):
        # 5.9. million: a stop that ends no sentence
        if unreadable(text, start):
            return [Token(UNREADABLE, text[start : end + 8].split("\n")[0], start, end)]
        written, lower, end = written[:-1], lower[:-1], end - 1
    value = read(lower)
    if value is None:
        return _no_number(text, written, start, end) if digits else []
    if digits and written.isdigit() and len(written) > 1 and written[0] == "0":
        return [Token(CODE, written, start, end)]
    soft = value == 1 or (not digits and value <= 10)
    kind = NUMBER
    alts: tuple[tuple[str, Value], ...] = ()
    half = _AND_A_HALF.match(text, end)
    if half and half[0] not in _GLYPHS and half[0].count(" ") == 3 and not digits and value > 20:
        half = None
    if half:
        value = value + (_GLYPHS.get(half[0]) or Fraction(1, 2 if half[1] == "half" else 4))
        end = half.end()
        soft = not digits
    stop = end
    after = _AFTER.match(text, end)
    if after:
        end = after.end()
        if after["pts"] or after["pp"]:
            kind = POINTS
        elif after["pct"]:
            kind = PERCENT
        elif after["mil"]:
            alts = (
                (PERCENT, whole(Fraction(value) / 10)),
                (FRACTION, Fraction(value) / 1000),
            )
        elif after["tm"]:
            kind = TIMES
            alts = ((NUMBER, value),)
        soft = soft and kind == NUMBER
    elif value <= 1000:
        ratio = _OUT_OF.match(text, end)
        if ratio:
            below = read(ratio["m"])
            word = not ratio["m"][0].isdigit()
            if (
                isinstance(below, int)
                and isinstance(value, int)
                and 0 < value < below
                and (
                    (value == 1 and " of" not in ratio[0] and not 1900 < below < 2100)
                    # two in three, seven out of ten; seven of ten only where ten is said for all
                    or (word and not digits and (" of" not in ratio[0] or "out of" in ratio[0]))
                    or (word and below in (10, 100, 1000))
                )
            ):
                share = Fraction(value, below)
                parts: tuple[tuple[str, Value], ...] = (
                    (PERCENT, whole(share * 100)),
                    (NUMBER, below),
                )
                made = Token(FRACTION, share, start, ratio.end(), alts=parts, soft=False)
                made.quals = _quals(text, start, end)
                return [made]
    scale = _SHARED.match(text, end) if kind == NUMBER else None
    if scale and value < 1000:  # from 4 to 7 million
        alts = (*alts, (NUMBER, whole(value * _SCALES[scale[1].lower()])))
    # All of them: 100 per cent need not be said
    soft = soft or (kind == PERCENT and value == 100)
    made = Token(kind, whole(value), start, end, soft=soft, alts=alts)
    if text[start - 1 : start] == " " or text[end : end + 1] in " +-":
        made.quals = _quals(text, start, end)
    if text[stop : stop + 1] == " ":
        currency = _CURRENCY.match(text, stop)
        if currency:
            name = currency["u"]
            made.unit = _CURRENCY_OF.get(name) or _CURRENCY_OF.get(name.rstrip("s"), "")
    return [made]


__all__ = ["ABOUT", "LEAST", "MOST", "NEAR", "UNDER", "read", "scan"]
