"""A built tree looked at once more before it goes live: what a reader or a machine would trip over.

It reads the files that it is given: publishing gives it those that changed since the last tree that
passed, or all of them where something was removed or something is held anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree

from pressroom import search_index
from pressroom.problems import Problem
from pressroom.words import LANGUAGES, Words

REQUIRED: Final = (
    "index.html",
    "404.html",
    "robots.txt",
    "sitemap.xml",
    *(
        f"{language}/{name}"
        for language in LANGUAGES
        for name in (
            "index.html",
            "releases/index.html",
            "contacts/index.html",
            "corrections/index.html",
            "feed.atom.xml",
            "feed.json",
        )
    ),
)

INDEX: Final = f"{search_index.FOLDER}/"

_LINK: Final = re.compile(rb"""\s(?:href|src)="(/[^"/][^"]*|/)\"""")
_SOURCES: Final = re.compile(rb'\ssrcset="([^"]*)"')


def verify(
    tree: Path, paths: Iterable[str], there: frozenset[str], canaries: Mapping[str, str]
) -> Iterator[Problem]:
    """Problems of the files at `paths` in a tree that holds `there`.

    `canaries` maps what only held items say (a title, a file name) to the item it would betray.
    """
    for required in REQUIRED:
        if required not in there:
            yield _problem(
                required, "required", Words("缺少这个必需的文件。", "this required file is missing")
            )
    betraying = [(text.encode(), key) for text, key in canaries.items() if len(text) >= 4]
    pattern = re.compile(b"|".join(re.escape(text) for text, _ in betraying)) if betraying else None
    names = dict(betraying)
    for path in sorted(paths):
        data = (tree / path).read_bytes()
        if pattern is not None:
            match = pattern.search(data) or pattern.search(path.encode())
            if match:
                yield _problem(
                    path,
                    "held",
                    Words(
                        f"里面有暂不公开的“{names[match[0]]}”的内容。",
                        f"it holds words of {names[match[0]]!r}, which is not public yet",
                    ),
                    match[0].decode("utf-8", "replace"),
                    Words(
                        "多半是手写的地址，或content/extra里的文件；公开之前请去掉。",
                        "most likely an address written by hand, or a file in content/extra: take it out until then",
                    ),
                )
        if path.endswith(".html"):
            yield from _links(path, data, there)
        elif path.endswith(".xml"):
            try:
                ElementTree.fromstring(data)
            except ElementTree.ParseError as error:
                yield _problem(
                    path,
                    "well-formed",
                    Words(f"XML不完整：{error}。", f"the XML is not well-formed: {error}"),
                )
        elif path.endswith(".json"):
            try:
                json.loads(data)
            except ValueError as error:
                yield _problem(
                    path,
                    "well-formed",
                    Words(f"JSON不完整：{error}。", f"the JSON is not well-formed: {error}"),
                )


def _links(path: str, data: bytes, there: frozenset[str]) -> Iterator[Problem]:
    found = {match[1] for match in _LINK.finditer(data)}
    for match in _SOURCES.finditer(data):
        found |= {part.split()[0] for part in match[1].split(b",") if part.strip().startswith(b"/")}
    for raw in sorted(found):
        address = unquote(unescape(raw.decode()).partition("#")[0].partition("?")[0])
        file = address[1:]
        if file == "" or file.endswith("/"):
            file += "index.html"
        if file not in there and not file.startswith(INDEX):
            yield _problem(
                path,
                "link",
                Words(f"链接“{address}”没有去处。", f"the link {address} leads nowhere"),
                address,
            )


def _problem(path: str, rule: str, what: Words, value: str = "", mend: Words = Words()) -> Problem:
    return Problem(path, 0, 0, rule, what, mend, value)
