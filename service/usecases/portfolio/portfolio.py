"""A file of companies against the whole catalogue: a portfolio, or a nation."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from service.bulk.cells import PLACES, Reader
from service.bulk.engine import Detail, Engine, Plan, answer_all
from service.bulk.inputs import read_batches
from service.bulk.outputs import writer_for
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.evaluation.assessment import with_contested_certificates
from service.domain.facts.profile import PROJECT_KIND, Value
from service.domain.facts.vocabulary import Fact, FactType, Owner
from service.domain.rules.catalogue import Catalogue
from service.domain.text import Text
from service.intake.faults import nearest
from service.intake.profiles import ProfileReader

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_TRUTHS = {"true": True, "false": False, "TRUE": True, "FALSE": False}
ENGINES = 2


@dataclass(frozen=True)
class BatchReport:
    """How far a run has come: companies read, and those with an error."""

    rows: int
    errors: int


def plan_for(compiled: CompiledCatalogue, as_of: date, detail: Detail) -> Plan:
    """Everything the engine needs from a workbench."""
    catalogue = compiled.catalogue
    categories = catalogue.categories.values()
    return Plan(
        catalogue,
        compiled.index,
        cell_readers(compiled.reader),
        as_of,
        detail,
        lambda profile: with_contested_certificates(catalogue, profile, as_of),
        frozenset(c.certificate for c in categories if c.certificate is not None),
    )


def run_batch(
    compiled: CompiledCatalogue,
    source: Path,
    target: Path,
    as_of: date,
    detail: Detail,
    tell: Callable[[BatchReport], None],
) -> BatchReport:
    """Reads, answers and writes, a batch at a time. Raises InvalidInput for columns that are no
    facts though they are named like some, Refused for a file that cannot be read or written."""
    facts = compiled.catalogue.vocabulary.facts.values()
    schema, batches = read_batches(source, [f.id for f in facts if f.type not in PLACES])
    check_columns(compiled.catalogue, schema)
    plan = plan_for(compiled, as_of, detail)
    engines = [Engine(plan, schema) for _ in range(ENGINES)]
    told = BatchReport(0, 0)
    with writer_for(target, engines[0].schema) as writer:
        for answers in answer_all(engines, batches):
            writer.write(answers)
            errors = answers.num_rows - answers.column("error").null_count
            told = BatchReport(told.rows + answers.num_rows, told.errors + errors)
            tell(told)
    return told


def check_columns(catalogue: Catalogue, schema: pa.Schema) -> None:
    """Raises InvalidInput where a column looks like a fact and is none."""
    facts = catalogue.vocabulary.facts
    owners = tuple(f"{owner}." for owner in Owner)
    strange = [n for n in schema.names if n.startswith(owners) and n not in facts]
    if strange:
        raise InvalidInput(tuple(_unknown_column(name, list(facts)) for name in strange[:100]))


def _unknown_column(name: str, facts: list[str]) -> Problem:
    near = nearest(name, facts)
    said = Text("没有事实 {name}", "there is no fact {name}").format(name=name)
    if near:
        said = Text("{said}，是否指 {near}？", "{said}; did you mean {near}?").format(
            said=said, near=near
        )
    return Problem(f"/{name}", ErrorCode.UNKNOWN_KEY, said)


def cell_readers(reader: ProfileReader) -> dict[str, Reader]:
    """For every fact the function that reads one cell of text as a profile's value is read."""
    return {fact.id: _reader(reader, fact) for fact in reader.vocabulary.facts.values()}


def _reader(reader: ProfileReader, fact: Fact) -> Reader:
    plain = _PLAIN.get(fact.type, str)

    def read(text: str) -> Value:
        try:
            profile, _ = reader.read(_profile_of(reader, fact, plain(text)), "")
        except InvalidInput as error:
            raise ValueError("; ".join(p.message.en for p in error.problems)) from None
        facts = profile.company if fact.owner is Owner.COMPANY else profile.projects[0].facts
        return facts[fact.id]

    return read


def _profile_of(reader: ProfileReader, fact: Fact, raw: Any) -> Any:
    """A profile that states this fact alone."""
    if fact.owner is Owner.COMPANY:
        return {"company": {fact.name: raw}}
    if fact.id == PROJECT_KIND:
        return {"projects": [{"ref": "row", "kind": raw}]}
    kinds = reader.vocabulary.codes_of(reader.vocabulary.facts[PROJECT_KIND])
    kind = fact.kinds[0] if fact.kinds else next(iter(kinds.codes if kinds else ()))
    return {"projects": [{"ref": "row", "kind": kind, fact.name: raw}]}


def _listed(text: str) -> list[str]:
    if text.startswith("["):
        return _items(text)
    return [] if text == "-" else [part.strip() for part in text.split("|")]


def _items(text: str) -> list[Any]:
    found = [] if text == "-" else json.loads(text)
    if not isinstance(found, list):
        raise ValueError("must be a JSON list")
    return found


def _whole(text: str) -> int | str:
    return int(text) if _WHOLE.fullmatch(text) else text


_PLAIN: dict[FactType, Callable[[str], Any]] = {
    FactType.BOOLEAN: lambda text: _TRUTHS.get(text, text),
    FactType.INTEGER: _whole,
    FactType.CODES: _listed,
    FactType.CERTIFICATES: _items,
    FactType.AWARDS: _items,
}
