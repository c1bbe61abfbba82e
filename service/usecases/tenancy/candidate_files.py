"""The list of companies for a programme as a file: for people, or for machines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import orjson
import pyarrow as pa

from service.bulk.ceilings import AMOUNT
from service.bulk.outputs import placed_when_whole, writer_for
from service.bulk.plain_workbook import new_workbook
from service.bulk.workbooks import CellFormat, ListSheet
from service.domain.evaluation.evaluator import Status
from service.domain.facts.profile import Provenance
from service.domain.rules.catalogue import Catalogue
from service.domain.rules.programmes import Programme
from service.domain.text import SEMICOLON, Text, join
from service.domain.wording import sheet_heads
from service.domain.wording.clause_words import clause_words
from service.domain.wording.labels import CANDIDATE_CLASS, PROVENANCE, STATUS
from service.rendering.json_parts import Json

_LINES, _TABLE = "jsonl", "csv"
_LIST, _EVIDENCE = Text("企业名单", "Companies"), Text("依据的事实", "What it rests on")
_HEADS = (
    *(sheet_heads.CANDIDATE_CLASS, sheet_heads.STATUS, sheet_heads.CEILING),
    *(sheet_heads.MISSING, sheet_heads.VERIFIED, sheet_heads.TAGS),
)
_FACT_HEADS = (
    sheet_heads.FACT,
    sheet_heads.VERIFIED,
    sheet_heads.DOCUMENT,
    sheet_heads.OFFICER,
    sheet_heads.DATE,
)
_COLUMNS = pa.schema(
    [
        *((name, pa.string()) for name in ("uscc", "name")),
        ("row", pa.int64()),
        *((name, pa.string()) for name in ("class", "status", "subject")),
        ("at_most", AMOUNT),
        *((name, pa.string()) for name in ("missing_facts", "provenance", "rests_on", "tags")),
        *((name, pa.string()) for name in ("class_words", "status_words", "missing_words")),
    ]
)


def write_candidates(
    catalogue: Catalogue, programme: Programme, found: Json, form: str, language: str, target: Path
) -> None:
    """A whole answer of `CandidateService.find` as a file. Raises Refused where it cannot be
    written."""
    if form == _LINES:
        with placed_when_whole(target) as beside:
            beside.write_bytes(b"".join(orjson.dumps(i) + b"\n" for i in found["items"]))
    elif form == _TABLE:
        schema = pa.schema([*_COLUMNS, *((name, pa.string()) for name in _own_heads(found))])
        with writer_for(target, schema) as writer:
            rows = [_flat(item, catalogue, language) for item in found["items"]]
            writer.write(pa.RecordBatch.from_pylist(rows, schema=schema))
    else:
        with placed_when_whole(target) as beside:
            _Workbook(catalogue, programme, language).write(found, beside)


def _flat(item: Json, catalogue: Catalogue, language: str) -> Json:
    """An item as one line of a table: several things in one cell are parted by "|". Codes for
    machines first, behind them the same in words."""
    facts = catalogue.vocabulary.facts
    words = {
        "class_words": CANDIDATE_CLASS[item["class"]],
        "status_words": STATUS[Status(item["status"])],
        "missing_words": join((facts[f].label for f in item["missing_facts"]), Text("|", "|")),
    }
    rested = (f"{r['fact']}={r['provenance']}" for r in item["rests_on"])
    return {
        **item["own"],
        **{k: item[k] for k in ("uscc", "name", "row", "class", "status", "subject", "provenance")},
        "at_most": _most(item),
        "missing_facts": "|".join(item["missing_facts"]),
        "rests_on": "|".join(rested),
        "tags": "|".join(item["tags"]),
        **{name: text.in_language(language) for name, text in words.items()},
    }


def _most(item: Json) -> Decimal | None:
    """The most that the text allows."""
    ceiling = item["ceiling"]
    most = ceiling and (ceiling["amount"] or ceiling["high"])
    return Decimal(most) if most else None


class _Workbook:
    """The list, what each answer rests on, and what a reader should know of it."""

    def __init__(self, catalogue: Catalogue, programme: Programme, language: str) -> None:
        self.catalogue, self.programme, self.language = catalogue, programme, language
        words = catalogue.vocabulary
        self.identity = sheet_heads.identity_heads(words)
        self.currency = words.unit_words(words.currency).label

    def _say(self, text: Text) -> str:
        return text.in_language(self.language)

    def write(self, found: Json, path: Path) -> None:
        book = new_workbook(path)
        amount = CellFormat(book.add_format({"num_format": "#,##0.00"}))
        try:
            own = [(Text(name, name), 16) for name in _own_heads(found)]
            who = (*self.identity.values(), sheet_heads.ROW, *own)
            companies = self._sheet(book, _LIST, (*who, *_HEADS))
            lines = [self._line(i) for i in found["items"]]
            self._fill(companies, lines, {len(who) + 2: amount})
            facts = self._sheet(book, _EVIDENCE, (*who, *_FACT_HEADS))
            self._fill(facts, [line for i in found["items"] for line in self._facts(i)], {})
            about = self._sheet(book, sheet_heads.ABOUT, ((sheet_heads.ABOUT, 120),))
            about.add(*((self._say(note),) for note in self._notes(found)))
            about.close()
        finally:
            book.close()

    def _sheet(self, book: object, name: Text, heads: Sequence[tuple[Text, int]]) -> ListSheet:
        named = [(self._say(t.format(currency=self.currency)), width) for t, width in heads]
        return ListSheet(book, self._say(name), named)

    @staticmethod
    def _fill(
        sheet: ListSheet, lines: list[tuple[object, ...]], formats: dict[int, CellFormat]
    ) -> None:
        sheet.add(*lines, formats=formats)
        sheet.close()

    def _line(self, item: Json) -> tuple[object, ...]:
        facts = self.catalogue.vocabulary.facts
        missing = join((facts[f].label for f in item["missing_facts"]), SEMICOLON)
        return (
            *self._who(item),
            self._say(CANDIDATE_CLASS[item["class"]]),
            self._say(STATUS[Status(item["status"])]),
            _most(item),
            self._say(missing) if item["missing_facts"] else None,
            self._provenance(item["provenance"]),
            " ".join(item["tags"]) or None,
        )

    def _who(self, item: Json) -> tuple[object, ...]:
        """Which company it is, as far as the catalogue has facts that say so."""
        code = item["uscc"] or None
        who = (item["name"] if fact == "company.name" else code for fact in self.identity)
        return *who, item["row"], *item["own"].values()

    def _facts(self, item: Json) -> Iterator[tuple[object, ...]]:
        for rested in item["rests_on"]:
            shown = rested["evidence"] or {}
            document = " ".join(filter(None, (shown.get("document"), shown.get("cell")))) or None
            label = Text(rested["label"]["zh"], rested["label"]["en"])
            provenance = self._provenance(rested["provenance"])
            yield (
                *self._who(item), self._say(label), provenance,
                document, shown.get("by"), shown.get("on"),
            )  # fmt: skip

    def _provenance(self, word: str | None) -> str | None:
        return None if word is None else self._say(PROVENANCE[Provenance(word)])

    def _notes(self, found: Json) -> Iterator[Text]:
        """The notes above the list: of which programme it is, and what it does not promise."""
        programme, counts = self.programme, found["summary"]
        clause = clause_words(self.catalogue.measures[programme.measure], programme.article)
        yield Text("{name}（{clause}）", "{name} ({clause})").format(
            name=programme.name, clause=clause
        )
        yield Text(
            "评估日 {day}；政策库版本 {version}", "As of {day}; catalogue version {version}"
        ).format(day=found["as_of"], version=found["catalogue_version"])
        for kind, label in CANDIDATE_CLASS.items():
            yield Text("{label}：{n} 家", "{label}: {n}").format(label=label, n=str(counts[kind]))
        yield Text(
            "不符合：{n} 家；资料无法读取：{m} 家", "Does not fit: {n}; cannot be read: {m}"
        ).format(n=str(counts["not_fitting"]), m=str(counts["unreadable"]))
        yield Text(
            "条文写明的条件都已满足，能否获批由{by}按规定确定",
            "Where all stated conditions are met, {by} decides by its rules",
        ).format(by=programme.decided_by)


def _own_heads(found: Json) -> list[str]:
    """The sender's own columns that companies of a table come with; kept companies have none."""
    return list(found["items"][0]["own"]) if found["items"] else []
