"""Publishes on order, each time in a new process that can be killed: at a moment, or at an operation.

An order is a line of JSON:
    tree, target, state      what put_live gets
    after                    kill -9 after so many seconds (optional)
    operation                kill -9 just before the n-th operation on the file system (optional)
    stands                   count operations only from the new version's taking its place on (optional)
    patience                 seconds to wait for the lock (optional)
    mounts                   commands to run before (optional; in the nursery itself)
The answer: {"killed": bool, "error": str, "version": str, "operations": int, "seconds": float}.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from pressroom.problems import PressroomError
from pressroom.publishing import put_live, rollback

# Python's audit events for whatever changes a file system (docs.python.org, audit events table).
CHANGES = {"open", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.utime",
           "os.chmod", "os.truncate"}  # fmt: skip


def child(order: dict[str, object], pipe: int) -> None:
    """Publish, count operations, and die at the one that was ordered."""
    counter = itertools.count(1)  # files are hashed in threads, and `count += 1` would lose some
    last = int(str(order.get("operation", 0)))
    counting = not order.get("stands")

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal counting
        counting = counting or (
            event == "os.rename"
            and str(arguments[0]).endswith(".part")
            and not str(arguments[1]).endswith("/spare")
        )
        if counting and event in CHANGES and next(counter) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    answer = {"error": "", "version": ""}
    try:
        if order.get("rollback"):
            receipt = rollback(str(order["target"]))
        else:
            receipt = put_live(
                Path(str(order["tree"])),
                str(order["target"]),
                state=Path(str(order["state"])),
                patience=float(str(order.get("patience", 60))),
            )
        answer["version"] = receipt.version
    except PressroomError as error:
        answer["error"] = error.words.en
    os.write(pipe, json.dumps({**answer, "operations": next(counter) - 1}).encode())
    os._exit(0)


def serve(order: dict[str, object]) -> dict[str, object]:
    """Carry out one order."""
    for command in order.get("mounts", []):  # type: ignore[attr-defined]  # a list of commands
        subprocess.run(command, check=True)
    if "tree" not in order and not order.get("rollback"):
        return {}
    read, write = os.pipe()
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            child(order, write)
        finally:
            os._exit(3)
    os.close(write)
    if "after" in order:
        time.sleep(float(str(order["after"])))
        os.kill(pid, signal.SIGKILL)
    said = b""
    while block := os.read(read, 65536):
        said += block
    os.close(read)
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and not said:
        raise RuntimeError(f"the publisher ended with {status}")
    said_so = json.loads(said) if said else {}
    return {"killed": killed, "seconds": time.monotonic() - began, **said_so}


for line in sys.stdin:
    print(json.dumps(serve(json.loads(line))), flush=True)
