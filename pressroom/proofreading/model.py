"""What the proofreader reads: one item in both languages, the termbase, and the ledger of facts.

Nothing here knows where the records come from; the library's records are turned into these.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from pressroom.models import Fact, FactRef, Kind, Name, NameKind
from pressroom.moments import Uncertain
from pressroom.words import Language, Words

__all__ = [
    "Bilingual",
    "Fact",
    "FactRef",
    "FactsLedger",
    "Name",
    "NameKind",
    "Side",
    "Termbase",
    "Uncertain",
    "Waiver",
]


class Side(msgspec.Struct, frozen=True, array_like=True):
    """One language file: `text` is the whole of it, `body_line` the line (from 1) its body begins on.

    `fields` are the texts of its front matter in this language (title, summary, captions …), each
    with the line on which it stands.
    """

    path: str
    language: Language
    text: str
    body_line: int
    fields: dict[str, tuple[str, int]] = {}


class Waiver(msgspec.Struct, frozen=True, array_like=True):
    """`proofread: [{allow: figures, because: "…"}]`: a rule this item breaks on purpose, and why."""

    allow: str
    because: str
    line: int
    path: str = ""


class Bilingual(msgspec.Struct, frozen=True, array_like=True):
    """One item as the proofreader sees it; everything a rule may depend on is in here.

    `live` items change with the ledger of facts and may not write its figures out. `in_step` is the
    text of the item's in-step.txt, "" where there is none.
    """

    key: str
    kind: Kind
    zh: Side | None
    en: Side | None
    date: date | None = None
    live: bool = False
    waivers: tuple[Waiver, ...] = ()
    in_step: str = ""
    embargo: datetime | None = None
    starts: Uncertain | None = None
    ends: Uncertain | None = None

    def side(self, language: Language) -> Side | None:
        return self.zh if language == "zh" else self.en

    def sides(self) -> tuple[Side, ...]:
        return tuple(side for side in (self.zh, self.en) if side is not None)


# The straight apostrophe and the curly one are the same letter in a name.
APOSTROPHE: Final = str.maketrans({"’": "'", "‘": "'", "\xa0": " "})


class Form(msgspec.Struct, frozen=True):
    """One way a name may be written in one language; `full` where it is the complete form."""

    text: str
    key: str
    full: bool


class Termbase:
    """Names and terms, indexed so that a text is searched only for names it can hold.

    Chinese forms are found by their first two characters, English ones by their first word: the
    cost of a text does not grow with the number of names.
    """

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self.names: dict[str, Name] = {name.key: name for name in names}
        self.index: dict[Language, dict[str, list[Form]]] = {"zh": {}, "en": {}}
        self.wrong: dict[Language, dict[str, list[Form]]] = {"zh": {}, "en": {}}
        self.forms: dict[Language, dict[str, tuple[str, ...]]] = {"zh": {}, "en": {}}
        # Short forms that several names have: Han is Han Yanqiu and Han Dayong.
        self.shared: dict[Language, dict[str, list[Form]]] = {"zh": {}, "en": {}}
        for name in self.names.values():
            for language, text in name.name.said():
                self._add(self.index, language, Form(text.translate(APOSTROPHE), name.key, True))
            for language, text in name.short.said():
                self._add(self.index, language, Form(text.translate(APOSTROPHE), name.key, False))
            for language, text in name.wrong:
                self._add(self.wrong, language, Form(text.translate(APOSTROPHE), name.key, False))
        for language in ("zh", "en"):
            for forms in self.index[language].values():
                for form in forms:
                    alike = [one for one in forms if one.text == form.text]
                    if len(alike) > 1:
                        self.shared[language][form.text] = alike
                    known = self.forms[language].get(form.key, ())
                    self.forms[language][form.key] = (*known, form.text)

    @staticmethod
    def _add(index: dict[Language, dict[str, list[Form]]], language: Language, form: Form) -> None:
        handle = form.text[:2] if language == "zh" else first_word(form.text)
        if handle:
            index[language].setdefault(handle, []).append(form)


def first_word(text: str) -> str:
    """The letters and digits a text begins with, in lower case."""
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[:end].lower()


class FactsLedger:
    """The figures of data/facts.yaml with their history."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self.facts: dict[str, Fact] = {fact.key: fact for fact in facts}
        # Which facts name an item as the source of a value: "release:2017/x" → (fact, index).
        self.cited: dict[str, list[tuple[Fact, int]]] = {}
        # The units of facts by language, longest first: what makes a literal figure suspicious.
        self.units: dict[Language, list[tuple[str, Fact]]] = {"zh": [], "en": []}
        for fact in self.facts.values():
            for index, value in enumerate(fact.values):
                if value.source:
                    self.cited.setdefault(value.source, []).append((fact, index))
            for language, unit in fact.unit.said():
                self.units[language].append((unit, fact))
        for units in self.units.values():
            units.sort(key=lambda pair: (-len(pair[0]), pair[1].key))


def both(zh: str, en: str) -> Words:
    return Words(zh, en)
