"""Manuscripts taken in: what is sure is filled in, what is not is marked, nothing is lost or guessed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import docx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pressroom.exchange import importing
from pressroom.exchange.importing import Imported, import_file, suggested_slug
from pressroom.exchange.reading import escaped
from pressroom.exchange.recognition import days_of
from pressroom.machines import wire
from pressroom.models import Contact, Name, NameKind
from pressroom.problems import PressroomError, UsageError
from pressroom.words import Words
from tests.unit.machine_samples import BODIES, TITLES, parts, release_file

CONTACTS = {
    key: Contact(
        key,
        Words(name, name),
        Words(),
        "unicef-china",
        telephone,
        email,
        date(2017, 5, 31),
    )
    for key, name, telephone, email in (
        ("madeline-eisner", "Madeline Eisner", "+8613801009450", "meisner@unicef.org"),
        ("liu-li", "Liu Li", "+861085312612", "liliu@unicef.org"),
    )
}
NAMES = {"beijing": Name("beijing", NameKind.PLACE, Words("北京", "Beijing"))}

# The form of a release as communications staff hold it, slips included; the words are ours.
MANUSCRIPT = """工作重点

Child welfare services reach more villages

11/08/2017

Beijing, 31 May, 2017 – The Week opens today,with 59,000 villages taking part.

\\

©UNICEF/China/2017


A speaker opens the Week in Beijing.

Villagers visit families at home.

“We will go on working for every child in every village,” said a speaker.

###

About the newsroom
The newsroom publishes what is known, and says from where it is known, in both languages and for everyone who asks.

Visit our website: www.unicef.cn

Follow us on Sina Weibohttp://weibo.com/unicefchina

Wechat: unicefchina

For further information, please contact:

Madeline Eisner, UNICEF China, + (86) 138 0100 9450, meisner@unicef.org

Liu Li, UNICEF China, + (86) 10 85312612, liliu@unicef.org

Sign up here to receive copies of UNICEF's e-newsletters"""


def imported(
    tmp_path: Path, text: str | bytes, name: str = "release.txt", slug: str = "a-slug"
) -> Imported:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_file(path, slug, CONTACTS, NAMES)


def front(found: Imported, name: str) -> tuple[dict[str, object], str, str]:
    """Front matter as values, as text, and the body."""
    text = dict(found.files)[name].decode()
    _, yaml_text, body = text.split("---\n", 2)
    return yaml.load(yaml_text, yaml.BaseLoader) or {}, yaml_text, body


def test_a_release_of_the_known_form_is_recognised(tmp_path: Path) -> None:
    found = imported(tmp_path, MANUSCRIPT)
    assert found.folder == "releases/2017/a-slug"
    values, comments, body = front(found, "en.md")
    assert values == {
        "status": "draft",
        "title": "Child welfare services reach more villages",
        "date": "2017-05-31",
        "place": "beijing",
        "contacts": ["madeline-eisner", "liu-li"],
        "photos": {"photo-1.jpg": {"credit": "©UNICEF/China/2017", "on_request": "true"}},
    }
    assert body.split("\n\n") == [
        "The Week opens today,with 59,000 villages taking part.",
        '![](photos/photo-1.jpg "A speaker opens the Week in Beijing.")',
        "Villagers visit families at home.",
        "“We will go on working for every child in every village,” said a speaker.\n",
    ]
    # What is left out is named, so that nothing disappears unseen.
    for words in (
        "工作重点",
        "About the newsroom",
        "www.unicef.cn",
        "Weibohttp",
        "Wechat",
        "e-newsletters",
        "###",
    ):
        assert words in comments
    assert "1 direct quotations" in comments


def test_a_date_that_can_be_read_two_ways_is_left_in_both(tmp_path: Path) -> None:
    _, comments, _ = front(imported(tmp_path, MANUSCRIPT), "en.md")
    assert "'11/08/2017' is 2017-08-11 or 2017-11-08" in comments
    text = MANUSCRIPT.replace("31 May, 2017", "11/08/2017")
    values, comments, body = front(imported(tmp_path, text, slug="other"), "en.md")
    assert "date" not in values
    assert "TODO date: 电头写的是“11/08/2017”，可读作2017-08-11或2017-11-08，未作决定" in comments
    assert body.startswith("The Week opens today")


def test_the_other_language_waits_for_its_translation(tmp_path: Path) -> None:
    values, comments, body = front(imported(tmp_path, MANUSCRIPT), "zh.md")
    assert values == {"status": "draft"}
    assert "TODO" in comments
    assert not body.strip()


def test_a_chinese_manuscript_is_read_too(tmp_path: Path) -> None:
    text = (
        "新闻稿\n\n儿童福利服务走进更多村庄\n\n发布日期：2017年6月1日\n\n"
        "北京，2017年5月31日——宣传周今天启动，\n全国59,000个村参加。\n\n图片来源：示例\n一名讲者致辞。\n\n"
        "（完）\n\n关于本中心\n本中心发布已知的事实，并说明出处。\n\n新闻联系人：\n刘莉，010-8531 2612，liliu@unicef.org\n"
    )
    values, comments, body = front(imported(tmp_path, text), "zh.md")
    assert values["title"] == "儿童福利服务走进更多村庄"
    assert (values["date"], values["place"], values["contacts"]) == (
        "2017-05-31",
        "beijing",
        ["liu-li"],
    )
    assert "宣传周今天启动，全国59,000个村参加。" in body
    assert '![](photos/photo-1.jpg "一名讲者致辞。")' in body
    assert "2017年6月1日" in comments


def test_gb18030_of_chinese_windows_is_read_and_said(tmp_path: Path) -> None:
    text = "儿童福利服务走进更多村庄\n\n北京，2017年5月31日——宣传周启动。\n"
    found = imported(tmp_path, text.encode("gb18030"))
    assert front(found, "zh.md")[0]["title"] == "儿童福利服务走进更多村庄"
    assert any("GB 18030" in mark.en for mark in found.marks)
    assert (
        front(imported(tmp_path, text.encode("utf-16"), slug="b"), "zh.md")[0]["date"]
        == "2017-05-31"
    )


@pytest.mark.parametrize(
    ("dateline", "day", "place"),
    [
        ("Beijing, 31 May 2017 – ", "2017-05-31", "beijing"),
        ("BEIJING, May 31, 2017 -- ", "2017-05-31", "beijing"),
        ("Beijing (31 May 2017) — ", "2017-05-31", "beijing"),
        ("北京，2017年5月31日——", "2017-05-31", "beijing"),
        ("（北京，2017年5月31日）——", "2017-05-31", "beijing"),
        ("2017年5月31日，北京——", "2017-05-31", "beijing"),
        ("北京2017年5月31日电 ", "2017-05-31", "beijing"),
        ("Geneva, 31 May 2017 – ", "2017-05-31", None),
    ],
)
def test_datelines_are_read_as_they_are_written(
    tmp_path: Path, dateline: str, day: str, place: str | None
) -> None:
    chinese = "北京" in dateline
    text = (
        ("标题在此\n\n" if chinese else "A headline here\n\n")
        + dateline
        + ("正文开始了。" if chinese else "The text begins.")
    )
    values, comments, body = front(imported(tmp_path, text), "zh.md" if chinese else "en.md")
    assert values["date"] == day
    assert values.get("place") == place
    assert body.strip() in ("正文开始了。", "The text begins.")
    if place is None:
        assert "Geneva" in comments


def test_a_dateline_without_a_year_is_not_given_one(tmp_path: Path) -> None:
    text = "标题在此\n\n2017年6月1日\n\n新华社北京5月31日电 正文开始了。"
    values, comments, body = front(imported(tmp_path, text), "zh.md")
    assert "date" not in values
    assert "5月31日" in comments
    assert values["place"] == "beijing"
    assert body.strip() == "正文开始了。"


def test_a_manuscript_without_a_year_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(PressroomError) as refused:
        imported(tmp_path, "A headline\n\nThe text begins at once.")
    assert "Beijing, 31 May 2017" in refused.value.words.en


def test_unknown_contacts_are_marked_with_their_words(tmp_path: Path) -> None:
    text = MANUSCRIPT.replace("liliu@unicef.org", "new@unicef.org").replace(
        "10 85312612", "10 65323131"
    )
    values, comments, _ = front(imported(tmp_path, text), "en.md")
    assert values["contacts"] == ["madeline-eisner"]
    assert "new@unicef.org" in comments


def test_our_own_wire_text_comes_back_in_both_languages(tmp_path: Path) -> None:
    data = wire.make(release_file("zh", "en"), parts)
    found = imported(tmp_path, data)
    for name, title in (("zh.md", TITLES.zh), ("en.md", TITLES.en)):
        assert front(found, name)[0]["title"] == title
    values, _, body = front(found, "zh.md")
    assert (values["date"], values["place"], values["contacts"]) == (
        "2017-05-31",
        "beijing",
        ["liu-li", "madeline-eisner"],
    )
    first = re.sub(r"<[^>]*>", "", BODIES["zh"].split("</p>")[0])
    assert first in body
    assert "- 国发〔2016〕36号" in body


# --- Word ------------------------------------------------------------------------------------------


def word_file(paragraphs: Iterable[str]) -> docx.document.Document:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(form: str) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), (10, 20, 30)).save(out, form)
    out.seek(0)
    return out


def test_a_word_file_keeps_its_forms_and_pictures(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Services reach more villages", 1)
    paragraph = document.add_paragraph("Beijing, 31 May 2017 – The Week ")
    paragraph.add_run("opens").bold = True
    paragraph.add_run(" today * with_care.")
    document.add_paragraph().add_run().add_picture(picture("PNG"))
    document.add_paragraph("© UNICEF/China/2017")
    document.add_paragraph("A caption.")
    document.add_heading("Background", 2)
    document.add_paragraph("One", style="List Bullet")
    document.add_paragraph("Two", style="List Bullet")
    table = document.add_table(2, 2)
    for cell, words in zip(
        (cell for row in table.rows for cell in row.cells),
        ("Year", "Villages", "2010", "120"),
        strict=True,
    ):
        cell.text = words
    document.add_paragraph("###")
    document.add_paragraph("Liu Li, liliu@unicef.org")
    found = imported(tmp_path, saved(document), "release.docx")
    values, _, body = front(found, "en.md")
    assert values["title"] == "Services reach more villages"
    assert values["contacts"] == ["liu-li"]
    assert values["photos"] == {"photo-1.png": {"credit": "© UNICEF/China/2017"}}
    image = Image.open(io.BytesIO(dict(found.files)["photos/photo-1.png"]))
    assert image.getpixel((0, 0)) == (10, 20, 30)
    assert "The Week **opens** today \\* with\\_care." in body
    assert '![](photos/photo-1.png "A caption.")' in body
    assert "## Background" in body
    assert "- One\n- Two" in body
    assert "| Year | Villages |\n| --- | --- |\n| 2010 | 120 |" in body
    assert any("consent" in mark.en for mark in found.marks)


def test_tracked_changes_and_comments_are_said(tmp_path: Path) -> None:
    document = word_file(["A headline", "Beijing, 31 May 2017 – The text."])
    data = saved(document)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                w = b'<w:ins w:id="1" w:author="a"><w:r><w:t> Added.</w:t></w:r></w:ins><w:del w:id="2" w:author="a"><w:r><w:delText> Gone.</w:delText></w:r></w:del></w:p><w:sectPr'
                content = re.sub(rb"</w:p>\s*<w:sectPr", w, content)
            new.writestr(name, content)
    found = imported(tmp_path, out.getvalue(), "release.docx")
    assert any("tracked changes" in mark.en for mark in found.marks)
    body = front(found, "en.md")[2]
    assert "The text. Added." in body
    assert "Gone" not in body


def test_a_chinese_release_followed_by_the_english_one(tmp_path: Path) -> None:
    document = word_file([
        "儿童福利服务走进更多村庄", "北京，2017年5月31日——宣传周今天启动。", "###", "刘莉，liliu@unicef.org",
        "Child welfare services reach more villages", "Beijing, 31 May 2017 – The Week opens today.", "###",
    ])  # fmt: skip
    found = imported(tmp_path, saved(document), "release.docx")
    assert front(found, "zh.md")[0]["title"] == "儿童福利服务走进更多村庄"
    assert front(found, "zh.md")[2].strip() == "宣传周今天启动。"
    assert front(found, "en.md")[0]["title"] == "Child welfare services reach more villages"
    assert front(found, "en.md")[2].strip() == "The Week opens today."


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old word"])
def test_a_file_that_is_no_word_file_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PressroomError) as refused:
        imported(tmp_path, data, "release.docx")
    assert "release.docx" in refused.value.words.zh


def test_an_empty_zip_is_no_word_file(tmp_path: Path) -> None:
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    with pytest.raises(PressroomError, match=r"release\.docx"):
        imported(tmp_path, out.getvalue(), "release.docx")


# --- Markdown, names, files -------------------------------------------------------------------------


def test_markdown_stays_markdown(tmp_path: Path) -> None:
    text = "# A headline\n\nBeijing, 31 May 2017 – The **Week** opens.\n\n## More\n\n- one\n- two\n\n[a link](https://www.unicef.cn/)\n"
    values, _, body = front(imported(tmp_path, text, "release.md"), "en.md")
    assert values["title"] == "A headline"
    assert (
        body
        == "The **Week** opens.\n\n## More\n\n- one\n- two\n\n[a link](https://www.unicef.cn/)\n"
    )


@given(st.text(st.characters(codec="ascii", exclude_categories=("Cc",)), min_size=1, max_size=60))
def test_plain_text_means_the_same_as_markdown(text: str) -> None:
    import html
    import html.parser

    import markdown

    text = text.strip()
    rendered = markdown.markdown(escaped(text)).removeprefix("<p>").removesuffix("</p>")
    plain = re.sub(r"\s+", " ", text)
    assert "<" not in rendered
    # Entities in a manuscript are the one thing that Markdown and plain text share.
    if "&" not in text:
        assert re.sub(r"\s+", " ", html.unescape(rendered)) == plain


def test_every_reading_of_a_date() -> None:
    assert days_of("11/08/2017") == (date(2017, 8, 11), date(2017, 11, 8))
    assert days_of("31/05/2017") == (date(2017, 5, 31),)
    assert days_of("05/05/2017") == (date(2017, 5, 5),)
    assert (
        days_of("2017-05-31")
        == days_of("2017年5月31日")
        == days_of("31 May, 2017")
        == days_of("May 31st, 2017")
        == (date(2017, 5, 31),)
    )
    assert days_of("31 June 2017") == ()
    assert days_of("soon") == ()


def test_slugs_are_suggestions_and_checked(tmp_path: Path) -> None:
    assert (
        suggested_slug({"en": "UNICEF commends Government’s strong leadership in building"})
        == "unicef-commends-governments-strong-leadership"
    )
    assert suggested_slug({"zh": "儿童福利周"}) == "er-tong-fu-li-zhou"
    assert suggested_slug({"zh": "重庆"}) == "chong-qing"
    found = imported(tmp_path, MANUSCRIPT, slug="")
    assert found.folder == "releases/2017/child-welfare-services-reach-more"
    assert any("suggestion" in mark.en for mark in found.marks)
    for wrong in ("Child Week", "周", "../up", "a/b"):
        with pytest.raises(UsageError):
            imported(tmp_path, MANUSCRIPT, slug=wrong)


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    found = imported(tmp_path, MANUSCRIPT)
    target = importing.write(found, tmp_path / "content")
    assert sorted(path.name for path in target.iterdir()) == ["en.md", "zh.md"]
    before = (target / "en.md").read_bytes()
    with pytest.raises(UsageError, match="a-slug"):
        importing.write(found, tmp_path / "content")
    assert (target / "en.md").read_bytes() == before


@pytest.mark.parametrize("name", ["release.pdf", "release.doc", "release"])
def test_other_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        imported(tmp_path, "x", name)
    assert ".docx" in refused.value.words.en


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        import_file(tmp_path / "gone.txt", "a", CONTACTS, NAMES)


@given(
    st.lists(
        st.sampled_from(
            [
                *MANUSCRIPT.split("\n\n"),
                "\\",
                "###",
                "=" * 30,
                "",
                "儿童。",
                "- a\n- b",
                "2017-05-31",
            ]
        ),
        max_size=15,
    )
)
def test_no_order_of_paragraphs_ends_in_a_traceback(pieces: list[str]) -> None:
    from pressroom.exchange.reading import _txt
    from pressroom.exchange.recognition import recognise

    manuscript = _txt("x", "\n\n".join(pieces).encode())
    for one in recognise(manuscript, CONTACTS, NAMES):
        assert one.language in ("zh", "en")
