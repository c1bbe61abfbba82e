"""Random companies in the words of any vocabulary, every value as exact as it can be stated."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from service.domain.facts.code_lists import CodeList
from service.domain.facts.implied_facts import implied_facts
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary

# Round figures on both sides of usual thresholds.
FIGURES = (0, 1, 3, 10, 50, 300, 2_000, 500_000, 20_000_000, 400_000_000)
NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)
TERM = {"issued_on": "2026-01-01", "expires_on": "2027-01-01"}


def companies(vocabulary: Vocabulary, **usual: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Companies of which every fact is stated that a rule can look at, and no project of any
    kind. `usual` names values that a fact has in most of them."""
    return st.integers(0, 2**32 - 1).map(lambda seed: company(vocabulary, Random(seed), usual))


def company(
    vocabulary: Vocabulary, random: Random, usual: Mapping[str, list[Any]]
) -> dict[str, Any]:
    known = {f.name: value(f, vocabulary, random) for f in vocabulary.company}
    known |= {name: random.choice(those) for name, those in usual.items() if random.random() < 0.8}
    known |= _completed(known, vocabulary)
    known["projects_absent"] = sorted(vocabulary.lists["project_kinds"].codes)
    return {name: found for name, found in known.items() if found is not None}


def _completed(known: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """The sets that other codes add to, such as the kind of who is in finance, with what the holder
    of these codes may be besides: else that would be asked."""
    names = {f.id: f for f in vocabulary.company}
    stated = {
        f.id: known[f.name] if f.type is FactType.CODE else _set_of(known[f.name])
        for f in vocabulary.company
        if f.type in (FactType.CODE, FactType.CODES)
    }
    return {
        names[found.fact].name: _with_others(vocabulary.codes_of(names[found.fact]), found.value)
        for found in implied_facts(stated, vocabulary)
        if isinstance(found.value, frozenset) and found.fact in names
    }


def _set_of(written: str | list[str]) -> frozenset[str]:
    """A set as it is submitted: a single code may stand without brackets."""
    return frozenset([written] if isinstance(written, str) else written)


def _with_others(codes: CodeList | None, chosen: Iterable[str]) -> list[str]:
    assert codes
    return sorted({code for each in chosen for code in (each, *codes.also(each))})


def value(fact: Fact, vocabulary: Vocabulary, random: Random) -> Any:
    """A value as it is submitted; None for what no rule looks at, such as names."""
    if fact.type in (FactType.CODE, FactType.CODES, FactType.CERTIFICATES):
        return _coded(fact, vocabulary, random)
    if fact.type is FactType.BOOLEAN:
        return random.random() < 0.5
    if fact.type is FactType.DATE:
        return str(date(1995, 1, 1) + timedelta(days=random.randrange(11_000)))
    if fact.type in NUMBERS:
        if fact.name.endswith("_year"):
            return random.randint(2015, 2026)
        return random.choice([n for n in FIGURES if _allowed(n, fact)])
    return None


def _coded(fact: Fact, vocabulary: Vocabulary, random: Random) -> Any:
    codes = vocabulary.codes_of(fact)
    assert codes
    if fact.type is FactType.CODE:
        return random.choice(narrowest(codes))
    # What says that there is nothing else is no answer by itself.
    possible = [code for code in narrowest(codes) if code not in codes.completing]
    chosen = random.sample(possible, random.randint(1 if fact.at_least_one else 0, 2))
    if fact.type is FactType.CODES:
        return _with_others(codes, chosen)
    return [{"category": code, **TERM} for code in chosen]


def narrowest(codes: CodeList) -> list[str]:
    """Codes in use within which none lies that has a name, so that no answer can be more exact as
    far as rules tell."""
    wider = {parent for code in codes.codes.values() for parent in code.parents}
    wider |= {c for c in codes.codes if any(n.startswith(c) for n in codes.named)}
    listed = [c for c, code in codes.codes.items() if c not in wider and not code.successor]
    return [*listed, *codes.named]


def _allowed(number: int, fact: Fact) -> bool:
    low, high = fact.minimum, fact.maximum
    return (
        (low is None or number >= low)
        and (high is None or number <= high)
        and not (fact.positive and number == 0)
    )
