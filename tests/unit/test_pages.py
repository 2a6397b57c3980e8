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
