"""The code is clean by the tools' own judgement: ruff, mypy --strict, djlint; and it flows one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

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


def imported(path: Path, package: str) -> Iterator[str]:
    """The modules of `package` that a module imports, wherever in its text, but not for types alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body.clear()
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith(package))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("package", ["pressroom", "bench"])
def test_no_module_reaches_back(package: str) -> None:
    modules = {
        ".".join(path.relative_to(PROJECT).with_suffix("").parts): path
        for path in (PROJECT / package).rglob("*.py")
        # A package's own file hands on names of its modules; the modules are what matters.
        if path.name != "__init__.py"
    }
    graph = {
        name: {each for each in imported(path, package) if each in modules and each != name}
        for name, path in modules.items()
    }
    assert sum(map(len, graph.values())) > len(graph)
    tuple(
        TopologicalSorter(graph).static_order()
    )  # CycleError names the modules that go in circles
