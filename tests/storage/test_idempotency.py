"""Who works on a request keeps others from it for as long as that lasts, and no longer."""

import threading
from datetime import UTC, datetime

import pytest

from service.domain.errors import ErrorCode, Refused
from service.storage.idempotency import CLAIM, IdempotencyRepository, Renewals
from service.storage.store import Store

NOW = datetime(2020, 11, 28, 12, tzinfo=UTC)


def test_a_claim_of_who_was_killed_ends_soon(store: Store) -> None:
    killed, other = IdempotencyRepository(store), IdempotencyRepository(store)
    assert killed.claim("bank", "k", "POST /", b"", NOW) is None
    with pytest.raises(Refused) as refused:
        other.claim("bank", "k", "POST /", b"", NOW + CLAIM * 0.9)
    assert refused.value.code is ErrorCode.IDEMPOTENCY_CONFLICT
    assert other.claim("bank", "k", "POST /", b"", NOW + CLAIM) is None


def test_a_claim_is_renewed_while_work_lasts(store: Store) -> None:
    """By now, which is long after the time that it was made for."""
    answers = IdempotencyRepository(store)
    answers.claim("bank", "k", "POST /", b"", NOW)
    answers._renew("bank", "k")
    with pytest.raises(Refused):
        answers.claim("bank", "k", "POST /", b"", datetime.now(UTC))


def test_only_what_lasts_is_renewed_and_nothing_once_it_is_over() -> None:
    renewed, again = list[str](), threading.Semaphore(0)

    def renew(_owner: str, key: str) -> None:
        renewed.append(key)
        again.release()

    renewals = Renewals(renew, every=0.02)
    renewals.begin("bank", "long")
    assert again.acquire(timeout=10)
    assert again.acquire(timeout=10)
    renewals.begin("bank", "short")
    renewals.end("bank", "short")
    renewals.end("bank", "long")
    while again.acquire(timeout=0.1):
        pass
    assert set(renewed) == {"long"}
