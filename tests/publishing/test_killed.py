"""kill -9 at any moment of a publication to a folder: the old site or the new one is live, whole."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from tests.publishing.support import FULL, Nursery, contents, make_tree, without_carried

# Half of the kills come at a random moment, a quarter just before a random operation on the file
# system, a quarter before one of the last: moments and operations fall mostly into copying, and the
# few around and after the switch matter most.
KILLS = 200 if FULL else 60
LAST = 20


class Site:
    """Two trees, published by turns to one folder."""

    def __init__(self, top: Path) -> None:
        self.trees = {
            label: make_tree(top / label, label, pages=30, same=20) for label in ("one", "two")
        }
        self.expected = {label: contents(tree) for label, tree in self.trees.items()}
        self.live, self.state = top / "www" / "live", top / "state"

    def order(self, label: str) -> dict[str, str]:
        return {"tree": str(self.trees[label]), "target": str(self.live), "state": str(self.state)}

    def label(self) -> str:
        """Which tree is live; AssertionError if it is neither, wholly."""
        found = contents(self.live)
        for label, expected in self.expected.items():
            if without_carried(found, label) == expected:
                return label
        raise AssertionError("what is live is neither the old tree nor the new one")


@pytest.mark.slow
def test_killed_publisher_leaves_old_or_new(tmp_path: Path, nursery: Nursery) -> None:
    site, chance = Site(tmp_path), random.Random(20170531)
    assert not nursery.ask(**site.order("one"))["error"]
    for label in ("two", "one") * 4:  # the spare folder and all five versions exist from here on
        whole = nursery.ask(**site.order(label))
    seconds, operations = float(str(whole["seconds"])), int(str(whole["operations"]))
    outcomes = {"old": 0, "new": 0}
    for number in itertools.count():
        if sum(outcomes.values()) == KILLS:
            break
        assert number < 2 * KILLS, "most deaths come too late"
        before = site.label()
        after = "two" if before == "one" else "one"
        death = (
            {"after": chance.uniform(0, seconds)}
            if number % 2
            else {"operation": chance.randint(1 if number % 4 else operations - LAST, operations)}
        )
        answer = nursery.ask(**site.order(after), **death)
        now = site.label()
        if answer["killed"]:
            outcomes["old" if now == before else "new"] += 1
        # The next publication works, and tidies whatever was left.
        answer = nursery.ask(**site.order(after))
        assert (answer["error"], site.label()) == ("", after)
        versions = tmp_path / "www" / ".live.versions"
        assert not list(versions.glob("*.part"))
        assert (
            len([entry for entry in versions.iterdir() if entry.is_dir() and entry.name != "spare"])
            <= 5
        )
    # The test would prove nothing if every death came too early, or too late.
    assert min(outcomes.values()) > 0, outcomes


@pytest.mark.slow
def test_every_operation_around_the_switch(tmp_path: Path, nursery: Nursery) -> None:
    """Each of the last operations in turn: from the new version's taking its place to the tidying of old ones."""
    site = Site(tmp_path)
    for label in ("one", "two") * 4:
        nursery.ask(**site.order(label))
    seen = []
    for operation in itertools.count(1):
        before = site.label()
        after = "two" if before == "one" else "one"
        if not nursery.ask(**site.order(after), operation=operation, stands=True)["killed"]:
            break
        seen.append(site.label() == after)
        assert nursery.ask(**site.order(after))["error"] == ""
        assert site.label() == after
    # Before the switch the old site, after it the new one, and several deaths on either side.
    assert seen == sorted(seen)
    assert min(seen.count(False), seen.count(True)) > 2, seen


@pytest.mark.slow
def test_killed_rollback(tmp_path: Path, nursery: Nursery) -> None:
    site = Site(tmp_path)
    for label in ("one", "two"):
        nursery.ask(**site.order(label))
    for operation in range(1, 14):
        nursery.ask(target=str(site.live), rollback=True, operation=operation)
        site.label()  # whole, whichever it is
        assert nursery.ask(**site.order("one"))["error"] == ""
        assert nursery.ask(**site.order("two"))["error"] == ""
        assert site.label() == "two"
