"""Stock Pelican's side of the benchmark: i18n_subsites, the reader cache, lists looked up by index.

Topics are tags, topics by year are authors (the one other thing of which an article may have many),
programmes are categories. Neighbours and related releases, which Pelican leaves to plugins, are
looked up in an index made once a language.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = json.loads((HERE / "data.json").read_text(encoding="utf-8"))

SITENAME = DATA["ui"]["zh"]["site"]
SITEURL = "https://newsroom.example"
AUTHOR = "none"
PATH = "content"
TIMEZONE = "Asia/Shanghai"
DEFAULT_LANG = "zh"
THEME = str(HERE / "theme")
THEME_STATIC_DIR = "theme"
PLUGINS = ["i18n_subsites"]
READERS = {"rst": None, "html": None}
ARTICLE_PATHS = ["releases"]
PAGE_PATHS = ["pages"]
STATIC_PATHS: list[str] = []
DEFAULT_CATEGORY = "none"
USE_FOLDER_AS_CATEGORY = False
DELETE_OUTPUT_DIRECTORY = False
DEFAULT_PAGINATION = False
PAGINATED_TEMPLATES: dict[str, None] = {}
FORMATTED_FIELDS: list[str] = []

CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True

ARTICLE_URL = ARTICLE_LANG_URL = "releases/{date:%Y}/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = "releases/{date:%Y}/{slug}/index.html"
PAGE_URL = PAGE_LANG_URL = "{slug}/"
PAGE_SAVE_AS = PAGE_LANG_SAVE_AS = "{slug}/index.html"
YEAR_ARCHIVE_URL = "releases/{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = "releases/{date:%Y}/index.html"
TAG_URL = "topics/{slug}/"
TAG_SAVE_AS = "topics/{slug}/index.html"
AUTHOR_URL = "topicyears/{slug}/"
AUTHOR_SAVE_AS = "topicyears/{slug}/index.html"
CATEGORY_URL = "programmes/{slug}/"
CATEGORY_SAVE_AS = "programmes/{slug}/index.html"

DIRECT_TEMPLATES = [
    "index",
    "releases",
    "topics",
    "programmes",
    "events",
    "facts",
    "contacts",
    "404",
    "feed",
    "sitemap",
]
RELEASES_SAVE_AS = "releases/index.html"
TOPICS_SAVE_AS = "topics/index.html"
PROGRAMMES_SAVE_AS = "programmes/index.html"
EVENTS_SAVE_AS = "events/index.html"
FACTS_SAVE_AS = "facts/index.html"
CONTACTS_SAVE_AS = "contacts/index.html"
FEED_SAVE_AS = "feed.json"
SITEMAP_SAVE_AS = "sitemap.xml"
# Pelican has no JSON feeds; one page a topic stands in for them.
TEMPLATE_PAGES = {f"feeds/{topic}.json": f"topics/{topic}/feed.json" for topic in DATA["topics"]}

FEED_ALL_ATOM = "feed.atom.xml"
TAG_FEED_ATOM = "topics/{slug}/feed.atom.xml"
FEED_MAX_ITEMS = 20
CATEGORY_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None

I18N_SUBSITES = {
    "en": {"SITENAME": DATA["ui"]["en"]["site"], "SITEURL": f"{SITEURL}/en", "STATIC_PATHS": []},
}


class Lookup:
    """One language's releases, newest first, by place and by topic."""

    def __init__(self, articles: list[Any]) -> None:
        self.articles = articles
        self.place = {each.slug: position for position, each in enumerate(articles)}
        self.topics: dict[str, list[int]] = {}
        self.in_topic: dict[tuple[str, str], int] = {}
        for position, each in enumerate(articles):
            for tag in each.tags:
                listed = self.topics.setdefault(tag.slug, [])
                self.in_topic[tag.slug, each.slug] = len(listed)
                listed.append(position)

    def newer(self, article: Any) -> Any:
        place = self.place[article.slug]
        return self.articles[place - 1] if place else None

    def older(self, article: Any) -> Any:
        place = self.place[article.slug] + 1
        return self.articles[place] if place < len(self.articles) else None

    def related(self, article: Any) -> list[Any]:
        found: set[int] = set()
        for tag in article.tags:
            at = self.in_topic[tag.slug, article.slug] + 1
            found.update(self.topics[tag.slug][at : at + 3])
        return [self.articles[position] for position in sorted(found)[:3]]


_LOOKUPS: dict[str, Lookup] = {}


def lookup(articles: list[Any], lang: str) -> Lookup:
    if lang not in _LOOKUPS:
        _LOOKUPS[lang] = Lookup(articles)
    return _LOOKUPS[lang]


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(date: Any, lang: str) -> str:
    if lang == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def month(date: Any, lang: str) -> str:
    return (
        f"{date.year}年{date.month}月" if lang == "zh" else f"{_MONTHS[date.month - 1]} {date.year}"
    )


def topic_of(name: str) -> str:
    return name.rpartition("-")[0]


JINJA_GLOBALS = {"data": DATA, "lookup": lookup, "main": SITEURL}
JINJA_FILTERS = {"day": day, "month": month, "topic_of": topic_of}
