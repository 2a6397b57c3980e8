"""release.json against the structure of IPTC ninjs 3.0 and against the release."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from pressroom.machines import ninjs
from pressroom.words import TAGS, Language
from tests.schemas import validator
from tests.unit.machine_samples import (
    CAPTIONS,
    CORRECTED,
    PUBLISHED,
    SITE,
    TITLES,
    half,
    parts,
    release_file,
)

TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri"}
INSTANT = {"type": "string", "format": "date-time"}


def many(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    """An array of objects that may hold these properties and no others."""
    return {"type": "array", "items": closed(properties, *required)}


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


# The structure of ninjs 3.0 as IPTC publishes it, restated for the properties that a press release
# uses: names, types, formats, closed lists, what is required, and that nothing else may stand there.
REACH = many({"type": TEXT, "role": TEXT, "lang": TEXT, "name": TEXT, "value": TEXT}, "value")
PARTY = {"name": TEXT, "rel": TEXT, "uri": ADDRESS, "literal": TEXT, "contactInfo": REACH}
ITEM: dict[str, Any] = {
    "standard": closed({"name": TEXT, "version": TEXT, "schema": ADDRESS}),
    "uri": ADDRESS,
    "type": {
        "enum": [
            "text",
            "audio",
            "video",
            "picture",
            "graphic",
            "composite",
            "component",
            "event",
            "planning",
        ]
    },
    "representationType": {"enum": ["full", "partial"]},
    "profile": TEXT,
    "version": TEXT,
    "firstCreated": INSTANT,
    "versionCreated": INSTANT,
    "contentCreated": INSTANT,
    "embargoedUntil": INSTANT,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "copyrightHolder": TEXT,
    "copyrightNotice": TEXT,
    "usageTerms": TEXT,
    "edNote": TEXT,
    "language": TEXT,
    "descriptions": many({"role": TEXT, "contentType": TEXT, "value": TEXT}, "value"),
    "bodies": many(
        {
            "role": TEXT,
            "contentType": TEXT,
            "charCount": {"type": "integer"},
            "wordCount": {"type": "integer"},
            "value": TEXT,
        },
        "value",
    ),
    "headlines": many({"role": TEXT, "contentType": TEXT, "value": TEXT}, "value"),
    "people": many(PARTY),
    "places": many(PARTY),
    "subjects": many({"name": TEXT, "rel": TEXT, "uri": ADDRESS, "literal": TEXT, "creator": TEXT}),
    "events": many({"id": TEXT, "name": TEXT, "rel": TEXT, "uri": ADDRESS, "literal": TEXT}),
    "infoSources": many(
        {"name": TEXT, "role": TEXT, "uri": ADDRESS, "literal": TEXT, "contactInfo": REACH}
    ),
    "title": TEXT,
    "by": TEXT,
    "slugline": TEXT,
    "located": TEXT,
    "renditions": many(
        {
            "name": TEXT,
            "href": ADDRESS,
            "contentType": TEXT,
            "title": TEXT,
            "width": {"type": "integer"},
            "height": {"type": "integer"},
        },
        "name",
    ),
    "altIds": many({"role": TEXT, "value": TEXT}),
}
STRUCTURE = closed(
    ITEM | {"associations": many(ITEM | {"name": TEXT, "rel": TEXT}, "name", "uri")}, "uri"
)


def made(*languages: Language, **state: bool) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ninjs.make(release_file(*languages, **state), parts))
    validator(STRUCTURE).validate(found)
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_item_says_what_the_page_says(language: Language) -> None:
    item = made(language, "en" if language == "zh" else "zh")
    release = half(language).release
    assert item["standard"]["version"] == "3.0"
    assert item["uri"] == release.citation
    assert item["language"] == TAGS[language]
    assert item["headlines"][0]["value"] == release.title
    assert item["firstCreated"] == item["versionCreated"] == PUBLISHED
    assert item["pubStatus"] == "usable"
    assert item["located"] == release.place
    assert [person["name"] for person in item["people"]] == [
        contact.name for contact in release.contacts
    ]
    assert item["people"][0]["contactInfo"][0]["value"] == release.contacts[0].telephone
    assert item["copyrightNotice"] == "© 2017"
    main = next(body for body in item["bodies"] if body["role"] == "main")
    assert f'href="{SITE}/{language}/programmes/' in main["value"]
    # No writer is named, and the public file knows nothing of an embargo.
    assert "by" not in item
    assert "embargoedUntil" not in item


def test_the_other_language_is_an_association_by_its_own_identifier() -> None:
    zh, en = made("zh", "en"), made("en", "zh")
    (other,) = [one for one in zh["associations"] if one["rel"] == ninjs.TRANSLATION]
    assert other["uri"] == en["uri"]
    assert other["headlines"][0]["value"] == TITLES.en
    assert other["language"] == "en"
    assert zh["altIds"] == en["altIds"]


def test_a_release_in_one_language_has_no_other() -> None:
    assert [one["rel"] for one in made("zh")["associations"]] == ["picture"]


def test_a_picture_on_request_has_caption_and_credit_and_no_file() -> None:
    picture = made("zh")["associations"][0]
    assert picture["type"] == "picture"
    assert picture["descriptions"][0]["value"] == CAPTIONS.zh
    assert picture["copyrightNotice"] == "© UNICEF/China/2017"
    assert "renditions" not in picture


def test_a_correction_is_a_new_version_that_says_so() -> None:
    item = made("en", "zh", corrected=True)
    assert item["versionCreated"] == item["version"] == CORRECTED
    assert item["firstCreated"] == PUBLISHED
    assert item["edNote"].endswith("The number of villages is corrected.")
    assert item["pubStatus"] == "usable"


def test_a_withdrawn_release_is_canceled_and_carries_no_text() -> None:
    item = made("en", "zh", withdrawn=True)
    assert item["pubStatus"] == "canceled"
    assert "In 2010" not in json.dumps(item)
    assert [body["role"] for body in item["bodies"]] == ["wire"]
    assert all(
        one["rel"] == ninjs.TRANSLATION and one["pubStatus"] == "canceled"
        for one in item["associations"]
    )


def test_the_structure_itself_refuses_what_the_standard_refuses() -> None:
    item = made("zh")
    for wrong in (
        {"pubstatus": "usable"},
        {"pubStatus": "cancelled"},
        {"versionCreated": 5},
        {"versionCreated": "2017-05-31"},
        {"versionCreated": "2017-05-32T15:00:00+08:00"},
        {"uri": "/zh/releases/2017/child-welfare-week/"},
        {"uri": "https://newsroom.example/新闻"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            validator(STRUCTURE).validate(item | wrong)
