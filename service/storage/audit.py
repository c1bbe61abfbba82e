"""Who did what when: a chain for each tenant, written in the same transaction as the deed.

An entry's digest covers the one before it, so that none can be changed, left out or put in without
every later digest telling. No figure of a company is in it: what was touched is named, never shown.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from service.domain.principal import Principal
from service.storage.store import Connection, Repository
from service.storage.times import written_time

_COLUMNS = "seq, tenant, at, actor, action, subject, trace, previous, digest"
_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed. `seq` counts from 1 for each tenant; `trace` is the caller's or request's id."""

    seq: int
    tenant: str
    at: str
    actor: str
    action: str
    subject: str
    trace: str
    previous: str
    digest: str

    def computed(self) -> str:
        """The digest that this content has."""
        content = {k: v for k, v in asdict(self).items() if k != "digest"}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, when, on whose behalf it is traced."""

    principal: Principal
    at: datetime
    trace: str = ""


def write_entry(db: Connection, deed: Deed, action: str, subject: str) -> None:
    """Add an entry to the tenant's chain, inside the transaction that does the deed."""
    tenant = deed.principal.tenant
    assert tenant is not None
    last = db.execute(
        "SELECT seq, digest FROM audit WHERE tenant = ? ORDER BY seq DESC LIMIT 1", (tenant,)
    ).fetchone()
    seq, previous = (last[0] + 1, last[1]) if last else (1, _FIRST)
    entry = AuditEntry(
        seq, tenant, written_time(deed.at), deed.principal.actor, action, subject, deed.trace,
        previous, "",
    )  # fmt: skip
    row = (*list(asdict(entry).values())[:-1], entry.computed())
    db.execute(f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608


class AuditLog(Repository):
    """Reading and checking a tenant's chain."""

    def record(self, deed: Deed, action: str, subject: str) -> None:
        """An entry of its own, for a deed that stores nothing else."""
        with self._store.transaction() as db:
            write_entry(db, deed, action, subject)

    def page(self, tenant: str, after: int, limit: int) -> list[AuditEntry]:
        """The entries after a number, oldest first."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM audit WHERE tenant = ? AND seq > ?"  # noqa: S608
            " ORDER BY seq LIMIT ?",
            (tenant, after, limit),
        )
        return [AuditEntry(*row) for row in rows]

    def tenants(self) -> list[str]:
        """The tenants that have a chain."""
        rows = self._store.rows("SELECT DISTINCT tenant FROM audit")
        return sorted(row[0] for row in rows)

    def broken_entries(self, tenant: str) -> Iterator[int]:
        """The numbers of the entries at which the chain does not hold."""
        expected, previous = 1, _FIRST
        while page := self.page(tenant, expected - 1, 1_000):
            for entry in page:
                sound = entry.seq == expected and entry.previous == previous
                if not sound or entry.computed() != entry.digest:
                    yield entry.seq
                expected, previous = entry.seq + 1, entry.digest
