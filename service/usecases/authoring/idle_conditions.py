"""Conditions that change nothing where they stand, that everybody meets, or that nobody can be the
first to meet: what `lint` notes of a rule that works and was perhaps meant otherwise.
"""

from collections.abc import Iterator
from itertools import permutations
from typing import TypeAlias

from service.catalogue.contradictions import exclude_each_other
from service.catalogue.fault_words import say
from service.catalogue.standard_conditions import Standards, size_condition
from service.domain.dates import ANY_DAY
from service.domain.errors import Diagnostic
from service.domain.facts.profile import COMPANY_KIND, PROJECT_KIND
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.intervals import ends_for_anybody, within
from service.domain.rules.operators import InSet, Range
from service.domain.rules.programmes import Programme
from service.domain.rules.quantities import Cases, Count, FactQuantity, Growth, Quantity
from service.domain.rules.quantity_contents import all_parts
from service.domain.rules.record_tests import AwardTest
from service.domain.rules.standards import Size
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.sentences import quantity_label, sentence

_KINDS = {COMPANY_KIND, PROJECT_KIND}
_Growth: TypeAlias = tuple[Quantity, Quantity]


def idle_conditions(catalogue: Catalogue) -> Iterator[Diagnostic]:
    """A note for each condition that another one beside it makes superfluous, or that everybody
    meets, for support that only those get who had it, and for growth from the later year to the
    earlier."""
    for programme in catalogue.programmes.values():
        for words, about in (
            *_superfluous(programme, catalogue.vocabulary),
            *_met_by_all(programme, catalogue),
            *_had_of_itself(programme),
            *_turned_growth(programme, catalogue.vocabulary),
        ):
            yield Diagnostic(programme.path, 1, words, about=about)


def _superfluous(programme: Programme, vocabulary: Vocabulary) -> Iterator[tuple[Text, str]]:
    """Each condition that follows from another one of its group, of which all have to hold; or
    that only lets in, where one of them is enough, whom another one does."""
    for group in _groups(programme.condition):
        seen = set[int]()
        for one, other in permutations(enumerate(_members(group)), 2):
            if one[0] in seen or not _makes_idle(one, other, vocabulary):
                continue
            every = group.gate is Connective.ALL
            (_, idle), (_, rest) = (other, one) if every else (one, other)
            seen.add(other[0])
            key = "a_condition_follows" if every else "an_alternative_adds_nobody"
            about = next(iter(idle.facts), "")
            yield say(key, programme=programme.id, idle=sentence(idle, vocabulary),
                      rest=sentence(rest, vocabulary)), about  # fmt: skip


def _makes_idle(
    one: tuple[int, Condition], other: tuple[int, Condition], vocabulary: Vocabulary
) -> bool:
    """Whether it can be seen that whoever meets the one meets the other; each with its place in
    their group. What the keys `kinds` and `supports` ask stands first, and has to be written,
    whatever follows from the rest."""
    (place, condition), (place_of_other, following) = one, other
    asked = {*following.facts}
    if asked.isdisjoint(condition.facts) or (asked <= _KINDS and place_of_other < place):
        return False
    otherwise = Group(Connective.NOT, (following,), following.clause)
    return exclude_each_other([condition, otherwise], vocabulary)


def _met_by_all(programme: Programme, catalogue: Catalogue) -> Iterator[tuple[Text, str]]:
    """Conditions, of the programme or of a case in its money, that hold whatever is stated."""
    vocabulary = catalogue.vocabulary
    of_all = [member for group in _groups(programme.condition) for member in _members(group)]
    for condition in (*of_all, *_conditions_of_cases(programme)):
        if not {*condition.facts} <= _KINDS and _holds_always(condition, catalogue):
            about = next(iter(condition.facts), "")
            words = say("everybody_meets_it", programme=programme.id,
                        idle=sentence(condition, vocabulary))  # fmt: skip
            yield words, about


def _holds_always(condition: Condition, catalogue: Catalogue) -> bool:
    """Whether it can be seen that nobody fails a condition; every size class is no class."""
    if isinstance(condition, Group) and condition.term_only:
        standards = Standards(sizes=catalogue.sizes)
        clause, basis = condition.clause, condition.basis
        return len(catalogue.sizes) == 1 and condition == size_condition(
            list(Size), standards, clause, basis
        )
    if isinstance(condition, Predicate) and isinstance(condition.operator, InSet):
        return _met_by_each_code(condition.quantity, condition.operator, catalogue.vocabulary)
    if isinstance(condition, Predicate) and _is_always_within(condition):
        return True
    otherwise = Group(Connective.NOT, (condition,), condition.clause)
    return exclude_each_other([otherwise], catalogue.vocabulary)


def _is_always_within(test: Predicate) -> bool:
    """Whether what is made of facts lies within bounds whatever they are: no fewer than no
    awards."""
    bounds, quantity = test.operator, test.quantity
    if isinstance(quantity, FactQuantity) or not isinstance(bounds, Range):
        return False
    return within(bounds, ends_for_anybody(quantity)) is Truth.TRUE


def _met_by_each_code(quantity: Quantity, asked: InSet, vocabulary: Vocabulary) -> bool:
    """Whether a test of one code names every code of its list, or what it lies in."""
    of_one_code = isinstance(quantity, FactQuantity) and (
        vocabulary.facts[quantity.fact].type is FactType.CODE
    )
    if not of_one_code or asked.codes is None:
        return False
    return all(asked.decide(code, ANY_DAY).truth is Truth.TRUE for code in asked.codes.codes)


def _conditions_of_cases(programme: Programme) -> Iterator[Condition]:
    """What has to hold for each case of its money, and for each cap of a case."""
    for quantity in programme.money:
        for part in all_parts(quantity):
            if isinstance(part, Cases):
                yield from (branch.condition for branch in part.branches)
    for cap in programme.benefit.caps if programme.benefit else ():
        if cap.when is not None:
            yield cap.when.condition


def _groups(condition: Condition) -> Iterator[Group]:
    """The groups of which all have to hold, or one: those of a standard are not the author's."""
    if not isinstance(condition, Group) or condition.term_only:
        return
    if condition.gate in (Connective.ALL, Connective.ANY):
        yield condition
    for member in _members(condition):
        yield from _groups(member)


def _members(group: Group) -> Iterator[Condition]:
    """What a group joins; a group of the same kind within it is joined with it."""
    for child in group.children:
        alike = isinstance(child, Group) and child.gate is group.gate and not child.term_only
        if isinstance(child, Group) and alike and group.gate is not Connective.AT_LEAST:
            yield from _members(child)
        else:
            yield child


def _had_of_itself(programme: Programme) -> Iterator[tuple[Text, str]]:
    """Support that is asked to have been had of the very programme: nobody could be the first."""
    for test in _members(programme.condition):
        if not isinstance(test, Predicate) or not isinstance(test.quantity, Count):
            continue
        had, bounds = test.quantity.test, test.operator
        at_least_once = isinstance(bounds, Range) and bounds.low is not None and not bounds.holds(0)
        if at_least_once and isinstance(had, AwardTest) and had.programmes == (programme.id,):
            yield say("had_of_itself", programme=programme.id), "had"


def _turned_growth(programme: Programme, vocabulary: Vocabulary) -> Iterator[tuple[Text, str]]:
    """Growth from a figure to the one that its name is made of: the earlier year stands first."""
    for now, before in dict.fromkeys(_growths_of(programme)):
        facts = (now, before)
        if all(isinstance(fact, FactQuantity) for fact in facts):
            later, earlier = (quantity.facts[0] for quantity in facts)
            if later.startswith(f"{earlier}_"):
                yield say("growth_is_turned", programme=programme.id,
                          now=quantity_label(now, vocabulary),
                          before=quantity_label(before, vocabulary)), later  # fmt: skip


def _growths_of(programme: Programme) -> Iterator[_Growth]:
    """What its conditions and its money reckon growth from: the later figure and the earlier."""
    for quantity in (*programme.money, *(test.quantity for test in programme.tests)):
        for part in all_parts(quantity):
            if isinstance(part, Growth):
                yield part.first, part.second
