"""How good the proofreader is: single mistakes planted into real text, and texts without mistakes.

    python -m tests.proofreading.benchmark [--pairs 119-148] [--show]

A mistake counts as found when the rule that stands for it reports it on the line where it was
planted, or names that line as the other side's. Whatever else is reported that was not there before
counts against the precision of the rule that reported it. Texts without mistakes are the pairs as
they are, and the same with two paragraphs joined on one side: errors in them are false.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from pressroom.problems import Problem, Severity
from pressroom.proofreading import Bilingual, FactsLedger, Side, Termbase, proofread, step
from pressroom.words import Language, other
from tests.proofreading import texts

SEED: Final = 2017
# How often each kind of mistake is planted, in pairs drawn anew each time.
EACH: Final = 10


class Planted(NamedTuple):
    """An item with one mistake in it: which kind, the rule that should speak, and where."""

    kind: str
    rule: str
    item: Bilingual
    language: Language
    line: int
    termbase: Termbase
    facts: FactsLedger
    before: str
    after: str


class Target(NamedTuple):
    """A clean item and what it is held against."""

    item: Bilingual
    termbase: Termbase
    facts: FactsLedger


class Edit(NamedTuple):
    """A change of a side's text: offsets in the file, new text."""

    language: Language
    start: int
    end: int
    text: str


# --- making mistakes ----------------------------------------------------------------------------


def side_of(item: Bilingual, language: Language) -> Side:
    found = item.side(language)
    assert found is not None
    return found


def body_start(side: Side) -> int:
    at = 0
    for _ in range(side.body_line - 1):
        at = side.text.index("\n", at) + 1
    return at


def changed(item: Bilingual, edit: Edit) -> Bilingual:
    """The item with an edit made; fields are read again, for an edit may lie in the title."""
    old = side_of(item, edit.language)
    text = old.text[: edit.start] + edit.text + old.text[edit.end :]
    new, _ = texts.side(old.path, old.language, text)
    return (
        msgspec.structs.replace(item, zh=new)
        if edit.language == "zh"
        else msgspec.structs.replace(item, en=new)
    )


def line_at(side: Side, at: int) -> int:
    return side.text.count("\n", 0, at) + 1


_UNTOUCHED: Final = re.compile(
    r"\]\([^)]*\)|<[^>]*>|https?://\S+|\S+@\S+|\{fact\}[\w@#-]+|^\d+\. |^[|:\s-]+$", re.MULTILINE
)


def spots(side: Side, pattern: str, whole: bool = False) -> list[re.Match[str]]:
    """Matches in the body (or the whole file), outside addresses and marks."""
    start = 0 if whole else body_start(side)
    covered = [match.span() for match in _UNTOUCHED.finditer(side.text, start)]
    return [
        match
        for match in re.finditer(pattern, side.text)
        if match.start() >= start
        and not any(a < match.end() and match.start() < b for a, b in covered)
    ]


Planter = Callable[[Target, random.Random], tuple[Edit, Language, int] | None]


def _in(
    language: Language,
    pattern: str,
    replace: Callable[[re.Match[str], random.Random], str | None],
    whole: bool = False,
) -> Planter:
    """A mistake made by replacing one match of a pattern on one side."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        matches = spots(side, pattern, whole)
        chance.shuffle(matches)
        for match in matches:
            text = replace(match, chance)
            if text is not None and text != match[0]:
                return (
                    Edit(language, match.start(), match.end(), text),
                    language,
                    line_at(side, match.start()),
                )
        return None

    return plant


def _digit(text: str, chance: random.Random, first: bool = False) -> str:
    """One digit changed to another."""
    places = [at for at, c in enumerate(text) if c.isdigit()]
    at = places[0] if first else chance.choice(places)
    allowed = [d for d in "123456789" if d != text[at]]
    return text[:at] + chance.choice(allowed) + text[at + 1 :]


_ZH_DIGITS: Final = "二三四五六七八九"


def _hanzi_digit(text: str, chance: random.Random) -> str:
    at = next(index for index, c in enumerate(text) if c in "一二两三四五六七八九")
    return (
        text[:at]
        + chance.choice(
            [c for c in _ZH_DIGITS if c != text[at] and not (c == "二" and text[at] == "两")]
        )
        + text[at + 1 :]
    )


_EN_SMALL: Final = (
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
)


def _en_small(match: re.Match[str], chance: random.Random) -> str:
    word = match[1]
    new = chance.choice([one for one in _EN_SMALL if one != word.lower()])
    return match[0].replace(word, new.capitalize() if word[0].isupper() else new)


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
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

_MISSPELL_ZH: Final = {
    "秋": "球",
    "仁": "人",
    "鸣": "名",
    "妮": "尼",
    "帆": "凡",
    "远": "元",
    "友": "有",
    "棠": "堂",
    "舒": "书",
    "川": "穿",
    "德": "得",
    "程": "成",
    "山": "珊",
    "小": "晓",
    "罗": "洛",
    "勒": "乐",
    "尔": "儿",
    "德·": "得·",
    "胥": "须",
    "虚": "墟",
    "望": "旺",
    "柯": "科",
    "槐": "怀",
    "岛": "导",
    "壶": "湖",
    "霞": "侠",
    "珍": "贞",
    "洲": "州",
    "瑛": "英",
    "莉": "丽",
}


def _name_forms(target: Target, language: Language, people: bool | None = None) -> list[str]:
    return [
        name.name[language]
        for name in target.termbase.names.values()
        if name.name[language] and (people is None or (name.kind == "person") == people)
    ]


def misspelt_name(language: Language) -> Planter:
    """One mention of a name with a letter or character wrong."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        forms = [form for form in _name_forms(target, language) if form in side.text]
        chance.shuffle(forms)
        for form in forms:
            if language == "en":
                matches = spots(side, rf"(?<![A-Za-z]){re.escape(form)}(?![A-Za-z])")
                word = max(form.split(), key=len)
                if len(word) < 4:
                    continue
                at = chance.randrange(2, len(word) - 1)
                if word[at] == word[at + 1] or not word[at : at + 2].isalpha():
                    continue
                slip = chance.choice(("swap", "double", "drop"))
                new = {
                    "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    "double": word[: at + 1] + word[at:],
                    "drop": word[:at] + word[at + 1 :],
                }[slip]
                text = form.replace(word, new)
            else:
                matches = spots(side, re.escape(form))
                if len(form) < 3:
                    continue
                places = [at for at, c in enumerate(form) if c in _MISSPELL_ZH and at]
                if not places:
                    continue
                at = chance.choice(places)
                text = form[:at] + _MISSPELL_ZH[form[at]] + form[at + 1 :]
            longer = [one for one in _name_forms(target, language) if form in one and one != form]
            matches = [
                match
                for match in matches
                if not any(
                    one in side.text[max(0, match.start() - len(one)) : match.end() + len(one)]
                    for one in longer
                )
            ]
            if not matches:
                continue
            match = chance.choice(matches)
            return (
                Edit(language, match.start(), match.end(), text),
                language,
                line_at(side, match.start()),
            )
        return None

    return plant


def forbidden_variant(language: Language) -> Planter:
    """One mention replaced by a variant that the termbase forbids."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        options = [
            (name.name[language], text)
            for name in target.termbase.names.values()
            for spoken, text in name.wrong
            if spoken == language and name.name[language] in side.text
        ]
        chance.shuffle(options)
        for right, wrong in options:
            bound = r"\b" if language == "en" else ""  # Haiketong is no Haike
            matches = spots(side, bound + re.escape(right) + bound)
            if matches:
                match = chance.choice(matches)
                return (
                    Edit(language, match.start(), match.end(), wrong),
                    language,
                    line_at(side, match.start()),
                )
        return None

    return plant


def short_first(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """The first full mention in the body replaced by the short form."""
    languages: list[Language] = ["zh", "en"]
    chance.shuffle(languages)
    for language in languages:
        side = side_of(target.item, language)
        body = side.text[body_start(side) :]
        for name in target.termbase.names.values():
            full, short = name.name[language], name.short[language]
            if not short or not full or body.count(full) < 1 or short == full:
                continue
            rest = body.replace(full, "")
            if name.kind != "person" and not short.isupper() and body.count(full) < 2:
                continue
            del rest
            at = body.index(full)
            if any(
                full in one and one != full and one in body for one in _name_forms(target, language)
            ):
                continue
            at += body_start(side)
            return Edit(language, at, at + len(full), short), language, line_at(side, at)
    return None


def quotation_lost(language: Language) -> Planter:
    """A paragraph's only quotation reported without its marks."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side, across = side_of(target.item, language), side_of(target.item, other(language))
        start = body_start(side)
        lines = [
            (at, line)
            for at, line in _lines(side)
            if at >= start
            and not line.startswith("!")
            and len(re.findall('[“"]', line)) in ((1, 2) if "“" not in line else (1,))
            and len(re.findall(r"“[^”]{9,}[，。！？]”|[“\"][^”\"]{25,}[.,!?][”\"]", line)) == 1
        ]
        chance.shuffle(lines)
        for at, line in lines:
            text = re.sub(r"[“”\"]", "", line)
            answer = _answer(side, across, line_at(side, at))
            if answer is None:
                continue
            return Edit(language, at, at + len(line), text), other(language), answer
        return None

    return plant


def _lines(side: Side) -> Iterator[tuple[int, str]]:
    at = 0
    for line in side.text.split("\n"):
        yield at, line
        at += len(line) + 1


def _paragraph_lines(side: Side) -> list[int]:
    """The first line of each block of the body."""
    lines = side.text.split("\n")
    found = []
    for number in range(side.body_line, len(lines) + 1):
        if lines[number - 1].strip() and (
            not lines[number - 2].strip()
            or number == side.body_line
            or re.match(r"[-|#]|\d+\. ", lines[number - 1])
        ):
            found.append(number)
    return found


def _answer(side: Side, across: Side, line: int) -> int | None:
    """The line of the paragraph that answers one, where both sides have as many."""
    mine, theirs = _paragraph_lines(side), _paragraph_lines(across)
    if len(mine) != len(theirs) or line not in mine:
        return None
    return theirs[mine.index(line)]


def speaker_swapped(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """In one paragraph with a statement, the speaker's name replaced by another person's."""
    side = side_of(target.item, "en")
    people = {
        name.name["en"]: name for name in target.termbase.names.values() if name.kind == "person"
    }
    start = body_start(side)
    lines = [
        (at, line)
        for at, line in _lines(side)
        if at >= start and re.search(r"\b(?:said|says|added)\b", line)
    ]
    chance.shuffle(lines)
    for at, line in lines:
        spoken = [name for name in people if re.search(rf"\b{name}\b", line)]
        if len(spoken) != 1 or not re.search(
            rf"{spoken[0]}.{{0,40}}\b(?:said|says|added)\b|\b(?:said|says|added) {spoken[0]}", line
        ):
            continue
        zh_name = people[spoken[0]].name["zh"]
        answer = _answer(side, side_of(target.item, "zh"), line_at(side, at))
        if answer is None or zh_name not in side_of(target.item, "zh").text.split("\n")[answer - 1]:
            continue
        new = chance.choice([name for name in sorted(people) if name not in side.text])
        return Edit("en", at, at + len(line), line.replace(spoken[0], new)), "en", line_at(side, at)
    return None


def dropped(kind: str, language: Language) -> Planter:
    """A paragraph, heading, point, row or photograph left out on one side; its partner stands alone."""
    starts = {
        "paragraph": r"(?![-|#!>\d*]|\s)",
        "heading": r"#+ ",
        "point": r"- |\d+\. ",
        "row": r"\| (?!---)",
        "photo": r"!\[",
    }[kind]

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side, across = side_of(target.item, language), side_of(target.item, other(language))
        lines = side.text.split("\n")
        numbers = [
            number for number in _paragraph_lines(side) if re.match(starts, lines[number - 1])
        ]
        if kind == "paragraph":
            numbers = [
                number
                for number in numbers
                if len(lines[number - 1]) > (40 if language == "zh" else 130)
            ]
        if kind == "row":
            numbers = [number for number in numbers if lines[number - 2].startswith("|")]
        chance.shuffle(numbers)
        for number in numbers:
            answer = _answer(side, across, number)
            if answer is None:
                continue
            at = len("\n".join(lines[: number - 1])) + 1
            end = at + len(lines[number - 1]) + 1
            if kind in ("paragraph", "heading", "photo") and side.text[end : end + 1] == "\n":
                end += 1
            return Edit(language, at, min(end, len(side.text)), ""), other(language), answer
        return None

    return plant


def added_paragraph(language: Language) -> Planter:
    """A paragraph of another item put into one side."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        donor = chance.choice(_DONORS[language])
        numbers = _paragraph_lines(side)[1:]
        lines = side.text.split("\n")
        numbers = [number for number in numbers if not lines[number - 2].strip()]
        if not numbers or donor in side.text:
            return None
        number = chance.choice(numbers)
        at = len("\n".join(lines[: number - 1])) + 1
        return Edit(language, at, at, donor + "\n\n"), language, number

    return plant


# Paragraphs of nobody's: what one side may have been given alone.
_DONORS: Final[dict[Language, tuple[str, ...]]] = {
    "zh": (
        "会前，工作人员向与会者发放了纪念册，册子收录了志愿者在各地拍摄的照片，并附有他们的来信。",
        "另据了解，相关部门正在研究把这一做法写入明年的工作方案，具体安排将另行公布，请公众留意后续通知。",
        "当天下午，与会代表还参观了展览，并同孩子们一起种下了一排石榴树。天气晴好，许多家长也带着相机前来。",
        "活动得到了社会各界的支持，不少企业和个人捐赠了文具、图书和运动器材，捐赠名单张贴在大厅入口处。",
    ),
    "en": (
        "Before the meeting, staff handed out a booklet of photographs that volunteers had taken in many places, together with letters they had written home.",
        "The departments concerned are also considering whether to make this part of their plan for the coming year; details will be announced separately, and the public is asked to watch for them.",
        "In the afternoon the delegates visited the exhibition and planted a row of pomegranate trees with the children. The weather was fine, and many parents had brought their cameras.",
        "Companies and private persons supported the event with stationery, books and sports equipment; a list of donors hangs at the entrance to the hall.",
    ),
}


def level_changed(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    side = side_of(target.item, "en")
    matches = spots(side, r"(?m)^## ")
    if not matches:
        return None
    match = chance.choice(matches)
    return Edit("en", match.start(), match.end(), "### "), "en", line_at(side, match.start())


def cell_lost(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    side = side_of(target.item, "en")
    matches = [
        m
        for m in re.finditer(r"(?m)^\|.*\|$", side.text)
        if "---" not in m[0] and m[0].count("|") > 2
    ]
    if not matches:
        return None
    match = chance.choice(matches[1:] or matches)
    cells = match[0].strip("|").split("|")
    return (
        Edit("en", match.start(), match.end(), "|" + "|".join(cells[:-1]) + "|"),
        "en",
        line_at(side, match.start()),
    )


def _raw(
    language: Language, pattern: str, replace: Callable[[re.Match[str], random.Random], str]
) -> Planter:
    """As `_in`, but inside addresses and links too."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        matches = [
            match for match in re.finditer(pattern, side.text) if match.start() >= body_start(side)
        ]
        if not matches:
            return None
        match = chance.choice(matches)
        text = replace(match, chance)
        if text == match[0]:
            return None
        return (
            Edit(language, match.start(), match.end(), text),
            language,
            line_at(side, match.start()),
        )

    return plant


def link_lost(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    languages: list[Language] = ["zh", "en"]
    language = chance.choice(languages)
    side, across = side_of(target.item, language), side_of(target.item, other(language))
    matches = list(re.finditer(r"(?<!!)\[([^\]]*)\]\((\{[a-z]+\}[^)]+)\)", side.text))
    chance.shuffle(matches)
    for match in matches:
        if side.text.count(match[2]) > 1:
            continue
        at = across.text.find(match[2])
        return (
            Edit(language, match.start(), match.end(), match[1]),
            other(language),
            line_at(across, at),
        )
    return None


def _letter(match: re.Match[str], chance: random.Random) -> str:
    """One letter of an address changed."""
    text = match[0]
    places = [
        at
        for at in range(len(text) // 2, len(text))
        if text[at].isalpha() and text[at - 1].isalpha()
    ]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + ("q" if text[at] != "q" else "k") + text[at + 1 :]


def stale(language: Language) -> Planter:
    """Recorded as in step, then a sentence of one side rewritten: the other side is out of date."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side, across = side_of(target.item, language), side_of(target.item, other(language))
        lines = side.text.split("\n")
        numbers = [
            n for n in _paragraph_lines(side) if re.match(r"(?![-|#!>\d*]|\s)", lines[n - 1])
        ]
        chance.shuffle(numbers)
        for number in numbers:
            answer = _answer(side, across, number)
            if answer is None:
                continue
            line = lines[number - 1]
            at = len("\n".join(lines[: number - 1])) + 1
            more = "对此，各方表示欢迎。" if language == "zh" else " All sides welcomed this."
            return Edit(language, at + len(line), at + len(line), more), other(language), answer
        return None

    return plant


def left_over(language: Language) -> Planter:
    """A paragraph left in the other language."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side, across = side_of(target.item, language), side_of(target.item, other(language))
        mine, theirs = side.text.split("\n"), across.text.split("\n")
        numbers = [
            n
            for n in _paragraph_lines(side)
            if re.match(r"(?![-|#!>\d*\[]|\s)", mine[n - 1]) and len(mine[n - 1]) > 30
        ]
        chance.shuffle(numbers)
        for number in numbers:
            answer = _answer(side, across, number)
            if answer is None:
                continue
            at = len("\n".join(mine[: number - 1])) + 1
            return (
                Edit(language, at, at + len(mine[number - 1]), theirs[answer - 1]),
                language,
                number,
            )
        return None

    return plant


def swapped_files(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """The English body in zh.md."""
    del chance
    side, across = side_of(target.item, "zh"), side_of(target.item, "en")
    start = body_start(side)
    return (
        Edit("zh", start, len(side.text), across.text[body_start(across) :]),
        "zh",
        side.body_line,
    )


_TRADITIONAL: Final = {
    "个": "個",
    "儿": "兒",
    "国": "國",
    "华": "華",
    "书": "書",
    "学": "學",
    "县": "縣",
    "万": "萬",
    "发": "發",
    "来": "來",
    "会": "會",
    "时": "時",
    "们": "們",
    "车": "車",
    "医": "醫",
}


def _to_traditional(match: re.Match[str], chance: random.Random) -> str:
    del chance
    return _TRADITIONAL[match[0]]


def literal(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """On a live page, a {fact} written out."""
    languages: list[Language] = ["zh", "en"]
    language = chance.choice(languages)
    if not target.item.live:
        return None
    side = side_of(target.item, language)
    matches = list(re.finditer(r"\{fact\}([a-z-]+)(@[\d-]+)?", side.text))
    chance.shuffle(matches)
    for match in matches:
        fact = target.facts.facts[match[1]]
        values = [v for v in fact.values if not match[2] or v.as_of.text == match[2][1:]]
        if not values:
            continue
        number = int(values[-1].number)
        if chance.random() < 0.4 and number > 20:
            number += 7
        written = f"{number}{fact.unit.zh}" if language == "zh" else f"{number:,} {fact.unit.en}"
        return (
            Edit(language, match.start(), match.end(), written),
            language,
            line_at(side, match.start()),
        )
    return None


def in_release(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """In a dated release, a figure given as {fact}."""
    language: Language = chance.choice(("zh", "en"))
    if target.item.live or not target.facts.facts:
        return None
    side = side_of(target.item, language)
    pattern = r"超过5\.9万个村" if language == "zh" else r"more than 59,000 villages"
    matches = spots(side, pattern)
    if not matches:
        return None
    match = chance.choice(matches)
    return (
        Edit(language, match.start(), match.end(), "{fact}villages"),
        language,
        line_at(side, match.start()),
    )


def wrong_weekday(language: Language) -> Planter:
    """The weekday beside a date, wrong; written in where there is none."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        day = target.item.date
        if day is None:
            return None
        side = side_of(target.item, language)
        if language == "zh":
            matches = spots(side, r"(?<![\d至、—])(\d{1,2})月(\d{1,2})日(?![至、（—])")
        else:
            matches = spots(side, rf"(?<![\d\w–] )\b(\d{{1,2}}) ({_MONTH})\b(?! \d{{4}})")
        chance.shuffle(matches)
        for match in matches:
            before = side.text[max(0, match.start() - 12) : match.start()]
            if re.search(r"\d年$|to $|and $|day,? $", before):
                continue
            month = int(match[1]) if language == "zh" else _MONTHS.index(match[2]) + 1
            number = int(match[2]) if language == "zh" else int(match[1])
            near = min(
                (
                    datetime(y, month, number, tzinfo=UTC).date()
                    for y in (day.year - 1, day.year, day.year + 1)
                ),
                key=lambda one: abs(one - day),
            )
            this = datetime(day.year, month, number, tzinfo=UTC).date()
            wrong = [index for index in range(7) if index not in (near.weekday(), this.weekday())]
            said = chance.choice(wrong)
            text = (
                f"{match[0]}（星期{'一二三四五六日'[said]}）"
                if language == "zh"
                else f"{_DAYS[said]}, {match[0]}"
            )
            return (
                Edit(language, match.start(), match.end(), text),
                language,
                line_at(side, match.start()),
            )
        return None

    return plant


def wrong_dateline(language: Language) -> Planter:
    """“Today” beside another day than the item's."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        day = target.item.date
        if day is None:
            return None
        side = side_of(target.item, language)
        matches = spots(side, "今天" if language == "zh" else r"\btoday\b")
        matches = [m for m in matches if '"' not in side.text[max(0, m.start() - 60) : m.start()]]
        if not matches:
            return None
        match = matches[0]
        number = day.day % 28 + 1
        text = (
            f"今天（{day.month}月{number}日）"
            if language == "zh"
            else f"today, {number} {_MONTHS[day.month - 1]},"
        )
        return (
            Edit(language, match.start(), match.end(), text),
            language,
            line_at(side, match.start()),
        )

    return plant


def stray_embargo(language: Language) -> Planter:
    """An embargo in the text only."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        side = side_of(target.item, language)
        numbers = _paragraph_lines(side)
        lines = side.text.split("\n")
        number = numbers[0]
        at = len("\n".join(lines[: number - 1])) + 1
        day, month = chance.randrange(2, 28), chance.randrange(1, 13)
        text = (
            f"本稿{month}月{day}日9时前请勿发布。\n\n"
            if language == "zh"
            else f"Embargoed until 9:00 on {day} {_MONTHS[month - 1]}.\n\n"
        )
        return Edit(language, at, at, text), language, number

    return plant


def wrong_event_day(language: Language) -> Planter:
    """An event's only day in the text, another than starts."""

    def plant(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
        starts = target.item.starts
        if starts is None or not starts.exact:
            return None
        side = side_of(target.item, language)
        day = starts.first
        pattern = (
            rf"{day.month}月{day.day}日"
            if language == "zh"
            else rf"{day.day} {_MONTHS[day.month - 1]}"
        )
        matches = spots(side, pattern, whole=True)
        if not matches:
            return None
        number = day.day % 27 + 1
        new = (
            f"{day.month}月{number}日" if language == "zh" else f"{number} {_MONTHS[day.month - 1]}"
        )
        first = matches[0]
        last = matches[-1]
        text = side.text[first.start() : last.end()].replace(first[0], new)
        return (
            Edit(language, first.start(), last.end(), text),
            language,
            line_at(side, first.start()),
        )

    return plant


def contradicts_ledger(target: Target, chance: random.Random) -> tuple[Edit, Language, int] | None:
    """A release that the ledger cites, with another figure all through one side."""
    if target.item.live or not target.facts.facts:
        return None
    language: Language = chance.choice(("zh", "en"))
    side = side_of(target.item, language)
    right = "5.9万" if language == "zh" else "59,000"
    if right not in side.text:
        return None
    wrong = _digit(right, chance, first=True)
    first = side.text.index(right)
    last = side.text.rindex(right) + len(right)
    return (
        Edit(language, first, last, side.text[first:last].replace(right, wrong)),
        language,
        line_at(side, first),
    )


# kind, rule, planter
PLANTERS: Final[tuple[tuple[str, str, Planter], ...]] = (
    (
        "a digit of a number (zh)",
        "figures",
        _in(
            "zh",
            r"(?<![\d.年月,:：/A-Za-z-])[\d,]*\d{2,}(?:\.\d+)?(?=[万亿]?[个名人元份家所次张件本户只公头株吨条])",
            lambda m, c: _digit(m[0], c),
        ),
    ),
    (
        "a digit of a number (en)",
        "figures",
        _in(
            "en",
            rf"(?<!\d )(?<![\d.,:/A-Za-z$-])\d[\d,]*\d(?:\.\d+)?(?= (?!{_MONTH}|per|percent|[ap]\.m)[a-z])(?! (?:to|and|or) \d+ (?:{_MONTH}))",
            # The year of a month is the date's: “the year of a date” plants those.
            lambda m, c: (
                None if re.search(rf"(?:{_MONTH}) $", m.string[: m.start()]) else _digit(m[0], c)
            ),
        ),
    ),
    (
        "a digit in the title or summary",
        "figures",
        _in(
            "zh",
            r"(?<=\n)(?:title|summary): .*?(\d[\d,.]*\d)(?=[万亿个名人元%])",
            lambda m, c: m[0][: -len(m[1])] + _digit(m[1], c),
            whole=True,
        ),
    ),
    (
        "an ordinal in the title or summary",
        "figures",
        _in(
            "zh",
            r"(?<=\n)(?:title|summary): .*?第([二三四五六七八九]|\d+)(?=[届次期])",
            lambda m, c: (
                m[0][: -len(m[1])]
                + (_digit(m[1], c) if m[1].isdecimal() else _hanzi_digit(m[1], c))
            ),
            whole=True,
        ),
    ),
    (
        "a day in the title or summary (zh)",
        "dates",
        _in(
            "zh",
            r"(?<=\n)(?:title|summary): .*?月(\d{1,2})(?=日)",
            lambda m, c: m[0][: -len(m[1])] + str(int(m[1]) % 28 + 1),
            whole=True,
        ),
    ),
    (
        "a day in the title or summary (en)",
        "dates",
        _in(
            "en",
            rf"(?<=\n)(?:title|summary): .*?\b(\d{{1,2}})(?= (?:{_MONTH}))",
            lambda m, c: m[0][: -len(m[1])] + str(int(m[1]) % 28 + 1),
            whole=True,
        ),
    ),
    (
        "万 for 亿, 亿 for 万",
        "figures",
        _in("zh", r"(?<=\d)[万亿]", lambda m, c: "亿" if m[0] == "万" else "万"),
    ),
    ("万 lost", "figures", _in("zh", r"(?<=\d)万", lambda m, c: "")),
    (
        "million for billion",
        "figures",
        _in(
            "en",
            r"\b(?:million|billion)\b",
            lambda m, c: "billion" if m[0] == "million" else "million",
        ),
    ),
    (
        "a percentage (zh)",
        "figures",
        _in("zh", r"\d+(?:\.\d+)?(?=%)", lambda m, c: _digit(m[0], c)),
    ),
    (
        "a percentage (en)",
        "figures",
        _in("en", r"\d+(?:\.\d+)?(?= per cent)", lambda m, c: _digit(m[0], c)),
    ),
    (
        "成",
        "figures",
        _in("zh", r"[二三四五六七八九](?=成(?![立员本绩功]))", lambda m, c: _hanzi_digit(m[0], c)),
    ),
    (
        "per cent for percentage points",
        "figures",
        _in("en", r"percentage points?", lambda m, c: "per cent"),
    ),
    (
        "a fraction",
        "figures",
        _in("zh", r"[三四五六]分之[一二三]", lambda m, c: _hanzi_digit(m[0], c)),
    ),
    (
        "an ordinal (zh)",
        "figures",
        _in(
            "zh",
            r"(?<=第)(?:\d+|[二三四五六七八九十]+)(?=[届次期个])",
            lambda m, c: _digit(m[0], c) if m[0][0].isdigit() else "十三",
        ),
    ),
    (
        "an ordinal (en)",
        "figures",
        _in("en", r"\b\d+(?=st|nd|rd|th\b)", lambda m, c: _digit(m[0], c)),
    ),
    (
        "a number in words (zh)",
        "figures",
        _in(
            "zh",
            r"(?<![第一二三四五六七八九十几数分])[二两三四五六七八九](?=[个名位条所家座只种项件][^方月])",
            lambda m, c: _hanzi_digit(m[0], c),
        ),
    ),
    (
        "a number in words (en)",
        "figures",
        _in(
            "en",
            r"\b([Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Ee]leven|[Tt]welve) (?=[a-z]+s\b)",
            _en_small,
        ),
    ),
    (
        "a year",
        "figures",
        _in(
            "zh", r"(?:19|20)\d\d(?=年(?!\d))", lambda m, c: m[0][:3] + str((int(m[0][3]) + 3) % 10)
        ),
    ),
    (
        "a number left out",
        "figures",
        _in("en", r"(?<=\()\d[\d,.]+(?=[ )])|(?<=, )\d[\d,.]*\d (?=[a-z]+)", lambda m, c: ""),
    ),
    (
        "a day (zh)",
        "dates",
        _in("zh", r"(?<=月)\d{1,2}(?=日)", lambda m, c: str(int(m[0]) % 28 + 1)),
    ),
    (
        "a day (en)",
        "dates",
        _in("en", rf"\b\d{{1,2}}(?= (?:{_MONTH}))", lambda m, c: str(int(m[0]) % 28 + 1)),
    ),
    (
        "a month (zh)",
        "dates",
        _in("zh", r"(?<!\d)\d{1,2}(?=月\d)", lambda m, c: str(int(m[0]) % 12 + 1)),
    ),
    (
        "a month (en)",
        "dates",
        _in("en", rf"(?<=\d )(?:{_MONTH})\b", lambda m, c: _MONTHS[(_MONTHS.index(m[0]) + 2) % 12]),
    ),
    (
        "the year of a date",
        "dates",
        _in(
            "en",
            rf"(?<= (?:Ma|Ju)[a-z]{{1}} )20\d\d|(?:{_MONTH}) 20\d\d",
            lambda m, c: m[0][:-1] + str((int(m[0][-1]) + 4) % 10),
        ),
    ),
    (
        "minutes",
        "times",
        _in(
            "zh",
            r"(?<=(?<![小用耗历])[时点])\d{1,2}(?=分)|(?<=\d[:：])\d\d(?![.\d])",
            lambda m, c: f"{(int(m[0]) + 17) % 60:02}",
        ),
    ),
    (
        "an hour",
        "times",
        _in(
            "en",
            r"(?<![\d.:])\d{1,2}(?=:\d\d\b(?!\.\d)|\.\d\d [ap]\.m| [ap]\.m)",
            lambda m, c: str(int(m[0]) % 12 + 1),
        ),
    ),
    (
        "morning for afternoon",
        "times",
        _in("zh", r"(?:下午|上午)(?=\d)", lambda m, c: "上午" if m[0] == "下午" else "下午"),
    ),
    (
        "a telephone number",
        "telephones",
        _in(
            "en",
            r"\b0\d{2,3}-\d{3} ?\d{4}\b|\b400-555-\d{4}",
            lambda m, c: m[0][:-1] + str((int(m[0][-1]) + 3) % 10),
        ),
    ),
    (
        "a telephone number (zh)",
        "telephones",
        _in("zh", r"0\d{2,3}-\d{3} ?\d{4}", lambda m, c: m[0][:-3] + _digit(m[0][-3:], c)),
    ),
    (
        "more than lost (zh)",
        "qualifiers",
        _in(
            "zh",
            r"(?<=[\d百千十])[多余](?=[万名个位件场次年户人本支])|(?<![不得宜能])超过(?=\d)|逾(?=\d)",
            lambda m, c: "",
        ),
    ),
    (
        "more than lost (en)",
        "qualifiers",
        _in("en", r"(?<![Nn]o )(?<!for )(?<!are )\b[Mm]ore than (?=\d)", lambda m, c: ""),
    ),
    (
        "nearly lost (zh)",
        "qualifiers",
        _in(
            "zh",
            r"(?<!\w)近(?=\d|[一二三四五六七八九百])(?![一二两三四五六七八九十\d]+(?:个?[月周]|[年天日])[来内间]?[，来内间])|(?<=[的了用])近(?=\d)",
            lambda m, c: "",
        ),
    ),
    (
        "nearly lost (en)",
        "qualifiers",
        _in("en", r"\b(?:nearly|almost) (?=\d|a |two|three|four|five|twenty)", lambda m, c: ""),
    ),
    (
        "nearly for more than",
        "qualifiers",
        _in("en", r"(?<![Nn]o )(?<!for )(?<!are )\b[Mm]ore than (?=\d)", lambda m, c: "nearly "),
    ),
    (
        "dollars for yuan",
        "currencies",
        _in("en", r"(?<=\d )yuan\b|(?<=illion )yuan\b", lambda m, c: "US dollars"),
    ),
    ("美元 for 元", "currencies", _in("zh", r"(?<=[\d万亿])元", lambda m, c: "美元")),
    (
        "1,23,4",
        "unreadable",
        _in(
            "en",
            r"\b\d{1,3},\d{3}\b",
            lambda m, c: (
                m[0].replace(",", "")[0]
                + ","
                + m[0].replace(",", "")[1:3]
                + ","
                + m[0].replace(",", "")[3:]
            ),
        ),
    ),
    ("5.9.万", "unreadable", _in("zh", r"\d+\.\d(?=[万亿%])", lambda m, c: m[0] + ".")),
    (
        "11/08/2017",
        "unreadable",
        _in("en", rf"\b\d{{1,2}} (?:{_MONTH}) 20\d\d", lambda m, c: "11/08/" + m[0][-4:]),
    ),
    ("a name misspelt (en)", "names", misspelt_name("en")),
    ("a name misspelt (zh)", "names", misspelt_name("zh")),
    ("a forbidden variant (en)", "variants", forbidden_variant("en")),
    ("a forbidden variant (zh)", "variants", forbidden_variant("zh")),
    ("the short form first", "first-mention", short_first),
    ("a quotation lost (zh)", "quotations", quotation_lost("zh")),
    ("a quotation lost (en)", "quotations", quotation_lost("en")),
    ("another speaker", "speakers", speaker_swapped),
    (
        "no speaker",
        "statements",
        _in(
            "zh",
            r"(?<=”)[\u4e00-\u9fff·]{2,16}(?:说|表示|补充说)。|(?<=[。\n])[\u4e00-\u9fff·]{2,12}(?:说|表示)：(?=“)",
            lambda m, c: "",
        ),
    ),
    ("a paragraph dropped (zh)", "paragraphs", dropped("paragraph", "zh")),
    ("a paragraph dropped (en)", "paragraphs", dropped("paragraph", "en")),
    ("a paragraph added (zh)", "paragraphs", added_paragraph("zh")),
    ("a paragraph added (en)", "paragraphs", added_paragraph("en")),
    ("a heading dropped", "headings", dropped("heading", "en")),
    ("a heading's level", "headings", level_changed),
    ("a point dropped", "lists", dropped("point", "zh")),
    ("a row dropped", "tables", dropped("row", "en")),
    ("a cell lost", "tables", cell_lost),
    ("a photograph dropped", "photographs", dropped("photo", "zh")),
    ("a link lost", "links", link_lost),
    (
        "another item linked",
        "links",
        _raw(
            "en",
            r"(?<=\]\(\{)[a-z]+\}[^)]+(?=\))",
            lambda m, c: m[0][:-1] + ("x" if m[0][-1] != "x" else "y"),
        ),
    ),
    (
        "a link to one language's page",
        "links",
        _raw("zh", r"(?<=\]\()\{release\}|(?<=\]\()\{event\}", lambda m, c: "/zh/releases/"),
    ),
    ("a web address", "addresses", _raw("en", r"(?<=https://)[\w./-]+", _letter)),
    ("a mail address", "addresses", _raw("zh", r"[\w.]+@[a-z][\w.-]+", _letter)),
    ("one side changed (zh)", "out-of-step", stale("zh")),
    ("one side changed (en)", "out-of-step", stale("en")),
    ("the wrong language", "wrong-language", swapped_files),
    ("a paragraph untranslated (zh)", "left-over", left_over("zh")),
    ("a paragraph untranslated (en)", "left-over", left_over("en")),
    (
        "a traditional character",
        "traditional",
        _in("zh", f"[{''.join(_TRADITIONAL)}]", _to_traditional),
    ),
    ("two spaces", "spacing", _in("en", r"(?<=[a-z]) (?=[a-z])", lambda m, c: "  ")),
    ("no space after a comma", "spacing", _in("en", r"(?<=[a-z]), (?=[A-Za-z])", lambda m, c: ",")),
    (
        "a space between Chinese characters",
        "spacing",
        _in("zh", r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", lambda m, c: " "),
    ),
    ("a full-width comma in English", "punctuation", _in("en", r"(?<=[a-z]), ", lambda m, c: "，")),
    (
        "a half-width comma in Chinese",
        "punctuation",
        _in("zh", r"(?<=[\u4e00-\u9fff])，(?=[\u4e00-\u9fff])", lambda m, c: ","),
    ),
    (
        "full-width digits",
        "punctuation",
        _in(
            "zh", r"(?<!\d)\d\d(?![\d,.])", lambda m, c: "".join(chr(ord(d) + 0xFEE0) for d in m[0])
        ),
    ),
    (
        "punctuation doubled",
        "doubled",
        _in("zh", r"[，。](?=[\u4e00-\u9fff])", lambda m, c: m[0] * 2),
    ),
    (
        "a word doubled",
        "doubled",
        _in("en", r"\b(?:the|of|in|to) (?=[a-z])", lambda m, c: m[0] * 2),
    ),
    (
        "text run into an address",
        "run-together",
        _raw("en", r" <(?=https?://)([^>]*)>", lambda m, c: m[1]),
    ),
    (
        "a line break in a sentence",
        "line-break",
        _in("zh", r"(?<=[\u4e00-\u9fff]{13}，)(?=[\u4e00-\u9fff]{6})", lambda m, c: "\n"),
    ),
    ("a space at the end of a line", "trailing-space", _in("en", r"\.(?=\n)", lambda m, c: ". ")),
    (
        "a straight quotation mark",
        "quotation-marks",
        _in("en", r"“([^”\n]{8,})”(?=[^“]*“|.*\n[^“]*“)", lambda m, c: f'"{m[1]}"'),
    ),
    (
        "a straight quotation mark (zh)",
        "quotation-marks",
        _in("zh", r"“([^”\n]{4,})”", lambda m, c: f'"{m[1]}"'),
    ),
    (
        "a quotation mark lost",
        "quotation-marks",
        _in("zh", r"”(?=[\u4e00-\u9fff])", lambda m, c: ""),
    ),
    (
        "a space inside a bracket",
        "autocorrect",
        _in("zh", r"(?<=（)(?=[\u4e00-\u9fff])|(?<=《)(?=[\u4e00-\u9fff])", lambda m, c: " "),
    ),
    ("a figure written out", "literal-figures", literal),
    ("a fact in a dated release", "ledger", in_release),
    ("a figure against the ledger", "ledger", contradicts_ledger),
    ("a weekday (zh)", "weekdays", wrong_weekday("zh")),
    ("a weekday (en)", "weekdays", wrong_weekday("en")),
    (
        "last month's name (en)",
        "relative-dates",
        _in("en", rf"\b[Ii]n (?=(?:{_MONTH})\b)(?!(?:{_MONTH}) \d)", lambda m, c: "last "),
    ),
    ("昨天", "relative-dates", _in("zh", r"今天(?=[^”]*\n)", lambda m, c: "昨天")),
    ("another day than the dateline (zh)", "dateline", wrong_dateline("zh")),
    ("another day than the dateline (en)", "dateline", wrong_dateline("en")),
    ("an embargo in the text (zh)", "embargo", stray_embargo("zh")),
    ("an embargo in the text (en)", "embargo", stray_embargo("en")),
    ("an event on another day (zh)", "event-days", wrong_event_day("zh")),
    ("an event on another day (en)", "event-days", wrong_event_day("en")),
)


def plant(targets: list[Target], each: int = EACH, seed: int = SEED) -> Iterator[Planted]:
    """Every kind of mistake, `each` times where the texts allow it, each in a copy of its own."""
    for kind, rule, planter in PLANTERS:
        chance = random.Random(f"{seed}:{kind}")
        order = targets[:]
        chance.shuffle(order)
        done = 0
        for target in order * 3:
            if done >= each:
                break
            made = planter(target, chance)
            if made is None:
                continue
            edit, language, line = made
            item = target.item
            if rule == "out-of-step":
                item = msgspec.structs.replace(item, in_step=step.write(item))
            before = side_of(item, edit.language).text[edit.start : edit.end]
            yield Planted(
                kind,
                rule,
                changed(item, edit),
                language,
                line,
                target.termbase,
                target.facts,
                before,
                edit.text,
            )
            done += 1


# --- measuring ----------------------------------------------------------------------------------


def spoken(problem: Problem, planted: Planted) -> bool:
    """Whether a problem is the one planted: its rule, on its line, or naming its line as the other side's."""
    if problem.rule != planted.rule:
        return False
    here = problem.path.endswith(f"/{planted.language}.md") and problem.line == planted.line
    there = problem.opposite.startswith(f"{planted.language}.md:{planted.line} ")
    return here or there


def _places(planted: Planted) -> set[tuple[str, int]]:
    """The planted line, and the first line of the paragraph that answers it."""
    across = other(planted.language)
    mine, theirs = side_of(planted.item, planted.language), side_of(planted.item, across)
    found = set()
    # Where a figure was changed all through a text, the mistake has many lines.
    for line in range(planted.line, planted.line + planted.after.count("\n") + 1):
        found.add((f"{planted.language}.md", line))
        answer = _answer(mine, theirs, line)
        if answer is not None:
            found.add((f"{across}.md", answer))
        elif line < mine.body_line:
            found.update((f"{across}.md", number) for _, number in theirs.fields.values())
    return found


def _kind_of(problem: Problem) -> tuple[str, str, str]:
    """A problem without its place, for telling what is new."""
    return problem.rule, problem.value, re.sub(r"(?<=md:)\d+", "", problem.opposite)


class Result(msgspec.Struct):
    """What the benchmark found."""

    planted: Counter[str] = msgspec.field(default_factory=Counter)
    right: Counter[str] = msgspec.field(default_factory=Counter)
    wrong: Counter[str] = msgspec.field(default_factory=Counter)
    kinds: Counter[str] = msgspec.field(default_factory=Counter)
    kinds_right: Counter[str] = msgspec.field(default_factory=Counter)
    # Found so certainly that the build stops: by rule, and by kind of mistake.
    stopped: Counter[str] = msgspec.field(default_factory=Counter)
    kinds_stopped: Counter[str] = msgspec.field(default_factory=Counter)
    shadows: int = 0
    missed: list[Planted] = []
    strays: list[tuple[Planted, Problem]] = []
    said_of_missed: list[list[Problem]] = []
    paragraphs: int = 0
    false: list[Problem] = []
    doubts: list[Problem] = []
    advice: int = 0

    @property
    def recall(self) -> float:
        return sum(self.right.values()) / max(1, sum(self.planted.values()))

    @property
    def precision(self) -> float:
        said = sum(self.right.values()) + sum(self.wrong.values())
        return sum(self.right.values()) / max(1, said)

    @property
    def false_rate(self) -> float:
        """False errors in 100 paragraphs of clean text."""
        return 100 * len(self.false) / max(1, self.paragraphs)

    @property
    def doubt_rate(self) -> float:
        """Warnings in 100 paragraphs of clean text."""
        return 100 * len(self.doubts) / max(1, self.paragraphs)


def joined(target: Target, chance: random.Random) -> Target | None:
    """The item with two neighbouring paragraphs of one side in one, as translators do."""
    language: Language = chance.choice(("zh", "en"))
    side = side_of(target.item, language)
    pattern = r"(?<=\n\n)([^\n#|!>*\d-][^\n]{20,})\n\n([^\n#|!>*\d-][^\n]{20,})(?=\n)"
    matches = list(re.finditer(pattern, side.text[body_start(side) - 1 :]))
    if not matches:
        return None
    match = chance.choice(matches)
    shift = body_start(side) - 1
    glue = "" if language == "zh" else " "
    edit = Edit(language, match.start() + shift, match.end() + shift, match[1] + glue + match[2])
    return target._replace(item=changed(target.item, edit))


def paragraphs_of(item: Bilingual) -> int:
    return sum(len(_paragraph_lines(side)) for side in item.sides())


def clean(targets: Iterable[Target], result: Result, known: dict[str, list[Problem]]) -> None:
    """What is said of texts without mistakes, as they are (`known`) and with two paragraphs joined."""
    chance = random.Random(SEED)
    for target in targets:
        for version in (target, joined(target, chance)):
            if version is None:
                continue
            result.paragraphs += paragraphs_of(version.item)
            said = (
                known[target.item.key]
                if version is target
                else proofread(version.item, version.termbase, version.facts)
            )
            for problem in said:
                if problem.severity is Severity.ERROR:
                    result.false.append(problem)
                    result.wrong[problem.rule] += 1
                elif problem.severity is Severity.WARNING:
                    result.doubts.append(problem)
                else:
                    result.advice += 1


def measure(targets: list[Target], each: int = EACH) -> Result:
    """Recall on planted mistakes, precision by rule, and false errors on clean texts."""
    result = Result()
    known = {
        target.item.key: proofread(target.item, target.termbase, target.facts) for target in targets
    }
    before = {key: Counter(map(_kind_of, said)) for key, said in known.items()}
    for planted in plant(targets, each):
        said = proofread(planted.item, planted.termbase, planted.facts)
        result.planted[planted.rule] += 1
        result.kinds[planted.kind] += 1
        hits = [problem for problem in said if spoken(problem, planted)]
        if hits:
            result.right[planted.rule] += 1
            result.kinds_right[planted.kind] += 1
            certain = any(problem.severity is Severity.ERROR for problem in hits)
            result.stopped[planted.rule] += certain
            result.kinds_stopped[planted.kind] += certain
        else:
            result.missed.append(planted)
            result.said_of_missed.append(said)
        errors = [one for one in said if one not in hits and one.severity is Severity.ERROR]
        news = Counter(map(_kind_of, errors)) - before[planted.item.key]
        place = _places(planted)
        for problem in errors:
            if news[_kind_of(problem)] <= 0:
                continue
            news[_kind_of(problem)] -= 1
            # A further report on the very paragraph is about the mistake: a date misspelt is a date missing.
            if (
                problem.path.rsplit("/", 1)[-1],
                problem.line,
            ) in place or problem.rule == planted.rule:
                result.shadows += 1
            else:
                result.wrong[problem.rule] += 1
                result.strays.append((planted, problem))
    clean(targets, result, known)
    return result


def all_targets(first: int = 0, last: int = 0, step: int = 1) -> list[Target]:
    """The corpus, or every so many of it, and the site's own content; or some pairs of the corpus alone."""
    items, termbase, facts = texts.corpus()
    targets = [Target(item, termbase, facts) for item in items[::step]]
    if last:
        return [target for target in targets if first <= int(target.item.key[-3:]) <= last]
    own, names, ledger = texts.content()
    return targets + [Target(item, names, ledger) for item in own]


def table(result: Result) -> str:
    """Recall and precision by rule, as a Markdown table."""
    lines = [
        "| rule | planted | found | as an error | recall | precision |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for rule in sorted(result.planted):
        planted, right, wrong = result.planted[rule], result.right[rule], result.wrong[rule]
        precision = f"{100 * right / (right + wrong):.1f}%" if right + wrong else "–"
        lines.append(
            f"| {rule} | {planted} | {right} | {result.stopped[rule]} | {100 * right / planted:.1f}% | {precision} |"
        )
    return "\n".join(lines)


_MEASURED: Final = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- /measured -->)", re.DOTALL)
PAPERS: Final[dict[Language, str]] = {"zh": "docs/proofreading.zh.md", "en": "docs/proofreading.md"}


def stated(text: str, result: Result, language: Language) -> str:
    """A manual with what was measured written into it."""
    found, total = sum(result.right.values()), sum(result.planted.values())
    if language == "zh":
        words = f"埋设{total}处差错，找到{found}处（{100 * result.recall:.1f}%），其中{sum(result.stopped.values())}处报为错误，其余为警告或建议；{result.paragraphs}段没有差错的文字里误报错误{len(result.false)}处，每100段{result.false_rate:.2f}处；警告{len(result.doubts)}处，每100段{result.doubt_rate:.2f}处。"
        head = "| 规则 | 埋设 | 找到 | 其中报错误 | 查全率 | 查准率 |"
    else:
        words = f"{found} of {total} planted mistakes were found ({100 * result.recall:.1f}%), {sum(result.stopped.values())} of them as errors, the rest as warnings or advice; {result.paragraphs} paragraphs without mistakes drew {len(result.false)} false errors, {result.false_rate:.2f} in 100, and {len(result.doubts)} warnings, {result.doubt_rate:.2f} in 100."
        head = "| rule | planted | found | as an error | recall | precision |"
    rows = "\n".join([head, *table(result).split("\n")[1:]])
    return _MEASURED.sub(lambda _: f"\n{words}\n\n{rows}\n\n", text)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pairs", default="0-0", help="only these pairs of the corpus: 119-148")
    parser.add_argument(
        "--each", type=int, default=EACH, help="how often each kind of mistake is planted"
    )
    parser.add_argument(
        "--show", action="store_true", help="list what was missed and what was false"
    )
    parser.add_argument("--write", action="store_true", help="state the figures in the manual")
    chosen = parser.parse_args(arguments)
    first, last = map(int, chosen.pairs.split("-"))
    result = measure(all_targets(first, last), chosen.each)
    print(table(result))
    total = sum(result.planted.values())
    print(
        f"\n{sum(result.right.values())} of {total} planted mistakes found ({100 * result.recall:.1f}%), each by its rule on its line; {sum(result.stopped.values())} as errors"
    )
    print(
        f"precision {100 * result.precision:.1f}%; {result.shadows} further reports on a planted paragraph itself are not counted"
    )
    print(
        f"{len(result.false)} false errors in {result.paragraphs} clean paragraphs: {result.false_rate:.2f} in 100"
    )
    print(
        f"{len(result.doubts)} warnings ({result.doubt_rate:.2f} in 100) and {result.advice} pieces of advice"
    )
    if chosen.write:
        for language, name in PAPERS.items():
            paper = texts.ROOT / name
            text = paper.read_text(encoding="utf-8")
            paper.write_text(stated(text, result, language), encoding="utf-8")
    if chosen.show:
        for planted, said in zip(result.missed, result.said_of_missed, strict=True):
            print(
                f"MISSED {planted.kind}: {planted.item.key} {planted.language}:{planted.line} {planted.before[:50]!r} -> {planted.after[:50]!r}"
            )
            for problem in said:
                if problem.severity is not Severity.ADVICE:
                    print(
                        f"    said {problem.place} {problem.rule} {problem.value[:40]!r} {problem.opposite[:50]!r}"
                    )
        for planted, problem in result.strays:
            print(
                f"STRAY {planted.kind} {planted.item.key} {planted.language}:{planted.line}: {problem.place} {problem.rule} {problem.what.en}"
            )
        for problem in result.false:
            print(f"FALSE {problem.place} {problem.rule} {problem.what.en}")
        for problem in result.doubts:
            print(f"DOUBT {problem.place} {problem.rule} {problem.what.en}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
