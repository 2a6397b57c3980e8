"""The Nu checker finds no error in any page, style or drawing."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests import building, outside
from tests.reading import file_of

pytestmark = [pytest.mark.slow, pytest.mark.needs("java", "npm")]

NU = building.PROJECT / "tests" / "nu"


def jar() -> Path:
    """The checker as tests/nu/package-lock.json pins it."""
    home = building.PROJECT / ".cache" / "nu"
    found = home / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pinned = (NU / "package-lock.json").read_bytes()
    stamp = home / "installed.json"
    if not (found.exists() and stamp.exists() and stamp.read_bytes() == pinned):
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(NU / name, home)
        subprocess.run(
            [outside.path("npm"), "ci", "--ignore-scripts", "--silent"],
            cwd=home,
            check=True,
            timeout=300,
        )
        stamp.write_bytes(pinned)
    return found


@cache
def messages(built: Path) -> dict[str, list[str]]:
    """What the checker says, by file. Java starts once for the whole site, whoever asks first."""
    with building.lock("nu"):
        kept = built.parent / "nu.json"
        if not kept.exists():
            done = subprocess.run(
                [
                    *(outside.path("java"), "-Xss8m", "-jar", str(jar())),
                    *("--format", "json", "--exit-zero-always", "--also-check-css"),
                    *("--also-check-svg", "--skip-non-html", "--no-langdetect", str(built)),
                ],
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            report = done.stderr or done.stdout
            assert "messages" in json.loads(report), report
            kept.write_text(report, encoding="utf-8")
        found: dict[str, list[str]] = {}
        for message in json.loads(kept.read_text(encoding="utf-8"))["messages"]:
            if message["type"] == "info" and message.get("subType") != "warning":
                continue
            file = unquote(urlsplit(message.get("url", "")).path)
            line = f"line {message.get('lastLine', '?')}: {message['type']}: {message['message']}"
            found.setdefault(file, []).append(f"{line}\n    {message.get('extract', '')}")
        return found


def test_page_is_valid(built: Path, address: str) -> None:
    assert messages(built).get(str(file_of(built, address)), []) == []


def test_styles_and_drawings_are_valid(built: Path) -> None:
    others = [file for ending in ("css", "svg") for file in built.rglob(f"*.{ending}")]
    assert others
    assert {
        str(file): messages(built)[str(file)] for file in others if str(file) in messages(built)
    } == {}


def test_checker_finds_what_is_wrong(tmp_path: Path) -> None:
    """The checker itself works: a page and a style with one mistake each do not pass."""
    (tmp_path / "site").mkdir()
    page = "<!doctype html><html lang=en><title>x</title><p><img src=x></html>"
    (tmp_path / "site" / "index.html").write_text(page)
    (tmp_path / "site" / "a.css").write_text("a { colour: red }")
    found = messages(tmp_path / "site")
    assert sorted(Path(file).name for file in found) == ["a.css", "index.html"]
