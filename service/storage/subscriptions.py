"""What a tenant follows: companies it keeps, a tag of theirs, a programme, a place, a search."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.errors import ErrorCode, NotFound, Refused
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.faults import translate_errors
from service.storage.store import Connection, Repository, count_below, delete_own
from service.storage.times import read_time, written_time

_COLUMNS = "id, tenant, kind, target, created_at, actor, catalogue_version, as_of"
_TWICE = Text("已经关注", "this is followed already")
_QUOTA = Text("关注数量已达上限 {most}", "no more than {most} subscriptions are kept")
# A company version, in the alias `c`, that somebody of its tenant follows.
FOLLOWED = (
    "(EXISTS (SELECT 1 FROM subscriptions AS s WHERE s.tenant = c.tenant AND s.kind = 'company'"
    " AND s.target = c.uscc) OR EXISTS (SELECT 1 FROM subscriptions AS s"
    " WHERE s.tenant = c.tenant AND s.kind = 'tag'"
    " AND instr(' ' || c.tags || ' ', ' ' || s.target || ' ') > 0))"
)


class SubscriptionKind(StrEnum):
    """What is followed."""

    COMPANY = "company"  # a kept company, by its code
    TAG = "tag"  # every kept company with the tag
    PROGRAMME = "programme"  # a programme, by its id
    JURISDICTION = "jurisdiction"  # every programme of a place, and of what lies in it
    SEARCH = "search"  # every programme that full text finds


OF_COMPANIES = (SubscriptionKind.COMPANY, SubscriptionKind.TAG)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Something that is followed since a moment, when a catalogue was served and a day was today:
    whatever differs from what was the answer then is told."""

    id: str
    tenant: str
    kind: SubscriptionKind
    target: str
    created_at: datetime
    actor: str
    catalogue_version: str
    as_of: date


class SubscriptionRepository(Repository):
    """The subscriptions of all tenants; every call names one, but for the worker's own."""

    def create(self, made: Subscription, deed: Deed, quota: int) -> None:
        """Follow something. Raises Refused where it is followed already, or where no more may
        be."""
        with self._store.transaction() as db:
            count_below(db, "subscriptions", made.tenant, quota, _QUOTA)
            if _is_followed(db, made):
                raise Refused(_TWICE, ErrorCode.DUPLICATE_VALUE)
            db.execute(
                f"INSERT INTO subscriptions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (
                    made.id,
                    made.tenant,
                    made.kind,
                    made.target,
                    written_time(made.created_at),
                    made.actor,
                    made.catalogue_version,
                    made.as_of.isoformat(),
                ),
            )
            write_entry(db, deed, "subscription.create", made.id)

    def get(self, tenant: str, subscription_id: str) -> Subscription:
        """Raises NotFound, also for another tenant's."""
        found = self._read("tenant = ? AND id = ?", (tenant, subscription_id))
        if not found:
            raise _unknown_subscription(subscription_id)
        return found[0]

    def of_tenant(self, tenant: str) -> list[Subscription]:
        """The oldest first."""
        return self._read("tenant = ? ORDER BY created_at, id", (tenant,))

    def page(self, tenant: str, after: str, limit: int) -> list[Subscription]:
        """A page in the order of the ids."""
        return self._read("tenant = ? AND id > ? ORDER BY id LIMIT ?", (tenant, after, limit))

    def delete(self, tenant: str, deed: Deed, subscription_id: str) -> None:
        """Follow it no longer: what was last told of it is forgotten. Raises NotFound."""
        with self._store.transaction() as db:
            absent = _unknown_subscription(subscription_id)
            delete_own(db, "subscriptions", tenant, subscription_id, absent)
            forget_unfollowed(db, tenant)
            write_entry(db, deed, "subscription.delete", subscription_id)

    def tenants(self) -> list[str]:
        """The tenants that follow anything."""
        with translate_errors():
            rows = self._store.connection().execute("SELECT DISTINCT tenant FROM subscriptions")
            return sorted(row[0] for row in rows.fetchall())

    def _read(self, where: str, values: tuple[object, ...]) -> list[Subscription]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM subscriptions WHERE {where}", values)  # noqa: S608
        return [_subscription_of(row) for row in rows]


def forget_unfollowed(db: Connection, tenant: str) -> None:
    """Drop what was last told of companies that nobody follows: followed anew, they begin anew."""
    db.execute(
        "DELETE FROM company_outlooks WHERE tenant = ? AND NOT EXISTS (SELECT 1 FROM companies AS c"  # noqa: S608
        " WHERE c.tenant = company_outlooks.tenant AND c.uscc = company_outlooks.uscc"
        " AND c.version = (SELECT max(version) FROM companies"
        f" WHERE tenant = c.tenant AND uscc = c.uscc) AND {FOLLOWED})",
        (tenant,),
    )


def _is_followed(db: Connection, made: Subscription) -> bool:
    found = db.execute(
        "SELECT 1 FROM subscriptions WHERE tenant = ? AND kind = ? AND target = ?",
        (made.tenant, made.kind, made.target),
    )
    return found.fetchone() is not None


def _subscription_of(row: tuple[str, str, str, str, str, str, str, str]) -> Subscription:
    sub_id, tenant, kind, target, created, actor, version, as_of = row
    day, at = date.fromisoformat(as_of), read_time(created)
    return Subscription(sub_id, tenant, SubscriptionKind(kind), target, at, actor, version, day)


def _unknown_subscription(subscription_id: str) -> NotFound:
    return NotFound(Text("关注", "subscription"), subscription_id)
