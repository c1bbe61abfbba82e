"""The phrases that `sentences` fills: one table for each kind of condition, in both languages.

English puts the label before a colon, so that any noun phrase fits, singular or plural.
"""

from typing import TypeAlias

from service.domain.rules.caps import Per
from service.domain.rules.conditions import Connective
from service.domain.rules.operators import Quantifier
from service.domain.rules.paid_over_time import Period
from service.domain.rules.rounding import Direction
from service.domain.text import Text
from service.domain.wording import labels

# By whether it bounds below ("low") or above ("high"), and whether the bound itself counts.
Bounds: TypeAlias = dict[tuple[str, bool], Text]


def _bounds(zh: tuple[str, str, str, str], en: tuple[str, str, str, str]) -> Bounds:
    """Words for the ends of a range: the lower with and without the end itself, then the upper."""
    ends = (("low", True), ("low", False), ("high", True), ("high", False))
    return {end: Text(*words) for end, words in zip(ends, zip(zh, en, strict=True), strict=True)}


YES = Text("是", "yes")
NO = Text("否", "no")
# A group within a sentence, and above its conditions where these are listed below it.
GROUPS = {
    Connective.ALL: Text("以下各项都要满足：{parts}", "all of: {parts}"),
    Connective.ANY: Text("以下至少满足一项：{parts}", "any of: {parts}"),
    Connective.NOT: Text("不是下列情况：{parts}", "not the case: {parts}"),
    Connective.AT_LEAST: Text("以下至少满足 {count} 项：{parts}", "at least {count} of: {parts}"),
}
GROUP_HEADINGS = {
    Connective.ALL: Text("以下各项都要满足", "all of these"),
    Connective.ANY: Text("以下至少满足一项", "at least one of these"),
    Connective.NOT: Text("不是下列情况", "not the case"),
    Connective.AT_LEAST: Text("以下至少满足 {count} 项", "at least {count} of these"),
}
# By whether the text uses a term that nobody has defined.
UNDECIDED = {
    True: Text(
        "{term}（条文没有说明标准，由有关方面认定）",
        "{term} (not defined by the text; left to whoever decides)",
    ),
    False: Text("{term}（由有关方面认定）", "{term} (left to whoever decides)"),
}
PER = {per: Text(f"（{words.zh}）", f" {words.en}") for per, words in labels.PER.items()} | {
    Per.UNSTATED: Text("（按什么计，条文未明说）", " (the text does not say per what)")
}
PER_IMPLIED = Text("（按{per}计，条文未明说）", " per {per} (as we read it)")
# What the label of a fact states, where it must not be so.
DENIED = Text("并非{statement}", "not {statement}")
CAP_WHERE = Text("{condition}的，{cap}", "{cap} where {condition}")
ROUNDED = {
    Direction.DOWN: Text("，向下取到{to}的整数倍", ", rounded down to whole multiples of {to}"),
    Direction.NEAREST: Text("，四舍五入到{to}", ", rounded to the nearest {to}"),
    Direction.UP: Text("，向上取到{to}的整数倍", ", rounded up to whole multiples of {to}"),
}
CAP = {
    Per.CONTRACT: Text("每份合同{most}{x}", "{most} {x} per contract"),
    Per.PROJECT: Text("单个项目{most}{x}", "{most} {x} per project"),
    Per.EVENT: Text("单个活动{most}{x}", "{most} {x} per event"),
    Per.ITEM: Text("单项{most}{x}", "{most} {x} per item"),
    Per.PERSON: Text("每人{most}{x}", "{most} {x} per person"),
    Per.COMPANY: Text("同一企业合计{most}{x}", "{most} {x} per company"),
    Per.MONTH: Text("每月{most}{x}", "{most} {x} a month"),
    Per.QUARTER: Text("每季度{most}{x}", "{most} {x} a quarter"),
    Per.YEAR: Text("每年{most}{x}", "{most} {x} a year"),
    Per.PROGRAMME: Text("政策有效期内累计{most}{x}", "{most} {x} over the life of the programme"),
    Per.UNSTATED: Text("{most}{x}", "{most} {x}"),
}
# What a company gets at most for all its projects, events and so on, of which each has its own.
CAP_OF_ALL = {
    Per.MONTH: Text("同一企业每月合计{most}{x}", "{most} {x} a month for one company in all"),
    Per.QUARTER: Text("同一企业每季度合计{most}{x}", "{most} {x} a quarter for one company in all"),
    Per.YEAR: Text("同一企业每年合计{most}{x}", "{most} {x} a year for one company in all"),
    Per.COMPANY: Text("同一企业合计{most}{x}", "{most} {x} for one company in all"),
    Per.PROGRAMME: Text(
        "同一企业在政策有效期内合计{most}{x}",
        "{most} {x} for one company over the life of the programme",
    ),
}
# What is not exceeded in a year for each of such things.
YEARLY_CAP = {
    Per.CONTRACT: Text("每份合同每年{most}{x}", "{most} {x} a year for each contract"),
    Per.PROJECT: Text("单个项目每年{most}{x}", "{most} {x} a year for each project"),
    Per.EVENT: Text("单个活动每年{most}{x}", "{most} {x} a year for each event"),
    Per.ITEM: Text("单项每年{most}{x}", "{most} {x} a year for each item"),
    Per.PERSON: Text("每人每年{most}{x}", "{most} {x} a year for each person"),
    Per.COMPANY: Text("同一企业每年{most}{x}", "{most} {x} a year for one company"),
}
# What several programmes are capped at together, those of the whole measure or those named.
SHARED_CAP = {
    Per.COMPANY: Text("{who}累计{most}{x}", "{who} {most} {x}"),
    Per.YEAR: Text("{who}每年{most}{x}", "{who} {most} {x} a year"),
    Per.PROJECT: Text("{who}{most}{x}", "{who} {most} {x}"),
}
# By whether it is for one project, and not for one company.
OF_THE_MEASURE = {
    False: Text(
        "同一企业按本文件获得的各项支持合计", "all that the measure gives one company comes to"
    ),
    True: Text(
        "同一项目按本文件获得的各项支持合计", "all that the measure gives one project comes to"
    ),
}
OF_SEVERAL = {
    False: Text("同一企业的{names}合计", "for one company {names} come to"),
    True: Text("同一项目的{names}合计", "for one project {names} come to"),
}
# By whether a cap is the same figure for everybody.
MOST = {True: Text("最高", "at most"), False: Text("不超过", "at most")}
FLOOR = Text("不低于{x}", "at least {x}")
MINIMUM = Text("，不足{x}的不予支付", ", and nothing where it comes to less than {x}")
# By whether it is reckoned from the applicant's facts, and the period it is paid for.
AMOUNT = {
    (True, None): Text("不超过{x}", "up to {x}"),
    (False, None): Text("最高{x}", "at most {x}"),
    (True, Period.YEAR): Text("每年不超过{x}", "up to {x} a year"),
    (False, Period.YEAR): Text("每年{x}", "{x} a year"),
    (True, Period.QUARTER): Text("每季度不超过{x}", "up to {x} a quarter"),
    (False, Period.QUARTER): Text("每季度{x}", "{x} a quarter"),
    (True, Period.MONTH): Text("每月不超过{x}", "up to {x} a month"),
    (False, Period.MONTH): Text("每月{x}", "{x} a month"),
}
DURATION = Text("，最长 {x}", ", for at most {x}")
DURATION_OF = Text("，按{of}计，最长 {x}", ", for {of}, at most {x}")
DURATION_BY = Text("，按{of}计", ", for {of}")
YEAR_BY_YEAR = Text("，逐年按 {shares} 支付", ", of which {shares} is paid year by year")
YEARS_BY_CASE = Text("，逐年支付，{years}", ", paid year by year, {years}")
SHARE_OF_YEAR = Text("第 {year} 年{share}", "in year {year} {share}")
INSTALMENTS = Text("，按 {shares} 分期支付", ", paid in instalments of {shares}")
LIMIT = {
    Per.YEAR: Text("，每家企业每年最多 {count} 个", ", at most {count} of a company a year"),
    Per.PROGRAMME: Text(
        "，每家企业在政策有效期内最多 {count} 个", ", at most {count} of a company in all"
    ),
}
ONE_OFF = Text("，一次性", ", one-off")
REPAYABLE = Text("（须偿还，不计入合计）", " (to be repaid; in no total)")
# By whether several values are named.
ONE_WORDS = {
    False: Text("{subject}为{names}", "{subject}: {names}"),
    True: Text("{subject}为以下之一：{names}", "{subject}: one of {names}"),
}
AREA_WORDS = {
    False: Text("{subject}属于{names}", "{subject}: within {names}"),
    True: Text("{subject}属于以下之一：{names}", "{subject}: within one of {names}"),
}
SET_WORDS = {
    (Quantifier.ANY, False): Text("{subject}包括{names}", "{subject}: including {names}"),
    (Quantifier.ANY, True): Text(
        "{subject}包括以下至少一项：{names}", "{subject}: including at least one of {names}"
    ),
    (Quantifier.ALL, False): Text("{subject}包括{names}", "{subject}: including {names}"),
    (Quantifier.ALL, True): Text(
        "{subject}包括以下全部：{names}", "{subject}: including all of {names}"
    ),
}
HELD = Text("有{held}", "{held}: at least one")
HOLDS = {
    False: Text(
        "{subject}包括{names}，且在有效期内",
        "{subject}: {names}, within its term",
    ),
    True: Text(
        "{subject}包括以下至少一项，且在有效期内：{names}",
        "{subject}: within its term, at least one of {names}",
    ),
}
# An open list of which it is not told who else is meant, as where none of it is the case.
AND_THE_LIKE = Text("{names}等", "{names} or the like")
# An open list that names nearly all codes between its values and its umbrella.
OPEN_BUT_FOR = Text(
    "{words}（其他的是否也算，由有关方面认定；{others}不算）",
    "{words} (any other, except {others}, counts if whoever decides says so)",
)
# By whether the umbrella lies around the named values, or beside them.
OPEN_LIST = {
    True: Text(
        "{words}（没有列全，属于{area}的其他情形是否也算，由有关方面认定）",
        "{words} (the list is open: others within {area} count if whoever decides says so)",
    ),
    False: Text(
        "{words}（{area}是否也算，由有关方面认定）",
        "{words} (whether {area} counts too is left to whoever decides)",
    ),
}
_MEASURED = ("at least {x}", "more than {x}", "at most {x}", "less than {x}")
NUMBER_WORDS = _bounds(("不低于 {x}", "超过 {x}", "不超过 {x}", "低于 {x}"), _MEASURED)
DATE_WORDS = _bounds(
    ("不早于 {x}", "晚于 {x}", "不晚于 {x}", "早于 {x}"),
    ("on or after {x}", "after {x}", "on or before {x}", "before {x}"),
)
YEAR_WORDS = _bounds(
    ("不早于 {x} 年", "晚于 {x} 年", "不晚于 {x} 年", "早于 {x} 年"),
    ("in or after {x}", "after {x}", "in or before {x}", "before {x}"),
)
AGE_WORDS = _bounds(("满 {x}", "超过 {x}", "不超过 {x}", "不满 {x}"), _MEASURED)
