"""Measuring a command: its time, its descendants' memory, the files it wrote."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.measure import Failed, run, stamps, written

# A child of the command holds 80 MB for a while; the command itself nearly nothing.
GREEDY = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time; b = bytearray(80_000_000); time.sleep(0.5)"], check=True)
"""


def test_memory_is_that_of_all_descendants(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", GREEDY], tmp_path, {}, tmp_path / "log", watch=True)
    assert 80_000_000 < done.peak < 200_000_000
    assert done.wall >= 0.5


def test_processor_time_is_counted_and_not_waiting(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    done = run([sys.executable, "-c", busy], tmp_path, {}, tmp_path / "log")
    idle = run(
        [sys.executable, "-c", "import time; time.sleep(0.3)"], tmp_path, {}, tmp_path / "log"
    )
    assert done.cpu >= 0.3 > idle.cpu
    assert idle.wall >= 0.3
    assert done.peak == 0


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such thing"):
        run(
            [sys.executable, "-c", "raise SystemExit('no such thing')"],
            tmp_path,
            {},
            tmp_path / "log",
        )


def test_the_environment_reaches_the_command(tmp_path: Path) -> None:
    says = "import os; open('said', 'w').write(os.environ['RELATED'])"
    run([sys.executable, "-c", says], tmp_path, {"RELATED": "terms"}, tmp_path / "log")
    assert (tmp_path / "said").read_text() == "terms"


def test_what_was_written_is_told_from_what_was_kept(tmp_path: Path) -> None:
    for name in ("kept.html", "rewritten.html", "replaced.html", "feed.xml"):
        (tmp_path / name).write_text("before")
        os.utime(tmp_path / name, ns=(1, 1))
    before = stamps(tmp_path)
    (tmp_path / "rewritten.html").write_text("after")
    (tmp_path / "new").write_text("after")
    os.utime(tmp_path / "new", ns=(1, 1))
    os.replace(tmp_path / "new", tmp_path / "replaced.html")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "added.html").write_text("after")
    found = written(before, stamps(tmp_path))
    assert (found.files, found.pages) == (5, 4)
    assert (found.touched_files, found.touched_pages) == (3, 3)


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert stamps(tmp_path / "nowhere") == {}
