"""Equivalence classes: the values of a fact that no rule of the catalogue tells apart.

A list of three thousand regions matters to the rules only by how each code lies to the few codes
that rules name; so a handful of classes stand for all of them, and a proof over the classes is a
proof over the codes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from service.domain.facts.code_classes import Bearing
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import NO_PROJECT, PROJECT_KIND
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.conditions import Condition, Predicate, tests_in
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.truth import Truth

Member: TypeAlias = str | bool | int
Relations: TypeAlias = tuple[Bearing, ...]
_STRANGER = "another"


@dataclass(frozen=True)
class Classes:
    """The classes of one fact. `targets` are the values that rules name; a class is the tuple of
    its members' relations to them, and is shown by its first member."""

    targets: tuple[Member, ...]
    codes: CodeList | None
    members: Mapping[Relations, Member]

    def of(self, value: object) -> Relations:
        """The class of a value."""
        return tuple(self._relation(value, target) for target in self.targets)

    def relation(self, of_class: Relations, target: Member) -> Truth:
        """How the members of a class lie to a named value."""
        return of_class[self.targets.index(target)] or Truth.FALSE

    def rules_out(self, of_class: Relations, target: Member) -> bool:
        """Whether the members of a class rule a named value out."""
        return of_class[self.targets.index(target)] is None

    def _relation(self, value: object, target: Member) -> Bearing:
        if self.codes is None:
            return Truth.of(value == target)
        return self.codes.bearing(str(value), str(target))


def classes_of(fact: Fact, vocabulary: Vocabulary, conditions: Iterable[Condition]) -> Classes:
    """The classes of a fact that holds codes, texts, yes or no, or certificates."""
    named: dict[Member, None] = {}
    for condition in conditions:
        for test in tests_in(condition):
            if test.quantity.facts == (fact.id,):
                named.update(dict.fromkeys(_named_members(test)))
    codes, targets = vocabulary.codes_of(fact), tuple(named)
    if codes is not None:
        members: dict[Relations, Member] = dict(codes.classes.of(tuple(map(str, targets))))
    else:
        members = {}
    blank = Classes(targets, codes, {})
    for value in _other_members(fact, codes, targets):
        members.setdefault(blank.of(value), value)
    return Classes(targets, codes, members)


def _named_members(test: Predicate) -> Iterator[Member]:
    operator = test.operator
    match operator:
        case InSet():
            yield from (*operator.values, *operator.umbrella)
        case HoldsCertificate():
            yield from operator.categories
        case Range() | Age():
            return
        case _:
            assert_never(operator)


def _other_members(
    fact: Fact, codes: CodeList | None, named: tuple[Member, ...]
) -> Iterator[Member]:
    """The values of a fact that are not codes of a list."""
    if fact.type is FactType.BOOLEAN:
        yield from (True, False)
    elif codes is None:
        yield from named
        yield _STRANGER + "".join(str(n) for n in named)
    elif fact.id == PROJECT_KIND:
        yield NO_PROJECT
