"""Publishing a site: build, verify, compress, put live, and write it into the ledger."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from pressroom import ledger
from pressroom.lifecycle import stand
from pressroom.memory import COMPANIONS
from pressroom.models import Item
from pressroom.moments import iso
from pressroom.newsroom import Newsroom, Outcome
from pressroom.pages import Site
from pressroom.problems import ContentError, Problem
from pressroom.publishing import Receipt, precompress, put_live
from pressroom.publishing.tree import walk
from pressroom.store import Damaged
from pressroom.verify import INDEX, verify
from pressroom.words import LANGUAGES

Stamp = tuple[int, int, int]  # size, time in nanoseconds, inode


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
    state = newsroom.cache / "publish"
    state.mkdir(parents=True, exist_ok=True)
    # Walked through once: a large site has a hundred thousand files.
    found = dict(walk(tree))
    if site is None:  # the same tree was verified, put live somewhere and recorded
        precompress(tree, newsroom.cache, found)
        return Published(outcome, put_live(tree, target, state=state, found=found), 0)
    stamps = _stamps(found)
    files = frozenset(stamps)
    unsaid = ledger.rescheduled(newsroom.project, site.editions.dated(), now)
    if problems := list(unsaid):
        raise ContentError(problems)
    _prove(newsroom, site, tree, stamps)
    precompress(tree, newsroom.cache, found)
    receipt = put_live(tree, target, state=state, found=found)
    recorded = ledger.record(newsroom.project, public_addresses(site, files, now))
    ledger.record_words(newsroom.project, public_words(site, now))
    newsroom.seal()
    return Published(outcome, receipt, recorded)


class _Passed(msgspec.Struct):
    """The last tree that passed: its files as they stood, and what was looked for in them."""

    files: dict[str, Stamp] = {}
    canaries: set[str] = set()


def _prove(newsroom: Newsroom, site: Site, tree: Path, stamps: Mapping[str, Stamp]) -> None:
    """ContentError where the tree is wrong. What passed before is not read again, unless it may fail now."""
    name, store = f"passed:{tree}", newsroom.store()
    try:
        known = store.get(name)
    except Damaged:
        known = None
    passed = msgspec.msgpack.decode(known, type=_Passed) if known else _Passed()
    betraying = canaries(site)
    # A link may lead to what was removed; a text may be one that is held only now. No link leads
    # into the search index, whose files are called otherwise with every edit.
    gone = [path for path in passed.files.keys() - stamps.keys() if not path.startswith(INDEX)]
    again = bool(gone) or not betraying.keys() <= passed.canaries
    paths = [path for path, stamp in stamps.items() if again or passed.files.get(path) != stamp]
    problems = _verified(site, tree, paths, frozenset(stamps), betraying)
    if problems:
        raise ContentError(problems)
    store.put({name: msgspec.msgpack.encode(_Passed(dict(stamps), set(betraying)))})


def _verified(
    site: Site, tree: Path, paths: Sequence[str], there: frozenset[str], betraying: dict[str, str]
) -> list[Problem]:
    """What is wrong with files. Words of a held item betray nothing where a public text says them too."""
    while True:
        problems = list(verify(tree, paths, there, betraying))
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


def _stamps(found: Mapping[str, os.stat_result]) -> dict[str, Stamp]:
    """Every file of the tree but the compressed copies, with what tells that it was written again."""
    return {
        path: (state.st_size, state.st_mtime_ns, state.st_ino)
        for path, state in found.items()
        if not path.endswith(COMPANIONS)
    }


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
    said = {
        address: (ledger.words_of(item, language), iso(now))
        for address, item, language in public_sides(site)
    }
    for item in site.editions.events:
        said[ledger.calendar_of(item)] = (ledger.when_of(item), iso(now))
    return said
