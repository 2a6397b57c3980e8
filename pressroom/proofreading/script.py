"""Which language a text is written in: as a whole, and where a block leaves it."""

from __future__ import annotations

import re
from typing import Final

from pressroom.proofreading.text import FIELD, Block, Reading

_HANZI: Final = re.compile(r"[\u3400-\u9fff]")
_HANZI_RUN: Final = re.compile(
    r"[\u3400-\u9fff，。、；：“”《》！？\d]*[\u3400-\u9fff][\u3400-\u9fff，。、；：“”《》！？\d]*"
)
_LATIN_RUN: Final = re.compile(
    r"(?<![A-Za-z])[A-Za-z][A-Za-z’'-]*(?:[ ,;:.\d\n–-]+[A-Za-z][A-Za-z’'-]*){7,}"
)
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")
_FUNCTION: Final = re.compile(
    r"\b(?:the|of|and|to|in|is|was|for|that|with|on|are|by|has|have|will|it|said|this|there|were|as|at|than|from|be|not|he|she|they|we|you)\b",
    re.IGNORECASE,
)


def _foreign(block: Block) -> tuple[int, str] | None:
    """Where a block stops being in its language: offset and text."""
    plain = block.plain
    if block.reading.language == "zh":
        if not _LATIN.search(plain):
            return None
        if not _HANZI.search(plain) and len(_FUNCTION.findall(plain)) > 1:
            return 0, plain
        run = _LATIN_RUN.search(plain)
        if run and _FUNCTION.search(run[0]):
            return run.start(), run[0]
        return None
    if not _HANZI.search(plain):
        return None
    if not _LATIN.search(plain) and len(_HANZI.findall(plain)) > 5:
        return 0, plain
    for run in _HANZI_RUN.finditer(plain):
        hanzi = len(_HANZI.findall(run[0]))
        named = any(at <= run.start() < at + len(form.text) for at, form in block.forms)
        if named:
            continue
        inside = (
            plain[run.start() - 1 : run.start()] in ("(", "（", "《", "[", ",", "“") and hanzi <= 24
        )
        spaced = plain[max(0, run.start() - 2) : run.start()] in (", ", "; ", "( ") and hanzi <= 24
        if (hanzi >= 6 and not inside and not spaced) or hanzi > 40:
            return run.start(), run[0]
    return None


def _share(reading: Reading) -> float:
    """The share of Chinese in a body: a character says as much as three letters. -1 when it is too short."""
    text = reading.prose
    latin = len(text.encode("ascii", "ignore"))
    hanzi = len(text) - latin
    return 3 * hanzi / (3 * hanzi + latin) if len(text) >= 40 else -1.0


def in_wrong_language(reading: Reading) -> bool:
    """Whether a side as a whole is in the other language."""
    share = _share(reading)
    return share >= 0 and (share < 0.35 if reading.language == "zh" else share > 0.5)


def untranslated(block: Block) -> tuple[int, str] | None:
    """What of a block, or a field, is still in the other language: offset and text."""
    spot = _foreign(block)
    if spot is None and block.kind == FIELD:
        hanzi = len(_HANZI.findall(block.plain))
        if block.reading.language == "zh" and not hanzi and len(_LATIN.findall(block.plain)) >= 3:
            return 0, block.plain
        if block.reading.language == "en" and hanzi > 3 and not _LATIN.search(block.plain):
            return 0, block.plain
    return spot
