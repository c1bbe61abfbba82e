"""What holds of a store on either engine."""

import threading

from service.storage.store import Store


def test_each_thread_has_its_own_connection_and_keeps_it(store: Store) -> None:
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(store.connection()))
    thread.start()
    thread.join()
    assert store.connection() is store.connection()
    assert seen[0] is not store.connection()
