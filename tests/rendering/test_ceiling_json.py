"""A ceiling as the contract has it: what each instalment comes to, limits, what is unstated."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from service.app import Services, open_services
from service.settings import PROJECT
from tests.api.sample import settings_for

COMPANY = {"kind": "firm"}


@pytest.fixture(scope="module")
def huice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The catalogue of the conformance cases."""
    file = tmp_path_factory.mktemp("ceilings") / "huice.sqlite3"
    policies = PROJECT / "conformance" / "catalogue"
    with closing(open_services(settings_for(file, policies=policies))) as opened:
        yield opened


def ceiling(huice: Services, programme: str, **profile: Any) -> Any:
    request = {"as_of": "2026-06-01", "profile": {"company": COMPANY, **profile}}
    return huice.matching.check(programme, request)["ceiling"]


def test_each_instalment_says_what_it_comes_to(huice: Services) -> None:
    """Four tenths and six of a thousand, with when they are paid."""
    found = ceiling(huice, "money-instalments")
    assert found["instalments"] == ["0.40", "0.60"]
    assert [(p["share"], p["amount"], p["when"]["en"]) for p in found["payments"]] == [
        ("0.40", "400.00", "at the start"), ("0.60", "600.00", "at the end")
    ]  # fmt: skip


def test_what_was_had_is_taken_off_the_first_instalments(huice: Services) -> None:
    """Six hundred of a thousand were had: the first part is paid, half of the second is to come."""
    company = {**COMPANY, "awards": [{"purpose": "prize", "amount": "600.00", "year": 2025}]}
    request = {"as_of": "2026-06-01", "profile": {"company": company}}
    found = huice.matching.check("money-rest-of-parts", request)["ceiling"]
    assert found["amount"] == "400.00"
    assert [p["amount"] for p in found["payments"]] == ["0.00", "100.00", "300.00"]


def test_thirds_come_to_the_whole(huice: Services) -> None:
    """The first two are rounded down, the last is what is left; of an unknown whole nothing."""
    work = {"ref": "one", "kind": "work", "cost": "100.00"}
    found = ceiling(huice, "money-thirds", projects=[work])
    assert found["instalments"] == ["1/3", "1/3", "1/3"]
    assert [p["amount"] for p in found["payments"]] == ["33.33", "33.33", "33.34"]
    unknown = ceiling(huice, "money-thirds", projects=[{**work, "cost": None}])
    assert [p["amount"] for p in unknown["payments"]] == [None, None, None]


def test_what_is_counted_and_how_often_is_told(huice: Services) -> None:
    assert ceiling(huice, "limited-projects")["limit"] == {"count": 2, "per": "year"}
    found = ceiling(huice, "money-thirds")
    assert (found["per"], found["per_basis"], found["limit"]) == (None, "unstated", None)
    assert ceiling(huice, "money-instalments")["per_basis"] == "implied"
