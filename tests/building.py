"""Built sites for tests: the real one, built once by the real command, and copies of the project.

The real site is kept in .cache/tests under the hash of everything it is made from, so that all
workers of a run, and all runs on the same sources, look at the same files.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

PROJECT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = PROJECT / ".cache" / "tests"

# What a build reads. A copy of the project for a test holds just this.
SOURCES: Final = (
    "content",
    "pressroom",
    "theme",
    "pelicanconf.py",
    "publishconf.py",
    "requirements.txt",
    "tasks.py",
)


class BuildFailed(Exception):
    """The build said no; the text is all it printed."""


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One process at a time does what is named."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with open(KEPT / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def sources() -> list[Path]:
    """Every file that a build reads, in order."""
    found: list[Path] = []
    for name in SOURCES:
        top = PROJECT / name
        if top.is_dir():
            found += [path for path in top.rglob("*") if path.is_file()]
        elif top.exists():
            found.append(top)
    return sorted(path for path in found if "__pycache__" not in path.parts)


def digest() -> str:
    """The hash of everything the site is made from, the day in China included."""
    total = hashlib.blake2b(digest_size=12)
    total.update(sys.version.encode())
    total.update(str(datetime.now(ZoneInfo("Asia/Shanghai")).date()).encode())
    for path in sources():
        total.update(str(path.relative_to(PROJECT)).encode() + b"\0")
        total.update(hashlib.blake2b(path.read_bytes()).digest())
    return total.hexdigest()


def run_build(
    project: Path,
    output: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    wrapper: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the command `build` of the project in `project`; nothing is raised."""
    return run_verb(project, "build", "--output", str(output), *arguments, env=env, wrapper=wrapper)


def run_verb(
    project: Path,
    verb: str,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    wrapper: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    """Run a verb of the project in `project`; nothing is raised."""
    return subprocess.run(
        [
            *wrapper,
            sys.executable,
            "-c",
            "import sys, tasks; from invoke import Program, Collection; "
            "Program(namespace=Collection.from_module(tasks)).run(['inv', *sys.argv[1:]])",
            verb,
            *arguments,
        ],
        cwd=project,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@cache
def real_site() -> Path:
    """The output of `python3 tasks.py build` on the project as it is; BuildFailed otherwise."""
    with lock("site"):
        key = digest()
        kept = KEPT / f"site-{key}"
        if not (kept / "done").exists():
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            built = subprocess.run(
                [sys.executable, "tasks.py", "build", "--output", str(kept / "output")],
                cwd=PROJECT,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            said = built.stdout + built.stderr
            (kept / "log.txt").write_text(said, encoding="utf-8")
            if built.returncode:
                raise BuildFailed(f"exit code {built.returncode}\n{said}")
            (kept / "done").touch()
        _forget_old(but=kept)
        return kept / "output"


def _forget_old(but: Path) -> None:
    """Sites of earlier sources go after an hour: a slower run may still be reading them."""
    for kept in KEPT.glob("site-*"):
        if kept != but and time.time() - kept.stat().st_mtime > 3600:
            shutil.rmtree(kept, ignore_errors=True)


def copy_project(folder: Path, *, content: Path | None = None, backwards: bool = False) -> Path:
    """A copy of the project, without its caches; `backwards` makes its files in the other order."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(sources(), reverse=backwards):
        name = path.relative_to(PROJECT)
        if content is not None and name.parts[0] == "content":
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    if content is not None:
        shutil.copytree(content, folder / "content", dirs_exist_ok=True)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path with slashes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
