"""What tests share: the built site, a server, a browser; and what is said about tests left out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests import building, outside, reading, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Hypothesis keeps what it found beside the other caches.
os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(building.PROJECT / ".cache" / "hypothesis")
)

BROWSER_FLAGS = (
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# --- tests of every address ------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each built address: `address` for every page, `release` for releases only."""
    for name in ("address", "release"):
        if name not in metafunc.fixturenames:
            continue
        try:
            found = reading.html_addresses(building.real_site())
        except building.BuildFailed:
            found = ["/"]  # one test, which fails for want of its site
        if name == "release":
            found = [each for each in found if _is_release(each)] or ["/"]
        metafunc.parametrize(name, found)


def _is_release(address: str) -> bool:
    parts = address.strip("/").split("/")
    return len(parts) == 4 and parts[1] == "releases"


# --- programs from outside Python --------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.needs("chromium"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        gone = outside.missing(mark.args)
        if gone and outside.in_ci():
            pytest.fail(f"{gone} (CI leaves nothing out)", pytrace=False)
        if gone:
            pytest.skip(gone)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The last lines before pytest's own say which tests were left out and how to get them."""
    left_out: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", ()):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        left_out[reason] = left_out.get(reason, 0) + 1
    for reason, count in sorted(left_out.items()):
        terminalreporter.write_line(f"LEFT OUT: {count} tests; {reason}", yellow=True)


# --- the real site -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the real site, built once by the real command."""
    try:
        return building.real_site()
    except building.BuildFailed as failure:
        pytest.fail(f"the site could not be built: {failure}", pytrace=False)


@pytest.fixture
def page(built: Path, address: str) -> reading.Page:
    """The page at `address`."""
    return reading.read_page(built, address)


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The address of a web server of the real site on loopback."""
    with serving.serve(built) as address:
        yield address


# --- the browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; mark the test `browser`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=outside.path("chromium"), args=list(BROWSER_FLAGS)
        )
        yield chromium
        chromium.close()
