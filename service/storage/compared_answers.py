"""The answers of what is followed when they were last compared, and what is due for a comparison.

The next comparison tells what differs from them, and puts today's in their place. (The tables are
called outlooks.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import zstandard

from service.domain.errors import NotFound
from service.domain.text import Text
from service.storage.faults import translate_errors
from service.storage.store import Connection, Repository
from service.storage.subscriptions import FOLLOWED
from service.storage.times import written_time


@dataclass(frozen=True, slots=True)
class ComparedAnswers:
    """The answers of a company when it was compared: of which version, under which catalogue, on
    which day. `rows` gives for each subject a letter a programme, in the catalogue's order; None
    where the profile could not be read."""

    company_version: int
    catalogue_version: str
    as_of: date
    rows: Mapping[str, str] | None

    @property
    def depends_on(self) -> tuple[int, str, str]:
        """What the answers depend on: another of these makes a comparison due."""
        return self.company_version, self.catalogue_version, self.as_of.isoformat()


@dataclass(frozen=True, slots=True)
class ComparedProgrammes:
    """The programmes that a subscription followed when it was compared, each with what was known of
    it then."""

    catalogue_version: str
    as_of: date
    programmes: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class DueCompany:
    """A followed company whose `last` answers (None: there are none) are not of its present
    version, the catalogue that is served, and today. `by`: the subscription that has followed it
    longest."""

    uscc: str
    version: int
    by: str
    last: ComparedAnswers | None


class ComparedAnswersRepository(Repository):
    """What was compared last, of all tenants."""

    def serve(self, version: str, now: datetime) -> None:
        """Note that this catalogue is served from now on: what is followed is compared under it."""
        with translate_errors():
            row = self._store.connection().execute("SELECT version FROM served_catalogue")
            if row.fetchone() == (version,):
                return
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO served_catalogue (place, version, at) VALUES (1, ?, ?)"
                " ON CONFLICT (place) DO UPDATE SET version = excluded.version, at = excluded.at",
                (version, written_time(now)),
            )

    def served(self) -> str | None:
        """The catalogue version that is served; None where none ever was."""
        with translate_errors():
            row = self._store.connection().execute("SELECT version FROM served_catalogue")
            found = row.fetchone()
        return None if found is None else str(found[0])

    def keep_order(self, version: str, programmes: Mapping[str, str]) -> None:
        """Keep the order of a catalogue's programmes, each with its digest."""
        content = zstandard.compress(orjson.dumps(list(programmes.items())))
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO outlook_orders (version, content) VALUES (?, ?)"
                " ON CONFLICT DO NOTHING",
                (version, content),
            )

    def order(self, version: str) -> dict[str, str]:
        """The programmes of a version in order, each with its digest. Raises NotFound."""
        row = self._store.row("SELECT content FROM outlook_orders WHERE version = ?", (version,))
        if row is None:
            raise NotFound(Text("政策库版本", "catalogue version"), version)
        return dict(orjson.loads(zstandard.decompress(row[0])))

    def due(self, tenant: str, version: str, today: date, limit: int) -> list[DueCompany]:
        """Followed companies that are due, in the order of their codes."""
        rows = self._store.rows(_DUE, (tenant, version, today.isoformat(), limit))
        return [_due_company(row) for row in rows]

    def of_catalogue(self, subscription_id: str) -> ComparedProgrammes | None:
        """What a subscription of programmes was last told."""
        row = self._store.row(
            "SELECT catalogue_version, as_of, content FROM catalogue_outlooks"
            " WHERE subscription = ?",
            (subscription_id,),
        )
        if row is None:
            return None
        content = orjson.loads(zstandard.decompress(row[2]))
        return ComparedProgrammes(row[0], date.fromisoformat(row[1]), content)


# Who has followed the company `c` longest.
_BY = (
    "(SELECT s.id FROM subscriptions AS s WHERE s.tenant = c.tenant AND"
    " (s.kind = 'company' AND s.target = c.uscc OR s.kind = 'tag'"
    " AND instr(' ' || c.tags || ' ', ' ' || s.target || ' ') > 0)"
    " ORDER BY s.created_at, s.id LIMIT 1)"
)
_PRESENT = (
    "c.version = (SELECT max(version) FROM companies WHERE tenant = c.tenant AND uscc = c.uscc)"
)
_DUE = (
    f"SELECT c.uscc, c.version, CASE WHEN o.uscc IS NULL THEN {_BY} ELSE '' END,"  # noqa: S608
    " o.company_version, o.catalogue_version, o.as_of, o.content FROM companies AS c"
    " LEFT JOIN company_outlooks AS o ON o.tenant = c.tenant AND o.uscc = c.uscc"
    f" WHERE c.tenant = ? AND {_PRESENT} AND {FOLLOWED} AND (o.uscc IS NULL"
    " OR o.company_version != c.version OR o.catalogue_version != ? OR o.as_of < ?)"
    " ORDER BY c.uscc LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class FollowedCompany:
    """A followed company as it is at the moment of telling: its version and name, who follows it,
    and what its last answers depend on (None: there are none)."""

    version: int
    name: str
    subscriptions: list[str]
    depends_on: tuple[int, str, str] | None


def still_followed(db: Connection, tenant: str, codes: Sequence[str]) -> dict[str, FollowedCompany]:
    """The followed companies among these, by code."""
    marks = ", ".join("?" * len(codes))
    rows = db.execute(
        "SELECT c.uscc, c.version, c.name, c.tags,"  # noqa: S608
        " o.company_version, o.catalogue_version, o.as_of FROM companies AS c"
        " LEFT JOIN company_outlooks AS o ON o.tenant = c.tenant AND o.uscc = c.uscc"
        f" WHERE c.tenant = ? AND c.uscc IN ({marks}) AND {_PRESENT} AND {FOLLOWED}",
        (tenant, *codes),
    ).fetchall()
    by_code: dict[str, list[str]] = {}
    for sub_id, target in db.execute(
        "SELECT id, target FROM subscriptions WHERE tenant = ? AND kind = 'company'"  # noqa: S608
        f" AND target IN ({marks})",
        (tenant, *codes),
    ).fetchall():
        by_code.setdefault(target, []).append(sub_id)
    by_tag = dict(
        db.execute(
            "SELECT target, id FROM subscriptions WHERE tenant = ? AND kind = 'tag'", (tenant,)
        ).fetchall()
    )
    return {
        uscc: FollowedCompany(
            version,
            name,
            by_code.get(uscc, []) + [by_tag[t] for t in tags.split() if t in by_tag],
            None if basis[0] is None else basis,
        )
        for uscc, version, name, tags, *held in rows
        for basis in [(held[0], held[1], held[2])]
    }


def write_compared_answers(
    db: Connection, tenant: str, compared: Iterable[tuple[str, ComparedAnswers]]
) -> None:
    """Keep what is told now, inside the transaction that tells it."""
    for uscc, answers in compared:
        db.execute(
            "INSERT INTO company_outlooks"
            " (tenant, uscc, company_version, catalogue_version, as_of, content)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, uscc) DO UPDATE SET"
            " company_version = excluded.company_version, as_of = excluded.as_of,"
            " catalogue_version = excluded.catalogue_version, content = excluded.content",
            (
                tenant,
                uscc,
                answers.company_version,
                answers.catalogue_version,
                answers.as_of.isoformat(),
                _pack_answers(answers),
            ),
        )


def write_compared_programmes(
    db: Connection,
    tenant: str,
    subscription_id: str,
    then: ComparedProgrammes | None,
    now: ComparedProgrammes,
) -> bool:
    """Keep the answers with which a subscription of programmes was compared. False where it has
    ended, or somebody else has reported the change, since `then` was read."""
    row = db.execute(
        "SELECT o.catalogue_version, o.as_of FROM subscriptions AS s"
        " LEFT JOIN catalogue_outlooks AS o ON o.subscription = s.id WHERE s.id = ?",
        (subscription_id,),
    ).fetchone()
    expected = (None, None) if then is None else (then.catalogue_version, then.as_of.isoformat())
    if row is None or tuple(row) != expected:
        return False
    db.execute(
        "INSERT INTO catalogue_outlooks (tenant, subscription, catalogue_version, as_of, content)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (subscription) DO UPDATE"
        " SET catalogue_version = excluded.catalogue_version, as_of = excluded.as_of,"
        " content = excluded.content",
        (
            tenant,
            subscription_id,
            now.catalogue_version,
            now.as_of.isoformat(),
            zstandard.compress(orjson.dumps(dict(now.programmes))),
        ),
    )
    return True


def forget_company(db: Connection, tenant: str, uscc: str) -> None:
    """A company is deleted: nothing of its answers stays here."""
    db.execute("DELETE FROM company_outlooks WHERE tenant = ? AND uscc = ?", (tenant, uscc))
    db.execute(
        "DELETE FROM subscriptions WHERE tenant = ? AND kind = 'company' AND target = ?",
        (tenant, uscc),
    )


def _pack_answers(answers: ComparedAnswers) -> bytes:
    rows = None if answers.rows is None else dict(answers.rows)
    return zstandard.compress(orjson.dumps(rows))


def _due_company(row: tuple[Any, ...]) -> DueCompany:
    uscc, version, by, company_version, catalogue_version, as_of, content = row
    last = None
    if content is not None:
        rows = orjson.loads(zstandard.decompress(content))
        day = date.fromisoformat(as_of)
        last = ComparedAnswers(company_version, catalogue_version, day, rows)
    return DueCompany(uscc, version, by, last)
