"""One programme against many companies: the columnar engine says what the evaluator would."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from service.app import Services
from service.bulk.batch_engine import CheckedBatch
from service.domain.evaluation.claimed_certificates import with_contested_certificates
from service.domain.evaluation.evaluator import IN_REACH, evaluate_programme, subjects
from service.domain.facts.asking import lacking_facts
from service.domain.facts.profile import Profile
from service.intake.profiles import dump_profile
from service.usecases.portfolio.batch_source import open_source
from service.usecases.portfolio.screening import batch_of, judged_facts, profile_of, rows_of, screen
from service.usecases.tenancy.candidate_sources import CellNames, companies_of_source
from tests.bulk.companies import project_of, rows

DAY = date(2026, 11, 22)
# Of the company alone; of its projects, several kinds; with a rate; with certificates.
PROGRAMMES = ("sh-05-gradient", "sh-08-first-set", "bj-16-trade", "bj-08-kechuang-loan")


@pytest.fixture(scope="module")
def profiles(own_huice: Services) -> list[dict[str, Any]]:
    """Some companies as they are kept, every third with the projects of two of them."""
    catalogue = own_huice.compiled.catalogue
    stated = [
        dump_profile(
            Profile({k: v for k, v in row.items() if k.startswith("company.")}, project_of(row))
        )
        for row in rows(catalogue, 90, DAY, seed=5)
    ]
    for one, other in zip(stated[::3], stated[1::3], strict=True):
        one["projects"] += [{**p, "ref": "other"} for p in other["projects"]]
    return stated


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_subject_of_a_kept_company_comes_as_near_as_the_evaluator_finds(
    own_huice: Services, profiles: list[dict[str, Any]], name: str
) -> None:
    """Status, what is missing and the most, for each project that the programme supports."""
    compiled = own_huice.compiled
    programme, vocabulary = compiled.catalogue.programmes[name], compiled.catalogue.vocabulary
    names = judged_facts(vocabulary)
    several = [rows_of(p, programme.supports) for p in profiles]
    batch = CheckedBatch(batch_of([r for some in several for r in some], names))
    schema = pa.schema([(n, pa.string()) for n in names])
    ((_, found),) = screen(compiled, programme, DAY, schema, [batch])
    near = iter(found)
    for profile, some in zip(profiles, several, strict=True):
        stated, _ = compiled.reader.read(profile)
        settled = with_contested_certificates(compiled.catalogue, stated, DAY)
        expected = [evaluate_programme(programme, s, DAY) for s in subjects(programme, settled)]
        assert len(expected) == len(some)
        for match in expected:
            told = next(near)
            assert told.status == match.status
            lacking = lacking_facts(match.missing, match.subject.facts, vocabulary)
            if told.fits and lacking:
                assert told.missing == len(lacking)
                assert told.fact in lacking
            if match.ceiling and match.status in IN_REACH:
                assert told.most == match.ceiling.at_most


def test_a_row_of_a_table_states_what_its_profile_does(own_huice: Services) -> None:
    """Lists, truths and numbers as a profile has them; a project where the row names its kind."""
    vocabulary = own_huice.compiled.catalogue.vocabulary
    cells = {
        "company.kind": "enterprise", "company.employees": "120", "company.fields": None,
        "company.exports": "true", "project.kind": "standard", "other": "x",
    }  # fmt: skip
    wanted = frozenset(vocabulary.facts).__contains__
    assert profile_of(vocabulary, cells, wanted) == {
        "company": {"kind": ["enterprise"], "employees": 120, "exports": True},
        "projects": [{"ref": "row", "kind": "standard"}],
    }


def test_a_row_that_is_faulty_anywhere_is_not_judged(own_huice: Services, tmp_path: Path) -> None:
    """Also where the fault stands in a cell that no rule looks into."""
    table = tmp_path / "名单.csv"
    table.write_text("企业名称,统一社会信用代码,职工总数\n甲,,20\n乙,12345,20\n丙,,二十人左右\n")
    opened = open_source(own_huice.compiled.catalogue, table)
    cells = CellNames(table.name, None)
    source = companies_of_source(own_huice.compiled, opened, cells, tmp_path)
    programme = own_huice.compiled.catalogue.programmes["sh-05-gradient"]
    told = {p.name: p.nearness.status is None for p in source.prospects(programme, DAY)}
    assert told == {"甲": False, "乙": True, "丙": True}
