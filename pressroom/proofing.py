"""Proofreading of the whole library: the rules of `proofreading` over every item, cached by content.

An item is read again when its own bytes changed, when its in-step record did, or what it is held
against: the names, and of the facts all for a live page, those that cite it for a release.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from pressroom.ledger import changed
from pressroom.library import Library, read_text
from pressroom.models import Fact, Item, Status
from pressroom.order import early, early_figures
from pressroom.parallel import spread
from pressroom.problems import Problem, Severity
from pressroom.reach import ageing, unreachable
from pressroom.store import Damaged, Store, hexdigest, part_of
from pressroom.words import LANGUAGES, Language, other

if TYPE_CHECKING:
    # The rules are imported when there is something to read: their patterns take a tenth of a second.
    from pressroom.proofreading import Bilingual
    from pressroom.proofreading.report import Waived

Progress = Callable[[str, int, int], None]


class Read(msgspec.Struct, array_like=True):
    """What the rules said of an item, for the state that `key` stands for."""

    key: str
    problems: list[Problem]
    newer: str = ""  # the language that was changed alone since both were in step


class Proof(msgspec.Struct):
    """The proofreader's report on the whole library."""

    problems: list[Problem]
    waived: list[Waived]
    stale: frozenset[str]  # "item key:language" of every side whose twin is newer


# What is known of a library that nobody proofread.
UNREAD: Final = Proof([], [], frozenset())

_KEPT: Final = "proof"
_encode: Final = msgspec.msgpack.Encoder().encode
_decoder: Final = msgspec.msgpack.Decoder(dict[str, Read])


def bilingual(read: Library, item: Item) -> Bilingual:
    """An item as the proofreader sees it; its files are read from disk."""
    from pressroom.proofreading import Bilingual, Side, Waiver

    sides: dict[Language, Side] = {}
    for side in item.sides():
        got = read_text(read.root, read.root.name, f"{item.key}/{side.language}.md", [])
        fields: dict[str, tuple[str, int]] = {
            name: (str(getattr(side, name)), side.lines[name])
            for name in ("title", "summary", "theme")
            if name in side.lines
        }
        sides[side.language] = Side(
            side.path, side.language, got[0] if got else "", side.body_line, fields
        )
    embargoes = [side.embargo for side in item.sides() if side.embargo is not None]
    said_in, _ = item.place_of("proofread") or ("", 0)
    return Bilingual(
        key=item.key,
        kind=item.kind,
        zh=sides.get("zh"),
        en=sides.get("en"),
        date=item.date,
        live=item.kind != "release",
        waivers=tuple(
            Waiver(each.allow, each.because, each.line, said_in)
            for each in read.waivers.get(item.key, ())
        ),
        in_step=read.in_step.get(item.key, ""),
        embargo=max(embargoes, default=None),
        starts=item.starts,
        ends=item.ends,
    )


class Proofreading:
    """One reading of the library: what is known from before, and what is still to be read."""

    def __init__(self, read: Library, store: Store) -> None:
        self.read = read
        self.store = store
        self.kept = _recall(store)
        self.keys = _keys(read)
        self.todo = [
            item
            for key, item in read.items.items()
            if key not in self.kept or self.kept[key].key != self.keys[key]
        ]

    def stale(self) -> frozenset[str] | None:
        """Which sides are out of date, where that is known before reading: only what has an in-step record can be."""
        if any(item.key in self.read.in_step for item in self.todo):
            return None
        unread = {item.key for item in self.todo}
        return frozenset(
            f"{key}:{other(result.newer)}"
            for key, result in self.kept.items()
            if result.newer in LANGUAGES and key in self.read.items and key not in unread
        )

    def finish(self, jobs: int, horizon: int, progress: Progress | None = None) -> Proof:
        """Read what is to be read: every problem, every waiver in force, and which sides are out of date."""
        read, kept = self.read, self.kept
        if self.todo:
            self._read(jobs, progress)
        gone = kept.keys() - read.items.keys()
        for key in gone:
            del kept[key]
        self._keep({part_of(item.key) for item in self.todo} | {part_of(key) for key in gone})
        problems = [
            *early(read.items, horizon),
            *early_figures(read.items, read.data.facts, horizon),
            *unreachable(read.items, read.data, horizon),
            *ageing(read.data, f"{read.root.name}/data/contacts.yaml", horizon),
        ]
        stale = set()
        for key, result in kept.items():
            if result.problems:
                problems += _weighed(read.items[key], result.problems)
            if result.newer in LANGUAGES:
                stale.add(f"{key}:{other(result.newer)}")
        return Proof(problems, waived(read), frozenset(stale))

    def _read(self, jobs: int, progress: Progress | None) -> None:
        from pressroom.proofreading import FactsLedger, Termbase, proofread, step

        read, todo, keys = self.read, self.todo, self.keys
        termbase = Termbase(read.data.names.values())
        facts = FactsLedger(read.data.facts.values())

        def work(items: Sequence[Item]) -> list[bytes]:
            found = []
            for item in items:
                seen = bilingual(read, item)
                found.append(
                    Read(keys[item.key], proofread(seen, termbase, facts), step.newer(seen) or "")
                )
            return [_encode(found)]

        done = 0
        for start, answers in spread(work, todo, jobs, batch=32, least=32):
            for answer in answers:
                for item, result in zip(
                    todo[start:], msgspec.msgpack.decode(answer, type=list[Read]), strict=False
                ):
                    self.kept[item.key] = result
                    done += 1
            if progress is not None:
                progress("proofread", done, len(todo))

    def _keep(self, changed_parts: set[str]) -> None:
        if not changed_parts:
            return
        parts: dict[str, dict[str, Read]] = {}
        for key, result in self.kept.items():
            if part_of(key) in changed_parts:
                parts.setdefault(part_of(key), {})[key] = result
        self.store.put(
            {f"{_KEPT}/{part}": _encode(found) for part, found in parts.items()},
            drop=[f"{_KEPT}/{part}" for part in changed_parts - parts.keys()],
        )


def check(
    read: Library, store: Store, jobs: int, horizon: int, progress: Progress | None = None
) -> Proof:
    """Every problem that the rules find, every waiver in force, and which sides are out of date."""
    return Proofreading(read, store).finish(jobs, horizon, progress)


def rewritten(read: Library, sides: Sequence[tuple[str, Item, Language]]) -> list[Problem]:
    """Public texts that changed since they were published, without a correction (a warning each)."""
    return list(changed(read.root.parent, sides))


def waived(read: Library) -> list[Waived]:
    """The waivers in force, in order."""
    if not read.waivers:
        return []
    from pressroom.proofreading.report import Waived

    found = []
    for key, waivers in read.waivers.items():
        item = read.items.get(key)
        path, _ = (item.place_of("proofread") if item else None) or (key, 0)
        found += [Waived(path, waiver.line, waiver.allow, waiver.because) for waiver in waivers]
    return sorted(found)


def _weighed(item: Item, problems: Sequence[Problem]) -> Sequence[Problem]:
    """In a draft no proofreading problem stops the build."""
    if not any(side.status is Status.DRAFT for side in item.sides()):
        return problems
    return [
        msgspec.structs.replace(problem, severity=Severity.WARNING)
        if problem.severity is Severity.ERROR
        else problem
        for problem in problems
    ]


def _keys(read: Library) -> dict[str, str]:
    """What each item's report depends on, as a digest."""
    data = read.data
    names = hexdigest(_encode(data.names))
    facts = hexdigest(_encode(data.facts))
    cited: dict[str, list[Fact]] = {}
    for fact in data.facts.values():
        for source in {
            value.source for value in fact.values if value.source.startswith("release:")
        }:
            cited.setdefault(f"releases/{source.removeprefix('release:')}", []).append(fact)
    keys: dict[str, str] = {}
    for key, item in read.items.items():
        ledger = (
            facts
            if item.kind != "release"
            else hexdigest(_encode(cited[key]))
            if key in cited
            else ""
        )
        keys[key] = (
            f"{item.digest}:{names}:{ledger}:{hexdigest(read.in_step[key].encode()) if key in read.in_step else ''}"
        )
    return keys


def _recall(store: Store) -> dict[str, Read]:
    found: dict[str, Read] = {}
    try:
        for raw in store.parts(_KEPT).values():
            found |= _decoder.decode(raw)
    except (Damaged, msgspec.DecodeError):
        return {}
    return found
