"""Clean HTML as plain blocks of text: what a wire, a Word file or an e-mail can carry."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import accumulate
from typing import Final, Literal

import msgspec

from pressroom.values import Body, Part
from pressroom.words import Language

# Opens a body: the one thing a maker is handed beside its values.
Parts = Callable[[Body], tuple[Part, ...]]

Kind = Literal["paragraph", "heading", "item", "quote", "preformatted", "row", "rule"]

_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_BLOCKS: Final = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "blockquote",
        "pre",
        "tr",
        "dt",
        "dd",
        "div",
        "section",
        "table",
        "ul",
        "ol",
        "dl",
        "hr",
    ]
)
_BOLD: Final = frozenset({"strong", "b", "th", "dt"})
_ITALIC: Final = frozenset({"em", "i", "cite"})


class Span(msgspec.Struct, frozen=True):
    """A run of text in one form; `href` is set when it is a link."""

    text: str
    href: str = ""
    bold: bool = False
    italic: bool = False


class Block(msgspec.Struct, frozen=True):
    """One block. `marker` is "•" or "1." on an item's first block, `depth` how deep the list stands.

    A table's row has its cells separated by a Span whose text is a tab.
    """

    kind: Kind
    spans: tuple[Span, ...]
    level: int = 0
    marker: str = ""
    depth: int = 0

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


class _List(msgspec.Struct):
    ordered: bool
    number: int


# A tag as nh3 and mammoth write it, or the text up to the next one; a stray < is text.
_TOKEN: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^">]|"[^"]*")*)>|([^<]+|<)')
_HREF: Final = re.compile(r' href="([^"]*)"')
_START: Final = re.compile(r' start="(\d+)"')


def _collapsed(text: str) -> str:
    # To look for what is rare is quicker than to replace every single space by itself.
    if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACE.sub(" ", text)
    return text


class _Reader:
    """One pass over clean HTML; white space is collapsed as a browser collapses it."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._spans: list[Span] = []
        self._lists: list[_List] = []
        self._href: list[str] = []
        self._bold = self._italic = self._quotes = self._pre = 0
        self._level = 0
        self._marker = ""
        self._row = False
        self._cells = 0

    def read(self, html: str) -> tuple[Block, ...]:
        for closing, tag, attributes, text in _TOKEN.findall(html):
            if text:
                self._add(unescape(text), raw=self._pre > 0)
            elif closing:
                self._end(tag)
            else:
                self._begin(tag, attributes)
        self._close()
        return tuple(self.blocks)

    def _begin(self, tag: str, attributes: str) -> None:
        if tag in _BLOCKS and not self._in_cell(tag):
            self._close()
        if tag in _BOLD:
            self._bold += 1
        elif tag in _ITALIC:
            self._italic += 1
        match tag:
            case "a":
                address = _HREF.search(attributes)
                self._href.append(unescape(address[1]) if address else "")
            case "q":
                self._add("“")
            case "br":
                self._add("\n", raw=True)
            case "hr":
                self.blocks.append(Block("rule", ()))
            case "ul" | "ol":
                start = _START.search(attributes)
                self._lists.append(_List(tag == "ol", int(start[1]) if start else 1))
            case "li" if self._lists:
                current = self._lists[-1]
                self._marker = f"{current.number}." if current.ordered else "•"
                current.number += 1
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._pre += 1
            case "tr":
                self._row, self._cells = True, 0
            case "td" | "th":
                if self._cells:
                    if self._spans:
                        last = self._spans[-1]
                        self._spans[-1] = msgspec.structs.replace(last, text=last.text.rstrip(" "))
                    self._add("\t", raw=True)
                self._cells += 1
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._level = int(tag[1])

    def _end(self, tag: str) -> None:
        if tag in _BLOCKS and not self._in_cell(tag):
            self._close()
        if tag in _BOLD:
            self._bold = max(0, self._bold - 1)
        elif tag in _ITALIC:
            self._italic = max(0, self._italic - 1)
        match tag:
            case "a" if self._href:
                self._href.pop()
            case "q":
                self._add("”")
            case "ul" | "ol" if self._lists:
                self._lists.pop()
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._pre = max(0, self._pre - 1)
            case "tr":
                self._row = False

    def _in_cell(self, tag: str) -> bool:
        """Whether a paragraph is a cell's: it opens no block, a second one follows after a space."""
        if self._row and tag in ("p", "div"):
            self._add(" ")
            return True
        return False

    def _add(self, text: str, *, raw: bool = False) -> None:
        if not raw:
            text = _collapsed(text)
            before = self._spans[-1].text[-1:] if self._spans else ""
            if text.startswith(" ") and (not before or before in " \n\t"):
                text = text[1:]
        if text:
            href = self._href[-1] if self._href else ""
            self._spans.append(Span(text, href, self._bold > 0, self._italic > 0))

    def _close(self) -> None:
        spans = _trimmed(self._spans)
        self._spans = []
        if spans:
            kind: Kind = (
                "row"
                if self._row
                else "heading"
                if self._level
                else "preformatted"
                if self._pre
                else "item"
                if self._lists
                else "quote"
                if self._quotes
                else "paragraph"
            )
            self.blocks.append(Block(kind, spans, self._level, self._marker, len(self._lists)))
            self._marker = ""
        self._level = 0


def _trimmed(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans without the white space at either end, neighbours of one form joined."""
    if len(spans) == 1:  # as nearly every block's
        (span,) = spans
        text = span.text.rstrip()
        return (
            (span if text == span.text else msgspec.structs.replace(span, text=text),)
            if text
            else ()
        )
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and (last.href, last.bold, last.italic) == (span.href, span.bold, span.italic):
            joined[-1] = msgspec.structs.replace(last, text=last.text + span.text)
        else:
            joined.append(span)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[-1] = msgspec.structs.replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


# A release's text goes into four files, one after the other.
@lru_cache(maxsize=16)
def blocks(html: str) -> tuple[Block, ...]:
    """Clean HTML (see markup.TAGS) as blocks in reading order; nothing that can be read is lost."""
    return _Reader().read(str(html))


def absolute(href: str, site: str) -> str:
    """An address as it can be written outside the site; "" when it only makes sense inside the page."""
    if href.startswith("#"):
        return ""
    return f"{site}{href}" if href.startswith("/") else href


def address_of(span: Span, site: str) -> str:
    """The address of a link as people write it; "" where there is none or the words are the address."""
    address = absolute(span.href, site)
    bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", address).rstrip("/")
    shown = re.sub(r"^https?://", "", span.text.strip()).rstrip("/")
    # A telephone number is said once however it is grouped.
    if address.startswith("tel:") and re.sub(r"[^\d+]", "", shown) == bare:
        return ""
    if not address or bare.casefold() == shown.casefold():
        return ""
    return address.removeprefix("mailto:").removeprefix("tel:")


def links(found: Iterable[Block], site: str) -> tuple[tuple[str, str], ...]:
    """Words and address of every link, in order, each address once."""
    out: dict[str, str] = {}
    for block in found:
        for span in block.spans:
            address = address_of(span, site) if span.href else ""
            if address:
                out.setdefault(address, span.text.strip())
    return tuple((words, address) for address, words in out.items())


# --- lines ---------------------------------------------------------------------------------------

# Source: W3C, Requirements for Chinese Text Layout (clreq), 3.1.4: what may not begin or end a line.
_NOT_FIRST: Final = frozenset("，。、；：？！…—～·’”）》】〉」』〕］｝%‰℃,.;:?!)]}")
_NOT_LAST: Final = frozenset("“‘（《【〈「『〔［｛([{￥$#")


class _Columns(dict[str, int]):
    """Columns that each character takes, looked up once: texts of thousands of pages ask for them."""

    def __init__(self, wide: str) -> None:
        super().__init__()
        self.wide = wide

    def __missing__(self, char: str) -> int:
        found = self[char] = (
            0
            if unicodedata.combining(char)
            else 2
            if unicodedata.east_asian_width(char) in self.wide
            else 1
        )
        return found


# Ambiguous characters (quotation marks, dashes) are as wide as those around them.
_COLUMNS: Final[dict[Language, _Columns]] = {"zh": _Columns("WFA"), "en": _Columns("WF")}


def width(text: str, language: Language) -> int:
    """Columns a text takes where Chinese characters are two wide; ambiguous ones follow the language."""
    return len(text) if text.isascii() else sum(map(_COLUMNS[language].__getitem__, text))


# What a character is to a line: H a Chinese character, F and L wide punctuation that may not begin
# or end a line, f and l narrow punctuation of the kind, e narrow punctuation that ends a phrase
# where Chinese stands before it, n any other narrow character.
class _Classes(dict[int, str]):
    """Classes by code point, looked up once, as str.translate asks for them."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        wide = _COLUMNS["en"][char] == 2
        if char == " ":
            found = " "
        elif char in _NOT_FIRST:
            found = "F" if wide else "e" if char in "—…”’" else "f"
        elif char in _NOT_LAST:
            found = "L" if wide else "l"
        else:
            found = "H" if wide else "n"
        self[code] = found
        return found


_CLASSES: Final = _Classes()

# Between these a line always breaks, whatever came before.
_BREAKS: Final = frozenset(
    [f"{one}{two}" for one in "HF" for two in "HLln"]
    + [f"{one}{two}" for one in "nfe" for two in "HL"]
    + [f" {two}" for two in "HFLnfel"]
)
# An unbreakable piece, in classes: a word, number or address; or a Chinese character with the
# punctuation that may not leave it, and what is narrow and stands at it. With the space after it.
_UNIT: Final = re.compile(
    "((?:[nfel]*(?:F|(?<=l)[HL])|[HL])(?:[Ffe]|(?<=[Ll])[HLnl]|(?<=[nf])[nl])*|[nfel]+) ?"
)
_SPACES: Final = re.compile("  +")


def wrapped(
    text: str, columns: int, language: Language, indent: str = "", first: str = ""
) -> list[str]:
    """A paragraph as lines of at most `columns` columns; longer only where a word or address is.

    `first` opens the first line, `indent` the following ones. A line break in the text is kept.
    """
    return list(_wrapped(text, columns, language, indent, first))


# Half of a release's lines are other releases' too: contacts, boilerplate, the notice.
@lru_cache(maxsize=1024)
def _wrapped(
    text: str, columns: int, language: Language, indent: str, first: str
) -> tuple[str, ...]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        opening = indent if lines else first
        tidy = _SPACES.sub(" ", paragraph).strip(" ")
        room = columns - width(opening, language)
        if len(tidy) <= room and width(tidy, language) <= room:
            lines.append(f"{opening}{tidy}".rstrip())
        else:
            following = columns - width(indent, language)
            for start, end in _cut(tidy, language, room, following):
                lines.append(f"{opening}{tidy[start:end]}".rstrip())
                opening = indent
    return tuple(lines)


# Characters that are one column wide in English text and break at spaces only.
_NARROW: Final = re.compile(r"[ -~\u2018-\u201d\u2013\u2014\u2026·éèü°£€©]*")


def _cut(text: str, language: Language, room: int, following: int) -> Iterator[tuple[int, int]]:
    """Where each line of a text begins and ends, `room` columns on the first one."""
    start = 0
    if language == "en" and _NARROW.fullmatch(text):
        while len(text) - start > room:
            at = text.rfind(" ", start, start + room + 1) + 1
            # A word longer than a line, or punctuation after a stray space: looked at piece by piece.
            if at <= start or text[at] in _NOT_FIRST:
                break
            yield start, at
            start, room = at, following
        else:
            yield start, len(text)
            return
    for begin, end in _cut_by_class(text[start:], language, room, following):
        yield start + begin, start + end


def _cut_by_class(
    text: str, language: Language, room: int, following: int
) -> Iterator[tuple[int, int]]:
    """The same for any text.

    From the last character that fits back to a sure break, then forward piece by piece: looking at
    every piece of a text takes five times as long.
    """
    classes = text.translate(_CLASSES)
    # Columns from the beginning of the text to each character.
    before: Sequence[int] = range(len(text) + 1)
    if not text.isascii():
        before = list(accumulate(map(_COLUMNS[language].__getitem__, text), initial=0))
    start = 0
    while start < len(text):
        fits = bisect_right(before, before[start] + room) - 1
        if fits >= len(text):
            yield start, len(text)
            return
        at = fits + (classes[fits] == " ")
        while at > start and classes[at - 1 : at + 1] not in _BREAKS:
            at -= 1
        while unit := _UNIT.match(classes, at):
            # Punctuation after a stray space hangs over the margin rather than begin a line.
            hangs = unit.end(1) - at <= 3 and text[at] in _NOT_FIRST
            if at > start and unit.end(1) > fits and not hangs:
                break
            at = unit.end()
        yield start, at
        start, room = at, following
