"""The stock of sentences of the made-up archive, each in English and in Chinese.

The text is openly fictitious: places and people are called by the heavenly stems (甲, 乙, 丙: the
Chinese A, B, C). Each pair says the same with the same slots, so that the two sides of a release
agree in figures, dates, names, quotations, links and paragraphs, whatever is drawn. Numbers occur
in slots only, never as words, so that a proofreader that compares figures has nothing to guess.

Slots: `place`, `org`, `person`; `n` (200 to 9,800), `m` and `k` (12 to 96), `p` and `q` (11 to 89,
q the greater), `big` (10,000 to 990,000), `date`, and `from_year` before `to_year`.
"""

from __future__ import annotations

from typing import Final

# English, Chinese.
Pair = tuple[str, str]

PLACES: Final[dict[str, Pair]] = {
    "jiacheng": ("Jiacheng", "甲城"),
    "yicheng": ("Yicheng", "乙城"),
    "bingcheng": ("Bingcheng", "丙城"),
    "dingcheng": ("Dingcheng", "丁城"),
    "wucheng": ("Wucheng", "戊城"),
    "jicheng": ("Jicheng", "己城"),
    "gengcheng": ("Gengcheng", "庚城"),
    "xincheng": ("Xincheng", "辛城"),
}

ORGANISATIONS: Final[dict[str, Pair]] = {
    "sample-office": ("Sample Office for Children", "样本儿童工作办公室"),
    "model-institute": ("Model Institute", "范例研究院"),
    "example-school": ("Example School of Social Work", "示例社会工作学院"),
}

PEOPLE: Final[dict[str, Pair]] = {
    "wang-jia": ("Wang Jia", "王甲"),
    "li-yi": ("Li Yi", "李乙"),
    "zhang-bing": ("Zhang Bing", "张丙"),
    "zhao-ding": ("Zhao Ding", "赵丁"),
    "liu-wu": ("Liu Wu", "刘戊"),
    "chen-ji": ("Chen Ji", "陈己"),
}

TOPICS: Final[dict[str, Pair]] = {
    "child-protection": ("Child protection", "儿童保护"),
    "child-welfare": ("Child welfare", "儿童福利"),
    "education": ("Education", "教育"),
    "early-childhood": ("Early childhood", "儿童早期发展"),
    "health": ("Health", "卫生健康"),
    "nutrition": ("Nutrition", "营养"),
    "water-and-hygiene": ("Water and hygiene", "水与卫生"),
    "disability": ("Disability", "残疾儿童"),
    "adolescents": ("Adolescents", "青少年"),
    "emergencies": ("Emergencies", "应急响应"),
    "data": ("Data", "数据"),
    "social-policy": ("Social policy", "社会政策"),
}

TITLES: Final[tuple[Pair, ...]] = (
    ("{place} extends village services to {n} families", "{place}将村级服务扩大到{n}户家庭"),
    ("{place} opens home visits to {n} families", "{place}面向{n}户家庭开展入户走访"),
    ("{n} children in {place} reached by village workers", "{place}村级工作者帮助{n}名儿童"),
    ("{place} enters {n} children in its register", "{place}将{n}名儿童纳入名册"),
    ("{place} reports on its work with {n} families", "{place}通报{n}户家庭服务情况"),
    ("Village workers in {place} call on {n} families", "{place}村级工作者走访{n}户家庭"),
)

SUMMARIES: Final[tuple[Pair, ...]] = (
    (
        "Workers in {place} visit families at home and help children to attend school.",
        "{place}的工作者入户走访，帮助儿童上学。",
    ),
    (
        "The {org} reports on training, visits and the register in {place}.",
        "{org}通报{place}的培训、走访和名册情况。",
    ),
    (
        "In {place}, the county and the {org} bring help closer to families in the villages.",
        "在{place}，县里与{org}把帮助送到村里的家庭身边。",
    ),
)

LEADS: Final[tuple[Pair, ...]] = (
    (
        "The {org} has extended its work in {place} to {n} families, who are now visited at home "
        "by village workers trained in basic social work and supervised from the county town.",
        "{org}在{place}的工作已扩大到{n}户家庭，接受过社会工作基础培训的村级工作者上门走访，"
        "并由县城派人督导。",
    ),
    (
        "Since {date}, workers in {place} have called on {n} families to see that the children "
        "attend school, are vaccinated and receive the help to which they are entitled.",
        "自{date}起，{place}的工作者走访了{n}户家庭，了解儿童是否上学、接种疫苗，"
        "并得到应得的帮助。",
    ),
    (
        "In {place}, {m} villages have joined the work of the {org}, which brings advice, "
        "referral and company to children who would otherwise be left to themselves.",
        "在{place}，{m}个村加入了{org}的工作，为原本无人照管的儿童提供咨询、转介和陪伴。",
    ),
)

BODY: Final[tuple[Pair, ...]] = (
    (
        "The {org} trained {m} village workers in {place}, and they now call on the families of "
        "the neighbouring villages every month.",
        "{org}在{place}培训了{m}名村级工作者，他们如今每月走访邻近村庄的家庭。",
    ),
    (
        "Records kept by the {org} show that {n} children were enrolled in school with the "
        "workers' help, {p} per cent of them girls.",
        "{org}的记录显示，在工作者的帮助下，有{n}名儿童入学，其中女童占{p}%。",
    ),
    (
        "In {place}, {m} villages opened a children's place beside the clinic, so that parents "
        "can see a nurse and a social worker on the same visit.",
        "在{place}，有{m}个村在卫生室旁开设了儿童之家，家长前来时既能见到护士，"
        "也能见到社会工作者。",
    ),
    (
        "Workers keep a simple register on paper and copy it every week into a shared list, "
        "which the county checks against school and health records.",
        "工作者用纸质表格做简明登记，每周誊入共用名册，由县里与学校和卫生部门的记录核对。",
    ),
    (
        "By {date}, the register held {n} names, and {k} cases had been passed on to the county "
        "for help that a village cannot give.",
        "截至{date}，名册上登记了{n}人，其中{k}例因村里无力解决而转交县里处理。",
    ),
    (
        "A survey of {n} households in {place} found that {p} per cent knew whom to ask when a "
        "child is ill-treated or left without care.",
        "对{place}{n}户家庭的调查发现，{p}%的家庭知道在儿童受到虐待或无人照料时应当向谁求助。",
    ),
    (
        "The county pays the workers, while the {org} provides training, a handbook and regular "
        "supervision by an experienced social worker.",
        "工作者的报酬由县里支付，{org}提供培训、手册，并由有经验的社会工作者定期督导。",
    ),
    (
        "Families who live far from the road are visited by motorcycle, and the longest round, "
        "in the hills above {place}, takes {m} hours.",
        "住得离公路远的家庭由工作者骑摩托车走访，{place}山区里最长的路线要走{m}个小时。",
    ),
    (
        "Many of the children live with their grandparents because their parents work in distant "
        "towns, and a telephone call to the parents is part of every visit.",
        "许多儿童因父母在外地务工而与祖父母同住，每次走访都会安排他们与父母通电话。",
    ),
    (
        "Children with disabilities receive particular attention: {k} of them in {place} were "
        "given an assessment, and their parents learnt exercises to do at home.",
        "残疾儿童尤其受到关注：{place}有{k}名残疾儿童接受了评估，家长学会了在家中做的训练。",
    ),
    (
        "The approach costs little: rooms are lent by the village, toys are made by parents, and "
        "the county's clinic keeps the vaccination cards up to date.",
        "这种做法花费很少：房间由村里提供，玩具由家长制作，县卫生院负责及时更新接种卡。",
    ),
    (
        "Between {from_year} and {to_year}, the share of newborn children who are registered in "
        "{place} rose from {p} per cent to {q} per cent, according to the county.",
        "据县里统计，{from_year}年至{to_year}年，{place}新生儿登记率由{p}%升至{q}%。",
    ),
    (
        "The {org} publishes its figures every year, with the date and the method beside each of "
        "them, and corrects them when a mistake is found.",
        "{org}每年公布数据，逐项注明时间和方法，发现差错即予更正。",
    ),
    (
        "Teachers in {m} schools agreed to report long absences on the same day, which gives "
        "workers time to call before a child has left school for good.",
        "{m}所学校的教师同意在当天报告长期缺勤情况，使工作者能在儿童彻底辍学之前上门了解。",
    ),
    (
        "Water and soap stand at the door of every children's place, and {n} children have "
        "learnt when and how to wash their hands.",
        "每个儿童之家门口都备有水和肥皂，已有{n}名儿童学会了何时洗手、如何洗手。",
    ),
    (
        "When heavy rain closed the road to {place} on {date}, the workers stayed in the villages "
        "and made sure that no child was alone.",
        "{date}，大雨阻断了通往{place}的道路，工作者留在村里，确保没有儿童无人看护。",
    ),
    (
        "Of the {n} families that asked for a subsidy, {p} per cent received it within {m} days, "
        "and the others were told in writing what was missing.",
        "在申请补助的{n}户家庭中，{p}%在{m}天内领到补助，其余家庭收到了说明所缺材料的书面通知。",
    ),
    (
        "Young people take part as well: {k} of them lead reading groups in {place} and write a "
        "wall newspaper about life in their villages.",
        "青少年也参与其中：{place}有{k}名青少年带领读书小组，并办墙报介绍村里的生活。",
    ),
    (
        "The {org} asked an independent group to look at the work, and its report recommends "
        "shorter rounds, better maps and more time for each visit.",
        "{org}请独立小组对工作进行评估，评估报告建议缩短走访路线、改进地图，"
        "并为每次走访留出更多时间。",
    ),
    (
        "Health workers weighed {n} infants in {place} during the year and found that {p} per "
        "cent were growing as they should.",
        "卫生人员当年在{place}为{n}名婴儿称量体重，发现{p}%的婴儿发育正常。",
    ),
    (
        "The handbook has been revised: it is shorter, uses plain words, and shows in drawings "
        "what to look for in a home with small children.",
        "手册已经修订：篇幅更短，用语浅白，并用图画说明在有幼儿的家庭中应当留意什么。",
    ),
    (
        "Neighbouring counties have sent {m} visitors to {place} to see the work for themselves "
        "and to take the forms and the handbook home.",
        "邻县派出{m}名来访者到{place}实地了解工作情况，并带回表格和手册。",
    ),
    (
        "Every worker is known by name and face: a photograph and a telephone number hang in the "
        "shop, the clinic and the school of the village.",
        "每名工作者的姓名和样貌都为人熟知：村里的商店、卫生室和学校都贴有他们的照片和电话号码。",
    ),
    (
        "The plan for the coming year foresees {k} more villages and a training course of {m} "
        "days for those who have just begun.",
        "来年计划新增{k}个村，并为新入职的工作者举办为期{m}天的培训。",
    ),
    (
        "About {big} people live in the area that the programme covers, among them {n} children "
        "below school age.",
        "项目覆盖地区约有{big}人居住，其中学龄前儿童{n}名。",
    ),
    (
        "A small fund pays for journeys to hospital, and it was used by {k} families in {place} "
        "before {date}.",
        "小额基金用于支付就医路费，{date}之前，{place}有{k}户家庭使用了这项基金。",
    ),
    (
        "The county's judges and police were invited to a workshop on how to speak with children "
        "who have seen or suffered violence.",
        "县里的法官和民警受邀参加研讨，学习如何与目睹或遭受暴力的儿童交谈。",
    ),
    (
        "Fathers were harder to reach than mothers, so the workers now call in the evening and "
        "hold a meeting in {place} on market days.",
        "联系父亲比联系母亲更难，因此工作者改在傍晚走访，并在{place}的集市日召开家长会。",
    ),
)

# Each is said by a person; the attribution is in QUOTED.
QUOTES: Final[tuple[Pair, ...]] = (
    (
        "A child who is seen every month is a child whom nobody forgets",
        "每月都有人去看望，孩子就不会被遗忘",
    ),
    (
        "We ask what the family needs before we say what we can give",
        "我们先问家庭需要什么，再说我们能提供什么",
    ),
    (
        "The register is only paper until somebody walks up the hill with it",
        "名册只是纸张，要有人带着它走上山去才有用",
    ),
    (
        "Training matters less than trust, and trust takes years",
        "培训固然重要，信任更重要，而信任需要多年积累",
    ),
    (
        "Our figures are small and honest, and that is how we want them",
        "我们的数字不大，但真实，这正是我们想要的",
    ),
    ("Parents come back when they are listened to", "家长觉得有人倾听，就会再来"),
    (
        "What works in this village should be written down for the others",
        "在这个村行之有效的做法，应当写下来供其他村参考",
    ),
    ("No form may be longer than the visit", "填表的时间不应超过走访的时间"),
)

QUOTED: Final[tuple[Pair, ...]] = (
    (
        "“{said},” explained {person}, who leads the work of the {org} in {place}. “{more}.”",
        "“{said}，”{org}在{place}的工作负责人{person}说，“{more}。”",
    ),
    (
        "“{said},” said {person}, who has trained workers in {place} for the {org}. “{more}.”",
        "“{said}，”为{org}在{place}培训工作者的{person}表示，“{more}。”",
    ),
)

HEADINGS: Final[tuple[Pair, ...]] = (
    ("What the workers do", "工作者做什么"),
    ("What has changed", "有哪些变化"),
    ("How it is paid for", "经费从何而来"),
    ("Where the figures come from", "数据从何而来"),
    ("Who takes part", "谁在参与"),
    ("What comes next", "今后计划"),
)

LIST_INTRO: Final[Pair] = (
    "The work of the coming months in {place}:",
    "今后数月在{place}的工作：",
)

LIST_ITEMS: Final[tuple[Pair, ...]] = (
    ("home visits to {n} families", "入户走访{n}户家庭"),
    ("a course of {m} days for new workers", "为新工作者举办{m}天培训"),
    ("a check of {n} entries in the register", "核对名册中的{n}条记录"),
    ("a meeting with parents on {date}", "{date}召开家长会"),
    ("a reading corner in {k} schools", "在{k}所学校设立读书角"),
)

EARLIER: Final[Pair] = (
    "How the work began is told in an earlier release: [{title}]({{release}}{key}).",
    "工作如何起步，见此前的新闻稿：[{title}]({{release}}{key})。",
)

AT_EVENT: Final[Pair] = (
    "The figures were presented at the [Sample Week]({{event}}{key}).",
    "这些数据在[样本周]({{event}}{key})上发布。",
)

NOTICE: Final[Pair] = (
    "This text is a made-up sample for measuring speed; its places, people and figures do not "
    "exist. Revision: {revision}.",
    "本文是为测量速度而编写的样文，文中的地点、人物和数字均不存在。修订：{revision}。",
)

# Alt text, then caption.
PHOTOS: Final[dict[str, tuple[Pair, Pair]]] = {
    "visit.jpg": (
        (
            "A worker and a child sit at a low table and draw.",
            "工作者与孩子坐在矮桌旁画画。",
        ),
        ("A worker visits a family in {place}.", "工作者在{place}走访家庭。"),
    ),
    "register.jpg": (
        (
            "A hand writes in a register that lies open beside a cup of tea.",
            "桌上放着茶杯，有人正在翻开的名册上书写。",
        ),
        ("The register of the {org} in {place}.", "{org}在{place}的名册。"),
    ),
    "meeting.jpg": (
        (
            "Parents sit on benches in a courtyard and listen to a speaker.",
            "家长坐在院中的长凳上听人讲话。",
        ),
        ("A meeting with parents in {place}.", "{place}的家长会。"),
    ),
    "reading.jpg": (
        (
            "Children stand around a shelf of picture books.",
            "孩子们站在摆放图画书的书架旁。",
        ),
        ("The reading corner of a school in {place}.", "{place}某校的读书角。"),
    ),
}

SOURCES: Final[tuple[Pair, ...]] = (
    ("Register of the {org}", "{org}名册"),
    ("Annual figures of the {org}", "{org}年度数据"),
)
