"""A tenant's companies in numbers: programmes, industries and districts."""

from decimal import Decimal

from service.domain.evaluation.evaluator import Status
from service.usecases.tenancy.portfolio_totals import PortfolioTotals, ProgrammeCount
from tests.own import own_catalogue


def test_companies_are_counted_by_programme_industry_and_district() -> None:
    """Programmes by how many have them in reach; an industry by its broadest code; those of whom
    nothing is stated last, whatever they can come to."""
    totals = PortfolioTotals(own_catalogue().vocabulary)
    robots = {"company": {"industry": "C3912", "registered_region": "310112"}}
    trade = {"company": {"industry": "F51", "registered_region": "110108"}}
    totals.add({"a": Status.POTENTIAL, "b": Status.UNDETERMINED}, Decimal(5), robots)
    totals.add({"b": Status.POTENTIAL, "a": Status.WATCH}, Decimal(7), trade)
    totals.add({"b": Status.POTENTIAL}, None, robots)
    totals.add({}, Decimal(100), {})
    totals.unreadable += 1
    found = totals.overview(6)
    assert found.programmes == (ProgrammeCount("b", 2, 1), ProgrammeCount("a", 1, 0))
    assert [(a.label and a.label.en, a.companies, a.most) for a in found.by_industry] == [
        ("Wholesale and retail trade", 1, Decimal(7)),
        ("Manufacturing", 2, Decimal(5)),
        (None, 1, Decimal(100)),
    ]
    assert [(a.label and a.label.zh, a.companies) for a in found.by_district] == [
        ("海淀区", 1), ("闵行区", 2), (None, 1),
    ]  # fmt: skip
    assert (found.counted, found.unreadable, found.is_whole) == (4, 1, False)
    assert totals.overview(5).is_whole
