"""Staleness: when one side changed after both were in step, the other is out of date, by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pressroom.problems import Problem, Severity
from pressroom.proofreading import step
from pressroom.proofreading.pair import Pair, across, found, shown
from pressroom.proofreading.text import Block
from pressroom.words import Language, Words, other

_LANGUAGE: Final = {"zh": Words("中文", "the Chinese"), "en": Words("英文", "the English")}


def out_of_step(pair: Pair) -> Iterator[Problem]:
    """A paragraph whose partner changed after a person found both to agree is marked as out of date."""
    item = pair.item
    if not item.in_step or pair.zh is None or pair.en is None:
        return
    recorded = step.read(item.in_step)
    if not recorded["zh"] or not recorded["en"]:
        return
    changed: dict[Language, step.Drift] = {
        "zh": step.drift(pair.zh, recorded["zh"]),
        "en": step.drift(pair.en, recorded["en"]),
    }
    for language in ("zh", "en"):
        mine, theirs = changed[language], changed[other(language)]
        fresh = {id(block) for block in theirs.new}
        known = {part for one in recorded[language].values() for part in one.sentences}
        explained = 0
        for block in mine.new:
            explained += 1
            partners = _partners(pair, block)
            if partners and any(id(one) in fresh for one in partners):
                continue  # both were changed: they were changed together
            if not partners and theirs.new:
                continue
            yield _stale(pair, block, partners, known)
        dropped = len(mine.gone) - explained
        if dropped > 0 and not theirs.gone:
            for paragraph in mine.gone[-dropped:]:
                yield _dropped(pair, language, paragraph)


def _partners(pair: Pair, block: Block) -> list[Block]:
    for zh, en in (*pair.field_beads, *pair.beads):
        if block in zh:
            return en
        if block in en:
            return zh
    return []


def _stale(pair: Pair, block: Block, partners: list[Block], known: set[str]) -> Problem:
    language = block.reading.language
    new = [
        one for one in step.sentences(block.raw, language) if step.sentence_hash(one) not in known
    ]
    what = shown("".join(new) if language == "zh" else " ".join(new), 90) or shown(block.words, 90)
    source = _LANGUAGE[language]
    target = partners[0] if partners else _before(pair, block)
    if target is None:
        opposite = pair.reading(other(language))
        assert opposite is not None
        return Problem(
            opposite.path,
            opposite.side.body_line,
            1,
            "out-of-step",
            Words(
                f"{source.zh}新增了一段：“{what}”。", f"{source.en} has a new paragraph: “{what}”"
            ),
            _MEND,
            opposite=across(block, 0, ""),
            severity=Severity.WARNING,
        )
    return found(
        target,
        0,
        "out-of-step",
        Words(
            f"{source.zh}已改动，这里还没有跟上；{source.zh}新写的是：“{what}”。",
            f"{source.en} has changed and this has not: “{what}” is new there",
        )
        if partners
        else Words(
            f"{source.zh}在这之后新增了一段：“{what}”。",
            f"{source.en} has a new paragraph after this: “{what}”",
        ),
        _MEND,
        shown(target.words),
        across(block, 0, what),
        Severity.WARNING,
    )


_MEND: Final = Words(
    "照着改过来，再用check --in-step记下两边一致。",
    "bring it up to date, then record it with check --in-step",
)


def _before(pair: Pair, block: Block) -> Block | None:
    """The block on the other side that answers what stands before a block."""
    last: Block | None = None
    for zh, en in pair.beads:
        mine, theirs = (zh, en) if block.reading.language == "zh" else (en, zh)
        if block in mine:
            return last
        if theirs:
            last = theirs[-1]
    return last


def _dropped(pair: Pair, language: Language, paragraph: step.Paragraph) -> Problem:
    reading = pair.reading(other(language))
    assert reading is not None
    source = _LANGUAGE[language]
    line = reading.side.body_line
    return Problem(
        reading.path,
        line,
        1,
        "out-of-step",
        Words(
            f"{source.zh}删去了以“{paragraph.opening}”开头的一段，这里还没有跟上。",
            f"{source.en} has dropped the paragraph that began “{paragraph.opening}”, and this side has not",
        ),
        _MEND,
        opposite=paragraph.opening,
        severity=Severity.WARNING,
    )
