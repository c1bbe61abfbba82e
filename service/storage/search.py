"""Full-text search over programmes and articles, by SQLite's FTS5, which is given ready tokens."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from service.domain.cache import BoundedCache
from service.domain.errors import ErrorCode, Refused
from service.domain.facts.search_folding import folded
from service.domain.facts.search_words import SearchWords
from service.domain.text import Text
from service.storage.faults import translate_errors
from service.storage.identifiers import new_id
from service.storage.search_ranking import DocumentRows, VersionSearch
from service.storage.search_spelling import IndexTerms
from service.storage.search_terms import Query, read_query
from service.storage.search_tokens import lines_as_tokens
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Connection, insert_rows

_LISTED_IN = "SELECT rowid, id FROM search_documents WHERE version = ? AND kind = ? ORDER BY rowid"
_JOINED = (
    " FROM search_documents JOIN search_index ON search_index.rowid = search_documents.rowid"
    " WHERE version = ?"
)
_TEXTS = f"SELECT name, summary, body{_JOINED}"
_DOCUMENTS = f"SELECT id, kind, name, summary, body{_JOINED}"
_LAST_MADE = (
    "SELECT version FROM search_versions WHERE made_by = ? ORDER BY (SELECT max(rowid)"
    " FROM search_documents AS d WHERE d.version = search_versions.version) DESC LIMIT 1"
)
_LAST_WHOLE = (
    "SELECT version FROM search_versions WHERE made_by NOT LIKE 'making %' ORDER BY"
    " (SELECT max(rowid) FROM search_documents AS d WHERE d.version = search_versions.version)"
    " DESC LIMIT 1"
)
# Stands before the name of the process that makes an index, until the index is whole.
_IN_MAKING = "making "
_LISTED = "INSERT INTO search_documents (rowid, version, kind, id) VALUES (?, ?, ?, ?)"
_INDEXED = "INSERT INTO search_index (rowid, name, summary, body) VALUES (?, ?, ?, ?)"
# Documents written by one statement: a row at a time takes as long again as finding their words.
_WRITTEN_AT_ONCE = 500
# Of so many versions the terms are kept once a misspelt word was looked for.
_TERMS_CACHE_SIZE = 4
_ROWS_CACHE_SIZE = 8
_NO_WORDS = SearchWords()
_NOT_YET = Text(
    "检索正在准备（政策库刚刚换新），请过一分钟再试；其余功能都可使用。",
    "The search is being made ready for a new catalogue: try again in a minute. All else works.",
)
# What the document of a programme holds that names an amount; nobody types it.
WITH_AMOUNT = "withamount"


class DocumentKind(StrEnum):
    """What a search result is."""

    PROGRAMME = "programme"
    ARTICLE = "article"


class SearchDocument(NamedTuple):
    """One thing to be found. `body` is whatever else should count: gist, departments, notes."""

    id: str
    kind: DocumentKind
    name: Text
    summary: Text
    body: Text


class IndexedDocument(NamedTuple):
    """A document as the index holds it: the tokens of its texts, parted by spaces."""

    id: str
    kind: DocumentKind
    name: str
    summary: str
    body: str


def indexed(document: SearchDocument) -> IndexedDocument:
    """The tokens of a document, in both languages."""
    texts = document.name, document.summary, document.body
    return IndexedDocument(document.id, document.kind, *map(_indexed, texts))


@dataclass(frozen=True, slots=True)
class SearchHits:
    """What a query found, best first; `nearest` where nothing holds everything it asks for;
    `read_as` gives words that nothing holds, and what they were taken for."""

    ids: tuple[str, ...]
    nearest: bool
    read_as: tuple[tuple[str, str], ...] = ()


class SearchIndex:
    """The index of every catalogue version in use."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        # A version never changes, so its terms are read once and not for every misspelt word.
        self._terms: BoundedCache[str, IndexTerms] = BoundedCache(_TERMS_CACHE_SIZE)
        self._rows: BoundedCache[object, DocumentRows] = BoundedCache(_ROWS_CACHE_SIZE)

    def index(
        self, version: str, documents: Iterable[SearchDocument], *, made_by: str = ""
    ) -> None:
        """Replace the index of a stored catalogue version in one transaction.

        `made_by` names the program that derives the documents; where that same one has indexed the
        version before, they are not looked at. Raises StorageFault if the version is not stored, or
        two documents share kind and id.
        """
        if made_by and self.is_made(version, made_by):
            return
        self.store(version, [indexed(document) for document in documents], made_by=made_by)

    def store(
        self, version: str, documents: Collection[IndexedDocument], *, made_by: str = ""
    ) -> None:
        """Store documents whose tokens were found beforehand, in place of what the version had.
        Where it had none, they are written some at a time, so that others can write in between."""
        self._terms.pop(version, None)
        self._rows.clear()
        making = f"{_IN_MAKING}{made_by} {new_id()}"
        with self._store.transaction() as db:
            # Others may search what is whole: it is replaced at once.
            whole = self._is_searchable(version)
            db.execute("DELETE FROM search_documents WHERE version = ?", (version,))
            _say_who_made(db, version, made_by if whole else making)
            (last,) = db.execute("SELECT coalesce(max(rowid), 0) FROM search_documents").fetchone()
            rows = list(enumerate(sorted(documents, key=lambda d: d.kind), last + 1))
            chunks = [rows[i : i + _WRITTEN_AT_ONCE] for i in range(0, len(rows), _WRITTEN_AT_ONCE)]
            for chunk in chunks:
                insert_rows(db, _LISTED, [(row, version, d.kind, d.id) for row, d in chunk])
                if whole:
                    _write(db, chunk)
        for chunk in [] if whole else [*chunks, []]:
            with self._store.transaction() as db:
                if self._made_by(version) != making:
                    return  # somebody else has begun anew, and does all of it
                if chunk:
                    _write(db, chunk)
                else:
                    _say_who_made(db, version, made_by)

    def is_made(self, version: str, made_by: str) -> bool:
        """Whether a program has indexed a version."""
        return self._made_by(version) == made_by

    def last_made(self, made_by: str) -> str | None:
        """The version that a program has indexed last; None where it has none."""
        row = self._store.row(_LAST_MADE, (made_by,))
        return None if row is None else str(row[0])

    def searched_for(self, version: str) -> str:
        """The version that is searched in the place of one: itself, or, while it is being indexed,
        the one that was last; itself, too, where none was."""
        if self._is_searchable(version):
            return version
        row = self._store.row(_LAST_WHOLE)
        return version if row is None else str(row[0])

    def documents(self, version: str) -> list[IndexedDocument]:
        """The documents of a version."""
        rows = self._store.rows(_DOCUMENTS, (version,))
        return [IndexedDocument(id_, DocumentKind(kind), *texts) for id_, kind, *texts in rows]

    def _is_searchable(self, version: str) -> bool:
        made_by = self._made_by(version)
        return made_by is not None and not made_by.startswith(_IN_MAKING)

    def _made_by(self, version: str) -> str | None:
        row = self._store.row("SELECT made_by FROM search_versions WHERE version = ?", (version,))
        return None if row is None else str(row[0])

    def _rows_of(self, version: str, kind: DocumentKind) -> "DocumentRows":
        """The rows of a version's documents; another program stores them in others."""
        key = version, kind, self._made_by(version)
        known = self._rows.get(key)
        if known is None:
            found = self._store.rows(_LISTED_IN, (version, kind))
            first = found[0][0] if found else 0
            known = self._rows.keep(key, DocumentRows(first, tuple([row[1] for row in found])))
        return known

    def prune(self, keep: Collection[str]) -> None:
        """Drop the index of every version but these."""
        with self._store.transaction() as db:
            versions = db.execute("SELECT DISTINCT version FROM search_documents").fetchall()
            for (version,) in versions:
                if version not in keep:
                    db.execute("DELETE FROM search_documents WHERE version = ?", (version,))
                    db.execute("DELETE FROM search_versions WHERE version = ?", (version,))

    def search(
        self,
        version: str,
        query: str,
        kind: DocumentKind,
        words: SearchWords = _NO_WORDS,
        last: frozenset[str] = frozenset(),
        planned: frozenset[str] = frozenset(),
    ) -> SearchHits:
        """The documents that hold everything the query asks for: those that say it in name or
        summary before those that say it further down, and those of `last` behind the others. What
        is `planned` comes behind what can be had, unless its name says what is asked for.

        Where none holds everything, those that hold most of it, marked as nearest. A query without
        a letter, digit or character finds nothing. Raises Refused while the version is being
        indexed.
        """
        if not self._is_searchable(version):
            raise Refused(_NOT_YET, ErrorCode.BUSY)
        with translate_errors():
            db = self._store.connection()
            rows = self._rows_of(version, kind)
            terms = partial(self._terms_of, db, version, words)
            found = VersionSearch(db, rows, last, terms, planned=planned)
            asked = read_query(query, words, found)
            # Of what may be had in a place, or in a field, too, sums of money come first.
            is_broad = all(w.is_place or w.is_field for w in asked.wanted)
            if words.ask_amount(folded(query)) or is_broad:
                found = replace(found, preferred=WITH_AMOUNT)
            if not asked.wanted or not asked.is_mostly_known:
                return SearchHits((), nearest=False)
            return _hits_of(asked, found)

    def _terms_of(self, db: Connection, version: str, words: SearchWords) -> IndexTerms:
        """The terms of a version, whose words are these."""
        known = self._terms.get(version)
        if known is None:
            rows = db.execute(_TEXTS, (version,))
            known = IndexTerms((t for row in rows for text in row for t in text.split(" ")), words)
            self._terms.keep(version, known)
        return known


def _hits_of(asked: Query, found: VersionSearch) -> SearchHits:
    """What holds all that is asked for, else what holds most of it."""
    whole = found.with_all(asked.wanted)
    is_whole = bool(whole) and not asked.passed_over and not asked.nearby
    in_head = bool(whole) and found.holds_in_head(whole[0], asked.wanted)
    if is_whole and in_head:
        whole = found.open_first(whole, asked.wanted)
        return SearchHits(tuple(whole), nearest=False, read_as=asked.read_as)
    near = found.nearest(asked.wanted)
    # All of it somewhere further down tells less than most of it in a name.
    ids = list(dict.fromkeys([*whole, *near] if in_head else [*near, *whole]))
    is_found = is_whole or (asked.is_told_by_topics and found.is_about(ids, asked.wanted))
    ids = found.open_first(ids, asked.wanted)
    return SearchHits(tuple(ids), nearest=not is_found, read_as=asked.read_as)


def _write(db: Connection, documents: Iterable[tuple[int, IndexedDocument]]) -> None:
    insert_rows(db, _INDEXED, [(row, d.name, d.summary, d.body) for row, d in documents])


def _say_who_made(db: Connection, version: str, made_by: str) -> None:
    sql = "INSERT OR REPLACE INTO search_versions (version, made_by) VALUES (?, ?)"
    db.execute(sql, (version, made_by))


def _indexed(text: Text) -> str:
    """The tokens of both languages, parted by spaces."""
    return lines_as_tokens(f"{text.zh}\n{text.en}")
