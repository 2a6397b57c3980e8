"""The theme's static files, under names that change with their bytes.

The style sheets of all components become one file, in the order of their cascade layers' names;
every other file keeps its place. A name with a hash in it can be cached for ever.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import rcssmin

from pressroom.problems import PressroomError
from pressroom.store import hexdigest


class Asset(msgspec.Struct, frozen=True):
    """A file of the site's own: path in the output, and its bytes."""

    path: str
    data: bytes


def hashed(name: str, data: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"static/{stem}.{hexdigest(data)[:10]}.{suffix}"


def collect(static: Path) -> tuple[dict[str, str], list[Asset]]:
    """Addresses by plain name ("site.css", "js/site.js", "feed.css"), and the files behind them.

    tokens.css declares the layers and comes first; the rest follows by name, since layers, not
    places, decide what wins.
    """
    sheets = sorted(
        (static / "css").glob("*.css"), key=lambda path: (path.name != "tokens.css", path.name)
    )
    if not sheets:
        raise PressroomError(
            "theme/static/css里没有样式表。", "there is no style sheet in theme/static/css"
        )
    texts = []
    for path in sheets:
        text = path.read_text("utf-8")
        if text.count("{") != text.count("}"):
            raise PressroomError(
                f"{path.name}里的花括号不成对。", f"the braces in {path.name} do not match"
            )
        texts.append(text)
    style = str(rcssmin.cssmin("\n".join(texts))).encode()
    addresses: dict[str, str] = {}
    assets: list[Asset] = []

    def add(name: str, path: str, data: bytes) -> None:
        addresses[name] = f"/{path}"
        assets.append(Asset(path, data))

    add("site.css", hashed("site.css", style), style)
    for file in sorted(static.rglob("*")):
        name = file.relative_to(static).as_posix()
        if not file.is_file() or name.startswith("css/") or file.name.startswith("."):
            continue
        data = file.read_bytes()
        if file.suffix == ".css":
            data = str(rcssmin.cssmin(data.decode())).encode()
        # Browsers ask for these by fixed names.
        fixed = name in ("favicon.ico", "icon.svg", "apple-touch-icon.png")
        add(name, name if fixed else hashed(name.removeprefix("js/"), data), data)
    return addresses, assets
