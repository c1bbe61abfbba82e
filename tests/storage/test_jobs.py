"""What does the work of a shared queue goes on, whatever one batch does."""

from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from service.storage import jobs
from service.storage.jobs import SharedQueue


class Ended(BaseException):
    """The process is told to end."""


def test_a_batch_that_fails_unforeseen_keeps_no_other_from_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its message, which may hold figures, does not reach the log."""
    waiting, done = [SimpleNamespace(id="bad"), SimpleNamespace(id="good")], []

    def look(*states: object) -> list[SimpleNamespace]:
        if not waiting:
            raise Ended
        return list(waiting)

    def work(batch: str) -> None:
        if batch == "bad":
            raise ValueError("revenue 52000000")
        done.append(batch)
        waiting.clear()

    batches = SimpleNamespace(in_state=look)
    monkeypatch.setattr(jobs, "_MAX_POLL_SECONDS", 0.0)
    with capture_logs() as logs, pytest.raises(Ended):
        SharedQueue(batches).consume(work, lambda: None)  # type: ignore[arg-type]
    assert done == ["good"]
    assert logs == [{"event": "work_failed", "exception": "ValueError", "log_level": "error"}]
