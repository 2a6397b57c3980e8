"""A release's press kit: text, Word files, pictures, captions and checksums in one zip of fixed bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Final

from pressroom.formats import day, instant
from pressroom.machines import word
from pressroom.machines.archive import packed
from pressroom.machines.photographs import captioned
from pressroom.machines.prose import Parts
from pressroom.machines.wire import ON_REQUEST, Half, ReleaseFile, Texts, labelled, texts_of
from pressroom.problems import PressroomError
from pressroom.values import Picture, Value
from pressroom.words import Words

_README: Final = Words(
    "本资料包包括：\n{files}\n\n"
    "刊登图片请照登署名；图片版权归署名所示的权利人，使用事宜请询新闻联系人。"
    "注明可索取的图片不在包内，图注和署名见captions.txt。\n"
    "文件是否完整，可用SHA256SUMS.txt核对。\n",
    "In this archive:\n{files}\n\n"
    "Please run pictures with their credit; the rights are with those whom it names, and the press "
    "contacts answer questions about their use. Pictures marked as on request are not in the archive; "
    "their captions and credits are in captions.txt.\n"
    "SHA256SUMS.txt tells whether the files are complete.\n",
)
# A release that never changed is told by its day: most have no hour.
_PUBLISHED: Final = Words("本稿发布：{}", "Published: {}")
_MODIFIED: Final = Words("本稿最后更新：{}", "Last changed: {}")
_CAPTIONS: Final = Words("图注与署名", "Captions and credits")
_NO_PICTURES: Final = Words("本稿没有图片。", "This release has no pictures.")
_CREDIT: Final = Words("署名", "Credit")
_CAPTION: Final = Words("图注", "Caption")
_FILE: Final = Words("文件", "File")


class KitPicture(Value, frozen=True):
    """A full-size photograph on this machine.

    `path` is absolute; `digest` stands for its bytes in the page's key. `name` is its file name in
    `photos/`, by which captions of the bodies refer to it.
    """

    name: str
    path: str
    digest: str
    credit: str


class Kit(Value, frozen=True):
    """What kit.zip is made of: the release in each language in which it is public, and its pictures.

    `folder` names the folder inside the archive: year and slug, "2017-child-welfare-week".
    """

    folder: str
    release: ReleaseFile
    pictures: tuple[KitPicture, ...] = ()


def _captions(kit: Kit, parts: Parts) -> dict[str, Words]:
    """Caption by picture, in both languages, in the order of the bodies."""
    found: dict[str, Words] = {}
    for half in kit.release.halves:
        for picture in _pictures(half, parts):
            words = found.get(picture.name, Words())
            text = picture.caption or picture.alt
            zh, en = (text, words.en) if half.language == "zh" else (words.zh, text)
            found[picture.name] = Words(zh, en)
    return found


def _pictures(half: Half, parts: Parts) -> list[Picture]:
    if half.release.withdrawn:
        return []
    return [part.picture for part in parts(half.release.body) if part.picture is not None]


def captions_text(kit: Kit, parts: Parts) -> str:
    """captions.txt: each picture with caption and credit in both languages, on request or not."""
    out = []
    for half in kit.release.halves:
        language = half.language
        lines = [_CAPTIONS[language], ""]
        shown = _pictures(half, parts)
        shipped = {picture.name for picture in kit.pictures}
        for picture in shown:
            where = f"photos/{picture.name}" if picture.name in shipped else ON_REQUEST[language]
            lines += [
                labelled(_FILE, where, language),
                labelled(_CAPTION, picture.caption or picture.alt, language),
                labelled(_CREDIT, picture.credit, language),
                "",
            ]
        if not shown:
            lines += [_NO_PICTURES[language], ""]
        out.append("\n".join(lines))
    return "\n".join(out)


def _read(picture: KitPicture) -> bytes:
    try:
        return Path(picture.path).read_bytes()
    except OSError as failed:
        raise PressroomError(
            f"读不到照片“{picture.name}”：{failed.strerror}。",
            f"the photograph {picture.name!r} cannot be read: {failed.strerror}",
        ) from failed


def _when(half: Half) -> str:
    release, language = half.release, half.language
    if release.modified:
        return _MODIFIED[language].format(instant(release.modified, language))
    return _PUBLISHED[language].format(day(release.day, language))


def make(values: Kit, parts: Parts, texts: Texts | None = None) -> bytes:
    """kit.zip; nothing in it depends on when or where it was made."""
    release = values.release
    texts = texts or texts_of(release, parts)
    slug = release.key.rpartition("/")[2]
    files: list[tuple[str, bytes]] = []
    for half in release.halves:
        files.append((f"{slug}.{half.language}.txt", texts[half.language].encode()))
        files.append((f"{slug}.{half.language}.docx", word.document(half, release.modified, parts)))
    captions = _captions(values, parts)
    if not any(half.release.withdrawn for half in release.halves):
        for picture in values.pictures:
            data = captioned(
                _read(picture), picture.name, picture.credit, captions.get(picture.name, Words())
            )
            files.append((f"photos/{picture.name}", data))
    files.append(("captions.txt", captions_text(values, parts).encode()))
    listed = "\n".join(f"  {name}" for name, _ in files)
    readme = "\n\n".join(
        f"{half.release.title}\n{half.release.citation}\n\n"
        + _README[half.language].format(files=listed)
        + _when(half)
        for half in release.halves
    )
    files.insert(0, ("README.txt", f"{readme}\n".encode()))
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files)
    files.append(("SHA256SUMS.txt", sums.encode()))
    # Pictures and Word files are compressed already: storing keeps the bytes free of zlib's version.
    return packed(
        [(f"{values.folder}/{name}", data) for name, data in files],
        datetime.fromisoformat(release.modified),
    )
