"""What may refer to what in time: nothing public names what becomes public later, or never.

Checked for all time at once, from the instants in the records, so that it stops `check` today and
not the timed build at the hour when nobody is there. A page without a date of its own is held to what
is public at `horizon`, in seconds since the epoch: today, or the later instant that is built for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pressroom.lifecycle import ALWAYS
from pressroom.models import Fact, Item, Side, Status
from pressroom.problems import Problem
from pressroom.words import LANGUAGES, Language, Words


def _out(item: Item, language: Language) -> int | None:
    return item.out_zh if language == "zh" else item.out_en


def _since(item: Item, language: Language, horizon: int) -> int | None:
    """From when a side's words are read: what has no date of its own was written today, not ages ago."""
    out = _out(item, language)
    return max(out, horizon) if out == ALWAYS else out


def _targets(item: Item, side: Side) -> Iterator[tuple[str, str | int]]:
    """(key of an item, field or line) of everything a side refers to."""
    for slug in item.programmes:
        yield f"programmes/{slug}", "programmes"
    if item.event:
        yield f"events/{item.event}", "event"
    for ref in side.refs:
        if ref.kind not in ("contact", "name"):
            yield f"{ref.kind}s/{ref.key}", ref.line


def _place(item: Item, side: Side, said: str | int) -> tuple[str, int]:
    """Path and line of a reference."""
    if isinstance(said, int):
        return side.path, said
    return item.place_of(said) or (side.path, 0)


def early_figures(
    items: Mapping[str, Item], facts: Mapping[str, Fact], horizon: int
) -> Iterator[Problem]:
    """Figures in a body that are missing while it is public, for their source is not out yet or withdrawn."""
    for item in items.values():
        for language in LANGUAGES:
            mine, side = _since(item, language, horizon), item.side(language)
            if mine is None or side is None:
                continue
            for ref in side.facts:
                fact = facts.get(ref.key)
                if fact is None:
                    continue
                values = [
                    value for value in fact.values if not ref.at or value.as_of.text == ref.at
                ]
                programme = items.get(f"programmes/{fact.programme}")
                out = (
                    [at for at in (programme.out_zh, programme.out_en) if at is not None]
                    if programme
                    else [mine]
                )
                if values and not any(
                    min(out, default=mine + 1) <= mine and _there(value.source, item, mine, items)
                    for value in values
                ):
                    written = f"{ref.key}@{ref.at}" if ref.at else ref.key
                    yield Problem(
                        side.path,
                        ref.line,
                        0,
                        "early-reference",
                        Words(
                            f"数据“{written}”的出处或项目“{values[-1].source or fact.programme}”更晚才公开，或已撤回。",
                            f"the figure {written!r} is from {values[-1].source or fact.programme!r}, "
                            "which is public only later, or withdrawn",
                        ),
                        Words(
                            "等它公开，或把数字写出来并注明来源。",
                            "wait for it, or write the figure out with its source",
                        ),
                        written,
                    )


def _there(source: str, item: Item, since: int, items: Mapping[str, Item]) -> bool:
    """Whether a figure's source is public for as long as the item is."""
    if not source.startswith("release:"):
        return True
    release = items.get(f"releases/{source.removeprefix('release:')}")
    if release is None or release is item:
        return True  # said elsewhere: a reference to nothing
    out = [each for each in (release.out_zh, release.out_en) if each is not None]
    if not out or min(out) > since:
        return False
    return release.withdrawn is None or (
        item.withdrawn is not None and item.withdrawn.at <= release.withdrawn.at
    )


def early(items: Mapping[str, Item], horizon: int) -> Iterator[Problem]:
    """References from an item to one that is not public when it is."""
    for item in items.values():
        for language in LANGUAGES:
            mine, side = _since(item, language, horizon), item.side(language)
            if mine is None or side is None:
                continue
            for key, said in _targets(item, side):
                target = items.get(key)
                if target is None:
                    continue
                theirs = [out for out in (target.out_zh, target.out_en) if out is not None]
                if theirs and min(theirs) <= mine:
                    continue
                draft = any(each.status is Status.DRAFT for each in target.sides())
                yield Problem(
                    *_place(item, side, said),
                    0,
                    "early-reference",
                    Words(
                        f"这里引用了{'草稿' if draft else '更晚才公开的'}“{key}”。",
                        f"this refers to {key!r}, which is {'a draft' if draft else 'public only later'}",
                    ),
                    Words(
                        "等它公开，或删去引用，或给本条目设同样的embargo。",
                        "wait for it, drop the reference, or give this item the same embargo",
                    ),
                    key,
                )
