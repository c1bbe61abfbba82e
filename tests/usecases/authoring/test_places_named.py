"""Which place the name of a body speaks of."""

import pytest

from service.domain.facts.code_lists import Code, CodeList
from service.domain.text import Text
from service.usecases.authoring.places_named import place_named

PLACES = CodeList(
    "places",
    Text("地方", "Places"),
    {
        code.code: code
        for code in (
            Code("1", Text("甲市", "Alpha")),
            Code("11", Text("城区", "Centre"), parents=("1",)),
            Code("12", Text("东城区", "East Centre"), parents=("1",)),
            Code("2", Text("乙市", "Beta")),
            Code("21", Text("城区", "Centre"), parents=("2",)),
            Code("22", Text("丙县", "Gamma"), parents=("2",)),
            Code("29", Text("乙市", "Beta"), parents=("2",), successor="22"),
        )
    },
)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["甲市人民政府"], "1"),
        (["甲市东城区科技局"], "12"),
        (["东城区科技局"], "12"),
        (["乙市城区科技局"], "21"),
        (["乙市财政局"], "2"),
        (["城区科技局"], None),
        (["甲市、乙市科技局"], None),
        (["科技部"], None),
        (["科技部", "丙县科技局", "甲市科技局"], "22"),
        (["Council of East Centre"], "12"),
        (["Alphabet Agency"], None),
    ],
)
def test_the_place_is_the_narrowest_that_is_named(names: list[str], code: str | None) -> None:
    """Of two that are called alike the one that lies in another named; none where it stays open, or
    where the name is only a part of another word. A code out of use is none."""
    assert place_named(names, PLACES) == code
