"""axe finds no violation on any page: in light, in dark, and on a narrow phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOOKS = {
    "light": ("light", 1280),
    "dark": ("dark", 1280),
    "360 px": ("light", 360),
}


def violations(visit: Visit, name: str) -> list[str]:
    """What axe finds in the page as it stands, a line each."""
    axe = Axe()
    if visit.page.evaluate("typeof axe") == "undefined":
        visit.page.evaluate(axe.axe_script)
    found = visit.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{name}: {violation['id']}: {node['html']}\n    {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def violations_in_every_look(visit: Visit) -> list[str]:
    page = visit.page
    found = []
    for name, (scheme, width) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
        page.set_viewport_size({"width": width, "height": 800})
        found += violations(visit, name)
    return found


def test_axe_finds_nothing(visit: Visit, address: str) -> None:
    visit.go(address)
    assert violations_in_every_look(visit) == []


def test_axe_finds_what_is_wrong(visit: Visit) -> None:
    """The checker itself works: pale words and a picture without a text do not pass."""
    page = visit.go("/en/")
    page.evaluate("document.querySelector('main').innerHTML = '<h2>x</h2><img src=\"/icon.svg\">'")
    assert any("image-alt" in each for each in violations(visit, "broken"))
