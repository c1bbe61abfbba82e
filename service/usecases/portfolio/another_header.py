"""Where another table, or a form of one company, begins among the rows of a table of companies."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from service.domain.facts.vocabulary import Fact, FactType, Owner
from service.intake.headers import HeaderNames


def find_another_header(
    rows: pa.RecordBatch, names: HeaderNames, name_column: int
) -> tuple[int, int] | None:
    """Row and column, of the batch, of the first cell of a header: a fact's name where a company's
    should stand, or what companies are called by in headers beside the name of another fact. None
    where all rows are companies."""
    found = [
        *_named_as_facts(rows.column(name_column), names, name_column),
        *_of_other_columns(rows, names),
    ]
    return min(found, default=None)


def _named_as_facts(cells: pa.Array, names: HeaderNames, place: int) -> Iterator[tuple[int, int]]:
    for row, cell in enumerate(cells.to_pylist()):
        if cell and names.fact_named(cell):
            yield row, place


def _of_other_columns(rows: pa.RecordBatch, names: HeaderNames) -> Iterator[tuple[int, int]]:
    """公司名称 beside 资产总额, whatever columns they stand in."""
    telling = [fact for fact in names.vocabulary.stated if _tells_companies(fact)]
    naming = [name for f in telling for name in (f.label.zh, f.label.en, *f.aliases)]
    for place, cells in enumerate(rows.columns):
        suspected = pc.is_in(cells, value_set=pa.array(naming, pa.string()))
        for row in np.flatnonzero(suspected.to_numpy(zero_copy_only=False)).tolist():
            (line,) = rows.slice(row, 1).to_pylist()
            facts = {names.fact_named(cell) for cell in line.values() if cell} - {None}
            if len(facts) > 1:
                yield row, place


def _tells_companies(fact: Fact) -> bool:
    is_named = fact.type in (FactType.TEXT, FactType.IDENTIFIER)
    return is_named and fact.owner is Owner.COMPANY
