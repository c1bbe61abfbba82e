"""Kept companies: in versions, matched as they are kept, nobody else's."""

import pytest

from service.app import Services
from service.domain.errors import InvalidInput, NotFound, Refused
from tests.usecases.meridian import request
from tests.usecases.tenancy.tenants import BANK, OTHER, READER, USCC


def test_a_company_is_kept_in_versions_and_matched_as_it_is_kept(city: Services) -> None:
    """A change is a new version; another tenant has no such company."""
    profile = request()["profile"]
    first, new = city.company_service.put(BANK, USCC, {"profile": profile}, None, "trace")
    assert (first["version"], new) == (1, True)
    changed = {"profile": {"company": {"employees": 51}}}
    second = city.company_service.patch(BANK, USCC, changed, 1, "trace")
    assert second["profile"]["company"]["employees"] == 51
    history = city.company_service.history(READER, USCC)["items"]
    assert [v["version"] for v in history] == [2, 1]
    with pytest.raises(NotFound):
        city.company_service.get(OTHER, USCC)
    with pytest.raises(Refused):
        city.company_service.put(READER, USCC, {"profile": profile}, None, "trace")


def test_what_is_marked_as_verified_names_its_document(city: Services) -> None:
    """Whoever reads the mark could not tell what was looked at; a case, which keeps no documents,
    is stored without it."""
    profile = request()["profile"]
    marked = {**profile, "provenance": {"company.employees": "verified"}}
    with pytest.raises(InvalidInput) as refused:
        city.company_service.put(BANK, USCC, {"profile": marked}, None, "trace")
    assert [p.pointer for p in refused.value.problems] == ["/evidence/company.employees"]
    found, _ = city.company_service.keep_profile(BANK, USCC, marked, "trace")
    assert not found["profile"].get("provenance")
    shown = {"company.employees": {"document": "audit"}}
    city.company_service.put(BANK, USCC, {"profile": marked, "evidence": shown}, None, "trace")
    found, _ = city.company_service.keep_profile(BANK, USCC, marked, "trace")
    assert found["profile"]["provenance"] == {"company.employees": "verified"}


def test_a_changed_fact_loses_what_showed_it_before(city: Services) -> None:
    """Unless the patch says it anew: a document shows one figure, and no other. What is patched to
    what it was keeps its marks, however it is spelt; a fault is told of the patch alone."""
    profile = request()["profile"]
    marks = ("company.employees", "company.founded_on", "projects.p1.contract_amount")
    profile["provenance"] = dict.fromkeys(marks, "verified")
    shown = {"document": "audit", "by": "Li", "on": "2026-01-01"}
    body = {"profile": profile, "evidence": dict.fromkeys(marks, shown)}
    city.company_service.put(BANK, USCC, body, None, "trace")
    project = {**profile["projects"][0], "contract_amount": "60000000"}
    facts = {"company": {"employees": 51, "founded_on": None}, "projects": [project]}
    found = city.company_service.patch(BANK, USCC, {"profile": facts}, 1, "trace")
    assert found["evidence"] == {marks[2]: shown}
    assert found["profile"]["provenance"] == {marks[2]: "verified"}
    anew = {
        "profile": {"company": {"employees": 52}, "provenance": {marks[0]: "verified"}},
        "evidence": {marks[0]: shown},
    }
    found = city.company_service.patch(BANK, USCC, anew, 2, "trace")
    assert found["evidence"].keys() == {marks[0], marks[2]}
    assert found["profile"]["provenance"].keys() == {marks[0], marks[2]}
    with pytest.raises(InvalidInput) as refused:
        city.company_service.patch(BANK, USCC, {"profile": {"company": {"employees": -1}}}, 3, "t")
    assert [p.pointer for p in refused.value.problems] == ["/profile/company/employees"]
