"""Photographs as they go out: in sizes and formats that phones can carry, with credit and nothing else.

Variants are worked out once for a file's content and kept in the cache; a picture goes out only
with the item that shows it, under a name with its hash.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from pressroom.machines.photographs import captioned
from pressroom.models import Item, Photo
from pressroom.problems import PressroomError
from pressroom.store import Damaged, Store, digest
from pressroom.values import Picture, Value, Variant
from pressroom.words import Words
from pressroom.writer import Page, Parts

WIDTHS: Final = (480, 960, 1440)
# In the order in which a browser should look: the smaller format first.
FORMATS: Final = (("avif", "image/avif"), ("webp", "image/webp"))
QUALITY: Final = {"avif": 55, "webp": 78}
MAX_PIXELS: Final = 80_000_000


class Size(msgspec.Struct, frozen=True, array_like=True):
    width: int
    height: int


class PictureFile(Value, frozen=True):
    """One file to make: the source's path and digest, and what is wanted of it."""

    source: str
    digest: str
    width: int  # 0: the full size, with its metadata reduced to credit and caption
    format: str
    credit: str = ""
    caption_zh: str = ""
    caption_en: str = ""


def size_of(source: Path, name: str, store: Store) -> Size:
    """Width and height in pixels as seen, rotation applied; kept by content."""
    key = f"size:{name}"
    try:
        raw = store.get(key)
        if raw is not None:
            return msgspec.msgpack.decode(raw, type=Size)
    except (Damaged, msgspec.DecodeError):
        pass
    from PIL import Image, UnidentifiedImageError  # only a site with new photographs pays for it

    try:
        with Image.open(source) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PressroomError(
                    f"{source}：照片超过{MAX_PIXELS // 1_000_000}百万像素。",
                    f"{source}: the picture has more than {MAX_PIXELS // 1_000_000} megapixels",
                )
            turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            size = Size(image.height, image.width) if turned else Size(image.width, image.height)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise PressroomError(
            f"{source}：不是可读的照片。", f"{source}: this is not a readable picture"
        ) from error
    store.put({key: msgspec.msgpack.encode(size)})
    return size


def address(item: Item, photo: Photo, width: int, suffix: str) -> str:
    stem = photo.name.rpartition(".")[0]
    size = f"-{width}" if width else ""
    return f"media/{item.key}/{stem}-{photo.digest[:10]}{size}.{suffix}"


def picture(item: Item, photo: Photo, source: Path, store: Store) -> Picture:
    """The picture with its variants; alt text and caption are filled in where it stands."""
    size = size_of(source, photo.digest, store)
    widths = [width for width in WIDTHS if width < size.width] or [size.width]
    return Picture(
        name=photo.name,
        alt="",
        caption="",
        credit=photo.credit,
        on_request=False,
        href=f"/{address(item, photo, 0, photo.name.rpartition('.')[2])}",
        width=size.width,
        height=size.height,
        variants=tuple(
            Variant(f"/{address(item, photo, width, suffix)}", width, kind)
            for suffix, kind in FORMATS
            for width in widths
        ),
    )


def pages(
    item: Item, photo: Photo, made: Picture, source: Path, captions: Words, cache: Path
) -> Iterator[Page]:
    """The files of one photograph."""
    for variant in made.variants:
        wanted = PictureFile(
            str(source), photo.digest, variant.width, variant.href.rpartition(".")[2]
        )
        yield Page(
            variant.href[1:],
            Maker(cache),
            _ready,
            (msgspec.structs.replace(wanted, source=""), str(source)),
        )
    full = PictureFile(
        str(source),
        photo.digest,
        0,
        photo.name.rpartition(".")[2],
        photo.credit,
        captions.zh,
        captions.en,
    )
    yield Page(
        made.href[1:], Maker(cache), _ready, (msgspec.structs.replace(full, source=""), str(source))
    )


def _ready(tools: object, wanted: PictureFile, source: str) -> PictureFile:
    return msgspec.structs.replace(wanted, source=source)


class Maker:
    """Makes the bytes of a picture file, or takes them from the cache."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def __call__(self, wanted: PictureFile, parts: Parts) -> bytes:
        if not wanted.width:
            data = Path(wanted.source).read_bytes()
            return captioned(
                data,
                Path(wanted.source).name,
                wanted.credit,
                Words(wanted.caption_zh, wanted.caption_en),
            )
        kept = self.cache / "pictures" / f"{wanted.digest}-{wanted.width}.{wanted.format}"
        try:
            raw = kept.read_bytes()
            if digest(raw[16:]) == raw[:16]:
                return raw[16:]
        except OSError:
            pass
        data = encode(Path(wanted.source), wanted.width, wanted.format)
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_name(f"{kept.name}.{os.getpid()}.part")
        fresh.write_bytes(digest(data) + data)
        os.replace(fresh, kept)
        return data


def encode(source: Path, width: int, suffix: str) -> bytes:
    """A variant: turned upright, scaled, without any metadata."""
    from PIL import Image, ImageOps

    with Image.open(source) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        height = round(upright.height * width / upright.width)
        scaled = upright.resize((width, height), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        # One thread: the bytes must not depend on the number of cores.
        if suffix == "avif":
            scaled.save(buffer, "AVIF", quality=QUALITY["avif"], speed=7, max_threads=1)
        else:
            scaled.save(buffer, "WEBP", quality=QUALITY["webp"], method=4)
        return buffer.getvalue()
