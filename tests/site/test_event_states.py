"""An edition's state is told alike by its page, the lists, both calendars and JSON-LD."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import ics
import pytest
import vobject

from pressroom.words import LANGUAGES, Language
from tests.reading import read_page, words
from tests.tiny import Tiny

SAID: dict[str, dict[Language, str]] = {
    "announced": {"zh": "即将举行", "en": "Announced"},
    "on": {"zh": "正在进行", "en": "On now"},
    "over": {"zh": "已结束", "en": "Ended"},
    "postponed": {"zh": "已延期", "en": "Postponed"},
    "cancelled": {"zh": "已取消", "en": "Cancelled"},
}


def week(folder: Path, state: str = "", updated: str = "") -> Tiny:
    tiny = Tiny(folder)
    tiny.item("events/week", {"kind": "series"})
    tiny.item(
        "events/week/2024",
        {
            "edition": 2024,
            "starts": "2024-06-10",
            "ends": "2024-06-12",
            "place": "beijing",
            "state": state or None,
            "updated": updated or None,
            "contacts": "[desk]",
            "accreditation": '{zh: "请于6月5日前发电子邮件登记。", en: "Register by e-mail by 5 June."}',
        },
    )
    tiny.release("2024/about", {"event": "week/2024", "date": "2024-01-02"})
    return tiny


def calendars(tiny: Tiny, language: Language) -> list[Any]:
    """The edition in its own file and in the calendar of all, with two parsers."""
    found: list[Any] = []
    for name in ("events/week/2024/event.ics", "events/calendar.ics"):
        raw = (tiny.output / language / name).read_text("utf-8")
        (event,) = ics.Calendar(raw).events
        found += [event, vobject.readOne(raw).vevent]
    return found


@pytest.mark.parametrize(
    ("at", "state", "shown"),
    [
        ("2024-06-09T23:59:59+08:00", "", "announced"),
        ("2024-06-10T00:00:00+08:00", "", "on"),
        ("2024-06-12T23:59:59+08:00", "", "on"),
        ("2024-06-13T00:00:00+08:00", "", "over"),
        ("2024-06-09T12:00:00+08:00", "postponed", "postponed"),
        ("2024-06-11T12:00:00+08:00", "cancelled", "cancelled"),
    ],
)
def test_the_state_of_an_edition(tmp_path: Path, at: str, state: str, shown: str) -> None:
    tiny = week(tmp_path, state)
    tiny.build(at)
    for language in LANGUAGES:
        page = read_page.__wrapped__(tiny.output, f"/{language}/events/week/2024/")
        (told,) = [
            words(each) for each in page.elements if "state" in (each.get("class") or "").split()
        ]
        assert told == SAID[shown][language]
        text = words(page.root)
        assert {"zh": "6月5日前", "en": "Register by e-mail by 5 June"}[language] in text
        assert any(
            each.get("href") == f"/{language}/releases/2024/about/" for each in page.all("a")
        )
        first, second, third, fourth = calendars(tiny, language)
        status = {"cancelled": "CANCELLED", "postponed": "TENTATIVE"}.get(shown, "CONFIRMED")
        assert {first.status, third.status} == {status}
        assert {second.status.value, fourth.status.value} == {status}
        assert {first.begin.date(), third.begin.date()} == {second.dtstart.value}
        for name in (first.name, second.summary.value):
            assert name.startswith(SAID[shown][language]) == (shown in ("postponed", "cancelled"))
        (script,) = [each for each in page.all("script") if "ld+json" in (each.get("type") or "")]
        events = [
            each for each in json.loads(script.text or "")["@graph"] if each["@type"] == "Event"
        ]
        schedule = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}.get(
            shown, "EventScheduled"
        )
        assert events[0]["eventStatus"].endswith(schedule)
    tiny.close()


def test_what_changed_replaces_what_calendars_know(tmp_path: Path) -> None:
    """The same UID, a higher SEQUENCE each time: https://www.rfc-editor.org/rfc/rfc5546#section-2.1.4"""
    known: list[tuple[str, int]] = []
    for number, (state, updated) in enumerate(
        (
            ("", ""),
            ("postponed", "2024-06-01T09:00:00+08:00"),
            ("announced", "2024-06-01T12:00:00+08:00"),
            ("cancelled", "2024-06-02T09:00:00+08:00"),
        )
    ):
        tiny = week(tmp_path / str(number), state, updated)
        tiny.build("2024-06-02T12:00:00+08:00")
        event = calendars(tiny, "en")[1]
        known.append((event.uid.value, int(event.sequence.value)))
        if updated:
            assert event.last_modified.value == datetime.fromisoformat(updated)
        tiny.close()
    assert {uid for uid, _ in known} == {"events/week/2024@tiny.example"}
    numbers = [number for _, number in known]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < 2**31
