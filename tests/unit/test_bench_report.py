"""The tables, the ratios, the chart, and the document they are put into."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import report
from bench.measure import Result, Run, Written
from bench.run import QUICK_PAGES, _judge
from bench.tools import tools

NAMED = {key: tool for key, tool in tools().items() if key in ("ours", "hugo", "pelican")}


def result(
    tool: str, row: str, walls: list[float], size: int = 5000, pages: int = 10623, peak: int = 0
) -> Result:
    runs = [Run(wall, wall * 1.5) for wall in walls]
    return Result(size, tool, row, runs, peak, Written(pages, pages, pages, pages))


RESULTS = [
    result("ours", "cold", [9.0, 8.0, 30.0], peak=200_000_000),
    result("hugo", "cold", [12.0, 12.0, 12.0], peak=900_000_000),
    result("pelican", "cold", [90.0, 90.0, 90.0], peak=400_000_000),
    result("ours", "new", [0.8, 0.9, 0.7], pages=41),
    result("pelican", "new", [24.0, 24.0, 24.0]),
    result("ours", "cold", [36.0, 36.0, 36.0], size=20000, peak=500_000_000),
]


def test_a_row_is_the_median_of_its_runs() -> None:
    assert RESULTS[0].wall == 9.0
    assert RESULTS[0].cpu == 13.5


def test_the_table_says_which_tool_builds_everything_every_time() -> None:
    table = report.tables(RESULTS, NAMED)[0]
    ours, hugo, pelican = table.splitlines()[4:7]
    assert ours == "| This site | 10,623 | 10,623 | 9.00 | 13.5 | 200 | 0.80 | 41 |"
    assert (
        hugo == "| Hugo (related by hand) | 10,623 | 10,623 | 12.0 | 18.0 | 900 | as full | all |"
    )
    assert pelican.endswith("| 24.0 | 10,623 |")


def test_ratios_are_ours_divided_by_theirs() -> None:
    lines = report.tables(RESULTS, NAMED)[-1].splitlines()
    found = {
        cells[1].strip(): cells[3].strip() for cells in (line.split("|") for line in lines[2:])
    }
    assert (
        found["full build against Hugo's with related lists by hand, pages alone (5,000): time"]
        == "0.75"
    )
    assert (
        found["full build against Hugo's with related lists by hand, pages alone: memory"] == "0.22"
    )
    assert found["full build against stock Pelican's (5,000): time"] == "0.10"
    assert found["one new release against stock Pelican's, with its cache: time"] == "0.033"
    assert found["one new release: pages written"] == "41"
    assert found["full build, 20,000 against 5,000: time"] == "4.00"


def test_the_chart_is_sound_and_its_bars_are_to_scale() -> None:
    chart = ElementTree.fromstring(report.draw(5000, RESULTS, NAMED))
    space = "{http://www.w3.org/2000/svg}"
    bars = [float(bar.attrib["width"]) for bar in chart.iter(f"{space}rect")]
    # Full builds of ours, Hugo and Pelican; one release of ours, Hugo (as full) and Pelican.
    assert len(bars) == 6
    assert bars[2] / bars[0] == pytest.approx(10, rel=0.01)
    assert bars[4] == bars[1]
    assert chart.find(f"{space}title") is not None


def test_what_people_wrote_around_the_numbers_stays(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text(
        f"# Performance\n\nOurs.\n\n{report.BEGIN}\noutdated numbers\n{report.END}\n\n## What was tried\n\nMuch.\n"
    )
    only_ours = {"ours": NAMED["ours"]}
    for _ in range(2):
        report.put([each for each in RESULTS if each.tool == "ours"], only_ours, file, 3)
    text = file.read_text("utf-8")
    assert text.startswith("# Performance\n\nOurs.\n\n<!-- bench: begin")
    assert text.endswith("<!-- bench: end -->\n\n## What was tried\n\nMuch.\n")
    assert "outdated numbers" not in text
    assert text.count("### 5,000 bilingual releases") == 1
    assert (tmp_path / "performance.svg").exists()


def test_a_document_without_markers_keeps_its_text(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text("# Performance\n\nOurs.\n")
    report.put(RESULTS[:1], {"ours": NAMED["ours"]}, file, 3)
    text = file.read_text("utf-8")
    assert text.startswith("# Performance\n\nOurs.\n\n<!-- bench: begin")
    assert text.endswith("<!-- bench: end -->\n")


def test_the_machine_is_described_without_names_or_paths() -> None:
    said = report.machine({"ours": NAMED["ours"]})
    assert "of memory" in said
    assert "Python 3." in said
    assert "/" not in said.replace("GNU/Linux", "")


def test_the_quick_form_fails_when_one_release_rewrites_too_many_pages() -> None:
    assert _judge([result("ours", "new", [1.0], size=100, pages=QUICK_PAGES - 1)]) == 0
    assert _judge([result("ours", "new", [1.0], size=100, pages=QUICK_PAGES)]) == 1
