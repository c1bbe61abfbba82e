"""Names of stored things: what they may hold."""

import re

from service.storage.identifiers import new_id


def test_an_identifier_is_a_word_to_a_shell_and_to_a_mail_program() -> None:
    """32 lower-case letters and digits: 160 bits, and never an option of a command."""
    assert all(re.fullmatch("[a-z2-7]{32}", new_id()) for _ in range(1000))


def test_no_two_identifiers_are_alike() -> None:
    """They are drawn at random, not counted."""
    assert len({new_id() for _ in range(1000)}) == 1000
