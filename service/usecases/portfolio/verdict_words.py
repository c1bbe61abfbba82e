"""What rows state of a condition's facts, and lack, in words; equal texts are kept once."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.cells import Cells, Numbers
from service.bulk.tables import unique_rows
from service.domain.rules.catalogue import Catalogue
from service.domain.text import SEMICOLON, Text
from service.domain.wording.values import stated_text

_STATED = Text("{label}：{value}", "{label}: {value}")
_DERIVED = Text("（推定）", " (derived)")


class Phrases:
    """Each different text once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place_of(self, text: str | None) -> int:
        """The place of a text among those that are held; below 0 for none."""
        return self._places.setdefault(text, len(self._places)) if text else -1

    def column(self, places: NDArray[np.int32]) -> pa.DictionaryArray:
        """The texts at some places."""
        words = pa.array(list(self._places), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), words)


class FactWords:
    """What rows state, in words, made once for each fact that is asked for; what nobody stated and
    only follows is marked as that."""

    def __init__(
        self, catalogue: Catalogue, rows: pa.RecordBatch, cells: dict[str, Cells], language: str
    ) -> None:
        self._vocabulary, self._cells, self._language = catalogue.vocabulary, cells, language
        self._rows, self.phrases = rows, Phrases()
        self._gap = SEMICOLON.in_language(language)
        self._columns: dict[str, pa.Array | None] = {}
        self._unstated: dict[str, NDArray[np.bool_]] = {}

    def stated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> pa.Array:
        """Each fact that a row states, with its value; nothing of one that nobody is asked and that
        only follows."""
        columns = (self._column(fact) for fact in facts if not self._only_follows(fact))
        taken = pa.array(rows)
        held = [c.take(taken) for c in columns if c is not None]
        if not held:
            return pa.nulls(len(rows), pa.string())
        joined = held[0] if len(held) == 1 else pc.binary_join_element_wise(*held, "")
        words = pc.utf8_slice_codeunits(joined, len(self._gap))
        return pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)

    def unstated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """The facts that a row does not state, by their labels, as places among the phrases."""
        phrases = np.full(len(rows), -1, np.int32)
        lacking = [self._lacks(fact)[rows].astype(np.int8) for fact in facts]
        for pattern, places in patterns_of(lacking):
            labels = [
                self._vocabulary.facts[fact].label.in_language(self._language)
                for fact, lacks in zip(facts, pattern, strict=True)
                if lacks
            ]
            phrases[places] = self.phrases.place_of(self._gap.join(labels))
        return phrases

    def _only_follows(self, fact: str) -> bool:
        never_asked = self._vocabulary.facts[fact].never_asked
        return never_asked and fact not in self._rows.schema.names

    def _lacks(self, fact: str) -> NDArray[np.bool_]:
        """The rows that do not state a fact."""
        if fact not in self._unstated:
            column, count = self._column(fact), self._rows.num_rows
            self._unstated[fact] = (
                np.ones(count, bool)
                if column is None
                else pc.equal(column, "").to_numpy(zero_copy_only=False)
            )
        return self._unstated[fact]

    def _column(self, fact: str) -> pa.Array | None:
        """A fact's words row by row behind a gap, empty where a row does not state it: Arrow leaves
        rows out where it is to skip what is null."""
        if fact not in self._columns:
            held = self._cells.get(fact)
            self._columns[fact] = None if held is None else self._in_words(fact, held)
        return self._columns[fact]

    def _in_words(self, name: str, cells: Cells) -> pa.Array:
        distinct = cells.distinct() if isinstance(cells, Numbers) else cells
        fact = self._vocabulary.facts[name]
        said = [
            _STATED.format(label=fact.label, value=stated_text(value, fact, self._vocabulary))
            for value in distinct.values
        ]
        words = pa.array([text.in_language(self._language) for text in said], pa.string())
        places = pa.array(distinct.ids, pa.int32(), mask=distinct.ids < 0)
        marked = self._marked(name, words.take(places))
        return pc.fill_null(pc.binary_join_element_wise(self._gap, marked, ""), "")

    def _marked(self, name: str, words: pa.Array) -> pa.Array:
        """The words of a fact, those that the table does not state marked as derived."""
        mark = _DERIVED.in_language(self._language)
        derived = pc.binary_join_element_wise(words, mark, "")
        if name not in self._rows.schema.names:
            return derived
        return pc.if_else(pc.is_valid(self._rows.column(name)), words, derived)


def patterns_of(
    columns: Sequence[NDArray[np.int8]],
) -> Iterator[tuple[list[int], NDArray[np.intp]]]:
    """The different rows of some columns, each with the places where it stands."""
    if not columns:
        return
    table = np.stack(columns, axis=1)
    ids, _ = unique_rows(table)
    order = np.argsort(ids, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(ids[order])) + 1):
        yield table[places[0]].tolist(), places
