"""What the settings name outside the process."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.resources import clock_of
from tests.api.sample import settings_for
from tests.own import own_catalogue


@pytest.mark.parametrize(
    ("offset", "zone", "hours"), [(None, "Asia/Shanghai", 8), (None, "UTC", 0), (-3, "UTC", -3)]
)
def test_today_is_the_operators_or_else_the_catalogues(
    offset: int | None, zone: str, hours: int
) -> None:
    """Of an hour before midnight at that place, and of one after it."""
    vocabulary = replace(own_catalogue().vocabulary, time_zone=zone)
    clock = clock_of(settings_for(Path("unused"), utc_offset=offset), vocabulary)
    midnight = datetime(2026, 6, 1, tzinfo=UTC) - timedelta(hours=hours)
    days = [clock.day_of(midnight + timedelta(hours=h)).day for h in (-1, 1)]
    assert days == [31, 1]
