"""What a company can have together, with what it has received already."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cases.answers import Answer, Ask, N, P, U
from tests.cases.applicants import firm, project
from tests.own import own_catalogue

PLACE = "310112"


def total(answer: Answer) -> tuple[str, str]:
    """The two ends of the best lawful set."""
    found = answer.body["best_combination"]["total"]
    assert (found["amount"] is None) == (found["low"] != found["high"])
    return found["low"], found["high"]


def points(answer: Answer) -> set[str]:
    """Why a total is an interval."""
    return {p["code"] for p in answer.body["best_combination"]["open_points"]}


def product(ref: str = "p1", amount: str = "100000000.00", **facts: Any) -> dict[str, Any]:
    return project("first_of_kind_product", ref, contract_amount=amount, **facts)


def maker(**facts: Any) -> dict[str, Any]:
    """A firm of a future industry, with no research and no events of its own."""
    return firm(PLACE, fields=["embodied_intelligence"], **facts)


def paid(**award: Any) -> list[dict[str, Any]]:
    usual = {
        "purpose": "first_of_kind",
        "level": "municipal",
        "amount": "20000000.00",
        "year": 2023,
    }
    return [{**usual, **award}]


def test_what_was_paid_for_another_product_leaves_this_one_alone(ask: Ask) -> None:
    """The best is paid for each product: of one that is said to be another, all of it."""
    other = paid(project="that of 2023")
    assert total(ask(maker(awards_received=other), product())) == ("20000000.00", "20000000.00")


def test_where_nobody_says_for_which_product_it_was_the_total_is_an_interval(ask: Ask) -> None:
    """Nothing more if it was this one, 20 million if it was another; and why is said."""
    answer = ask(maker(awards_received=paid()), product())
    assert total(answer) == ("0.00", "20000000.00")
    assert points(answer) == {"same_thing"}


@pytest.mark.parametrize(
    ("award", "zh", "en"),
    [
        ({}, "用于哪个产品或项目", "which product or project it was for"),
        ({"project": "p1", "level": None}, "由哪一级发放", "which level paid it"),
        ({"project": "p1", "amount": None}, "金额", "its amount"),
        ({"amount": None}, "用于哪个产品或项目、金额",
         "which product or project it was for, its amount"),
    ],
)  # fmt: skip
def test_what_would_settle_an_interval_is_named(
    ask: Ask, award: dict[str, Any], zh: str, en: str
) -> None:
    """What is not said of the award, and nothing that is."""
    answer = ask(maker(awards_received=paid(**award)), product())
    (point,) = answer.body["best_combination"]["open_points"]
    assert point["text"]["zh"].startswith(f"已获支持没有写明{zh}：")
    assert point["text"]["en"].startswith(f"not stated of support received: {en};")


def test_what_was_paid_for_this_product_is_taken_off(ask: Ask) -> None:
    """By its ref, or by its name."""
    received = paid(project="p1", amount="5000000.00")
    assert total(ask(maker(awards_received=received), product())) == ("15000000.00", "15000000.00")
    named = paid(object="Robot arm", amount="5000000.00")
    answer = ask(maker(awards_received=named), product(name="Robot arm"))
    assert total(answer) == ("15000000.00", "15000000.00")


def test_in_a_municipality_the_province_is_the_city(ask: Ask) -> None:
    """An award booked as provincial counts against Shanghai's own."""
    received = paid(project="p1", level="provincial")
    assert total(ask(maker(awards_received=received), product())) == ("0.00", "0.00")
    national = paid(project="p1", level="national")
    assert total(ask(maker(awards_received=national), product()))[1] == "20000000.00"


@pytest.mark.parametrize("award", [{"year": 2026}, {"year": 2025}, {}, {"amount": None}])
def test_a_one_off_that_was_received_is_not_given_again(ask: Ask, award: dict[str, Any]) -> None:
    """Whatever the year and the amount: nothing more, and the answer says that it was had."""
    received = paid(**{
        "purpose": "basic_research", "amount": "3000000.00", "year": None,
        "programme": "sh-04-basic-research", **award,
    })  # fmt: skip
    answer = ask(maker(basic_research_rising=True, awards_received=received))
    assert answer.status("sh-04-basic-research") == N
    added = {c["programme"] for c in answer.body["best_combination"]["chosen"]}
    assert "sh-04-basic-research" not in added


def test_support_by_another_programme_is_not_the_one_off(ask: Ask) -> None:
    """The status stays; the total is open, since one purpose is paid once at one level."""
    received = paid(purpose="basic_research", amount="3000000.00", programme=UPSCALE)
    answer = ask(maker(basic_research_rising=True, awards_received=received))
    assert answer.status(ONE_OFF) == P
    assert total(answer)[1] != "0.00"


def test_each_fair_is_paid(ask: Ask) -> None:
    """Half of 800,000 and half of 600,000: per event, with no cap."""
    fairs = [
        project("event_or_exhibition", ref, activity="attend_overseas_expo", relevant_cost=cost)
        for ref, cost in (("a", "800000.00"), ("b", "600000.00"))
    ]
    answer = ask(maker(recognitions=["technology_innovation_enterprise"]), *fairs)
    assert total(answer)[1] == "700000.00"


ONE_OFF, UPSCALE = "sh-04-basic-research", "sh-05-upscale"
# Both are given once, to a firm that meets what they ask.
GIVEN_ONCE = {
    "technology_enterprise": True, "basic_research_rising": True, "industry": "C35",
    "revenue": "23000000.00", "in_statistics_register": True, "first_above_scale_year": 2026,
}  # fmt: skip


@pytest.mark.parametrize(
    ("programme", "purpose", "name"),
    [
        (ONE_OFF, "basic_research", "企业基础研究投入一次性补助"),
        (UPSCALE, "above_scale", "小升规、规转强一次性奖励"),
    ],
)
def test_what_is_given_once_waits_for_who_paid_the_support_that_may_have_been_it(
    ask: Ask, programme: str, purpose: str, name: str
) -> None:
    """Undetermined and asked for where nobody says which policy paid; the answer settles it."""

    def answer(**award: Any) -> Answer:
        support = {"purpose": purpose, "level": "municipal", "amount": "100000.00", "year": 2026}
        company = maker(**GIVEN_ONCE, awards_received=[{**support, **award}])
        return ask(company, detail="brief")

    open_ = answer()
    assert open_.status(programme) == U
    asked = {q["fact"]: q["text"]["zh"] for q in open_.body["next_questions"]}
    assert asked["company.awards_received"] == "已填的各笔支持分别由哪项政策发放？"
    for written in (programme, f" {programme.upper()}", name, f"沪府办规〔2025〕8号 {name}"):
        assert answer(programme=written).status(programme) == N, written
    assert answer(programme="区科委的另一项政策").status(programme) == P
    other = answer(programme="sh-08-first-set").body["warnings"]
    (told,) = [w["text"]["zh"] for w in other if w["code"] == "programme_of_other_purpose"]
    assert (
        "“首台套、首批次、首版次产品支持”（sh-08-first-set）却用于“首台套、首批次、首版次”" in told
    )
    near = answer(programme=name.removesuffix("补助").removesuffix("奖励"))
    assert near.status(programme) == U
    (warning,) = [w for w in near.body["warnings"] if w["code"] == "programme_unclear"]
    assert name in warning["text"]["zh"]
    assert answer(level="district").status(programme) == P


def test_an_award_without_its_amount_or_level_is_unknown_not_zero(ask: Ask) -> None:
    """Half a million for growing above scale; where its level or amount is missing, it may have
    been received already."""
    grown = maker(**GIVEN_ONCE)
    assert ask(grown).ceiling(UPSCALE) == "500000.00"
    for award in (
        {"purpose": "above_scale", "level": "municipal"},
        {"purpose": "above_scale", "amount": "100000.00"},
    ):
        assert ask({**grown, "awards_received": [award]}).status(UPSCALE) == U


def test_a_measure_without_a_clause_says_nothing_of_overlap(ask: Ask) -> None:
    """Nothing about "one level" stands in an answer for Beijing: its measure has no such words."""
    loan = project("loan", loan_principal="1000000.00", tenor_months=60, ip_pledged=True)
    answer = ask(firm("110108", owns_ip=True), loan)
    left_out = (answer.body["best_combination"] or {"left_out": []})["left_out"]
    assert all(o["reason"] != "overlap" for o in left_out)


def test_an_amount_by_the_year_is_unknown_where_nobody_says_for_how_long(ask: Ask) -> None:
    """Half a per cent a year of 10 million: 50,000 for a year, 25,000 for six months, and which is
    named as missing. Where the text has a cap, that is all that is known."""
    loan: dict[str, Any] = {
        "loan_principal": "10000000.00",
        "loan_uses": ["digital_transformation"],
    }
    place = firm("360802")
    best = ask(place, project("loan", **loan)).body["best_combination"]
    assert best["total"] == {"amount": None, "low": "0.00", "high": None}
    (point,), (left,) = best["open_points"], best["left_out"]
    assert "贷款期限" in point["text"]["zh"]
    assert left["why"]["zh"].endswith("（贷款期限）")
    assert total(ask(place, project("loan", **loan, tenor_months=6))) == ("25000.00", "25000.00")
    pledged = project("loan", loan_principal="10000000.00", lpr="0.03", ip_pledged=True)
    # A month is the least that a loan is for.
    assert total(ask(firm("360824"), pledged)) == ("5000.00", "100000.00")


def test_two_pledged_loans_share_the_limit_of_one_company(ask: Ask) -> None:
    """Xingan: a fifth to three tenths of the prime rate on 10 million each is 60,000 to 90,000; of
    both together one company gets 100,000 at most, and whether both count is not reported."""
    loans = [
        project(
            "loan", ref, loan_principal="10000000.00", lpr="0.03", tenor_months=12, ip_pledged=True
        )
        for ref in "ab"
    ]
    answer = ask(firm("360824"), *loans)
    assert total(answer) == ("60000.00", "100000.00")
    chosen = answer.body["best_combination"]["chosen"]
    added = {c["subject"]: (c["amount"]["low"], c["amount"]["high"]) for c in chosen}
    # The less the first comes to, the more is left of the limit for the second.
    assert added == {"a": ("60000.00", "90000.00"), "b": ("10000.00", "40000.00")}


XINGAN = "j-xingan-ip-interest"


@pytest.mark.parametrize(
    ("award", "low", "high"),
    [
        ({"project": "an earlier one"}, "0.00", "0.00"),
        ({"programme": "新干县知识产权质押贷款贴息", "project": "an earlier one"}, "0.00", "0.00"),
        ({"project": "an earlier one", "amount": "80000.00"}, "20000.00", "20000.00"),
        # For this very loan: off what that comes to as well, 60,000 to 90,000.
        ({"project": "a", "amount": "30000.00"}, "30000.00", "60000.00"),
        ({"project": "a", "amount": "80000.00"}, "0.00", "10000.00"),
        # For which nobody says: the loan's own subsidy may be had as well.
        ({"amount": "80000.00"}, "0.00", "20000.00"),
        ({"project": "an earlier one", "amount": None}, "0.00", "90000.00"),
        ({"project": "an earlier one", "programme": "another county's"}, "60000.00", "90000.00"),
    ],
)
def test_money_had_counts_against_the_cap_of_the_company_whatever_it_was_for(
    ask: Ask, award: dict[str, Any], low: str, high: str
) -> None:
    """Xingan: 60,000 to 90,000 of a loan, 100,000 at most for a company."""
    had = {"purpose": "other", "level": "district", "amount": "100000.00", "year": 2026,
           "programme": XINGAN, **award}  # fmt: skip
    company = firm("360824", awards_received=[had])
    answer = ask(company, pledged_loan("a"), detail="brief")
    assert total(answer) == (low, high)


def pledged_loan(ref: str, **facts: Any) -> dict[str, Any]:
    usual = {"loan_principal": "10000000.00", "lpr": "0.03", "tenor_months": 12}
    return project("loan", ref, **{**usual, "ip_pledged": True, **facts})


def test_a_row_reaches_what_it_gets_where_another_takes_nothing(ask: Ask) -> None:
    """The second loan may come to nothing or to all of the limit: the first gets up to its own."""
    unknown = pledged_loan("b", loan_principal=None)
    answer = ask(firm("360824"), pledged_loan("a"), unknown)
    assert total(answer) == ("60000.00", "100000.00")
    chosen = answer.body["best_combination"]["chosen"]
    added = {c["subject"]: (c["amount"]["low"], c["amount"]["high"]) for c in chosen}
    assert added == {"a": ("0.00", "90000.00"), "b": ("0.00", "100000.00")}


def test_what_fits_no_other_purpose_is_no_purpose_in_common() -> None:
    """Two programmes of a measure with an overlap clause whose purpose is `other` are not for one
    thing: neither is left out because of the other."""
    own = own_catalogue()
    rest = {
        name: replace(programme, purpose="other")
        for name, programme in own.programmes.items()
        if own.overlap_groups[name] is not None
    }
    assert len(rest) > 1
    assert set(replace(own, programmes=rest).overlap_groups.values()) == {None}
