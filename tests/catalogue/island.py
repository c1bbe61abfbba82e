"""A measure of our own invention, of a place that does not exist, with its text and its catalogue.

Its articles have the digests of its text.
"""

from collections.abc import Mapping

from service.catalogue.loader import load_catalogue
from service.catalogue.official_text import split
from service.domain.rules.catalogue import Catalogue

TITLE = "珊瑚岛渔船更新办法"
ARTICLE_2 = "（二）造船贷款。船厂可以申请５年期以上贷款，贴息20%－30%，每年全岛安排3亿元。"
TEXT = f"""\
珊瑚岛渔业厅等三部门印发《{TITLE}》的通知

珊渔规〔2031〕7号

各村：
  《{TITLE}》已经岛务会通过，请照办。

  珊瑚岛渔业厅
  2031年4月2日
(此件公开)

{TITLE}

  为了让第二代渔船出海，制定本办法。
  一、目标
  到2035年，更新一批渔船。
  二、措施
  (一)换新补贴。旧船换新的，给予不超过造价30%、最高40万元的一次性补贴。
  {ARTICLE_2}
  三、落实
  (三)分工。渔业厅牵头，各村配合，做到“三网合一”。
  本办法自2031年5月1日起施行。
"""

_ARTICLES: Mapping[int | str, str] = {
    "heading": """
      - {text: 三部门, kind: metadata}
      - {text: 珊渔规〔2031〕7号, kind: metadata}
      - {text: 2031年4月2日, kind: metadata}""",
    "preamble": """
      - {text: 第二代, kind: name}""",
    "section-1": """
      - {text: 2035年, kind: target}""",
    1: """
      - {text: 30%, kind: parameter, programme: isle-new-boat}
      - {text: 40万元, kind: parameter, programme: isle-new-boat}
      - {text: 一次性, kind: parameter, programme: isle-new-boat}""",
    2: """
      - {text: 5年期以上, kind: parameter, programme: isle-yard-loan}
      - {text: 20%-30%, kind: parameter, programme: isle-yard-loan}
      - {text: 3亿元, kind: target}""",
    3: """
      - {text: 三网合一, kind: name}""",
    "closing": """
      - {text: 2031年5月1日, kind: metadata}""",
    "outline": " []",
}

_MEASURE = f"""\
id: isle-2031-7
number: 珊渔规〔2031〕7号
title: {{zh: {TITLE}, en: Coral Island boats}}
issuers: [{{zh: 珊瑚岛渔业厅, en: Fishery Office}}]
issued_on: 2031-04-02
reviewed_on: 2031-06-01
window: {{from: 2031-05-01}}
jurisdiction: R
evidence: official
source: made up
decided_by: {{zh: 渔业厅, en: the Fishery Office}}
departments: [{{zh: 渔业厅, en: Fishery Office}}]
definitions:
  boat_owner: {{fact: company.boats, at_least: 1, basis: implied, article: section-1}}
articles:
"""
_ARTICLE = """\
  - number: {number}
    title: {{zh: 标题, en: Title}}
    gist: {{zh: 大意, en: Gist}}
    digest: {digest}
    {unmatched}numbers:{numbers}
"""
NEW_BOAT = """\
id: isle-new-boat
name: {zh: 换新补贴, en: New boats}
summary: {zh: 换新船, en: A new boat}
article: 1
instrument: subsidy
commitment: funding
kinds: [owner]
conditions: {all: [{use: boat_owner}]}
benefit: {rate: 0.30, of: company.cost, cap: 400_000, per: unstated, one_off: true}
examples: [{expect: {status: undetermined}}]
"""
_YARD_LOAN = """\
id: isle-yard-loan
name: {zh: 造船贷款, en: Yard loan}
summary: {zh: 给船厂的贷款, en: A loan for yards}
article: 2
instrument: subsidy
commitment: facilitation
kinds: [owner]
conditions: {all: [{fact: company.tenor, at_least: 60}, {fact: company.boats, more_than: 0}]}
benefit: {rate: {low: 0.20, high: 0.30}, of: company.cost, per: unstated}
examples: [{expect: {status: undetermined}}]
"""


def _fact(name: str, kind: str, more: str = "") -> str:
    words = f"label: {{zh: {name}, en: {name}}}, question: {{zh: {name}, en: {name}}}"
    return f"  company.{name}: {{type: {kind}, {more}{words}, help: {{zh: {name}, en: {name}}}}}\n"


def _list(name: str, code: str) -> str:
    codes = f"codes: {{{code}: {{zh: {code}, en: {code}}}}}"
    return f"  {name}: {{label: {{zh: {name}, en: {name}}}, source: made up, {codes}}}\n"


_VOCABULARY = (
    "currency: CNY\n"
    "units: {CNY: {zh: 元, en: CNY}, USD: {zh: 美元, en: USD}}\n"
    "facts:\n"
    + _fact("kind", "code", "list: kinds, ")
    + _fact("boats", "integer")
    + _fact("cost", "money")
    + _fact("tenor", "integer", "unit: month, ")
    + "lists:\n"
    + _list("kinds", "owner")
    + _list("regions", "R")
    + _list("instruments", "subsidy")
)


def island(**changes: tuple[str, str]) -> Catalogue:
    """The catalogue; a change replaces one wording in `measure`, `new_boat` or `yard_loan`."""
    digests = {part.number: part.digest for part in split(TEXT, TITLE)}
    articles = "".join(
        _ARTICLE.format(
            number=number,
            digest=digests[number],
            numbers=numbers,
            unmatched="" if number in (1, 2) else "unmatched: {zh: 无, en: none}\n    ",
        )
        for number, numbers in _ARTICLES.items()
    )
    files = {
        "measure": _MEASURE + articles,
        "new_boat": NEW_BOAT,
        "yard_loan": _YARD_LOAN,
    }
    for name, (old, new) in changes.items():
        assert files[name].count(old) == 1
        files[name] = files[name].replace(old, new)
    source = {f"policies/isle/{n}.yaml": text.encode() for n, text in files.items()}
    return load_catalogue({"policies/vocabulary.yaml": _VOCABULARY.encode(), **source})
