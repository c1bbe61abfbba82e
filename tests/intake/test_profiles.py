"""Profiles: what is accepted and becomes what; what is refused, with which code at which place."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from service.domain.errors import InvalidInput
from service.domain.facts.profile import Award, Certificate, Provenance
from service.domain.facts.vocabulary import Vocabulary
from service.intake.faults import InvalidValue
from service.intake.json_reader import read_json
from service.intake.notices import TakenAs
from service.intake.number_values import DecimalKind
from service.intake.profiles import ProfileReader, dump_profile


def refused(reader: ProfileReader, raw: object) -> dict[str, str]:
    """Code by pointer of everything wrong with a profile."""
    with pytest.raises(InvalidInput) as caught:
        reader.read(raw)
    assert all(p.message.zh and p.message.en for p in caught.value.problems)
    return {p.pointer: p.code.value for p in caught.value.problems}


def message(reader: ProfileReader, raw: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        reader.read(raw)
    return "; ".join(p.message.en for p in caught.value.problems)


# By the fact and the code at /profile/company/<fact>: the JSON as it is sent.
BAD_FACTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("name", "wrong_type"): ("12", '["a"]'),
    ("name", "invalid_value"): ('""',),
    ("name", "too_long"): ('"' + "长" * 201 + '"',),
    ("name", "invalid_character"): ('"a\\nb"',),
    ("uscc", "wrong_length"): ('"9111000060003734"', '"91110000600037341LL"'),
    ("uscc", "wrong_character"): ('"9111000060003734IL"', '"９1110000600037341L"'),
    ("uscc", "wrong_check_character"): ('"91110000600037341M"',),
    ("uscc", "wrong_type"): ("91110000600037341",),
    ("kind", "unknown_code"): ('"enterprize"', '"Enterprise "'),
    ("kind", "wrong_type"): ("true",),
    ("registered_region", "wrong_type"): ("310115",),
    ("registered_region", "unknown_code"): ('"999999"',),
    ("industry", "unknown_code"): ('"C391234"',),
    ("fields", "wrong_type"): ('"medicine"', '{"medicine": true}'),
    ("tags", "too_long"): (str([f"m{i}" for i in range(201)]).replace("'", '"'),),
    ("founded_on", "invalid_date"): (
        '"2023-02-29"',
        '"20240101"',
        '"2024-1-1"',
        '"2024-W01-1"',
        '"２０２４-01-01"',
        '"2024-01-01T00:00:00"',
        '"2024-01-01 "',
    ),
    ("founded_on", "wrong_type"): ("20240101",),
    ("founded_on", "out_of_range"): ('"1899-12-31"', '"2201-01-01"'),
    ("employees", "wrong_type"): ('"12"', '"１２"', '"1_0"', "1.9", "1.0", "1e2", "true"),
    ("employees", "out_of_range"): ("-1", "10000001"),
    ("revenue", "invalid_value"): (
        '"1e7"',
        "1e7",
        "5.2e7",
        '"５２"',
        '"1_000"',
        '"1,000"',
        '" 1"',
        '"1 "',
        '"+1"',
        '"-0"',
        '"01"',
        '"1."',
        '".5"',
        '""',
        '"NaN"',
        '"Infinity"',
        '"100万"',
        '"1.001"',
        "1.001",
    ),
    ("revenue", "out_of_range"): (
        '"1000000000000000"',
        "1000000000000000",
        '"' + "9" * 50_000 + '"',
        '"-1"',
        "-0.01",
    ),
    ("revenue", "wrong_type"): ("true", "[1]"),
    ("profit", "out_of_range"): ("-1000000000000000",),
    ("share", "invalid_value"): ('"0.0000001"',),
    ("listed", "wrong_type"): ('"on"', '"true"', "1", "0"),
    ("certificates", "wrong_type"): ("{}",),
    ("certificates", "too_long"): ("[" + ",".join(['{"category": "high_tech"}'] * 51) + "]",),
    ("awards_received", "wrong_type"): ('"none"',),
    ("project.contract_amount", "unknown_key"): ('"1"',),
    ("employes", "unknown_key"): ("3",),
    ("_schema", "unknown_key"): ("3",),
    ("", "unknown_key"): ("3",),
}


@pytest.mark.parametrize(
    ("fact", "sent", "code"),
    [(fact, sent, code) for (fact, code), all_sent in BAD_FACTS.items() for sent in all_sent],
)
def test_a_bad_company_fact_is_refused_in_its_place(
    reader: ProfileReader, fact: str, sent: str, code: str
) -> None:
    """One bad value gives one problem: its code, and the pointer to the value."""
    raw = {"company": {fact: read_json(sent.encode())}}
    assert refused(reader, raw) == {f"/profile/company/{fact}": code}


BAD_PROFILES: list[tuple[Any, dict[str, str]]] = [
    (None, {"": "wrong_type"}),
    ([], {"": "wrong_type"}),
    ("x", {"": "wrong_type"}),
    ({"company": []}, {"/company": "wrong_type"}),
    ({"projects": {}}, {"/projects": "wrong_type"}),
    ({"projects": [None]}, {"/projects/0": "required"}),
    ({"projects": ["p1"]}, {"/projects/0": "wrong_type"}),
    ({"projects": [{}]}, {"/projects/0/ref": "required", "/projects/0/kind": "required"}),
    (
        {"projects": [{"ref": None, "kind": None}]},
        {"/projects/0/ref": "required", "/projects/0/kind": "required"},
    ),
    ({"projects": [{"ref": "", "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": "a b", "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": "é", "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": "a" * 65, "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": "a\n", "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": "company", "kind": "event"}]}, {"/projects/0/ref": "invalid_value"}),
    ({"projects": [{"ref": 1, "kind": "event"}]}, {"/projects/0/ref": "wrong_type"}),
    ({"projects": [{"ref": "a", "kind": "evnt"}]}, {"/projects/0/kind": "unknown_code"}),
    ({"projects": [{"ref": "a", "kind": ["event"]}]}, {"/projects/0/kind": "wrong_type"}),
    (
        {"projects": [{"ref": "a", "kind": "event"}, {"ref": "a", "kind": "event"}]},
        {"/projects/1/ref": "duplicate_value"},
    ),
    (
        {"projects": [{"ref": "a", "kind": "event", "contract_amount": "1"}]},
        {"/projects/0/contract_amount": "unknown_key"},
    ),
    (
        {"projects": [{"ref": "a", "kind": "product", "contract_amount": "0.00"}]},
        {"/projects/0/contract_amount": "out_of_range"},
    ),
    (
        {"projects": [{"ref": "a", "kind": "product", "contract_amount": "-5"}]},
        {"/projects/0/contract_amount": "out_of_range"},
    ),
    (
        {"projects": [{"ref": f"r{i}", "kind": "event"} for i in range(201)]},
        {"/projects": "too_long"},
    ),
    ({"company": {"fields": ["medicine", 3]}}, {"/company/fields/1": "wrong_type"}),
    ({"company": {"fields": ["medicine", None]}}, {"/company/fields/1": "wrong_type"}),
    (
        {"company": {"fields": ["medicine", "medicine", "magic"]}},
        {"/company/fields/1": "duplicate_value", "/company/fields/2": "unknown_code"},
    ),
    ({"company": {"certificates": [None]}}, {"/company/certificates/0": "required"}),
    ({"company": {"certificates": [{}]}}, {"/company/certificates/0/category": "required"}),
    (
        {
            "company": {
                "certificates": [
                    {"category": "high_tech", "issued_on": "2024-01-02", "expires_on": "2024-01-01"}
                ]
            }
        },
        {"/company/certificates/0/expires_on": "invalid_value"},
    ),
    (
        {"company": {"certificates": [{"category": "x", "issued": "2024-01-02"}]}},
        {
            "/company/certificates/0/category": "unknown_code",
            "/company/certificates/0/issued": "unknown_key",
        },
    ),
    (
        {"company": {"awards_received": [{"purpose": "first_set", "level": "x", "year": 25}]}},
        {
            "/company/awards_received/0/level": "unknown_code",
            "/company/awards_received/0/year": "out_of_range",
        },
    ),
    ({"provenance": []}, {"/provenance": "wrong_type"}),
    ({"provenance": {"company.name": "verified"}}, {"/provenance/company.name": "unknown_key"}),
    (
        {"company": {"name": None}, "provenance": {"company.name": "verified"}},
        {"/provenance/company.name": "unknown_key"},
    ),
    (
        {"company": {"name": "a"}, "provenance": {"company.name": "checked"}},
        {"/provenance/company.name": "unknown_code"},
    ),
    (
        {"projects": [{"ref": "a", "kind": "event"}], "provenance": {"projects.b.kind": "derived"}},
        {"/provenance/projects.b.kind": "unknown_key"},
    ),
    (
        {"projects": [{"ref": "a", "kind": "event"}], "provenance": {"projects.a.ref": "derived"}},
        {"/provenance/projects.a.ref": "unknown_key"},
    ),
    ({"compny": {}}, {"/compny": "unknown_key"}),
    ({"a/b~c": 1}, {"/a~1b~0c": "unknown_key"}),
]


@pytest.mark.parametrize(("raw", "expected"), BAD_PROFILES)
def test_a_bad_profile_is_refused_in_every_place(
    reader: ProfileReader, raw: Any, expected: dict[str, str]
) -> None:
    """Shape, projects, lists and provenance: every fault at once, each with its pointer."""
    assert refused(reader, raw) == {f"/profile{at}": code for at, code in expected.items()}


def test_all_faults_of_a_profile_are_told_at_once(reader: ProfileReader) -> None:
    """A fault in one part hides none in another; places come in order."""
    raw = {
        "company": {"employees": "12", "employes": 1, "fields": ["x"]},
        "projects": [{"ref": "a", "kind": "product"}, {"ref": "a", "kind": "x", "name": 5}],
        "provenance": {"company.revenue": "verified", "company.employees": "maybe"},
        "extra": 1,
    }
    assert list(refused(reader, raw).items()) == [
        ("/profile/company/employees", "wrong_type"),
        ("/profile/company/employes", "unknown_key"),
        ("/profile/company/fields/0", "unknown_code"),
        ("/profile/extra", "unknown_key"),
        ("/profile/projects/1/kind", "unknown_code"),
        ("/profile/projects/1/name", "wrong_type"),
        ("/profile/projects/1/ref", "duplicate_value"),
        ("/profile/provenance/company.employees", "unknown_code"),
        ("/profile/provenance/company.revenue", "unknown_key"),
    ]


@pytest.mark.parametrize(
    ("raw", "suggested"),
    [
        ({"company": {"employes": 3}}, "did you mean employees?"),
        ({"company": {"kind": "enterprize"}}, "did you mean enterprise?"),
        ({"company": {"registered_region": "Region 310115"}}, "did you mean 310115?"),
        ({"company": {"fields": ["Embodied Intelligence"]}}, "did you mean embodied_intelligence?"),
        ({"project": []}, "did you mean projects?"),
        ({"provenance": {"company.nam": "declared"}, "company": {"name": "a"}}, "company.name?"),
    ],
)
def test_a_slip_gets_a_suggestion(reader: ProfileReader, raw: Any, suggested: str) -> None:
    """An unknown key or code close to a known one, or a label instead of a code, says so."""
    assert suggested in message(reader, raw)


def test_nothing_alike_gets_no_suggestion(reader: ProfileReader) -> None:
    """No suggestion is better than a far-fetched one."""
    assert "did you mean" not in message(reader, {"company": {"zzzzqqq": 3}})


def test_a_fact_of_another_kind_names_the_kinds_it_belongs_to(reader: ProfileReader) -> None:
    """The message says where the fact would be right."""
    raw = {"projects": [{"ref": "a", "kind": "person", "region": "310000"}]}
    assert "product, event" in message(reader, raw)


def test_pointers_begin_where_the_caller_says(reader: ProfileReader) -> None:
    """A profile inside another document keeps true pointers."""
    with pytest.raises(InvalidInput) as caught:
        reader.read({"x": 1}, "/rows/3")
    assert caught.value.problems[0].pointer == "/rows/3/x"


def test_hostile_keys_stay_short_and_printable(reader: ProfileReader) -> None:
    """What is echoed is bounded, can be encoded, and no more than a hundred problems are listed."""
    raw = {"company": {f"\x00\ud800{i}" + "k" * 5000: i for i in range(1000)}}
    with pytest.raises(InvalidInput) as caught:
        reader.read(raw)
    problems = caught.value.problems
    assert len(problems) == 100
    assert all(len(p.pointer.encode()) < 300 for p in problems)
    assert all(p.message.en.isprintable() and p.message.en.encode() for p in problems)


def test_values_become_what_the_domain_holds(
    reader: ProfileReader, example: dict[str, Any]
) -> None:
    """Each type in its own form: exact, normalised, hashable."""
    profile, _ = reader.read(example)
    company = profile.company
    assert company["company.uscc"] == "91110000600037341L"
    assert str(company["company.revenue"]) == "52000000.00"
    assert company["company.profit"] == Decimal("-0.50")
    assert company["company.share"] == Decimal("3.25")
    assert company["company.listed"] is False
    assert company["company.founded_on"] == date(2021, 3, 1)
    assert company["company.fields"] == frozenset({"embodied_intelligence"})
    assert company["company.certificates"] == (
        Certificate("high_tech", date(2024, 11, 1), date(2027, 10, 31)),
    )
    assert company["company.awards_received"] == (
        Award("first_set", "municipal", Decimal("500000.00"), 2025),
    )
    (project,) = profile.projects
    assert (project.ref, project.kind) == ("p.1", "product")
    assert project.facts["project.kind"] == "product"
    assert project.facts["project.contract_amount"] == Decimal("60000000.00")
    assert profile.provenance["company.revenue"] is Provenance.VERIFIED
    assert profile.provenance["projects.p.1.contract_amount"] is Provenance.DECLARED


def test_a_name_turns_no_text_round(reader: ProfileReader) -> None:
    """What Windows puts into a copied name, or somebody so that others read it otherwise."""
    marked = "\u202a甲\u2066公\u200f司\u202e\u2069gpj.exe\u202c"
    assert reader.read({"company": {"name": marked}})[0].company == {
        "company.name": "甲公司gpj.exe"
    }
    only = {"company": {"name": "\u202e"}}
    assert refused(reader, only)["/profile/company/name"] == "invalid_value"


@pytest.mark.parametrize(
    "raw", [{}, {"company": {}}, {"company": None, "projects": None, "provenance": None}]
)
def test_an_empty_profile_is_a_profile(reader: ProfileReader, raw: Any) -> None:
    """Nothing stated is legal: everything is unknown."""
    profile, notices = reader.read(raw)
    assert (profile.company, profile.projects, profile.provenance) == ({}, (), {})
    assert notices == ()


def test_null_is_the_same_as_absent(reader: ProfileReader) -> None:
    """A null fact is unknown: no value is held for it, also where marshmallow does the reading."""
    raw = {"company": {"employees": None, "name": "a", "certificates": None}}
    assert reader.read(raw)[0].company == {"company.name": "a"}
    assert reader.schema.load(raw).company == {"company.name": "a"}


def test_an_unstated_fact_takes_the_value_of_its_stand_in(reader: ProfileReader) -> None:
    """Presence defaults to the registered region: as a set, marked derived, and said in words."""
    profile, notices = reader.read({"company": {"registered_region": "310115"}})
    assert profile.company["company.presence_regions"] == frozenset({"310115"})
    assert profile.provenance == {"company.presence_regions": Provenance.DERIVED}
    assert [(n.code, n.fact) for n in notices] == [("derived_fact", "company.presence_regions")]
    assert notices[0].sources == ("company.registered_region",)
    assert notices[0].taken_as is TakenAs.VALUE
    assert "presence_regions" in notices[0].text.en
    assert "registered_region" in notices[0].text.zh


@pytest.mark.parametrize("stated", [[], ["110000"]])
def test_a_stated_fact_is_never_replaced(reader: ProfileReader, stated: list[str]) -> None:
    """Stated presence stands, the empty list (nowhere else) included."""
    raw = {"company": {"registered_region": "310115", "presence_regions": stated}}
    profile, notices = reader.read(raw)
    assert profile.company["company.presence_regions"] == frozenset(stated)
    assert notices == ()


def test_project_facts_take_stand_ins_only_for_kinds_that_have_them(reader: ProfileReader) -> None:
    """A person has no region, so none is derived; a product has."""
    raw = {
        "company": {"registered_region": "310115", "presence_regions": []},
        "projects": [{"ref": "a", "kind": "person"}, {"ref": "b", "kind": "product"}],
    }
    profile, notices = reader.read(raw)
    assert "project.region" not in profile.projects[0].facts
    assert profile.projects[1].facts["project.region"] == "310115"
    assert profile.provenance == {"projects.b.region": Provenance.DERIVED}
    assert [n.fact for n in notices] == ["project.region"]


def test_a_credit_code_gives_warnings_and_no_facts(reader: ProfileReader) -> None:
    """Where a code was issued never says where a company is."""
    profile, notices = reader.read({"company": {"uscc": "91110000600037341L"}})
    assert profile.company == {"company.uscc": "91110000600037341L"}
    assert notices == ()
    raw = {"company": {"uscc": "91110000600037341L", "registered_region": "310115"}}
    profile, notices = reader.read(raw)
    assert profile.company["company.registered_region"] == "310115"
    assert ("region_differs", "company.uscc") in [(n.code, n.fact) for n in notices]


def test_a_profile_survives_being_written_and_read(
    reader: ProfileReader, example: dict[str, Any]
) -> None:
    """The canonical form is plain JSON that reads back as the same profile, derived facts too."""
    profile, _ = reader.read(example)
    dumped = dump_profile(profile)
    assert dumped["company"]["revenue"] == "52000000.00"
    assert dumped["company"]["presence_regions"] == ["310115"]
    again, notices = reader.read(dumped)
    assert again == profile
    assert dump_profile(again) == dumped
    assert "derived_fact" not in {n.code for n in notices}


def test_a_vocabulary_without_projects_still_reads_companies(vocabulary: Vocabulary) -> None:
    """Another catalogue's vocabulary may know no projects at all."""
    company = {f.id: f for f in vocabulary.company}
    lists = {k: v for k, v in vocabulary.lists.items() if k != "project_kinds"}
    reader = ProfileReader(Vocabulary(company, lists))
    assert reader.read({"company": {"name": "a"}})[0].company == {"company.name": "a"}
    raw = {"projects": [{"ref": "a", "kind": "x"}]}
    assert refused(reader, raw) == {"/profile/projects/0/kind": "unknown_code"}


@pytest.mark.parametrize(
    ("percent", "raw", "number"),
    [
        ("0.01", "30%", "0.3"),
        ("0.01", "3.25 %", "0.0325"),
        ("1", "30%", "30"),
        ("0.01", "3％", "0.03"),
    ],
)
def test_a_percentage_is_answered_with_the_number_to_write(
    percent: str, raw: str, number: str
) -> None:
    """A share is a fraction and a percentage a number of hundredths: neither is guessed at."""
    with pytest.raises(InvalidValue) as refused:
        DecimalKind(6, percent=Decimal(percent)).read(raw)
    assert refused.value.faults[0].text.en == f"write a percentage as a number: {number}"


def test_support_had_names_no_currency(reader: ProfileReader) -> None:
    """Nothing is exchanged: who states one is told what an amount is in, and what to leave out."""
    award = {"purpose": "first_set", "amount": "100", "currency": "EUR"}
    told = message(reader, {"company": {"awards_received": [award]}})
    assert "nothing is exchanged; of support in another currency leave amount out" in told
