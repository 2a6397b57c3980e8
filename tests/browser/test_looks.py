"""What cannot be read from files: forced colours, paper, headings that break between words, copying."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RELEASE = "/{language}/releases/2017/child-welfare-week/"
PROGRAMME = "/{language}/programmes/barefoot-social-workers/"

# Every drawn part of the chart whose colour is that of the ground behind it.
LOST = """() => {
  const ground = getComputedStyle(document.body).backgroundColor;
  return [...document.querySelectorAll(".chart line, .chart circle, .chart text")]
    .filter((part) => {
      const style = getComputedStyle(part);
      const drawn = part.localName === "text" ? style.fill : style.stroke;
      return drawn === ground || drawn === "none";
    })
    .map((part) => part.outerHTML);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_lose_nothing(open_tab: Open, scheme: str) -> None:
    """https://www.w3.org/TR/css-color-adjust-1/#forced: a few system colours take the place of ours."""
    visit = open_tab(forced_colors="active", color_scheme=scheme)
    page = visit.go(PROGRAMME.format(language="zh"))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(LOST) == []
    # Where one is in the navigation is told by more than a colour or a shadow, which are gone.
    current = page.locator("header nav [aria-current]")
    assert "underline" in current.evaluate("each => getComputedStyle(each).textDecorationLine")
    page = visit.go("/zh/")
    band = page.locator(".week").evaluate(
        "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]"
    )
    assert band[0] != band[1]
    for _ in range(3):
        page.keyboard.press("Tab")
    ring: dict[str, Any] = page.evaluate(
        "(({outlineStyle, outlineWidth}) => ({outlineStyle, outlineWidth}))"
        "(getComputedStyle(document.activeElement))"
    )
    assert ring == {"outlineStyle": "solid", "outlineWidth": "3px"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paper_has_the_addresses_of_links_and_keeps_contacts_together(
    visit: Visit, language: str
) -> None:
    page = visit.go(PROGRAMME.format(language=language))
    page.emulate_media(media="print", color_scheme="light")
    links = page.locator(".sources a[href^=http], .body a[href^=http]")
    assert links.count() > 0
    for link in links.all():
        behind = link.evaluate("each => getComputedStyle(each, '::after').content")
        assert link.get_attribute("href") in behind
    for kept in page.locator(".contacts, .contact, .chart").all():
        assert kept.evaluate("each => getComputedStyle(each).breakInside") == "avoid"
    assert page.locator(".contacts").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    sheet = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert sheet
    assert [round(float(each)) for each in sheet.groups()] == [595, 842]  # A4, in points


# The lines of an element as they are set, from where each character stands.
LINES = """(element) => {
  const lines = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = Infinity;
  while (walker.nextNode()) {
    for (let at = 0; at < walker.currentNode.length; at++) {
      const range = document.createRange();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + 1);
      const box = range.getBoundingClientRect();
      if (box.left < before) lines.push("");
      before = box.left;
      lines[lines.length - 1] += range.toString();
    }
  }
  return lines;
}"""


@pytest.mark.parametrize(("language", "least", "most"), [("zh", 32, 36), ("en", 30, 37)])
def test_a_line_is_as_long_as_one_reads_well(
    visit: Visit, language: str, least: int, most: int
) -> None:
    """About 35 Chinese characters or twice as many letters; a letter or figure is half as wide."""
    page = visit.go(RELEASE.format(language=language))
    for paragraph in page.locator(".body > p").all():
        lines: list[str] = paragraph.evaluate(LINES)
        if len(lines) > 2:
            longest = max(sum(1 if each > "\u2000" else 0.5 for each in line) for line in lines)
            assert least <= longest <= most, lines


def test_emphasis_is_dots_in_chinese_and_slanted_in_english(visit: Visit) -> None:
    for language, slant, dots in (("zh", "normal", "dot"), ("en", "italic", "none")):
        page = visit.go(RELEASE.format(language=language))
        look = page.evaluate(
            """() => {
              const word = document.createElement("em");
              document.querySelector(".body p").append(word);
              const style = getComputedStyle(word);
              return [style.fontStyle, style.textEmphasisStyle];
            }"""
        )
        assert look == [slant, dots]


@pytest.mark.parametrize("width", [320, 360, 480, 1280])
def test_chinese_headings_break_between_words(open_tab: Open, width: int) -> None:
    visit = open_tab(viewport={"width": width, "height": 800})
    page = visit.go(RELEASE.format(language="zh"))
    title = "联合国儿童基金会赞赏中国将儿童福利与保护服务延伸至超过5.9万个村"
    lines = page.locator("h1").evaluate(LINES)
    assert "".join(lines) == title
    assert len(lines) > 1
    whole = (
        "联合国",
        "儿童",
        "基金会",
        "赞赏",
        "中国",
        "福利",
        "保护",
        "服务",
        "延伸",
        "5.9万个村",
    )
    ends = [len("".join(lines[:number])) for number in range(1, len(lines))]
    for word in whole:
        for found in re.finditer(re.escape(word), title):
            assert not [end for end in ends if found.start() < end < found.end()], (word, lines)


def test_chinese_stands_off_latin_where_the_browser_does_not_know_how(open_tab: Open) -> None:
    visit = open_tab(viewport={"width": 360, "height": 800})
    address = RELEASE.format(language="zh")
    known = visit.go(address).locator("main").inner_text()
    assert visit.page.locator(".gap").count() == 0
    visit.page.add_init_script("CSS.supports = () => false")
    page = visit.go(address)
    assert page.locator(".body .gap").count() > 10
    assert page.locator("main").inner_text() == known
    assert page.locator("[lang=en] .gap").count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_release_and_a_figure_are_copied_to_be_taken_over(
    open_tab: Open, language: str, server: str
) -> None:
    visit = open_tab(permissions=["clipboard-read", "clipboard-write"])
    address = RELEASE.format(language=language)
    page = visit.go(address)
    page.locator("[data-copy-from]").click()
    says = {"zh": "已复制", "en": "Copied"}[language]
    page.get_by_role("status").filter(has_text=says).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    paragraphs = copied.split("\n\n")
    assert paragraphs[0] == page.locator("h1").inner_text()
    assert paragraphs[1].startswith(
        {"zh": "北京，2017年5月31日——", "en": "Beijing, 31 May 2017 – "}[language]
    )
    assert paragraphs[-2] == "###"
    assert paragraphs[-1].endswith(address)
    assert "UNICEF/China" not in copied  # captions go with their pictures

    page = visit.go(f"/{language}/facts/")
    page.locator("#villages [data-copy]").click()
    page.get_by_role("status").filter(has_text=says).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert {"zh": "12万个村（2017–2018年）", "en": "120,000 villages (2017–2018)"}[
        language
    ] in copied
    publisher = {"zh": "未标明日期），联合国儿童基金会。", "en": "undated, UNICEF. "}[language]
    assert publisher in copied
    assert copied.endswith(f"{server}/{language}/facts/#villages")
