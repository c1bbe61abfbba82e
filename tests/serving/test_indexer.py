"""The process that makes what a large catalogue is served without is begun again until it has."""

import pytest

from service.serving import indexer


class Ended:
    """A process that has said so much and ended."""

    def __init__(self, told: bytes) -> None:
        self.told = told

    def communicate(self) -> tuple[bytes, None]:
        return self.told, None


def test_a_process_that_was_killed_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until one says that nothing is left to do."""
    monkeypatch.setattr(indexer, "_PAUSE_SECONDS", 0.0)
    said = [b"", b"half", b"done\n"]
    begun = list[tuple[str, ...]]()

    def begin(command: tuple[str, ...], **_: object) -> Ended:
        begun.append(command)
        return Ended(said[len(begun) - 1])

    monkeypatch.setattr("service.serving.indexer.subprocess.Popen", begin)
    indexer._work(("python", "sha256:1", "7"))
    assert len(begun) == len(said)
    assert {command[-2] for command in begun} == {"sha256:1"}
