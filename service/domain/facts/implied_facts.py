"""Facts that follow from facts: declared once in the vocabulary, never asked again.

A pledged patent is an owned one. What follows fills only what is unstated; a set that is stated is
completed. Where something else is stated, the statement stands, and the contradiction is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from service.domain.facts.agreement import FactAgreement, agreements
from service.domain.facts.profile import PROJECTS_ABSENT, Profile, Provenance, Value
from service.domain.facts.vocabulary import Implication, Owner, Vocabulary

# With an index of theirs.
MAX_VOCABULARIES = 16


@dataclass(frozen=True, slots=True)
class ImpliedFact:
    """A fact that follows from others, its value, and the rule it follows by."""

    fact: str
    value: Value
    rule: Implication


class ImplicationIndex:
    """The rules of a vocabulary as bit sets: bit i is the rule that stands i-th in it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.rules = vocabulary.implications
        self._all = (1 << len(self.rules)) - 1
        # The facts that a rule goes by.
        self.facts_tested = frozenset(fact for rule in self.rules for fact in rule.when)
        # By owner and fact: the rules that do not ask it, and what the others ask of it.
        self._rules_by_owner: dict[Owner, list[tuple[str, int, FactAgreement]]] = {
            owner: [] for owner in Owner
        }
        for fact, asked in agreements([rule.when for rule in self.rules], vocabulary).items():
            others = sum(1 << i for i, rule in enumerate(self.rules) if fact not in rule.when)
            self._rules_by_owner[vocabulary.facts[fact].owner].append((fact, others, asked))
        # The rules that ask nothing of a project.
        self.of_company = self.agreeing(Owner.PROJECT, {})

    def applying(self, facts: Mapping[str, Value]) -> int:
        """The rules all of whose facts have one of the values that they ask."""
        return self.agreeing(Owner.COMPANY, facts) & self.agreeing(Owner.PROJECT, facts)

    def agreeing(self, owner: Owner, facts: Mapping[str, Value]) -> int:
        """The rules that find the values which they ask of one owner's facts."""
        found = self._all
        for fact, others, asked in self._rules_by_owner[owner]:
            value = facts.get(fact)
            found &= others if value is None else others | asked.bits(value)
        return found


@lru_cache(MAX_VOCABULARIES)
def _index_of(vocabulary: Vocabulary) -> ImplicationIndex:
    return ImplicationIndex(vocabulary)


def implied_facts(facts: Mapping[str, Value], vocabulary: Vocabulary) -> tuple[ImpliedFact, ...]:
    """All that follows from these facts and is not stated, each fact once with its final value."""
    index = _index_of(vocabulary)
    return _follow(index, facts, index.applying(facts))


def following_facts(facts: Mapping[str, Value], vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that are as they have to be because of others."""
    if not vocabulary.implications:
        return frozenset()
    index = _index_of(vocabulary)
    applying = index.applying(facts)
    return frozenset(
        fact
        for i, rule in enumerate(index.rules)
        if applying >> i & 1
        for fact, value in rule.then.items()
        if fact not in rule.when and facts.get(fact) == value
    )


def sources_of(
    fact: str, facts: Mapping[str, Value], vocabulary: Vocabulary
) -> tuple[str, ...] | None:
    """The facts that a derived one was read off: that for which it stands in, or those of the rule
    by which it follows. Empty where it is taken so without any; None where nothing gives it."""
    source, value = vocabulary.facts[fact].default_from, facts.get(fact)
    given = facts.get(source) if source is not None else None
    if source is not None and given is not None and value in (given, frozenset((given,))):
        return (source,)
    index = _index_of(vocabulary)
    applying = index.applying(facts)
    for i, rule in enumerate(index.rules):
        if applying >> i & 1 and fact in rule.then and _holds(value, rule.then[fact]):
            return tuple(rule.when)
    return None


def _holds(value: Value | None, implied: Value) -> bool:
    """Whether a fact is as it follows: the value, or a set completed by it."""
    if isinstance(value, frozenset) and isinstance(implied, frozenset):
        return implied <= value
    return value == implied


def _follow(
    index: ImplicationIndex, facts: Mapping[str, Value], applying: int
) -> tuple[ImpliedFact, ...]:
    """What follows by the rules that apply, and by those that apply then."""
    known, implied = dict(facts) if applying else {}, dict[str, ImpliedFact]()
    again = bool(applying)
    while again:
        again, place = False, 0
        while left := applying >> place:
            place += (left & -left).bit_length()
            rule, asked = index.rules[place - 1], False
            for fact, value in rule.then.items():
                stated = known.get(fact)
                filled = filled_value(fact, stated, value)
                if filled is not None and filled != stated:
                    known[fact], implied[fact] = filled, ImpliedFact(fact, filled, rule)
                    asked = asked or fact in index.facts_tested
                    # Only what is asked, or a set, can be the cause of more.
                    again = again or asked or isinstance(filled, frozenset)
            if asked:
                applying = index.applying(known)
    return tuple(implied.values())


def with_implied(
    profile: Profile, vocabulary: Vocabulary
) -> tuple[Profile, tuple[ImpliedFact, ...]]:
    """The profile with what follows from it, marked as derived; and what was added."""
    if not vocabulary.implications:
        return profile, ()
    index = _index_of(vocabulary)
    company, projects = dict(profile.company), [dict(p.facts) for p in profile.projects]
    added: dict[str, ImpliedFact] = {}
    changed = True
    while changed:
        changed = False
        shared = index.agreeing(Owner.COMPANY, company)
        for i in range(-1, len(projects)):
            own = index.agreeing(Owner.PROJECT, projects[i]) if i >= 0 else index.of_company
            if not shared & own:
                continue
            whole = {**company, **projects[i]} if i >= 0 else company
            for implied in _follow(index, whole, shared & own):
                name = implied.fact
                if name.startswith(f"{Owner.COMPANY}."):
                    company[name] = implied.value
                    # What follows from a project holds for the company and its other projects.
                    changed = changed or i >= 0
                elif i >= 0:
                    projects[i][name] = implied.value
                    name = f"projects.{profile.projects[i].ref}.{name.partition('.')[2]}"
                else:
                    continue
                added[name] = implied
                if name in index.facts_tested:
                    shared = index.agreeing(Owner.COMPANY, company)
    if not added:
        return profile, ()
    listed = zip(profile.projects, projects, strict=True)
    return Profile(
        company,
        tuple(replace(project, facts=facts) for project, facts in listed),
        {**profile.provenance, **dict.fromkeys(added, Provenance.DERIVED)},
    ), tuple(added.values())


def contradicted_implications(profile: Profile, vocabulary: Vocabulary) -> Iterator[ImpliedFact]:
    """What follows from the facts of a company, and of each project with them, although something
    else is stated."""
    index = _index_of(vocabulary)
    shared = index.agreeing(Owner.COMPANY, profile.company)
    yield from _contradicted(index, profile.company, shared & index.of_company)
    for project in profile.projects:
        applying = shared & index.agreeing(Owner.PROJECT, project.facts)
        if applying:
            yield from _contradicted(index, {**profile.company, **project.facts}, applying)


def _contradicted(
    index: ImplicationIndex, facts: Mapping[str, Value], applying: int
) -> Iterator[ImpliedFact]:
    while applying:
        low = applying & -applying
        applying ^= low
        rule = index.rules[low.bit_length() - 1]
        # What holds for whoever says nothing is a default, and contradicts nobody.
        for fact, value in () if rule.presumed or not rule.when else rule.then.items():
            stated = facts.get(fact)
            if stated is not None and stated != value and not _completes(stated, value):
                yield ImpliedFact(fact, value, rule)


def filled_value(fact: str, stated: Value | None, value: Value) -> Value | None:
    """What a fact becomes: the value where nothing is stated, a stated set with the codes it lacks.
    A set of which only some codes follow cannot be filled: the others are not known. Of projects
    that there are none of, those that are not named stay open as it is."""
    if stated is None:
        in_part = isinstance(value, frozenset) and value and fact != PROJECTS_ABSENT
        return None if in_part else value
    return stated | value if _completes(stated, value) else None  # type: ignore[operator]


def _completes(stated: Value, value: Value) -> bool:
    return isinstance(stated, frozenset) and isinstance(value, frozenset) and bool(value)
