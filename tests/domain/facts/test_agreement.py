"""Whether a stated value is what is asked for: many that ask are answered by one look-up."""

from datetime import date

import pytest

from service.domain.facts.agreement import FactAgreement, agrees
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Certificate, Value
from service.domain.facts.vocabulary import AtLeast, Wanted
from tests.domain.sample import FIELDS, REGIONS

DAY = date(2026, 1, 2)
PLACES: tuple[Value, ...] = (
    "310115", "310000", "310106", "310108", "110000",
    frozenset(), frozenset({"310115"}), frozenset({"110000", "310106"}),
)  # fmt: skip
SORTS: tuple[Value, ...] = (
    (), (Certificate("future_health", DAY, None),),
    (Certificate("brain_interface", DAY, None), Certificate("robots", DAY, None)),
    (Certificate("robots", None, None, unsure=True),),
)  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "stated", "asked"),
    [
        (REGIONS, PLACES, [("310000",), ("310106", "110000"), (), ("310115",)]),
        (FIELDS, SORTS, [("future_health",), (), ("robots", "future_information")]),
        (None, (True, False, 0, 7, "x"), [(True,), (False, 7), (), ("x",)]),
        (None, (4, 5, 6, 0), [(AtLeast(5),), (0,), (AtLeast(6), 4), ()]),
    ],
)
def test_one_look_up_finds_what_agrees_with_each(
    codes: CodeList | None, stated: tuple[Value, ...], asked: list[tuple[Wanted, ...]]
) -> None:
    """Asked once and once again, of codes that nobody names, too."""
    agreement = FactAgreement([(1 << i, wanted) for i, wanted in enumerate(asked)], codes)
    for value in (*stated, *stated):
        expected = [agrees(value, wanted, codes) for wanted in asked]
        bits = agreement.bits(value)
        assert [bool(bits >> i & 1) for i in range(len(asked))] == expected
    assert agreement.bits(stated[0]) != agreement.bits(stated[1])
