"""Common words of newsrooms in both languages: witnesses that two paragraphs speak of the same.

Where a paragraph has neither figures nor names, its length alone would have to say what it answers.
A word here proves nothing; that two paragraphs share none of theirs is what counts.
"""

from __future__ import annotations

import re
from typing import Final

# One idea a line: Chinese words, then English ones by their beginnings.
_IDEAS: Final = """
学校 校园 小学 中学|school
学生 同学 小学生 新生 学员|student pupil
教师 老师|teacher
大学 高校|universit college
教育 课程 课 培训 讲座|educat course class lesson train lectur
孩子 儿童 少年 幼儿|child boy girl kid
家长 父母 妈妈 爸爸 母亲 父亲|parent mother father
奶奶 爷爷 老人 老年|grand elder old
家庭 家里 家 户|famil home household
村 乡 农村 乡村|village rural township countryside
县 区|county district
省 全省|provinc
市 城市 全市|city cities town municipal
医院 医生 护士 医疗|hospital doctor nurs clinic medical
患者 病人 疾病 病|patient disease ill
健康 卫生|health
志愿者|volunteer
代表 与会|delegat deput represent
参观 展览 展出 博物馆|visit exhibit museum display
会议 会上 大会 会前|meeting conference congress
活动 仪式 节|event ceremon festival activit
企业 公司 商家|compan enterprise business firm
捐赠 捐款 善款|donat gave gift given
基金会 慈善|foundation charit fund
照片 摄影 图片|photo pictur imag camera
书 图书 读者 阅读|book librar read
文具 器材 物资 设备|equipment supplies stationery material
体育 运动 比赛 球|sport match game competition ball
音乐 歌 合唱|music song sing choir
电影 节目 演出|film movie performan show concert
记者 媒体 新闻|journalist press media news report
网站 网址 登录 网上|website online internet web
电话 热线 拨打 咨询|call phone telephone hotline question
预约 报名 申请 登记|book regist appl sign
免费 门票 票|free ticket admission fare
开放 开馆 闭馆|open clos
时间 时段|time hour
公布 发布 公告 通报|publish announc releas notice
通知 告知 提醒|inform notif remind advis warn
调查 研究 报告|survey stud research investigat report
计划 方案 规划|plan scheme
政府 部门|government department authorit bureau
法院 法律 判决|court law judg
警方 公安|police
安全 危险|safe danger risk
水 供水 自来水|water
雨 暴雨 洪水 台风|rain flood typhoon storm
地震 灾害 灾区|earthquake disaster
救援 救助 转移|rescue relief help evacuat mov
道路 公路 路 桥|road bridge street path
火车 列车 地铁 车站 公交|train metro station bus coach
船 轮渡 港 码头|ship boat ferr port pier
车 汽车 驾驶|car vehicle driv lorr
树 森林 植树|tree forest plant
鸟 动物|bird animal
食品 午餐 饭 吃|food lunch meal eat
钱 费用 资金 价格 元|money cost fund price fee yuan pay paid
工作 就业 岗位|work job employ post
工人 员工 职工|worker staff employee
年轻 青年 青少年|young youth
妇女 女性 女|wom female girl
残疾 盲 聋 无障碍|disab blind deaf accessib
信 来信 写信|letter wrote writ
名单 册|list booklet name
天气 气温 高温|weather temperature heat
环境 污染 生态|environment pollut ecolog
空气|air
人口|population people inhabitant resident
居民 市民 群众 公众|resident citizen public people
历史 文物 古|histor ancient old
文化 艺术|cultur art
外国 国际 国家|international foreign countr nation
感谢 谢谢|thank grateful
道歉 歉意 抱歉|apolog sorry regret
更正 错误 有误|correct error mistake wrong
同时 此外 另外|also addition meanwhile further
支持 帮助|support help assist
困难 问题|difficult problem question
明天 明年|tomorrow next
早上 上午 早|morning
下午|afternoon
晚上 夜 晚|night evening
门 入口 大厅|door gate entrance hall
床 病床 房 房屋 住|bed room hous flat live
经济 增长 产业|econom growth industr
服务|servic
协议 合作 签署|agreement cooperat sign
校长 馆长 院长 局长 主任|head director president principal
笑 哭|laugh smile cr tear
听 声音|listen hear voice sound
教室 课堂|classroom
手机 屏幕 电脑|phone screen computer
旅客 游客 乘客|passenger visitor tourist travel
质量 标准 检查|quality standard inspect check test
保险 社保 养老|insuranc pension
节日 春节 假期|holiday festival
"""


def _read() -> tuple[dict[str, int], dict[str, int]]:
    zh: dict[str, int] = {}
    en: dict[str, int] = {}
    for number, line in enumerate(_IDEAS.split("\n")):
        chinese, _, english = line.partition("|")
        zh.update(dict.fromkeys(chinese.split(), number))
        en.update(dict.fromkeys(english.split(), number))
    return zh, en


_ZH, _EN = _read()
_FIND_ZH: Final = re.compile("|".join(sorted(_ZH, key=len, reverse=True)))
_FIND_EN: Final = re.compile(rf"\b(?:{'|'.join(sorted(_EN, key=len, reverse=True))})")


def ideas(plain: str, chinese: bool) -> frozenset[int]:
    """What a text speaks of, as numbers that both languages share."""
    if chinese:
        return frozenset(_ZH[word] for word in _FIND_ZH.findall(plain))
    return frozenset(_EN[word] for word in _FIND_EN.findall(plain.lower()))
