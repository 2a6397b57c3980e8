"""Statements: as many quotations and attributed statements on both sides, by the same people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading.align import Bead
from pressroom.proofreading.model import NameKind
from pressroom.proofreading.pair import Pair, across, found, shown
from pressroom.proofreading.text import Block, quotations
from pressroom.words import Words

# A quotation says something: a title or a single word in quotation marks (“light”, 《…》) does not.
_SENTENCE_ZH: Final = re.compile(r"[，。！？；：、]|.{9}")
_SENTENCE_EN: Final = re.compile(r"\S+(?:\s+\S+){4}|[.!?]$")

_SAID_ZH: Final = re.compile(
    r"(?<!小)(?:表示|指出|介绍|强调|坦言|提醒|透露|承认|补充|写道|解释|呼吁|宣布|认为|回忆|告诉|致辞|回应|称赞|要求|直言|感叹|坦承|建议|提出|援引|追问|回答|(?<![据听话])说(?![明法服话]))"
)
_SAID_EN: Final = re.compile(
    r"\b(?:said|says|say|added|adds|told|tells|wrote|writes|explained|explains|noted|notes|stressed|announced|announces|admitted|admits"
    r"|warned|warns|replied|recalled|recalls|thinks|finds|called|calls|urged|urges|advises|advised|asked|asks|put it|according to|ordered|quipped|continued|concluded"
    r"|commented|declared|stated|observed|remarked|reported|revealed|pointed out|believes|sees|names)\b"
)


# However short, words are a quotation where somebody is named as saying them.
_SPOKEN_ZH: Final = re.compile(r"，[^，。；：“”]{2,20}(?:说|表示|道|问|答)(?=[。，；])")
_SPOKEN_EN: Final = re.compile(
    r"[ ](?:said|says|asked|replied|[A-Z]\w+(?:[ ][A-Z]\w+)?[ ](?:said|says|added))\b"
)


# 他说，演练不是表演，“跑得快不如跑得对”。
_SAYING: Final = re.compile(r"\w”。$")
_LEADS_IN: Final = re.compile(r"[说道：][^。“”]{0,30}[，：]$")


class Said:
    """What a group of paragraphs quotes, and whom it names as speaking."""

    def __init__(self, blocks: list[Block], people: frozenset[str]) -> None:
        self.blocks = blocks
        self.people = people
        self.quotes: list[tuple[Block, int, str]] = []
        self.marks = 0  # quotation marks of any use
        self.titles = 0  # title marks, for which English has quotation marks
        for block in blocks:
            zh = block.reading.language == "zh"
            says = _SENTENCE_ZH if zh else _SENTENCE_EN
            for quotation in quotations(block):
                self.marks += 1
                start, end = quotation.start, quotation.end
                spoken = (_SPOKEN_ZH if zh else _SPOKEN_EN).match(block.plain, end)
                says_something = says.search(quotation.text) and not _title(block, start, end)
                if (
                    spoken
                    or says_something
                    or (
                        zh
                        and _SAYING.search(block.plain, end - 2, end + 1)
                        and _LEADS_IN.search(block.plain, 0, start)
                    )
                ):
                    self.quotes.append((block, start, quotation.text))
            if zh:
                self.titles += block.plain.count("《")
            # A mark that was left open is the copy rules' business.
            self.marks += block.plain.count("“") + block.plain.count("”") + block.plain.count('"')

    @cached_property
    def named(self) -> list[tuple[Block, int, str]]:
        """People of the termbase: block, offset, key."""
        return [
            (block, at, form.key)
            for block in self.blocks
            for at, form in block.forms
            if form.key in self.people
        ]

    @cached_property
    def people_named(self) -> dict[str, tuple[Block, int]]:
        """The people of `named`, each where first named."""
        found_: dict[str, tuple[Block, int]] = {}
        for block, at, key in self.named:
            found_.setdefault(key, (block, at))
        return found_

    @cached_property
    def verbs(self) -> list[tuple[Block, int]]:
        """Verbs of saying, outside quotations."""
        verbs = []
        for block in self.blocks:
            quoted = [(one.start, one.end) for one in quotations(block)]
            pattern = _SAID_ZH if block.reading.language == "zh" else _SAID_EN
            for match in pattern.finditer(block.plain):
                if not any(start < match.start() < end for start, end in quoted):
                    verbs.append((block, match.start()))
        return verbs

    @cached_property
    def speakers(self) -> dict[str, tuple[Block, int]]:
        """The people who stand close to a verb of saying, the closest to each."""
        found_: dict[str, tuple[Block, int]] = {}
        if not self.named:
            return found_
        for owner, at in self.verbs:
            reach = 24 if owner.reading.language == "zh" else 70
            near = [one for one in self.named if one[0] is owner and abs(one[1] - at) <= reach]
            if near:
                block, where, key = min(near, key=lambda one: abs(one[1] - at))
                found_.setdefault(key, (block, where))
        return found_


_TITLE_BEFORE: Final = re.compile(r"(?:题为|名为|主题[是为]?|《|口号[是为]?|编号|标题)$")


_TITLE_AFTER: Final = re.compile(r"[奖杯号节]|行动|项目|计划|公司|品牌")


def _title(block: Block, start: int, end: int) -> bool:
    """Words in quotation marks that are a name: “Spring River”, 题为“……”."""
    plain = block.plain
    if plain[end - 2] in "。！？.!?":
        return False
    if block.reading.language == "zh":
        return bool(_TITLE_BEFORE.search(plain, max(0, start - 4), start)) or bool(
            _TITLE_AFTER.match(plain, end)
        )
    inner = plain[start + 1 : end - 1]
    words = re.findall(r"[A-Za-z’']+", inner)
    long_words = [word for word in words if len(word) > 3]
    return (
        bool(long_words)
        and all(word[0].isupper() for word in long_words)
        and not inner.endswith(",")
    )


_ENDS: Final = frozenset("。！？，.!?,")


def quotations_kept(pair: Pair) -> Iterator[Problem]:
    """A paragraph that quotes someone is answered by one that does."""
    for _, zh, en in pair.once(read):
        if bool(zh.quotes) == bool(en.quotes):
            continue
        with_quote, without = (zh, en) if zh.quotes else (en, zh)
        if without.marks:
            continue
        block, at, text = with_quote.quotes[0]
        if without.titles and text[-1:] not in _ENDS:
            continue
        language = (
            Words("英文", "the English") if with_quote is zh else Words("中文", "the Chinese")
        )
        yield found(
            block,
            at,
            "quotations",
            Words(
                f"这里的引语在{language.zh}里没有引号。",
                f"{language.en} does not quote what is quoted here",
            ),
            Words(
                "两边都用直接引语，或者都改成间接引语。", "quote on both sides, or report on both"
            ),
            shown(text),
            _where(without),
            # Somebody's words: who says them is named, or that somebody does.
            Severity.ERROR
            if text[-1:] in _ENDS and (zh.named or en.named or with_quote.verbs)
            else Severity.WARNING,
        )


def speakers(pair: Pair) -> Iterator[Problem]:
    """What is attributed to someone is attributed to the same person on the other side."""
    for beads, zh, en in pair.once(read):
        if not zh.named or not en.named:
            continue
        # Chinese may leave out that the one who is named beside a quotation says it.
        mine, theirs = set(zh.speakers or (zh.people_named if zh.quotes else ())), set(en.speakers)
        if not mine or not theirs or mine & theirs:
            continue
        named = {form.key for block in beads[1] for _, form in block.forms}
        if mine <= named:
            continue
        key = min(mine)
        block, at = zh.people_named[key]
        answer, answer_at = en.speakers[min(theirs)]
        name = pair.termbase.names[key].name
        says = pair.termbase.names[min(theirs)].name
        yield found(
            answer,
            answer_at,
            "speakers",
            Words(
                f"英文里说话的是“{says.en}”，中文里是“{name.zh}”。",
                f"“{says.en}” speaks here, “{name.zh}” ({name.en}) in the Chinese",
            ),
            Words("查清是谁说的，改正其中一处。", "find out who said it and correct one side"),
            says.en,
            across(block, at, name.zh),
        )


def statements(pair: Pair) -> Iterator[Problem]:
    """A paragraph with an attributed statement (说, 表示; said) is answered by one that attributes it too."""
    for _, zh, en in pair.once(read):
        if not (zh.quotes or en.quotes):
            continue
        if bool(zh.verbs) == bool(en.verbs):
            yield from _unnamed(pair, zh, en)
            yield from _unnamed(pair, en, zh)
            continue
        said, silent = (zh, en) if zh.verbs else (en, zh)
        block, at = said.verbs[0]
        yield _unattributed(block, at, said is zh, silent)


def _unnamed(pair: Pair, said: Said, silent: Said) -> Iterator[Problem]:
    """A speaker whom the other side neither names here nor can mean by a pronoun."""
    if not (said.speakers and silent.quotes) or silent.named:
        return
    reading = silent.blocks[0].reading
    zh = reading.language == "zh"
    key = min(said.speakers)
    pronoun = _PRONOUN_ZH if zh else _PRONOUN_EN
    # A pronoun names whom the text has named.
    if any(form.key == key for block in reading.blocks for _, form in block.forms) and any(
        pronoun.search(block.plain) for block in silent.blocks
    ):
        return
    block, at = said.speakers[key]
    # A surname alone is a name too: 老万, Judge Zhen.
    family = pair.termbase.names[key].name["zh" if zh else "en"]
    short = family[:1] if zh else family.split(" ")[0]
    if short and any(short in one.plain for one in silent.blocks):
        return
    yield _unattributed(block, at, not zh, silent)


_PRONOUN_ZH: Final = re.compile(r"[他她]们?|这位|对方|自己")
_PRONOUN_EN: Final = re.compile(r"\b(?:he|she|they|him|her)\b", re.IGNORECASE)


def _unattributed(block: Block, at: int, in_zh: bool, silent: Said) -> Problem:
    language = Words("英文", "the English") if in_zh else Words("中文", "the Chinese")
    return found(
        block,
        at,
        "statements",
        Words(
            f"这里写明了是谁说的，{language.zh}里没有。",
            f"{language.en} does not say whose words these are",
        ),
        Words("在另一种文字里补上说话的人。", "name the speaker on the other side too"),
        shown(block.words),
        _where(silent),
        Severity.WARNING,
    )


def _where(said: Said) -> str:
    """The paragraph that should have spoken: the one with the quotation, if there is one."""
    block = next((block for block, _, _ in said.quotes), said.blocks[0])
    return across(block, 0, shown(block.words))


def read(pair: Pair) -> list[tuple[Bead, Said, Said]]:
    """What each pair of paragraphs quotes and attributes."""
    people = frozenset(
        key for key, name in pair.termbase.names.items() if name.kind is NameKind.PERSON
    )
    return [
        ((zh, en), Said(zh, people), Said(en, people))
        for zh, en in pair.beads
        if zh and en and not any(id(block) in pair.left_over for block in (*zh, *en))
    ]
