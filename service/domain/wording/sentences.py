"""The words of a rule, generated from the rule itself, so that text and rule cannot drift apart."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import assert_never

from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules.operators import Age, Bound, HoldsCertificate, InSet, Quantifier, Range
from service.domain.rules.quantities import Constant, Count, Excess, FactQuantity, Quantity
from service.domain.rules.unit_check import unit_of
from service.domain.rules.units import DAY
from service.domain.text import SEMICOLON, Text, join, listed, spaced
from service.domain.wording import phrases
from service.domain.wording.number_words import decimal_text
from service.domain.wording.quantity_shapes import without_capital
from service.domain.wording.quantity_words import operand_words, quantity_words
from service.domain.wording.record_words import held_words
from service.domain.wording.scale_words import ConditionWords
from service.domain.wording.values import is_calendar_year, point_text, value_text

# A count of records of which one is enough.
_ONE = Range(low=Fraction(1))
_OR = Text("或", " or ")
# The umbrella of a list of which it is told that it is open, and not for whom else.
UNNAMED_OTHERS = ("",)


def sentence(condition: tree.Condition, vocabulary: Vocabulary) -> Text:
    """One condition, with everything below it, as a sentence without a full stop."""
    match condition:
        case tree.Undecided():
            undefined = condition.basis is tree.Basis.UNDEFINED
            return phrases.UNDECIDED[undefined].format(term=condition.term)
        case tree.Predicate():
            return _test_sentence(condition, vocabulary)
        case tree.Group():
            return _group_sentence(condition, vocabulary, sentence)
        case _:
            assert_never(condition)


def clause(condition: tree.Condition, vocabulary: Vocabulary) -> Text:
    """The same within a sentence, such as behind "where": what it looks at is not the beginning,
    and what is denied is said so."""
    match condition:
        case tree.Undecided():
            return sentence(condition, vocabulary)
        case tree.Predicate():
            if _is_denial(condition):
                subject = _subject(condition, vocabulary)
                return phrases.DENIED.format(statement=without_capital(subject))
            words = sentence(condition, vocabulary)
            return words if condition.term else without_capital(words)
        case tree.Group():
            return _group_sentence(condition, vocabulary, clause)
        case _:
            assert_never(condition)


def _is_denial(test: tree.Predicate) -> bool:
    """Whether a test asks that what the label of its fact states is not so."""
    return isinstance(test.operator, InSet) and test.operator.values == (False,)


def is_statement(condition: tree.Condition) -> bool:
    """Whether a test is said by the label of its fact: what the label states is asked."""
    return (
        isinstance(condition, tree.Predicate)
        and isinstance(condition.operator, InSet)
        and condition.operator.values == (True,)
    )


def _group_sentence(group: tree.Group, vocabulary: Vocabulary, of: ConditionWords) -> Text:
    """A group inside a sentence needs visible ends; a named one starts with its name, after what
    refuses it where it must not be. `of` words what it is made of."""
    if group.term_only and group.term is not None:
        return group.term
    shared = shared_sentence(group, vocabulary)
    if shared is not None:
        return shared
    parts = join((of(c, vocabulary) for c in group.children), SEMICOLON)
    if group.gate is tree.Connective.NOT and group.term is not None:
        return phrases.GROUPS[group.gate].format(parts=_named(group.term, parts))
    words = phrases.GROUPS[group.gate].format(parts=parts, count=str(group.count))
    if group.term is None:
        return Text("【{words}】", "[{words}]").format(words=words)
    return _named(group.term, words)


def shared_sentence(group: tree.Group, vocabulary: Vocabulary) -> Text | None:
    """One sentence for alternatives that ask the same of several facts, such as a place of where a
    company is registered or of where it works; None for others. It needs no name."""
    tests = [test for test in group.children if isinstance(test, tree.Predicate)]
    alternatives = group.gate is tree.Connective.ANY and len(tests) == len(group.children) > 1
    if not alternatives or not all(
        _names_a_code(test) and test.operator == tests[0].operator for test in tests
    ):
        return None
    subjects = [_subject(test, vocabulary) for test in tests]
    return _operator_sentence(tests[0], join(subjects, _OR), vocabulary)


def _names_a_code(test: tree.Predicate) -> bool:
    """Whether a test is that a fact has one of some codes."""
    among, quantity = test.operator, test.quantity
    return (
        isinstance(quantity, FactQuantity)
        and isinstance(among, InSet)
        and among.codes is not None
        and among.need is Quantifier.ANY
    )


def _named(term: Text, words: Text) -> Text:
    return Text("{term}【{words}】", "{term} [{words}]").format(term=term, words=words)


def heading(condition: tree.Condition, vocabulary: Vocabulary) -> Text:
    """A condition in a tree whose children are listed below it: a group does not repeat them."""
    if not isinstance(condition, tree.Group):
        return sentence(condition, vocabulary)
    if condition.term_only and condition.term is not None:
        return condition.term
    if condition.gate is tree.Connective.NOT and condition.term is not None:
        return phrases.GROUPS[condition.gate].format(parts=condition.term)
    words = phrases.GROUP_HEADINGS[condition.gate].format(count=str(condition.count))
    if condition.term is None:
        return words
    return Text("{term}（{words}）", "{term} ({words})").format(term=condition.term, words=words)


def _test_sentence(test: tree.Predicate, vocabulary: Vocabulary) -> Text:
    if isinstance(test.quantity, Count) and test.operator == _ONE and not test.quantity.amounts:
        words = phrases.HELD.format(held=spaced(held_words(test.quantity, vocabulary)))
        return replace(words, en=_with_capital(words.en))
    return _operator_sentence(test, _subject(test, vocabulary), vocabulary)


def _subject(test: tree.Predicate, vocabulary: Vocabulary) -> Text:
    return test.term or _sentence_subject(test.quantity, vocabulary)


def quantity_label(quantity: Quantity, vocabulary: Vocabulary) -> Text:
    """What a test looks at, in words."""
    return quantity_words(quantity, vocabulary, clause)


def _sentence_subject(quantity: Quantity, vocabulary: Vocabulary) -> Text:
    """What a sentence begins with; a fact as its label is written."""
    words = quantity_label(quantity, vocabulary)
    return words if quantity.single else replace(words, en=_with_capital(words.en))


def _with_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _operator_sentence(test: tree.Predicate, subject: Text, vocabulary: Vocabulary) -> Text:
    operator, quantity = test.operator, test.quantity
    if isinstance(quantity, Excess):
        return _comparison_sentence(test, quantity, vocabulary)
    if not isinstance(quantity, FactQuantity):
        assert isinstance(operator, Range)
        return _range_words(operator, subject, quantity, phrases.NUMBER_WORDS, vocabulary)
    fact = vocabulary.facts[quantity.fact]
    match operator:
        case InSet():
            return _among_sentence(operator, subject, fact, vocabulary)
        case HoldsCertificate():
            names = listed([operator.codes.label_of(c) for c in operator.categories], "or")
            return phrases.HOLDS[len(operator.categories) > 1].format(subject=subject, names=names)
        case Age():
            return _age_sentence(operator, subject)
        case Range():
            table = _bound_words(fact, operator)
            return _range_words(operator, subject, quantity, table, vocabulary)
        case _:
            assert_never(operator)


def _bound_words(fact: Fact, bounds: Range) -> phrases.Bounds:
    if fact.type is FactType.DATE:
        return phrases.DATE_WORDS
    years = fact.unit == "year" and all(is_calendar_year(end) for end in _ends_of(bounds).values())
    return phrases.YEAR_WORDS if years else phrases.NUMBER_WORDS


def _range_words(
    bounds: Range, subject: Text, quantity: Quantity, table: phrases.Bounds, vocabulary: Vocabulary
) -> Text:
    words = {side: point_text(p, quantity, vocabulary) for side, p in _ends_of(bounds).items()}
    return _range_sentence(subject, bounds, words, table)


def _comparison_sentence(test: tree.Predicate, excess: Excess, vocabulary: Vocabulary) -> Text:
    """One quantity beside another: both bounds of the excess are zero."""
    assert isinstance(test.operator, Range)
    table = phrases.NUMBER_WORDS
    if unit_of(excess.first, vocabulary) == DAY:
        table = phrases.DATE_WORDS
    subject = test.term or _sentence_subject(excess.first, vocabulary)
    other = operand_words(excess.second, vocabulary, clause)
    words = _range_sentence(
        subject, test.operator, dict.fromkeys(_ends_of(test.operator), other), table
    )
    if other.zh[:1].isascii():
        return words
    return replace(words, zh=words.zh.replace(f" {other.zh}", other.zh))


def _among_sentence(among: InSet, subject: Text, fact: Fact, vocabulary: Vocabulary) -> Text:
    if fact.type is FactType.BOOLEAN and among.values == (True,):
        return subject  # see `is_statement`
    values = [value_text(v, fact, vocabulary) for v in among.values]
    names = listed(values, "and" if among.need is Quantifier.ALL else "or")
    if among.umbrella == UNNAMED_OTHERS:
        names = phrases.AND_THE_LIKE.format(names=names)
    if names.zh[:1].isdecimal():
        names = replace(names, zh=f" {names.zh}")
    if fact.type is FactType.BOOLEAN:
        return Text("{subject}：{names}", "{subject}: {names}").format(subject=subject, names=names)
    several = len(values) > 1
    if fact.type is FactType.CODES and not fact.at_least_one:
        pattern = phrases.SET_WORDS[among.need, several]
    else:
        pattern = (phrases.AREA_WORDS if _names_areas(among) else phrases.ONE_WORDS)[several]
    words = pattern.format(subject=subject, names=names)
    if among.umbrella in ((), UNNAMED_OTHERS):
        return words
    if left_out := _few_left_out(among):
        others = listed([value_text(v, fact, vocabulary) for v in left_out], "and")
        return phrases.OPEN_BUT_FOR.format(words=words, others=others)
    area = listed([value_text(u, fact, vocabulary) for u in among.umbrella], "or")
    return phrases.OPEN_LIST[_umbrella_is_around(among)].format(words=words, area=area)


def _few_left_out(among: InSet) -> list[str]:
    """The codes that an open list leaves out, where naming them is shorter than naming the rest."""
    if among.codes is None or _umbrella_is_around(among):
        return []
    named = {*among.values, *among.umbrella, *among.codes.completing}
    left_out = [c for c in among.codes.codes if c not in named]
    return left_out if len(left_out) < len(among.umbrella) - 3 else []


def _umbrella_is_around(among: InSet) -> bool:
    """Whether the umbrella is an area around the named values, or rather other values beside."""
    codes = among.codes
    return codes is not None and any(codes.lies_in(str(v), among.umbrella) for v in among.values)


def _names_areas(among: InSet) -> bool:
    """Whether a named code has narrower ones, so that "is" would say too little."""
    codes = among.codes
    return codes is not None and any(codes.has_narrower(str(v)) for v in among.values)


def _ends_of(operator: Range) -> dict[str, Bound]:
    ends = {"low": operator.low, "high": operator.high}
    return {side: point for side, point in ends.items() if point is not None}


def _range_sentence(
    subject: Text, operator: Range, words: dict[str, Text], table: phrases.Bounds
) -> Text:
    """A range in words: "at least 5 and less than 10", "after … and on or before …"."""
    if operator.low is not None and operator.low == operator.high:
        return Text("{subject}为 {x}", "{subject}: {x}").format(subject=subject, x=words["low"])
    parts = []
    if "low" in words:
        parts.append(table["low", operator.low_included].format(x=words["low"]))
    if "high" in words:
        parts.append(table["high", operator.high_included].format(x=words["high"]))
    pattern = Text("{subject}{bounds}", "{subject}: {bounds}")
    return pattern.format(subject=subject, bounds=join(parts, Text("，且", " and ")))


def _age_sentence(age: Age, subject: Text) -> Text:
    per_unit, zh, en = (12, "年", "year") if age.in_years else (1, "个月", "month")
    words = {}
    for side, point in _ends_of(age.months).items():
        assert isinstance(point, int)
        count = point // per_unit
        words[side] = Text(f"{count} {zh}", f"{count} {en}{'' if count == 1 else 's'}")
    since = Text("自{subject}至评估日", "{subject}").format(subject=subject)
    bounds = _range_sentence(since, age.months, words, phrases.AGE_WORDS)
    return Text("{bounds}", "{bounds} before the as-of date").format(bounds=bounds)


def required_text(condition: tree.Condition) -> str | None:
    """What a test asks for, language-neutral; None for groups and for what no machine decides."""
    if not isinstance(condition, tree.Predicate):
        return None
    operator = condition.operator
    match operator:
        case InSet():
            names = ", ".join(
                str(v).lower() if isinstance(v, bool) else str(v) for v in operator.values
            )
            return f"all of {names}" if operator.need is Quantifier.ALL else names
        case HoldsCertificate():
            return ", ".join(operator.categories)
        case Age():
            return f"{_interval_in_symbols(operator.months)} months"
        case Range():
            quantity = condition.quantity
            other = _quantity_in_symbols(quantity.second) if isinstance(quantity, Excess) else None
            return _interval_in_symbols(operator, other)
        case _:
            assert_never(operator)


def _interval_in_symbols(bounds: Range, other: str | None = None) -> str:
    """The ends in symbols; of a comparison `other` is its right side."""
    parts = []
    if bounds.low is not None:
        parts.append(
            f"{'>=' if bounds.low_included else '>'} {other or _bound_in_symbols(bounds.low)}"
        )
    if bounds.high is not None:
        parts.append(
            f"{'<=' if bounds.high_included else '<'} {other or _bound_in_symbols(bounds.high)}"
        )
    return " and ".join(parts)


def _quantity_in_symbols(quantity: Quantity) -> str:
    """A quantity in symbols: facts by their ids, whatever is made of them by its class."""
    if isinstance(quantity, FactQuantity):
        return quantity.fact
    if isinstance(quantity, Constant):
        return _bound_in_symbols(quantity.value)
    parts = ", ".join(map(_quantity_in_symbols, quantity.parts))
    return f"{type(quantity).__name__.lower()}({parts})"


def _bound_in_symbols(point: Bound) -> str:
    if isinstance(point, date):
        return point.isoformat()
    return decimal_text(Fraction(point)).replace(",", "")
