"""From the front page to a press contact by keyboard alone, in both languages, always seeing where one is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import Open, Visit
from tests.reading import file_of, html_addresses

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What has the focus, and whether somebody who looks at the screen can tell.
FOCUSED = """() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {
    tag: element.localName,
    id: element.id,
    href: element.getAttribute("href") || "",
    text: element.innerText,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.top >= 0 && box.left >= 0 && box.top < innerHeight && box.right <= innerWidth + 1,
    above: element === at || element.contains(at) || (at !== null && at.contains(element)),
  };
}"""


def tab(page: Page) -> dict[str, Any]:
    """Press Tab; returns what has the focus now, which must be seen."""
    page.keyboard.press("Tab")
    focused: dict[str, Any] = page.evaluate(FOCUSED)
    assert focused["ring"], f"no ring round {focused}"
    assert focused["inside"], f"out of sight: {focused}"
    assert focused["above"], f"covered: {focused}"
    return focused


def tab_to(page: Page, href: str, most: int = 60) -> dict[str, Any]:
    """Press Tab until a link that begins so has the focus."""
    passed = []
    for _ in range(most):
        focused = tab(page)
        if focused["href"].startswith(href):
            return focused
        passed.append(focused["href"])
    raise AssertionError(f"no way to {href} by Tab; passed {passed}")


def enter(page: Page, address: str) -> None:
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_from_the_front_page_to_a_contact(
    open_tab: Open, language: str, other: str, width: int
) -> None:
    visit: Visit = open_tab(viewport={"width": width, "height": 800})
    page = visit.go("/")
    tab_to(page, f"/{language}/")
    enter(page, f"/{language}/")

    # The first stop leads past the navigation, into the main part.
    skip = tab(page)
    assert skip["href"] == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    within = tab(page)
    assert page.locator("main").locator(":focus").count() == 1, within

    # The telephone number stands on the home page; the page of contacts is in the navigation.
    assert tab_to(page, "tel:")["text"] == "+86 138 0100 9450"
    visit.go(f"/{language}/")
    tab_to(page, f"/{language}/contacts/")
    enter(page, f"/{language}/contacts/")
    assert tab_to(page, "tel:+8613801009450")["text"] == "+86 138 0100 9450"
    assert tab_to(page, "mailto:")["text"] == "meisner@unicef.org"
    assert tab_to(page, "tel:+861085312612")["text"] == "+86 10 8531 2612"

    # And over to the other language, on the same page.
    page.reload()
    tab_to(page, f"/{other}/contacts/")
    enter(page, f"/{other}/contacts/")
    assert visit.off_site == []
    assert visit.faults == []


def test_every_stop_of_a_release_is_seen(visit: Visit) -> None:
    page = visit.go("/zh/releases/2017/child-welfare-week/")
    stops = page.locator("a[href], button, summary, input")
    expected = sum(stop.is_visible() for stop in stops.all())
    for _ in range(expected):
        tab(page)


# Two keys a second, for ten seconds.
KEYS = 20
ITEMS = re.compile(r"/(zh|en)/(releases/\d+/.+|events/.+|programmes/.+)/")


def test_a_press_contact_is_ten_seconds_away_on_every_item(visit: Visit, built: Path) -> None:
    """By Tab and Enter, past the navigation and straight to the contacts; and the kit is one click."""
    pages = [address for address in html_addresses(built) if ITEMS.fullmatch(address)]
    assert len(pages) >= 16
    slowest = 0
    for address in pages:
        page = visit.go(address)
        for keys in range(1, KEYS):
            focused = tab(page)
            if focused["href"].startswith("tel:"):
                slowest = max(slowest, keys)
                break
            if focused["href"] in ("#main", "#contacts"):
                page.keyboard.press("Enter")
        else:
            raise AssertionError(f"{address}: no contact within {KEYS} keys")
        kits = [
            str(link.get_attribute("href")) for link in page.locator("a[href$='kit.zip']").all()
        ]
        # An edition of which no release tells has no kit.
        assert kits or page.locator("#coverage").count() == 0, address
        for kit in kits:
            assert file_of(built, kit).is_file(), kit
    # However many editions and links a page has: the way does not grow with it.
    assert slowest + 2 <= 10


@pytest.mark.parametrize(
    ("language", "zone", "hours", "here"),
    [
        ("en", "Europe/London", "09:00–17:30 on workdays", r"\(0[12]:00–(09|10):30 your time\)"),
        (
            "en",
            "America/Los_Angeles",
            "9:00–17:30",
            r"\(1[78]:00 the day before–0[12]:30 your time\)",
        ),
        ("zh", "Pacific/Auckland", "工作日9:00至21:30", r"（您所在地时间1[34]:00–次日0[12]:30）"),
        ("zh", "Asia/Singapore", "工作日9:00至17:30", ""),
    ],
)
def test_opening_hours_in_the_readers_own_time(
    open_tab: Open, language: str, zone: str, hours: str, here: str
) -> None:
    visit: Visit = open_tab(timezone_id=zone)

    def with_hours(route: Route) -> None:
        answer = route.fetch()
        card = '<p class="contact__card">'
        shown = f"<p><span data-hours>{hours}</span></p>{card}"
        route.fulfill(response=answer, body=answer.text().replace(card, shown))

    visit.page.route("**/contacts/", with_hours)
    page = visit.go(f"/{language}/contacts/")
    said = page.locator("p:has(> [data-hours])").first.inner_text()
    assert re.fullmatch(re.escape(hours) + r"\s*" + here, said), said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_are_sorted_by_either_language(visit: Visit, language: str) -> None:
    page = visit.go(f"/{language}/names/")
    names = page.locator(".names").first.locator(".name__own")
    texts = [each.inner_text().split("\n")[0] for each in names.all()]
    buttons = page.locator("[data-sort] button")
    assert [each.get_attribute("aria-pressed") for each in buttons.all()] == ["true", "false"]
    buttons.nth(1).focus()
    page.keyboard.press("Enter")
    assert [each.get_attribute("aria-pressed") for each in buttons.all()] == ["false", "true"]
    others = [
        str(each.evaluate("(each) => each.firstChild.textContent.trim()"))
        for each in page.locator(".names").first.locator(".name__other").all()
    ]
    ordered = page.evaluate(
        "([texts, tag]) => texts.toSorted(new Intl.Collator(tag).compare)",
        [others, "en" if language == "zh" else "zh-u-co-pinyin"],
    )
    assert others == ordered
    assert len(others) > 5
    buttons.nth(0).focus()
    page.keyboard.press("Enter")
    assert [each.inner_text().split("\n")[0] for each in names.all()] == texts
