"""Which paragraph answers which: alignment by length, figures and names, as Gale and Church did.

A bead joins no, one, two or three blocks of one side with those of the other; the cheapest chain of
beads is found by dynamic programming. Length alone is a weak witness in a free translation, so what
both sides must share (numbers, names, photographs, addresses) weighs in.
Source: W. A. Gale and K. W. Church, A Program for Aligning Sentences in Bilingual Corpora, 1993.
"""

from __future__ import annotations

from math import log
from typing import Final

from pressroom.proofreading.lexicon import ideas
from pressroom.proofreading.text import HEADING, PARAGRAPH, PHOTO, POINT, ROW, Block
from pressroom.proofreading.tokens import CLOCK, CODE, DATE, FACT, PHONE

Bead = tuple[list[Block], list[Block]]

# What a name of the termbase counts for in length, in English characters.
NAME: Final = 18
# English characters for one Chinese character.
RATIO: Final = 3.2
# What a difference in length weighs: about half over the variance of its logarithm, which is 0.16² on
# the odd pairs of the corpus; other translators are freer. These weights were chosen on the corpus, with
# paragraphs dropped, added and joined.
SPREAD: Final = 14.0
# Added to both lengths: the shorter a text, the less its length says.
SHORT: Final = 18.0
# Beads and what each costs before its blocks are looked at.
BEADS: Final = (
    (1, 1, 0.0),
    (1, 2, 3.6),
    (2, 1, 3.6),
    (0, 1, 3.6),
    (1, 0, 3.6),
    (2, 2, 5.6),
    (1, 3, 5.6),
    (3, 1, 5.6),
)
ALONE: Final = 0.2
# What it adds to join points of a list, or a point with a paragraph.
POINTS: Final = 3.5
# What each common word takes off that both sides use.
SPOKEN: Final = 0.3
# What each block adds that is joined with others and shares no figure, name or idea with their answer.
STRANGER: Final = 2.4
# How much of what a block speaks of must be spoken of in its answer, as one over this.
FAMILIAR: Final = 2.0
# What the same place in two tables of the same shape takes off.
ROWS: Final = 2.0
# How far from the diagonal a pair may lie: the cost stays linear for the longest texts.
# What figures and names that only one side has weigh, and how many shared ones are counted.
APART: Final = 5.0
MANY: Final = 8
# The most that shared figures and names can take off a bead's cost.
REWARD: Final = 0.7 * MANY
BAND: Final = 5


class _Part:
    """What the cost function asks of a block."""

    __slots__ = ("_ideas", "anchors", "block", "kind", "row", "size")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.kind = block.kind
        # A name is as long as its language makes it: it counts the same on both sides.
        named = sum(len(form.text) for _, form in block.forms)
        scale = 1.0 if block.reading.language == "en" else RATIO
        self.size = (block.size - named) * scale + NAME * len(block.forms)
        self.anchors = anchors(block)
        self._ideas: frozenset[int] | None = None
        self.row: tuple[int, int] | None = None  # which row of which table, where both have as many

    @property
    def ideas(self) -> frozenset[int]:
        """What the block speaks of; asked only where paragraphs are searched for."""
        if self._ideas is None:
            self._ideas = ideas(self.block.plain, self.block.reading.language == "zh")
        return self._ideas


def anchors(block: Block) -> frozenset[object]:
    """What a block must share with its partner."""
    found: set[object] = set()
    for token in block.tokens:
        if token.soft:
            continue
        if token.kind == DATE:
            if token.month:
                found.add((DATE, token.month, token.day))
        elif token.kind == CLOCK:
            if isinstance(token.value, int):
                found.add((CLOCK, token.value % 720))
        elif token.kind in (CODE, PHONE, FACT):
            found.add(token.value)
        else:
            found.add(token.value)
    for _, form in block.forms:
        found.add(form.key)
    for address in block.addresses:
        found.add(address.target)
    return frozenset(found)


def _cost(zh: list[_Part], en: list[_Part]) -> float:
    """How unlikely it is that these blocks say the same."""
    if len(zh) == 1 and len(en) == 1:
        one, two = zh[0], en[0]
        cost = _kinds(one.kind, two.kind)
        a, b = one.size, two.size
        first, second = one.anchors, two.anchors
    else:
        cost = 0.0
        kinds = {part.kind for part in zh} | {part.kind for part in en}
        if HEADING in kinds or ROW in kinds or PHOTO in kinds:
            return 60.0
        if len(kinds) > 1 or POINT in kinds:
            cost += POINTS  # points of a list are seldom joined
        a, b = sum(part.size for part in zh), sum(part.size for part in en)
        first = frozenset().union(*(part.anchors for part in zh))
        second = frozenset().union(*(part.anchors for part in en))
    gap = log((a + SHORT) / (b + SHORT))
    if zh[0].row is None or zh[0].row != en[0].row:
        cost += min(SPREAD * gap * gap, 9.0)
    else:
        cost -= ROWS
    if first or second:
        shared = len(first & second)
        cost += (
            APART * (1 - (2 * shared + 0.6) / (len(first) + len(second) + 0.6))
            - min(shared, MANY) * 0.7
        )
    return cost


def _apart(zh: list[_Part], en: list[_Part]) -> float:
    """What common words say against these blocks, or for them."""
    spoken_zh = frozenset[int]().union(*(part.ideas for part in zh))
    spoken_en = frozenset[int]().union(*(part.ideas for part in en))
    shared = len(spoken_zh & spoken_en)
    return STRANGER * (_strangers(zh, en) + _strangers(en, zh)) - SPOKEN * min(shared, 4)


def _strangers(parts: list[_Part], others: list[_Part]) -> float:
    """How many blocks of a joined side share little with the other: added ones, most likely."""
    if len(parts) < 2:
        return 0.0
    known: frozenset[object] = frozenset().union(*(other.anchors for other in others))
    spoken: frozenset[int] = frozenset().union(*(other.ideas for other in others))
    strange = 0.0
    for part in parts:
        if part.anchors & known or not (part.anchors or part.ideas):
            continue
        share = len(part.ideas & spoken) / len(part.ideas) if part.ideas else 0.0
        strange += max(0.0, 1 - FAMILIAR * share)
    return strange


def _kinds(one: str, two: str) -> float:
    if one == two:
        return 0.0
    if PHOTO in (one, two):
        return 60.0
    if ROW in (one, two):
        return 12.0
    if HEADING in (one, two):
        return 6.0
    if {one, two} == {PARAGRAPH, POINT}:
        return 1.2
    return 3.0


def _alone(part: _Part) -> float:
    """Leaving out a long paragraph is less likely than leaving out a line."""
    return ALONE + min(part.size / 400, 1.0) + min(len(part.anchors), 5) * 0.12


# Where every pair of two equally long texts is this cheap, no other chain is looked for.
FAIR: Final = 1.6


def align(zh: list[Block], en: list[Block]) -> list[Bead]:
    """The blocks of two sides in beads, in order."""
    left, right = [_Part(block) for block in zh], [_Part(block) for block in en]
    n, m = len(left), len(right)
    if not n or not m:
        return [([block], []) for block in zh] + [([], [block]) for block in en]
    if any(part.kind == ROW for part in left):
        _number_rows(left, right)
    # Most translations keep their paragraphs: where the ends answer each other, nothing is searched.
    if n == m and all(_cost([one], [two]) <= FAIR for one, two in zip(left, right, strict=True)):
        return [([one], [two]) for one, two in zip(zh, en, strict=True)]
    head = _witnessed(left, right, _run(left, right))
    rest = min(n, m) - head
    tail = _run(left[: -rest - 1 : -1], right[: -rest - 1 : -1]) if rest else 0
    tail = _witnessed(left[::-1], right[::-1], tail)
    middle = _search(left[head : n - tail], right[head : m - tail])
    return [
        *(([one], [two]) for one, two in zip(zh[:head], en[:head], strict=True)),
        *middle,
        *(([one], [two]) for one, two in zip(zh[n - tail :], en[m - tail :], strict=True)),
    ]


def _tables(parts: list[_Part]) -> list[list[_Part]]:
    """The rows of each table."""
    tables: list[list[_Part]] = []
    for at, part in enumerate(parts):
        if part.kind != ROW:
            continue
        if at and parts[at - 1].kind == ROW:
            tables[-1].append(part)
        else:
            tables.append([part])
    return tables


def _number_rows(left: list[_Part], right: list[_Part]) -> None:
    """Rows answer each other by their place, where two tables have as many."""
    tables = _tables(left), _tables(right)
    if len(tables[0]) != len(tables[1]):
        return
    for number, (one, other) in enumerate(zip(*tables, strict=True)):
        if len(one) == len(other):
            for row, (mine, yours) in enumerate(zip(one, other, strict=True)):
                mine.row = yours.row = (number, row)


def _run(left: list[_Part], right: list[_Part]) -> int:
    """How many blocks from the start are sure to answer each other, one to one."""
    count = 0
    for one, two in zip(left, right, strict=False):
        shared = len(one.anchors & two.anchors)
        if (
            one.kind != two.kind
            or abs(log((one.size + 12) / (two.size + 12))) > 0.35
            or shared < 0.75 * max(len(one.anchors), len(two.anchors))
        ):
            break
        count += 1
    return count


def _witnessed(left: list[_Part], right: list[_Part], run: int) -> int:
    """A run cut back to its last pair that shares a figure or name: length alone may deceive."""
    while run and not left[run - 1].anchors & right[run - 1].anchors:
        run -= 1
    # The last of them may have been joined with what comes next.
    return max(run - 1, 0)


def _search(left: list[_Part], right: list[_Part]) -> list[Bead]:
    """The cheapest chain of beads through two runs of blocks."""
    n, m = len(left), len(right)
    if not n or not m:
        return [([part.block], []) for part in left] + [([], [part.block]) for part in right]
    infinite = float("inf")
    best = [[infinite] * (m + 1) for _ in range(n + 1)]
    back: list[list[tuple[int, int]]] = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    slope = m / n
    band = abs(n - m) + BAND
    for i in range(n + 1):
        centre = i * slope
        row = best[i]
        for j in range(max(0, int(centre - band)), min(m, int(centre + band)) + 1):
            here = row[j]
            if here == infinite:
                continue
            for di, dj, price in BEADS:
                ni, nj = i + di, j + dj
                if ni > n or nj > m:
                    continue
                if not dj:
                    total = here + price + _alone(left[i])
                elif not di:
                    total = here + price + _alone(right[j])
                else:
                    total = here + price
                    if total >= best[ni][nj] + REWARD:
                        continue
                    total += _cost(left[i:ni], right[j:nj])
                    total += _apart(left[i:ni], right[j:nj])
                if total < best[ni][nj]:
                    best[ni][nj] = total
                    back[ni][nj] = (di, dj)
    beads: list[Bead] = []
    i, j = n, m
    while i or j:
        di, dj = back[i][j]
        beads.append(
            ([part.block for part in left[i - di : i]], [part.block for part in right[j - dj : j]])
        )
        i, j = i - di, j - dj
    beads.reverse()
    return beads
