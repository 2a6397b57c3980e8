"""The catalogues of the interface are in step with templates and code, complete and not fuzzy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests import building

LANGUAGES = ("zh", "en")


def catalogue(project: Path, language: str) -> Path:
    return project / "theme" / "locale" / language / "LC_MESSAGES" / "messages.po"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    with catalogue(building.PROJECT, language).open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert messages
    assert [message.id for message in messages if message.fuzzy] == []
    empty = [
        message.id
        for message in messages
        if not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    assert empty == []


def test_both_catalogues_hold_the_same_messages() -> None:
    ids = []
    for language in LANGUAGES:
        with catalogue(building.PROJECT, language).open("rb") as file:
            ids.append({(message.context, str(message.id)) for message in read_po(file)})
    assert ids[0] == ids[1]


@pytest.mark.slow
def test_extracting_again_changes_nothing(tmp_path: Path) -> None:
    project = building.copy_project(tmp_path / "project")
    shutil.copy(building.PROJECT / "tasks.py", project)
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "messages"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for language in LANGUAGES:
        now = catalogue(project, language).read_text(encoding="utf-8")
        assert now == catalogue(building.PROJECT, language).read_text(encoding="utf-8")
