"""The code is clean by the tools' own judgement: ruff, mypy --strict, djlint."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.building import PROJECT


@pytest.mark.parametrize(
    "tool",
    [
        ("ruff", "check", "--quiet"),
        ("ruff", "format", "--check", "--quiet"),
        pytest.param(("mypy",), marks=pytest.mark.slow),  # half a minute without its cache
        ("djlint", "--quiet", "--lint", "theme/templates"),
    ],
    ids=lambda tool: " ".join(tool[:2]).removesuffix(" --quiet"),
)
def test_tool_has_nothing_to_say(tool: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *tool], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
