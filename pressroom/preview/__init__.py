"""`serve`: the site with drafts and held items, on this machine only, as the files are being saved.

One process keeps the newsroom (`stage`), a thread of its own answers each browser (`server`), and
a process beside it proofreads (`proofreader`). The main thread alone reads content and makes pages.
"""

from __future__ import annotations

import gc
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import watchfiles

from pressroom.library import IGNORED, IGNORED_FOLDERS
from pressroom.parallel import cores
from pressroom.preview.proofreader import Order, Proofreader
from pressroom.preview.server import Answer, Asked, Board, News, Server, broken_page, type_of
from pressroom.preview.stage import Fault, Stage
from pressroom.problems import PressroomError, Problem, Severity
from pressroom.words import Words

__all__ = ["Preview", "serve"]

_GROUPED: Final = 20  # milliseconds without a change after which a save is complete
_CALM: Final = 0.3  # seconds after a save before it is proofread: the page comes first
_TICK: Final = 1.0  # seconds between looks at the clock and at the settings file

Say = Callable[[Words], None]
Tell = Callable[[list[Problem]], None]


class Saved(msgspec.Struct):
    """Files that changed."""

    paths: set[Path]


class Proofread(msgspec.Struct):
    """What the proofreader found."""

    problems: list[Problem]


class Watching(msgspec.Struct):
    """From now on no change goes unnoticed."""


class Ended(msgspec.Struct):
    """There is nothing more to do."""


class Preview:
    """The preview of one project; `run` works until `end` is called, or Ctrl-C."""

    def __init__(
        self, conf: Path, port: int, clock: Callable[[], datetime], say: Say, tell: Tell
    ) -> None:
        self.conf = conf
        self.clock = clock
        self.say = say
        self.tell = tell
        self.work: queue.SimpleQueue[Asked | Saved | Proofread | Watching | Ended] = (
            queue.SimpleQueue()
        )
        self.board = Board()
        # The port first: when another preview has it, nothing is read in vain.
        self.server = Server(port, self.work.put, self.board)
        try:
            overrides = {"SITEURL": self.server.address}
            self.stage = Stage(conf, overrides, clock)
            self.proofreader = Proofreader(
                Order(str(conf), overrides), lambda problems: self.work.put(Proofread(problems))
            )
        except BaseException:
            self.server.server_close()
            raise
        self.run_id = f"{os.getpid()}-{time.time_ns()}"
        self.proof: list[Problem] = []
        self.told: list[Problem] = []
        self.due: float | None = None  # when the proofreader is to start
        self.next_change: int | None = None
        self.looked = time.monotonic()  # when the clock and the settings were last looked at
        self.settings_state = _state(conf)
        self.watching = False  # whether every change is noticed

    # --- from beginning to end -----------------------------------------------------------------

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Read everything, then answer browsers and saved files. `ready` is called when it answers."""
        try:
            # While there is one thread, work may be spread over processes.
            self.stage.read_all(cores())
            self._show()
            with self._watching(), self._serving():
                ready()
                while self._step():
                    pass
        finally:
            self.proofreader.stop()
            self.server.server_close()
            self.stage.close()

    def end(self) -> None:
        """Let `run` return, from any thread."""
        self.work.put(Ended())

    @contextmanager
    def _serving(self) -> Iterator[None]:
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            self.board.close()
            self.server.shutdown()
            thread.join()

    @contextmanager
    def _watching(self) -> Iterator[None]:
        stop = threading.Event()
        newsroom = self.stage.newsroom
        folders = [folder for folder in (newsroom.content, newsroom.theme) if folder.is_dir()]

        def watch() -> None:
            watcher = watchfiles.watch(
                *folders,
                watch_filter=_wanted,
                debounce=10 * _GROUPED,
                step=_GROUPED,
                rust_timeout=500,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
            )
            begun = False
            for changes in watcher:
                if not begun:
                    self.work.put(Watching())
                    begun = True
                if changes:
                    self.work.put(Saved({Path(path) for _, path in changes}))

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    # --- one thing at a time -------------------------------------------------------------------

    def _step(self) -> bool:
        """Do what comes next; False at the end."""
        patience = _TICK if self.due is None else max(0.0, min(_TICK, self.due - time.monotonic()))
        try:
            todo = self.work.get(timeout=patience)
        except queue.Empty:
            self._idle()
            return True
        if time.monotonic() - self.looked > _TICK:
            # Readers who never pause must not keep the hour from coming.
            self._idle()
        if isinstance(todo, Asked):
            if todo.future.set_running_or_notify_cancel():
                todo.future.set_result(self._answer(todo.address))
        elif isinstance(todo, Saved):
            self._saved(todo.paths)
        elif isinstance(todo, Watching):
            # What was saved between the first reading and now.
            if self.stage.read_all():
                self._show()
            self.watching = True
            self.due = time.monotonic()
        elif isinstance(todo, Proofread):
            self.proof = todo.problems
            self._post()
        else:
            return False
        return True

    def _idle(self) -> None:
        self.looked = time.monotonic()
        if self.due is not None and time.monotonic() >= self.due:
            self.due = None
            self.next_change = self.stage.next_change()
            self.proofreader.start()
        state = _state(self.conf)
        if state != self.settings_state:
            self.settings_state = state
            self._saved({self.conf})
        elif self.next_change is not None and self.clock().timestamp() >= self.next_change:
            # An hour has come: a held item is public, a contact no longer valid.
            self._show()
            self.next_change = self.stage.next_change()

    def _saved(self, paths: set[Path]) -> None:
        start = time.perf_counter()
        self.proofreader.stop()
        stage = self.stage
        try:
            if any(not path.is_relative_to(stage.newsroom.content) for path in paths):
                stage.renew()
            stage.read(paths)
        except PressroomError as error:
            stage.fault = (
                error.problem
                if isinstance(error, Fault)
                else Problem(self.conf.name, 0, 0, "settings", error.words)
            )
            self._post()
            return
        # Found in the files as they were; the proofreader looks again.
        touched = {_relative(path, stage.newsroom.project) for path in paths}
        self.proof = [problem for problem in self.proof if problem.path not in touched]
        self._show()
        spent = time.perf_counter() - start
        self.due = time.monotonic() + _CALM
        names = "、".join(sorted(touched)[:3]), ", ".join(sorted(touched)[:3])
        more = len(touched) - 3
        self.say(
            Words(
                f"{names[0]}{f'等{len(touched)}个文件' if more > 0 else ''}已更新，用时{spent:.2f}秒。",
                f"{names[1]}{f' and {more} more' if more > 0 else ''}: shown after {spent:.2f} s",
            )
        )

    def _show(self) -> None:
        self.stage.show()
        self._post()

    def _post(self) -> None:
        """Tell browsers how things stand, and the terminal what errors there are, once."""
        stage = self.stage
        problems = sorted({*stage.problems, *self.proof})
        self.board.post(
            News(self._shown(), stage.newsroom.content.name, stage.behind, tuple(problems))
        )
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        if errors != self.told:
            self.told = errors
            self.tell(errors)

    def _shown(self) -> str:
        return f"{self.run_id}-{self.stage.shown}"

    def _answer(self, address: str) -> Answer:
        """The page at an address, where it moved to, or what is wrong."""
        stage = self.stage
        shown = self._shown()
        if stage.site is None:
            errors = tuple(
                problem for problem in stage.problems if problem.severity is Severity.ERROR
            )
            return Answer(503, broken_page(errors), shown=shown)
        if address.endswith("/index.html"):
            return Answer(301, location=address.removesuffix("index.html"))
        path = address[1:] + ("index.html" if address.endswith("/") else "")
        try:
            made = stage.page(path)
            if made is not None:
                return Answer(200, made, type_of(path), shown=shown)
            if not address.endswith("/") and stage.has(f"{path}/index.html"):
                return Answer(301, location=f"{address}/")
            return Answer(404, stage.page("404.html") or b"", shown=shown)
        except Fault as fault:
            self.tell([fault.problem])
            return Answer(500, broken_page((fault.problem,)), shown=shown)
        except PressroomError as error:
            return Answer(
                500, broken_page((Problem(path, 0, 0, "page", error.words),)), shown=shown
            )


def _state(path: Path) -> tuple[int, int, int]:
    """What changes when a file does."""
    try:
        state = path.stat()
    except OSError:
        return 0, 0, 0
    return state.st_mtime_ns, state.st_size, state.st_ino


def _relative(path: Path, project: Path) -> str:
    return path.relative_to(project).as_posix() if path.is_relative_to(project) else str(path)


def _wanted(change: Any, path: str) -> bool:
    """Whether a changed file is one of ours: not what editors and systems leave behind."""
    *folders, name = Path(path).parts
    return not IGNORED.fullmatch(name) and not IGNORED_FOLDERS.intersection(folders)


def serve(
    conf: Path,
    port: int,
    clock: Callable[[], datetime],
    say: Say,
    tell: Tell,
) -> None:
    """Show the site at http://localhost:PORT until Ctrl-C. UsageError when the port is not free."""
    preview = Preview(conf, port, clock, say, tell)

    def ready() -> None:
        # What was read stays: looking for dead objects among it would cost more than a page.
        gc.collect()
        gc.freeze()
        address = preview.server.address
        say(Words(f"{address}/  按Ctrl-C结束。", f"{address}/  (Ctrl-C ends it)"))

    try:
        preview.run(ready)
    except KeyboardInterrupt:
        say(Words("预览已结束。", "The preview has ended."))
    sys.stdout.flush()
