"""A built page as a reader, a browser and a search engine meet it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

from pelicanconf import SITEURL as SITE_URL

# Where an element names another file. srcset is taken apart separately.
_LINKS: Final = {
    "a": "href",
    "area": "href",
    "audio": "src",
    "form": "action",
    "iframe": "src",
    "image": "href",
    "img": "src",
    "input": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "track": "src",
    "use": "href",
    "video": "src",
}


@dataclass(frozen=True)
class Reference:
    """A link or an embedded file: `element` is the tag, `rel` that of a link."""

    element: str
    target: str
    rel: str = ""


@dataclass
class Page:
    """One HTML file of a built site: `address` is its path as a browser asks for it."""

    address: str
    html: str
    root: Element = field(repr=False)

    @cached_property
    def elements(self) -> list[Element]:
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if local(element) in tags]

    @cached_property
    def ids(self) -> set[str]:
        return {element.get("id", "") for element in self.elements} - {""}

    @property
    def lang(self) -> str:
        return self.root.get("lang", "")

    def references(self) -> Iterator[Reference]:
        """Every address the page names, resolved against its own."""
        here = urljoin(SITE_URL, self.address)
        for element in self.elements:
            tag = local(element)
            name = _LINKS.get(tag)
            targets = [element.get(name)] if name else []
            for part in (element.get("srcset") or element.get("imagesrcset") or "").split(","):
                targets.append(part.split()[0] if part.strip() else None)
            if tag == "a" and element.get("download") is not None:
                tag = "download"
            for target in targets:
                if target:
                    yield Reference(tag, urljoin(here, target), element.get("rel") or "")

    def alternates(self) -> dict[str, str]:
        """hreflang: address, of the page's head."""
        return {
            link.get("hreflang", ""): link.get("href", "")
            for link in self.all("link")
            if link.get("rel") == "alternate" and link.get("hreflang")
        }


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2].lower()


def words(element: Element) -> str:
    """The text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def file_of(output: Path, address: str) -> Path:
    """The file that a web server answers with for a path."""
    path = unquote(address)
    return output / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))


def address_of(output: Path, file: Path) -> str:
    """The address at which a built file stands."""
    return "/" + file.relative_to(output).as_posix().removesuffix("index.html")


def html_addresses(output: Path) -> list[str]:
    """Every HTML page of a built site."""
    return sorted(address_of(output, file) for file in output.rglob("*.html"))


@cache
def read_page(output: Path, address: str) -> Page:
    html = file_of(output, address).read_text(encoding="utf-8")
    # html5lib builds the tree that browsers build, missing and misplaced tags included.
    return Page(address, html, html5lib.parse(html, namespaceHTMLElements=False))


def inside(target: str) -> str | None:
    """The path, query and fragment of a target on the site itself; None for another host or scheme."""
    parts = urlsplit(target)
    site = urlsplit(SITE_URL)
    if (parts.scheme, parts.netloc) != (site.scheme, site.netloc):
        return None
    return target[len(SITE_URL) :] or "/"
