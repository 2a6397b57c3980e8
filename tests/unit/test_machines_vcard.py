"""vCards and QR codes, read back by others' parsers."""

from __future__ import annotations

import re

import pytest
import vobject
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pressroom import telephones
from pressroom.machines import qr, vcard
from pressroom.words import Language, Words
from tests.unit.machine_samples import LIU_LI, MADELINE_EISNER, SITE, parts


def read(data: bytes) -> list[vobject.base.Component]:
    return list(vobject.readComponents(data.decode()))


def by_language(card: vobject.base.Component, name: str) -> dict[str, object]:
    return {line.params["LANGUAGE"][0]: line.value for line in card.contents[name]}


def test_another_parser_reads_both_languages() -> None:
    (card,) = read(vcard.make(vcard.VCards((LIU_LI,)), parts))
    assert card.version.value == "4.0"
    assert by_language(card, "fn") == {"zh-Hans": "刘莉", "en": "Liu Li"}
    assert by_language(card, "title") == {"zh-Hans": "新闻官员", "en": "Press officer"}
    assert {tag: name.family for tag, name in by_language(card, "n").items()} == {
        "zh-Hans": "刘",
        "en": "Liu",
    }
    assert {tag: name.given for tag, name in by_language(card, "n").items()} == {
        "zh-Hans": "莉",
        "en": "Li",
    }
    assert [line.value for line in card.contents["tel"]] == ["tel:+861085312612"]
    assert card.email.value == "liliu@unicef.org"
    assert card.uid.value == LIU_LI.uid
    assert card.source.value == f"{SITE}/contacts/liu-li.vcf"
    assert card.rev.value == "20170530T160000Z"
    assert [line.value for line in card.contents["lang"]] == ["zh", "en"]
    # One property in two languages is one property: RFC 6350, 5.4.
    for name in ("fn", "n", "org", "title", "note"):
        assert len({line.params["ALTID"][0] for line in card.contents[name]}) == 1


def test_a_name_without_a_chinese_form_is_said_once() -> None:
    (card,) = read(vcard.make(vcard.VCards((MADELINE_EISNER,)), parts))
    assert [(line.value, dict(line.params)) for line in card.contents["fn"]] == [
        ("Madeline Eisner", {})
    ]
    assert (card.n.value.family, card.n.value.given) == ("Eisner", "Madeline")
    assert "title" not in card.contents
    assert card.tel.params["TYPE"] == ["work", "cell"]


def test_all_contacts_stand_in_one_file() -> None:
    cards = read(vcard.make(vcard.VCards((LIU_LI, MADELINE_EISNER)), parts))
    assert [card.email.value for card in cards] == ["liliu@unicef.org", "meisner@unicef.org"]
    assert len({card.uid.value for card in cards}) == 2


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=300))
def test_a_folded_line_unfolds_to_itself(text: str) -> None:
    folded = vcard.folded(f"NOTE:{text}")
    lines = folded.encode().split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= vcard.OCTETS for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert folded.removesuffix("\r\n").replace("\r\n ", "") == f"NOTE:{text}"


def test_punctuation_survives_another_parser() -> None:
    import msgspec

    text = "周一至周五，9:00–17:00; a, b\\c\n次行"
    card = msgspec.structs.replace(
        LIU_LI, hours=Words(text, text), confirmed="", name=Words("刘;莉", "Li, Liu")
    )
    (read_back,) = read(vcard.make(vcard.VCards((card,)), parts))
    assert read_back.note.value == text
    assert by_language(read_back, "fn") == {"zh-Hans": "刘;莉", "en": "Li, Liu"}


@pytest.mark.parametrize(
    ("zh", "en", "components"),
    [
        ("许魏洲", "Timmy Xu", ("许;魏洲;;;", "Xu;Timmy;;;")),
        ("郑道", "Douglas Noble", ("郑;道;;;", "Noble;Douglas;;;")),
        ("倪春霞", "Ni Chunxia", ("倪;春霞;;;", "Ni;Chunxia;;;")),
        ("欧阳娜", "Ouyang Na", ("欧阳;娜;;;", "Ouyang;Na;;;")),
        ("曾林", "Zeng Lin", ("曾;林;;;", "Zeng;Lin;;;")),
    ],
)
def test_family_names_are_told_apart(zh: str, en: str, components: tuple[str, str]) -> None:
    assert vcard.structured(Words(zh, en)) == Words(*components)


def matrix(svg: str) -> Image.Image:
    """The drawing as pixels, eight to a module; only the path commands that segno writes."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    image = Image.new("L", (size * 8, size * 8), 255)
    pen = ImageDraw.Draw(image)
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)[1]
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "h":
            pen.rectangle(
                (x * 8, (y - 0.5) * 8, (x + values[0]) * 8 - 1, (y + 0.5) * 8 - 1), fill=0
            )
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return image


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_camera_reads_the_contact(language: Language) -> None:
    svg = qr.draw(LIU_LI, language)
    (found,) = zxingcpp.read_barcodes(matrix(svg))
    (card,) = read(found.text.encode())
    assert card.fn.value == LIU_LI.name[language]
    assert card.n.value.family == {"zh": "刘", "en": "Liu"}[language]
    assert card.tel.value == LIU_LI.telephone
    assert card.email.value == LIU_LI.email
    assert "style" not in svg
    assert len(svg) < 6_000


def test_telephone_numbers_are_grouped_and_checked() -> None:
    assert telephones.shown("+861085312612") == "+86 10 8531 2612"
    assert telephones.shown("+8613801009450") == "+86 138 0100 9450"
    assert telephones.problem("+861085312612") is None
    assert telephones.problem("+8613801009450") is None
    for wrong in (
        "861085312612",
        "+86 10 8531 2612",
        "+8610853126",
        "+99912345678",
        "",
        "tel:+861085312612",
    ):
        said = telephones.problem(wrong)
        assert said is not None, wrong
        assert all((said.zh, said.en)), wrong


def test_numbers_are_found_as_people_write_them() -> None:
    assert telephones.found(
        "Madeline Eisner, UNICEF China, + (86) 138 0100 9450, m@example.org"
    ) == ("+8613801009450",)
    assert telephones.found("Liu Li, + (86) 10 85312612") == ("+861085312612",)
    assert telephones.found("电话：010-8531 2612") == ("+861085312612",)
    assert telephones.found("Beijing, 31 May 2017, 59,000 villages") == ()
