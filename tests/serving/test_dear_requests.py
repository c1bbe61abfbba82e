"""The queue of dear requests: who has room, and when others are told to come again."""

import pytest

from service.serving.dear_requests import MAX_RETRY_SECONDS, DearQueue


@pytest.mark.parametrize(
    ("took", "since", "told"),
    [(7.2, 0.0, 8), (7.2, 5.0, 3), (7.2, 20.0, 1), (0.01, 0.0, 1), (500, 0.0, MAX_RETRY_SECONDS)],
)
def test_who_finds_no_room_is_told_when_there_will_be_some(
    took: float, since: float, told: int
) -> None:
    """As the last request took so long, of which the present one has been at work since."""
    now = 100.0
    queue = DearQueue("papers", 2, lambda: now)
    queue.enter("a")
    queue.enter("b")
    now += took
    queue.leave("a")
    queue.enter("a")
    now += since
    assert not queue.has_room_for("c")
    assert queue.seconds_until_room() == told
