"""The same content gives the same bytes: twice, anywhere, in any order, by either command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import building

pytestmark = pytest.mark.slow

ELSEWHERE = {
    "TZ": "America/St_Johns",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "4242",
    "HOME": "/nonexistent",
}


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths at which two trees differ."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site as a fresh copy of the project builds it, from no cache."""
    folder = tmp_path_factory.mktemp("reference")
    project = building.copy_project(folder / "project")
    done = building.run_build(project, folder / "output", env={"PYTHONHASHSEED": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    return building.tree(folder / "output")


def test_real_site_is_what_a_fresh_copy_builds(built: Path, reference: dict[str, bytes]) -> None:
    assert differences(building.tree(built), reference) == []


# A file system gives the names in a folder in an order of its own; here it is the opposite of any.
OTHER_ORDER = """
import os

_scandir, _listdir = os.scandir, os.listdir


class scandir:
    def __init__(self, path="."):
        with _scandir(path) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))

    def __iter__(self):
        return self.entries

    def __next__(self):
        return next(self.entries)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def close(self):
        pass


os.scandir = scandir
os.listdir = lambda path=".": sorted(_listdir(path), reverse=True)
print("folders are read backwards")
"""


def test_other_zone_locale_hash_seed_and_folder_order(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    project = building.copy_project(tmp_path / "otherwise", backwards=True)
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(OTHER_ORDER)  # Python runs it at its start
    elsewhere = {**ELSEWHERE, "PYTHONPATH": str(tmp_path / "first")}
    done = building.run_build(project, tmp_path / "output", env=elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "folders are read backwards" in done.stdout
    assert differences(building.tree(tmp_path / "output"), reference) == []


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_any_number_of_processes(tmp_path: Path, reference: dict[str, bytes], jobs: int) -> None:
    project = building.copy_project(tmp_path / "project")
    done = building.run_build(project, tmp_path / "output", "--jobs", str(jobs))
    assert done.returncode == 0, done.stdout + done.stderr
    assert differences(building.tree(tmp_path / "output"), reference) == []


def test_pelican_itself_builds_the_same(tmp_path: Path, reference: dict[str, bytes]) -> None:
    project = building.copy_project(tmp_path / "project")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pelican", "content", "-s", "pelicanconf.py"),
            *("--output", str(tmp_path / "output"), "--fatal", "warnings"),
        ],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert differences(building.tree(tmp_path / "output"), reference) == []


def test_second_build_touches_nothing(tmp_path: Path) -> None:
    project = building.copy_project(tmp_path / "project")
    output = tmp_path / "output"
    seen = []
    for _ in range(2):
        done = building.run_build(project, output)
        assert done.returncode == 0, done.stdout + done.stderr
        files = [path for path in output.rglob("*") if path.is_file()]
        seen.append({path: path.stat().st_mtime_ns for path in files})
    assert seen[0] == seen[1]
