"""Why a company's programmes come out as they do: each condition of each programme held against
each row, by the same engine that gives the statuses."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from service.bulk.batch_engine import BatchEngine, Detail, Plan
from service.bulk.cells import CellFault
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import Vocabulary
from service.domain.index.status_index import StatusIndex
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.conditions import Condition, Connective, Group, Predicate
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text, join
from service.domain.truth import Truth
from service.domain.wording.outcomes import closed, obstacle_words
from service.domain.wording.sentences import sentence
from service.usecases.portfolio.verdict_words import FactWords, Phrases, patterns_of

_FALSE, _UNKNOWN, _TRUE = range(3)
_TRUTH = {Status.INELIGIBLE: _FALSE, Status.UNDETERMINED: _UNKNOWN}
_OPEN = Text("尚不能判断：{conditions}", "Not yet decided: {conditions}")
_ALSO_OPEN = Text("{said}；另有 {count} 项尚不能判断", "{said}; not yet decided besides: {count}")
_ALL_MET = Text("条文写明的条件都满足", "Every condition that the text states is met")
_OTHERS_JUDGE = Text("{said}；{what}，由{who}认定", "{said}; for {who} to judge: {what}")
_JUDGED_MET = Text("能够据所填信息判断的条件都满足", "Every condition that can be judged is met")
_ONLY = Text("其余条件都满足", "all others are met")


def _all_met(programme: Programme) -> Text:
    """The sentence that every condition is met, with what is left to the judgement of whoever
    decides."""
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
    """The lines of one programme; words as places in a `Phrases`, below 0 where there are none."""

    rows: NDArray[np.intp]
    programme: int
    why: NDArray[np.int32]
    observed: pa.Array
    missing: NDArray[np.int32]
    sole_obstacle: NDArray[np.int32]


@dataclass
class _WordedCondition:
    """A condition with its words, made once however many patterns it is in."""

    condition: Condition
    vocabulary: Vocabulary

    @cached_property
    def unmet(self) -> Text:
        return obstacle_words(self.condition, Truth.FALSE, {}, self.vocabulary)

    @cached_property
    def undecided(self) -> Text:
        one = self.condition
        return sentence(closed(one) if isinstance(one, Predicate) else one, self.vocabulary)


@dataclass(frozen=True)
class _Reason:
    """Why a programme comes out as it does: in words, the conditions that it rests on, and whether
    one of them alone stands in the way."""

    words: Text
    conditions: Sequence[_WordedCondition]
    is_sole_obstacle: bool


# All words of more rows would be in memory at once; of fewer each text would be made more often.
_AT_ONCE = 1_024


class Verdicts:
    """Explains rows of one set of columns. Not for several threads at once."""

    def __init__(self, plan: Plan, schema: pa.Schema) -> None:
        self.catalogue, self.language = plan.catalogue, plan.language
        self.programmes = list(plan.catalogue.programmes.values())
        self._conditions = [
            [_WordedCondition(c, plan.catalogue.vocabulary) for c in conditions_of(programme)]
            for programme in self.programmes
        ]
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
        """The lines of `explain` for some rows at a time, as memory allows, each with the rows it
        is about."""
        for start in range(0, rows.num_rows, _AT_ONCE):
            part = slice(start, min(start + _AT_ONCE, rows.num_rows))
            held = rows.slice(part.start, part.stop - part.start)
            yield part, self.explain(held, statuses[:, part])

    def explain(self, rows: pa.RecordBatch, statuses: NDArray[np.int8]) -> VerdictLines:
        """The lines of all programmes in force, for each row. `statuses` has a row a programme and
        a column a company: the place of the status in `Status`, negative where the company has none
        and gets no line."""
        faults: list[CellFault] = []
        cells = self._engine.reader.read(rows, faults)
        answers = self._engine.answer_cells(rows, cells, faults)
        words = FactWords(self.catalogue, rows, cells, self.language)
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
        words: FactWords,
    ) -> Iterator[_Lines]:
        """The lines of one programme, for rows with the same truths of its conditions at once."""
        conditions = self._conditions[place]
        truths = [
            _truths(answers.column(f"status.{_part_id(programme, i)}"), rows)
            for i in range(len(conditions))
        ]
        alone = words.phrases.place_of(_ONLY.in_language(self.language))
        for pattern, places in patterns_of(truths):
            here = rows[places]
            reason = self._reason(programme, conditions, pattern)
            why = words.phrases.place_of(reason.words.in_language(self.language))
            facts = list(
                dict.fromkeys(fact for c in reason.conditions for fact in c.condition.facts)
            )
            yield _Lines(
                here,
                place,
                np.full(len(here), why, np.int32),
                words.stated(facts, here),
                words.unstated(facts, here),
                np.full(len(here), alone if reason.is_sole_obstacle else -1, np.int32),
            )

    @staticmethod
    def _reason(
        programme: Programme, conditions: Sequence[_WordedCondition], pattern: Sequence[int]
    ) -> _Reason:
        failed = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _FALSE]
        unknown = [c for c, truth in zip(conditions, pattern, strict=True) if truth == _UNKNOWN]
        if failed:
            said = join((c.unmet for c in failed), SEMICOLON)
            if unknown:
                said = _ALSO_OPEN.format(said=said, count=str(len(unknown)))
            return _Reason(said, failed, len(failed) == 1 and not unknown)
        if unknown:
            said = _OPEN.format(conditions=join((c.undecided for c in unknown), SEMICOLON))
            return _Reason(said, unknown, len(unknown) == 1)
        return _Reason(_all_met(programme), conditions, False)


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


def _in_order(parts: Sequence[_Lines], phrases: Phrases) -> VerdictLines:
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
