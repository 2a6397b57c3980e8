"""A static web server on loopback that answers as deploy/nginx.conf would, in pure Python."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PROJECT: Final = Path(__file__).resolve().parent.parent


@cache
def _text() -> str:
    """deploy/nginx.conf without its comments."""
    conf = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    return re.sub(r"^\s*#.*$", "", conf, flags=re.MULTILINE)


@cache
def _configuration() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """From deploy/nginx.conf: the headers it adds, and its maps as (pattern, value) pairs."""
    conf = _text()
    added = re.findall(
        r'^\s*add_header\s+([A-Za-z-]+)\s+(?:"([^"]+)"|(\S+?))(?: always)?;', conf, re.MULTILINE
    )
    maps = {
        name: re.findall(r'^\s*"?(default|~[^"\s]+)"?\s+"([^"]*)";', body, re.MULTILINE)
        for name, body in re.findall(r"map \$uri \$(\w+) \{(.*?)\n\}", conf, re.DOTALL)
    }
    return {name: quoted or bare for name, quoted, bare in added}, maps


def headers(path: str) -> dict[str, str]:
    """The headers that deploy/nginx.conf adds to a path, the Content-Security-Policy above all."""
    added, maps = _configuration()

    def value(variable: re.Match[str]) -> str:
        pairs = maps[variable[1]]
        default = next(value for pattern, value in pairs if pattern == "default")
        named = (v for pattern, v in pairs if pattern[0] == "~" and re.search(pattern[1:], path))
        return next(named, default)

    return {name: re.sub(r"\$(\w+)", value, text) for name, text in added.items()}


@cache
def _types() -> tuple[dict[str, str], list[tuple[str, str]], set[str]]:
    """From deploy/nginx.conf: types by extension, by pattern, and those that say UTF-8."""
    conf = _text()
    block = re.search(r"^    types \{(.*?)\n    \}", conf, re.DOTALL | re.MULTILINE)
    assert block
    by_extension = {
        extension: line.split()[0]
        for line in block[1].replace("\n", " ").split(";")
        for extension in line.split()[1:]
    }
    by_pattern = re.findall(
        r"location ~ (\S+) \{\s*types \{ \}\s*default_type (\S+);", conf, re.MULTILINE
    )
    utf8 = re.search(r"charset_types (.*?);", conf, re.DOTALL)
    return by_extension, by_pattern, {"text/html", *(utf8[1].split() if utf8 else ())}


def media_type(path: str) -> str:
    """The Content-Type that deploy/nginx.conf gives a path."""
    by_extension, by_pattern, utf8 = _types()
    default = by_extension.get(path.rpartition(".")[2], "application/octet-stream")
    found = next((kind for pattern, kind in by_pattern if re.search(pattern, path)), default)
    return f"{found}; charset=utf-8" if found in utf8 else found


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; extensions and the page for the lost are those of the web server's file."""

    protocol_version = "HTTP/1.1"
    packed = False  # whether the answer is a compressed twin

    def guess_type(self, path: Any) -> str:
        return media_type(str(path).removesuffix(".gz") if self.packed else str(path))

    def send_head(self) -> Any:
        """Where a file has a compressed twin, it goes out to those who take it (gzip_static)."""
        asked = self.path
        twin = Path(f"{self.translate_path(asked)}.gz")
        self.packed = "gzip" in self.headers.get("Accept-Encoding", "") and twin.is_file()
        if self.packed:
            self.path = f"{urlsplit(asked).path}.gz"
        try:
            return super().send_head()
        finally:
            self.path = asked

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        body = page.read_bytes() if code == 404 and page.exists() else b""
        self.send_response(code)
        self.send_header("Content-Type", media_type("index.html"))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        path = urlsplit(getattr(self, "path", "/")).path
        if self.packed:
            path = path.removesuffix(".gz")
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers(path).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests' own output is what counts."""


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address of a server of `folder`, e.g. http://127.0.0.1:43210, while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
