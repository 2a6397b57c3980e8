"""The preview's web server, on loopback only: pages from the stage, news of it as server-sent events.

Its threads make no page: they ask the main thread, which alone holds the newsroom.
"""

from __future__ import annotations

import posixpath
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

import msgspec

from pressroom.problems import Problem, Severity, UsageError
from pressroom.words import LANGUAGES, TAGS, Words

HOST: Final = "127.0.0.1"
OWN: Final = "/.preview/"
_HERE: Final = Path(__file__).parent
_PATIENCE: Final = (
    120.0  # seconds that a page may take: photographs are worked out when they are asked for
)
_HEARTBEAT: Final = 15.0  # seconds between signs of life: a browser that left is noticed then
_LISTED: Final = 50  # problems that a page lists

# As deploy/nginx.conf has them: what works here works there.
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}
_POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src {}; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

TYPES: Final = {
    ".atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vcf": "text/vcard; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}


def type_of(path: str) -> str:
    """The content type of a file by the end of its name."""
    return next(
        (kind for end, kind in TYPES.items() if path.endswith(end)), "application/octet-stream"
    )


def policy(address: str) -> str:
    """The Content-Security-Policy of an address; the search page alone may compile WebAssembly."""
    parts = address.split("/")
    searches = len(parts) > 2 and parts[1] in LANGUAGES and parts[2] == "search"
    return _POLICY.format("'self' 'wasm-unsafe-eval'" if searches else "'self'")


class Answer(msgspec.Struct):
    """What a request gets."""

    status: int
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    location: str = ""
    shown: str = ""  # which site the page was made from


class Asked(msgspec.Struct):
    """A request on its way to the main thread."""

    address: str
    future: Future[Answer]


class News(msgspec.Struct):
    """What browsers are told: which site is shown, and what is wrong with the files."""

    shown: str = ""
    content: str = "content"  # the name of the content folder
    behind: bool = False
    problems: tuple[Problem, ...] = ()

    def about(self, address: str) -> bytes:
        """For the page at an address: every error, and what else there is to say of its item."""
        parts = [part for part in address.split("/") if part]
        tail = "/".join(parts[1:]) if parts[:1] in (["zh"], ["en"]) else ""
        mine = {f"{self.content}/{tail}", f"{self.content}/pages/{tail}"} if tail else set()
        errors = [each for each in self.problems if each.severity is Severity.ERROR]
        notes = [
            each
            for each in self.problems
            if each.severity is not Severity.ERROR
            and posixpath.dirname(each.path).removesuffix("/photos") in mine
        ]
        return msgspec.json.encode(
            {
                "shown": self.shown,
                "behind": self.behind,
                "count": len(errors),
                "errors": [_entry(each) for each in errors[:_LISTED]],
                "notes": [_entry(each) for each in notes[:_LISTED]],
            }
        )


def _entry(problem: Problem) -> dict[str, Any]:
    return {
        "place": problem.place,
        "severity": problem.severity.value,
        "value": problem.value,
        **{language: [problem.what[language], problem.mend[language]] for language in LANGUAGES},
    }


class Board:
    """Where the main thread posts news and every open page reads it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._number = 0
        self._news = News()
        self._closed = False

    @property
    def news(self) -> News:
        with self._changed:
            return self._news

    def post(self, news: News) -> None:
        with self._changed:
            if news != self._news:
                self._news = news
                self._number += 1
                self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seen: int, patience: float) -> tuple[int, News] | None:
        """News later than `seen`, or the same again when patience ran out; None when all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number != seen, patience)
            return None if self._closed else (self._number, self._news)


# --- the page that stands where no page can be made ---------------------------------------------


def broken_page(problems: tuple[Problem, ...]) -> bytes:
    """A page that lists what is wrong; it needs neither theme nor data, and goes when all is well again."""
    title = Words("这一页现在显示不了", "This page cannot be shown now")
    items = "".join(
        f"<li><code>{escape(each.place)}</code>"
        + "".join(
            f'<p lang="{TAGS[language]}">{escape(each.what[language])}'
            + (f" → {escape(each.mend[language])}" if each.mend[language] else "")
            + "</p>"
            for language in LANGUAGES
        )
        + "</li>"
        for each in problems[:_LISTED]
    )
    return (
        '<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title.zh} · {title.en}</title>\n"
        f'<link rel="stylesheet" href="{OWN}panel.css">\n<script src="{OWN}panel.js" type="module"></script>\n'
        '</head>\n<body>\n<main class="preview-panel preview-panel--page">\n'
        f'<h1>{title.zh}<br><span lang="en">{title.en}</span></h1>\n<ol>{items}</ol>\n</main>\n</body>\n</html>\n'
    ).encode()


# --- the server ---------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1 and nowhere else."""

    daemon_threads = True

    def __init__(self, port: int, ask: Callable[[Asked], None], board: Board) -> None:
        if not 0 <= port <= 65535:
            raise UsageError(
                f"端口是1到65535之间的数，不是{port}。",
                f"a port is a number from 1 to 65535, not {port}",
            )
        self.ask = ask
        self.board = board
        try:
            super().__init__((HOST, port), Handler)
        except OSError as error:
            free = port + 1 if port < 65535 else 8000
            raise UsageError(
                f"端口{port}用不了（{error.strerror}）；也许另一个serve还在运行。可换一个：--port {free}",
                f"port {port} cannot be used ({error.strerror}); perhaps another serve is running. Try --port {free}",
            ) from error
        # A page of another site that has pointed its own name here would read what is not public yet.
        self.names = {f"{name}:{self.server_port}" for name in ("localhost", HOST)}
        if self.server_port == 80:
            self.names |= {"localhost", HOST}

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that leaves while it is answered is no error."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            print(f"serve: {type(error).__name__}: {error}", file=sys.stderr)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "pressroom"
    sys_version = ""
    timeout = 60  # seconds of silence after which a connection is closed

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.headers.get("Host", "").lower() not in self.server.names:
            text = "这个地址只在本机使用。\nThis server answers this machine only.\n"
            self._send(Answer(421, text.encode(), "text/plain; charset=utf-8"), "/")
            return
        parts = urlsplit(self.path)
        address = unquote(parts.path)
        if address == f"{OWN}events":
            page = parse_qs(parts.query).get("page", ["/"])[0]
            self._events(page)
            return
        if address.startswith(OWN):
            self._send(_own(address.removeprefix(OWN)), address)
            return
        future: Future[Answer] = Future()
        self.server.ask(Asked(address, future))
        try:
            answer = future.result(_PATIENCE)
        except TimeoutError:
            answer = Answer(503, broken_page(()))
        self._send(answer, address)

    def _send(self, answer: Answer, address: str) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.location:
            self.send_header("Location", quote(answer.location))
        if answer.shown:
            # A script can read this of the page it stands in, so that no save is missed while it loads.
            self.send_header("Server-Timing", f'shown;desc="{answer.shown}"')
        self._common(address)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _common(self, address: str) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", policy(address))
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")

    def _events(self, page: str) -> None:
        """News about a page, until the browser leaves. Source: html.spec.whatwg.org, server-sent events."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self._common("/")
        self.end_headers()
        if self.command == "HEAD":
            return
        seen = -1
        while True:
            found = self.server.board.wait(seen, _HEARTBEAT)
            if found is None:
                return
            number, news = found
            try:
                self.wfile.write(
                    b": still here\n\n"
                    if number == seen
                    else b"data: " + news.about(page) + b"\n\n"
                )
            except OSError:
                return
            seen = number

    def log_message(self, format: str, *args: Any) -> None:
        """What was saved is worth a line on the terminal, what was looked at is not."""


def _own(name: str) -> Answer:
    """The preview's own script and style sheet."""
    if name not in ("panel.js", "panel.css"):
        return Answer(404)
    return Answer(200, (_HERE / name).read_bytes(), type_of(name))
