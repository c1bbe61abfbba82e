"""What changed between two batches of a tenant."""

from pathlib import Path

from service.app import Services
from service.domain.evaluation.evaluator import Status
from service.usecases.tenancy.batch_comparison import compare_batches
from service.usecases.tenancy.batches import BatchRequest
from tests.batches import answer_batch
from tests.usecases.tenancy.tenants import BANK

HEAD = "name,USCC,Kind,company.employees,company.registered_region,company.founded_on\n"
CODE = "91310000MA1FL2AB6U"


def batch_of(huice: Services, folder: Path, text: str) -> str:
    table = folder / "table.csv"
    table.write_text(HEAD + text, encoding="utf-8")
    asked = BatchRequest("t", ".csv", None, "en", hold=False)
    made: str = huice.batch_service.create(BANK, table, asked, "trace")["id"]
    answer_batch(huice, made)
    return made


def test_companies_are_paired_by_code_and_else_by_name(city: Services, tmp_path: Path) -> None:
    """A new name under the same code is the same company; a mended error counts as a change."""
    earlier = batch_of(
        city,
        tmp_path,
        f"甲,{CODE},enterprise,50,900101,2020-01-01\n乙,,nonsense,5,,\n丙,,enterprise,5,,\n",
    )
    later = batch_of(
        city,
        tmp_path,
        f"丁,,enterprise,5,,\n乙,,enterprise,5,,\n新甲,{CODE},bank,50,900101,2020-01-01\n",
    )
    found = compare_batches(city.batch_service, BANK, earlier, later)
    assert (found.both, found.new, found.gone, found.changed) == (2, 1, 1, 2)
    assert (found.errors_gone, found.errors_new) == (1, 0)
    mended, renamed = found.listed
    assert (mended.name, mended.before, mended.after) == ("乙", 3, 3)
    assert {c.before for c in mended.changes} == {None}
    assert [(c.was_faulty, c.is_faulty) for c in found.listed] == [(True, False), (False, False)]
    back = compare_batches(city.batch_service, BANK, later, earlier).listed
    assert [c.is_faulty for c in back] == [False, True]
    assert (renamed.name, renamed.before, renamed.after) == ("新甲", 2, 4)
    assert Status.INELIGIBLE in {c.after for c in renamed.changes}
    same = compare_batches(city.batch_service, BANK, later, later)
    assert (same.both, same.changed, same.listed) == (3, 0, [])


def test_a_code_that_was_filled_in_later_makes_no_other_company(
    city: Services, tmp_path: Path
) -> None:
    """It had a name alone before; one of another code is another company, however it is called."""
    nameless = batch_of(city, tmp_path, "甲,,enterprise,5,,\n")
    coded = batch_of(city, tmp_path, f"甲,{CODE},enterprise,5,,\n")
    found = compare_batches(city.batch_service, BANK, nameless, coded)
    assert (found.both, found.new, found.gone) == (1, 0, 0)
    namesake = batch_of(city, tmp_path, "甲,91110108551385082Q,enterprise,5,,\n")
    found = compare_batches(city.batch_service, BANK, coded, namesake)
    assert (found.both, found.new, found.gone) == (0, 1, 1)
