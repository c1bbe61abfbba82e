"""Which facts must move for a rule to come out otherwise.

For an AND those of every failing part, for an OR those of one part. Where "(A and B) or C" fails
because all three do, A and B are one *alternative*, C is the other; no set of changes that leaves
all of them out makes the rule true.
"""

from collections.abc import Iterable
from typing import TypeAlias, assert_never

from service.domain.advice.attainable import Attainable
from service.domain.evaluation.evaluator import Finding
from service.domain.rules.conditions import Condition, Connective, Group, Predicate, Undecided
from service.domain.truth import Truth

FactSet: TypeAlias = frozenset[str]
NOTHING: FactSet = frozenset()
_NOTHING_TO_DO = frozenset([NOTHING])
# Ceilings on the search; a rule that needs more is answered "no small change" rather than guessed.
MAX_FACTS = 4
MAX_ALTERNATIVES = 55  # the pairs of eleven facts


class Alternatives:
    """The alternatives of one company's findings. `cut`: some of too many were left aside."""

    def __init__(self, attainable: Attainable) -> None:
        self._attainable = attainable
        self._subject = attainable.subject
        self.cut = False
        # INVARIANT: about one subject on one day, equal conditions have equal findings.
        self._sets_of: dict[tuple[Condition, Truth], frozenset[FactSet]] = {}

    def cost(self, facts: FactSet) -> tuple[int, int, list[str]]:
        """What is asked of the company, for choosing the least."""
        return len(self._attainable.stated_of(facts)), len(facts), sorted(facts)

    def of(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        """Minimal sets of facts of which one must move for the finding to get the wanted truth."""
        key = finding.condition, wanted
        found = self._sets_of.get(key)
        if found is None:
            found = self._sets_of[key] = self._find(finding, wanted)
        return found

    def _find(self, finding: Finding, wanted: Truth) -> frozenset[FactSet]:
        if finding.truth is wanted:
            return _NOTHING_TO_DO
        condition = finding.condition
        match condition:
            case Predicate():
                facts = self._attainable.facts_to_move(condition, wanted)
                unknown = frozenset(f for f in facts if self._subject.get(f) is None)
                return frozenset([unknown] if unknown else [frozenset([f]) for f in facts])
            case Undecided():
                return frozenset()
            case Group():
                return self._of_group(condition, finding.children, wanted)
            case _:
                assert_never(condition)

    def _of_group(
        self, group: Group, children: tuple[Finding, ...], wanted: Truth
    ) -> frozenset[FactSet]:
        if group.gate is Connective.NOT:
            return self.of(children[0], ~wanted)
        options = [self.of(child, wanted) for child in children]
        if group.gate is Connective.ALL and wanted is Truth.TRUE and not all(options):
            return frozenset()
        needed = {
            Connective.ALL: len(children) if wanted is Truth.TRUE else 1,
            Connective.ANY: 1 if wanted is Truth.TRUE else len(children),
            Connective.AT_LEAST: group.count
            if wanted is Truth.TRUE
            else len(children) - group.count + 1,
        }[group.gate]
        return self._some_of(options, needed)

    def _some_of(self, options: list[frozenset[FactSet]], needed: int) -> frozenset[FactSet]:
        """The minimal unions of an alternative each of `needed` options. What changes more than
        MAX_FACTS stated facts is no small change; of the rest the smallest are kept."""
        reached: list[set[FactSet]] = [{NOTHING}, *(set() for _ in range(needed))]
        for option in options:
            for count in range(needed, 0, -1):
                more = {
                    facts | part
                    for facts in reached[count - 1]
                    for part in option
                    if len(self._attainable.stated_of(facts | part)) <= MAX_FACTS
                }
                if more:
                    reached[count] = self._smallest(reached[count] | more)
        return frozenset(reached[needed])

    def _smallest(self, sets: set[FactSet]) -> set[FactSet]:
        kept = _minimal_sets(sets)
        if len(kept) <= MAX_ALTERNATIVES:
            return set(kept)
        self.cut = True
        return set(sorted(kept, key=self.cost)[:MAX_ALTERNATIVES])


def _minimal_sets(sets: Iterable[FactSet]) -> list[FactSet]:
    """The sets that contain no other, smallest first.

    >>> [sorted(s) for s in _minimal_sets([frozenset("ab"), frozenset("b"), frozenset("ac")])]
    [['b'], ['a', 'c']]
    """
    kept: list[FactSet] = []
    for candidate in sorted(sets, key=lambda s: (len(s), sorted(s))):
        if not any(k <= candidate for k in kept):
            kept.append(candidate)
    return kept
