"""What is for programs says what the page says: read back by parsers of others, both languages.

Each test takes a file of the real site, opens it with a library that had no part in making it, and
holds what it finds against the page a reader sees: dates, names, numbers.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import docx
import feedparser
import ics
import pytest
import vobject

from pressroom import formats
from pressroom.moments import CHINA
from pressroom.words import LANGUAGES, Language
from tests import reading
from tests.reading import Page, words
from tests.schemas import validator
from tests.unit.test_machines_ninjs import STRUCTURE

OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}


def by_class(root: Element, name: str) -> list[Element]:
    return [each for each in root.iter() if name in (each.get("class") or "").split()]


def text(root: Element, name: str) -> str:
    """What stands in the first element of a class, "" where there is none."""
    found = by_class(root, name)
    return words(found[0]) if found else ""


def links(root: Element, scheme: str) -> list[str]:
    return [
        target.removeprefix(scheme)
        for each in root.iter()
        if (target := each.get("href") or "").startswith(scheme)
    ]


def plain(value: str) -> str:
    """A text without its spaces: lines of the wire are broken where the page's are not."""
    return re.sub(r"\s+", "", value)


def at(built: Path, address: str) -> Page:
    return reading.read_page(built, address)


# --- press contacts ------------------------------------------------------------------------------


def contacts(built: Path, language: Language) -> dict[str, Element]:
    page = at(built, f"/{language}/contacts/")
    return {str(each.get("id")): each for each in by_class(page.root, "contact") if each.get("id")}


def test_vcards_say_what_the_page_of_contacts_says(built: Path) -> None:
    pages = {language: contacts(built, language) for language in LANGUAGES}
    assert len(pages["zh"]) >= 2
    assert pages["zh"].keys() == pages["en"].keys()
    together = (built / "contacts/all.vcf").read_text("utf-8")
    cards = []
    for key in pages["zh"]:
        raw = (built / f"contacts/{key}.vcf").read_text("utf-8")
        assert raw in together.replace("\r\n", "\n")
        (card,) = vobject.readComponents(raw)
        cards.append(card)
        for language in LANGUAGES:
            shown = pages[language][key]

            def said(name: str, card: Any = card, language: Language = language) -> str:
                """A property in the language; one without a language is for both."""
                found = card.contents[name]
                tag = {"zh": "zh-Hans", "en": "en"}[language]
                own = [each for each in found if each.params.get("LANGUAGE") == [tag]]
                value = (own or found)[0].value
                return str(value[0] if isinstance(value, list) else value)

            assert said("fn") == (by_class(shown, "contact__name")[0].text or "").strip()
            assert said("org") == text(shown, "contact__organisation")
            assert said("title") + said("org") == text(shown, "contact__role").replace("\n", "")
            (number,) = links(shown, "tel:")
            assert card.tel.value == f"tel:{number}"
            assert [card.email.value] == links(shown, "mailto:")
            day = re.search(r"\d{4}年\d+月\d+日|\d+ \w+ \d{4}", text(shown, "contact__details"))
            assert day
            assert day[0] in said("note")
            assert links(shown, "/contacts/") == [f"{key}.vcf"]
    assert len(list(vobject.readComponents(together))) == len(cards)


@pytest.mark.parametrize("language", LANGUAGES)
def test_contacts_of_every_page_are_those_of_the_page_of_contacts(
    built: Path, language: Language
) -> None:
    """The same number and address wherever a contact is named, JSON-LD included."""
    numbers = {
        number for each in contacts(built, language).values() for number in links(each, "tel:")
    }
    mails = {mail for each in contacts(built, language).values() for mail in links(each, "mailto:")}
    seen = 0
    for address in reading.html_addresses(built):
        if address.startswith(f"/{language}/"):
            page = at(built, address)
            seen += bool(by_class(page.root, "contact"))
            assert set(links(page.root, "tel:")) <= numbers
            assert set(links(page.root, "mailto:")) <= mails
            for script in page.all("script"):
                if script.get("type") == "application/ld+json":
                    found = re.findall(r'"telephone":\s*"([^"]+)"', script.text or "")
                    assert set(found) <= numbers
    assert seen > 5


# --- calendars -----------------------------------------------------------------------------------

HOUR = re.compile(r"(\d{1,2}):(\d\d)")


def edition_day(page: Page, language: Language) -> date | None:
    """The first day of an edition as its page writes it, None when it names no day."""
    (when,) = [
        words(row[1])
        for row in by_class(page.root, "particulars__row")
        if words(row[0]) in ("时间", "When")
    ]
    if language == "zh":
        found = re.search(r"(\d{4})年(\d+)月(\d+)日", when)
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    found = re.search(r"(\d+ \w+ \d{4})", when)
    return datetime.strptime(found[1], "%d %B %Y").date() if found else None  # noqa: DTZ007  (a day)


def editions(built: Path, language: Language) -> list[Page]:
    return [
        at(built, address)
        for address in reading.html_addresses(built)
        if re.fullmatch(rf"/{language}/events/[^/]+/\d{{4}}/", address)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_calendars_say_what_the_pages_of_events_say(built: Path, language: Language) -> None:
    """Two parsers: ics, with its own grammar, and vobject."""
    whole = (built / f"{language}/events/calendar.ics").read_text("utf-8")
    in_calendar = {str(each.url): each for each in ics.Calendar(whole).events}
    shown = 0
    for page in editions(built, language):
        day = edition_day(page, language)
        file = built / page.address.lstrip("/") / "event.ics"
        assert file.exists() == (day is not None), page.address
        if day is None:
            assert not [url for url in in_calendar if url.endswith(page.address)]
            continue
        raw = file.read_text("utf-8")
        shown += 1
        heading = words(page.all("h1")[0])
        (one,) = [each for each in ics.Calendar(raw).events if str(each.url).endswith(page.address)]
        other = vobject.readOne(raw).vevent
        (listed,) = [each for url, each in in_calendar.items() if url.endswith(page.address)]
        assert one.name == listed.name == other.summary.value == heading
        assert one.uid == listed.uid == other.uid.value
        # Whoever has both holds one entry, not two that disagree on which is newer.
        assert raw[raw.index("BEGIN:VEVENT") : raw.rindex("END:VCALENDAR")] in whole
        hours = [HOUR.search(words(each)) for each in by_class(page.root, "particulars__time")]
        if hours and hours[0]:
            begins = datetime(day.year, day.month, day.day, int(hours[0][1]), int(hours[0][2]))  # noqa: DTZ001  (wall clock)
            for moment in (one.begin, listed.begin, other.dtstart.value):
                assert moment.utcoffset().total_seconds() == 8 * 3600
                assert moment.replace(tzinfo=None).isoformat()[:19] == begins.isoformat()
            assert not one.all_day
        else:
            assert one.all_day
            assert one.begin.date() == listed.begin.date() == other.dtstart.value == day
        (place,) = [
            words(row[1])
            for row in by_class(page.root, "particulars__row")
            if words(row[0]) in ("地点", "Where")
        ]
        assert one.location == listed.location == other.location.value == place
        assert other.status.value == "CONFIRMED"
    assert shown >= 3
    assert len(in_calendar) == shown


# --- what lies beside a release ------------------------------------------------------------------


def pages_in(built: Path, release: str) -> dict[Language, Page]:
    """A release's page in both languages."""
    tail = release.partition("/")[2].partition("/")[2]
    return {language: at(built, f"/{language}/{tail}") for language in LANGUAGES}


def paragraphs(page: Page) -> list[str]:
    """The text of a release as the page has it, dateline included."""
    return [
        plain(words(each))
        for body in by_class(page.root, "body")
        for each in body.iter()
        if reading.local(each) in ("p", "h2", "h3", "li")
        and "photograph" not in (each.get("class") or "")
        and not any(
            each in figure.iter() for figure in body.iter() if reading.local(figure) == "figure"
        )
    ]


def published(page: Page) -> str:
    (time,) = [
        each
        for head in by_class(page.root, "release__dates")
        for each in head.iter()
        if reading.local(each) == "time" and len(each.get("datetime") or "") == 10
    ]
    return str(time.get("datetime"))


def same_text(page: Page, found: str, language: Language) -> None:
    """Title, day, every paragraph and every contact of the page stand in a text."""
    squeezed = plain(found)
    assert plain(words(page.all("h1")[0])) in squeezed
    assert plain(formats.day(published(page), language)) in squeezed
    wanted = paragraphs(page)
    assert len(wanted) > 2
    for paragraph in wanted:
        assert paragraph in squeezed, paragraph
    for contact in by_class(page.root, "contact"):
        assert plain((by_class(contact, "contact__name")[0].text or "").strip()) in squeezed
        for line in by_class(contact, "contact__line"):
            assert plain(words(line)) in squeezed


def test_the_text_of_a_release_is_that_of_its_page(built: Path, release: str) -> None:
    language: Language = "zh" if release.startswith("/zh/") else "en"
    pages = pages_in(built, release)
    raw = (built / release.lstrip("/") / "release.txt").read_text("utf-8")
    own, other = re.split(r"\n=+\n", raw)
    same_text(pages[language], own, language)
    same_text(pages[OTHER[language]], other, OTHER[language])
    compiled = bool(by_class(pages[language].root, "release__compiled"))
    assert raw.count("\n###\n") == (0 if compiled else 2)


def test_the_ninjs_item_of_a_release_is_its_page(built: Path, release: str) -> None:
    page = at(built, release)
    language: Language = "zh" if release.startswith("/zh/") else "en"
    item = json.loads((built / release.lstrip("/") / "release.json").read_text("utf-8"))
    validator(STRUCTURE).validate(item)
    assert item["headlines"][0]["value"] == words(page.all("h1")[0])
    assert item["language"] == page.lang
    assert item["uri"].endswith(release)
    first = datetime.fromisoformat(item["firstCreated"]).astimezone(CHINA)
    assert first.date().isoformat() >= published(page)
    main = next(each["value"] for each in item["bodies"] if each["role"] == "main")
    unmarked = plain(re.sub(r"<[^>]+>", "", main).replace("&amp;", "&"))
    for paragraph in paragraphs(page)[1:]:  # the first has the dateline on the page
        assert paragraph in unmarked
    wire = next(each["value"] for each in item["bodies"] if each["role"] == "wire")
    same_text(page, wire, language)
    assert [each["name"] for each in item["people"]] == [
        (by_class(each, "contact__name")[0].text or "").strip()
        for each in by_class(page.root, "contact")
    ]
    reach = {each["value"] for person in item["people"] for each in person["contactInfo"]}
    assert reach == {*links(page.root, "tel:"), *links(page.root, "mailto:")}
    (twin,) = [each for each in item["associations"] if each["rel"] == "translation"]
    assert twin["uri"].endswith(f"/{OTHER[language]}/" + release.split("/", 2)[2])


def test_the_kit_of_a_release_holds_its_page(built: Path, release: str) -> None:
    pages = pages_in(built, release)
    data = (built / release.lstrip("/") / "kit.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    slug = release.strip("/").rpartition("/")[2]
    for language, page in pages.items():
        same_text(page, files[f"{slug}.{language}.txt"].decode(), language)
        document = docx.Document(io.BytesIO(files[f"{slug}.{language}.docx"]))
        same_text(page, "\n".join(each.text for each in document.paragraphs), language)
        assert document.core_properties.title == words(page.all("h1")[0])
        captions = plain(files["captions.txt"].decode())
        for caption in by_class(page.root, "photograph__caption"):
            assert plain(caption.text or "?") in captions
        for credit in by_class(page.root, "photograph__credit"):
            assert plain(words(credit)) in captions
        assert words(page.all("h1")[0]) in files["README.txt"].decode()
    sums = dict(line.split("  ", 1)[::-1] for line in files["SHA256SUMS.txt"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(each).hexdigest()
        for name, each in files.items()
        if name != "SHA256SUMS.txt"
    }


# --- feeds ---------------------------------------------------------------------------------------


def feeds(built: Path) -> list[Path]:
    return sorted(built.rglob("feed.atom.xml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_say_what_the_pages_say(built: Path, language: Language) -> None:
    """Atom with feedparser, and the same entries in the JSON Feed."""
    checked = 0
    for file in feeds(built / language):
        feed = feedparser.parse(file.read_bytes())
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.feed.language == {"zh": "zh-Hans", "en": "en"}[language]
        ids = []
        for entry in feed.entries:
            address = reading.inside(entry.link)
            assert address is not None
            page = at(built, address)
            assert entry.title == words(page.all("h1")[0])
            ids.append(entry.id)
            if "/releases/" in address:
                day = datetime.fromisoformat(entry.published).astimezone(UTC)
                assert day.isoformat()[:10] <= published(page)
                body = plain(re.sub(r"<[^>]+>", "", entry.content[0].value).replace("&amp;", "&"))
                for paragraph in paragraphs(page)[1:]:
                    assert paragraph in body
                checked += 1
        beside = file.with_name("feed.json")
        if beside.exists():
            other = json.loads(beside.read_text("utf-8"))
            assert other["version"] == "https://jsonfeed.org/version/1.1"
            assert [each["title"] for each in other["items"]] == [
                each.title for each in feed.entries
            ]
            assert [each["date_published"] for each in other["items"]] == [
                each.published for each in feed.entries
            ]
        assert len(set(ids)) == len(ids)
    assert checked >= 6


# --- figures and names ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_as_json_and_csv_are_those_of_the_page(built: Path, language: Language) -> None:
    schema = json.loads((built / "data/facts.schema.json").read_text("utf-8"))
    facts = json.loads((built / "data/facts.json").read_text("utf-8"))
    validator(schema).validate(facts)
    raw = (built / "data/facts.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    page = at(built, f"/{language}/facts/")
    shown = {}
    for fact in by_class(page.root, "fact"):
        entries = []
        for entry in by_class(fact, "fact__entry"):
            source = by_class(entry, "fact__source")
            entries.append(
                (
                    # A value without a history stands in the head of its fact only.
                    text(entry, "fact__number") or text(fact, "fact__value"),
                    text(entry, "fact__date"),
                    words(source[0]) if source else "",
                )
            )
        shown[str(fact.get("id"))] = (text(fact, "fact__label"), entries[::-1])
    assert len(shown) >= 6
    assert (
        shown.keys() == {each["key"] for each in facts["facts"]} == {each["key"] for each in rows}
    )
    for fact in facts["facts"]:
        label, entries = shown[fact["key"]]
        assert fact["label"][language] == label
        assert fact["address"][language].endswith(f"/{language}/facts/#{fact['key']}")
        own = [each for each in rows if each["key"] == fact["key"]]
        assert len(fact["history"]) == len(entries) == len(own)
        for value, row, (number, day, source) in zip(fact["history"], own, entries, strict=True):
            assert value["text"][language] == row[f"text_{language}"] == number
            assert formats.edtf(value["asOf"], language) == day
            assert value["asOf"] == row["as_of"]
            assert str(value["written"]) == row["number"]
            digits = re.sub(r"[^\d.]", "", re.sub(r"\([^)]*\)|（[^）]*）", "", number))
            factor = 10_000 if "万" in number else 1
            assert float(digits) * factor == value["number"]
            title = value["source"]["title"]
            assert (title.get(language) or next(iter(title.values()))) in source
            assert value["source"].get("url", "") == row["source_url"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_as_csv_are_those_of_the_page(built: Path, language: Language) -> None:
    raw = (built / "data/names.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    page = at(built, f"/{language}/names/")
    shown = {str(each.get("id")): each for each in by_class(page.root, "name") if each.get("id")}
    assert len(shown) > 30
    assert shown.keys() == {row["key"] for row in rows}
    for row in rows:
        entry = shown[row["key"]]
        own = by_class(entry, "name__own")[0]
        other = by_class(entry, "name__other")[0]
        assert (own.text or "").strip() == (row[language] or row[OTHER[language]])
        if other.text and other.text.strip():
            assert other.text.strip() == row[OTHER[language]]
        if row["pinyin"]:
            assert text(entry, "name__pinyin") == row["pinyin"]
        if row["role_zh"] or row["role_en"]:
            roles = [words(each) for each in by_class(entry, "name__role")]
            assert any((row[f"role_{language}"] or "") in role for role in roles)
            for end in ("from", "to"):
                if row[end]:
                    assert any(formats.edtf(row[end], language) in role for role in roles)


# --- and they can be found -----------------------------------------------------------------------

# What programs look for at a place of its own, named by a standard or by the publisher.
UNLINKED = re.compile(
    r"robots\.txt|(news-)?sitemap\.xml|sitemap/.*|\.well-known/.*|_redirects|\.server/.*|pagefind/.*|static/.*"
)


def test_a_page_leads_to_every_file(built: Path) -> None:
    """Nothing made for taking along lies where nobody is told of it."""
    led = {
        (reading.inside(reference.target) or "").partition("#")[0]
        for address in reading.html_addresses(built)
        for reference in at(built, address).references()
    }
    files = {
        path.relative_to(built).as_posix()
        for path in built.rglob("*")
        if path.is_file() and path.suffix != ".html"
    }
    taken = {name for name in files if not UNLINKED.fullmatch(name)}
    assert len(taken) > 40
    assert sorted(name for name in taken if f"/{name}" not in led) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_file_is_offered_wechat_s_readers_are_told_how_to_get_it(
    built: Path, language: Language
) -> None:
    """WeChat's browser downloads none of these; what they hold stands on the page as text."""
    told = {"zh": "在浏览器中打开", "en": "open the page in your browser"}[language]
    offering = 0
    for address in reading.html_addresses(built):
        page = at(built, address)
        files = [
            target
            for each in page.all("a")
            if (target := each.get("href") or "").endswith((".ics", ".vcf", ".zip"))
        ]
        if files and address.startswith(f"/{language}/"):
            offering += 1
            assert any(told in words(hint) for hint in by_class(page.root, "hint")), address
    assert offering > 8
