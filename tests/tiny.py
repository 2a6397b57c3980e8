"""Tiny sites for tests: written in a few lines, built in this process in a fraction of a second.

`Tiny(folder)` is a project with the base of tests/sites and nothing else in it; `release` and its
like write items, `build` brings an output folder to what they say. Dates are real instants, given
as `--at` takes them.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pressroom.moments import read_instant
from pressroom.newsroom import Newsroom, Outcome, Wish
from pressroom.problems import ContentError, Problem, Severity
from tests import building

SITES: Final = Path(__file__).parent / "sites"
NOW: Final = "2024-06-01T12:00:00+08:00"

Front = Mapping[str, Any]


@cache
def _settings() -> dict[str, Any]:
    from pelican.settings import read_settings

    return dict(read_settings(str(building.PROJECT / "pelicanconf.py"), {}))


def front_matter(front: Front) -> str:
    """A mapping as YAML, values as they are: tests say what is written, not what it means."""
    return "".join(f"{key}: {value}\n" for key, value in front.items() if value is not None)


def spelled(word: str) -> tuple[str, str]:
    """A word of a-z, 0-9 and hyphens as Chinese characters and as plain letters: figures would have to agree."""
    han = "".join(
        "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨"[ord(each) % 36]
        for each in word
    )
    return han, "".join(
        "abcdefghij"[int(each)] if each.isdigit() else each for each in word
    ).replace("-", " ")


class Tiny:
    """One tiny project: its content folder, its cache and its newsroom."""

    def __init__(
        self,
        folder: Path,
        site: str = "base",
        cold: bool = False,
        like: Tiny | None = None,
        **settings: Any,
    ) -> None:
        """`site` is a folder of tests/sites laid over the base; `like` another tiny site, whose content
        and settings (not its cache) this one takes; `cold` leaves the cache without the compiled theme."""
        self.folder = folder
        self.content = folder / "content"
        self.output = folder / "output"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            like.content if like else SITES / "base" / "content", self.content, symlinks=True
        )
        if site != "base":
            shutil.copytree(SITES / site / "content", self.content, dirs_exist_ok=True)
        self.settings = {
            **(like.settings if like else _settings()),
            **(
                {}
                if like
                else {"THEME": str(building.PROJECT / "theme"), "SITEURL": "https://tiny.example"}
            ),
            "PATH": str(self.content),
            "PRESSROOM_CACHE": str(folder / ".cache"),
            **settings,
        }
        self._newsroom: Newsroom | None = None
        if not cold:
            _warm(self.newsroom)

    # --- writing -------------------------------------------------------------------------------

    def write(self, path: str, text: str | bytes) -> Path:
        """A file below content/, its folders made."""
        target = self.content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def append(self, path: str, text: str) -> None:
        target = self.content / path
        target.write_text(target.read_text("utf-8") + text, "utf-8")

    def item(
        self,
        key: str,
        common: Front | None = None,
        *,
        zh: Front | None = None,
        en: Front | None = None,
        zh_body: str = "正文。\n",
        en_body: str = "The body.\n",
        only: str = "",
    ) -> None:
        """Both language files of a folder (or `only` one); common fields stand in the first."""
        han, latin = spelled(key.rpartition("/")[2])
        first = only or "zh"
        sides = (
            ("zh", {"title": f"标题{han}", "summary": f"摘要{han}"}, zh, zh_body),
            ("en", {"title": f"Title {latin}", "summary": f"Summary {latin}"}, en, en_body),
        )
        for language, plain, own, body in sides:
            if only and language != only:
                continue
            front = {**plain, **(common or {} if language == first else {}), **(own or {})}
            self.write(f"{key}/{language}.md", f"---\n{front_matter(front)}---\n{body}")

    def release(self, key: str, common: Front | None = None, **more: Any) -> None:
        """A release that is complete: `key` is "2024/slug", dated 2 January of its year."""
        year = key.partition("/")[0]
        self.item(
            f"releases/{key}",
            {
                "date": f"{year}-01-02",
                "place": "beijing",
                "status": "public",
                "contacts": "[desk]",
                **(common or {}),
            },
            **more,
        )

    def photo(
        self, path: str, colour: tuple[int, int, int] = (200, 30, 30), size: int = 40
    ) -> bytes:
        """A small JPEG below content/; returns its bytes."""
        data = jpeg(colour, size)
        self.write(path, data)
        return data

    # --- building ------------------------------------------------------------------------------

    @property
    def newsroom(self) -> Newsroom:
        if self._newsroom is None:
            self._newsroom = Newsroom(self.settings)
        return self._newsroom

    def build(
        self, at: str = NOW, output: Path | None = None, jobs: int = 1, preview: bool = False
    ) -> Outcome:
        """One build; ContentError when the content has errors."""
        return self.newsroom.build(
            Wish(now=read_instant(at), output=output or self.output, jobs=jobs, preview=preview)
        )

    def tree(self, at: str = NOW, preview: bool = False) -> dict[str, bytes]:
        """What a build at an instant puts into the output folder, by path."""
        self.build(at, preview=preview)
        return building.tree(self.output)

    def problems(self, at: str = NOW) -> list[Problem]:
        """The errors for which a build stops; none when it goes through."""
        try:
            self.build(at)
        except ContentError as error:
            return [each for each in error.problems if each.severity is Severity.ERROR]
        return []

    def close(self) -> None:
        """Let the cache's file go: SQLite warns of connections left open."""
        if self._newsroom is not None:
            self._newsroom.store().close()
            self._newsroom = None


# What compiling the theme brought, by Jinja's settings and name: it takes a second, and no test is about it.
_COMPILED: Final[dict[str, dict[str, bytes]]] = {}


def _warm(newsroom: Newsroom) -> None:
    """Put compiled templates and catalogues into a new cache, and only those."""
    known = _COMPILED.setdefault(repr(newsroom.settings["JINJA_ENVIRONMENT"]), {})
    if not known:
        with tempfile.TemporaryDirectory() as folder:
            settings = {name: newsroom.settings[name] for name in ("JINJA_ENVIRONMENT", "THEME")}
            first = Tiny(Path(folder), cold=True, **settings)
            first.release("2024/first")
            first.build()
            harvest(first)
            first.close()
    newsroom.store().put(known)


def harvest(tiny: Tiny) -> None:
    """Keep what a site's build compiled, for the sites to come."""
    known = _COMPILED.setdefault(repr(tiny.settings["JINJA_ENVIRONMENT"]), {})
    rows = tiny.newsroom.store().connection().execute("select name, data from kept")
    known.update(
        (name, bytes(data)) for name, data in rows if name.startswith(("template:", "catalogue:"))
    )


@cache
def jpeg(colour: tuple[int, int, int] = (200, 30, 30), size: int = 40) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (size, size * 2 // 3), colour).save(buffer, "JPEG")
    return buffer.getvalue()
