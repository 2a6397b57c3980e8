"""The disk full at many places of a publication: the live site stays as it was, and the next one works.

A tmpfs of its own, in a mount namespace of its own, is made smaller before each publication: by
bytes and by files, so that the end comes at writing, at linking, at making folders, at the link.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publishing.support import Nursery, contents, make_tree, without_carried

PLACES = 50


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[tuple[Nursery, Path]]:
    """A nursery with a tmpfs that the test reaches through /proc, and that ends with it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    # root needs no namespace of users; anyone else becomes root in one.
    rights = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    made = Nursery("unshare", *rights, "--mount", "--propagation", "private")
    made.ask(mounts=[["mount", "-t", "tmpfs", "-o", "size=64m", "none", str(disk)]])
    yield made, disk
    made.close()


@pytest.mark.slow
def test_disk_full_changes_nothing(small_disk: tuple[Nursery, Path], tmp_path: Path) -> None:
    nursery, disk = small_disk
    pid = nursery._process.pid
    seen = Path(f"/proc/{pid}/root{disk}")
    trees = {
        label: make_tree(tmp_path / label, label, pages=60, same=30, own=40)
        for label in ("one", "two")
    }
    expected = {label: contents(tree) for label, tree in trees.items()}
    live = disk / "www" / "live"

    def publish(label: str) -> str:
        answer = nursery.ask(
            tree=str(trees[label]), target=str(live), state=str(tmp_path / "state")
        )
        return str(answer["error"])

    def label() -> str:
        link = os.readlink(seen / "www/live")
        found = contents(seen / "www" / link)
        return next(each for each in trees if without_carried(found, each) == expected[each])

    def resize(options: str) -> None:
        nursery.ask(mounts=[["mount", "-o", f"remount,{options}", str(disk)]])

    for each in ("one", "two") * 4:
        assert publish(each) == ""
    chance = random.Random(20170531)
    refusals = 0
    for place in range(PLACES):
        before = label()
        after = "two" if before == "one" else "one"
        if place % 5:  # without the spare folder a whole version has to be made
            nursery.ask(mounts=[["rm", "-rf", str(disk / "www/.live.versions/spare")]])
        status = os.statvfs(seen)
        used, files = status.f_blocks - status.f_bfree, status.f_files - status.f_ffree
        if place % 2:
            resize(f"size={(used + chance.randint(0, 110)) * status.f_frsize}")
        else:
            resize(f"nr_inodes={files + chance.randint(1, 300)}")
        error = publish(after)
        assert label() == (after if not error else before)
        if error:
            refusals += 1
            assert "disk is full" in error, error
            assert "The live site is as before." in error
        resize("size=64m,nr_inodes=100000")
        assert publish(after) == ""
        assert label() == after
    assert refusals >= PLACES // 2, f"the disk was full only {refusals} times"
