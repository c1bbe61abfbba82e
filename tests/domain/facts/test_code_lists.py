"""Code lists: what lies in what, what was abolished, and what a code is called."""

from itertools import permutations

import pytest

from service.domain.facts.code_lists import Code, CodeList
from service.domain.text import Text
from service.domain.truth import Truth
from tests.domain.sample import FIELDS, INDUSTRIES, KINDS, LISTS, RECOGNITIONS, REGIONS

FALSE, UNKNOWN, TRUE = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE


@pytest.mark.parametrize(
    ("codes", "value", "target", "truth"),
    [
        (REGIONS, "310115", "310000", TRUE),
        (REGIONS, "310000", "310115", UNKNOWN),
        (REGIONS, "310115", "110000", FALSE),
        (REGIONS, "310115", "310106", FALSE),
        (REGIONS, "310108", "310106", TRUE),
        (REGIONS, "310106", "310108", TRUE),
        (REGIONS, "310119", "310106", FALSE),
        (INDUSTRIES, "C3912", "C391", TRUE),
        (INDUSTRIES, "C3912", "C", TRUE),
        (INDUSTRIES, "C39", "C3912", UNKNOWN),
        (INDUSTRIES, "C391", "C392", FALSE),
        (INDUSTRIES, "C", "I65", FALSE),
        (FIELDS, "brain_interface", "future_health", TRUE),
        (FIELDS, "brain_interface", "future_information", TRUE),
        (FIELDS, "future_health", "future_information", UNKNOWN),
        (FIELDS, "future_information", "future_health", UNKNOWN),
        (FIELDS, "gene_therapy", "future_information", FALSE),
        (FIELDS, "future_health", "robots", FALSE),
    ],
)
def test_relation(codes: CodeList, value: str, target: str, truth: Truth) -> None:
    """TRUE inside, FALSE where nothing narrower could be inside, otherwise too coarse to tell."""
    assert codes.relation(value, target) is truth


@pytest.mark.parametrize("codes", LISTS, ids=lambda c: c.id)
def test_every_code_lies_in_itself(codes: CodeList) -> None:
    assert {codes.relation(c, c) for c in codes.codes} == {TRUE}


@pytest.mark.parametrize("codes", LISTS, ids=lambda c: c.id)
def test_a_narrower_value_never_turns_a_settled_answer(codes: CodeList) -> None:
    """Whoever says more exactly what was said before keeps every TRUE and every FALSE."""
    for value in codes.codes:
        narrower = [c for c in codes.codes if codes.relation(c, value) is TRUE]
        for target in codes.codes:
            settled = codes.relation(value, target)
            if settled is not UNKNOWN:
                assert {codes.relation(c, target) for c in narrower} == {settled}


@pytest.mark.parametrize("codes", LISTS, ids=lambda c: c.id)
def test_where_a_value_is_too_coarse_a_narrower_one_could_settle_it(codes: CodeList) -> None:
    """UNKNOWN promises that some listed code lies in both, or that who holds the one may hold the
    other as well."""
    for value in codes.codes:
        for target in codes.codes:
            if codes.relation(value, target) is UNKNOWN:
                assert target in codes.also(value) or any(
                    codes.relation(c, value) is TRUE and codes.relation(c, target) is TRUE
                    for c in codes.codes
                )


def test_a_role_does_not_hide_what_its_holder_may_be_as_well() -> None:
    """A park operator may run an incubator; that the incubator operates a park follows from
    nothing."""
    assert RECOGNITIONS.relation("operator", "incubator") is UNKNOWN
    assert RECOGNITIONS.relation("incubator", "operator") is FALSE


def test_a_code_can_rule_others_out() -> None:
    """So a term that nobody has defined can be denied."""
    assert RECOGNITIONS.rules_out("neither", "leader")
    assert not RECOGNITIONS.rules_out("operator", "leader")


@pytest.mark.parametrize("code", ["C", "C39", "C391", "C3912", "I65"])
def test_codes_and_their_unlisted_narrower_ones_belong(code: str) -> None:
    assert code in INDUSTRIES


@pytest.mark.parametrize("code", ["C9", "C99", "C39123", "C39X", "39", "", "c39", 39, None])
def test_what_the_list_cannot_mean_does_not_belong(code: object) -> None:
    """Only a narrowest listed code can be continued: there is no division C99."""
    assert code not in INDUSTRIES


def test_a_closed_list_has_no_narrower_codes() -> None:
    assert "enterprise1" not in KINDS


@pytest.mark.parametrize(
    ("codes", "code", "label"),
    [
        (REGIONS, "310115", Text("浦东新区", "Pudong")),
        (REGIONS, "310108", Text("闸北区", "Zhabei")),
        (INDUSTRIES, "C3912", Text("电子设备制造业 C3912", "Electronic equipment C3912")),
        (REGIONS, "999999", Text("999999", "999999")),
    ],
)
def test_labels(codes: CodeList, code: str, label: Text) -> None:
    """An abolished code keeps its name; an unlisted one is named after what it is part of."""
    assert codes.label_of(code) == label


def test_successors_are_followed_to_the_end() -> None:
    """A code abolished twice lives on in the last one; a circle of mistakes ends."""
    chain = {c: Code(c, Text(c, c), successor=s) for c, s in (("a", "b"), ("b", "c"), ("c", None))}
    assert CodeList("x", Text("", ""), chain).current("a") == "c"
    circle = {c: Code(c, Text(c, c), successor=s) for c, s in (("a", "b"), ("b", "a"))}
    assert CodeList("x", Text("", ""), circle).current("a") == "b"


@pytest.mark.parametrize(
    ("codes", "code", "narrower"),
    [
        (REGIONS, "310000", True),
        (REGIONS, "310115", False),
        (INDUSTRIES, "C39", True),
        (KINDS, "enterprise", False),
    ],
)
def test_has_narrower(codes: CodeList, code: str, narrower: bool) -> None:
    assert codes.has_narrower(code) is narrower


@pytest.mark.parametrize("codes", [REGIONS, INDUSTRIES, FIELDS, KINDS, RECOGNITIONS])
def test_of_each_way_to_bear_on_targets_one_narrower_code_is_found(codes: CodeList) -> None:
    """The codes found in a broad one bear on the targets in every way that any listed code in it
    does, whether targets lie in one another, beside it or overlap."""
    listed = list(codes.codes)
    for targets in [*permutations(listed, 2), tuple(listed)]:
        for broad in listed:
            within = [c for c in listed if codes.current(broad) in codes.ancestors(c)]
            found = codes.classes.within(broad, targets)
            met, wanted = (
                {tuple(codes.bearing(c, t) for t in targets) for c in some}
                for some in (found, within)
            )
            assert wanted <= met
            assert len(met) == len(found)


@pytest.mark.parametrize("codes", [REGIONS, INDUSTRIES, FIELDS, KINDS, RECOGNITIONS])
def test_the_first_of_today_s_codes_stands_for_each_way_to_bear_on_targets(codes: CodeList) -> None:
    today = [code for code, entry in codes.codes.items() if entry.successor is None]
    listed = list(codes.codes)
    for targets in [*permutations(listed, 2), tuple(listed)]:
        found = codes.classes.of(targets)
        first: dict[tuple[Truth | None, ...], str] = {}
        for code in (*today, *listed):
            first.setdefault(tuple(codes.bearing(code, target) for target in targets), code)
        assert [(way, found[way]) for way in first] == list(first.items())
