"""What was ever published, and what becomes of it: no address ever vanishes without a trace.

`ledger.txt` holds every address with its first public instant, one a line, sorted, so that two
branches merge. Only `publish` writes it. A build settles each address that is missing from its own
pages: it moved (301), it is gone on purpose (410), or the build stops and offers the line to write.
`ledger-words.txt` holds, for each public text, a digest of its words when it was last published,
and for each edition of an event one of what calendars were told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from pressroom.models import Item
from pressroom.moments import iso, read_instant
from pressroom.problems import PressroomError, Problem, nearest
from pressroom.redirects import Redirect
from pressroom.store import hexdigest
from pressroom.words import Language, Words

LEDGER: Final = "ledger.txt"
WORDS: Final = "ledger-words.txt"
REDIRECTS: Final = "content/data/redirects.yaml"
GONE: Final = "gone"

# Named by their bytes, or read by servers and search engines only: nobody keeps these addresses.
_PASSING: Final = re.compile(r"/(?:static/|\.server/|pagefind/|_redirects|404\.html|sitemap-)")


def address_of(path: str) -> str:
    """The address at which a file of the output stands."""
    if path == "index.html" or path.endswith("/index.html"):
        return f"/{path.removesuffix('index.html')}"
    return f"/{path}"


class Addresses(Set[str]):
    """The addresses at which files of the output stand; what makes their paths is called when one is asked for."""

    def __init__(self, paths: Callable[[], Set[str]]) -> None:
        self._paths = paths

    @cached_property
    def paths(self) -> Set[str]:
        return self._paths()

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, str) or not address.startswith("/"):
            return False
        path = f"{address[1:]}index.html" if address.endswith("/") else address[1:]
        return path in self.paths and address_of(path) == address

    def __iter__(self) -> Iterator[str]:
        return map(address_of, self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def lasting(addresses: Iterable[str]) -> Iterator[str]:
    """The addresses that are kept for ever."""
    return (address for address in addresses if not _PASSING.match(address))


def read(project: Path) -> dict[str, str]:
    """Every address ever published, with its first public instant as ISO text; empty without a ledger."""
    # After a merge an address may stand twice: the earlier instant is the true one.
    return {address: min(instants) for address, instants in _lines(project / LEDGER).items()}


def _words(project: Path) -> dict[str, str]:
    """Every public text's address, with the digest of its words and when they were published last."""
    return {
        address: max(values, key=lambda value: value.rpartition(" ")[2])
        for address, values in _lines(project / WORDS).items()
    }


def _lines(path: Path) -> dict[str, list[str]]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, list[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, space, value = line.partition(" ")
        if not space or not name.startswith("/"):
            raise PressroomError(
                f"{path.name}第{number}行读不懂：{line[:80]}",
                f"{path.name}:{number}: this line cannot be read: {line[:80]}",
            )
        found.setdefault(name, []).append(value)
    return found


def _write(path: Path, lines: Mapping[str, str]) -> bool:
    text = "".join(f"{name} {value}\n" for name, value in sorted(lines.items()))
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        if path.exists() and path.read_text("utf-8") == text:
            return False
        fresh.write_text(text, "utf-8")
        os.replace(fresh, path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise PressroomError(
            f"新版本已经上线，但{path.name}写不进（{error.strerror}）；请排除原因后再发布一次，地址才会登记。",
            f"the new version is live, but {path.name} cannot be written ({error.strerror}); "
            "mend the cause and publish again, so that its addresses are recorded",
        ) from error
    return True


def record(project: Path, published: Mapping[str, str]) -> int:
    """Add what is public now; returns how many addresses are new. An address keeps its first instant."""
    known = read(project)
    fresh = {address: at for address, at in published.items() if address not in known}
    _write(project / LEDGER, {**known, **fresh})
    return len(fresh)


class Settled(msgspec.Struct):
    """What becomes of the addresses that have no page any more."""

    redirects: list[Redirect]
    gone: list[str]
    problems: list[Problem]


def settle(
    known: Mapping[str, str],
    now: datetime,
    built: Set[str],
    said: Mapping[str, str],
    withdrawn: frozenset[str],
) -> Settled:
    """Settle every address of the ledger that was public by `now` and is not built.

    `said` maps old addresses to new ones, or to "gone", as staff wrote it in data/redirects.yaml;
    one that ends with a slash speaks for all below it. `withdrawn` holds the addresses of withdrawn
    items: what lay beside their text is gone.
    """
    settled = Settled([], [], [])
    for old, new in said.items():
        if old in built:
            settled.problems.append(
                _problem(
                    old,
                    Words(
                        f"“{old}”有自己的页面，不能再跳转。",
                        f"{old} has a page of its own and cannot redirect",
                    ),
                    Words("删去这一行。", "remove this line"),
                )
            )
        elif new != GONE and new not in built and new not in said:
            settled.problems.append(
                _problem(
                    old,
                    Words(
                        f"跳转的去处“{new}”不存在。",
                        f"the redirect leads to {new}, where there is nothing",
                    ),
                    _guess(new, built),
                )
            )
    missing = [
        address
        for address, at in known.items()
        if address not in built and read_instant(at) <= now and not _PASSING.match(address)
    ]
    for address in sorted({*missing, *(old for old in said if old not in built)}):
        fate = _said(address, said, built) or _natural(address, built, withdrawn)
        if fate == GONE:
            settled.gone.append(address)
        elif fate:
            settled.redirects.append(Redirect(address, fate))
        elif address in known and not _below(address, settled.problems):
            # What was renamed stands at an address that was never published.
            like = _nearest(address, (each for each in built if each not in known))
            settled.problems.append(
                Problem(
                    LEDGER,
                    0,
                    0,
                    "vanished",
                    Words(
                        f"“{address}”曾经公开，现在什么也没有了。",
                        f"{address} was published and would answer nothing now",
                    ),
                    Words(
                        f"在{REDIRECTS}里写上“{address}: {like or '新地址'}”；若是有意撤下，写“{address}: gone”。",
                        f"write “{address}: {like or 'its new address'}” in {REDIRECTS}, "
                        f"or “{address}: gone” if it is meant to be gone",
                    ),
                    address,
                )
            )
    return settled


def _below(address: str, problems: list[Problem]) -> bool:
    """Whether the folder of an address is already told of: one line in redirects.yaml settles all below it."""
    return any(
        problem.rule == "vanished"
        and problem.value.endswith("/")
        and address.startswith(problem.value)
        for problem in problems
    )


def _problem(value: str, what: Words, mend: Words) -> Problem:
    return Problem(REDIRECTS, 0, 0, "redirect", what, mend, value)


def _guess(address: str, built: Set[str]) -> Words:
    like = _nearest(address, built)
    return Words(f"是不是“{like}”？", f"did you mean {like}?") if like else Words()


def _nearest(address: str, built: Iterable[str]) -> str | None:
    section = "/".join(address.split("/")[:3])
    return nearest(
        address,
        [
            each
            for each in built
            if each.startswith(section)
            and each.endswith("/") == address.endswith("/")
            and each.count("/") == address.count("/")
        ],
    )


def _said(address: str, said: Mapping[str, str], built: Set[str]) -> str:
    """What staff said of an address, or of a folder above it."""
    if address in said:
        return said[address]
    folder = address
    while folder.count("/") > 2:
        folder = folder.rstrip("/").rpartition("/")[0] + "/"
        if folder in said:
            new = said[folder]
            if new == GONE:
                return GONE
            moved = new + address.removeprefix(folder)
            return moved if moved in built else new
    return ""


def _natural(address: str, built: Set[str], withdrawn: frozenset[str]) -> str:
    """What follows by itself: lists lead to the list above, what lay beside a withdrawn text is gone."""
    parts = address.strip("/").split("/")
    if parts[0] in ("media", "contacts"):
        return GONE
    if parts[:2] == ["data", "charts"]:
        return "/zh/facts/" if ".zh." in parts[-1] else "/en/facts/"
    if len(parts) < 3:
        return ""
    language, section = parts[0], parts[1]
    folder = address if address.endswith("/") else address.rpartition("/")[0] + "/"
    if folder in withdrawn and folder != address:
        return GONE
    if folder in built and folder != address:
        return folder
    if section == "topics":
        if parts[-1].startswith("feed."):
            return f"/{language}/{parts[-1]}"
        above = f"/{language}/topics/{parts[2]}/"
        return above if above in built else f"/{language}/topics/"
    if section == "releases" and len(parts) == 3:
        return f"/{language}/releases/"
    return ""


# --- words -------------------------------------------------------------------------------------


def words_of(item: Item, language: Language) -> str:
    """A digest of what readers read of a side."""
    side = item.side(language)
    assert side is not None
    captions = [text for photo in side.photos for text in (photo.alt, photo.caption)]
    return hexdigest("\0".join((side.title, side.summary, side.body, *captions)).encode())[:12]


def when_of(item: Item) -> str:
    """A digest of what calendars hold of an edition: when, where, and whether at all."""
    told = (item.state, item.starts, item.ends, item.place, [point.at for point in item.schedule])
    return hexdigest(repr(told).encode())[:12]


def calendar_of(item: Item) -> str:
    """Under which name the ledger keeps what calendars were told; both languages tell the same."""
    return f"/{item.address}event.ics"


def record_words(project: Path, shown: Mapping[str, tuple[str, str]]) -> None:
    """Keep address → (digest of its words, instant of this publication); unchanged words keep theirs."""
    known = _words(project)
    for address, (words, at) in shown.items():
        if known.get(address, "").partition(" ")[0] != words:
            known[address] = f"{words} {at}"
    _write(project / WORDS, known)


def changed(project: Path, sides: Iterable[tuple[str, Item, Language]]) -> Iterator[Problem]:
    """Public texts whose words changed since their last publication without a correction entry.

    `sides` are (address, item, language) of what is public. A correction counts when it is later than
    that publication; a minor one is enough for a typing mistake.
    """
    from pressroom.problems import Severity

    known = _words(project)
    for address, item, language in sides:
        before, _, at = known.get(address, "").partition(" ")
        side = item.side(language)
        if not before or side is None or before == words_of(item, language):
            continue
        since = read_instant(at)
        if any(notice.at >= since for notice in item.corrections) or (
            item.updated and item.updated >= since
        ):
            continue
        yield Problem(
            side.path,
            side.body_line,
            0,
            "changed-words",
            Words(
                f"自{iso(since)}发布以来文字有改动，却没有更正说明。",
                f"the words changed since they were published on {iso(since)}, without a correction",
            ),
            Words(
                "在corrections里写明；只是错别字时加minor: true。",
                "add an entry to `corrections`; for a typing mistake say minor: true",
            ),
            severity=Severity.WARNING,
        )


def rescheduled(
    project: Path, editions: Iterable[tuple[Item, str]], now: datetime
) -> Iterator[Problem]:
    """Editions whose day, place or state changed since their last publication, with no later instant of change.

    `editions` are those that are public, each with its modified instant. Calendars keep what they
    have unless SEQUENCE rises, and that is made of the modified instant.
    """
    known = _words(project)
    for item, modified in editions:
        before, _, at = known.get(calendar_of(item), "").partition(" ")
        if not before or before == when_of(item):
            continue
        since = read_instant(at)
        if modified and read_instant(modified) > since:
            continue
        places = (item.place_of(field) for field in ("updated", "state", "starts"))
        path, line = next(filter(None, places), (item.sides()[0].path, 0))
        yield Problem(
            path,
            line,
            0,
            "rescheduled",
            Words(
                f"自{iso(since)}发布以来，活动的日期、地点、日程或状态有变，却没有写明何时更改；订阅了日历的人看到的仍是旧安排。",
                f"day, place, programme or state of the event changed since it was published on {iso(since)}, "
                "and nothing says when; calendars that have it would keep the old ones",
            ),
            Words(f"写上updated: {iso(now)}。", f"write `updated: {iso(now)}`"),
        )
