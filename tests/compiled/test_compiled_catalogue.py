"""A compiled catalogue can be kept: taken up again it answers as before, byte for byte."""

import pytest

from service import startup
from service.settings import read_settings
from tests.compiled.test_match_answers import BENCH


def test_what_was_prepared_ahead_is_served_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reload prepares anew."""
    made = [startup.PreparedCatalogue({}, BENCH, (name,)) for name in ("first", "second")]
    following = iter(made)
    monkeypatch.setattr(startup, "prepare", lambda *_: next(following))
    settings = read_settings()
    startup.prepare_ahead(settings)
    assert [startup.prepared(settings) for _ in made] == made
