"""Keys of tenants: how long each opens anything, and that none changes off the record."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.domain.principal import Scope, operator_of
from service.storage.audit import Deed
from service.storage.keys import KeyRepository
from service.storage.store import Store
from service.storage.times import PastTime

DEED = Deed(operator_of("bank"), datetime(2026, 11, 22, 8, tzinfo=UTC))


def test_a_key_ends_when_it_expires_is_revoked_or_was_replaced_a_week_ago(
    store: Store,
) -> None:
    """To the moment; a secret that differs in one letter opens nothing."""
    keys, now = KeyRepository(store), DEED.at
    made, secret = keys.create("bank", DEED, "a", [Scope.MATCH], now + timedelta(days=2))
    assert keys.find(secret, now + timedelta(days=2) - timedelta(seconds=1)) is not None
    assert keys.find(secret, now + timedelta(days=2)) is None
    first, old = keys.create("bank", DEED, "b", [Scope.MATCH])
    after, new = keys.rotate("bank", DEED, first.id, timedelta(days=7))
    assert keys.find(old, now + timedelta(days=7) - timedelta(seconds=1)) is not None
    assert keys.find(old, now + timedelta(days=7)) is None
    assert keys.find(new, now + timedelta(days=8)) is not None
    keys.revoke("bank", DEED, after.id)
    assert keys.find(new, now) is None
    assert keys.find(secret[:-1] + ("A" if secret[-1] != "A" else "B"), now) is None
    assert made.id != after.id


def test_a_nonce_is_remembered_as_long_as_its_date_is_believed(store: Store) -> None:
    """One written exactly five minutes ahead is believed until ten minutes from now, both ends
    included, and so long its nonce counts as used. A clock that is set ahead and back again makes
    nobody forget it."""
    passed, now, lives = 0.0, DEED.at, timedelta(minutes=10)
    keys = KeyRepository(store, PastTime(lambda: passed))
    key, other = (keys.create("bank", DEED, n, [Scope.MATCH], signs=True)[0] for n in "ab")
    assert keys.claim_nonce(key, "n", now, lives)
    assert not keys.claim_nonce(key, "n", now + lives - timedelta(seconds=1), lives)
    assert not keys.claim_nonce(key, "n", now + lives, lives)
    assert keys.claim_nonce(other, "n", now, lives)
    assert keys.claim_nonce(other, "m", now + timedelta(days=365), lives)
    assert not keys.claim_nonce(key, "n", now, lives)
    passed = lives.total_seconds() + 0.1
    assert keys.claim_nonce(key, "n", now + lives + timedelta(seconds=0.1), lives)


CHANGES: dict[str, Callable[[KeyRepository, str], object]] = {
    "create": lambda keys, _: keys.create("bank", DEED, "b", [Scope.MATCH]),
    "rotate": lambda keys, key_id: keys.rotate("bank", DEED, key_id, timedelta(days=7)),
    "revoke": lambda keys, key_id: keys.revoke("bank", DEED, key_id),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_cannot_be_written_down_is_not_done(
    store: Store, monkeypatch: pytest.MonkeyPatch, change: Callable[[KeyRepository, str], object]
) -> None:
    """A change of a key and its line on the record are one transaction."""
    keys = KeyRepository(store)
    key, _ = keys.create("bank", DEED, "a", [Scope.MATCH])

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("service.storage.keys.write_entry", fail)
    with pytest.raises(RuntimeError):
        change(keys, key.id)
    assert keys.of_tenant("bank") == [key]
