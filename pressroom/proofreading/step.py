"""In step: what both languages said when a person last found them to agree.

The record lies in the item's folder as in-step.txt, a line for each paragraph in the order of the
text, with an empty one between, so that two branches merge wherever their texts do:

    zh 3f2a9c1b5d7e 81aa.09c2 华胥省文化和旅游厅今天

language, the paragraph's fingerprint, its sentences' fingerprints, and how it begins. The folder's
name is not in it: moving or renaming an item marks nothing.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

import msgspec

from pressroom.proofreading.model import Bilingual, Termbase
from pressroom.proofreading.text import Block, Reading
from pressroom.words import LANGUAGES, Language

FILE: Final = "in-step.txt"
_HEAD: Final = (
    "# 中英文经人核对一致时各段的指纹，由 check --in-step 写入，请勿手改。\n"
    "# Fingerprints of the paragraphs that a person found to agree; written by check --in-step.\n"
)
_LINE: Final = re.compile(r"(zh|en) ([0-9a-f]{12}) ([0-9a-f.]*) ?(.*)")
_SENTENCES: Final[dict[Language, re.Pattern[str]]] = {
    "zh": re.compile(r"(?<=[。！？；])"),
    "en": re.compile(r"(?<=[.!?;])[”’\"]?\s+"),
}


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph as it was recorded."""

    fingerprint: str
    sentences: tuple[str, ...]
    opening: str


Recorded = dict[Language, dict[str, Paragraph]]


def _normal(text: str) -> str:
    """A paragraph without what is no change: spaces and line breaks."""
    return " ".join(text.split())


def _hash(text: str, size: int) -> str:
    return blake2b(text.encode(), digest_size=size).hexdigest()


def sentence_hash(text: str) -> str:
    """The fingerprint of one sentence: short, for it is only looked for within its item."""
    return _hash(text, 2)


def sentences(text: str, language: Language) -> list[str]:
    """A paragraph's sentences, normalised."""
    return [one.strip() for one in _SENTENCES[language].split(_normal(text)) if one.strip()]


def fingerprint(block: Block) -> Paragraph:
    """A block of today in the form of the record."""
    language = block.reading.language
    text = _normal(block.raw)
    parts = tuple(map(sentence_hash, sentences(text, language)))
    opening = _normal(block.words)[:12] if language == "zh" else " ".join(block.words.split()[:5])
    return Paragraph(_hash(text, 6), parts, opening)


def write(item: Bilingual) -> str:
    """The text of in-step.txt for an item as it stands now."""
    lines: dict[str, None] = {}
    for side in item.sides():
        for block in Reading(side, Termbase()).all:
            one = fingerprint(block)
            said = f"{side.language} {one.fingerprint} {'.'.join(one.sentences)} {one.opening}"
            lines[said.rstrip()] = None
    return _HEAD + "".join(f"\n{line}\n" for line in lines)


def read(text: str) -> Recorded:
    """A record; lines that are none (comments, marks of a merge) are passed over."""
    recorded: Recorded = {language: {} for language in LANGUAGES}
    for line in text.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        if match:
            language: Language = "zh" if match[1] == "zh" else "en"
            parts = tuple(part for part in match[3].split(".") if part)
            recorded[language][match[2]] = Paragraph(match[2], parts, match[4])
    return recorded


class Drift(msgspec.Struct):
    """What changed on one side since the record: blocks that are new, paragraphs that are gone."""

    new: list[Block]
    gone: list[Paragraph]


def drift(reading: Reading, recorded: dict[str, Paragraph]) -> Drift:
    """A side against its record."""
    now = {fingerprint(block).fingerprint: block for block in reading.all}
    return Drift(
        [block for key, block in now.items() if key not in recorded],
        [paragraph for key, paragraph in recorded.items() if key not in now],
    )


def newer(item: Bilingual) -> Language | None:
    """The language that was changed alone since both were in step: “the Chinese version is newer”."""
    if not item.in_step or item.zh is None or item.en is None:
        return None
    recorded = read(item.in_step)
    changed: list[Language] = []
    for side in (item.zh, item.en):
        change = drift(Reading(side, Termbase()), recorded[side.language])
        if change.new or change.gone:
            changed.append(side.language)
    return changed[0] if len(changed) == 1 else None
