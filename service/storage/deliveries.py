"""Where a tenant has events delivered, and how far each delivery is.

Rows of deliveries are made together with their events. A delivery that was sent and not yet noted
when the process died is sent again: under the same event's id, by which a receiver knows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.events import Event, read_event, write_event
from service.storage.store import Repository, count_below, delete_own
from service.storage.times import read_time, written_time

MAX_WEBHOOKS, MAX_SHOWN = 20, 200
_COLUMNS = (
    "id, tenant, url, language, created_at, actor, live, secret, previous_secret, previous_until"
)
_QUOTA = Text("地址数量已达上限 {most}", "no more than {most} addresses are kept")


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address. `secrets` are those to sign with on a day, the present one first; an address of
    e-mail has one too, and never uses it."""

    id: str
    tenant: str
    url: str
    language: str
    created_at: datetime
    actor: str
    live: bool
    secret: bytes
    previous_secret: bytes | None = None
    previous_until: datetime | None = None

    def secrets(self, now: datetime) -> list[bytes]:
        """The secrets to sign with: a replaced one works on for a while."""
        found = [self.secret]
        if self.previous_secret and self.previous_until and now < self.previous_until:
            found.append(self.previous_secret)
        return found


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event's way to an address. `state` is waiting, delivered or dead."""

    webhook: str
    event: str
    state: str
    attempts: int
    next_at: datetime
    updated_at: datetime
    outcome: str | None


class DeliveryRepository(Repository):
    """Addresses and deliveries; every call of a client's names its tenant."""

    def create(self, made: Webhook, deed: Deed) -> None:
        """Raises Refused where the tenant has too many."""
        with self._store.transaction() as db:
            count_below(db, "webhooks", made.tenant, MAX_WEBHOOKS, _QUOTA)
            db.execute(
                f"INSERT INTO webhooks ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 1, ?, NULL, NULL)",  # noqa: S608
                (
                    made.id,
                    made.tenant,
                    made.url,
                    made.language,
                    written_time(made.created_at),
                    made.actor,
                    made.secret,
                ),
            )
            write_entry(db, deed, "webhook.create", made.id)

    def of_tenant(self, tenant: str) -> list[tuple[Webhook, int, int]]:
        """The addresses, the oldest first, each with how many deliveries wait and are dead."""
        found = self._webhooks("tenant = ? ORDER BY created_at, id", (tenant,))
        return [(w, self._count(w.id, "waiting"), self._count(w.id, "dead")) for w in found]

    def get(self, tenant: str, webhook_id: str) -> Webhook:
        """Raises NotFound, also for another tenant's."""
        found = self._webhooks("tenant = ? AND id = ?", (tenant, webhook_id))
        if not found:
            raise _unknown_webhook(webhook_id)
        return found[0]

    def delete(self, tenant: str, deed: Deed, webhook_id: str) -> None:
        """Deliver there no longer. Raises NotFound."""
        with self._store.transaction() as db:
            delete_own(db, "webhooks", tenant, webhook_id, _unknown_webhook(webhook_id))
            write_entry(db, deed, "webhook.delete", webhook_id)

    def rotate(
        self, tenant: str, deed: Deed, webhook_id: str, secret: bytes, overlap: timedelta
    ) -> None:
        """Sign with another secret, and for a while with the former too. Raises NotFound."""
        with self._store.transaction() as db:
            changed = db.execute(
                "UPDATE webhooks SET previous_secret = secret, secret = ?, previous_until = ?"
                " WHERE tenant = ? AND id = ?",
                (secret, written_time(deed.at + overlap), tenant, webhook_id),
            ).rowcount
            if not changed:
                raise _unknown_webhook(webhook_id)
            write_entry(db, deed, "webhook.rotate", webhook_id)

    def test(self, webhook: Webhook, deed: Deed, kind: str, data: dict[str, object]) -> str:
        """Make an event for one address alone. Its id."""
        with self._store.transaction() as db:
            db.execute("UPDATE webhooks SET live = 1 WHERE id = ?", (webhook.id,))
            event = write_event(db, webhook.tenant, kind, data, deed.at, webhook.id)
            write_entry(db, deed, "webhook.test", webhook.id)
        return event

    def replay(self, webhook: Webhook, deed: Deed, event: str | None, since: int | None) -> int:
        """Deliver again, from the first attempt: one event, or all after a cursor, or else what is
        dead. How many those are. Raises NotFound for an event that the tenant has not."""
        at = written_time(deed.at)
        with self._store.transaction() as db:
            if event is not None or since is not None:
                rows = db.execute(
                    "SELECT id FROM events WHERE tenant = ? AND (id = ? OR seq > ?)",
                    (webhook.tenant, event or "", 2**62 if since is None else since),
                ).fetchall()
                if event is not None and not rows:
                    raise NotFound(Text("事件", "event"), event, pointer="/event")
            else:
                rows = db.execute(
                    "SELECT event FROM deliveries WHERE webhook = ? AND state = 'dead'",
                    (webhook.id,),
                ).fetchall()
            for (event_id,) in rows:
                db.execute(
                    "INSERT INTO deliveries"
                    " (tenant, webhook, event, state, attempts, next_at, updated_at)"
                    " VALUES (?, ?, ?, 'waiting', 0, ?, ?) ON CONFLICT (webhook, event)"
                    " DO UPDATE SET state = 'waiting', attempts = 0,"
                    " next_at = excluded.next_at, updated_at = excluded.updated_at",
                    (webhook.tenant, webhook.id, event_id, at, at),
                )
            db.execute("UPDATE webhooks SET live = 1 WHERE id = ?", (webhook.id,))
            write_entry(db, deed, "webhook.replay", webhook.id)
        return len(rows)

    def deliveries(self, webhook_id: str) -> list[Delivery]:
        """The latest deliveries to an address, the newest first."""
        rows = self._store.rows(
            "SELECT webhook, event, state, attempts, next_at, updated_at, outcome"
            " FROM deliveries WHERE webhook = ? ORDER BY updated_at DESC, event LIMIT ?",
            (webhook_id, MAX_SHOWN),
        )
        return [
            Delivery(w, e, state, attempts, read_time(at), read_time(updated), outcome)
            for w, e, state, attempts, at, updated, outcome in rows
        ]

    def due(self, now: datetime, limit: int) -> list[tuple[Webhook, Event, int]]:
        """What is to be sent now: where, what, and how often it was tried. To each address the
        longest due first, and to nobody a second before the first of everybody else. Looking at
        nothing costs one look into an index."""
        rows = self._store.rows(
            "SELECT d.webhook, d.attempts, e.seq, e.id, e.at, e.type, e.content FROM"
            " (SELECT d.webhook, d.event, d.attempts, d.next_at, e.seq, row_number() OVER"
            "   (PARTITION BY d.webhook ORDER BY d.next_at, e.seq) AS turn"
            "  FROM deliveries AS d JOIN events AS e ON e.id = d.event"
            "  WHERE d.state = 'waiting' AND d.next_at <= ? ORDER BY turn, next_at, seq LIMIT ?)"
            " AS d JOIN events AS e ON e.id = d.event ORDER BY d.turn, d.next_at, d.seq",
            (written_time(now), limit),
        )
        webhooks = {i: self._webhooks("id = ?", (i,)) for i in {row[0] for row in rows}}
        return [
            (webhooks[row[0]][0], read_event(*row[2:]), row[1]) for row in rows if webhooks[row[0]]
        ]

    def record_attempt(
        self,
        webhook_id: str,
        event_id: str,
        now: datetime,
        outcome: str,
        *,
        delivered: bool,
        next_at: datetime | None = None,
    ) -> None:
        """What came of an attempt: delivered, to be tried again, or (no `next_at`) dead."""
        state = "delivered" if delivered else "dead" if next_at is None else "waiting"
        with self._store.transaction() as db:
            db.execute(
                "UPDATE deliveries SET state = ?, attempts = attempts + 1, next_at = ?,"
                " updated_at = ?, outcome = ? WHERE webhook = ? AND event = ?",
                (
                    state,
                    written_time(next_at or now),
                    written_time(now),
                    outcome,
                    webhook_id,
                    event_id,
                ),
            )

    def hold(self, webhook_id: str, now: datetime, until: datetime) -> None:
        """The address does not answer: what else is due to it waits, and counts no attempt."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE deliveries SET next_at = ? WHERE webhook = ? AND state = 'waiting'"
                " AND next_at <= ?",
                (written_time(until), webhook_id, written_time(now)),
            )

    def end(self, webhook_id: str, event_id: str, now: datetime, outcome: str) -> None:
        """The address said of an event that it is gone: nothing waits for it any more. What else
        waited was not tried."""
        with self._store.transaction() as db:
            db.execute("UPDATE webhooks SET live = 0 WHERE id = ?", (webhook_id,))
            db.execute(
                "UPDATE deliveries SET state = 'dead', updated_at = ?, outcome = ?,"
                " attempts = attempts + CASE WHEN event = ? THEN 1 ELSE 0 END"
                " WHERE webhook = ? AND state = 'waiting'",
                (written_time(now), outcome, event_id, webhook_id),
            )

    def _count(self, webhook_id: str, state: str) -> int:
        (count,) = self._store.row(
            "SELECT count(*) FROM deliveries WHERE webhook = ? AND state = ?",
            (webhook_id, state),
        )
        return int(count)

    def _webhooks(self, where: str, values: tuple[object, ...]) -> list[Webhook]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM webhooks WHERE {where}", values)  # noqa: S608
        return [_webhook_of(row) for row in rows]


def _webhook_of(row: tuple[Any, ...]) -> Webhook:
    webhook_id, tenant, url, language, created, actor, live, secret, previous, until = row
    return Webhook(
        webhook_id,
        tenant,
        url,
        language,
        read_time(created),
        actor,
        bool(live),
        secret,
        previous,
        None if until is None else read_time(until),
    )


def _unknown_webhook(webhook_id: str) -> NotFound:
    return NotFound(Text("地址", "webhook"), webhook_id)
