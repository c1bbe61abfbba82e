"""Calls counted in the state."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from limits import parse

from service.storage.call_counts import CallCounts
from service.storage.opening import open_store


@pytest.fixture
def counts(tmp_path: Path) -> Iterator[CallCounts]:
    with open_store(tmp_path / "huice.sqlite3", None) as store:
        yield CallCounts(store)


@pytest.mark.parametrize(("rate", "calls"), [("2/minute", 3), ("20/day", 40), ("1/hour", 2)])
@pytest.mark.parametrize("former", [0, 9])
def test_whoever_waits_as_long_as_is_said_is_let_in(
    counts: CallCounts, rate: str, calls: int, former: int
) -> None:
    """And not a second sooner: after many calls at once, in this span or also in the one before."""
    item = parse(rate)
    span, begin = item.get_expiry(), 100 * item.get_expiry()
    moments = [begin - 1] * former + [begin + span / 3] * calls
    refused = [(counts.hit(item, "early", at), counts.hit(item, "in time", at)) for at in moments]
    assert not any(window.allowed for window in refused[-1])
    again = begin + span / 3 + refused[-1][0].seconds_left
    assert not counts.hit(item, "early", again - 1).allowed
    assert counts.hit(item, "in time", again).allowed
