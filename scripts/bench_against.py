"""The index and the columnar engine against other engines, turn by turn on the same companies.

The others run in a process and an environment of their own (see bench_peers.py). All answers are
compared first. One company: processor time. A table: wall-clock time from a Parquet file, ours to a
Parquet file of counts, with codes as a company writes them; theirs to columns in memory, with codes
already spelt out. Usage: python -m scripts.bench_against RESULTS.json PYTHON-OF-THE-PEERS
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather
import pyarrow.parquet

from scripts.bench_index import SIZES, timed
from service.bulk.batch_engine import Detail
from service.catalogue.loader import load_catalogue
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.facts.code_lists import CodeList
from service.domain.facts.profile import Profile
from service.domain.facts.vocabulary import FactType, Vocabulary
from service.domain.index.status_index import StatusIndex
from service.domain.truth import Truth
from service.policy_files import load_source
from service.settings import read_settings
from service.usecases.portfolio.portfolio import run_batch
from tests.bulk.companies import synthetic_table
from tests.synthetic import (
    DAY,
    leaf_profiles,
    narrowest,
    plain_catalogue,
    plain_profile,
    spelt_out,
    synthetic,
)

ENGINES = ("generated Python function", "Google CEL, C++", "json-logic (Python)", "zen-engine",
           "OpenFisca")  # fmt: skip
OURS = 400
ROUNDS = 5
# Companies that the slower engines are asked in one round.
THEIRS = {50: 20, 1_000: 10, 10_000: 2}
CHECKED = {50: 20, 1_000: 20, 10_000: 5}
TABLE_ROUNDS = 3
# What a table engine is asked: rows for each size, and which rules and columns it reads.
TABLES: dict[str, tuple[dict[int, int], str, str]] = {
    "Polars": ({50: 500_000, 1_000: 200_000, 10_000: 20_000}, "spelt out", "narrow"),
    "DuckDB SQL": ({50: 200_000, 1_000: 20_000}, "spelt out", "narrow"),
    "DataFusion SQL": ({50: 200_000, 1_000: 20_000}, "spelt out", "narrow"),
    "ClickHouse SQL (chdb)": ({50: 200_000, 1_000: 20_000}, "spelt out", "flagged"),
    "OpenFisca, vectorised": ({50: 200_000, 1_000: 50_000, 10_000: 10_000}, "rules", "known"),
}
LEFT_OUT = {"DuckDB SQL": {10_000: "1,000 rows not done after 170 s on a busy machine"}}


class Peers:
    """The other engines' process, asked one thing at a time."""

    def __init__(self, python: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [python, "-m", "scripts.bench_peers", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, do: str, **more: Any) -> Any:
        """An answer. Raises SystemExit if the process has ended."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"do": do, **more}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the other engines' process ended at {do} {more}")
        return json.loads(line)

    def end(self) -> None:
        """Let the process go."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def test_data(
    words: Vocabulary, indexes: dict[int, StatusIndex], rules: dict[int, Any]
) -> dict[str, Any]:
    """Catalogues and companies in plain JSON, with the answers that are expected."""
    most = max(CHECKED.values())
    known, partly = leaf_profiles(words, most), leaf_profiles(words, most, 10, known=0.8)
    catalogues = {
        str(size): {
            "rules": rules[size],
            "spelt out": spelt_out(words, rules[size]),
            "expected": list(answers(index, known[: CHECKED[size]], Truth.TRUE)),
            "partly true": list(answers(index, partly[: CHECKED[size]], Truth.TRUE)),
            "partly false": list(answers(index, partly[: CHECKED[size]], Truth.FALSE)),
        }
        for size, index in indexes.items()
    }
    return {
        "companies": [plain_profile(words, p) for p in known],
        "partly": [plain_profile(words, p) for p in partly],
        "catalogues": catalogues,
    }


def answers(index: StatusIndex, profiles: Iterable[Profile], truth: Truth) -> Iterable[list[str]]:
    """The programmes whose conditions hold, or fail, for each company."""
    for profile in profiles:
        (reading,) = index.truths_of(profile, DAY)
        chosen = reading.true if truth is Truth.TRUE else reading.applicable & ~reading.possible
        yield sorted(p.id for p in index.programmes_in(chosen))


def one_company(peers: Peers, index: StatusIndex, size: int, pool: list[Profile]) -> dict[str, Any]:
    """Each engine's microseconds a company, median and least, all taking turns."""
    found: dict[str, dict[str, Any]] = {"index": {"missing": "unknown"}}
    for engine in ENGINES:
        found[engine] = peers.ask("ready", engine=engine, size=str(size))
        if not found[engine].pop("agrees"):
            raise SystemExit(f"{engine} disagrees at {size}")

    def match(profile: Profile) -> object:
        return [index.by_status(r, DAY) for r in index.truths_of(profile, DAY)]

    timed(match, pool)
    times: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(ROUNDS):
        times["index"].append(timed(match, pool))
        for engine in ENGINES:
            asked = peers.ask("match", engine=engine, companies=THEIRS[size])
            times[engine].append(asked["us"])
    peers.ask("forget")
    for engine, taken in times.items():
        found[engine] |= {"match_us": median(taken), "least_us": min(taken)}
        print(size, engine, found[engine], flush=True)
    return found


def narrow(words: Vocabulary, table: pa.Table, *, broader: bool) -> pa.Table:
    """The companies with columns of the types that fit: lists of codes, doubles, days. `broader`
    makes every code a list that names all it lies in."""
    columns = {"id": table["id"]}
    for name in table.schema.names:
        if name != "id":
            fact = words.facts[name]
            columns[name.partition(".")[2]] = _typed(words, fact.type, name, table[name], broader)
    return pa.table(columns)


def _typed(words: Vocabulary, kind: FactType, name: str, column: Any, broader: bool) -> Any:
    codes = words.codes_of(words.facts[name])
    if kind is FactType.DATE:
        return column.cast(pa.date32())
    if kind in (FactType.INTEGER, FactType.NUMBER, FactType.MONEY):
        return column.cast(pa.float64())
    if not broader and kind is not FactType.CODES:
        return column
    coded = column.combine_chunks().dictionary_encode()
    cells = [[c for c in cell.split("|") if c != "-"] for cell in coded.dictionary.to_pylist()]
    if broader and codes:
        cells = [sorted({a for c in cell for a in codes.ancestors(c)}) for cell in cells]
    return pa.array(cells, pa.list_(pa.string())).take(coded.indices)


def flagged(table: pa.Table) -> pa.Table:
    """The companies with a column beside each list that says whether it is known."""
    for field in table.schema:
        if pa.types.is_list(field.type):
            table = table.append_column(f"{field.name}__known", table[field.name].is_valid())
    return table


def with_defaults(words: Vocabulary, table: pa.Table) -> pa.Table:
    """The companies with facts that stand in for others written out: no other engine knows them."""
    columns = {name: table[name] for name in table.schema.names}
    for name, held in columns.items():
        stand_in = words.facts[name].default_from if name in words.facts else None
        if stand_in in columns:
            columns[name] = pc.coalesce(held, columns[stand_in])
    return pa.table(columns)


def bare(words: Vocabulary) -> Vocabulary:
    """The vocabulary without what no other engine knows: what follows from facts, and which codes
    their holders may have or cannot have without saying so (a bank is an enterprise, perhaps)."""
    lists = {}
    for name, held in words.lists.items():
        codes = {
            c: replace(e, may_also_be=(), excludes=(), none_of_others=False)
            for c, e in held.codes.items()
        }
        lists[name] = CodeList(held.id, held.label, codes, held.extension_pattern)
    return replace(words, implications=(), lists=lists)


def all_known(table: pa.Table) -> pa.Table:
    """The companies, each empty cell filled from a neighbouring row."""
    filled = [pc.fill_null_backward(pc.fill_null_forward(c)) for c in table.columns]
    return pa.table(dict(zip(table.schema.names, filled, strict=True)))


def by_us(
    compiled: CompiledCatalogue, source: Path, detail: Detail
) -> tuple[dict[str, float], pa.Table]:
    """The columnar engine's seconds for a whole run, and its answers."""
    target = source.with_name("out.parquet")
    start, spent = time.perf_counter(), time.process_time()
    end = run_batch(compiled, source, target, DAY, detail, lambda _: None)
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    if end.errors:
        raise SystemExit(f"{end.errors} rows with errors")
    return {"seconds": seconds, "processor_seconds": spent}, pyarrow.parquet.read_table(target)


def compare(compiled: CompiledCatalogue, source: Path, said: dict[str, Any]) -> None:
    """Raises SystemExit where a table engine and ours differ: in the totals of all rows, or in any
    programme's answer on the first ones."""
    _, ours = by_us(compiled, source, Detail.COUNTS)
    for truth, status in (("true", "potential"), ("unknown", "undetermined")):
        if pc.sum(ours[f"count.{status}"]).as_py() != said[truth]:
            raise SystemExit(f"{said['engine']} has other totals: {truth}")
    theirs = pyarrow.feather.read_table(source.with_name("answers.feather"))
    first = source.with_name("first.parquet")
    rows = pyarrow.parquet.read_table(source).slice(0, theirs.num_rows)
    pyarrow.parquet.write_table(rows, first)
    _, ours = by_us(compiled, first, Detail.STATUSES)
    truths = {"potential": True, "ineligible": False, "undetermined": None}
    for name in theirs.schema.names:
        if [truths[s] for s in ours[f"status.{name}"].to_pylist()] != theirs[name].to_pylist():
            raise SystemExit(f"{said['engine']} disagrees about {name}")


def one_table(
    peers: Peers, compiled: CompiledCatalogue, engine: str, size: int, folder: Path, table: pa.Table
) -> dict[str, Any]:
    """Rates of an engine and of ours on the same rows, turn by turn."""
    asked, rules, columns = TABLES[engine]
    rows = asked[size]
    if columns == "known":
        table = all_known(table.slice(0, rows))
    source, theirs = folder / "text.parquet", folder / "typed.parquet"
    pyarrow.parquet.write_table(table.slice(0, rows), source, row_group_size=1 << 17)
    typed = narrow(compiled.catalogue.vocabulary, table.slice(0, rows), broader=columns == "known")
    if columns == "flagged":
        typed = flagged(typed)
    pyarrow.parquet.write_table(typed, theirs, row_group_size=1 << 17)
    said = peers.ask("table", engine=engine, size=str(size), rules=rules, source=theirs.name)
    compare(compiled, source, {"engine": engine, **said})
    times: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    for _ in range(TABLE_ROUNDS):
        times["ours"].append(by_us(compiled, source, Detail.COUNTS)[0])
        times["theirs"].append(peers.ask("work", engine=engine))
    peers.ask("forget")
    found: dict[str, Any] = {"rows": rows, "ready_s": said["ready_s"]}
    for whose, taken in times.items():
        for figure in ("seconds", "processor_seconds"):
            found[f"{whose}_{figure}"] = median(t[figure] for t in taken)
        found[f"{whose}_million_rule_rows_per_s"] = rows * size / found[f"{whose}_seconds"] / 1e6
    print(size, engine, found, flush=True)
    return found


def main() -> None:
    """Measure, print, write down."""
    words = bare(load_catalogue(load_source(read_settings())).vocabulary)
    catalogues = {n: synthetic(words, n, shared=True, plain=True) for n in SIZES}
    indexes = {n: StatusIndex(catalogue) for n, catalogue in catalogues.items()}
    pool = leaf_profiles(words, OURS)
    results: dict[str, Any] = {"one company": {}, "tables": {}, "left out": LEFT_OUT}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = {n: plain_catalogue(catalogue) for n, catalogue in catalogues.items()}
        (folder / "peers.json").write_text(json.dumps(test_data(words, indexes, rules)))
        peers = Peers(sys.argv[2], folder)
        for size, index in indexes.items():
            results["one company"][str(size)] = one_company(peers, index, size, pool)
        most = max(rows for asked, *_ in TABLES.values() for rows in asked.values())
        table = with_defaults(words, synthetic_table(narrowest(words), most))
        for size, catalogue in catalogues.items():
            compiled = CompiledCatalogue(replace(catalogue, categories={}))
            results["tables"][str(size)] = {
                engine: one_table(peers, compiled, engine, size, folder, table)
                for engine, (asked, *_) in TABLES.items()
                if size in asked
            }
        peers.end()
    Path(sys.argv[1]).write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
