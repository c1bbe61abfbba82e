"""The process that makes what a large catalogue is served without is begun again until it has."""

import time
from io import BytesIO

import pytest

from service.serving import indexer


class Ended:
    """A process that has said so much and ended."""

    def __init__(self, told: bytes) -> None:
        self.stdout = BytesIO(told)

    def wait(self) -> int:
        return 0


def test_a_process_that_was_killed_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be searched already is waited for no longer, even if the rest is begun again."""
    monkeypatch.setattr(indexer, "_PAUSE_SECONDS", 0.0)
    said = [b"", b"searchable\n", b"searchable\ndone\n"]
    begun = list[list[str]]()

    def begin(command: list[str], **_: object) -> Ended:
        begun.append(command)
        return Ended(said[len(begun) - 1])

    monkeypatch.setattr("service.serving.indexer.subprocess.Popen", begin)
    started = time.monotonic()
    indexer.Indexer("sha256:1").wait(60, meanwhile=None)
    assert time.monotonic() - started < 30
    while len(begun) < len(said):
        time.sleep(0.01)
    assert {command[-2] for command in begun} == {"sha256:1"}
