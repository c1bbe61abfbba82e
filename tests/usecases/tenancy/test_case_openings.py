"""Self-checks are opened within bounds: of a form, and of an address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.domain.errors import ErrorCode, Refused
from service.storage.call_counts import CallCounts
from service.storage.opening import open_store
from service.usecases.tenancy.case_openings import Openings


@pytest.fixture
def openings(tmp_path: Path) -> Iterator[Openings]:
    with open_store(tmp_path / "huice.sqlite3", None) as store:
        yield Openings(CallCounts(store), "30/hour")


def opened(openings: Openings, address: str, forms: list[str]) -> tuple[int, ErrorCode | None]:
    """How many were, and why no more."""
    for number, form in enumerate(forms):
        try:
            openings.count(address, form)
        except Refused as refusal:
            return number, refusal.code
    return len(forms), None


def test_a_form_opens_so_many(openings: Openings) -> None:
    """Who goes back in his browser sends it again; who wants a hundred does not get them by one."""
    assert opened(openings, "192.0.2.1", ["a"] * 100) == (20, ErrorCode.RATE_LIMITED)
    assert opened(openings, "192.0.2.2", ["b"]) == (1, None)


@pytest.mark.parametrize(
    ("address", "neighbour", "stranger"),
    [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")],
)
def test_an_address_opens_so_many(
    openings: Openings, address: str, neighbour: str, stranger: str
) -> None:
    """With forms of its own each time. Of the newer addresses, a subscriber has 2 to the 64th."""
    forms = [str(number) for number in range(40)]
    assert opened(openings, address, forms) == (30, ErrorCode.RATE_LIMITED)
    assert opened(openings, neighbour, ["x"]) == (0, ErrorCode.RATE_LIMITED)
    assert opened(openings, stranger, ["y"]) == (1, None)
