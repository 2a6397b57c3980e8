"""Figures, names and charts as files, read back and compared with what went in."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest
from lxml import etree
from PIL import Image

from pressroom.machines import data_files
from pressroom.machines.data_files import Chart, FactEntry, FactsFile, FactValue, NameRow, NamesFile
from pressroom.problems import PressroomError
from pressroom.values import Figure, FigureValue
from pressroom.words import Language, Words
from tests.schemas import validator
from tests.unit.machine_samples import PUBLISHED, SITE, parts

SOURCE = Words("新闻稿", "press release")
VILLAGES = FactEntry(
    key="villages",
    programme="barefoot-social-workers",
    label=Words("覆盖的村", "Villages, with the approach"),
    unit=Words("个村", "villages"),
    values=(
        FactValue("120", "", "2010", SOURCE, href=f"{SITE}/zh/releases/2017/child-welfare-week/"),
        FactValue(
            "59000", "more-than", "2017-05-31", SOURCE, note=Words("估计“数”", 'an "estimate"')
        ),
        FactValue("3.20", "about", "2017/2018~", SOURCE),
    ),
    address=Words(f"{SITE}/zh/facts/#villages", f"{SITE}/en/facts/#villages"),
)
FILE = FactsFile(
    Words("示例新闻中心", "Example Newsroom"),
    Words("演示", "Demonstration"),
    (VILLAGES,),
    f"{SITE}/data/facts.schema.json",
    PUBLISHED,
)


def test_facts_json_is_valid_against_the_schema_beside_it() -> None:
    schema = json.loads(data_files.facts_schema(FILE, parts))
    checker = validator(schema)
    facts = json.loads(data_files.facts_json(FILE, parts))
    checker.validate(facts)
    bare = FactsFile(Words("甲", "A"), Words(), ())
    checker.validate(json.loads(data_files.facts_json(bare, parts)))
    for wrong in ({"facts": [{}]}, {"version": "2"}, {"figures": []}):
        assert not checker.is_valid(facts | wrong)


def test_facts_json_says_what_the_record_says() -> None:
    (fact,) = json.loads(data_files.facts_json(FILE, parts))["facts"]
    assert fact["key"] == "villages"
    assert fact["label"] == {"zh": "覆盖的村", "en": "Villages, with the approach"}
    first, second, third = fact["history"]
    assert (first["number"], first["asOf"], first["earliest"], first["latest"]) == (
        120,
        "2010",
        "2010-01-01",
        "2010-12-31",
    )
    assert first["source"] == {
        "title": {"zh": "新闻稿", "en": "press release"},
        "url": VILLAGES.values[0].href,
    }
    assert second["text"] == {"zh": "超过5.9万个村", "en": "more than 59,000 villages"}
    assert second["qualifier"] == "more-than"
    assert (third["number"], third["written"]) == (3.2, "3.20")


def test_facts_csv_opens_in_excel_and_holds_every_value() -> None:
    data = data_files.facts_csv(FILE, parts)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["number"] for row in rows] == ["120", "59000", "3.20"]
    assert [row["as_of"] for row in rows] == ["2010", "2017-05-31", "2017/2018~"]
    assert rows[1]["label_en"] == "Villages, with the approach"
    assert rows[1]["text_zh"] == "超过5.9万个村"
    assert rows[0]["source_url"] == VILLAGES.values[0].href
    assert data.count(b"\r\n") == 4


def test_names_csv_has_a_row_for_each_role() -> None:
    names = NamesFile((
        NameRow("douglas-noble", "person", Words("郑道", "Douglas Noble"), Words(), "Zhèng Dào", (("副代表", "Deputy Representative", "", "2017"), ("代表", "Representative", "2018", ""))),
        NameRow("ministry-of-civil-affairs", "organisation", Words("民政部", "Ministry of Civil Affairs"), Words("", "MCA"), "", ()),
    ))  # fmt: skip
    rows = list(
        csv.DictReader(
            io.StringIO(data_files.names_csv(names, parts).decode("utf-8-sig"), newline="")
        )
    )
    assert [(row["zh"], row["role_en"], row["to"]) for row in rows] == [
        ("郑道", "Deputy Representative", "2017"),
        ("郑道", "Representative", ""),
        ("民政部", "", ""),
    ]
    assert rows[0]["pinyin"] == "Zhèng Dào"
    assert rows[2]["short_en"] == "MCA"


def chart(language: Language, source: str = "") -> Chart:
    values = tuple(
        FigureValue(value.number, value.qualifier, value.as_of, None) for value in VILLAGES.values
    )
    fact = Figure(
        "villages", "/zh/facts/#villages", VILLAGES.label[language], VILLAGES.unit[language], values
    )
    line = (
        source
        or Words("来源：联合国儿童基金会，2017年5月31日", "Source: UNICEF, 31 May 2017")[language]
    )
    return Chart(fact, language, VILLAGES.label[language], line)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_chart_to_take_away_carries_title_values_and_source(language: Language) -> None:
    values = chart(language)
    root = etree.fromstring(data_files.chart_svg(values, parts))
    texts = ["".join(node.itertext()) for node in root.iter("{*}text")]
    assert texts[0] == values.title
    assert texts[-1] == values.source
    assert any("5.9万" in text or "59,000" in text for text in texts)
    # Nothing outside the file: no picture, no font, no stylesheet, no script.
    assert not [
        node
        for node in root.iter()
        if etree.QName(node).localname in ("image", "script", "foreignObject", "use")
    ]
    assert b"url(" not in data_files.chart_svg(values, parts)


def test_a_long_source_is_wrapped_and_the_paper_grows() -> None:
    short, long = (
        etree.fromstring(data_files.chart_svg(chart("zh", text), parts))
        for text in ("来源", "来源：" + "联合国儿童基金会" * 40)
    )
    assert int(long.get("height")) > int(short.get("height"))
    lines = [node for node in long.iter("{*}text") if node.get("class") == "source"]
    assert len(lines) > 2
    assert max(int(node.get("y")) for node in lines) < int(long.get("height"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_png_is_the_same_drawing_in_the_same_bytes(language: Language) -> None:
    data = data_files.chart_png(chart(language), parts)
    image = Image.open(io.BytesIO(data))
    assert image.size[0] == 1920
    assert data == data_files.chart_png(chart(language), parts)
    # Title and source are drawn: dark pixels in the bands where they stand.
    grey = image.convert("L")
    for top, bottom in ((30, 90), (image.size[1] - 56, image.size[1] - 20)):
        assert grey.crop((40, top, 1000, bottom)).getextrema()[0] < 120


def test_a_character_without_a_glyph_is_named_not_drawn_as_a_box() -> None:
    values = msgspec.structs.replace(chart("zh"), title="𠮷村")
    with pytest.raises(PressroomError) as refused:
        data_files.chart_png(values, parts)
    assert "𠮷" in refused.value.words.zh
    assert data_files.undrawable("睢县、滁州：59,000 villages, “a”–b…") == ""


def test_every_character_that_counts_as_drawable_has_a_glyph() -> None:
    """The rule of `undrawable` and the font's own table agree."""
    import resvg_py

    def dark(text: str) -> bool:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30">{text}</text></svg>'
        png = resvg_py.svg_to_bytes(
            svg_string=svg,
            skip_system_fonts=True,
            font_files=[str(data_files._FONT)],
            font_family="Noto Sans CJK SC",
        )
        return Image.open(io.BytesIO(bytes(png))).getbbox() is not None

    sample = "啊座亍齄，。！～Aa0©–×÷½°€"
    assert data_files.undrawable(sample) == ""
    assert [char for char in sample if not dark(char)] == []
