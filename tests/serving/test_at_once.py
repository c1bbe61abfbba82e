"""What one address has at work is counted by all workers together."""

from service.serving.at_once import AtOnce

ADDRESS, OTHER = "192.0.2.1", "192.0.2.2"


def begun(counts: AtOnce, row: int | None, address: str, most: int = 100) -> int:
    """How many are taken up before there are enough."""
    for number in range(most):
        if counts.has_enough(address):
            return number
        counts.begin(row, address)
    return most


def test_workers_count_together() -> None:
    """Whichever has taken the connections; another address is not told to wait."""
    counts = AtOnce(workers=2, limit=10)
    first, second = counts.claim(1), counts.claim(2)
    assert begun(counts, first, ADDRESS, 7) == 7
    assert begun(counts, second, ADDRESS) == 3
    assert not counts.has_enough(OTHER)
    counts.end(first, ADDRESS)
    assert begun(counts, second, ADDRESS) == 1


def test_what_a_killed_worker_had_at_work_is_forgotten() -> None:
    """Nobody would ever end it."""
    counts = AtOnce(workers=2, limit=10)
    begun(counts, counts.claim(1), ADDRESS)
    counts.give_back(1)
    assert begun(counts, counts.claim(2), ADDRESS) == 10


def test_a_worker_for_whom_there_is_no_row_does_not_count() -> None:
    """Reloads that follow each other too quickly: what it answers is in nobody's way."""
    counts = AtOnce(workers=1, limit=10)
    rows = [counts.claim(number) for number in range(5)]
    assert rows == [0, 1, 2, 3, None]
    assert begun(counts, None, ADDRESS) == 100
    assert begun(counts, rows[0], ADDRESS) == 10
    assert counts.has_enough(ADDRESS)
