"""Batches: a table that is none is refused, and nothing is kept of it."""

from pathlib import Path

import pytest

from service.app import Services
from service.domain.errors import InvalidInput
from service.usecases.tenancy.batches import BatchRequest
from tests.usecases.tenancy.tenants import BANK


def test_a_table_that_is_none_leaves_no_batch(city: Services, tmp_path: Path) -> None:
    """It is refused by name of the file, and nothing is kept of it."""
    table = tmp_path / "table.csv"
    table.write_text("weather,wind\nfine,none\n", encoding="utf-8")
    asked = BatchRequest(name="t", suffix=".csv", as_of=None, language="zh", hold=True)
    with pytest.raises(InvalidInput):
        city.batch_service.create(BANK, table, asked, "trace")
    assert city.batch_service.list(BANK)["items"] == []
