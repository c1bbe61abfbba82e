"""The conditions of a programme as lines of a memo: what holds, what was observed, said once."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from service.domain.facts.profile import Certificate, Provenance, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Basis, Condition, Connective, Group, Predicate
from service.domain.rules.operators import valid_on
from service.domain.rules.quantities import Excess, FactQuantity
from service.domain.text import Text
from service.domain.truth import Truth
from service.domain.wording.outcomes import as_met, is_asked_of_nobody
from service.domain.wording.sentences import is_statement, sentence
from service.domain.wording.values import point_text, stated_text
from service.rendering.json_parts import Json, clause_text, text_json

_EVERY = frozenset(str(t) for t in Truth)
_HOLDS = str(Truth.TRUE)


def condition_lines(
    findings: list[Json],
    conditions: tuple[Condition, ...],
    facts: Mapping[str, Value],
    catalogue: Catalogue,
    as_of: date,
) -> list[Json]:
    """The findings line by line, those of a group below it and one deeper; what is met, once. A
    line names the bases of the groups around it too, which a reader does not see."""
    stated = _Stated(facts, {fact: _surely_valid(value, as_of) for fact, value in facts.items()})
    lines = _lines(findings, conditions, stated, catalogue, _Place(0, _EVERY, frozenset()))
    return list(_without_repeats(lines))


class _Stated(NamedTuple):
    """The facts that are stated, and the same with valid certificates only: others meet nothing,
    and are why something is not met."""

    facts: Mapping[str, Value]
    in_force: Mapping[str, Value]


def _surely_valid(value: Value, as_of: date) -> Value:
    """The certificates that are known to be valid; any other value as it is."""
    if not isinstance(value, tuple):
        return value
    held = tuple(record for record in value if isinstance(record, Certificate))
    valid = tuple(record for record in held if valid_on(record, as_of) is Truth.TRUE)
    return valid if held else value


class _Place(NamedTuple):
    """What the lines of a condition take from the groups around it: how deep they are indented,
    which truths are told there, and the bases of those groups."""

    depth: int
    telling: frozenset[str]
    bases: frozenset[Basis]


def _lines(
    findings: list[Json],
    conditions: tuple[Condition, ...],
    stated: _Stated,
    catalogue: Catalogue,
    place: _Place,
) -> Iterator[Json]:
    """The findings that are told at a place. Where one alternative holds, the others decide nothing
    and are not told, nor is what holds of facts that nobody is asked."""
    for finding, condition in zip(findings, conditions, strict=True):
        if finding["truth"] not in place.telling:
            continue
        if finding["truth"] == _HOLDS and is_asked_of_nobody(condition, catalogue.vocabulary):
            continue
        bases = place.bases | {condition.basis}
        yield {
            "depth": place.depth,
            "bases": [basis.value for basis in Basis if basis in bases],
            **_line(finding, condition, stated, catalogue),
        }
        if isinstance(condition, Group) and not _is_single(condition):
            settled = condition.gate is Connective.ANY and finding["truth"] == _HOLDS
            below = _Place(place.depth + 1, frozenset([_HOLDS]) if settled else _EVERY, bases)
            pairs = list(zip(finding["children"], condition.children, strict=True))
            chosen = (_stated_first(pairs) if settled else None) or pairs
            parts = [found for found, _ in chosen], tuple(part for _, part in chosen)
            yield from _lines(*parts, stated, catalogue, below)


def _stated_first(pairs: list[tuple[Json, Condition]]) -> list[tuple[Json, Condition]]:
    """The alternatives that hold by what was stated: what was derived from it need not be told as
    well. None where all are derived."""
    return [
        (found, part)
        for found, part in pairs
        if found["truth"] == _HOLDS and found["provenance"] != Provenance.DERIVED
    ]


def _is_single(condition: Condition) -> bool:
    """Whether a condition is told in one line: one without parts, a denial, or a group that its
    name says all of, such as a size class."""
    return not isinstance(condition, Group) or condition.term_only or _is_denial(condition)


def _is_denial(condition: Condition) -> bool:
    """Whether a condition says that none of its parts may hold: it is told as one line, since its
    parts alone would say the opposite."""
    return isinstance(condition, Group) and condition.gate is Connective.NOT


def _line(finding: Json, condition: Condition, stated: _Stated, catalogue: Catalogue) -> Json:
    met, denial = finding["truth"] == _HOLDS, _is_denial(condition)
    facts = stated.in_force if met else stated.facts
    observed = _observed_words(finding, condition, facts, catalogue)
    as_worded = condition if denial else None
    if isinstance(condition, Predicate) and met:
        as_worded = as_met(condition, facts)
    words = sentence(as_worded, catalogue.vocabulary) if as_worded else None
    return {
        "truth": finding["truth"],
        "text": text_json(words) if words else finding["text"],
        "observed": text_json(observed) if observed else None,
        "stated_by_label": met and is_statement(condition),
        "provenance": finding["provenance"] if observed else None,
        "group": not _is_single(condition),
        "observable": isinstance(condition, Predicate) or (denial and not met),
        "met": met,
        "clause": text_json(clause_text(finding["clause"], catalogue)),
        "facts": finding["facts"],
    }


def _without_repeats(lines: Iterator[Json]) -> Iterator[Json]:
    """What is met, once: two groups of a rule may ask the same, such as the kind of applicant, and
    an alternative may only let in another kind."""
    said: list[Json] = []
    seen: set[str] = set()
    for condition in _by_condition(lines):
        met = [line for line in condition if line["met"] and not line["group"]]
        news = [line for line in met if not seen.issuperset(line["facts"])] or met
        for line in condition:
            if line in met and (line not in news or line["text"] in said):
                continue
            yield line
        said += [line["text"] for line in met]
        seen.update(fact for line in met for fact in line["facts"])


def _by_condition(lines: Iterator[Json]) -> Iterator[list[Json]]:
    """The lines of each condition of a rule with those below it."""
    found: list[Json] = []
    for line in lines:
        if found and line["depth"] == 0:
            yield found
            found = []
        found.append(line)
    if found:
        yield found


def _observed_words(
    finding: Json, condition: Condition, facts: Mapping[str, Value], catalogue: Catalogue
) -> Text | None:
    """What was seen, in words; None where nothing was."""
    if finding["observed"] is None or not isinstance(condition, Predicate):
        return None
    quantity, vocabulary = condition.quantity, catalogue.vocabulary
    if isinstance(quantity, FactQuantity):
        fact = vocabulary.facts[quantity.fact]
        seen = facts.get(fact.id, finding["observed"])
        return stated_text(seen, fact, vocabulary)
    seen_part = quantity.first if isinstance(quantity, Excess) else quantity
    return point_text(Fraction(finding["observed"]), seen_part, vocabulary)
