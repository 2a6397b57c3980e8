"""The rows: what is done to a site before each run, how often, and what proves that it worked.

Within a row the tools take turns, so that whatever else the machine does falls on all of them. The
first turn of a cold row is watched for memory and warms the machine's caches; it is not timed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench import report
from bench.corpus import LANGUAGES, Archive
from bench.measure import Failed, Result, Run, Stamps, run, stamps, written
from bench.serving import serving
from bench.tools import PROJECT, Site, Tool, install, set_up, tools

ROWS: Final = ("cold", "unchanged", "edit", "new", "template")
# Rows that only we have, with commands of their own.
OWN_ROWS: Final = ("search", "serve", "check", "whole")
SIZES: Final = (100, 1000, 5000, 20000)
DOCUMENT: Final = PROJECT / "docs" / "performance.md"
# Above this many releases only our cold build is measured: that is what growth is about.
COMPARED: Final = 5000
ROUNDS: Final = 3
# The words with which round by round an edit or a template is told apart.
MARKS: Final = (
    "alder",
    "birch",
    "cedar",
    "dogwood",
    "elder",
    "fir",
    "gorse",
    "hazel",
    "ivy",
    "juniper",
)
# What the quick form, for CI, holds a new release to.
QUICK_PAGES: Final = 60


def measure(
    size: int,
    chosen: Sequence[Tool],
    rows: Sequence[str],
    rounds: int,
    work: Path,
    say: Callable[[str], None],
) -> list[Result]:
    """Every tool in every row at one size, in folders below `work`."""
    archive = Archive(size)
    say(f"{size:,} releases: writing them for {', '.join(tool.label for tool in chosen)}")
    sites = set_up(list(chosen), work, archive)
    results: list[Result] = []
    built: set[str] = set()
    for row in (row for row in ROWS if row in rows):
        active = [site for site in sites if row == "cold" or site.tool.incremental]
        found = {site.tool.key: Result(size, site.tool.key, row, []) for site in active}
        for site in active:
            if row != "cold" and site.tool.key not in built:
                if not site.output.exists() or site.tool.cold:
                    run(site.tool.command, site.folder, site.tool.environment, site.folder / "log")
                built.add(site.tool.key)
        first = -1 if row == "cold" else 0  # the turn that is watched
        for turn in range(first, rounds):
            for site in active:
                _take(site, row, turn, found[site.tool.key])
        results += found.values()
        for result in found.values():
            say(f"  {row:10} {result.tool:13} {result.wall:7.2f} s  {result.peak / 1e6:6.0f} MB")
    for site in sites:
        results += _own(site, [row for row in OWN_ROWS if row in rows], size, rounds, say)
    return results


def _take(site: Site, row: str, turn: int, result: Result) -> None:
    """One turn: change the site, build it, prove it, keep the numbers."""
    prove = _prepare(site, row, turn)
    before: Stamps = stamps(site.output)
    watch = turn < 0
    command = site.tool.cold if row == "cold" and site.tool.cold else site.tool.command
    done = run(command, site.folder, site.tool.environment, site.folder / "log", watch=watch)
    prove()
    if watch:
        result.peak = done.peak
    else:
        result.runs.append(done)
    result.written = written(before, stamps(site.output))


def _prepare(site: Site, row: str, turn: int) -> Callable[[], None]:
    """Change the site as the row says; what comes back proves afterwards that the change is live."""
    archive = site.archive
    if row == "cold":
        site.make_cold()
        some = [archive.release(index) for index in (0, archive.size // 2, archive.size - 1)]

        def prove_whole() -> None:
            for lang in LANGUAGES:
                _all_say(site, [site.home(some[-1], lang)], some[-1].slug)
                for each in some:
                    _all_say(site, [site.page(each, lang)], each.title[lang])

        return prove_whole
    if row == "unchanged":
        return lambda: None
    mark = MARKS[turn % len(MARKS)]
    if row == "edit":
        edited = archive.release(archive.size // 2 + turn, revision=mark)
        site.change(edited)
        return lambda: _all_say(site, [site.page(edited, lang) for lang in LANGUAGES], mark)
    if row == "new":
        added = archive.release(archive.size + turn)
        site.change(added)

        def prove() -> None:
            for lang in LANGUAGES:
                _all_say(site, [site.page(added, lang)], added.title[lang])
                _all_say(site, [site.home(added, lang)], added.slug)

        return prove
    if row == "template":
        site.change_template(mark)
        shown = archive.release(archive.size // 3)
        return lambda: _all_say(
            site, [site.page(shown, lang) for lang in LANGUAGES], f"<!-- {mark} -->"
        )
    raise Failed(f"no such row: {row}")


def _all_say(site: Site, pages: Sequence[str], words: str) -> None:
    if not all(words in page for page in pages):
        raise Failed(f"{site.tool.label}: the change is not live: {words!r} is missing")


def _own(
    site: Site, rows: Sequence[str], size: int, rounds: int, say: Callable[[str], None]
) -> list[Result]:
    """A tool's rows of its own: proofreading with no cache; one new release with the search index."""
    tool = site.tool
    results = []
    for row in (row for row in rows if row in tool.extra):
        result = Result(size, tool.key, row, [])
        if row == "serve":
            result.runs += _serve(site, size, rounds)
        if row == "search":
            # The index of what is there already.
            run(tool.extra[row], site.folder, tool.environment, site.folder / "log")
        for turn in range(rounds) if row != "serve" else ():
            if row == "search":
                # Beyond the releases that the row "new" added.
                site.change(site.archive.release(size + rounds + turn))
            else:
                site.make_cold()
            result.runs.append(
                run(tool.extra[row], site.folder, tool.environment, site.folder / "log")
            )
        say(f"  {row:10} {result.tool:13} {result.wall:7.2f} s")
        results.append(result)
    return results


def _serve(site: Site, size: int, rounds: int) -> list[Run]:
    """Edits of one release while `serve` runs; the processor's time is the server's own affair."""
    runs = []
    with serving(site.tool.extra["serve"], site.folder, site.folder / "log") as shown:
        for turn in range(rounds):
            mark = f"served-{MARKS[turn % len(MARKS)]}"
            edited = site.archive.release(size // 2, revision=mark)
            path = f"/en/releases/{edited.key}/"
            shown.page(path)
            runs.append(Run(shown.seconds_until(lambda: site.change(edited), path, mark), 0.0))  # noqa: B023  (called at once)
    return runs


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    options = _options(argv)
    if options.install:
        install()
        return 0
    known = tools()
    if options.quick:
        options.sizes, options.rounds, options.peers = [100], 1, []
    whole = (
        options.sizes is None and options.rows is None and options.peers is None and options.ours
    )
    out = options.out or (DOCUMENT if whole else None)
    rows = options.rows or [*ROWS, *OWN_ROWS]
    chosen = _choose(known, options.ours, options.peers)
    results: list[Result] = []
    failed = False
    try:
        for size in options.sizes or SIZES:
            large = size > COMPARED
            work = Path(tempfile.mkdtemp(prefix="bench-", dir=options.work))
            try:
                results += measure(
                    size,
                    [tool for tool in chosen if not large or tool.key == "ours" or options.all],
                    ["cold"] if large and not options.all else rows,
                    options.rounds,
                    work,
                    _say,
                )
            finally:
                if not options.keep:
                    shutil.rmtree(work, ignore_errors=True)
    except Failed as problem:
        print(problem, file=sys.stderr)
        failed = True
    if options.json:
        options.json.write_bytes(msgspec.json.encode(results))
    named = {tool.key: tool for tool in chosen}
    print()
    print("\n\n".join(report.tables(results, named)))
    if failed:
        return 1
    if out:
        report.put(results, named, out, options.rounds)
    if options.quick:
        return _judge(results)
    return 0


def _choose(known: dict[str, Tool], ours: bool, peers: Sequence[str] | None) -> list[Tool]:
    keys = [key for key in known if key != "ours"] if peers is None else peers
    chosen = [known["ours"]] if ours else []
    for key in keys:
        if known[key].installed:
            chosen.append(known[key])
        else:
            _say(f"{known[key].label} is not installed and left out; see --install")
    return chosen


def _judge(results: Sequence[Result]) -> int:
    """The quick form's one demand."""
    for result in results:
        if result.row == "new" and result.written.touched_pages >= QUICK_PAGES:
            pages = result.written.touched_pages
            print(f"one new release rewrote {pages} pages; fewer than {QUICK_PAGES} are allowed")
            return 1
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure our build and its peers.")

    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(",")]

    def names(known: Sequence[str]) -> Callable[[str], list[str]]:
        def read(text: str) -> list[str]:
            chosen = [part for part in text.split(",") if part]
            for part in chosen:
                if part not in known:
                    raise argparse.ArgumentTypeError(f"{part!r} is not one of {', '.join(known)}")
            return chosen

        return read

    peers = [key for key in tools() if key != "ours"]
    parser.add_argument(
        "--sizes", type=numbers, help=f"numbers of releases ({', '.join(map(str, SIZES))})"
    )
    parser.add_argument(
        "--rows", type=names((*ROWS, *OWN_ROWS)), help=f"{', '.join((*ROWS, *OWN_ROWS))} (all)"
    )
    parser.add_argument("--peers", type=names(peers), help=f"{', '.join(peers)} (all installed)")
    parser.add_argument("--no-ours", dest="ours", action="store_false", help="peers only")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="timed turns a row (3)")
    parser.add_argument(
        "--all", action="store_true", help=f"all tools and rows above {COMPARED} too"
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="document for tables and chart (docs/performance.md, when nothing is left out)",
    )
    parser.add_argument("--json", type=Path, help="write the numbers as JSON")
    parser.add_argument(
        "--work", type=Path, help="folder to work in (the system's for temporary files)"
    )
    parser.add_argument("--keep", action="store_true", help="leave the work folders behind")
    parser.add_argument(
        "--quick", action="store_true", help="the small form for CI: 100 releases, no peers"
    )
    parser.add_argument("--install", action="store_true", help="install the peers and stop")
    return parser.parse_args(argv)


__all__ = ["PROJECT", "Result", "main", "measure"]
