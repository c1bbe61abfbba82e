"""A file that is no table is told so by its name, with what else there is."""

import pytest

from service.bulk.inputs import FORMATS as MACHINE_FILES
from service.intake.grids import FORMATS as TABLES
from service.usecases.portfolio.table_endings import SUFFIXES, refused_ending


@pytest.mark.parametrize(
    ("name", "told"),
    [("a.pdf", SUFFIXES[-1]), ("", SUFFIXES[0]), ("a.ET", "save it as .xlsx"), ("a.xls", "save")],
)
def test_an_ending_that_is_not_read_is_refused_with_a_way_on(name: str, told: str) -> None:
    assert told in refused_ending(name).en


def test_all_endings_are_told_that_are_read() -> None:
    """They are listed once more, since what reads tables is not loaded to refuse one."""
    assert sorted(SUFFIXES) == sorted({*TABLES, *MACHINE_FILES})
