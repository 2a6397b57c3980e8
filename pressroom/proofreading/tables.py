"""What the figures of a table count: the unit stands once, in a column's head or above the table.

11.4 under 2026年（亿元） is 1,140 under 2026 (million yuan): each figure is read with its head's unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, Protocol

from pressroom.proofreading.tokens import NUMBER, Token, whole
from pressroom.words import Language


class Block(Protocol):
    """What is asked of a block of text."""

    kind: str
    raw: str
    plain: str
    tokens: list[Token]


_SCALE_ZH: Final = re.compile(
    r"(?<![每\d一二三四五六七八九十])(?P<power>[十百千]?[万亿]|万亿|千)(?=[元人个名户家件辆次公吨平亩美欧立千张册条美]|[）)]|$)"
)
_SCALE_EN: Final = re.compile(
    r"\b(?<!per )(?<!per ten )(?:(?P<tens>hundred |ten )?(?P<power>thousand|million|billion|trillion)s?|(?P<noughts>[’']000))\b"
)
_POWERS: Final = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8,
    "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "hundred ": 100, "ten ": 10,
}  # fmt: skip
# A line above a table that says what all of it counts.
_ABOVE_ZH: Final = re.compile(r"单位[:：].*|[（(][^）)\d]*[）)]\W*$")
_ABOVE_EN: Final = re.compile(r"(?i)\b(?:units?|in)\b:?[^\d.]*$|\([^)\d]*\)\W*$")
_CAPTION: Final = 160


def _scale(text: str, zh: bool) -> int:
    match = (_SCALE_ZH if zh else _SCALE_EN).search(text)
    if match is None:
        return 1
    if zh:
        scale = 1
        for c in match["power"]:
            scale *= _POWERS[c]
        return scale
    if match["noughts"]:
        return 1000
    return _POWERS[match["power"]] * _POWERS.get(match["tens"] or "", 1)


_CURRENCIES: Final[dict[Language, tuple[tuple[str, str], ...]]] = {
    "zh": (("美元", "USD"), ("欧元", "EUR"), ("英镑", "GBP"), ("日元", "JPY"), ("港元", "HKD"), ("元", "CNY")),
    "en": (
        ("yuan", "CNY"), ("RMB", "CNY"), ("Hong Kong dollar", "HKD"), ("HK$", "HKD"), ("dollar", "USD"), ("$", "USD"),
        ("euro", "EUR"), ("€", "EUR"), ("pound", "GBP"), ("£", "GBP"), ("yen", "JPY"),
    ),
}  # fmt: skip


def currency(cell: str, language: Language) -> str:
    """The currency that a column's head names."""
    return next((code for name, code in _CURRENCIES[language] if name in cell), "")


def read_units(blocks: Iterable[Block], rows: str, zh: bool) -> None:
    """Multiply the bare figures of every table by what its heads say."""
    above: Block | None = None
    scales: list[int] = []
    cells: list[str] = []
    inside = False
    for block in blocks:
        if block.kind != rows:
            above, inside = block, False
            continue
        if not inside:
            inside = True
            whole_table = 1
            if above is not None and len(above.plain) < _CAPTION:
                unit = (_ABOVE_ZH if zh else _ABOVE_EN).search(above.plain)
                whole_table = _scale(unit[0], zh) if unit else 1
            cells = block.raw.strip().strip("|").split("|")
            scales = [_scale(cell, zh) for cell in cells]
            if scales and max(scales) == 1:
                scales = [whole_table] * len(cells)
            continue
        for token in block.tokens:
            column = block.raw.count("|", 0, token.start) - block.raw.lstrip().startswith("|")
            if token.kind == NUMBER and 0 <= column < len(scales) and _bare(block, token):
                token.value = whole(Fraction(token.value) * scales[column])
                token.head = cells[column]


def _bare(block: Block, token: Token) -> bool:
    """Whether a figure is all there is in its cell."""
    before = block.raw.rfind("|", 0, token.start)
    after = block.raw.find("|", token.end)
    cell = block.raw[before + 1 : after if after >= 0 else None]
    return not re.sub(r"[\d.,\s*+−–-]", "", cell)
