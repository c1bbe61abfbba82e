"""What differs between two evaluations, and because of which fact, condition, date or rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.domain.evaluation.evaluator import Evaluation, Finding, Match, Status


class DifferenceCause(StrEnum):
    """Why a match came out otherwise."""

    FACT = "fact"  # a stated value differs
    DATE = "date"  # the same value is judged on another day
    WINDOW = "window"  # in force on one day only
    RULE = "rule"  # the programme's conditions or amounts were rewritten
    PROGRAMME = "programme"  # it is in one catalogue only
    SUBJECT = "subject"  # the project is in one profile only


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause; `before` and `after` are the findings of the leaf that turned, where one did."""

    cause: DifferenceCause
    facts: tuple[str, ...] = ()
    before: Finding | None = None
    after: Finding | None = None


@dataclass(frozen=True, slots=True)
class MatchDifference:
    """One programme and subject whose status or ceiling differs; None where there is no match."""

    programme: str
    subject: str | None
    before: Match | None
    after: Match | None
    reasons: tuple[Reason, ...]


def compare_evaluations(before: Evaluation, after: Evaluation) -> tuple[MatchDifference, ...]:
    """Everything that differs, in the reading order of `after`, what vanished last."""
    old, new = _by_key(before), _by_key(after)
    keys = [*new, *(k for k in old if k not in new)]
    found = []
    for key in keys:
        first, second = old.get(key), new.get(key)
        if _same_outcome(first, second):
            continue
        reasons = tuple(_find_reasons(first, second, before, after))
        found.append(MatchDifference(key[0], key[1], first, second, reasons))
    return tuple(found)


def _by_key(evaluation: Evaluation) -> dict[tuple[str, str | None], Match]:
    return {(m.programme.id, m.subject.ref): m for m in evaluation.matches}


def _same_outcome(first: Match | None, second: Match | None) -> bool:
    if first is None or second is None:
        return False
    return (first.status, first.ceiling) == (second.status, second.ceiling)


def _find_reasons(
    first: Match | None, second: Match | None, before: Evaluation, after: Evaluation
) -> Iterator[Reason]:
    if first is None or second is None:
        present = first or second
        assert present is not None
        known = (e.catalogue.programmes for e in (before, after))
        gone = any(present.programme.id not in programmes for programmes in known)
        yield Reason(DifferenceCause.PROGRAMME if gone else DifferenceCause.SUBJECT)
        return
    if (first.status is Status.NOT_IN_FORCE) != (second.status is Status.NOT_IN_FORCE):
        yield Reason(DifferenceCause.WINDOW)
    if _rule_signature(first) != _rule_signature(second):
        yield Reason(DifferenceCause.RULE)
        return
    yield from _turned_leaves(first.finding, second.finding, set(_changed_facts(first, second)))
    yield from _changed_base(first, second)


def _rule_signature(match: Match) -> tuple[object, ...]:
    programme = match.programme
    return programme.condition, programme.benefit, programme.window, programme.commitment


def _turned_leaves(first: Finding, second: Finding, changed: set[str]) -> Iterator[Reason]:
    """The leaves of two findings of one rule that turned, below groups that turned with them, given
    the facts that differ."""
    if first.truth is second.truth:
        return
    if first.children:
        for one, other in zip(first.children, second.children, strict=True):
            yield from _turned_leaves(one, other, changed)
    else:
        facts = first.condition.facts
        cause = DifferenceCause.DATE if changed.isdisjoint(facts) else DifferenceCause.FACT
        yield Reason(cause, facts, first, second)


def _changed_facts(first: Match, second: Match) -> Iterator[str]:
    """The facts of a programme that differ."""
    benefit = first.programme.benefit
    for fact in (*first.programme.facts, *(benefit.facts if benefit else ())):
        if first.subject.get(fact) != second.subject.get(fact):
            yield fact


def _changed_base(first: Match, second: Match) -> Iterator[Reason]:
    """The facts an amount is reckoned from that differ."""
    benefit = first.programme.benefit
    reckoned = benefit.facts if benefit else ()
    changed = tuple(f for f in reckoned if first.subject.get(f) != second.subject.get(f))
    if changed:
        yield Reason(DifferenceCause.FACT, changed)
