"""Random facts, conditions and subjects of any vocabulary, for properties that always hold.

Nothing here knows a particular fact: hand in the vocabulary a test works with.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from service.domain.dates import Span, Window
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Award, Certificate, Subject, Value
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules import conditions as tree
from service.domain.rules import quantities as forms
from service.domain.rules.operators import Age, HoldsCertificate, InSet, Operator, Quantifier, Range
from service.domain.rules.quantities import Quantity
from service.domain.rules.record_tests import AwardTest, CertificateTest
from service.domain.rules.record_times import FiscalYears, FromNow, Recent, Years
from service.domain.rules.units import SHARE
from service.domain.text import Text

FAST = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)
NUMBERS = (FactType.INTEGER, FactType.NUMBER, FactType.MONEY)
# Few values, near each other: bounds are hit exactly and often.
WHOLE = st.integers(0, 6)
EXACT = st.decimals(0, 6, places=2) | WHOLE.map(Decimal)
DAYS = st.sampled_from(
    [date(y, m, d) for y in (2020, 2024, 2025) for m, d in ((1, 31), (2, 28), (11, 22))]
    + [date(2020, 2, 29), date(2024, 2, 29), date(2030, 1, 1)]
)
CLAUSES = st.integers(1, 9).map(lambda n: tree.Clause("doc", n))
BASES = st.sampled_from(tree.Basis)


def _codes(codes: CodeList | None) -> SearchStrategy[str]:
    return st.sampled_from(sorted(codes.codes) if codes else ["a", "b"])


def values(fact: Fact, vocabulary: Vocabulary) -> SearchStrategy[Value]:
    """A value of a fact's type; codes come from its list, numbers and days from a few."""
    codes = _codes(vocabulary.codes_of(fact))
    day = st.none() | DAYS
    some: Mapping[FactType, SearchStrategy[Value]] = {
        FactType.BOOLEAN: st.booleans(),
        FactType.INTEGER: WHOLE,
        FactType.NUMBER: EXACT,
        FactType.MONEY: EXACT,
        FactType.DATE: DAYS,
        FactType.CODE: codes,
        FactType.CODES: st.frozensets(codes, max_size=3),
        FactType.CERTIFICATES: st.lists(
            st.builds(Certificate, codes, day, day, st.none())
            | st.builds(Certificate, codes, unsure=st.just(True)),
            max_size=3,
        ).map(tuple),
        FactType.AWARDS: st.lists(
            st.builds(
                Award,
                codes,
                st.none(),
                st.none() | EXACT,
                st.none() | st.sampled_from([2019, 2024]),
                granted_on=st.none() | DAYS,
            ),
            max_size=2,
        ).map(tuple),
    }
    return some.get(fact.type, codes)


def facts(vocabulary: Vocabulary) -> SearchStrategy[dict[str, Value]]:
    """Some of the facts, stated; the others are unknown."""
    known = {fact.id: values(fact, vocabulary) for fact in vocabulary.stated}
    return st.fixed_dictionaries({}, optional=known)


def subjects(vocabulary: Vocabulary) -> SearchStrategy[Subject]:
    """The company itself with some of the facts stated."""
    return facts(vocabulary).map(lambda stated: Subject(None, stated, {}))


def ranges(points: SearchStrategy[Any]) -> SearchStrategy[Range]:
    """A range bounded on at least one side, its ends in order, with at least one value in it: the
    loader takes none that nothing can lie in."""
    pair = st.lists(points, min_size=2, max_size=2).map(sorted)
    bounds = st.tuples(pair, st.sampled_from(["low", "high", "both"]))

    def bounded(ends: tuple[list[Any], str], low: bool, high: bool) -> Range:
        (first, last), bounded_by = ends
        one = bounded_by == "both" and first == last
        return Range(
            None if bounded_by == "high" else first,
            None if bounded_by == "low" else last,
            low or one,
            high or one,
        )

    return st.builds(bounded, bounds, st.booleans(), st.booleans())


@st.composite
def _among(draw: st.DrawFn, fact: Fact, vocabulary: Vocabulary) -> InSet:
    codes = vocabulary.codes_of(fact)
    if fact.type is FactType.BOOLEAN:
        return InSet((draw(st.booleans()),))
    if fact.type is FactType.INTEGER:
        return InSet(tuple(draw(st.lists(WHOLE, min_size=1, max_size=3, unique=True))))
    named = st.lists(_codes(codes), min_size=1, max_size=3, unique=True).map(tuple)
    need = draw(st.sampled_from(Quantifier)) if fact.type is FactType.CODES else Quantifier.ANY
    umbrella = draw(st.just(()) | named) if need is Quantifier.ANY else ()
    return InSet(draw(named), need, umbrella, codes)


def operators(fact: Fact, vocabulary: Vocabulary) -> SearchStrategy[Operator]:
    """An operator that fits a fact."""
    codes = vocabulary.codes_of(fact)
    if fact.type is FactType.CERTIFICATES and codes:
        named = st.lists(_codes(codes), min_size=1, max_size=2, unique=True).map(tuple)
        return st.builds(HoldsCertificate, named, st.just(codes))
    if fact.type is FactType.DATE:
        return ranges(DAYS) | st.builds(Age, ranges(st.integers(0, 72)), st.just(False))
    if fact.type is FactType.INTEGER:
        return ranges(WHOLE) | _among(fact, vocabulary)
    if fact.type in NUMBERS:
        return ranges(EXACT)
    return _among(fact, vocabulary)


def questions(vocabulary: Vocabulary, *, counted: bool = False) -> SearchStrategy[tree.Predicate]:
    """One question to one fact, or to a number made of several."""
    askable = [f for f in vocabulary.stated if f.type is not FactType.AWARDS]
    made = quantities(vocabulary, counted=counted)

    # The vocabulary is no argument of the strategy, which would be printed whole.
    @st.composite
    def question(draw: st.DrawFn) -> tree.Predicate:
        clause, basis = draw(CLAUSES), draw(BASES)
        if draw(st.integers(0, 9)) < 6:
            fact = draw(st.sampled_from(askable))
            operator = draw(operators(fact, vocabulary))
            return tree.Predicate(forms.FactQuantity(fact.id), operator, clause, basis)
        return tree.Predicate(draw(made), draw(ranges(EXACT.map(Fraction))), clause, basis)

    return question()


def ends(fact: Fact) -> tuple[Fraction | None, Fraction | None]:
    """The ends that a vocabulary would give a fact where it is reckoned with: all values lie in
    them. Some have none."""
    low = None if fact.unit else Fraction(0)
    return low, Fraction(6) if fact.type is FactType.INTEGER else None


def fact_quantity(fact: Fact) -> forms.FactQuantity:
    """A fact as a quantity, with its ends."""
    return forms.FactQuantity(fact.id, *ends(fact))


def with_ends(fact: Fact) -> Fact:
    """The fact as a vocabulary has it whose ends the quantities of random rules know."""
    if fact.type not in NUMBERS:
        return fact
    low, high = (None if end is None else Decimal(int(end)) for end in ends(fact))
    return replace(fact, minimum=low, maximum=high)


def _bands(of: SearchStrategy[Quantity]) -> SearchStrategy[Quantity]:
    limits = st.lists(st.integers(0, 6), min_size=1, max_size=2, unique=True).map(sorted)

    def scale(of: Quantity, limits: list[int], progressive: bool, included: bool) -> Quantity:
        steps = [forms.Band(Fraction(n), included, Fraction(n + 1, 2)) for n in limits]
        last = forms.Band(None, False, Fraction(1, 2), Fraction(0 if progressive else 1))
        return forms.Bands(of, (*steps, last), progressive, SHARE)

    return st.builds(scale, of, limits, st.booleans(), st.booleans())


@st.composite
def _branches(
    draw: st.DrawFn, vocabulary: Vocabulary, parts: SearchStrategy[Quantity], *, coded: bool
) -> Quantity:
    codes = [f for f in vocabulary.facts.values() if f.type in (FactType.CODE, FactType.CODES)]
    facts = [draw(st.sampled_from(codes))] if coded else list(vocabulary.stated)
    facts = [f for f in facts if f.type is not FactType.AWARDS]
    branches = []
    for _ in range(draw(st.integers(1, 2))):
        fact = draw(st.sampled_from(facts))
        test = tree.Predicate(
            forms.FactQuantity(fact.id), draw(operators(fact, vocabulary)), draw(CLAUSES)
        )
        branches.append(forms.Branch(test, draw(parts)))
    otherwise = draw(parts)
    if coded:
        return forms.ByCode(facts[0].id, tuple(branches), otherwise)
    return forms.Cases(tuple(branches), otherwise)


def _certificate_test(codes: CodeList) -> Callable[..., CertificateTest]:
    # A list among the arguments of a strategy would be printed whole.
    return lambda named, dated, valid: CertificateTest(named, codes, dated[0], dated[1], valid)


def _counts(vocabulary: Vocabulary) -> SearchStrategy[Quantity]:
    """How many certificates or awards meet a test, whose details may be unknown."""
    firsts = st.none() | st.sampled_from([2020, 2024, FromNow(-2), FromNow(-1)])
    lasts = st.sampled_from([2025, FromNow(-1), FromNow(0)])
    years = st.none() | st.builds(Years, firsts, lasts)
    found: list[SearchStrategy[Quantity]] = []
    for fact in vocabulary.facts.values():
        codes = vocabulary.codes_of(fact)
        named = st.lists(_codes(codes), min_size=1, max_size=2, unique=True).map(tuple)
        if fact.type is FactType.AWARDS:
            within = st.builds(Recent, _SPANS)
            fiscal = st.builds(FiscalYears, st.sampled_from([1, 2]), st.just(2), st.just(29))
            test = st.builds(
                AwardTest, st.just(()), named, st.just(()), years, stated=st.booleans(),
                within=st.none() | within | fiscal,
            )  # fmt: skip
            found.append(st.builds(forms.Count, st.just(fact.id), test, st.booleans()))
        elif fact.type is FactType.CERTIFICATES and codes is not None:
            issued: SearchStrategy[Window | Recent] = st.builds(
                Window, st.just(date(2024, 1, 1)), st.none() | st.just(date(2025, 6, 30))
            )
            issued = issued | st.builds(Recent, _SPANS)
            dated = st.tuples(st.none(), years) | st.tuples(issued, st.none())
            held = st.builds(_certificate_test(codes), named, dated, st.booleans())
            found.append(st.builds(forms.Count, st.just(fact.id), held))
    return st.one_of(found)


# Numbers that a text leaves open, up to another or without an upper end.
_OPEN = (forms.Between(Fraction(1, 2), Fraction(3)), forms.Between(Fraction(-1), None))
# Spans in which a record may be recent.
_SPANS = st.sampled_from([Span(6), Span(24), Span(days=90)])


def _steps(parts: SearchStrategy[Quantity]) -> SearchStrategy[Quantity]:
    """How many times a quantity holds so much; counted in items, whatever it is made of."""
    each = st.sampled_from(["1/2", "1", "3"]).map(lambda n: forms.Constant(Fraction(n)))
    return st.builds(forms.Steps, parts, each, st.booleans())


def quantities(vocabulary: Vocabulary, *, counted: bool = False) -> SearchStrategy[Quantity]:
    """A quantity of any class, nested; only what is made of several parts. `counted`: only what
    units let pass, and so can be put into words."""
    facts = [f for f in vocabulary.facts.values() if f.type in NUMBERS]
    if counted:
        facts = [f for f in facts if f.type is FactType.NUMBER and not f.unit]
    numeric = [fact_quantity(f) for f in facts]
    days: SearchStrategy[Quantity] = st.sampled_from(
        [fact_quantity(f) for f in vocabulary.facts.values() if f.type is FactType.DATE]
        + [forms.AsOf(), forms.FixedDay(date(2026, 2, 28))]
    )
    leaf: SearchStrategy[Quantity] = st.one_of(
        st.sampled_from(numeric),
        st.sampled_from(numeric),
        st.fractions(-2, 6, max_denominator=4).map(forms.Constant),
        st.sampled_from(_OPEN),
    )

    # Made once: of two equal strategies hypothesis takes one, but only while its cache knows both,
    # and so might choose among more in one run than in the next.
    flat: list[SearchStrategy[Quantity]] = []
    if not counted:
        spans = st.sampled_from([forms.MonthsBetween, forms.MonthsBegun])
        span = st.builds(lambda kind, first, second: kind(first, second), spans, days, days)
        calendar = st.sampled_from([forms.YearOf, forms.MonthOf])
        flat = [_counts(vocabulary), span, st.builds(lambda kind, day: kind(day), calendar, days)]

    def composite(parts: SearchStrategy[Quantity]) -> SearchStrategy[Quantity]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            *(
                st.builds(kind, several)
                for kind in (forms.Sum, forms.Product, forms.Mean, forms.Least, forms.Greatest)
            ),
            *(
                st.builds(kind, parts, parts)
                for kind in (forms.Difference, forms.Ratio, forms.Growth, forms.Excess)
            ),
            _branches(vocabulary, parts, coded=False),
            _branches(vocabulary, parts, coded=True),
            _bands(parts),
            st.builds(forms.Power, parts, st.just(2)),
            *([] if counted else [_steps(parts)]),
            *([] if counted else [st.builds(forms.Score, parts, st.just(Text("得分", "Score")))]),
            *flat,
        )

    return composite(leaf) | composite(composite(leaf))


UNDECIDED = st.builds(tree.Undecided, st.just(Text("未定事项", "An open point")), CLAUSES, BASES)


def groups(children: SearchStrategy[tree.Condition]) -> SearchStrategy[tree.Group]:
    """Conditions taken together in every way; a count never exceeds the children."""
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    gates = st.sampled_from([tree.Connective.ALL, tree.Connective.ANY])
    counted = several.flatmap(
        lambda parts: st.builds(
            lambda count, clause: tree.Group(tree.Connective.AT_LEAST, parts, clause, count=count),
            st.integers(1, len(parts)), CLAUSES,
        )
    )  # fmt: skip
    negated = st.builds(
        lambda c, clause: tree.Group(tree.Connective.NOT, (c,), clause), children, CLAUSES
    )
    return st.builds(tree.Group, gates, several, CLAUSES) | counted | negated


def conditions(vocabulary: Vocabulary, *, counted: bool = False) -> SearchStrategy[tree.Condition]:
    """A condition tree of every gate, operator and combination, with open points. `counted`: as of
    quantities."""
    one = questions(vocabulary, counted=counted)
    leaf: SearchStrategy[tree.Condition] = st.one_of(one, one, UNDECIDED)
    return st.recursive(leaf, groups, max_leaves=5)
