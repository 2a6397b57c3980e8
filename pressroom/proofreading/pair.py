"""An item as all rules see it: both sides read once, aligned once, figures matched once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Final, TypeVar

from pressroom.problems import Problem, Severity
from pressroom.proofreading.align import Bead, align
from pressroom.proofreading.model import Bilingual, FactsLedger, Form, Termbase
from pressroom.proofreading.script import in_wrong_language, untranslated
from pressroom.proofreading.text import Block, Reading
from pressroom.words import Language, Words

Read = TypeVar("Read")

NOTHING: Final = Words()


class Pair:
    """Everything a rule may ask of an item."""

    def __init__(self, item: Bilingual, termbase: Termbase, facts: FactsLedger) -> None:
        self.item = item
        self.termbase = termbase
        self.facts = facts
        self.zh = Reading(item.zh, termbase) if item.zh else None
        self.en = Reading(item.en, termbase) if item.en else None
        self._read: dict[Callable[[Pair], Any], Any] = {}
        self._tell_apart()

    def _tell_apart(self) -> None:
        """A short form is the one's whom the item names in full: there are many Hans."""
        full = [
            form
            for reading in self.readings()
            for block in reading.all
            for _, form in block.forms
            if form.full
        ]
        keys = {form.key for form in full}
        for reading in self.readings():
            for block in reading.all:
                for index, (at, form) in enumerate(block.forms):
                    if form.full or form.key in keys:
                        continue
                    meant = next(
                        (
                            one.key
                            for one in full
                            if form.text in self.termbase.forms[reading.language].get(one.key, ())
                            or one.text.startswith(f"{form.text} ")
                        ),
                        "",
                    )
                    if meant:
                        block.forms[index] = (at, Form(form.text, meant, False))

    def reading(self, language: Language) -> Reading | None:
        return self.zh if language == "zh" else self.en

    def readings(self) -> tuple[Reading, ...]:
        return tuple(reading for reading in (self.zh, self.en) if reading is not None)

    @cached_property
    def swapped(self) -> bool:
        """Whether a side is in the wrong language as a whole: comparing it would only add noise."""
        return any(in_wrong_language(reading) for reading in self.readings())

    @cached_property
    def left_over(self) -> set[int]:
        """Blocks (by id) that hold a piece in the other language: they cannot be compared yet."""
        return {
            id(block) for reading in self.readings() for block in reading.all if untranslated(block)
        }

    @cached_property
    def lone(self) -> set[int]:
        """Blocks (by id) without a partner: what is in them is missing with them."""
        return {id(block) for zh, en in self.beads if not (zh and en) for block in (*zh, *en)}

    @cached_property
    def beads(self) -> list[Bead]:
        """The bodies' paragraphs side by side; empty when a language is missing."""
        if self.zh is None or self.en is None or self.swapped:
            return []
        return align(self.zh.blocks, self.en.blocks)

    @cached_property
    def field_beads(self) -> list[Bead]:
        """Title beside title, summary beside summary."""
        if self.zh is None or self.en is None or self.swapped:
            return []
        return [
            ([block], [self.en.fields[name]])
            for name, block in self.zh.fields.items()
            if name in self.en.fields
        ]

    def once(self, read: Callable[[Pair], Read]) -> Read:
        """What `read` makes of this item: several rules may ask, it is worked out once."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found


def found(
    block: Block,
    at: int,
    rule: str,
    what: Words,
    mend: Words = NOTHING,
    value: str = "",
    opposite: str = "",
    severity: Severity = Severity.ERROR,
) -> Problem:
    """A problem at an offset of a block."""
    line, column = block.place(at)
    return Problem(block.reading.path, line, column, rule, what, mend, value, opposite, severity)


def across(block: Block, at: int, text: str) -> str:
    """How the other side is quoted: file name, line, text."""
    line, _ = block.place(at)
    name = block.reading.path.rsplit("/", 1)[-1]
    return f"{name}:{line} {text}" if text else f"{name}:{line}"


def shown(text: str, limit: int = 48) -> str:
    """A text on one line, cut where it gets long."""
    text = " ".join(text.replace("\x00", "").split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


Beads = list[Bead]
__all__ = ["Beads", "Pair", "across", "found", "shown"]
