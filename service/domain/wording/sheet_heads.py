"""Heads of the columns in workbooks that people are given, each with the column's width in letters:
one word for one thing, whichever sheet shows it."""

from service.domain.facts.vocabulary import Vocabulary
from service.domain.text import Text

Head = tuple[Text, int]

ABOUT = Text("说明", "About")
FAULTS = Text("错误清单", "Faults")

# The company.
ROW: Head = (Text("行", "Row"), 7)
NAME: Head = (Text("名称", "Name"), 30)
CREDIT_CODE: Head = (Text("统一社会信用代码", "Credit code"), 22)
TAGS: Head = (Text("标签", "Tags"), 20)
ERROR: Head = (Text("错误", "Error"), 40)
TO_CHECK: Head = (Text("请核对", "Please check"), 50)
ASKED_NEXT: Head = (Text("先补充这些信息", "What to find out first"), 60)

# The programme, and how it came out.
PROGRAMME_ID: Head = (Text("事项编号", "Programme id"), 22)
PROGRAMME: Head = (Text("支持事项", "Programme"), 44)
PROJECT: Head = (Text("项目", "Project"), 18)
CANDIDATE_CLASS: Head = (Text("类别", "Class"), 18)
STATUS: Head = (Text("结论", "Status"), 14)
CEILING: Head = (Text("金额上限（{currency}）", "Ceiling ({currency})"), 18)
AMOUNT: Head = (Text("金额说明", "How it is reckoned"), 36)
COUNTED: Head = (Text("计入合计", "Counted in the total"), 30)
WHY: Head = (Text("说明", "Why"), 60)
MISSING: Head = (Text("还缺的信息", "What is missing"), 40)
REASON: Head = (Text("不符合的原因", "Reason"), 40)
DECIDED_BY: Head = (Text("由谁决定", "Who decides"), 50)
VALID_TO: Head = (Text("文件有效至", "In force until"), 12)
CLAUSE: Head = (Text("依据", "Clause"), 30)
GIST: Head = (Text("条文要点", "What the article says"), 70)

RULED_BY: Head = (Text("依据的条件", "What decides"), 70)
OF_COMPANY: Head = (Text("本企业填写的", "What the company states"), 50)
NOT_STATED: Head = (Text("其中未填写的", "Of it not stated"), 40)
ONE_SHORT: Head = (Text("只差这一条", "One short"), 16)
TITLE: Head = (Text("文件", "Document"), 50)
EVIDENCE: Head = (Text("出处", "Evidence"), 14)
ADDRESS: Head = (Text("网址", "Address"), 40)
FORMULA: Head = (Text("金额怎么算", "How the amount is reckoned"), 50)
NUMBER: Head = (Text("序号", "No."), 8)

# Many programmes, counted.
PLACE: Head = (Text("地区", "Place"), 24)
FAILED_FOR: Head = (Text("只因这一项而不符", "Kept out by this alone"), 40)
COUNT: Head = (Text("项数", "How many"), 10)

# A condition, or a fact that an answer rests on.
CONDITION: Head = (Text("条件", "Condition"), 60)
OUTCOME: Head = (Text("判断", "Outcome"), 12)
OBSERVED: Head = (Text("本企业情况", "Company"), 30)
SOURCE: Head = (Text("来源", "Source"), 10)
BASIS: Head = (Text("是否明写", "Basis"), 18)
FACT: Head = (Text("事实", "Fact"), 34)
VERIFIED: Head = (Text("核验", "How verified"), 16)
DOCUMENT: Head = (Text("材料", "Document"), 40)
OFFICER: Head = (Text("经手人", "By"), 16)
DATE: Head = (Text("日期", "Date"), 12)

# A fault in a table that was sent.
CELL: Head = (Text("单元格", "Cell"), 10)
COLUMN: Head = (Text("列", "Column"), 24)
FOUND: Head = (Text("填写内容", "What stands there"), 30)
FAULT: Head = (Text("问题", "What is wrong"), 50)
ALLOWED: Head = (Text("可以填写", "What may stand there"), 50)


def identity_heads(vocabulary: Vocabulary) -> dict[str, Head]:
    """The columns that say which company a row is, by the fact that it is stated in."""
    code = vocabulary.identifier
    of_code = {} if code is None else {code.id: CREDIT_CODE if code.scheme else (code.label, 22)}
    return {fact: of_code.get(fact, NAME) for fact in vocabulary.identity}
