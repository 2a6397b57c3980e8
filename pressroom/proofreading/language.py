"""The language of the text: the right one, all of it, in simplified characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pressroom.problems import Problem
from pressroom.proofreading.pair import Pair, found, shown
from pressroom.proofreading.script import in_wrong_language, untranslated
from pressroom.words import Words


def wrong_language(pair: Pair) -> Iterator[Problem]:
    """A language file is in its own language."""
    for reading in pair.readings():
        if in_wrong_language(reading):
            zh = reading.language == "zh"
            yield Problem(
                reading.path,
                reading.side.body_line,
                1,
                "wrong-language",
                Words(
                    f"这个文件应当是{'中文' if zh else '英文'}，正文却是{'英文' if zh else '中文'}。",
                    f"this file should be in {'Chinese' if zh else 'English'}, and its body is in {'English' if zh else 'Chinese'}",
                ),
                Words("检查zh.md和en.md是否放反了。", "see whether zh.md and en.md were exchanged"),
                shown(reading.blocks[0].words if reading.blocks else ""),
            )


def left_over(pair: Pair) -> Iterator[Problem]:
    """No paragraph, sentence or title is left untranslated."""
    for reading in pair.readings():
        if in_wrong_language(reading):
            continue  # wrong-language has said so
        for block in reading.all:
            if id(block) not in pair.left_over:
                continue
            spot = untranslated(block)
            assert spot is not None
            zh = reading.language == "zh"
            yield found(
                block,
                spot[0],
                "left-over",
                Words(
                    f"这里留有没翻译的{'英文' if zh else '中文'}。",
                    f"{'English' if zh else 'Chinese'} was left here untranslated",
                ),
                Words(
                    "译成本文件的语言；确需保留的，用豁免写明理由。",
                    "translate it; where it must stay, waive the rule with a reason",
                ),
                shown(spot[1]),
            )


# Frequent characters outside GB/T 2312 that are written the same in both, or stand in simplified texts too.
SHARED: Final = frozenset(
    "伋伕佺偭偯偺僇僎僩儅儳兙兛兝兞兡兣劻勗卄吋呎嗧嘐堉塭塽墦奭姅屘屝崁巉帟彊徬惇愒慇抆撚撢擭敔昇昤晅晞暍暸杗枓栘梂梡梱棻楛榣"
    "槃橾櫂櫺歜毚汍沍沘沬泜洸浥浬涊湣湩湲潟潠澴濛濩濬炤焜煆煖燐燸玆玥玨珪珮琍琯璘璟瓖瓩甽疢痳瞋瞭砠硿祇祐穋箄籣籥糎糢縿耑脤脩"
    "脰芣苧蔆蘗衹裯褕褽覜觔觼詨詻誧谿豭賸跦跼踡迆迺遝郃鄗鄘釆釭鉼雊霤韹鯈鶸"
)


@lru_cache(maxsize=8192)
def is_traditional(character: str) -> bool:
    """Whether a character is written otherwise in simplified Chinese: frequent in Big5, not in GB/T 2312."""
    if character in SHARED:
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        # Big5's first level, up to C67E: the rare characters of its second are mostly the same in both.
        return b"\xa4" <= character.encode("big5", "ignore")[:1] < b"\xc9"
    return False


def traditional(pair: Pair) -> Iterator[Problem]:
    """A simplified text holds no traditional characters, except in names of the termbase."""
    reading = pair.zh
    if reading is None:
        return
    text = reading.text
    try:
        # One pass in C for the usual case; \\xa9 (©), dashes and the like are not Chinese anyway.
        _ODD.sub("", text).encode("gb2312")
    except UnicodeEncodeError:
        pass
    else:
        return
    for block in reading.all:
        bad = [
            (at, c)
            for at, c in enumerate(block.plain)
            if "\u3400" <= c <= "\u9fff" and is_traditional(c)
        ]
        if not bad:
            continue
        covered = [(at, at + len(form.text)) for at, form in block.forms]
        bad = [(at, c) for at, c in bad if not any(a <= at < b for a, b in covered)]
        if not bad:
            continue
        letters = "".join(dict.fromkeys(c for _, c in bad))
        yield found(
            block,
            bad[0][0],
            "traditional",
            Words(
                f"简体文字里有繁体字“{letters}”。",
                f"traditional characters in a simplified text: {letters}",
            ),
            Words(
                "改为简体；人名用字请列入data/names.yaml。",
                "write the simplified form; list a name that needs it in data/names.yaml",
            ),
            letters,
        )


_ODD: Final = re.compile(r"[^\u3400-\u9fff]+")

RULES = [wrong_language, left_over, traditional]
