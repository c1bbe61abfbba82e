"""Queries of one more visitor, each with what should come first, written before it was asked.

The first hundred were asked, and the search was changed by what they missed; then the others, and
the words that they lacked were added. What comes nearest is all that those marked `NEAREST` can be
given, and `MISSED` are answered by none of the first five: they stand here to be answered."""

NEAREST = "-"

VISITOR: dict[str, str] = {
    "我们刚拿到天使轮，政府有什么能帮的": (
        "w-donghu-angel sh-10-fund-direct sh-10-fund-subfund sh-03-incubator "
        "bj-03-gov-funds bj-19-contest n-national-vc-fund"
    ),
    "第一台人形机器人卖给了车厂，能补多少": "sh-08-first-set",
    "样机做出来了没有钱量产": (
        "sh-05-key-links sh-03-service-platform sh-10-fund-direct sh-08-first-set "
        "bj-08-kechuang-loan"
    ),
    "想去美国CES摆摊，展位费谁出": "sh-06-event-expo",
    "员工想拿上海户口": "sh-11-key-talent-employer",
    "我们做聚变的，能申请啥": (
        "sh-02-major-project sh-04-eco-leader sh-01-disruptive-tech sh-02-joint-rnd "
        "sh-08-first-set sh-05-key-links sh-10-fund-direct sh-12-alliance "
        "sh-11-core-rnd-staff"
    ),
    "没有营收能贷款吗": (
        "bj-07-zgc-score bj-08-kechuang-loan w-cdb-hubei bj-08-ip-pledge bj-10-zgc-centre "
        "w-icbc-tech-loan n-innovation-points bj-08-loan-plus-equity"
    ),
    "有订单没钱生产怎么贷": "w-icbc-tech-loan bj-08-kechuang-loan",
    "被大基金投了还能再贷款吗": "bj-08-loan-plus-equity bj-04-portfolio-service",
    "参与制定国家标准有奖励没": "sh-12-standard-ip",
    "想在产业园里租厂房": "sh-03-incubator sh-06-cluster bj-13-park-reits",
    "政府采购能不能优先买国产新产品": "sh-08-procurement",
    "给医院做示范项目 800万": "sh-09-scenario-build",
    "办学术会议能不能报销": "sh-06-brand-event sh-06-event-expo",
    "高校实验室想找投资": "j-invest-loan sh-03-poc-fund sh-11-young-scientist",
    "今年新增流动资金借款1000万，利息能贴吗": "bj-15-interest sh-10-interest",
    "发行科创票据": "bj-12-sti-bond n-sti-bond",
    "海外子公司资金归集": "bj-16-cash-pool",
    "借外债额度": "bj-16-xborder-loan",
    "收购同行的钱从哪来": "n-ma-loan-pilot w-ma-loan w-hankou-after-list",
    "股东退出 基金到期": "bj-05-share-transfer bj-05-s-fund bj-05-in-kind n-ccb-s-fund",
    "美股退市回A股": "bj-11-return-listing",
    "科创板第五套标准 未盈利": "n-star-1plus6",
    "担保公司收的费用能退吗": "bj-15-guarantee-premium",
    "研发投入一个亿以上有补助吗": "sh-04-basic-research sh-05-key-links",
    "产品责任险 保费": (
        "sh-10-premium bj-15-guarantee-premium bj-14-lifecycle bj-14-first-trial bj-14-inclusive"
    ),
    "2026年贷款贴息": "bj-15-interest sh-10-interest",
    "数据中心资产证券化": "bj-13-reits",
    "北京 上市 补助 300万": "bj-11-listing bj-11-bse bj-11-training",
    "创投企业所得税优惠": "bj-15-vc-tax",
    "支小再贷款": "bj-06-sme-relending",
    "人行给的低成本资金 技改": "bj-06-tech-relending n-tech-relending j-tech-upgrade-loan",
    "客户只有软著能做什么产品": "bj-08-ip-pledge w-whrcb-ip",
    "知识产权贷款不良谁来补": "bj-15-risk-comp bj-08-ip-pledge",
    "我行想设AIC": "bj-02-aic-setup",
    "科技支行": "bj-09-leading-inst",
    "创新积分企业名单": (
        "n-innovation-points bj-07-zgc-score w-icbc-sti-loans n-innovation-points-2"
    ),
    "领航积分": "bj-07-zgc-score",
    "投早投小投硬科技": "w-donghu-angel",
    "人才贷": "j-bocom-talent-loan w-hankou-products",
    "跨境贸易结算便利": "bj-16-trade",
    "银行股权投资子公司做LP": "bj-02-aic-lp-only bj-02-aic-equity bj-02-aic-setup",
    "吉安的白名单企业": "j-whitelist",
    "光谷科技保险": "w-insurance-community n-insurance-zones",
    "武汉银行 科创板 上市前贷款": "w-hankou-listing-loan",
    "博士毕业生创业": (
        "sh-11-young-scientist bj-19-contest sh-03-incubator sh-11-community j-invest-loan"
    ),
    "我是青年科研人员想转化专利": "sh-11-young-scientist",
    "诺奖得主来上海做研究": "sh-01-top-scientist",
    "高校和企业一起攻关": "sh-02-joint-rnd",
    "科研院所境外收款": "bj-16-kehuitong",
    "非共识颠覆项目": "sh-01-disruptive-tech",
    "AI+生物 交叉": "sh-01-interdisciplinary",
    "企业梯度培育": "sh-05-gradient",
    "示范场景揭榜": "sh-09-scenario-build sh-09-scenario-open",
    "产业集聚区最高补2000万": "sh-06-cluster",
    "外资在沪设立创新中心": "sh-12-foreign-centre",
    "超长期特别国债": "bj-06-ultra-long-bond",
    "京科发19号文第十五条": "bj-15-*",
    "上海市科委负责的": "sh-*",
    "北京市金融办 上市": "bj-11-*",
    "grant for first robot sold to a factory": "sh-08-first-set",
    "who pays half of my booth at a foreign trade show": "sh-06-event-expo",
    "hukou for key employees": "sh-11-key-talent-employer",
    "STAR market unprofitable company": "n-star-1plus6",
    "technology bonds issuance support": "bj-12-sti-bond n-sti-bond",
    "satellite insurance pool": "bj-14-space-pool",
    "financing for M&A of a tech firm": "n-ma-loan-pilot w-ma-loan w-hankou-after-list",
    "quantum grant Shanghai": (
        "sh-02-major-project sh-04-eco-leader sh-02-joint-rnd sh-05-key-links "
        "sh-12-alliance sh-11-core-rnd-staff sh-01-disruptive-tech"
    ),
    "AI compute subsidy": "bj-13-reits bj-09-sector-credit n-boc-ai-chain",
    "patent loan interest subsidy in Jiangxi": "j-xingan-ip-interest",
    "incubator up to 20 million yuan": "sh-03-incubator",
    "pilot line / mid-scale trial platform": "sh-03-service-platform",
    "500k for core researchers": "sh-11-core-rnd-staff",
    "tax breaks for VC": "bj-15-vc-tax",
    "QFLP fund in Beijing": "bj-16-qflp",
    "foreign VC opening an office in Beijing": "bj-17-foreign-inst",
    "borrowing in foreign currency": "bj-16-xborder-loan",
    "insurance for failed R&D": "bj-14-inclusive bj-14-lifecycle bj-14-insurer-centre",
    "government as first buyer": "sh-08-procurement bj-14-first-trial",
    "startup competition HICOOL": "bj-19-contest",
    "loan repaid without principal renewal": "bj-10-zgc-centre bj-08-kechuang-loan",
    "new drug reimbursement commercial insurance": "bj-14-drug",
    "secondary fund": "bj-05-s-fund n-ccb-s-fund",
    "setting up an R&D center of a multinational": "sh-12-foreign-centre",
    "small shop loan": "bj-06-sme-relending bj-08-ip-pledge",
    "海淀 小巨人 奖励": "bj-11-four-board bj-16-xborder-loan",
    "餐馆 补贴": NEAREST,
    "zhuanli zhiya": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "gainianyanzheng": "sh-03-poc-fund sh-03-service-platform",
    "首台(套)": "sh-08-first-set bj-14-first-trial",
    "首台套重大技术装备保险": "bj-14-first-trial sh-08-first-set",
    "专精特新小巨人企业 北京": "bj-11-four-board bj-16-xborder-loan",
    "上海未来产业二十条": "sh-*",
    "小微贷": "bj-06-sme-relending bj-08-ip-pledge bj-15-guarantee",
    "科创e贷 吉安": "j-psbc-e-loan",
    "biotech 上市 北京": "bj-11-listing bj-11-bse bj-14-drug bj-11-training",
    "R&D 人员 50w": "sh-11-core-rnd-staff",
    "中关村论坛 路演": "bj-19-contest",
    "perfomance bond overseas": "w-boc-guarantee",
    "加急！贷款逾期了怎么办": NEAREST,
    "厂里要上一条自动化产线，利息有补吗": (
        "j-tech-upgrade-loan bj-06-tech-relending n-tech-relending j-digital-loan "
        "bj-15-interest sh-10-interest"
    ),
    "我们产品第一次卖给国企": "sh-08-first-set sh-08-procurement bj-14-first-trial",
    "政府能投资我们这种核聚变公司吗": "sh-10-fund-direct sh-10-fund-subfund bj-03-gov-funds",
    "给核心技术骨干发补贴": "sh-11-core-rnd-staff",
    "外地公司搬到上海有啥好处": (
        "sh-11-key-talent-employer sh-12-foreign-centre sh-06-cluster sh-05-gradient "
        "sh-05-upscale sh-08-first-set"
    ),
    "今年刚升规": "sh-05-upscale",
    "首批次材料卖了500万能补多少": "sh-08-first-set",
    "建一个中试线": "sh-03-service-platform",
    "孵化器怎么申请2000万": "sh-03-incubator",
    "我们和医院一起做示范": "sh-09-scenario-build sh-09-scenario-open",
    "开放自己的园区做测试": "sh-09-scenario-open sh-09-scenario-build",
    "境外展会补一半": "sh-06-event-expo",
    "主导国际标准": "sh-12-standard-ip",
    "基础研究投入补1000万": "sh-04-basic-research",
    "链主企业 专项": "sh-04-eco-leader",
    "投资人怎么退出": "bj-05-share-transfer bj-05-s-fund bj-05-in-kind n-ccb-s-fund",
    "国家大基金 引导基金": "n-national-vc-fund bj-01-national-funds",
    "社保基金投科技": "bj-03-long-capital bj-02-aic-equity",
    "券商想发科创债": "bj-12-sti-bond n-sti-bond",
    "挂新三板": "bj-11-four-board",
    "上市辅导培训班": "bj-11-training",
    "专利评估值500万能贷多少": "bj-08-ip-pledge w-whrcb-ip j-xingan-ip-interest",
    "五年期流贷": "bj-08-kechuang-loan",
    "续贷不还本": "bj-10-zgc-centre bj-08-kechuang-loan",
    "积分高的企业贷款": "bj-07-zgc-score n-innovation-points w-icbc-sti-loans",
    "投贷联动 直投": "bj-08-loan-plus-equity j-invest-loan",
    "担保费能补吗": "bj-15-guarantee-premium",
    "投中小科技企业的基金有奖励吗": "bj-15-invest-reward bj-15-vc-tax",
    "贷款坏了政府赔多少": "bj-15-risk-comp",
    "数据中心发REITs": "bj-13-reits",
    "火箭发射险": "bj-14-space-pool",
    "药品进商业保险目录": "bj-14-drug",
    "科研人员个人外汇": "bj-16-talent-fx",
    "研究所收境外捐款": "bj-16-kehuitong",
    "外商再投资登记": "bj-16-fdi-reinvest",
    "贸易项下收付汇": "bj-16-trade",
    "国外风投来北京设办公室": "bj-17-foreign-inst",
    "东湖 落户 2亿": "w-donghu-settle",
    "汉口银行 项目库": "w-hankou-tiers",
    "吉州区 数字化贷款": "j-digital-loan",
    "交行人才": "j-bocom-talent-loan",
    "建行 跨境快贷": "j-cross-border-loan",
    "innovation score loans": (
        "n-innovation-points bj-07-zgc-score w-icbc-sti-loans n-innovation-points-2"
    ),
    "who buys shares of old VC funds": "bj-05-s-fund n-ccb-s-fund bj-05-share-transfer",
    "support for a mid-stage pilot platform": "sh-03-service-platform",
    "scenario demonstration 8 million": "sh-09-scenario-build",
    "foreign company reinvesting profits": "bj-16-fdi-reinvest",
    "one-off reward above designated size": "sh-05-upscale",
    "bring top scientists to Shanghai": (
        "sh-01-top-scientist sh-11-young-scientist sh-11-key-talent-employer"
    ),
    "delisted from Nasdaq coming home": "bj-11-return-listing",
    "insurance against research failure": ("bj-14-inclusive bj-14-lifecycle bj-14-insurer-centre"),
    "government guidance fund for startups": (
        "n-national-vc-fund bj-03-gov-funds bj-01-national-funds w-donghu-angel"
    ),
    "loans secured by patents Wuhan": "w-whrcb-ip",
    "RMB cash pool multinational": "bj-16-cash-pool",
    "exchange listing green channel": "n-green-channel bj-12-sti-bond",
    "green lane for core tech breakthroughs": "n-green-channel",
    "gaoqi daikuan": (
        "bj-08-kechuang-loan j-whitelist bj-16-xborder-loan s-zjtx-loan "
        "bj-06-tech-relending n-tech-relending"
    ),
    "知识产全贷款贴息": "j-xingan-ip-interest bj-08-ip-pledge",
    "孵化器 高质量 认定": "sh-03-incubator sh-03-poc-fund",
    "养老院补贴": NEAREST,
}

MISSED = {
    "被大基金投了还能再贷款吗",
    "担保公司收的费用能退吗",
    "中关村论坛 路演",
    "政府能投资我们这种核聚变公司吗",
    "外地公司搬到上海有啥好处",
    "投中小科技企业的基金有奖励吗",
}
