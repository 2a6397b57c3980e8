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
部 部长|minist
局 厅|bureau department
委员会|committe commission
协会|associat
中心|centre center
研究院 研究所|institut academ
主席|chair
专家|expert specialist
司机|driver
记者会 发布会|briefing
农民 村民|farmer villager
工程师|engineer
作家 作者|writer author
画家 画展 画|paint draw
警察 民警|officer police
律师 法官|lawyer judge
队员 球员 选手 运动员|player athlet competitor
教练|coach
冠军 夺冠 奖|champion prize award win won medal
决赛 半决赛|final
进球 球门|goal score
观众|audience spectator viewer
建 建设 建成 修建|build built construct
开工 动工|began begin start
完成 竣工|complet finish
增加 增长 上升 提高|increas rise rose grew growth up higher
减少 下降 降低|decreas fall fell drop down lower reduc cut
扩大|expand widen extend
改善 改进|improv
保护|protect conserv
管理|manag admin
检测 监测|monitor test measur
投资|invest
预算|budget
收入|income revenue earn
支出 花费|spend spent expend
补贴 补助|subsid allowance
税|tax
银行 账户 转账|bank account transfer
贷款|loan
价 涨价|price
买 购买|buy bought purchas
卖 出售 销售|sell sold sale
消费者 顾客 客人|consumer customer guest
店 商店 超市|shop store supermarket
餐 餐厅 饭馆|restaurant canteen
菜 蔬菜 水果|vegetable fruit
粮食 小麦 玉米 水稻|grain wheat maize rice
土地 田 耕地|land field
种 种植|plant grow sow
收 收成 丰收|harvest
羊 牛 猪 鸡|sheep goat cow cattle pig chicken
鱼 渔民 捕捞|fish
海 海岸 海上|sea coast ocean
岛|island
河 江 湖|river lake
山 山区|mountain hill
桥梁|bridge
隧道|tunnel
机场 航班 飞机|airport flight plane aircraft
自行车|bicycle bike
停车|park
驾照 驾驶证|licen
事故|accident
受伤 伤员|injur wound
死亡 遇难 去世|death dead died killed
失踪|missing
火 火灾 消防|fire
电 供电 停电|power electric
气 燃气|gas
煤 能源|coal energy
风 大风|wind gust
雪|snow sleet
冰|ice icy frost
干旱 旱|drought dry
积水|flood
预警|warn alert
应急|emergenc
避险 避难|shelter
帐篷 棉被|tent quilt blanket
垃圾|waste rubbish litter
废水 污水|wastewater sewage
疫苗 接种|vaccin jab inocul
流感|influenza flu
药 药品|drug medicine pill
手术|surg operation
体检 筛查|screen check-up examin
近视 视力 眼|sight eye vision
牙|tooth teeth dental
心理|psycholog mental
孕 产妇|pregnan matern
婴儿 宝宝|baby babies infant
收养 寄养|adopt foster
福利|welfare
权利 权益|right
法 条例 规定|law regulation rule
案件 案|case
起诉 被告 原告|sue defendant plaintiff prosecut
罚款 处罚|fine penal punish
诈骗 骗|fraud swindl scam trick
投诉|complain
赔偿 赔 退款|compens refund
合同|contract
招聘 应聘|recruit vacanc applic
工资 薪|wage salar pay
退休|retir
经验|experienc
技术 科技|technolog technical
数据|data
互联网 网络|internet network online
软件 程序 应用|software program app
微信|wechat
密码 验证码|password code
信息|information detail message
照相 拍|photograph filmed
录 录音 视频|record video
电视 广播|television radio broadcast
报纸 刊|newspaper journal magazine
出版|publish
字 文字|word character
语 语言|language
翻译|translat interpret
诗|poem poet
戏 剧|opera play drama theatre
舞|dance danc
钟 表|clock watch
灯|light lamp
窗|window
墙|wall
楼 大楼|floor building stor
街 路口|street crossing
广场|square
公园|park
花|flower bloom
草|grass
石|stone rock
木|wood timber
金|gold
纸|paper
衣 服装|cloth dress
鞋|shoe
包 书包|bag
箱|box crate
球场 场馆|stadium pitch court
游泳|swim
跑步 马拉松|run ran marathon
爬 登山|climb hike
钥匙 锁|key lock
安装|install fit
维修 修复 修缮|repair restor renovat mend
更换|replac
拆除|demolish remov
关闭 停止|clos stop shut
取消|cancel
推迟 延期|postpon delay
恢复|resum restor recover
继续|continu
保留 保存|keep kept preserv retain
提供|provid offer suppl
得到 获得|receiv obtain
收到|receiv
发放 分发|distribut hand
举行 举办|held hold host
开幕|open
闭幕 结束|clos end
出席|attend present
讲 演讲 致辞|speech spoke speak address
发言|spoke speak
讨论|discuss
决定|decid decision
同意 批准|agree approv
拒绝|refus reject
要求|requir demand ask
建议|suggest propos recommend advice advis
希望|hope
相信|believ
担心|worr concern fear
喜欢 爱|like love
高兴|happy glad pleas
骄傲 自豪|proud pride
努力|effort hard
成功|success succeed
失败|fail
第一次 首次|first
最后|last final
去年|year
今年|year
每天|daily every
每年|annual every
周末|weekend
星期|week
春 夏 秋 冬|spring summer autumn winter
新|new
旧|old
大|large big great
小|small little
高|high tall
快|fast quick
多|many more
少|few less
远|far distan
近|near close
热|hot heat warm
冷|cold
白|white
黑|black dark
红|red
绿|green
蓝|blue
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


# Words in quotation marks, and a question, are mostly such in both languages.
_MARKS: Final = {-1: ('"', "“"), -2: ("?", "？")}


def ideas(plain: str, chinese: bool) -> frozenset[int]:
    """What a text speaks of, as numbers that both languages share."""
    spoken = [number for number, marks in _MARKS.items() if any(mark in plain for mark in marks)]
    if chinese:
        return frozenset([*spoken, *(_ZH[word] for word in _FIND_ZH.findall(plain))])
    return frozenset([*spoken, *(_EN[word] for word in _FIND_EN.findall(plain.lower()))])
