"""A release, its contacts and an edition as machine files get them: the Week of 2017."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from pressroom.machines.vcard import VCard, uid_of
from pressroom.machines.wire import Half, ReleaseFile
from pressroom.values import (
    Body,
    ContactView,
    EditionView,
    Link,
    NoticeView,
    Part,
    Picture,
    PointView,
    ReleaseView,
    SourceView,
)
from pressroom.words import Language, Words

SITE = "https://newsroom.example"
PUBLISHED = "2017-05-31T00:00:00+08:00"
CORRECTED = "2017-06-02T09:00:00+08:00"

LIU_LI = VCard(
    uid=uid_of(SITE, "liu-li"),
    name=Words("刘莉", "Liu Li"),
    role=Words("新闻官员", "Press officer"),
    organisation=Words("联合国儿童基金会驻华办事处", "UNICEF China"),
    languages=("zh", "en"),
    telephone="+861085312612",
    email="liliu@unicef.org",
    modified=PUBLISHED,
    confirmed="2017-05-31",
    url=f"{SITE}/zh/contacts/#liu-li",
    source=f"{SITE}/contacts/liu-li.vcf",
)
MADELINE_EISNER = VCard(
    uid=uid_of(SITE, "madeline-eisner"),
    name=Words("Madeline Eisner", "Madeline Eisner"),
    role=Words("", ""),
    organisation=Words("联合国儿童基金会驻华办事处", "UNICEF China"),
    languages=("en",),
    telephone="+8613801009450",
    email="meisner@unicef.org",
    modified=PUBLISHED,
)

BODIES: dict[Language, str] = {
    "zh": (
        "<p>2010年，项目从河南、四川、山西、新疆、云南的120个村起步；如今，超过59,000个村设有儿童福利主任"
        "（即“赤脚社工”），他们上门走访，帮助孩子上学、落户、打疫苗，并领取应得的补助。</p>"
        '<h2>背景</h2><ul><li>见<a href="/zh/programmes/barefoot-social-workers/">项目页</a></li>'
        "<li>国发〔2016〕36号</li></ul>"
    ),
    "en": (
        "<p>In 2010 the programme began in 120 villages; today <strong>more than 59,000 villages</strong> have a "
        "Child Welfare Director who visits families so that children can enrol in school, obtain a hukou and be "
        "vaccinated.</p>"
        '<h2>Background</h2><ul><li>See <a href="/en/programmes/barefoot-social-workers/">the programme</a></li>'
        "<li>Document 36 of 2016</li></ul>"
    ),
}
CAPTIONS = Words("郑道在启动仪式上致辞。", "Douglas Noble speaks at the launch.")
TITLES = Words(
    "儿童福利与保护服务走进五万九千多个村", "Child welfare services reach more than 59,000 villages"
)


def contact(card: VCard, language: Language) -> ContactView:
    """The same contact as pages show it."""
    return ContactView(
        key="",
        name=card.name[language],
        other_name=card.name["en" if language == "zh" else "zh"],
        role=card.role[language],
        organisation=card.organisation[language],
        languages=card.languages,
        telephone=card.telephone,
        telephone_shown="+86 10 8531 2612" if card is LIU_LI else "+86 138 0100 9450",
        email=card.email,
        wechat="",
        hours="",
        confirmed=card.confirmed,
        vcard="",
    )


def half(
    language: Language, *, corrected: bool = False, withdrawn: bool = False, compiled: bool = False
) -> Half:
    """One language of the release."""
    notice = NoticeView(
        CORRECTED, Words("村数已改正。", "The number of villages is corrected.")[language], language
    )
    return Half(
        language=language,
        release=ReleaseView(
            title=TITLES[language],
            summary=TITLES[language],
            section=Words("新闻稿", "Press release")[language],
            day="2017-05-31",
            place=Words("北京", "Beijing")[language],
            compiled=compiled,
            body=Body(digest=language),
            sources=(
                SourceView("联合国儿童基金会", "zh", "", "https://www.unicef.cn/", "2017-05-31"),
            ),
            topics=(
                Link(
                    f"/{language}/topics/child-protection/",
                    Words("儿童保护", "Child protection")[language],
                ),
            ),
            programmes=(),
            event=None,
            contacts=(contact(LIU_LI, language), contact(MADELINE_EISNER, language)),
            corrections=(notice,) if corrected else (),
            withdrawn=notice if withdrawn else None,
            published=PUBLISHED,
            modified=CORRECTED if corrected or withdrawn else "",
            related=(),
            newer=None,
            older=None,
            boilerplate_title=Words("关于本站", "About this site")[language],
            boilerplate=Words("这是一个示例网站。", "This is a demonstration.")[language],
            citation=f"{SITE}/{language}/releases/2017/child-welfare-week/",
        ),
        publisher=Words("示例新闻中心", "Example Newsroom")[language],
        site=SITE,
        notice=Words("本站为演示网站。", "This is a demonstration site.")[language],
        copyright="© 2017",
    )


def release_file(
    *languages: Language, corrected: bool = False, withdrawn: bool = False
) -> ReleaseFile:
    """The release in the given languages."""
    return ReleaseFile(
        key="2017/child-welfare-week",
        halves=tuple(
            half(language, corrected=corrected, withdrawn=withdrawn) for language in languages
        ),
        published=PUBLISHED,
        modified=CORRECTED if corrected or withdrawn else PUBLISHED,
    )


def picture(language: Language, *, on_request: bool = True) -> Picture:
    """The photograph of the ceremony."""
    return Picture(
        name="ceremony.jpg",
        alt=Words("一名男士站在讲台后", "A man at a lectern")[language],
        caption=CAPTIONS[language],
        credit="© UNICEF/China/2017",
        on_request=on_request,
        href=""
        if on_request
        else f"/{language}/releases/2017/child-welfare-week/photos/ceremony.jpg",
        width=0 if on_request else 64,
        height=0 if on_request else 48,
    )


def parts(body: Body) -> tuple[Part, ...]:
    """Opens the bodies above."""
    language: Language = "zh" if body.digest == "zh" else "en"
    first, second = BODIES[language].split("<h2>", 1)
    return Part(html=first), Part(picture=picture(language)), Part(html=f"<h2>{second}")


def edition(
    language: Language,
    starts: str = "2017-05-31",
    ends: str = "",
    state: str = "announced",
    *points: PointView,
) -> EditionView:
    """The Week of 2017."""
    return EditionView(
        href=f"/{language}/events/child-welfare-week/2017/",
        title=Words("2017年中国儿童福利与保护宣传周", "Child Welfare and Protection Week 2017")[
            language
        ],
        summary=Words("在北京启动，主题是基层；", "Launched in Beijing, with a focus on villages;")[
            language
        ],
        language=language,
        foreign=False,
        edition=8,
        starts=starts,
        ends=ends,
        place=Words("北京，联合国儿童基金会驻华办事处", "UNICEF office, Beijing")[language],
        theme="",
        hosts=(),
        people=(),
        schedule=points,
        state=state,
    )


def write_jpeg(path: Path) -> None:
    """A JPEG as cameras write it: place, serial number, comment, colour profile, held on its side."""
    from PIL import ImageCms

    image = Image.new("RGB", (64, 48))
    image.putdata([(x * 4, y * 5, (x * y) % 256) for y in range(48) for x in range(64)])
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif[0xA431] = "SERIAL-1234"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 20.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(
        path,
        "JPEG",
        exif=exif,
        icc_profile=profile,
        comment=b"private remark",
        progressive=True,
        quality=90,
    )
    # What telephones append: a second picture after the end of the first.
    path.write_bytes(path.read_bytes() + b"\xff\xd8\xff\xe1secret\xff\xd9")
