"""The numbers as tables in docs/performance.md and as a chart beside it.

The document is written by hand but for what stands between the two markers; that is replaced.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from bench.measure import Result
from bench.tools import Tool, version

BEGIN: Final = (
    "<!-- bench: begin (written by `python3 tasks.py bench --out docs/performance.md`) -->"
)
END: Final = "<!-- bench: end -->"
_HEADINGS: Final = {
    "unchanged": "no change",
    "edit": "one edit",
    "new": "one new release",
    "template": "one changed template",
    "check": "proofreading alone, cold",
    "whole": "full build with proofreading",
    "search": "one new release, search index included",
    "serve": "`serve`: an edit seen",
}

Found = dict[tuple[int, str, str], Result]


def _by_place(results: Sequence[Result]) -> Found:
    return {(each.size, each.tool, each.row): each for each in results}


def seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def megabytes(value: int) -> str:
    return f"{value / 1e6:,.0f}"


# --- tables --------------------------------------------------------------------------------------


def tables(results: Sequence[Result], named: Mapping[str, Tool]) -> list[str]:
    """A Markdown table for each size, then the ratios."""
    found = _by_place(results)
    sizes = sorted({each.size for each in results})
    parts = [_table(size, found, named) for size in sizes]
    ratios = list(_ratios(found, sizes))
    if ratios:
        lines = ["| at the same size, in the same run | goal | measured |", "| --- | --- | --- |"]
        parts.append("\n".join(lines + [f"| {' | '.join(ratio)} |" for ratio in ratios]))
    return parts


def _table(size: int, found: Found, named: Mapping[str, Tool]) -> str:
    rows = [row for row in _HEADINGS if any(key[0] == size and key[2] == row for key in found)]
    head = ["", "pages", "files", "full build, s", "CPU, s", "memory, MB"]
    head += [f"{_HEADINGS[row]}, s" for row in rows]
    if "new" in rows:
        head.append("pages written for a new release")
    lines = [
        f"### {size:,} bilingual releases",
        "",
        f"| {' | '.join(head)} |",
        "| --- " + "| ---: " * (len(head) - 1) + "|",
    ]
    for key, tool in named.items():
        cold = found.get((size, key, "cold"))
        if cold is None and not any(place[:2] == (size, key) for place in found):
            continue
        cells = [tool.label]
        if cold:
            cells += [
                f"{cold.written.pages:,}",
                f"{cold.written.files:,}",
                seconds(cold.wall),
                seconds(cold.cpu),
                megabytes(cold.peak),
            ]
        else:
            cells += ["", "", "", "", ""]
        for row in rows:
            here = found.get((size, key, row))
            every_time = not tool.incremental and row in ("unchanged", "edit", "new", "template")
            cells.append(seconds(here.wall) if here else "as full" if every_time else "")
        if "new" in rows:
            new = found.get((size, key, "new"))
            cells.append(
                f"{new.written.touched_pages:,}" if new else "all" if not tool.incremental else ""
            )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratios(found: Found, sizes: Sequence[int]) -> Iterator[tuple[str, str, str]]:
    """What is claimed: ours against the peers at the greatest size that all were measured at."""
    compared = [
        size
        for size in sizes
        if (size, "ours", "cold") in found and len({key for at, key, _ in found if at == size}) > 1
    ]
    if compared:
        yield from _against_peers(found, compared[-1])
    grown = [size for size in sizes if (size, "ours", "cold") in found]
    if 5000 in grown and 20000 in grown:
        small, large = found[5000, "ours", "cold"], found[20000, "ours", "cold"]
        yield (
            "full build, 20,000 against 5,000: time",
            "at most 4.4",
            f"{large.wall / small.wall:.2f}",
        )
        yield "full build of 20,000: memory, MB", "under 1,000", megabytes(large.peak)


def _against_peers(found: Found, size: int) -> Iterator[tuple[str, str, str]]:
    at = f" ({size:,})"
    ours = found[size, "ours", "cold"]
    new = found.get((size, "ours", "new"))
    goals = {
        "hugo-builtin": ("Hugo's with its related content", "at most 1.00", "at most 0.50"),
        "hugo-files": (
            "Hugo's with related lists by hand, text and JSON",
            "at most 1.00",
            "at most 0.50",
        ),
        "hugo": ("Hugo's with related lists by hand, pages alone", "at most 1.00", "at most 0.50"),
        "hugo-plain": ("Hugo's without related lists", "stated", "stated"),
        "eleventy": ("Eleventy's", "stated", "stated"),
        "pelican": ("stock Pelican's", "at most 0.25", "stated"),
    }
    for key, (whose, time_goal, memory_goal) in goals.items():
        cold = found.get((size, key, "cold"))
        if cold is None:
            continue
        yield f"full build against {whose}{at}: time", time_goal, f"{ours.wall / cold.wall:.2f}"
        if ours.peak and cold.peak:
            yield f"full build against {whose}: memory", memory_goal, f"{ours.peak / cold.peak:.2f}"
        if new is None:
            continue
        its_new = found.get((size, key, "new"))
        if its_new:
            yield (
                f"one new release against {whose}, with its cache: time",
                "at most 0.067",
                f"{new.wall / its_new.wall:.3f}",
            )
        elif key != "eleventy":
            goal = "stated" if key == "hugo-plain" else "at most 0.067"
            yield (
                f"one new release against a full build, {whose}: time",
                goal,
                f"{new.wall / cold.wall:.3f}",
            )
    if new:
        yield f"one new release{at}, s", "under 1.5", seconds(new.wall)
        yield "one new release: pages written", "fewer than 60", str(new.written.touched_pages)
    unchanged = found.get((size, "ours", "unchanged"))
    if unchanged:
        yield f"no change{at}, s", "under 1.0", seconds(unchanged.wall)


# --- the machine ---------------------------------------------------------------------------------


def machine(named: Mapping[str, Tool]) -> str:
    """Cores, memory, system and versions; no name of a machine, no path."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    parts = [
        f"{cores} {'core' if cores == 1 else 'cores'} ({_processor()})",
        f"{memory:.0f} GB of memory",
        f"{_system()}, Linux {platform.release().partition('-')[0]}",
        f"Python {platform.python_version()}",
    ]
    seen = set()
    for key, tool in named.items():
        name = tool.label.partition(" (")[0]
        if key != "ours" and name not in seen:
            seen.add(name)
            parts.append(f"{name} {version(tool)}")
            if key == "eleventy":
                node = subprocess.run(
                    ["node", "--version"], capture_output=True, text=True, check=True
                )
                parts.append(f"Node.js {node.stdout.strip().removeprefix('v')}")
    return "; ".join(parts) + "."


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return model[1] if model else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return sys.platform


# --- the document --------------------------------------------------------------------------------

_HOW: Final = """\
Medians over the timed runs of a row ({rounds}), whole processes from a cold start, files in the machine's cache,
the tools taking turns. CPU is the processor time of all processes of a run. Memory is the peak of
the sum of proportional set sizes (PSS) over all processes, sampled every 50 ms in a run of its own.
The peers have a plain theme with the same kinds of pages; ours has the real theme, and writes more
files a release (text, JSON, a kit). “As full” marks a tool that builds everything every time."""


def put(results: Sequence[Result], named: Mapping[str, Tool], file: Path, rounds: int) -> None:
    """Write the tables between the markers of `file`, and the chart beside it."""
    chart = file.with_suffix(".svg")
    sizes = [each.size for each in results if each.row == "cold" and each.tool != "ours"]
    size = max(sizes, default=max(each.size for each in results))
    chart.write_text(draw(size, results, named), encoding="utf-8")
    figure = f"![Seconds for a full build and for one new release, {size:,} bilingual releases]({chart.name})"
    parts = [
        BEGIN,
        machine(named),
        _HOW.format(rounds=rounds),
        figure,
        *tables(results, named),
        END,
    ]
    block = "\n\n".join(parts)
    text = (
        file.read_text(encoding="utf-8") if file.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
    )
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        before, after = f"{text.rstrip()}\n\n", ""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + block + (after or "\n"), encoding="utf-8")


# --- the chart -----------------------------------------------------------------------------------

_WIDTH: Final = 720
_BARS_FROM: Final = 210
_BAR: Final = 18
_STEP: Final = 30
_STYLE: Final = """\
text { font: 14px system-ui, sans-serif; fill: #1a1a1a }
.peer { fill: #8a94a0 }
.ours { fill: #0b6bb5 }
@media (prefers-color-scheme: dark) { text { fill: #f0f0f0 } .ours { fill: #6cb6f5 } }"""


def draw(size: int, results: Sequence[Result], named: Mapping[str, Tool]) -> str:
    """Two groups of bars, seconds: a full build, and one new release."""
    found = _by_place(results)
    groups = []
    for row, title in (("cold", "Full build"), ("new", "One new release")):
        bars = []
        for key, tool in named.items():
            here = found.get((size, key, row)) or (
                None if tool.incremental else found.get((size, key, "cold"))
            )
            if here:
                bars.append((key, tool.label, here.wall))
        if bars:
            groups.append((f"{title}, seconds", bars))
    longest = max((bar[2] for _, bars in groups for bar in bars), default=1.0)
    lines: list[str] = []
    y = 0
    for title, bars in groups:
        y += 34
        lines.append(f'<text x="0" y="{y - 12}" font-weight="bold">{title}</text>')
        for key, label, wall in bars:
            width = max(1.0, wall / longest * (_WIDTH - _BARS_FROM - 60))
            kind = "ours" if key == "ours" else "peer"
            lines.append(
                f'<text x="{_BARS_FROM - 10}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
            )
            lines.append(
                f'<rect class="{kind}" x="{_BARS_FROM}" y="{y}" width="{width:.1f}" height="{_BAR}"/>'
            )
            lines.append(
                f'<text x="{_BARS_FROM + width + 8:.1f}" y="{y + 14}">{seconds(wall)}</text>'
            )
            y += _STEP
    title = f"Seconds for a full build and for one new release, {size:,} bilingual releases"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 4}" role="img" aria-labelledby="t">',
            f'<title id="t">{title}</title>',
            f"<style>{_STYLE}</style>",
            *lines,
            "</svg>",
            "",
        ]
    )
