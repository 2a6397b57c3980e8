"""The preview's proofreader: a process of its own, so that pages never wait for it.

`main` reads an Order as JSON from standard input and writes every problem as JSON to standard output.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from pressroom.problems import PressroomError, Problem

_PROGRAM: Final = "from pressroom.preview.proofreader import main; raise SystemExit(main())"
_ROOT: Final = Path(__file__).parent.parent.parent


class Order(msgspec.Struct):
    """What is to be proofread."""

    conf: str
    overrides: dict[str, Any]


_decoder: Final = msgspec.json.Decoder(list[Problem])


class Proofreader:
    """Proofreads beside the preview; a later order takes the place of one that is not done."""

    def __init__(self, order: Order, done: Callable[[list[Problem]], None]) -> None:
        self.order = order
        self.done = done
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.stop()
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for the preview, which then ends this.
            start_new_session=True,
        )
        self._process = process
        threading.Thread(target=self._wait, args=(process,), daemon=True).start()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        said, _ = process.communicate(msgspec.json.encode(self.order))
        if process.returncode == 0 and process is self._process:
            self.done(_decoder.decode(said))

    def stop(self) -> None:
        """End what is under way; its answer would be about files that have changed since."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()


def main() -> int:
    """Proofread once."""
    from pressroom.desk import check
    from pressroom.newsroom import clock
    from pressroom.preview.stage import open_newsroom

    os.nice(5)  # whoever writes comes first
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    try:
        checked = check(open_newsroom(Path(order.conf), order.overrides), clock())
    except PressroomError:
        return 1  # the preview itself has said so
    # What reading alone finds the preview knows already, and newer.
    read = frozenset(checked.reading)
    problems = [problem for problem in checked.problems if problem not in read]
    sys.stdout.buffer.write(msgspec.json.encode(problems))
    return 0
