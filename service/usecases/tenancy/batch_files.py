"""The files of a batch: a table as it came in, its answers in another format."""

from datetime import date
from pathlib import Path

import orjson

from service.bulk.inputs import read_batches
from service.bulk.memory import release_memory
from service.bulk.outputs import writer_for
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.intake.batch_choices import request_from
from service.rendering.json_parts import Json
from service.storage.batches import BatchRepository, StoredBatch
from service.usecases.portfolio.batch_source import BatchSource, open_source
from service.usecases.portfolio.choice_reader import choices_for
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.portfolio import row_check
from service.usecases.portfolio.table_choices import NO_CHOICES, TableChoices
from service.usecases.portfolio.table_preview import preview

_CHOICES = "choices.json"


def preview_file(
    compiled: CompiledCatalogue, table: Path, as_of: date, choices: TableChoices = NO_CHOICES
) -> Json | None:
    """What is understood of a table that people keep; None of a file of a machine. Raises
    InvalidInput, Refused."""
    try:
        return _preview(compiled, table, as_of, choices)
    finally:
        # A service that has once looked at a large table would hold its memory from then on.
        release_memory()


def _preview(
    compiled: CompiledCatalogue, table: Path, as_of: date, choices: TableChoices
) -> Json | None:
    opened = open_source(compiled.catalogue, table, choices)
    if not isinstance(opened, CompanyTable):
        return None
    return preview(opened, compiled.catalogue, row_check(compiled, as_of))


def write_choices(folder: Path, choices: TableChoices) -> str:
    """Keep beside a table what its sender chose of it; the file's name."""
    (folder / _CHOICES).write_bytes(orjson.dumps(choices.as_json()))
    return _CHOICES


def source_of(
    compiled: CompiledCatalogue, batches: BatchRepository, batch: StoredBatch
) -> BatchSource:
    """A batch's table, with what its sender chose. Raises InvalidInput, Refused."""
    kept = batches.files.path(batch.id, _CHOICES)
    asked = orjson.loads(kept.read_bytes()) if kept.exists() else {}
    choices = choices_for(compiled.reader, request_from(asked))
    source = batches.files.path(batch.id, f"source{batch.suffix}")
    return open_source(compiled.catalogue, source, choices)


def convert_file(source: Path, target: Path) -> None:
    """Write a table in the format that the target's name ends in."""
    schema, answers = read_batches(source)
    with writer_for(target, schema) as writer:
        for batch in answers:
            writer.write(batch)
