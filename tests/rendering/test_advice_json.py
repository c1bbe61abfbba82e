"""What is told of the best combination beside its figures."""

from typing import Any

from service.rendering.advice_json import combination_json
from tests.domain.advice.test_combination import IS_FIRM, best, capped, item, per_project
from tests.domain.programmes import programme
from tests.domain.sample import VOCABULARY, D, money


def why_open(*rules: Any) -> list[str]:
    told = combination_json(best(*rules, item("known", 7), amounts=(None,)), VOCABULARY)
    assert isinstance(told, dict)
    return [point["text"]["en"] for point in told["open_points"]]


def test_figures_without_a_cap_are_told_apart_from_those_with_one() -> None:
    """The upper end is not known for want of revenue, and not for want of the contract, whose cap
    counts; where only capped ones are open, nothing is said to be without a cap."""
    tenth = money(low=D("0.1"), high=D("0.1"), of="company.revenue")
    endless = programme("endless", IS_FIRM, benefit=tenth)
    (both,) = why_open(capped("a", "0.50", 3), endless)
    without, _, with_cap = both.partition("; ")
    assert "(Revenue), and the text sets no cap" in without
    assert "(Contract amount): the lower end counts none of them" in with_cap
    (one,) = why_open(capped("a", "0.50", 3))
    assert "sets no cap" not in one
    (other,) = why_open(per_project("c", "0.50"))
    assert "sets no cap" in other
