"""`huice serve`, as far as it goes before gunicorn."""

from collections.abc import Callable

import pytest
from click.testing import Result


def test_what_only_gunicorn_reads_is_told_in_words(
    huice: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "many")
    refused = huice("serve")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("WEB_CONCURRENCY: not a number; HUICE_WORKERS")
