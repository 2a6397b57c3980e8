"""Work over processes: every task once, in whatever order, by workers that do not live for ever."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

import pytest

from pressroom import parallel


def pids(tasks: Sequence[int]) -> list[tuple[int, int]]:
    return [(task, os.getpid()) for task in tasks]


def test_a_worker_that_did_its_share_is_followed_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parallel, "LIFE", 3)
    tasks = range(200)
    done: dict[int, int] = {}
    for start, results in parallel.spread(pids, tasks, 2, batch=10, least=1):
        assert results[0][0] == start
        done |= dict(results)
    assert sorted(done) == list(tasks)
    share = Counter(done.values())
    assert os.getpid() not in share
    assert max(share.values()) <= 30
    for worker in share:  # none is left behind
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_what_fails_in_a_worker_fails_here() -> None:
    def fail(tasks: Sequence[int]) -> list[int]:
        raise ValueError(str(os.getpid()))

    with pytest.raises(ValueError) as failed:
        list(parallel.spread(fail, range(200), 2, batch=10, least=1))
    worker = int(str(failed.value))
    assert worker != os.getpid()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
