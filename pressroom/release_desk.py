"""Publishing a site: build, verify, compress, put live, and write it into the ledger."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from pressroom import ledger
from pressroom.lifecycle import stand
from pressroom.models import Item
from pressroom.moments import iso
from pressroom.newsroom import Newsroom, Outcome
from pressroom.pages import Site
from pressroom.problems import ContentError, Problem
from pressroom.publishing import Receipt, precompress, put_live
from pressroom.verify import verify
from pressroom.words import LANGUAGES

_COMPRESSED: Final = (".br", ".gz")


class Published(msgspec.Struct):
    """What one publication did."""

    outcome: Outcome
    receipt: Receipt
    recorded: int  # addresses that are new in the ledger


def publish(
    newsroom: Newsroom, outcome: Outcome, tree: Path, target: str, now: datetime
) -> Published:
    """Verify a tree that was just built for `now`, put it live, and record what is public.

    The caller holds the lock under which the tree was built.
    """
    site = newsroom.last
    assert site is not None
    state = newsroom.cache / "publish"
    state.mkdir(parents=True, exist_ok=True)
    files = frozenset(_files(tree))
    problems = _verified(site, tree, files)
    if problems:
        raise ContentError(problems)
    precompress(tree, newsroom.cache)
    receipt = put_live(tree, target, state=state)
    recorded = ledger.record(newsroom.project, public_addresses(site, files, now))
    ledger.record_words(newsroom.project, public_words(site, now))
    return Published(outcome, receipt, recorded)


def _verified(site: Site, tree: Path, files: frozenset[str]) -> list[Problem]:
    """What is wrong with the tree. Words of a held item betray nothing where a public text says them too."""
    betraying = canaries(site)
    while True:
        problems = list(verify(tree, sorted(files), files, betraying))
        met = {problem.value for problem in problems if problem.rule == "held"}
        said = _said(site, {text for text in met if not text.startswith("/")})
        if not said:
            return problems
        betraying = {text: key for text, key in betraying.items() if text not in said}


def _said(site: Site, texts: set[str]) -> set[str]:
    """Those of the texts that staff wrote into something public: the name of a programme, of an event."""
    found: set[str] = set()
    public = [
        site.library.root / item.key / f"{language}.md" for _, item, language in public_sides(site)
    ]
    for path in public if texts else ():
        source = path.read_text("utf-8", "replace")
        found |= {text for text in texts - found if text in source}
    for key, name in site.data.names.items():
        if key not in site.unspoken:
            found |= texts & {name.name.zh, name.name.en, name.short.zh, name.short.en}
    return found


def _files(tree: Path) -> list[str]:
    """Every file of the tree but the compressed copies."""
    found = []
    for folder, _, names in os.walk(tree):
        base = Path(folder).relative_to(tree).as_posix()
        found += [
            name if base == "." else f"{base}/{name}"
            for name in names
            if not name.endswith(_COMPRESSED)
        ]
    return found


def canaries(site: Site) -> dict[str, str]:
    """What would betray an item that is not public: titles, summaries, slugs in addresses, file names."""
    found: dict[str, str] = {}
    now = site.editions.now
    shown: set[str] = set()
    for item in site.library.items.values():
        standing = stand(item, now)
        for language in LANGUAGES:
            side = item.side(language)
            if side is None or standing.shown(language):
                continue
            for text in (side.title, side.summary):
                if len(text) >= 8:
                    found[text] = item.key
        if not (standing.shown("zh") or standing.shown("en")):
            found[f"/{item.address}"] = item.key
        else:
            shown.update(side.title for side in item.sides())
            shown.update(side.summary for side in item.sides())
    # A new edition of a text that is out already betrays nothing by what both say.
    return {text: key for text, key in found.items() if text not in shown}


def public_addresses(site: Site, files: frozenset[str], now: datetime) -> dict[str, str]:
    """Every lasting address of the tree with its first public instant: the item's own, else this one's."""
    moved = {f for f in files if f.startswith(".server/")}
    at = iso(now)
    own: dict[str, str] = {}
    for item in site.editions.items.values():
        standing = site.editions.standing[item.key]
        for language in LANGUAGES:
            if standing.shown(language):
                own[f"/{language}/{item.address}"] = standing.published(language) or at
    addresses: dict[str, str] = {}
    for address in ledger.lasting(ledger.address_of(path) for path in files - moved):
        folder = address if address.endswith("/") else address.rpartition("/")[0] + "/"
        addresses[address] = own.get(address) or own.get(folder) or at
    return addresses


def public_sides(site: Site) -> list[tuple[str, Item, Any]]:
    return [
        (f"/{language}/{item.address}", item, language)
        for item in site.editions.items.values()
        for language in LANGUAGES
        if site.editions.standing[item.key].phase(language) == "public"
    ]


def public_words(site: Site, now: datetime) -> dict[str, tuple[str, str]]:
    return {
        address: (ledger.words_of(item, language), iso(now))
        for address, item, language in public_sides(site)
    }
