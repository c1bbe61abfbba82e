"""A catalogue in Japanese and in yen, which have no parts."""

import pytest

from service.app import Services
from service.usecases.authoring.boundaries import boundary_rows


@pytest.mark.parametrize("fact", ["company.shihonkin", "company.keihi"])
def test_money_is_tried_in_the_coins_that_there_are(minato: Services, fact: str) -> None:
    """Both sides of a bound are a yen apart, for nobody has half of one."""
    compiled = minato.compiled
    programme = compiled.catalogue.programmes["minato-01-setsubi"]
    values = [r.value for r in boundary_rows(compiled, programme) if r.fact == fact and r.value]
    assert values
    assert all(value == int(str(value)) for value in values)
