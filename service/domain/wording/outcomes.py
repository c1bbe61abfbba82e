"""How a condition is told once it is known how it came out: what is met with the values that are
stated; what stands in the way as a demand that fails, or as a case that is excluded."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Quantifier, Range
from service.domain.rules.quantities import FactQuantity
from service.domain.text import SEMICOLON, Text, join
from service.domain.truth import Truth
from service.domain.wording.sentences import AND_THE_LIKE, sentence, shared_sentence

T = TypeVar("T")
_NOT_MET = Text("不满足：{text}", "not met: {text}")
_NONE_MET = Text(
    "以下须满足其一，均不满足【{parts}】", "one of these is needed, none is met [{parts}]"
)
_TOO_FEW_MET = Text(
    "以下须满足 {count} 项，满足的不够【{parts}】",
    "{count} of these are needed, fewer are met [{parts}]",
)
_NAMED = Text("{term}：{words}", "{term}: {words}")
_EXCLUDED = Text("属于不适用的情形：{text}", "a case that it is not open for: {text}")


def obstacle_words(
    condition: Condition, truth: Truth, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> Text:
    """What stands in the way, as a sentence of its own. A condition that came out FALSE had to be
    met; one that came out TRUE had not to be the case, and is told with the values that are so."""
    if truth is Truth.TRUE:
        told = _with_stated_values(condition, facts)
        return _EXCLUDED.format(text=sentence(told, vocabulary))
    if isinstance(condition, Group) and condition.gate is Connective.NOT:
        return obstacle_words(condition.children[0], Truth.TRUE, facts, vocabulary)
    several = (Connective.ANY, Connective.AT_LEAST)
    if (
        isinstance(condition, Group)
        and condition.gate in several
        and not condition.brief
        and shared_sentence(condition, vocabulary) is None
    ):
        parts = [sentence(closed(child), vocabulary) for child in condition.children]
        words = _NONE_MET if condition.gate is Connective.ANY else _TOO_FEW_MET
        said = words.format(parts=join(parts, SEMICOLON), count=str(condition.count))
        return _NAMED.format(term=condition.term, words=said) if condition.term else said
    return _NOT_MET.format(text=sentence(closed(condition), vocabulary))


def as_met(condition: Predicate, facts: Mapping[str, Value]) -> Predicate:
    """A test that holds, with of the values it names those that are stated, and without who else
    it is left open for."""
    operator, quantity = condition.operator, condition.quantity
    stated = facts.get(quantity.fact) if isinstance(quantity, FactQuantity) else None
    match operator:
        case HoldsCertificate():
            held = {c.category for c in _items(stated) if isinstance(c, Certificate)}
            named = _named_of(operator.categories, held)
            return replace(condition, operator=replace(operator, categories=named))
        case InSet():
            values = _named_of(operator.values, _items(stated), operator.codes)
            kept = values if operator.need is Quantifier.ANY else operator.values
            return replace(condition, operator=replace(operator, values=kept, umbrella=()))
        case Range() | Age():
            return condition
        case _:
            assert_never(operator)


def _with_stated_values(condition: Condition, facts: Mapping[str, Value]) -> Condition:
    if isinstance(condition, Predicate):
        return as_met(condition, facts)
    if isinstance(condition, Group):
        parts = tuple(_with_stated_values(child, facts) for child in condition.children)
        return replace(condition, children=parts)
    return condition


def closed(condition: Condition) -> Condition:
    """A condition without who else its lists are left open for, only that they are: enough where it
    has failed."""
    match condition:
        case Group():
            return replace(condition, children=tuple(map(closed, condition.children)))
        case Predicate(operator=InSet(umbrella=(_, *_)) as listed):
            return replace(condition, operator=replace(listed, umbrella=AND_THE_LIKE))
        case Predicate() | Undecided():
            return condition
        case _:
            assert_never(condition)


def _items(stated: Value | None) -> Collection[object]:
    """What is stated, one by one."""
    return stated if isinstance(stated, frozenset | tuple) else (stated,)


def _named_of(
    named: tuple[T, ...], stated: Collection[object], codes: CodeList | None = None
) -> tuple[T, ...]:
    """Of the values that a list names those that are stated, or that what is stated lies within;
    all of them where there is none."""
    within = {a for v in stated for a in codes.ancestors(str(v))} if codes else set(stated)
    return tuple(v for v in named if v in within) or named
