"""The conditions of a catalogue evaluated for one subject, each at most once, when first asked for.

Many programmes ask the same. Each distinct condition has a number (`ConditionNumbers`); templates
ask an `EvaluatedSubject` for what that of a number comes to.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from service.domain.advice.attainable import TitlesBarred
from service.domain.evaluation.evaluator import (
    Finding,
    Status,
    evaluate_condition,
    group_finding,
)
from service.domain.facts.profile import Provenance, Subject
from service.domain.index.bitset import BitSet
from service.domain.index.status_index import SubjectTruths
from service.domain.rules.ceiling import Ceiling
from service.domain.rules.conditions import Condition, Group, Predicate
from service.domain.rules.programmes import Programme
from service.domain.truth import Truth
from service.rendering.canonical_json import canonical_json
from service.rendering.match_json import shown_parts

# As JSON: the truth of a condition and, of one that is no group, what it observed and whence.
Shown: TypeAlias = tuple[bytes, ...]
NULL = b"null"
_TRUTHS = tuple(canonical_json(str(truth)) for truth in sorted(Truth))
# Most tests of a company look at what it does not state.
_PROVENANCE: Mapping[object, bytes] = {
    None: NULL,
    **{p.value: canonical_json(p.value) for p in Provenance},
}


class ConditionNumbers:
    """Every distinct condition of a catalogue, numbered: the same operator on the same quantity has
    one number wherever it stands, and so have groups that take the same together. Terms that nobody
    has defined have one number together."""

    def __init__(self) -> None:
        # Each with the numbers of those that it takes together.
        self.conditions: list[tuple[Condition, tuple[int, ...]]] = []
        self._numbers: dict[object, int] = {}

    def copied(self) -> "ConditionNumbers":
        """The same numbers, for a catalogue that adds others to them."""
        found = ConditionNumbers()
        found.conditions, found._numbers = [*self.conditions], {**self._numbers}
        return found

    def number_of(self, condition: Condition) -> int:
        """The number of a condition, a new one for what was not met yet. All terms that nobody has
        defined share one, for nothing is ever stated of any."""
        key: object = None
        below: tuple[int, ...] = ()
        if isinstance(condition, Group):
            below = tuple([self.number_of(child) for child in condition.children])
            key = condition.gate, condition.count, below
        elif isinstance(condition, Predicate):
            key = condition.quantity, condition.operator
        number = self._numbers.setdefault(key, len(self.conditions))
        if number == len(self.conditions):
            self.conditions.append((condition, below))
        return number

    def below(self, number: int) -> Iterator[int]:
        """All that the condition of a number is made of, left to right, each before its parts."""
        for part in self.conditions[number][1]:
            yield part
            yield from self.below(part)

    def test(self, number: int) -> Predicate:
        """The test of a number that is one."""
        condition, _ = self.conditions[number]
        assert isinstance(condition, Predicate)
        return condition


class _Findings(dict[int, Finding]):
    """What the conditions that were looked at come to, by number. Of one another that asks the same
    may stand in its finding."""

    __slots__ = ("_conditions", "as_of", "subject")

    def __init__(self, numbers: ConditionNumbers, subject: Subject, as_of: date) -> None:
        super().__init__()
        self._conditions = numbers.conditions
        self.subject, self.as_of = subject, as_of

    def __missing__(self, number: int) -> Finding:
        condition, below = self._conditions[number]
        if isinstance(condition, Group):
            found = group_finding(condition, [self[part] for part in below])
        else:
            found = evaluate_condition(condition, self.subject, self.as_of)
        self[number] = found
        return found


class _ShownFindings(dict[int, Shown]):
    """The same as JSON."""

    __slots__ = ("_findings",)

    def __init__(self, findings: _Findings) -> None:
        super().__init__()
        self._findings = findings

    def __missing__(self, number: int) -> Shown:
        finding = self._findings[number]
        shown: Shown = (_TRUTHS[finding.truth],)
        if not isinstance(finding.condition, Group):
            facts = finding.condition.facts
            _, observed, provenance = shown_parts(self._findings.subject, finding, facts)
            seen = NULL if observed is None else canonical_json(observed)
            shown += (seen, _PROVENANCE[provenance])
        self[number] = shown
        return shown


class EvaluatedSubject:
    """What was looked at for one subject: `findings` by number, and `shown` as JSON."""

    __slots__ = ("_barred", "as_of", "facts", "findings", "ref", "shown", "subject")

    def __init__(self, numbers: ConditionNumbers, subject: Subject, as_of: date) -> None:
        self.subject, self.as_of = subject, as_of
        self.facts = subject.facts
        self.ref = subject.ref
        self.findings = _Findings(numbers, subject, as_of)
        self.shown = _ShownFindings(self.findings)
        self._barred: Container[str] | None = None

    def titles_barred(self, find: TitlesBarred) -> TitlesBarred:
        """The titles that the subject cannot come by, found once for the near misses of all
        programmes; where a search reckons with other facts, anew."""

        def barred(subject: Subject, as_of: date) -> Container[str]:
            if subject.facts is not self.facts:
                return find(subject, as_of)
            if self._barred is None:
                self._barred = find(subject, as_of)
            return self._barred

        return barred

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
