"""Strong Kleene logic, as its tables say."""

from itertools import permutations, product

import pytest

from service.domain.truth import Truth, at_least, every, some

FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
TRIPLES = tuple(product(Truth, repeat=3))


@pytest.mark.parametrize(("truth", "negated"), [(TRUE, FALSE), (UNKNOWN, UNKNOWN), (FALSE, TRUE)])
def test_negation_leaves_the_unknown_unknown(truth: Truth, negated: Truth) -> None:
    assert ~truth is negated
    assert ~~truth is truth


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (TRUE, TRUE, TRUE, TRUE),
        (TRUE, UNKNOWN, UNKNOWN, TRUE),
        (TRUE, FALSE, FALSE, TRUE),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, FALSE, FALSE, UNKNOWN),
        (FALSE, FALSE, FALSE, FALSE),
    ],
)
def test_conjunction_and_disjunction(
    first: Truth, second: Truth, both: Truth, either: Truth
) -> None:
    """One FALSE settles "and", one TRUE settles "or", in either order."""
    for pair in permutations((first, second)):
        assert every(pair) is both
        assert some(pair) is either


@pytest.mark.parametrize("truths", TRIPLES, ids=lambda t: "-".join(map(str, t)))
def test_de_morgan(truths: tuple[Truth, ...]) -> None:
    assert ~every(truths) is some(~t for t in truths)
    assert ~some(truths) is every(~t for t in truths)


@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("truths", TRIPLES, ids=lambda t: "-".join(map(str, t)))
def test_at_least_counts_what_holds_in_every_possible_world(
    count: int, truths: tuple[Truth, ...]
) -> None:
    """TRUE where enough hold for certain, FALSE where not even all unknown ones would do."""
    sure, possible = truths.count(TRUE), truths.count(TRUE) + truths.count(UNKNOWN)
    expected = TRUE if sure >= count else UNKNOWN if possible >= count else FALSE
    assert at_least(count, truths) is expected


@pytest.mark.parametrize("truths", TRIPLES, ids=lambda t: "-".join(map(str, t)))
def test_at_least_one_is_any_and_at_least_all_is_all(truths: tuple[Truth, ...]) -> None:
    assert at_least(1, truths) is some(truths)
    assert at_least(len(truths), truths) is every(truths)


def test_of_nothing() -> None:
    """No requirement is met; no alternative holds."""
    assert every(()) is TRUE
    assert some(()) is FALSE
    assert at_least(0, ()) is TRUE
    assert at_least(1, ()) is FALSE


@pytest.mark.parametrize("truths", TRIPLES)
def test_results_are_truths_and_not_bare_numbers(truths: tuple[Truth, ...]) -> None:
    assert {type(f(truths)) for f in (every, some)} == {Truth}
    assert type(at_least(2, truths)) is Truth


def test_names() -> None:
    """A truth is written in lower case, and a bool becomes TRUE or FALSE."""
    assert [str(t) for t in Truth] == ["false", "unknown", "true"]
    assert (Truth.of(True), Truth.of(False)) == (TRUE, FALSE)
