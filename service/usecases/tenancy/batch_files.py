"""The files of a batch: a table as it came in, its answers in another format."""

from pathlib import Path

from service.bulk.inputs import read_batches
from service.bulk.memory import release_memory
from service.bulk.outputs import writer_for
from service.domain.rules.catalogue import Catalogue
from service.rendering.json_parts import Json
from service.usecases.portfolio.company_table import CompanyTable
from service.usecases.portfolio.portfolio import open_source
from service.usecases.portfolio.table_preview import preview


def preview_file(catalogue: Catalogue, table: Path) -> Json | None:
    """What is understood of a table that people keep; None of a file of a machine. Raises
    InvalidInput, Refused."""
    try:
        return _preview(catalogue, table)
    finally:
        # A service that has once looked at a large table would hold its memory from then on.
        release_memory()


def _preview(catalogue: Catalogue, table: Path) -> Json | None:
    opened = open_source(catalogue, table)
    return preview(opened) if isinstance(opened, CompanyTable) else None


def convert_file(source: Path, target: Path) -> None:
    """Write a table in the format that the target's name ends in."""
    schema, answers = read_batches(source)
    with writer_for(target, schema) as writer:
        for batch in answers:
            writer.write(batch)
