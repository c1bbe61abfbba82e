"""No two programmes are called alike in a list."""

from dataclasses import dataclass

from service.domain.facts.code_lists import Code, CodeList
from service.domain.rules.list_names import names_told_apart
from service.domain.text import Text

PLACES = CodeList(
    "places",
    Text("地区", "Places"),
    {c: Code(c, Text(f"{c} 市", f"City {c}")) for c in ("1", "2")},
)


@dataclass(frozen=True)
class Sketch:
    """As much of a programme as its name in a list hangs on."""

    id: str
    name: Text
    jurisdiction: str
    measure: str


def test_those_of_one_name_are_told_apart_by_place_and_else_by_document() -> None:
    subsidy, loan, prize = Text("贴息", "Subsidy"), Text("贷款", "Loan"), Text("奖励", "Prize")
    listed = [
        Sketch("a", subsidy, "1", "m"),
        Sketch("b", Text("贴息", "Interest"), "2", "n"),
        Sketch("c", loan, "1", "m"),
        Sketch("d", loan, "1", "n"),
        Sketch("e", prize, "1", "m"),
    ]
    names = names_told_apart(listed, {"m": "第 1 号", "n": "第 2 号"}, PLACES)
    assert {p.id: names.get(p.id, p.name).zh for p in listed} == {
        "a": "贴息（1 市）",
        "b": "贴息（2 市）",
        "c": "贷款（第 1 号）",
        "d": "贷款（第 2 号）",
        "e": "奖励",
    }
