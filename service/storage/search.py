"""Full-text search over programmes and articles, by SQLite's FTS5, which is given ready tokens."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.domain.facts.search_words import SearchWords
from service.domain.text import Text
from service.storage.faults import translate_errors
from service.storage.search_terms import Wanted, read_query, tokens
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Connection

_FITTING = (
    " FROM search_index"
    " JOIN search_documents ON search_documents.rowid = search_index.rowid"
    " WHERE search_index MATCH ? AND version = ? AND kind = ?"
)
# The numbers weigh name, summary and body.
_RANKED = f"SELECT id{_FITTING} ORDER BY bm25(search_index, 10.0, 4.0, 1.0), id"
_ANY = f"SELECT 1{_FITTING} LIMIT 1"
_HEAD = "{{name summary}} : ({})"
# A document is near that holds so much of what could be found.
_NEAR = 0.6
_NO_WORDS = SearchWords()


class DocumentKind(StrEnum):
    """What a search result is."""

    PROGRAMME = "programme"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing to be found. `body` is whatever else should count: gist, departments, notes."""

    id: str
    kind: DocumentKind
    name: Text
    summary: Text
    body: Text


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a query found, best first; `nearest` where nothing holds everything it asks for."""

    ids: tuple[str, ...]
    nearest: bool


class SearchIndex:
    """The index of every catalogue version in use."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def index(self, version: str, documents: Iterable[SearchDocument]) -> None:
        """Replace the index of a stored catalogue version in one transaction, where it differs.

        Raises StorageFault if the version is not stored, or two documents share kind and id.
        """
        rows = [(d, _indexed(d.name), _indexed(d.summary), _indexed(d.body)) for d in documents]
        wanted = {(d.kind.value, d.id, *texts) for d, *texts in rows}
        # Looked up under the lock: of two that start together, one writes.
        with self._store.transaction() as db:
            if _held(db, version) == wanted:
                return
            db.execute("DELETE FROM search_documents WHERE version = ?", (version,))
            for document, name, summary, body in rows:
                (rowid,) = db.execute(
                    "INSERT INTO search_documents (version, kind, id) VALUES (?, ?, ?)"
                    " RETURNING rowid",
                    (version, document.kind, document.id),
                ).fetchone()
                db.execute(
                    "INSERT INTO search_index (rowid, name, summary, body) VALUES (?, ?, ?, ?)",
                    (rowid, name, summary, body),
                )

    def prune(self, keep: Collection[str]) -> None:
        """Drop the index of every version but these."""
        with self._store.transaction() as db:
            versions = db.execute("SELECT DISTINCT version FROM search_documents").fetchall()
            for (version,) in versions:
                if version not in keep:
                    db.execute("DELETE FROM search_documents WHERE version = ?", (version,))

    def search(
        self,
        version: str,
        query: str,
        kind: DocumentKind,
        words: SearchWords = _NO_WORDS,
        last: Collection[str] = (),
    ) -> SearchHits:
        """The documents that hold everything the query asks for, the most telling first: what its
        name or summary says before what stands further down, and of both `last` behind the rest.

        Where none holds everything, those that hold most of it, marked as nearest. A query without
        a letter, digit or character finds nothing.
        """
        with translate_errors():
            found = _Search(self._store.connection(), version, kind, frozenset(last))
            asked = read_query(query, words, found.holds)
            if not asked.wanted or not asked.is_mostly_known:
                return SearchHits((), nearest=False)
            whole = found.with_all(asked.wanted)
            if whole and not asked.passed_over:
                return SearchHits(tuple(whole), nearest=False)
            return SearchHits(tuple(whole or found.nearest(asked.wanted)), nearest=True)


@dataclass(frozen=True)
class _Search:
    """One search in one version."""

    db: Connection
    version: str
    kind: DocumentKind
    last: frozenset[str]

    def holds(self, expression: str) -> bool:
        """Whether any document fits an expression."""
        return self.db.execute(_ANY, (expression, self.version, self.kind)).fetchone() is not None

    def with_all(self, wanted: Collection[Wanted]) -> list[str]:
        """What holds everything; whole words before words that begin so."""
        exact = self._ordered(" AND ".join(w.exact for w in wanted))
        loose = self._ordered(" AND ".join(w.loose for w in wanted))
        return list(dict.fromkeys([*exact, *loose]))

    def nearest(self, wanted: Collection[Wanted]) -> list[str]:
        """What holds most of it, where a rare part counts for more than a common one."""
        hits = [self._ranked(w.exact) for w in wanted]
        rarity = [1 / math.log(2 + len(found)) for found in hits]
        scores: dict[str, float] = {}
        for found, weight in zip(hits, rarity, strict=True):
            for document in found:
                scores[document] = scores.get(document, 0.0) + weight
        enough = _NEAR * max(scores.values(), default=0.0)
        order = self._ordered(" OR ".join(w.exact for w in wanted))
        return sorted((d for d in order if scores[d] >= enough), key=lambda d: -scores[d])

    def _ordered(self, expression: str) -> list[str]:
        head = set(self._ranked(_HEAD.format(expression)))
        ranked = self._ranked(expression)
        return sorted(ranked, key=lambda found: (found not in head, found in self.last))

    def _ranked(self, expression: str) -> list[str]:
        rows = self.db.execute(_RANKED, (expression, self.version, self.kind)).fetchall()
        return [row[0] for row in rows]


def _held(db: Connection, version: str) -> set[tuple[str, ...]]:
    """What is indexed of a version, as it was written: a restart need not write it again."""
    found = db.execute(
        "SELECT kind, id, name, summary, body FROM search_documents"
        " JOIN search_index ON search_index.rowid = search_documents.rowid"
        " WHERE version = ?",
        (version,),
    )
    return {tuple(row) for row in found}


def _indexed(text: Text) -> str:
    """The tokens of both languages, parted by spaces."""
    return " ".join(tokens(f"{text.zh}\n{text.en}"))
