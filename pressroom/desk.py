"""What staff ask of the content besides building it: proofread, mend, record as in step, hand out, take in."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from pressroom import drafting, editions, ledger, proofing
from pressroom.exchange import channels, importing
from pressroom.library import IN_STEP, Library
from pressroom.lifecycle import seconds
from pressroom.models import FOLDERS, Item
from pressroom.newsroom import Newsroom, Times
from pressroom.parallel import cores
from pressroom.problems import ContentError, PressroomError, Problem, Severity, UsageError, nearest
from pressroom.proofreading import copy, step
from pressroom.proofreading.report import Waived
from pressroom.store import Damaged, lock
from pressroom.views import release_file
from pressroom.words import LANGUAGES, Language, Words

EXPORT: Final = "export"  # the folder for other channels, below the project; git ignores it

T = TypeVar("T")


def _with_cache(newsroom: Newsroom, work: Callable[[], T]) -> T:
    """Do what reads and writes the cache, alone; a damaged cache is emptied once."""
    with lock(newsroom.cache):
        try:
            return work()
        except Damaged:
            newsroom.store().clear()
            return work()


def read(newsroom: Newsroom) -> Library:
    """The content as it is now, errors and all."""
    return _with_cache(newsroom, lambda: newsroom.read(Times(), cores()))


# --- check -------------------------------------------------------------------------------------


class Checked(msgspec.Struct):
    """What `check` found: every problem in order, and the waivers in force."""

    problems: list[Problem]
    waived: list[Waived]
    reading: list[Problem]  # those among the problems that reading alone has found

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def check(
    newsroom: Newsroom, now: datetime, progress: Callable[[str, int, int], None] | None = None
) -> Checked:
    """Proofread everything, without building."""

    def work() -> Checked:
        found = newsroom.read(Times(), cores())
        # As in a build: what is public today may be spoken of today.
        horizon = max(seconds(now), int(time.time()))
        proof = proofing.check(found, newsroom.store(), cores(), horizon, progress)
        lists = editions.make(found, seconds(now))
        problems = [*found.problems, *proof.problems, *_rewritten(found, lists)]
        problems += ledger.rescheduled(found.root.parent, lists.dated(), now)
        return Checked(sorted(problems), proof.waived, found.problems)

    return _with_cache(newsroom, work)


def _rewritten(found: Library, lists: editions.Editions) -> list[Problem]:
    """Public texts whose words changed since they were published, without a correction."""
    public = [
        (f"/{language}/{item.address}", item, language)
        for item in lists.items.values()
        for language in LANGUAGES
        if lists.standing[item.key].phase(language) == "public"
    ]
    return proofing.rewritten(found, public)


class Mended(msgspec.Struct):
    """One file before and after the safe mends."""

    path: str
    before: str
    after: str


def mend(newsroom: Newsroom) -> list[Mended]:
    """Apply the safe mends of copy to every text that can be read; returns what changed."""
    found = read(newsroom)
    mended = []
    for item in found.items.values():
        for side in proofing.bilingual(found, item).sides():
            after = copy.fix(side)
            if after != side.text:
                _replace(found.root / item.key / f"{side.language}.md", side.text, after)
                mended.append(Mended(side.path, side.text, after))
    return mended


def _replace(path: Path, before: str, after: str) -> None:
    """Put a text in the place of another, with the line ends and the mark that the file has."""
    raw = path.read_bytes()
    mark, text = ("\ufeff", raw[3:]) if raw.startswith(b"\xef\xbb\xbf") else ("", raw)
    crlf = b"\r\n" in text
    if text.decode().replace("\r\n", "\n").replace("\r", "\n") != before:
        raise PressroomError(
            f"{path}刚才被改动过，没有修改它；请再运行一次。",
            f"{path} was changed meanwhile and is left as it is; run the command again",
        )
    _write(path, (mark + (after.replace("\n", "\r\n") if crlf else after)).encode())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; the name in between is one that the library passes over."""
    fresh = path.with_name(f".#{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        if path.exists():
            shutil.copymode(path, fresh)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise PressroomError(
            f"写不进{path}：{error.strerror}。", f"{path} cannot be written: {error.strerror}"
        ) from error


def record_in_step(newsroom: Newsroom, name: str) -> Path:
    """Record that a person compared both languages of an item; returns the record's file."""
    found = read(newsroom)
    item = item_of(found, name, tuple(FOLDERS.values()))
    if item.zh is None or item.en is None:
        raise UsageError(
            f"{item.key}只有一种语言，没有可对照的。",
            f"{item.key} is in one language only: there is nothing to compare",
        )
    path = found.root / item.key / IN_STEP
    _write(path, step.write(proofing.bilingual(found, item)).encode())
    return path


def item_of(found: Library, name: str, folders: Sequence[str]) -> Item:
    """The item that staff mean by a key, a folder's path or an address.

    ContentError when it is there and cannot be read, UsageError when there is none or several.
    """
    asked = name.strip().strip("/").removeprefix(f"{found.root.name}/")
    for language in LANGUAGES:
        asked = asked.removeprefix(f"{language}/").removesuffix(f"/{language}.md")
    likely = [asked, *(f"{folder}/{asked}" for folder in folders)]
    keys = [key for key in likely if key in found.items and key.split("/")[0] in folders]
    keys = keys or [
        key for key in found.items if key.split("/")[0] in folders and key.endswith(f"/{asked}")
    ]
    if len(keys) == 1:
        return found.items[keys[0]]
    if keys:
        raise UsageError(
            f"“{name}”可以指：{'、'.join(keys)}；请写全。",
            f"{name!r} may be {', '.join(keys)}; write it in full",
        )
    broken = [
        problem
        for problem in found.problems
        if problem.severity is Severity.ERROR
        and problem.path.startswith(
            (*(f"{found.root.name}/{key}/" for key in likely), f"{found.root.name}/data/")
        )
    ]
    if broken:
        raise ContentError(broken)
    known = [key for key in found.items if key.split("/")[0] in folders]
    like = nearest(asked, known) or nearest(asked, [key.partition("/")[2] for key in known])
    raise UsageError(
        f"没有“{name}”这一条内容。"
        + (f"是不是“{like}”？" if like else "写法如2017/child-welfare-week。"),
        f"there is no item {name!r}"
        + (f"; did you mean {like!r}?" if like else "; write it like 2017/child-welfare-week"),
    )


# --- other channels ----------------------------------------------------------------------------


class HandedOut(msgspec.Struct):
    """One file for another channel. `until` is when the release goes out, ISO, "" when it is out."""

    path: Path
    language: Language
    until: str


def hand_out(
    newsroom: Newsroom, channel: str, release: str, language: Language | None, now: datetime
) -> list[HandedOut]:
    """Write a release for another channel, in one language or in all it is written in.

    A held release is written as it will stand at its hour. UsageError for a channel, release or
    language that is not there, PressroomError for a draft.
    """
    if channel not in channels.CHANNELS:
        channels.export(channel, None, None)  # type: ignore[arg-type]  # says which channels there are
    found = read(newsroom)
    item = item_of(found, release, ("releases",))
    prefix = (f"{found.root.name}/{item.key}/", f"{found.root.name}/data/")
    errors = [
        p for p in found.problems if p.severity is Severity.ERROR and p.path.startswith(prefix)
    ]
    if errors:
        raise ContentError(errors)
    if language is not None and item.side(language) is None:
        raise UsageError(
            f"{item.key}没有{Words('中文', '英文')[language]}版。",
            f"{item.key} is not written in {Words('Chinese', 'English')[language]}",
        )
    made = []
    for each in (language,) if language is not None else item.languages:
        out = item.out_zh if each == "zh" else item.out_en
        if out is None:
            raise PressroomError(
                f"{item.key}还是草稿，或另一种语言还没写好，不能交给别的渠道；写好后把status改成public（可用embargo定下时间）。",
                f"{item.key} is a draft, or its other language is missing, and is not handed out; when it is ready say "
                "`status: public` (with `embargo` for its hour)",
            )
        at = max(seconds(now), out)
        site = newsroom.site(found, at, False, Times())
        standing = site.editions.standing[item.key]
        half = (
            site.shells[each],
            site.around(item, each),
            site.open(item, each),
            site.shells[each].name,
        )
        file = release_file(site.tools[each], (half,), item, standing)
        values = channels.Export(
            file.halves[0], file.key, file.published, file.modified, site.data.organisation.email
        )
        name, data = channels.export(channel, values, newsroom.parts)
        path = newsroom.project / EXPORT / name
        _write(path, data)
        until = standing.published(each) if out > seconds(now) else ""
        made.append(HandedOut(path, each, until))
    return made


# --- manuscripts and drafts --------------------------------------------------------------------


class TakenIn(msgspec.Struct):
    """A manuscript in its folder, and what a person must decide."""

    folder: Path
    marks: tuple[Words, ...]


def take_in(newsroom: Newsroom, file: Path, slug: str) -> TakenIn:
    """Write a manuscript into a folder of content, as a draft."""
    if slug:
        drafting.checked(slug)
    data = read(newsroom).data
    imported = importing.import_file(file, slug, data.contacts, data.names)
    drafting.vacant(newsroom.content, imported.folder)
    return TakenIn(importing.write(imported, newsroom.content), imported.marks)
