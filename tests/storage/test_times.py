"""What is deleted for its age was really that long ago."""

from datetime import UTC, datetime, timedelta

from service.storage.times import PastTime

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_clock_that_is_set_while_the_process_lasts_makes_nothing_old() -> None:
    passed = 0.0
    time = PastTime(lambda: passed)
    assert time.past(NOW) == NOW
    passed = 3_600.0
    assert time.past(NOW + HOUR) == NOW + HOUR
    assert time.past(NOW + 9_000 * HOUR) == NOW + HOUR
    assert time.past(NOW - HOUR) == NOW - HOUR
