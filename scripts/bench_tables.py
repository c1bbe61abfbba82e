"""The rules as Polars expressions, as SQL of DuckDB, DataFusion and ClickHouse, and as OpenFisca
variables over a table of companies.

Columns hold narrow codes (lists where a fact has several), numbers as doubles, days as days; NULL
is what is not known. Rules name all the codes below what they ask for. OpenFisca's table has
everything known, and broader codes beside narrow ones. Runs in the peers' environment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

Rule: TypeAlias = list[Any]
Rules: TypeAlias = Mapping[str, Rule]
# Answers a file of companies: one boolean column a programme, and the companies' `id`.
Work: TypeAlias = Callable[[], pa.Table]
MANY_RULES = 5_000


def polars(rules: Rules, path: Path) -> Work:
    """One lazy query of as many expressions, by the engine's own choice of threads."""
    import polars as runtime  # type: ignore[import-not-found]  # noqa: PLC0415

    listed = _listed(path)
    # Each way is the faster one where it is used.
    ways = _one_by_one if len(rules) > MANY_RULES else _at_once
    expressions = [runtime.col("id")]
    expressions += [_polars(r, listed, runtime, ways).alias(n) for n, r in rules.items()]
    return lambda: runtime.scan_parquet(path).select(expressions).collect().to_arrow()


def _polars(rule: Rule, listed: frozenset[str], runtime: Any, ways: Callable[..., Any]) -> Any:
    gate, *rest = rule
    if gate in ("all", "any"):
        parts = [_polars(r, listed, runtime, ways) for r in rest]
        return reduce(and_ if gate == "all" else or_, parts)
    if gate == "not":
        return ~_polars(rest[0], listed, runtime, ways)
    column, wanted = runtime.col(rest[0]), rest[1]
    if gate == "in":
        return ways(column, wanted, runtime) if rest[0] in listed else column.is_in(wanted)
    bound = date.fromisoformat(wanted) if isinstance(wanted, str) else wanted
    return column >= bound if gate == ">=" else column <= bound


def _at_once(column: Any, wanted: list[str], runtime: Any) -> Any:
    return column.list.eval(runtime.element().is_in(wanted)).list.any()


def _one_by_one(column: Any, wanted: list[str], _runtime: Any) -> Any:
    return reduce(or_, [column.list.contains(code) for code in wanted])


def duckdb(rules: Rules, path: Path) -> Work:
    """One SELECT of as many expressions."""
    import duckdb as runtime  # noqa: PLC0415

    listed = _listed(path)
    columns = ", ".join(f"{DUCKDB.write(r, listed)} AS {n}" for n, r in rules.items())
    query = f"SELECT id, {columns} FROM '{path}'"  # noqa: S608 - our own rules
    connection = runtime.connect()
    return lambda: connection.sql(query).to_arrow_table()


@dataclass(frozen=True)
class Dialect:
    """How an engine writes that a list holds any of some codes, and what a fact is compared to."""

    holds: str = "list_has_any({fact}, [{codes}])"
    day: str = "DATE '{}'"
    number: str = "{}::DOUBLE"

    def write(self, rule: Rule, listed: frozenset[str]) -> str:
        gate, *rest = rule
        if gate in ("all", "any"):
            between = " AND " if gate == "all" else " OR "
            return "(" + between.join(self.write(r, listed) for r in rest) + ")"
        if gate == "not":
            return f"(NOT {self.write(rest[0], listed)})"
        fact, wanted = rest
        if gate == "in":
            codes = ", ".join(f"'{code}'" for code in wanted)
            return (self.holds if fact in listed else "({fact} IN ({codes}))").format(
                fact=fact, codes=codes
            )
        bound = self.day if isinstance(wanted, str) else self.number
        return f"({fact} {gate} {bound.format(wanted)})"


DUCKDB = Dialect()
DATAFUSION = Dialect(holds="array_has_any({fact}, make_array({codes}))")
CLICKHOUSE = Dialect(
    holds="if({fact}__known, hasAny({fact}, [{codes}]), NULL)",
    day="toDate32('{}')",
    number="toFloat64({})",
)


def datafusion(rules: Rules, path: Path) -> Work:
    """One SELECT of as many expressions."""
    from datafusion import SessionContext  # type: ignore[import-not-found]  # noqa: PLC0415

    context, listed = SessionContext(), _listed(path)
    context.register_parquet("companies", str(path))
    columns = ", ".join(f'{DATAFUSION.write(r, listed)} AS "{n}"' for n, r in rules.items())
    query = f"SELECT id, {columns} FROM companies"  # noqa: S608 - our own rules

    return lambda: context.sql(query).to_arrow_table()


def clickhouse(rules: Rules, path: Path) -> Work:
    """One SELECT of as many expressions. Its arrays cannot be NULL: whether a list is known stands
    in a column beside it."""
    import chdb  # type: ignore[import-not-found]  # noqa: PLC0415

    listed = _listed(path)
    columns = ", ".join(
        f"CAST({CLICKHOUSE.write(r, listed)} AS Nullable(Bool)) AS {n}" for n, r in rules.items()
    )
    query = f"SELECT id, {columns} FROM file('{path.resolve()}', Parquet)"  # noqa: S608
    settings = " SETTINGS max_query_size = 1000000000, max_ast_elements = 100000000,"
    settings += " max_expanded_ast_elements = 100000000, max_ast_depth = 100000"

    return lambda: chdb.query(query + settings, "ArrowTable")


def openfisca(rules: Rules, path: Path) -> Work:
    """One simulation of all companies. Its columns are made ready before the clock runs."""
    from scripts.bench_openfisca import System  # noqa: PLC0415

    system = System(rules)
    table = pyarrow.parquet.read_table(path)
    columns = _inputs(table, system.facts)

    def work() -> pa.Table:
        answers = list(system.answer(columns, table.num_rows))
        found = dict(zip(system.names, map(pa.array, answers), strict=True))
        return pa.table({"id": table["id"], **found})

    return work


def _inputs(table: pa.Table, asked: Mapping[str, type]) -> dict[str, np.ndarray[Any, Any]]:
    columns: dict[str, np.ndarray[Any, Any]] = {}
    for fact in table.schema.names:
        column = table[fact].combine_chunks()
        if pa.types.is_list(column.type):
            owners, codes = pc.list_parent_indices(column).to_numpy(), column.flatten()
            for code in codes.unique().to_pylist():
                if f"{fact}__{code}" in asked:
                    held = columns[f"{fact}__{code}"] = np.zeros(len(column), bool)
                    held[owners[pc.equal(codes, code).to_numpy(zero_copy_only=False)]] = True
        elif fact in asked:
            columns[fact] = column.to_numpy(zero_copy_only=False)
    return columns


def _listed(path: Path) -> frozenset[str]:
    schema = pyarrow.parquet.read_schema(path)
    return frozenset(field.name for field in schema if pa.types.is_list(field.type))


TABLES: dict[str, Callable[[Rules, Path], Work]] = {
    "Polars": polars,
    "DuckDB SQL": duckdb,
    "DataFusion SQL": datafusion,
    "ClickHouse SQL (chdb)": clickhouse,
    "OpenFisca, vectorised": openfisca,
}
