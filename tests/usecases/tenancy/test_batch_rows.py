"""Companies of a batch one by one, and those that become clients."""

from dataclasses import replace
from pathlib import Path

import pytest

from service.app import Services
from service.domain.errors import NotFound, Refused
from service.domain.evaluation.evaluator import Status
from service.domain.principal import Scope
from service.usecases.portfolio.batch_source import BatchSource
from service.usecases.tenancy import batch_rows, candidate_sources
from service.usecases.tenancy.batch_files import source_of
from service.usecases.tenancy.batch_rows import BatchRowService
from service.usecases.tenancy.batches import BatchRequest
from tests.batches import answer_batch
from tests.usecases.tenancy.tenants import BANK

CODES = ("91310000MA1FL2AB6U", "91440300708461136T")
TABLE = "name,USCC,Kind,company.employees\n" + "".join(
    f"{i},{code},enterprise,50\n" for i, code in enumerate(CODES)
)


def test_rows_are_paged_counted_and_kept_so_many_at_a_time(
    city: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second turn keeps the rest, and a third nothing."""
    monkeypatch.setattr(batch_rows, "MAX_KEPT", 1)
    table = tmp_path / "table.csv"
    table.write_text(TABLE, encoding="utf-8")
    asked = BatchRequest("clients.csv", ".csv", None, "en", hold=False)
    batch = city.batch_service.create(BANK, table, asked, "trace")["id"]
    rows = BatchRowService(city.batch_service, city.company_service)
    with pytest.raises(Refused):
        rows.page(BANK, batch, language="zh")
    answer_batch(city, batch)
    first = rows.page(BANK, batch, limit=1, language="zh")
    assert [(r.row, r.name, r.uscc) for r in first.rows] == [(2, "0", CODES[0])]
    assert (first.following, first.total, first.companies[Status.UNDETERMINED]) == (2, 2, 2)
    last = rows.page(BANK, batch, 2, language="zh")
    assert ([r.row for r in last.rows], last.following) == ([3], None)
    with pytest.raises(NotFound):
        rows.profile(BANK, batch, 4)
    assert rows.keep_all(BANK, batch, "trace") == (1, 0, 0, True)
    assert rows.keep_all(BANK, batch, "trace") == (1, 1, 0, False)
    assert rows.keep_all(BANK, batch, "trace") == (0, 2, 0, False)
    assert rows.keep(BANK, batch, 3, "trace") == CODES[1]


def test_companies_are_taken_as_the_run_read_them(
    city: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads the table again, but under another catalogue, where a word may say something
    else."""
    table = tmp_path / "table.csv"
    table.write_text(TABLE, encoding="utf-8")
    asked = BatchRequest("clients.csv", ".csv", None, "en", hold=False)
    batch = city.batch_service.create(BANK, table, asked, "trace")["id"]
    answer_batch(city, batch)
    opened = []

    def note(*given: object) -> BatchSource:
        opened.append(given)
        return source_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(candidate_sources, "source_of", note)
    stored = city.batch_service.batches.get(BANK.of_tenant(Scope.BATCHES_READ), batch)
    run_now = candidate_sources.companies_of_batch(
        city.compiled, city.batch_service.batches, stored
    )
    as_read = dict(run_now.profiles())
    assert ([*as_read], opened) == ([2, 3], [])
    under_another = replace(stored, catalogue_version="sha256:0")
    again = candidate_sources.companies_of_batch(
        city.compiled, city.batch_service.batches, under_another
    )
    assert (dict(again.profiles()), len(opened)) == (as_read, 1)
