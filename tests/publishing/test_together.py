"""Two publishers at once with different content: one wins whole, none mixes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from pressroom.problems import PressroomError
from pressroom.publishing import hold, put_live
from tests.publishing.support import ROOT, Nursery, contents, make_tree, without_carried

PAIRS = 20


def at_once(tasks: dict[str, Callable[[], dict[str, object]]]) -> dict[str, dict[str, object]]:
    """Do all of the tasks at the same time and return their answers."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        return dict(zip(tasks, pool.map(lambda task: task(), tasks.values()), strict=True))


@pytest.mark.slow
def test_pairs_of_publishers(tmp_path: Path) -> None:
    labels = ("left", "right")
    trees = {label: make_tree(tmp_path / label, label, pages=40, same=20) for label in labels}
    expected = {label: contents(tree) for label, tree in trees.items()}
    live = tmp_path / "www" / "live"
    nurseries = {label: Nursery() for label in labels}
    winners = set()
    try:
        for number in range(PAIRS):
            target = live.with_name(f"live-{number % 4}")
            # Every other pair: the second leaves with a message instead of waiting.
            answers = at_once(
                {
                    label: partial(
                        nurseries[label].ask,
                        tree=str(trees[label]),
                        target=str(target),
                        state=str(tmp_path / "state"),
                        patience=0 if number % 2 else 60,
                    )
                    for label in labels
                }
            )
            errors = [str(answers[label]["error"]) for label in labels]
            assert "" in errors, errors
            for error in filter(None, errors):
                assert number % 2, error
                assert "taken by another publication (pid " in error
            found = contents(target)
            whole = [label for label in labels if without_carried(found, label) == expected[label]]
            assert len(whole) == 1, "a mix of two publications is live"
            winners |= {label for label in whole if not answers[label]["error"]}
            # Whoever wrote it is the one whom the link names.
            assert str(target.readlink()).endswith(str(answers[whole[0]]["version"]))
    finally:
        for nursery in nurseries.values():
            nursery.close()
    assert winners


def test_lock_names_its_holder_and_dies_with_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = (
        "import sys, time; from pathlib import Path; from pressroom.publishing import hold\n"
        f"with hold(Path({str(lock)!r})):\n    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with (
            pytest.raises(PressroomError, match=f"pid {holder.pid} on .+ since ") as caught,
            hold(lock, patience=0.2),
        ):
            pass
        assert "另一个发布正在进行" in caught.value.words.zh
        holder.kill()
        holder.wait()
        with hold(lock, patience=5):  # nothing to clean up, nobody to ask
            assert f"pid {holder.pid} " not in lock.read_text()
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()


def test_second_publisher_waits_its_turn(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "one", pages=3)
    target = tmp_path / "www" / "live"
    put_live(tree, str(target), state=tmp_path / "state")
    make_tree(tree, "two", pages=3)
    done = threading.Event()

    def publish() -> None:
        put_live(tree, str(target), state=tmp_path / "state", patience=30)
        done.set()

    with hold(tmp_path / "www" / ".live.lock"):
        second = threading.Thread(target=publish)
        second.start()
        assert not done.wait(0.5)
    second.join(30)
    assert done.is_set()
