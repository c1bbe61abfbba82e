"""The columnar engine on a million synthetic companies, and DuckDB on the same rules as SQL.

Wall-clock and processor seconds, Parquet in, building the index included; `counts` writes how many
programmes of each status a company has, the real catalogue every status, ceiling and missing fact
too. DuckDB answers fewer rows and rules, and gives its rate; its answers are compared.
Usage: python -m scripts.bench_bulk RESULTS.json [ROWS]
"""

import json
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet

from service.app import load_source
from service.bulk.cells import apply_default_facts
from service.bulk.engine import Detail, Engine
from service.bulk.inputs import read_batches
from service.bulk.sql import SqlTranslator
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.catalogue import Catalogue
from service.settings import read_settings
from service.usecases.portfolio.portfolio import plan_for, run_batch
from tests.bulk.companies import synthetic_table
from tests.synthetic import DAY, synthetic

SIZES = (50, 1_000, 10_000)
SQL_ROWS, SQL_RULES = 20_000, 50


def peak_mb() -> int:
    """The most memory this process has held, in MB. Not by getrusage, which counts the parent's
    before it became another program."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) // 1024 if told else 0


def timed(size: int, source: Path, detail: Detail) -> dict[str, float]:
    """Seconds of a whole run over so many synthetic programmes (0: the real ones), rows times rules
    a second, and the most memory the process took."""
    real = load_catalogue(load_source(read_settings()))
    catalogue = real
    if size:
        catalogue = replace(synthetic(real.vocabulary, size, shared=True), categories={})
    compiled = CompiledCatalogue(catalogue)
    rules = len(compiled.index.programmes)
    with tempfile.TemporaryDirectory() as folder:
        start, spent = time.perf_counter(), time.process_time()
        end = run_batch(compiled, source, Path(folder) / "out.parquet", DAY, detail, lambda _: None)
        seconds, spent = time.perf_counter() - start, time.process_time() - spent
    if end.errors:
        raise SystemExit(f"{end.errors} rows with errors")
    work = end.rows * rules / 1e6
    return {
        "seconds": round(seconds, 2),
        "processor_seconds": round(spent, 2),
        "million_rule_rows_per_s": round(work / seconds, 1),
        "million_rule_rows_per_processor_s": round(work / spent, 1),
        "peak_mb": peak_mb(),
    }


def by_sql(catalogue: Catalogue, source: Path) -> dict[str, float]:
    """DuckDB's rate on the first rows and rules. Raises SystemExit where it disagrees."""
    _, batches = read_batches(source)
    rows = pa.Table.from_batches([next(batches)]).slice(0, SQL_ROWS)
    cells = {n: rows[n].cast(pa.string()).combine_chunks() for n in rows.schema.names}
    apply_default_facts(cells, catalogue.vocabulary.facts)
    text = pa.table(cells)
    connection = duckdb.connect()
    connection.register("companies", text)
    oracle = SqlTranslator(catalogue.vocabulary, DAY, frozenset(text.schema.names))
    rules = list(catalogue.programmes.values())[:SQL_RULES]
    listed = ", ".join(f"{oracle.truth(p)} AS {p.id}" for p in rules)
    start = time.perf_counter()
    query = f"SELECT {listed} FROM companies"  # noqa: S608 - our own rules
    found = connection.sql(query).to_arrow_table()
    seconds = time.perf_counter() - start
    plan = replace(
        plan_for(CompiledCatalogue(catalogue), DAY, Detail.STATUSES), contestable=frozenset()
    )
    ours = Engine(plan, rows.schema).answer(rows.combine_chunks().to_batches()[0])
    said = {"potential": True, "ineligible": False, "undetermined": None}
    for p in rules:
        if [said[s] for s in ours.column(f"status.{p.id}").to_pylist()] != found[p.id].to_pylist():
            raise SystemExit(f"DuckDB disagrees about {p.id}")
    return {"million_rule_rows_per_s": round(len(text) * len(rules) / seconds / 1e6, 2)}


def main() -> None:
    """Measure, print, write down."""
    real = load_catalogue(load_source(read_settings()))
    words = real.vocabulary
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    results: dict[str, Any] = {"rows": count}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "companies.parquet"
        pa.parquet.write_table(synthetic_table(words, count), source, row_group_size=1 << 17)
        asked = {str(size): (size, Detail.COUNTS) for size in SIZES} | {
            "real, counts": (0, Detail.COUNTS),
            "real, statuses": (0, Detail.STATUSES),
            "real, statuses and ceilings": (0, Detail.CEILINGS),
            "real, missing facts too": (0, Detail.MISSING),
        }
        # Each in a process of its own, so that its memory is its own.
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart:
            for name, (size, detail) in asked.items():
                results[name] = apart.submit(timed, size, source, detail).result()
                print(name, results[name], flush=True)
        plain = replace(synthetic(words, SQL_RULES, shared=True), categories={})
        results["DuckDB SQL"] = by_sql(plain, source)
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
