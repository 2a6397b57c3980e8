"""No right to write beside the link or among the versions: it says so, and the live site stays as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publishing.support import Nursery, contents, make_tree, without_carried


@pytest.fixture
def ordinary() -> Iterator[Nursery]:
    """Publishers for whom rights count: root's are taken away."""
    plain = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner"]
    made = Nursery(*(plain if os.geteuid() == 0 else ()))
    yield made
    made.close()


@pytest.mark.parametrize("place", ["www", "www/.live.versions"])
def test_no_right_to_write(ordinary: Nursery, tmp_path: Path, place: str) -> None:
    trees = {label: make_tree(tmp_path / label, label, pages=3) for label in ("one", "two")}
    live = tmp_path / "www" / "live"

    def publish(label: str) -> str:
        answer = ordinary.ask(
            tree=str(trees[label]), target=str(live), state=str(tmp_path / "state")
        )
        return str(answer["error"])

    for label in ("one", "two"):
        assert publish(label) == ""
    before = os.readlink(live)
    folder = tmp_path / place
    folder.chmod(0o555)
    try:
        error = publish("one")
    finally:
        folder.chmod(0o755)
    assert "permission denied" in error
    assert "The live site is as before." in error
    assert os.readlink(live) == before
    assert without_carried(contents(live), "two") == contents(trees["two"])
    assert publish("one") == ""
    assert without_carried(contents(live), "one") == contents(trees["one"])
