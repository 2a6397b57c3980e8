"""The real site as a reader meets it: what stands on each page, in words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import Page, read_page, words

PHONES = ("+86 138 0100 9450", "+86 10 8531 2612")
RELEASE = "releases/2017/child-welfare-week/"
PROGRAMME = "programmes/barefoot-social-workers/"

both = pytest.mark.parametrize("language", ["zh", "en"])


def at(built: Path, language: str, rest: str) -> Page:
    """A page of one language: `at(built, "en", "facts/")`."""
    return read_page(built, f"/{language}/{rest}")


def main(page: Page) -> str:
    return words(page.all("main")[0])


def in_order(text: str, *parts: str) -> bool:
    """Whether all parts stand in the text, one after the other."""
    at = 0
    for part in parts:
        at = text.find(part, at)
        assert at >= 0, f"{part!r} does not stand where it should in:\n{text}"
        at += len(part)
    return True


def links(page: Page) -> list[str]:
    return [link.get("href", "") for link in page.all("a")]


@both
def test_home(built: Path, language: str) -> None:
    page = at(built, language, "")
    text = main(page)
    expected = {
        "zh": (
            *("2017年5月31日", "超过5.9万个村", "最新消息", "2016年5月31日", "2015年5月28日"),
            *("2017年中国儿童福利与保护宣传周", "12万", "100", "新闻联系人", *PHONES),
        ),
        "en": (
            *("31 May 2017", "more than 59,000 villages", "Latest", "31 May 2016", "28 May 2015"),
            *(
                "Child Welfare and Protection Week 2017",
                "120,000",
                "100",
                "Press contacts",
                *PHONES,
            ),
        ),
    }
    assert in_order(text, *expected[language])
    assert f"/{language}/{RELEASE}" in links(page)
    assert f"/{language}/releases/" in links(page)


def test_front_page_leads_into_both_languages(built: Path) -> None:
    page = read_page(built, "/")
    assert {"/zh/", "/en/", f"/zh/{RELEASE}", f"/en/{RELEASE}"} <= set(links(page))
    assert "超过5.9万个村" in main(page)
    assert "more than 59,000 villages" in main(page)


@both
def test_release(built: Path, language: str) -> None:
    page = at(built, language, RELEASE)
    expected = {
        "zh": (
            *("工作重点", "联合国儿童基金会赞赏中国", "2017年5月31日", "北京，2017年5月31日——"),
            *("© UNICEF/China/2017", "倪春霞", "宋文珍", "郑道", "国发〔2016〕36号", "120个村"),
            *(
                "###",
                "关于联合国儿童基金会",
                "资料来源",
                "新闻联系人",
                *PHONES,
                "最近核实：2017年5月31日",
            ),
        ),
        "en": (
            *("Our focus", "UNICEF praises China", "31 May 2017", "Beijing, 31 May 2017 –"),
            *("© UNICEF/China/2017", "Ni Chunxia", "Song Wenzhen", "Douglas Noble"),
            *("Guofa [2016] No. 36", "120 villages", "###", "About UNICEF", "Sources"),
            *("Press contacts", *PHONES, "Last confirmed on 31 May 2017"),
        ),
    }
    text = main(page)
    assert in_order(text, *expected[language])
    # Both photographs of the seed: a plate with caption and credit, no picture that is not ours.
    on_request = {"zh": "照片可向新闻联系人索取", "en": "Photograph available on request"}
    assert text.count(on_request[language]) == 2
    assert page.all("img") == []
    reached = links(page)
    for rest in ("events/child-welfare-week/2017/", PROGRAMME, "topics/child-protection/"):
        assert f"/{language}/{rest}" in reached
    for name in ("release.txt", "release.json", "kit.zip"):
        assert any(href.endswith(name) for href in reached)
    assert {"mailto:meisner@unicef.org", "tel:+861085312612"} <= set(reached)
    # Where the seed sends readers on: both websites, Weibo, WeChat.
    accounts = {"https://www.unicef.org", "https://www.unicef.cn", "https://weibo.com/unicefchina"}
    assert accounts <= set(reached)
    assert {"zh": "微信公众号 unicefchina", "en": "WeChat unicefchina"}[language] in text


@both
@pytest.mark.parametrize("year", [2015, 2016])
def test_item_compiled_from_reports(built: Path, language: str, year: int) -> None:
    text = main(at(built, language, f"releases/{year}/child-welfare-week/"))
    says = {
        "zh": ("根据公开报道编写", "资料来源", "现任联系人"),
        "en": ("compiled from published reports", "Sources", "these are the current contacts"),
    }
    assert in_order(text, *says[language])
    assert "###" not in text
    assert all(phone in text for phone in PHONES)


@both
def test_the_week_through_the_years(built: Path, language: str) -> None:
    page = at(built, language, "events/child-welfare-week/")
    themes = {
        "zh": ("她的名字是今天", "困境儿童福利保障，制度先行", "编织儿童福利网"),
        "en": ("Her name is Today", "the system comes first", "Weaving the child welfare net"),
    }
    assert in_order(main(page), *themes[language])
    editions = [
        href
        for href in links(page)
        if href.startswith(f"/{language}/events/child-welfare-week/20") and href.endswith("/")
    ]
    years = [href.split("/")[-2] for href in editions]
    assert list(dict.fromkeys(years)) == ["2010", "2015", "2016", "2017"]


@both
def test_edition(built: Path, language: str) -> None:
    expected = {
        "zh": ("2017年5月31日", "北京", "民政部", "许魏洲", "15:00", "基层儿童福利与保护服务普及"),
        "en": ("31 May 2017", "Beijing", "Ministry of Civil Affairs", "Timmy Xu", "15:00"),
    }
    page = at(built, language, "events/child-welfare-week/2017/")
    assert in_order(main(page), *expected[language])
    assert any(href.endswith("event.ics") for href in links(page))
    # The day and place of 2010 are not known: no time, no entry for the calendar.
    first = at(built, language, "events/child-welfare-week/2010/")
    assert not any(href.endswith("event.ics") for href in links(first))


@both
def test_chart_and_table_say_the_same(built: Path, language: str) -> None:
    page = at(built, language, PROGRAMME)
    series = {
        "zh": ("120个村", "1,000个村", "超过5.9万个村", "12万个村"),
        "en": ("120 villages", "1,000 villages", "more than 59,000 villages", "120,000 villages"),
    }[language]
    drawings = [svg for svg in page.all("svg") if svg.get("role") == "img"]
    assert len(drawings) == 1
    assert in_order(words(drawings[0]), *series)
    tables = [words(table) for table in page.all("table")]
    numbers = {"zh": ("120", "1,000", "5.9万", "12万"), "en": ("120", "1,000", "59,000", "120,000")}
    assert any(in_order(table, *numbers[language]) for table in tables)


@both
def test_every_figure_has_its_date_and_source(built: Path, language: str) -> None:
    page = at(built, language, "facts/")
    expected = {
        "zh": (
            "12万个村",
            "2017年5月31日",
            "超过5.9万个村",
            "1,000个村",
            "2010年",
            "120个村",
            "12个县",
        ),
        "en": (
            "120,000",
            "31 May 2017",
            "more than",
            "59,000",
            "1,000",
            "2010",
            "120",
            "12 counties",
        ),
    }
    assert in_order(main(page), *expected[language])
    assert {"villages", "counties", "children-benefited"} <= page.ids
    assert "/data/facts.csv" in links(page)


@both
def test_contacts(built: Path, language: str) -> None:
    page = at(built, language, "contacts/")
    assert in_order(main(page), "Madeline Eisner", PHONES[0], "meisner@unicef.org")
    assert in_order(main(page), "刘莉", PHONES[1], "liliu@unicef.org")
    assert {"/contacts/madeline-eisner.vcf", "/contacts/liu-li.vcf"} <= set(links(page))


@both
def test_names_stand_in_both_languages(built: Path, language: str) -> None:
    text = main(at(built, language, "names/"))
    for zh, en in (
        ("联合国儿童基金会", "UNICEF"),
        ("民政部社会事务司", "Department of Social Affairs"),
        ("国务院妇女儿童工作委员会办公室", "Office of the National Working Committee"),
        ("郑道", "Douglas Noble"),
        ("倪春霞", "Ni Chunxia"),
        ("许魏洲", "Timmy Xu"),
        ("儿童福利主任", "Child Welfare Director"),
        ("中国儿童福利示范项目", "China Child Welfare Demonstration Project"),
        ("山西", "Shanxi"),
    ):
        assert zh in text
        assert en in text


@both
def test_nothing_has_been_corrected_yet(built: Path, language: str) -> None:
    says = {"zh": "迄今没有更正或撤回", "en": "nothing has been corrected or withdrawn"}
    assert says[language] in main(at(built, language, "corrections/"))


@both
def test_ways_to_follow(built: Path, language: str) -> None:
    page = at(built, language, "subscribe/")
    assert "unicefchina" in main(page)
    assert any("weibo.com/unicefchina" in href for href in links(page))
    assert {f"/{language}/feed.atom.xml", f"/{language}/feed.json"} <= {
        href.removeprefix("http://localhost:8000") for href in links(page)
    }


def test_the_lost_find_their_way_in_both_languages(built: Path) -> None:
    page = read_page(built, "/404.html")
    assert "找不到这个页面" in main(page)
    assert "Page not found" in main(page)
    assert {f"/zh/{RELEASE}", f"/en/{RELEASE}", "/zh/", "/en/"} <= set(links(page))


@both
def test_no_page_names_what_is_not_known(built: Path, language: str) -> None:
    """Officials are announced, not reported; there is no picture, and no day of 2010."""
    release = main(read_page(built, f"/{language}/{RELEASE}"))
    assert {"zh": "将出席", "en": "will attend"}[language] in release
    assert not [
        file for ending in ("jpg", "jpeg", "webp", "avif") for file in built.rglob(f"*.{ending}")
    ]
