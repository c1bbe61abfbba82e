"""Columns of certificates: read all at once they say what each cell says alone, as far as any rule
can tell."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from service.bulk.cells import CellFault
from service.bulk.certificate_cells import CertificateReader
from service.bulk.turning_days import TurningDays, turning_days
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.dates import Span, Window
from service.domain.evaluation.claimed_certificates import conflicts_among
from service.domain.facts.profile import Certificate, Value
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Clause, Group, Predicate
from service.domain.rules.operators import Range, valid_on
from service.domain.rules.quantities import Count
from service.domain.rules.record_tests import CertificateTest
from service.domain.rules.record_times import FromNow, Recent, Years
from service.usecases.portfolio.cell_readers import cell_readers
from tests.own import own_catalogue

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
CLAIMS = "company.certificates"
CODES = ("technology_sme", "high_tech_enterprise", "little_giant", "qflp")

# Cells that are not plainly a list of sound certificates; some are right all the same.
ODD = [
    "-", "[]", "null", "[null]", "{}", "x", "[", "[]}", '[]}\n{"held":[]', "[]\n", '"[]"', "[[]]",
    '[{"category": "high_tech_enterprise", "issued_on": null, "number": null}]',
    '[{"category": "high_tech_enterprise", "issued_on": "2026-02-30"}]',
    '[{"category": "high_tech_enterprise", "issued_on": "1899-12-31"}]',
    '[{"category": "high_tech_enterprise", "issued_on": "2024-5-1"}]',
    '[{"category": "high_tech_enterprise", "issued_on": 20240501}]',
    '[{"category": "high_tech_enterprise", "issued_on": "2024-05-01", "expires_on": "2024-04-30"}]',
    '[{"category": "high_tech_enterprise", "issued_on": ""}]',
    '[{"category": "high_tech_enterprise", "number": ""}]',
    '[{"category": "high_tech_enterprise", "number": "a\\u0007b"}]',
    '[{"category": "high_tech_enterprise", "number": "' + "9" * 101 + '"}]',
    '[{"category": "high_tech_enterprise", "number": "' + "9" * 201 + '"}]',
    '[{"category": "high_tech_enterprise", "holder": "x"}]',
    '[{"category": "no_such"}]', "[{}]", '[{"issued_on": "2024-05-01"}]',
    json.dumps([{"category": "qflp"}] * 21), json.dumps([{"category": "qflp"}] * 51),
    '[{"category": "technology_sme", "unsure": true, "expires_on": "2027-01-01"}]',
    ' [ { "expires_on" : "2027-01-01" , "category" : "technology_sme" } ] ',
    '[{"category": "\\u0071flp"}]', '[{"category": "qflp", "category": "technology_sme"}]',
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return own_catalogue()


@pytest.fixture(scope="module")
def reader(catalogue: Catalogue) -> CertificateReader:
    return reader_of(catalogue, turning_days(catalogue, DAY))


def reader_of(catalogue: Catalogue, days: TurningDays) -> CertificateReader:
    fact = catalogue.vocabulary.facts[CLAIMS]
    codes = catalogue.vocabulary.codes_of(fact)
    assert codes is not None
    read = cell_readers(CompiledCatalogue(catalogue).reader)[CLAIMS]
    return CertificateReader(fact, read, codes, days)


def sound_cells(count: int) -> list[str]:
    """Certificates of which no two are alike, up to four a company."""
    random, found = Random(6), []
    for i in range(count):
        held = []
        for code in random.sample(CODES, random.randint(0, 4)):
            issued = DAY - timedelta(days=random.randint(-5, 4000))
            until = issued + timedelta(days=random.choice([365, 1095]))
            days = {"issued_on": str(issued), "expires_on": str(until), "number": f"GR{i:09}"}
            kept = {k: v for k, v in days.items() if random.random() < 0.9}
            held.append({"category": code} | (kept if random.random() < 0.8 else {"unsure": True}))
        found.append(json.dumps(held))
    return found


def kinds(reader: CertificateReader, value: Value | None) -> list[str] | None:
    """A value as the rules see it, in no particular order."""
    if value is None:
        return None
    shown = reader.representative(value)
    assert isinstance(shown, tuple)
    return sorted(map(repr, shown))


@pytest.mark.parametrize("odd", [[], ODD[:1], ODD], ids=["sound", "one odd", "all kinds of odd"])
def test_a_column_says_what_its_cells_say_alone(reader: CertificateReader, odd: list[str]) -> None:
    """Whatever stands beside a cell."""
    cells = [*sound_cells(150), *odd, None, ""]
    Random(1).shuffle(cells)
    faults: list[CellFault] = []
    found = reader.cells(pa.array(cells, pa.string()), faults)
    wrong = {fault.row: fault.why for fault in faults}
    for i, cell in enumerate(cells):
        alone = reader.read_word(cell) if cell else None
        if isinstance(alone, Exception):
            assert wrong[i] == alone.text, cell
        else:
            assert i not in wrong, cell
            assert kinds(reader, found.value(i)) == kinds(reader, alone), cell


def test_cells_that_differ_in_nothing_a_rule_sees_become_one(reader: CertificateReader) -> None:
    cells = [
        json.dumps([{"category": "qflp", "issued_on": f"2025-01-{day:02}", "number": f"N{day}"}])
        for day in range(1, 29)
    ]
    found = reader.cells(pa.array(cells), [])
    assert len({found.value(i) for i in range(len(cells))}) == 1


def test_no_rule_tells_a_certificate_from_the_one_that_stands_for_it(catalogue: Catalogue) -> None:
    """Terms, standards of a day, and days and years of issue that conditions ask for."""
    codes = catalogue.vocabulary.codes_of(catalogue.vocabulary.facts[CLAIMS])
    assert codes is not None
    tests = [
        CertificateTest(CODES, codes, issued=Window(date(2024, 2, 29), date(2025, 6, 30))),
        CertificateTest(CODES, codes, years=Years(FromNow(-1), FromNow(-1)), valid=False),
        CertificateTest(CODES, codes, years=Years(2020, None)),
        CertificateTest(CODES, codes, issued=Recent(Span(6))),
    ]
    clause = Clause("any", 1)
    asked = [Predicate(Count(CLAIMS, test), Range(1), clause) for test in tests]
    pattern = next(iter(catalogue.programmes.values()))
    condition = Group(pattern.condition.gate, tuple(asked), clause)
    whole = replace(catalogue, programmes={"p": replace(pattern, condition=condition)})
    days = turning_days(whole, DAY)
    yearly = [c for c in catalogue.categories.values() if c.yearly]
    edges = {*days.issued, *days.expires, date(2019, 12, 31), date(2023, 7, 1), None}
    near = {d and d + timedelta(days=n) for d in edges for n in (-1, 0, 1)}
    for issued in near:
        for expires in near:
            held = Certificate("technology_sme", issued, expires, number="N1")
            other = days.representative(held)
            unsure = Certificate("technology_sme", unsure=True)
            assert days.representative(unsure) == unsure
            assert valid_on(held, DAY) == valid_on(other, DAY)
            for test in tests:
                assert test.meets(held, DAY) == test.meets(other, DAY), (test, held)
            found = [
                [c.category.id for c in conflicts_among([one], yearly, DAY, lambda c: c.criteria)]
                for one in (held, other)
            ]
            assert found[0] == found[1], held
