"""Two versions of a rule: who gains, who loses, and that both were found out."""

from datetime import date

import pytest

from service.catalogue.loader import load_catalogue
from service.domain.evaluation.evaluator import evaluate_programme
from service.domain.rules.catalogue import Catalogue
from service.domain.truth import Truth
from service.proof.widening import Widening, compare_rules
from tests.catalogue.test_loader import good

SOLAR = "policies/aid/01-solar.yaml"
DAY = date(2026, 11, 22)


def isles(old: str, new: str) -> Catalogue:
    source = good()
    text = source[SOLAR].decode()
    assert old in text
    return load_catalogue({**source, SOLAR: text.replace(old, new).encode()})


@pytest.mark.parametrize(
    ("old", "new", "widening"),
    [
        ("one_of: [micro, small]", "one_of: [small, micro]", Widening.SAME),
        ("one_of: [micro, small]", "one_of: [micro, small, large]", Widening.WIDER),
        ("one_of: [micro, small]", "one_of: [micro]", Widening.NARROWER),
        ("one_of: [micro, small]", "one_of: [small, large]", Widening.NEITHER),
        ("age_less_than: {years: 10}", "age_at_most: {years: 10}", Widening.WIDER),
        ("age_less_than: {years: 10}", "age_less_than: {months: 120}", Widening.SAME),
        ("has_any: [solar], umbrella: [green]", "has_any: [solar]", Widening.NARROWER),
    ],
)
def test_wider_narrower_neither_or_the_same(old: str, new: str, widening: Widening) -> None:
    """Whoever the solver shows as gaining or losing does so before the reference evaluator."""
    catalogue, changed = isles(old, old), isles(old, new)
    before, after = (c.programmes["isles-solar"] for c in (catalogue, changed))
    found = compare_rules(changed.vocabulary, before, after, DAY)
    assert found.widening is widening
    for subject, loser, winner in ((found.gains, before, after), (found.loses, after, before)):
        if subject is not None:
            truths = [evaluate_programme(p, subject, DAY).finding.truth for p in (loser, winner)]
            assert truths[0] is not truths[1]
            assert truths[1] is not Truth.FALSE
