"""The answers of a batch as a workbook for people: the companies, what each can do and by which
clause, every programme beside every company, the faults, and how the table was understood."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from service.bulk.workbooks import ListSheet, new_workbook
from service.domain.evaluation.evaluator import Status
from service.domain.rules.catalogue import Catalogue, Programme
from service.domain.text import Text, join
from service.domain.wording.labels import STATUS
from service.usecases.portfolio.company_table import TableBatch
from service.usecases.portfolio.faults import FAULT_HEADS, FaultLog

_NAME, _USCC = "company.name", "company.uscc"
_TO_DO = (Status.ELIGIBLE, Status.POTENTIAL)
# Left empty where every programme stands beside every company: most cells would say so.
_BLANK = (Status.INELIGIBLE, Status.NOT_IN_FORCE)
_EMPTY_MEANS = Text(
    "“企业与事项”表中空白表示不符合或不在有效期",
    "In the sheet of every programme an empty cell means ineligible or not in force",
)
_ASKED = 3
_COMPANIES, _CHANCES, _MATRIX, _FAULTS, _ABOUT = (
    Text("企业一览", "Companies"),
    Text("可办事项", "What can be done"),
    Text("企业与事项", "Every programme"),
    Text("错误清单", "Faults"),
    Text("说明", "About"),
)
_WHO = (
    (Text("行", "Row"), 7),
    (Text("名称", "Name"), 30),
    (Text("统一社会信用代码", "Credit code"), 22),
)
_COMPANY_HEADS = (
    *_WHO,
    *((STATUS[status], 12) for status in Status),
    (Text("先补充这些信息", "What to find out first"), 60),
    (Text("错误", "Error"), 40),
)
_CHANCE_HEADS = (
    *_WHO,
    (Text("支持事项", "Programme"), 44),
    (Text("结论", "Status"), 12),
    (Text("金额上限（元）", "Ceiling (yuan)"), 18),
    (Text("由谁决定", "Who decides"), 44),
    (Text("依据", "Clause"), 30),
    (Text("条文要点", "What the article says"), 70),
)


class ResultWorkbook:
    """Written batch by batch; `finish` adds the faults and the notes."""

    def __init__(self, path: Path, catalogue: Catalogue, language: str) -> None:
        self.catalogue, self.language = catalogue, language
        self.programmes = list(catalogue.programmes.values())
        self.book = new_workbook(path, streamed=True)
        self.amount = self.book.add_format({"num_format": "#,##0.00"})
        self.companies = self._sheet(_COMPANIES, _COMPANY_HEADS)
        self.chances = self._sheet(_CHANCES, _CHANCE_HEADS)
        names = [(p.name, 14) for p in self.programmes]
        self.matrix = self._sheet(_MATRIX, (*_WHO[:2], *names))
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
        number = Text(f"第{programme.article}条", f"article {programme.article}")
        clause = join([Text(measure.number, measure.number), number], " ", ", ")
        gist = article.gist if article else Text("", "")
        return self._say(programme.decided_by), self._say(clause), self._say(gist)

    def write(self, batch: TableBatch, answers: pa.RecordBatch) -> None:
        """The companies of a batch and their answers, which are those of Detail.MISSING."""
        names, codes = _column(batch, _NAME), _column(batch, _USCC)
        numbers = batch.numbers or range(1, batch.rows.num_rows + 1)
        who = list(zip(numbers, names, codes, strict=True))
        self._write_companies(who, answers)
        columns = {
            p.id: (answers.column(f"status.{p.id}").to_pylist(), _ceilings(answers, p))
            for p in self.programmes
        }
        for i, row in enumerate(who):
            statuses = [columns[p.id][0][i] for p in self.programmes]
            if statuses and statuses[0] is None:
                continue
            self.matrix.add([*row[:2], *map(self._marks.get, statuses)])
            for programme, status in zip(self.programmes, statuses, strict=True):
                if status in _TO_DO:
                    most = columns[programme.id][1][i]
                    self.chances.add(self._chance(row, programme, status, most), self._formats)

    @property
    def _formats(self) -> list[Any]:
        return [None] * 5 + [self.amount]

    def _chance(
        self, who: Sequence[object], programme: Programme, status: str, most: object
    ) -> Iterator[object]:
        yield from who
        yield self._say(programme.name)
        yield self._words[status]
        yield None if most is None else float(str(most))
        yield from self._clauses[programme.id]

    def _write_companies(self, who: Sequence[Sequence[object]], answers: pa.RecordBatch) -> None:
        counts = [answers.column(f"count.{s}").to_pylist() for s in Status]
        asked, errors = answers.column("ask").to_pylist(), answers.column("error").to_pylist()
        for i, row in enumerate(who):
            self.companies.add(
                [*row, *(c[i] for c in counts), self._questions(asked[i]), errors[i]]
            )

    def _questions(self, asked: str | None) -> str | None:
        """The labels of the facts to ask first."""
        if not asked:
            return None
        facts = self.catalogue.vocabulary.facts
        labels = [facts[f].label for f in asked.split("|")[:_ASKED]]
        return self._say(join(labels, "；", "; "))

    def finish(self, log: FaultLog, notes: Sequence[Text]) -> None:
        """The faults, the notes, the file."""
        for sheet in (self.companies, self.chances, self.matrix):
            sheet.close()
        faults = self._sheet(_FAULTS, FAULT_HEADS)
        for fault in log.faults:
            where = (fault.row, fault.cell, fault.header, fault.found)
            faults.add([*where, self._say(fault.why), self._say(fault.allowed)])
        faults.close()
        about = self._sheet(_ABOUT, ((_ABOUT, 120),))
        for note in (*notes, _EMPTY_MEANS):
            about.add([self._say(note)])

    def close(self) -> None:
        """The file, whether finished or given up."""
        self.book.close()


def _column(batch: TableBatch, name: str) -> list[str | None]:
    """A column as it was filled; nothing where there is none."""
    given = batch.given if batch.given is not None else batch.rows
    if name not in given.schema.names:
        return [None] * given.num_rows
    found: list[str | None] = given.column(name).to_pylist()
    return found


def _ceilings(answers: pa.RecordBatch, programme: Programme) -> list[Any]:
    name = f"at_most.{programme.id}"
    if name not in answers.schema.names:
        return [None] * answers.num_rows
    found: list[Any] = answers.column(name).to_pylist()
    return found
