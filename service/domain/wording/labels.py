"""The words for statuses and sources that every face of the service shares."""

from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.rules.conditions import Basis
from service.domain.text import Text

STATUS = {
    Status.ELIGIBLE: Text("符合", "eligible"),
    Status.POTENTIAL: Text("可能符合", "potential"),
    Status.UNDETERMINED: Text("待补充信息", "undetermined"),
    Status.WATCH: Text("尚未开放", "watch"),
    Status.INELIGIBLE: Text("不符合", "ineligible"),
    Status.NOT_IN_FORCE: Text("不在有效期", "not in force"),
}
PROVENANCE = {
    Provenance.DECLARED: Text("自报", "declared"),
    Provenance.VERIFIED: Text("已核验", "verified"),
    Provenance.DERIVED: Text("推定", "derived"),
}
BASIS = {
    Basis.STATED: Text("条文写明", "stated"),
    Basis.IMPLIED: Text("由条文推知", "implied"),
    Basis.UNDEFINED: Text("条文未界定", "left open by the text"),
}
