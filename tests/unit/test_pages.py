"""The pages of a site: nothing that is shown lacks its page."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import Tiny


def test_every_item_that_is_shown_has_a_page_in_every_language_it_is_shown_in(
    tmp_path: Path,
) -> None:
    site = Tiny(tmp_path)
    # Several years, and items whose keys sort before and after each other: one list must not hide another.
    for year in (2019, 2021, 2023):
        for name in ("alpha", "omega"):
            site.release(f"{year}/{name}")
    site.item("pages/about", {"status": "public"})
    tree = site.tree()
    last = site.newsroom.last
    assert last is not None
    wanted = {
        f"{language}/{item.address}index.html"
        for item in last.editions.items.values()
        for language in last.editions.languages(item)
    }
    assert len(wanted) >= 14
    assert wanted - tree.keys() == set()


def test_what_is_withdrawn_in_the_one_language_it_has_leaves_its_page_and_its_item(
    tmp_path: Path,
) -> None:
    site = Tiny(tmp_path)
    gone = '{at: 2023-02-01, zh: "撤回。", en: "Withdrawn."}'
    site.release("2023/gone", {"translation": "zh-only", "withdrawn": gone}, only="zh")
    tree = site.tree()
    assert b'"canceled"' in tree["zh/releases/2023/gone/release.json"]
    assert "zh/releases/2023/gone/index.html" in tree
    assert not [path for path in tree if path.startswith("en/releases/2023/gone/")]
