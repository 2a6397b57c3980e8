"""One publisher at a time for a bucket: tickets, because s5cmd cannot put an object on a condition.

Whoever wants to publish puts a ticket below `.pressroom/tickets/` and lists them. Only who is alone
may publish; a ticket is put before the listing, so of any two publishers at least one sees the
other. Who is not alone takes the ticket back and tries again a little later, unless it was first in
the line. This needs a store whose listing shows what was just put, as S3's does since December
2020, and nothing else: no conditional request that a store may not know.

A ticket is renewed while its publisher lives. The ages of tickets are told by the store's clock
alone, from the time it gave to the newest ticket: our own. A publisher that died on this machine is
found out without waiting for that.
"""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from pressroom.problems import PressroomError
from pressroom.publishing.lock import busy, owner
from pressroom.publishing.store import Object, Store
from pressroom.publishing.targets import S3Target

FOLDER = ".pressroom/tickets/"

# A ticket that was not renewed for this long is a dead publisher's. It is less than the time for which
# a second publisher waits, so that who waits outlives the dead.
EXPIRY = timedelta(seconds=90)


class _Note(msgspec.Struct):
    """What stands in a ticket: who holds it, for people; which process where, for programs."""

    owner: str = ""
    machine: str = ""
    pid: int = 0

    def dead(self) -> bool:
        """Whether the process ran on this machine and runs no more."""
        if not self.machine or self.machine != _machine():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass  # it lives, and is another user's
        return False


def _machine() -> str:
    """A name for this boot of this machine and its numbering of processes; empty where none is told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        # A container counts its processes for itself.
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


@contextmanager
def hold(
    store: Store, target: S3Target, *, patience: float, expiry: timedelta = EXPIRY
) -> Iterator[Callable[[], None]]:
    """Publish alone while the block runs; wait for it at most `patience` seconds.

    The block gets a function that raises PressroomError if the ticket was lost (this machine slept
    past its expiry and another publisher took over): call it before every step that others see.
    """
    # The name sorts by time, so that the one who came first stays in the line.
    key = f"{FOLDER}{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
    note = msgspec.json.encode(_Note(owner(), _machine(), os.getpid()))
    until = time.monotonic() + patience
    try:
        while True:
            store.write(key, note)
            others = _living(store, key, expiry)
            if not others:
                break
            first = min(others)
            if time.monotonic() >= until:
                raise busy(str(target), _note(store, first).owner)
            if first < key:
                store.remove([key])
            time.sleep(random.uniform(0.3, 1.0))
        held = _Held(store, target, key, note, expiry)
        keeper = threading.Thread(target=held.renew, daemon=True)
        keeper.start()
        try:
            yield held.prove
        finally:
            held.ended.set()
            keeper.join()
    finally:
        # What was published is published; a ticket that cannot be taken back expires.
        with suppress(PressroomError):
            store.remove([key])


class _Held:
    """A ticket that its publisher holds, renewed until `ended` is set."""

    def __init__(
        self, store: Store, target: S3Target, key: str, note: bytes, expiry: timedelta
    ) -> None:
        self.ended = threading.Event()
        self._store, self._target, self._key, self._note = store, target, key, note
        self._expiry = expiry.total_seconds()
        # The wall clock, because the monotonic one stands still while a machine sleeps.
        self._renewed = time.time()

    def _lost(self) -> bool:
        """Whether others may have taken the ticket for a dead one's, or did."""
        return time.time() - self._renewed > self._expiry or self._key not in self._store.list(
            FOLDER
        )

    def renew(self) -> None:
        while not self.ended.wait(self._expiry / 5):
            try:
                if self._lost():
                    return  # never put back a ticket that another publisher found dead
                now = time.time()
                self._store.write(self._key, self._note)
                self._renewed = now
            except PressroomError:
                continue  # the network may come back in time; the block sees its own errors

    def prove(self) -> None:
        if self._lost():
            raise PressroomError(
                f"本次发布中断太久，{self._target}已由另一个发布接手。请再发布一次。",
                f"This publication paused too long and another one took over {self._target}; publish again.",
            )


def _living(store: Store, own: str, expiry: timedelta) -> dict[str, Object]:
    """The tickets of others that are alive; dead ones are removed."""
    tickets = store.list(FOLDER)
    if own not in tickets:
        return tickets
    now = tickets.pop(own).modified
    dead = [
        key
        for key, ticket in tickets.items()
        if ticket.modified < now - expiry or _note(store, key).dead()
    ]
    store.remove(dead)
    return {key: ticket for key, ticket in tickets.items() if key not in dead}


def _note(store: Store, key: str) -> _Note:
    try:
        return msgspec.json.decode(store.read(key) or b"{}", type=_Note)
    except msgspec.MsgspecError:
        return _Note()
