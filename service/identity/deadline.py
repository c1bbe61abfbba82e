"""An end for all that a session of requests asks, taken together.

Each step of an exchange has a limit of its own; a server that sends a byte now and then keeps to
every one of them, and would hold a thread for days.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


@contextmanager
def ended_within(seconds: float, session: requests.Session) -> Iterator[None]:
    """Cut the connections of a session after so long: raises requests.Timeout, whatever was
    made of half an answer."""
    adapter = _CuttingAdapter()
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    watchdog = threading.Timer(seconds, adapter.cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    except Exception as error:
        if adapter.was_cut:
            raise requests.Timeout from error
        raise
    finally:
        watchdog.cancel()
        adapter.let_go()


class _CuttingAdapter(HTTPAdapter):
    """Knows the sockets that it opened. Each is known by a copy, for TLS takes the first over."""

    def __init__(self) -> None:
        self._copies: list[socket.socket] = []
        self.was_cut = False
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _noting(HTTPConnectionPool, self._copies),
            "https": _noting(HTTPSConnectionPool, self._copies),
        }

    def cut(self) -> None:
        self.was_cut = True
        for copy in list(self._copies):
            with suppress(OSError):
                copy.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Close the copies of connections that `cut` reaches: from now on nothing is cut."""
        for copy in self._copies:
            copy.close()


def _noting(pool: type[HTTPConnectionPool], copies: list[socket.socket]) -> Any:
    """A kind of pool of which each connection is noted as it is opened."""
    former: Any = pool.ConnectionCls

    class NotedConnection(former):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            opened: socket.socket = super()._new_conn()
            copies.append(opened.dup())
            return opened

    return type("NotingPool", (pool,), {"ConnectionCls": NotedConnection})
