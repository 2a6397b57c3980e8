"""After any sequence of edits an incremental build and one from nothing give the same bytes, file for file.

Random sequences drive everything that a build depends on, the cache and the output folder included.
Four sequences by default, many longer ones with PRESSROOM_FULL=1.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from pressroom import software
from pressroom.newsroom import Newsroom, Wish
from pressroom.moments import read_instant
from pressroom.problems import ContentError, UsageError
from tests import building
from tests.tiny import Tiny, harvest, jpeg

FULL: Final = os.environ.get("PRESSROOM_FULL") == "1"
SEQUENCES: Final = 100 if FULL else 4
STEPS: Final = 60 if FULL else 12

INSTANTS: Final = [
    "2024-01-01T23:59:59+08:00",
    "2024-01-02",
    "2024-01-04",
    "2024-06-01T11:59:59+08:00",
    "2024-06-01T12:00:00+08:00",
    "2025-01-01",
]


def states(output: Path) -> dict[str, tuple[bytes, int, int]]:
    """Bytes, time and inode of every file."""
    return {
        path.relative_to(output).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in output.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def folders(output: Path) -> set[str]:
    return {path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_dir()}


class Story:
    """A site that somebody works on: every method is an edit that the drawn numbers decide."""

    def __init__(self, folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.draw = random.Random(seed)
        self.monkeypatch = monkeypatch
        self.tiny = Tiny(folder / "site")
        self.theme = folder / "site" / "theme"
        shutil.copytree(building.PROJECT / "theme", self.theme)
        self.tiny.settings["THEME"] = str(self.theme)
        self.again()
        self.now = "2024-06-01T12:00:00+08:00"
        self.count = 0
        self.tiny.item("events/week", {"kind": "series"})
        self.tiny.item("events/week/2024", {"edition": 2024, "starts": "2024-05-31", "place": "beijing"})
        self.tiny.item("programmes/walk", {"facts": "[villages]"})
        self.tiny.item("pages/about")
        for _ in range(3):
            self.add()

    def again(self) -> None:
        """Another process: nothing is remembered but the cache."""
        self.tiny.close()

    def releases(self) -> list[Path]:
        return sorted(path.parent for path in self.tiny.content.glob("releases/*/*/zh.md"))

    def any_release(self) -> Path:
        found = self.releases()
        return self.draw.choice(found) if found else self.add()

    def sides(self, folder: Path) -> list[Path]:
        return [folder / "zh.md", folder / "en.md"]

    # --- content ---

    def add(self) -> Path:
        self.count += 1
        year, slug = self.draw.choice(["2022", "2023", "2024"]), f"item-{'abcdefghijklmnopqrstuvwxyz'[self.count % 26]}{'xyz'[self.count // 26 % 3]}"
        front: dict[str, Any] = {
            "topics": self.draw.choice(["[]", "[children]", "[schools, children]"]),
            "event": self.draw.choice([None, "week", "week/2024"]),
            "programmes": self.draw.choice([None, "[walk]"]),
            "embargo": self.draw.choice([None, None, '"2024-06-01T12:00:00+08:00"']),
        }
        body_zh, body_en = "正文。\n", "The body.\n"
        if self.draw.random() < 0.4:
            front["photos"] = "\n  a.jpg: {credit: Someone}"
            self.tiny.write(f"releases/{year}/{slug}/photos/a.jpg", self.picture())
            body_zh += "\n![一](photos/a.jpg \"图注\")\n"
            body_en += "\n![One](photos/a.jpg \"Caption\")\n"
        others = self.releases()
        if others and self.draw.random() < 0.4:
            other = self.draw.choice(others)
            link = f"{{release}}{other.parent.name}/{other.name}"
            body_zh += f"\n见[前文]({link})。\n"
            body_en += f"\nSee [this]({link}).\n"
        self.tiny.release(f"{year}/{slug}", front, zh_body=body_zh, en_body=body_en)
        return self.tiny.content / "releases" / year / slug

    def picture(self) -> bytes:
        return jpeg((self.draw.randrange(256), self.draw.randrange(256), 90), 48)

    def edit(self) -> None:
        folder = self.any_release()
        for path, words in zip(self.sides(folder), ("又一句。\n", "Another sentence.\n"), strict=True):
            path.write_text(path.read_text("utf-8") + "\n" + words, "utf-8")

    def edit_in_place(self) -> None:
        """The same length, and the time set back: only the file system's own time tells."""
        path = self.any_release() / "en.md"
        text = path.read_text("utf-8")
        times = path.stat()
        path.write_text(text.replace("The body", "The tale") if "The body" in text else text.replace("The tale", "The body"), "utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def touch(self) -> None:
        (self.any_release() / "zh.md").touch()

    def retitle(self) -> None:
        path = self.any_release() / "zh.md"
        text = path.read_text("utf-8")
        path.write_text(text.replace("title: ", "title: 新", 1), "utf-8")

    def delete(self) -> None:
        shutil.rmtree(self.any_release())

    def rename(self) -> None:
        folder = self.any_release()
        self.count += 1
        folder.rename(folder.with_name(f"moved-{'abcdefghijklmnopqrstuvwxyz'[self.count % 26]}{'xyz'[self.count // 26 % 3]}"))

    def front(self, folder: Path, key: str, value: str | None) -> None:
        """Set a common field, or take it out."""
        path = folder / "zh.md"
        lines = [each for each in path.read_text("utf-8").split("\n") if not each.startswith(f"{key}: ")]
        if value is not None:
            lines.insert(1, f"{key}: {value}")
        path.write_text("\n".join(lines), "utf-8")

    def retopic(self) -> None:
        self.front(self.any_release(), "topics", self.draw.choice(["[]", "[schools]", "[children]", "[children, schools]"]))

    def hold(self) -> None:
        self.front(self.any_release(), "embargo", self.draw.choice([None, '"2024-06-01T12:00:00+08:00"', '"2030-01-01"']))

    def draft(self) -> None:
        self.front(self.any_release(), "status", self.draw.choice(["draft", "public"]))

    def withdraw(self) -> None:
        self.front(
            self.any_release(),
            "withdrawn",
            self.draw.choice([None, '{at: "2024-05-01", zh: 原因, en: Reason}', '{at: "2024-06-01T12:00:00", zh: 原因, en: Reason}']),
        )

    def correct(self) -> None:
        self.front(
            self.any_release(),
            "corrections",
            self.draw.choice([None, '[{at: "2024-05-02", zh: 更正, en: Corrected}]', '[{at: "2024-06-01T12:00:00", zh: 更正, en: Corrected}]']),
        )

    def lone_language(self) -> None:
        folder = self.any_release()
        (folder / "en.md").unlink(missing_ok=True)
        self.front(folder, "translation", self.draw.choice(["zh-only", None]))

    def photograph(self) -> None:
        for path in self.tiny.content.glob("releases/*/*/photos/a.jpg"):
            path.write_bytes(self.picture())

    def event(self) -> None:
        self.front(self.tiny.content / "events/week/2024", "starts", self.draw.choice(["2024-05-31", "2024-06-01", "2024", None]))

    def programme(self) -> None:
        self.front(self.tiny.content / "programmes/walk", "status", self.draw.choice([None, "public"]))
        self.front(self.tiny.content / "programmes/walk", "since", self.draw.choice([None, "2010", "2011"]))

    # --- data, settings, theme ---

    def data(self) -> None:
        file, old, new = self.draw.choice(
            [
                ("facts", "1000", "1001"),
                ("facts", "1001", "1000"),
                ("names", "北京", "京城"),
                ("names", "京城", "北京"),
                ("topics", "Children", "Kids"),
                ("topics", "Kids", "Children"),
                ("contacts", "desk@", "office@"),
                ("contacts", "confirmed: 2017-01-01\n", "confirmed: 2017-01-01\n  valid_until: 2024-06-01T12:00\n"),
                ("organisation", "A site for tests", "Another site for tests"),
                ("organisation", "tagline:", "notice: {zh: 演示, en: A demonstration}\ntagline:"),
            ]
        )
        path = self.tiny.content / f"data/{file}.yaml"
        text = path.read_text("utf-8")
        if not (new in text and old in new):
            path.write_text(text.replace(old, new), "utf-8")

    def setting(self) -> None:
        name, values = self.draw.choice(
            [
                ("SITEURL", ["https://tiny.example", "https://other.example"]),
                ("SAY_WHEN_STALE", [True, False]),
                ("JINJA_ENVIRONMENT", [{**self.tiny.settings["JINJA_ENVIRONMENT"], "trim_blocks": each} for each in (True, False)]),
            ]
        )
        self.tiny.settings[name] = self.draw.choice(values)
        self.again()

    def template(self) -> None:
        path = self.draw.choice(sorted((self.theme / "templates").rglob("*.html")))
        path.write_text(path.read_text("utf-8") + f"{{# {self.draw.random()} #}}\n<!-- {self.draw.randrange(9)} -->\n", "utf-8")

    def style(self) -> None:
        path = self.draw.choice(sorted((self.theme / "static/css").glob("*.css")))
        path.write_text(path.read_text("utf-8") + f"\n.x{self.draw.randrange(9)} {{ color: red; }}\n", "utf-8")

    def catalogue(self) -> None:
        path = self.theme / "locale" / self.draw.choice(["zh", "en"]) / "LC_MESSAGES/messages.po"
        text = path.read_text("utf-8")
        path.write_text(text.replace('msgid "releases.title"\nmsgstr "', 'msgid "releases.title"\nmsgstr "X'), "utf-8")

    def clock(self) -> None:
        self.now = self.draw.choice(INSTANTS)

    def extra(self) -> None:
        path = self.tiny.content / "extra/papers/report.pdf"
        if path.exists():
            shutil.rmtree(path.parents[1])
        else:
            self.tiny.write("extra/papers/report.pdf", self.draw.randbytes(20))

    def version(self) -> None:
        """Another version of the software takes the cache over."""
        number = self.draw.randrange(3)
        self.monkeypatch.setattr(software, "fingerprint", lambda: f"version {number}")
        self.again()

    # --- cache ---

    def cache(self) -> None:
        """Damage the cache in one of the ways in which caches are damaged."""
        self.again()
        folder = self.tiny.folder / ".cache"
        path = folder / "pressroom.sqlite"
        way = self.draw.choice(["gone", "cut", "noise", "empty", "text", "row", "body", "foreign", "pictures", "everything", "no-table"])
        if way == "everything":
            shutil.rmtree(folder)
        elif way == "gone":
            path.unlink()
        elif way == "cut":
            os.truncate(path, self.draw.randrange(path.stat().st_size))
        elif way == "noise":
            data = bytearray(path.read_bytes())
            for _ in range(40):
                data[self.draw.randrange(len(data))] = self.draw.randrange(256)
            path.write_bytes(data)
        elif way == "empty":
            path.write_bytes(b"")
        elif way == "text":
            path.write_text("not a database at all\n" * 100)
        elif way == "pictures":
            for each in folder.glob("pictures/*"):
                each.write_bytes(each.read_bytes()[: self.draw.randrange(60)])
        elif way == "foreign":
            other = Tiny(self.tiny.folder.parent / f"other{self.draw.random()}")
            other.release("2024/item-bx", {"topics": "[schools]"}, en_body="Something else.\n")
            other.build()
            other.close()
            shutil.copyfile(other.folder / ".cache/pressroom.sqlite", path)
        else:
            with sqlite3.connect(path) as connection:
                if way == "row":
                    connection.execute("update kept set data = x'00' where name like ?", (self.draw.choice(["library%", "output%", "template%", "whole%", "proof%", "catalogue%"]),))
                elif way == "body":
                    connection.execute("update bodies set data = '<p>Something never written.</p>'")
                else:
                    connection.execute("drop table bodies")
            connection.close()

    # --- output ---

    def tamper(self) -> None:
        """Somebody changes the output by hand."""
        output = self.tiny.output
        files = sorted(path for path in output.rglob("*") if path.is_file())
        path = self.draw.choice(files)
        way = self.draw.choice(["delete", "change", "stray", "folder", "link", "swap", "many", "robots", "empty", "part"])
        if way == "delete":
            path.unlink()
        elif way == "change":
            path.write_bytes(path.read_bytes() + b"tampered")
        elif way == "stray":
            (path.parent / "stray.html").write_text("stray")
            (path.parent / ".stray").write_text("stray")
        elif way == "folder":
            path.unlink()
            (path / "inside").mkdir(parents=True)
            (path / "inside" / "x.html").write_text("x")
        elif way == "link":
            path.unlink()
            path.symlink_to(self.draw.choice(["/etc/hostname", "nowhere", "../index.html"]))
        elif way == "swap":
            folder = self.draw.choice([each for each in (output / "zh", output / "en/releases", output / "static") if each.is_dir()])
            shutil.rmtree(folder)
            self.draw.choice([folder.touch, lambda: folder.symlink_to(self.tiny.folder / "elsewhere")])()
        elif way == "many":
            for each in files[:: self.draw.randrange(2, 5)]:
                each.unlink()
        elif way == "robots":
            (output / "robots.txt").unlink()
        elif way == "empty":
            (path.parent / "empty" / "deeper").mkdir(parents=True)
        else:
            (path.parent / "index.html.123.part").write_text("half a pa")

    def vanish(self) -> None:
        """An item goes while its page was tampered with: nothing of it may stay."""
        folder = self.any_release()
        for path in self.tiny.output.glob(f"*/releases/*/{folder.name}/*"):
            path.write_bytes(b"tampered")
        shutil.rmtree(folder)

    EDITS: Final = (
        *("add", "edit", "delete", "rename", "retopic", "hold", "withdraw", "correct", "data", "tamper", "cache", "clock") * 2,
        *("edit_in_place", "touch", "retitle", "draft", "lone_language", "photograph", "event", "programme"),
        *("setting", "template", "style", "catalogue", "extra", "version", "vanish"),
    )

    def step(self) -> str:
        name = self.draw.choice(self.EDITS)
        getattr(self, name)()
        return name

    # --- building ---

    def scratch(self, output: Path) -> dict[str, bytes] | list[tuple[str, int, str]]:
        """What a build from nothing makes: the tree, or the problems that stop it."""
        fresh = Tiny(output.parent / "scratch", like=self.tiny)
        try:
            tree = fresh.tree(self.now)
            harvest(fresh)
            return tree
        except ContentError as error:
            return [(each.path, each.line, each.rule) for each in error.problems]
        finally:
            fresh.close()
            shutil.rmtree(fresh.folder)


def follow(tmp_path: Path, seed: int, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(tmp_path, seed, monkeypatch)
    tiny = story.tiny
    tiny.build(story.now)
    done = []
    for _ in range(steps):
        kept = tmp_path / "kept"
        shutil.copytree(tiny.content, kept, symlinks=True)
        done.append(story.step())
        said = f"seed {seed}: {' '.join(done)} at {story.now}"
        before = states(tiny.output)
        expected = story.scratch(tmp_path / "x")
        if isinstance(expected, list):
            with pytest.raises(ContentError) as stopped:
                tiny.build(story.now)
            assert [(each.path, each.line, each.rule) for each in stopped.value.problems] == expected, said
            assert states(tiny.output) == before, said
            shutil.rmtree(tiny.content)
            shutil.copytree(kept, tiny.content)
            done[-1] += "(undone)"
            expected = story.scratch(tmp_path / "x")
            assert isinstance(expected, dict), (said, expected)
        shutil.rmtree(kept)
        outcome = tiny.build(story.now)
        made = building.tree(tiny.output)
        wrong = sorted(path for path in made.keys() | expected.keys() if made.get(path) != expected.get(path))
        assert wrong == [], said
        assert not [path for path in tiny.output.rglob("*") if path.is_symlink()], said
        parents = {str(parent) for path in made for parent in Path(path).parents} - {"."}
        assert folders(tiny.output) == parents, said
        after = states(tiny.output)
        same = {path for path, state in after.items() if path in before and before[path][0] == state[0]}
        moved = sorted(path for path in same if before[path] != after[path])
        assert moved == [], said
        assert sorted(set(after) - same) == outcome.report.written, said
        quiet = tiny.build(story.now)
        assert (quiet.report.written, quiet.report.removed) == ([], []), said
        assert states(tiny.output) == after, said
    tiny.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_any_sequence_of_edits_gives_what_a_build_from_nothing_gives(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(tmp_path, seed, STEPS, monkeypatch)
