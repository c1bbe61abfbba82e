"""The facts worth asking, found for all programmes at once, are those that the authority names."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from service.compiled.decisive.fact_compiler import FactCompiler
from service.compiled.decisive.open_facts import OpenFacts
from service.compiled.evaluated_subject import ConditionNumbers, EvaluatedSubject, SubjectStatuses
from service.domain.advice.decisive_facts import decisive_facts
from service.domain.evaluation.evaluator import Status, evaluate_programme
from service.domain.facts.profile import NOBODY, Profile, Subject
from service.domain.index.bitset import places_of
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition
from tests.domain.groups import any_of, every_of, not_
from tests.domain.predicates import among, undecided
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import DAY, VOCABULARY
from tests.domain.strategies import FAST, conditions, subjects

FIRM, LISTED = among("kind", "enterprise"), among("listed", True)
FIRM_OR_INSTITUTE = among("kind", "enterprise", "institute")
PERSON = among("kind", "individual")


def disagreements(whole: Catalogue, subject: Subject) -> list[object]:
    """Programmes for which other facts are named than the authority names."""
    index, numbers = StatusIndex(whole), ConditionNumbers()
    open_facts = OpenFacts(index, whole, FactCompiler(index, whole.vocabulary, numbers))
    (reading,) = index.truths_of(Profile(subject.facts), DAY)
    by_status = index.by_status(reading, DAY)
    undetermined = by_status[Status.UNDETERMINED]
    evaluated = EvaluatedSubject(numbers, subject, DAY)
    live = index.live_bits(reading.lanes, undetermined)
    by_fact = open_facts.decisive(SubjectStatuses(evaluated, reading, by_status, live))
    found: list[object] = []
    for place in places_of(undetermined):
        asked = index.programmes[place]
        match = evaluate_programme(asked, evaluated.for_programme(asked), DAY)
        named = {fact for fact, held in by_fact.items() if held >> place & 1}
        expected = set(decisive_facts(match, VOCABULARY, DAY))
        if named != expected:
            found.append((asked.condition, subject.facts, named, expected))
    return found


def test_random_rules_ask_what_the_authority_asks() -> None:
    """Facts asked once and again, below every gate; coarse values, and numbers made of several."""

    @given(st.lists(conditions(VOCABULARY), min_size=4, max_size=8), subjects(VOCABULARY))
    @settings(FAST, max_examples=12)
    def agree(rules: list[Condition], subject: Subject) -> None:
        whole = catalogue(*(programme(f"p{i}", rule) for i, rule in enumerate(rules)))
        company = {f: v for f, v in subject.facts.items() if f.startswith("company.")}
        assert not disagreements(whole, Subject(None, company, {}))

    agree()


def entangled(fact: str, rule: Condition) -> bool:
    """Whether a rule's tests of a fact hang together; either way the authority is met."""
    whole = catalogue(programme("p", rule))
    tests = FactCompiler(StatusIndex(whole), whole.vocabulary, ConditionNumbers()).tests[fact]
    assert not disagreements(whole, NOBODY)
    return bool(tests.entangled)


def test_a_fact_asked_twice_is_looked_at_test_by_test_where_values_allow_it() -> None:
    """An enterprise that is no person; an enterprise or institute that is listed if no enterprise;
    who sits in Beijing, and is listed if not in Shanghai: whatever decides, a value allows it."""
    beijing, shanghai = (among("region", c) for c in ("110000", "310000"))
    assert not entangled("company.kind", every_of(FIRM, not_(PERSON)))
    assert not entangled("company.kind", every_of(FIRM_OR_INSTITUTE, any_of(FIRM, LISTED)))
    assert not entangled("company.region", every_of(beijing, any_of(shanghai, LISTED)))


def test_tests_that_no_value_meets_together_hang_together() -> None:
    """Nobody sits in Beijing and in Shanghai: to be listed never lets the rule hold, which tests
    looked at one by one would not show."""
    beijing, shanghai = (among("region", c) for c in ("110000", "310000"))
    both = every_of(beijing, shanghai, LISTED)
    assert entangled("company.region", any_of(both, undecided()))


def test_tests_that_hang_together_are_tried_with_every_answer() -> None:
    """Who sits in Beijing, and is listed unless it sits in Shanghai or is an institute; whatever is
    stated of it, or not exactly enough, the authority is met."""
    beijing, shanghai = (among("region", c) for c in ("110000", "310000"))
    rule = every_of(beijing, any_of(shanghai, every_of(LISTED, not_(PERSON)), FIRM_OR_INSTITUTE))
    whole = catalogue(programme("p", rule), programme("q", not_(rule)))
    kinds = ("enterprise", "individual", None)
    for region, kind, listed in product(
        ("110000", "110101", "100000", None), kinds, (True, False, None)
    ):
        stated = {"region": region, "kind": kind, "listed": listed}
        facts = {f"company.{name}": value for name, value in stated.items() if value is not None}
        assert not disagreements(whole, Subject(None, facts, {}))


def test_what_is_asked_of_many_like_alternatives_is_what_the_authority_asks() -> None:
    """Five places of one shape, each with who may sit there; whatever is stated."""
    places = ("110105", "310106", "310115", "310119", "110000")
    rule = any_of(
        *(every_of(among("region", p), any_of(FIRM, not_(LISTED))) for p in places),
        every_of(FIRM, LISTED),
    )
    whole = catalogue(programme("p", rule), programme("q", every_of(PERSON, not_(rule))))
    for stated in product(("110105", "310000", None), ("enterprise", None), (True, False, None)):
        named = zip(("company.region", "company.kind", "company.listed"), stated, strict=True)
        facts = {fact: value for fact, value in named if value is not None}
        assert not disagreements(whole, Subject(None, facts, {}))
