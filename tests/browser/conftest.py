"""What browser tests share: a page that notes what it asks for and what goes wrong on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Visit:
    """One browser tab with its log; `go(address)` opens a page of the site."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.requests: list[str] = []  # every address asked for, data: and blob: left out
        self.faults: list[str] = []  # script errors, refusals by the policy, answers over 399
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def _said(self, message: Any) -> None:
        # What is no page (a feed) cannot name its icon, and the browser asks for the oldest one.
        if message.location.get("url", "").endswith("/favicon.ico"):
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text}")

    def go(self, address: str) -> Page:
        self.page.goto(self.server + address, wait_until="load")
        return self.page

    @property
    def address(self) -> str:
        """Where the tab is, without the server's name."""
        return self.page.url.removeprefix(self.server)

    @property
    def off_site(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(self.server + "/")]


Open = Callable[..., Visit]


@pytest.fixture
def open_tab(browser: Browser, server: str) -> Iterator[Open]:
    """Tabs in contexts of their own: `open_tab(viewport=…, java_script_enabled=…)`."""
    contexts = []

    def opened(**options: Any) -> Visit:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visit(context.new_page(), server)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def visit(open_tab: Open) -> Visit:
    """One tab of a wide window."""
    return open_tab()
