"""What answers to one fact can do to the tests of it, as bit sets over the lanes of the index."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple, assert_never

from service.domain.advice.candidate_values import candidates, extreme_values
from service.domain.dates import ANY_DAY
from service.domain.facts.profile import NOBODY, Value
from service.domain.facts.vocabulary import Fact, FactType
from service.domain.index.bitset import BitSet, bitset_of
from service.domain.index.membership_columns import SettledTests
from service.domain.rules.conditions import Predicate
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Range
from service.domain.truth import Truth


class Question(NamedTuple):
    """A test of a single fact: its number, the bits where it stands, those where it must not hold.
    As numbers: a set is as wide as the index."""

    number: int
    bits: tuple[int, ...]
    negated: frozenset[int]


class FactTests(NamedTuple):
    """What answers can do to the tests of a fact; but for `test_bits`, where they all stand, only
    in programmes in which they are not entangled."""

    test_bits: BitSet
    # The lanes that they stand in, each by its offset with its programmes.
    lanes: tuple[tuple[int, BitSet], ...]
    # The programmes in which one answer moves several of them; all bits but those of these.
    entangled: BitSet
    others: BitSet
    # The bits where they are open; those where some answer makes one FALSE, and all of them TRUE.
    open: BitSet
    refutable: BitSet
    provable: BitSet
    # Only the tests that a stated value may leave open: a large catalogue has tens of thousands of
    # bounds, which every number settles.
    questions: tuple[Question, ...] = ()


def tests_from(
    found: Iterable[tuple[Question, bool, bool]],
    lanes: Iterable[tuple[int, BitSet]],
    entangled: BitSet,
) -> FactTests:
    """Tests with whether an answer can make each FALSE, and whether one can make it TRUE; the lanes
    they may stand in, and the programmes in which they are entangled."""
    tested, refutable, unprovable = list[int](), list[int](), list[int]()
    for (_, bits, negated), can_fail, can_hold in found:
        tested.extend(bits)
        if can_fail and can_hold:
            refutable.extend(bits)
        else:
            refutable.extend([b for b in bits if (can_hold if b in negated else can_fail)])
            unprovable.extend([b for b in bits if not (can_fail if b in negated else can_hold)])
    return _fact_tests(
        bitset_of(tested), bitset_of(refutable), bitset_of(unprovable), lanes, entangled
    )


def _fact_tests(
    at: BitSet,
    refutable: BitSet,
    unprovable: BitSet,
    lanes: Iterable[tuple[int, BitSet]],
    entangled: BitSet,
) -> FactTests:
    own = tuple((offset, held) for offset, held in lanes if (at >> offset) & held)
    others = bits_of_others(own, entangled)
    provable = at & ~unprovable & others
    return FactTests(at, own, entangled, others, at & others, refutable & others, provable)


def bits_of_others(lanes: Iterable[tuple[int, BitSet]], programmes: BitSet) -> BitSet:
    """All bits but those of some programmes in some lanes."""
    theirs = 0
    for offset, occupied in lanes if programmes else ():
        theirs |= (programmes & occupied) << offset
    return ~theirs


def programmes_at(bits: BitSet, lanes: Iterable[tuple[int, BitSet]]) -> BitSet:
    """The programmes to which bits in some lanes belong."""
    programmes = 0
    for offset, occupied in lanes if bits else ():
        programmes |= (bits >> offset) & occupied
    return programmes


def settled_tests(found: Iterable[SettledTests], lanes: Sequence[tuple[int, BitSet]]) -> FactTests:
    """What more exact values of a stated fact can do to its tests. Entangled are the programmes in
    which more than one of them stand.

    Of three programmes with two lanes one test stands in the first, and in the second's other lane,
    another in the second's first:

    >>> tests = [SettledTests(0b10001, 0b10001, 0), SettledTests(0b00010, 0, 0b00010)]
    >>> f"{settled_tests(tests, [(0, 0b111), (3, 0b111)]).entangled:03b}"
    '010'
    """
    at = several = refutable = unprovable = 0
    for tests, can_fail, can_hold in found:
        several |= at & tests
        at |= tests
        refutable |= can_fail
        unprovable |= tests & ~can_hold
    entangled, once = programmes_at(several, lanes), 0
    for offset, occupied in lanes:
        here = (at >> offset) & occupied
        entangled |= once & here
        once |= here
    return _fact_tests(at, refutable, unprovable, lanes, entangled)


def reachable_by(leaf: Predicate, values: Iterable[Value], as_of: date) -> tuple[bool, bool]:
    """Whether one of these values makes a question FALSE, and whether one makes it TRUE."""
    truths: set[Truth] = set()
    for value in values:
        truths.add(leaf.operator.decide(value, as_of).truth)
        if Truth.FALSE in truths and Truth.TRUE in truths:
            break
    return Truth.FALSE in truths, Truth.TRUE in truths


def probes(leaf: Predicate, fact: Fact) -> Iterator[Value]:
    """Values of a fact that between them make a question FALSE and TRUE, where any do."""
    match leaf.operator:
        case InSet() if fact.type in (FactType.CODE, FactType.CODES):
            yield from _all_codes(leaf.operator, fact)
        case Range() | Age():  # of most tests the ends say all, in a third of the time
            yield from extreme_values(fact)
        case InSet() | HoldsCertificate():
            pass
        case _:
            assert_never(leaf.operator)
    yield from candidates(fact, leaf, NOBODY, ANY_DAY)
    if fact.type is FactType.CERTIFICATES:
        yield ()


def _all_codes(operator: InSet, fact: Fact) -> Iterator[Value]:
    """No code of a fact that may have several, and each of the list alone."""
    several = fact.type is FactType.CODES
    if several and not fact.at_least_one:
        yield frozenset()
    for code in chain(operator.values, operator.codes.codes if operator.codes else ()):
        yield frozenset([str(code)]) if several else code
