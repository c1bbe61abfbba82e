"""Cells as people fill them, and as somebody may fill them who wants the service to stand still."""

import json
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from service.intake.cell_spelling import speller_for
from service.intake.code_names import CodeNames
from service.intake.headers import Header
from service.intake.table_columns import TableColumn
from service.intake.written_values import Unreadable
from tests.own import own_catalogue

# Half of what a cell of a spreadsheet may hold.
LONG = 16_384


@pytest.mark.parametrize(
    ("written", "held"),
    [("2%", "0.02"), ("0.02", "0.02"), ("150%", "1.5"), ("百分之二", "0.02"), ("2", None)],
)
def test_a_number_that_its_unit_calls_a_share_is_one(written: str, held: str | None) -> None:
    """Also without a limit: a growth may be more than the whole. A bare 2 may be either."""
    vocabulary = own_catalogue().vocabulary
    growth = replace(vocabulary.facts["company.market_share"], unit="share", maximum=None)
    speller = speller_for(vocabulary, spreadsheet=False, commas=False)
    read = speller.reader(TableColumn(0, Header("growth", growth)))
    if held is None:
        with pytest.raises(Unreadable, match="may be 2%: write the percent sign"):
            read(written)
    else:
        assert read(written).value == held


@pytest.mark.parametrize("piece", [" ", "0,", "市路", "C3964、", "亿"])
def test_no_cell_takes_long_whatever_is_in_it(piece: str) -> None:
    """Every reader of cells answers in milliseconds, for a page of text too: some of these took
    minutes."""
    vocabulary = own_catalogue().vocabulary
    speller = speller_for(vocabulary, spreadsheet=True, commas=False)
    cell = piece * (LONG // len(piece))
    facts = {(f.type, f.list == "regions"): f for f in vocabulary.stated}.values()
    readers = [speller.reader(TableColumn(0, Header(f.id, f))) for f in facts]
    began = time.process_time()
    for read in readers:
        with suppress(Unreadable):
            read(cell)
    with suppress(Unreadable):
        CodeNames(vocabulary.lists["regions"], shortened=True).find_address(cell)
    assert time.process_time() - began < 0.1 * len(readers)


def test_what_windows_puts_into_a_copied_cell_is_not_read() -> None:
    """Marks of direction before a figure, a day, a code or a credit code are nothing of theirs."""
    vocabulary = own_catalogue().vocabulary
    speller = speller_for(vocabulary, spreadsheet=True, commas=False)
    for fact, cell in (
        ("company.employees", "120"),
        ("company.founded_on", "2021-03-01"),
        ("company.registered_region", "上海市"),
        ("company.uscc", "91110000600037341L"),
    ):
        read = speller.reader(TableColumn(0, Header(fact, vocabulary.facts[fact])))
        assert read(f"\u202a{cell}\u202c") == read(cell)


def test_a_code_of_a_million_characters_is_none() -> None:
    """It is asked for once whether it continues a listed code, not for each of its beginnings."""
    began = time.process_time()
    assert "C39" + "1" * 1_000_000 not in own_catalogue().vocabulary.lists["industries"]
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("高新技术企业（证书编号GR202431000123，2024-12-04至2027-12-03）", "GR202431000123"),
        ("高新技术企业（GR202431000123 2024.12.4-2027.12.3）", "GR202431000123"),
        ("高新技术企业（编号：20243100，有效期2024-12-04至2027-12-03）", "20243100"),
        ("高新技术企业（20241204至20271203）", None),
    ],
)
def test_a_certificates_number_may_stand_before_its_days(written: str, number: str | None) -> None:
    vocabulary = own_catalogue().vocabulary
    header = Header("资质证书", vocabulary.facts["company.certificates"])
    speller = speller_for(vocabulary, spreadsheet=True, commas=False)
    (held,) = json.loads(speller.reader(TableColumn(0, header))(written).value)
    term = held.pop("issued_on"), held.pop("expires_on")
    assert term == ("2024-12-04", "2027-12-03")
    assert held == {"category": "high_tech_enterprise"} | ({"number": number} if number else {})
