"""What the name of a place finds."""

from service.domain.facts.code_lists import Code, CodeList
from service.domain.rules.place_names import place_words
from service.domain.text import Text


def place(code: str, zh: str, en: str, *parents: str) -> Code:
    return Code(code, Text(zh, en), parents)


REGIONS = CodeList(
    "regions",
    Text("地区", "Regions"),
    {
        c.code: c
        for c in (
            place("0", "全国", "Country"),
            place("1", "东山省", "Dongshan", "0"),
            place("11", "南湖市", "Nanhu City", "1"),
            place("111", "河西新区", "Hexi New Area", "11"),
            place("2", "西山省", "Li", "0"),
        )
    },
)
WORDS = place_words(REGIONS, ["0", "11"])


def test_a_place_finds_what_holds_in_it_and_in_what_it_lies_in() -> None:
    assert WORDS["南湖市"] == (("place11", "within11"), ("place0",))
    assert WORDS["河西新区"] == ((), ("place0", "place11"))


def test_a_wider_place_finds_what_holds_in_a_part_of_it() -> None:
    assert WORDS["东山省"] == (("within1",), ("place0",))


def test_names_may_be_cut_as_people_cut_them() -> None:
    assert WORDS["河西"] == WORDS["河西新"] == WORDS["hexi"] == WORDS["河西新区"]


def test_what_everything_lies_in_and_very_short_names_say_nothing() -> None:
    assert "全国" not in WORDS
    assert "li" not in WORDS
