"""A made-up archive: N bilingual releases of the real shape, the same bytes on every machine.

Nothing is read from a clock or from chance: every choice comes from a generator seeded with the
release's index, so release 17 of an archive is the same whoever writes it, and one more release
can be drawn at any time. Dates are spread evenly over twenty years.

The archive itself knows no generator's format: `write` hands each release to the writers it is
given (ours here, the peers' in bench/peers/), so that all formats hold the same words.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from bench import phrases
from bench.phrases import Pair

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")

FIRST_DAY: Final = date(2005, 1, 1)
LAST_DAY: Final = date(2024, 12, 31)
YEARS: Final = range(FIRST_DAY.year, LAST_DAY.year + 1)
SERIES: Final = "sample-week"
PROGRAMMES: Final[dict[str, Pair]] = {
    "sample-visits": ("Sample Visits", "样本走访"),
    "model-places": ("Model Places", "范例之家"),
    "example-training": ("Example Training", "示例培训"),
}
CONTACTS: Final = ("wang-jia", "li-yi", "zhang-bing")

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# What a release is made of, in order: its paragraphs by number of sentences, and what stands between.
_PLAN: Final = (
    "lead",
    "photo",
    3,
    "quote",
    "heading",
    3,
    3,
    "photo",
    "list",
    "heading",
    3,
    3,
    "quote",
    "close",
)


class Photo(msgspec.Struct, frozen=True):
    """A photograph on request: its key, credit, and alt text and caption by language."""

    name: str
    credit: str
    alt: dict[Language, str]
    caption: dict[Language, str]


class Release(msgspec.Struct, frozen=True):
    """A release; bodies are Markdown with our own references and photographs in them."""

    index: int
    slug: str
    date: date
    place: str
    topics: tuple[str, ...]
    contacts: tuple[str, ...]
    programmes: tuple[str, ...]
    edition: int | None
    source: dict[Language, str]
    publisher: str
    photos: tuple[Photo, ...]
    title: dict[Language, str]
    summary: dict[Language, str]
    body: dict[Language, str]

    @property
    def key(self) -> str:
        return f"{self.date.year}/{self.slug}"


class Head(msgspec.Struct, frozen=True):
    """What is known of a release without writing its body: enough to link to it."""

    slug: str
    date: date
    place: str
    organisation: str
    topics: tuple[str, ...]
    title: dict[Language, str]

    @property
    def key(self) -> str:
        return f"{self.date.year}/{self.slug}"


class Writer(Protocol):
    """Puts the archive into one generator's content folder."""

    def begin(self, archive: Archive) -> None: ...

    def release(self, release: Release) -> None: ...


# --- figures and dates, as each language writes them ---------------------------------------------


def number(value: int, language: Language) -> str:
    """12,400 in English; 1.24万 in Chinese, where that is exact and short, else plain digits."""
    if language == "en":
        return f"{value:,}"
    if value >= 10_000 and value % 100 == 0:
        return f"{value / 10_000:g}万"
    return str(value)


def day(value: date, language: Language) -> str:
    if language == "en":
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def _by_language(pair: Pair) -> dict[Language, str]:
    return {"zh": pair[1], "en": pair[0]}


# --- drawing -------------------------------------------------------------------------------------


class _Draw:
    """One release's choices: the fixed slots (place, organisation), and figures drawn anew each time."""

    def __init__(self, seed: int, before: date, place: str, organisation: str) -> None:
        self.chance = random.Random(seed)
        self.before = before
        people = self.chance.sample(sorted(phrases.PEOPLE), 2)
        self.people = people
        self.fixed = {
            language: {
                "place": _side(phrases.PLACES[place], language),
                "org": _side(phrases.ORGANISATIONS[organisation], language),
            }
            for language in LANGUAGES
        }

    def say(self, pair: Pair, **words: Pair) -> Pair:
        """Both sides of a sentence with the same figures in it."""
        chance = self.chance
        # Drawn whether or not the sentence has the slot: the next sentence must not depend on it.
        n = 20 * (10 + int(chance.random() * 480))
        m = 12 + int(chance.random() * 84)
        k = 12 + int(chance.random() * 84)
        p = 11 + int(chance.random() * 60)
        q = p + 3 + int(chance.random() * 15)
        big = 1000 * (10 + int(chance.random() * 980))
        earlier = self.before - timedelta(days=10 + int(chance.random() * 300))
        since = self.before.year - 4 - int(chance.random() * 6)
        said = []
        for language in LANGUAGES[::-1]:
            values = {
                **self.fixed[language],
                "n": number(n, language),
                "m": m,
                "k": k,
                "p": p,
                "q": q,
                "big": number(big, language),
                "date": day(earlier, language),
                "from_year": since,
                "to_year": self.before.year - 1,
            }
            for name, both in words.items():
                values[name] = _side(both, language)
            said.append(_side(pair, language).format_map(values))
        return said[0], said[1]


def _side(pair: Pair, language: Language) -> str:
    return pair[1] if language == "zh" else pair[0]


class Archive:
    """`size` releases over twenty years; indices from `size` on are further ones, of the last day."""

    def __init__(self, size: int, seed: int = 2017) -> None:
        self.size = size
        self.seed = seed
        self._span = (LAST_DAY - FIRST_DAY).days + 1
        self.head = lru_cache(maxsize=4096)(self._head)

    def day_of(self, index: int) -> date:
        if index >= self.size - 1:
            return LAST_DAY
        return FIRST_DAY + timedelta(days=index * self._span // self.size)

    def _head(self, index: int) -> Head:
        chance = random.Random(self.seed * 10_000_019 + 2 * index)
        place = chance.choice(sorted(phrases.PLACES))
        organisation = chance.choice(sorted(phrases.ORGANISATIONS))
        topics = tuple(sorted(chance.sample(sorted(phrases.TOPICS), chance.choice((1, 2, 2, 3)))))
        pattern = chance.choice(phrases.TITLES)
        count = 200 + index  # makes every title the only one of its kind
        title: dict[Language, str] = {
            language: _side(pattern, language).format(
                place=_side(phrases.PLACES[place], language), n=number(count, language)
            )
            for language in LANGUAGES
        }
        slug = f"{place}-{topics[0]}-{index:05}"
        return Head(slug, self.day_of(index), place, organisation, topics, title)

    def release(self, index: int, revision: str = "none") -> Release:
        """Release `index`; `revision` is a word at its end, to tell an edited text from the first."""
        head = self.head(index)
        draw = _Draw(
            self.seed * 10_000_019 + 2 * index + 1, head.date, head.place, head.organisation
        )
        chance = draw.chance
        edition = head.date.year if chance.random() < 0.2 else None
        programmes = (chance.choice(sorted(PROGRAMMES)),) if chance.random() < 0.3 else ()
        contacts = tuple(chance.sample(CONTACTS, chance.choice((1, 2))))
        photos = self._photos(draw, head)
        summary = draw.say(chance.choice(phrases.SUMMARIES))
        source = draw.say(chance.choice(phrases.SOURCES))
        blocks = list(self._blocks(draw, index, photos, edition, revision))
        body: dict[Language, str] = {
            "en": "\n\n".join(block[0] for block in blocks) + "\n",
            "zh": "\n\n".join(block[1] for block in blocks) + "\n",
        }
        return Release(
            index=index,
            slug=head.slug,
            date=head.date,
            place=head.place,
            topics=head.topics,
            contacts=contacts,
            programmes=programmes,
            edition=edition,
            source=_by_language(source),
            publisher=head.organisation,
            photos=photos,
            title=head.title,
            summary=_by_language(summary),
            body=body,
        )

    def releases(self) -> Iterator[Release]:
        for index in range(self.size):
            yield self.release(index)

    def _photos(self, draw: _Draw, head: Head) -> tuple[Photo, ...]:
        photos = []
        for name in draw.chance.sample(sorted(phrases.PHOTOS), 2):
            alt, caption = phrases.PHOTOS[name]
            photos.append(
                Photo(
                    name,
                    f"© {phrases.ORGANISATIONS[head.organisation][0]} {head.date.year}",
                    _by_language(alt),
                    _by_language(draw.say(caption)),
                )
            )
        return tuple(photos)

    def _blocks(
        self, draw: _Draw, index: int, photos: Sequence[Photo], edition: int | None, revision: str
    ) -> Iterator[Pair]:
        chance = draw.chance
        sentences = iter(chance.sample(phrases.BODY, 15))
        headings = iter(chance.sample(phrases.HEADINGS, 2))
        quotes = iter(chance.sample(phrases.QUOTES, 4))
        people = iter(draw.people)
        pictures = iter(photos)
        with_list = chance.random() < 0.5
        for part in _PLAN:
            if part == "lead":
                yield _joined([draw.say(lead) for lead in chance.sample(phrases.LEADS, 2)])
            elif part == "photo":
                yield _picture(next(pictures))
            elif part == "heading":
                english, chinese = next(headings)
                yield f"## {english}", f"## {chinese}"
            elif part == "quote":
                yield draw.say(
                    chance.choice(phrases.QUOTED),
                    said=next(quotes),
                    more=next(quotes),
                    person=phrases.PEOPLE[next(people)],
                )
            elif part == "list":
                if with_list:
                    yield draw.say(phrases.LIST_INTRO)
                    items = [draw.say(item) for item in chance.sample(phrases.LIST_ITEMS, 3)]
                    yield _listed(items)
            elif part == "close":
                closing = [
                    draw.say(
                        phrases.EARLIER, title=_pair(earlier.title), key=(earlier.key, earlier.key)
                    )
                    for earlier in self._earlier(chance, index)
                ]
                if edition:
                    key = f"{SERIES}/{edition}"
                    closing.append(draw.say(phrases.AT_EVENT, key=(key, key)))
                if closing:
                    yield _joined(closing)
                yield draw.say(phrases.NOTICE, revision=(revision, revision))
            else:
                assert isinstance(part, int)
                yield _joined([draw.say(next(sentences)) for _ in range(part)])

    def _earlier(self, chance: random.Random, index: int) -> list[Head]:
        """One earlier release to link to, if there is one."""
        if index == 0:
            return []
        return [self.head(max(0, index - 1 - int(chance.random() * 400)))]


def _pair(said: dict[Language, str]) -> Pair:
    return said["en"], said["zh"]


def _joined(sentences: Sequence[Pair]) -> Pair:
    return " ".join(each[0] for each in sentences), "".join(each[1] for each in sentences)


def _listed(items: Sequence[Pair]) -> Pair:
    return "\n".join(f"- {each[0]}" for each in items), "\n".join(f"- {each[1]}" for each in items)


def _picture(photo: Photo) -> Pair:
    english, chinese = (
        f'![{photo.alt[language]}](photos/{photo.name} "{photo.caption[language]}")'
        for language in LANGUAGES[::-1]
    )
    return english, chinese


def write(archive: Archive, writers: Sequence[Writer]) -> None:
    """The whole archive in every format asked for, in one pass."""
    for writer in writers:
        writer.begin(archive)
    for release in archive.releases():
        for writer in writers:
            writer.release(release)


# --- our own format ------------------------------------------------------------------------------


def words(pair: Pair) -> str:
    """Both languages as a YAML flow mapping."""
    return f'{{zh: "{pair[1]}", en: "{pair[0]}"}}'


class Content:
    """Our content folder: what is true in both languages stands in zh.md."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, archive: Archive) -> None:
        for year in YEARS:
            (self.folder / "releases" / str(year)).mkdir(parents=True, exist_ok=True)
        for path, text in _standing():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def release(self, release: Release) -> None:
        folder = self.folder / "releases" / release.key
        folder.mkdir(exist_ok=True)
        for language in LANGUAGES:
            text = (
                f'---\ntitle: "{release.title[language]}"\nsummary: "{release.summary[language]}"\n'
                f"{_front(release) if language == 'zh' else ''}---\n\n{release.body[language]}"
            )
            (folder / f"{language}.md").write_text(text, encoding="utf-8")


def _front(release: Release) -> str:
    lines = [
        f"date: {release.date}",
        f"place: {release.place}",
        "status: public",
        f"contacts: [{', '.join(release.contacts)}]",
        f"topics: [{', '.join(release.topics)}]",
    ]
    if release.programmes:
        lines.append(f"programmes: [{', '.join(release.programmes)}]")
    if release.edition:
        lines.append(f"event: {SERIES}/{release.edition}")
    publisher = words(phrases.ORGANISATIONS[release.publisher])
    lines.append("sources:")
    lines.append(
        f'  - {{zh: "{release.source["zh"]}", en: "{release.source["en"]}", publisher: {publisher}, '
        f"date: {release.date.year}}}"
    )
    lines.append("photos:")
    lines += [
        f'  {photo.name}: {{credit: "{photo.credit}", on_request: true}}'
        for photo in release.photos
    ]
    return "\n".join(lines) + "\n"


# --- what is there besides releases --------------------------------------------------------------

# key: unit, label, programme, first value, growth a year.
FACTS: Final[dict[str, tuple[Pair, Pair, str, int, int]]] = {
    "villages": (
        ("villages", "个村"),
        ("Villages with a worker", "有工作者的村"),
        "sample-visits",
        120,
        400,
    ),
    "families": (
        ("families", "户家庭"),
        ("Families visited", "走访家庭"),
        "sample-visits",
        2000,
        3500,
    ),
    "places": (("places", "所"), ("Children's places", "儿童之家"), "model-places", 20, 60),
    "parents": (
        ("parents", "名家长"),
        ("Parents advised", "得到咨询的家长"),
        "model-places",
        400,
        900,
    ),
    "workers": (
        ("workers", "名工作者"),
        ("Workers trained", "受训工作者"),
        "example-training",
        90,
        210,
    ),
    "courses": (("courses", "期"), ("Training courses", "培训班"), "example-training", 12, 25),
}

PAGES: Final[dict[str, tuple[Pair, Pair, Pair]]] = {
    "about": (
        ("About", "关于"),
        ("What this sample is.", "本样本的说明。"),
        (
            "This archive is made up to measure how fast a site is built.",
            "本档案系为测量建站速度而编写。",
        ),
    ),
    "subscribe": (
        ("Subscribe", "订阅"),
        ("Feeds of this sample.", "本样本的订阅源。"),
        ("The feeds carry the complete text.", "订阅源载有全文。"),
    ),
    "accessibility": (
        ("Accessibility", "无障碍"),
        ("How this sample can be used.", "如何使用本样本。"),
        ("Every page can be used with a keyboard.", "每个页面都可以用键盘操作。"),
    ),
    "privacy": (
        ("Privacy", "隐私"),
        ("What is kept of readers.", "保存哪些读者信息。"),
        ("Nothing is kept of readers.", "不保存任何读者信息。"),
    ),
}

SERIES_WORDS: Final[tuple[Pair, Pair, Pair]] = (
    ("Sample Week", "样本周"),
    ("A week of sample events, every year in June.", "每年6月的样本活动周。"),
    (
        "The Sample Week brings the workers of all the places together to compare what they do.",
        "样本周让各地的工作者相聚，交流做法。",
    ),
)
EDITION_THEME: Final[Pair] = ("A visit every month", "每月都有走访")


def edition_words(year: int) -> tuple[Pair, Pair, Pair]:
    """Title, summary and body of an edition."""
    return (
        (f"Sample Week {year}", f"{year}年样本周"),
        (f"The Sample Week of {year}.", f"{year}年的样本周。"),
        (
            f"The Sample Week of {year} was about home visits: how they are planned, done and recorded.",
            f"{year}年的样本周以入户走访为主题：如何安排、如何开展、如何记录。",
        ),
    )


def programme_words(key: str) -> tuple[Pair, Pair]:
    """Title and summary of a programme."""
    english, chinese = PROGRAMMES[key]
    return (english, chinese), (f"What {english} does.", f"{chinese}的工作。")


def facts_of(programme: str) -> list[str]:
    return [key for key, fact in FACTS.items() if fact[2] == programme]


def fact_values(key: str) -> list[tuple[int, int]]:
    """(year, value) of a fact, oldest first: one every four years."""
    _, _, _, start, growth = FACTS[key]
    return [(year, start + growth * (year - FIRST_DAY.year)) for year in YEARS[::4]]


def programme_body(key: str) -> Pair:
    """With our references to facts in it."""
    first, second = facts_of(key)
    english, chinese = PROGRAMMES[key]
    return (
        f"{english} has reached {{fact}}{first} and {{fact}}{second}.",
        f"{chinese}已覆盖{{fact}}{first}和{{fact}}{second}。",
    )


def _file(title: str, summary: str, front: str, body: str) -> str:
    return f'---\ntitle: "{title}"\nsummary: "{summary}"\n{front}---\n\n{body}\n'


def _both(
    folder: str, title: Pair, summary: Pair, body: Pair, front: str = "", theme: Pair | None = None
) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        own = f'theme: "{_side(theme, language)}"\n' if theme else ""
        common = front if language == "zh" else ""
        yield (
            f"{folder}/{language}.md",
            _file(
                _side(title, language),
                _side(summary, language),
                common + own,
                _side(body, language),
            ),
        )


def _standing() -> Iterator[tuple[str, str]]:
    """Everything of our content folder but the releases: (path, text)."""
    title, summary, body = SERIES_WORDS
    yield from _both(f"events/{SERIES}", title, summary, body, "kind: series\n")
    for year in YEARS:
        title, summary, body = edition_words(year)
        front = (
            f"edition: {year}\nstarts: {year}-06-01\nends: {year}-06-07\nplace: jiacheng\n"
            f"hosts: [sample-office, model-institute]\nstate: announced\ncontacts: [wang-jia]\n"
        )
        yield from _both(f"events/{SERIES}/{year}", title, summary, body, front, EDITION_THEME)
    for key in PROGRAMMES:
        title, summary = programme_words(key)
        front = (
            f"since: {FIRST_DAY.year}\npartners: [sample-office]\nfacts: [{', '.join(facts_of(key))}]\n"
            "contacts: [li-yi]\n"
        )
        yield from _both(f"programmes/{key}", title, summary, programme_body(key), front)
    for key, (title, summary, body) in PAGES.items():
        yield from _both(f"pages/{key}", title, summary, body)
    yield (
        "data/topics.yaml",
        "".join(
            f'{key}: {{zh: "{pair[1]}", en: "{pair[0]}"}}\n' for key, pair in phrases.TOPICS.items()
        ),
    )
    yield "data/names.yaml", _names()
    yield "data/contacts.yaml", _contacts()
    yield "data/facts.yaml", _facts()
    yield "data/organisation.yaml", _ORGANISATION


def _names() -> str:
    kinds = (
        ("place", phrases.PLACES),
        ("organisation", phrases.ORGANISATIONS),
        ("person", phrases.PEOPLE),
    )
    return "".join(
        f'{key}: {{kind: {kind}, zh: "{pair[1]}", en: "{pair[0]}"}}\n'
        for kind, pairs in kinds
        for key, pair in pairs.items()
    )


def telephone(position: int) -> str:
    """From the range that Ofcom keeps for drama, so that nobody's telephone rings."""
    return f"+44207946{position + 1:04}"


def _contacts() -> str:
    return "".join(
        f"{key}:\n  name: {words(phrases.PEOPLE[key])}\n"
        f'  role: {{zh: "新闻联络人", en: "Press officer"}}\n'
        f'  organisation: sample-office\n  languages: [zh, en]\n  telephone: "{telephone(position)}"\n'
        f"  email: {key}@example.org\n  confirmed: {LAST_DAY}\n"
        for position, key in enumerate(CONTACTS)
    )


def _facts() -> str:
    lines = []
    for key, (unit, label, programme, _, _) in FACTS.items():
        lines += [
            f"{key}:",
            f"  programme: {programme}",
            f"  label: {words(label)}",
            f"  unit: {words(unit)}",
            "  values:",
        ]
        lines += [
            f'    - {{value: {value}, as_of: {year}, source: {{zh: "样本名册", en: "Sample register"}}}}'
            for year, value in fact_values(key)
        ]
    return "\n".join(lines) + "\n"


_ORGANISATION: Final = """\
name: {zh: "样本新闻室", en: "Sample Newsroom"}
short_name: {zh: "样本", en: "Sample"}
tagline: {zh: "为测量速度而编写", en: "Made up to measure speed"}
notice: {zh: "本站内容均为虚构。", en: "Everything on this site is made up."}
boilerplate_title: {zh: "关于样本新闻室", en: "About the Sample Newsroom"}
boilerplate: {zh: "样本新闻室并不存在。", en: "The Sample Newsroom does not exist."}
section: {zh: "新闻稿", en: "News release"}
press_line: wang-jia
time_zone: Asia/Shanghai
security_expires: "2099-12-31T00:00:00Z"
"""
