"""A release as IPTC ninjs 3.0: one news item a language, the other language an association.

Why this version and this shape: docs/decisions/ninjs.md.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import msgspec

from pressroom.machines.prose import Parts, absolute
from pressroom.machines.wire import Half, ReleaseFile, Texts, body_blocks, dateline, texts_of
from pressroom.values import ContactView, Part, Picture
from pressroom.words import TAGS

STANDARD: Final[dict[str, str]] = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json#",
}

# The relation's name is the provider's to choose; neither language is the original of the other.
TRANSLATION: Final = "translation"


def uri(half: Half, key: str) -> str:
    """The item's identifier: its stable address, or a name-based UUID where the host is not known."""
    if half.release.citation:
        return half.release.citation
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'/{half.language}/releases/{key}/')}"


def _html(half: Half, parts: tuple[Part, ...]) -> str:
    """The body as HTML with absolute links; pictures are associations and do not stand in it."""
    html = "\n".join(part.html for part in parts if part.html)
    return html.replace('href="/', f'href="{half.site}/') if half.site else html


def _contact(contact: ContactView) -> dict[str, Any]:
    reach = [
        {"type": kind, "role": "press", "value": value}
        for kind, value in (
            ("phone", contact.telephone),
            ("email", contact.email),
            ("wechat", contact.wechat),
        )
        if value
    ]
    return {"name": contact.name, "rel": "presscontact", "contactInfo": reach}


def _picture(half: Half, picture: Picture, key: str) -> dict[str, Any]:
    address = absolute(picture.href, half.site) if picture.href else ""
    item: dict[str, Any] = {
        "name": picture.name,
        "rel": "picture",
        "uri": address if "://" in address else f"{uri(half, key)}#{picture.name}",
        "type": "picture",
        "language": TAGS[half.language],
        "copyrightNotice": picture.credit,
        "descriptions": [
            {"role": role, "contentType": "text/plain", "value": text}
            for role, text in (("caption", picture.caption), ("alt", picture.alt))
            if text
        ],
    }
    if "://" in address:
        item["renditions"] = [
            {"name": "full", "href": address, "width": picture.width, "height": picture.height}
        ]
    return item


def item(values: ReleaseFile, parts: Parts, texts: Texts | None = None) -> dict[str, Any]:
    """The news item of the first half, in the order in which a person reads it."""
    half = values.halves[0]
    release = half.release
    withdrawn = release.withdrawn is not None
    opened = () if withdrawn else parts(release.body)
    out: dict[str, Any] = {
        "standard": STANDARD,
        "uri": uri(half, values.key),
        "type": "text",
        "representationType": "full",
        "profile": "press-release",
        # The version is the instant of the last change: it rises with every one of them.
        "version": values.modified,
        "firstCreated": values.published,
        "versionCreated": values.modified,
        "pubStatus": "canceled" if withdrawn else "usable",
        "language": TAGS[half.language],
        "title": release.title,
        "slugline": values.key.rpartition("/")[2],
        "headlines": [{"role": "main", "contentType": "text/plain", "value": release.title}],
    }
    if release.place:
        out["located"] = release.place
        out["places"] = [{"name": release.place, "rel": "dateline"}]
    if release.summary and not withdrawn:
        out["descriptions"] = [
            {"role": "summary", "contentType": "text/plain", "value": release.summary}
        ]
    notes = [f"{notice.at} {notice.text}" for notice in release.corrections]
    if release.withdrawn:
        notes.append(f"{release.withdrawn.at} {release.withdrawn.text}")
    if notes:
        out["edNote"] = "\n".join(notes)
    text = (texts or texts_of(values, parts))[half.language]
    out["bodies"] = [{"role": "wire", "contentType": "text/plain", "value": text}]
    if opened:
        words = dateline(release, half.language) + "".join(
            block.text for block in body_blocks(opened)
        )
        out["bodies"].insert(
            0,
            {
                "role": "main",
                "contentType": "text/html",
                "charCount": len(words),
                "value": _html(half, opened),
            },
        )
    if half.copyright:
        out["copyrightNotice"] = half.copyright
    if half.notice:
        out["usageTerms"] = half.notice
    out["infoSources"] = [{"name": half.publisher, "role": "publisher"}] + [
        {"name": source.publisher or source.text, "role": "source"}
        | ({"uri": source.href} if source.href else {})
        for source in release.sources
    ]
    if release.contacts:
        out["people"] = [_contact(contact) for contact in release.contacts]
    if release.topics:
        out["subjects"] = [
            {"name": topic.text, "rel": "topic"}
            | ({"uri": absolute(topic.href, half.site)} if half.site else {})
            for topic in release.topics
        ]
    if release.event:
        out["events"] = [
            {"name": release.event.title, "rel": "about"}
            | ({"uri": absolute(release.event.href, half.site)} if half.site else {})
        ]
    associations = [
        _picture(half, part.picture, values.key) for part in opened if part.picture is not None
    ]
    associations += [
        {
            "name": other.release.title,
            "rel": TRANSLATION,
            "uri": uri(other, values.key),
            "type": "text",
            "representationType": "partial",
            "pubStatus": "canceled" if other.release.withdrawn else "usable",
            "language": TAGS[other.language],
            "headlines": [
                {"role": "main", "contentType": "text/plain", "value": other.release.title}
            ],
        }
        for other in values.halves[1:]
    ]
    if associations:
        out["associations"] = associations
    out["altIds"] = [{"role": "release", "value": values.key}]
    return out


def make(values: ReleaseFile, parts: Parts, texts: Texts | None = None) -> bytes:
    """release.json: UTF-8, indented for people, one trailing line break."""
    return msgspec.json.format(msgspec.json.encode(item(values, parts, texts)), indent=2) + b"\n"
