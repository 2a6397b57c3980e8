"""Chinese numbers, dates and times, read by value: 5.9万, 五万九千, 三成, 百分之三点五, 第六届."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from pressroom.proofreading.tokens import (
    ABOUT,
    CLOCK,
    CODE,
    DATE,
    DECADE,
    FRACTION,
    LEAST,
    LOOSE,
    MORE,
    MOST,
    NEAR,
    NUMBER,
    PERCENT,
    PHONE,
    POINTS,
    TIMES,
    UNDER,
    UNREADABLE,
    WEEKDAY,
    Token,
    Value,
    decimal,
    phone,
    phone_digits,
    unreadable,
    whole,
)

DIGITS: Final = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_GREAT: Final = {"万": 10**4, "亿": 10**8}
_WIDE: Final = frozenset("０１２３４５６７８９．，％")
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")


# --- one number --------------------------------------------------------------------------------


def read(text: str) -> Value | None:
    """A number in any Chinese form as its value; None when it is none.

    五万九千, 5.9万, 59,000, 二〇一七, 三点五, 1亿2000万, 2万5千, 三万五 (35,000).
    """
    if not text:
        return None
    if not _WIDE.isdisjoint(text):
        text = text.translate(_FULL_WIDTH)
    if text[0].isdigit() and text.replace(",", "").replace(".", "").isdigit():
        return decimal(text)
    if all(c in DIGITS for c in text):
        if len(text) == 1:
            return DIGITS[text]
        if "两" in text:
            return None
        return int("".join(str(DIGITS[c]) for c in text))
    return _great(text)


def _great(text: str) -> Value | None:
    """Parts joined by 亿 and 万, the greater first; 万亿 is 10¹²."""
    for unit in ("亿", "万"):
        left, found, right = text.rpartition(unit) if unit == "亿" else text.partition(unit)
        if not found:
            continue
        head = _great(left) if left else None
        if head is None:
            return None
        scale = _GREAT[unit]
        if not right:
            return whole(head * scale)
        if len(right) == 1 and right in DIGITS and right not in "零〇":
            return whole(head * scale + DIGITS[right] * (scale // 10))
        rest = _great(right.lstrip("零〇") or right)
        if rest is None or rest >= scale:
            return None
        return whole(head * scale + rest)
    return _section(text)


def _section(text: str) -> Value | None:
    """A part below 万: 五千零六十, 三百二, 2千, 120, 三点五."""
    if not text:
        return None
    if "点" in text:
        head, _, tail = text.partition("点")
        if not tail or not all(c in DIGITS and c != "两" for c in tail):
            return None
        start = _section(head)
        if start is None:
            return None
        digits = "".join(str(DIGITS[c]) for c in tail)
        return whole(start + Fraction(int(digits), 10 ** len(digits)))
    if text[0].isdigit():
        match = _PLAIN.match(text)
        if not match:
            return None
        number = decimal(match[0])
        rest = text[match.end() :]
        if number is None or not rest:
            return number
        if rest[0] not in _SMALL:
            return None
        scale = _SMALL[rest[0]]
        if len(rest) == 1:
            return whole(number * scale)
        more = _section(rest[1:].lstrip("零〇") or rest[1:])
        if more is None or more >= scale:
            return None
        return whole(number * scale + more)
    total, digit, last = 0, -1, 10**4
    zero = False
    for index, c in enumerate(text):
        if c in DIGITS:
            if c in "零〇":
                zero = True
                if digit >= 0:
                    return None
                continue
            if digit >= 0:
                return None
            digit = DIGITS[c]
        elif c in _SMALL:
            scale = _SMALL[c]
            if scale >= last:
                return None
            if digit < 0:
                if c != "十" or (index and not zero):
                    return None
                digit = 1
            total += digit * scale
            digit, last, zero = -1, scale, False
        else:
            return None
    if digit >= 0:
        # 三百二 is 320; 三百零二 is 302; 二十二 is 22.
        total += digit * (last // 10 if last in (100, 1000) and not zero else 1)
    return total


_PLAIN: Final = re.compile(r"\d+(?:,\d+)*(?:\.\d+)?")


# --- everything in a text ----------------------------------------------------------------------

# 百帕 and 千瓦 are units: hectopascals and kilowatts.
_C: Final = "[零〇一二两三四五六七八九十万亿]|百(?!帕)|千(?![瓦克米帕卡伏兆赫])"
_NUM: Final = (
    r"(?:\d+(?:[,]\d+)*(?:\.\d+)*\.?(?:[百千十]?万亿|[百千十]?[万亿]|百(?![帕姓货年])|千(?![瓦克米帕卡伏兆赫]))"
    rf"(?:零?(?:\d+(?:\.\d+)?(?:[千百十]?万|[千百]|(?!\d))|(?:{_C})+))?"
    r"|\d+(?:,\d+)*(?:\.\d+)*"
    rf"|(?:{_C})+(?:点[零〇一二三四五六七八九]+(?:[百千]?[万亿]+)?)?)"
)
_MONTH: Final = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY: Final = r"(?:3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAYTIME: Final = "凌晨|清晨|早上|早晨|早|今早|明早|今晨|上午|中午|正午|下午|午后|傍晚|晚上|晚间|今晚|当晚|晚|夜里|深夜|夜间|半夜"
_HOUR: Final = r"(?:2[0-4]|1\d|0?\d|二?十[一二三四五六七八九]?|[零一二两三四五六七八九])"

# Anything that may begin a token; the rest is decided where it stands.
_CANDIDATE: Final = re.compile(
    r"[0-9０-９零〇一二两三四五六七八九十百千万亿半双翻A-Za-z+(周星午’‘Ⅰ-Ⅻ]"
)

_TOKEN: Final = re.compile(
    rf"""
    (?P<code>[A-Z]{{1,4}}(?:/T)?[ ]?\d{{3,6}}(?:\.\d+)?[—–-]\d{{4}}|[A-Za-z]+(?:-?\d[\dA-Za-z]*(?:-\d+|\.\d+(?![\d.]))*)?)
  | (?P<quarter>(?P<qq>[一三])刻钟)
  | (?P<lasting>(?:(?P<lh>{_NUM})(?:个)?(?:小时|钟头)(?:零|又)?(?P<lm>{_NUM})分钟?|(?P<lm2>{_NUM})分(?=[\d零一二三四五六七八九十]+秒))
        (?:(?P<ls>{_NUM})秒(?P<lc>\d{{1,3}}(?![\d,]))?)?
      |(?P<sh>\d{{1,2}}):(?P<sm>[0-5]\d):(?P<ss>[0-5]\d(?:\.\d+)?)(?![\d:])|(?P<sm2>[0-5]?\d):(?P<ss2>[0-5]\d\.\d{{1,2}})(?!\d))
  | (?P<years>(?P<ly>{_NUM})年(?:零|又)?(?P<lo>{_NUM})个月)
  | (?P<iso>(?P<iy>(?:19|20)\d\d)[-./](?P<im>1[0-2]|0?[1-9])[-./](?P<id>3[01]|[12]\d|0?[1-9])(?![\d.]))
  | (?P<slash>\d{{1,2}}/\d{{1,2}}/\d{{4}})
  | (?P<born>(?P<bo>\d[05])[后](?![来续期天面]))
  | (?P<decade>(?:(?P<cent>\d{{2}}|[一二]?十[一二三四五六七八九]?)世纪|上个?世纪)?
        (?P<dec>\d0|(?:19|20)\d0|[二三四五六七八九]十)年代)
  | (?P<date>(?P<y>(?:1[0-9]|20)\d\d|[一二][〇零一二三四五六七八九]{{3}})年(?P<m>{_MONTH})月(?:份)?(?:(?P<d>{_DAY})[日号])?
      | (?P<m2>{_MONTH})月(?:份)?(?P<d2>{_DAY})[日号]
      | (?P<m9>{_MONTH})月(?P<dl>\d{{1,2}}(?:[、和及]\d{{1,2}})+)[日号]
      | (?P<m5>{_MONTH})[ ]?(?:至|到|、|和|[—–~～-]{{1,2}})[ ]?(?P<m6>{_MONTH})月(?!{_DAY}[日号])(?:份)?
      | (?P<m7>1[0-2]|[1-9])·(?P<d7>3[01]|[12]\d|[1-9])(?!\d)
      | (?P<m3>{_MONTH})月(?!氏|龄|大|球|亮|光|饼|色|台|薪|租|票|均|收|工|经)(?:份)?
      | (?P<d4>\d{{1,2}})(?:日(?!均|元|报|送|本|常|语)|号(?=[^\w]*[至到、及和]?\d{{1,2}}[日号])))
  | (?P<clock>(?:
        (?P<h>{_HOUR})(?:时(?![候间常刻代期速]|不时)|点(?!建|要|意|说|内|看|措|原|体|经|希|思|共|评|赞|击|[零〇一二三四五六七八九]+(?![一二三四五六七八九十]*分|刻)))
          (?:(?P<mi>[0-5]\d|[0零]?\d|[一二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])分|(?P<m0>[0-5]\d|[一二三四五]十[一二三四五六七八九]?)(?=[到至，。、；—–）-]|$)|(?P<half>半)|(?P<q>[一三])刻|整|钟)?
      | (?P<h2>2[0-4]|[01]?\d)[:：](?P<mi2>[0-5]\d)(?![:：\d]|%|\.\d)(?:[:：][0-5]\d)?))
  | (?P<noon>零点|午夜)
  | (?P<week>(?:周|星期)(?P<wd>[一二三四五六日天])(?![次个天期年回趟遍班场节封篇课]|月[一二三四五六七八九十]+[日号]))
  | (?P<all>百分之?百)
  | (?P<share>(?P<s1>[一二三四五六七八九])(?P<s2>[一二三四五六七八九])(?=比例|开|分成|分担|分账))
  | (?P<off>(?P<o1>[一二三四五六七八九\d])(?P<o2>[一二三四五六七八九]|\.\d)?折(?![叠腾扣断返线旧页]))
  | (?P<shop>双(?P<sn>11|12|十一|十二)(?!月))
  | (?P<age>(?P<at>[二三四五六七八九])十有(?P<ao>[一二三四五六七八九])|(?P<ax>[二三四五六七八九])旬)
  | (?P<per>百分之(?P<pn>{_NUM})|(?P<pn2>{_NUM})[ ]?(?P<ps>[%％]|个?百分点))
  | (?P<mil>千分之(?P<mn>{_NUM})|(?P<mn2>{_NUM})[ ]?(?:‰|个?千分点))
  | (?P<frac>(?P<den>{_NUM})分之(?P<numer>{_NUM}))
  | (?P<among>(?P<m8>{_NUM})[个名位户家人次](?:\w{{1,4}})?[里中](?:就|约|大约)?有(?:近|超过)?(?P<n8>{_NUM})(?=[个名位户家人次]))
  | (?P<cheng3>(?P<cd>[一二三四五六七八九])成(?P<ce>[一二三四五六七八])(?P<cf>[二三四五六七八九])(?![十百千万]))
  | (?P<cheng2>(?P<ca>[一二两三四五六七八])(?P<cb>[二三四五六七八九])成(?![立功]))
  | (?P<cheng>(?P<c1>[一二两三四五六七八九十\d])成(?P<c2>[一二三四五六七八九半])?(?!(?<=一成)为|[立功本员绩人果长就交都分效型语熟套]))
  | (?P<fan>翻(?:了)?近?(?P<fn>[一两二三]|\d)?[番倍])
  | (?P<bei>(?P<bn>{_NUM})(?P<bd>[多余])?(?:个)?倍(?!数|增|速|感|受))
  | (?P<ratio>\d+(?:\.\d+)?(?:[:：∶]\d+(?:\.\d+)?)+)
  | (?P<roman>[Ⅰ-Ⅻ])
  | (?P<num>{_NUM})
    """,
    re.VERBOSE,
)

# 近三年 and 最近两天 are the last ones, not nearly as many; 用了近三年 is nearly three.
_RECENT: Final = re.compile(r"个?(?:年|月|日|天|周|季度|小时|\w{0,3}周期|学期|赛季|届|期|次)")
_LATELY: Final = re.compile(r"(?:^|[且最，。；：、“（\s\x00])$")
_STRONG: Final = {"强": MORE, "弱": NEAR}
_BEFORE: Final = re.compile(
    r"(?:(?P<most>不[得能应宜可]?(?:超过|高于|多于|大于|晚于|迟于)|最多|至多|最高|最长|上限为?|限)"
    r"|(?P<least>至少|不[得能应宜可]?(?:少于|低于|小于)|最少|最低|起码)"
    r"|(?P<near>将近|接近|(?<![邻附临最亲靠远走])近|几乎|(?<![加飞赶尽凉爽最更很])快(?!了|出|过))"
    r"|(?P<more>超过|突破|多达|多于|高于|大于|逾|超|年过|过|达到?|破|不止)"
    r"|(?P<under>不到|不足|低于|少于|小于|未满|不满|未到)"
    r"|(?P<about>大约|约|约为|约合|大概|估计|左右|前后))(?:了|是|有|为|到)?[  ]?$"
)
_WEAK_MORE: Final = (
    "达",
    "过",
    "年过",
    "破",
    "多达",
    "达到",
    "高出",
    "超出",
    "高于",
    "大于",
    "超",
)
_AFTER: Final = re.compile(
    r"(?:[^\d，。；、！？：（）“”\x00\s]{0,5}?(?P<more>(?<!及)以上)|[^\d，。；、！？：（）“”\x00\s]{0,5}?(?P<least2>及以上)|[^\d，。；、！？：（）“”\x00\s]{1,3}?(?P<least>(?<![提引掀一发兴唤勾])起(?![诉来火飞草伏]))"
    r"|[^\d，。；、！？：（）“”\x00\s]{0,5}?(?P<under>以下|以内|之内)"
    r"|[^\d，。；、！？：（）“”\x00\s]{0,4}?(?P<about>左右|上下|前后))"
)
_MORE_AFTER: Final = re.compile(
    r"(?:[多余来](?=[\u4e00-\u9fff，。）])|有余|还多|(?:个|年|岁|倍|米|天|月|里|吨|元|公里|小时)多(?![少数种样元云]))"
)
_HALF_AFTER: Final = re.compile(
    r"(?:个|小时|年|天|岁|倍|里|公里|个月|分钟|分|斤|吨|圈|次|碗|杯|瓶|层|米|盒|袋|亩|桶)(?:零)?半(?![年天数径价]|(?<!个半)月)"
)
_MAGNITUDE: Final = re.compile(r"(?P<q>[多余来])(?P<u>[万亿千百]+)")
_CURRENCY: Final = re.compile(
    r"[多余]?(?P<u>人民币|美元|欧元|英镑|日元|港元|港币|澳元|加元|瑞士法郎|卢布|韩元|新元|元|块钱)"
)
CURRENCIES: Final = {
    "人民币": "CNY",
    "元": "CNY",
    "块钱": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港元": "HKD",
    "港币": "HKD",
    "澳元": "AUD",
    "加元": "CAD",
    "瑞士法郎": "CHF",
    "卢布": "RUB",
    "韩元": "KRW",
    "新元": "SGD",
}
# 增长2倍 makes three times as much; 增长到2倍 and 是…的2倍 make two.
_GROWS: Final = re.compile(
    r"(?:增长|增加|提高|上升|上涨|扩大|相差|增|涨|升|快|高|多|贵|慢|大|重|长)(?:了|出|近|约|将近|超过|逾|不止|达|幅[达为]?)*$"
)
_SHRINKS: Final = re.compile(
    r"(?:减少|下降|降低|缩短|压缩|节省|[降少减省])(?:了|近|约|将近|超过|逾)*$"
)
_FESTIVAL: Final = {
    "五一": (5, 1),
    "六一": (6, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "十一": (10, 1),
    "三八": (3, 8),
}
_FESTIVAL_AFTER: Final = re.compile(
    r"”?(?:当[天日晚]|前夕|前后|国际|劳动节|儿童节|妇女节|国庆|假期|黄金周|小长假|节|期间|长假)"
)
_WEEKDAYS: Final = {c: i + 1 for i, c in enumerate("一二三四五六")} | {"日": 7, "天": 7}
# Words that begin with what looks like a number of its own.
_WORDS: Final = re.compile(
    r"二维码|二氧化|二手|二胡|三角(?!.分)|三轮|三农|三亚|三峡|三明|四川|四周|四处|四季|四平|四方|四肢|五官|五金|五彩|五颜六色|五花八门|五湖四海"
    r"|六安|七嘴八舌|七夕|八卦|八方|九州|九江|九龙|十分(?![钟之])|十足|十字|十全十美|百姓|百货|百科|百度|百花|百分百|千方百计|千家万户|千万(?=要|别|不)"
    r"|万事|万物|万一|万分|万能|万象|一五一十|三三两两|三天两头|三令五申|三心二意|四通八达|四面八方|接二连三|两岸|两旁|两侧|两口子"
    r"|一一|一五|双十一|半天|半数|半径|半导体|半夜|一半|半点|十二生肖|七上八下|三长两短|四分五裂|三五成群|三番五次|两全其美|三言两语|千言万语|千辛万苦|千奇百怪|百发百中|百里挑一|半信半疑|四舍五入|两手准备|十里|万里|百里|千里|百万富翁|九牛一毛|千篇一律"
)
_RANGE: Final = frozenset("到至第隔满")  # 两到四周 is no 四周
_IDIOM_LEADS: Final = frozenset("二三四五六七八九十百千万一两半双")


_LARGE: Final = frozenset("成%％万亿半千百旬")


def _quals(text: str, start: int, end: int) -> frozenset[str]:
    found = set()
    before = (
        _BEFORE.search(text, max(0, start - 8), start)
        if text[start - 1 : start] in _QUAL_ENDS
        else None
    )
    if before:
        name = before.lastgroup or ""
        found.add(name)
        if name == MORE and before[name] in _WEAK_MORE:
            found.add("weak")
        if before[name] == "过" and text[end - 1 : end] not in _LARGE:
            found.discard(MORE)  # 去过三次
        if before[name] == "突破":
            found.add(LOOSE)  # 突破26秒 is less
        if name == NEAR and _RECENT.match(text, end) and _LATELY.search(text, 0, before.start()):
            found.discard(NEAR)
    after = _MORE_AFTER.match(text, end)
    if after:
        found.add(ABOUT if after[0].startswith("来") else MORE)
        found.discard("weak")
    after = _AFTER.match(text, end)
    if after and not _between(text, start, after):
        found.add((after.lastgroup or "").rstrip("2"))
        found.discard("weak")
    strength = text[end : end + 1]
    if strength in _STRONG and text[end - 1 : end] in _SHARES:  # 三成强, 十分之一弱
        found.add(_STRONG[strength])
    return frozenset(found)


def _between(text: str, start: int, after: re.Match[str]) -> bool:
    """2000元以上2万元以下: both ends of a range, and no qualifiers."""
    if after["more"]:
        return _UP_TO.match(text, after.end()) is not None
    return bool(after["under"]) and "以上" in text[max(0, start - 4) : start]


_UP_TO: Final = re.compile(r"、?[\d一二两三四五六七八九十百千万亿,.]{1,12}[^\d，。；]{0,4}以下")
_SHARES: Final = frozenset("成一二三四五六七八九")
_NONE: Final[frozenset[str]] = frozenset()
# What stands right before a number that a qualifier governs, and what may stand after it.
_QUAL_ENDS: Final = frozenset("快过破达于大出逾超止到足少小满近乎多低限高长最为约概计右后了是有 ")
_QUAL_HINT: Final = re.compile(r"[多余来左上前以起之]")


_LATE: Final = frozenset(
    {"下午", "午后", "傍晚", "晚上", "晚间", "今晚", "当晚", "晚", "深夜", "夜间"}
)


_NIGHT: Final = frozenset({"夜里", "半夜"})


def _clock_value(match: re.Match[str], daytime: str) -> int | None:
    hour = read(match["h"] or match["h2"] or "")
    minute: Value | None = 0
    if match["mi"] or match["mi2"]:
        minute = read((match["mi"] or match["mi2"]).lstrip("零"))
    elif match["m0"]:  # 11点40
        minute = read(match["m0"])
    elif match["half"]:
        minute = 30
    elif match["q"]:
        minute = 15 if match["q"] == "一" else 45
    if not isinstance(hour, int) or not isinstance(minute, int) or hour > 24 or minute > 59:
        return None
    if 6 < hour < 12 and daytime in _NIGHT:
        hour += 12
    if hour < 12 and daytime in _LATE and (hour > 4 or daytime in ("下午", "午后")):
        hour += 12
    return (hour * 60 + minute) % 1440


def scan(text: str) -> list[Token]:
    """Every token of a Chinese text, in order; what is masked in it must be \\x00."""
    found: list[Token] = []
    position = 0
    token = _TOKEN.match
    last_date: Token | None = None
    for hit in _CANDIDATE.finditer(text):
        start = hit.start()
        if start < position:
            continue
        char = text[start]
        if char in _LEADS and (digits := phone(text, start)):
            found.append(Token(PHONE, phone_digits(digits), start, start + len(digits)))
            position = start + len(digits)
            continue
        if (
            char in _IDIOM_LEADS
            and text[start - 1 : start] not in _RANGE
            and (word := _WORDS.match(text, start))
        ):
            position = word.end()
            if word[0] in ("一半", "半数"):
                found.append(_half(text, start, position))
            continue
        if char == "午":
            if text[start - 1 : start] in ("中", "正") and not _NUMERAL.match(text, start + 1):
                found.append(Token(CLOCK, 720, start - 1, start + 1, soft=True))
            continue
        match = token(text, start)
        if match is None:
            if char == "半":
                found.append(_half(text, start, start + 1))
            continue
        tokens = _make(text, match, last_date)
        position = max(match.end(), start + 1)
        for made in tokens:
            if made.kind == DATE:
                last_date = made
            position = max(position, made.end)
        found.extend(tokens)
    return found


_LEADS: Final = frozenset("+(0123456789")
_NUMERAL: Final = re.compile(r"[ ]?[\d一二两三四五六七八九十]")


def _half(text: str, start: int, end: int) -> Token:
    made = Token(FRACTION, Fraction(1, 2), start, end, soft=True)
    made.quals = _quals(text, start, end)
    before = text[start - 1 : start]
    if before in _HALVES:
        made.quals |= {_HALVES[before]}
    return made


# 过半 and 大半年 are more than half, 小半年 is less.
_HALVES: Final = {"过": MORE, "大": MORE, "多": MORE, "小": NEAR}


def _daytime(text: str, start: int) -> str:
    """The part of the day that stands before a time: 下午, 晚."""
    match = _DAYTIMES.search(text, max(0, start - 3), start)
    return match[1] if match else ""


_DAYTIMES: Final = re.compile(rf"({_DAYTIME})[ ]?$")


def _make(text: str, match: re.Match[str], last_date: Token | None) -> list[Token]:
    start, end = match.span()
    if match["num"]:  # most of them
        return _plain(text, match["num"], start, end)
    if match["code"]:
        word = match["code"]
        if not any(c.isdigit() for c in word):
            return []
        return [Token(CODE, word.upper(), start, end, soft=word.upper().startswith("COVID"))]
    if match["roman"]:
        return [Token(NUMBER, ord(match["roman"]) - ord("Ⅰ") + 1, start, end, soft=True)]
    if match["quarter"]:
        return [Token(NUMBER, 15 if match["qq"] == "一" else 45, start, end, soft=True)]
    if match["lasting"]:
        if match["sm2"] and "比" in text[max(0, start - 6) : start]:
            return _ratio(match[0], start)  # 师生比为1:11.8
        return _lasting(match, start, end)
    if match["years"]:
        years, months = _value(match["ly"]), _value(match["lo"])
        if years is None or months is None or years > 1000:
            return _plain(text, match["ly"], start, match.end("ly"))
        return [Token(NUMBER, whole(years + Fraction(months) / 12), start, end)]
    if match["iso"]:
        return [_date(start, end, int(match["iy"]), int(match["im"]), int(match["id"]))]
    if match["slash"]:
        return [Token(UNREADABLE, match["slash"], start, end)]
    if match["born"]:  # 95后: born after 1995
        year = int(match["bo"])
        born = year + (2000 if year < 30 else 1900)
        return [Token(DECADE, born, start, end, soft=True, alts=((NUMBER, born), (NUMBER, year)))]
    if match["decade"]:
        decade = read(match["dec"])
        if not isinstance(decade, int):
            return []
        century = read(match["cent"]) if match["cent"] else None
        if isinstance(century, int) and decade < 100:
            decade += (century - 1) * 100
        elif "上" in match[0]:
            decade += 1900
        return [Token(DECADE, decade, start, end)]
    if match["date"]:
        return _dates(text, match, last_date)
    if match["clock"]:
        daytime = _daytime(text, start)
        if (
            match["h"]
            and not (daytime or match["h"].isdigit())
            and match[0].endswith("点")
            and (text[end : end + 1] not in _AFTER_OCLOCK or match["h"] == "一")
        ):  # 三点建议: three points; 三点开会: three o'clock
            value = read(match["h"])
            return [] if value is None else [_number(text, value, start, end - 1)]
        minutes = _clock_value(match, daytime)
        if minutes is None:
            return []
        made = Token(CLOCK, minutes, start, end)
        made.unit = "24" if daytime or minutes >= 780 else ""
        return [made]
    if match["noon"]:
        return [Token(CLOCK, 0, start, end, soft=True)]
    if match["week"]:
        return [Token(WEEKDAY, _WEEKDAYS[match["wd"]], start, end, soft=True)]
    if match["per"]:
        written = match["pn"] or match["pn2"]
        value = _value(written)
        if value is None:
            return _no_number(text, written, match.start("pn") if match["pn"] else start, end)
        kind = POINTS if match["ps"] and "点" in match["ps"] else PERCENT
        made = Token(kind, value, start, end, soft=kind == PERCENT and value == 100)
        made.quals = _quals(text, start, end)
        return [made]
    if match["all"]:
        return [Token(PERCENT, 100, start, end, soft=True)]
    if match["share"]:
        shares = (DIGITS[match["s1"]] * 10, DIGITS[match["s2"]] * 10)
        return [
            Token(PERCENT, share, start, end, soft=True, alts=((NUMBER, share),))
            for share in shares
            if sum(shares) == 100
        ]
    if match["off"]:
        kept = read(match["o1"])
        rest = (match["o2"] or "0").lstrip(".")
        if not isinstance(kept, int):
            return []
        paid = kept * 10 + int(DIGITS.get(rest, rest))
        return [Token(PERCENT, paid, start, end, alts=((PERCENT, 100 - paid),))]
    if match["shop"]:
        day = 11 if match["sn"] in ("11", "十一") else 12
        made = _date(start, end, 0, day, day)
        made.soft = True
        return [made]
    if match["age"]:
        years = DIGITS[match["at"] or match["ax"]] * 10 + DIGITS[match["ao"] or "零"]
        made = Token(NUMBER, years, start, end, soft=bool(match["ax"]), alts=((DECADE, years),))
        made.quals = _quals(text, start, end)
        return [made]
    if match["mil"]:
        value = _value(match["mn"] or match["mn2"])
        if value is None:
            return []
        made = Token(
            NUMBER,
            value,
            start,
            end,
            alts=(
                (PERCENT, whole(Fraction(value) / 10)),
                (FRACTION, Fraction(value) / 1000),
            ),
        )
        made.quals = _quals(text, start, end)
        return [made]
    if match["frac"]:
        bottom, top = _value(match["den"]), _value(match["numer"])
        if not bottom or top is None:
            return []
        share = Fraction(top) / Fraction(bottom)
        alts: tuple[tuple[str, Value], ...] = ((PERCENT, whole(share * 100)),)
        if _SHRINKS.search(text, max(0, start - 8), start):  # two thirds less is a third
            alts = (*alts, (FRACTION, 1 - share))
        if top == 1 and bottom > 10:  # 千分之一, “one in a thousand”
            alts = (*alts, (NUMBER, bottom))
        made = Token(FRACTION, share, start, end, alts=alts)
        made.quals = _quals(text, start, end)
        return [made]
    if match["among"]:
        whole_, part = _value(match["m8"]), _value(match["n8"])
        if not whole_ or not part or part >= whole_:
            return []
        if whole_ > 100:  # 每10万人中有96人: two figures
            return [
                *_plain(text, match["m8"], start, match.end("m8")),
                *_plain(text, match["n8"], match.start("n8"), end),
            ]
        share = Fraction(part) / Fraction(whole_)
        return [
            Token(
                FRACTION,
                share,
                start,
                end,
                soft=True,
                alts=((PERCENT, whole(share * 100)), (NUMBER, part), (NUMBER, whole_)),
            )
        ]
    if match["cheng3"]:  # 一成二三: 12 or 13 per cent
        return [
            Token(PERCENT, DIGITS[match["cd"]] * 10 + DIGITS[match[name]], start, end, soft=True)
            for name in ("ce", "cf")
        ]
    if match["cheng2"]:  # 两三成: 20 or 30 per cent
        likely = [DIGITS[match[name]] * 10 for name in ("ca", "cb")]
        if likely[0] + 10 != likely[1]:
            return []
        return [
            Token(PERCENT, share, start, end, soft=True, alts=((NUMBER, share),))
            for share in likely
        ]
    if match["cheng"]:
        tens, ones = read(match["c1"]), read(match["c2"] or "") if match["c2"] != "半" else 5
        if (start and text[start - 1] in "几数完变合赞组现") or not isinstance(tens, int):
            return []
        percent = tens * 10 + (ones if isinstance(ones, int) else 0)
        made = Token(PERCENT, percent, start, end, alts=((FRACTION, Fraction(percent, 100)),))
        made.quals = _quals(text, start, end)
        return [made]
    if match["fan"]:
        doublings = read(match["fn"] or "一")
        power = 2**doublings if isinstance(doublings, int) else 2
        made = Token(TIMES, power, start, end, soft=power == 2)
        made.quals = _quals(text, start, end) | ({NEAR} if "近" in match["fan"] else _NONE)
        return [made]
    if match["bei"]:
        either = _NEXT_DIGITS.fullmatch(match["bn"])
        if either:  # 四五倍
            return [
                Token(TIMES, DIGITS[one], start, end, soft=True, alts=((NUMBER, DIGITS[one]),))
                for one in match["bn"]
            ]
        value = _value(match["bn"])
        if value is None:
            return []
        if start and text[start - 1] in "几数":
            return []
        if _GROWS.search(text, max(0, start - 12), start):
            made = Token(TIMES, whole(value + 1), start, end, alts=((PERCENT, whole(value * 100)),))
        else:
            made = Token(
                TIMES, value, start, end, alts=((PERCENT, whole(value * 100)), (NUMBER, value))
            )
        made.quals = _quals(text, start, end)
        if text[start - 1 : start] == "快":  # 快两倍 is faster, not nearly
            made.quals -= {NEAR}
        return [made]
    if match["ratio"]:
        return _ratio(match[0], start)
    return []


def _ratio(written: str, start: int) -> list[Token]:
    parts: list[Token] = []
    for piece in re.finditer(r"\d+(?:\.\d+)?", written):
        value = decimal(piece[0])
        if value is not None:
            parts.append(Token(NUMBER, value, start + piece.start(), start + piece.end()))
    return parts


def _lasting(match: re.Match[str], start: int, end: int) -> list[Token]:
    """2小时14分38秒, 1分25秒7: how long, in seconds."""
    hours, minutes, seconds = (
        _value(next((match[name] for name in names if match[name]), "0"))
        for names in (("lh", "sh"), ("lm", "lm2", "sm", "sm2"), ("ls", "ss", "ss2"))
    )
    if hours is None or minutes is None or seconds is None:
        return []
    parts = read_digits(match["lc"]) if match["lc"] else 0
    total = whole(hours * 3600 + minutes * 60 + seconds + Fraction(parts))
    # “three and a quarter”, where hours are understood
    return [Token(NUMBER, total, start, end, alts=((NUMBER, whole(Fraction(total) / 3600)),))]


# What follows a time of day and no count: an end, an interval, a verb. The empty text is the end.
_AFTER_OCLOCK: Final = frozenset(["", *"，。至到、的开出起就前后—"])


def _value(written: str) -> Value | None:
    return read(written)


_NEXT_DIGITS: Final = re.compile("一二|二三|两三|三四|四五|五六|六七|七八|八九")
_LONE_UNITS: Final = frozenset("百千万亿")


def _no_number(text: str, written: str, start: int, end: int) -> list[Token]:
    """What cannot be read: a mistake, or a name of digits and stops."""
    if not written[0].isdigit():
        return []
    spoilt = unreadable(text, start)
    return [Token(UNREADABLE if spoilt else CODE, spoilt or written, start, end)]


def _plain(text: str, written: str, start: int, end: int) -> list[Token]:
    """A number that stands by itself: decided by what surrounds it."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if written[0].isdigit():
        ascii_written = written.translate(_FULL_WIDTH)
        if before == ".":
            return []  # the rest of what has been read: 1:11.8
        value = None if after == "." and unreadable(text, start) else read(ascii_written)
        if value is None:
            return _no_number(text, written, start, end)
        if len(ascii_written) > 1 and ascii_written[0] == "0" and ascii_written.isdigit():
            return [Token(CODE, ascii_written, start, end)]
        return [_number(text, value, start, end)]
    if after in "是、" and len(written) == 1 and before in " \n：；。，\x00":
        return []  # 一是……；二是……: points, not figures
    if before in "几数" or (after == "几" and written != "十"):
        return []  # 几十, 数百, 十几: no one says how many
    if before == "成" and written[0] in _LONE_UNITS:
        return []  # 成千, 成百
    if written in _FESTIVAL and ((before, after) == ("“", "”") or _FESTIVAL_AFTER.match(text, end)):
        month, day = _FESTIVAL[written]
        made = _date(start, end, 0, month, day)
        made.soft = True
        return [made]
    if written[0] in _LONE_UNITS:
        # 突破百万, 每千人; 百岁老人 is a word too
        known = len(written) > 1 or before in "近逾超过每破达足到" or after in "余多来"
        if not known and before != "上" and after not in "岁年日里名位家人元":
            return []
        value = read("一" + written)
        if value is None:
            return []
        made = _number(text, value, start, end)
        made.soft = not known or (len(written) > 1 and before not in "近逾超过每破达足到")
        if before == "上":
            made.quals |= {MORE}
        return [made]
    vague = _TEN_ODD.match(text, start)
    if vague:
        value = 10 * (_GREAT.get(vague[1]) or 1)
        made = Token(NUMBER, value, start, vague.end(), soft=True, alts=((NUMBER, 12),))
        made.quals = frozenset({MORE})
        return [made]
    plan = _FIVE_YEARS.match(text, start)
    if plan:
        made = _number(text, DIGITS[plan[1][1]] + 10, start, start + 2)
        made.soft = True
        return [made]
    teens = re.fullmatch(
        r"([一二三四五六七八九]?十)([一二三四五六七八])([二三四五六七八九])", written
    )
    if teens and DIGITS[teens[3]] == DIGITS[teens[2]] + 1:  # 十三四岁: thirteen or fourteen
        low, high = read(teens[1] + teens[2]), read(teens[1] + teens[3])
        if low is not None and high is not None:
            return _either(text, (low, high), start, end)
    if all(c in DIGITS for c in written) and len(written) > 1:
        if len(written) == 2:
            first, second = DIGITS[written[0]], DIGITS[written[1]]
            if second == first + 1 and after == "月":
                return [_date(start, start + 1, 0, first, 0), _date(start + 1, end, 0, second, 0)]
            # 两三天: two numbers side by side
            return _either(text, (first, second), start, end) if second == first + 1 else []
        value = read(written)
        return [] if value is None else [_number(text, value, start, end)]
    pair = re.fullmatch(r"([一二两三四五六七八九])([二三四五六七八九])([十百千万亿]+)", written)
    if pair:  # 三四十: thirty or forty
        low, high = read(pair[1] + pair[3]), read(pair[2] + pair[3])
        if low is not None and high is not None:
            return _either(text, (low, high), start, end)
    value = read(written)
    if value is None and len(written) > 1 and written[-1] in "零〇":
        return _plain(text, written[:-1], start, end - 1)
    if value is None:
        return []
    return [_number(text, value, start, end)]


def _either(text: str, values: tuple[Value, Value], start: int, end: int) -> list[Token]:
    """One number or the next, in what both are counted in: 两三天, 二三十万元."""
    currency = _CURRENCY.match(text, end)
    made = [Token(NUMBER, value, start, end, soft=True) for value in values]
    for token in made:
        token.unit = CURRENCIES[currency["u"]] if currency else ""
    return made


# 十几万: more than a hundred thousand; 十几个: more than ten, or a dozen
_TEN_ODD: Final = re.compile(r"十几([万亿]?)")
# “十三五”: the years of the thirteenth plan.
_FIVE_YEARS: Final = re.compile(r"(十[一二三四五六])五(?=”|规划|期间|时期|以来|末|开局|收官|计划)")


def _number(text: str, value: Value, start: int, end: int) -> Token:
    """A number with what belongs to it: 300多万, 三个半小时, 1500万美元."""
    written = text[start:end]
    # “0至3岁”, up to three: a range's beginning need not be said
    soft = value in (0, 1) or (value <= 10 and not written[0].isdigit())
    quals = _NONE
    more = _MAGNITUDE.match(text, end)
    if more and written[-1] not in "万亿":
        scale = 1
        for c in more["u"]:
            scale *= _SMALL.get(c) or _GREAT[c]
        value, end = value * scale, more.end()
        quals = frozenset({MORE if more["q"] != "来" else ABOUT})
    else:
        half = _HALF_AFTER.match(text, end)
        change = _CHANGE.match(text, end)
        tail = (
            _METRES.match(text, end)
            if value < 10 or text[end : end + 1] in ("秒", "块") or not written[0].isdigit()
            else None
        )
        if half:
            value = value + Fraction(1, 2)
            end = half.end()
        elif change:
            value, end, soft = _in_yuan(value, change), change.end(), False
        elif tail:  # 一米二, 1米75
            value, end, soft = value + Fraction(read_digits(tail[1])), tail.end(), False
    year = text[end : end + 1] == "年" and 1800 <= value <= 2100
    if not year and (
        text[start - 1 : start] in _QUAL_ENDS or _QUAL_HINT.search(text, end, end + 8)
    ):
        quals |= _quals(text, start, end)
    made = Token(NUMBER, whole(value), start, end, soft=soft)
    made.quals = quals
    following = text[end : end + 1]
    if isinstance(value, int) and 1 < value <= 10 and text[start - 1 : start] == "等":
        # 总经理等3人: its general manager and two others
        made.soft = True
        made.alts = tuple((NUMBER, value - named) for named in range(1, min(value, 4)))
    if (
        isinstance(value, int)
        and text[start - 2 : start] in ("不满", "未满")
        and _AGE.match(text, end)
    ):
        made.alts = ((NUMBER, value - 1),)  # 16岁以上不满18岁, “aged 16 or 17”
    shared = _SHARED.match(text, end)
    if shared and written[-1] not in "万亿":  # 3至5万, 二三十万
        made.alts = (*made.alts, (NUMBER, whole(value * (_GREAT[shared[1]]))))
    if following and following in "元美欧英日港澳加瑞卢韩新人块多余":
        currency = _CURRENCY.match(text, end)
        if currency:
            made.unit = CURRENCIES[currency["u"]]
            cents = _CENTS.match(text, currency.end())
            if cents and made.unit != "CNY" and isinstance(made.value, int):
                made.value = whole(made.value + Fraction(int(cents[1]), 100))
                made.end = cents.end()
    return made


_SHARED: Final = re.compile(
    r"(?:至|到|[—–~～-]{1,2})(?:\d+(?:\.\d+)?|[一二两三四五六七八九十]+)([万亿])"
)


# 两角二分, 三元五角: small change after a number, which counts what stands first
_ONE_DIGIT: Final = r"(?:\d|[一二两三四五六七八九])"
_CHANGE: Final = re.compile(
    rf"(?P<first>[元块角毛])(?={_ONE_DIGIT}[角毛分])(?:(?P<jiao>{_ONE_DIGIT})[角毛])?(?:(?P<fen>{_ONE_DIGIT})分(?!钟))?钱?"
)


_AGE: Final = re.compile("周?岁")
# 412美元60美分
_CENTS: Final = re.compile(r"(\d{1,2})(?:[美欧]?分(?![钟之])|便士)")


def _in_yuan(count: Value, change: re.Match[str]) -> Value:
    jiao, fen = (read(change[name] or "零") for name in ("jiao", "fen"))
    assert jiao is not None
    assert fen is not None
    large = count if change["first"] in "元块" else Fraction(count) / 10
    return whole(Fraction(large) + Fraction(jiao) / 10 + Fraction(fen) / 100)


# 一米二, 三块五, 9秒98
_METRES: Final = re.compile(
    r"(?:[米秒](?=[零一二三四五六七八九\d])|块(?=[一二三四五六七八九\d](?![零一二三四五六七八九\d])))"
    r"([零一二三四五六七八九]{1,2}|\d{1,2})(?![\d个层人楼十百千万])"
)


def read_digits(text: str) -> Fraction:
    """Digits after the point: 二 is 2/10, 75 is 75/100."""
    text = text.translate(_FULL_WIDTH)
    digits = "".join(c if c.isdigit() and c.isascii() else str(DIGITS[c]) for c in text)
    return Fraction(int(digits), 10 ** len(digits))


_LASTING: Final = re.compile(r"(?:拘留|为期|期限为?|历时|连续|共|满|长达|提前|至少|不少于|[每过])$")


def _date(start: int, end: int, year: int, month: int, day: int) -> Token:
    made = Token(DATE, 0, start, end)
    made.year, made.month, made.day = year, month, day
    return made


def _dates(text: str, match: re.Match[str], last: Token | None) -> list[Token]:
    start, end = match.span()
    year = read(match["y"]) if match["y"] else 0
    if match["m5"]:  # 1至3月
        first, last_month = read(match["m5"]), read(match["m6"])
        if not isinstance(first, int) or not isinstance(last_month, int):
            return []
        return [_date(start, end, 0, first, 0), _date(start, end, 0, last_month, 0)]
    if match["m9"]:  # 9月23、24日
        month = read(match["m9"])
        assert isinstance(month, int)
        return [_date(start, end, 0, month, int(day)) for day in re.findall(r"\d+", match["dl"])]
    if match["m7"]:  # 10·12: an event named by its day
        named = _date(start, end, 0, int(match["m7"]), int(match["d7"]))
        named.soft = True
        return [named]
    if match["d4"]:
        if _LASTING.search(text, max(0, start - 4), start) or text[end : end + 1] in ("内", "游"):
            return [_number(text, int(match["d4"]), start, end - 1)]  # 拘留5日, 3日内
        made = _date(start, end, 0, 0, int(match["d4"]))
        # 10月5日至7日: the month is that of the date before it
        if last is not None and 0 <= start - last.end <= 3:
            made.month, made.year = last.month, last.year
        return [made]
    month = read(match["m"] or match["m2"] or match["m3"])
    day = read(match["d"] or match["d2"] or "") or 0
    if not isinstance(year, int) or not isinstance(month, int) or not isinstance(day, int):
        return []
    if match["m3"]:
        if start and text[start - 1] in "个每隔几数":
            return []
        if len(match["m3"]) == 2 and not match["m3"].isdigit() and "十" not in match["m3"]:
            return []
    made = _date(start, end, year, month, day)
    if not year and last is not None and 0 <= start - last.end <= 3 and last.year:
        made.year = 0
    return [made]


__all__ = ["CURRENCIES", "LEAST", "MOST", "NEAR", "UNDER", "read", "scan"]
