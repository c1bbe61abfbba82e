"""Full-text search over programmes and articles: Chinese of any length, and English words.

FTS5 is given ready tokens. A run of Chinese becomes its pairs of characters, in order, then its
single characters; so any piece of the run is found exactly, one character as a token, two or more
as a phrase of pairs. Everything else becomes words without case, width or accents, and a word of a
query also finds the words it begins.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import sqlite_utils

from service.domain.text import Text
from service.storage.faults import translate_errors
from service.storage.store import Store

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_TERMS_READ = 64
# The numbers weigh name, summary and body.
_RANKED = (
    "SELECT id FROM search_index"
    " JOIN search_documents ON search_documents.rowid = search_index.rowid"
    " WHERE search_index MATCH ? AND version = ? AND kind = ?"
    " ORDER BY bm25(search_index, 10.0, 4.0, 1.0), id"
)


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


class SearchIndex:
    """The index of every catalogue version in use."""

    def __init__(self, store: Store) -> None:
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

    def search(self, version: str, query: str, kind: DocumentKind) -> list[str]:
        """Ids of the documents that hold every part of the query, the most telling first.

        If there is none, those that hold more than half of its words and pairs of characters, so
        that a whole sentence still finds what it is about. A query without a letter, digit or
        character finds nothing. Parts beyond the 64th are not read.
        """
        parts = list(_parts(query))[:_TERMS_READ]
        if not parts:
            return []
        with translate_errors():
            db = self._store.connection()
            exact = _ranked(db, version, kind, " AND ".join(_phrase(part) for part in parts))
            return exact or self._nearest(db, version, kind, parts)

    def _nearest(
        self, db: sqlite_utils.Database, version: str, kind: DocumentKind, parts: list["TextRun"]
    ) -> list[str]:
        terms = list(dict.fromkeys(term for part in parts for term in _terms(part)))[:_TERMS_READ]
        if len(terms) < 2:
            return []
        held: dict[str, int] = {}
        for term in terms:
            for found in _ranked(db, version, kind, term):
                held[found] = held.get(found, 0) + 1
        ranked = _ranked(db, version, kind, " OR ".join(terms))
        near = [found for found in ranked if 2 * held[found] > len(terms)]
        return sorted(near, key=lambda found: -held[found])


def _held(db: sqlite_utils.Database, version: str) -> set[tuple[str, ...]]:
    """What is indexed of a version, as it was written: a restart need not write it again."""
    found = db.execute(
        "SELECT kind, id, name, summary, body FROM search_documents"
        " JOIN search_index ON search_index.rowid = search_documents.rowid"
        " WHERE version = ?",
        (version,),
    )
    return {tuple(row) for row in found}


class TextRun(NamedTuple):
    """A run of Chinese characters, or one word."""

    text: str
    han: bool


def _parts(text: str) -> Iterator[TextRun]:
    for match in _RUN.finditer(_folded(text)):
        yield TextRun(match[0], match["han"] is not None)


def _folded(text: str) -> str:
    """Without differences of case, width and accent."""
    plain = unicodedata.normalize("NFKD", text)
    for accent in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(accent, "")
    return plain.casefold()


def _indexed(text: Text) -> str:
    """The tokens of both languages, parted by spaces."""
    return " ".join(
        token for part in _parts(f"{text.zh}\n{text.en}") for token in _index_tokens(part)
    )


def _index_tokens(part: TextRun) -> list[str]:
    return [*_pairs(part.text), *part.text] if part.han else [part.text]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _phrase(part: TextRun) -> str:
    """The FTS5 expression for a part as a whole; quoted, so that nothing in it is an operator."""
    if part.han:
        return f'"{" ".join(_pairs(part.text) or [part.text])}"'
    return _word(part.text)


def _terms(part: TextRun) -> list[str]:
    """FTS5 expressions for the pieces of a part."""
    if part.han:
        return [f'"{token}"' for token in _pairs(part.text) or [part.text]]
    return [_word(part.text)]


def _word(word: str) -> str:
    """A number is meant as it stands: 20 is not 2025."""
    return f'"{word}"' if word.isdecimal() else f'"{word}"*'


def _ranked(
    db: sqlite_utils.Database, version: str, kind: DocumentKind, expression: str
) -> list[str]:
    return [row[0] for row in db.execute(_RANKED, (expression, version, kind)).fetchall()]
