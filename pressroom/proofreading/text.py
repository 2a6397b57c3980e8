"""A language file cut into blocks, once, for all rules: paragraphs, headings, points, rows, photographs.

A block's `plain` is its text with all that is not prose (addresses, Markdown marks, references)
masked by \\x00, character by character, so that every offset still points into the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Set
from functools import cached_property
from typing import Final

from pressroom.proofreading import numerals_en, numerals_zh
from pressroom.proofreading.model import APOSTROPHE, Form, Side, Termbase, first_word
from pressroom.proofreading.tables import read_units
from pressroom.proofreading.tokens import FACT, Token
from pressroom.words import Language

# Kinds of blocks.
FIELD: Final = "field"
PARAGRAPH: Final = "paragraph"
HEADING: Final = "heading"
POINT: Final = "point"
ROW: Final = "row"
PHOTO: Final = "photograph"

MASK: Final = "\x00"


class Address:
    """A web or mail address, a reference or a photograph's file, where it stands."""

    __slots__ = ("block", "kind", "start", "target")

    def __init__(self, kind: str, target: str, start: int, block: Block) -> None:
        self.kind = kind
        self.target = target
        self.start = start
        self.block = block


class Quotation:
    """Words between quotation marks; `start` is the opening mark's offset in the block."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text


class Block:
    """One paragraph, heading, point of a list, row of a table, photograph or field."""

    __slots__ = (
        "addresses",
        "field",
        "forms",
        "index",
        "kind",
        "level",
        "offset",
        "plain",
        "raw",
        "reading",
        "size",
        "tokens",
    )

    def __init__(self, reading: Reading, kind: str, offset: int, raw: str, plain: str) -> None:
        self.reading = reading
        self.kind = kind
        self.offset = offset  # where raw begins in the file
        self.raw = raw
        self.plain = plain
        self.level = 0
        self.field = ""
        self.index = -1
        self.tokens: list[Token] = []
        self.addresses: list[Address] = []
        self.forms: list[tuple[int, Form]] = []  # names found: (offset in the block, form)
        self.size = 0

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset in this block."""
        return self.reading.place(self.offset + at)

    @property
    def line(self) -> int:
        lead = len(self.raw) - len(self.raw.lstrip())
        return self.place(lead)[0]

    @property
    def words(self) -> str:
        """The prose alone, on one line."""
        return " ".join(self.plain.replace(MASK, "").split())


class Reading:
    """A side, read: its fields and its body's blocks, with everything rules ask for found once."""

    def __init__(self, side: Side, termbase: Termbase) -> None:
        self.side = side
        self.language: Language = side.language
        self.path = side.path
        self.text = side.text
        self._lines = [0]
        find = side.text.find
        at = find("\n")
        while at >= 0:
            self._lines.append(at + 1)
            at = find("\n", at + 1)
        self.fields: dict[str, Block] = {}
        self.blocks: list[Block] = []
        self.wrong: Forms = []
        self._starts: list[int] = []
        self.joined = ""
        self.words: frozenset[str] = frozenset()  # of an English side, in lower case
        for name, (value, line) in side.fields.items():
            self._field(name, value, line)
        start = (
            self._lines[side.body_line - 1]
            if side.body_line <= len(self._lines)
            else len(side.text)
        )
        self.body = side.text[start:]
        self.body_offset = start
        self._cut(start)
        self._search(termbase)

    # -- places

    def place(self, offset: int) -> tuple[int, int]:
        index = bisect_right(self._lines, offset)
        return index, offset - self._lines[index - 1] + 1

    @cached_property
    def all(self) -> list[Block]:
        """Fields first, then the body's blocks."""
        return [*self.fields.values(), *self.blocks]

    @cached_property
    def prose(self) -> str:
        """The body's prose, without what is masked."""
        return "".join([block.plain for block in self.blocks]).replace(MASK, "")

    def variants(self) -> Iterator[tuple[Block, int, Form]]:
        """The forbidden variants of names, where they stand."""
        for at, form in self.wrong:
            index = bisect_right(self._starts, at) - 1
            yield self.all[index], at - self._starts[index], form

    # -- cutting

    def _field(self, name: str, value: str, line: int) -> None:
        start = self._lines[line - 1] if 0 < line <= len(self._lines) else 0
        at = self.text.find(value, start)
        offset = at if at >= 0 else start
        block = Block(self, FIELD, offset, value, value)
        block.field = name
        if _HINT.search(value):
            block.plain = self._masked(value, block)
        self.fields[name] = block

    def _cut(self, start: int) -> None:
        body = self.body
        block: Block | None = None
        at, line = -1, ""  # the line break before the first line
        for following in body.split("\n"):
            at, line = at + len(line) + 1, following
            if not line or line.isspace():
                block = None
                continue
            kind, mark = _kind(line)
            if kind == "rule":
                block = None
                continue
            if (
                block is not None
                and kind in (PARAGRAPH, "continued")
                and block.kind in (PARAGRAPH, POINT)
            ):
                self._extend(block, start + at, line)
                continue
            if kind == "continued":
                kind = PARAGRAPH
            block = Block(self, kind, start + at, line, "")
            if kind == HEADING:
                block.level = len(mark.strip())
            block.plain = MASK * len(mark) + line[len(mark) :]
            block.index = len(self.blocks)
            self.blocks.append(block)
        for block in self.blocks:
            if block.kind == ROW:
                block.plain = block.plain.replace("|", MASK)
            if _HINT.search(block.plain):
                block.plain = self._masked(block.plain, block)

    @staticmethod
    def _extend(block: Block, at: int, line: str) -> None:
        gap = at - block.offset - len(block.raw)
        block.raw += "\n" * gap + line
        block.plain += "\n" * gap + line

    def _masked(self, plain: str, block: Block) -> str:
        def mask(match: re.Match[str]) -> str:
            found = match[0]
            at = match.start()
            kind = match.lastgroup
            if kind == "fact":
                token = Token(FACT, found.removesuffix("#number"), at, match.end())
                block.tokens.append(token)
                return MASK * len(found)
            if kind == "picture":
                target = match["src"]
                block.addresses.append(Address("photograph", target, at, block))
                block.kind = PHOTO if block.kind == PARAGRAPH else block.kind
                return _keep(match, ("alt", "caption"))
            if kind == "link":
                target = match["to"]
                block.addresses.append(Address("link", target, match.start("to"), block))
                text = match["shown"]
                if _ADDRESS.fullmatch(text):
                    return MASK * len(found)
                return _keep(match, ("shown",))
            if kind in ("auto", "web"):
                target = found.strip("<>")
                trimmed = target.rstrip(".,;:!?。，；：！？）)")
                block.addresses.append(Address("web", trimmed, at + found.find(trimmed[:1]), block))
                return (
                    MASK * (len(found) - len(target) + len(trimmed)) + target[len(trimmed) :]
                    if kind == "web"
                    else MASK * len(found)
                )
            if kind == "mail":
                block.addresses.append(Address("mail", found.lower(), at, block))
                return MASK * len(found)
            return MASK * len(found)

        return _SPECIAL.sub(mask, plain)

    # -- searching

    def _search(self, termbase: Termbase) -> None:
        scan: Callable[[str], list[Token]] = (
            numerals_zh.scan
            if self.language == "zh"
            else lambda text: numerals_en.scan(text, self.words)
        )
        blocks = self.all
        # Everything is searched at once; \n\n keeps what is found from reaching into the next block.
        joined = self.joined = "\n\n".join([block.plain for block in blocks])
        starts = self._starts
        at = 0
        for block in blocks:
            starts.append(at)
            at += len(block.plain) + 2
            block.size = _size(block.plain, self.language)
        if self.language == "en":
            joined = joined.translate(APOSTROPHE) if "’" in joined or "\xa0" in joined else joined
            joined = _SINGLE_BREAK.sub(" ", joined)
            self.words = frozenset(map(str.lower, set(_EN_WORD.findall(joined))))
        forms, self.wrong = _both_forms(joined, termbase, self.language, self.words)
        index = 0
        last = len(starts) - 1
        for at, form in forms:
            while index < last and starts[index + 1] <= at:
                index += 1
            blocks[index].forms.append((at - starts[index], form))
        if forms:
            joined = _without(joined, forms)
        index = 0
        for token in scan(joined):
            while index < last and starts[index + 1] <= token.start:
                index += 1
            token.start -= starts[index]
            token.end -= starts[index]
            blocks[index].tokens.append(token)
        read_units(self.blocks, ROW, self.language == "zh")
        for block in blocks:
            if block.tokens and block.tokens[0].kind == FACT:
                block.tokens.sort(key=lambda token: token.start)


_POINT: Final = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])[ \t]+")
_ITEM: Final = re.compile(r"\s*>[ \t]?")


def _kind(line: str) -> tuple[str, str]:
    """What a line begins, and the mark it begins with."""
    first = line.lstrip(" \t")[:1]
    if first == "#":
        mark = re.match(r"\s*#{1,6}[ \t]+", line)
        if mark:
            return HEADING, mark[0]
    elif first == "|":
        if not line.strip(" \t|:-"):
            return "rule", ""
        return ROW, ""
    elif first in "-*+0123456789":
        mark = _POINT.match(line)
        if mark:
            return POINT, mark[0]
        if not line.strip(" \t*-_"):
            return "rule", ""
    elif first == ">":
        mark = _ITEM.match(line)
        if mark:
            return PARAGRAPH, mark[0]
    if line[0] in " \t":
        return "continued", ""
    return PARAGRAPH, ""


_HOST: Final = (
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|cn|gov|edu|int|example|info|io|uk|eu)"
)
_WEB: Final = rf"(?:https?://[^\s<>\"，。；：、）】》”\x00]+|(?<![\w@./-])(?:www\.)?{_HOST}(?:/[\w./?%&=~#+-]*)?(?![\w@]))"
_MAIL: Final = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_ADDRESS: Final = re.compile(rf"{_WEB}|{_MAIL}")
_SPECIAL: Final = re.compile(
    r"(?P<picture>!\[(?P<alt>[^\]\n]*)\]\((?P<src>[^\s()]*)(?:[ ]+\"(?P<caption>[^\n]*?)\")?\))"
    r"|(?P<link>(?<!!)\[(?P<shown>[^\[\]\n]*)\]\((?P<to>[^\s()]*)(?:[ ]+\"[^\"\n]*\")?\))"
    rf"|(?P<auto><(?:https?://|mailto:)[^\s<>]+>|<{_MAIL}>)"
    r"|(?P<fact>\{fact\}[a-z0-9-]+(?:@[0-9-]+)?(?:\#number)?)"
    rf"|(?P<mail>{_MAIL})"
    rf"|(?P<web>{_WEB})"
    r"|(?P<tag></?[a-zA-Z][^<>\n]*>)"
    r"|(?P<strong>\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w。，.!?！？])[*_](?!\w))"
)


# What every special form has in it: where this finds nothing, there is none.
_HINT: Final = re.compile(r"[\[<{@*_]|:/|[a-z0-9]\.[a-z]")


def _keep(match: re.Match[str], groups: tuple[str, ...]) -> str:
    """The match masked, except for some of its groups."""
    found = match[0]
    start = match.start()
    kept = [MASK] * len(found)
    for group in groups:
        if match[group]:
            a, b = match.start(group) - start, match.end(group) - start
            kept[a:b] = found[a:b]
    return "".join(kept)


_LATIN: Final = re.compile(r"[A-Za-z0-9]+")


def _size(plain: str, language: Language) -> int:
    """How much a block says, in characters; in Chinese a Latin word counts as two."""
    if language == "en":
        return len(plain) - plain.count(MASK)
    letters = plain.replace(MASK, "")
    latin = _LATIN.findall(letters)
    if latin:
        return len(letters) - sum(map(len, latin)) + 2 * len(latin)
    return len(letters)


_EN_WORD: Final = re.compile(r"[A-Za-z0-9_\u00c0-\u024f]+")


Forms = list[tuple[int, Form]]


def _both_forms(
    plain: str, termbase: Termbase, language: Language, words: frozenset[str]
) -> tuple[Forms, Forms]:
    """The names in a text and the forbidden variants in it, each longest first where they overlap."""
    right, wrong = termbase.index[language], termbase.wrong[language]
    if not right and not wrong:
        return [], []
    if language == "zh":
        handles: Set[str]
        if 2 * (len(right) + len(wrong)) < len(plain):
            handles = {handle for handle in (right.keys() | wrong.keys()) if handle in plain}
        else:
            handles = {plain[at : at + 2] for at in range(len(plain) - 1)}
    else:
        handles = words
    return _find(plain, right, handles, language, False), _find(
        plain, wrong, handles, language, True
    )


_SINGLE_BREAK: Final = re.compile(r"(?<!\n)\n(?!\n)")


_NAMESAKE: Final = re.compile(r" [A-Z][a-z]")


def _find(
    straight: str, index: dict[str, list[Form]], handles: Set[str], language: Language, wrong: bool
) -> Forms:
    hits: list[tuple[int, int, Form]] = []
    plain = straight
    if language == "zh":
        for handle in index.keys() & handles:
            for form in index[handle]:
                at = plain.find(form.text)
                while at >= 0:
                    hits.append((at, -len(form.text), form))
                    at = plain.find(form.text, at + 1)
    else:
        for handle in index.keys() & handles:
            for form in index[handle]:
                at = straight.find(form.text)
                size = len(form.text)
                while at >= 0:
                    end = at + size
                    whole = not (at and straight[at - 1].isalnum())
                    after = straight[end : end + 1]
                    if after.isalnum():
                        # the plural of a term is the term
                        whole = (
                            whole
                            and after == "s"
                            and not straight[end + 1 : end + 2].isalnum()
                            and not wrong
                        )
                    if whole and not form.full and not wrong and _NAMESAKE.match(straight, end):
                        whole = False  # Fang Shouxin is not the Fang whom the termbase means
                    if whole:
                        hits.append((at, -size, form))
                    at = straight.find(form.text, at + 1)
    if not hits:
        return []
    hits.sort(key=lambda hit: hit[:2])
    found: Forms = []
    end = 0
    for at, size, form in hits:
        if at >= end:
            found.append((at, form))
            end = at - size
    return found


def _without(plain: str, covered: list[tuple[int, Form]]) -> str:
    """The text with names masked: 方一鸣 is no number. A Latin letter that is left must not join a number."""
    parts = []
    last = 0
    for at, form in covered:
        size = len(form.text)
        parts.append(plain[last:at])
        parts.append(MASK * size)
        last = at + size
    parts.append(plain[last:])
    return "".join(parts)


QUOTED_ZH: Final = re.compile(r"“([^“”]*)”|「([^「」]*)」")
QUOTED_EN: Final = re.compile(r"“([^“”]*)”|\"([^\"\n]*)\"")


def quotations(block: Block) -> list[Quotation]:
    """The quotations of a block; marks that do not close are left to the copy rules."""
    plain = block.plain
    if "“" not in plain and '"' not in plain and "「" not in plain:
        return []
    pattern = QUOTED_ZH if block.reading.language == "zh" else QUOTED_EN
    return [
        Quotation(match.start(), match.end(), match[1] or match[2] or "")
        for match in pattern.finditer(plain)
    ]


def find_forms(plain: str, termbase: Termbase, language: Language) -> Forms:
    """Every name in a text: (offset, form), in order."""
    words = frozenset(map(str.lower, _EN_WORD.findall(plain))) if language == "en" else frozenset()
    return _both_forms(plain, termbase, language, words)[0]


__all__ = ["Block", "Quotation", "Reading", "find_forms", "first_word", "quotations"]
