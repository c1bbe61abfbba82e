"""Queries of a sixth visitor, each with what should come first, written before any was asked.

Of `SIXTH`, half of them in two languages at once, misspelt or as people talk, 47 of 57 had it first
and 54 among the first five; of `SIXTH_ENGLISH` 26 and 33 of 35; then words were added, and a
misspelt word counts for as much as the right one since. `SIXTH_HELD_OUT` was written after that,
and nothing was mended for it: 24 of 30 first, 27 among the first five."""

SIXTH: dict[str, str] = {
    "IP质押 loan": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "R&D staff 上海 奖励": "sh-11-core-rnd-staff",
    "REITs园区": "bj-13-park-reits bj-13-reits",
    "Pre-IPO 贷款": "w-hankou-listing-loan",
    "M&A贷款": "w-ma-loan n-ma-loan-pilot",
    "QFLP 外资LP投资": "bj-16-qflp",
    "IPO辅导培训": "bj-11-training",
    "first set insurance": "bj-14-first-trial sh-08-first-set",
    "S fund transfer platform": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    "知识产权质呀贷款": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "首台(套)保显": "bj-14-first-trial sh-08-first-set",
    "贷款帖息": (
        "sh-10-interest bj-15-interest j-digital-loan j-xingan-ip-interest j-tech-upgrade-loan"
    ),
    "孵化器补帖": "sh-03-incubator sh-03-poc-fund",
    "科创代": "bj-08-kechuang-loan w-icbc-sti-loans",
    "guarentee fee subsidy": "bj-15-guarantee-premium",
    "intrest subsidy": (
        "sh-10-interest bj-15-interest j-digital-loan j-xingan-ip-interest j-tech-upgrade-loan"
    ),
    "incubater": "sh-03-incubator sh-03-poc-fund",
    "biomanufactoring loan": "n-psbc-biomanufacturing",
    "commerical space insurance": "bj-14-space-pool",
    "我们公司刚拿到专精特新，想从银行贷点钱有什么政策": (
        "s-zjtx-loan j-psbc-e-loan bj-06-sme-relending bj-09-sector-credit w-icbc-sti-loans "
        "bj-08-kechuang-loan j-whitelist"
    ),
    "公司没有房产抵押，只有几个专利，能贷到款吗": (
        "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest bj-07-zgc-score"
    ),
    "在上海买了保险，保费政府给报销吗": "sh-10-premium",
    "想去德国参加展会，费用可以补多少": "sh-06-event-expo",
    "我们是美国总部的公司，打算在上海设研发中心": "sh-12-foreign-centre",
    "园区运营公司建未来产业集聚区能拿多少钱": "sh-06-cluster",
    "北京的创投基金投早投小有没有奖励": "bj-15-invest-reward bj-15-vc-tax",
    "如何申请创新产品进入政府采购": "sh-08-procurement",
    "年收入刚过2000万进规了有奖吗": "sh-05-upscale",
    "want to list my company on the Beijing Stock Exchange, who helps": (
        "bj-11-bse bj-11-training bj-11-listing bj-11-four-board"
    ),
    "our bank wants to open an asset investment company in Beijing": "bj-02-aic-setup",
    "can a foreign PhD get help exchanging money": "bj-16-talent-fx",
    "how do I get my new drug covered by commercial insurance": "bj-14-drug",
    "money for building a demonstration of our robots in a hospital": (
        "sh-09-scenario-build sh-09-scenario-open"
    ),
    "we lead an ISO standard, is there funding": "sh-12-standard-ip",
    "are there tax breaks for venture capital firms": "bj-15-vc-tax",
    "2000万 首台套": "sh-08-first-set",
    "30% 补贴 合同": "sh-08-first-set",
    "3 million yuan loan no collateral": (
        "w-cdb-hubei bj-07-zgc-score bj-08-ip-pledge j-psbc-e-loan w-whrcb-ip bj-15-guarantee "
        "bj-10-zgc-centre"
    ),
    "五年期以上贷款": "bj-08-kechuang-loan w-cdb-hubei w-ma-loan n-ma-loan-pilot",
    "50% premium": "sh-10-premium bj-15-guarantee-premium",
    "闵行 机器人 补贴": (
        "sh-05-key-links sh-08-first-set sh-10-interest sh-09-scenario-build sh-05-gradient "
        "sh-11-core-rnd-staff sh-04-basic-research sh-05-upscale"
    ),
    "新干 贴息": "j-xingan-ip-interest",
    "吉安 人才贷款": "j-bocom-talent-loan",
    "光谷 落户奖励": "w-donghu-settle",
    "Wuhan bank loan before IPO": "w-hankou-listing-loan",
    "汉口银行": "w-hankou-products w-hankou-listing-loan w-hankou-tiers w-hankou-after-list",
    "Zhongguancun score loan": "bj-07-zgc-score",
    "Jiangxi digital transformation": "j-digital-loan",
    "薅羊毛 小微企业 贷款利息": (
        "sh-10-interest bj-15-interest j-digital-loan j-xingan-ip-interest "
        "j-tech-upgrade-loan bj-06-sme-relending"
    ),
    "老外来上海做科研": "sh-01-top-scientist sh-12-foreign-centre",
    "包销 新产品没人买": "sh-08-procurement sh-08-first-set",
    "搞卫星的保险": "bj-14-space-pool",
    "找投资人 路演": "bj-19-contest j-invest-loan bj-03-gov-funds",
    "国家大基金 投我": "n-national-vc-fund bj-01-national-funds bj-03-gov-funds",
    "海归博士 创业 钱": (
        "sh-11-young-scientist j-bocom-talent-loan sh-01-top-scientist bj-16-talent-fx"
    ),
    "买设备贷款便宜": (
        "bj-06-tech-relending j-tech-upgrade-loan n-tech-relending bj-06-ultra-long-bond"
    ),
    "startup money": (
        "sh-10-fund-direct w-donghu-angel n-national-vc-fund bj-03-gov-funds sh-05-key-links "
        "sh-03-incubator"
    ),
}

SIXTH_ENGLISH: dict[str, str] = {
    "help with overseas trade fair costs": "sh-06-event-expo",
    "subsidy for R&D of an AI chip startup in Shanghai": (
        "sh-05-key-links sh-04-basic-research sh-10-interest sh-02-major-project "
        "sh-05-gradient sh-10-fund-direct"
    ),
    "cheap loan for new machines": "bj-06-tech-relending n-tech-relending j-tech-upgrade-loan",
    "who insures clinical trials": (
        "bj-14-lifecycle bj-14-inclusive bj-14-drug sh-10-premium n-insurance-zones "
        "bj-14-first-trial"
    ),
    "patent collateral": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "guarantor for small tech companies": "bj-15-guarantee",
    "premium refund": "sh-10-premium bj-15-guarantee-premium",
    "government buys my prototype": "sh-08-procurement",
    "test site for our drones": "sh-09-scenario-open sh-09-scenario-build",
    "hire top foreign scientist": "sh-01-top-scientist",
    "young researchers spin-out": "sh-11-young-scientist",
    "reward for growing above the statistics threshold": "sh-05-upscale",
    "relocate a bank branch to East Lake Wuhan": "w-donghu-settle",
    "loan for employees' stock? talent loan": "j-bocom-talent-loan",
    "acquire a company with bank credit": "w-ma-loan n-ma-loan-pilot",
    "exchange rate hedging for exporters": (
        "w-boc-guarantee bj-16-trade bj-16-xborder-loan j-cross-border-loan"
    ),
    "borrow abroad in foreign currency": "bj-16-xborder-loan",
    "dividend reinvestment by our German parent": "bj-16-fdi-reinvest",
    "treasury centre for multinational": "bj-16-cash-pool",
    "rating agencies method": "bj-12-rating",
    "data centre REIT": "bj-13-reits bj-13-reits-expand bj-13-park-reits",
    "ultra long bonds": "bj-06-ultra-long-bond",
    "listing on STAR without profit": "n-star-1plus6 bj-11-listing bj-11-bse",
    "angel fund for very early companies": "w-donghu-angel n-boc-mother-fund",
    "cluster developer office park money": "sh-06-cluster",
    "concept verification": "sh-03-poc-fund sh-03-service-platform",
    "quantum company credit line": (
        "bj-09-sector-credit bj-06-tech-relending bj-07-zgc-score bj-10-zgc-centre"
    ),
    "CDB loan": "w-cdb-hubei n-cdb-major-task-loan",
    "long term insurance money in funds": "bj-03-long-capital bj-03-insurer-pilot",
    "digital transformation loan Jian": "j-digital-loan",
    "investers platform": "bj-19-match-platform j-invest-loan bj-19-contest bj-10-e-platform",
    "aplication scenario": "sh-09-scenario-open sh-09-scenario-build",
    "inovation score": "n-innovation-points n-innovation-points-2 bj-07-zgc-score s-huke-points",
    "comercial space rocket": "bj-14-space-pool",
    "intellectual proprety pledge": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
}

SIXTH_HELD_OUT: dict[str, str] = {
    "bank pledge on trademarks": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "新药研发买保险补贴": "sh-10-premium bj-14-drug bj-14-inclusive bj-14-lifecycle",
    "我们是协会，想办一场创新大赛": "sh-06-event-expo sh-06-brand-event",
    "融资租赁公司能发科创债吗": "bj-12-sti-bond n-sti-bond",
    "foreign bank account for our institute": "bj-16-kehuitong",
    "厂房改造上机器人的贷款": (
        "bj-06-tech-relending j-tech-upgrade-loan n-tech-relending j-digital-loan"
    ),
    "does the city pay half of my insurance": (
        "sh-10-premium bj-14-first-trial bj-15-guarantee-premium"
    ),
    "武汉 保函": "w-boc-guarantee",
    "上海 概念验证 fund": "sh-03-poc-fund",
    "recieve equity from a state fund": (
        "bj-03-gov-funds bj-01-national-funds sh-10-fund-direct n-national-vc-fund"
    ),
    "科创版上市": "n-star-1plus6 bj-11-listing sh-10-listing",
    "怎样进白名单": "j-whitelist",
    "ICBC loan for innovation": "w-icbc-tech-loan w-icbc-sti-loans",
    "大学老师拿成果开公司": "sh-11-young-scientist",
    "500万以内 知识产权 贷款": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "how to become an ecosystem leader enterprise": "sh-04-eco-leader",
    "买国产首台设备的用户有补贴吗": "sh-08-first-set bj-14-first-trial sh-08-procurement",
    "talents exchange forex": "bj-16-talent-fx",
    "股权转让二手份额 平台 北京": "bj-05-share-transfer bj-05-s-fund",
    "merge with a rival, need 10 year loan": "w-ma-loan n-ma-loan-pilot",
    "脑机接口 上海 项目 经费": (
        "sh-02-major-project sh-01-disruptive-tech sh-05-key-links sh-02-joint-rnd "
        "sh-11-core-rnd-staff sh-01-interdisciplinary sh-12-standard-ip sh-12-alliance "
        "sh-04-eco-leader"
    ),
    "保险公司 设 科技保险中心": "bj-14-insurer-centre",
    "wholly foreign owned company R&D center Shanghai incentives": "sh-12-foreign-centre",
    "三板挂牌 快": "bj-11-four-board",
    "farm loan for small tech": "bj-06-sme-relending",
    "国债 设备更新 申报": "bj-06-ultra-long-bond",
    "talent loan without collateral Ji'an": "j-bocom-talent-loan",
    "产业联盟 海外机构 共建": "sh-12-alliance",
    "what does the angel mother fund do": "w-donghu-angel",
    "小企业晋级规模以上奖50万": "sh-05-upscale",
}
