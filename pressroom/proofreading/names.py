"""Names and terms: the right form on both sides, no forbidden variant, complete at first mention."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading.model import APOSTROPHE, Form, NameKind, Termbase
from pressroom.proofreading.pair import Pair, across, found
from pressroom.proofreading.text import FIELD, Block, Reading, find_forms
from pressroom.words import Language, Words, other


def _text(reading: Reading) -> str:
    """All of a side's prose, for asking whether a form occurs at all."""
    joined = "\n".join(block.plain for block in reading.all)
    return joined.translate(APOSTROPHE) if reading.language == "en" else joined


def _mentions(reading: Reading, lone: set[int]) -> dict[str, tuple[Block, int, Form]]:
    """The first mention of every name on a side, in paragraphs that have a partner."""
    first: dict[str, tuple[Block, int, Form]] = {}
    for block in reading.all:
        if id(block) in lone:
            continue
        for at, form in block.forms:
            first.setdefault(form.key, (block, at, form))
    return first


def names(pair: Pair) -> Iterator[Problem]:
    """A name or term of the termbase that one side uses stands in its right form on the other side too."""
    if pair.zh is None or pair.en is None or pair.swapped:
        return
    reported: set[tuple[str, str]] = set()
    # A form that is nearly right, in a paragraph whose partner has the name.
    for left, right in (*pair.field_beads, *pair.beads):
        if left and right and not any(id(block) in pair.left_over for block in (*left, *right)):
            yield from _nearly(pair.termbase, left, right, "en", reported)
            yield from _nearly(pair.termbase, right, left, "zh", reported)
    for reading in (pair.zh, pair.en):
        yield from _inconsistent(pair, reading, reported)
    # A name that the other side does not mention at all.
    texts: dict[Language, str] = {"zh": _text(pair.zh), "en": _text(pair.en)}
    for reading, opposite in ((pair.zh, pair.en), (pair.en, pair.zh)):
        across_language = other(reading.language)
        if any(id(block) in pair.left_over for block in opposite.all):
            continue
        # A forbidden variant is there in the name's place: `variants` says so.
        varied = {form.key for _, _, form in opposite.variants()}
        for key, (block, at, form) in _mentions(reading, pair.lone).items():
            name = pair.termbase.names[key]
            expected = name.name[across_language]
            if not expected or key in varied or (key, across_language) in reported:
                continue
            if any(
                one in texts[across_language]
                for one in pair.termbase.forms[across_language].get(key, ())
            ):
                continue
            if _ours(name.name, across_language, texts[across_language]):
                continue
            if name.kind is NameKind.PLACE and _core(expected) in texts[across_language]:
                continue  # Tianmen and Wuyou counties, 石磨中学: the place without its rank
            if not form.full and (
                name.kind is NameKind.ORGANISATION
                or name.name[reading.language] not in texts[reading.language]
            ):
                continue  # 协会 may be any association, and Zhen another Zhen
            yield found(
                block,
                at,
                "names",
                Words(
                    f"{'中文' if reading.language == 'zh' else '英文'}有“{form.text}”，另一种文字里没有“{expected}”。",
                    f"“{form.text}” stands here, and “{expected}” nowhere in the other language",
                ),
                Words(
                    f"在另一种文字里写“{expected}”。", f"write “{expected}” in the other language"
                ),
                form.text,
                expected,
                # A term is a word too, and a place may go without saying; titles are free.
                severity=Severity.WARNING
                if name.kind in (NameKind.TERM, NameKind.PLACE) or not _in_body(reading, key)
                else Severity.ERROR,
            )


def _ours(name: Words, language: Language, text: str) -> bool:
    """Whether a text calls a province's or city's house its own: 省气象局, “the provincial Meteorological Bureau”."""
    house = _OF_A_PLACE.match(name.zh)
    if house is None:
        return False
    if language == "zh":
        return re.search(f"{_NOT_ANOTHERS}{house[1]}", text) is not None
    rest = _RANK_EN.sub("", name.en.partition(" ")[2])
    return (
        len(rest.split()) > 1
        and re.search(rf"(?i)\bthe {_RANK}{re.escape(rest)}\b", text) is not None
    )


_OF_A_PLACE: Final = re.compile("[^省市县]{2,4}([省市县].{2,})$")
_RANK: Final = "(?:(?:provincial|municipal|city|county|(?:province|city|county)'s) )?"
_RANK_EN: Final = re.compile(f"^(?i:{_RANK})")
# What may stand before 省 where it is nobody else's: 据省气象局, and not 蓬莱省气象局.
_NOT_ANOTHERS: Final = "(?<![^\\W据由经向从到在和与及对让请为是给被把将])"


def _core(place: str) -> str:
    """A place without the word for its kind: 乌有县, Wuyou County, Port Selwyn."""
    core = (
        _KINDS_EN.sub("", place)
        if place.isascii() or place[:1] < "一"
        else _KINDS_ZH.sub("", place)
    )
    return core if len(core) > 1 else place


_KINDS_ZH: Final = re.compile("(?<=..)(?:自治)?[省市县区镇乡村州岛港湾湖山路街]$")
_KINDS_EN: Final = re.compile(
    r"^(?:Port|Lake|Mount|Cape|City of) |(?: (?:County|City|Province|Prefecture|District|Town|Township|Village|Island|Port|Harbour|Bay|Lake"
    r"|Mountains?|Street|Road))+$"
)


def _in_body(reading: Reading, key: str) -> bool:
    return any(form.key == key for block in reading.blocks for _, form in block.forms)


def _nearly(
    termbase: Termbase,
    with_name: list[Block],
    without: list[Block],
    language: Language,
    reported: set[tuple[str, str]],
) -> Iterator[Problem]:
    """Names of `with_name` that `without` (in `language`) spells almost, not quite, right."""
    if not any(block.forms for block in with_name):
        return
    # A short form may be the beginning of a full one with a slip in it: Fang Yiminng.
    left = Counter(form.key for block in without for _, form in block.forms if form.full)
    for block in with_name:
        for at, form in block.forms:
            name = termbase.names[form.key]
            if left[form.key] > 0:
                left[form.key] -= 1
                continue
            if (form.key, language) in reported or not (form.full or name.kind is NameKind.PERSON):
                continue
            right = name.name[language]
            if language == "en" and len(right) < 4:
                continue
            for target in without:
                spot = _almost(target.plain, right, language)
                if spot is None:
                    continue
                start, written = spot
                if any(known.text == written for known in _known(termbase, language, written)):
                    continue
                reported.add((form.key, language))
                yield found(
                    target,
                    start,
                    "names",
                    Words(
                        f"“{written}”应为“{right}”（另一种文字里是“{form.text}”）。",
                        f"“{written}” should be “{right}”: the other language has “{form.text}”",
                    ),
                    Words(f"改为“{right}”。", f"write “{right}”"),
                    written,
                    across(block, at, form.text),
                )
                break


# Right words that are a letter away from another right one.
_OTHERS: Final = frozenset({"Shaanxi", "Shanxi"})
# What tells two institutions of one kind apart, and is no slip.
_TELLS_APART: Final = frozenset("一二三四五六七八九十东南西北中上下前后大小新老")


def _inconsistent(
    pair: Pair, reading: Reading, reported: set[tuple[str, str]]
) -> Iterator[Problem]:
    """A name that a side writes rightly, and elsewhere with a slip of the ear or of two fingers."""
    zh = reading.language == "zh"
    mentioned = {form.key for block in reading.all for _, form in block.forms if form.full}
    for key in sorted(mentioned):
        right = pair.termbase.names[key].name[reading.language]
        if (key, reading.language) in reported or len(right) < (3 if zh else 4):
            continue
        pattern = _slips_zh(right, reading.joined) if zh else _slips_en(right, reading.words)
        if pattern is None:
            continue
        for block in reading.all:
            for match in pattern.finditer(block.plain):
                written = match[0]
                if any(
                    known.text == written
                    for known in _known(pair.termbase, reading.language, written)
                ):
                    continue
                if zh and not _slipped(written, right):
                    continue
                if any(at <= match.start() < at + len(form.text) for at, form in block.forms):
                    continue
                yield found(
                    block,
                    match.start(),
                    "names",
                    Words(
                        f"“{written}”应为“{right}”。",
                        f"“{written}” should be “{right}”, as elsewhere here",
                    ),
                    Words(f"改为“{right}”。", f"write “{right}”"),
                    written,
                )


def _slips_zh(right: str, text: str) -> re.Pattern[str] | None:
    """A name with one of its characters replaced, where a text may hold that."""
    whole = text.count(right)
    if len(right) > 3 and text.count(right[:2]) == whole and text.count(right[-2:]) == whole:
        return None  # a slip leaves one end as it was
    return _replaced(right)


@lru_cache(maxsize=4096)
def _replaced(right: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            f"{re.escape(right[:at])}[^\\W\\d{re.escape(right[at])}]{re.escape(right[at + 1 :])}"
            for at in range(len(right))
        )
    )


def _slipped(written: str, right: str) -> bool:
    """Whether the one character that differs is a slip, and not another name's."""
    wrong, meant = next((a, b) for a, b in zip(written, right, strict=True) if a != b)
    if {wrong, meant} & _TELLS_APART:
        return False
    return _is_hanzi(wrong) and _sound(wrong, meant)


def _slips_en(right: str, words: frozenset[str]) -> re.Pattern[str] | None:
    """A name with two letters exchanged, one doubled or left out, in its longest word, if a text has that."""
    slips = _misspelt(right)
    wrong = slips.keys() & words
    if not wrong:
        return None
    return re.compile(rf"\b(?:{'|'.join(re.escape(slips[word]) for word in sorted(wrong))})\b")


@lru_cache(maxsize=4096)
def _misspelt(right: str) -> dict[str, str]:
    """The longest word of a name with a slip in it, in lower case, and the name so written."""
    word = max(right.split(), key=len)
    if len(word) < 4:
        return {}
    wrong: set[str] = set()
    for at in range(1, len(word)):
        wrong.add(word[:at] + word[at] + word[at:])
        if at + 1 < len(word):
            if len(word) > 4:
                wrong.add(word[:at] + word[at + 1 :])
            wrong.add(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    wrong -= {word, *_OTHERS}
    return {one.lower(): right.replace(word, one) for one in wrong if one.isalpha()}


def _known(termbase: Termbase, language: Language, written: str) -> Iterator[Form]:
    for _, form in find_forms(written, termbase, language):
        yield form


_PLACE_SUFFIX: Final = "省市县区镇乡村州岛街路大"


def _almost(plain: str, right: str, language: Language) -> tuple[int, str] | None:
    """Where a text holds `right` with a slip in it, as (offset, what is written)."""
    if language == "zh":
        return _almost_zh(plain, right)
    return _almost_en(plain, right)


def _almost_zh(plain: str, right: str) -> tuple[int, str] | None:
    """One character wrong, missing, or doubled; of two characters, the second, before 省, 市 and the like."""
    size = len(right)
    if size < 2 or not "一" <= right[0] <= "龥":
        return None
    if size == 2:
        at = plain.find(right[0])
        while 0 <= at < len(plain) - 2:
            if (
                plain[at + 2] in _PLACE_SUFFIX
                and plain[at + 1] != right[1]
                and _sound(plain[at + 1], right[1])
            ):
                return at, plain[at : at + 2]
            at = plain.find(right[0], at + 1)
        return None
    for at in range(len(plain) - size + 1):
        if plain[at] != right[0] and plain[at + 1] != right[1]:
            continue
        window = plain[at : at + size]
        wrong = [index for index in range(size) if window[index] != right[index]]
        if wrong == [size - 1] and right[-1] in _PLACE_SUFFIX and not _sound(window[-1], right[-1]):
            continue  # 镜花线 is no slip for 镜花县
        if len(wrong) == 1 and (
            size > 3 or _sound(window[wrong[0]], right[wrong[0]]) or wrong[0] == 2
        ):
            if (
                size == 3
                and not _sound(window[wrong[0]], right[wrong[0]])
                and window[:2] != right[:2]
            ):
                continue
            if not _is_hanzi(window[wrong[0]]):
                continue
            return at, window
        if size >= 4 and window[: size - 1] != right[: size - 1]:
            short = plain[at : at + size - 1]
            for drop in range(1, size):
                if short == right[:drop] + right[drop + 1 :]:
                    return at, short
    return None


def _is_hanzi(c: str) -> bool:
    return "一" <= c <= "龥"


def _sound(one: str, two: str) -> bool:
    """Whether two characters are pronounced alike, the usual slip of an input method."""
    if not (_is_hanzi(one) and _is_hanzi(two)):
        return False
    from pypinyin import (
        Style,
        pinyin,
    )  # only when a name is missing: the tables take a while to load

    def sounds(c: str) -> set[str]:
        return {
            sound.replace("h", "") for sound in pinyin(c, style=Style.NORMAL, heteronym=True)[0]
        }

    return bool(sounds(one) & sounds(two))


def _almost_en(plain: str, right: str) -> tuple[int, str] | None:
    """As many words, one or two of them spelled a little differently."""
    wanted = right.split()
    size = len(wanted)
    initial = wanted[0][0]
    if initial not in plain and initial.upper() not in plain:
        return None
    tokens = _words(plain)
    for index in range(len(tokens) - size + 1):
        window = tokens[index : index + size]
        first = window[0][1]
        if first[0] != initial or not first[0].isupper():
            continue
        slips = 0
        for (_, word), target in zip(window, wanted, strict=True):
            likeness = _likeness(word, target)
            if likeness > 1:
                slips = 99
                break
            slips += likeness
        if 1 <= slips <= max(1, size // 3):
            start = window[0][0]
            end = window[-1][0] + len(window[-1][1])
            return start, plain[start:end]
    return None


@lru_cache(maxsize=64)
def _words(plain: str) -> list[tuple[int, str]]:
    return [(match.start(), match[0]) for match in _WORD.finditer(plain)]


_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f][\w’'-]*")


# Endings that make another right word of a name: Valdoran, Chinese.
_DERIVED: Final = frozenset({"n", "an", "ian", "ese", "s", "i", "ns", "ans", "ish"})


@lru_cache(maxsize=1 << 16)
def _likeness(word: str, target: str) -> int:
    """0 for the same word, 1 for one with a slip, 2 for another word."""
    word, goal = word.translate(APOSTROPHE), target.translate(APOSTROPHE).strip(",")
    if not goal.endswith("'s"):
        word = word.removesuffix("'s")
    if word == goal:
        return 0
    return 1 if _close(word, goal) else 2


def _close(word: str, goal: str) -> bool:
    """One slip of the finger or ear: at most two letters differ, and the word begins alike."""
    if word.lower().startswith(goal.lower()) and word[len(goal) :] in _DERIVED:
        return False
    if not word or abs(len(word) - len(goal)) > 2 or word[0].lower() != goal[0].lower():
        return False
    if len(goal) < 4 and word.lower() != goal.lower():
        return sorted(word.lower()) == sorted(goal.lower()) or (
            abs(len(word) - len(goal)) == 1 and (word in goal or goal in word)
        )
    return SequenceMatcher(None, word.lower(), goal.lower(), autojunk=False).ratio() >= 0.75


def variants(pair: Pair) -> Iterator[Problem]:
    """A variant that the termbase forbids is named with its right form."""
    for reading in pair.readings():
        for block, at, form in reading.variants():
            right = pair.termbase.names[form.key].name[reading.language]
            if _right_here(block, at, form):
                continue
            yield found(
                block,
                at,
                "variants",
                Words(f"不写“{form.text}”，写“{right}”。", f"write “{right}”, not “{form.text}”"),
                Words(f"改为“{right}”。", f"write “{right}”"),
                form.text,
            )


def _right_here(block: Block, at: int, form: Form) -> bool:
    """Whether the variant is only part of a longer, right form (国家民政部门 holds 国家民政部)."""
    end = at + len(form.text)
    return any(start <= at and end <= start + len(one.text) for start, one in block.forms)


def first_mention(pair: Pair) -> Iterator[Problem]:
    """The body's first mention of a name is complete; the short form comes after it."""
    for reading in pair.readings():
        seen: set[str] = set()
        told: set[str] = set()
        for block in reading.all:
            for at, form in block.forms:
                if block.kind == FIELD:
                    continue
                if form.full or (
                    not form.text[:1].isupper() and _COMMON.search(block.plain, max(0, at - 6), at)
                ):
                    seen.add(form.key)
                    continue
                known = pair.termbase.shared[reading.language].get(form.text, [form])
                if any(one.key in seen or one.key in told for one in known):
                    continue
                meant = next((one for one in known if _meant(pair, reading, one)), None)
                if meant is None or _lost_before(pair, block, meant.key):
                    continue
                full = pair.termbase.names[meant.key].name[reading.language]
                told.add(meant.key)
                yield found(
                    block,
                    at,
                    "first-mention",
                    Words(
                        f"第一次提到时写全称“{full}”，之后才用“{form.text}”。",
                        f"at first mention write “{full}”; “{form.text}” comes after it",
                    ),
                    Words(f"这里改为“{full}”。", f"write “{full}” here"),
                    form.text,
                )


# 这个基金会, “this foundation”: a word and no name, and what it means is known
_COMMON: Final = re.compile(r"[这那][个家所间]$|(?i:\b(?:this|that)[ ])$")


def _lost_before(pair: Pair, block: Block, key: str) -> bool:
    """Whether this side lacks the paragraph that names it in full, or has another name there: that is the mistake."""
    zh = block.reading.language == "zh"
    for left, right in pair.beads:
        mine, theirs = (left, right) if zh else (right, left)
        if block in mine:
            return False
        spoken, named = (
            {form.key for one in side for _, form in one.forms} for side in (mine, theirs)
        )
        full = {form.key for one in mine for _, form in one.forms if form.full}
        if key in named - spoken and (not mine or (len(mine) == 1 and full - named)):
            return any(form.key == key and form.full for one in theirs for _, form in one.forms)
    return False


def _meant(pair: Pair, reading: Reading, form: Form) -> bool:
    """Whether a short form is this name and no stranger: either side has it complete, or it is an acronym."""
    name = pair.termbase.names[form.key]
    full = name.name[reading.language]
    opposite = pair.reading(other(reading.language))
    return form.text != full and (
        (_ACRONYM.fullmatch(form.text) is not None and name.kind is not NameKind.PERSON)
        or full.translate(APOSTROPHE) in _text(reading)
        or (
            opposite is not None
            and any(
                one.key == form.key and one.full for block in opposite.all for _, one in block.forms
            )
        )
    )


_ACRONYM: Final = re.compile(r"[A-Z][A-Z&/-]+")
