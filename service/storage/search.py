"""Full-text search over programmes and articles, by SQLite's FTS5, which is given ready tokens."""

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from service.domain.cache import BoundedCache
from service.domain.facts.search_words import SearchWords
from service.domain.text import Text
from service.storage.faults import translate_errors
from service.storage.search_spelling import Spelling, Terms
from service.storage.search_terms import Wanted, phrase, read_query, tokens
from service.storage.sqlite_store import SqliteStore
from service.storage.store import Connection, insert_rows

# INVARIANT: the documents of one kind in a version stand in rows that follow one another, so that
# what holds something is found in the index alone.
_FITTING = " FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
# The numbers weigh name, summary and body.
_RANKED = f"SELECT bm25(search_index, 10.0, 4.0, 1.0), rowid{_FITTING}"
_FOUND = f"SELECT rowid{_FITTING}"
_ANY = f"SELECT 1{_FITTING} LIMIT 1"
_LISTED_IN = "SELECT rowid, id FROM search_documents WHERE version = ? AND kind = ? ORDER BY rowid"
_NAME = "{{name}} : ({})"
_HEAD = "{{name summary}} : ({})"
_PHRASE = re.compile('"[^"]+"')
# What stands in the name or the summary counts so many times.
_HEAD_WEIGHT = 2
# A document is near that holds so much of what could be found.
_NEAR = 0.6
_MAX_UNITS = 24
_NUMBER_WEIGHT = 0.5
_TEXTS = (
    "SELECT name, summary, body FROM search_documents"
    " JOIN search_index ON search_index.rowid = search_documents.rowid WHERE version = ?"
)
_LISTED = "INSERT INTO search_documents (rowid, version, kind, id) VALUES (?, ?, ?, ?)"
_INDEXED = "INSERT INTO search_index (rowid, name, summary, body) VALUES (?, ?, ?, ?)"
# Documents written by one statement: a row at a time took as long again as finding their words.
_WRITTEN_AT_ONCE = 500
# Of so many versions the terms are kept once a misspelt word was looked for.
_TERMS_CACHE_SIZE = 4
_ROWS_CACHE_SIZE = 8
_NO_WORDS = SearchWords()


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
        self._terms: BoundedCache[str, Terms] = BoundedCache(_TERMS_CACHE_SIZE)
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
        """The same with documents whose tokens are found already."""
        self._terms.pop(version, None)
        self._rows.clear()
        with self._store.transaction() as db:
            db.execute("DELETE FROM search_documents WHERE version = ?", (version,))
            db.execute(
                "INSERT OR REPLACE INTO search_versions (version, made_by) VALUES (?, ?)",
                (version, made_by),
            )
            (last,) = db.execute("SELECT coalesce(max(rowid), 0) FROM search_documents").fetchone()
            rows = list(enumerate(sorted(documents, key=lambda d: d.kind), last + 1))
            for at in range(0, len(rows), _WRITTEN_AT_ONCE):
                some = rows[at : at + _WRITTEN_AT_ONCE]
                insert_rows(db, _LISTED, [(row, version, d.kind, d.id) for row, d in some])
                insert_rows(db, _INDEXED, [(row, d.name, d.summary, d.body) for row, d in some])

    def is_made(self, version: str, made_by: str) -> bool:
        """Whether a program has indexed a version."""
        return self._made_by(version) == made_by

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
    ) -> SearchHits:
        """The documents that hold everything the query asks for, the most telling first: what its
        name or summary says before what stands further down, and of both `last` behind the rest.

        Where none holds everything, those that hold most of it, marked as nearest. A query without
        a letter, digit or character finds nothing.
        """
        with translate_errors():
            db = self._store.connection()
            rows = self._rows_of(version, kind)
            found = _VersionSearch(db, rows, last, lambda: self._terms_of(db, version, words))
            asked = read_query(query, words, found)
            if not asked.wanted or not asked.is_mostly_known:
                return SearchHits((), nearest=False)
            whole = found.with_all(asked.wanted)
            if whole and not asked.passed_over and not asked.nearby:
                return SearchHits(tuple(whole), nearest=False, read_as=asked.read_as)
            ids = dict.fromkeys([*whole, *found.nearest(asked.wanted)])
            return SearchHits(tuple(ids), nearest=True, read_as=asked.read_as)

    def _terms_of(self, db: Connection, version: str, words: SearchWords) -> Terms:
        """The terms of a version, whose words are these."""
        known = self._terms.get(version)
        if known is None:
            rows = db.execute(_TEXTS, (version,))
            known = Terms((t for row in rows for text in row for t in text.split(" ")), words)
            self._terms.keep(version, known)
        return known


class DocumentRows(NamedTuple):
    """The rows that the documents of a kind stand in, one after the other: the first, and the id of
    each."""

    first: int
    ids: tuple[str, ...]

    def id_of(self, row: int) -> str:
        return self.ids[row - self.first]

    @property
    def ends(self) -> tuple[int, int]:
        """The first row and the last; of none, two between which there is nothing."""
        return self.first, self.first + len(self.ids) - 1


@dataclass(frozen=True)
class _VersionSearch:
    """One search among the documents of a kind in one version, which it names by their rows."""

    db: Connection
    rows: DocumentRows
    last: frozenset[str]
    terms: Callable[[], Terms]
    # What was looked for already.
    documents: dict[str, set[int]] = field(default_factory=dict)

    def holds(self, expression: str) -> bool:
        """Whether any document fits an expression."""
        return self.db.execute(_ANY, (expression, *self.rows.ends)).fetchone() is not None

    def with_all(self, wanted: Collection[Wanted]) -> list[str]:
        """What holds everything; whole words before words that begin so, and what holds in a place
        before what holds around it."""
        topics = [w for w in wanted if not w.is_place] or wanted
        exact, loose = [w.exact for w in topics], [w.loose for w in topics]
        typed = " AND ".join(w.typed for w in topics if w.typed)
        here = {d for w in wanted if w.within for d in self._documents_with(w.within)}
        order = [d for e in _and_of(exact, loose) for d in self._ordered(e, typed, here)]
        exact, loose = [w.exact for w in wanted], [w.loose for w in wanted]
        every = [self._documents_with(e) for e in _and_of(exact, loose)]
        ordered = dict.fromkeys(order)
        found = dict.fromkeys(d for fitting in every for d in ordered if d in fitting)
        return [self.rows.id_of(d) for d in found]

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self.terms(), lambda text: self.holds(phrase(text)))

    def nearest(self, wanted: Collection[Wanted]) -> list[str]:
        """What holds most of it, where a rare part counts for more than a common one, and what the
        name or summary says for more than what stands further down; what holds in a place that is
        asked for comes first."""
        topics = [w for w in wanted if not w.is_place] or wanted
        parts = [(e, w.is_number) for w in topics for e in (w.exact, *w.parts)]
        units = dict(parts[:_MAX_UNITS])
        scores: dict[int, float] = {}
        for unit, is_number in units.items():
            found, head = self._documents_with(unit), self._documents_with(_HEAD.format(unit))
            rarity = (_NUMBER_WEIGHT if is_number else 1) / math.log(2 + len(found))
            for document in found:
                weight = rarity * (_HEAD_WEIGHT if document in head else 1)
                scores[document] = scores.get(document, 0.0) + weight
        order = self._ordered(" OR ".join(units))
        there = {d for w in wanted if w.is_place for d in self._documents_with(w.exact)}
        best = max((scores[d] for d in there.intersection(scores) or scores), default=0.0)
        enough = _NEAR * best
        near = [d for d in order if scores[d] >= enough]
        near.sort(key=lambda d: (d not in there, -scores[d]))
        return [self.rows.id_of(d) for d in near]

    def _ordered(
        self, expression: str, typed: str = "", here: Collection[int] = frozenset()
    ) -> list[int]:
        """What fits, the most telling first, then what holds `here`; of names those that begin with
        what was typed."""
        ordered = self._ranked(expression)
        head = self._documents_with(_HEAD.format(expression))
        last = {d for d in ordered if self.rows.id_of(d) in self.last} if self.last else ()
        name = self._documents_with(_NAME.format(expression))
        begun = _NAME.format(_PHRASE.sub(r"^ \g<0>", typed))
        starts = self._documents_with(begun) if typed else ()
        # By what weighs least first: each keeps the order of those before it.
        for wanted, holds in ((starts, 1), (name, 1), (last, 0), (here, 1), (head, 1)):
            if wanted:
                ordered = _parted(ordered, wanted, first=bool(holds))
        return ordered

    def _ranked(self, expression: str) -> list[int]:
        rows = self.db.execute(_RANKED, (expression, *self.rows.ends)).fetchall()
        rows.sort(key=lambda row: (row[0], self.rows.id_of(row[1])))
        found = [row[1] for row in rows]
        self.documents.setdefault(expression, set(found))
        return found

    def _documents_with(self, expression: str) -> set[int]:
        """What fits an expression: nothing is weighed."""
        known = self.documents.get(expression)
        if known is None:
            rows = self.db.execute(_FOUND, (expression, *self.rows.ends)).fetchall()
            known = self.documents[expression] = {row[0] for row in rows}
        return known


def _parted(ordered: list[int], some: Collection[int], *, first: bool) -> list[int]:
    """The same, but some of them before, or behind, the others."""
    chosen, others = [d for d in ordered if d in some], [d for d in ordered if d not in some]
    return [*chosen, *others] if first else [*others, *chosen]


def _and_of(*ways: list[str]) -> list[str]:
    """Ways of asking for several things at once, each once."""
    return list(dict.fromkeys(" AND ".join(every) for every in ways))


def _indexed(text: Text) -> str:
    """The tokens of both languages, parted by spaces."""
    return " ".join(tokens(f"{text.zh}\n{text.en}"))
