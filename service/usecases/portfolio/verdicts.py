"""Why a company's programmes come out as they do: each condition of each programme held against
each row, by the same engine that gives the statuses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.cells import CellFault, Cells, Numbers
from service.bulk.engine import Detail, Engine, Plan
from service.domain.evaluation.evaluator import Status
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.programmes import Programme
from service.domain.text import Text, join
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed, obstacle_words
from service.domain.wording.sentences import sentence
from service.domain.wording.values import stated_text

_FALSE, _UNKNOWN, _TRUE = 0, 1, 2
_TRUTH = {Status.INELIGIBLE: _FALSE, Status.UNDETERMINED: _UNKNOWN}
_OPEN = Text("尚不能判断：{conditions}", "Open: {conditions}")
_ALSO_OPEN = Text("{said}；另有 {count} 项尚不能判断", "{said}; open besides: {count}")
_ALL_MET = Text("条文写明的条件都满足", "Every condition that the text states is met")
_OTHERS_JUDGE = Text("{said}；{what}，由{who}认定", "{said}; for {who} to judge: {what}")
_JUDGED_MET = Text("能够据所填信息判断的条件都满足", "Every condition that can be judged is met")
_STATED = Text("{label}：{value}", "{label}: {value}")
_GAP = Text("；", "; ")
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
    columns of words, in the order of the rows."""

    rows: NDArray[np.intp]
    programmes: NDArray[np.intp]
    why: pa.Array
    observed: pa.Array
    missing: pa.Array
    short: pa.Array


class Verdicts:
    """Explains rows of one set of columns. Not for several threads at once."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.catalogue, self.language = plan.catalogue, plan.language
        self.programmes = list(plan.catalogue.programmes.values())
        apart = _conditions_apart(plan.catalogue)
        self._engine = Engine(
            replace(plan, catalogue=apart, index=StatusIndex(apart), detail=Detail.STATUSES), schema
        )

    def explain(self, rows: pa.RecordBatch, statuses: NDArray[np.int8]) -> VerdictLines:
        """Of all programmes in force. `statuses`: the place of each status among the statuses,
        programmes first; a row without statuses has no line."""
        faults: list[CellFault] = []
        cells = self._engine.cells(rows, faults)
        answers = self._engine.answer_cells(rows, cells, faults)
        words = _RowWords(self.catalogue, rows, cells, self.language)
        wanted = (statuses >= 0) & (statuses != list(Status).index(Status.NOT_IN_FORCE))
        parts = [
            part
            for place, programme in enumerate(self.programmes)
            if len(chosen := np.flatnonzero(wanted[place]))
            for part in self._lines(place, programme, chosen, answers, words)
        ]
        return _in_order(parts)

    def _lines(
        self,
        place: int,
        programme: Programme,
        rows: NDArray[np.intp],
        answers: pa.RecordBatch,
        words: "_RowWords",
    ) -> Iterator[VerdictLines]:
        """The lines of one programme, for rows with the same truths of its conditions at once."""
        conditions = conditions_of(programme)
        truths = np.stack(
            [_truths(answers.column(f"status.{_part_id(programme, i)}"), rows)
             for i in range(len(conditions))]
        )  # fmt: skip
        patterns, which = np.unique(truths, axis=1, return_inverse=True)
        for i, pattern in enumerate(patterns.T.tolist()):
            here = rows[which.reshape(-1) == i]
            why, about, short = self._reason(programme, conditions, pattern)
            facts = list(dict.fromkeys(fact for c in about for fact in c.facts))
            yield VerdictLines(
                here,
                np.full(len(here), place, np.intp),
                _repeated(why, len(here)),
                words.stated(facts, here),
                words.unstated(facts, here),
                _repeated(_ONLY.in_language(self.language) if short else None, len(here)),
            )

    def _reason(
        self, programme: Programme, conditions: Sequence[Condition], pattern: Sequence[int]
    ) -> tuple[str, list[Condition], bool]:
        """In words, the conditions it rests on, and whether one alone stands in the way."""
        failed = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _FALSE]
        unknown = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _UNKNOWN]
        if failed:
            said = join((self._obstacle(c) for c in failed), "；", "; ")
            if unknown:
                said = _ALSO_OPEN.format(said=said, count=str(len(unknown)))
            return said.in_language(self.language), failed, len(failed) == 1 and not unknown
        if unknown:
            said = _OPEN.format(conditions=self._sentences(unknown))
            return said.in_language(self.language), unknown, len(unknown) == 1
        return _all_met(programme).in_language(self.language), list(conditions), False

    def _obstacle(self, condition: Condition) -> Text:
        return obstacle_words(condition, Truth.FALSE, {}, self.catalogue.vocabulary)

    def _sentences(self, conditions: Sequence[Condition]) -> Text:
        vocabulary = self.catalogue.vocabulary
        said = (
            sentence(closed(c) if isinstance(c, Predicate) else c, vocabulary) for c in conditions
        )
        return join(said, "；", "; ")


class _RowWords:
    """What rows state, in words, made once for each fact that is asked for; what nobody stated and
    only follows is marked as that."""

    def __init__(
        self, catalogue: Catalogue, rows: pa.RecordBatch, cells: dict[str, Cells], language: str
    ) -> None:
        self._vocabulary, self._cells, self._language = catalogue.vocabulary, cells, language
        self._rows = rows
        self._columns: dict[str, pa.Array | None] = {}

    def stated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> pa.Array:
        """Each fact that a row states, with its value."""
        columns = (self._column(fact) for fact in facts)
        held = [c.take(pa.array(rows)) for c in columns if c is not None]
        return self._joined(held, len(rows))

    def unstated(self, facts: Sequence[str], rows: NDArray[np.intp]) -> pa.Array:
        """The facts that a row does not state, by their labels."""
        parts = []
        for fact in facts:
            label = self._vocabulary.facts[fact].label.in_language(self._language)
            column = self._column(fact)
            if column is None:
                parts.append(_repeated(label, len(rows)))
            else:
                here = column.take(pa.array(rows))
                parts.append(pc.if_else(pc.is_null(here), label, pa.scalar(None, pa.string())))
        return self._joined(parts, len(rows))

    def _joined(self, parts: Sequence[pa.Array], rows: int) -> pa.Array:
        if not parts:
            return pa.nulls(rows, pa.string())
        gap = _GAP.in_language(self._language)
        # Arrow leaves rows out where it is to skip what is null: each part brings its own gap.
        with_gaps = (pc.binary_join_element_wise(gap, part, "") for part in parts)
        joined = pc.binary_join_element_wise(*(pc.fill_null(p, "") for p in with_gaps), "")
        told = pc.utf8_slice_codeunits(joined, len(gap))
        return pc.if_else(pc.equal(told, ""), None, told)

    def _column(self, fact: str) -> pa.Array | None:
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
        return self._marked(name, words.take(places))

    def _marked(self, name: str, words: pa.Array) -> pa.Array:
        """The words of a fact, those that the table does not state marked as derived."""
        mark = _DERIVED.in_language(self._language)
        derived = pc.binary_join_element_wise(words, mark, "")
        if name not in self._rows.schema.names:
            return derived
        return pc.if_else(pc.is_valid(self._rows.column(name)), words, derived)


def conditions_of(programme: Programme) -> tuple[Condition, ...]:
    """The conditions that a programme asks for together."""
    whole = programme.condition
    return whole.children if whole.gate is Connective.ALL else (whole,)


def _conditions_apart(catalogue: Catalogue) -> Catalogue:
    """The catalogue with each condition of each programme as a programme of its own."""
    apart = {
        name: replace(
            programme,
            id=name,
            condition=Group(Connective.ALL, (condition,), condition.clause),
            benefit=None,
            examples=(),
        )
        for programme in catalogue.programmes.values()
        for i, condition in enumerate(conditions_of(programme))
        for name in (_part_id(programme, i),)
    }
    return replace(catalogue, programmes=apart)


def _part_id(programme: Programme, place: int) -> str:
    return f"{programme.id}#{place}"


def _truths(statuses: pa.Array, rows: NDArray[np.intp]) -> NDArray[np.int8]:
    """The truth of one condition in these rows, by the status it would make alone."""
    truths = [_TRUTH.get(Status(word), _TRUE) for word in statuses.dictionary.to_pylist()]
    ids = statuses.indices.fill_null(0).to_numpy(zero_copy_only=False)
    found: NDArray[np.int8] = np.array(truths, np.int8)[ids[rows]]
    return found


def _repeated(text: str | None, count: int) -> pa.Array:
    if text is None:
        return pa.nulls(count, pa.string())
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int32)), pa.array([text])
    ).dictionary_decode()


def _in_order(parts: Sequence[VerdictLines]) -> VerdictLines:
    """The lines row by row, in the order of the catalogue."""
    if not parts:
        none, nothing = np.empty(0, np.intp), pa.nulls(0, pa.string())
        return VerdictLines(none, none, nothing, nothing, nothing, nothing)
    rows = np.concatenate([p.rows for p in parts])
    places = np.concatenate([p.programmes for p in parts])
    order = np.lexsort((places, rows))
    taken = pa.array(order)

    def column(name: str) -> pa.Array:
        return pa.concat_arrays([getattr(p, name) for p in parts]).take(taken)

    return VerdictLines(
        rows[order], places[order], *(column(n) for n in ("why", "observed", "missing", "short"))
    )
