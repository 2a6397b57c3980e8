"""`serve`: a real server on a free loopback port, asked by real requests while real files are saved."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pressroom import drafting
from pressroom.moments import read_instant
from pressroom.preview import Preview
from pressroom.preview.server import HEADERS, TYPES, policy, type_of
from pressroom.problems import Problem, UsageError
from tests import building
from tests.tiny import NOW, Tiny

# The bound, at 5,000 releases; a small site must keep it with a busy machine around it.
AT_MOST = 0.5


class Running:
    """A preview that runs in a thread of this process."""

    def __init__(self, site: Tiny, preview: Preview) -> None:
        self.site = site
        self.preview = preview
        self.port = preview.server.server_port
        self.said: list[str] = []
        self.told: list[list[Problem]] = []

    def get(
        self, path: str, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def text(self, path: str, status: int = 200) -> str:
        response, body = self.get(path)
        assert response.status == status, body
        return body.decode()

    @contextmanager
    def news(self, page: str = "/zh/") -> Iterator[Callable[[], dict[str, Any]]]:
        """A browser's ear: every call waits for the next message."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/.preview/events?page={page}")
        response = connection.getresponse()
        assert response.getheader("Content-Type") == "text/event-stream"

        def following() -> dict[str, Any]:
            end = time.monotonic() + 20
            while time.monotonic() < end:
                line = response.readline().decode()
                if line.startswith("data: "):
                    return dict(json.loads(line.removeprefix("data: ")))
            raise AssertionError("no news in 20 seconds")

        try:
            yield following
        finally:
            response.close()
            connection.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Tiny]:
    """A tiny project with a settings file of its own, one release in it."""
    tiny = Tiny(tmp_path)
    tiny.release("2024/open", zh={"title": "开放日"}, en={"title": "Open day"})
    (tmp_path / "siteconf.py").write_text(
        f"from pelicanconf import *\nPATH = 'content'\nTHEME = {str(building.PROJECT / 'theme')!r}\n"
        f"PRESSROOM_CACHE = {str(tmp_path / '.cache')!r}\n",
        "utf-8",
    )
    tiny.close()
    yield tiny
    tiny.close()


@contextmanager
def running(
    site: Tiny, clock: Callable[[], datetime] = lambda: read_instant(NOW)
) -> Iterator[Running]:
    shown = Running.__new__(Running)
    preview = Preview(
        site.folder / "siteconf.py",
        0,
        clock,
        lambda words: shown.said.append(words.en),
        lambda problems: shown.told.append(list(problems)),
    )
    shown.__init__(site, preview)  # type: ignore[misc]  # the preview's callbacks need it first
    ready = threading.Event()
    thread = threading.Thread(target=preview.run, args=(ready.set,))
    thread.start()
    try:
        assert ready.wait(60)
        yield shown
    finally:
        preview.end()
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def preview(site: Tiny) -> Iterator[Running]:
    with running(site) as shown:
        yield shown


def edit(site: Tiny, path: str, old: str, new: str) -> None:
    file = site.content / path
    text = file.read_text("utf-8")
    assert old in text
    save(file, text.replace(old, new))


def save(file: Path, text: str) -> None:
    """As editors save: a new file in the old one's place, so that nobody meets half of it."""
    fresh = file.with_name(f".#{file.name}")
    fresh.write_text(text, "utf-8")
    fresh.replace(file)


# --- answers -----------------------------------------------------------------------------------


def test_pages_and_files_with_their_types(preview: Running) -> None:
    for path, kind in {
        "/": "text/html; charset=utf-8",
        "/zh/": "text/html; charset=utf-8",
        "/en/releases/2024/open/": "text/html; charset=utf-8",
        "/en/releases/2024/open/release.txt": "text/plain; charset=utf-8",
        "/zh/feed.atom.xml": "application/atom+xml; charset=utf-8",
        "/zh/feed.json": "application/feed+json; charset=utf-8",
        "/contacts/desk.vcf": "text/vcard; charset=utf-8",
        "/zh/events/calendar.ics": "text/calendar; charset=utf-8",
        "/sitemap.xml": "application/xml; charset=utf-8",
        "/data/facts.csv": "text/csv; charset=utf-8",
        "/en/releases/2024/open/kit.zip": "application/zip",
    }.items():
        response, body = preview.get(path)
        assert (response.status, response.getheader("Content-Type")) == (200, kind), path
        assert body
        assert response.getheader("Cache-Control") == "no-store"
    page = preview.text("/zh/releases/2024/open/")
    assert "开放日" in page
    style = re.search(r'href="(/static/site\.[^"]+)"', page)
    assert style is not None
    assert preview.text(style[1])


def test_every_page_is_what_a_build_of_the_preview_writes(preview: Running, site: Tiny) -> None:
    site.settings["SITEURL"] = preview.preview.server.address
    tree = site.tree(preview=True)
    assert len(tree) > 50
    for path, data in tree.items():
        address = "/" + path.removesuffix("index.html")
        response, body = preview.get(address)
        # A server's own folder and the mark of a finished folder are not pages.
        if not path.startswith((".server/", "_redirects")):
            assert (response.status, body) == (200, data), path


def test_where_nothing_stands(preview: Running) -> None:
    page = preview.text("/zh/nothing/", 404)
    assert "<h1" in page
    assert "小站" in page
    response, _ = preview.get("/zh/releases/2024/open")
    assert (response.status, response.getheader("Location")) == (301, "/zh/releases/2024/open/")
    response, _ = preview.get("/zh/index.html")
    assert (response.status, response.getheader("Location")) == (301, "/zh/")
    for path in (
        "/../siteconf.py",
        "/%2e%2e/siteconf.py",
        "//etc/passwd",
        "/.git/config",
        "/content/data/names.yaml",
    ):
        response, body = preview.get(path)
        assert response.status == 404, path
        assert b"PRESSROOM_CACHE" not in body
    assert preview.get("/.preview/none")[0].status == 404


def test_head_has_the_headers_and_no_body(preview: Running) -> None:
    response, body = preview.get("/en/", "HEAD")
    assert response.status == 200
    assert int(response.getheader("Content-Length") or 0) > 1000
    assert body == b""


def test_another_site_cannot_read_it(preview: Running) -> None:
    """A name that someone else has pointed at 127.0.0.1 opens nothing (DNS rebinding)."""
    response, body = preview.get("/zh/", Host=f"elsewhere.example:{preview.port}")
    assert response.status == 421
    assert "小站" not in body.decode()
    response, _ = preview.get("/zh/", Host=f"localhost:{preview.port}")
    assert response.status == 200
    assert response.getheader("Cross-Origin-Resource-Policy") == "same-origin"


def test_loopback_only(preview: Running) -> None:
    assert preview.preview.server.server_address[0] == "127.0.0.1"
    with socket.socket() as probe:
        probe.connect(("127.0.0.1", preview.port))
        outside = probe.getsockname()[0]
    assert outside == "127.0.0.1"


def test_headers_and_types_are_the_public_servers() -> None:
    conf = (building.PROJECT / "deploy" / "nginx.conf").read_text("utf-8")
    for name, value in HEADERS.items():
        assert re.search(rf'add_header {name} "?{re.escape(value)}"? always;', conf), name
    public = re.search(r'Content-Security-Policy "([^"]+)"', conf)
    assert public is not None
    assert policy("/zh/") == public[1].replace("$newsroom_scripts", "'self'")
    assert policy("/en/search/") == public[1].replace(
        "$newsroom_scripts", "'self' 'wasm-unsafe-eval'"
    )
    types = re.search(r"types \{\n(.*?)\n    \}", conf, re.DOTALL)
    assert types is not None
    for line in types[1].splitlines():
        kind, *ends = line.strip().rstrip(";").split()
        for end in ends:
            if f".{end}" in TYPES:
                assert type_of(f"a.{end}").partition(";")[0] == kind


# --- what is not public yet --------------------------------------------------------------------


def test_drafts_and_held_items_are_shown_and_marked(site: Tiny) -> None:
    site.release(
        "2024/idea", {"status": "draft"}, zh={"title": "还在写"}, en={"title": "Being written"}
    )
    site.release("2024/soon", {"embargo": "2024-07-01T15:00:00+08:00"}, en={"title": "Held back"})
    drafting.write(
        drafting.draft("release", "bare", site.content, date(2024, 6, 1), "zh"), site.content
    )
    with running(site) as preview:
        listed = preview.text("/en/releases/")
        assert "Being written" in listed
        assert "Held back" in listed
        assert "(no headline yet) bare" in listed
        assert listed.count('class="mark"') == 3
        assert 'class="mark mark--banner"' in preview.text("/zh/releases/2024/idea/")
        assert "1 July 2024" in preview.text("/en/releases/2024/soon/")
        assert 'class="mark' not in preview.text("/en/releases/2024/open/")
        assert "还没有标题" in preview.text("/zh/releases/2024/bare/")


def test_an_hour_that_comes_changes_the_page_without_a_save(site: Tiny) -> None:
    site.release("2024/soon", {"embargo": "2024-07-01T15:00:00+08:00"}, en={"title": "Held back"})
    at = [read_instant("2024-07-01T14:59:59+08:00")]
    with running(site, lambda: at[0]) as preview, preview.news() as following:
        first = following()
        assert "mark--banner" in preview.text("/en/releases/2024/soon/")
        wait_for(lambda: preview.preview.next_change is not None)
        at[0] = read_instant("2024-07-01T15:00:00+08:00")
        assert following()["shown"] != first["shown"]
        # What is told first may be the proofreader's word on the start: the page follows at its own time.
        wait_for(lambda: "mark--banner" not in preview.text("/en/releases/2024/soon/"))


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


# --- saving ------------------------------------------------------------------------------------


def settle(preview: Running) -> None:
    """The preview watches from half a second after it answers."""
    wait_for(lambda: preview.preview.watching)


def test_a_saved_text_is_shown_at_once(preview: Running, site: Tiny) -> None:
    settle(preview)
    address = "/en/releases/2024/open/"
    response, _ = preview.get(address)
    with preview.news(address) as following:
        before = following()
        # What a script reads in the page it stands in.
        assert response.getheader("Server-Timing") == f'shown;desc="{before["shown"]}"'
        took = []
        for number in range(3):
            old = f"Open day{'.' * number}"
            start = time.perf_counter()
            edit(site, "releases/2024/open/en.md", old, f"{old}.")
            after = following()
            page = preview.text(address)
            took.append(time.perf_counter() - start)
            assert f"{old}." in page
            assert after["shown"] != before["shown"]
            before = after
        assert f"{old}." in preview.text("/en/")
    assert min(took) < AT_MOST, took
    assert any("content/releases/2024/open/en.md" in line for line in preview.said)


def test_new_and_deleted_folders_data_and_theme(preview: Running, site: Tiny) -> None:
    settle(preview)
    with preview.news() as following:
        following()
        site.release("2024/second", en={"title": "Second"})
        until(following, lambda: preview.get("/en/releases/2024/second/")[0].status == 200)
        for language in ("zh", "en"):
            (site.content / f"releases/2024/second/{language}.md").unlink()
        (site.content / "releases/2024/second").rmdir()
        until(following, lambda: preview.get("/en/releases/2024/second/")[0].status == 404)
        edit(site, "data/organisation.yaml", "Tiny site", "Tinier site")
        until(following, lambda: "Tinier site" in preview.text("/en/"))


def until(following: Callable[[], dict[str, Any]], true: Callable[[], bool]) -> None:
    """Several files are several saves: the news may come in parts."""
    for _ in range(10):
        if true():
            return
        following()
    raise AssertionError("ten pieces of news, and it is not so")


def test_settings_that_change_and_settings_that_fail(preview: Running, site: Tiny) -> None:
    settle(preview)
    conf = site.folder / "siteconf.py"
    good = conf.read_text("utf-8")
    with preview.news() as following:
        first = following()
        save(conf, f"{good}raise ValueError('not so')\n")
        broken = following()
        assert broken["errors"][0]["place"] == f"siteconf.py:{good.count(chr(10)) + 1}"
        assert "not so" in broken["errors"][0]["en"][0]
        assert broken["behind"]
        assert broken["shown"] == first["shown"]
        assert "开放日" in preview.text("/zh/releases/2024/open/")
        edit(site, "releases/2024/open/en.md", "Open day", "Still open")
        following()
        assert "Still open" in preview.text("/en/releases/2024/open/")
        save(conf, good)
        whole = following()
        while whole["errors"]:
            whole = following()
        assert not whole["behind"]


# --- broken content ----------------------------------------------------------------------------


def test_the_last_good_page_stays_beside_the_error(preview: Running, site: Tiny) -> None:
    settle(preview)
    address = "/zh/releases/2024/open/"
    with preview.news(address) as following:
        first = following()
        assert first["errors"] == []
        edit(site, "releases/2024/open/zh.md", "place: beijing", "place: beijing\nplce: shanghai")
        broken = following()
        assert broken["behind"]
        assert broken["count"] == 1
        (error,) = broken["errors"]
        assert error["place"].startswith("content/releases/2024/open/zh.md:")
        assert "plce" in error["zh"][0]
        assert "plce" in error["en"][0]
        assert "place" in error["zh"][1]
        assert "place" in error["en"][1]
        assert "开放日" in preview.text(address)
        # Other pages go on.
        site.release("2024/other", en={"title": "Another one"})
        until(following, lambda: preview.get("/en/releases/2024/other/")[0].status == 200)
        assert "开放日" in preview.text(address)
        edit(site, "releases/2024/open/zh.md", "\nplce: shanghai", "")
        mended = following()
        while mended["errors"]:
            mended = following()
        assert not mended["behind"]
        assert mended["shown"] != first["shown"]
    assert [each.rule for each in preview.told[0]] == ["unknown-key"]
    assert preview.told[-1] == []


def test_broken_data_keeps_the_whole_site(preview: Running, site: Tiny) -> None:
    settle(preview)
    with preview.news() as following:
        following()
        edit(site, "data/names.yaml", "beijing: {", "beijing: [{")
        broken = following()
        assert broken["behind"]
        assert broken["errors"][0]["place"].startswith("content/data/names.yaml:")
        assert "开放日" in preview.text("/zh/")
        edit(site, "data/names.yaml", "beijing: [{", "beijing: {")
        assert following()["errors"] == []


def test_content_broken_from_the_start(site: Tiny) -> None:
    edit(site, "data/names.yaml", "beijing: {", "beijing: [{")
    with running(site) as preview:
        settle(preview)
        page = preview.text("/zh/", 503)
        assert "content/data/names.yaml:" in page
        assert 'lang="en"' in page
        assert "Traceback" not in page
        with preview.news() as following:
            following()
            edit(site, "data/names.yaml", "beijing: [{", "beijing: {")
            following()
        assert "开放日" in preview.text("/zh/")


def test_one_item_broken_from_the_start_takes_no_other_down(site: Tiny) -> None:
    site.release("2024/bad", {"status": "pubic"})
    with running(site) as preview:
        assert "开放日" in preview.text("/zh/releases/2024/open/")
        assert preview.get("/zh/releases/2024/bad/")[0].status == 404
        with preview.news() as following:
            assert following()["errors"][0]["place"].startswith("content/releases/2024/bad/zh.md:")


def test_a_template_that_fails_is_named_with_its_line(site: Tiny) -> None:
    theme = site.folder / "theme"
    shutil.copytree(building.PROJECT / "theme", theme)
    conf = site.folder / "siteconf.py"
    conf.write_text(conf.read_text("utf-8") + f"THEME = {str(theme)!r}\n", "utf-8")
    with running(site) as preview:
        settle(preview)
        template = theme / "templates" / "facts.html"
        good = template.read_text("utf-8")
        with preview.news("/zh/facts/") as following:
            following()
            line = good[: good.index("{% block main %}")].count("\n") + 1
            for fault in ("{% if %}", "{{ nothing.at_all }}"):
                save(template, good.replace("{% block main %}", f"{{% block main %}}{fault}"))
                until(following, lambda: preview.get("/zh/facts/")[0].status == 500)
                assert f"theme/templates/facts.html:{line}" in preview.text("/zh/facts/", 500)
                assert "开放日" in preview.text("/zh/")
                save(
                    template,
                    good.replace(
                        "{% block main %}", f"{{% block main %}}<i data-after='{len(fault)}'></i>"
                    ),
                )
                until(following, lambda: "data-after" in preview.get("/zh/facts/")[1].decode())


# --- proofreading ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_proofreader_speaks_beside_the_page(preview: Running, site: Tiny) -> None:
    settle(preview)
    address = "/en/releases/2024/open/"
    with preview.news(address) as following:
        following()
        edit(site, "releases/2024/open/zh.md", "正文。", "走访了120个村。")
        edit(site, "releases/2024/open/en.md", "The body.", "They visited 130 villages.")
        found = following()
        while not found["errors"]:
            found = following()
        assert not found["behind"]
        assert any(
            "120" in json.dumps(each) and "130" in json.dumps(each) for each in found["errors"]
        )
        assert "130 villages" in preview.text(address)
        edit(site, "releases/2024/open/en.md", "130", "120")
        while found["errors"]:
            found = following()


def test_notes_stand_on_their_own_page_only(site: Tiny) -> None:
    site.release("2024/idea", {"status": "draft", "place": None})
    with running(site) as preview:
        with preview.news("/zh/releases/2024/idea/") as following:
            notes = following()["notes"]
            assert [each["place"].partition(":")[0] for each in notes] == [
                "content/releases/2024/idea/zh.md"
            ]
        with preview.news("/zh/releases/2024/open/") as following:
            assert following()["notes"] == []


# --- beginning and end -------------------------------------------------------------------------


def test_a_port_that_is_taken(preview: Running, site: Tiny) -> None:
    with pytest.raises(UsageError) as caught:
        Preview(site.folder / "siteconf.py", preview.port, lambda: datetime.now(UTC), print, print)
    assert str(preview.port) in caught.value.words.zh
    assert f"--port {preview.port + 1}" in caught.value.words.en
    assert caught.value.exit_code == 2
    with pytest.raises(UsageError, match="70000"):
        Preview(site.folder / "siteconf.py", 70000, lambda: datetime.now(UTC), print, print)


def test_settings_that_fail_at_the_start(site: Tiny) -> None:
    (site.folder / "siteconf.py").write_text("from pelicanconf import *\nPATH = 1 +\n", "utf-8")
    with pytest.raises(UsageError) as caught:
        Preview(site.folder / "siteconf.py", 0, lambda: datetime.now(UTC), print, print)
    assert "siteconf.py:2" in caught.value.words.en


def test_many_pages_wait_for_news_and_all_hear_of_the_end(site: Tiny) -> None:
    with running(site) as preview:
        connections = []
        for _ in range(8):
            connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=10)
            connection.request("GET", "/.preview/events?page=/zh/")
            response = connection.getresponse()
            assert response.readline().startswith(b"data: ")
            connections.append((connection, response))
    for connection, response in connections:
        assert response.read().strip() == b""
        response.close()
        connection.close()
