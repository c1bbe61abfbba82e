"""What can be had together is told in the same words and figures wherever it is told: in the
answer of the API, on the page, in the memo and in the workbook."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from service.domain.text import Text
from service.rendering.combination_words import combination_words
from service.rendering.json_parts import Json
from service.web.cases import Case
from service.web.ports import PageContext
from tests.cases.applicants import applicant, firm, project
from tests.web.conftest import Visitor

ROBOTS = firm("310112", fields=["embodied_intelligence"])
PLEDGED = {"loan_principal": "10000000.00", "lpr": "0.03", "ip_pledged": True}
COMPANIES: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "part of it was received for the same product": (
        {**ROBOTS, "awards_received": [{"purpose": "first_of_kind", "level": "municipal",
                                        "amount": "5000000.00", "project": "p1"}]},
        [project("first_of_kind_product", contract_amount="100000000.00")],
    ),
    "nobody says for which product it was received": (
        {**ROBOTS, "awards_received": [{"purpose": "first_of_kind", "level": "municipal",
                                        "amount": "20000000.00", "year": 2023}]},
        [project("first_of_kind_product", contract_amount="100000000.00")],
    ),
    "two fairs abroad, and a person": (
        ROBOTS,
        [project("event_or_exhibition", "a", activity="attend_overseas_expo",
                 relevant_cost="800000.00"),
         project("event_or_exhibition", "b", activity="attend_overseas_expo",
                 relevant_cost="600000.00"),
         project("person", "c", role="core_rnd", employed=True)],
    ),
    "an incubator with a platform": (
        applicant("incubator", "310110", recognitions=["high_quality_incubator"]),
        [project("service_platform", platform_type="pilot_scale")],
    ),
    "two loans under one limit, without a clause on overlap": (
        firm("360824"), [project("loan", ref, **PLEDGED) for ref in "ab"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("tongue", ["zh", "en"])
@pytest.mark.parametrize("says", COMPANIES)
def test_the_total_is_told_alike_everywhere(
    site: PageContext, client: FlaskClient, says: str, tongue: str
) -> None:
    """Its ends, what makes it up, why it is an interval, and what is left out for which reason."""
    company, projects = COMPANIES[says]
    case = Case("", company, projects)
    body = client.post("/api/v1/match", json={"profile": case.profile()}).get_json()
    best = body["best_combination"]
    told = {tongue_of(words, tongue) for words in words_of(best, site)}
    visitor = Visitor(client, site.cases.create(case.content(), site.now()))
    visitor.prefix = "" if tongue == "zh" else "/en"
    page = plain(visitor.get("/cases/{key}/result"))
    visitor.post("/cases/{key}/memo", "/cases/{key}/result")
    memo = plain(visitor.get("/cases/{key}/memo"))
    sheet = total_sheet(client, f"{visitor.prefix}/cases/{visitor.key}/result.xlsx")
    for place, text in {"page": page, "memo": memo, "workbook": sheet}.items():
        assert [words for words in told if words not in text] == [], place
    if "nobody says" in says:  # it may have been had: the lower end is said though it is nothing
        assert {"zh": "0 至 2,000 万元", "en": "0 to CNY 20,000,000"}[tongue] in told


def test_what_is_less_than_its_ceiling_says_why(client: FlaskClient, site: PageContext) -> None:
    """Received, where no other project shares the cap."""
    paid = {"purpose": "first_of_kind", "level": "municipal", "amount": "5000000.00",
            "year": 2026, "project": "a"}  # fmt: skip
    kind = "first_of_kind_product"
    profile = {
        "company": {**ROBOTS, "awards_received": [paid]},
        "projects": [
            project(kind, "a", contract_amount="100000000.00"),
            project(kind, "b", contract_amount="10000000.00"),
        ],
    }
    request = {"profile": profile, "as_of": "2026-11-22"}
    body = client.post("/api/v1/match", json=request).get_json()
    told = combination_words(body["best_combination"], body["matches"], site.catalogue)
    assert told
    notes = [chosen["note"]["zh"] for chosen in told["chosen"] if chosen["note"]]
    assert notes == ["上限 2,000 万元，其中 500 万元 已经获得"]


def words_of(best: Json, site: PageContext) -> list[Json | Text]:
    """What an answer says of the total."""
    told = combination_words(best, (), site.catalogue)
    assert told
    words = [told["total"], *(chosen["amount"] for chosen in told["chosen"])]
    names = [site.catalogue.programmes[chosen["programme"]].name for chosen in best["chosen"]]
    reasons = [point["text"] for point in best["open_points"]]
    return [*words, *names, *reasons, *(o["why"] for o in best["left_out"])]


def tongue_of(words: Json | Text, tongue: str) -> str:
    return str(getattr(words, tongue) if isinstance(words, Text) else words[tongue])


def plain(page: str) -> str:
    """The text of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", page)))


def total_sheet(client: FlaskClient, address: str) -> str:
    """The last sheet of a workbook, a cell after the other."""
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(address).data))
    return " ".join(str(cell) for row in book.get_sheet_by_index(2).to_python() for cell in row)
