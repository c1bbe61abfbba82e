"""Companies for a programme: by class, with what the answer rests on."""

from collections import Counter
from datetime import date
from pathlib import Path

from service.app import Services
from service.usecases.tenancy.candidates import CandidateClass, CandidateQuery
from tests.own import open_own
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, OTHER, READER, USCC

NUMBERS = (USCC, "91110108551385082Q", "91440300708461136T")


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


def test_each_company_is_listed_in_the_class_it_is_counted_in(tmp_path: Path) -> None:
    """Under every programme: a company is as near in the list as in the counts above it, also where
    one thing to ask for brings others with it."""
    huice = open_own(tmp_path / "huice.sqlite3")
    huice.key_service.create(BANK, {"name": "first", "scopes": ["match"]}, "trace")
    fields = {"kind": "enterprise", "registered_region": "310115"}
    stated = ({**fields, "fields": ["embodied_intelligence"]}, fields, {"kind": "enterprise"})
    for number, company in zip(NUMBERS, stated, strict=True):
        huice.company_service.put(BANK, number, {"profile": {"company": company}}, None, "trace")
    for programme in huice.compiled.catalogue.programmes:
        found = huice.candidates.find(READER, programme, CandidateQuery(date(2026, 11, 22)))
        listed = Counter(item["class"] for item in found["items"])
        assert all(listed[k.value] == found["summary"][k.value] for k in CandidateClass), programme
        for item in found["items"]:
            is_short = len(item["missing_facts"]) == 1
            assert (item["class"] == "one_fact_short") == is_short, (programme, item)
    huice.close()
