"""What the verbs say: how much was read, held and written; what is wrong, in the reader's language; a bar when it takes long."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import building

EMBARGOED = """---
title: "{title}"
summary: "{title}"
---
{body}
"""
SHARED = "date: 2017-06-01\nplace: beijing\nstatus: {status}\ncontacts: [liu-li]\n"


def add(project: Path, slug: str, status: str, more: str = "") -> Path:
    folder = project / "content" / "releases" / "2017" / slug
    folder.mkdir(parents=True)
    english = EMBARGOED.format(title="A plain title", body="A plain text.")
    (folder / "en.md").write_text(english, "utf-8")
    chinese = EMBARGOED.format(title="一个标题", body="一段正文。")
    shared = SHARED.format(status=status) + more
    (folder / "zh.md").write_text(chinese.replace("\n---\n", f"\n{shared}---\n"), "utf-8")
    return folder / "zh.md"


def records(project: Path) -> list[tuple[str, bytes]]:
    """What is kept of the content, and of what the proofreader said of it."""
    with closing(sqlite3.connect(project / ".cache" / "pressroom.sqlite")) as store:
        return store.execute(
            "select name, proof from kept where name like 'library%' or name like 'proof%'"
        ).fetchall()


@pytest.mark.slow
def test_build_says_what_it_read_held_and_wrote(tmp_path: Path) -> None:
    project, output = building.copy_project(tmp_path / "project"), tmp_path / "output"
    add(project, "draft", "draft")
    held = add(project, "held", "public", "embargo: 2099-01-01T09:00:00+08:00\n")

    first = building.run_build(project, output, env={"LC_ALL": "C.UTF-8"})
    assert first.returncode == 0, first.stderr
    said = re.search(
        r"^read 15, held 1, drafts 1; written (\d+), removed 0, unchanged 0; [\d.]+ s$",
        first.stdout,
        re.MULTILINE,
    )
    assert said, first.stdout
    assert int(said[1]) > 100

    again = building.run_build(project, output, env={"LC_ALL": "zh_CN.UTF-8"})
    assert f"读取15条，暂不公开1条，草稿1条；写入0个文件，删除0个，未变{said[1]}个" in again.stdout

    # Every verb knows what another one has read: none of them reads it again, or forgets it.
    before = records(project)
    for verb in ("check", "next", "build"):
        done = building.run_verb(project, verb, env={"LC_ALL": "C.UTF-8"})
        assert done.returncode == 0, done.stderr
        assert records(project) == before, verb
    assert before

    # Broken content stops it before anything is written, and says so in the language of the terminal.
    held.write_text(held.read_text("utf-8").replace("status:", "statu:"), "utf-8")
    times = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    place = "content/releases/2017/held/zh.md:6"
    for locale, what, mend in (
        ("C.UTF-8", "has no key 'statu'", "did you mean 'status'?"),
        ("zh_CN.UTF-8", "没有“statu”这个键", "是不是“status”？"),
    ):
        broken = building.run_build(project, output, env={"LC_ALL": locale})
        assert broken.returncode == 1
        assert place in broken.stderr
        assert what in broken.stderr
        assert mend in broken.stderr
        assert "Traceback" not in broken.stderr
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == times


@pytest.mark.slow
def test_a_plugin_that_cannot_be_imported_stops_the_build(tmp_path: Path) -> None:
    """Pelican alone logs an error and leaves with 0, without a page."""
    project, output = building.copy_project(tmp_path / "project"), tmp_path / "output"
    conf = project / "pelicanconf.py"
    conf.write_text(conf.read_text("utf-8").replace('"pressroom"', '"presroom"'), "utf-8")
    done = building.run_build(project, output, env={"LC_ALL": "C.UTF-8"})
    assert done.returncode == 2
    assert "PLUGINS" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(output.rglob("*.html"))


STEPS = """
import sys, time
sys.path.insert(0, {root!r})
from pressroom.cli import SLOW, Progress
progress = Progress()
progress("render", 1, 10)
print("quick", file=sys.stderr)
time.sleep(SLOW + 0.1)
progress("render", 5, 10)
progress.bar and progress.bar.refresh()
progress.stop()
"""


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_is_shown_on_a_terminal_after_a_second(terminal: bool) -> None:
    here, there = os.openpty()
    script = [sys.executable, "-c", STEPS.format(root=str(building.PROJECT))]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    if terminal:
        subprocess.run(script, stderr=there, env=environment, check=True)
        said = os.read(here, 65536)
    else:
        said = subprocess.run(script, stderr=subprocess.PIPE, env=environment, check=True).stderr
    os.close(here)
    os.close(there)
    quick, _, slow = said.partition(b"quick")
    assert quick == b""
    assert (b"render" in slow) is terminal
    assert (b"50%" in slow) is terminal
