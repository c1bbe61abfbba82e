"""Why a company's programmes come out as they do: each condition of each programme held against
each row, by the same engine that gives the statuses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.batch_engine import BatchEngine, Detail, Plan
from service.bulk.cells import CellFault, Cells, Numbers
from service.domain.evaluation.evaluator import Status
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text, join
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed, obstacle_words
from service.domain.wording.sentences import sentence
from service.domain.wording.values import stated_text

_FALSE, _UNKNOWN, _TRUE = range(3)
_TRUTH = {Status.INELIGIBLE: _FALSE, Status.UNDETERMINED: _UNKNOWN}
_OPEN = Text("尚不能判断：{conditions}", "Open: {conditions}")
_ALSO_OPEN = Text("{said}；另有 {count} 项尚不能判断", "{said}; open besides: {count}")
_ALL_MET = Text("条文写明的条件都满足", "Every condition that the text states is met")
_OTHERS_JUDGE = Text("{said}；{what}，由{who}认定", "{said}; for {who} to judge: {what}")
_JUDGED_MET = Text("能够据所填信息判断的条件都满足", "Every condition that can be judged is met")
_STATED = Text("{label}：{value}", "{label}: {value}")
_DERIVED = Text("（推定）", " (derived)")
_ONLY = Text("其余条件都满足", "all others are met")


def _all_met(programme: Programme) -> Text:
    """That nothing stands in the way, and what only whoever decides can judge."""
    what = programme.others_judge
    if what is None:
        return _ALL_MET
    return _OTHERS_JUDGE.format(said=_JUDGED_MET, what=what, who=programme.decided_by)


@dataclass(frozen=True)
class VerdictLines:
    """Verdicts of some rows, a line each: the row's place in its batch, the programme's, and
    columns of words, in the order of the rows. Words that many lines share are dictionaries.
    `sole_obstacle` has words where one condition alone stands in the way."""

    rows: NDArray[np.intp]
    programmes: NDArray[np.intp]
    why: pa.DictionaryArray
    observed: pa.Array
    missing: pa.DictionaryArray
    sole_obstacle: pa.DictionaryArray


@dataclass(frozen=True)
class _Lines:
    """The lines of one programme; words as places in a `_Phrases`, below 0 where there are none."""

    rows: NDArray[np.intp]
    programme: int
    why: NDArray[np.int32]
    observed: pa.Array
    missing: NDArray[np.int32]
    sole_obstacle: NDArray[np.int32]


@dataclass(frozen=True)
class _Reason:
    """Why a programme comes out as it does: in words, the conditions that it rests on, and whether
    one of them alone stands in the way."""

    words: Text
    conditions: Sequence[Condition]
    is_sole_obstacle: bool


class _Phrases:
    """Each different text once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place_of(self, text: str | None) -> int:
        return self._places.setdefault(text, len(self._places)) if text else -1

    def column(self, places: NDArray[np.int32]) -> pa.DictionaryArray:
        words = pa.array(list(self._places), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), words)


# All words of more rows would be in memory at once; of fewer each text would be made more often.
_AT_ONCE = 1_024


class Verdicts:
    """Explains rows of one set of columns. Not for several threads at once."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.catalogue, self.language = plan.catalogue, plan.language
        self.programmes = list(plan.catalogue.programmes.values())
        apart = _conditions_apart(plan.catalogue)
        self._engine = BatchEngine(
            replace(
                plan,
                catalogue=apart,
                index=StatusIndex(apart),
                detail=Detail.STATUSES,
                warner=None,
            ),
            schema,
        )

    def parts(
        self, rows: pa.RecordBatch, statuses: NDArray[np.int8]
    ) -> Iterator[tuple[slice, VerdictLines]]:
        """As `explain`, so many rows at a time as memory is for, and which rows they are."""
        for start in range(0, rows.num_rows, _AT_ONCE):
            part = slice(start, min(start + _AT_ONCE, rows.num_rows))
            held = rows.slice(part.start, part.stop - part.start)
            yield part, self.explain(held, statuses[:, part])

    def explain(self, rows: pa.RecordBatch, statuses: NDArray[np.int8]) -> VerdictLines:
        """Of all programmes in force. `statuses`: the place of each status among the statuses,
        programmes first; a row without statuses has no line."""
        faults: list[CellFault] = []
        cells = self._engine.reader.read(rows, faults)
        answers = self._engine.answer_cells(rows, cells, faults)
        words = _RowWords(self.catalogue, rows, cells, self.language)
        wanted = (statuses >= 0) & (statuses != list(Status).index(Status.NOT_IN_FORCE))
        parts = [
            part
            for place, programme in enumerate(self.programmes)
            if len(chosen := np.flatnonzero(wanted[place]))
            for part in self._lines(place, programme, chosen, answers, words)
        ]
        return _in_order(parts, words.phrases)

    def _lines(
        self,
        place: int,
        programme: Programme,
        rows: NDArray[np.intp],
        answers: pa.RecordBatch,
        words: "_RowWords",
    ) -> Iterator[_Lines]:
        """The lines of one programme, for rows with the same truths of its conditions at once."""
        conditions = conditions_of(programme)
        truths = [
            _truths(answers.column(f"status.{_part_id(programme, i)}"), rows)
            for i in range(len(conditions))
        ]
        alone = words.phrases.place_of(_ONLY.in_language(self.language))
        for pattern, places in _patterns(truths):
            here = rows[places]
            reason = self._reason(programme, conditions, pattern)
            why = words.phrases.place_of(reason.words.in_language(self.language))
            facts = list(dict.fromkeys(fact for c in reason.conditions for fact in c.facts))
            yield _Lines(
                here,
                place,
                np.full(len(here), why, np.int32),
                words.stated(facts, here),
                words.unstated(facts, here),
                np.full(len(here), alone if reason.is_sole_obstacle else -1, np.int32),
            )

    def _reason(
        self, programme: Programme, conditions: Sequence[Condition], pattern: Sequence[int]
    ) -> _Reason:
        failed = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _FALSE]
        unknown = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _UNKNOWN]
        if failed:
            said = join((self._obstacle(c) for c in failed), SEMICOLON)
            if unknown:
                said = _ALSO_OPEN.format(said=said, count=str(len(unknown)))
            return _Reason(said, failed, len(failed) == 1 and not unknown)
        if unknown:
            said = _OPEN.format(conditions=self._sentences(unknown))
            return _Reason(said, unknown, len(unknown) == 1)
        return _Reason(_all_met(programme), conditions, False)

    def _obstacle(self, condition: Condition) -> Text:
        return obstacle_words(condition, Truth.FALSE, {}, self.catalogue.vocabulary)

    def _sentences(self, conditions: Sequence[Condition]) -> Text:
        vocabulary = self.catalogue.vocabulary
        said = (
            sentence(closed(c) if isinstance(c, Predicate) else c, vocabulary) for c in conditions
        )
        return join(said, SEMICOLON)


class _RowWords:
    """What rows state, in words, made once for each fact that is asked for; what nobody stated and
    only follows is marked as that."""

    def __init__(
        self, catalogue: Catalogue, rows: pa.RecordBatch, cells: dict[str, Cells], language: str
    ) -> None:
        self._vocabulary, self._cells, self._language = catalogue.vocabulary, cells, language
        self._rows, self.phrases = rows, _Phrases()
        self._gap = SEMICOLON.in_language(language)
        self._columns: dict[str, pa.Array | None] = {}
        self._unstated: dict[str, NDArray[np.bool_]] = {}

    def stated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> pa.Array:
        """Each fact that a row states, with its value."""
        columns = (self._column(fact) for fact in facts)
        taken = pa.array(rows)
        held = [c.take(taken) for c in columns if c is not None]
        if not held:
            return pa.nulls(len(rows), pa.string())
        joined = held[0] if len(held) == 1 else pc.binary_join_element_wise(*held, "")
        told = pc.utf8_slice_codeunits(joined, len(self._gap))
        return pc.if_else(pc.equal(told, ""), pa.scalar(None, pa.string()), told)

    def unstated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """The facts that a row does not state, by their labels, as places among the phrases."""
        phrases = np.full(len(rows), -1, np.int32)
        lacking = [self._lacks(fact)[rows].astype(np.int8) for fact in facts]
        for pattern, places in _patterns(lacking):
            labels = [
                self._vocabulary.facts[fact].label.in_language(self._language)
                for fact, lacks in zip(facts, pattern, strict=True)
                if lacks
            ]
            phrases[places] = self.phrases.place_of(self._gap.join(labels))
        return phrases

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


def status_places(answers: pa.RecordBatch, programmes: Sequence[Programme]) -> NDArray[np.int8]:
    """The place of each status among the statuses, programmes first; -1 where there is none."""
    found = np.full((len(programmes), answers.num_rows), -1, np.int8)
    for i, programme in enumerate(programmes):
        column = answers.column(f"status.{programme.id}")
        places = [list(Status).index(Status(word)) for word in column.dictionary.to_pylist()]
        ids = column.indices.fill_null(len(places)).to_numpy(zero_copy_only=False)
        found[i] = np.array([*places, -1], np.int8)[ids]
    return found


def conditions_of(programme: Programme) -> tuple[Condition, ...]:
    """The conditions that a programme asks for together."""
    whole = programme.condition
    return whole.children if whole.gate is Connective.ALL else (whole,)


def _conditions_apart(catalogue: Catalogue) -> Catalogue:
    """The catalogue with each condition of each programme as a programme of its own."""
    apart = (
        _with_one_condition(programme, place, condition)
        for programme in catalogue.programmes.values()
        for place, condition in enumerate(conditions_of(programme))
    )
    return replace(catalogue, programmes={programme.id: programme for programme in apart})


def _with_one_condition(programme: Programme, place: int, condition: Condition) -> Programme:
    return replace(
        programme,
        id=_part_id(programme, place),
        condition=Group(Connective.ALL, (condition,), condition.clause),
        benefit=None,
        examples=(),
    )


def _part_id(programme: Programme, place: int) -> str:
    return f"{programme.id}#{place}"


def _truths(statuses: pa.Array, rows: NDArray[np.intp]) -> NDArray[np.int8]:
    """The truth of one condition in these rows, by the status it would make alone."""
    truths = [_TRUTH.get(Status(word), _TRUE) for word in statuses.dictionary.to_pylist()]
    ids = statuses.indices.fill_null(0).to_numpy(zero_copy_only=False)
    found: NDArray[np.int8] = np.array(truths, np.int8)[ids[rows]]
    return found


def _patterns(
    columns: Sequence[NDArray[np.int8]],
) -> Iterator[tuple[list[int], NDArray[np.intp]]]:
    """The different rows of some columns, each with the places where it stands."""
    if not columns:
        return
    groups = np.zeros(len(columns[0]), np.intp)
    for column in columns:
        _, groups = np.unique(groups * (_TRUE + 1) + column, return_inverse=True)
    order = np.argsort(groups, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        yield [int(column[places[0]]) for column in columns], places


def _in_order(parts: Sequence[_Lines], phrases: _Phrases) -> VerdictLines:
    """The lines row by row, in the order of the catalogue."""
    if not parts:
        none, nothing = np.empty(0, np.intp), phrases.column(np.empty(0, np.int32))
        return VerdictLines(none, none, nothing, pa.nulls(0, pa.string()), nothing, nothing)
    rows = np.concatenate([p.rows for p in parts])
    places = np.repeat([p.programme for p in parts], [len(p.rows) for p in parts])
    order = np.lexsort((places, rows))
    why, missing, obstacle = (
        phrases.column(np.concatenate(columns)[order])
        for columns in zip(*((p.why, p.missing, p.sole_obstacle) for p in parts), strict=True)
    )
    observed = pa.concat_arrays([p.observed for p in parts]).take(pa.array(order))
    return VerdictLines(rows[order], places[order], why, observed, missing, obstacle)
