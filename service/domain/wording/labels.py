"""The words for our own fixed values, for every face of the service: one word for one value.

The English words begin small; a face that wants a heading raises the first letter.
"""

from collections.abc import Mapping

from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.principal import Role
from service.domain.rules.caps import Per
from service.domain.rules.conditions import Basis
from service.domain.rules.measures import Evidence, NumberKind
from service.domain.rules.programmes import Commitment
from service.domain.rules.standards import Size
from service.domain.text import Text
from service.domain.truth import Truth

# An empty list that somebody stated: none, which is not the same as nothing said.
NONE = Text("无", "none")
# What one side of a comparison has and the other has not.
ABSENT = Text("没有这一项", "not there")
STATUS = {
    Status.ELIGIBLE: Text("符合", "eligible"),
    Status.POTENTIAL: Text("可能符合", "may qualify"),
    Status.UNDETERMINED: Text("尚不能判断", "not yet decided"),
    Status.WATCH: Text("尚未开放", "not open yet"),
    Status.INELIGIBLE: Text("不符合", "does not qualify"),
    Status.NOT_IN_FORCE: Text("不在有效期", "not in force"),
}
PROVENANCE = {
    Provenance.DECLARED: Text("自报", "declared"),
    Provenance.VERIFIED: Text("已核验", "verified"),
    Provenance.DERIVED: Text("推定", "derived"),
}
ROLE = {
    Role.VIEWER: Text("查看", "viewer"),
    Role.OFFICER: Text("客户经理", "officer"),
    Role.ADMIN: Text("管理员", "administrator"),
}
BASIS = {
    Basis.STATED: Text("原文写明", "stated"),
    Basis.IMPLIED: Text("原文没有明写，按上下文理解", "not written, understood from the context"),
    Basis.UNDEFINED: Text("原文没有说明标准", "left open by the text"),
}
COMMITMENT = {
    Commitment.ENTITLEMENT: Text("条件齐全，自动适用", "automatic right"),
    Commitment.FUNDING: Text("有资金，细则另定", "money, details to follow"),
    Commitment.SUPPORT: Text("给予支持，未写金额", "support, no amount named"),
    Commitment.FACILITATION: Text("由办理机构或其他政策决定", "another body or policy decides"),
    Commitment.PLANNED: Text("已公布，尚未开放", "announced, not open yet"),
}
EVIDENCE = {
    Evidence.OFFICIAL: Text("正式文件", "official document"),
    Evidence.NEWS: Text("新闻报道", "press report"),
}
NUMBER_KIND = {
    NumberKind.PARAMETER: Text("用于判断或计算", "used in a rule"),
    NumberKind.TARGET: Text("政府目标，不是给企业的", "government target, no benefit"),
    NumberKind.METADATA: Text("文件信息", "about the document"),
    NumberKind.NAME: Text("名称的一部分", "part of a name"),
}
PER_NAME = {
    Per.CONTRACT: Text("合同", "contract"),
    Per.PROJECT: Text("项目", "project"),
    Per.EVENT: Text("活动", "event"),
    Per.ITEM: Text("项", "item"),
    Per.PERSON: Text("人", "person"),
    Per.COMPANY: Text("企业", "company"),
    Per.MONTH: Text("月", "month"),
    Per.QUARTER: Text("季度", "quarter"),
    Per.YEAR: Text("年", "year"),
    Per.PROGRAMME: Text("政策有效期", "life of the programme"),
}
PER = {
    **{per: Text(f"按{name.zh}计", f"per {name.en}") for per, name in PER_NAME.items()},
    Per.PROGRAMME: Text("按政策有效期合计", "as long as the programme lives"),
}
# Where a match stands in a result: the open ones by whether an answer or only the authority can
# settle them.
AUTHORITY = "authority"
BLOCK = {
    Status.ELIGIBLE.value: STATUS[Status.ELIGIBLE],
    Status.POTENTIAL.value: STATUS[Status.POTENTIAL],
    Status.UNDETERMINED.value: Text("补充信息后可判断", "needs more facts"),
    AUTHORITY: Text("待主管部门认定", "for the authority to decide"),
    Status.WATCH.value: STATUS[Status.WATCH],
    Status.NOT_IN_FORCE.value: STATUS[Status.NOT_IN_FORCE],
    Status.INELIGIBLE.value: STATUS[Status.INELIGIBLE],
}
# How near a company is to a programme that is looked for companies.
CANDIDATE_CLASS = {
    "automatic": Text("已知情况满足全部条件", "all stated conditions are met"),
    "one_fact_short": Text("只差一项信息", "one fact short"),
    "open": Text("还差多项信息或待认定", "more is open"),
}
CANDIDATE_ORDER = {
    "class": Text("按类别", "by class"),
    "ceiling": Text("按金额上限", "by ceiling"),
    "missing": Text("按还缺多少", "by what is missing"),
    "name": Text("按名称", "by name"),
}
FACET = {
    "jurisdiction": Text("地区", "place"),
    "measure": Text("政策文件", "document"),
    "instrument": Text("支持方式", "instrument"),
    "commitment": Text("支持性质", "what is promised"),
    "kind": Text("适用主体", "for whom"),
    "field": Text("技术领域", "field"),
    "department": Text("部门", "department"),
}
TRUTH = {
    str(Truth.TRUE): Text("满足", "met"),
    str(Truth.FALSE): Text("不满足", "not met"),
    str(Truth.UNKNOWN): Text("尚不确定", "not yet known"),
}
# Of the pass mark of a points model.
REACHED = {
    "true": Text("达到", "reached"),
    "false": Text("未达到", "not reached"),
    "unknown": TRUTH["unknown"],
}
# By kind of value, for the pages; values as the contract's JSON spells them.
LABELS: Mapping[str, Mapping[str, Text]] = {
    "status": {s.value: text for s, text in STATUS.items()},
    "provenance": {p.value: text for p, text in PROVENANCE.items()},
    "basis": {b.value: text for b, text in BASIS.items()},
    "commitment": {c.value: text for c, text in COMMITMENT.items()},
    "evidence": {e.value: text for e, text in EVIDENCE.items()},
    "number": {n.value: text for n, text in NUMBER_KIND.items()},
    "per": {p.value: text for p, text in PER.items()},
    "truth": TRUTH,
    "block": BLOCK,
    "candidate": CANDIDATE_CLASS,
    "candidate_order": CANDIDATE_ORDER,
    "facet": FACET,
    "role": {r.value: text for r, text in ROLE.items()},
}

SIZE = {
    Size.MICRO: Text("微型", "micro"),
    Size.SMALL: Text("小型", "small"),
    Size.MEDIUM: Text("中型", "medium"),
    Size.LARGE: Text("大型", "large"),
}
