"""Lanes folded in steps: alternatives that are alike are folded together, as each by itself."""

from itertools import product

import pytest

from service.domain.evaluation.evaluator import Status, evaluate
from service.domain.facts.profile import Profile, Value
from service.domain.index.status_index import StatusIndex
from service.domain.rules.conditions import Condition
from tests.domain.groups import any_of, every_of, not_
from tests.domain.predicates import among
from tests.domain.programmes import catalogue, programme
from tests.domain.sample import DAY

REGIONS = ("110105", "310106", "310115", "310119", "110000")
LISTED, FIRM = among("listed", True), among("kind", "enterprise")


def alternatives(count: int) -> Condition:
    """So many places, each with who may sit there; then something of another shape."""
    places = (every_of(among("region", r), any_of(FIRM, not_(LISTED))) for r in REGIONS[:count])
    return any_of(*places, every_of(FIRM, LISTED))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_alternatives_of_one_shape_come_to_what_each_comes_to(count: int) -> None:
    """However many there are: beside rules of other shapes, below a "not", and twice in a rule."""
    rule = alternatives(count)
    whole = catalogue(
        programme("plain", rule),
        programme("turned", not_(rule)),
        programme("within", every_of(LISTED, any_of(not_(rule), FIRM))),
        programme("other", any_of(every_of(FIRM, LISTED), among("region", "310000"))),
    )
    index = StatusIndex(whole)
    kinds: tuple[Value | None, ...] = ("enterprise", "institute", None)
    for region, kind, listed in product((*REGIONS, "310000", None), kinds, (True, False, None)):
        stated = {"company.region": region, "company.kind": kind, "company.listed": listed}
        profile = Profile({fact: value for fact, value in stated.items() if value is not None})
        expected = {m.programme.id: m.status for m in evaluate(whole, profile, DAY).matches}
        (reading,) = index.truths_of(profile, DAY)
        found = {
            p.id: status
            for status, held in index.by_status(reading, DAY).items()
            for p in index.programmes_in(held)
        }
        assert found == expected, profile


def test_a_test_has_no_say_below_a_node_that_is_decided() -> None:
    """Of who sits in Beijing only the alternative of Beijing asks on; of who is no firm none."""
    whole = catalogue(programme("p", every_of(FIRM, alternatives(3))))
    index = StatusIndex(whole)

    def live(**stated: Value) -> int:
        facts = {f"company.{name}": value for name, value in stated.items()}
        (reading,) = index.truths_of(Profile(facts), DAY)
        undetermined = index.by_status(reading, DAY)[Status.UNDETERMINED]
        return index.live_bits(reading.lanes, undetermined).bit_count()

    everywhere, in_beijing = live(), live(region="110105")
    assert everywhere > in_beijing > 0
    assert live(kind="institute") == 0
