"""The Markdown that press releases are made of, read without a Markdown parser; all else is left to one.

Paragraphs, headings, flat lists, photographs on their own, links, bold and figures: a body that
holds nothing else, as most do, is read here in a twentieth of the time that Python-Markdown and the
cleaner take, with the same result. A body that holds anything else is not read here at all. A test
compares both on any text.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

OPEN, CLOSE = "\ue000", "\ue001"

# How the kinds of references are written; pressroom.markup reads the same.
REFERENCE: Final = r"\{(release|event|programme|page|contact|name)\}([a-z0-9/-]+)"
FACT: Final = (
    r"\{fact\}([a-z0-9]+(?:-[a-z0-9]+)*)(?:@([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?))?(#number)?"
)


class Opened(msgspec.Struct):
    """What a body leaves open, in the order of its marks, and what in it has no place there."""

    refs: list[tuple[str, str]] = []  # (kind, key)
    facts: list[tuple[str, str, bool]] = []  # (key, date, number alone)
    photos: list[tuple[str, str, str]] = []  # (source, alt text, caption)
    stray: list[str] = []  # photographs inside a paragraph
    links: list[str] = []  # addresses that lead nowhere a reader can go
    tags: set[str] = set()  # HTML that would be taken out


# Characters that mean something to Markdown or to the cleaner wherever they stand.
_MEANING: Final = r"`\\\[\]<&*_{}|\xa0\x00-\x09\x0b-\x1f"
_RUN: Final = re.compile(f"[^{_MEANING}]*")
_INLINE: Final = re.compile(
    rf"(?<!!)\[([^{_MEANING}\n]+)\]\((?:{REFERENCE}|(https?://[\w.~:/?#=%+,;@-]+))\)"
    rf"|(?<!!)(\[[^{_MEANING}\n]+\])(?! ?[\[(:])"
    rf"|{FACT}"
    rf"|\*\*([^{_MEANING}\s](?:[^{_MEANING}\n]*[^{_MEANING}\s])?)\*\*(?!\*)",
    re.ASCII,
)
_PHOTO: Final = re.compile(
    rf'!\[([^{_MEANING}\n]*)\]\(([\w./-]+)(?: "([^{_MEANING}\n"]*)")?\)', re.ASCII
)
# Python-Markdown's reading of apostrophes before brackets, or around all, is its own.
_ODD_CAPTION: Final = re.compile(r"^'|'.*\)")
_HEADING: Final = re.compile(r"(#{2,4}) ([^#\n]+)")
_ITEMS: Final = re.compile(r"- [^\n]+(?:\n- [^\n]+)*")
# What a line may begin with that is a line of a paragraph and nothing else.
_LINE: Final = re.compile(r"[^\s#>*+:=~0-9-][^\n]*|[0-9]+(?![0-9]|\.\s|\.$)[^\n]*|-[^\s-][^\n]*")


def read(text: str) -> tuple[str, Opened] | None:
    """A body as clean HTML with marks, and what it leaves open; None when it wants a parser."""
    opened = Opened([], [], [], [], [], set())
    html: list[str] = []
    after_list = False
    for lines in text.split("\n\n"):
        block = lines.strip("\n")
        if not block:
            continue
        if block[:2] == "- ":
            if after_list or not _ITEMS.fullmatch(block):
                return None
            items = _lines(block[2:].replace("\n- ", "\n"), opened)
            if items is None:
                return None
            html.append("<ul>\n<li>" + items.replace("\n", "</li>\n<li>") + "</li>\n</ul>")
            after_list = True
            continue
        after_list = False
        if block[:1] == "#":
            heading = _HEADING.fullmatch(block)
            inner = _inline(heading[2], opened) if heading and _bare(heading[2]) else None
            if heading is None or inner is None:
                return None
            level = len(heading[1])
            html.append(f"<h{level}>{inner}</h{level}>")
        elif block[:2] == "![":
            photo = _PHOTO.fullmatch(block)
            caption = photo[3] or "" if photo else ""
            if photo is None or not _bare(caption) or _ODD_CAPTION.search(caption):
                return None
            opened.photos.append((photo[2], photo[1], caption))
            html.append(f"<p>{OPEN}p{len(opened.photos) - 1}{CLOSE}</p>")
        else:
            inner = _lines(block, opened)
            if inner is None:
                return None
            html.append(f"<p>{inner}</p>")
    return "\n".join(html), opened


def _bare(text: str) -> bool:
    """Whether there is no white space at either end, for Python-Markdown to strip or to keep."""
    return text == text.strip()


def _lines(block: str, opened: Opened) -> str | None:
    """A paragraph's lines, or None when one of them is something else."""
    read = []
    for line in block.split("\n"):
        inner = _line(line, opened)
        if inner is None:
            return None
        read.append(inner)
    return "\n".join(read)


def _line(line: str, opened: Opened) -> str | None:
    return _inline(line, opened) if _LINE.fullmatch(line) and _bare(line) else None


def _inline(text: str, opened: Opened) -> str | None:
    """One line with its links, figures and bold words, or None when there is more in it."""
    plain = _RUN.match(text)
    assert plain is not None
    if plain.end() == len(text):
        return text.replace(">", "&gt;")
    html = []
    at = 0
    for match in _INLINE.finditer(text):
        between = text[at : match.start()]
        if not _RUN.fullmatch(between):
            return None
        html.append(between.replace(">", "&gt;"))
        at = match.end()
        words, kind, key, address, bracketed, fact, day, number, bold = match.groups()
        if bracketed is not None:
            html.append(bracketed.replace(">", "&gt;"))
        elif fact is not None:
            opened.facts.append((fact, day or "", bool(number)))
            html.append(f"{OPEN}f{len(opened.facts) - 1}{CLOSE}")
        elif bold is not None:
            html.append(f"<strong>{bold.replace('>', '&gt;')}</strong>")
        else:
            if not _bare(words):
                return None
            if kind is not None:
                opened.refs.append((kind, key))
                address = f"{OPEN}l{len(opened.refs) - 1}{CLOSE}"
            html.append(f'<a href="{address}">{words.replace(">", "&gt;")}</a>')
    rest = text[at:]
    if not _RUN.fullmatch(rest):
        return None
    html.append(rest.replace(">", "&gt;"))
    return "".join(html)
