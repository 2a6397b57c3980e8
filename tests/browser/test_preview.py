"""`serve` in a browser: drafts are marked, a saved file is on the page at once, an error stands beside the last good page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.browser.test_axe import violations
from tests.tiny import Tiny
from tests.unit.test_preview import edit, running
from tests.unit.test_preview import site as site  # the fixture: a tiny project with settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAFT = "releases/2024/idea/zh.md"

expect.set_options(timeout=20_000)  # milliseconds: on a busy machine a saved file takes longer


@pytest.fixture
def desk(site: Tiny, browser: Browser) -> Iterator[Visit]:
    """A tab that looks at the preview of a site with a draft and a held item."""
    site.release(
        "2024/idea", {"status": "draft"}, zh={"title": "还在写"}, en={"title": "Being written"}
    )
    site.release("2024/soon", {"embargo": "2024-07-01T15:00:00+08:00"}, en={"title": "Held back"})
    with running(site) as shown:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        yield Visit(context.new_page(), f"http://localhost:{shown.port}")
        context.close()


def test_a_writer_s_hour(desk: Visit, site: Tiny) -> None:
    page = desk.go("/en/releases/")
    for title, mark in (("Being written", "Draft"), ("Held back", "Held")):
        expect(page.locator("article", has_text=title)).to_contain_text(mark)
    page = desk.go("/zh/releases/2024/idea/")
    expect(page.get_by_role("note")).to_contain_text("草稿")

    # Saved, and shown, without anybody pressing a key in the browser.
    edit(site, DRAFT, "还在写", "快写好了")
    expect(page.get_by_role("heading", level=1)).to_have_text("快写好了")

    # Broken: the page stays as it was, and says where and what, in both languages.
    edit(site, DRAFT, "place: beijing", "plce: beijing")
    alert = page.get_by_role("alert")
    for words in (
        *(f"content/{DRAFT}:", "没有“plce”这个键", "是不是“place”？"),
        *("has no key 'plce'", "did you mean 'place'?", "下面是最后一版好的页面", "last good page"),
    ):
        expect(alert).to_contain_text(words)
    expect(page.get_by_role("heading", level=1)).to_have_text("快写好了")
    assert alert.locator("[lang=en]").count() >= 2
    assert violations(desk, "with an error") == []
    box = alert.bounding_box()
    assert box is not None
    assert box["y"] == 0  # where whoever looks at the page sees it

    # Mended: the error goes, the page is the new one.
    edit(site, DRAFT, "plce: beijing", "place: beijing")
    expect(alert).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("快写好了")
    assert desk.off_site == []
    assert desk.faults == []
