"""Queries of a seventh visitor, each with what should come first, written before any was asked:
eighty, half of them English, and forty that were held out.

Of `SEVENTH`, 31 of 40 in Chinese had it first and 34 among the first five, in English 30 and 34;
then words were added. Of `SEVENTH_HELD_OUT` 35 of 40 had it first and 37 among the first five; of
the words added only the initials kcdk stand in it."""

_CREDIT = (
    "bj-08-kechuang-loan bj-06-sme-relending bj-06-tech-relending bj-08-loan-plus-equity"
    " bj-09-sector-credit bj-10-zgc-centre s-zjtx-loan s-huke-points w-icbc-sti-loans"
    " w-icbc-tech-loan w-cdb-hubei w-hankou-products j-psbc-e-loan j-tech-upgrade-loan"
    " j-digital-loan n-innovation-points n-tech-relending bj-07-zgc-score j-whitelist"
    " j-relending-quota j-growth-share"
)
_NO_PLEDGE = (
    "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest bj-15-guarantee bj-07-zgc-score"
    " w-cdb-hubei w-icbc-tech-loan bj-10-zgc-centre"
)
_ON_IP = "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest"
_INTEREST = "sh-10-interest bj-15-interest j-digital-loan j-xingan-ip-interest j-tech-upgrade-loan"
_RENEWAL = "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending"
_EQUITY = (
    "bj-01-national-funds bj-02-aic-equity bj-03-gov-funds sh-10-fund-direct"
    " sh-10-fund-subfund w-donghu-angel w-aic-funds n-aic-funds n-national-vc-fund"
    " j-invest-loan bj-19-contest bj-19-match-platform n-boc-mother-fund"
)
_LISTING = (
    "bj-11-listing bj-11-bse bj-11-training bj-11-four-board sh-10-listing n-star-1plus6"
    " w-hankou-listing-loan n-green-channel"
)

SEVENTH: dict[str, str] = {
    # in Chinese: slang, initials, slips, whole sentences, what somebody wants to do
    "zscqzy": _ON_IP,
    "fuhuaqi": "sh-03-incubator sh-03-poc-fund",
    "dktx": _INTEREST,
    "shoutaitao": "sh-08-first-set bj-14-first-trial",
    "zjtx贷款": "s-zjtx-loan bj-16-xborder-loan w-icbc-sti-loans",
    "拿专利去银行押点钱": _ON_IP,
    "利息太高国家能不能帮着出点": _INTEREST,
    "老板想把公司弄上科创板": f"{_LISTING}",
    "融A轮": _EQUITY,
    "被投过的公司还能不能再贷": "bj-08-loan-plus-equity bj-04-portfolio-service",
    "设备太老了想换一批": _RENEWAL,
    "搞了个新材料第一批卖给客户": "sh-08-first-set",
    "软件1.0刚卖出去": "sh-08-first-set",
    "我们的产品想卖给政府": "sh-08-procurement",
    "出国摆摊": "sh-06-event-expo",
    "办黑客松": "sh-06-event-expo sh-06-brand-event bj-19-contest",
    "办国际学术大会": "sh-06-brand-event sh-06-event-expo",
    "想找个地方试一下我们的无人车": "sh-09-scenario-open sh-09-scenario-build",
    "拿到ISO标准制定": "sh-12-standard-ip",
    "建中试平台给多少": "sh-03-service-platform",
    "研发人员能不能发钱": "sh-11-core-rnd-staff",
    "人才落户名额": "sh-11-key-talent-employer",
    "外企在上海搞研究院": "sh-12-foreign-centre",
    "基金份额想卖掉": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    "收购一家同行要贷款": "w-ma-loan n-ma-loan-pilot w-hankou-after-list",
    "从香港借钱": "bj-16-xborder-loan j-cross-border-loan",
    "客户在国外要银行开保函": "w-boc-guarantee",
    "外汇收款太麻烦": "bj-16-trade bj-16-talent-fx bj-16-kehuitong",
    "给火箭上保险": "bj-14-space-pool",
    "怕新设备坏了客户索赔 买什么保险": "bj-14-first-trial bj-14-lifecycle sh-08-first-set",
    "保费能不能报": "sh-10-premium bj-15-guarantee-premium",
    "药进商保": "bj-14-drug",
    "发科创债": "bj-12-sti-bond n-sti-bond",
    "数据中心做reits": "bj-13-reits bj-13-park-reits bj-13-reits-expand",
    "银行搬到光谷奖多少": "w-donghu-settle",
    "刚过规上": "sh-05-upscale",
    "基础研究投了很多钱": "sh-04-basic-research",
    "吉安企业上云贴息": "j-digital-loan",
    "创新积分不够怎么贷": "n-innovation-points bj-07-zgc-score s-huke-points w-icbc-sti-loans"
    " n-innovation-points-2",
    "国债项目申报": "bj-06-ultra-long-bond",
    # in English: the same
    "borrow against patents": _ON_IP,
    "cheap loans for tech firms": _CREDIT,
    "government pays my loan interest": _INTEREST,
    "buy new machines on credit": _RENEWAL,
    "first customer for our machine": "sh-08-first-set bj-14-first-trial sh-08-procurement",
    "sell to government": "sh-08-procurement",
    "trade show abroad refund": "sh-06-event-expo",
    "host a big conference": "sh-06-brand-event sh-06-event-expo",
    "place to test self driving cars": "sh-09-scenario-open sh-09-scenario-build",
    "testing platform subsidy": "sh-03-service-platform",
    "we run an incubator": "sh-03-incubator sh-03-poc-fund",
    "build an industrial park": "sh-06-cluster bj-13-park-reits",
    "bonus for engineers": "sh-11-core-rnd-staff",
    "residence permit for talent": "sh-11-key-talent-employer",
    "young scientists": "sh-11-young-scientist",
    "Nobel laureate moving to Shanghai": "sh-01-top-scientist",
    "foreign R&D centre": "sh-12-foreign-centre",
    "crazy high risk technology": "sh-01-disruptive-tech",
    "basic science spending": "sh-04-basic-research",
    "grew above 20 million revenue reward": "sh-05-upscale",
    "quantum research joint project": "sh-02-joint-rnd sh-02-major-project",
    "series A investors": _EQUITY,
    "angel money Wuhan": "w-donghu-angel",
    "IPO help": _LISTING,
    "US listed company come home": "bj-11-return-listing",
    "bond issue tech company": "bj-12-sti-bond n-sti-bond",
    "takeover financing": "w-ma-loan n-ma-loan-pilot w-hankou-after-list",
    "sell my fund stake": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    "insurance premium help": "sh-10-premium bj-15-guarantee-premium bj-14-inclusive",
    "satellite launch cover": "bj-14-space-pool",
    "cover for product failure of a new machine": "bj-14-first-trial bj-14-lifecycle",
    "guarantor for small tech company": "bj-15-guarantee bj-15-guarantee-premium",
    "foreign exchange for researchers": "bj-16-talent-fx bj-16-kehuitong",
    "multinational treasury": "bj-16-cash-pool",
    "no registration reinvestment": "bj-16-fdi-reinvest",
    "overseas VC open office in Beijing": "bj-17-foreign-inst",
    "bank moving to Wuhan award": "w-donghu-settle",
    "startup competition": "bj-19-contest",
    "find a bank online": "bj-19-match-platform bj-10-e-platform",
    "patent loan interest Jiangxi": "j-xingan-ip-interest",
}

SEVENTH_HELD_OUT: dict[str, str] = {
    "daikuan tiexi": _INTEREST,
    "kcdk": "bj-08-kechuang-loan w-icbc-sti-loans j-psbc-e-loan",
    "zhengfu caigou": "sh-08-procurement",
    "没抵押咋贷款": _NO_PLEDGE,
    "还不上本金想续贷": "bj-10-zgc-centre bj-08-kechuang-loan",
    "公司被大厂收购 贷款": "w-ma-loan n-ma-loan-pilot w-hankou-after-list",
    "技改贷": _RENEWAL,
    "科创版上市前缺钱": f"w-hankou-listing-loan {_LISTING}",
    "想在四板挂牌": "bj-11-four-board",
    "带头做行业标准": "sh-12-standard-ip",
    "和大学一起做概念验证": "sh-03-poc-fund sh-03-service-platform",
    "给医院做机器人示范项目": "sh-09-scenario-build sh-09-scenario-open",
    "去CES参展": "sh-06-event-expo",
    "博士团队来上海创业": "sh-11-young-scientist sh-11-community sh-01-top-scientist"
    " sh-11-key-talent-employer",
    "境外汇来的科研经费": "bj-16-kehuitong",
    "投资机构少交税": "bj-15-vc-tax",
    "保险公司想做科技保险": "bj-14-insurer-centre bj-14-inclusive bj-14-lifecycle"
    " w-insurance-community n-insurance-zones",
    "评级公司": "bj-12-rating",
    "合成生物贷款": "n-psbc-biomanufacturing",
    "国家基金投我们": "bj-01-national-funds n-national-vc-fund",
    "collateral free loan": _NO_PLEDGE,
    "roll over a loan": "bj-10-zgc-centre bj-08-kechuang-loan",
    "money for upgrading my factory": _RENEWAL,
    "go digital Ji'an": "j-digital-loan",
    "loan before IPO": "w-hankou-listing-loan",
    "OTC board": "bj-11-four-board",
    "set up a lab platform": "sh-03-service-platform sh-12-foreign-centre",
    "international standard funding": "sh-12-standard-ip",
    "smart city pilot project money": "sh-09-scenario-build sh-09-scenario-open",
    "CES exhibition costs": "sh-06-event-expo",
    "scientist with a startup": "sh-11-young-scientist sh-11-community sh-03-poc-fund",
    "research money from abroad": "bj-16-kehuitong",
    "VC tax": "bj-15-vc-tax",
    "insurers technology centre": "bj-14-insurer-centre",
    "credit rating methods": "bj-12-rating",
    "bio manufacturing": "n-psbc-biomanufacturing",
    "international alliance": "sh-12-alliance",
    "AI company loan Beijing": f"bj-09-sector-credit n-boc-ai-chain {_CREDIT}",
    "export payments": "bj-16-trade",
    "award for investing in tech companies": "bj-15-invest-reward",
}
