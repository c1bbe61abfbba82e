"""A condition in words once its truth is known: one that is met with the stated values, one that
stands in the way as a demand that fails, or as a case that is excluded."""

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
from service.domain.wording.sentences import UNNAMED_OTHERS, sentence, shared_sentence

T = TypeVar("T")
_NOT_MET = Text("不满足：{text}", "not met: {text}")
_NONE_MET = Text(
    "以下须满足其一，均不满足【{parts}】", "one of these is needed, none is met [{parts}]"
)
_TOO_FEW_MET = Text(
    "以下须满足 {count} 项，满足的不够【{parts}】",
    "{count} of these are needed, fewer are met [{parts}]",
)
_AND = Text("，且", " and ")
_NAMED = Text("{term}：{words}", "{term}: {words}")
_EXCLUDED = Text("属于不适用的情形：{text}", "a case that it is not open for: {text}")


def obstacle_words(
    condition: Condition, truth: Truth, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> Text:
    """What stands in the way, as a sentence of its own. A condition that came out FALSE had to be
    met; one that came out TRUE had not to be the case, and is told with the values that are so."""
    if truth is Truth.TRUE:
        with_values = _with_stated_values(condition, facts)
        return _EXCLUDED.format(text=sentence(with_values, vocabulary))
    if isinstance(condition, Group) and condition.gate is Connective.NOT:
        return obstacle_words(condition.children[0], Truth.TRUE, facts, vocabulary)
    several = (Connective.ANY, Connective.AT_LEAST)
    if (
        isinstance(condition, Group)
        and condition.gate in several
        and not condition.term_only
        and shared_sentence(condition, vocabulary) is None
    ):
        return _none_met(condition, condition.gate, vocabulary)
    return _NOT_MET.format(text=sentence(closed(condition), vocabulary))


def _none_met(group: Group, gate: Connective, vocabulary: Vocabulary) -> Text:
    """The sentence that too few parts of a group are met. The name of the group stands for the
    parts where somebody could state at most one of them."""
    asked = [c for c in (_as_asked(child, vocabulary) for child in group.children) if c is not None]
    if group.term and len(asked) < min(2, len(group.children)):
        return _NOT_MET.format(text=group.term)
    parts = [_as_part(closed(child), vocabulary) for child in asked or group.children]
    if gate is Connective.ANY and len(parts) == 1:
        return _NOT_MET.format(text=parts[0])
    words = _NONE_MET if gate is Connective.ANY else _TOO_FEW_MET
    said = words.format(parts=join(parts, SEMICOLON), count=str(group.count))
    return _NAMED.format(term=group.term, words=said) if group.term else said


def _as_asked(condition: Condition, vocabulary: Vocabulary) -> Condition | None:
    """A condition without tests of what nobody is asked; None where nothing is left of it."""
    if isinstance(condition, Group) and condition.gate in (Connective.ALL, Connective.ANY):
        asked = [c for c in (_as_asked(c, vocabulary) for c in condition.children) if c is not None]
        single = len(asked) == 1 and condition.term is None
        return asked[0] if single else replace(condition, children=tuple(asked)) if asked else None
    return None if is_asked_of_nobody(condition, vocabulary) else condition


def is_asked_of_nobody(condition: Condition, vocabulary: Vocabulary) -> bool:
    """Whether a condition tests nothing but facts that nobody is asked."""
    facts = vocabulary.facts
    return bool(condition.facts) and all(facts[f].never_asked for f in condition.facts)


def _as_part(condition: Condition, vocabulary: Vocabulary) -> Text:
    """One of several, without brackets of its own: by its name, or its parts one after another."""
    if (
        not isinstance(condition, Group)
        or condition.gate is Connective.NOT
        or shared_sentence(condition, vocabulary) is not None
    ):
        return sentence(condition, vocabulary)
    if condition.term is None and condition.gate is Connective.ALL:
        return join([_as_part(c, vocabulary) for c in condition.children], _AND)
    return condition.term or sentence(condition, vocabulary)


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
            return replace(condition, operator=replace(listed, umbrella=UNNAMED_OTHERS))
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
    """The values of a list that are stated, or in which what is stated lies; all of them where that
    is none."""
    within = {a for v in stated for a in codes.ancestors(str(v))} if codes else set(stated)
    return tuple(v for v in named if v in within) or named
