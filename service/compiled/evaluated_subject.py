"""The tests of a catalogue evaluated for one subject, each at most once, when first asked for.

Many programmes ask the same question. Each distinct one has a number (`LeafNumbers`); templates ask
an `EvaluatedSubject` for the finding of a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from service.domain.evaluation.evaluator import Finding, Status, evaluate_condition
from service.domain.facts.profile import Provenance, Subject
from service.domain.index.bitset import BitSet
from service.domain.index.status_index import SubjectTruths
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Predicate, Undecided
from service.domain.rules.programmes import Programme
from service.rendering.canonical_json import canonical_json
from service.rendering.match_json import shown_parts

Leaf: TypeAlias = Predicate | Undecided
# What a leaf observed and its provenance, as JSON.
Shown: TypeAlias = tuple[bytes, bytes]
NULL = b"null"
# Most tests of a company look at what it does not state.
_PROVENANCE: Mapping[object, bytes] = {
    None: NULL,
    **{p.value: canonical_json(p.value) for p in Provenance},
}


class LeafNumbers:
    """Every distinct test of a catalogue, numbered: the same operator on the same quantity has one
    number wherever it stands. Terms that nobody has defined have one number together."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._numbers: dict[object, int] = {}

    def copied(self) -> "LeafNumbers":
        """The same numbers, for a catalogue that adds others to them."""
        found = LeafNumbers()
        found.leaves, found._numbers = [*self.leaves], {**self._numbers}
        return found

    def number_of(self, leaf: Leaf) -> int:
        """The number of a leaf, a new one for a test that was not met yet. All terms that nobody
        has defined share one, for nothing is ever stated of any."""
        key = (leaf.quantity, leaf.operator) if isinstance(leaf, Predicate) else None
        number = self._numbers.setdefault(key, len(self.leaves))
        if number == len(self.leaves):
            self.leaves.append(leaf)
        return number

    def test(self, number: int) -> Predicate:
        """The test of a number that is one."""
        leaf = self.leaves[number]
        assert isinstance(leaf, Predicate)
        return leaf


class EvaluatedSubject(dict[int, Finding]):
    """The findings of the leaves that were looked at for one subject, by number."""

    __slots__ = ("_numbers", "_shown", "as_of", "facts", "ref", "subject")

    def __init__(self, numbers: LeafNumbers, subject: Subject, as_of: date) -> None:
        super().__init__()
        self._numbers = numbers
        self.subject, self.as_of = subject, as_of
        self.facts = subject.facts
        self.ref = subject.ref
        self._shown: dict[int, Shown] = {}

    def __missing__(self, number: int) -> Finding:
        found = evaluate_condition(self._numbers.leaves[number], self.subject, self.as_of)
        self[number] = found
        return found

    def shown(self, number: int) -> Shown:
        """What a leaf observed and where that comes from, as JSON."""
        known = self._shown.get(number)
        if known is None:
            found = self[number]
            _, observed, provenance = shown_parts(self.subject, found, found.condition.facts)
            seen = NULL if observed is None else canonical_json(observed)
            known = self._shown[number] = seen, _PROVENANCE[provenance]
        return known

    def for_programme(self, programme: Programme) -> Subject:
        """The subject as the reference evaluator has it for a programme."""
        if not programme.supports or self.ref is not None:
            return self.subject
        return replace(self.subject, hypothetical=True)


@dataclass(slots=True)
class SubjectStatuses:
    """One subject of a profile, and the programmes by status for it. Where it is asked what is
    still open: the bits of the lanes at which an answer can change something (`live`), the
    programmes that each fact worth asking decides, and what bounds the programmes whose amount is
    not that of somebody who states nothing."""

    subject: EvaluatedSubject
    reading: SubjectTruths
    by_status: Mapping[Status, BitSet]
    live: BitSet = 0
    by_fact: Mapping[str, BitSet] = field(default_factory=dict)
    ceilings: Mapping[int, Ceiling | None] = field(default_factory=dict)

    @property
    def undetermined(self) -> BitSet:
        return self.by_status[Status.UNDETERMINED]
