"""`serve` as a writer meets it: from a saved text to the page that shows it.

The clock runs from before the file is written until the page that holds the new words has been
read: the browser is told of it, asks for the page and gets it, as its script does.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.measure import Failed

PATIENCE: Final = 120.0  # seconds for the first page of a large archive


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Watched:
    """A running `serve`, and a browser that shows one of its pages."""

    def __init__(self, port: int) -> None:
        self.port = port

    def page(self, path: str) -> str:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    @contextmanager
    def news(self, path: str) -> Iterator[Iterator[dict[str, object]]]:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        connection.request("GET", f"/.preview/events?page={path}")
        response = connection.getresponse()

        def each() -> Iterator[dict[str, object]]:
            while True:
                line = response.readline().decode()
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

        try:
            yield each()
        finally:
            response.close()
            connection.close()

    def seconds_until(self, save: Callable[[], None], path: str, words: str) -> float:
        """From saving to the page with the words."""
        with self.news(path) as told:
            next(told)  # how things stand
            started = time.perf_counter()
            save()
            for _ in told:
                if words in self.page(path):
                    return time.perf_counter() - started
        raise Failed(f"serve: {path} never said {words!r}")


@contextmanager
def serving(command: Sequence[str], folder: Path, log: Path) -> Iterator[Watched]:
    """Start `serve` and wait until it answers."""
    port = _free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            shown = Watched(port)
            end = time.monotonic() + PATIENCE
            while True:
                try:
                    shown.page("/zh/")
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise Failed(f"serve did not start:\n{log.read_text('utf-8')}") from None
                    time.sleep(0.1)
            yield shown
        finally:
            process.terminate()
            process.wait(30)
