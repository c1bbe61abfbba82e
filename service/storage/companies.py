"""Stored companies: every version of a profile a tenant has kept under a credit code.

A deletion wipes every version; what remains is the entry of the audit that it happened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import zstandard

from service.domain.errors import ErrorCode, NotFound, Refused
from service.domain.text import Text
from service.storage.audit import Deed, write_entry
from service.storage.compared_answers import forget_company
from service.storage.events import forget_in_events
from service.storage.store import Repository
from service.storage.times import read_time, written_time

# A version and a count that no company comes to.
_ANY = 1 << 31
_COLUMNS = "uscc, version, name, tags, updated_at, actor, digest, content"
# Of the versions of each company, `c`, the present one; and that it has a tag.
_PRESENT = (
    "version = (SELECT max(version) FROM companies WHERE tenant = c.tenant AND uscc = c.uscc)"
)
_TAGGED = "instr(' ' || tags || ' ', ' ' || CAST(? AS TEXT) || ' ') > 0"
_CHANGED = Text(
    "这家企业已被改动，现为版本 {version}；请重新读取再改",
    "the company has changed: it is at version {version}; read it again before you change it",
)
_KEPT = Text(
    "这家企业已经保存，现为版本 {version}", "the company is kept already, at version {version}"
)
_NOT_KEPT = Text(
    "没有保存这家企业，或已删除，没有可改的版本",
    "the company is not kept, or was deleted: there is no version to change",
)


class CompanyOrder(StrEnum):
    """How a list of companies is sorted."""

    CODE = "code"
    NAME = "name"
    UPDATED = "updated"  # what changed last comes first


_ORDERS = {
    CompanyOrder.CODE: "uscc",
    CompanyOrder.NAME: "name = '', name, uscc",
    CompanyOrder.UPDATED: "updated_at DESC, uscc",
}


@dataclass(frozen=True, slots=True)
class CompanySearch:
    """Which companies, in which order: with a tag, with every one of the words in name or code."""

    tag: str | None = None
    words: str = ""
    order: CompanyOrder = CompanyOrder.CODE


@dataclass(frozen=True, slots=True)
class StoredCompany:
    """One version of a company. `content` is canonical JSON, `digest` its SHA-256."""

    uscc: str
    version: int
    name: str
    tags: tuple[str, ...]
    updated_at: datetime
    actor: str
    digest: str
    content: bytes


class CompanyRepository(Repository):
    """The companies of all tenants; every call names one."""

    def put(
        self,
        tenant: str,
        deed: Deed,
        uscc: str,
        content: bytes,
        digest: str,
        name: str,
        tags: Sequence[str],
        expected: int | None,
    ) -> tuple[StoredCompany, bool]:
        """Keep a new version; whether it is the first. The same content makes no new version.

        `expected` is the version that must be the present one, 0 for none, None for any. Raises
        Refused (precondition failed).
        """
        with self._store.transaction() as db:
            row = db.execute(
                f"SELECT {_COLUMNS} FROM companies WHERE tenant = ? AND uscc = ?"  # noqa: S608
                " ORDER BY version DESC LIMIT 1",
                (tenant, uscc),
            ).fetchone()
            present = _company_of(row) if row else None
            version = present.version if present else 0
            _check_version(expected, version)
            if present is not None and present.digest == digest and present.tags == tuple(tags):
                return present, False
            made = StoredCompany(
                uscc, version + 1, name, tuple(tags), deed.at, deed.principal.actor, digest, content
            )
            db.execute(
                f"INSERT INTO companies (tenant, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (tenant, *_company_row(made)),
            )
            write_entry(db, deed, "company.put", f"{uscc}@{made.version}")
        return made, present is None

    def get(self, tenant: str, uscc: str) -> StoredCompany:
        """The present version. Raises NotFound, also for another tenant's."""
        query = f"SELECT {_COLUMNS} FROM companies WHERE tenant = ? AND uscc = ?"  # noqa: S608
        query += " ORDER BY version DESC LIMIT 1"
        return _company_of(self._one(query, (tenant, uscc), _unknown_company(uscc)))

    def history(
        self, tenant: str, uscc: str, *, since: int = 0, before: int = _ANY, most: int = _ANY
    ) -> list[StoredCompany]:
        """Its versions, the newest first: those since one, and before another. Raises NotFound."""
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM companies WHERE tenant = ? AND uscc = ?"  # noqa: S608
            " AND version >= ? AND version < ? ORDER BY version DESC LIMIT ?",
            (tenant, uscc, since, before, most),
        )
        if not rows:
            raise _unknown_company(uscc)
        return [_company_of(row) for row in rows]

    def page(
        self, tenant: str, after: str, limit: int, tag: str | None = None
    ) -> list[StoredCompany]:
        """Present versions in the order of their codes, from behind one on."""
        wanted = "" if tag is None else f" AND {_TAGGED}"
        values = (tenant, after) if tag is None else (tenant, after, tag)
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM companies AS c WHERE tenant = ? AND uscc > ?"  # noqa: S608
            f" AND {_PRESENT}{wanted} ORDER BY uscc LIMIT ?",
            (*values, limit),
        )
        return [_company_of(row) for row in rows]

    def codes(self, tenant: str, wanted: CompanySearch) -> list[str]:
        """The codes of all companies that a search finds, in its order."""
        conditions, values = [], [tenant]
        if wanted.tag is not None:
            conditions.append(_TAGGED)
            values.append(wanted.tag)
        for word in wanted.words.split():
            conditions.append("(instr(lower(name), ?) > 0 OR instr(lower(uscc), ?) > 0)")
            values += [word.lower()] * 2
        narrowed = "".join(f" AND {c}" for c in conditions)
        rows = self._store.rows(
            f"SELECT uscc FROM companies AS c WHERE tenant = ?{narrowed}"  # noqa: S608
            f" AND {_PRESENT} ORDER BY {_ORDERS[wanted.order]}",
            tuple(values),
        )
        return [row[0] for row in rows]

    def of_codes(self, tenant: str, codes: Sequence[str]) -> list[StoredCompany]:
        """Present versions, in the order of the codes; a company that is gone is left out."""
        marks = ", ".join("?" * len(codes))
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM companies AS c WHERE tenant = ? AND uscc IN ({marks})"  # noqa: S608
            f" AND {_PRESENT}",
            (tenant, *codes),
        )
        found = {company.uscc: company for company in map(_company_of, rows)}
        return [found[code] for code in codes if code in found]

    def all(self, tenant: str, tag: str | None = None) -> Iterator[StoredCompany]:
        """Every present version in the order of the codes."""
        after = ""
        while page := self.page(tenant, after, 1_000, tag):
            yield from page
            after = page[-1].uscc

    def count(self, tenant: str, tag: str | None = None) -> int:
        """How many companies a tenant keeps, or those that now have a tag."""
        if tag is None:
            found = "SELECT count(DISTINCT uscc) FROM companies WHERE tenant = ?"
            (count,) = self._store.row(found, (tenant,))
        else:
            (count,) = self._store.row(
                "SELECT count(*) FROM companies AS c"  # noqa: S608
                f" WHERE tenant = ? AND {_PRESENT} AND {_TAGGED}",
                (tenant, tag),
            )
        return int(count)

    def delete(self, tenant: str, deed: Deed, uscc: str, expected: int | None) -> int:
        """Wipe every version; how many those were. Raises NotFound, Refused (precondition)."""
        with self._store.transaction() as db:
            (version,) = db.execute(
                "SELECT coalesce(max(version), 0) FROM companies WHERE tenant = ? AND uscc = ?",
                (tenant, uscc),
            ).fetchone()
            if not version:
                raise _unknown_company(uscc)
            _check_version(expected, version)
            gone = db.execute(
                "DELETE FROM companies WHERE tenant = ? AND uscc = ?", (tenant, uscc)
            ).rowcount
            db.execute("DELETE FROM looks WHERE tenant = ? AND uscc = ?", (tenant, uscc))
            forget_company(db, tenant, uscc)
            forget_in_events(db, tenant, uscc)
            write_entry(db, deed, "company.delete", uscc)
        self._store.checkpoint()
        return int(gone)


def _company_row(company: StoredCompany) -> tuple[object, ...]:
    return (
        company.uscc,
        company.version,
        company.name,
        " ".join(company.tags),
        written_time(company.updated_at),
        company.actor,
        company.digest,
        zstandard.compress(company.content, 3),
    )


def _company_of(row: tuple[str, int, str, str, str, str, str, bytes]) -> StoredCompany:
    uscc, version, name, tags, updated, actor, digest, content = row
    profile = zstandard.decompress(content)
    at = read_time(updated)
    return StoredCompany(uscc, version, name, tuple(tags.split()), at, actor, digest, profile)


def _check_version(expected: int | None, present: int) -> None:
    """Raises Refused (precondition failed) where the present version, 0 for none, is not the one
    that is expected."""
    if expected is None or expected == present:
        return
    said = _NOT_KEPT if present == 0 else _KEPT if expected == 0 else _CHANGED
    raise Refused(said.format(version=str(present)), ErrorCode.PRECONDITION_FAILED)


def _unknown_company(uscc: str) -> NotFound:
    return NotFound(Text("企业", "company"), uscc)
