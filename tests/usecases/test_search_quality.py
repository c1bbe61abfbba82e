"""What people ask, and the programmes they should see first.

The first column is typed as people type it; the second lists the programmes any of which answers
it best. Measured: how often one of them stands first, and how often among the first five.
"""

from collections.abc import Iterator
from fnmatch import fnmatch

import pytest

from service.app import Services
from service.domain.rules.conditions import leaves
from tests.engine import engine
from tests.own import open_own
from tests.usecases.fifth_visitor_queries import FIFTH, FIFTH_HELD_OUT, FIFTH_LATER
from tests.usecases.fourth_visitor_queries import FOURTH, FOURTH_HELD_OUT
from tests.usecases.fresh_queries import FRESH
from tests.usecases.seventh_visitor_queries import SEVENTH, SEVENTH_HELD_OUT
from tests.usecases.sixth_visitor_queries import SIXTH, SIXTH_ENGLISH, SIXTH_HELD_OUT
from tests.usecases.third_visitor_queries import HELD_OUT, THIRD
from tests.usecases.visitor_queries import MISSED, NEAREST, VISITOR

# Every programme whose ceiling this is answers it as well as the others.
_TWENTY_MILLION = "sh-08-first-set sh-03-incubator sh-06-cluster"

# Where any of many answers it.
_FIELDS = (
    "sh-04-eco-leader sh-02-major-project sh-02-joint-rnd sh-12-alliance"
    " sh-11-core-rnd-staff sh-06-brand-event"
)
_LOANS = (
    "bj-08-kechuang-loan bj-06-sme-relending bj-06-tech-relending"
    " bj-08-loan-plus-equity bj-09-sector-credit bj-10-zgc-centre bj-15-interest"
    " sh-10-interest s-zjtx-loan w-icbc-sti-loans w-cdb-hubei"
)
_NO_PLEDGE = (
    "w-cdb-hubei bj-07-zgc-score bj-08-ip-pledge w-whrcb-ip bj-15-guarantee bj-10-zgc-centre"
)
_EQUITY = (
    "bj-01-national-funds bj-02-aic-equity bj-03-gov-funds sh-10-fund-direct"
    " n-aic-funds w-aic-funds"
)

_CREDIT = (
    "bj-08-kechuang-loan bj-06-sme-relending bj-06-tech-relending bj-08-loan-plus-equity"
    " bj-09-sector-credit bj-10-zgc-centre bj-15-interest sh-10-interest s-zjtx-loan"
    " w-icbc-sti-loans w-cdb-hubei j-psbc-e-loan w-hankou-products s-huke-points"
    " n-innovation-points j-tech-upgrade-loan"
)
_FUNDS = (
    "bj-01-national-funds bj-02-aic-equity bj-03-gov-funds sh-10-fund-direct n-aic-funds"
    " w-aic-funds w-donghu-angel sh-10-fund-subfund n-national-vc-fund"
)
_ON_IP = "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest"

WANTED: dict[str, str] = {
    # titles and abbreviations
    "高企": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "国高": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "高新技术企业": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "小巨人": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "专精特新小巨人": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "专精特新": "bj-11-four-board sh-05-gradient bj-16-xborder-loan",
    "科小": "bj-14-inclusive sh-05-gradient bj-16-xborder-loan j-whitelist",
    "规上企业奖励": "sh-05-upscale",
    "小升规奖励多少钱": "sh-05-upscale",
    "瞪羚企业": "sh-05-gradient",
    "独角兽": "bj-11-listing",
    # fields
    "6G": "sh-04-eco-leader sh-02-major-project sh-12-alliance sh-11-core-rnd-staff",
    "算力": "bj-13-reits bj-09-sector-credit n-boc-ai-chain",
    "大模型": "bj-09-sector-credit bj-13-reits n-boc-ai-chain",
    "AI": "bj-09-sector-credit bj-13-reits n-boc-ai-chain",
    "ＡＩ": "bj-09-sector-credit bj-13-reits n-boc-ai-chain",
    "人形机器人": _FIELDS,
    "卫星保险": "bj-14-space-pool",
    "合成生物": "n-psbc-biomanufacturing sh-04-eco-leader sh-02-major-project",
    # money
    "贴息": "bj-15-interest sh-10-interest",
    "贷款利息补贴": "bj-15-interest sh-10-interest j-xingan-ip-interest j-digital-loan",
    "2,000万元": _TWENTY_MILLION,
    "2000万元": _TWENTY_MILLION,
    "２０００万": _TWENTY_MILLION,
    "20000000": _TWENTY_MILLION,
    "2千万": _TWENTY_MILLION,
    "CNY 20,000,000": _TWENTY_MILLION,
    "50万": "sh-05-upscale sh-11-core-rnd-staff",
    "保费补贴": "sh-10-premium bj-15-guarantee-premium",
    "税收优惠": "bj-15-vc-tax",
    "免税": "bj-15-vc-tax",
    # loans, funds, markets
    "专利质押": "bj-08-ip-pledge",
    "知识产权质押贷款": "bj-08-ip-pledge",
    "S基金": "bj-05-s-fund",
    "AIC": "bj-02-aic-lp-only bj-02-aic-setup bj-02-aic-equity",
    "REITs": "bj-13-reits bj-13-reits-expand bj-13-park-reits",
    "新三板": "bj-11-four-board",
    "北交所": "bj-11-bse",
    "科创债": "bj-12-sti-bond",
    "QFLP": "bj-16-qflp",
    "技改贷款": "bj-06-tech-relending j-tech-upgrade-loan n-tech-relending",
    "天使投资": "w-donghu-angel bj-03-gov-funds",
    "并购贷": "n-ma-loan-pilot w-ma-loan w-hankou-after-list",
    # going abroad, people, places to work
    "出海": "bj-16-xborder-loan bj-16-trade sh-12-alliance sh-12-standard-ip sh-06-event-expo",
    "参加国外展会有没有补助": "sh-06-event-expo",
    "境外参展": "sh-06-event-expo",
    "外资研发中心": "sh-12-foreign-centre",
    "留学生": "bj-16-talent-fx sh-11-key-talent-employer sh-11-young-scientist j-bocom-talent-loan"
    " sh-12-foreign-centre",
    "房租": "sh-03-incubator bj-01-service-pack",
    "租金": "sh-03-incubator bj-01-service-pack",
    "孵化器": "sh-03-incubator",
    "招博士": "sh-11-key-talent-employer j-whitelist",
    "核心研发人员": "sh-11-core-rnd-staff",
    # what is hoped for says less than what it is for
    "我们公司想申请高企有什么补贴": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "厂房租金补贴": "sh-03-incubator bj-01-service-pack",
    "孵化器补贴": "sh-03-incubator",
    "研发补助": "sh-05-key-links sh-04-basic-research sh-11-core-rnd-staff",
    "机器人补贴": f"sh-08-first-set bj-14-task-pool {_FIELDS}",
    "上市奖励": "bj-11-listing bj-11-return-listing bj-11-training sh-10-listing",
    "新三板挂牌补贴": "bj-11-four-board",
    "落户奖励": "w-donghu-settle",
    "专利补贴": "bj-08-ip-pledge sh-12-standard-ip",
    "展会补贴": "sh-06-event-expo",
    "担保费补贴": "bj-15-guarantee-premium",
    "robot subsidy": f"sh-08-first-set bj-14-task-pool {_FIELDS}",
    "office rent": "sh-03-incubator bj-01-service-pack",
    # other names
    "院士": "sh-11-young-scientist sh-01-top-scientist",
    "中试基地": "sh-03-service-platform",
    "供应链金融": "n-boc-ai-chain",
    "工业互联网": "j-digital-loan",
    "研发损失险": "bj-14-insurer-centre bj-14-inclusive w-insurance-community",
    "创投税收": "bj-15-vc-tax",
    "跨境人民币": "bj-16-trade bj-16-xborder-loan bj-16-cash-pool",
    "商标": "sh-12-standard-ip bj-08-ip-pledge",
    "patent pledge loan": "bj-08-ip-pledge",
    "场景开放": "sh-09-scenario-open",
    "首版次软件": "sh-08-first-set",
    # sentences
    "哪些政策支持首台套": "sh-08-first-set",
    "公司想买GPU做大模型训练有补贴吗": "bj-13-reits bj-09-sector-credit n-boc-ai-chain",
    "我们公司怎么申请政府采购": "sh-08-procurement",
    "如何申请概念验证基金": "sh-03-poc-fund",
    "上海贷款": "sh-10-interest",
    "北京商业航天": "bj-14-space-pool",
    "新干县": "j-xingan-ip-interest",
    "沪科积分": "s-huke-points",
    # English
    "first-of-its-kind products": "sh-08-first-set",
    "loan interest subsidy": "sh-10-interest bj-15-interest j-xingan-ip-interest",
    "overseas exhibition": "sh-06-event-expo",
    "how can my company get government procurement": "sh-08-procurement",
    "patents": "bj-08-ip-pledge",
    "AI company": "bj-09-sector-credit bj-13-reits n-boc-ai-chain",
    # asked before anybody had looked how they are answered
    "500万 贷款": f"j-psbc-e-loan {_LOANS}",
    "想贷500万有没有贴息": "bj-15-interest sh-10-interest",
    "绿色贷款": f"bj-08-ip-pledge {_LOANS}",
    "个体户贷款": "bj-06-sme-relending bj-08-ip-pledge",
    "没有抵押物怎么贷款": _NO_PLEDGE,
    "流动资金贷款": _LOANS,
    "无还本续贷": "bj-10-zgc-centre bj-08-kechuang-loan",
    "首抬套": "sh-08-first-set bj-14-first-trial",
    "知识产权制押贷款": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "专精特薪企业": "bj-11-four-board s-zjtx-loan sh-05-gradient bj-16-xborder-loan",
    "贷款贴西": "bj-15-interest sh-10-interest",
    "买了科技保险有补贴吗": "sh-10-premium bj-14-inclusive bj-15-guarantee-premium",
    "我们是做生物医药的，有什么支持": "bj-09-sector-credit bj-14-task-pool bj-14-drug",
    "创新药进医保": "bj-14-drug",
    "未盈利企业上科创板": "n-star-1plus6",
    "找投资人": f"j-invest-loan bj-19-contest bj-04-portfolio-service sh-11-community {_EQUITY}",
    "天使轮": "w-donghu-angel",
    "卡脖子技术": "n-green-channel bj-11-bse bj-06-ultra-long-bond n-cdb-major-task-loan"
    " sh-10-listing sh-05-key-links",
    "揭榜挂帅": "sh-02-joint-rnd sh-02-major-project",
    "商业火箭": "bj-14-space-pool",
    "脑机接口公司想落户上海": _FIELDS,
    "固态电池": "sh-*",
    "员工个人能拿多少钱": "sh-11-core-rnd-staff",
    "参加德国汉诺威展会": "sh-06-event-expo",
    "第一次升规奖励50万": "sh-05-upscale",
    "科技成果转化": "sh-05-key-links sh-11-young-scientist sh-03-poc-fund sh-03-service-platform"
    " bj-14-lifecycle bj-14-risk-assessor",
    "跨境电商收款": "bj-16-trade w-boc-guarantee j-cross-border-loan",
    "外债便利化": "bj-16-xborder-loan",
    "科技人才贷款": "j-bocom-talent-loan w-hankou-products",
    "借钱并购": "n-ma-loan-pilot w-ma-loan w-hankou-after-list",
    "研发费用": "sh-05-key-links sh-04-basic-research",
    "沪府办规〔2025〕8号": "sh-*",
    "沪府办规[2025]8号 第八条": "sh-08-first-set sh-08-procurement",
    "京科发2025 19号": "bj-*",
    "市经信委": "s-zjtx-loan sh-05-upscale",
    "北京市财政局 贴息": "bj-15-interest",
    "未来产业集聚区运营主体": "sh-06-cluster",
    "概念验证平台3000万": "sh-03-service-platform",
    "每人最高50万元": "sh-11-core-rnd-staff",
    "国际标准200万": "sh-12-standard-ip",
    "金融机构落户奖励2亿": "w-donghu-settle",
    "LPR 20%": "j-xingan-ip-interest",
    "徐汇区人工智能": "n-boc-ai-chain",
    "浦东新区孵化器": "sh-03-incubator",
    "海淀区 知识产权贷款": "bj-08-ip-pledge",
    "武汉光谷并购贷款": "w-ma-loan",
    "吉安 数字化": "j-digital-loan",
    "江西省 人才": "j-bocom-talent-loan",
    "中关村 上市": "bj-11-listing bj-11-training bj-11-return-listing bj-11-four-board",
    "intelectual property loan": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "incubater": "sh-03-incubator sh-03-poc-fund",
    "goverment procurment": "sh-08-procurement",
    "exibition abroad": "sh-06-event-expo",
    "unsecured bank loan": _NO_PLEDGE,
    "venture capital tax relief": "bj-15-vc-tax",
    "we are a start-up making surgical robots": f"sh-08-first-set {_FIELDS}",
    "satelite insurance": "bj-14-space-pool",
    "Pudong incubator": "sh-03-incubator sh-03-poc-fund",
    "how much for basic research": "sh-04-basic-research",
    "working capital": "bj-08-kechuang-loan",
    "tax credit for restaurants": "bj-15-vc-tax",
    "企业贷款利息太高能不能补一点": "bj-15-interest sh-10-interest j-xingan-ip-interest",
    "发明专利能贷多少": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "软件公司首个版本产品卖给客户有奖励吗": "sh-08-first-set",
    "去法国参加展会费用": "sh-06-event-expo",
    "办一场行业论坛": "sh-06-brand-event sh-06-event-expo",
    "想开放我们工厂做试验场景": "sh-09-scenario-open sh-09-scenario-build",
    "建中试平台补多少": "sh-03-service-platform",
    "3000万元": "sh-03-service-platform",
    "八百万": "sh-09-scenario-build",
    "一千万补助": "sh-04-basic-research",
    "50万/人": "sh-11-core-rnd-staff",
    "京科发〔2025〕19号": "bj-*",
    "沪府办规": "sh-*",
    "北京 金融资产投资公司": "bj-02-aic-lp-only bj-02-aic-setup bj-02-aic-equity",
    "朝阳区 上市培训": "bj-11-training",
    "武汉东湖高新区": "w-*",
    "湖北省 科技保险": "w-insurance-community",
    "新干 专利贷款贴息": "j-xingan-ip-interest",
    "青岛 并购贷款": "n-ma-loan-pilot",
    "市财政局": "sh-* bj-*",
    "人行 再贷款": "bj-06-tech-relending bj-06-sme-relending n-tech-relending j-relending-quota"
    " j-tech-upgrade-loan",
    "证监局 北交所": "bj-11-bse",
    "量子计算": _FIELDS,
    "可控核聚变": _FIELDS,
    "基因治疗": _FIELDS,
    "无人驾驶出租车保险": "bj-14-task-pool",
    "外资企业利润再投资": "bj-16-fdi-reinvest",
    "国际标准制定": "sh-12-standard-ip",
    "科技型中小企业贷款": "n-tech-relending bj-06-tech-relending bj-14-inclusive j-whitelist"
    f" bj-16-xborder-loan {_LOANS}",
    "知识产权质压": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "政府彩购": "sh-08-procurement",
    "研发人圆": "sh-11-core-rnd-staff",
    "创新积芬": "n-innovation-points n-innovation-points-2 w-icbc-sti-loans bj-07-zgc-score",
    "guarentee fee": "bj-15-guarantee-premium",
    "bond issuance": "bj-12-sti-bond n-sti-bond",
    "IPO in Beijing": "bj-11-listing bj-11-training bj-11-bse bj-11-return-listing",
    "award for scaling up": "sh-05-upscale",
    "cross border payments": "bj-16-trade",
    "acquisition finance": "n-ma-loan-pilot w-ma-loan",
    "brain-computer interface": _FIELDS,
    "data centre REIT": "bj-13-reits",
    "talent visa": "bj-16-talent-fx sh-11-key-talent-employer j-bocom-talent-loan"
    " sh-01-top-scientist sh-11-young-scientist",
    # the third set asked so
    "我是孵化器 想扩建": "sh-03-incubator",
    "孵化器奖励两千万": "sh-03-incubator",
    "高校教授创业 成果转化": "sh-11-young-scientist sh-05-key-links sh-03-poc-fund",
    "博士后创业项目": "j-invest-loan bj-19-contest sh-11-young-scientist",
    "创业大赛": "bj-19-contest",
    "路演": "bj-19-contest j-invest-loan bj-19-match-platform",
    "医药公司 保险": "bj-14-drug bj-14-lifecycle bj-14-task-pool",
    "机器人第一台设备卖出去 合同六千万": "sh-08-first-set",
    "首批次新材料": "sh-08-first-set",
    "首版次 软件 30%": "sh-08-first-set",
    "政府采购 创新产品 首购": "sh-08-procurement",
    "场景建设 800万": "sh-09-scenario-build",
    "0.08亿": "sh-09-scenario-build",
    "专精特新贷款 上海": "s-zjtx-loan",
    "北京海淀 机器人公司 融资": "bj-* n-*",
    "发债": "bj-12-sti-bond n-sti-bond",
    "科创债券绿色通道": "bj-12-sti-bond n-green-channel n-sti-bond",
    "基金份额转让": "bj-05-share-transfer",
    "卖老股": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    "外汇 结汇 科研院所": "bj-16-kehuitong",
    "境外上市公司回A股": "bj-11-return-listing",
    "北京证券交易所上市辅导": "bj-11-bse bj-11-training",
    "数据中心 REITs 发行": "bj-13-reits",
    "产业园 公募REITs": "bj-13-park-reits bj-13-reits",
    "风险补偿资金池": "bj-15-risk-comp",
    "LP 有限合伙人 AIC": "bj-02-aic-lp-only",
    "知识产权贯标": "sh-12-standard-ip",
    "牵头制定ISO标准": "sh-12-standard-ip",
    "中试平台建设": "sh-03-service-platform",
    "概念验证中心": "sh-03-service-platform sh-03-poc-fund",
    "基础研究投入 加计": "sh-04-basic-research",
    "核心研发人员 每人50万": "sh-11-core-rnd-staff",
    "人才落户 重点机构": "sh-11-key-talent-employer",
    "跨国公司研发中心": "sh-12-foreign-centre",
    "外资研发中心 上海": "sh-12-foreign-centre",
    "临港 科技保险": "n-insurance-zones",
    "宁波": "n-insurance-zones",
    "武汉 专利 抵押 贷款": "w-whrcb-ip",
    "东湖 天使 基金": "w-donghu-angel",
    "设备更新 贴息": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "数字化改造 贴息 0.5%": "j-digital-loan",
    "泰和县": "j-digital-loan",
    "单户最高10万元": "j-xingan-ip-interest",
    "quantum start-up funding": f"sh-* n-cdb-major-task-loan {_FIELDS}",
    "humanoid robot": "bj-14-task-pool",
    "sell shares of a fund": "bj-05-share-transfer",
    "second-hand fund shares": "bj-05-s-fund n-ccb-s-fund",
    "subsidy for trade fair in Germany": "sh-06-event-expo",
    "insurance for rockets": "bj-14-space-pool",
    "export guarantee": "w-boc-guarantee bj-16-trade",
    "how do I list on the STAR market": "n-star-1plus6 w-hankou-listing-loan bj-11-listing",
    "cloud software first version": "sh-08-first-set",
    "grant for hiring scientists": "sh-11-core-rnd-staff sh-01-top-scientist sh-11-young-scientist",
    "Wuhan bank settlement award": "w-donghu-settle",
    "equipment upgrade loan": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "2 million yuan": "sh-12-standard-ip",
    "RMB 500k": "sh-05-upscale sh-11-core-rnd-staff",
    "gaurantee premium subsidy": "bj-15-guarantee-premium",
    "semiconducter": f"sh-* {_FIELDS}",
    "我有专利没有房产能不能贷款": f"bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest {_LOANS}",
    "员工落户": "sh-11-key-talent-employer",
    "首次纳统奖励": "sh-05-upscale",
    "规模以上企业一次性奖励 50 万": "sh-05-upscale",
    "投贷联动": "j-invest-loan bj-08-loan-plus-equity w-hankou-tiers",
    "科创板上市": "n-star-1plus6 w-hankou-listing-loan",
    "科技金融服务平台 在线": "bj-10-e-platform bj-19-match-platform",
    "银行支行 科技特色": "bj-09-leading-inst",
    "共保体": "bj-14-space-pool w-insurance-community",
    # the fourth set asked so: pinyin, trades that no document names, other spellings
    "gaoxin": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "gaoxinjishuqiye": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "zhuanjingtexin": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "gq": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "zjtx": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "tiexi": "bj-15-interest sh-10-interest",
    "shoutaitao": "sh-08-first-set",
    "fuhuaqi": "sh-03-incubator",
    "shoutaitao 6000万": "sh-08-first-set",
    "zhishichanquan daikuan": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "pudong fuhuaqi": "sh-03-incubator sh-03-poc-fund",
    "专精特新补贴多少钱": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "我想贷款但是没房子": "w-cdb-hubei bj-07-zgc-score bj-08-ip-pledge w-whrcb-ip"
    " bj-15-guarantee bj-10-zgc-centre bj-08-kechuang-loan j-psbc-e-loan",
    "政府能不能买我们的产品": "sh-08-procurement",
    "小微企业融资": "bj-06-sme-relending bj-08-ip-pledge bj-15-guarantee bj-15-risk-comp",
    "咖啡店有什么补贴": "bj-06-sme-relending sh-05-upscale",
    "个体工商户": "bj-06-sme-relending bj-08-ip-pledge",
    "生物医药临床试验": "bj-14-drug bj-14-lifecycle bj-09-sector-credit bj-14-task-pool",
    "新药研发保险": "bj-14-drug bj-14-lifecycle bj-14-inclusive",
    "医疗器械": "bj-09-sector-credit bj-14-drug bj-14-lifecycle bj-14-task-pool sh-08-first-set",
    "大学老师办公司": "sh-11-young-scientist sh-05-key-links sh-03-poc-fund",
    "海外专家来上海": "sh-01-top-scientist sh-11-key-talent-employer sh-12-foreign-centre",
    "公司第一次进规上": "sh-05-upscale",
    "规转强": "sh-05-upscale",
    "创业投资引导基金": "n-national-vc-fund",
    "母基金": "n-boc-mother-fund w-donghu-angel bj-03-gov-funds",
    "银行能做什么": "bj-09-leading-inst bj-02-aic-setup",
    "外商投资": "bj-16-fdi-reinvest bj-16-qflp bj-17-foreign-inst sh-12-foreign-centre",
    "科学家": "sh-01-top-scientist sh-11-young-scientist",
    "颠覆性技术": "sh-01-disruptive-tech",
    "交叉学科": "sh-01-interdisciplinary",
    "重大专项": "sh-02-major-project",
    "保险公司": "bj-03-insurer-pilot bj-14-* w-insurance-community",
    "白名单": "j-whitelist",
    "保函": "w-boc-guarantee",
    "绿色通道": "n-green-channel",
    "资金池": "bj-16-cash-pool bj-15-risk-comp",
    "扩募": "bj-13-reits-expand",
    "信用评级": "bj-12-rating",
    "基石投资者": "bj-11-institutional",
    "国债项目申报": "bj-06-ultra-long-bond",
    "首试首用": "bj-14-first-trial",
    "被投企业": "bj-04-portfolio-service",
    "设备改造贷款利率优惠": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "5年期贷款": "bj-08-kechuang-loan",
    "办展会补贴50%": "sh-06-event-expo sh-06-brand-event",
    "研发投入 1000万 补助": "sh-04-basic-research",
    "clinical trial insurance": "bj-14-drug bj-14-lifecycle bj-14-task-pool",
    "university spin-off": "sh-11-young-scientist sh-05-key-links sh-03-poc-fund",
    "small business loan": "bj-06-sme-relending bj-08-ip-pledge bj-15-guarantee j-psbc-e-loan",
    "hire foreign scientist": "sh-01-top-scientist sh-11-key-talent-employer"
    " sh-11-young-scientist sh-12-foreign-centre",
    "angel fund": "w-donghu-angel",
    "who can help me list abroad company back in China": "bj-11-return-listing",
    "foreign R&D center": "sh-12-foreign-centre",
    "high tech certificate benefits": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "little giant": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "procurment by goverment": "sh-08-procurement",
    "reward for first time above scale": "sh-05-upscale",
    "最高3000万": "sh-03-service-platform",
    "上海 2000万": "sh-08-first-set sh-03-incubator sh-06-cluster",
    "上海市浦东新区张江": "sh-*",
    "2亿元": "w-donghu-settle",
    "沪府办规 8号 第十一条": "sh-11-*",
    "第八条": "sh-08-first-set sh-08-procurement bj-08-*",
    "京科发19号": "bj-*",
    "北京 海淀 专利": "bj-08-ip-pledge",
    "吉安 贷款贴息": "j-digital-loan j-tech-upgrade-loan j-xingan-ip-interest",
    "专精特兴": "bj-11-four-board sh-05-gradient bj-16-xborder-loan s-zjtx-loan",
    "孵花器": "sh-03-incubator",
    "首太套保险": "bj-14-first-trial sh-08-first-set",
    "贷款帖息": "bj-15-interest sh-10-interest",
    "incubatr": "sh-03-incubator sh-03-poc-fund",
    "biomanufactoring": "n-psbc-biomanufacturing",
    # longer runs, amounts, places and trades, as they are typed
    "银行贷款怎么申请": f"s-zjtx-loan {_LOANS} bj-08-ip-pledge j-relending-quota",
    "融资担保公司担保费补贴": "bj-15-guarantee-premium bj-15-guarantee",
    "出口企业收汇": "bj-16-trade",
    "新干县贴息": "j-xingan-ip-interest",
    "武汉 并购贷": "w-ma-loan w-hankou-after-list",
    "汉口银行上市贷": "w-hankou-listing-loan",
    "亏损企业上市": "bj-11-bse n-star-1plus6 sh-10-listing bj-11-listing",
    "跨国公司资金池": "bj-16-cash-pool",
    "数字化改造贷款贴息": "j-digital-loan",
    "奖励2亿元": "w-donghu-settle",
    "红筹回归": "bj-11-return-listing",
    "孵化气": "sh-03-incubator sh-03-poc-fund",
    "overseas trade fair costs": "sh-06-event-expo",
    "we are a loss-making biotech, how to list": "bj-11-bse n-star-1plus6 bj-11-listing",
    "interest subsidy Xingan": "j-xingan-ip-interest",
    "small business loan Jiangxi": "n-ma-loan-pilot j-digital-loan j-growth-share",
    # the fifth set: traditional characters, days, amounts in words, slips of the keyboard
    "relocate hukou for staff": "sh-11-key-talent-employer",
    "脑机接口 投资": f"{_FIELDS} sh-10-fund-direct",
    "pilot with a hospital": "sh-09-scenario-open sh-09-scenario-build",
    "dollar account for scientists": "bj-16-talent-fx bj-16-kehuitong",
    "貸款貼息": "bj-15-interest sh-10-interest j-xingan-ip-interest j-digital-loan"
    " j-tech-upgrade-loan",
    "高新技術企業補貼": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "知識產權質押貸款": _ON_IP,
    "參加海外展覽": "sh-06-event-expo",
    "首台套裝備獎勵": "sh-08-first-set",
    "能拿多少钱 孵化器": "sh-03-incubator",
    "补贴房租": "sh-03-incubator bj-01-service-pack",
    "开公司缺钱怎么办": f"{_CREDIT} {_FUNDS} j-invest-loan bj-15-guarantee",
    "银行不给贷怎么办": f"bj-15-guarantee {_CREDIT}",
    "厂里换新机器贷款": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "卖给医院的第一台手术机器人": "sh-08-first-set bj-14-first-trial",
    "合同3000万的首台套能补多少": "sh-08-first-set",
    "公司想去日本参加展览": "sh-06-event-expo",
    "政府给投钱吗": f"bj-03-gov-funds sh-10-fund-direct {_FUNDS}",
    "招人落户上海": "sh-11-key-talent-employer",
    "研究员每人50万": "sh-11-core-rnd-staff",
    "面包店贷款": "bj-06-sme-relending bj-08-ip-pledge",
    "个体户能申请什么": "bj-06-sme-relending bj-08-ip-pledge",
    "大学生创业": "bj-19-contest sh-11-community w-donghu-angel j-invest-loan sh-03-incubator",
    "老师带专利创业": f"sh-11-young-scientist sh-03-poc-fund sh-05-key-links {_ON_IP}",
    "刚进统的企业奖励": "sh-05-upscale",
    "高企证书能干什么": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "贷款500万元": _CREDIT,
    "5 million yuan loan": _CREDIT,
    "up to 20 million": "sh-08-first-set sh-03-incubator sh-06-cluster",
    "1000万": "sh-04-basic-research",
    "10 million basic research": "sh-04-basic-research",
    "补助30%": "sh-08-first-set",
    "¥30,000,000": "sh-03-service-platform",
    "10万元贴息": "j-xingan-ip-interest",
    "two hundred million settlement award": "w-donghu-settle",
    "沪府办规2025第8号": "sh-*",
    "沪府办规〔2025〕8号第三条": "sh-03-*",
    "京科发〔2025〕19号 第十六条": "bj-16-*",
    "Hufubangui 2025 8": "sh-*",
    "2025年9月 未来产业 政策": "sh-*",
    "2030年到期的政策": "sh-*",
    "article 11 Shanghai": "sh-11-*",
    "AI公司 funding": f"bj-09-sector-credit bj-13-reits n-boc-ai-chain {_FUNDS}",
    "IPO 上市 support 北京": "bj-11-listing bj-11-training bj-11-bse bj-11-return-listing",
    "R&D费用 subsidy": "sh-05-key-links sh-04-basic-research",
    "biotech 贷款": "bj-09-sector-credit n-psbc-biomanufacturing",
    "startup 路演": "bj-19-contest j-invest-loan bj-19-match-platform",
    "知识产全质押": _ON_IP,
    "高薪技术企业": "sh-05-gradient j-whitelist bj-16-xborder-loan",
    "科创待": "bj-08-kechuang-loan j-psbc-e-loan w-hankou-listing-loan",
    "venture captial": "bj-15-vc-tax n-national-vc-fund n-ccb-s-fund w-donghu-angel"
    " bj-17-foreign-inst",
    "intrest subsidy": "bj-15-interest sh-10-interest j-xingan-ip-interest",
    "proof of consept": "sh-03-poc-fund sh-03-service-platform",
    "cross-boarder loan": "bj-16-xborder-loan j-cross-border-loan",
    "standarts": "sh-12-standard-ip",
    "money for a new lab in Shanghai": "sh-12-foreign-centre sh-03-service-platform"
    " sh-04-basic-research sh-05-key-links",
    "tax exemption for investors": "bj-15-vc-tax",
    "free office in Beijing": "bj-01-service-pack",
    "can a foreign company get a grant": "sh-12-foreign-centre bj-16-fdi-reinvest"
    " bj-17-foreign-inst",
    "bank guarantee for exporters": "w-boc-guarantee",
    "insurance for AI start-ups": "bj-14-inclusive bj-14-task-pool sh-10-premium bj-14-lifecycle",
    "IP backed loan Wuhan": "w-whrcb-ip",
    "stock exchange Beijing": "bj-11-bse",
    "loan without repaying principal": "bj-10-zgc-centre bj-08-kechuang-loan",
    "bonds for VC firms": "bj-12-sti-bond n-sti-bond",
    "how do we borrow from abroad": "bj-16-xborder-loan",
    "humanoid robot insurance": "bj-14-task-pool",
    "digital transformation subsidy Ji'an": "j-digital-loan",
    "2030-09-25": "sh-*",
    "26 September 2025": "sh-*",
    "2025年9月26日发布的文件": "sh-*",
    "September 2025 Shanghai": "sh-*",
    "我开了家理发店想贷款": "bj-06-sme-relending bj-08-ip-pledge",
    "小规模纳税人有什么优惠": "bj-15-vc-tax bj-06-sme-relending",
    "申請孵化器資助": "sh-03-incubator",
    "專精特新貸款": "s-zjtx-loan bj-16-xborder-loan",
    "創新藥 商業保險": "bj-14-drug",
    "北京市科委 基金": "bj-03-gov-funds bj-01-national-funds sh-10-fund-direct"
    " bj-01-service-pack bj-03-long-capital bj-02-aic-equity bj-16-qflp",
    "上海 50万 升规": "sh-05-upscale",
    "0.2亿": "sh-08-first-set sh-03-incubator sh-06-cluster",
    "30 million platform": "sh-03-service-platform",
    "eight million scenario": "sh-09-scenario-build",
    "half a million per person": "sh-11-core-rnd-staff",
    "沪府办规 2025 8号 第五条": "sh-05-*",
    "京科发 第十四条 保险": "bj-14-*",
    "第十二条 国际标准": "sh-12-standard-ip",
    "2027年底到期": "bj-*",
    "技术合同 转让": "bj-14-lifecycle sh-05-key-links sh-11-young-scientist bj-14-risk-assessor",
    "搞研发的员工奖励": "sh-11-core-rnd-staff",
    "引进博士给多少钱": "sh-11-key-talent-employer sh-11-core-rnd-staff j-whitelist"
    " j-bocom-talent-loan",
    "园区运营方能拿什么补贴": "sh-06-cluster sh-03-incubator bj-13-park-reits",
    "做脑机接口的初创公司": _FIELDS,
    "商业航天公司买保险": "bj-14-space-pool",
    "发射卫星投保": "bj-14-space-pool",
    "具身智能": f"{_FIELDS} bj-14-task-pool",
    "公司上市失败怎么办": "bj-11-listing bj-11-bse bj-11-training sh-10-listing n-star-1plus6"
    " bj-11-return-listing w-hankou-listing-loan",
    "想去北交所": "bj-11-bse",
    "新三版挂牌": "bj-11-four-board",
    "并够贷款": "n-ma-loan-pilot w-ma-loan w-hankou-after-list",
    "贴西贷款": "bj-15-interest sh-10-interest j-digital-loan j-xingan-ip-interest"
    " j-tech-upgrade-loan",
    "孵化其奖励": "sh-03-incubator",
    "政府采够": "sh-08-procurement",
    "外汇 个人 科学家": "bj-16-talent-fx",
    "海外汇款到研究所": "bj-16-kehuitong",
    "外资公司再投资要登记吗": "bj-16-fdi-reinvest",
    "银行子公司 投资公司 牌照": "bj-02-aic-setup",
    "保险资金投资": "bj-03-insurer-pilot bj-02-aic-equity bj-03-long-capital",
    "社保基金": "bj-03-long-capital bj-03-gov-funds",
    "投了科技公司有奖励吗": "bj-15-invest-reward",
    "银行坏账补偿": "bj-15-risk-comp",
    "科技支行": "bj-09-leading-inst",
    "利率低的贷款 科技企业": f"{_CREDIT} j-growth-share n-tech-relending j-relending-quota",
    "交通银行": "j-bocom-talent-loan",
    "邮政储蓄银行贷款": "j-psbc-e-loan n-psbc-biomanufacturing",
    "工商银行科技贷款": "w-icbc-sti-loans",
    "吉安 白名单": "j-whitelist",
    "AI chip startup Beijing loan": f"bj-09-sector-credit {_CREDIT}",
    "loan for a bakery": "bj-06-sme-relending bj-08-ip-pledge",
    "money to exhibit in Japan": "sh-06-event-expo",
    "Shanghai incubator up to 20m": "sh-03-incubator",
    "hiring R&D engineers bonus": "sh-11-core-rnd-staff",
    "reinvest profits foreign company": "bj-16-fdi-reinvest",
    "listing on Beijing exchange unprofitable": "bj-11-bse",
    "medical robots first sale to hospital": "sh-08-first-set bj-14-first-trial",
    "goverment fund invest in us": "bj-03-gov-funds sh-10-fund-direct sh-10-fund-subfund",
    "patent loan Beijing": "bj-08-ip-pledge",
    "who pays for international standard": "sh-12-standard-ip",
    "refinance central bank loan": "bj-06-tech-relending bj-06-sme-relending n-tech-relending"
    " j-relending-quota",
    "data center bond REIT": "bj-13-reits bj-13-reits-expand bj-13-park-reits",
    "venture fund tax": "bj-15-vc-tax",
    "cross border money pooling multinational": "bj-16-cash-pool",
    "quantum computing research grant": f"{_FIELDS} sh-04-basic-research sh-05-key-links",
    "university professor startup money": "sh-11-young-scientist sh-03-poc-fund sh-05-key-links"
    " w-donghu-angel j-invest-loan",
    "sell fund stake": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    # the sixth set: workshops, other Chinese, what is for sale
    "面条厂贷款": f"bj-06-sme-relending bj-08-ip-pledge {_CREDIT}",
    "服装厂": "bj-06-sme-relending sh-05-upscale j-tech-upgrade-loan bj-06-tech-relending",
    "robotics": _FIELDS,
    "prototype": "sh-03-poc-fund sh-03-service-platform",
    "无人车路测": "sh-09-scenario-open sh-09-scenario-build bj-14-task-pool",
    "企業上市補貼": "bj-11-listing bj-11-training bj-11-bse sh-10-listing bj-11-return-listing",
    "智慧財產權貸款": _ON_IP,
    "融資擔保": "bj-15-guarantee bj-15-guarantee-premium",
    "1千万 基础研究": "sh-04-basic-research",
    "800万元场景": "sh-09-scenario-build",
    "两百万 标准": "sh-12-standard-ip",
    "20% LPR 贴息": "j-xingan-ip-interest",
    "沪府办规〔2025〕8号第九条": "sh-09-*",
    "京科发2025年19号 再贷款": "bj-06-*",
    "2025年10月 上海": "s-*",
    "能贷多少钱 专利": _ON_IP,
    "开展会能报多少": "sh-06-event-expo sh-06-brand-event",
    "落户北京 基金": "bj-01-service-pack bj-17-foreign-inst bj-03-long-capital"
    " bj-05-s-fund bj-03-insurer-pilot bj-01-national-funds",
    "搞AI的小公司贷款": f"bj-09-sector-credit {_CREDIT}",
    "公司亏钱能上市吗": "bj-11-bse n-star-1plus6 sh-10-listing bj-11-listing",
    "专利转化": "sh-05-key-links sh-11-young-scientist bj-14-lifecycle"
    f" bj-14-risk-assessor sh-12-standard-ip {_ON_IP}",
    "中小微企业": "bj-06-sme-relending sh-05-gradient",
    "担保公司": "bj-15-guarantee bj-15-guarantee-premium",
    "买机器人设备贷款": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "数据中心": "bj-13-reits bj-13-reits-expand",
    "碳达峰贷款": _CREDIT,
    "跨境人民币结算": "bj-16-trade bj-16-cash-pool bj-16-xborder-loan j-cross-border-loan",
    "外国人来华工作": "sh-11-key-talent-employer sh-01-top-scientist"
    " sh-11-young-scientist bj-16-talent-fx",
    "Beijing loan 5 years": "bj-08-kechuang-loan",
    "angel round": "w-donghu-angel",
    "subsidy for first product sold": "sh-08-first-set",
    "company moving to Wuhan": "w-donghu-settle",
    "how to get on the whitelist": "j-whitelist",
    "SME loans with patents": _ON_IP,
    "REIT expansion": "bj-13-reits-expand",
    "space insurance": "bj-14-space-pool",
    "scientist wants to start a company": "sh-11-young-scientist"
    " sh-01-top-scientist sh-03-poc-fund",
    "tax break for VC": "bj-15-vc-tax",
    "government buys software": "sh-08-procurement sh-08-first-set",
    "pilot production line": "sh-03-service-platform",
    "international standards subsidy": "sh-12-standard-ip",
    "green bond": "bj-12-sti-bond n-sti-bond",
    "technolgy transfer": "bj-14-lifecycle sh-11-young-scientist bj-14-risk-assessor",
    "incubater 20 million": "sh-03-incubator",
    "half a million reward": "sh-05-upscale sh-11-core-rnd-staff",
    "贷款担保费 补贴 上海": "sh-10-premium sh-10-interest bj-15-guarantee-premium bj-15-guarantee",
    "fuhuaqi butie": "sh-03-incubator",
    "zhuanli daikuan": _ON_IP,
    "高质量孵化器 2000万": "sh-03-incubator",
    "工业软件首版次": "sh-08-first-set",
    "医院合作试点": "sh-09-scenario-build sh-09-scenario-open",
    "脑机接口 临床": f"{_FIELDS} bj-14-drug bj-09-sector-credit"
    " bj-14-lifecycle sh-09-scenario-build sh-09-scenario-open",
    "工信部 专精特新": "bj-11-four-board s-zjtx-loan sh-05-gradient bj-16-xborder-loan",
    "科创板 第五套标准": "n-star-1plus6 w-hankou-listing-loan",
    # the seventh set: as a shop owner, a bank clerk and an officer say it
    "担保公司收费太贵": "bj-15-guarantee-premium bj-15-guarantee",
    "雇了几个博士 有没有钱拿": "sh-11-core-rnd-staff sh-11-key-talent-employer"
    " j-whitelist j-bocom-talent-loan",
    "软件刚卖出第一套 能补多少": "sh-08-first-set",
    "上市公司股权质押贷": "w-hankou-after-list",
    "贷款风险补偿": "bj-15-risk-comp",
    "参加创业比赛拿奖金": "bj-19-contest",
    "买保险政府给报销多少": "sh-10-premium bj-15-guarantee-premium",
    "给员工办上海户口": "sh-11-key-talent-employer",
    "how much can an incubator in Shanghai get": "sh-03-incubator",
    "保函 境外工程": "w-boc-guarantee",
    "外资研发总部 上海": "sh-12-foreign-centre",
    "利息太高 政府帮出一部分": "bj-15-interest sh-10-interest j-xingan-ip-interest"
    " j-digital-loan j-tech-upgrade-loan",
    "怎么认识投资人": "bj-19-contest j-invest-loan sh-11-community"
    " bj-19-match-platform bj-04-portfolio-service",
    "工厂上ERP 贷款贴息": "j-digital-loan",
    "申请了5个发明专利能换钱吗": f"{_ON_IP} sh-12-standard-ip",
    "厂里想换数控机床": "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending",
    "没房子抵押 只有几个专利": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "客户集团想归集境外资金": "bj-16-cash-pool",
    "employer sponsored residency Shanghai": "sh-11-key-talent-employer",
    "头一回卖出自己造的设备有没有奖": "sh-08-first-set bj-14-first-trial",
    "想到国外摆摊展示产品": "sh-06-event-expo",
    "保险 首台套 风险": "bj-14-first-trial sh-08-first-set",
    "university spin out money Shanghai": "sh-11-young-scientist sh-03-poc-fund sh-05-key-links",
    "where can our start-up pitch to investors": "bj-19-contest j-invest-loan bj-19-match-platform",
    "we make robots, who insures them": "bj-14-task-pool bj-14-first-trial bj-14-lifecycle",
}  # fmt: skip


_ALL = (
    SEVENTH
    | SEVENTH_HELD_OUT
    | SIXTH
    | SIXTH_ENGLISH
    | SIXTH_HELD_OUT
    | FIFTH
    | FIFTH_HELD_OUT
    | FIFTH_LATER
    | FOURTH
    | FOURTH_HELD_OUT
    | THIRD
    | HELD_OUT
    | VISITOR
    | FRESH
    | WANTED
)


@pytest.fixture(scope="module")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("search")
    database = folder / "huice.sqlite3"
    opened = open_own(database, postgresql=engine.address(database))
    yield opened
    opened.close()


def _answers(query: str, programme: str) -> bool:
    return any(fnmatch(programme, pattern) for pattern in _ALL[query].split())


@pytest.mark.parametrize("query", WANTED)
def test_what_is_wanted_is_among_the_first_five(huice: Services, query: str) -> None:
    found = huice.search(query).ids[:5]
    assert any(_answers(query, programme) for programme in found), found


def test_what_is_wanted_mostly_stands_first(huice: Services) -> None:
    """At least nineteen times in twenty."""
    first = {query: huice.search(query).ids[:1] for query in WANTED}
    missed = {q: ids for q, ids in first.items() if not any(_answers(q, i) for i in ids)}
    assert len(missed) <= len(WANTED) / 20, missed


def test_queries_that_were_not_at_hand_are_answered_too(huice: Services) -> None:
    """All within the first five, and five of six first."""
    found = {query: huice.search(query).ids[:5] for query in FRESH}
    assert [q for q, ids in found.items() if not any(_answers(q, i) for i in ids)] == []
    missed = {q: ids[0] for q, ids in found.items() if not _answers(q, ids[0])}
    assert len(missed) <= len(FRESH) / 6, missed


def test_what_another_visitor_asked_is_answered(huice: Services) -> None:
    """All but those known to be missed within five, and eight in nine first; what the library has
    nothing of is not said to be found."""
    found = {query: huice.search(query) for query in VISITOR}
    answered = {q: hits for q, hits in found.items() if VISITOR[q] != NEAREST}
    unanswered = {q for q, h in answered.items() if not any(_answers(q, i) for i in h.ids[:5])}
    assert unanswered <= MISSED
    later = [q for q, hits in answered.items() if not (hits.ids and _answers(q, hits.ids[0]))]
    assert len(later) <= len(answered) / 9, later
    assert all(hits.nearest or not hits.ids for q, hits in found.items() if q not in answered)


def test_what_a_third_visitor_asked_is_answered(huice: Services) -> None:
    """All but two within five, and nine in ten first; what the library has nothing of is not said
    to be found."""
    found = {query: huice.search(query) for query in (THIRD | HELD_OUT)}
    wanted = {q: hits for q, hits in found.items() if (THIRD | HELD_OUT)[q] != NEAREST}
    unanswered = [q for q, h in wanted.items() if not any(_answers(q, i) for i in h.ids[:5])]
    assert len(unanswered) <= 2, unanswered
    later = [q for q, hits in wanted.items() if not (hits.ids and _answers(q, hits.ids[0]))]
    assert len(later) <= len(wanted) / 10, later
    assert all(hits.nearest or not hits.ids for q, hits in found.items() if q not in wanted)


@pytest.mark.parametrize(
    ("queries", "later_at_most", "missed_at_most"),
    [
        (FOURTH, 7, 1),
        (FOURTH_HELD_OUT, 9, 3),
        (FIFTH, 6, 2),
        (FIFTH_HELD_OUT, 9, 3),
        (FIFTH_LATER, 9, 3),
        (SIXTH, 10, 2),
        (SIXTH_ENGLISH, 6, 0),
        (SIXTH_HELD_OUT, 7, 3),
        (SEVENTH, 4, 2),
        (SEVENTH_HELD_OUT, 5, 3),
    ],
    ids=[
        "fourth",
        "fourth, not mended for",
        "fifth",
        "fifth, not mended for",
        "fifth, later",
        "sixth",
        "sixth, English",
        "sixth, not mended for",
        "seventh",
        "seventh, not mended for",
    ],
)
def test_what_further_visitors_asked_is_answered(
    huice: Services, queries: dict[str, str], later_at_most: int, missed_at_most: int
) -> None:
    """Nearly all within five, and nine in ten first, of what is misspelt or in two languages four
    in five; of what nothing was mended for, nine in ten within five, and seven in ten first."""
    found = {query: huice.search(query).ids[:5] for query in queries}
    missed = [q for q, ids in found.items() if not any(_answers(q, i) for i in ids)]
    assert len(missed) <= missed_at_most, missed
    later = [q for q, ids in found.items() if not any(_answers(q, i) for i in ids[:1])]
    assert len(later) <= later_at_most, later


def test_an_english_word_is_found_in_its_other_forms(huice: Services) -> None:
    """Who invests directly asks for direct investment, who insures for insurance."""
    assert huice.search("directly investing fund Shanghai").ids[0] == "sh-10-fund-direct"
    words = huice.compiled.catalogue.search_words
    assert "salary" not in words.synonyms
    assert huice.search("salary").ids == huice.search("salaries").ids != ()
    assert huice.search("insuring a rocket").ids[0] == huice.search("rocket insurance").ids[0]


def test_a_word_is_asked_for_as_a_query_is_folded(huice: Services) -> None:
    """R&D and M&A are one word each; what is a county besides means what people say with it."""
    assert {"n-ma-loan-pilot", "w-ma-loan"} < set(huice.search("M&A").ids[:5])
    assert huice.search("R&D centre").ids[0] == "sh-12-foreign-centre"
    assert huice.search("hukou").ids[0] == "sh-11-key-talent-employer"


def test_what_is_in_a_field_begins_with_sums_of_money(huice: Services) -> None:
    """As what is in a place does: who says nothing but 机器人 asks what there is for him."""
    first = huice.compiled.catalogue.programmes[huice.search("机器人").ids[0]]
    assert first.benefit
    assert first.benefit.most


def test_what_holds_elsewhere_is_near_at_most(huice: Services) -> None:
    """However exactly it is what a sentence asks for."""
    hits = huice.search("外地公司搬到上海")
    assert hits.nearest


def test_what_is_not_open_is_never_first_where_something_open_fits(huice: Services) -> None:
    """Unless it is looked for by its name, or in its place."""
    catalogue = huice.compiled.catalogue
    for query in ("机器人", "robots"):
        hits = huice.search(query)
        assert catalogue.planned.intersection(hits.ids)
        assert hits.ids[0] not in catalogue.planned
    for programme in sorted(catalogue.planned):
        name = catalogue.programmes[programme].name.zh
        assert huice.search(name).ids[0] in catalogue.planned, name


def test_who_has_nothing_to_pledge_is_not_sent_to_loans_on_pledges(huice: Services) -> None:
    """Not first, in either language."""
    programmes = huice.compiled.catalogue.programmes
    for query in ("无抵押贷款", "loan without collateral", "unsecured loan"):
        (first, *_) = huice.search(query).ids
        assert "质押" not in programmes[first].name.zh, query


def test_a_run_that_one_text_has_by_the_way_is_parted(huice: Services) -> None:
    """People have a word for its end: who asks for 贷款利息 means 贴息 as well, whatever text says
    贷款利息 in one breath. What they have none for stays whole (社保基金)."""
    assert huice.search("工厂数字化贷款利息").ids[0] == "j-digital-loan"
    assert huice.search("社保基金投科技").ids[0] in ("bj-03-long-capital", "bj-02-aic-equity")


def test_one_topic_of_a_sentence_is_enough(huice: Services) -> None:
    """Complaints round it take nothing away; without a topic there is no answer."""
    hits = huice.search("担保公司收费实在是太贵了吃不消")
    assert hits.nearest
    assert hits.ids[0] == "bj-15-guarantee-premium"
    assert huice.search("收费实在是太贵了吃不消").ids == ()


def test_who_asks_how_much_sees_amounts_first(huice: Services) -> None:
    """Of what is equally near; alone the words ask for nothing."""
    known = huice.compiled.catalogue.programmes
    (first, *_) = huice.search("孵化器能拿多少").ids
    assert known[first].benefit
    assert huice.search("孵化器 how much").ids == huice.search("孵化器能拿多少").ids


def test_what_is_about_it_comes_before_what_mentions_it(huice: Services) -> None:
    """One programme mentions both; another has its name from one of them."""
    hits = huice.search("贷款风险补偿")
    assert hits.ids[0] == "bj-15-risk-comp"
    assert "bj-15-interest" in hits.ids
    assert not hits.nearest


def test_how_many_there_are_is_not_looked_for(huice: Services) -> None:
    assert huice.search("5个专利").ids == huice.search("专利").ids
    assert huice.search("5年 贷款").ids != huice.search("贷款").ids


def test_what_no_document_is_about_is_not_answered(huice: Services) -> None:
    for query in ("养老院床位", "幼儿园招生", "kindergarten"):
        assert huice.search(query).ids == ()


def test_what_comes_nearest_is_said_to_be_only_that(huice: Services) -> None:
    """No document speaks of green loans."""
    hits = huice.search("绿色贷款")
    assert hits.ids
    assert hits.nearest


@pytest.mark.parametrize(
    "query", ["社保", "社保补贴", "work permit", "人才公寓", "餐饮", "restaurant"]
)
def test_what_the_library_has_not_is_not_said_to_be_found(huice: Services, query: str) -> None:
    """Though a fund of the 社保基金 is named, and whoever wants a work permit is talent."""
    assert huice.search(query).nearest
    assert not huice.search("社保基金").nearest


@pytest.mark.parametrize(
    "query", ["给研发人员发的奖金有补吗", "海外上市公司想回A股", "外资企业利润再投资要不要外汇登记"]
)
def test_what_is_answered_by_name_is_no_mere_neighbour(huice: Services, query: str) -> None:
    """Whatever else the sentence says that no document holds."""
    assert not huice.search(query).nearest


def test_what_is_looked_for_by_its_name_stands_first_whoever_tells_of_it(huice: Services) -> None:
    """The press alone tells of a 绿色通道; official documents have a word of it further down."""
    (first, *_) = huice.search("绿色通道").ids
    assert "绿色通道" in huice.compiled.catalogue.programmes[first].name.zh


def test_a_question_made_of_empty_words_asks_for_nothing(huice: Services) -> None:
    """怎么申请 stands in a document; it says nothing of what is asked for."""
    assert huice.search("中试平台3000万怎么申请").ids[0] == "sh-03-service-platform"


def test_a_word_written_wrong_is_told_as_it_was_read(huice: Services) -> None:
    assert huice.search("satelite insurance").read_as == (("satelite", "satellite"),)
    assert huice.search("首抬套").read_as == (("首抬套", "首台套"),)
    assert huice.search("首台套").read_as == ()
    for right in (
        "公积金",
        "参加德国展会",
        "创新药进商保",
        "能贷几成",
        "parent company",
        "tax deduction",
    ):
        assert huice.search(right).read_as == ()


def test_what_is_typed_in_pinyin_is_told_as_it_was_read(huice: Services) -> None:
    """Whole or by the initials of a known name, whatever district sounds like it; English that no
    document holds is no pinyin."""
    assert huice.search("fuhuaqi").read_as == (("fuhuaqi", "孵化器"),)
    assert huice.search("gq").read_as == (("gq", "高企"),)
    assert huice.search("tiexi").read_as == (("tiexi", "贴息"),)
    assert huice.search("women").read_as == ()


def test_a_place_is_found_by_what_people_call_it(huice: Services) -> None:
    """A nickname is its city; the beginning of what a place is known for (科技园, 未来科技城)
    is no place."""
    assert huice.search("魔都 机器人").ids == huice.search("上海 机器人").ids
    assert huice.search("江城 专利贷").ids[0] == "w-whrcb-ip"
    places = huice.compiled.catalogue.search_words.places
    assert not {"科技", "未来"} & set(places)


def test_a_place_finds_what_holds_there(huice: Services) -> None:
    """In the place, in a wider one, or in a part of it; what its name means besides counts less."""
    known = huice.compiled.catalogue.programmes
    places = {known[i].jurisdiction for i in huice.search("徐汇区 贷款").ids}
    assert places <= {"310000", "100000"}
    assert "360824" in {known[i].jurisdiction for i in huice.search("江西省").ids}
    assert huice.search("湖北 科技保险").ids[0] == "w-insurance-community"


def test_what_holds_in_a_place_comes_before_what_holds_around_it(huice: Services) -> None:
    """Also where nothing fits whole."""
    known = huice.compiled.catalogue.programmes
    assert known[huice.search("武汉 并购贷").ids[0]].jurisdiction.startswith("42")
    hits = huice.search("江西 贷款 幼儿园")
    assert hits.nearest
    assert {known[i].jurisdiction for i in hits.ids[:3]} <= {"360800", "360824", "100000"}


def test_a_long_run_finds_its_words_wherever_each_stands(huice: Services) -> None:
    """Few programmes say 银行贷款 in one breath. No word is cut in two: what is looked for in
    跨国公司资金池 is 资金池, though a document says 跨国公司资金."""
    hits = huice.search("银行贷款")
    assert len(hits.ids) > 20
    assert not hits.nearest
    assert huice.search("跨国公司资金池").ids[:1] == ("bj-16-cash-pool",)


def test_every_programme_that_names_a_title_is_found_by_it(huice: Services) -> None:
    """In whichever condition it stands."""
    catalogue = huice.compiled.catalogue
    label = catalogue.vocabulary.lists["certificate_categories"].label_of("high_tech_enterprise")
    naming = {
        p.id
        for p in catalogue.programmes.values()
        for leaf in leaves(p.condition)
        if label.zh in huice.compiled.answers.condition(leaf)["text"]["zh"]
    }
    assert naming
    assert naming <= set(huice.search("高企").ids)


def test_official_documents_come_before_the_press(huice: Services) -> None:
    """Where both say it in name or summary."""
    found = huice.search("贴息").ids
    reported = [huice.compiled.catalogue.programmes[i].evidence.value == "news" for i in found[:4]]
    assert reported[:2] == [False, False]


def test_words_are_not_taken_for_beginnings(huice: Services) -> None:
    """AI is not AIC."""
    assert not {i for i in huice.search("AI").ids if "aic" in i}


def test_nearest_is_said_where_nothing_fits_whole(huice: Services) -> None:
    assert not huice.search("首台套").nearest
    assert not huice.search("哪些政策支持首台套").nearest
    hits = huice.search("首台套 沪科积分")
    assert hits.nearest
    assert hits.ids
    assert huice.search("幼儿园招生").ids == ()


def test_every_synonym_leads_somewhere(huice: Services) -> None:
    """A line that finds nothing helps nobody."""
    words = huice.compiled.catalogue.search_words.synonyms
    assert [word for word in words if not huice.search(word).ids] == []
    said = {target for meant in words.values() for target in meant}
    assert [target for target in said if not huice.search(target).ids] == []
