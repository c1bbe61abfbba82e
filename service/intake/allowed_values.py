"""What may stand in a cell, in words: for a note in a template, for the report of a fault."""

from collections.abc import Container
from decimal import Decimal

from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.units import SHARE_NAME
from service.domain.text import LIST_COMMA, Text, join, listed
from service.intake.writing_habits import none_word, yes_and_no
from service.intake.written_values import plain_decimal

_NAMED = 24
_PLAIN = {
    FactType.TEXT: Text("文字", "text"),
    FactType.IDENTIFIER: Text("18 位统一社会信用代码", "the 18 characters of the code"),
    FactType.DATE: Text("日期，如 2021-03-01", "a day such as 2021-03-01"),
    FactType.MONEY: Text("金额，如 52000000 或 5,200万", "an amount such as 52000000"),
    FactType.INTEGER: Text("整数，如 {example}", "a whole number such as {example}"),
    FactType.NUMBER: Text("数字，如 {example}", "a number such as {example}"),
    FactType.AWARDS: Text("JSON 列表", "a JSON list"),
}
_PERCENT = Text("百分数，如 {example}", "a percentage such as {example}")
_EXAMPLES = ("12.5", "120", "36", "3", "1", "0.03", "2023", "0")
_LONG = Text("“{list}”中的名称或代码", "a name or code of the list “{list}”")
_SHORT = Text("{names} 之一", "one of: {names}")
_CODE = Text("代码，照登记的写", "the code as it is registered")
_PARTED = Text("{one}；多项用“{sign}”分开", "{one}; several parted by “{sign}”")
_SEVERAL = Text(
    "{one}；多项用“{sign}”分开，没有写“{none}”",
    "{one}; several parted by “{sign}”, {none} for none",
)
_DATED = Text("{several}；可带有效期，如（2024-11-01至2027-10-31）",
              "{several}; with its term if known: (2024-11-01 to 2027-10-31)")  # fmt: skip


def allowed_text(fact: Fact, vocabulary: Vocabulary) -> Text:
    """What may stand in a cell of this fact."""
    codes = vocabulary.codes_of(fact)
    if codes is None or fact.type is FactType.AWARDS:
        return _plain_text(fact, vocabulary)
    one = _one_of(codes)
    if fact.type is FactType.CODE:
        return one
    is_chinese = "zh" in vocabulary.languages
    several = (_PARTED if fact.at_least_one else _SEVERAL).format(
        one=one,
        sign="、" if is_chinese else ";",
        none=none_word(["zh"] if is_chinese else vocabulary.languages),
    )
    return _DATED.format(several=several) if fact.type is FactType.CERTIFICATES else several


def _plain_text(fact: Fact, vocabulary: Vocabulary) -> Text:
    """What may stand in a cell that no list says."""
    if fact.type is FactType.BOOLEAN:
        return listed([*yes_and_no(vocabulary.languages)], "or")
    if fact.type is FactType.IDENTIFIER and fact.scheme != "uscc":
        return _CODE
    plain = _PERCENT if fact.unit == "%" or is_share(fact) else _PLAIN[fact.type]
    return plain.format(example=number_example(fact))


def is_share(fact: Fact) -> bool:
    """Whether a number is a share of one, such as an interest rate of 0.03, written 3% too; so is
    every number whose unit says so, also a growth of more than the whole."""
    is_small = fact.unit is None and fact.maximum is not None and fact.maximum <= 1
    return fact.type is FactType.NUMBER and (fact.unit == SHARE_NAME or is_small)


def one_percent(fact: Fact) -> Decimal | None:
    """What one per cent is as a value of a fact; None where the fact is no percentage."""
    if fact.unit == "%":
        return Decimal(1)
    return Decimal("0.01") if is_share(fact) else None


def number_example(fact: Fact) -> str:
    """Such a number as a fact allows, as people write it: 12.5%, 120, 3%."""
    low = fact.minimum if fact.minimum is not None else Decimal(0)
    most = Decimal(1) if fact.maximum is None and is_share(fact) else fact.maximum
    numbers = [Decimal(text) for text in _EXAMPLES]
    within = [
        n for n in numbers
        if low <= n and (most is None or n <= most)
        and (fact.type is not FactType.INTEGER or n == n.to_integral_value())
    ]  # fmt: skip
    number = next(iter(within), low)
    if is_share(fact):
        return f"{plain_decimal(number * 100)}%"
    return f"{plain_decimal(number)}{'%' if fact.unit == '%' else ''}"


def choices(fact: Fact, vocabulary: Vocabulary) -> list[Text]:
    """What a drop-down offers: the names of a short list, yes and no; else nothing. What only says
    that there is nothing else is no value by itself."""
    if fact.type is FactType.BOOLEAN:
        return list(yes_and_no(vocabulary.languages))
    codes = vocabulary.codes_of(fact)
    if codes is None or fact.type not in (FactType.CODE, FactType.CODES):
        return []
    names = _names(codes, without=codes.completing)
    return names if len(names) <= _NAMED else []


def _one_of(codes: CodeList) -> Text:
    names = _names(codes)
    if len(names) > _NAMED:
        return _LONG.format(list=codes.label)
    return _SHORT.format(names=join(names, LIST_COMMA))


def _names(codes: CodeList, without: Container[str] = ()) -> list[Text]:
    """The names of the codes in use, but for some."""
    in_use = (e for e in codes.codes.values() if not (e.successor or e.valid_to))
    return [e.label for e in in_use if e.code not in without]
