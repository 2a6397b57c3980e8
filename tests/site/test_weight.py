"""A release page and all its styles fit into the first round trip of a slow line."""

from __future__ import annotations

from pathlib import Path

import brotli

from tests.reading import SITE_URL, file_of, inside, read_page

LIMIT = 14 * 1024  # bytes: what TCP sends before it waits for the first answer (RFC 6928)


def test_release_and_its_styles_fit_into_14_kb(built: Path, release: str) -> None:
    page = read_page(built, release)
    styles = [
        inside(reference.target) or ""
        for reference in page.references()
        if reference.element == "link" and reference.rel == "stylesheet"
    ]
    assert styles, f"{release} has no style of {SITE_URL}"
    sizes = {
        name: len(brotli.compress(file_of(built, name).read_bytes(), quality=11))
        for name in (release, *styles)
    }
    assert sum(sizes.values()) <= LIMIT, sizes
