"""Shape: paragraphs, headings, lists, tables, photographs and links correspond."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from math import log
from typing import Final

import msgspec

from pressroom.problems import Problem, Severity
from pressroom.proofreading.align import RATIO
from pressroom.proofreading.pair import Pair, across, found, shown
from pressroom.proofreading.text import (
    HEADING,
    PARAGRAPH,
    POINT,
    ROW,
    Address,
    Block,
    Reading,
)
from pressroom.words import Words, other

_LANGUAGE: Final = {"zh": Words("中文", "the Chinese"), "en": Words("英文", "the English")}


def _lone(pair: Pair, kind: str) -> Iterator[Block]:
    for zh, en in pair.beads:
        if zh and en:
            continue
        for block in (*zh, *en):
            if block.kind == kind:
                yield block


def _missing(block: Block, rule: str, name: Words) -> Problem:
    language = _LANGUAGE[other(block.reading.language)]
    return found(
        block,
        len(block.raw) - len(block.raw.lstrip()),
        rule,
        Words(
            f"{language.zh}里没有与这{name.zh}对应的内容。",
            f"{language.en} has nothing that answers this {name.en}",
        ),
        Words(
            f"在{language.zh}里补上，或者两边都删去。",
            f"add it to {language.en}, or remove it here",
        ),
        shown(block.words or block.raw),
    )


def paragraphs(pair: Pair) -> Iterator[Problem]:
    """Every paragraph has a partner; one that was split or joined in translation has."""
    for block in _lone(pair, PARAGRAPH):
        problem = _missing(block, "paragraphs", Words("段文字", "paragraph"))
        yield msgspec.structs.replace(problem, severity=_weight(pair, block))
    for block in _lone(pair, POINT):
        if _told(pair, block):
            yield _missing(block, "paragraphs", Words("段文字", "paragraph"))


def _weight(pair: Pair, block: Block) -> Severity:
    """A line without figures or names, as “同志们：”, may have gone into its neighbour, and so may what it has room for."""
    telling = block.forms or any(not token.soft for token in block.tokens)
    small = _size([block]) < LINE and not telling
    return Severity.WARNING if small or _room(pair, block) else Severity.ERROR


def _size(blocks: list[Block]) -> float:
    """How much blocks say, in English characters."""
    return sum(one.size * (RATIO if one.reading.language == "zh" else 1) for one in blocks)


def _room(pair: Pair, lone: Block) -> bool:
    """Whether a neighbour's partner is as long as if it answered this paragraph too."""
    mine = 0 if lone.reading.language == "zh" else 1
    at = next(index for index, bead in enumerate(pair.beads) if lone in bead[mine])
    for near in pair.beads[max(0, at - 1) : at + 2]:
        if near[mine] and near[1 - mine] and near[mine][0].kind == PARAGRAPH:
            here, there = _size(near[mine]) + 1, _size(near[1 - mine]) + 1
            if abs(log((here + _size([lone])) / there)) < abs(log(here / there)):
                return True
    return False


LINE: Final = 80


def _told(pair: Pair, point: Block) -> bool:
    """Whether a point's neighbours are paragraphs on the other side: 一、…… is no list to Markdown, “1. …” is."""
    kinds = [
        {block.kind for block in others}
        for zh, en in pair.beads
        for mine, others in ((zh, en), (en, zh))
        if others and any(block.kind == POINT and block.reading is point.reading for block in mine)
    ]
    return sum(PARAGRAPH in kind for kind in kinds) > len(kinds) / 2


def headings(pair: Pair) -> Iterator[Problem]:
    """Headings correspond, and are of the same level."""
    for block in _lone(pair, HEADING):
        yield _missing(block, "headings", Words("个标题", "heading"))
    for zh, en in pair.beads:
        if len(zh) == 1 and len(en) == 1:
            one, two = zh[0], en[0]
            if (one.kind == HEADING) != (two.kind == HEADING):
                yield _missing(
                    one if one.kind == HEADING else two, "headings", Words("个标题", "heading")
                )
            elif one.kind == HEADING and one.level != two.level:
                yield found(
                    two,
                    0,
                    "headings",
                    Words(
                        f"标题级别不同：中文是{'#' * one.level}，英文是{'#' * two.level}。",
                        f"the heading is of level {two.level}, and of level {one.level} in the Chinese",
                    ),
                    Words("改成同一级别。", "use the same number of #"),
                    shown(two.words),
                    across(one, 0, shown(one.words)),
                )


def lists(pair: Pair) -> Iterator[Problem]:
    """The points of a list correspond."""
    for block in _lone(pair, POINT):
        if not _told(pair, block):
            yield _missing(block, "lists", Words("个列表项", "point of the list"))


def tables(pair: Pair) -> Iterator[Problem]:
    """The rows of a table correspond, with as many cells."""
    for block in _lone(pair, ROW):
        yield _missing(block, "tables", Words("行表格", "row of the table"))
    for zh, en in pair.beads:
        if len(zh) == 1 and len(en) == 1 and zh[0].kind == en[0].kind == ROW:
            left, right = _cells(zh[0]), _cells(en[0])
            if left != right:
                yield found(
                    en[0],
                    0,
                    "tables",
                    Words(
                        f"这一行英文有{right}格，中文有{left}格。",
                        f"this row has {right} cells, and {left} in the Chinese",
                    ),
                    Words("补齐缺少的单元格。", "add the missing cell"),
                    shown(en[0].raw),
                    across(zh[0], 0, shown(zh[0].raw)),
                )


def _cells(block: Block) -> int:
    return block.raw.strip().strip("|").count("|") + 1


def _addresses(reading: Reading, kinds: tuple[str, ...]) -> list[Address]:
    return [one for block in reading.all for one in block.addresses if one.kind in kinds]


def photographs(pair: Pair) -> Iterator[Problem]:
    """The same photographs stand in both languages, in the same order."""
    if pair.zh is None or pair.en is None or pair.swapped:
        return
    zh, en = _addresses(pair.zh, ("photograph",)), _addresses(pair.en, ("photograph",))
    for mine, theirs, reading in ((zh, en, pair.zh), (en, zh, pair.en)):
        targets = {one.target for one in theirs}
        for one in mine:
            if one.target not in targets:
                language = _LANGUAGE[other(reading.language)]
                yield found(
                    one.block,
                    one.start,
                    "photographs",
                    Words(
                        f"{language.zh}里没有照片“{one.target}”。",
                        f"{language.en} has no photograph “{one.target}”",
                    ),
                    Words(
                        "在另一种文字里也放上这张照片，配上那种文字的说明。",
                        "put it into the other language too, with a caption there",
                    ),
                    one.target,
                )
    order_zh = [one.target for one in zh if one.target in {x.target for x in en}]
    order_en = [one.target for one in en if one.target in {x.target for x in zh}]
    if order_zh != order_en and sorted(order_zh) == sorted(order_en):
        first = next(
            one
            for one, target in zip((x for x in en if x.target in order_zh), order_zh, strict=False)
            if one.target != target
        )
        yield found(
            first.block,
            first.start,
            "photographs",
            Words(
                "照片的先后顺序与中文不同。",
                "the photographs stand in another order than in the Chinese",
            ),
            Words("两边按同样的顺序放照片。", "use the same order on both sides"),
            first.target,
            severity=Severity.WARNING,
        )


_REFERENCE: Final = re.compile(r"\{[a-z]+\}")
_OWN: Final = re.compile(r"/(?:zh|en)(?:/|$)")


def links(pair: Pair) -> Iterator[Problem]:
    """Links to items correspond, and lead to the item, not to its page in one language."""
    for reading in pair.readings():
        for one in _addresses(reading, ("link",)):
            if _OWN.match(one.target):
                yield found(
                    one.block,
                    one.start,
                    "links",
                    Words(
                        f"链接“{one.target}”固定指向一种语言的页面。",
                        f"the link “{one.target}” leads to the page in one language, whatever the reader's",
                    ),
                    Words(
                        "写成({release}年份/名称)，读者会到自己语言的页面。",
                        "write ({release}year/slug): readers then come to their own language",
                    ),
                    one.target,
                )
    if pair.zh is None or pair.en is None or pair.swapped:
        return
    left = [one for one in _addresses(pair.zh, ("link",)) if _REFERENCE.match(one.target)]
    right = [one for one in _addresses(pair.en, ("link",)) if _REFERENCE.match(one.target)]
    yield from _unmatched(pair, left, right, "links", Words("链接", "link"), lambda one: one.target)


_TWIN: Final = re.compile(
    r"(?<=[/=._-])(?:zh|en|cn|zh[-_](?:cn|hans|CN|Hans)|en[-_](?:gb|us|GB|US)|chinese|english|eng|chn|chs)(?=[/._&?#-]|$)"
)


def _twin(one: Address) -> str:
    """An address without what its two languages may differ in."""
    target = (
        one.target.removeprefix("https://")
        .removeprefix("http://")
        .removeprefix("mailto:")
        .removeprefix("www.")
    )
    return _TWIN.sub("*", target.rstrip("/"))


def addresses(pair: Pair) -> Iterator[Problem]:
    """Web and mail addresses are the same on both sides, or are each other's page in the other language."""
    if pair.zh is None or pair.en is None or pair.swapped:
        return
    kinds = ("link", "web", "mail")
    left = [one for one in _addresses(pair.zh, kinds) if not _internal(one)]
    right = [one for one in _addresses(pair.en, kinds) if not _internal(one)]
    yield from _unmatched(pair, left, right, "addresses", Words("地址", "address"), _twin)


def _internal(one: Address) -> bool:
    return one.kind == "link" and (not re.match(r"(?:https?:)?//|mailto:|tel:", one.target))


def _unmatched(
    pair: Pair,
    left: list[Address],
    right: list[Address],
    rule: str,
    name: Words,
    key: Callable[[Address], str],
) -> Iterator[Problem]:
    keys_left, keys_right = {key(one) for one in left}, {key(one) for one in right}
    # What stands in a paragraph without a partner is missing with it.
    lost_left = _first(
        [one for one in left if key(one) not in keys_right and id(one.block) not in pair.lone], key
    )
    lost_right = _first(
        [one for one in right if key(one) not in keys_left and id(one.block) not in pair.lone], key
    )
    for one in lost_right:
        like = max(
            lost_left,
            key=lambda two: SequenceMatcher(None, two.target, one.target).ratio(),
            default=None,
        )
        if like is not None and SequenceMatcher(None, like.target, one.target).ratio() > 0.6:
            lost_left.remove(like)
            yield found(
                one.block,
                one.start,
                rule,
                Words(
                    f"{name.zh}不一致：英文是“{one.target}”，中文是“{like.target}”。",
                    f"the {name.en} differs: “{one.target}” here, “{like.target}” in the Chinese",
                ),
                Words(
                    "查清哪个是对的，改正另一个。", "find out which is right and correct the other"
                ),
                one.target,
                across(like.block, like.start, like.target),
            )
        else:
            yield _lost(one, rule, name)
    for one in lost_left:
        yield _lost(one, rule, name)


def _first(found_: list[Address], key: Callable[[Address], str]) -> list[Address]:
    seen: set[str] = set()
    kept = []
    for one in found_:
        if key(one) not in seen:
            seen.add(key(one))
            kept.append(one)
    return kept


def _lost(one: Address, rule: str, name: Words) -> Problem:
    language = _LANGUAGE[other(one.block.reading.language)]
    return found(
        one.block,
        one.start,
        rule,
        Words(
            f"{language.zh}里没有{name.zh}“{one.target}”。",
            f"{language.en} has no {name.en} “{one.target}”",
        ),
        Words(
            f"在{language.zh}里补上，或者两边都删去。",
            f"add it to {language.en}, or remove it here",
        ),
        one.target,
    )


RULES = [paragraphs, headings, lists, tables, photographs, links, addresses]
