"""The configurations in deploy/, on the real nginx and the real Caddy: what a reader's browser gets."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import brotli
import msgspec
import pytest

from pressroom.publishing import Redirect, precompress, put_live, redirect_maps
from pressroom.publishing.media import BRIEFLY, FOREVER, TYPES, media_type
from tests import outside
from tests.publishing.support import ROOT, free_port, running, wait_for

PAGE = b"<!doctype html><title>Page</title>" + "发布 ".encode() * 400
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")

STRICT = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
WITH_SEARCH = STRICT.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")

FILES = {
    "index.html": PAGE,
    "404.html": PAGE.replace(b"Page", b"Lost"),
    "zh/releases/index.html": PAGE,
    "zh/releases/2017/week/index.html": PAGE,
    "zh/releases/2017/week/release.txt": PAGE,
    "zh/search/index.html": PAGE,
    "static/site.0123456789abcdef.css": b"p{}" * 100,
    "pagefind/fragment/zh_a1b2c3d.pf_fragment": b"\x1f\x8bfragment",
    "pagefind/pagefind-entry.json": b"{}",
    "zh/feed.atom.xml": b"<feed/>" * 50,
    "zh/feed.json": b"{}",
    ".well-known/security.txt": b"Contact: mailto:press@newsroom.example\n",
    ".server/secret.txt": b"no",
    ".env": b"no",
    "zh/.hidden/index.html": b"no",
    **{f"files/sample{ending}": b"sample" for ending in TYPES},
}
REDIRECTS = [
    Redirect("/zh/releases/2016/old/", "/zh/releases/2016/older/"),
    Redirect("/zh/releases/2016/older/", "/zh/releases/2017/week/"),
    Redirect("/zh/releases/2016/old/release.txt", "/zh/releases/2017/week/release.txt"),
    Redirect("/zh/旧闻/", "/zh/releases/2017/week/"),
]
GONE = ["/zh/releases/2015/gone/kit.zip", "/zh/releases/2015/gone/"]


class Answer(msgspec.Struct):
    """What came back for one request; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Server(msgspec.Struct):
    """A server that runs on loopback."""

    name: str
    port: int

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(
                "GET",
                path,
                headers={key.replace("_", "-"): value for key, value in headers.items()},
            )
            answer = connection.getresponse()
            found = {key.lower(): value for key, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()


def nginx_conf(live: Path, port: int, top: Path, *, with_brotli: bool) -> Path:
    """deploy/nginx.conf inside the smallest main configuration, with this test's port and folder."""
    site = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    assert site.count("/srv/www/newsroom") >= 4
    site = site.replace("/srv/www/newsroom", str(live)).replace(
        "listen 80;", f"listen 127.0.0.1:{port};"
    )
    modules = ""
    if with_brotli:
        assert "# brotli_static on;" in site
        site = site.replace("# brotli_static on;", "brotli_static on;")
        modules = f"load_module {BROTLI};\n"
    (top / "site.conf").write_text(site, "utf-8")
    temporary = "".join(
        f"    {kind}_temp_path {top}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = top / "nginx.conf"
    main.write_text(
        f"{modules}{user}daemon off;\nworker_processes 2;\npid {top}/nginx.pid;\n"
        f"error_log {top}/error.log;\nevents {{ worker_connections 512; }}\n"
        f"http {{\n    access_log off;\n{temporary}    include {top}/site.conf;\n}}\n",
        "utf-8",
    )
    return main


@contextmanager
def nginx(live: Path, top: Path, *, with_brotli: bool = False) -> Iterator[Server]:
    """The real nginx, reading through the link `live`."""
    top.mkdir(exist_ok=True)
    port = free_port()
    main = nginx_conf(live, port, top, with_brotli=with_brotli)
    with running(
        outside.path("nginx"), "-c", str(main), "-p", str(top), port=port, log=top / "log"
    ):
        yield Server("nginx", port)


@contextmanager
def caddy(live: Path, top: Path) -> Iterator[Server]:
    """The real Caddy, reading through the link `live`."""
    top.mkdir(exist_ok=True)
    port = free_port()
    site = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    assert ":80 {" in site
    site = site.replace("/srv/www/newsroom", str(live))
    site = site.replace(":80 {", f"http://127.0.0.1:{port} {{")
    (top / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site, "utf-8")
    home = {"HOME": str(top), "XDG_DATA_HOME": str(top), "XDG_CONFIG_HOME": str(top)}
    command = (
        outside.path("caddy"),
        "run",
        "--config",
        str(top / "Caddyfile"),
        "--adapter",
        "caddyfile",
    )
    with running(*command, port=port, env=home, log=top / "log"):
        yield Server("caddy", port)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site, compressed and published to a folder."""
    top = tmp_path_factory.mktemp("servers")
    tree = top / "tree"
    for path, data in {**FILES, **redirect_maps(REDIRECTS, GONE)}.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    precompress(tree, top / "cache")
    put_live(tree, str(top / "live"), state=top / "state")
    return top / "live"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("nginx", marks=pytest.mark.needs("nginx")),
        pytest.param("caddy", marks=pytest.mark.needs("caddy")),
    ],
)
def server(
    request: pytest.FixtureRequest, live: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    start = {"nginx": nginx, "caddy": caddy}[request.param]
    with start(live, tmp_path_factory.mktemp(request.param)) as running_server:
        yield running_server


def test_pages_with_all_their_headers(server: Server) -> None:
    answer = server.get("/zh/releases/2017/week/")
    assert (answer.status, answer.body) == (200, PAGE)
    headers = answer.headers
    assert headers["content-type"].lower() == "text/html; charset=utf-8"
    assert headers["content-security-policy"] == STRICT
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["permissions-policy"].startswith("camera=(), geolocation=()")
    assert headers["cache-control"] == BRIEFLY
    assert headers["etag"]
    assert "strict-transport-security" not in headers, "HSTS is for who has a certificate"
    # Nothing tells which software answers, in which version.
    assert not any(sign.isdigit() for sign in headers.get("server", ""))


def test_an_unchanged_page_is_not_sent_again(server: Server) -> None:
    etag = server.get("/zh/releases/").headers["etag"]
    again = server.get("/zh/releases/", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == BRIEFLY


@pytest.mark.parametrize(
    "path", ["/static/site.0123456789abcdef.css", "/pagefind/fragment/zh_a1b2c3d.pf_fragment"]
)
def test_hashed_names_are_kept_for_ever(server: Server, path: str) -> None:
    assert server.get(path).headers["cache-control"] == FOREVER
    # A lost one is not: it may appear.
    lost = server.get(path.replace("a1b2", "ffff").replace("0123", "ffff"))
    assert (lost.status, lost.headers["cache-control"]) == (404, BRIEFLY)


def test_only_the_search_page_may_compile(server: Server) -> None:
    assert server.get("/zh/search/").headers["content-security-policy"] == WITH_SEARCH
    assert server.get("/zh/searching/").headers["content-security-policy"] == STRICT


@pytest.mark.parametrize(
    "path", sorted(path for path in FILES if path.startswith(("files/", "zh/feed", "pagefind")))
)
def test_types(server: Server, path: str) -> None:
    answer = server.get(f"/{path}")
    assert answer.status == 200
    assert answer.headers["content-type"].lower() == media_type(path)


def test_gzip(server: Server) -> None:
    answer = server.get("/zh/releases/", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert gzip.decompress(answer.body) == PAGE
    assert "content-encoding" not in server.get("/zh/releases/").headers


@pytest.mark.needs("caddy")
def test_brotli_on_caddy(live: Path, tmp_path: Path) -> None:
    with caddy(live, tmp_path / "caddy") as server:
        _brotli_arrives(server)


@pytest.mark.needs("nginx")
def test_brotli_on_nginx(live: Path, tmp_path: Path) -> None:
    if not BROTLI.exists():  # as in tests/outside.py, for what is a module and no program
        leave = pytest.fail if outside.in_ci() else pytest.skip
        leave("needs nginx's brotli: apt-get install libnginx-mod-http-brotli-static")
    with nginx(live, tmp_path / "nginx", with_brotli=True) as server:
        _brotli_arrives(server)


def _brotli_arrives(server: Server) -> None:
    answer = server.get("/zh/releases/", Accept_Encoding="gzip, br")
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert brotli.decompress(answer.body) == PAGE


def test_slashes(server: Server) -> None:
    for path in ("/zh/releases", "/zh/releases/2017/week"):
        answer = server.get(path)
        assert answer.status in (301, 308)
        assert answer.headers["location"] in (f"{path}/", f"http://127.0.0.1:{server.port}{path}/")
    index = server.get("/zh/releases/index.html")
    assert (index.status, index.headers["location"]) == (301, "/zh/releases/")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/zh/releases/2016/old/", "/zh/releases/2017/week/"),
        ("/zh/releases/2016/old", "/zh/releases/2017/week/"),
        ("/zh/releases/2016/older/", "/zh/releases/2017/week/"),
        ("/zh/releases/2016/old/release.txt", "/zh/releases/2017/week/release.txt"),
        ("/zh/%E6%97%A7%E9%97%BB/", "/zh/releases/2017/week/"),
    ],
)
def test_what_moved(server: Server, old: str, new: str) -> None:
    answer = server.get(old)
    assert (answer.status, answer.headers["location"]) == (301, new)
    assert answer.headers["cache-control"] == BRIEFLY


@pytest.mark.parametrize("path", [*GONE, "/zh/releases/2015/gone"])
def test_what_is_gone(server: Server, path: str) -> None:
    answer = server.get(path)
    assert (answer.status, answer.body) == (410, FILES["404.html"])
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == STRICT


@pytest.mark.parametrize(
    "path",
    [
        "/zh/releases/2018/never/",
        "/.env",
        "/.server/secret.txt",
        "/.server/gone.txt",
        "/zh/.hidden/",
        "/zh/.hidden/index.html",
        "/%2eenv",
        "/zh/..%2f.env",
        "/zh/releases/index.html.gz",
        "/zh/releases/index.html.br",
    ],
)
def test_what_nobody_gets(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status in ((404, 301) if path.endswith("/index.html") else (404, 400))
    assert answer.body != b"no"
    if answer.status == 404:
        assert answer.body == FILES["404.html"]
        assert answer.headers["content-security-policy"] == STRICT


def test_well_known(server: Server) -> None:
    answer = server.get("/.well-known/security.txt")
    assert (answer.status, answer.body) == (200, FILES[".well-known/security.txt"])


def test_language_is_the_readers_choice(server: Server) -> None:
    for language in ("zh-CN", "en"):
        answer = server.get("/", Accept_Language=language)
        assert (answer.status, answer.body) == (200, PAGE)
        assert "accept-language" not in answer.headers.get("vary", "").lower()


@pytest.mark.needs("nginx", "caddy")
def test_a_site_without_redirects_is_served_as_well(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "index.html").write_bytes(PAGE)
    put_live(tree, str(tmp_path / "live"), state=tmp_path / "state")
    for start in (nginx, caddy):
        with start(tmp_path / "live", tmp_path / start.__name__) as server:
            assert server.get("/").body == PAGE


@pytest.mark.needs("nginx")
def test_new_redirects_are_read_on_reload(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for path, data in FILES.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    put_live(tree, str(tmp_path / "live"), state=tmp_path / "state")
    with nginx(tmp_path / "live", tmp_path / "nginx") as server:
        assert server.get("/zh/releases/2016/old/").status == 404
        for path, data in redirect_maps(REDIRECTS, GONE).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(data)
        put_live(tree, str(tmp_path / "live"), state=tmp_path / "state")
        waiting = server.get("/zh/releases/2016/old/")
        assert waiting.status == 200
        assert b'href="/zh/releases/2017/week/"' in waiting.body
        main = tmp_path / "nginx" / "nginx.conf"
        subprocess.run(
            [outside.path("nginx"), "-c", main, "-p", tmp_path / "nginx", "-s", "reload"],
            check=True,
        )
        wait_for(lambda: server.get("/zh/releases/2016/old/").status == 301, "the new redirect")
        assert server.get("/zh/releases/2015/gone/kit.zip").status == 410
