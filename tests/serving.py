"""A static web server on loopback that answers as deploy/nginx.conf would, in pure Python."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

PROJECT: Final = Path(__file__).resolve().parent.parent


@cache
def _configuration() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """From deploy/nginx.conf: the headers it adds, and its maps as (pattern, value) pairs."""
    conf = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    conf = re.sub(r"^\s*#.*$", "", conf, flags=re.MULTILINE)
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


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder; extensions and the page for the lost are those of the web server's file."""

    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar[dict[str, str]] = {
        ".avif": "image/avif",
        ".atom.xml": "application/atom+xml; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        "feed.json": "application/feed+json; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ics": "text/calendar; charset=utf-8",
        ".jpg": "image/jpeg",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".vcf": "text/vcard; charset=utf-8",
        ".wasm": "application/wasm",
        ".webp": "image/webp",
        ".xml": "application/xml; charset=utf-8",
        ".xsl": "text/xsl; charset=utf-8",
        ".zip": "application/zip",
        "": "application/octet-stream",
    }

    def guess_type(self, path: Any) -> str:
        for ending in (".atom.xml", "feed.json", Path(str(path)).suffix):
            if str(path).endswith(ending) and ending in self.extensions_map:
                return self.extensions_map[ending]
        return self.extensions_map[""]

    def list_directory(self, path: Any) -> None:
        self.send_error(404)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory) / "404.html"
        body = page.read_bytes() if code == 404 and page.exists() else b""
        self.send_response(code)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        for name, value in headers(urlsplit(getattr(self, "path", "/")).path).items():
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
