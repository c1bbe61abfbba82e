"""Every set of answers to some questions at once: a truth table in big integers.

Bit i of a set stands for the i-th combination of answers, where each fact is withheld or has one of
the values that its tests tell apart. The truth of a rule in all combinations is then a handful of
operations, however many they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import prod
from typing import TypeAlias

from service.domain.rules.conditions import Condition, Connective, Group
from service.domain.truth import Truth

# Of a leaf, its fact and its truth with that withheld and with each of its values; of one that none
# of the facts can move, no fact and its only truth.
LeafOutcomes: TypeAlias = Callable[[Condition], tuple[str | None, Sequence[Truth]]]
# In which combinations something is not FALSE, and in which it is TRUE.
_Truths: TypeAlias = tuple[int, int]
# Truths as binary digits: which are UNKNOWN, and which are TRUE.
_UNKNOWN, _TRUE = bytes.maketrans(b"\0\1\2", b"010"), bytes.maketrans(b"\0\1\2", b"001")


class AnswerTable:
    """The combinations of answers to some facts; `sizes` has how many values each may be given. Of
    the first the table is made fastest: that should be the one with most."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.count = prod(1 + size for size in sizes.values())
        # By fact: how far apart its values stand, and how many there are with "withheld".
        self._digits: dict[str, tuple[int, int]] = {}
        # By fact and some of its values; bit 0 withholds it.
        self._columns: dict[tuple[str, int], int] = {}
        stride = 1
        for fact, size in sizes.items():
            self._digits[fact] = stride, 1 + size
            stride *= 1 + size

    @cached_property
    def whole(self) -> int:
        """All combinations. Who has too many of them does not ask for it."""
        return (1 << self.count) - 1

    def truths(self, rule: Condition, outcomes: LeafOutcomes) -> _Truths:
        """The combinations in which a rule is not FALSE, and those in which it is TRUE."""
        if not isinstance(rule, Group):
            fact, truths = outcomes(rule)
            return self.where(fact, truths)
        parts = [self.truths(child, outcomes) for child in rule.children]
        if rule.gate is Connective.NOT:
            possible, true = parts[0]
            return self.whole ^ true, self.whole ^ possible
        needed = {Connective.ALL: len(parts), Connective.ANY: 1}.get(rule.gate, rule.count)
        return self._at_least(needed, [p[0] for p in parts]), self._at_least(
            needed, [p[1] for p in parts]
        )

    def where(self, fact: str | None, truths: Sequence[int]) -> _Truths:
        """The combinations in which a test is not FALSE, and those in which it is TRUE. `truths`
        are its truths with the fact withheld and with each of its values; without a fact the first
        holds everywhere."""
        if fact is None:
            (truth, *_) = truths
            return self.whole * (truth != Truth.FALSE), self.whole * (truth == Truth.TRUE)
        last_first = bytes(truths)[::-1]
        unknown = self._where(fact, int(last_first.translate(_UNKNOWN), 2))
        true = self._where(fact, int(last_first.translate(_TRUE), 2))
        return unknown | true, true

    def _where(self, fact: str, values: int) -> int:
        """The combinations in which a fact has one of these of its values; bit 0 withholds it."""
        known = self._columns.get((fact, values))
        if known is None:
            known = self._columns[fact, values] = self._find(fact, values)
        return known

    def _find(self, fact: str, values: int) -> int:
        stride, size = self._digits[fact]
        once = values
        if stride > 1:
            one, once = (1 << stride) - 1, 0
            while values:
                low = values & -values
                once |= one << ((low.bit_length() - 1) * stride)
                values ^= low
        return self._repeated(once, stride * size)

    def moves(self, fact: str, decided: int, open_: int) -> bool:
        """Whether an answer to a fact decides where all other answers, as they are, leave it
        open."""
        _, size = self._digits[fact]
        return any(self.moved_by(fact, digit, decided, open_) for digit in range(1, size))

    def moved_by(self, fact: str, digit: int, decided: int, open_: int) -> int:
        """The combinations with a fact withheld that are open, and decided by one answer to it."""
        return self._without(fact, digit, decided) & open_ & self.column(fact, 0)

    def holding(self, digits: Mapping[str, int]) -> int:
        """The combinations with just these answers to some facts, by their numbers; 0 withholds."""
        found = self.whole
        for fact, digit in digits.items():
            found &= self.column(fact, digit)
        return found

    def by_any(self, facts: Iterable[str], combinations: int) -> int:
        """The combinations with these facts withheld that some answers to them, or none, bring into
        a set."""
        for fact in facts:
            _, size = self._digits[fact]
            brought = 0
            for digit in range(size):
                brought |= self._without(fact, digit, combinations)
            combinations = brought
        return combinations

    def _without(self, fact: str, digit: int, combinations: int) -> int:
        """Those of some combinations in which a fact has one of its values, with it withheld."""
        stride, _ = self._digits[fact]
        return (combinations & self.column(fact, digit)) >> (digit * stride)

    def column(self, fact: str, digit: int) -> int:
        """The combinations in which a fact has one of its values; digit 0 withholds it."""
        return self._where(fact, 1 << digit)

    def _repeated(self, once: int, wide: int) -> int:
        """A pattern of bits, `wide` combinations long, repeated over the whole table."""
        while once and wide < self.count:  # doubled until it is wide enough: a division takes long
            once |= once << wide
            wide *= 2
        return once & self.whole

    def _at_least(self, needed: int, parts: Sequence[int]) -> int:
        reached = [self.whole] + [0] * needed
        for part in parts:
            for k in range(needed, 0, -1):
                reached[k] |= reached[k - 1] & part
        return reached[needed]
