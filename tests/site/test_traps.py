"""What stock Pelican lets through and this site must not: every source file is published, held or refused by name.

A refusal stops the build before anything is written, names file and line, says what is wrong and
how to mend it in both languages, and suggests the nearest known word.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from pressroom.problems import Problem
from tests import outside
from tests.tiny import Tiny, jpeg

ZH = "content/releases/2024/good/zh.md"
EN = "content/releases/2024/good/en.md"
GOOD = {
    "date": "2024-01-02",
    "place": "beijing",
    "status": "public",
    "contacts": "[desk]",
    "topics": "[children]",
    "programmes": "[walk]",
    "event": "week/2024",
}


# Rules that texts made of attacks break; they are not what is tested here.
WAIVED = ("figures", "punctuation", "spacing", "left-over")


def furnish(tiny: Tiny) -> None:
    """A site with one item of every kind, all of it right."""
    tiny.item("events/week", {"kind": "series"})
    tiny.item("events/week/2024", {"edition": 2024, "starts": "2024-05-31", "place": "beijing"})
    tiny.item("programmes/walk", {"since": 2010, "facts": "[villages]"})
    tiny.item("pages/about")
    tiny.release("2024/good", GOOD)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tiny]:
    tiny = Tiny(tmp_path_factory.mktemp("traps"))
    furnish(tiny)
    tiny.build()
    shutil.copytree(tiny.content, tiny.folder / "kept")
    yield tiny
    tiny.close()


@pytest.fixture
def site(pristine: Tiny) -> Iterator[Tiny]:
    """The furnished site, built; what a test does to its content is undone."""
    yield pristine
    subprocess.run(["chmod", "-R", "u+rwX", str(pristine.content)], check=True)
    shutil.rmtree(pristine.content)
    shutil.copytree(pristine.folder / "kept", pristine.content)


def state(output: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        path.relative_to(output).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        )
        for path in output.rglob("*")
        if path.is_file()
    }


def refused(site: Tiny, rule: str, path: str, line: int | None = None, *said: str) -> Problem:
    """The build stops, for this reason, and the output is as it was; returns the problem."""
    before = state(site.output)
    found = site.problems()
    assert found, "the build went through"
    assert state(site.output) == before
    mine = [each for each in found if each.rule == rule and each.path == path]
    listed = "\n".join(f"{each.place} [{each.rule}] {each.what.en}" for each in found)
    assert mine, f"nothing said [{rule}] of {path}; but:\n{listed}"
    problem = (
        mine[0] if line is None else next((each for each in mine if each.line == line), mine[0])
    )
    if line is not None:
        assert problem.line == line, listed
    assert problem.what.en
    assert re.search("[\u4e00-\u9fff]", problem.what.zh)
    words = f"{problem.what.en} {problem.mend.en}"
    for each in said:
        assert each in words, f"{each!r} is not in {words!r}"
    return problem


def change(site: Tiny, path: str, old: str, new: str, count: int = 1) -> None:
    """Edit a file of the good site; what is replaced must be there."""
    file = site.folder / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), "utf-8")


def line(site: Tiny, path: str, text: str) -> int:
    """The line on which a text stands."""
    lines = (site.folder / path).read_text("utf-8").split("\n")
    return next(number for number, each in enumerate(lines, 1) if text in each)


def field(site: Tiny, text: str, path: str = ZH) -> int:
    """Add a line to a file's front matter; returns its number."""
    change(site, path, "\n---\n", f"\n{text}\n---\n")
    return line(site, path, text.split("\n")[0])


def body(site: Tiny, text: str, path: str = EN) -> int:
    """Give a file another body; returns the number of its first line."""
    file = site.folder / path
    head, _, _ = file.read_text("utf-8").rpartition("---\n")
    file.write_text(f"{head}---\n{text}", "utf-8")
    return head.count("\n") + 2


# --- front matter ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "rule", "said"),
    [
        ("status: public", "statu: draft", "unknown-key", ["statu", "did you mean 'status'"]),
        ("status: public", "Status: draft", "unknown-key", ["did you mean 'status'"]),
        ("status: public", "status: pubic", "unknown-value", ["pubic", "did you mean 'public'"]),
        ("status: public", "status: Draft", "unknown-value", ["did you mean 'draft'"]),
        ("status: public", "status: 发布", "unknown-value", ["draft, public, withdrawn"]),
        ("status: public", "status:", "empty", ["status"]),
        ("status: public", "status：draft", "yaml", ["full-width colon", "ASCII colon"]),
        ("status: public", "status: public\nis_valid: no", "unknown-key", ["is_valid"]),
        ("status: public", "status: public\nget_content: x", "unknown-key", ["get_content"]),
        ("status: public", "status: public\nslug: other", "unknown-key", ["slug"]),
        ("status: public", "status: public\nsave_as: ../output-evil/x", "unknown-key", ["save_as"]),
        (
            "status: public",
            "status: public\nstatus: draft",
            "duplicate-key",
            ["twice", "first on line"],
        ),
        ("status: public", "status: !x public", "tag", ["!x"]),
        ("status: public", "status: !!binary cHVibGlj", "tag", ["binary"]),
        ("status: public", "status: &s public", "alias", ["anchors"]),
        ("status: public", "status: *s", "alias", ["anchors"]),
        ("status: public", "status: [public", "yaml", ["bracket is never closed"]),
        ("status: public", "\tstatus: public", "yaml", ["a tab", "spaces"]),
        ("status: public", "status: @public", "yaml", ["a sign such as @"]),
        ("status: public", "status: public: now", "yaml", ["second colon", "double quotes"]),
        ("status: public", "  status: public", "yaml", ["indented too far"]),
        ("status: public", "status\nevent: x", "yaml", ["no colon after its key"]),
        ("status: public", 'status: "public', "yaml", ["never closed"]),
        ("status: public", 'status: "public" now', "yaml", ["follows the closing quotation"]),
        ("status: public", "status: {public: yes}", "type", ["text"]),
        ("status: public", 'status: "pub\\0lic"', "characters", ["U+0000"]),
        ("date: 2024-01-02", "date: 11/08/2024", "date", ["2024-08-11", "2024-11-08"]),
        ("date: 2024-01-02", "date: 03-04-2024", "date", ["2024-04-03", "2024-03-04"]),
        ("date: 2024-01-02", "date: March", "date", ["'March' is not a day"]),
        ("date: 2024-01-02", "date: 2024-02-30", "date", ["2024-02-30"]),
        ("date: 2024-01-02", "date: 2024-1-2", "date", ["2024-1-2"]),
        ("date: 2024-01-02", "date: 2024年1月2日", "date", ["2024年1月2日"]),
        ("date: 2024-01-02", "date: ２０２４-01-02", "date", ["not a day"]),
        ("date: 2024-01-02", "date: 0001-01-01", "date", ["0001-01-01"]),
        ("date: 2024-01-02", "date: 9999-12-31", "date", ["9999-12-31"]),
        ("date: 2024-01-02", "date: 2023-01-02", "folder", ["2023", "2024"]),
        (
            "date: 2024-01-02",
            "embargo: 2024-01-02T09:00 EDT\ndate: 2024-01-02",
            "date",
            ["never a name"],
        ),
        (
            "date: 2024-01-02",
            "embargo: 2024-01-02T09:00:00CST\ndate: 2024-01-02",
            "date",
            ["never a name"],
        ),
        (
            "date: 2024-01-02",
            "embargo: 2024-01-02T09:00[Asia/Shanghai]\ndate: 2024-01-02",
            "date",
            ["offset"],
        ),
        ("date: 2024-01-02", "embargo: 2024-01-02 9am\ndate: 2024-01-02", "date", ["not a time"]),
        ("date: 2024-01-02", "embargo: 2024-01-02T24:30\ndate: 2024-01-02", "date", ["not a time"]),
        ("date: 2024-01-02", "embargo: 900\ndate: 2024-01-02", "date", ["not a time"]),
        ("date: 2024-01-02", "embargo:\ndate: 2024-01-02", "empty", ["embargo"]),
        (
            "date: 2024-01-02",
            "translation: zh-onyl\ndate: 2024-01-02",
            "unknown-value",
            ["'zh-only'"],
        ),
        ("place: beijing", "place: beijng", "reference", ["beijng", "did you mean 'beijing'"]),
        ("contacts: [desk]", "contacts: [desk, disk]", "reference", ["did you mean 'desk'"]),
        ("contacts: [desk]", "contacts: desk", "type", ["a list such as [a, b]"]),
        ("contacts: [desk]", "contacts: [../../etc/passwd]", "key", ["a–z"]),
        ("topics: [children]", "topics: [childen]", "reference", ["did you mean 'children'"]),
        ("topics: [children]", "topics: [CHILDREN]", "key", ["a–z"]),
        ("programmes: [walk]", "programmes: [wolk]", "reference", ["did you mean 'walk'"]),
        ("event: week/2024", "event: week/2042", "reference", ["did you mean 'week/2024'"]),
        ("event: week/2024", "event: ../../data", "key", ["child-welfare-week"]),
        ("event: week/2024", "withdrawn: {at: 2024-03-01, zh: 原因}", "missing", ["'en'"]),
        ("event: week/2024", "corrections: [{zh: 更正, en: Corrected}]", "missing", ["'at'"]),
        (
            "event: week/2024",
            "sources: [{zh: 来源, url: 'javascript:alert(1)'}]",
            "address",
            ["https://"],
        ),
        ("event: week/2024", "photos:\n  ../secret.jpg: {credit: x}", "key", ["../secret.jpg"]),
        ("event: week/2024", "photos:\n  lead.jpg: {credit: x}", "photograph", ["photos/lead.jpg"]),
        (
            "event: week/2024",
            "photos:\n  lead.jpg: {credit: x}\n  lead.jpg: {credit: y}",
            "duplicate-key",
            ["lead.jpg"],
        ),
        ("event: week/2024", "photos:\n  lead.jpg: {on_request: true}", "missing", ["'credit'"]),
        (
            "event: week/2024",
            "photos:\n  lead.jpg: {credit: x, on_reqest: true}",
            "unknown-key",
            ["'on_request'"],
        ),
    ],
)
def test_front_matter_is_refused_with_its_line(
    site: Tiny, old: str, new: str, rule: str, said: list[str]
) -> None:
    change(site, ZH, old, new)
    first = next((each for each in new.split("\n") if each not in (old, "date: 2024-01-02")), new)
    at = (
        None
        if rule in ("alias", "missing", "yaml", "photograph", "key", "duplicate-key")
        or "\n  " in new
        else line(site, ZH, first)
    )
    refused(site, rule, ZH, at, *said)


@pytest.mark.parametrize("name", ["title", "summary"])
def test_words_are_required_in_each_language(site: Tiny, name: str) -> None:
    for path in (ZH, EN):
        text = (site.folder / path).read_text("utf-8")
        (site.folder / path).write_text(re.sub(rf"{name}: .*\n", "", text), "utf-8")
        refused(site, "missing", path, None, f"{name!r}", f"{name}: …")
        (site.folder / path).write_text(text, "utf-8")


@pytest.mark.parametrize("name", ["date", "place", "status", "contacts"])
def test_common_fields_are_required(site: Tiny, name: str) -> None:
    text = (site.folder / ZH).read_text("utf-8")
    (site.folder / ZH).write_text(re.sub(rf"^{name}: .*\n", "", text, flags=re.MULTILINE), "utf-8")
    refused(site, "missing", ZH, None, f"{name!r}")


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("date: 2024-01-02", "date: 2024-01-03"),
        ("place: beijing", "place: agency"),
        ("status: public", "status: draft"),
        ("contacts: [desk]", "contacts: []"),
        ("topics: [children]", "topics: [children, schools]"),
    ],
)
def test_shared_fields_that_disagree_name_both_lines(site: Tiny, there: str, here: str) -> None:
    at = field(site, here, EN)
    problem = refused(site, "agreement", EN, at, f"{ZH}:{line(site, ZH, there)}")
    assert f"{ZH}第{line(site, ZH, there)}行" in problem.what.zh


def test_the_same_shared_field_in_both_files_agrees(site: Tiny) -> None:
    field(site, "date: 2024-01-02", EN)
    field(site, "embargo: 2024-01-05T09:00:00+08:00", EN)
    field(site, "embargo: 2024-01-05T01:00:00Z", ZH)
    assert site.problems() == []


def test_every_problem_is_listed_in_one_run(site: Tiny) -> None:
    change(site, ZH, "status: public", "statu: draft")
    change(site, ZH, "place: beijing", "place: nowhere")
    body(site, "See [this]({release}2020/none).\n")
    site.write("pages/about/en.md", "no front matter")
    found = {(each.path, each.rule) for each in site.problems()}
    assert {
        (ZH, "unknown-key"),
        (ZH, "missing"),
        ("content/pages/about/en.md", "front-matter"),
    } <= found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "---\n",
        "---\n---\n",
        "title: x\n",
        "---\ntitle: x\n",
        "\n---\ntitle: x\n---\n",
        "---\n- a\n- b\n---\n",
        "---\ntitle\n---\n",
    ],
)
def test_what_is_no_front_matter_is_refused(site: Tiny, text: str) -> None:
    site.write("releases/2024/good/zh.md", text)
    found = [each for each in site.problems() if each.path == ZH]
    assert found
    assert found[0].rule in ("front-matter", "type", "yaml")


def test_full_width_colons_throughout_are_named(site: Tiny) -> None:
    site.write("releases/2024/good/zh.md", "---\ntitle：标题\nstatus：draft\n---\n正文。\n")
    problem = refused(site, "yaml", ZH, 2)
    assert "全角冒号" in problem.what.zh


# --- files -------------------------------------------------------------------------------------

TEXT = "---\ntitle: 标题\nsummary: 摘要\ndate: 2024-01-02\nplace: beijing\nstatus: public\ncontacts: [desk]\n---\n正文。\n"


@pytest.mark.parametrize(
    ("raw", "rule", "said"),
    [
        (TEXT.encode("gb18030"), "encoding", "GB18030"),
        (TEXT.encode("utf-16"), "encoding", "UTF-16"),
        (TEXT.encode("utf-16-be"), "encoding", ""),
        (TEXT.encode() + b"\xff\xfe", "encoding", "UTF-8"),
        (TEXT.encode() + b"\0", "characters", "U+0000"),
        (TEXT.encode() + b"\x07", "characters", "U+0007"),
        (TEXT.encode() + b"\x1b[31m", "characters", "U+001B"),
        (TEXT.encode() + "\ue000l0\ue001".encode(), "characters", "U+E000"),
        (TEXT.encode() + "\ufffe".encode(), "characters", "U+FFFE"),
        (TEXT.encode() + b"x" * 400_000, "size", "256 KB"),
        (b"\0" * 60_000_000, "size", "256 KB"),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_bytes_that_are_no_text_are_refused(site: Tiny, raw: bytes, rule: str, said: str) -> None:
    site.write("releases/2024/good/zh.md", raw)
    problem = refused(site, rule, ZH, None, said)
    if rule == "characters":
        assert problem.line == TEXT.count("\n") + 1


def test_a_file_that_is_no_text_is_the_only_problem_of_its_folder(site: Tiny) -> None:
    """What the two languages share may stand in it, so nothing is said to be missing."""
    site.write("releases/2024/good/zh.md", TEXT.encode("gb18030"))
    assert [(each.path, each.rule) for each in site.problems()] == [(ZH, "encoding")]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_a_byte_order_mark_and_any_line_ends_are_read(site: Tiny, mark: bytes, end: str) -> None:
    before = site.tree()
    path = site.content / "releases/2024/good/zh.md"
    path.write_bytes(mark + path.read_text("utf-8").replace("\n", end).encode())
    assert site.tree() == before


STRAYS = [
    "releases/2024/good/zh.MD",
    "releases/2024/good/ZH.md",
    "releases/2024/good/fr.md",
    "releases/2024/good/notes.txt",
    "releases/2024/good/Zh.md.bak",
    "releases/2024/good/picture.jpg",
    "releases/2024/good/photos/stray.jpg",
    "releases/2024/good/photos/STRAY.JPG",
    "releases/2024/good/draft.docx",
    "releases/2024/good/.env",
    "releases/2024/loose.md",
    "releases/loose.md",
    "loose.md",
    "index.html",
    ".env",
    "data/contact.yaml",
    "data/contacts.yml",
    "data/secret.json",
    "events/week/2024/programme.rst",
    "pages/about/about.html",
]


@pytest.mark.parametrize("path", STRAYS)
def test_a_file_that_nothing_reads_is_refused_by_name(site: Tiny, path: str) -> None:
    site.write(path, b"words")
    refused(site, "stray-file", f"content/{path}")


@pytest.mark.parametrize("wrong", ["zh-CN.md", "zh_Hans.md", "ZH.md"])
def test_a_misnamed_language_file_is_the_only_thing_said(site: Tiny, wrong: str) -> None:
    folder = site.content / "releases/2024/good"
    (folder / "zh.md").rename(folder / wrong)
    found = [(each.rule, each.path) for each in site.problems()]
    assert found == [("stray-file", f"content/releases/2024/good/{wrong}")]
    assert "zh.md" in site.problems()[0].mend.en


@pytest.mark.parametrize(
    ("path", "rule", "said"),
    [
        ("release/2024/x/zh.md", "stray-file", "did you mean 'releases'"),
        ("releases/24/x/zh.md", "folder", "folder of their year"),
        ("releases/2024/重庆/zh.md", "folder", "a–z"),
        ("releases/2024/Big_News/zh.md", "folder", "a–z"),
        ("releases/2024/a--b/zh.md", "folder", "a–z"),
        ("releases/2024/..hidden/zh.md", "folder", "a–z"),
        ("releases/2024/x/deeper/zh.md", "stray-file", ""),
        ("pages/releases/zh.md", "folder", "address of the site itself"),
        ("pages/feed/deeper/zh.md", "stray-file", ""),
        ("events/week/2024/photo/a.jpg", "stray-file", "did you mean 'photos'"),
    ],
)
def test_a_folder_in_the_wrong_place_is_refused(
    site: Tiny, path: str, rule: str, said: str
) -> None:
    site.write(path, TEXT)
    folder = path.rpartition("/")[0]
    found = site.problems()
    assert any(
        each.rule == rule
        and (f"content/{folder}".startswith(each.path) or each.path.startswith("content/" + folder))
        and said in f"{each.what.en} {each.mend.en}"
        for each in found
    ), found


def test_an_empty_folder_of_an_item_is_refused(site: Tiny) -> None:
    (site.content / "releases/2024/nothing").mkdir()
    refused(site, "empty", "content/releases/2024/nothing")


def test_symbolic_links_are_refused_and_never_followed(site: Tiny) -> None:
    (site.folder / "secret.txt").write_text("the secret")
    release = site.content / "releases/2024/good"
    (release / "photos").mkdir()
    (release / "photos/link.jpg").symlink_to(site.folder / "secret.txt")
    (release / "loop").symlink_to(release)
    (site.content / "extra").mkdir()
    (site.content / "extra/link.txt").symlink_to(site.folder / "secret.txt")
    (site.content / "extra/etc").symlink_to("/etc")
    (site.content / "pages/dangling").symlink_to("/nowhere")
    os.rename(release / "en.md", site.folder / "en.md")
    (release / "en.md").symlink_to(site.folder / "en.md")
    for path in (
        "releases/2024/good/photos/link.jpg",
        "releases/2024/good/loop",
        "releases/2024/good/en.md",
        "extra/link.txt",
        "extra/etc",
        "pages/dangling",
    ):
        refused(site, "file", f"content/{path}", None, "symbolic link")
    (site.folder / "secret.txt").unlink()
    (site.folder / "en.md").unlink()


@pytest.mark.parametrize(
    "path",
    [
        "releases/2024/good/en.md",
        "releases/2024/good/x.md",
        "extra/x.txt",
        "data/topics.yaml",
        "releases/2024/good/photos/a.jpg",
    ],
)
def test_a_pipe_is_refused_and_not_waited_for(site: Tiny, path: str) -> None:
    target = site.content / path
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    os.mkfifo(target)
    refused(site, "file", f"content/{path}", None, "not a regular file")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can test what others may not read")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    """Root reads everything: a process without its rights builds here."""
    tiny = Tiny(tmp_path / "site")
    tiny.release("2024/good")
    (tiny.content / "releases/2024/good/en.md").chmod(0)
    (tiny.content / "releases/2024/shut").mkdir(mode=0o000)
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o005 != 0o005 and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o005)
    told: list[tuple[str, str]] = []
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        from pressroom.library import FolderReader, _Scan

        scan = _Scan(tiny.content, "content")
        scan.walk()
        reader = FolderReader(tiny.content, "content", tiny.settings["MARKDOWN"])
        found = [*scan.problems]
        for folder in scan.folders.values():
            found += reader.read(folder)[0].problems
        os.write(there, "\n".join(f"{each.path} {each.rule}" for each in found).encode())
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as answer:
        told = [tuple(each.split(" ")) for each in answer.read().decode().split("\n")]  # type: ignore[misc]  # two words a line
    os.waitpid(child, 0)
    tiny.close()
    assert ("content/releases/2024/good/en.md", "unreadable") in told
    assert ("content/releases/2024/shut", "unreadable") in told


def test_a_file_name_that_is_no_text_is_refused(site: Tiny) -> None:
    folder = os.fsencode(site.content / "releases/2024/good")
    with open(folder + b"/\xff\xfe.md", "wb") as file:
        file.write(b"x")
    found = site.problems()
    assert any(
        each.rule == "stray-file" and each.path.startswith("content/releases/2024/good/")
        for each in found
    )
    for each in found:  # whoever prints it must be able to
        each.path.encode()


def test_a_title_of_hundreds_of_characters_is_no_trouble(site: Tiny) -> None:
    """Addresses come from folders, never from titles."""
    change(site, ZH, "title: 标题", "title: " + "长" * 500)
    assert site.problems() == []


def test_what_editors_leave_behind_is_ignored_by_rule(site: Tiny) -> None:
    before = site.tree()
    for path in (
        "extra/.git/config",
        "releases/.DS_Store",
        "releases/2024/good/zh.md~",
        "releases/2024/good/.zh.md.swp",
        "data/.#names.yaml",
        "Thumbs.db",
    ):
        site.write(path, b"x")
    assert site.tree() == before


@pytest.mark.parametrize(
    "path",
    [
        "extra/x.php",
        "extra/.env",
        "extra/x.html",
        "extra/x.svg",
        "extra/x.js",
        "extra/.htaccess",
        "extra/X.PHP",
        "extra/readme",
        "extra/.hidden.txt",
        "extra/a.css",
    ],
)
def test_what_a_server_or_browser_would_run_does_not_go_out(site: Tiny, path: str) -> None:
    site.write(path, b"<?php echo 1;")
    found = site.problems()
    assert [each for each in found if each.path.startswith(f"content/{path}")], found


@pytest.mark.parametrize(
    "path",
    ["robots.txt", "sitemap.xml", "zh/feed.json", ".well-known/security.txt", "data/facts.csv"],
)
def test_an_extra_file_may_not_take_an_address_of_the_site(site: Tiny, path: str) -> None:
    site.write(f"extra/{path}", b"mine")
    refused(site, "extra", f"content/extra/{path}", None, "address")


def test_extra_files_go_out_as_they_are(site: Tiny) -> None:
    site.write("extra/papers/report.pdf", b"%PDF-1.7 bytes")
    site.write("extra/.well-known/dnt-policy.txt", b"words")
    tree = site.tree()
    assert tree["papers/report.pdf"] == b"%PDF-1.7 bytes"
    assert tree[".well-known/dnt-policy.txt"] == b"words"


# --- bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("[x]({release}2024/god)", "reference", "did you mean '2024/good'"),
        ("[x]({release}2024/good/)", "reference", ""),
        ("[x]({release}../../etc/passwd)", "address", "leads nowhere"),
        ("[x]({event}week/2042)", "reference", "did you mean 'week/2024'"),
        ("[x]({programme}wak)", "reference", "did you mean 'walk'"),
        ("[x]({page}abot)", "reference", "did you mean 'about'"),
        ("[x]({contact}dsk)", "reference", "did you mean 'desk'"),
        ("[x]({name}bejing)", "reference", "did you mean 'beijing'"),
        ("There are {fact}vilages.", "reference", "did you mean 'villages'"),
        ("There are {fact}villages@2011.", "reference", "did you mean 'villages@2010'"),
        ("There are {fct}villages.", "reference", "{fact}"),
        ("[x]({filename}missing.md)", "address", "https://"),
        ("[x]({static}/../secret.txt)", "address", "https://"),
        ("[x]({attach}../../../etc/passwd)", "address", "https://"),
        ("[x](../../secret.txt)", "address", "https://"),
        ("[x](/en/releases/2030/held/)", "address", "https://"),
        ("[x](file:///C:/Users/me/x.docx)", "address", "https://"),
        ("[x](javascript:alert(1))", "address", "https://"),
        ("[x](data:text/html,x)", "address", "https://"),
        ("[x]()", "address", "https://"),
        ("![x](photos/missing.jpg)", "reference", "photos"),
        ("![x](../other/photos/a.jpg)", "photograph", "photos/"),
        ("![x](/etc/passwd)", "photograph", "photos/"),
        ("![x](https://other.example/a.jpg)", "photograph", "photos/"),
        ("![x](photos/../../../secret.jpg)", "photograph", "photos/"),
        ("![](photos/missing.jpg)", "missing", "alt"),
        ("Words ![x](photos/missing.jpg) words", "photograph", "paragraph of its own"),
        ("- ![x](photos/missing.jpg)", "photograph", "paragraph of its own"),
        ("# Heading", "heading", "##"),
        ("Heading\n=======", "heading", "##"),
        ("##### Heading", "html", "##"),
        ("<div>x</div>", "html", "Markdown"),
        ('<img src="photos/a.jpg">', "html", "![alt]"),
        ("<?php echo 1 ?>", "html", "Markdown"),
        ("&#7;", "characters", "not allowed"),
        ("&#xE000;l0&#xE001;", "characters", "not allowed"),
        ("> " * 40 + "x", "nesting", "flatter"),
        ("[" * 300, "nesting", "flatter"),
        ("\n".join(f"{'    ' * depth}- x" for depth in range(60)), "nesting", "flatter"),
    ],
)
def test_a_body_is_refused_with_its_line(site: Tiny, text: str, rule: str, said: str) -> None:
    first = body(site, f"Words.\n\n{text}\n")
    problem = refused(site, rule, EN, None, said)
    assert problem.line >= first + 2, problem


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (ZH, "北京，1月2日电 正文。"),
        (ZH, "北京1月2日讯 正文。"),
        (EN, "Beijing, 2 January 2024 – Words."),
        (EN, "BEIJING, January 2 — Words."),
        (EN, "**Beijing, 2 January 2024** – Words."),
    ],
)
def test_a_dateline_in_a_body_is_refused(site: Tiny, path: str, text: str) -> None:
    first = body(site, f"\n{text}\n", path)
    refused(site, "dateline", path, first + 1, "generated")


# --- photographs -------------------------------------------------------------------------------


def picture(kind: str, size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (9, 99, 199)).save(buffer, kind, **more)
    return buffer.getvalue()


def with_photo(
    site: Tiny, data: bytes, name: str = "a.jpg", rights: str = "credit: Someone"
) -> None:
    field(site, f"photos:\n  {name}: {{{rights}}}")
    site.write(f"releases/2024/good/photos/{name}", data)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jpg", b"", "cannot be read"),
        ("a.jpg", b"<script>alert(1)</script>", "cannot be read"),
        ("a.jpg", jpeg(size=400)[:-600], "cannot be read"),
        ("a.jpg", jpeg()[:40], "cannot be read"),
        ("a.jpg", picture("PNG"), "PNG"),
        ("a.png", jpeg(), "JPEG"),
        ("a.png", picture("PNG")[:-30], "cannot be read"),
        ("a.jpg", picture("GIF"), "GIF"),
        ("a.jpg", picture("WEBP"), "WEBP"),
        ("a.png", picture("PNG", (20_000, 9_000)), "megapixels"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * (65 * 1024 * 1024), "64 MB"),
    ],
    ids=["empty", "script", "cut", "head", "png", "jpeg", "cut-png", "gif", "webp", "bomb", "huge"],
)
def test_a_file_that_is_no_whole_photograph_is_refused(
    site: Tiny, name: str, data: bytes, said: str
) -> None:
    with_photo(site, data, name)
    refused(site, "picture", f"content/releases/2024/good/photos/{name}", None, said)


@pytest.mark.parametrize(
    "name", ["a.svg", "a.webp", "a.gif", "A.JPG", "照片.jpg", "a b.jpg", "a.jpg.php"]
)
def test_a_photograph_with_another_name_is_refused(site: Tiny, name: str) -> None:
    with_photo(site, jpeg(), name)
    refused(site, "key", ZH, None, "ceremony.jpg")


def test_children_on_a_photograph_that_goes_out_need_consent(site: Tiny) -> None:
    with_photo(site, jpeg(), rights="credit: Someone, children: true")
    refused(site, "consent", ZH, None, "consent")


def test_consent_is_not_asked_of_what_does_not_go_out(site: Tiny) -> None:
    field(site, "photos:\n  a.jpg: {credit: Someone, children: true, on_request: true}")
    assert site.problems() == []


@pytest.mark.needs("exiftool")
def test_photographs_go_out_with_credit_and_caption_and_no_place_or_serial_number(
    tmp_path: Path,
) -> None:
    tiny = Tiny(tmp_path / "site")
    tiny.release(
        "2024/x",
        {"photos": "\n  a.jpg: {credit: A Photographer}\n  b.png: {credit: B Photographer}"},
        zh_body='正文。\n\n![一](photos/a.jpg "甲的图注")\n\n![二](photos/b.png "乙的图注")\n',
        en_body='The body.\n\n![One](photos/a.jpg "Caption of A")\n\n![Two](photos/b.png "Caption of B")\n',
    )
    folder = tiny.content / "releases/2024/x/photos"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(
        picture("JPEG", (1200, 800), comment=b"taken at the secret house")
    )
    (folder / "b.png").write_bytes(picture("PNG", (700, 500)))
    exiftool = outside.path("exiftool")
    secrets = [
        "-GPSLatitude=39.9",
        "-GPSLatitudeRef=N",
        "-GPSLongitude=116.4",
        "-GPSLongitudeRef=E",
        "-SerialNumber=SN12345",
        "-XMP:CreatorTool=EditorName",
        "-XMP-exif:GPSLatitude=39.9",
        "-OwnerName=The Owner",
    ]
    subprocess.run(
        [exiftool, "-q", "-overwrite_original", *secrets, "-MakerNotes=x", str(folder / "a.jpg")],
        check=False,
        capture_output=True,
    )
    subprocess.run(
        [exiftool, "-q", "-overwrite_original", *secrets, str(folder / "b.png")], check=True
    )
    assert b"SN12345" in (folder / "a.jpg").read_bytes()
    tree = tiny.tree()
    tiny.close()
    files = {path: data for path, data in tree.items() if path.startswith("media/")}
    for path, data in tree.items():
        if path.endswith("kit.zip"):
            with zipfile.ZipFile(io.BytesIO(data)) as kit:
                files |= {
                    f"{path}!{name}": kit.read(name)
                    for name in kit.namelist()
                    if name.endswith((".jpg", ".png"))
                }
    assert len(files) >= 10
    assert {path.rpartition(".")[2] for path in files} == {"jpg", "png", "avif", "webp"}
    listed = []
    for number, (path, data) in enumerate(sorted(files.items())):
        listed.append(tmp_path / f"{number}.{path.rpartition('.')[2]}")
        listed[-1].write_bytes(data)
    answer = subprocess.run(
        [exiftool, "-j", "-a", "-G1", *map(str, listed)], check=True, capture_output=True
    )
    for path, told in zip(sorted(files), json.loads(answer.stdout), strict=True):
        text = json.dumps(told, ensure_ascii=False)
        for secret in ("GPS", "SN12345", "EditorName", "The Owner", "secret house", "Serial"):
            assert secret not in text, (path, told)
        if not path.endswith((".avif", ".webp")):
            letter = "A" if "/a-" in path or path.endswith("a.jpg") else "B"
            assert f"{letter} Photographer" in text, (path, told)
            assert f"Caption of {letter}" in text, (path, told)


# --- what is written in fields is shown as text ------------------------------------------------
