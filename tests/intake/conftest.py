"""A small vocabulary of its own, so that these tests hold whatever the policy files say."""

from decimal import Decimal
from typing import Any

import pytest

from service.domain.facts.code_lists import Code, CodeList
from service.domain.facts.vocabulary import Fact, FactType, Owner, Vocabulary
from service.domain.text import Text
from service.intake.profiles import ProfileReader
from tests.own import own_catalogue


def words(name: str) -> Text:
    return Text(f"{name}（中文）", name)


def code_list(name: str, *codes: str, deeper: str | None = None, **within: str) -> CodeList:
    entries = {c: Code(c, Text(f"“{c}”", c.replace("_", " ").title())) for c in codes}
    for key, parent in within.items():
        code = key.removeprefix("_")
        entries[code] = Code(code, Text(f"“{code}”", f"Region {code}"), (parent,))
    return CodeList(name, words(name), entries, deeper)


def fact(fact_id: str, kind: FactType, **more: Any) -> Fact:
    owner, name = fact_id.split(".")
    label = words(name)
    return Fact(fact_id, Owner(owner), name, kind, label, label, label, **more)


LISTS = [
    code_list("kinds", "enterprise", "bank"),
    code_list("regions", "310000", "110000", _310115="310000", _110108="110000"),
    code_list("industries", "A", "C", "C39", deeper="[0-9]{1,2}"),
    code_list("fields", "embodied_intelligence", "medicine"),
    code_list("many", *(f"m{i}" for i in range(70))),
    code_list("categories", "high_tech", "small_giant"),
    code_list("levels", "municipal", "national"),
    code_list("purposes", "first_set"),
    code_list("project_kinds", "product", "event", "person"),
]

FACTS = [
    fact("company.name", FactType.TEXT),
    fact("company.uscc", FactType.IDENTIFIER, scheme="uscc"),
    fact("company.kind", FactType.CODE, list="kinds"),
    fact("company.registered_region", FactType.CODE, list="regions"),
    fact(
        "company.presence_regions",
        FactType.CODES,
        list="regions",
        default_from="company.registered_region",
    ),
    fact("company.industry", FactType.CODE, list="industries"),
    fact("company.fields", FactType.CODES, list="fields"),
    fact("company.tags", FactType.CODES, list="many"),
    fact("company.founded_on", FactType.DATE),
    fact("company.employees", FactType.INTEGER, minimum=Decimal(0), maximum=Decimal(10_000_000)),
    fact("company.revenue", FactType.MONEY, minimum=Decimal(0)),
    fact("company.profit", FactType.MONEY),
    fact("company.share", FactType.NUMBER, minimum=Decimal(0)),
    fact("company.listed", FactType.BOOLEAN),
    fact("company.certificates", FactType.CERTIFICATES, list="categories"),
    fact("company.awards_received", FactType.AWARDS, list="purposes"),
    fact("project.kind", FactType.CODE, list="project_kinds"),
    fact("project.name", FactType.TEXT),
    fact("project.contract_amount", FactType.MONEY, positive=True, kinds=("product",)),
    fact("project.region", FactType.CODE, list="regions", kinds=("product", "event"),
         default_from="company.registered_region"),
]  # fmt: skip


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary({f.id: f for f in FACTS}, {c.id: c for c in LISTS})


@pytest.fixture(scope="session")
def own_vocabulary() -> Vocabulary:
    """That of the project's own policies."""
    return own_catalogue().vocabulary


@pytest.fixture(scope="session")
def reader(vocabulary: Vocabulary) -> ProfileReader:
    return ProfileReader(vocabulary)


@pytest.fixture
def example() -> dict[str, Any]:
    """A profile that states something of every type."""
    return {
        "company": {
            "name": "上海甲乙机器人有限公司",
            "uscc": "91110000600037341l",
            "kind": "enterprise",
            "registered_region": "310115",
            "industry": "C3912",
            "fields": ["embodied_intelligence"],
            "founded_on": "2021-03-01",
            "employees": 120,
            "revenue": "52000000",
            "profit": "-0.5",
            "share": "3.25",
            "listed": False,
            "certificates": [
                {"category": "high_tech", "issued_on": "2024-11-01", "expires_on": "2027-10-31"}
            ],
            "awards_received": [
                {"purpose": "first_set", "level": "municipal", "amount": "500000", "year": 2025}
            ],
        },
        "projects": [{"ref": "p.1", "kind": "product", "contract_amount": "60000000.00"}],
        "provenance": {
            "company.revenue": "verified",
            "projects.p.1.contract_amount": "declared",
        },
    }
