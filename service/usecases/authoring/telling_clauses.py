"""Clauses of an official text that change what is paid and are easily passed over: against taking
two awards for one thing, and for all that one applicant gets in a year. Whether a file says them.
"""

import re
from collections.abc import Iterable, Iterator

from service.domain.rules.amounts import Benefit
from service.domain.rules.caps import SPANS, Cap, Per
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.measures import Article, Measure
from service.domain.rules.programmes import Programme
from service.domain.text import Text
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)
# 就高不重复, 不重复享受, 不得重复申报, 不予重复支持, 择优不重复; may not be combined or cumulated.
_OVERLAP = re.compile(
    r"(?:[就从]高|择优|择高|从优|就优)[^。；;]{0,6}不重复"
    r"|不(?:再|得|予|可|能|允许)?重复(?:享受|支持|资助|奖励|补助|补贴|申报|申请|计算|兑现|扶持|给予|发放)"
    r"|(?:not|no|neither)\b[^.;]{0,40}\b(?:combined|cumulat\w+|double|more than once)\b",
    re.IGNORECASE,
)
# 每年最高不超过300万元, 年度累计不超过, 同一企业同一年度合计最高; at most … a year.
_YEARLY = re.compile(
    r"(?:每年度?|每个?(?:自然)?年度|[同单当全]一?(?:自然)?年度?内?|年度)"
    r"(?:内|的)?[^,，。；;、\d]{0,12}(?:最高|累计|合计|总额|总计|不超过|不得超过|上限)[^,，。；;、\d]{0,12}\d"
    r"|(?:per|a|each|every) (?:calendar )?year[^.;]{0,30}(?:at most|not exceed|no more than)",
    re.IGNORECASE,
)


def overlap_clause(text: str) -> str | None:
    """The words of a text against taking two awards for one thing; None where there are none."""
    found = _OVERLAP.search(text)
    return found[0] if found else None


def unsaid_clauses(
    catalogue: Catalogue, measure: Measure, article: Article, text: str
) -> Iterator[Text]:
    """What an article's text says and neither the measure nor its programmes do."""
    words = overlap_clause(text)
    programmes = catalogue.by_measure[measure.id]
    if words and not (measure.overlap or any(p.excludes for p in programmes)):
        yield _WORDS["overlap"].format(words=words)
    yearly = _YEARLY.search(text)
    own = [p for p in programmes if p.article == article.number and _pays(p)]
    if yearly and own and not (_by_the_year(own) or _any_yearly(measure.caps)):
        yield _WORDS["yearly"].format(words=yearly[0])


def _pays(programme: Programme) -> bool:
    return programme.benefit is not None and programme.benefit.is_reckoned


def _by_the_year(programmes: Iterable[Programme]) -> bool:
    """Whether money of one of the programmes is counted, bounded or limited by the year."""
    return any(p.benefit is not None and _has_year(p.benefit) for p in programmes)


def _has_year(benefit: Benefit) -> bool:
    limited = benefit.limit is not None and benefit.limit.per is Per.YEAR
    return benefit.per in SPANS or benefit.over is not None or limited or _any_yearly(benefit.caps)


def _any_yearly(caps: Iterable[Cap]) -> bool:
    return any(cap.per is Per.YEAR for cap in caps)
