"""A feed that somebody opens in a browser is a page that can be read."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = {
    "zh": "5.9万",
    "en": "59,000",
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("feed", ["feed.atom.xml", "topics/child-welfare/feed.atom.xml"])
def test_feed_opens_as_a_page(visit: Visit, language: str, feed: str) -> None:
    page = visit.go(f"/{language}/{feed}")
    assert visit.faults == []
    assert visit.off_site == []
    assert any("/static/feed." in url for url in visit.requests)
    shown = page.evaluate("document.documentElement.textContent")
    assert TITLES[language] in shown
    # Atom's elements have no look of their own; with the sheet they have.
    assert page.evaluate("getComputedStyle(document.documentElement).display") == "block"
    entry = page.locator("entry").first.bounding_box()
    assert entry is not None
    assert entry["height"] > 100


@pytest.mark.parametrize("language", ["zh", "en"])
def test_json_feed_opens_as_text(visit: Visit, language: str) -> None:
    page = visit.go(f"/{language}/feed.json")
    assert TITLES[language] in page.locator("body").inner_text()
    assert visit.faults == []
