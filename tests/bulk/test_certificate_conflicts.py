"""Claims that figures deny: a batch finds the same ones as each profile by itself."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from service.bulk.batch_engine import Detail
from service.bulk.cells import CellFault
from service.bulk.row_facts import RowReader
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.facts.profile import Certificate, Profile, Value
from service.usecases.portfolio.portfolio import plan_for
from tests.bulk.companies import Row, rows, table
from tests.own import own_catalogue, own_compiled

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
CLAIMS = "company.certificates"


def claims(random: Random, codes: list[str]) -> tuple[Certificate, ...]:
    """Up to three certificates, over, valid or without dates, by old standards and new ones."""
    found = []
    for code in random.sample(codes, random.randint(0, min(3, len(codes)))):
        issued = DAY - timedelta(days=random.choice([30, 400, 800, 1500, 3000]))
        dated = random.random() < 0.8
        until = issued + timedelta(days=1095)
        found.append(Certificate(code, issued if dated else None, until if dated else None))
    return tuple(found)


def marks(value: Value) -> list[tuple[str, bool]]:
    """Which of the certificates are contested."""
    assert isinstance(value, tuple)
    return sorted((c.category, c.contested) for c in value if isinstance(c, Certificate))


def test_each_row_is_contested_as_it_would_be_alone() -> None:
    catalogue = own_catalogue()
    plan = plan_for(own_compiled(), DAY, Detail.COUNTS)
    random = Random(4)
    listed: list[Row] = rows(catalogue, 400, DAY, seed=4)
    for row in listed:
        row[CLAIMS] = claims(random, [*sorted(plan.contestable), "unicorn"])
    given = table(catalogue, listed)
    faults: list[CellFault] = []
    cells = RowReader(plan).read(given.combine_chunks().to_batches()[0], faults)
    contested = 0
    for i, row in enumerate(listed):
        if any(fault.row == i for fault in faults):
            continue
        company = {
            f: value
            for f in cells
            if f.startswith("company.") and (value := cells[f].value(i)) is not None
        }
        stated = row[CLAIMS]
        expected = with_contested_certificates(catalogue, Profile(company | {CLAIMS: stated}), DAY)
        assert marks(company[CLAIMS]) == marks(expected.company[CLAIMS]), row
        contested += expected.company[CLAIMS] != stated
    assert contested > 30
