"""The part of `huice work` that compares what is followed and delivers events.

Whether anything is to be done stands in the database: this looks again and again, and a process
that is killed at any moment leaves everything to the next.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog

from service.background import change_detector, delivery_service, opened_state
from service.settings import Settings
from service.storage.events import EventRepository
from service.storage.store import Store
from service.storage.times import PastTime

# Between looks: so long at least, and so many times as long as a look that found nothing took.
PAUSE_SECONDS, PAUSE_FACTOR = 1.0, 20.0
_AFTER_FAILURE, _TIDY_EVERY = 10.0, 3_600.0
Look: TypeAlias = Callable[[], int]
_log = structlog.get_logger("huice.following")


class Following(threading.Thread):
    """Compares and delivers as long as the process lives. Comparing and delivering go on side by
    side, each in one process of all that share the database."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="following", daemon=True)
        self._settings = settings

    def run(self) -> None:
        sender = threading.Thread(
            target=self._run_forever,
            args=("delivering", self._deliver),
            name="delivering",
            daemon=True,
        )
        sender.start()
        self._run_forever("comparing", self._compare)

    def _run_forever(self, what: str, work: Callable[[], None]) -> None:
        """Do what does not end, from its beginning where it could not begin."""
        while True:
            try:
                work()
            except Exception as error:  # noqa: BLE001  as below
                _log.error(f"{what}_failed", exception=type(error).__qualname__)
                time.sleep(_AFTER_FAILURE)

    def _compare(self) -> None:
        with opened_state(self._settings) as (store, local):
            detector = change_detector(self._settings, store, local)
            events, kept = EventRepository(store), timedelta(days=self._settings.event_days)
            past_time, tidied = PastTime(), time.monotonic()
            past_time.past(datetime.now(UTC))

            def look() -> int:
                nonlocal tidied
                done = detector.run()
                if time.monotonic() - tidied > _TIDY_EVERY:
                    events.purge(past_time.past(datetime.now(UTC)), kept)
                    tidied = time.monotonic()
                return done

            self._repeat(store, "comparing", look)

    def _deliver(self) -> None:
        with opened_state(self._settings) as (store, _):
            self._repeat(store, "delivering", delivery_service(self._settings, store).run)

    def _repeat(self, store: Store, what: str, look: Look) -> None:
        while True:
            time.sleep(self._pause(store, what, look))

    def _pause(self, store: Store, what: str, look: Look) -> float:
        """Look once, where no other process does; how long to wait before the next."""
        began = time.monotonic()
        try:
            with store.claim(what) as mine:
                done = look() if mine else 0
        except Exception as error:  # noqa: BLE001  it must go on, and a message may hold figures
            _log.error(f"{what}_failed", exception=type(error).__qualname__)
            return _AFTER_FAILURE
        return 0.0 if done else max(PAUSE_SECONDS, PAUSE_FACTOR * (time.monotonic() - began))
