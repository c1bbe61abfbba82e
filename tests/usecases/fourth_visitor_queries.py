"""Queries of a fourth visitor, each with what should come first, written before any was asked.

Of `FOURTH` 55 of 70 had it first and 65 among the first five; the kinds of their misses were mended
then. `FOURTH_HELD_OUT` was written after that and before the mending, which was not for it, though
two words of its kinds (pilot production, currencies) came with others: 18 of 30 had it first
before, and 22 after; 24 and 27 among the first five."""

FOURTH: dict[str, str] = {
    "我刚开公司没抵押怎么从银行拿钱": (
        "bj-08-kechuang-loan bj-10-zgc-centre bj-15-guarantee bj-08-ip-pledge "
        "n-innovation-points w-hankou-products w-cdb-hubei j-psbc-e-loan bj-06-sme-relending "
        "bj-07-zgc-score w-icbc-tech-loan s-huke-points s-zjtx-loan j-whitelist "
        "w-icbc-sti-loans bj-08-loan-plus-equity bj-10-e-platform"
    ),
    "xiaoshenggui": "sh-05-upscale",
    "小升归奖励50w": "sh-05-upscale",
    "公司第一次上规模能拿多少": "sh-05-upscale",
    "shoutaitao baoxian": "bj-14-first-trial",
    "新药进商保目录": "bj-14-drug",
    "医院院长想建中试平台": "sh-03-service-platform",
    "我们医院做细胞治疗临床研究能申请哪些专项": (
        "sh-02-major-project sh-01-disruptive-tech sh-02-joint-rnd sh-01-interdisciplinary "
        "sh-04-basic-research"
    ),
    "高校实验室收到境外资助款怎么结汇": "bj-16-kehuitong",
    "非企业科研单位外币入境": "bj-16-kehuitong",
    "老外专家工资换汇": "bj-16-talent-fx",
    "LP份额想转让": "bj-05-share-transfer",
    "私募基金发S基金": "bj-05-s-fund n-ccb-s-fund",
    "基金把股票直接分给LP": "bj-05-in-kind",
    "保险公司想投私募": "bj-03-insurer-pilot bj-03-long-capital",
    "社保基金出资创投": "bj-03-long-capital",
    "银行想设AIC": "bj-02-aic-setup",
    "AIC只当LP行不行": "bj-02-aic-lp-only",
    "被投了A轮之后政府有啥服务": "bj-04-portfolio-service",
    "借新还旧 不还本续贷": "bj-08-kechuang-loan bj-10-zgc-centre",
    "买研发设备贷款7年": "bj-08-kechuang-loan",
    "吉安 人才贷 100万": "j-bocom-talent-loan",
    "新干专利贷款贴息10万封顶": "j-xingan-ip-interest",
    "武汉并购贷": "w-ma-loan n-ma-loan-pilot",
    "想收购一家芯片公司 贷款": "n-ma-loan-pilot w-ma-loan",
    "上海怎么办展会 报销一半": "sh-06-event-expo",
    "去CES参展有补贴吗": "sh-06-event-expo",
    "主导制定ISO标准奖多少": "sh-12-standard-ip",
    "核聚变公司能拿什么": (
        "sh-02-major-project sh-02-joint-rnd sh-01-disruptive-tech sh-10-fund-direct "
        "sh-06-cluster sh-04-eco-leader sh-08-first-set sh-11-core-rnd-staff "
        "sh-09-scenario-build sh-12-alliance sh-06-brand-event sh-05-gradient sh-05-key-links"
    ),
    "研发总监个人奖励 50万": "sh-11-core-rnd-staff",
    "工程师落户上海": "sh-11-key-talent-employer",
    "园区开发商建未来产业园最高2000万": "sh-06-cluster",
    "政府第一个买我们的产品": "sh-08-procurement",
    "智慧医院示范场景800万": "sh-09-scenario-build",
    "数据中心发REITs": "bj-13-reits",
    "中关村软件园想发公募reits": "bj-13-park-reits bj-13-reits",
    "发科创债绿色通道": "bj-12-sti-bond n-sti-bond n-green-channel",
    "从纳斯达克退市回A股": "bj-11-return-listing",
    "未盈利企业北交所ipo": "bj-11-bse n-star-1plus6",
    "德国公司在上海成立创新中心": "sh-12-foreign-centre",
    "黑石想来北京开分公司": "bj-17-foreign-inst",
    "QFLP额度": "bj-16-qflp",
    "外资企业再投资不用登记?": "bj-16-fdi-reinvest",
    "创业大赛 HICOOL 报名": "bj-19-contest",
    "银行职员 哪里能查白名单企业": "j-whitelist",
    "no collateral loan for a startup in Beijing": (
        "bj-08-kechuang-loan bj-10-zgc-centre bj-15-guarantee bj-08-ip-pledge bj-07-zgc-score "
        "bj-10-e-platform bj-08-loan-plus-equity bj-06-sme-relending"
    ),
    "sell stake of LP in fund": "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund",
    "how do I hire foreign engineers in Shanghai": (
        "sh-11-key-talent-employer sh-11-core-rnd-staff sh-01-top-scientist sh-11-young-scientist"
    ),
    "prototype line / pilot plant funding": "sh-03-service-platform bj-08-kechuang-loan",
    "subsidy for exhibiting in Germany": "sh-06-event-expo",
    "who pays if our satellite launch fails": "bj-14-space-pool",
    "ISO standard grant 2 million": "sh-12-standard-ip",
    "university lab receiving foreign grant money": "bj-16-kehuitong",
    "patents as collateral": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "insuring our first machine sold": "bj-14-first-trial",
    "buying a competitor with a bank loan": "n-ma-loan-pilot w-ma-loan",
    "delisted from NASDAQ want to list in China": "bj-11-return-listing",
    "tax break for VC funds": "bj-15-vc-tax",
    "exchange wages to euros": "bj-16-talent-fx",
    "hospital drug into private health insurance": "bj-14-drug",
    "incubators Shanghai 20m": "sh-03-incubator",
    "one time bonus small firm grew above designated size": "sh-05-upscale",
    "goverment buys innovative product": "sh-08-procurement",
    "data centre REIT": "bj-13-reits",
    "moving group cash between countries": "bj-16-cash-pool",
    "state fund investing directly in quantum startup": (
        "sh-10-fund-direct n-national-vc-fund bj-03-gov-funds"
    ),
    "basic research spending reimbursement": "sh-04-basic-research",
    "test our robots in a real city scenario": "sh-09-scenario-open sh-09-scenario-build",
    "loan insurance premium help": "sh-10-premium bj-15-guarantee-premium",
    "bond issue for tech company": "bj-12-sti-bond n-sti-bond",
}

FOURTH_HELD_OUT: dict[str, str] = {
    "our fund wants out of an old investment": (
        "bj-05-share-transfer bj-05-s-fund n-ccb-s-fund bj-05-in-kind"
    ),
    "acquire a US rival, need financing": "n-ma-loan-pilot w-ma-loan",
    "is there a grant for writing an international standard": "sh-12-standard-ip",
    "bank refuses us because we have no property to pledge, Wuhan": (
        "w-whrcb-ip w-cdb-hubei w-hankou-products w-icbc-tech-loan w-icbc-sti-loans w-hankou-tiers"
    ),
    "hospital wants to set up a pilot production platform": "sh-03-service-platform",
    "convert salary to dollars": "bj-16-talent-fx",
    "rocket company insurance": "bj-14-space-pool",
    "insure a prototype used by the first customer": "bj-14-first-trial",
    "foreign VC opening an office in Beijing": "bj-17-foreign-inst",
    "go public in Hong Kong": "bj-11-listing",
    "come back from the New York exchange": "bj-11-return-listing",
    "government will be our first customer": "sh-08-procurement sh-08-first-set",
    "co-working incubator operating costs": "sh-03-incubator",
    "how do I get my engineers a Shanghai residence permit": "sh-11-key-talent-employer",
    "pay for half of our booth at CES": "sh-06-event-expo",
    "insurers investing in private equity": "bj-03-insurer-pilot bj-03-long-capital",
    "fusion startup equity Shanghai": "sh-10-fund-direct sh-10-fund-subfund sh-02-major-project",
    "collect export payments": "bj-16-trade j-cross-border-loan",
    "get credit by our innovation score": (
        "bj-07-zgc-score n-innovation-points s-huke-points n-innovation-points-2 w-icbc-sti-loans"
    ),
    "cheap loan to renew machines Ji'an": "j-tech-upgrade-loan",
    "基金投的项目快上市了能直接分股票吗": "bj-05-in-kind",
    "收购国外同行缺钱": "n-ma-loan-pilot w-ma-loan",
    "从美股退回来在国内上市": "bj-11-return-listing",
    "凯雷要在北京设办公室": "bj-17-foreign-inst",
    "大学收国外的科研经费": "bj-16-kehuitong",
    "国资直接投量子公司": (
        "sh-10-fund-direct bj-03-gov-funds bj-01-national-funds n-national-vc-fund"
    ),
    "产品第一次给客户用万一出事": "bj-14-first-trial",
    "汉口银行 上市前贷款": "w-hankou-listing-loan",
    "员工出国开会换美元": "bj-16-talent-fx",
    "吉安设备更新便宜贷款": "j-tech-upgrade-loan",
}
