"""Addresses that moved (301) and addresses that are gone (410), for every kind of web server.

The files lie in the tree, so that they go live and back together with it: `.server/` is read by
the server and shown to nobody, `_redirects` is what Netlify and its like read, and for hosts that
know no redirects a page stands at the old address with a link to the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote as percent_encoded

import msgspec

from pressroom.problems import PressroomError

NGINX_REDIRECTS = ".server/redirects.nginx.map"
NGINX_GONE = ".server/gone.nginx.map"
CADDY = ".server/redirects.caddy"
GONE_LIST = ".server/gone.txt"
NETLIFY = "_redirects"

# What an address may be made of without meaning anything to a server's configuration: letters of any
# script, digits and a few marks; no quotation mark, space, $, {, }, ;, *, : or #. It is written as
# people read it, not percent-encoded: servers compare decoded addresses.
_ADDRESS = re.compile(r"/(?:[\w.~!()+,=@-][\w.~!()+,=@/-]*)?")


class Redirect(msgspec.Struct, frozen=True, order=True):
    """An old address and where it is now; both begin with a slash, pages end with one."""

    old: str
    new: str


def redirect_maps(redirects: Sequence[Redirect], gone: Sequence[str]) -> dict[str, bytes]:
    """The files to lay into the tree, by path; chains of redirects are flattened.

    PressroomError for a loop, for an address said twice with different ends, and for what is not
    an address of this site. A redirect to what is gone makes the old address gone as well.
    """
    if any(redirect.old == "/" for redirect in redirects) or "/" in gone:
        raise PressroomError("首页不能跳转或撤下。", "The front page can neither move nor be gone.")
    for address in [
        *gone,
        *(part for redirect in redirects for part in (redirect.old, redirect.new)),
    ]:
        _check(address)
    moved, lost = flattened(redirects, gone)
    files = {
        NGINX_REDIRECTS: _lines(
            f'"{old}" "{quote(new)}";' for old, new in _both_forms(moved).items()
        ),
        NGINX_GONE: _lines(f'"{address}" 1;' for address in _with_bare(lost)),
        CADDY: _caddy(moved, lost),
        GONE_LIST: _lines(lost),
        NETLIFY: _lines(
            # Such hosts take the address with and without its last slash for the same.
            [f"{quote(old)} {quote(new)} 301" for old, new in moved.items()]
            + [f"{quote(address)} /404.html 410" for address in lost]
        ),
    }
    for old, new in moved.items():
        if old.endswith(("/", ".html")):
            files[old.removeprefix("/") + ("index.html" if old.endswith("/") else "")] = _page(
                old, new
            )
    return files


def flattened(
    redirects: Sequence[Redirect], gone: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """(old to final address, gone addresses), both sorted; no address leads through another."""
    step: dict[str, str] = {}
    for redirect in sorted(redirects):
        if step.setdefault(redirect.old, redirect.new) != redirect.new:
            raise PressroomError(
                f"{redirect.old}同时跳转到{step[redirect.old]}和{redirect.new}；请只保留一个。",
                f"{redirect.old} redirects both to {step[redirect.old]} and to {redirect.new}; keep one.",
            )
    lost = set(gone)
    for address in sorted(lost & set(step)):
        raise PressroomError(
            f"{address}既跳转到{step[address]}，又被列为已撤下；请只保留一个。",
            f"{address} redirects to {step[address]} and is listed as gone as well; keep one.",
        )
    moved: dict[str, str] = {}
    for old in sorted(step):
        path = [old]
        while path[-1] in step:
            path.append(step[path[-1]])
            if path[-1] in path[:-1]:
                circle = " → ".join(path[path.index(path[-1]) :])
                raise PressroomError(
                    f"content/data/redirects.yaml里的跳转绕成了圈：{circle}。请改掉其中一行。",
                    f"Redirects in content/data/redirects.yaml go in a circle: {circle}. Change one of these lines.",
                )
        if path[-1] in lost:
            lost.add(old)
        else:
            moved[old] = path[-1]
    return moved, sorted(lost)


def _check(address: str) -> None:
    parts = address.split("/")
    if not _ADDRESS.fullmatch(address) or "//" in address or "." in parts or ".." in parts:
        raise PressroomError(
            f"“{address}”不是本站的地址；请以斜线开头，如/zh/releases/2017/slug/。",
            f"{address!r} is not an address of this site; write it from the slash on, "
            "like /en/releases/2017/slug/.",
        )


def quote(address: str) -> str:
    """An address as it stands in a header or a link."""
    return percent_encoded(address, safe="/.~!()+,=@-_")


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _with_bare(addresses: Sequence[str]) -> list[str]:
    """Each address, and a folder's also without its last slash, as people type it."""
    bare = {address.rstrip("/") for address in addresses} - {""}
    return sorted({*addresses, *bare})


def _both_forms(moved: Mapping[str, str]) -> dict[str, str]:
    bare = {old.rstrip("/"): new for old, new in moved.items() if old != "/"}
    return dict(sorted({**bare, **moved}.items()))


def _caddy(moved: Mapping[str, str], lost: Sequence[str]) -> bytes:
    lines = [f"redir {old} {quote(new)} 301" for old, new in _both_forms(moved).items()]
    addresses = _with_bare(lost)
    if addresses:
        lines += ["@gone path " + " ".join(addresses), "error @gone 410"]
    return _lines(lines)


# The words of a page that only leads on; it stands in neither language's catalogue because the
# site's templates have no part in it.
_MOVED = {
    "zh": ("zh-Hans", "页面已移到新地址", "本页已移到新地址：", "。"),
    "en": ("en", "This page has moved", "This page is now at ", "."),
}


def _page(old: str, new: str) -> bytes:
    """A page that leads on at once (WCAG technique H76) and has a link for whoever stays."""
    language = old.split("/")[1]
    said = [_MOVED[language]] if language in _MOVED else list(_MOVED.values())
    href = escape(quote(new), quote=True)
    tag, title = said[0][0], " · ".join(words[1] for words in said)
    paragraphs = "".join(
        f'<p lang="{words[0]}">{words[2]}<a href="{href}">{href}</a>{words[3]}</p>\n'
        for words in said
    )
    return (
        f'<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{title}</title>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="robots" content="noindex">\n<link rel="canonical" href="{href}">\n'
        f'<meta http-equiv="refresh" content="0; url={href}">\n</head>\n<body>\n<main>\n'
        f"<h1>{title}</h1>\n{paragraphs}</main>\n</body>\n</html>\n"
    ).encode()
