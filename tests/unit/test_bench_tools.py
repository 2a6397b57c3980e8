"""Setting a tool up: our project's copy runs in our environment, and every peer has its theme."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bench.corpus import Archive
from bench.measure import Failed
from bench.tools import PROJECT, Site, set_up, tools

EVERY = tools()


def test_the_copy_of_our_project_starts_without_making_an_environment(tmp_path: Path) -> None:
    (site,) = set_up([EVERY["ours"]], tmp_path, Archive(3))
    before = sorted(path.name for path in (site.folder / ".venv").iterdir())
    python = site.tool.command[0]
    done = subprocess.run(
        [python, "tasks.py", "build", "--help"], cwd=site.folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "--output" in done.stdout
    assert sorted(path.name for path in (site.folder / ".venv").iterdir()) == before
    assert (site.folder / "content" / "releases" / "2005").is_dir()
    # The copy must not reach into the project: its own modules are files, not links to ours.
    assert not (site.folder / "pressroom").is_symlink()
    assert (PROJECT / "theme").is_dir()


@pytest.mark.parametrize("key", ["hugo", "hugo-builtin", "hugo-plain", "pelican", "ours"])
def test_a_changed_template_is_a_changed_template(key: str, tmp_path: Path) -> None:
    tool = EVERY[key]
    tool.set_up(tmp_path)
    site = Site(tool, tmp_path, Archive(3), tool.writer(tmp_path))
    for mark in ("alder", "birch"):
        site.change_template(mark)
        assert f"<!-- {mark} -->\n</body>" in (tmp_path / tool.template).read_text("utf-8")


def test_a_template_that_cannot_be_changed_is_said(tmp_path: Path) -> None:
    tool = EVERY["hugo"]
    (tmp_path / tool.template).parent.mkdir(parents=True)
    (tmp_path / tool.template).write_text("nothing")
    with pytest.raises(Failed, match="no </body>"):
        Site(tool, tmp_path, Archive(3), tool.writer(tmp_path)).change_template("alder")


def test_a_page_that_was_not_built_is_said(tmp_path: Path) -> None:
    tool = EVERY["hugo"]
    archive = Archive(3)
    with pytest.raises(Failed, match="was not built"):
        Site(tool, tmp_path, archive, tool.writer(tmp_path)).page(archive.release(0), "zh")


def test_a_cold_start_finds_neither_output_nor_cache(tmp_path: Path) -> None:
    tool = EVERY["pelican"]
    for name in ("public", "cache", "content"):
        (tmp_path / name).mkdir()
    Site(tool, tmp_path, Archive(3), tool.writer(tmp_path)).make_cold()
    assert [path.name for path in tmp_path.iterdir()] == ["content"]
