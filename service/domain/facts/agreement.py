"""Whether a stated value is one of the values that a vocabulary names: where a fact is said to
follow from it (`implies`), or to be asked only of whoever states it (`asked_of`).
"""

from collections.abc import Iterable, Mapping

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import AtLeast, Vocabulary, Wanted


def agrees(value: Value, wanted: tuple[Wanted, ...], codes: CodeList | None) -> bool:
    """Whether a stated value is one of those wanted, holds one of them, or is narrower than one;
    where none is wanted, whether nothing is held. A count may be as many as wanted or more."""
    if codes is None and not isinstance(value, (tuple, frozenset)):
        return value in wanted or any(_is_enough(value, w) for w in wanted)
    held = _values_held(value, codes)
    if not wanted:
        return isinstance(value, tuple | frozenset) and not value
    if codes is None:
        return any(v == w for v in held for w in wanted)
    return any(codes.lies_in(str(value), map(str, wanted)) for value in held)


def _is_enough(value: Value, wanted: Wanted) -> bool:
    return isinstance(wanted, AtLeast) and isinstance(value, int) and value >= wanted.least


def _values_held(value: Value, codes: CodeList | None) -> Iterable[Value]:
    """The values that a stated one holds: of certificates those that are sure; of codes those that
    exclude none of the others, for nothing follows from what contradicts itself."""
    if isinstance(value, tuple):
        return [c.category for c in value if isinstance(c, Certificate) and not c.unsure]
    if not isinstance(value, frozenset):
        return (value,)
    if codes is None or len(value) == 1 or not codes.has_ties:
        return value
    return [v for v in value if not any(codes.rules_out(str(v), str(w)) for w in value)]


class FactAgreement:
    """What many ask of one fact, each a bit: those that a stated value agrees with are found by
    one look-up for each code it holds."""

    def __init__(
        self, wanted: Iterable[tuple[int, tuple[Wanted, ...]]], codes: CodeList | None
    ) -> None:
        self._wanted, self._codes = list(wanted), codes
        self._nothing = sum(bit for bit, values in self._wanted if not values)
        named = {value for _, values in self._wanted for value in values}
        self._bits_of = {v: self._find_bits(v) for v in named if not isinstance(v, AtLeast)}
        self._asks_enough = len(self._bits_of) < len(named)

    def bits(self, value: Value) -> int:
        """The bits of those that ask for something with which a value agrees (see `agrees`)."""
        if isinstance(value, (tuple, frozenset)) and not value:
            return self._nothing
        found = 0
        for held in _values_held(value, self._codes):
            bits = self._bits_of.get(held)
            found |= self._other(held) if bits is None else bits
        return found

    def _other(self, value: Value) -> int:
        """The bits for a value that nobody names. They are kept for codes, which are limited in
        number, and not for figures."""
        if self._codes is None:
            return self._find_bits(value) if self._asks_enough else 0
        bits = self._find_bits(value)
        if value in self._codes.codes:
            self._bits_of[value] = bits
        return bits

    def _find_bits(self, value: Value) -> int:
        return sum(bit for bit, values in self._wanted if agrees(value, values, self._codes))


def agreements(
    asked: Iterable[Mapping[str, tuple[Wanted, ...]]], vocabulary: Vocabulary
) -> dict[str, FactAgreement]:
    """For each fact, the values that each of several asks of it; in their bit sets bit i is the
    i-th of those that ask."""
    wanted: dict[str, list[tuple[int, tuple[Wanted, ...]]]] = {}
    for i, by_fact in enumerate(asked):
        for fact, values in by_fact.items():
            wanted.setdefault(fact, []).append((1 << i, values))
    return {
        fact: FactAgreement(each, vocabulary.codes_of(vocabulary.facts[fact]))
        for fact, each in sorted(wanted.items())
    }
