"""The ledger of facts: live pages take programme figures from it, a release that it cites states them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pressroom.models import Value
from pressroom.problems import Problem, Severity
from pressroom.proofreading.model import Fact
from pressroom.proofreading.pair import Pair, found
from pressroom.proofreading.text import Block, Reading
from pressroom.proofreading.tokens import DATE, FACT, NUMBER, Token, decimal
from pressroom.words import Language, Words

# Words between a figure and its unit: 5.9万个（行政）村, 59,000 administrative villages.
_GAP: Final[dict[Language, re.Pattern[str]]] = {
    "zh": re.compile(r"(?:多|余)?(?:个|名|所|家|位)?[\u4e00-\u9fff]{0,3}"),
    "en": re.compile(r"(?:[ -][a-z]+){0,2}[ -]"),
}
# Below this a figure says too little by itself: two facts of value 5 are no contradiction.
_SMALL: Final = 20


def _values(fact: Fact) -> dict[object, Value]:
    return {decimal(value.number.replace("_", "")): value for value in fact.values}


def _with_unit(block: Block, token: Token, unit: str) -> bool:
    """Whether the unit of a fact follows a figure."""
    rest = block.plain[token.end : token.end + len(unit) + 30]
    language = block.reading.language
    if language == "zh":
        bare = unit.lstrip("个名所家位")
        return any(
            rest.startswith(lead + form)
            for lead in ("", "多", "余")
            for form in (unit, bare)
            if form
        )
    if rest.lower().startswith((f" {unit}", f"-{unit}")):
        return True
    match = _GAP["en"].match(rest)
    return bool(match) and rest[match.end() :].lower().startswith(unit) if match else False


def literal_figures(pair: Pair) -> Iterator[Problem]:
    """A live page states a programme figure as {fact}key; one that is written out goes stale."""
    if not pair.item.live:
        return
    for reading in pair.readings():
        for block in reading.all:
            for token in block.tokens:
                if token.kind != NUMBER or isinstance(token.value, str):
                    continue
                for unit, fact in pair.facts.units[reading.language]:
                    if not _with_unit(block, token, unit):
                        continue
                    values = _values(fact)
                    if token.value in values:
                        at = values[token.value].as_of.text
                        latest = values[token.value] is fact.values[-1]
                        wanted = (
                            fact.key if latest else f"{fact.key}@{at.partition('/')[0].rstrip('~')}"
                        )
                        yield _literal(block, token, fact, wanted, equal=True)
                    elif token.value >= _SMALL:
                        yield _literal(block, token, fact, fact.key, equal=False)
                    break


def _literal(block: Block, token: Token, fact: Fact, wanted: str, equal: bool) -> Problem:
    text = block.plain[token.start : token.end]
    latest = fact.values[-1].number
    if equal:
        what = Words(
            f"这里把数据“{fact.label.zh}”直接写成了“{text}”。",
            f"the fact “{fact.label.en}” is written out here as “{text}”",
        )
    else:
        what = Words(
            f"“{text}”与数据“{fact.label.zh}”的任何一个值（最新：{latest}）都不一致。",
            f"“{text}” contradicts every value of the fact “{fact.label.en}” (latest: {latest})",
        )
    return found(
        block,
        token.start,
        "literal-figures",
        what,
        Words(
            f"改为{{fact}}{wanted}，数据更新时页面随之更新。",
            f"write {{fact}}{wanted}: the page then changes with the fact",
        ),
        text,
        latest,
    )


def ledger(pair: Pair) -> Iterator[Problem]:
    """A release that the ledger cites for a value states that value; a dated release writes figures out."""
    item = pair.item
    if item.kind == "release":
        for reading in pair.readings():
            for block in reading.all:
                for token in block.tokens:
                    if token.kind == FACT and "@" not in str(token.value):
                        yield found(
                            block,
                            token.start,
                            "ledger",
                            Words(
                                f"注明日期的新闻稿里用了“{token.value}”，数字会随数据变动。",
                                f"“{token.value}” in a dated release would change with the fact",
                            ),
                            Words(
                                "写出当日的数字，或写{fact}键@日期。",
                                "write the figure of the day, or {fact}key@date",
                            ),
                            str(token.value),
                        )
    reference = f"{item.kind}:{item.key.partition('/')[2]}"
    for fact, index in pair.facts.cited.get(reference, ()):
        value = fact.values[index]
        number = decimal(value.number.replace("_", ""))
        if number is None:
            continue
        for reading in pair.readings():
            if _states(reading, fact, number):
                continue
            unit = fact.unit[reading.language]
            near = _nearest(reading, unit)
            yield Problem(
                reading.path,
                near[0] if near else reading.side.body_line,
                near[1] if near else 1,
                "ledger",
                Words(
                    f"data/facts.yaml说“{fact.label.zh}”在{value.as_of.text}是{value.number}，来源是本稿；本稿里没有这个数字。",
                    f"data/facts.yaml cites this {item.kind} for “{fact.label.en}”: {value.number} as of {value.as_of.text}; the text does not state it",
                ),
                Words("改正本稿或data/facts.yaml中的一处。", "correct the text or data/facts.yaml"),
                near[2] if near else "",
                value.number,
            )


def _states(reading: Reading, fact: Fact, number: object) -> bool:
    for block in reading.all:
        for token in block.tokens:
            if token.kind == NUMBER and token.value == number:
                return True
            if token.kind == FACT and f"{{fact}}{fact.key}@" in f"{token.value}@":
                return True
    return _listed(reading, number)


def _listed(reading: Reading, number: object) -> bool:
    """“河南、四川、山西、新疆、云南五省”: small numbers are often only listed."""
    del reading
    return isinstance(number, int) and number <= 10


def _nearest(reading: Reading, unit: str) -> tuple[int, int, str] | None:
    """The first figure with the fact's unit: what probably should state the value."""
    for block in reading.all:
        for token in block.tokens:
            if token.kind == NUMBER and _with_unit(block, token, unit):
                line, column = block.place(token.start)
                return line, column, block.plain[token.start : token.end]
    return None


__all__ = ["DATE", "Severity", "ledger", "literal_figures"]
RULES = [literal_figures, ledger]
