"""What to ask next: which unknown facts can still change a status, and how much hangs on each.

A leaf of a condition tree matters only if its truth can reach the root: beside a criterion that
nobody can decide, an answer may be lost for good. Gates are monotone, so it is enough to hold each
sibling at the end of its own reach that lets the leaf through.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from service.domain.conditions import Gate, Group, Undecided
from service.domain.evaluation import Finding, Match, Status
from service.domain.profile import PROJECT_KIND
from service.domain.truth import Truth

Reach: TypeAlias = tuple[Truth, Truth]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask. `decides` counts the matches whose status the answer can still change;
    `at_stake` adds up their ceilings in yuan; `subjects` are the projects it is asked about."""

    fact: str
    decides: int
    at_stake: Decimal
    subjects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def next_questions(matches: Iterable[Match]) -> tuple[Question, ...]:
    """The facts worth asking, the most decisive first; what can change nothing is not asked."""
    asked: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.status is Status.UNDETERMINED:
            for fact in decisive_facts(match):
                asked[fact].append(match)
    questions = [_question(fact, behind) for fact, behind in asked.items()]
    return tuple(sorted(questions, key=lambda q: (-q.decides, -q.at_stake, q.fact)))


def _question(fact: str, matches: list[Match]) -> Question:
    stakes = (m.ceiling.at_most for m in matches if m.ceiling)
    about = dict.fromkeys(m.subject.ref for m in matches if m.subject.ref)
    kinds = dict.fromkeys(m.programme.supports for m in matches if m.subject.hypothetical)
    of_project = fact.startswith("project.")
    return Question(
        fact,
        len(matches),
        sum((s for s in stakes if s), Decimal(0)),
        tuple(r for r in about if r) if of_project else (),
        tuple(k for k in kinds if k) if fact == PROJECT_KIND else (),
    )


def decisive_facts(match: Match) -> tuple[str, ...]:
    """The unknown facts that can still change this match's status. About a project nobody has
    submitted, only whether there is one is asked."""
    facts = dict.fromkeys(_decisive(match.finding))
    if match.subject.hypothetical:
        return tuple(f for f in facts if f == PROJECT_KIND or not f.startswith("project."))
    return tuple(facts)


def _decisive(finding: Finding) -> Iterator[str]:
    """Facts of the leaves whose truth can reach this finding's root."""
    for leaf, low, high in _leaves(finding):
        if low < high:
            yield from leaf.missing


def _leaves(finding: Finding) -> Iterator[tuple[Finding, Truth, Truth]]:
    """Each open leaf with the lowest and the highest truth its answers can give the root."""
    if not finding.children:
        low, high = reach(finding)
        yield finding, low, high
        return
    group = finding.condition
    assert isinstance(group, Group)
    reaches = [reach(child) for child in finding.children]
    for i, child in enumerate(finding.children):
        if child.truth is not Truth.UNKNOWN:
            continue
        siblings = reaches[:i] + reaches[i + 1 :]
        for leaf, low, high in _leaves(child):
            yield leaf, *_through(group, (low, high), siblings)


def _through(group: Group, vary: Reach, siblings: list[Reach]) -> Reach:
    """What is left of a child's variation behind its gate, siblings held where most passes."""
    low, high = vary
    match group.gate:
        case Gate.NOT:
            return ~high, ~low
        case Gate.ALL:
            roof = min((top for _, top in siblings), default=Truth.TRUE)
            return min(low, roof), min(high, roof)
        case Gate.ANY:
            floor = max((bottom for bottom, _ in siblings), default=Truth.FALSE)
            return max(low, floor), max(high, floor)
        case Gate.AT_LEAST:
            return _through_count(group.count, vary, siblings)


def _through_count(count: int, vary: Reach, siblings: list[Reach]) -> Reach:
    """Behind "at least n": the widest variation over how many siblings are held high."""
    best = (Truth.UNKNOWN, Truth.UNKNOWN)
    ranked = sorted(siblings, key=lambda r: (r[0], r[1]), reverse=True)
    for held_high in range(len(ranked) + 1):
        held = [top for _, top in ranked[:held_high]] + [bottom for bottom, _ in ranked[held_high:]]
        ends = [sorted([*held, v], reverse=True)[count - 1] for v in vary]
        if ends[1] - ends[0] > best[1] - best[0]:
            best = (ends[0], ends[1])
    return best


def reach(finding: Finding) -> Reach:
    """The lowest and the highest truth that answers could still give a finding."""
    if finding.truth is not Truth.UNKNOWN:
        return finding.truth, finding.truth
    if isinstance(finding.condition, Undecided) or not finding.missing:
        return Truth.UNKNOWN, Truth.UNKNOWN
    if not finding.children:
        return Truth.FALSE, Truth.TRUE
    group = finding.condition
    assert isinstance(group, Group)
    ends = [reach(child) for child in finding.children]
    lows, highs = [low for low, _ in ends], [high for _, high in ends]
    match group.gate:
        case Gate.NOT:
            return ~highs[0], ~lows[0]
        case Gate.ALL:
            return min(lows), min(highs)
        case Gate.ANY:
            return max(lows), max(highs)
        case Gate.AT_LEAST:
            ranked = (sorted(lows, reverse=True), sorted(highs, reverse=True))
            return ranked[0][group.count - 1], ranked[1][group.count - 1]
