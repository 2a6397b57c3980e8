"""The press kit: opened again, and every file in it read by a program that did not write it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import mammoth
import pytest
from PIL import Image

from pressroom.machines import kit, photographs, wire, word
from pressroom.machines.archive import packed
from pressroom.machines.kit import Kit, KitPicture
from pressroom.moments import CHINA
from pressroom.problems import PressroomError
from pressroom.values import Body, Part
from pressroom.words import Language, Words
from tests.unit.machine_samples import (
    CAPTIONS,
    CORRECTED,
    PUBLISHED,
    SITE,
    TITLES,
    half,
    parts,
    release_file,
    write_jpeg,
)

FOLDER = "2017-child-welfare-week"
CREDIT = "© UNICEF/China/2017"


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name.removeprefix(f"{FOLDER}/"): archive.read(name) for name in archive.namelist()}


@pytest.fixture
def photograph(tmp_path: Path) -> KitPicture:
    path = tmp_path / "ceremony.jpg"
    write_jpeg(path)
    return KitPicture(
        "ceremony.jpg", str(path), hashlib.sha256(path.read_bytes()).hexdigest(), CREDIT
    )


def exif(data: bytes, tmp_path: Path, name: str = "made.jpg") -> dict[str, object]:
    path = tmp_path / name
    path.write_bytes(data)
    run = subprocess.run(
        ["exiftool", "-json", "-G1", "-a", "-charset", "iptc=UTF8", str(path)],
        check=True,
        capture_output=True,
    )
    found: dict[str, object] = json.loads(run.stdout)[0]
    return found


def test_the_kit_holds_what_a_picture_desk_and_an_editor_want(photograph: KitPicture) -> None:
    files = opened(kit.make(Kit(FOLDER, release_file("zh", "en"), (photograph,)), parts))
    slug = "child-welfare-week"
    assert list(files) == [
        "README.txt", f"{slug}.zh.txt", f"{slug}.zh.docx", f"{slug}.en.txt", f"{slug}.en.docx",
        "photos/ceremony.jpg", "captions.txt", "SHA256SUMS.txt",
    ]  # fmt: skip
    assert files[f"{slug}.en.txt"].decode() == wire.text_of(half("en"), parts)
    readme = files["README.txt"].decode()
    for words in (TITLES.zh, TITLES.en, "本稿发布：2017年5月31日\n", "Published: 31 May 2017\n"):
        assert words in readme
    changed = release_file("zh", "en", corrected=True)
    readme = opened(kit.make(Kit(FOLDER, changed, ()), parts))["README.txt"].decode()
    assert "本稿最后更新：2017年6月2日09:00（北京时间）\n" in readme
    assert "Last changed: 2 June 2017, 09:00, China Standard Time\n" in readme
    readme = files["README.txt"].decode()
    for name in files:
        assert name in readme or name in ("README.txt",), name


def test_checksums_hold_for_an_independent_program(photograph: KitPicture, tmp_path: Path) -> None:
    data = kit.make(Kit(FOLDER, release_file("zh", "en"), (photograph,)), parts)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "kit")
    run = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS.txt"],
        cwd=tmp_path / "kit" / FOLDER,
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.count(": OK") == 7


def test_captions_are_in_both_languages_with_credit() -> None:
    captions = opened(kit.make(Kit(FOLDER, release_file("zh", "en")), parts))[
        "captions.txt"
    ].decode()
    assert captions.count(CREDIT) == 2
    assert CAPTIONS.zh in captions
    assert CAPTIONS.en in captions
    assert "可向新闻联系人索取" in captions
    assert "photos/ceremony.jpg" not in captions  # it is on request: there is no such file


@pytest.mark.parametrize("language", ["zh", "en"])
def test_word_files_say_what_the_page_says(language: Language) -> None:
    data = word.document(half(language, corrected=True), CORRECTED, parts)
    document = docx.Document(io.BytesIO(data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    release = half(language).release
    heading = next(
        paragraph for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"
    )
    assert heading.text == release.title
    assert wire.dateline(release, language) in text
    assert "59,000" in text
    assert "###" in text
    for contact in release.contacts:
        assert contact.email in text
        assert contact.telephone_shown in text
    assert document.core_properties.title == release.title
    assert document.core_properties.author == half(language).publisher
    assert document.core_properties.modified == datetime.fromisoformat(CORRECTED).astimezone(UTC)
    # A second reader, and with it the links.
    read = mammoth.convert_to_html(io.BytesIO(data))
    assert not read.messages
    assert f'<a href="{SITE}/{language}/programmes/barefoot-social-workers/">' in read.value
    assert f"<h1>{release.title}</h1>" in read.value


def test_chinese_has_chinese_faces_and_its_own_proofing_language() -> None:
    document = docx.Document(io.BytesIO(word.document(half("zh"), PUBLISHED, parts)))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    styles = document.styles.element
    (default,) = styles.iter(f"{w}rPrDefault")
    assert default.find(f".//{w}rFonts").get(f"{w}eastAsia") == "宋体"
    assert default.find(f".//{w}lang").get(f"{w}val") == "zh-CN"
    heading = document.styles["Heading 1"].element
    assert heading.find(f".//{w}rFonts").get(f"{w}eastAsia") == "黑体"


def test_every_kind_of_block_reaches_word() -> None:
    html = (
        "<h3>Sub</h3><ol><li>one<ul><li>inner</li></ul></li><li>two</li></ol><blockquote><p>said</p></blockquote>"
        "<table><tr><th>Year</th><th>Villages</th></tr><tr><td>2010</td><td><strong>120</strong> &amp; more</td></tr></table>"
        "<p>a <em>slanted</em> \x0b&lt;word&gt;</p><hr>"
    )

    def opener(body: Body) -> tuple[Part, ...]:
        return (Part(html=html),)

    document = docx.Document(io.BytesIO(word.document(half("en"), PUBLISHED, opener)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for wanted in ("Sub", "1.\tone", "•\tinner", "2.\ttwo", "said", "* * *"):
        assert wanted in texts
    assert "Beijing, 31 May 2017 – a slanted <word>" in texts
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Year", "Villages"],
        ["2010", "120 & more"],
    ]


def test_a_withdrawn_release_has_a_kit_without_text_and_pictures(photograph: KitPicture) -> None:
    files = opened(
        kit.make(Kit(FOLDER, release_file("zh", "en", withdrawn=True), (photograph,)), parts)
    )
    assert "photos/ceremony.jpg" not in files
    document = docx.Document(io.BytesIO(files["child-welfare-week.en.docx"]))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "withdrawn" in text
    assert "In 2010" not in text


def test_the_same_release_gives_the_same_bytes_anywhere(
    photograph: KitPicture, tmp_path: Path
) -> None:
    values = Kit(FOLDER, release_file("zh", "en", corrected=True), (photograph,))
    data = kit.make(values, parts)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2017, 6, 2, 9, 0, 0)}
    script = (
        "import sys, pathlib; from pressroom.machines import kit; from tests.unit.machine_samples import *;"
        f"values = kit.Kit({FOLDER!r}, release_file('zh', 'en', corrected=True),"
        f" (kit.KitPicture('ceremony.jpg', {photograph.path!r}, 'x', {CREDIT!r}),));"
        "sys.stdout.buffer.write(kit.make(values, parts))"
    )
    environment = os.environ | {
        "TZ": "America/New_York",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C.UTF-8",
    }
    again = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, env=environment
    )
    assert again.stdout == data


# --- photographs -----------------------------------------------------------------------------------


def test_a_photograph_keeps_credit_and_caption_and_nothing_else(
    photograph: KitPicture, tmp_path: Path
) -> None:
    before = Path(photograph.path).read_bytes()
    raw = exif(before, tmp_path, "before.jpg")
    assert raw["IFD0:Make"] == "Maker"
    assert "ExifIFD:SerialNumber" in raw or "IFD0:SerialNumber" in raw
    assert "File:Comment" in raw
    after = photographs.captioned(before, "ceremony.jpg", CREDIT, CAPTIONS)
    found = exif(after, tmp_path)
    assert found["XMP-photoshop:Credit"] == found["IPTC:Credit"] == CREDIT
    assert found["XMP-dc:Description"] == CAPTIONS.zh
    assert found["XMP-dc:Description-en"] == CAPTIONS.en
    assert found["IPTC:Caption-Abstract"] in (
        f"{CAPTIONS.zh}\n{CAPTIONS.en}",
        f"{CAPTIONS.zh}..{CAPTIONS.en}",
    )
    allowed = re.compile(
        r"SourceFile|ExifTool:|System:|File:(?!Comment)|JFIF:|ICC|XMP-photoshop:Credit|XMP-dc:Description"
        r"|IPTC:(Credit|Caption-Abstract|ApplicationRecordVersion|CodedCharacterSet)|Photoshop:IPTCDigest"
        r"|Composite:(ImageSize|Megapixels)|IFD0:Orientation"
    )
    assert [name for name in found if not allowed.match(name)] == []
    assert b"secret" not in after
    assert b"SERIAL" not in after


def test_the_picture_itself_is_untouched(photograph: KitPicture) -> None:
    before = Path(photograph.path).read_bytes()
    after = photographs.captioned(before, "ceremony.jpg", CREDIT, CAPTIONS)
    one, two = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert one.tobytes() == two.tobytes()
    assert two.info["icc_profile"] == one.info["icc_profile"]
    assert two.getexif()[0x0112] == 6  # held on its side: without this it would lie there
    assert photographs.captioned(after, "ceremony.jpg", CREDIT, CAPTIONS) == after


def test_a_png_is_cleaned_too(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    image, info = Image.new("RGBA", (5, 4), (1, 2, 3, 4)), PngInfo()
    info.add_text("Author", "private")
    image.save(tmp_path / "a.png", pnginfo=info, dpi=(72, 72))
    after = photographs.captioned(
        (tmp_path / "a.png").read_bytes(), "a.png", CREDIT, Words("", "One & two")
    )
    found = exif(after, tmp_path, "made.png")
    assert found["XMP-photoshop:Credit"] == CREDIT
    assert found["XMP-dc:Description"] == "One & two"
    assert b"private" not in after
    assert Image.open(io.BytesIO(after)).tobytes() == image.tobytes()


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0\x00\x10JFIF"]
)
def test_a_damaged_photograph_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PressroomError) as refused:
        photographs.captioned(data, "ceremony.jpg", CREDIT, CAPTIONS)
    assert "ceremony.jpg" in refused.value.words.zh
    assert "ceremony.jpg" in refused.value.words.en


def test_no_cut_of_a_photograph_ends_in_a_traceback(photograph: KitPicture) -> None:
    data = Path(photograph.path).read_bytes()
    for end in range(3, len(data) - 20, 37):
        with pytest.raises(PressroomError):
            photographs.captioned(data[:end], "ceremony.jpg", CREDIT, CAPTIONS)


def test_a_missing_photograph_is_named(tmp_path: Path) -> None:
    gone = KitPicture("gone.jpg", str(tmp_path / "gone.jpg"), "", CREDIT)
    with pytest.raises(PressroomError, match=r"gone\.jpg"):
        kit.make(Kit(FOLDER, release_file("zh"), (gone,)), parts)


def test_a_long_credit_is_cut_between_characters_for_old_desks(
    photograph: KitPicture, tmp_path: Path
) -> None:
    data = Path(photograph.path).read_bytes()
    long = "© 联合国儿童基金会驻华办事处，2017年"
    found = exif(photographs.captioned(data, "a.jpg", long, CAPTIONS), tmp_path)
    assert found["XMP-photoshop:Credit"] == long
    assert long.startswith(str(found["IPTC:Credit"]))
    assert len(str(found["IPTC:Credit"]).encode()) <= 32


@pytest.mark.parametrize("name", ["a.txt", "照片/a.jpg"])
def test_a_stored_archive_is_what_the_standard_library_writes(name: str) -> None:
    at = datetime(2017, 6, 2, 9, 0, 1, tzinfo=CHINA)
    files = [(name, b"one" * 100), ("b", b"")]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, data in files:
            entry = zipfile.ZipInfo(each, (2017, 6, 2, 9, 0, 1))
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    assert packed(files, at) == out.getvalue()


def test_a_compressed_archive_opens_and_is_dated_no_earlier_than_zip_can_say() -> None:
    files = [("a.xml", ("文" * 9000).encode()), ("b.xml", b"")]
    data = packed(files, datetime(1970, 1, 1, tzinfo=CHINA), compress=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(each.filename, archive.read(each)) for each in archive.infolist()] == files
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert len(data) < 1000
