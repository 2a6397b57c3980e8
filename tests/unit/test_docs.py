"""What the project says about itself is so: links lead somewhere, commands and verbs exist."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.building import PROJECT

PAPERS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@pytest.mark.parametrize("paper", PAPERS, ids=name)
def test_every_link_to_a_file_leads_there(paper: Path) -> None:
    text = re.sub(r"```.*?```", "", paper.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    targets = [unquote(target.partition("#")[0]) for target in LINK.findall(text)]
    inside = [each for each in targets if each and "://" not in each and "{" not in each]
    assert [each for each in inside if not (paper.parent / each).exists()] == []


@pytest.mark.parametrize("paper", PAPERS, ids=name)
def test_every_verb_that_is_named_exists(paper: Path) -> None:
    from invoke import Collection

    import tasks  # with invoke, as `inv` sees it

    verbs = set(Collection.from_module(tasks).task_names)
    named = re.findall(r"python3 tasks\.py ([a-z]+)", paper.read_text(encoding="utf-8"))
    assert set(named) - verbs == set()


def test_every_decision_is_listed() -> None:
    folder = PROJECT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {file.name for file in folder.glob("*.md")} - {"README.md"} == listed


def test_readme_shows_both_languages() -> None:
    from PIL import Image

    for language in ("zh", "en"):
        with Image.open(PROJECT / "docs" / "images" / f"home-{language}.png") as image:
            assert image.width == 1280
        assert f"home-{language}.png" in (PROJECT / "README.md").read_text(encoding="utf-8")
