"""What the site is. publishconf.py says what publishing changes."""

from typing import Any

# Who we are: names, notice, boilerplate and contacts stand in content/data, in both languages.
SITENAME = "newsroom"
# Where `serve` shows the site; publishconf.py names the public address.
SITEURL = "http://localhost:8000"

# Languages: the run makes both, pressroom/words.py names them.
DEFAULT_LANG = "zh"
TIMEZONE = "Asia/Shanghai"

# Whether a page says that its version in the other language is newer.
SAY_WHEN_STALE = True

# Paths.
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
THEME_STATIC_DIR = "static"
THEME_STATIC_PATHS: list[str] = []
# Nothing is deleted before it is replaced.
DELETE_OUTPUT_DIRECTORY = False

# Markdown: what a press officer writes. HTML inside is cleaned afterwards.
MARKDOWN: dict[str, Any] = {
    "extensions": [
        "markdown.extensions.tables",
        "markdown.extensions.sane_lists",
        "markdown.extensions.def_list",
    ],
    "extension_configs": {},
    "output_format": "html",
}

# Templates: every value is escaped, and a name that is not given is an error.
JINJA_ENVIRONMENT: dict[str, Any] = {
    "autoescape": True,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "extensions": ["jinja2.ext.i18n"],
}

# The plugin is named as a text, so that `pelican` finds it without being able to import it.
PLUGIN_PATHS = ["."]
PLUGINS = ["pressroom"]

# Pelican's own generators and readers stay idle: the press room reads and writes everything.
# reStructuredText's include and raw directives could read any file.
READERS = {"rst": None, "html": None}
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS: list[str] = []
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = None
FEED_ATOM = None
CATEGORY_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None
CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = ""
YEAR_ARCHIVE_SAVE_AS = MONTH_ARCHIVE_SAVE_AS = DAY_ARCHIVE_SAVE_AS = ""
CACHE_CONTENT = LOAD_CONTENT_CACHE = False
