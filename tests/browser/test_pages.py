"""Every page in a real browser: nothing from elsewhere, nothing sideways, nothing that needs a script."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_page_asks_for_nothing_off_the_site_and_nothing_goes_wrong(
    visit: Visit, address: str
) -> None:
    """Under the headers of deploy/nginx.conf: no request elsewhere, no refusal, no script error."""
    visit.go(address)
    visit.page.wait_for_load_state("networkidle")
    assert visit.off_site == []
    assert visit.faults == []
    assert any(url.endswith(".css") for url in visit.requests)
    assert visit.page.context.cookies() == []


def test_what_is_fetched_from_elsewhere_is_noticed(visit: Visit) -> None:
    """The log itself works: a foreign picture is asked for nowhere, and the refusal is noted."""
    page = visit.go("/en/about/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'}))")
    page.wait_for_timeout(200)
    assert visit.off_site or visit.faults


# Elements that stick out of the window, but for those inside a box that scrolls by itself.
STICKING_OUT = """() => {
  const scrolls = (element) => {
    for (let box = element; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  };
  const wide = document.documentElement.clientWidth;
  return [...document.body.querySelectorAll("*")]
    .filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width && box.height && box.right > wide + 0.5 && !scrolls(element);
    })
    .map((element) => element.outerHTML.slice(0, 160));
}"""


@pytest.mark.parametrize(
    ("width", "letters"), [(320, 16), (640, 32)], ids=["320 px", "640 px, letters twice as large"]
)
def test_page_does_not_scroll_sideways(
    open_tab: Open, address: str, width: int, letters: int
) -> None:
    """https://www.w3.org/TR/WCAG22/#reflow and #resize-text; a table may scroll in its own box."""
    visit = open_tab(viewport={"width": width, "height": 640})
    page = visit.go(address)
    page.evaluate(f"document.documentElement.style.fontSize = '{letters}px'")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(STICKING_OUT) == []


# Texts of the page that nobody sees; what a closed <details> holds opens without a script.
UNSEEN = """() => {
  const unseen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    if (parent.closest("script, button, form, svg, details:not([open])")) continue;
    if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      unseen.push(walker.currentNode.data.trim());
  }
  return unseen;
}"""


def test_page_is_complete_without_javascript(open_tab: Open, address: str) -> None:
    """Every word is there and seen; what stays hidden are controls that need the script."""
    visit = open_tab(java_script_enabled=False)
    page = visit.go(address)
    assert page.evaluate(UNSEEN) == []
    assert page.locator("main").inner_text().strip()
    for button in page.locator("button").all():
        assert not button.is_visible(), "a button that does nothing without its script"


# What a finger has to hit on a phone. A link inside a sentence is as high as its line
# (https://www.w3.org/TR/WCAG22/#target-size-enhanced).
SMALL = """() => {
  const inSentence = (link) => {
    const block = link.closest("p, li, dd, dt, td, th, figcaption, blockquote, h1, h2, h3, h4, summary");
    if (!block || getComputedStyle(link).display !== "inline") return false;
    return block.innerText.trim().length > link.innerText.trim().length + 1;
  };
  return [...document.querySelectorAll("a[href], button, summary, input, select")]
    .filter((element) => element.checkVisibility() && !inSentence(element))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => box.width > 1 && box.height > 1 && (box.height < 43.5 || box.width < 24))
    .map(([element, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${element.outerHTML.slice(0, 140)}`);
}"""


def test_targets_are_44_px_high_on_a_phone(open_tab: Open, address: str) -> None:
    visit = open_tab(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = visit.go(address)
    assert page.evaluate(SMALL) == []


def test_page_prints_without_its_navigation(visit: Visit, address: str) -> None:
    """On paper there is nothing to press, and ink on white."""
    page = visit.go(address)
    page.emulate_media(media="print", color_scheme="dark")
    for control in page.locator("header nav, footer nav, button, .skip").all():
        assert not control.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator("h1").first.is_visible()
