"""Companies for a programme: by class, with what the answer rests on."""

from datetime import date

from service.app import Services
from service.usecases.tenancy.candidates import CandidateQuery
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, OTHER, READER, USCC


def test_companies_are_found_for_a_programme(city: Services) -> None:
    """By class, with what the answer rests on; one that it does not fit is counted only."""
    for number, employees in ((USCC, 50), ("91110108551385082Q", 51)):
        profile = request(employees=employees)["profile"]
        city.company_service.put(BANK, number, {"profile": profile}, None, "trace")
    found = city.candidates.find(READER, "me-young-firm", CandidateQuery(date(2026, 6, 1)))
    assert [item["uscc"] for item in found["items"]] == [USCC]
    assert found["summary"] == {
        "automatic": 1, "one_fact_short": 0, "open": 0, "not_fitting": 1, "unreadable": 0,
    }  # fmt: skip
    assert city.candidates.find(OTHER, "me-young-firm", CandidateQuery())["total"] == 0
