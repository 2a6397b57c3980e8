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
from pathlib import Path
from typing import Any, Final

import pytest

from pressroom import software
from pressroom.machines import sitemaps
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
        path.relative_to(output).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
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
        self.tiny.item(
            "events/week/2024", {"edition": 2024, "starts": "2024-05-31", "place": "beijing"}
        )
        self.tiny.item("programmes/walk", {"facts": "[villages]"})
        self.tiny.item("pages/about")
        for _ in range(3):
            self.front(self.add(), "embargo", None)

    def again(self) -> None:
        """Another process: nothing is remembered but the cache."""
        self.tiny.close()

    def releases(self) -> list[Path]:
        return sorted(path.parent for path in self.tiny.content.glob("releases/*/*/zh.md"))

    def any_release(self) -> Path:
        found = self.releases()
        return self.draw.choice(found) if found else self.add()

    def sides(self, folder: Path) -> list[Path]:
        return [path for path in (folder / "zh.md", folder / "en.md") if path.exists()]

    # --- content ---

    def add(self) -> Path:
        self.count += 1
        year, slug = (
            self.draw.choice(["2022", "2023", "2024"]),
            f"item-{'abcdefghijklmnopqrstuvwxyz'[self.count % 26]}{'xyz'[self.count // 26 % 3]}",
        )
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
            body_zh += '\n![一](photos/a.jpg "图注")\n'
            body_en += '\n![One](photos/a.jpg "Caption")\n'
        others = [each for each in self.releases() if each.parent.name <= year]
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
        for path in self.sides(folder):
            words = "又一句。" if path.name == "zh.md" else "Another sentence."
            path.write_text(f"{path.read_text('utf-8')}\n{words}\n", "utf-8")

    def edit_in_place(self) -> None:
        """The same length, and the time set back: only the file system's own time tells."""
        path = self.any_release() / "zh.md"
        text = path.read_text("utf-8")
        times = path.stat()
        path.write_text(
            text.replace("正文", "主体") if "正文" in text else text.replace("主体", "正文"),
            "utf-8",
        )
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
        folder.rename(
            folder.with_name(
                f"moved-{'abcdefghijklmnopqrstuvwxyz'[self.count % 26]}{'xyz'[self.count // 26 % 3]}"
            )
        )

    def front(self, folder: Path, key: str, value: str | None) -> None:
        """Set a common field, or take it out."""
        path = folder / "zh.md"
        lines = [
            each for each in path.read_text("utf-8").split("\n") if not each.startswith(f"{key}: ")
        ]
        if value is not None:
            lines.insert(1, f"{key}: {value}")
        path.write_text("\n".join(lines), "utf-8")

    def retopic(self) -> None:
        self.front(
            self.any_release(),
            "topics",
            self.draw.choice(["[]", "[schools]", "[children]", "[children, schools]"]),
        )

    def hold(self) -> None:
        self.front(
            self.any_release(),
            "embargo",
            self.draw.choice([None, '"2024-06-01T12:00:00+08:00"', '"2030-01-01"']),
        )

    def draft(self) -> None:
        self.front(self.any_release(), "status", self.draw.choice(["draft", "public"]))

    def withdraw(self) -> None:
        self.front(
            self.any_release(),
            "withdrawn",
            self.draw.choice(
                [
                    None,
                    '{at: "2024-05-01", zh: 原因, en: Reason}',
                    '{at: "2024-06-01T12:00:00", zh: 原因, en: Reason}',
                ]
            ),
        )

    def correct(self) -> None:
        self.front(
            self.any_release(),
            "corrections",
            self.draw.choice(
                [
                    None,
                    '[{at: "2024-05-02", zh: 更正, en: Corrected}]',
                    '[{at: "2024-06-01T12:00:00", zh: 更正, en: Corrected}]',
                ]
            ),
        )

    def lone_language(self) -> None:
        folder = self.any_release()
        (folder / "en.md").unlink(missing_ok=True)
        self.front(folder, "translation", self.draw.choice(["zh-only", None]))

    def photograph(self) -> None:
        for path in self.tiny.content.glob("releases/*/*/photos/a.jpg"):
            path.write_bytes(self.picture())

    def event(self) -> None:
        self.front(
            self.tiny.content / "events/week/2024",
            "starts",
            self.draw.choice(["2024-05-31", "2024-06-01", "2024", None]),
        )

    def programme(self) -> None:
        self.front(
            self.tiny.content / "programmes/walk", "status", self.draw.choice([None, "public"])
        )
        self.front(
            self.tiny.content / "programmes/walk", "since", self.draw.choice([None, "2010", "2011"])
        )

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
                (
                    "contacts",
                    "confirmed: 2017-01-01\n",
                    "confirmed: 2017-01-01\n  valid_until: 2024-06-01T12:00\n",
                ),
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
                (
                    "JINJA_ENVIRONMENT",
                    [
                        {**self.tiny.settings["JINJA_ENVIRONMENT"], "trim_blocks": each}
                        for each in (True, False)
                    ],
                ),
            ]
        )
        self.tiny.settings[name] = self.draw.choice(values)
        self.again()

    def template(self) -> None:
        path = self.draw.choice(sorted((self.theme / "templates").rglob("*.html")))
        path.write_text(
            path.read_text("utf-8")
            + f"{{# {self.draw.random()} #}}\n<!-- {self.draw.randrange(9)} -->\n",
            "utf-8",
        )

    def style(self) -> None:
        path = self.draw.choice(sorted((self.theme / "static/css").glob("*.css")))
        path.write_text(
            path.read_text("utf-8") + f"\n.x{self.draw.randrange(9)} {{ color: red; }}\n", "utf-8"
        )

    def catalogue(self) -> None:
        path = self.theme / "locale" / self.draw.choice(["zh", "en"]) / "LC_MESSAGES/messages.po"
        text = path.read_text("utf-8")
        path.write_text(
            text.replace('msgid "releases.title"\nmsgstr "', 'msgid "releases.title"\nmsgstr "X'),
            "utf-8",
        )

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
        way = self.draw.choice(
            [
                "gone",
                "cut",
                "noise",
                "empty",
                "text",
                "row",
                "body",
                "foreign",
                "pictures",
                "everything",
                "no-table",
            ]
        )
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
                    connection.execute(
                        "update kept set data = x'00' where name like ?",
                        (
                            self.draw.choice(
                                [
                                    "library%",
                                    "output%",
                                    "template%",
                                    "whole%",
                                    "proof%",
                                    "catalogue%",
                                ]
                            ),
                        ),
                    )
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
        way = self.draw.choice(
            [
                "delete",
                "change",
                "stray",
                "folder",
                "link",
                "swap",
                "many",
                "robots",
                "empty",
                "part",
            ]
        )
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
            folder = self.draw.choice(
                [
                    each
                    for each in (output / "zh", output / "en/releases", output / "static")
                    if each.is_dir()
                ]
            )
            shutil.rmtree(folder)
            self.draw.choice(
                [folder.touch, lambda: folder.symlink_to(self.tiny.folder / "elsewhere")]
            )()
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
        *(
            "add",
            "edit",
            "delete",
            "rename",
            "retopic",
            "hold",
            "withdraw",
            "correct",
            "data",
            "tamper",
            "cache",
            "clock",
        )
        * 2,
        *(
            "edit_in_place",
            "touch",
            "retitle",
            "draft",
            "lone_language",
            "photograph",
            "event",
            "programme",
        ),
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
    if seed % 2:  # the sitemap of a large site, which has a part for each year
        monkeypatch.setattr(sitemaps, "SINGLE_RELEASES", 3)
    story = Story(tmp_path, seed, monkeypatch)
    tiny = story.tiny
    tiny.build(story.now)
    done: list[str] = []
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
            assert [
                (each.path, each.line, each.rule) for each in stopped.value.problems
            ] == expected, said
            assert states(tiny.output) == before, said
            shutil.rmtree(tiny.content)
            shutil.copytree(kept, tiny.content)
            done[-1] += "(undone)"
            expected = story.scratch(tmp_path / "x")
            assert isinstance(expected, dict), (said, expected)
        shutil.rmtree(kept)
        outcome = tiny.build(story.now)
        made = building.tree(tiny.output)
        wrong = sorted(
            path for path in made.keys() | expected.keys() if made.get(path) != expected.get(path)
        )
        assert wrong == [], said
        assert not [path for path in tiny.output.rglob("*") if path.is_symlink()], said
        parents = {str(parent) for path in made for parent in Path(path).parents} - {"."}
        assert folders(tiny.output) == parents, said
        after = states(tiny.output)
        same = {
            path for path, state in after.items() if path in before and before[path][0] == state[0]
        }
        moved = sorted(path for path in same if before[path] != after[path])
        assert moved == [], said
        # A cache found damaged half-way makes the build begin again: the report tells of the second half.
        assert set(outcome.report.written) <= set(after) - same, said
        if "cache" not in done:
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


def test_a_story_is_told_by_its_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stories of one seed make the same edits: a failure can be looked at again."""
    told = []
    for name in ("a", "b"):
        story = Story(tmp_path / name, 11, monkeypatch)
        told.append(building.tree(story.tiny.content))
        story.tiny.close()
    assert told[0] == told[1]


# --- processes ---------------------------------------------------------------------------------


def many(tiny: Tiny, count: int = 24) -> None:
    """Enough pages that work is spread over processes."""
    for number in range(count):
        letter = "abcdefghijklmnopqrstuvwxyz"[number]
        tiny.release(
            f"20{10 + number % 12}/item-{letter}",
            {"topics": "[children]", "photos": "\n  a.jpg: {credit: x}"},
        )
        tiny.write(
            f"releases/20{10 + number % 12}/item-{letter}/photos/a.jpg",
            jpeg((number * 9, 40, 80), 48),
        )


@pytest.mark.slow
def test_the_same_bytes_from_any_number_of_processes(tmp_path: Path) -> None:
    trees = []
    for jobs in (1, 2, 8):
        tiny = Tiny(tmp_path / f"site{jobs}")
        many(tiny)
        outcome = tiny.build(jobs=jobs)
        assert outcome.report.rendered > 96, "work was spread"
        trees.append(building.tree(tiny.output))
        # And what one number of processes left, another takes over without a word.
        assert tiny.build(jobs=3 - min(jobs, 2)).report.written == []
        tiny.close()
    assert trees[0] == trees[1] == trees[2]


BUILD: Final = """
import sys
from pathlib import Path
from tests.tiny import building
from pressroom.moments import read_instant
from pressroom.newsroom import Newsroom, Wish
from pelican.settings import read_settings
folder, output, jobs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
settings = {
    **read_settings(str(building.PROJECT / "pelicanconf.py"), {}),
    "PATH": str(folder / "content"), "THEME": str(building.PROJECT / "theme"),
    "SITEURL": "https://tiny.example", "PRESSROOM_CACHE": str(folder / ".cache"),
}
print("ready", flush=True)
Newsroom(settings).build(Wish(now=read_instant("2024-06-01T12:00:00+08:00"), output=output, jobs=jobs))
print("done", flush=True)
"""


def start(tiny: Tiny, output: Path, jobs: int) -> subprocess.Popen[str]:
    """A build of a tiny site in a process of its own, in its own group."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(tiny.folder), str(output), str(jobs)],
        cwd=building.PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.mark.slow
def test_two_builds_at_once_share_a_folder(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    many(tiny, 12)
    expected = tiny.tree("2024-06-01T12:00:00+08:00")
    shutil.rmtree(tiny.output)
    shutil.rmtree(tiny.folder / ".cache")
    tiny.close()
    both = [start(tiny, tiny.output, 2) for _ in range(2)]
    for each in both:
        out, err = each.communicate(timeout=240)
        assert each.returncode == 0, err
        assert out.endswith("done\n")
    assert building.tree(tiny.output) == expected


@pytest.mark.slow
def test_a_build_killed_at_any_moment_is_made_good_by_the_next(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    many(tiny, 12)
    expected = tiny.tree("2024-06-01T12:00:00+08:00")
    draw = random.Random(1)
    spans: list[float] = []
    killed = 0
    for turn in range(40 if FULL else 6):
        if turn % 3 == 0:
            shutil.rmtree(tiny.output)
        if turn % 3 == 1:
            tiny.close()
            shutil.rmtree(tiny.folder / ".cache")
        for path in tiny.content.glob("releases/*/*/en.md"):
            path.write_text(
                path.read_text("utf-8").replace("The body", f"The body {'abcdef'[turn % 6]}"),
                "utf-8",
            )
        tiny.close()
        begun = start(tiny, tiny.output, 1 + turn % 2)
        assert begun.stdout is not None
        assert begun.stdout.readline() == "ready\n"
        moment = draw.uniform(0, max(spans, default=1.5))
        began = time.monotonic()
        try:
            begun.wait(moment)
            spans.append(time.monotonic() - began)
        except subprocess.TimeoutExpired:
            os.killpg(begun.pid, signal.SIGKILL)
            killed += 1
        _, said = begun.communicate()
        assert begun.returncode in (0, -signal.SIGKILL), said
        for path in tiny.content.glob("releases/*/*/en.md"):
            path.write_text(
                path.read_text("utf-8").replace(f"The body {'abcdef'[turn % 6]}", "The body"),
                "utf-8",
            )
        tiny.build("2024-06-01T12:00:00+08:00")
        made = building.tree(tiny.output)
        assert (
            sorted(
                path
                for path in made.keys() | expected.keys()
                if made.get(path) != expected.get(path)
            )
            == []
        ), turn
        parents = {str(parent) for path in made for parent in Path(path).parents} - {"."}
        assert folders(tiny.output) == parents
    assert killed, "some builds died"
    tiny.close()


def children() -> set[str]:
    """This process's children, dead ones that nobody waited for among them."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_refused_build_leaves_no_process_and_no_lock(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    tiny.build(jobs=2)
    before = children()
    tiny.append("releases/2024/x/en.md", "\n[x](../nowhere)\n")
    for _ in range(3):
        with pytest.raises(ContentError):
            tiny.build(jobs=2)
    assert children() == before
    tiny.release("2024/x")
    tiny.build(jobs=2)
    tiny.close()


# --- the output folder -------------------------------------------------------------------------


def test_a_folder_with_files_of_somebody_else_is_refused(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    other = tmp_path / "photographs"
    other.mkdir()
    (other / "wedding.jpg").write_bytes(b"dear")
    with pytest.raises(UsageError):
        tiny.build(output=other)
    assert building.tree(other) == {"wedding.jpg": b"dear"}
    # Not even where our mark was and somebody put files of their own.
    tiny.build()
    (tiny.output / "robots.txt").unlink()
    (tiny.output / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        tiny.build()
    assert (tiny.output / "mine.txt").read_text() == "mine"
    (tiny.output / "mine.txt").unlink()
    tiny.build()
    assert (tiny.output / "robots.txt").exists()
    tiny.close()


@pytest.mark.parametrize("where", ["content", "content/releases", ".", "..", "theme"])
def test_an_output_folder_that_overlaps_the_sources_is_refused(tmp_path: Path, where: str) -> None:
    tiny = Tiny(tmp_path / "site")
    shutil.copytree(building.PROJECT / "theme", tiny.folder / "theme")
    tiny.settings["THEME"] = str(tiny.folder / "theme")
    tiny.close()
    tiny.release("2024/x")
    before = building.tree(tiny.content)
    with pytest.raises(UsageError):
        tiny.build(output=(tiny.folder / where).resolve())
    with pytest.raises(UsageError):
        tiny.build(output=tiny.folder / "elsewhere" / ".." / where)
    assert building.tree(tiny.content) == before
    tiny.close()


def test_a_file_that_stands_where_the_output_should_is_refused(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        tiny.build(output=tmp_path / "file")
    assert (tmp_path / "file").read_text() == "x"
    tiny.close()


def test_a_link_to_the_output_folder_is_followed_and_one_inside_is_not(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    real = tmp_path / "real"
    real.mkdir()
    tiny.output.symlink_to(real)
    tiny.build()
    assert (real / "index.html").exists()
    outside = tmp_path / "outside"
    shutil.move(real / "zh", outside)
    (real / "zh").symlink_to(outside)
    before = building.tree(outside)
    tiny.append("releases/2024/x/zh.md", "\n又一句。\n")
    tiny.append("releases/2024/x/en.md", "\nAnother sentence.\n")
    tiny.build()
    assert not (real / "zh").is_symlink()
    assert building.tree(outside) == before
    tiny.close()


def test_a_folder_is_looked_into_when_something_came_or_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    tiny.release("2023/y")
    tiny.build(jobs=1)
    made = building.tree(tiny.output)
    time.sleep(0.1)  # times that are younger are not believed
    tiny.build(jobs=1)
    looked: list[str] = []
    scandir = os.scandir

    def noted(path: Any) -> Any:
        looked.append(os.path.relpath(path, tiny.output))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noted)
    quiet = tiny.build(jobs=1)
    assert (quiet.report.written, quiet.report.removed) == ([], [])
    assert [folder for folder in looked if folder.startswith(("zh", "en"))] == []
    # What comes, goes or changes is noticed all the same, wherever it is.
    page = tiny.output / "zh" / "releases" / "2023" / "y" / "index.html"
    page.write_bytes(b"other")
    (page.parent / "guest.html").write_bytes(b"guest")
    (tiny.output / "en" / "empty" / "deep").mkdir(parents=True)
    (tiny.output / "en" / "releases" / "2024" / "x" / "index.html").unlink()
    mended = tiny.build(jobs=1)
    assert building.tree(tiny.output) == made
    assert not (tiny.output / "en" / "empty").exists()
    assert set(mended.report.removed) == {"zh/releases/2023/y/guest.html"}
    assert set(mended.report.written) == {
        "zh/releases/2023/y/index.html",
        "en/releases/2024/x/index.html",
    }
    assert {"zh/releases/2023/y", "en/releases/2024/x"} <= set(looked)
    tiny.close()


# --- the cache ---------------------------------------------------------------------------------


def test_a_cache_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    from pressroom.problems import PressroomError

    tiny = Tiny(tmp_path / "site", cold=True)
    tiny.release("2024/x")
    (tiny.folder / ".cache" / "pressroom.sqlite").mkdir(parents=True)
    with pytest.raises(PressroomError) as stopped:
        tiny.build()
    assert "pressroom.sqlite" in stopped.value.words.en
    assert "pressroom.sqlite" in stopped.value.words.zh


def test_a_change_while_the_content_is_read_is_not_missed(tmp_path: Path) -> None:
    """Somebody saves again and again while builds run: the last build has the last words."""
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/x")
    path = tiny.content / "releases/2024/x/en.md"
    text = path.read_text("utf-8")
    stop = threading.Event()
    words = ["alpha", "bravo", "gamma", "delta"]

    def save() -> None:
        turn = 0
        while not stop.is_set():
            fresh = path.with_name("en.md~")
            fresh.write_text(text.replace("The body", f"The {words[turn % 4]}"), "utf-8")
            os.replace(fresh, path)
            turn += 1
            time.sleep(0.003)

    writer = threading.Thread(target=save)
    writer.start()
    try:
        for _ in range(12):
            tiny.build()
    finally:
        stop.set()
        writer.join()
    for word in words:
        path.write_text(text.replace("The body", f"The {word}"), "utf-8")
        tiny.build()
        assert f"The {word}" in (tiny.output / "en/releases/2024/x/index.html").read_text("utf-8")
    tiny.close()
