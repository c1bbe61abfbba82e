"""When the workers of before a reload may leave."""

from service.serving.handover import Handover


def test_old_workers_stay_until_all_new_ones_are_ready() -> None:
    """Two are started: one that is ready is not enough."""
    handover = Handover(2)
    before = handover.generation
    handover.begin()
    assert not handover.is_over(before)
    handover.arrive()
    assert not handover.is_over(before)
    handover.arrive()
    assert handover.is_over(before)


def test_nobody_is_waited_for_when_everything_ends() -> None:
    """Without a reload no successor comes; nor in the middle of one that is given up."""
    handover = Handover(2)
    before = handover.generation
    assert handover.is_over(before)
    handover.begin()
    handover.call_off()
    assert handover.is_over(before)


def test_a_second_reload_waits_anew() -> None:
    """Those who came for the first do not count for the second."""
    handover = Handover(1)
    handover.begin()
    handover.arrive()
    middle = handover.generation
    handover.begin()
    assert not handover.is_over(middle)
