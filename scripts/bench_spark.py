"""The engine inside Spark against SQL that Spark runs from the same rules, on local[2].

Parquet in; the engine's answers are written as Parquet, SQL's go nowhere, which
is in its favour. SQL answers fewer rows and rules, some at a time, as planning grows faster than
rules, and gives its rate. Both are compared first with the engine of one process; that also warms
the JVM up. `cold` is the first run of a new JVM. Growth with rows is measured beside the same run
in one process.
Usage: python -m scripts.bench_spark RESULTS.json [SQL-ROWS]
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from pyspark.sql import DataFrame, SparkSession

from service.bulk.batch_engine import BatchEngine, Detail, Plan
from service.bulk.cells import apply_default_facts
from service.bulk.spark import answer_frame, columns_of, read_frame, spark_session, write_answers
from service.bulk.sql import SqlTranslator
from service.bulk.sql_dialects import SPARK
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.rules.catalogue import Catalogue
from service.policy_files import load_source
from service.settings import PROJECT, read_settings
from service.usecases.portfolio.portfolio import plan_for, run_batch
from tests.bulk.companies import synthetic_table
from tests.synthetic import DAY, synthetic

MASTER = "local[2]"
RULES = 1_000
SIZES = (50, 1_000, 10_000)
MILLION = 1_000_000
GROWTH = (100_000, MILLION, 4_000_000)
SAMPLE = 500
SQL_RULES, AT_ONCE = 100, 50
SAID = {"potential": True, "ineligible": False, "undetermined": None}


def catalogue(size: int) -> Catalogue:
    """So many synthetic programmes in the project's vocabulary, but for what follows from facts:
    the SQL that is compared knows no such thing."""
    words = replace(load_catalogue(load_source(read_settings())).vocabulary, implications=())
    return replace(synthetic(words, size, shared=True), categories={})


@dataclass(frozen=True)
class Synthetic:
    """What each worker makes its plan of. No claims are contested: SQL knows nothing of that."""

    size: int
    detail: Detail

    def plan(self) -> Plan:
        """The plan."""
        made = plan_for(CompiledCatalogue(catalogue(self.size)), DAY, self.detail)
        return replace(made, contestable=frozenset())


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock on the wall, and of processors."""

    wall: float
    processor: float


def taken(work: Callable[[], object]) -> Taken:
    """How long a piece of work takes."""
    start, spent = time.perf_counter(), processor_seconds()
    work()
    return Taken(time.perf_counter() - start, processor_seconds() - spent)


def processor_seconds() -> float:
    """What this process and all below it, the JVM and its Python workers, have taken so far."""
    parents: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    mine = {os.getpid()}
    while found := {pid for pid, (above, _) in parents.items() if above in mine} - mine:
        mine |= found
    ticks = sum(spent for pid, (_, spent) in parents.items() if pid in mine)
    return ticks / os.sysconf("SC_CLK_TCK")


def by_engine(session: SparkSession, source: Path, recipe: Synthetic, target: Path) -> DataFrame:
    """The engine's answers, written and read back. Raises SystemExit where a row has an error."""
    frame = read_frame(session, str(source))
    schema = BatchEngine(recipe.plan(), columns_of(frame)).schema
    _, errors = write_answers(answer_frame(frame, recipe, schema), str(target))
    if errors:
        raise SystemExit(f"{errors} rows with errors")
    return session.read.parquet(str(target))


def by_sql(session: SparkSession, rules: Catalogue, source: Path) -> Iterator[DataFrame]:
    """What Spark's SQL says of every row and the first rules, some rules at a time."""
    frame = session.read.parquet(str(source))
    frame.createOrReplaceTempView("companies")
    oracle = SqlTranslator(rules.vocabulary, DAY, frozenset(frame.columns), SPARK)
    first = islice(rules.programmes.values(), SQL_RULES)
    while some := list(islice(first, AT_ONCE)):
        listed = ", ".join(f"{oracle.truth(p)} AS {p.id}" for p in some)
        yield session.sql(f"SELECT id, {listed} FROM companies")  # noqa: S608 - our own rules


def as_text(rules: Catalogue, rows: pa.Table, target: Path) -> Path:
    """The same rows as SQL reads them: columns of text, stand-ins filled in."""
    cells = {n: rows[n].cast(pa.string()).combine_chunks() for n in rows.schema.names}
    apply_default_facts(cells, rules.vocabulary.facts)
    pa.parquet.write_table(pa.table(cells), target, row_group_size=max(1, len(rows) // 4))
    return target


def compare(session: SparkSession, rules: Catalogue, rows: pa.Table, folder: Path) -> int:
    """How many answers SQL, the engine in Spark and the engine of this process agree on; the latter
    two are compared on every programme. Raises SystemExit where they differ."""
    few = rows.slice(0, SAMPLE)
    source = folder / "few.parquet"
    pa.parquet.write_table(few, source)
    recipe = Synthetic(RULES, Detail.STATUSES)
    here = BatchEngine(recipe.plan(), rows.schema).answer(few.combine_chunks().to_batches()[0])
    there = by_engine(session, source, recipe, folder / "few-answers.parquet").toArrow()
    there = there.take(pc.sort_indices(there["id"]))
    text = as_text(rules, few, folder / "few-text.parquet")
    said: dict[str, list[bool | None]] = {}
    for query in by_sql(session, rules, text):
        found = query.toArrow()
        said |= found.take(pc.sort_indices(found["id"].cast(pa.int64()))).to_pydict()
    for name in rules.programmes:
        ours = here[f"status.{name}"].to_pylist()
        if there[f"status.{name}"].to_pylist() != ours:
            raise SystemExit(f"the engine in Spark disagrees about {name}")
        if name in said and said[name] != [SAID[s] for s in ours]:
            raise SystemExit(f"SQL disagrees about {name}")
    return len(few) * SQL_RULES


@dataclass(frozen=True)
class Run:
    """One session's figures."""

    session: SparkSession
    folder: Path
    results: dict[str, Any]

    def keep(self, name: str, rows: int, rules: int, took: Taken) -> None:
        """Note and print how long so many rows and rules took."""
        work = rows * rules / 1e6
        found = {
            "rows": rows,
            "rules": rules,
            "seconds": round(took.wall, 2),
            "processor_seconds": round(took.processor, 2),
            "million_rule_rows_per_s": round(work / took.wall, 3),
            "million_rule_rows_per_processor_s": round(work / took.processor, 3),
        }
        self.results[name] = found
        print(name, found, f"load {os.getloadavg()[0]:.1f}", flush=True)

    def source(self, rows: int) -> Path:
        """The file of so many companies."""
        return self.folder / f"{rows}.parquet"

    def engine(self, name: str, rows: int, rules: int) -> None:
        """The engine in Spark."""
        target = self.folder / f"answers-{name}.parquet"
        recipe = Synthetic(rules, Detail.COUNTS)
        took = taken(lambda: by_engine(self.session, self.source(rows), recipe, target))
        self.keep(name, rows, rules, took)

    def here(self, compiled: CompiledCatalogue, rows: int) -> None:
        """The same engine in this process."""
        source, target = self.source(rows), self.folder / "here.parquet"
        took = taken(
            lambda: run_batch(compiled, source, target, DAY, Detail.COUNTS, lambda _: None)
        )
        self.keep(f"one process, {rows} rows", rows, RULES, took)

    def sql(self, rules: Catalogue, rows: pa.Table) -> None:
        """SQL, whose answers go nowhere."""
        source = as_text(rules, rows, self.folder / "text.parquet")

        def answer() -> None:
            for query in by_sql(self.session, rules, source):
                query.write.format("noop").mode("overwrite").save()

        self.keep("Spark SQL", len(rows), SQL_RULES, taken(answer))
        for rate in ("million_rule_rows_per_s", "million_rule_rows_per_processor_s"):
            ours, theirs = self.results["engine"][rate], self.results["Spark SQL"][rate]
            self.results[f"times Spark SQL, {rate}"] = round(ours / theirs)


def measure(run: Run, sql_rows: int) -> None:
    """All figures."""
    rules = catalogue(RULES)
    for count in GROWTH:
        made = synthetic_table(rules.vocabulary, count)
        pa.parquet.write_table(made, run.source(count), row_group_size=1 << 17)
    few = synthetic_table(rules.vocabulary, sql_rows)
    run.engine("engine, cold", MILLION, RULES)
    run.results["answers_compared"] = compare(run.session, rules, few, run.folder)
    run.engine("engine", MILLION, RULES)
    run.sql(rules, few)
    for size in (s for s in SIZES if s != RULES):
        run.engine(f"engine, {size} programmes", MILLION, size)
    compiled = CompiledCatalogue(rules)
    for rows in GROWTH:
        if rows != MILLION:
            run.engine(f"engine, {rows} rows", rows, RULES)
        run.here(compiled, rows)


def main() -> None:
    """Measure, print, write down."""
    sql_rows = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    # The workers import this folder's modules too.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")])
    with tempfile.TemporaryDirectory() as folder, spark_session(MASTER) as session:
        results: dict[str, Any] = {"load_average": os.getloadavg()[0]}
        measure(Run(session, Path(folder), results), sql_rows)
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
