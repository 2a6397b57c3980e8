"""Work spread over the cores there are, by forking: the workers see what the parent has in memory."""

from __future__ import annotations

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection, Pipe, wait
from typing import Final, TypeVar

from pressroom.problems import PressroomError

In = TypeVar("In")
Out = TypeVar("Out")


# A worker ends after so many batches: whatever it looks at of the parent's becomes its own copy.
LIFE: Final = 128


class _Worker:
    def __init__(self, pid: int, own: deque[int]) -> None:
        self.pid = pid
        self.own = own
        self.done = 0


def cores() -> int:
    """How many processes are worth starting."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Sequence[In]], Sequence[Out]],
    tasks: Sequence[In],
    jobs: int,
    *,
    batch: int = 64,
    least: int = 96,
) -> Iterator[tuple[int, Sequence[Out]]]:
    """Apply `work` to batches of `tasks`; yields (index of the batch's first task, results) as they come.

    The results are the same for any number of jobs; only their order of arrival differs. Tasks are
    never copied to the workers: a forked worker has them. Few tasks are done here, without a fork.
    Each worker has a stretch of its own: memory that it looks at becomes its own copy (Python counts
    references in the objects), and neighbouring tasks look at the same.
    """
    if jobs < 2 or len(tasks) < least:
        for start in range(0, len(tasks), batch):
            yield start, work(tasks[start : start + batch])
        return
    starts = range(0, len(tasks), batch)
    # Standard streams are flushed first, or what waits in them would be written once a process.
    sys.stdout.flush()
    sys.stderr.flush()
    workers: dict[Connection, _Worker] = {}
    count = min(jobs, len(starts))
    stretches = [
        deque(starts[len(starts) * at // count : len(starts) * (at + 1) // count])
        for at in range(count)
    ]

    def following(own: deque[int]) -> int | None:
        """The next of a worker's own stretch, else the last of the longest that is left."""
        if own:
            return own.popleft()
        longest = max(stretches, key=len)
        return longest.pop() if longest else None

    def begin(own: deque[int]) -> Connection:
        here, there = Pipe()
        pid = os.fork()
        if pid == 0:  # pragma: no cover  (runs in the child)
            here.close()
            for others in workers:
                others.close()
            _serve(work, tasks, batch, there)
        there.close()
        workers[here] = _Worker(pid, own)
        return here

    def end(connection: Connection) -> None:
        connection.close()
        os.waitpid(workers.pop(connection).pid, 0)

    try:
        for own in stretches:
            begin(own)
        for connection, worker in workers.items():
            connection.send(following(worker.own))
        while workers:
            for ready in wait(list(workers)):
                assert isinstance(ready, Connection)
                try:
                    start, outcome, error = pickle.loads(ready.recv_bytes())
                except EOFError:
                    raise PressroomError(
                        "一个工作进程中途结束，可能是内存不足；请用--jobs 1再试。",
                        "a worker process ended before its work was done, perhaps for want of memory; try --jobs 1",
                    ) from None
                if error is not None:
                    raise error
                worker = workers[ready]
                worker.done += 1
                start_of_next = following(worker.own)
                if start_of_next is None:
                    end(ready)
                elif worker.done < LIFE:
                    ready.send(start_of_next)
                else:
                    # Another one goes on: what this one looked at is given back.
                    end(ready)
                    begin(worker.own).send(start_of_next)
                yield start, outcome
    finally:
        for connection in list(workers):
            end(connection)


@contextmanager
def aside(work: Callable[[], Out], jobs: int) -> Iterator[Callable[[], Out]]:
    """Do `work` in a process of its own, beside what follows; the function given waits for its result.

    With one job it is done here, when it is asked for. Asked twice, it answers the same.
    """
    if jobs < 2:
        yield cache(work)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    here, there = Pipe(duplex=False)
    pid = os.fork()
    if pid == 0:  # pragma: no cover  (runs in the child)
        try:
            here.close()
            answer: tuple[Out | None, Exception | None]
            try:
                answer = (work(), None)
            except Exception as error:
                answer = (None, error)
            there.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
        except OSError:
            pass  # nobody waits any more
        finally:
            os._exit(0)
    there.close()

    @cache
    def result() -> Out:
        try:
            found, error = pickle.loads(here.recv_bytes())
        except EOFError:
            raise RuntimeError("a worker process ended before its work was done") from None
        if error is not None:
            raise error
        return found  # type: ignore[no-any-return]  # pickle knows no types

    try:
        yield result
    finally:
        here.close()
        os.waitpid(pid, 0)


def _serve(
    work: Callable[[Sequence[In]], Sequence[Out]],
    tasks: Sequence[In],
    batch: int,
    connection: Connection,
) -> None:  # pragma: no cover  (runs in the child)
    try:
        while True:
            start = connection.recv()
            if start is None:
                break
            answer: tuple[int, Sequence[Out], Exception | None]
            try:
                answer = (start, work(tasks[start : start + batch]), None)
            except Exception as error:
                answer = (start, [], error)
            connection.send_bytes(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    except (EOFError, OSError, KeyboardInterrupt):
        pass
    finally:
        # Not sys.exit: the parent's clean-up (locks, temporary folders) is not the child's to run.
        os._exit(0)
