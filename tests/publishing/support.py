"""Small trees whose every file proves itself, and a nursery for publishers that are to be killed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
FULL = bool(os.environ.get("PRESSROOM_FULL"))


def sealed(label: str, path: str, filling: int = 40) -> bytes:
    """A page that names its version and its address and ends with the hash of all before."""
    text = f"<p>{label}</p><p>{path}</p>" + f"<p>{label} 发布</p>" * filling
    return f"{text}<!--{hashlib.sha256(text.encode()).hexdigest()}-->".encode()


def unsealed(data: bytes) -> tuple[str, str]:
    """(label, path) of a sealed page; AssertionError if one byte is wrong or two versions mix."""
    text, _, end = data.decode().rpartition("<!--")
    assert end == hashlib.sha256(text.encode()).hexdigest() + "-->", f"torn: {data[:80]!r}"
    label, path, *filling = text.removeprefix("<p>").removesuffix("</p>").split("</p><p>")
    assert set(filling) == {f"{label} 发布"}, f"mixed: {data[:80]!r}"
    return label, path


def style_sheet(label: str) -> str:
    """The hashed name of a version's style sheet."""
    return f"static/site.{hashlib.sha256(label.encode()).hexdigest()[:16]}.css"


def make_tree(top: Path, label: str, pages: int = 60, same: int = 30, own: int = 5) -> Path:
    """A site of `pages` pages that say `label`, `same` that never change, `own` only this version has."""
    shutil.rmtree(top, ignore_errors=True)
    names = [f"zh/releases/2017/page-{number}/index.html" for number in range(pages)]
    names += [f"en/own/{label}-{number}/index.html" for number in range(own)]
    contents = {name: sealed(label, name) for name in names}
    for number in range(same):
        name = f"en/releases/2016/same-{number}/index.html"
        contents[name] = sealed("same", name)
    contents[style_sheet(label)] = f"p::before {{ content: '{label}' }}".encode()
    for name, data in contents.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    return top


def contents(top: Path) -> dict[str, bytes]:
    """Every file below `top` by its path, links in the path followed."""
    return {
        str(path.relative_to(top)): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def without_carried(found: dict[str, bytes], label: str) -> dict[str, bytes]:
    """The files without the style sheets of earlier versions, which a version carries for old pages."""
    return {
        path: data
        for path, data in found.items()
        if not path.startswith("static/") or path == style_sheet(label)
    }


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Return when `ready()` is true; fail after `seconds`."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until, f"{what} did not become ready in {seconds} s"
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Whether something accepts connections on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(
    *command: str, port: int, env: dict[str, str] | None = None, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server for the length of a block; it has to listen on `port` and is ended afterwards."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **(env or {})},
        )
    try:

        def ready() -> bool:
            assert process.poll() is None, f"{command[0]} ended: {log.read_text()[-2000:]}"
            return listens(port)

        wait_for(ready, command[0])
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Nursery:
    """Publishers as real processes, forked from one that has imported everything: quick to start."""

    def __init__(self, *prefix: str, env: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [*prefix, sys.executable, str(Path(__file__).with_name("nursery.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, **(env or {})},
        )

    def ask(self, **order: object) -> dict[str, object]:
        """Give one order (see nursery.py) and return the answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        answer: dict[str, object] = json.loads(line)
        return answer

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)
