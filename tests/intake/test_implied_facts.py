"""Facts that follow from facts are filled in once, never over a statement."""

from typing import Any

import pytest

from service.domain.errors import InvalidInput
from service.domain.facts.profile import Profile, Provenance
from service.intake.profiles import ProfileReader
from tests.own import own_catalogue

READER = ProfileReader(own_catalogue().vocabulary)


def read(company: dict[str, Any], *projects: dict[str, Any]) -> Profile:
    return READER.read({"company": company, "projects": list(projects)})[0]


def notices(company: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(n.code, n.fact) for n in READER.read({"company": company})[1]]


def test_a_pledged_right_is_an_owned_one() -> None:
    """The project says it, so the company is not asked; where it comes from stays visible."""
    loan = {"ref": "p1", "kind": "loan", "ip_pledged": True}
    profile = read({}, loan)
    assert profile.company["company.owns_ip"] is True
    assert profile.provenance["company.owns_ip"] is Provenance.DERIVED


def test_nothing_follows_from_what_is_not_said() -> None:
    """A loan of which the pledge is unknown says nothing of rights owned."""
    assert "company.owns_ip" not in read({}, {"ref": "p1", "kind": "loan"}).company


@pytest.mark.parametrize("counted", ["class_one_ip", "class_two_ip"])
def test_counted_rights_are_owned_ones(counted: str) -> None:
    """The standard counts what the enterprise owns. A stated denial stands, of which a check of
    figures tells; a zero of one class says nothing of the other."""
    assert read({counted: 1}).company["company.owns_ip"] is True
    assert read({counted: 30}).company["company.owns_ip"] is True
    assert "company.owns_ip" not in read({counted: 0}).company
    assert read({counted: 1, "owns_ip": False}).company["company.owns_ip"] is False
    assert notices({counted: 1, "owns_ip": False}) == []


def test_what_is_stated_stands_and_the_contradiction_is_told() -> None:
    """Core rights owned, no rights owned: both are taken as stated, and a person is told."""
    company = {"owns_core_ip": True, "owns_ip": False}
    assert read(company).company["company.owns_ip"] is False
    assert notices(company) == [("contradictory_facts", "company.owns_ip")]


def test_zero_staff_is_zero_technical_staff() -> None:
    """A stated zero is a figure, from which others follow."""
    assert read({"employees": 0}).company["company.technical_staff"] == 0
    assert "company.technical_staff" not in read({"employees": 1}).company


def test_a_stated_set_is_completed_and_an_unstated_one_is_not() -> None:
    """From one first set it does not follow that there is nothing else."""
    product = {"ref": "p1", "kind": "first_of_kind_product"}
    named = read({"first_applications": ["first_use"]}, product)
    assert named.company["company.first_applications"] == {"first_use", "first_set"}
    assert "company.first_applications" not in read({}, product).company


def test_what_is_added_to_a_stated_set_is_told_as_that() -> None:
    """Not as a fact that nobody stated."""
    told = READER.read(
        {"company": {"kind": "bank", "investor_types": ["asset_investment_company"]}}
    )
    zh = [n.text.zh for n in told[1] if n.fact == "company.kind"]
    added = "其他金融机构（证券、信托、租赁等）"
    assert zh == [f"“主体类型”除所填外，按“投资机构类型”推定还包括：{added}"]


@pytest.mark.parametrize(
    ("investor", "kind"),
    [
        ("venture_capital", "fund_manager"),
        ("merger_fund", "fund_manager"),
        ("national_fund", "fund_manager"),
        ("cornerstone_investor", "institutional_investor"),
        ("asset_management", "institutional_investor"),
        ("investment_institution", None),
    ],
)
def test_an_enterprise_that_says_which_investor_it_is_is_one(
    investor: str, kind: str | None
) -> None:
    """A fund may be a company. A bank that invests stays one, and so does who names no type."""
    kinds = {"enterprise"} | ({kind} if kind else set())
    asked = {"kind": "enterprise", "investor_types": [investor]}
    assert read(asked).company["company.kind"] == kinds
    assert read({**asked, "kind": "bank"}).company["company.kind"] == {"bank"}


@pytest.mark.parametrize("kind", ["enterprise", ["enterprise"]])
def test_one_kind_may_stand_without_brackets(kind: object) -> None:
    """Whoever is of one kind only need not write a list."""
    assert read({"kind": kind}).company["company.kind"] == {"enterprise"}


def test_there_is_always_a_kind() -> None:
    """No kind at all is no answer: it is left out instead."""
    with pytest.raises(InvalidInput) as told:
        read({"kind": []})
    assert told.value.problems[0].pointer == "/profile/company/kind"


def test_a_title_can_be_denied() -> None:
    """Whoever says that it holds none of the titles has answered."""
    codes = READER.vocabulary.lists["recognitions"]
    undefined = [c.code for c in codes.codes.values() if c.undefined]
    assert undefined
    assert all(codes.rules_out("none_of_these", code) for code in undefined)


@pytest.mark.parametrize(
    "other",
    ["research_institute", "university", "public_institution", "social_organisation",
     "individual", "individual_business", "government"],
)  # fmt: skip
def test_a_role_that_is_no_enterprise_hides_nothing_of_an_enterprise(other: str) -> None:
    """Alone it holds no certificate of enterprises; beside an enterprise nobody has said so."""
    assert read({"kind": other}).company["company.certificates"] == ()
    both = read({"kind": [other, "enterprise"]}).company
    assert not {"company.certificates", "company.technology_enterprise"} & set(both)


@pytest.mark.parametrize("alone", ["nothing_else", ["nothing_else"]])
def test_that_there_is_nothing_else_is_said_beside_something(alone: object) -> None:
    with pytest.raises(InvalidInput) as told:
        read({"kind": alone})
    assert told.value.problems[0].pointer == "/profile/company/kind"
    assert read({"kind": ["bank", "nothing_else"]}).company["company.kind"]
