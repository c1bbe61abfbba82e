"""Facts that follow from facts: declared once in the vocabulary, never asked again.

A pledged patent is an owned one. What follows fills only what is unstated; a set that is stated is
completed. Where something else is stated, the statement stands, and the contradiction is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Profile, Provenance, Value
from service.domain.facts.vocabulary import Implication, Owner, Vocabulary
from service.domain.truth import Truth


@dataclass(frozen=True, slots=True)
class Implied:
    """A fact that follows from others, its value, and the rule it follows by."""

    fact: str
    value: Value
    rule: Implication


def implied_facts(facts: Mapping[str, Value], vocabulary: Vocabulary) -> tuple[Implied, ...]:
    """All that follows from these facts and is not stated, each fact once with its final value."""
    known, found = dict(facts), dict[str, Implied]()
    changed = bool(vocabulary.implications)
    while changed:
        changed = False
        for rule in vocabulary.implications:
            if not applies(rule, known, vocabulary):
                continue
            for fact, value in rule.then.items():
                filled = filled_value(known.get(fact), value)
                if filled is not None and filled != known.get(fact):
                    known[fact], found[fact], changed = filled, Implied(fact, filled, rule), True
    return tuple(found.values())


def with_implied(profile: Profile, vocabulary: Vocabulary) -> tuple[Profile, tuple[Implied, ...]]:
    """The profile with what follows from it, marked as derived; and what was added."""
    company, projects = dict(profile.company), [dict(p.facts) for p in profile.projects]
    added: dict[str, Implied] = {}
    if not vocabulary.implications:
        return profile, ()
    while True:
        before = len(added)
        for i in range(-1, len(projects)):
            own = company if i < 0 else {**company, **projects[i]}
            for implied in implied_facts(own, vocabulary):
                name = implied.fact
                if name.startswith(f"{Owner.COMPANY}."):
                    company[name] = implied.value
                elif i >= 0:
                    projects[i][name] = implied.value
                    name = f"projects.{profile.projects[i].ref}.{name.partition('.')[2]}"
                else:
                    continue
                added[name] = implied
        if len(added) == before:
            break
    if not added:
        return profile, ()
    listed = zip(profile.projects, projects, strict=True)
    return Profile(
        company,
        tuple(replace(project, facts=facts) for project, facts in listed),
        {**profile.provenance, **dict.fromkeys(added, Provenance.DERIVED)},
    ), tuple(added.values())


def contradictions(facts: Mapping[str, Value], vocabulary: Vocabulary) -> Iterator[Implied]:
    """What follows from these facts although something else is stated."""
    for rule in vocabulary.implications:
        for fact, value in rule.then.items():
            stated = facts.get(fact)
            if stated is None or stated == value or _completes(stated, value):
                continue
            if applies(rule, facts, vocabulary):
                yield Implied(fact, value, rule)


def applies(rule: Implication, facts: Mapping[str, Value], vocabulary: Vocabulary) -> bool:
    """Whether all that a rule asks is stated."""
    # Most rules ask something that nobody has stated: that costs them one comparison.
    if not rule.when.keys() <= facts.keys():
        return False
    return all(
        agrees(facts[fact], wanted, _codes(fact, vocabulary)) for fact, wanted in rule.when.items()
    )


def agrees(value: Value, wanted: tuple[Value, ...], codes: CodeList | None) -> bool:
    """Whether a stated value is one of those wanted, holds one of them, or is narrower than one;
    where none is wanted, whether nothing is held."""
    if isinstance(value, tuple):
        held: list[object] = [c.category for c in value if isinstance(c, Certificate)]
    else:
        held = list(value) if isinstance(value, frozenset) else [value]
    if not wanted:
        return not held
    if codes is None:
        return any(v == w for v in held for w in wanted)
    return any(codes.relation(str(v), str(w)) is Truth.TRUE for v in held for w in wanted)


def filled_value(stated: Value | None, value: Value) -> Value | None:
    """What a fact becomes: the value where nothing is stated, a stated set with the codes it lacks.
    A set of which only some codes follow cannot be filled: the others are not known."""
    if stated is None:
        return None if isinstance(value, frozenset) and value else value
    return stated | value if _completes(stated, value) else None  # type: ignore[operator]


def _completes(stated: Value, value: Value) -> bool:
    return isinstance(stated, frozenset) and isinstance(value, frozenset) and bool(value)


def _codes(fact: str, vocabulary: Vocabulary) -> CodeList | None:
    return vocabulary.codes_of(vocabulary.facts[fact])
