"""A folder on another machine, by rsync over ssh: the same versions and the same link on the other side.

One ssh session runs `other_side.bash`, which holds the lock, makes room and switches the link; it
does what it is told line by line, and ends with the connection, and the lock with it. rsync brings
the files over a connection of its own. So nothing can be switched once the connection is lost.

PRESSROOM_SSH is the ssh command to use instead of `ssh`, with its options, for example
`ssh -F deploy/ssh_config`.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing.faults import UNCHANGED_EN, UNCHANGED_ZH
from pressroom.publishing.folder import KEPT, nothing_before, version_name
from pressroom.publishing.lock import PATIENCE, busy, owner
from pressroom.publishing.receipt import Receipt
from pressroom.publishing.targets import SshTarget
from pressroom.publishing.tree import File, whole
from pressroom.words import Words

SCRIPT = Path(__file__).with_name("other_side.bash")

# Seconds between two signs of life; the other side waits for six of them.
_BEAT = 15.0

# A lost connection is noticed within this: OpenSSH asks three times, 15 seconds apart.
_OPTIONS = [
    "-o",
    "ConnectTimeout=20",
    "-o",
    "ServerAliveInterval=15",
    "-o",
    "ServerAliveCountMax=3",
]

# rsync(1), EXIT VALUES, where the number says more than the text.
_MEANINGS = {
    11: ("对方磁盘读写出错，可能已满", "the other side could not write; its disk may be full"),
    12: ("连接中断", "the connection was lost"),
    30: ("连接超时", "the connection timed out"),
    255: ("连接中断或被拒绝", "the connection was lost or refused"),
}


def put_live(
    tree: Path,
    files: Mapping[str, File],
    target: SshTarget,
    *,
    now: datetime,
    patience: float = PATIENCE,
) -> Receipt:
    """Put `tree` live at `target`; what fails, also the connection, changes nothing there."""
    with _session(target, patience) as session:
        before = session.live
        if before.endswith("-" + whole(files)):
            return Receipt(str(target), before, before, kept=len(files), switched=False)
        name = session.ask("make", version_name(files, now))[0]
        sent = _rsync(tree, target, session.versions, name, before)
        session.ask("here")  # a connection lost while files arrived is found out before the switch
        lines = session.ask("switch", name)
        remarks = tuple(_untidy(line) for line in session.ask("tidy"))
    arrived = tuple(sorted(set(sent) & set(files)))
    return Receipt(
        str(target), name, before, arrived, len(files) - len(arrived), tuple(lines), True, remarks
    )


def rollback(target: SshTarget, *, patience: float = PATIENCE) -> Receipt:
    """Switch the other side back to the version that was live before the one that is."""
    with _session(target, patience) as session:
        before = session.live
        good, *removed = session.ask("rollback") or [""]
    if not good:
        raise nothing_before(str(target))
    return Receipt(str(target), good, before, removed=tuple(removed))


def _untidy(line: str) -> Words:
    return Words(
        f"新版本已经上线，但旧版本没有清理干净：{line}。下次发布会再清理。",
        f"The new version is live, but old ones were not tidied: {line}. The next publication tidies again.",
    )


def _command() -> list[str]:
    given = shlex.split(os.environ.get("PRESSROOM_SSH", "")) or ["ssh"]
    if shutil.which(given[0]) is None:
        raise UsageError(
            f"找不到{given[0]}程序；请先安装。", f"The program {given[0]} is missing; install it."
        )
    # Without a terminal nobody can answer a question, so none is asked.
    batch = [] if sys.stdin is not None and sys.stdin.isatty() else ["-o", "BatchMode=yes"]
    return [*given, *_OPTIONS, *batch]


def _failed(target: SshTarget, zh: str, en: str, detail: str) -> PressroomError:
    more_zh, more_en = (f"（{detail}）", f" ({detail})") if detail else ("", "")
    return PressroomError(
        f"发布到{target}时出错：{zh}{more_zh}。{UNCHANGED_ZH}",
        f"Publishing to {target} failed: {en}{more_en}. {UNCHANGED_EN}",
    )


class _Session:
    """A conversation with `other_side.bash`; see there for what it understands."""

    def __init__(self, target: SshTarget, process: subprocess.Popen[str], errors: IO[str]) -> None:
        self._target = target
        self._process = process
        self._errors = errors
        self._writing = threading.Lock()
        self.live = ""
        folder, _, name = target.path.rpartition("/")
        self.versions = (
            f"{folder}/.{name}.versions" if folder or "/" in target.path else f".{name}.versions"
        )

    def tell(self, *words: str) -> None:
        stdin = self._process.stdin
        assert stdin is not None  # opened as a pipe
        with self._writing, contextlib.suppress(OSError, ValueError):
            stdin.write(" ".join(words) + "\n")
            stdin.flush()  # a lost connection shows where the answer is read

    def ask(self, *words: str) -> list[str]:
        """Say something and return the lines of the answer."""
        self.tell(*words)
        return self.answer(words[0])

    def answer(self, verb: str) -> list[str]:
        stdout = self._process.stdout
        assert stdout is not None  # opened as a pipe
        lines: list[str] = []
        for line in stdout:
            kind, _, rest = line.rstrip("\n").partition(" ")
            if kind == "ok":
                return lines
            if kind == "line":
                lines.append(rest)
            elif kind == "busy":
                raise busy(str(self._target), rest)
            elif kind == "stranger":
                raise UsageError(
                    f"{self._target}已经存在，而且不是由发布建立的；为免覆盖，没有动它。请把它改名或移走，或换一个目标。",
                    f"{self._target} exists and was not made by publishing; it was left alone. "
                    "Rename it or move it away, or choose another target.",
                )
            elif kind == "fail":
                raise _failed(
                    self._target, "对方机器报告错误", "the other machine reports an error", rest
                )
            # Anything else is a greeting that the other machine's shell prints.
        self._process.wait()
        self._errors.seek(0)
        detail = (self._errors.read().strip().splitlines() or [""])[-1]
        if verb == "switch":
            raise PressroomError(
                f"就在切换的一刻，与{self._target}的连接中断（{detail}）。线上或是旧版本、或是新版本，都是完整的。请再发布一次。",
                f"The connection to {self._target} was lost at the very moment of switching ({detail}). "
                "Either the old or the new version is live, whole; publish again.",
            )
        raise _failed(
            self._target, "连接中断或被拒绝", "the connection was lost or refused", detail
        )


@contextlib.contextmanager
def _session(target: SshTarget, patience: float) -> Iterator[_Session]:
    # IPv6 addresses stand in brackets where a path follows, and nowhere else.
    login = target.login.replace("[", "").replace("]", "")
    words = [
        "bash",
        "-c",
        SCRIPT.read_text("utf-8"),
        "pressroom",
        target.path,
        str(int(patience) + 1),
    ]
    words += [owner(), str(KEPT), str(int(_BEAT * 6))]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        process = subprocess.Popen(
            [*_command(), "--", login, shlex.join(words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="surrogateescape",
        )
        ended = threading.Event()
        session = _Session(target, process, errors)

        def beat() -> None:
            while not ended.wait(_BEAT):
                session.tell("beat")

        keeper = threading.Thread(target=beat, daemon=True)
        keeper.start()
        try:
            session.live = next(iter(session.answer("hello")), "")
            yield session
        finally:
            ended.set()
            keeper.join()
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]  # opened as a pipe
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()  # type: ignore[union-attr]  # opened as a pipe


_ITEM = re.compile(r"<f\S* (.*)")


def _rsync(tree: Path, target: SshTarget, versions: str, name: str, before: str) -> list[str]:
    """Bring the tree into the version in the making; returns the paths that had to be sent.

    Files are compared by their content with the version before and linked to it where they are the
    same, whatever their times: a site built afresh elsewhere sends what changed and no more.
    """
    if shutil.which("rsync") is None:
        raise UsageError("找不到rsync程序；请先安装。", "The program rsync is missing; install it.")
    link = [f"--link-dest=../{before}"] if before else []
    done = subprocess.run(
        [
            "rsync", "--recursive", "--delete", "--checksum", "--perms", "--chmod=D755,F644",
            "--protect-args", "--8-bit-output", "--out-format=%i %n", "--timeout=120", *link,
            "--rsh", shlex.join(_command()), "--", f"{tree}/", f"{target.login}:{versions}/{name}.part/",
        ],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )  # fmt: skip
    if done.returncode:
        zh, en = _MEANINGS.get(done.returncode, ("文件没有全部送到", "not every file arrived"))
        raise _failed(target, zh, en, (done.stderr.strip().splitlines() or [""])[0])
    return [match[1] for match in map(_ITEM.match, done.stdout.splitlines()) if match]
