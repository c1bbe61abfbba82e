"""Cases of what is known from the press only, worked out by hand from the reports."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.cases.answers import Ask, Case, N, P, U, W, X, judge
from tests.cases.applicants import applicant, certificate, digital_loan, firm, project

XINGAN, JIZHOU, TAIHE, JIAN, NANCHANG = "360824", "360802", "360826", "360800", "360100"


def pledged(principal: str | None = None, lpr: str | None = None) -> dict[str, object]:
    facts: dict[str, Any] = {
        "loan_principal": principal,
        "lpr": lpr,
        "ip_pledged": True,
        "tenor_months": 12,
    }
    return project("loan", **{k: v for k, v in facts.items() if v is not None})


@pytest.mark.parametrize(
    ("principal", "low", "high", "amount"),
    [
        ("10000000.00", "60000.00", "90000.00", None),
        ("11111111.11", "66666.66", "99999.99", None),
        ("11111111.12", "66666.66", "100000.00", None),
        ("16666666.66", "99999.99", "100000.00", None),
        ("16666666.67", None, "100000.00", "100000.00"),
    ],
)
def test_xingan_pays_a_share_of_the_prime_rate(
    ask: Ask, principal: str, low: str | None, high: str, amount: str | None
) -> None:
    """20 to 30 % of principal times LPR, at most 100,000 yuan: an interval until both ends meet."""
    answer = ask(firm(XINGAN), pledged(principal, "0.03"))
    assert answer.status("j-xingan-ip-interest") == P
    ceiling = answer.match("j-xingan-ip-interest")["ceiling"]
    if amount is None:
        assert (ceiling["amount"], ceiling["low"], ceiling["high"]) == (None, low, high)
    else:
        assert ceiling["amount"] == amount


@pytest.mark.parametrize(
    "loan",
    [pledged("10000000.00"), pledged(None, "0.03"), pledged()],
    ids=["no prime rate", "no principal", "neither"],
)
def test_xingan_without_its_base_knows_the_cap_only(ask: Ask, loan: dict[str, object]) -> None:
    """The prime rate is not in the report: without it only "at most 100,000" can be said."""
    ceiling = ask(firm(XINGAN), loan).match("j-xingan-ip-interest")["ceiling"]
    assert (ceiling["amount"], ceiling["high"]) == (None, "100000.00")


REPORTED = [
    Case(
        "Xingan, but the loan pledges nothing",
        firm(XINGAN),
        {"j-xingan-ip-interest": N},
        project("loan", ip_pledged=False, loan_principal="10000000.00", lpr="0.03"),
    ),
    Case(
        "the neighbouring county has no part in Xingan's rule",
        firm("360822"),
        {"j-xingan-ip-interest": N},
        pledged("10000000.00", "0.03"),
    ),
    Case(
        "only the city of Ji'an is known: Xingan may be meant",
        firm(JIAN),
        {"j-xingan-ip-interest": U, "j-digital-loan": U},
        pledged("10000000.00", "0.03"),
    ),
    Case(
        "Jizhou is named for the digital loan: half a per cent a year",
        firm(JIZHOU),
        {"j-digital-loan": P},
        digital_loan("2000000.00"),
        {"j-digital-loan": "10000.00"},
    ),
    Case(
        "Taihe too, and no cap is reported",
        firm(TAIHE),
        {"j-digital-loan": P},
        digital_loan("900000000.00"),
        {"j-digital-loan": "4500000.00"},
    ),
    Case(
        "another county of Ji'an: the list ends in 等地",
        firm("360822"),
        {"j-digital-loan": U},
        project("loan", loan_uses=["digital_transformation"]),
    ),
    Case(
        "Nanchang is another city",
        firm(NANCHANG),
        {"j-digital-loan": N},
        project("loan", loan_uses=["digital_transformation"]),
    ),
    Case(
        "a loan for something else",
        firm(JIZHOU),
        {"j-digital-loan": N},
        project("loan", loan_uses=["operations"]),
    ),
    Case(
        "the ring-fenced relending is for banks incorporated in Ji'an",
        applicant("bank", JIZHOU),
        {"j-relending-quota": P},
    ),
    Case(
        "a branch in Ji'an makes no local legal person",
        applicant("bank", "360103", presence_regions=["360103", JIZHOU]),
        {"j-relending-quota": N},
    ),
    Case(
        "a technology enterprise borrows from the quota, as in Beijing",
        firm(JIZHOU, technology_enterprise=True, certificates=[]),
        {"j-relending-quota": P, "j-tech-upgrade-loan": P},
    ),
    Case(
        "and one that says it is none does not",
        firm(JIZHOU, technology_enterprise=False, upgrading_project=False, recognitions=[]),
        {"j-relending-quota": N, "j-tech-upgrade-loan": N},
    ),
    Case(
        "落户: whether a bank that is in East Lake already settles is not said",
        applicant("bank", "420111", zones=["east_lake"]),
        {"w-donghu-settle": U},
        ceilings={"w-donghu-settle": "200000000.00"},
    ),
    Case(
        "whether a guarantor is a financial institution here is not said",
        applicant("guarantor", "420111", zones=["east_lake"]),
        {"w-donghu-settle": U},
    ),
    Case(
        "a technology firm in East Lake gets no award for settling as a financial institution",
        firm("420111", zones=["east_lake"]),
        {"w-donghu-settle": N},
    ),
    Case(
        "insurance community: East Lake only",
        firm(
            "420111",
            zones=[],
            certificates=[certificate("high_tech_enterprise", "2024-11-01", "2027-10-31")],
        ),
        {"w-insurance-community": N},
    ),
    Case(
        "zones have no region code: Hongshan district alone leaves East Lake open",
        applicant("bank", "420111"),
        {"w-donghu-settle": U},
    ),
    Case("insurance zones: Lin-gang", firm("310115", zones=["lingang"]), {"n-insurance-zones": P}),
    Case("insurance zones: the city of Ningbo", firm("330203", zones=[]), {"n-insurance-zones": P}),
    Case(
        "insurance zones: Pudong outside Lin-gang",
        firm("310115", zones=[]),
        {"n-insurance-zones": N},
    ),
    Case(
        "biomanufacturing and nothing else",
        firm("370100", fields=["biomanufacturing"]),
        {"n-psbc-biomanufacturing": P},
    ),
    Case(
        "version 2.0 of the innovation score is announced and not open",
        firm("370100", technology_enterprise=True),
        {"n-innovation-points-2": W},
    ),
    Case(
        "the day before the report",
        firm(JIZHOU),
        {"j-digital-loan": X},
        project("loan", loan_uses=["digital_transformation"]),
        as_of="2025-09-24",
    ),
    Case(
        "a loan for specialised SMEs in Shanghai: a technology SME is none",
        firm("310115", certificates=[certificate("technology_sme", "2026-03-01", "2026-12-31")]),
        {"s-zjtx-loan": N},
    ),
]


@pytest.mark.parametrize("case", REPORTED, ids=lambda c: c.says)
def test_what_the_reports_say(ask: Ask, case: Case) -> None:
    """What a report says about one applicant."""
    judge(ask, case)


def everything(own_client: FlaskClient) -> list[dict[str, object]]:
    found, cursor = [], ""
    while True:
        page = own_client.get(f"/api/v1/programmes?limit=100{cursor}").get_json()
        found += page["items"]
        if not page["next_cursor"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_press_and_official_measures_are_never_mixed(own_client: FlaskClient) -> None:
    """Only the two published measures are official; whatever the press reports says so."""
    official = {i["measure"] for i in everything(own_client) if i["evidence"] == "official"}
    assert official == {"sh-2025-8", "bj-2025-19"}


def test_a_reported_programme_sends_the_reader_to_the_provider(ask: Ask) -> None:
    """The answer says that it is known from the press and whom to ask."""
    match = ask(firm(XINGAN), pledged("10000000.00", "0.03")).match("j-xingan-ip-interest")
    assert match["programme"]["evidence"] == "news"
    assert "press" in match["decided_by"]["en"]
    assert "ask the provider" in match["decided_by"]["en"]
    assert "向提供方核实" in match["decided_by"]["zh"]


def test_three_reported_amounts_and_no_other(own_client: FlaskClient) -> None:
    """Fund sizes, quotas, balances and single loans in the reports are nobody's benefit."""
    reported = [i for i in everything(own_client) if i["evidence"] == "news"]
    amounts = {
        str(i["id"])
        for i in reported
        if own_client.get(f"/api/v1/programmes/{i['id']}").get_json()["ceiling"]
    }
    assert amounts == {"j-xingan-ip-interest", "j-digital-loan", "w-donghu-settle"}


def test_no_programme_promises_an_entitlement(own_client: FlaskClient) -> None:
    """Every text leaves something to rules or to a third party, so nobody is ever eligible."""
    commitments = {str(i["commitment"]) for i in everything(own_client)}
    assert commitments == {"funding", "support", "facilitation", "planned"}
