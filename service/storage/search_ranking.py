"""One search of an index: what fits, and the most telling of it first."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from service.storage.search_spelling import IndexTerms, Spelling
from service.storage.search_terms import SearchTerm
from service.storage.search_tokens import in_name, phrase
from service.storage.store import Connection

# INVARIANT: the documents of one kind in a version stand in rows that follow one another, so that
# what holds something is found in the index alone.
_FITTING = " FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
# The numbers weigh name, summary and body.
_RANKED = f"SELECT bm25(search_index, 10.0, 4.0, 1.0), rowid{_FITTING}"
_FOUND = f"SELECT rowid{_FITTING}"
_ANY = f"SELECT 1{_FITTING} LIMIT 1"
_HEAD = "{{name summary}} : ({})"
_PHRASE = re.compile('"[^"]+"')
# How many times something counts that stands in the name, and in the summary.
_NAME_WEIGHT = 2.2
_SUMMARY_WEIGHT = 1.6
# A document is near that holds so much of what could be found.
_MIN_SHARE_HELD = 0.4
_MAX_UNITS = 24
_MINOR_WEIGHT = 0.5
# What weighs less is no name of its own: 高新 stands in many.
_LEAST_NAME = 4


class DocumentRows(NamedTuple):
    """The rows that the documents of a kind stand in, one after the other: the first, and the id of
    each."""

    first: int
    ids: tuple[str, ...]

    def ids_of(self, rows: Iterable[int]) -> list[str]:
        """The ids of the documents in some rows."""
        first, ids = self
        return [ids[row - first] for row in rows]

    @property
    def ends(self) -> tuple[int, int]:
        """The first row and the last; of none, two between which there is nothing."""
        return self.first, self.first + len(self.ids) - 1


@dataclass(frozen=True)
class VersionSearch:
    """One search among the documents of a kind in one version, which it names by their rows; of
    those equally telling, what holds `preferred` comes first, and `last` behind; `planned` are
    those that cannot be had yet."""

    db: Connection
    rows: DocumentRows
    last: frozenset[str]
    terms: Callable[[], IndexTerms]
    preferred: str = ""
    planned: frozenset[str] = frozenset()
    # What was looked for already.
    documents: dict[str, set[int]] = field(default_factory=dict)

    def holds(self, expression: str) -> bool:
        """Whether any document fits an expression."""
        return self.db.execute(_ANY, (expression, *self.rows.ends)).fetchone() is not None

    def with_all(self, wanted: Collection[SearchTerm]) -> list[str]:
        """What holds everything; whole words before words that begin so, and what holds in a place
        before what holds around it."""
        topics = [w for w in wanted if not w.is_place] or wanted
        exact, loose = [w.exact for w in topics], [w.loose for w in topics]
        typed = " AND ".join(w.typed for w in topics if w.typed)
        in_place = {d for w in wanted if w.within for d in self._documents_with(w.within)}
        is_name = bool(typed) and sum(w.weight for w in topics) >= _LEAST_NAME
        order = [
            d for e in _and_of(exact, loose) for d in self._ordered(e, typed, in_place, is_name)
        ]
        exact, loose = [w.exact for w in wanted], [w.loose for w in wanted]
        ordered = dict.fromkeys(order)
        fitting = [self._documents_with(e) for e in _and_of(exact, loose)]
        return self.rows.ids_of(dict.fromkeys(d for some in fitting for d in ordered if d in some))

    def holds_in_head(self, document: str, wanted: Collection[SearchTerm]) -> bool:
        """Whether a document says all that is asked for, but places, in its name and summary."""
        topics = [w for w in wanted if not w.is_place] or wanted
        in_head = self._documents_with(_HEAD.format(" AND ".join(w.loose for w in topics)))
        return document in self.rows.ids_of(in_head)

    def open_first(self, documents: list[str], wanted: Collection[SearchTerm]) -> list[str]:
        """The same documents, those of planned programmes behind all that can be applied for now.
        They keep their place where the query names a place, or the programme itself."""
        topics = [w.exact for w in wanted]
        if not self.planned.intersection(documents) or any(w.is_place for w in wanted):
            return documents
        meant = self.rows.ids_of(self._documents_with(in_name(" OR ".join(topics))))
        return sorted(documents, key=self.planned.difference(meant).__contains__)

    def is_about(self, documents: Iterable[str], wanted: Collection[SearchTerm]) -> bool:
        """Whether the first of the documents has all topics that are asked for in its name and
        summary, and one in its name, and holds where it is asked for: whatever else was said, it
        is the answer."""
        first = next(iter(documents), None)
        topics = [w.exact for w in wanted if w.is_topic and not (w.is_place or w.is_number)]
        if first is None or not topics:
            return False
        all_in_head = self._documents_with(_HEAD.format(" AND ".join(topics)))
        one_in_name = self._documents_with(in_name(" OR ".join(topics)))
        there = [self._documents_with(w.exact) for w in wanted if w.is_place]
        return first in self.rows.ids_of((all_in_head & one_in_name).intersection(*there))

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self.terms(), lambda text: self.holds(phrase(text)))

    def nearest(self, wanted: Collection[SearchTerm]) -> list[str]:
        """What holds most of it, where a rare part counts for more than a common one, and what the
        name says for more than what the summary does, and that for more than what stands further
        down; what holds in a place that is asked for comes first."""
        topics = [w for w in wanted if not w.is_place] or wanted
        parts = [(e, _importance(w)) for w in topics for e in (w.loose, *w.parts)]
        units = dict(parts[:_MAX_UNITS])
        scores: dict[int, float] = {}
        for unit, importance in units.items():
            holding = self._documents_with(unit)
            rarity = importance / math.log(2 + len(holding))
            weights = dict.fromkeys(holding, 1.0)
            weights.update(dict.fromkeys(self._documents_with(_HEAD.format(unit)), _SUMMARY_WEIGHT))
            weights.update(dict.fromkeys(self._documents_with(in_name(unit)), _NAME_WEIGHT))
            for document, weight in weights.items():
                scores[document] = scores.get(document, 0.0) + rarity * weight
        order = self._ordered(" OR ".join(units))
        in_place = {d for w in wanted if w.is_place for d in self._documents_with(w.exact)}
        within = {d for w in wanted if w.within for d in self._documents_with(w.within)}
        best = max((scores[d] for d in in_place.intersection(scores) or scores), default=0.0)
        near = [d for d in order if scores[d] >= _MIN_SHARE_HELD * best]
        near.sort(key=lambda d: (d not in within, d not in in_place, -scores[d]))
        return self.rows.ids_of(near)

    def _ordered(
        self,
        expression: str,
        typed: str = "",
        in_place: Collection[int] = frozenset(),
        is_name: bool = False,
    ) -> list[int]:
        """What fits, the most telling first, then what is `in_place`; of names those that begin
        with what was typed. What `is_name` is looked for by its name: who has it comes first."""
        ordered = self._ranked(expression)
        typed_first = in_name(_PHRASE.sub(r"^ \g<0>", typed))
        groups = (  # by what weighs least first: each keeps the order of those before it
            self._documents_with(typed_first) if typed else (),
            self._documents_with(in_name(expression)),
            self._documents_with(self.preferred) if self.preferred else (),
            self._but_last(ordered) if self.last else (),
            self._documents_with(in_name(typed)) if is_name else (),
            in_place,
            self._documents_with(_HEAD.format(expression)),
        )
        for group in filter(None, groups):
            ordered = [d for d in ordered if d in group] + [d for d in ordered if d not in group]
        return ordered

    def _but_last(self, documents: Sequence[int]) -> set[int]:
        named = zip(documents, self.rows.ids_of(documents), strict=True)
        return {document for document, name in named if name not in self.last}

    def _ranked(self, expression: str) -> list[int]:
        rows = self.db.execute(_RANKED, (expression, *self.rows.ends)).fetchall()
        first, ids = self.rows
        rows.sort(key=lambda row: (row[0], ids[row[1] - first]))
        ranked = [row[1] for row in rows]
        self.documents.setdefault(expression, set(ranked))
        return ranked

    def _documents_with(self, expression: str) -> set[int]:
        """What fits an expression: nothing is weighed."""
        documents = self.documents.get(expression)
        if documents is None:
            rows = self.db.execute(_FOUND, (expression, *self.rows.ends)).fetchall()
            documents = self.documents[expression] = {row[0] for row in rows}
        return documents


def _importance(wanted: SearchTerm) -> float:
    """How much a document is worth that holds it: a number, what somebody works in, or what is no
    topic, says less of what is looked for."""
    is_minor = wanted.is_number or wanted.is_field or not wanted.is_topic
    return _MINOR_WEIGHT if is_minor else 1


def _and_of(*ways: list[str]) -> list[str]:
    """Ways of asking for several things at once, each once."""
    return list(dict.fromkeys(" AND ".join(every) for every in ways))
