"""The engine inside Spark: the same answers as on one machine, row by row.

Spark is no part of the ordinary installation, so what needs it imports it when it runs.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from service.bulk.batch_engine import Detail
from service.catalogue.loader import load_catalogue
from service.catalogue.source import Source, read_source
from service.cli import main
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput, Refused
from service.settings import PROJECT
from service.usecases.portfolio.portfolio import BatchReport, run_batch
from tests.bulk.companies import rows, synthetic_table, table

DAY = date(2026, 11, 22)


def needs_spark(test: Callable[..., None]) -> Callable[..., None]:
    """A test that needs Spark and takes long."""
    marked: Callable[..., None] = pytest.mark.deep(pytest.mark.spark(test))
    return marked


@pytest.fixture(scope="module")
def files() -> Source:
    return read_source(PROJECT / "policies", PROJECT / "seeds", ())


@pytest.fixture(scope="module")
def compiled(files: Source) -> CompiledCatalogue:
    return CompiledCatalogue(load_catalogue(files))


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One session on two cores for all tests: starting another takes ten seconds."""
    from service.bulk.spark import spark_session  # noqa: PLC0415

    with spark_session("local[2]") as running:
        yield running


def on_spark(
    session: Any, files: Source, source: Path, target: Path, detail: Detail
) -> BatchReport:
    from service.usecases.portfolio.spark import run_on_spark  # noqa: PLC0415

    return run_on_spark(session, files, str(source), str(target), DAY, detail)


def here(compiled: CompiledCatalogue, source: Path, target: Path, detail: Detail) -> BatchReport:
    return run_batch(compiled, source, target, DAY, detail, lambda _: None)


def column(path: Path, name: str) -> pa.ChunkedArray:
    return pa.parquet.read_table(path, columns=[name])[name]


def differing(mine: Path, other: Path) -> list[str]:
    """The columns that two answers do not have in common, value by value and row by row; a column
    at a time, as a million rows of all take gigabytes."""
    names = pa.dataset.dataset(mine).schema.names
    assert names == pa.dataset.dataset(other).schema.names
    by_row = [pc.sort_indices(column(path, "id")) for path in (mine, other)]
    found = []
    for name in names:
        ours, theirs = column(mine, name).take(by_row[0]), column(other, name).take(by_row[1])
        if ours.cast(theirs.type) != theirs:
            found.append(name)
    return found


@needs_spark
def test_a_million_rows_get_the_answers_of_one_machine(
    session: Any, files: Source, compiled: CompiledCatalogue, tmp_path: Path
) -> None:
    """Every status, ceiling and count of missing facts of the real catalogue, on every row."""
    source = tmp_path / "in.parquet"
    million = synthetic_table(compiled.catalogue.vocabulary, 1_000_000)
    pa.parquet.write_table(million, source, row_group_size=1 << 17)
    one, many = tmp_path / "one.parquet", tmp_path / "many.parquet"
    assert on_spark(session, files, source, many, Detail.MISSING) == BatchReport(1_000_000, 0)
    assert here(compiled, source, one, Detail.MISSING) == BatchReport(1_000_000, 0)
    assert differing(one, many) == []


def faulty(compiled: CompiledCatalogue) -> pa.Table:
    """Rows on the edges of the real rules with projects, and one in ten with a wrong cell."""
    given = table(compiled.catalogue, rows(compiled.catalogue, 200, DAY))
    place = given.schema.get_field_index("company.employees")
    wrong = [
        "some" if i % 10 == 0 else cell for i, cell in enumerate(given.column(place).to_pylist())
    ]
    note = pa.array([["=1+1", 'a "quoted", word', "two\nlines", ""][i % 4] for i in range(200)])
    return given.set_column(place, "company.employees", pa.array(wrong)).append_column("note", note)


def write(path: Path, given: pa.Table) -> None:
    if path.suffix == ".parquet":
        pa.parquet.write_table(given, path)
    elif path.suffix == ".csv":
        with path.open("wb") as file:
            file.write(b"\xef\xbb\xbf")
            pa.csv.write_csv(given, file)
    else:
        lines = (
            json.dumps({k: v for k, v in row.items() if v is not None}, ensure_ascii=False)
            for row in given.to_pylist()
        )
        path.write_text("\n".join(lines), encoding="utf-8")


@needs_spark
@pytest.mark.parametrize("ending", [".parquet", ".csv", ".jsonl"])
def test_rows_with_errors_and_every_format_are_alike(
    session: Any, files: Source, compiled: CompiledCatalogue, tmp_path: Path, ending: str
) -> None:
    """The same rows in error, what is handed through unchanged, empty cells unknown. In the same
    words where both read the form for machines; a CSV file is read as people write it here."""
    source = tmp_path / f"公司 1{ending}"
    write(source, faulty(compiled))
    one, many = tmp_path / "one.parquet", tmp_path / "many.parquet"
    told = on_spark(session, files, source, many, Detail.MISSING)
    assert told == here(compiled, source, one, Detail.MISSING)
    assert told.errors == 20
    assert differing(one, many) == (["error"] if ending == ".csv" else [])
    assert column(one, "error").null_count == column(many, "error").null_count == 180


@needs_spark
def test_numbers_truths_and_lists_of_json_lines(
    session: Any, files: Source, compiled: CompiledCatalogue, tmp_path: Path
) -> None:
    """None is written in another way than it was: no exponent, no capital letter."""
    source = tmp_path / "in.jsonl"
    source.write_text(
        '{"id": "a", "company.revenue": 52000000000.15, "company.zones": [], "note": true}\n'
        '{"id": "b", "company.employees": 12, "company.fields": null, "note": 1.5}\n'
    )
    one, many = tmp_path / "one.parquet", tmp_path / "many.parquet"
    assert on_spark(session, files, source, many, Detail.STATUSES) == BatchReport(2, 0)
    assert here(compiled, source, one, Detail.STATUSES) == BatchReport(2, 0)
    assert differing(one, many) == []


@needs_spark
def test_a_folder_of_files_is_one_table(
    session: Any, files: Source, compiled: CompiledCatalogue, tmp_path: Path
) -> None:
    """As a cluster has its tables; a second run on the same folder of answers is refused."""
    parts = tmp_path / "companies [1].parquet"  # no pattern: there is such a folder
    parts.mkdir()
    given = faulty(compiled)
    write(parts / "a.parquet", given.slice(0, 120))
    write(parts / "b.parquet", given.slice(120))
    answers = tmp_path / "answers.parquet"
    assert on_spark(session, files, parts, answers, Detail.COUNTS) == BatchReport(200, 20)
    before = sorted(p.name for p in answers.iterdir())
    with pytest.raises(Refused, match=r"answers\.parquet is there already"):
        on_spark(session, files, parts, answers, Detail.COUNTS)
    assert sorted(p.name for p in answers.iterdir()) == before


@needs_spark
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("in.csv", b"a,a\n1,2\n", "the column a is there twice"),
        ("in.csv", b"a,b\n1\n", "cannot read"),
        ("in.jsonl", b'{"id": \n', "cannot read"),
        ("in.parquet", b"PAR1", "cannot read"),
        ("absent.parquet", None, "cannot read"),
    ],
)  # fmt: skip
def test_what_spark_cannot_read_is_refused(
    session: Any, files: Source, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    """In one line, with no answers left behind."""
    source, target = tmp_path / name, tmp_path / "out.parquet"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(Refused, match=said):
        on_spark(session, files, source, target, Detail.COUNTS)
    assert not target.exists()


@needs_spark
def test_a_column_that_is_nearly_a_fact_is_refused_before_any_work(
    session: Any, files: Source, tmp_path: Path
) -> None:
    source = tmp_path / "in.csv"
    source.write_text("company.knid\nenterprise\n")
    with pytest.raises(InvalidInput, match=r"company\.kind"):
        on_spark(session, files, source, tmp_path / "out.parquet", Detail.COUNTS)


@needs_spark
def test_as_typed(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rows and errors there were is told on standard error, nothing on standard output."""
    monkeypatch.setattr("service.bulk.spark.spark_session", lambda _: nullcontext(session))
    target = tmp_path / "out.parquet"
    told = typed(tmp_path, str(target), "--engine", "spark", "--master", "local[2]")
    assert (told.exit_code, told.stdout) == (0, "")
    assert told.stderr.splitlines()[-1].startswith("rows: 2; with errors: 1")
    errors = dict(zip(*(column(target, n).to_pylist() for n in ("id", "error")), strict=True))
    assert [errors["a"] is None, errors["b"] is None] == [True, False]


@pytest.fixture(autouse=True)
def _served(compiled_beside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the catalogue compiled."""
    monkeypatch.setenv("HUICE_DATABASE", str(compiled_beside))


def typed(folder: Path, *more: str, name: str = "in.csv") -> Result:
    source = folder / name
    source.write_text("id,company.kind\na,enterprise\nb,nonsense\n")
    return CliRunner().invoke(main, ["--lang", "en", "batch", str(source), "-o", *more])


def test_a_master_without_spark_is_a_mistake(tmp_path: Path) -> None:
    told = typed(tmp_path, str(tmp_path / "out.csv"), "--master", "local[2]")
    assert told.exit_code == 2
    assert "--master goes with --engine spark only" in told.stderr


def test_without_spark_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.cli.batch.find_spec", lambda _: None)
    told = typed(tmp_path, str(tmp_path / "out.parquet"), "--engine", "spark")
    assert told.exit_code == 1
    assert "pip install 'huice[spark]'" in told.stderr


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("in.xlsx", "out.parquet", "with Spark only .parquet / .csv / .jsonl is read"),
        ("_in.csv", "out.parquet", "Spark passes over names that begin with _"),
        ("in.csv", "out.csv", "with Spark only folders named .parquet are written"),
    ],
)
def test_what_spark_is_not_asked_to_do_is_said_before_it_starts(
    tmp_path: Path, source: str, target: str, said: str
) -> None:
    told = typed(
        tmp_path, str(tmp_path / target), "--engine", "spark", name=source
    )  # fmt: skip
    assert told.exit_code == 1
    assert said in told.stderr
