"""Names of stored things: what they may hold."""

import re

import pytest

from service.storage.identifiers import new_id, new_id_in_order


def test_an_identifier_is_a_word_to_a_shell_and_to_a_mail_program() -> None:
    """32 lower-case letters and digits: 160 bits, and never an option of a command."""
    made = [make() for make in (new_id, new_id_in_order) for _ in range(1000)]
    assert all(re.fullmatch("[a-z2-7]{32}", one) for one in made)


def test_no_two_identifiers_are_alike() -> None:
    """They are drawn at random, not counted."""
    assert len({new_id() for _ in range(1000)}) == 1000
    assert len({new_id_in_order() for _ in range(1000)}) == 1000


def test_an_identifier_in_order_comes_behind_those_made_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a database compares them: receipts of one moment are written to one page of an index."""
    made = []
    for unit in (0, 1, 31, 32, 1_000, 2**16, 2**31, 2**32 - 1):
        monkeypatch.setattr("time.time_ns", lambda at=unit: at << 26)
        made.append(new_id_in_order().encode("ascii"))
    assert made == sorted(made)


def test_of_an_identifier_in_order_nobody_can_guess_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever knows when a receipt was made does not know 128 of its bits."""
    monkeypatch.setattr("time.time_ns", lambda: 1_764_354_000_000_000_000)
    made = {new_id_in_order() for _ in range(1000)}
    assert len({one[:6] for one in made}) == 1
    assert len({one[7:] for one in made}) == 1000
