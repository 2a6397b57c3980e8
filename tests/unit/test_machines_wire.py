"""The wire text: its order, its lines, and that no word of the page is lost."""

from __future__ import annotations

import itertools
import re

import html5lib
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.machines import prose, wire
from pressroom.machines.prose import blocks, width, wrapped
from pressroom.values import Body, Part
from pressroom.words import Language
from tests.unit.machine_samples import BODIES, SITE, TITLES, half, parts, release_file


def text(language: Language, **state: bool) -> str:
    return wire.text_of(half(language, **state), parts)


def test_a_release_reads_in_the_order_of_the_wire() -> None:
    found = text("en")
    order = [
        "Press release",
        TITLES.en,
        "[This is a demonstration site.]",
        "Beijing, 31 May 2017 – In 2010 the programme began",
        "Background",
        "\n###\n",
        "Douglas Noble speaks at the launch. © UNICEF/China/2017",
        "About this site",
        "Liu Li (刘莉), Press officer, UNICEF China",
        "+86 10 8531 2612",
        "liliu@unicef.org",
        "Madeline Eisner, UNICEF China",
        f"{SITE}/en/releases/2017/child-welfare-week/",
    ]
    places = [found.find(piece) for piece in order]
    assert -1 not in places
    assert places == sorted(places)


def test_chinese_has_its_own_dateline_and_punctuation() -> None:
    found = text("zh")
    assert "北京，2017年5月31日——2010年，项目" in found
    assert "电话：+86 10 8531 2612" in found


def test_both_languages_follow_each_other_the_pages_own_first() -> None:
    for order in (("zh", "en"), ("en", "zh")):
        data = wire.make(release_file(*order), parts).decode("utf-8")
        first, second = data.split("=" * 72)
        assert TITLES[order[0]] in first
        assert TITLES[order[1]] in second


def test_a_correction_stands_under_the_headline_and_says_when() -> None:
    found = text("zh", corrected=True)
    assert "更正：2017年6月2日09:00（北京时间）\n村数已改正。" in found
    assert found.index("更正") < found.index("北京，2017年5月31日")


def test_a_withdrawn_release_says_only_that() -> None:
    found = text("en", withdrawn=True)
    assert "Press release withdrawn: 2 June 2017, 09:00, China Standard Time" in found
    assert "In 2010" not in found
    assert "59,000" in found.split("\n")[2]  # the headline stays
    assert "###" not in found
    assert "liliu@unicef.org" in found


def test_a_compiled_item_has_no_end_mark() -> None:
    found = text("en", compiled=True)
    assert "###" not in found
    assert "compiled from published reports" in found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_word_of_the_body_is_lost(language: Language) -> None:
    tree = html5lib.parseFragment(
        BODIES[language], treebuilder="etree", namespaceHTMLElements=False
    )
    spaceless = re.sub(r"\s", "", text(language))
    pieces = list(tree.itertext())
    assert len(pieces) > 4
    for piece in pieces:
        assert re.sub(r"\s", "", piece) in spaceless, piece


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_the_wire(language: Language) -> None:
    for line in text(language).split("\n"):
        assert width(line, language) <= wire.COLUMNS or "https://" in line, line


CHINESE = st.text(
    "中国儿童福利周在北京举行村民政部“”（），。；：、！？—…《》0123456789abc ,.%", max_size=200
)


@given(CHINESE, st.integers(20, 80))
def test_chinese_lines_break_where_they_may(sample: str, columns: int) -> None:
    lines = wrapped(sample, columns, "zh")
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", sample)
    for before, line in itertools.pairwise(lines):
        if line and before:
            assert line[0] not in "，。；：、！？”）》…—", (before, line)
            assert before[-1] not in "“（《", (before, line)


@given(
    st.lists(
        st.sampled_from(
            ["59,000", "villages", "in", "China’s", "provinces", "(Henan)", "have", "it."]
        ),
        max_size=60,
    )
)
def test_english_lines_break_at_spaces_only(words: list[str]) -> None:
    sample = " ".join(words)
    lines = wrapped(sample, 40, "en")
    assert " ".join(lines).strip() == sample
    assert all(width(line, "en") <= 40 for line in lines)


def units(text: str) -> list[tuple[str, bool]]:
    """The rule of breaking, character by character: pieces, each with whether a space precedes it."""
    out: list[tuple[str, bool]] = []
    for number, word in enumerate(text.split(" ")):
        unit, spaced = "", number > 0
        for char in word:
            wide = [width(one, "en") == 2 for one in unit]
            may_part = bool(unit) and char not in prose._NOT_FIRST
            beside_chinese = bool(unit) and (wide[-1] or width(char, "en") == 2)
            after_phrase = unit[-1:] in tuple("—…’”") and any(wide)
            if may_part and ((beside_chinese and unit[-1] not in prose._NOT_LAST) or after_phrase):
                out.append((unit, spaced))
                unit, spaced = "", False
            unit += char
        if unit:
            out.append((unit, spaced))
    return out


@given(
    st.one_of(
        st.text("ab1é “”‘’—…,.;:?!()[]{}%$#~·–", max_size=120),
        st.text(
            "中文字ab1é\u0301 “”‘’—…，。、；：？！《》（）()[]{}.,;:!?%$#￥℃～·–", max_size=120
        ),
    ),
    st.integers(5, 30),
    st.sampled_from(["zh", "en"]),
    st.sampled_from(["", "- "]),
)
def test_lines_are_as_full_as_the_rule_lets_them_be(
    sample: str, columns: int, language: Language, first: str
) -> None:
    expected: list[str] = []
    line, used = first, width(first, language)
    empty = True
    for unit, spaced in units(sample):
        gap = " " if spaced and not empty else ""
        hangs = unit[0] in prose._NOT_FIRST and len(unit) <= 3
        if not empty and not hangs and used + len(gap) + width(unit, language) > columns:
            expected.append(line.rstrip())
            line, used, gap = "  ", 2, ""
        line += gap + unit
        used += len(gap) + width(unit, language)
        empty = False
    expected.append(line.rstrip())
    assert wrapped(sample, columns, language, "  ", first) == expected


def test_numbers_stay_in_one_piece() -> None:
    for columns in range(20, 40):
        assert any(
            "59,000" in line
            for line in wrapped("全国各地的村庄当中已经有超过59,000个设立了岗位。", columns, "zh")
        )


@pytest.mark.parametrize(
    ("html", "words", "target"),
    [
        ('<a href="/zh/facts/">数据</a>', "数据", f"{SITE}/zh/facts/"),
        ('<a href="https://www.unicef.cn/">www.unicef.cn</a>', "www.unicef.cn", ""),
        ('<a href="mailto:a@example.org">a@example.org</a>', "a@example.org", ""),
        ('<a href="mailto:a@example.org">来信</a>', "来信", "a@example.org"),
        ('<a href="tel:+861085312612">+86 10 8531 2612</a>', "+86 10 8531 2612", ""),
        ('<a href="#note">注</a>', "注", ""),
        ("一<strong>二</strong><em>三</em>", "一二三", ""),
        ("a &lt;b&gt; &amp; c", "a <b> & c", ""),
    ],
)
def test_links_are_words_and_an_address_said_once(html: str, words: str, target: str) -> None:
    (block,) = blocks(f"<p>{html}</p>")
    assert block.text == words
    assert prose.links([block, block], SITE) == (((words, target),) if target else ())


def test_addresses_stand_after_the_text_not_in_it() -> None:
    found = text("zh")
    body, after = found.split("\n###\n")
    assert "https://" not in body
    assert f"文中链接\n- 项目页：{SITE}/zh/programmes/barefoot-social-workers/" in after.replace(
        "：\n  ", "："
    )


def test_every_kind_of_block_is_carried() -> None:
    html = (
        '<h2>头</h2><p>一<br>二</p><ol start="3"><li>三<ul><li>内</li></ul></li><li><p>四</p><p>续</p></li></ol>'
        "<blockquote><p>引</p></blockquote><pre><code>a\n  b</code></pre>"
        "<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1</td><td></td></tr><tr><td><p>2</p><p>3</p></td><td><p>4</p></td></tr></tbody></table>"
        "<dl><dt>词</dt><dd>义</dd></dl><hr>"
    )
    found = [(block.kind, block.marker, block.depth, block.text) for block in blocks(html)]
    assert found == [
        ("heading", "", 0, "头"),
        ("paragraph", "", 0, "一\n二"),
        ("item", "3.", 1, "三"),
        ("item", "•", 2, "内"),
        ("item", "4.", 1, "四"),
        ("item", "", 1, "续"),
        ("quote", "", 0, "引"),
        ("preformatted", "", 0, "a\n  b"),
        ("row", "", 0, "甲\t乙"),
        ("row", "", 0, "1"),
        ("row", "", 0, "2 3\t4"),
        ("paragraph", "", 0, "词"),
        ("paragraph", "", 0, "义"),
        ("rule", "", 0, ""),
    ]


def test_neighbours_do_not_change_a_releases_files() -> None:
    release = half("zh").release
    quiet = wire.quiet(msgspec.structs.replace(release, text_href="/x", related=()))
    assert quiet == wire.quiet(release)
    assert quiet.title == release.title


def test_the_body_is_opened_by_what_is_given() -> None:
    asked: list[Body] = []

    def opener(body: Body) -> tuple[Part, ...]:
        asked.append(body)
        return (Part(html="<p>only this</p>"),)

    assert "only this" in prose.blocks("<p>only this</p>")[0].text
    assert "– only this" in wire.text_of(half("en"), opener)
    assert asked
