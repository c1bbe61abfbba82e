"""The columnar engine on a million synthetic companies, and DuckDB on the same rules as SQL.

Wall-clock and processor seconds, Parquet in, building the index included; `counts` writes how many
programmes of each status a company has, the real catalogue every status, ceiling and missing fact
too; certificates that all differ, and the formats that people use, come first. DuckDB answers
fewer rows and rules, and gives its rate; its answers are compared.
Usage: python -m scripts.bench_bulk RESULTS.json [ROWS]
"""

import json
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from service.bulk.batch_engine import BatchEngine, Detail
from service.bulk.cells import apply_default_facts
from service.bulk.inputs import read_batches
from service.bulk.sql import SqlTranslator
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.vocabulary import Vocabulary
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import read_settings
from service.usecases.portfolio.portfolio import plan_for, run_batch
from tests.bulk.companies import synthetic_table
from tests.synthetic import DAY, synthetic

SIZES = (50, 1_000, 10_000)
SQL_ROWS, SQL_RULES = 20_000, 50
CERTIFICATES, UNSTATED = "company.certificates", 0.2
OFFICE_ROWS = 20_000


def peak_mb() -> int:
    """The most memory this process has held, in MB. Not by getrusage, which counts the parent's
    before it became another program."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) // 1024 if told else 0


def certificates(words: Vocabulary, count: int, seed: int = 5) -> pa.Array:
    """A column in which four companies of five hold one to three certificates, no two alike: each
    with its own number and days, some run out."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    codes = words.codes_of(words.facts[CERTIFICATES])
    assert codes is not None
    listed = sorted(codes.codes)
    return pa.array([_certificates(random, listed, i) for i in range(count)], pa.string())


def _certificates(random: Random, codes: list[str], number: int) -> str | None:
    if random.random() < UNSTATED:
        return None
    found = []
    for code in random.sample(codes, random.choice((1, 1, 1, 2, 2, 3))):
        issued = DAY - timedelta(days=random.randrange(2_000))
        until = issued + timedelta(days=random.choice((365, 1_095)))
        found.append({"category": code, "issued_on": str(issued), "expires_on": str(until),
                      "number": f"GR{issued.year}31{number:08}"})  # fmt: skip
    return json.dumps(found)


def as_csv(source: Path, rows: int) -> Path:
    """The first rows of a file as a CSV file beside it."""
    table = pa.parquet.read_table(source).slice(0, rows)
    columns = [c if pa.types.is_string(c.type) else c.cast(pa.string()) for c in table.columns]
    target = source.with_suffix(f".{rows}.csv")
    pa.csv.write_csv(pa.table(columns, names=table.column_names), target)
    return target


def timed(size: int, source: Path, detail: Detail, ending: str = ".parquet") -> dict[str, float]:
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
        target = Path(folder) / f"out{ending}"
        end = run_batch(compiled, source, target, DAY, detail, lambda _: None)
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
    ours = BatchEngine(plan, rows.schema).answer(rows.combine_chunks().to_batches()[0])
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
        held = source.with_stem("certificates")
        table = pa.parquet.read_table(source)
        table = table.append_column(CERTIFICATES, certificates(words, count))
        pa.parquet.write_table(table, held, row_group_size=1 << 17)
        del table
        whole, office = as_csv(held, count), as_csv(held, min(count, OFFICE_ROWS))
        asked: dict[str, tuple[Any, ...]] = {
            "real, certificates all different, CSV to CSV, missing facts too": (
                0, whole, Detail.MISSING, ".csv"),
            "real, certificates all different, to JSON lines, statuses": (
                0, held, Detail.STATUSES, ".jsonl"),
            "real, certificates all different, CSV to XLSX": (
                0, whole, Detail.MISSING, ".xlsx"),
            "20,000 rows, CSV to XLSX": (0, office, Detail.MISSING, ".xlsx"),
            "20,000 rows, CSV to CSV, missing facts too": (0, office, Detail.MISSING, ".csv"),
            "real, certificates all different, statuses": (0, held, Detail.STATUSES),
            **{str(size): (size, source, Detail.COUNTS) for size in SIZES},
            "real, counts": (0, source, Detail.COUNTS),
            "real, statuses": (0, source, Detail.STATUSES),
            "real, statuses and ceilings": (0, source, Detail.CEILINGS),
            "real, missing facts too": (0, source, Detail.MISSING),
        }  # fmt: skip
        # Each in a process of its own, so that its memory is its own.
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as apart:
            for name, given in asked.items():
                results[name] = apart.submit(timed, *given).result()
                print(name, results[name], flush=True)
        # The SQL knows nothing of what follows from facts.
        bare = replace(words, implications=())
        plain = replace(synthetic(bare, SQL_RULES, shared=True), categories={})
        results["DuckDB SQL"] = by_sql(plain, source)
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
