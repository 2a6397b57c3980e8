"""The verbs behind tasks.py: each does one thing, prints for people, and returns an exit code."""

from __future__ import annotations

import locale
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressroom.problems import ContentError, PressroomError, Problem, Severity, UsageError
from pressroom.words import Language, Words

if TYPE_CHECKING:
    from pressroom.newsroom import Newsroom

ROOT = Path(__file__).parent.parent
SLOW = 1.0  # seconds after which a progress bar is shown


def spoken(lang: str = "") -> Language:
    """The language to speak: `--lang`, else the terminal's."""
    if lang in ("zh", "en"):
        return "zh" if lang == "zh" else "en"
    if lang:
        raise UsageError(f"--lang只能是zh或en，不是“{lang}”。", f"--lang is zh or en, not {lang!r}")
    named = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "zh" if named.lower().startswith("zh") else "en"


def guarded(work: Callable[[], int], lang: str = "") -> int:
    """Run a verb; what stops it is said in words, with its exit code."""
    try:
        return work()
    except ContentError as error:
        language = spoken(lang)
        print_problems(error.problems, language)
        print(error.words[language], file=sys.stderr)
        return error.exit_code
    except PressroomError as error:
        print(error.words[spoken(lang if lang in ("zh", "en") else "")], file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 1


def print_problems(problems: Sequence[Problem], language: Language) -> None:
    for problem in problems:
        parts = [f"{problem.place}: {problem.severity}: {problem.what[language]} [{problem.rule}]"]
        if problem.value:
            parts.append(f"  {problem.value}")
        if problem.mend[language]:
            parts.append(f"  → {problem.mend[language]}")
        print("\n".join(parts), file=sys.stderr)


class Progress:
    """A bar for what takes more than a second, on a terminal only."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.shown = False
        self.bar: Any = None
        self.tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if not sys.stderr.isatty() or time.monotonic() - self.start < SLOW:
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self.bar = Bar(console=Console(stderr=True), transient=True)
            self.bar.start()
        if step not in self.tasks:
            self.tasks[step] = self.bar.add_task(step, total=total)
        self.bar.update(self.tasks[step], completed=done, total=total)

    def stop(self) -> None:
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


def run_pelican(conf: str, wish: Any, overrides: dict[str, Any] | None = None) -> Any:
    """One Pelican run with our generator in it; returns its Outcome."""
    from pelican import Pelican
    from pelican.settings import read_settings

    logging.disable(logging.WARNING)
    settings = read_settings(
        str(ROOT / conf),
        {"OUTPUT_PATH": str(wish.output), "PRESSROOM_WISH": wish, **(overrides or {})},
    )
    with redirect_stdout(StringIO()), quiet_pelican():
        Pelican(settings).run()
    outcome = settings.get("PRESSROOM_OUTCOME")
    if outcome is None:
        raise UsageError(
            "Pelican没有运行pressroom插件；检查pelicanconf.py里的PLUGINS和PLUGIN_PATHS。",
            "Pelican did not run the pressroom plugin; look at PLUGINS and PLUGIN_PATHS in pelicanconf.py",
        )
    wish.newsroom = settings["PRESSROOM_NEWSROOM"]
    return outcome


@contextmanager
def quiet_pelican() -> Iterator[None]:
    """Pelican's closing line counts articles, of which it has none."""
    import pelican

    before = pelican.console.quiet
    pelican.console.quiet = True
    try:
        yield
    finally:
        pelican.console.quiet = before


def build(
    output: str = "output",
    at: str = "",
    explain: str = "",
    profile: bool = False,
    jobs: int = 0,
    search: bool = True,
    proofread: bool = True,
    conf: str = "pelicanconf.py",
) -> int:
    """Proofread, then build the public site into a folder."""

    def work() -> int:
        from pressroom.newsroom import Wish, clock

        start = time.perf_counter()
        progress = Progress()
        try:
            outcome = run_pelican(
                conf,
                Wish(
                    now=clock(at),
                    output=Path(output).absolute(),
                    jobs=jobs,
                    search=search,
                    proofread=proofread,
                    explain=explain,
                    progress=progress,
                ),
            )
        finally:
            progress.stop()
        language = spoken()
        print_problems(
            [each for each in outcome.problems if each.severity is not Severity.ADVICE], language
        )
        advice = sum(each.severity is Severity.ADVICE for each in outcome.problems)
        if advice:
            print(
                Words(
                    f"另有{advice}条建议，用check查看。", f"{advice} pieces of advice; see `check`"
                )[language]
            )
        if outcome.explanation:
            print(outcome.explanation)
        report = outcome.report
        seconds = time.perf_counter() - start
        print(
            Words(
                f"读取{outcome.read}条，暂不公开{outcome.held}条，草稿{outcome.drafts}条；"
                f"写入{len(report.written)}个文件，删除{len(report.removed)}个，未变{report.unchanged}个；用时{seconds:.2f}秒。",
                f"read {outcome.read}, held {outcome.held}, drafts {outcome.drafts}; "
                f"written {len(report.written)}, removed {len(report.removed)}, unchanged {report.unchanged}; {seconds:.2f} s",
            )[language]
        )
        if profile:
            for step, spent in sorted(outcome.times.items(), key=lambda each: -each[1]):
                print(f"{spent:8.3f} s  {step}")
        return 0

    return guarded(work)


def publish(target: str, rollback: bool = False, at: str = "") -> int:
    """Build, verify and put the site live, all or nothing; or go back to the version before."""

    def work() -> int:
        from pressroom import publishing

        language = spoken()
        if rollback:
            receipt = publishing.rollback(target)
            print(
                Words(f"已退回到{receipt.version}。", f"went back to {receipt.version}")[language]
            )
            return 0
        publishing.parse_target(target)
        from pressroom.newsroom import Wish, clock
        from pressroom.release_desk import publish as put_live

        start = time.perf_counter()
        tree = ROOT / ".cache" / "publish" / "tree"
        now = clock(at)
        progress = Progress()
        wish = Wish(now=now, output=tree, compressed=True, search=True, progress=progress)
        tree.parent.mkdir(parents=True, exist_ok=True)
        # One publisher at a time: the tree that is built is the tree that is put live.
        with publishing.hold(tree.parent / "publish.lock"):
            try:
                outcome = run_pelican("publishconf.py", wish)
            finally:
                progress.stop()
            print_problems(
                [each for each in outcome.problems if each.severity is not Severity.ADVICE],
                language,
            )
            assert wish.newsroom is not None, "run_pelican names who fulfilled the wish"
            done = put_live(wish.newsroom, outcome, tree, target, now)
        seconds = time.perf_counter() - start
        print(done.receipt.words[language])
        for remark in done.receipt.remarks:
            print(remark[language])
        print(
            Words(
                f"新登记{done.recorded}个地址；用时{seconds:.2f}秒。",
                f"{done.recorded} new addresses in the ledger; {seconds:.2f} s",
            )[language]
        )
        return 0

    return guarded(work)


def messages() -> int:
    """Bring the catalogues in step with templates and code."""

    def work() -> int:
        from pressroom import catalogues

        theme, package = ROOT / "theme", ROOT / "pressroom"
        for language, (added, dropped) in catalogues.update(theme, package).items():
            for key in added:
                print(f"{language}: + {key}")
            for key in dropped:
                print(f"{language}: - {key}")
        faults = catalogues.faults(theme, package)
        for fault in faults:
            print(fault, file=sys.stderr)
        return 1 if faults else 0

    return guarded(work)


def next_change() -> int:
    """Print the next instant at which the public site changes by itself; nothing when it never does."""

    def work() -> int:
        from pelican.settings import read_settings

        from pressroom.moments import iso
        from pressroom.newsroom import Newsroom, clock

        settings = read_settings(str(ROOT / "pelicanconf.py"), {})
        at = Newsroom(settings).next_change(clock())
        if at is not None:
            print(iso(at))
        return 0

    return guarded(work)


def newsroom_of(conf: str = "pelicanconf.py") -> Newsroom:
    """The project's newsroom as a settings file describes it, without a Pelican run."""
    from pelican.settings import read_settings

    from pressroom.newsroom import Newsroom

    # Pelican warns of a locale that the machine lacks; nothing here depends on it.
    logging.disable(logging.WARNING)
    return Newsroom(read_settings(str(ROOT / conf), {}))


def serve(port: int = 8000) -> int:
    """Show the site with drafts and held items, and reload it on saving."""

    def work() -> int:
        import gc

        from pressroom import preview
        from pressroom.newsroom import clock

        gc.enable()
        language = spoken()
        # Pelican warns of a locale that the machine lacks; nothing here depends on it.
        logging.disable(logging.WARNING)
        if port < 1:
            raise UsageError(
                f"端口是1到65535之间的数，不是{port}。",
                f"a port is a number from 1 to 65535, not {port}",
            )

        def say(words: Words) -> None:
            print(f"{time.strftime('%H:%M:%S')} {words[language]}", flush=True)

        def tell(problems: Sequence[Problem]) -> None:
            if problems:
                print_problems(problems, language)
            else:
                say(Words("错误都已改正。", "No errors any more."))

        preview.serve(ROOT / "pelicanconf.py", port, clock, say, tell)
        return 0

    return guarded(work)


def check(format: str = "text", fix: bool = False, in_step: str = "", lang: str = "") -> int:
    """Proofread only: list every problem, mend what is safe, or record that a person compared an item."""

    def work() -> int:
        from pressroom import desk
        from pressroom.newsroom import clock
        from pressroom.proofreading import report

        language = spoken(lang)
        if format not in ("text", "json", "github"):
            raise UsageError(
                f"--format只能是text、json或github，不是“{format}”。",
                f"--format is text, json or github, not {format!r}",
            )
        if fix and in_step:
            raise UsageError("--fix和--in-step请分开用。", "use --fix and --in-step one at a time")
        newsroom = newsroom_of()
        if in_step:
            path = desk.record_in_step(newsroom, in_step)
            shown = path.relative_to(newsroom.project)
            print(
                Words(
                    f"已记录中英文核对一致：{shown}",
                    f"recorded that both languages are in step: {shown}",
                )[language]
            )
            return 0
        if fix:
            # What programs read stays free of what was changed.
            out = sys.stdout if format == "text" else sys.stderr
            for each in desk.mend(newsroom):
                print(report.difference(each.path, each.before, each.after), end="", file=out)
        progress = Progress()
        try:
            found = desk.check(newsroom, clock(), progress)
        finally:
            progress.stop()
        colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(report.render(found.problems, found.waived, format, language, colours), end="")  # type: ignore[arg-type]  # checked above
        return 1 if found.failed else 0

    return guarded(work, lang)


def new(kind: str, slug: str) -> int:
    """Make a folder with both language files, ready to fill."""

    def work() -> int:
        from pressroom import drafting
        from pressroom.moments import day_in_china
        from pressroom.newsroom import clock

        language = spoken()
        content = newsroom_of().content
        made = drafting.draft(kind, slug, content, day_in_china(clock()), language)
        for path in drafting.write(made, content):
            print(path.relative_to(content.parent))
        print(
            Words(
                "是草稿，不会公开。用serve边写边看；写好后把status改成public。",
                "a draft, which is not public. See it with `serve` while you write; say `status: public` when it is ready",
            )[language]
        )
        return 0

    return guarded(work)


def import_file(file: str, as_slug: str = "") -> int:
    """Turn a Word, text or Markdown file of a release into a folder of content."""

    def work() -> int:
        from pressroom import desk

        language = spoken()
        newsroom = newsroom_of()
        taken = desk.take_in(newsroom, Path(file), as_slug)
        print(taken.folder.relative_to(newsroom.project))
        for mark in taken.marks:
            print(f"  TODO {mark[language]}")
        print(Words("已存为草稿。", "kept as a draft")[language])
        return 0

    return guarded(work)


def export(channel: str, release: str, lang: str = "") -> int:
    """Write a release for another channel, below export/."""

    def work() -> int:
        from pressroom import desk
        from pressroom.formats import instant
        from pressroom.newsroom import clock

        wanted = spoken(lang) if lang else None
        language = spoken()
        # Links lead to the public site.
        newsroom = newsroom_of("publishconf.py")
        for made in desk.hand_out(newsroom, channel, release, wanted, clock()):
            print(made.path.relative_to(newsroom.project))
            if made.until:
                until = instant(made.until, language)
                print(
                    Words(
                        f"  尚未公开，{until}之前不要发出。",
                        f"  not public yet: do not send it before {until}",
                    )[language],
                    file=sys.stderr,
                )
        return 0

    return guarded(work)


__all__ = [
    "Severity",
    "build",
    "check",
    "export",
    "guarded",
    "import_file",
    "locale",
    "messages",
    "new",
    "next_change",
    "serve",
]
