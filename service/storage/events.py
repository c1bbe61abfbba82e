"""Events: what changed for whom, numbered for each tenant, with what is to be delivered of them.

An event and its deliveries are written in the transaction that keeps the answers it came from: no
change is told twice, and none is lost. Its id is its name for ever, however often it is delivered.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.store import Connection, Repository
from service.storage.times import read_time, written_time

_COLUMNS = "seq, id, at, type, content"


class Event(NamedTuple):
    """One event. `seq` counts from 1 for each tenant; `data` is as the interface shows it."""

    seq: int
    id: str
    at: datetime
    type: str
    data: dict[str, Any]


def write_event(
    db: Connection,
    tenant: str,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    webhook: str | None = None,
) -> str:
    """Make an event inside a transaction, to be delivered to every live webhook of the tenant, or
    to one. Its id."""
    event_id, at = f"evt_{secrets.token_hex(12)}", written_time(now)
    (last,) = db.execute(
        "SELECT coalesce(max(seq), 0) FROM events WHERE tenant = ?", (tenant,)
    ).fetchone()
    db.execute(
        f"INSERT INTO events (tenant, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        (tenant, last + 1, event_id, at, kind, orjson.dumps(data).decode()),
    )
    wanted, only = ("", ()) if webhook is None else (" AND id = ?", (webhook,))
    live = db.execute(
        f"SELECT id FROM webhooks WHERE tenant = ? AND live = 1{wanted}",  # noqa: S608
        (tenant, *only),
    ).fetchall()
    for (webhook_id,) in live:
        db.execute(
            "INSERT INTO deliveries"
            " (tenant, webhook, event, state, attempts, next_at, updated_at)"
            " VALUES (?, ?, ?, 'waiting', 0, ?, ?)",
            (tenant, webhook_id, event_id, at, at),
        )
    return event_id


class EventRepository(Repository):
    """The events of all tenants; every call names one."""

    def page(self, tenant: str, after: int, limit: int) -> list[Event]:
        """The events after a number, oldest first."""
        return self._read("tenant = ? AND seq > ? ORDER BY seq LIMIT ?", (tenant, after, limit))

    def last_number(self, tenant: str) -> int:
        """The number of its newest event, 0 for none."""
        query = "SELECT coalesce(max(seq), 0) FROM events WHERE tenant = ?"
        ((last,),) = self._store.rows(query, (tenant,))
        return int(last)

    def latest(self, tenant: str, limit: int) -> list[Event]:
        """The newest first."""
        return self._read("tenant = ? ORDER BY seq DESC LIMIT ?", (tenant, limit))

    def get(self, tenant: str, event_id: str) -> Event:
        """Raises NotFound, also for another tenant's."""
        found = self._read("tenant = ? AND id = ?", (tenant, event_id))
        if not found:
            raise NotFound(Text("事件", "event"), event_id)
        return found[0]

    def purge(self, now: datetime, kept: timedelta) -> int:
        """Forget what is older, but for each tenant's last, from which the count goes on."""
        with self._store.transaction() as db:
            return int(
                db.execute(
                    "DELETE FROM events WHERE at < ? AND seq <"
                    " (SELECT max(seq) FROM events AS e WHERE e.tenant = events.tenant)",
                    (written_time(now - kept),),
                ).rowcount
            )

    def _read(self, where: str, values: tuple[object, ...]) -> list[Event]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM events WHERE {where}", values)  # noqa: S608
        return [read_event(*row) for row in rows]


def read_event(seq: int, event_id: str, at: str, kind: str, content: str) -> Event:
    return Event(seq, event_id, read_time(at), kind, orjson.loads(content))


def forget_in_events(db: Connection, tenant: str, uscc: str) -> None:
    """A company is deleted: what events told of it goes, the events stay."""
    rows = db.execute(
        "SELECT seq, content FROM events WHERE tenant = ? AND instr(content, ?) > 0", (tenant, uscc)
    ).fetchall()
    for seq, content in rows:
        data = orjson.loads(content)
        data["companies"] = [c for c in data.get("companies", ()) if c["uscc"] != uscc]
        db.execute(
            "UPDATE events SET content = ? WHERE tenant = ? AND seq = ?",
            (orjson.dumps(data).decode(), tenant, seq),
        )
