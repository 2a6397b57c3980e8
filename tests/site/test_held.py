"""Nothing leaves before its hour: canaries in held items, looked for in every byte of what is public.

Sites are generated, with a canary in everything a held item brings: words, slugs, names, topics,
years, figures, pictures, file names. One second before the hour the public site is, byte for byte,
the site that never heard of the item; at the hour every canary is there.

Sixty sites by default, 2,000 with PRESSROOM_FULL=1.
"""

from __future__ import annotations

import gzip
import html
import io
import itertools
import json
import os
import random
import shutil
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import brotli
import pytest

from pressroom.moments import CHINA, iso, read_instant
from pressroom.newsroom import Foreseen, Wish
from pressroom.pages import as_bytes
from pressroom.problems import ContentError
from pressroom.views import as_given
from pressroom.writer import Page
from tests import building
from tests.publishing.test_servers import nginx
from tests.site.test_ledger import put_live
from tests.tiny import Tiny, jpeg

FULL: Final = os.environ.get("PRESSROOM_FULL") == "1"
SITES: Final = 2000 if FULL else 60
BATCH: Final = 10  # sites a test; each test has its own cache

# Where the process believes it is: the public instant must not care.
ZONES: Final = (
    "UTC",
    "Asia/Shanghai",
    "America/Los_Angeles",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "America/St_Johns",
)


@pytest.fixture
def zone() -> Iterator[Any]:
    """A function that moves this process to a time zone; it is moved back afterwards."""
    before = os.environ.get("TZ")

    def move(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield move
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


# --- canaries ----------------------------------------------------------------------------------


class Canaries:
    """Words that stand nowhere else, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def latin(self, length: int = 9) -> str:
        return "q" + "".join(self.random.choice("bcdfghjklmnpqrstvwxz") for _ in range(length))

    def word(self) -> str:
        """A word as English has it."""
        return self.latin().capitalize()

    def han(self, length: int = 5) -> str:
        # Characters that stand in no catalogue and no data file of the site.
        return "".join(
            self.random.choice("虺虿蚍蚋蚝蚧蚣蚪蚓蛄蛎蛏蛑蛐蛔蛭蛳蛸蜇蜍") for _ in range(length)
        )

    def colour(self) -> tuple[int, int, int]:
        return tuple(self.random.randrange(256) for _ in range(3))  # type: ignore[return-value]  # three of them


def unpacked(path: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and everything packed inside it."""
    yield path, data
    if data.startswith(b"\x1f\x8b"):  # what the search loads is compressed and is not called so
        yield from unpacked(path.removesuffix(".gz"), gzip.decompress(data))
    elif path.endswith(".br"):
        yield from unpacked(path[:-3], brotli.decompress(data))
    elif data.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from unpacked(f"{path}!{name}", archive.read(name))


def readings(path: str, data: bytes) -> bytes:
    """A file as it stands and as programs read it: unfolded, unescaped, decoded."""
    found = [path.encode(), data]
    if path.endswith((".ics", ".vcf")):
        found.append(data.replace(b"\r\n ", b"").replace(b"\r\n\t", b""))
    if path.endswith(".json"):
        found.append(json.dumps(json.loads(data), ensure_ascii=False).encode())
    if "\u200b".encode() in data:  # the search takes Chinese apart into words
        found.append(data.replace("\u200b".encode(), b""))
    if b"&#" in data or b"&amp;" in data:
        found.append(html.unescape(data.decode("utf-8", "replace")).encode())
    return b"\0".join(found)


class Haystack:
    """All bytes of a tree, packed and unpacked, with the file each stands in."""

    def __init__(self, tree: dict[str, bytes]) -> None:
        self.files = [
            (name, readings(name, inner))
            for path, data in tree.items()
            for name, inner in unpacked(path, data)
        ]

    def where(self, needle: bytes) -> list[str]:
        return [path for path, data in self.files if needle in data]


class Held:
    """A generated held item: what it is called, when each side goes out, and its canaries."""

    def __init__(self) -> None:
        self.folders: list[str] = []
        self.zh: list[bytes] = []
        self.en: list[bytes] = []
        self.both: list[bytes] = []
        self.data: list[tuple[str, str]] = []  # (data file, lines) that came with it

    @property
    def all(self) -> list[bytes]:
        return [*self.zh, *self.en, *self.both]


def public_site(tiny: Tiny, drawn: Canaries) -> None:
    """What is public already, and refers to nothing held."""
    tiny.item("events/week", {"kind": "series"})
    tiny.item("events/week/2020", {"edition": 2020, "starts": "2020-05-31", "place": "beijing"})
    tiny.item("programmes/walk", {"facts": "[villages]"})
    tiny.item("pages/about")
    for number in range(drawn.random.randrange(1, 4)):
        tiny.release(
            f"20{10 + number}/old",
            {
                "topics": drawn.random.choice(["[children]", "[children, schools]", "[]"]),
                "event": drawn.random.choice(["week", "week/2020", None]),
                "programmes": drawn.random.choice(["[walk]", None]),
            },
        )


def held_item(tiny: Tiny, drawn: Canaries, moments: dict[str, str], translation: str) -> Held:
    """Write a held item with canaries in all it has. `moments`: zh and en, when each side is due."""
    draw, held = drawn.random, Held()
    slug = drawn.latin()
    kind = draw.choice(["release", "release", "release", "event", "programme", "page"])
    due = {language: read_instant(moment) for language, moment in moments.items()}
    # A photograph may stand in one language only where somebody said why.
    front: dict[str, Any] = {"proofread": "[{allow: photographs, because: a test}]"}
    apart = translation not in ("", "together")
    if translation:
        front["translation"] = translation
    if not apart:
        front["embargo"] = moments["zh"]
    own: dict[str, dict[str, Any]] = {}
    bodies: dict[str, str] = {}
    held.both.append(slug.encode())
    photograph = drawn.latin()
    topic, topic_zh, topic_en = drawn.latin(), drawn.han(), drawn.word()
    person, person_zh, person_en = drawn.latin(), drawn.han(), drawn.word()
    zh_photo = drawn.latin()  # stands in the Chinese body only
    source_zh, source_en = drawn.han(), drawn.word()
    credit = drawn.word()
    for language, new in (("zh", drawn.han), ("en", drawn.word)):
        title, summary, words, alt, caption = (new() for _ in range(5))
        own[language] = {
            "title": title,
            "summary": f"{summary}。" if language == "zh" else f"{summary}.",
        }
        if apart and language in moments:
            own[language]["embargo"] = moments[language]
        text = f"{words}。" if language == "zh" else f"{words}."
        bodies[language] = f'{text}\n\n![{alt}](photos/{photograph}.jpg "{caption}")\n'
        mine = held.zh if language == "zh" else held.en
        mine += [each.encode() for each in (title, summary, words, alt, caption)]
    bodies["zh"] += f"\n![{drawn.han()}](photos/{zh_photo}.jpg)\n"
    bodies["zh"] += f"\n[{person_zh}]({{name}}{person})。\n"
    bodies["en"] += f"\n[{person_en}]({{name}}{person}).\n"
    front["photos"] = f"\n  {photograph}.jpg: {{credit: {credit}}}"
    if translation != "en-only":
        front["photos"] += f"\n  {zh_photo}.jpg: {{credit: {credit}}}"
    if kind != "page":  # a page does not show its sources
        front["sources"] = f"[{{zh: {source_zh}, en: {source_en}}}]"
        held.zh.append(source_zh.encode())
        held.en.append(source_en.encode())
    held.data.append(("names", f"{person}: {{kind: person, zh: {person_zh}, en: {person_en}}}\n"))
    held.both += [photograph.encode(), credit.encode(), person.encode(), person_zh.encode()]
    held.zh.append(zh_photo.encode())
    if kind == "release":
        year = str(min(due.values()).astimezone(CHINA).year)
        key = f"releases/{year}/{slug}"
        front |= {
            # The day may come long before the hour, or be the hour itself.
            "date": draw.choice([f"{year}-01-01", str(min(due.values()).astimezone(CHINA).date())]),
            "place": "beijing",
            "status": "public",
            "contacts": "[desk]",
            "topics": f"[children, {topic}]",
            "event": draw.choice(["week", "week/2020", None]),
            "programmes": draw.choice(["[walk]", None]),
        }
        held.data.append(("topics", f"{topic}: {{zh: {topic_zh}, en: {topic_en}}}\n"))
        held.both += [topic.encode(), topic_zh.encode(), topic_en.encode()]
        figure = str(draw.randrange(10**8, 10**9))
        fact = drawn.latin()
        held.data.append(
            (
                "facts",
                f"{fact}:\n  label: {{zh: 甲, en: A}}\n  unit: {{zh: 个, en: units}}\n  values:\n"
                f'    - {{value: {figure}, as_of: 2020, source: "release:{year}/{slug}"}}\n',
            )
        )
        held.both += [figure.encode(), fact.encode()]
        bodies["zh"] += f"\n2020年，甲为{figure}个。\n"
        bodies["en"] += f"\nIn 2020, A came to {int(figure):,} units.\n"
    elif kind == "event":
        key = f"events/week/{slug}"
        theme = {"zh": drawn.han(), "en": drawn.word()}
        point_zh, point_en = drawn.han(), drawn.word()
        front |= {
            "starts": "2029-03-04",
            "people": f"[{person}]",
            "schedule": f'[{{at: "15:00", zh: {point_zh}, en: {point_en}}}]',
        }
        own["zh"]["theme"], own["en"]["theme"] = theme["zh"], theme["en"]
        held.zh += [theme["zh"].encode(), point_zh.encode()]
        held.en += [theme["en"].encode(), point_en.encode()]
    else:
        key = f"{kind}s/{slug}"
        if kind == "programme":
            fact = drawn.latin()
            front["facts"] = "[villages]"
            held.data.append(
                (
                    "facts",
                    f"{fact}:\n  programme: {slug}\n  label: {{zh: 乙, en: B}}\n  unit: {{zh: 个, en: units}}\n"
                    "  values:\n    - {value: 7, as_of: 2020}\n",
                )
            )
    only = {"zh-only": "zh", "en-only": "en"}.get(translation, "")
    tiny.item(
        key,
        front,
        zh=own["zh"],
        en=own["en"],
        zh_body=bodies["zh"],
        en_body=bodies["en"],
        only=only,
    )
    for name in (photograph,) if only == "en" else (photograph, zh_photo):
        data = jpeg(drawn.colour(), 64 + draw.randrange(100))
        tiny.write(f"{key}/photos/{name}.jpg", data)
    held.folders.append(key)
    for file, lines in held.data:
        tiny.append(f"data/{file}.yaml", lines)
    return held


def forget(tiny: Tiny, held: Held) -> None:
    """Take a held item out of the content, with what came with it in the data files."""
    for folder in held.folders:
        shutil.rmtree(tiny.content / folder)
        parent = (tiny.content / folder).parent
        if parent.parent.name == "releases" and not any(parent.iterdir()):
            parent.rmdir()
    for file, lines in held.data:
        path = tiny.content / f"data/{file}.yaml"
        path.write_text(path.read_text("utf-8").replace(lines, ""), "utf-8")


def second_before(moment: str) -> str:
    return iso(read_instant(moment) - timedelta(seconds=1))


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def moment(drawn: Canaries) -> str:
    """An instant written in any way that is accepted."""
    at = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(
        seconds=drawn.random.randrange(10 * 365 * 86400)
    )
    offset = timedelta(minutes=drawn.random.choice([-660, -300, 0, 345, 480, 540, 840]))
    local = (at + offset).replace(tzinfo=None)
    written = local.isoformat(timespec="seconds")
    if offset == timedelta(hours=8) and drawn.random.random() < 0.5:
        return written  # China Standard Time goes without saying
    if not offset:
        return f"{written}Z"
    sign, minutes = "+" if offset > timedelta() else "-", abs(offset) // timedelta(minutes=1)
    return f"{written}{sign}{minutes // 60:02}:{minutes % 60:02}"


# --- the tests ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(SITES // BATCH))
def test_together_at_the_hour_and_not_a_second_before(
    tmp_path: Path, zone: Any, batch: int
) -> None:
    tiny = Tiny(tmp_path / "site")
    pristine = tmp_path / "pristine"
    shutil.copytree(tiny.content, pristine)
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        drawn = Canaries(seed)
        shutil.rmtree(tiny.content)
        shutil.copytree(pristine, tiny.content)
        public_site(tiny, drawn)
        zone(ZONES[seed % len(ZONES)])
        hour = moment(drawn)
        held = held_item(
            tiny, drawn, {"zh": hour, "en": hour}, drawn.random.choice(["", "together"])
        )
        before = tiny.tree(second_before(hour))
        hay = Haystack(before)
        for canary in held.all:
            assert hay.where(canary) == [], (seed, canary.decode())
        zone(ZONES[(seed + 3) % len(ZONES)])
        at = tiny.tree(hour)
        hay = Haystack(at)
        lost = [canary.decode() for canary in held.all if not hay.where(canary)]
        assert lost == [], seed
        assert at["robots.txt"] == before["robots.txt"]
        forget(tiny, held)
        never = tiny.tree(second_before(hour))
        assert differing(before, never) == [], seed
    tiny.close()


@pytest.mark.slow
@pytest.mark.parametrize("translation", ["zh-first", "en-first", "zh-only", "en-only"])
def test_a_side_that_is_held_leaks_nothing_while_the_other_is_public(
    tmp_path: Path, zone: Any, translation: str
) -> None:
    tiny = Tiny(tmp_path / "site")
    pristine = tmp_path / "pristine"
    shutil.copytree(tiny.content, pristine)
    for seed in range(50 if FULL else 6):
        drawn = Canaries(seed)
        shutil.rmtree(tiny.content)
        shutil.copytree(pristine, tiny.content)
        public_site(tiny, drawn)
        zone(ZONES[seed % len(ZONES)])
        early, late = sorted((moment(drawn), moment(drawn)), key=read_instant)
        language, mode = translation.split("-")
        other = "en" if language == "zh" else "zh"
        moments = {language: early} if mode == "only" else {language: early, other: late}
        held = held_item(tiny, drawn, moments, translation)
        mine, theirs = (held.zh, held.en) if language == "zh" else (held.en, held.zh)
        hay = Haystack(tiny.tree(second_before(early)))
        assert [each for each in held.all if hay.where(each)] == [], seed
        hay = Haystack(tiny.tree(early))
        assert [each for each in mine if not hay.where(each)] == [], seed
        assert [(each.decode(), hay.where(each)) for each in theirs if hay.where(each)] == [], seed
        if mode == "first":
            hay = Haystack(tiny.tree(second_before(late)))
            assert [(each.decode(), hay.where(each)) for each in theirs if hay.where(each)] == [], (
                seed
            )
            hay = Haystack(tiny.tree(late))
            assert [each for each in held.all if not hay.where(each)] == [], seed
    tiny.close()


def test_the_second_language_never_goes_before_the_first(tmp_path: Path) -> None:
    """zh-first with an earlier hour on the English side: English waits all the same."""
    tiny = Tiny(tmp_path)
    tiny.release(
        "2024/x",
        {"translation": "zh-first"},
        zh={"embargo": "2024-03-01T10:00"},
        en={"embargo": "2024-02-01T10:00"},
    )
    assert not any("2024/x" in path for path in tiny.tree("2024-03-01T09:59:59"))
    tree = tiny.tree("2024-03-01T10:00:00")
    assert {"zh/releases/2024/x/index.html", "en/releases/2024/x/index.html"} <= tree.keys()
    tiny.close()


def test_one_language_alone_is_held_with_a_warning(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    tiny.release("2024/x", only="zh")
    outcome = tiny.build()
    assert outcome.held == 1
    assert [each.rule for each in outcome.problems if "/2024/x/" in each.path] == ["translation"]
    assert not any("2024/x" in path for path in tiny.tree())
    tiny.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200 if FULL else 12))
def test_a_draft_never_shows_whatever_the_hour(tmp_path: Path, seed: int) -> None:
    tiny = Tiny(tmp_path)
    drawn = Canaries(seed)
    public_site(tiny, drawn)
    hour = moment(drawn)
    held = held_item(tiny, drawn, {"zh": hour, "en": hour}, "")
    path = tiny.content / held.folders[0] / "zh.md"
    text = path.read_text("utf-8").replace("status: public\n", "")
    path.write_text(text.replace("---\n", "---\nstatus: draft\n", 1), "utf-8")
    trees = [tiny.tree(at) for at in (second_before(hour), hour, "2099-01-01")]
    for tree in trees:
        hay = Haystack(tree)
        assert [each.decode() for each in held.all if hay.where(each)] == []
    preview = Haystack(tiny.tree(hour, preview=True))
    assert [each.decode() for each in (*held.zh[:3], *held.en[:3]) if not preview.where(each)] == []
    assert Haystack(tiny.tree(hour)).where(held.zh[0]) == [], "the preview was cleared away"
    tiny.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200 if FULL else 12))
def test_a_withdrawal_leaves_its_notice_and_no_word_of_the_old_text(
    tmp_path: Path, seed: int
) -> None:
    tiny = Tiny(tmp_path)
    drawn = Canaries(seed)
    public_site(tiny, drawn)
    hour = moment(drawn)
    held = held_item(tiny, drawn, {"zh": hour, "en": hour}, "")
    gone = iso(read_instant(hour) + timedelta(days=drawn.random.randrange(1, 400), seconds=7))
    reason_zh, reason_en = drawn.han(), drawn.word()
    path = tiny.content / held.folders[0] / "zh.md"
    head = f'---\nwithdrawn: {{at: "{gone}", zh: {reason_zh}, en: {reason_en}}}\n'
    path.write_text(path.read_text("utf-8").replace("---\n", head, 1), "utf-8")
    hay = Haystack(tiny.tree(second_before(gone)))
    assert [each.decode() for each in held.all if not hay.where(each)] == []
    assert hay.where(reason_zh.encode()) == hay.where(reason_en.encode()) == []
    tree = tiny.tree(gone)
    hay = Haystack(tree)
    slug = held.both[0]
    address = held.folders[0].removeprefix("pages/")
    for language, reason in (("zh", reason_zh), ("en", reason_en)):
        page = tree[f"{language}/{address}/index.html"].decode()
        assert reason in page
    key = slug.decode()
    left = [
        (each.decode(), hay.where(each)) for each in held.all if each != slug and hay.where(each)
    ]
    assert left == [], key
    companions = [
        path
        for path in tree
        if address in path and not path.endswith(("index.html", "release.json"))
    ]
    assert companions == []
    tiny.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20 if FULL else 1))
def test_the_search_finds_nothing_before_the_hour_and_nothing_after_the_withdrawal(
    tmp_path: Path, seed: int
) -> None:
    tiny = Tiny(tmp_path)
    drawn = Canaries(seed)
    public_site(tiny, drawn)
    hour, gone = "2031-03-01T10:00:00+08:00", "2031-03-02T10:00:00+08:00"
    held = held_item(tiny, drawn, {"zh": hour, "en": hour}, "")
    path = tiny.content / held.folders[0] / "zh.md"
    head = f'---\nwithdrawn: {{at: "{gone}", zh: 原因, en: Reason}}\n'
    path.write_text(path.read_text("utf-8").replace("---\n", head, 1), "utf-8")

    def found(at: str) -> list[bytes]:
        wish = Wish(now=read_instant(at), output=tiny.output, jobs=1, search=True)
        tiny.newsroom.build(wish)
        index = building.tree(tiny.output / "pagefind")
        assert any(name.startswith("en/fragment/") for name in index)
        hay = Haystack(index)
        return [each for each in held.all if hay.where(each) or hay.where(each.lower())]

    assert found(second_before(hour)) == []
    assert {held.zh[0], held.zh[2], held.en[0], held.en[2]} <= set(found(hour))
    assert found(gone) == []
    tiny.close()


@pytest.mark.slow
def test_what_is_live_holds_nothing_in_its_compressed_copies_either(tmp_path: Path) -> None:
    """The same with the real publication, to a folder: .br and .gz are made after the build."""
    tiny, live = Tiny(tmp_path), tmp_path / "live"
    drawn = Canaries(11)
    public_site(tiny, drawn)
    hour = moment(drawn)
    held = held_item(tiny, drawn, {"zh": hour, "en": hour}, "")
    hay = Haystack(building.tree(put_live(tiny, live, second_before(hour))))
    assert [each.decode() for each in held.all if hay.where(each)] == []
    hay = Haystack(building.tree(put_live(tiny, live, hour)))
    assert [each.decode() for each in held.all if not hay.where(each)] == []
    packed = {Path(path).suffix for path in building.tree(live)}
    assert {".br", ".gz"} <= packed
    tiny.close()


@pytest.mark.slow
@pytest.mark.needs("nginx")
def test_none_of_a_thousand_guessed_addresses_answers(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    drawn = Canaries(7)
    public_site(tiny, drawn)
    hour = "2024-03-01T10:00:00+08:00"
    held = [held_item(tiny, drawn, {"zh": hour, "en": hour}, "") for _ in range(8)]
    # The best guesser knows every address that will ever be.
    future = list(tiny.tree(hour))
    now = tiny.tree(second_before(hour))
    guesses = [f"/{path.removesuffix('index.html')}" for path in future if path not in now]
    slugs = [each.both[0].decode() for each in held]
    folders = [each.folders[0] for each in held]
    heads = (
        "",
        "zh/",
        "en/",
        "drafts/",
        "zh/drafts/",
        "static/",
        "media/",
        "preview/",
        "data/",
        "content/",
    )
    tails = (
        "",
        "/",
        ".html",
        "/index.html",
        ".md",
        "/zh.md",
        "/kit.zip",
        "/release.txt",
        "/release.json",
        "/release.txt.gz",
        "/index.html.br",
        "/photos/",
    )
    guesses += [
        f"/{head}{stem}{tail}"
        for stem in (*folders, *slugs)
        for head, tail in itertools.product(heads, tails)
    ]
    guesses = list(dict.fromkeys(guesses))
    drawn.random.shuffle(guesses)
    assert len(guesses) >= 1000
    with nginx(tiny.output, tmp_path / "nginx") as server:

        def status(guess: str) -> int:
            said = server.get(guess)
            # .../index.html is led to its folder, whether it is there or not.
            return status(said.headers["location"]) if said.status == 301 else said.status

        answers = {guess: status(guess) for guess in guesses[:1000]}
    assert len(answers) == 1000
    assert {guess: code for guess, code in answers.items() if code != 404} == {}
    tiny.close()


# --- what refers to what is held ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "front"),
    [
        ("[x]({release}2024/late).\n", {}),
        ("[x]({event}late).\n", {}),
        ("[x]({programme}late).\n", {}),
        ("[x]({page}late).\n", {}),
        ("{fact}late units.\n", {}),
        ("{fact}villages@2020 units.\n", {}),
        ("Words.\n", {"event": "late"}),
        ("Words.\n", {"programmes": "[late]"}),
    ],
)
def test_a_public_item_that_refers_to_a_held_one_stops_the_build_today(
    tmp_path: Path, body: str, front: dict[str, str]
) -> None:
    """At `check`, years before the hour at which nobody would be there."""
    tiny = Tiny(tmp_path)
    late = "2030-01-01T10:00:00+08:00"
    tiny.release(
        "2024/late",
        {"embargo": late},
        zh_body="2020年，甲为7个，村庄2000个。\n",
        en_body="In 2020, A came to 7 units and there were 2,000 villages.\n",
    )
    for key in ("events/late", "programmes/late", "pages/late"):
        tiny.item(
            key, {"embargo": late, **({"kind": "series"} if key.startswith("events") else {})}
        )
    tiny.append(
        "data/facts.yaml",
        '    - {value: 2000, as_of: 2020, source: "release:2024/late"}\n'
        "late:\n  label: {zh: 甲, en: A}\n  unit: {zh: 个, en: units}\n  values:\n"
        '    - {value: 7, as_of: 2020, source: "release:2024/late"}\n',
    )
    assert tiny.problems() == []

    def early(**more: str) -> None:
        zh = body.replace("units", "个").replace("Words", "字")
        if body.startswith("{fact}"):  # a dated release writes its figures out
            tiny.item("pages/early", more, zh_body=zh, en_body=body)
        else:
            tiny.release("2024/early", {**front, **more}, zh_body=zh, en_body=body)

    early()
    found = tiny.problems("2024-06-01")
    assert {each.rule for each in found} == {"early-reference"}, found
    assert all("/early/" in each.path and each.line for each in found)
    # With the same embargo it is no longer early.
    early(embargo=late)
    assert tiny.problems("2024-06-01") == []
    tiny.close()


def test_a_figure_whose_source_is_withdrawn_may_not_be_written_by_key(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    tiny.release(
        "2024/gone",
        zh_body="2020年，甲为7个。\n",
        en_body="In 2020, A came to 7 units.\n",
        common={"status": "withdrawn", "withdrawn": "{at: 2024-03-01, zh: 原因, en: Reason}"},
    )
    tiny.append(
        "data/facts.yaml",
        "late:\n  label: {zh: 甲, en: A}\n  unit: {zh: 个, en: units}\n  values:\n"
        '    - {value: 7, as_of: 2020, source: "release:2024/gone"}\n',
    )
    tiny.item("pages/about", zh_body="{fact}late。\n", en_body="{fact}late.\n")
    assert [each.rule for each in tiny.problems()] == ["early-reference"] * 2
    tiny.close()


# --- the next change ---------------------------------------------------------------------------


def timed_site(tiny: Tiny, drawn: Canaries) -> None:
    """A site in which everything that can change by itself will."""
    draw = drawn.random

    def day() -> str:
        return str((datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=draw.randrange(300))).date())

    def hour() -> str:
        clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}:{draw.randrange(60):02}"
        return f'"{day()}T{clock}+08:00"'

    tiny.item("events/week", {"kind": "series"})
    tiny.item(
        "events/week/2024",
        {"edition": 2024, "starts": day(), "state": draw.choice(["announced", "postponed", None])},
    )
    tiny.item("pages/about", {"embargo": hour(), "updated": hour()})
    for number in range(draw.randrange(1, 4)):
        day_of = day()
        front: dict[str, Any] = {
            "date": day_of,
            "embargo": draw.choice([None, hour()]),
            "topics": draw.choice(["[]", "[children]"]),
            "updated": draw.choice([None, hour()]),
            "corrections": draw.choice(
                [
                    None,
                    f"[{{at: {hour()}, zh: 更正, en: Corrected}}]",
                    f"[{{at: {hour()}, zh: 更正, en: Corrected, minor: true}}]",
                ]
            ),
            "withdrawn": draw.choice([None, None, f"{{at: {hour()}, zh: 原因, en: Reason}}"]),
        }
        if draw.random() < 0.5:
            front["photos"] = (
                f"\n  a.jpg: {{credit: x, children: true, consent: r, consent_until: {day()}}}"
            )
            tiny.photo(f"releases/2024/item{number}/photos/a.jpg", drawn.colour())
        tiny.release(f"2024/item{number}", front)
    tiny.append(
        "data/contacts.yaml",
        "second:\n  name: {zh: 第二人, en: Second}\n  role: {zh: 值班, en: On duty}\n  organisation: agency\n"
        f"  languages: [zh]\n  email: two@example.org\n  confirmed: 2024-01-01\n  valid_until: {day()}\n  successor: desk\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100 if FULL else 8))
def test_the_site_changes_at_the_instants_that_next_names_and_at_no_other(
    tmp_path: Path, zone: Any, seed: int
) -> None:
    tiny = Tiny(tmp_path)
    drawn = Canaries(seed)
    timed_site(tiny, drawn)
    zone(ZONES[seed % len(ZONES)])
    now = read_instant("2024-01-01")
    end = read_instant("2026-01-01")
    seen = 0
    while True:
        following = tiny.newsroom.next_change(now)
        upto = following or end
        first = tiny.tree(iso(now))
        span = int((upto - now).total_seconds())
        between = (
            sorted(now + timedelta(seconds=drawn.random.randrange(span)) for _ in range(3))
            if span > 1
            else []
        )
        for at in [*between, upto - timedelta(seconds=1)]:
            assert differing(first, tiny.tree(iso(at))) == [], (iso(now), iso(at), following)
        if following is None:
            break
        assert differing(first, tiny.tree(iso(following))) != [], iso(following)
        now = following
        seen += 1
        assert seen < 60
    assert seen > 1
    tiny.close()


def test_a_site_in_which_nothing_will_happen_has_no_next_change(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    tiny.release("2024/x")
    assert tiny.newsroom.next_change(read_instant("2024-02-01")) is None
    assert tiny.newsroom.next_change(read_instant("2024-01-01")) == read_instant("2024-01-02")
    # It leaves the news sitemap two days later.
    assert tiny.newsroom.next_change(read_instant("2024-01-02")) == read_instant("2024-01-04")
    tiny.close()


def test_what_changes_without_showing_is_no_change() -> None:
    """A page may be given more than it shows: bytes decide, and paths, not keys."""

    def foreseen(given: int, shown: str, *more: str) -> Foreseen:
        pages = [
            Page("a", as_bytes, as_given, (given,)),
            *(Page(path, as_bytes, as_given, ()) for path in more),
        ]
        return Foreseen(pages, lambda page: shown.encode())

    assert not foreseen(1, "x").differs(foreseen(2, "x"))
    assert foreseen(1, "x").differs(foreseen(2, "y"))
    assert foreseen(1, "x").differs(foreseen(1, "x", "b"))
    assert foreseen(1, "x", "b").differs(foreseen(1, "x"))


@pytest.mark.parametrize("at", ["", "900", "2024-05-31T14:59:59 EDT", "tomorrow"])
def test_the_clock_is_read_as_strictly_as_the_content(
    at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pressroom.moments import Unreadable
    from pressroom.newsroom import clock

    monkeypatch.setenv("PRESSROOM_NOW", at or "2024-05-31T14:59:59")
    if at:
        with pytest.raises(Unreadable):
            clock()
        with pytest.raises(Unreadable):
            clock(at)
    else:
        assert clock() == read_instant("2024-05-31T06:59:59Z")


def test_a_held_item_with_an_error_says_so_today(tmp_path: Path) -> None:
    tiny = Tiny(tmp_path)
    tiny.release("2024/x", {"embargo": "2030-01-01", "place": "nowhere"})
    with pytest.raises(ContentError):
        tiny.build()
    tiny.close()
