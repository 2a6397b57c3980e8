"""The made-up archive in the peers' own formats: Hugo, Eleventy and stock Pelican.

The words are the same; what a peer has no notion of is given to it in the form that costs it least:
links as plain addresses, photographs on request as ready HTML, figures written out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from bench import phrases
from bench.corpus import (
    CONTACTS,
    EDITION_THEME,
    FACTS,
    LANGUAGES,
    PAGES,
    PROGRAMMES,
    SERIES,
    SERIES_WORDS,
    YEARS,
    Archive,
    Language,
    Release,
    edition_words,
    fact_values,
    facts_of,
    number,
    programme_body,
    programme_words,
    telephone,
)
from bench.phrases import Pair

_LINK: Final = re.compile(r"\]\(\{(release|event)\}([^)]+)\)")
_PHOTO: Final = re.compile(r'!\[([^\]]*)\]\(photos/([^ ]+) "([^"]*)"\)')
_FACT: Final = re.compile(r"\{fact\}([a-z-]+)")
_ON_REQUEST: Final[Pair] = ("On request from the press contacts", "可向新闻联络人索取")
# Pages that our site makes of its data; the peers make them as plain pages.
_MADE: Final[dict[str, Pair]] = {
    "names": ("Names", "名称"),
    "corrections": ("Corrections", "更正"),
    "search": ("Search", "搜索"),
}

# A standing page of a peer: address, kind, title, summary, body, and what the kind needs.
Standing = tuple[str, str, Pair, Pair, Pair, dict[str, Any]]


def side(pair: Pair, language: Language) -> str:
    return pair[1] if language == "zh" else pair[0]


def body_for(release: Release, language: Language, prefix: str) -> str:
    """The body as a peer gets it; `prefix` is the address of the language's home."""
    credits = {photo.name: photo.credit for photo in release.photos}

    def link(match: re.Match[str]) -> str:
        return f"]({prefix}{match[1]}s/{match[2]}/)"

    def photo(match: re.Match[str]) -> str:
        return (
            f'<figure class="plate"><div role="img" aria-label="{match[1]}"></div>'
            f"<figcaption>{match[3]} <small>{credits[match[2]]}</small> "
            f'<a href="{prefix}contacts/">{side(_ON_REQUEST, language)}</a></figcaption></figure>'
        )

    return _PHOTO.sub(photo, _LINK.sub(link, release.body[language]))


def written_out(body: Pair) -> Pair:
    """Figures in a standing text written out, as on the page."""

    def fact(language: Language) -> Callable[[re.Match[str]], str]:
        def write(match: re.Match[str]) -> str:
            unit = FACTS[match[1]][0]
            value = number(fact_values(match[1])[-1][1], language)
            return f"{value}{unit[1]}" if language == "zh" else f"{value} {unit[0]}"

        return write

    return _FACT.sub(fact("en"), body[0]), _FACT.sub(fact("zh"), body[1])


def standing() -> Iterator[Standing]:
    """Everything but the releases and what is made of them."""
    yield f"events/{SERIES}", "series", *SERIES_WORDS, {}
    for year in YEARS:
        title, summary, body = edition_words(year)
        more = {"edition": str(year), "starts": f"{year}-06-01", "theme": EDITION_THEME}
        yield f"events/{SERIES}/{year}", "edition", title, summary, body, more
    for key in PROGRAMMES:
        title, summary = programme_words(key)
        body = written_out(programme_body(key))
        yield f"programmes/{key}", "programme", title, summary, body, {"programme": key}
    for key, (title, summary, body) in PAGES.items():
        yield key, "page", title, summary, body, {}
    for key, title in _MADE.items():
        yield key, "page", title, title, title, {}


def data() -> dict[str, Any]:
    """What the peers' templates look up: topics, contacts, facts, places."""

    def by_language(pair: Pair) -> dict[str, str]:
        return {"zh": pair[1], "en": pair[0]}

    return {
        "topics": {key: by_language(pair) for key, pair in phrases.TOPICS.items()},
        "places": {key: by_language(pair) for key, pair in phrases.PLACES.items()},
        "programmes": {key: by_language(pair) for key, pair in PROGRAMMES.items()},
        "contacts": {
            key: {
                "name": by_language(phrases.PEOPLE[key]),
                "role": {"zh": "新闻联络人", "en": "Press officer"},
                "organisation": by_language(phrases.ORGANISATIONS["sample-office"]),
                "telephone": telephone(position),
                "email": f"{key}@example.org",
            }
            for position, key in enumerate(CONTACTS)
        },
        "facts": {
            key: {
                "label": by_language(label),
                "unit": by_language(unit),
                "programme": programme,
                "values": [
                    {"year": year, "zh": number(value, "zh"), "en": number(value, "en")}
                    for year, value in fact_values(key)
                ],
            }
            for key, (unit, label, programme, _, _) in FACTS.items()
        },
        "ui": UI,
    }


UI: Final[dict[str, dict[str, str]]] = {
    "en": {
        "site": "Sample Newsroom",
        "tagline": "Made up to measure speed",
        "notice": "Everything on this site is made up.",
        "home": "Home",
        "releases": "Releases",
        "topics": "Topics",
        "events": "Events",
        "programmes": "Programmes",
        "facts": "Facts",
        "contacts": "Press contacts",
        "about": "About",
        "latest": "Latest releases",
        "years": "By year",
        "related": "Related releases",
        "newer": "Newer",
        "older": "Older",
        "sources": "Sources",
        "switch": "中文",
        "label": "News release",
        "missing": "Not found",
        "figures": "Key figures",
    },
    "zh": {
        "site": "样本新闻室",
        "tagline": "为测量速度而编写",
        "notice": "本站内容均为虚构。",
        "home": "首页",
        "releases": "新闻稿",
        "topics": "主题",
        "events": "活动",
        "programmes": "项目",
        "facts": "数据",
        "contacts": "新闻联络人",
        "about": "关于",
        "latest": "最新新闻稿",
        "years": "按年份",
        "related": "相关新闻稿",
        "newer": "较新",
        "older": "较早",
        "sources": "来源",
        "switch": "English",
        "label": "新闻稿",
        "missing": "找不到页面",
        "figures": "主要数据",
    },
}


def source_of(release: Release, language: Language) -> str:
    """The source's title, publisher and year as one line."""
    publisher = side(phrases.ORGANISATIONS[release.publisher], language)
    if language == "zh":
        return f"{publisher}：{release.source[language]}（{release.date.year}年）"
    return f"{publisher}: {release.source[language]} ({release.date.year})"


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _yaml(values: dict[str, Any], body: str = "") -> str:
    """Front matter and body; JSON scalars and lists are YAML too."""
    lines = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()
    )
    return f"---\n{lines}---\n\n{body}\n"


class Hugo:
    """Leaf bundles with translations by file name; topics, topics by year, editions, programmes as taxonomies."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.content = site / "content"

    def begin(self, archive: Archive) -> None:
        for name, values in data().items():
            put(self.site / "data" / f"{name}.json", json.dumps(values, ensure_ascii=False))
        for language in LANGUAGES:
            ui = UI[language]
            strings = "".join(f'{key} = "{text}"\n' for key, text in ui.items())
            put(self.site / "i18n" / f"{language}.toml", strings)
            self._list("", language, ui["site"], {})
            self._list("releases", language, ui["releases"], {})
            for year in YEARS:
                self._list(f"releases/{year}", language, str(year), {"layout": "year"})
            self._list("topics", language, ui["topics"], {})
            for key, pair in phrases.TOPICS.items():
                outputs = {"outputs": ["html", "atom", "jsonfeed"]}
                self._list(f"topics/{key}", language, side(pair, language), outputs)
            for hidden in ("topicyears", "editions"):
                self._list(hidden, language, hidden, {"build": {"render": "never"}})
            for year in YEARS:
                self._list(f"editions/{year}", language, str(year), {"build": {"render": "never"}})
            self._list("events", language, ui["events"], {})
            self._list("programmes", language, ui["programmes"], {})
            for name in ("facts", "contacts"):
                put(
                    self.content / f"{name}.{language}.md",
                    _yaml({"title": ui[name], "layout": name, "url": f"{name}/"}),
                )
        for address, kind, title, summary, body, more in standing():
            for language in LANGUAGES:
                front: dict[str, Any] = {
                    "title": side(title, language),
                    "description": side(summary, language),
                }
                front |= {
                    key: side(value, language) if isinstance(value, tuple) else value
                    for key, value in more.items()
                }
                if kind in ("series", "programme"):
                    name = f"{address}/_index"
                    if kind == "programme":
                        front["facts"] = facts_of(more["programme"])
                else:
                    name = f"{address}/index"
                put(self.content / f"{name}.{language}.md", _yaml(front, side(body, language)))

    def _list(self, folder: str, language: Language, title: str, front: dict[str, Any]) -> None:
        put(self.content / folder / f"_index.{language}.md", _yaml({"title": title, **front}))

    def release(self, release: Release) -> None:
        folder = self.content / "releases" / release.key
        folder.mkdir(parents=True, exist_ok=True)
        year = release.date.year
        for language in LANGUAGES:
            front = {
                "title": release.title[language],
                "description": release.summary[language],
                "date": str(release.date),
                "place": release.place,
                "contacts": release.contacts,
                "topics": release.topics,
                "topicyears": [f"{topic}-{year}" for topic in release.topics],
                "sources": [source_of(release, language)],
            }
            if release.programmes:
                front["programmes"] = release.programmes
            if release.edition:
                front["editions"] = [str(release.edition)]
            text = _yaml(front, body_for(release, language, f"/{language}/"))
            (folder / f"index.{language}.md").write_text(text, encoding="utf-8")


class Eleventy:
    """A folder a language; what the lists need is worked out once, in the configuration."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.content = site / "content"

    def begin(self, archive: Archive) -> None:
        # Global data must not carry the names that front matter uses.
        names = {
            "topics": "names_of_topics",
            "programmes": "names_of_programmes",
            "facts": "figures_of",
            "contacts": "people",
        }
        for name, values in data().items():
            file = self.content / "_data" / f"{names.get(name, name)}.json"
            put(file, json.dumps(values, ensure_ascii=False))
        for language in LANGUAGES:
            put(self.content / language / f"{language}.json", json.dumps({"lang": language}))
            release = {"layout": "release.njk", "tags": "releases"}
            put(self.content / language / "releases" / "releases.json", json.dumps(release))
            for year in YEARS:
                (self.content / language / "releases" / str(year)).mkdir(exist_ok=True)
        for address, kind, title, summary, body, more in standing():
            for language in LANGUAGES:
                front = {
                    "layout": f"{kind}.njk",
                    "title": side(title, language),
                    "description": side(summary, language),
                    "permalink": f"/{language}/{address}/",
                    "tags": kind if kind in ("edition", "programme") else "standing",
                }
                front |= {
                    key: side(value, language) if isinstance(value, tuple) else value
                    for key, value in more.items()
                }
                put(self.content / language / f"{address}.md", _yaml(front, side(body, language)))

    def release(self, release: Release) -> None:
        for language in LANGUAGES:
            front = {
                "title": release.title[language],
                "description": release.summary[language],
                "date": str(release.date),
                "place": release.place,
                "contacts": release.contacts,
                "topics": release.topics,
                "programmes": release.programmes,
                "edition": str(release.edition or ""),
                "sources": [source_of(release, language)],
            }
            text = _yaml(front, body_for(release, language, f"/{language}/"))
            file = self.content / language / "releases" / f"{release.key}.md"
            file.write_text(text, encoding="utf-8")


class Pelican:
    """Tags for topics, authors for topics by year (they alone may be many and have no feed), category for programmes."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.content = site / "content"

    def begin(self, archive: Archive) -> None:
        put(self.site / "data.json", json.dumps(data(), ensure_ascii=False))
        for topic in phrases.TOPICS:
            # A topic's articles are those of its tag; the feed's template does the rest.
            put(
                self.content / "feeds" / f"{topic}.json",
                '{% for tag, listed in tags if tag.slug == "' + topic + '" %}'
                '{% with topic_articles = listed %}{% include "feed.html" %}{% endwith %}{% endfor %}\n',
            )
        for year in YEARS:
            (self.content / "releases" / str(year)).mkdir(parents=True, exist_ok=True)
        for address, kind, title, summary, body, more in standing():
            if kind == "programme":
                continue  # a programme is a category's page; its words are in data.json
            for language in LANGUAGES:
                front = {
                    "Title": side(title, language),
                    "Summary": side(summary, language),
                    "Lang": language,
                    "Slug": address,
                    "Template": kind if kind != "page" else "",
                    "Edition": more.get("edition", ""),
                }
                text = "".join(f"{key}: {value}\n" for key, value in front.items() if value)
                name = address.replace("/", "-")
                put(
                    self.content / "pages" / f"{name}.{language}.md",
                    f"{text}\n{side(body, language)}\n",
                )

    def release(self, release: Release) -> None:
        folder = self.content / "releases" / release.key
        folder.mkdir(exist_ok=True)
        year = release.date.year
        for language in LANGUAGES:
            home = "/" if language == "zh" else "/en/"
            text = (
                f"Title: {release.title[language]}\nSummary: {release.summary[language]}\n"
                f"Date: {release.date}\nLang: {language}\nSlug: {release.slug}\nPlace: {release.place}\n"
                f"Contacts: {', '.join(release.contacts)}\nTags: {', '.join(release.topics)}\n"
                f"Authors: {', '.join(f'{topic}-{year}' for topic in release.topics)}\n"
                f"Category: {release.programmes[0] if release.programmes else 'none'}\n"
                f"Edition: {release.edition or ''}\nSource: {source_of(release, language)}\n\n"
                f"{body_for(release, language, home)}"
            )
            (folder / f"{language}.md").write_text(text, encoding="utf-8")
