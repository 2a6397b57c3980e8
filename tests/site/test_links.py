"""Nothing a page points at is missing: pages, anchors, images, files; and nothing is fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.reading import Page, Reference, file_of, inside, read_page

# What a reader may follow to another host. Everything else is fetched without being asked for.
FOLLOWED = ("a", "download")
# A link element of these kinds is not fetched either.
NAMED = {"canonical", "alternate", "license", "me", "author", "help"}

SCHEMES = ("https", "http", "mailto", "tel", "data")


def problem(built: Path, page: Page, reference: Reference) -> str | None:
    """What is wrong with a reference, or None."""
    target = inside(reference.target)
    if target is None:
        scheme = urlsplit(reference.target).scheme
        return None if scheme in SCHEMES else f"{reference.target}: unexpected scheme"
    parts = urlsplit(target)
    file = file_of(built, parts.path)
    if file.is_dir():
        return f"{target}: without its closing slash"
    if not file.is_file():
        return f"{target}: no such file"
    if parts.fragment and file.suffix == ".html":
        there = read_page(built, parts.path)
        if unquote(parts.fragment) not in there.ids:
            return f"{target}: no such anchor"
    return None


def test_every_link_anchor_and_image_is_there(page: Page, built: Path) -> None:
    problems = {problem(built, page, reference) for reference in page.references()}
    assert sorted(each for each in problems if each) == []


def test_nothing_is_fetched_from_another_host(page: Page) -> None:
    foreign = [
        reference
        for reference in page.references()
        if inside(reference.target) is None
        and reference.element not in FOLLOWED
        and not (set(reference.rel.split()) & NAMED)
    ]
    assert foreign == []


def test_every_page_but_the_lost_ones_can_be_reached(built: Path) -> None:
    """From the front page by links alone."""
    from tests.reading import html_addresses

    seen: set[str] = set()
    ahead = ["/"]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        for reference in read_page(built, address).references():
            target = inside(reference.target)
            path = urlsplit(target).path if target else ""
            if reference.element == "a" and path.endswith("/") and file_of(built, path).is_file():
                ahead.append(path)
    assert sorted(set(html_addresses(built)) - seen) == ["/404.html"]
