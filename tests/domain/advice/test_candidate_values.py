"""Values worth trying for a fact."""

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest

from service.domain.advice.candidate_values import finer_parts, refining_values
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Subject, Value
from service.domain.facts.vocabulary import FactType
from service.domain.index.bitset import bitset_of, places_of
from service.domain.index.column import IndexedTest
from service.domain.index.column_factory import build_columns
from service.domain.index.membership_columns import NamedColumn
from service.domain.rules.conditions import Clause, Predicate
from service.domain.rules.operators import Decision, HoldsCertificate, InSet, Quantifier
from service.domain.rules.quantities import FactQuantity
from service.domain.truth import Truth
from tests.own import own_catalogue

DAY = date(2026, 11, 22)
WORDS = own_catalogue().vocabulary
FACTS = [f.id for f in WORDS.company if f.type in (FactType.CODE, FactType.CODES)]
(CERTIFICATES,) = [f.id for f in WORDS.company if f.type is FactType.CERTIFICATES]
TESTS = 12


def _truths_by_more(
    fact: str, operator: InSet | HoldsCertificate, value: Value, negated: bool
) -> set[Truth]:
    """What a test of a value that is too coarse for it comes to by more exact ones."""
    if operator.decide(value, DAY) is not Decision.COARSE:
        return set()
    test = Predicate(FactQuantity(fact), operator, Clause("m", 1))
    refined = refining_values(WORDS.facts[fact], test, Subject(None, {fact: value}, {}), DAY)
    truths = {operator.decide(v, DAY).truth for v in refined} - {Truth.UNKNOWN}
    return {~truth for truth in truths} if negated else truths


def _disagreements(
    fact: str, operators: Sequence[InSet | HoldsCertificate], value: Value
) -> list[object]:
    """The tests, each at its own bit, every third of which must not hold, that the column has come
    out otherwise by more exact values than each does by itself."""
    entries = [IndexedTest(bit, one, bit % 3 == 0) for bit, one in enumerate(operators)]
    full = bitset_of(range(TESTS))
    (column,) = build_columns(FactQuantity(fact), entries, full)
    assert isinstance(column, NamedColumn)
    found: list[set[Truth]] = [set() for _ in entries]
    for settled in column.settled_by_more(value, DAY, finer_parts):
        assert settled.tests == settled.refutable | settled.provable
        for truth, bits in ((Truth.FALSE, settled.refutable), (Truth.TRUE, settled.provable)):
            for bit in places_of(bits):
                found[bit].add(truth)
    expected = [_truths_by_more(fact, e.operator, value, e.negated) for e in entries]  # type: ignore[arg-type]
    return [
        (value, entry, one, other)
        for entry, one, other in zip(entries, found, expected, strict=True)
        if one != other
    ]


def _some(random: Random, codes: CodeList, most: int) -> list[str]:
    listed = sorted(codes.codes)
    return random.sample(listed, random.randint(1, min(most, len(listed))))


@pytest.mark.parametrize("fact", FACTS)
def test_codes_stated_more_exactly_settle_all_tests_at_once_as_they_do_each(fact: str) -> None:
    """Which tests more exact codes make TRUE and which FALSE is found for all tests of a fact
    together as for each by itself: also under open lists, where tests must not hold, and in lists
    where one code may go with others or rules them out."""
    codes, known = WORDS.codes_of(WORDS.facts[fact]), WORDS.facts[fact]
    assert codes is not None
    random = Random(3)
    for _ in range(25):
        operators = [
            InSet(
                tuple(_some(random, codes, 3)),
                Quantifier.ANY,
                tuple(_some(random, codes, 1)) if random.random() < 0.3 else (),
                codes,
            )
            for _ in range(TESTS)
        ]
        several = known.type is FactType.CODES
        broad = random.choice(
            [v for o in operators for c in o.values for v in codes.ancestors(str(c))]
        )
        value = frozenset([broad, *_some(random, codes, 2)]) if several else broad
        assert not _disagreements(fact, operators, value)


def test_what_an_open_list_leaves_open_is_settled_by_no_more_exact_code() -> None:
    """An institutional investor that is no enterprise, under a list of enterprises that is open to
    such investors: whether it counts, the rule alone could say."""
    codes = WORDS.codes_of(WORDS.facts["company.kind"])
    operator = InSet(("enterprise",), Quantifier.ANY, ("institutional_investor",), codes)
    value = frozenset({"individual_business", "institutional_investor"})
    assert operator.decide(value, DAY) is Decision.OPEN
    assert not _disagreements("company.kind", [operator], value)


def test_certificates_stated_more_exactly_settle_all_tests_at_once_as_they_do_each() -> None:
    """Certificates without a last day, contested, run out, and such as nobody is sure of."""
    codes = WORDS.codes_of(WORDS.facts[CERTIFICATES])
    assert codes is not None
    random = Random(5)
    for _ in range(40):
        operators = [HoldsCertificate(tuple(_some(random, codes, 3)), codes) for _ in range(TESTS)]
        held = [
            Certificate(
                category,
                random.choice([None, date(2025, 1, 1)]),
                random.choice([None, None, date(2026, 1, 1), date(2027, 1, 1)]),
                contested=random.random() < 0.2,
                unsure=random.random() < 0.2,
            )
            for category in (random.choice(operators).categories[0] for _ in range(3))
        ]
        assert not _disagreements(CERTIFICATES, operators, tuple(held))
