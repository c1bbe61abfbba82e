"""One programme against many companies at once, by the columnar engine: how near each row is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import orjson
import pyarrow as pa

from service.bulk.batch_engine import BatchEngine, CheckedBatch, Detail, answer_all
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.evaluation.evaluator import PROMISING, Status
from service.domain.facts.profile import PROJECT_KIND
from service.domain.facts.vocabulary import FactType, Owner, Vocabulary
from service.domain.index.status_index import StatusIndex
from service.domain.rules.programmes import Programme
from service.usecases.portfolio.cell_readers import cell_value
from service.usecases.portfolio.portfolio import ENGINE_COUNT, plan_for

# Words that no rule looks into: two companies hardly ever share one.
_UNJUDGED = (FactType.TEXT, FactType.IDENTIFIER)
Cells = Mapping[str, str | None]
BatchT = TypeVar("BatchT", bound=CheckedBatch)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a row is to a programme: its status, None where the row has an error; how many facts
    are missing, one of them by name; the most that the text allows, None where it says nothing."""

    status: Status | None
    missing: int = 0
    fact: str | None = None
    most: Decimal | None = None

    @property
    def fits(self) -> bool:
        return self.status in PROMISING or self.status is Status.UNDETERMINED


def judged_facts(vocabulary: Vocabulary) -> list[str]:
    """The facts that a rule may look into."""
    return [f.id for f in vocabulary.stated if f.type not in _UNJUDGED]


def screen(
    compiled: CompiledCatalogue,
    programme: Programme,
    as_of: date,
    schema: pa.Schema,
    batches: Iterable[BatchT],
) -> Iterator[tuple[BatchT, list[Nearness]]]:
    """Each batch with the nearness of its rows, in order. The whole catalogue's standards are held
    against certificates, but no other programme is looked at."""
    alone = replace(compiled.catalogue, programmes={programme.id: programme})
    plan = replace(
        plan_for(compiled, as_of, Detail.MISSING), catalogue=alone, index=StatusIndex(alone)
    )
    engines = [BatchEngine(plan, schema) for _ in range(ENGINE_COUNT)]
    for batch, answers in answer_all(engines, batches):
        yield batch, list(_nearness(programme, answers))


def _nearness(programme: Programme, answers: pa.RecordBatch) -> Iterator[Nearness]:
    def column(name: str) -> Iterable[Any]:
        if name in answers.schema.names:
            return answers.column(name).to_pylist()  # type: ignore[no-any-return]
        return [None] * answers.num_rows

    columns = (
        column(f"status.{programme.id}"),
        column(f"missing.{programme.id}"),
        column("ask"),
        column(f"at_most.{programme.id}"),
    )
    for status, missing, ask, most in zip(*columns, strict=True):
        if status is None:
            yield Nearness(None)
        else:
            first = ask.partition("|")[0] if ask else None
            yield Nearness(Status(status), missing or 0, first, most)


def rows_of(profile: Mapping[str, Any], supports: tuple[str, ...]) -> list[dict[str, str]]:
    """A stored profile as rows of cells: one for each project that a programme supports, one
    without a project where there is none."""
    company = _cells(profile.get("company") or {}, Owner.COMPANY)
    projects = [p for p in profile.get("projects") or () if p.get("kind") in supports]
    own = ({k: v for k, v in p.items() if k != "ref"} for p in projects)
    return [{**company, **_cells(p, Owner.PROJECT)} for p in own] or [company]


def _cells(facts: Mapping[str, Any], owner: Owner) -> dict[str, str]:
    return {f"{owner}.{name}": _text(v) for name, v in facts.items() if v is not None}


def _text(value: Any) -> str:
    """A value of a profile as a cell for machines."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def batch_of(rows: list[dict[str, str]], names: Iterable[str]) -> pa.RecordBatch:
    """Rows of cells as columns of text."""
    columns: dict[str, list[str | None]] = {}
    for i, row in enumerate(rows):
        for name, text in row.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = [None] * len(rows)
            column[i] = text
    empty = pa.nulls(len(rows), pa.string())
    made = {n: pa.array(columns[n], pa.string()) if n in columns else empty for n in names}
    return pa.record_batch(list(made.values()), names=list(made))


def profile_of(
    vocabulary: Vocabulary, cells: Cells, is_wanted: Callable[[str], bool]
) -> dict[str, Any]:
    """The profile that a row of a table states."""
    company: dict[str, Any] = {}
    project: dict[str, Any] = {}
    for name, text in cells.items():
        if text and is_wanted(name):
            fact = vocabulary.facts[name]
            held = company if fact.owner is Owner.COMPANY else project
            held[fact.name] = cell_value(fact, text)
    if PROJECT_KIND not in cells or not cells[PROJECT_KIND]:
        return {"company": company}
    return {"company": company, "projects": [{"ref": "row", **project}]}
