"""What holds of a store on either engine."""

import threading

import pytest

from service.storage.faults import StorageFault
from service.storage.store import Store


def test_each_thread_has_its_own_connection_and_keeps_it(store: Store) -> None:
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(store.connection()))
    thread.start()
    thread.join()
    assert store.connection() is store.connection()
    assert seen[0] is not store.connection()


def test_a_transaction_inside_a_transaction_is_refused(store: Store) -> None:
    with (
        store.transaction(),
        pytest.raises(StorageFault, match="already open"),
        store.transaction(),
    ):
        pass
