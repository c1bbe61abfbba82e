"""The answers of a batch as a workbook for people: the companies, what each can do and by which
clause, why each programme came out as it did, every programme beside every company, what each asks
for, the faults, and how the table was understood."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from service.bulk.batch_engine import WARNINGS, Plan, labelled_errors, row_texts
from service.bulk.ceilings import AMOUNT
from service.bulk.cells import as_text
from service.bulk.plain_workbook import new_workbook
from service.bulk.workbooks import CellFormat, ListSheet
from service.domain.evaluation.evaluator import Status
from service.domain.facts.vocabulary import FactType, Owner
from service.domain.rules.conditions import Condition, children_of
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording import sheet_heads
from service.domain.wording.clause_words import clause_words
from service.domain.wording.labels import BASIS, EVIDENCE, STATUS
from service.domain.wording.money import formula
from service.domain.wording.sentences import heading
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.faults import FaultLog, cut_notes, fault_heads, fault_line
from service.usecases.portfolio.own_columns import joining_columns
from service.usecases.portfolio.sheet_room import MAX_VERDICTS
from service.usecases.portfolio.verdicts import VerdictLines, Verdicts, conditions_of, status_places

NAME = "company.name"
_TO_DO = (Status.ELIGIBLE, Status.POTENTIAL)
# Left empty where every programme stands beside every company: most cells would say so.
_BLANK = (Status.INELIGIBLE, Status.NOT_IN_FORCE)
_EMPTY_MEANS = Text(
    "“企业与事项”表中空白表示不符合或不在有效期",
    "In the sheet of every programme an empty cell means ineligible or not in force",
)
_MAX_FACTS_ASKED = 3
_OWN_WIDTH = 16
_COMPANIES, _CHANCES, _VERDICTS, _MATRIX, _CONDITIONS = (
    Text("企业一览", "Companies"),
    Text("可争取的事项", "What may be claimed"),
    Text("逐项判断", "Verdicts"),
    Text("企业与事项", "Every programme"),
    Text("事项与条件", "Conditions"),
)
_UNEXPLAINED = Text(
    "“逐项判断”只写到第 {row} 行；每家企业的都在全部逐项判断的文件中"
    "（批次页、verdicts=yes 或 --verdicts）",
    "The sheet of verdicts ends with row {row}; those of every company stand in the file of all"
    " verdicts (the page of the batch, verdicts=yes, or --verdicts)",
)
_COMPANY_HEADS = (
    *((STATUS[status], 12) for status in Status),
    *(sheet_heads.ASKED_NEXT, sheet_heads.ERROR, sheet_heads.TO_CHECK),
)
_CHANCE_HEADS = (
    *(sheet_heads.PROGRAMME, sheet_heads.STATUS, sheet_heads.CEILING),
    *(sheet_heads.DECIDED_BY, sheet_heads.CLAUSE, sheet_heads.GIST),
)
_VERDICT_HEADS = (
    *(sheet_heads.PROGRAMME, sheet_heads.STATUS, sheet_heads.RULED_BY, sheet_heads.OF_COMPANY),
    *(sheet_heads.NOT_STATED, sheet_heads.ONE_SHORT, sheet_heads.CLAUSE),
)
_CONDITION_HEADS = (
    *(sheet_heads.PROGRAMME_ID, sheet_heads.PROGRAMME, sheet_heads.NUMBER, sheet_heads.CONDITION),
    *(sheet_heads.CLAUSE, sheet_heads.BASIS, sheet_heads.DECIDED_BY, sheet_heads.FORMULA),
    *(sheet_heads.VALID_TO, sheet_heads.EVIDENCE, sheet_heads.TITLE, sheet_heads.ADDRESS),
)


class ResultWorkbook:
    """Written batch by batch; `finish` adds the faults and the notes."""

    def __init__(self, path: Path, plan: Plan, given: pa.Schema) -> None:
        """`given`: the table's columns; those that are no facts stand behind the companies."""
        catalogue = self.catalogue = plan.catalogue
        self.language = plan.language
        self.handed_through = [n for n in given.names if n not in catalogue.vocabulary.facts]
        self.joining = joining_columns(self.handed_through)
        self.verdicts_of, self.explained, self.last_explained = Verdicts(plan, given), 0, 0
        self.is_cut = False
        self.programmes = list(catalogue.programmes.values())
        self.book = new_workbook(path)
        self.amount = CellFormat(self.book.add_format({"num_format": "#,##0.00"}))
        own = [(Text(name, name), _OWN_WIDTH) for name in self.handed_through]
        self.identity = sheet_heads.identity_heads(catalogue.vocabulary)
        facts = catalogue.vocabulary.facts
        self.projects = [
            name for name in given.names
            if name in facts and facts[name].owner is Owner.PROJECT
            and facts[name].type is FactType.TEXT
        ]  # fmt: skip
        named = [(facts[name].label, _OWN_WIDTH) for name in self.projects]
        whose = (sheet_heads.ROW, *self.identity.values(), *named)
        self.companies = self._sheet(_COMPANIES, (*whose, *_COMPANY_HEADS, *own))
        currency = catalogue.vocabulary.unit_words(catalogue.vocabulary.currency).label
        heads = [
            (t.format(currency=currency) if t is sheet_heads.CEILING[0] else t, w)
            for t, w in _CHANCE_HEADS
        ]
        joining = [(Text(name, name), _OWN_WIDTH) for name in self.joining]
        self.who = (*whose, *joining)
        self.chances = self._sheet(_CHANCES, (*self.who, *heads))
        self.verdicts = self._sheet(_VERDICTS, (*self.who, *_VERDICT_HEADS))
        names = [(self.catalogue.list_name(p.id), 14) for p in self.programmes]
        self.matrix = self._sheet(_MATRIX, (*self.who, *names))
        self._words = {s.value: self._say(STATUS[s]) for s in Status}
        self._marks = {s: w for s, w in self._words.items() if s not in _BLANK}
        self._clauses = {p.id: self._clause(p) for p in self.programmes}

    def _say(self, text: Text) -> str:
        return text.in_language(self.language)

    def _sheet(self, name: Text, heads: Sequence[tuple[Text, int]]) -> ListSheet:
        return ListSheet(self.book, self._say(name), [(self._say(t), w) for t, w in heads])

    def _clause(self, programme: Programme) -> tuple[str, str, str]:
        """Who decides, the clause, the article's gist."""
        measure = self.catalogue.measures[programme.measure]
        article = measure.article(programme.article)
        clause = clause_words(measure, programme.article)
        gist = article.gist if article else Text("", "")
        return self._say(programme.decided_by), self._say(clause), self._say(gist)

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        """The companies of a batch and their answers, which are those of Detail.MISSING."""
        numbers = batch.numbers or range(1, batch.rows.num_rows + 1)
        who = [pa.array(numbers, pa.int64())]
        who += [identity_column(batch, fact) for fact in self.identity]
        who += [given_column(batch, name) for name in self.projects]
        own = [given_column(batch, name) for name in self.handed_through]
        self._write_companies(who, answers, own, self._errors(batch))
        who += [own[self.handed_through.index(name)] for name in self.joining]
        statuses = status_places(answers, self.programmes)
        answered = np.flatnonzero((statuses >= 0).all(axis=0))
        self._write_matrix(who, statuses, answered)
        self._write_chances(who, answers, statuses)
        self._write_verdicts(who, batch.rows, statuses)

    def _write_verdicts(
        self, who: Sequence[pa.Array], rows: pa.RecordBatch, statuses: NDArray[np.int8]
    ) -> None:
        """A line for each programme in force of each company: on which conditions it rests, what
        the company states of them and what it does not; of the first so many."""
        left = (MAX_VERDICTS - self.explained) // max(len(self.programmes), 1)
        self.is_cut |= left < rows.num_rows
        if left <= 0:
            return
        count = min(left, rows.num_rows)
        self.last_explained = who[0][count - 1].as_py()
        parts = self.verdicts_of.parts(rows.slice(0, count), statuses[:, :count])
        for part, found in parts:
            taken = part.stop - part.start
            self._write_verdict_lines(
                [c.slice(part.start, taken) for c in who], found, statuses[:, part]
            )

    def _write_verdict_lines(
        self, who: Sequence[pa.Array], lines: VerdictLines, statuses: NDArray[np.int8]
    ) -> None:
        """The lines of some companies."""
        self.explained += len(lines.rows)
        if not len(lines.rows):
            return
        whose, places = pa.array(lines.rows), pa.array(lines.programmes)
        statuses_of_lines = pa.array(statuses[lines.programmes, lines.rows])
        names = pa.array([self._say(self.catalogue.list_name(p.id)) for p in self.programmes])
        clauses = pa.array([self._clauses[p.id][1] for p in self.programmes])
        words = pa.array([self._words[s.value] for s in Status])
        self.verdicts.add_columns(
            [
                *(one.take(whose) for one in who),
                pa.DictionaryArray.from_arrays(places, names),
                pa.DictionaryArray.from_arrays(statuses_of_lines, words),
                *(lines.why, lines.observed, lines.missing, lines.sole_obstacle),
                pa.DictionaryArray.from_arrays(places, clauses),
            ]
        )

    def _condition_lines(self) -> Iterator[list[object]]:
        """What each programme asks for, each condition below the group it is in."""
        for programme in self.programmes:
            decider, clause, _ = self._clauses[programme.id]
            measure = self.catalogue.measures[programme.measure]
            rule = programme.benefit
            end = programme.window.end
            about = [
                decider,
                self._say(formula(rule, self.catalogue.vocabulary)) if rule else None,
                end.isoformat() if end else None,
                self._say(EVIDENCE[programme.evidence]),
                self._say(measure.title),
                measure.url,
            ]
            name = self._say(self.catalogue.list_name(programme.id))
            yield [programme.id, name, None, self._say(programme.summary), clause, None, *about]
            for number, condition in _numbered(conditions_of(programme)):
                words = self._say(heading(condition, self.catalogue.vocabulary))
                where = clause_words(
                    self.catalogue.measures[condition.clause.measure], condition.clause.article
                )
                basis = self._say(BASIS[condition.basis])
                yield [programme.id, name, number, words, self._say(where), basis, *[None] * 6]

    def _write_matrix(
        self, who: Sequence[pa.Array], statuses: NDArray[np.int8], answered: NDArray[np.intp]
    ) -> None:
        """Every programme beside every company without an error."""
        marks = pa.array([self._marks.get(s.value) for s in Status], pa.string())
        rows = pa.array(answered)
        columns = [
            pa.DictionaryArray.from_arrays(pa.array(one[answered]), marks) for one in statuses
        ]
        self.matrix.add_columns([*(one.take(rows) for one in who), *columns])

    def _write_chances(
        self, who: Sequence[pa.Array], answers: pa.RecordBatch, statuses: NDArray[np.int8]
    ) -> None:
        """A line for each programme that a company can do something about, company by company."""
        wanted = np.isin(statuses, [list(Status).index(s) for s in _TO_DO])
        place, row = np.nonzero(wanted)
        order = np.lexsort((place, row))
        ceilings = [
            _ceilings(answers, p).take(pa.array(np.flatnonzero(wanted[i])))
            for i, p in enumerate(self.programmes)
        ]
        if not len(order):
            return
        rows, places = pa.array(row[order]), pa.array(place[order])
        words = pa.array([self._words[s.value] for s in Status])
        status_words = pa.DictionaryArray.from_arrays(pa.array(statuses[place, row][order]), words)
        most = pa.concat_arrays(ceilings).take(pa.array(order))
        clauses = [
            pa.DictionaryArray.from_arrays(places, pa.array(texts))
            for texts in zip(*(self._clauses[p.id] for p in self.programmes), strict=True)
        ]
        names = pa.array([self._say(self.catalogue.list_name(p.id)) for p in self.programmes])
        named = pa.DictionaryArray.from_arrays(places, names)
        whose = [one.take(rows) for one in who]
        formats = {len(whose) + 2: self.amount}
        self.chances.add_columns([*whose, named, status_words, most, *clauses], formats)

    def _errors(self, batch: TableBatch) -> pa.Array:
        """What is wrong with each row, by the names of facts."""
        errors = labelled_errors(batch.faults, self.catalogue.vocabulary.facts)
        return row_texts(errors, batch.rows.num_rows, self.language)

    def _write_companies(
        self,
        who: Sequence[pa.Array],
        answers: pa.RecordBatch,
        own: Sequence[pa.Array],
        errors: pa.Array,
    ) -> None:
        counts = [answers.column(f"count.{s}") for s in Status]
        asked = answers.column("ask").dictionary_encode()
        texts = [self._questions(words) for words in asked.dictionary.to_pylist()]
        questions = pa.DictionaryArray.from_arrays(asked.indices, pa.array(texts, pa.string()))
        to_look_at = [errors, _words_column(answers, WARNINGS)]
        self.companies.add_columns([*who, *counts, questions, *to_look_at, *own])

    def _questions(self, asked: str | None) -> str | None:
        """The labels of the facts to ask first."""
        if not asked:
            return None
        facts = self.catalogue.vocabulary.facts
        labels = [facts[f].label for f in asked.split("|")[:_MAX_FACTS_ASKED]]
        return self._say(join(labels, SEMICOLON))

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """The faults, the notes, the file."""
        row = str(self.last_explained)
        cut = [_UNEXPLAINED.format(row=row)] if self.is_cut else []
        width = len(self.who) + len(_VERDICT_HEADS)
        for note in cut:
            self.verdicts.add([None, self._say(note), *[None] * (width - 2)])
        for sheet in (self.companies, self.chances, self.verdicts, self.matrix):
            sheet.close()
        conditions = self._sheet(_CONDITIONS, _CONDITION_HEADS)
        conditions.add(*self._condition_lines())
        conditions.close()
        faults = self._sheet(sheet_heads.FAULTS, fault_heads(log))
        faults.add(*(fault_line(log, fault, self.language) for fault in log.faults))
        faults.close()
        about = self._sheet(sheet_heads.ABOUT, ((sheet_heads.ABOUT, 120),))
        sheets = (self.companies, self.chances, self.verdicts, self.matrix, conditions, faults)
        for note in (*notes, _EMPTY_MEANS, *cut, *cut_notes(*sheets)):
            about.add([self._say(note)])

    def close(self) -> None:
        """The file, whether finished or given up."""
        self.book.close()


def _numbered(conditions: Sequence[Condition], above: str = "") -> Iterator[tuple[str, Condition]]:
    """Conditions with their numbers: 1, 2, 2.1, those of a group behind it."""
    for i, condition in enumerate(conditions, 1):
        number = f"{above}{i}"
        yield number, condition
        yield from _numbered(children_of(condition), f"{number}.")


def identity_column(batch: TableBatch, fact: str) -> pa.Array:
    """The column of a company's name, or of its code."""
    return given_column(batch, fact) if fact == NAME else code_column(batch, fact)


def code_column(batch: TableBatch, name: str) -> pa.Array:
    """A column of codes as they were read, so that they join; as filled where they were not."""
    given = given_column(batch, name)
    if name not in batch.rows.schema.names:
        return given
    return pc.coalesce(as_text(batch.rows.column(name)), given)


def given_column(batch: TableBatch, name: str) -> pa.Array:
    """A column as it was filled; nothing where there is none."""
    given = batch.given if batch.given is not None else batch.rows
    if name not in given.schema.names:
        return pa.nulls(given.num_rows)
    return as_text(given.column(name))


def _words_column(answers: pa.RecordBatch, name: str) -> pa.Array:
    """A column of words, where there is one."""
    if name not in answers.schema.names:
        return pa.nulls(answers.num_rows, pa.string())
    return answers.column(name)


def _ceilings(answers: pa.RecordBatch, programme: Programme) -> pa.Array:
    name = f"at_most.{programme.id}"
    if name not in answers.schema.names:
        return pa.nulls(answers.num_rows, AMOUNT)
    return answers.column(name)
