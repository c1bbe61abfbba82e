"""Unseen companies, worked out by hand from the texts: what to take, what is short, what to ask."""

from typing import Any

import pytest

from service.app import Services

DAY = "2026-11-22"
FIRST_SET, UPSCALE, BASIC = "sh-08-first-set", "sh-05-upscale", "sh-04-basic-research"
SHANGHAI: dict[str, Any] = {
    "kind": "enterprise",
    "registered_region": "310112",
    "fields": ["embodied_intelligence"],
}
GROWN = {
    **SHANGHAI,
    "industry": "C35",
    "revenue": "23000000.00",
    "in_statistics_register": True,
    "first_above_scale_year": 2026,
    "recognitions": [],
}


def first_set(ref: str, amount: str) -> dict[str, Any]:
    return {"ref": ref, "kind": "first_of_kind_product", "contract_amount": amount}


def award(
    level: str, amount: str, purpose: str = "first_of_kind", **of: str
) -> list[dict[str, str]]:
    return [{"purpose": purpose, "level": level, "amount": amount, **of}]


def match_of(huice: Services, company: dict[str, Any], *projects: dict[str, Any]) -> Any:
    request = {"as_of": DAY, "profile": {"company": company, "projects": list(projects)}}
    return huice.matching.match_json(request)


def entry_of(answer: Any, programme: str, subject: str | None = "company") -> Any:
    (match,) = [
        m for m in answer["matches"] if (m["programme"]["id"], m["subject"]) == (programme, subject)
    ]
    return match


def taken(answer: Any) -> dict[tuple[str, str], str]:
    return {
        (c["programme"], c["subject"]): c["amount"]["high"]
        for c in answer["best_combination"]["chosen"]
    }


def left(answer: Any) -> dict[tuple[str, str], str]:
    return {
        (o["programme"], o["subject"]): o["reason"] for o in answer["best_combination"]["left_out"]
    }


def test_of_two_contracts_the_better_counts_for_certain_and_both_perhaps(
    own_huice: Services,
) -> None:
    """Three tenths of 10 million is 3 million; of 80 million 24, capped at 20. No text says
    that contracts add up: from 20 to 23. What a district paid is outside the municipal clause."""
    company = {**SHANGHAI, "awards_received": award("district", "20000000.00")}
    contracts = first_set("a", "10000000.00"), first_set("b", "80000000.00")
    answer = match_of(own_huice, company, *contracts)
    assert taken(answer) == {(FIRST_SET, "a"): "3000000.00", (FIRST_SET, "b"): "20000000.00"}
    total = answer["best_combination"]["total"]
    assert (total["low"], total["high"]) == ("20000000.00", "23000000.00")
    groups = {entry_of(answer, FIRST_SET, ref)["overlap_group"] for ref in "ab"}
    assert groups == {"310000/municipal/first_of_kind"}


@pytest.mark.parametrize(
    ("received", "total"),
    [("0.00", "20000000.00"), ("5000000.00", "15000000.00"), ("19999999.99", "0.01")],
)
def test_what_the_city_paid_for_the_purpose_is_taken_off(
    own_huice: Services, received: str, total: str
) -> None:
    """The better one is paid: what is left of 20 million."""
    company = {**SHANGHAI, "awards_received": award("municipal", received, project="b")}
    answer = match_of(own_huice, company, first_set("b", "80000000.00"))
    assert answer["best_combination"]["total"]["amount"] == total


def test_as_much_received_leaves_nothing(own_huice: Services) -> None:
    """It still fits, and adds nothing; the reason is named."""
    company = {**SHANGHAI, "awards_received": award("municipal", "20000000.00", project="b")}
    answer = match_of(own_huice, company, first_set("b", "80000000.00"))
    assert entry_of(answer, FIRST_SET, "b")["status"] == "potential"
    assert taken(answer) == {}
    assert left(answer)[FIRST_SET, "b"] == "received"


def test_an_award_for_another_purpose_is_untouched(own_huice: Services) -> None:
    """The clause speaks of the same thing paid twice."""
    company = {**SHANGHAI, "awards_received": award("municipal", "9000000.00", "above_scale")}
    answer = match_of(own_huice, company, first_set("a", "10000000.00"))
    assert taken(answer) == {(FIRST_SET, "a"): "3000000.00"}


def test_different_purposes_add_up_and_money_for_a_person_does_not(own_huice: Services) -> None:
    """Half a million for growing above scale and 3 million for the contract; half a million for a
    member of the core staff is that person's."""
    person = {"ref": "s", "kind": "person", "role": "core_rnd", "employed": True}
    answer = match_of(own_huice, GROWN, first_set("a", "10000000.00"), person)
    assert taken(answer) == {(UPSCALE, "company"): "500000.00", (FIRST_SET, "a"): "3000000.00"}
    assert left(answer)["sh-11-core-rnd-staff", "s"] == "personal"
    assert answer["best_combination"]["total"]["amount"] == "3500000.00"


def test_an_amount_without_its_base_counts_from_nothing_to_its_cap(own_huice: Services) -> None:
    """Of two products one has a contract of 40 million; of the other only the cap of 20 million is
    known: 12 to 32 million in all."""
    known, open_ = first_set("a", "40000000.00"), {"ref": "b", "kind": "first_of_kind_product"}
    best = match_of(own_huice, SHANGHAI, known, open_)["best_combination"]
    assert best["total"] == {"amount": None, "low": "12000000.00", "high": "32000000.00"}
    assert [p["code"] for p in best["open_points"]] == ["amount_unstated", "adding_up"]
    alone = match_of(own_huice, SHANGHAI, open_)["best_combination"]
    assert alone["total"] == {"amount": None, "low": "0.00", "high": "20000000.00"}


def test_one_step_short_of_the_register(own_huice: Services) -> None:
    """Everything but the entry in the register: one change, which the company can bring about."""
    near = entry_of(match_of(own_huice, {**GROWN, "in_statistics_register": False}), UPSCALE)[
        "near_miss"
    ]
    assert near["distance"] == 1
    (change,) = near["changes"]
    assert (change["fact"], change["present"], change["required"]) == (
        "company.in_statistics_register",
        "false",
        "true",
    )
    assert near["assuming"] == []


def test_what_a_company_cannot_change_is_said_as_such(own_huice: Services) -> None:
    """A company of Suzhou without any presence, and a university of Shanghai: neither is told to
    change what it is."""
    suzhou = {"kind": "enterprise", "registered_region": "320500", "presence_regions": []}
    match = entry_of(match_of(own_huice, suzhou, first_set("a", "1.00")), FIRST_SET, "a")
    assert match["status"] == "ineligible"
    assert match["near_miss"]["changes"] == []
    (block,) = match["near_miss"]["blocked_by"]
    assert (block["observed"], block["clause"]["article"]) == ("320500", 8)
    assert block["facts"] == ["company.registered_region", "company.presence_regions"]
    other = entry_of(match_of(own_huice, {**GROWN, "kind": "university"}), UPSCALE)["near_miss"]
    assert [(b["observed"], b["facts"]) for b in other["blocked_by"]] == [
        ("university", ["company.kind"])
    ]


def not_yet_in_force(huice: Services, programme: str) -> Any:
    """What the grown company is told of a programme on the day before the first measure begins."""
    request = {
        "as_of": "2025-09-25",
        "statuses": ["not_in_force"],
        "limit": 200,
        "profile": {"company": GROWN},
    }
    return entry_of(huice.matching.match_json(request), programme)


def test_the_day_before_the_measure_names_the_day_it_opens(own_huice: Services) -> None:
    """In force from 2025-09-26."""
    match = not_yet_in_force(own_huice, UPSCALE)
    assert match["status"] == "not_in_force"
    assert match["near_miss"]["opens_on"] == "2025-09-26"
    assert match["decided_by"]["zh"] == "评估日不在有效期内：自 2025-09-26 起施行，2030-09-25 届满"


@pytest.mark.parametrize(
    ("programme", "words"),
    [
        ("bj-12-rating",
         "评估日不在有效期内：自 2025-09-29 起，至 2027-12-31 止（推定，原文没有写明）"),
        ("s-zjtx-loan",
         "评估日不在报道所述安排的时间内：自 2025-10-10 起（推定，原文没有写明）"),
    ],
)  # fmt: skip
def test_days_that_nobody_wrote_are_told_as_such(
    own_huice: Services, programme: str, words: str
) -> None:
    """And what the press reports comes into no force."""
    assert not_yet_in_force(own_huice, programme)["decided_by"]["zh"] == words


def questions(huice: Services, company: dict[str, Any]) -> dict[str, Any]:
    return {q["fact"]: q for q in match_of(huice, company)["next_questions"]}


def test_a_question_says_how_much_hangs_on_it(own_huice: Services) -> None:
    """Whether basic research spending keeps rising decides one programme, of 10 million."""
    question = questions(own_huice, SHANGHAI)["company.basic_research_rising"]
    assert (question["decides"], question["at_stake"]) == (1, "10000000.00")


def test_a_question_is_worth_nothing_that_waits_for_more(own_huice: Services) -> None:
    """Where a shop is settles no amount, nor where a foreign device maker founds something: those
    of 20 to 200 million wait for what neither is likely to have."""
    shop = questions(own_huice, {"kind": "individual_business", "industry": "F52"})
    assert shop["company.registered_region"]["at_stake"] == "0.00"
    foreign = {"kind": "foreign_institution", "registered_region": "990000",
               "presence_regions": ["110114"], "fields": ["medicine_health"]}  # fmt: skip
    assert questions(own_huice, foreign)["company.founding_regions"]["at_stake"] == "0.00"


def test_what_can_change_nothing_any_more_is_not_asked(own_huice: Services) -> None:
    """Not in the register: the year of the first entry, which only that reward asks, is moot."""
    year = "company.first_above_scale_year"
    assert year in questions(own_huice, SHANGHAI)
    assert year not in questions(own_huice, {**SHANGHAI, "in_statistics_register": False})


def test_of_a_project_nobody_submitted_only_whether_there_is_one_is_asked(
    own_huice: Services,
) -> None:
    """Its amounts come after."""
    facts = questions(own_huice, SHANGHAI)
    assert "project.kind" in facts
    assert "first_of_kind_product" in facts["project.kind"]["kinds"]
    assert [f for f in facts if f.startswith("project.")] == ["project.kind"]
