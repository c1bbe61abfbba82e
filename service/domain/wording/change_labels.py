"""What may change, and why, in two languages: of the catalogue, of a rule, of an answer, of what a
tenant follows. The keys are those of the contract's JSON."""

from service.domain.text import Text

# What happened to a programme, in a feed of the catalogue.
PROGRAMME_CHANGE = {
    "added": Text("新增事项", "new programme"),
    "changed": Text("内容有修订", "amended"),
    "removed": Text("已删去", "removed"),
    "opens": Text("{day} 起有效", "in force from {day}"),
    "ends": Text("{day} 后不再有效", "in force until {day}"),
    "applications": Text("{day} 开始受理申报", "applications are taken from {day}"),
}
# Which part of a programme was amended.
PROGRAMME_PART = {
    "ceiling": Text("金额", "amount"),
    "conditions": Text("条件", "conditions"),
    "kinds": Text("主体类型", "kinds of applicant"),
    "valid_from": Text("生效日", "first day in force"),
    "valid_to": Text("截止日", "last day in force"),
    "application": Text("申报办法", "how to apply"),
    "departments": Text("相关部门", "departments"),
    "decided_by": Text("由谁决定", "who decides"),
    "name": Text("名称", "name"),
    "summary": Text("概要", "summary"),
    "notes": Text("说明", "notes"),
    "clauses": Text("依据条款", "clauses"),
}
# How a rule changed, for whom it holds.
RULE_CHANGE = {
    "same": Text("满足的主体不变", "met by the same applicants"),
    "wider": Text("放宽：满足的主体更多", "wider: more applicants meet it"),
    "narrower": Text("收紧：满足的主体更少", "narrower: fewer applicants meet it"),
    "neither": Text("有的主体新满足，有的不再满足", "some gain, others lose"),
    "open": Text("放宽还是收紧没有算出", "whether wider or narrower was not found out"),
}
# How its money changed.
MONEY_CHANGE = {
    "same": Text("金额不变", "the money is the same"),
    "more": Text("金额提高：有的更多，没有更少的", "more money: some get more, nobody less"),
    "less": Text("金额降低：有的更少，没有更多的", "less money: some get less, nobody more"),
    "neither": Text("有的金额更多，有的更少", "some get more money, others less"),
}
# Why an answer is another.
ANSWER_CAUSE = {
    "fact": Text("所填信息不同", "another fact"),
    "date": Text("评估日不同", "another day"),
    "window": Text("进入或过了有效期", "it came into force, or ceased to be"),
    "rule": Text("政策库改写了规则", "its rule was rewritten"),
    "programme": Text("政策库增加或删去了这一项", "the catalogue gained or lost it"),
    "subject": Text("增加或删去了项目", "a project was added or removed"),
}
# Why an event came, and what it says of a programme or a company.
EVENT_CAUSE = {
    "catalogue": Text("政策库有更新", "the rules have changed"),
    "date": Text("到了新的日期", "a date has passed"),
    "company": Text("企业资料有变动", "company data have changed"),
}
EVENT_KIND = {
    "added": Text("新增事项", "new programme"),
    "removed": Text("事项已删去", "programme removed"),
    "amended": Text("事项内容有修订", "programme amended"),
    "opens": Text("开始施行", "comes into force"),
    "closes": Text("有效期已过", "is no longer in force"),
    "applications_open": Text("开始受理申报", "applications are taken"),
    "applications_close": Text("申报已截止", "applications are closed"),
    "unreadable": Text(
        "档案用的是旧词汇，须修改后才能再比对",
        "kept in words no longer known: change the profile before it can be compared again",
    ),
}
