"""Search as a reader meets it: both languages, by keyboard, at once, and nothing loaded before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import reading
from tests.browser.conftest import Open, Visit
from tests.browser.test_axe import violations_in_every_look

pytestmark = [pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=20_000)  # milliseconds: on a busy machine a search takes longer

# When the first result stands on the screen, counted from the first key.
CLOCK = """() => {
  const results = document.getElementById("search-results");
  window.clock = new Promise((told, failed) => {
    document.getElementById("search-input").addEventListener("input", () => {
      const start = performance.now();
      setTimeout(failed, 15000, new Error("no result"));
      const watch = () => results.querySelector("li")
        ? requestAnimationFrame(() => told(performance.now() - start))
        : setTimeout(watch, 1);
      watch();
    }, { once: true });
  });
}"""


def opened(visit: Visit, language: str, query: str = "") -> Page:
    return visit.go(f"/{language}/search/{query}")


def type_in(page: Page, text: str) -> None:
    """Type a text and wait until both languages have been searched."""
    page.locator("#search-input").fill("")
    page.locator("#search-input").press_sequentially(text)
    searched(page)


def searched(page: Page) -> None:
    # The pause after the last key has no mark of its own: the address tells when a search begins.
    page.wait_for_timeout(200)
    expect(page.locator("#search-results")).not_to_have_attribute("aria-busy", "true")


def hits(page: Page, language: str) -> list[str]:
    """Where the results of a language lead, in their order."""
    links = page.locator(f"section[data-language={language}]:not([hidden]) li a")
    return [str(link.get_attribute("href")) for link in links.all()]


def indexes(visit: Visit) -> list[str]:
    """The languages whose index was asked for, one an answer."""
    found = (re.search(r"/pagefind/(\w+)/", url) for url in visit.requests)
    return [each[1] for each in found if each]


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_nothing_is_loaded_before_a_key_and_the_own_language_first(
    visit: Visit, language: str, other: str
) -> None:
    page = opened(visit, language)
    page.locator("#search-input").focus()
    page.wait_for_load_state("networkidle")
    assert indexes(visit) == []
    type_in(page, "儿童福利")
    asked = indexes(visit)
    assert asked
    assert asked == sorted(asked, key=[language, other].index)
    assert hits(page, "zh")
    assert hits(page, "en")
    # Under the strict policy of deploy/nginx.conf, with nothing from elsewhere.
    assert visit.faults == []
    assert visit.off_site == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


# What the lists that are searched entry by entry call an entry's own name.
ENTRIES = {"facts": "fact__label", "names": "name__own", "contacts": "contact__name"}

ITEMS = re.compile(
    r"/zh/(releases/\d+/.+|events/.+|programmes/.+|about|accessibility|privacy|subscribe)/"
)


def chinese_titles(built: Path) -> Iterator[tuple[str, str]]:
    """Every Chinese title with the address, and the anchor, at which it stands."""
    for address in reading.html_addresses(built):
        page = reading.read_page(built, address)
        if ITEMS.fullmatch(address):
            yield address, reading.words(page.all("h1")[0])
        elif (kind := ENTRIES.get(address.removeprefix("/zh/").strip("/"))) is not None:
            for entry in (each for each in page.elements if each.get("id")):
                for name in entry:
                    inside = [name, *name]
                    own = [each for each in inside if each.get("class") == kind]
                    if own and entry.get("class") in ("fact", "name", "contact"):
                        yield f"{address}#{entry.get('id')}", (own[0].text or "").strip()


def pieces(title: str) -> list[str]:
    """Every piece of 2 to 4 characters with a Chinese one among them."""
    return sorted(
        {
            title[at : at + length]
            for length in (2, 3, 4)
            for at in range(len(title) - length + 1)
            if re.search(r"[\u3400-\u9fff]", title[at : at + length])
        }
    )


# Asks the page's own search for many texts; returns those that do not find their address.
MISSED = """async ([script, wanted]) => {
  const { ask } = await import(script);
  const missed = [];
  for (const [address, pieces] of wanted)
    for (const piece of pieces) {
      const found = await Promise.all((await ask("zh", piece, {})).map((each) => each.data()));
      if (!found.some((each) => each.url === address)) missed.push(`${address}: ${piece}`);
    }
  return missed;
}"""


def test_every_piece_of_every_chinese_title_finds_its_page(visit: Visit, built: Path) -> None:
    titles = dict(chinese_titles(built))
    assert len(titles) > 50, titles
    wanted = [(address, pieces(title)) for address, title in titles.items()]
    assert sum(len(each) for _, each in wanted) > 700
    page = opened(visit, "zh")
    (script,) = (
        src
        for each in page.locator("script[type=module]").all()
        if "search" in (src := str(each.get_attribute("src")))
    )
    assert page.evaluate(MISSED, [script, wanted]) == []
    # The measure itself works: what stands nowhere is missed.
    assert page.evaluate(MISSED, [script, [["/zh/about/", ["虺蜴"]]]]) == ["/zh/about/: 虺蜴"]


@pytest.mark.parametrize(
    ("language", "query", "entry"),
    [
        ("zh", "Barefoot Social Workers", "/zh/names/#child-welfare-director"),
        ("zh", "barefoot social worker", "/zh/programmes/barefoot-social-workers/"),
        ("en", "儿童福利主任", "/en/names/#barefoot-social-worker"),
        ("en", "赤脚社工", "/en/programmes/barefoot-social-workers/"),
        ("zh", "UNICEF", "/zh/names/#unicef"),
        ("en", "刘莉", "/en/contacts/#liu-li"),
        ("zh", "xuweizhou", "/zh/names/#timmy-xu"),
        ("zh", "59000", "/zh/facts/#villages"),
        ("en", "8531 2612", "/en/contacts/#liu-li"),
        ("zh", "刘莉电话", "/zh/contacts/#liu-li"),
        ("zh", "新闻联系人", "/zh/contacts/#madeline-eisner"),
        ("en", "press contact telephone", "/en/contacts/#liu-li"),
    ],
)
def test_what_is_called_otherwise_is_found(
    visit: Visit, language: str, query: str, entry: str
) -> None:
    """By its name in the other language, its short form, its pinyin, its number."""
    page = opened(visit, language, f"?q={query}")
    searched(page)
    more = page.locator(f"section[data-language={language}] button")
    while more.is_visible():
        page.evaluate("(button) => button.click()", more.element_handle())
        page.wait_for_timeout(50)
    assert entry in hits(page, language)


def test_filters_narrow_what_is_found(visit: Visit) -> None:
    page = opened(visit, "zh", "?q=儿童")
    searched(page)
    everything = hits(page, "zh")
    page.locator("select[name=kind]").select_option("release")
    searched(page)
    releases = hits(page, "zh")
    assert releases
    assert all("/releases/" in each for each in releases)
    assert set(page.locator("section[data-language=zh] .search__kind").all_inner_texts()) == {
        page.locator("select[name=kind] option:checked").inner_text()
    }
    page.locator("select[name=year]").select_option("2017")
    searched(page)
    assert hits(page, "zh") == ["/zh/releases/2017/child-welfare-week/"]
    assert hits(page, "en") == ["/en/releases/2017/child-welfare-week/"]
    # The address holds it all, to be sent to somebody.
    assert visit.address.endswith("?q=%E5%84%BF%E7%AB%A5&year=2017&kind=release")
    page.reload()
    searched(page)
    assert hits(page, "zh") == ["/zh/releases/2017/child-welfare-week/"]
    # A topic alone is a question too, the newest first.
    opened(visit, "zh", "?topic=child-welfare&kind=release")
    searched(page)
    years = [each.split("/")[3] for each in hits(page, "zh")]
    assert years == sorted(years, reverse=True)
    assert len(years) > 1
    assert len(everything) > len(releases)


def test_the_hit_is_marked(visit: Visit) -> None:
    page = opened(visit, "zh", "?q=福利周")
    searched(page)
    first = page.locator("section[data-language=zh] li").first
    assert "福利周" in "".join(first.locator("mark").all_inner_texts())
    opened(visit, "en", "?q=Welfare week")
    searched(page)
    first = page.locator("section[data-language=en] li").first
    assert "Welfare Week" in first.locator("h3").inner_text()
    assert {each.lower() for each in first.locator("h3 mark").all_inner_texts()} <= {
        "welfare week",
        "welfare",
        "week",
    }
    # What is looked for is words, never markup.
    opened(visit, "en", "?q=%3Cimg src=x onerror=alert(1)%3E week")
    searched(page)
    assert page.locator("main img").count() == 0
    assert visit.faults == []


@pytest.mark.parametrize(("language", "query"), [("zh", "儿童福利"), ("en", "welfare")])
def test_from_the_field_to_a_result_by_keyboard(visit: Visit, language: str, query: str) -> None:
    page = opened(visit, language)
    page.locator("#search-input").focus()
    page.keyboard.type(query)
    searched(page)
    first = hits(page, language)[0]
    # What a screen reader says: how many in which language.
    status = page.locator("[role=status]#search-status")
    assert re.findall(r"\d+", status.inner_text())
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-input"
    # Enter leads to the heading over the results; the next stop is the first of them.
    page.keyboard.press("Enter")
    expect(page.locator(f"#search-{language}")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
    # Back is where one was.
    page.go_back()
    searched(page)
    assert page.locator("#search-input").input_value() == query
    assert hits(page, language)[0] == first


def test_more_results_come_where_one_is(visit: Visit) -> None:
    page = opened(visit, "zh", "?q=儿童")
    searched(page)
    before = hits(page, "zh")
    page.locator("section[data-language=zh] button").click()
    expect(page.locator("section[data-language=zh] li")).not_to_have_count(len(before))
    after = hits(page, "zh")
    assert after[: len(before)] == before
    assert page.evaluate("document.activeElement.getAttribute('href')") == after[len(before)]


def test_axe_finds_nothing_among_results(visit: Visit) -> None:
    page = opened(visit, "zh", "?q=儿童福利")
    searched(page)
    assert violations_in_every_look(visit) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_goes_wrong_is_said(visit: Visit) -> None:
    page = opened(visit, "en", "?q=qqzzvv")
    searched(page)
    form, status = page.locator("#search-form"), page.locator("#search-status")
    expect(status).to_have_text(str(form.get_attribute("data-none")))
    # Without its index the page says so, and tries again with the next key.
    page.route("**/pagefind/**", lambda route: route.abort())
    opened(visit, "en", "?q=welfare")
    searched(page)
    expect(status).to_have_text(str(form.get_attribute("data-failed")))
    page.unroute("**/pagefind/**")
    type_in(page, "welfare week")
    assert hits(page, "en")


@pytest.mark.parametrize(("language", "query"), [("zh", "福"), ("en", "w")])
def test_the_first_result_stands_within_300_ms(open_tab: Open, language: str, query: str) -> None:
    """From the first key, nothing loaded yet. Whatever else the machine does only adds to the best of some."""
    best = 10_000.0
    for _ in range(40):
        visit: Visit = open_tab()
        page = opened(visit, language)
        page.evaluate(CLOCK)
        page.locator("#search-input").press_sequentially(query)
        best = min(best, page.evaluate("window.clock"))
        page.context.close()
        if best < 300:
            break
    assert best < 300


def test_held_back_by_no_policy_but_the_strict_one(visit: Visit) -> None:
    """Only the search page may compile, and only WebAssembly."""
    policies = {}
    for address in ("/zh/search/", "/zh/"):
        answer = visit.page.goto(visit.server + address)
        assert answer is not None
        policies[address] = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policies["/zh/search/"]
    assert policies["/zh/"] == policies["/zh/search/"].replace(" 'wasm-unsafe-eval'", "")
    assert "unsafe-inline" not in policies["/zh/search/"]
