"""Copy: spaces, punctuation, quotation marks, line breaks; each with the mended line, most mended safely.

A slip is a pattern and what it becomes. Patterns see the text with addresses and marks masked, the
mend is made in the file itself, and a mend never changes a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import eq
from typing import Final, NamedTuple

import msgspec

from pressroom.problems import Problem, Severity
from pressroom.proofreading.model import Side, Termbase
from pressroom.proofreading.pair import Pair, found, shown
from pressroom.proofreading.text import MASK, ROW, Block, Reading
from pressroom.words import Language, Words

_H: Final = r"\u3400-\u9fff"
_ZH_STOPS: Final = "，。、；：？！"
_TO_FULL: Final = str.maketrans({",": "，", ".": "。", ";": "；", ":": "：", "?": "？", "!": "！"})
_TO_HALF: Final = str.maketrans(
    {
        "，": ",",
        "。": ".",
        "、": ",",
        "；": ";",
        "：": ":",
        "？": "?",
        "！": "!",
        "（": "(",
        "）": ")",
    }
)
_DIGITS_TO_HALF: Final = (
    {ord("０") + n: ord("0") + n for n in range(10)}
    | {ord("Ａ") + n: ord("A") + n for n in range(26)}
    | {ord("ａ") + n: ord("a") + n for n in range(26)}
    | {ord("％"): ord("%")}
)


class Slip(NamedTuple):
    """One kind of slip: where it is, what it becomes, and whether --fix may do it."""

    rule: str
    pattern: re.Pattern[str]
    mended: Callable[[re.Match[str]], str]
    what: Words
    safe: bool = True


def _slip(
    rule: str,
    pattern: str,
    mended: str | Callable[[re.Match[str]], str],
    zh: str,
    en: str,
    safe: bool = True,
) -> Slip:
    if isinstance(mended, str):
        template = mended

        def replace(match: re.Match[str]) -> str:
            return match.expand(template)

        return Slip(rule, re.compile(pattern), replace, Words(zh, en), safe)
    return Slip(rule, re.compile(pattern), mended, Words(zh, en), safe)


def _full(match: re.Match[str]) -> str:
    return match[0].strip(" ").translate(_TO_FULL)


def _half_spaced(match: re.Match[str]) -> str:
    mark = match[1].translate(_TO_HALF)
    if mark == "(":
        return " ("
    return mark + ("" if match[2] in ("", "\n", MASK) or not match[2].isalnum() else " ") + match[2]


def _narrow(match: re.Match[str]) -> str:
    return match[0].translate(_DIGITS_TO_HALF)


# What both languages share. A name is never touched: 3M,LG is read as two names.
_SHARED: Final = (
    _slip(
        "trailing-space",
        r"(?<=\S)[ \t\u3000]+(?=\n|\Z)",
        "",
        "行末有空格。",
        "spaces at the end of the line",
    ),
    _slip(
        "run-together",
        r"(?<=[A-Za-z,;:.)])(?=\x00\x01)",
        " ",
        "文字和网址连在一起。",
        "text runs into an address",
    ),
)

_SLIPS: Final[dict[Language, tuple[Slip, ...]]] = {
    "en": (
        *_SHARED,
        _slip(
            "doubled",
            r"(?<=[^\s.,;:!?…])([,;:!?])\1+(?!\1)|(?<=[A-Za-z])(\.)\.(?!\.)",
            lambda m: m[1] or m[2],
            "标点重复。",
            "a doubled punctuation mark",
        ),
        _slip(
            "doubled",
            r"(?i)\b(the|a|an|of|to|in|and|is|for|that|with|on)\s+\1\b(?!-)",
            r"\1",
            "单词重复。",
            "a doubled word",
        ),
        _slip("spacing", r"(?<=\S)[ \t]{2,}(?=\S)", " ", "有多余的空格。", "more than one space"),
        _slip(
            "spacing",
            r"(?<=[A-Za-z0-9)\]”’%])[ \t]+(?=[,;:.!?](?:\s|\Z|[”’]))",
            "",
            "标点前有空格。",
            "a space before a punctuation mark",
        ),
        _slip(
            "spacing",
            r"(?<=[A-Za-z0-9)”’])([,;])(?=[A-Za-z“(])",
            r"\1 ",
            "标点后缺空格。",
            "no space after a punctuation mark",
        ),
        _slip(
            "spacing",
            r"(?<=[a-z]{2})([:?!])(?=[A-Za-z“])",
            r"\1 ",
            "标点后缺空格。",
            "no space after a punctuation mark",
        ),
        _slip(
            "spacing",
            r"(?<=[a-z]{2})\.(?=[A-Z][a-z])",
            ". ",
            "句号后缺空格。",
            "no space after a full stop",
        ),
        _slip(
            "spacing",
            r"(?<=\d),(?=[A-Za-z])",
            ", ",
            "标点后缺空格。",
            "no space after a punctuation mark",
        ),
        _slip(
            "spacing",
            r"(?<=[A-Za-z0-9])\((?=[A-Za-z]{4})",
            " (",
            "括号前缺空格。",
            "no space before a bracket",
        ),
        _slip(
            "spacing",
            r"\([ \t]+(?=\S)|(?<=\S)[ \t]+\)",
            lambda m: m[0].strip(),
            "括号内侧有空格。",
            "a space inside a bracket",
        ),
        _slip(
            "punctuation",
            r"(?<=[A-Za-z0-9)”’\"%])([，。；：？！（])([\s\S]?)",
            _half_spaced,
            "英文里用了全角标点。",
            "a full-width punctuation mark in English",
        ),
        _slip(
            "punctuation",
            r"(?<=[A-Za-z0-9.!?])）",
            ")",
            "英文里用了全角标点。",
            "a full-width punctuation mark in English",
        ),
        _slip(
            "punctuation",
            r"[０-９Ａ-Ｚａ-ｚ]+",
            _narrow,
            "英文里用了全角字符。",
            "full-width characters in English",
        ),
    ),
    "zh": (
        *_SHARED,
        _slip("doubled", rf"([{_ZH_STOPS}])\1+", r"\1", "标点重复。", "a doubled punctuation mark"),
        _slip(
            "punctuation",
            rf"(?<=[{_H}”》）])[ ]?[,;:?!][ ]?(?=[{_H}“《（\d])|(?<=[{_H}”》）])[,;?!](?=\s|\Z)|(?<=[\d%A-Za-z])[,;?!](?=[{_H}“《（])",
            _full,
            "中文里用了半角标点。",
            "a half-width punctuation mark in Chinese",
        ),
        _slip(
            "punctuation",
            rf"(?<=[{_H}”》）])\.(?=[{_H}“《]|\s|\Z)(?!\.)",
            "。",
            "中文里用了半角句点。",
            "a half-width full stop in Chinese",
        ),
        _slip(
            "punctuation",
            rf"(?<=[{_H}])\((?=[^()\n]*[{_H}][^()\n]*\))|(?<=[{_H}])\)(?=[{_H}{_ZH_STOPS}])",
            lambda m: "（" if m[0] == "(" else "）",
            "中文里用了半角括号。",
            "half-width brackets in Chinese",
            safe=False,
        ),
        _slip(
            "punctuation",
            r"[０-９Ａ-Ｚａ-ｚ％]+",
            _narrow,
            "数字和字母用半角。",
            "full-width digits or letters",
        ),
        _slip(
            "spacing",
            rf"(?<=[{_H}{_ZH_STOPS}”》）])[ \t]+(?=[{_H}“《（{_ZH_STOPS}])",
            "",
            "中文字之间有空格。",
            "a space between Chinese characters",
        ),
        _slip(
            "spacing",
            rf"(?<=[\dA-Za-z])[ \t]+(?=[{_ZH_STOPS}])|(?<=[{_ZH_STOPS}])[ \t]+(?=[\dA-Za-z])",
            "",
            "标点旁边有空格。",
            "a space beside a punctuation mark",
        ),
        _slip(
            "line-break",
            rf"(?<=[{_H}，、；])\n[ \t]*(?=[{_H}])",
            "",
            "句子中间断了行。",
            "a line break inside a sentence",
        ),
    ),
}

# What no slip is without. A clean text is ruled out by these, over all of it, at the speed of C.
_HINTS: Final[dict[Language, tuple[re.Pattern[str], ...]]] = {
    "en": tuple(
        re.compile(pattern)
        for pattern in (
            r"[ \t\u3000](?:[ \t\u3000\n,;:.!?)]|\Z)|\([ \t]",
            r"[,;:!?](?=[A-Za-z“(,;:!?])",
            r"\.[A-Z.]",
            r"\((?<=[A-Za-z0-9]\()[A-Za-z]",
            r"[，。；：？！（）０-９Ａ-Ｚａ-ｚ]",
        )
    ),
    "zh": tuple(
        re.compile(pattern)
        for pattern in (
            rf"[ \t\u3000](?:[ \t\u3000\n,;:!?.()]|\Z|[{_H}“《（{_ZH_STOPS}])|[{_ZH_STOPS}][ \t]",
            rf"[,;:?!.()](?:(?<=[{_H}”》）].)|(?<=[\d%A-Za-z].)(?=[{_H}“《（]))",
            rf"([{_ZH_STOPS}])\1",
            r"[０-９Ａ-Ｚａ-ｚ％]",
            rf"\n(?<=[{_H}，、；]\n)[ \t]*[{_H}]",
        )
    ),
}


def _hinted(reading: Reading) -> bool:
    """Whether a side may hold a slip at all."""
    text = reading.joined
    if any(pattern.search(text) for pattern in _HINTS[reading.language]):
        return True
    if any(
        address.kind != "photograph" and address.kind != "link"
        for block in reading.all
        for address in block.addresses
    ):
        return True
    if reading.language == "en":
        words = _EN_WORDS.findall(text.lower())
        return any(map(eq, words, words[1:]))
    return False


_EN_WORDS: Final = re.compile(r"[a-z]+")


class Found(NamedTuple):
    """A slip in a block: where, which, and what it becomes."""

    start: int
    end: int
    slip: Slip
    mended: str


def _view(block: Block) -> str:
    """The plain text with the beginning of every address marked \\x00\\x01, for `run-together`."""
    plain = block.plain
    # a trailing space is outside the block only when the block ends the line
    if not block.addresses:
        return plain
    letters = list(plain)
    for address in block.addresses:
        if address.kind in ("web", "mail") and address.start + 1 < len(letters):
            at = address.start
            if block.raw[at : at + 1] == "<":
                continue
            if letters[at] == MASK and letters[at + 1] == MASK:
                letters[at + 1] = "\x01"
    return "".join(letters)


def slips(block: Block) -> Iterator[Found]:
    """The slips of one block, in order; where two overlap, the first one counts."""
    language = block.reading.language
    view = _view(block)
    hits: list[Found] = []
    for slip in _SLIPS[language]:
        for match in slip.pattern.finditer(view):
            if block.kind == ROW and not match[0].strip(" \t"):
                continue  # cells are set with spaces
            if slip.rule == "line-break" and not _breaks(block, match.start()):
                continue
            mended = slip.mended(match)
            if "\x00" in mended or "\x01" in mended:
                continue
            if slip.rule == "doubled" and match[0].lower() in ("that that",):
                continue
            hits.append(Found(match.start(), match.end(), slip, mended))
    hits.sort(key=lambda hit: (hit.start, hit.end))
    last = -1
    for hit in hits:
        if hit.start >= last:
            yield hit
            last = max(hit.end, hit.start + 1)


def _breaks(block: Block, at: int) -> bool:
    """Whether a line break is inside a sentence: a signature of short lines is not."""
    plain = block.plain
    start = plain.rfind("\n", 0, at) + 1
    return len(plain[start:at]) >= 12 and "\x00" not in plain[at : at + 2]


def _mended_line(block: Block, hits: list[Found], at: int) -> str:
    """The line at an offset as it would be after all mends in it."""
    start = block.raw.rfind("\n", 0, at) + 1
    # A mend may take the line break away: then the line goes on.
    after = max((hit.end for hit in hits if hit.start == at), default=at)
    end = block.raw.find("\n", after)
    end = len(block.raw) if end < 0 else end
    line = block.raw[start:end]
    for hit in reversed(hits):
        if start <= hit.start and hit.end <= end:
            line = line[: hit.start - start] + hit.mended + line[hit.end - start :]
    return line.strip()


def _rule(name: str) -> Callable[[Pair], Iterator[Problem]]:
    def rule(pair: Pair) -> Iterator[Problem]:
        for block, hits in pair.once(all_slips):
            for hit in hits:
                if hit.slip.rule != name:
                    continue
                at = hit.start
                yield found(
                    block,
                    at,
                    name,
                    hit.slip.what,
                    Words(
                        f"改为：{_mended_line(block, hits, at)}",
                        f"mended: {_mended_line(block, hits, at)}",
                    ),
                    shown(block.raw[max(0, at - 8) : hit.end + 8]),
                    severity=Severity.ADVICE,
                )

    return rule


def all_slips(pair: Pair) -> list[tuple[Block, list[Found]]]:
    """Every block with slips; what all rules of this module share."""
    result = []
    for reading in pair.readings():
        if not _hinted(reading):
            continue
        for block in reading.all:
            hits = list(slips(block))
            if hits:
                result.append((block, hits))
    return result


spacing = _rule("spacing")
spacing.__doc__ = (
    "No doubled space, none missing after a comma or full stop, none between Chinese characters."
)
punctuation = _rule("punctuation")
punctuation.__doc__ = (
    "Chinese has full-width punctuation, English half-width; digits and letters are half-width."
)
doubled = _rule("doubled")
doubled.__doc__ = "No punctuation mark and no small word stands twice."
run_together = _rule("run-together")
run_together.__doc__ = "Text does not run into an address: “Weibohttp://…”."
line_break = _rule("line-break")
line_break.__doc__ = "No line break inside a Chinese sentence: browsers show it as a space."
trailing_space = _rule("trailing-space")
trailing_space.__doc__ = "No spaces at the end of a line."


# --- quotation marks: the whole file decides ----------------------------------------------------


def quotation_marks(pair: Pair) -> Iterator[Problem]:
    """One file uses one kind of quotation marks, curly or straight (Chinese: curly), and closes them."""
    for reading in pair.readings():
        zh = reading.language == "zh"
        curly = "“" in reading.text or "”" in reading.text
        if '"' in reading.body and (curly or zh):
            for block in reading.all:
                at = block.plain.find('"')
                if at < 0:
                    continue
                mended = _curled(block.raw, block.plain)
                yield found(
                    block,
                    at,
                    "quotation-marks",
                    Words("中文用弯引号“ ”。", "Chinese takes curly quotation marks")
                    if zh
                    else Words(
                        "直引号和弯引号混用。", "straight and curly quotation marks are mixed"
                    ),
                    Words(
                        f"改为：{_line_of(mended, block.raw, at)}",
                        f"mended: {_line_of(mended, block.raw, at)}",
                    ),
                    shown(block.raw[max(0, at - 8) : at + 24]),
                    severity=Severity.ADVICE,
                )
        if curly:
            for block in reading.all:
                opened, closed = block.plain.count("“"), block.plain.count("”")
                if opened != closed and not _continues(reading, block, opened, closed):
                    at = (
                        max(block.plain.find("“"), 0)
                        if opened > closed
                        else max(block.plain.find("”"), 0)
                    )
                    yield found(
                        block,
                        at,
                        "quotation-marks",
                        Words("引号没有成对。", "a quotation mark is not closed or not opened"),
                        Words("补上缺少的引号。", "add the missing mark"),
                        shown(block.plain[at : at + 32]),
                        severity=Severity.ADVICE,
                    )


def _continues(reading: Reading, block: Block, opened: int, closed: int) -> bool:
    """A quotation over several paragraphs opens in each and closes in the last."""
    if opened != closed + 1 or block.index < 0:
        return False
    # Such a quotation begins the paragraph, or what somebody says: 他说：“……
    start = block.plain.rfind("“")
    if block.plain[:start].strip(MASK + " ")[-1:] not in ("", *"：:，,。.！？!?"):
        return False
    following = reading.blocks[block.index + 1 : block.index + 2]
    return any(one.plain.lstrip(MASK + " ").startswith("“") for one in following)


def _curled(raw: str, plain: str) -> str:
    """Straight double quotation marks made curly, in turn; unchanged when they are not in pairs."""
    spots = [at for at, c in enumerate(plain) if c == '"']
    if len(spots) % 2:
        return raw
    letters = list(raw)
    for index, at in enumerate(spots):
        letters[at] = "”" if index % 2 else "“"
    return "".join(letters)


def _line_of(mended: str, raw: str, at: int) -> str:
    start = raw.rfind("\n", 0, at) + 1
    end = mended.find("\n", at)
    return mended[start : end if end >= 0 else len(mended)].strip()


# --- autocorrect --------------------------------------------------------------------------------

# Spacing between Chinese and Latin is the theme's work (text-autospace); the rest is its advice.
_SETTINGS: Final = {
    "rules": {
        "space-word": 0,
        "space-punctuation": 0,
        "space-bracket": 0,
        "space-backticks": 0,
        "space-dash": 0,
        "space-dollar": 0,
        "fullwidth": 1,
        "no-space-fullwidth": 1,
        "no-space-fullwidth-quote": 1,
        "halfwidth-word": 1,
        "halfwidth-punctuation": 1,
        "spellcheck": 0,
    }
}


@lru_cache(maxsize=1)
def _autocorrect() -> Callable[[str], str]:
    import autocorrect_py  # a compiled module: loaded once a process, and only when texts are checked

    settings = msgspec.json.encode(_SETTINGS).decode()
    autocorrect_py.load_config(settings)  # type: ignore[attr-defined]  # the package's stub leaves it out
    return autocorrect_py.format


def autocorrect(pair: Pair) -> Iterator[Problem]:
    """autocorrect's advice for Chinese text, where no rule of our own has spoken."""
    reading = pair.zh
    if reading is None:
        return
    advise = _autocorrect()
    text = reading.joined.replace("\u3000", MASK)  # a wide space sets off columns
    if advise(text) == text:
        return
    spoken = {id(block) for block, _ in pair.once(all_slips)}
    for block in reading.all:
        if id(block) in spoken:
            continue
        plain = block.plain.replace("\u3000", MASK)
        new = advise(plain)
        if new == plain or plain.count(MASK) != new.count(MASK):
            continue
        at = next(
            (at for at, (a, b) in enumerate(zip(plain, new, strict=False)) if a != b), len(new) - 1
        )
        masked = iter([raw for raw, c in zip(block.raw, plain, strict=True) if c == MASK])
        advised = "".join([next(masked) if c == MASK else c for c in new])
        yield found(
            block,
            at,
            "autocorrect",
            Words("标点或全半角可以更规范。", "punctuation or width could follow the usual form"),
            Words(f"建议：{shown(advised, 200)}", f"advised: {shown(advised, 200)}"),
            shown(block.raw[max(0, at - 8) : at + 16]),
            severity=Severity.ADVICE,
        )


# --- mending ------------------------------------------------------------------------------------


def fix(side: Side) -> str:
    """The whole file with the safe mends made in its body; equal to `side.text` when there are none."""
    reading = Reading(side, Termbase())
    text = side.text
    for block in reversed(reading.blocks):
        hits = [hit for hit in slips(block) if hit.slip.safe]
        raw, plain = block.raw, block.plain
        if '"' in plain and ("“" in side.text or side.language == "zh"):
            raw = _curled(raw, plain)
        for hit in reversed(hits):
            raw = raw[: hit.start] + hit.mended + raw[hit.end :]
        if raw != block.raw:
            text = text[: block.offset] + raw + text[block.offset + len(block.raw) :]
    return text


RULES = [
    spacing,
    punctuation,
    doubled,
    run_together,
    line_break,
    trailing_space,
    quotation_marks,
    autocorrect,
]
