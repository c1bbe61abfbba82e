"""Receipts on the command line."""

import pytest

from service.cli.receipts import shown_by


@pytest.mark.parametrize(
    ("tenant", "named"),
    [(None, "r1"), ("bank", "r1 --tenant bank"), ("the bank", "r1 --tenant 'the bank'")],
)
def test_a_receipt_is_named_as_it_is_found(tenant: str | None, named: str) -> None:
    """What others list can be handed to `receipts show`, which finds it as its tenant's."""
    assert shown_by("r1", tenant) == named
