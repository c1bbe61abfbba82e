"""Seeded synthetic catalogues and profiles in the project's own vocabulary.

Each programme has three to eight conditions; one programme in four puts two or three of them as
alternatives, one in ten excludes something. `shared`: bounds come from a dozen round figures, as in
real rules; otherwise every bound is a figure of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from service.domain.dates import Window, add_months
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Profile, Value
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Condition, Connective, Group, Predicate
from service.domain.rules.measures import Evidence
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Operator, Range
from service.domain.rules.programmes import Commitment, Programme
from service.domain.rules.quantities import FactQuantity
from service.domain.text import Text

DAY = date(2026, 11, 22)
CLAUSE = Clause("synthetic", 1)
NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)
ASKED = (*NUMBERS, FactType.CODE, FactType.CODES, FactType.BOOLEAN, FactType.DATE,
         FactType.CERTIFICATES)  # fmt: skip
ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
TOP = 6000
FACTS = 34


def synthetic(
    words: Vocabulary, count: int, *, shared: bool, plain: bool = False, seed: int = 5
) -> Catalogue:
    """A catalogue of so many programmes, the same for the same seed. `plain` leaves out what other
    engines cannot say: terms that nobody has defined."""
    random = Random(seed)
    asked = asked_facts(words)
    if plain:
        words = _defined(words)
    programmes = [_programme(random, words, asked, i, shared) for i in range(count)]
    return Catalogue("synthetic", words, {}, {p.id: p for p in programmes})


def asked_facts(words: Vocabulary) -> list[Fact]:
    """The first facts of the company that conditions can ask for."""
    kept = [f for f in words.company if f.type in ASKED and f.id != "company.projects_absent"]
    return kept[:FACTS]


def profiles(words: Vocabulary, count: int, seed: int = 7) -> list[Profile]:
    """So many companies, each with about four in five of the facts stated."""
    random = Random(seed)
    asked = asked_facts(words)
    return [
        Profile({f.id: value(random, words, f) for f in asked if random.random() < 0.8})
        for _ in range(count)
    ]


def leaf_profiles(
    words: Vocabulary, count: int, seed: int = 9, known: float = 1.0
) -> list[Profile]:
    """So many companies of which everything is known, or that part of it, with the narrowest codes:
    where all is known nothing can come out UNKNOWN, so that engines without that answer can be
    compared."""
    random, words = Random(seed), narrowest(words)
    asked = asked_facts(words)
    return [
        Profile({f.id: value(random, words, f) for f in asked if random.random() < known})
        for _ in range(count)
    ]


def _defined(words: Vocabulary) -> Vocabulary:
    return _with_codes(words, lambda codes, code: not codes.codes[code].undefined)


def narrowest(words: Vocabulary) -> Vocabulary:
    """The vocabulary as values are drawn from it where no code may be too broad for a rule."""
    broad = {id(c): {p for x in c.codes.values() for p in x.parents} for c in words.lists.values()}
    return _with_codes(words, lambda codes, code: code not in broad[id(codes)])


def _with_codes(words: Vocabulary, keep: Callable[[CodeList, str], bool]) -> Vocabulary:
    lists = {
        name: _Chosen(codes, [c for c in codes.codes if keep(codes, c)])
        for name, codes in words.lists.items()
    }
    return replace(words, lists=lists)


class _Chosen(CodeList):
    """A list of which only some codes are drawn; what they mean stays the whole list's business."""

    def __init__(self, whole: CodeList, drawn: list[str]) -> None:
        super().__init__(whole.id, whole.label, whole.codes, whole.extension_pattern)
        object.__setattr__(self, "drawn", drawn)


def _drawn(codes: CodeList) -> list[str]:
    """Those that say something by themselves."""
    return sorted(set(getattr(codes, "drawn", codes.codes)) - codes.completing)


def value(random: Random, words: Vocabulary, fact: Fact) -> Value:
    """A value of a fact's type."""
    codes = words.codes_of(fact)
    listed = _drawn(codes) if codes else []
    if fact.type is FactType.CODE:
        return random.choice(listed)
    if fact.type is FactType.CODES:
        drawn = frozenset(random.choices(listed, k=random.randrange(fact.at_least_one, 4)))
        if codes is not None and drawn and drawn <= codes.completing:
            # Alone they are refused: they say only that there is nothing else.
            return drawn | {random.choice([c for c in listed if c not in codes.completing])}
        return drawn
    if fact.type is FactType.BOOLEAN:
        return random.random() < 0.5
    if fact.type is FactType.DATE:
        return DAY - timedelta(days=random.randrange(9000))
    if fact.type is FactType.CERTIFICATES:
        day = DAY - timedelta(days=random.randrange(900))
        term = timedelta(days=1095)
        return tuple(
            Certificate(c, day, day + term)
            for c in dict.fromkeys(random.choices(listed, k=random.randrange(3)))
        )
    if fact.type is FactType.INTEGER:
        return random.randrange(TOP)
    return Decimal(random.randrange(TOP * 100)) / 100


def _programme(
    random: Random, words: Vocabulary, asked: list[Fact], number: int, shared: bool
) -> Programme:
    facts = random.sample(asked, random.randint(3, 8))
    tests: list[Condition] = [_test(random, words, f, shared) for f in facts]
    if random.random() < 0.25:
        cut = random.randint(2, 3)
        tests = [*tests[cut:], Group(Connective.ANY, tuple(tests[:cut]), CLAUSE)]
    if random.random() < 0.1:
        tests[0] = Group(Connective.NOT, (tests[0],), CLAUSE)
    name = f"s{number:05}"
    return Programme(
        id=name, name=Text(name, name), summary=Text("", ""), measure="synthetic", article=1,
        instrument="grant", commitment=Commitment.FUNDING, jurisdiction="310000",
        evidence=Evidence.OFFICIAL, window=Window(), decided_by=Text("", ""), departments=(),
        kinds=(), fields=(), condition=Group(Connective.ALL, tuple(tests), CLAUSE),
    )  # fmt: skip


def _test(random: Random, words: Vocabulary, fact: Fact, shared: bool) -> Predicate:
    return Predicate(FactQuantity(fact.id), _operator(random, words, fact, shared), CLAUSE)


def _operator(random: Random, words: Vocabulary, fact: Fact, shared: bool) -> Operator:
    codes = words.codes_of(fact)
    if fact.type is FactType.BOOLEAN:
        return InSet((random.random() < 0.5,))
    if fact.type is FactType.CERTIFICATES:
        assert codes
        return HoldsCertificate(tuple(random.sample(_drawn(codes), 2)), codes)
    if codes:
        listed = _drawn(codes)
        return InSet(
            tuple(random.sample(listed, min(len(listed), random.randint(1, 3)))), codes=codes
        )
    if fact.type is FactType.DATE:
        months = Range(high=random.choice(ROUND[2:9]) if shared else random.randrange(600))
        return Age(months)
    at_least = random.random() < 0.5
    bound: int | Decimal = random.choice(ROUND)
    if not shared:
        bound = Decimal(random.randrange(TOP * 100)) / 100
    bound = int(bound) if fact.type is FactType.INTEGER else Decimal(bound)
    return Range(low=bound) if at_least else Range(high=bound)


def plain_catalogue(catalogue: Catalogue) -> dict[str, Any]:
    """The rules as nested lists: ["all", …], ["any", …], ["not", x], and ["in", fact, values],
    [">=", fact, number or day], ["<=", …] for the tests."""
    return {name: _plain(p.condition) for name, p in catalogue.programmes.items()}


def _plain(condition: Condition) -> list[Any]:
    if isinstance(condition, Group):
        return [str(condition.gate), *(_plain(c) for c in condition.children)]
    assert isinstance(condition, Predicate)
    fact, operator = condition.quantity.facts[0].partition(".")[2], condition.operator
    if isinstance(operator, InSet):
        return ["in", fact, [_word(v, operator.codes) for v in operator.values]]
    if isinstance(operator, HoldsCertificate):
        return ["in", fact, list(operator.categories)]
    if isinstance(operator, Age):
        assert isinstance(operator.months.high, int)
        return [">=", fact, _earliest(operator.months.high).isoformat()]
    assert isinstance(operator, Range)
    if operator.low is not None:
        return [">=", fact, float(operator.low)]  # type: ignore[arg-type]
    return ["<=", fact, float(operator.high)]  # type: ignore[arg-type]


def _earliest(months: int) -> date:
    """The first day whose age today is at most so many months."""
    day = add_months(DAY, -months) - timedelta(days=4)
    while add_months(day, months) < DAY:
        day += timedelta(days=1)
    return day


def _word(part: object, codes: CodeList | None = None) -> str:
    if isinstance(part, bool):
        return str(part).lower()
    return codes.current(str(part)) if codes else str(part)


def spelt_out(words: Vocabulary, rules: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The rules with every code that lies in what they ask for, for columns of narrow codes."""
    below: dict[str, dict[str, set[str]]] = {}
    for fact in asked_facts(words):
        within = below[fact.id.partition(".")[2]] = {}
        codes = words.codes_of(fact)
        for code in codes.codes if codes else ():
            for broader in codes.ancestors(code) if codes else ():
                within.setdefault(broader, set()).add(code)
    return {name: _spelt_out(rule, below) for name, rule in rules.items()}


def _spelt_out(rule: list[Any], below: dict[str, dict[str, set[str]]]) -> list[Any]:
    gate, *rest = rule
    if gate in ("all", "any", "not"):
        return [gate, *(_spelt_out(part, below) for part in rest)]
    if gate == "in":
        within = below[rest[0]]
        return [gate, rest[0], sorted(set().union(*(within.get(c, {c}) for c in rest[1])))]
    return rule


def plain_profile(words: Vocabulary, profile: Profile) -> dict[str, Any]:
    """The facts as other engines take them: codes as lists that name everything broader too, days
    as text, certificates as the categories valid today."""
    return {
        fact.partition(".")[2]: _plain_value(words, words.facts[fact], held)
        for fact, held in profile.company.items()
    }


def _plain_value(words: Vocabulary, fact: Fact, held: Value) -> Any:
    codes = words.codes_of(fact)
    if isinstance(held, tuple):
        valid = [c for c in held if isinstance(c, Certificate) and _valid(c)]
        return sorted({a for c in valid if codes for a in codes.ancestors(c.category)})
    if isinstance(held, bool):
        return [_word(held)]
    if codes:
        members = held if isinstance(held, frozenset) else (held,)
        return sorted({a for m in members for a in codes.ancestors(str(m))})
    if isinstance(held, date):
        return held.isoformat()
    assert isinstance(held, int | Decimal)
    return float(held)


def _valid(certificate: Certificate) -> bool:
    issued, expires = certificate.issued_on, certificate.expires_on
    return issued is not None and expires is not None and issued <= DAY <= expires
