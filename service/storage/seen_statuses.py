"""How each company stood when somebody of its tenant last marked it as seen.

The table `looks` has a row for each person and company.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.storage.store import Repository
from service.storage.times import read_time, written_time


@dataclass(frozen=True, slots=True)
class SeenStatuses:
    """`statuses` are those of the programmes that were in reach or open, by programme."""

    at: datetime
    statuses: Mapping[str, str]


class SeenStatusRepository(Repository):
    """What each account has seen."""

    def of(self, account: str) -> dict[str, SeenStatuses]:
        """All that a person has seen, by the code of the company."""
        rows = self._store.rows(
            "SELECT uscc, at, statuses FROM looks WHERE account = ?", (account,)
        )
        return {
            uscc: SeenStatuses(read_time(at), _unpack_statuses(packed)) for uscc, at, packed in rows
        }

    def put(self, tenant: str, account: str, uscc: str, seen: SeenStatuses) -> None:
        """Note what a person sees of a company now, in place of what was noted before."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM looks WHERE account = ? AND uscc = ?", (account, uscc))
            db.execute(
                "INSERT INTO looks (tenant, account, uscc, at, statuses) VALUES (?, ?, ?, ?, ?)",
                (tenant, account, uscc, written_time(seen.at), _pack_statuses(seen.statuses)),
            )


def _pack_statuses(statuses: Mapping[str, str]) -> bytes:
    return zlib.compress(json.dumps(dict(statuses)).encode())


def _unpack_statuses(content: bytes) -> dict[str, str]:
    found: dict[str, str] = json.loads(zlib.decompress(content))
    return found
