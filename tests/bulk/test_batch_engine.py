"""Batches: the evaluator's answers for every row, from every format and to every format."""

import csv
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from service.bulk.batch_engine import BatchEngine, CheckedBatch, Detail, answer_all
from service.bulk.inputs import read_batches
from service.bulk.sql import SqlTranslator
from service.compiled.compiled_catalogue import CompiledCatalogue
from service.domain.errors import InvalidInput, Refused
from service.domain.evaluation.evaluator import IN_REACH, evaluate, status_of
from service.intake.grids import open_grids
from service.usecases.portfolio.portfolio import BatchReport, plan_for, run_batch
from tests.bulk.companies import (
    PRESENCE,
    REGION,
    SQL_TRUTHS,
    Row,
    completed,
    profile_of,
    rows,
    table,
)
from tests.own import own_compiled

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def compiled() -> CompiledCatalogue:
    return own_compiled()


@pytest.fixture(scope="module")
def listed(compiled: CompiledCatalogue) -> list[Row]:
    return rows(compiled.catalogue, 200, DAY)


def answered(
    compiled: CompiledCatalogue, given: pa.Table, detail: Detail = Detail.CEILINGS
) -> pa.Table:
    plan = plan_for(compiled, DAY, detail)
    engine = BatchEngine(plan, given.schema)
    batches = map(CheckedBatch, given.to_batches(max_chunksize=128))
    answers = (answer for _, answer in answer_all([engine], batches))
    return pa.Table.from_batches(list(answers), engine.schema)


def test_every_row_gets_the_evaluators_answers(
    compiled: CompiledCatalogue, listed: list[Row]
) -> None:
    """Statuses, counts and ceilings, with and without a project, claims contested by figures."""
    catalogue = compiled.catalogue
    found = answered(compiled, table(catalogue, listed)).to_pydict()
    assert found["error"] == [None] * len(listed)
    for i, row in enumerate(listed):
        evaluation = evaluate(catalogue, profile_of(catalogue, row, DAY), DAY)
        for status, count in evaluation.summary.items():
            assert found[f"count.{status}"][i] == count
        for match in evaluation.matches:
            name = match.programme.id
            assert found[f"status.{name}"][i] == match.status, (name, row)
            if match.programme.benefit:
                most = match.ceiling.at_most if match.ceiling else None
                shown = most if match.status in IN_REACH else None
                assert found[f"at_most.{name}"][i] == shown, (name, row)


def test_sql_written_from_the_same_rules_agrees_on_every_row(
    compiled: CompiledCatalogue, listed: list[Row]
) -> None:
    """DuckDB, where NULL is UNKNOWN, knows nothing of the index."""
    catalogue = compiled.catalogue
    given = table(catalogue, [completed(catalogue, row) for row in listed])
    plan = replace(plan_for(compiled, DAY, Detail.STATUSES), contestable=frozenset())
    found = BatchEngine(plan, given.schema).answer(given.combine_chunks().to_batches()[0])
    oracle = SqlTranslator(catalogue.vocabulary, DAY, frozenset(given.schema.names))
    connection = duckdb.connect()
    connection.register("companies", given)
    for programme in catalogue.programmes.values():
        told = connection.execute(f"SELECT {oracle.truth(programme)} FROM companies").fetchall()
        expected = [status_of(programme, SQL_TRUTHS[t], DAY) for (t,) in told]
        assert found.column(f"status.{programme.id}").to_pylist() == expected, programme.id


def write(path: Path, given: pa.Table) -> Path:
    """The table in the format the file's name asks for."""
    columns = given.to_pydict()
    if path.suffix == ".parquet":
        pa.parquet.write_table(given, path)
    elif path.suffix == ".csv":
        pa.csv.write_csv(given, path)
    elif path.suffix == ".jsonl":
        lines = [json.dumps({k: v for k, v in row.items() if v is not None})
                 for row in given.to_pylist()]  # fmt: skip
        path.write_text("\n".join(lines))
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for i, (name, cells) in enumerate(columns.items()):
                sheet.write_string(0, i, name)
                for j, cell in enumerate(cells, 1):
                    if cell is not None:
                        sheet.write_string(j, i, cell)
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """What was written, every value as text."""
    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pa.parquet.read_table(path).to_pylist()
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
    elif path.suffix == ".jsonl":
        found = [json.loads(line) for line in path.read_text().splitlines()]
    else:
        header, *lines = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        found = [dict(zip(map(str, header), line, strict=True)) for line in lines]
    return [{k: _text(v) for k, v in row.items()} for row in found]


def _text(held: object) -> str:
    if isinstance(held, float) and held.is_integer():
        held = int(held)
    return "" if held is None else str(held)


@pytest.mark.parametrize(
    ("written", "cell"),
    [
        ("1234567890123456.10", "1234567890123456.10"),
        ("1.5e3", "1500"),
        ("12", "12"),
        ("true", "true"),
        ("null", None),
        ('"x"', "x"),
        ("[]", "[]"),
        ('[{"year": 2025, "amount": 9007199254740993.01}]',
         '[{"year":2025,"amount":9007199254740993.01}]'),
    ],
)  # fmt: skip
def test_json_lines_are_read_to_the_digit(tmp_path: Path, written: str, cell: str | None) -> None:
    """A double would hold sixteen digits of them."""
    path = tmp_path / "in.jsonl"
    path.write_text(f'\ufeff{{"id": 1}}\n\n{{"a": {written}}}\n')
    _, batches = read_batches(path)
    assert [row for b in batches for row in b.to_pylist()] == [
        {"a": None, "id": "1"},
        {"a": cell, "id": None},
    ]


@pytest.mark.parametrize("line", ["[1]", "1", '{"a": ', '{"a": NaN}'])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{{"a": 1}}\n{line}\n')
    with pytest.raises(Refused):
        list(read_batches(path)[1])


@pytest.mark.parametrize("source", [".csv", ".parquet", ".jsonl", ".xlsx"])
@pytest.mark.parametrize("target", [".csv", ".parquet", ".jsonl"])
def test_every_format_in_and_out_says_the_same(
    compiled: CompiledCatalogue, listed: list[Row], tmp_path: Path, source: str, target: str
) -> None:
    given = table(compiled.catalogue, listed[:40])
    if source == ".xlsx":  # a workbook holds 12.5% as 0.125: a bare share is asked for again
        shares = given["company.market_share"].to_pylist()
        clear = [None if s is None or Decimal(s) <= 1 else s for s in shares]
        place = given.schema.get_field_index("company.market_share")
        given = given.set_column(place, "company.market_share", pa.array(clear, pa.string()))
    told: list[BatchReport] = []
    out = tmp_path / f"answers{target}"
    end = run_batch(
        compiled, write(tmp_path / f"in{source}", given), out, DAY, Detail.MISSING, told.append
    )
    whole = answered(compiled, given, Detail.MISSING).to_pylist()
    expected = [{k: _text(v) for k, v in row.items()} for row in whole]
    assert read(out) == expected
    assert end == BatchReport(40, 0) == told[-1]
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []


@pytest.mark.parametrize("dictionaries", [True, False])
def test_parquet_may_keep_its_words_in_any_way(
    compiled: CompiledCatalogue, listed: list[Row], tmp_path: Path, dictionaries: bool
) -> None:
    """Words in dictionaries, one for each group of rows, or written out; empty text is unknown, a
    wrong word spoils its row, and a region stands in for places of business row by row."""
    given = table(compiled.catalogue, listed[:90])
    for name in (REGION, PRESENCE, "company.kind"):
        cells = given[name].to_pylist()
        cells[5::9] = [""] * len(cells[5::9])
        cells[70] = "nonsense" if name == "company.kind" else None
        place = given.schema.get_field_index(name)
        given = given.set_column(place, name, pa.array(cells, pa.string()))
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pa.parquet.write_table(given, source, row_group_size=40, use_dictionary=dictionaries)
    end = run_batch(compiled, source, out, DAY, Detail.MISSING, lambda _: None)
    assert end == BatchReport(90, 1)
    assert pa.parquet.read_table(out).to_pylist() == (
        answered(compiled, given, Detail.MISSING).to_pylist()
    )


def test_what_cannot_be_written_is_told_and_leaves_no_file(
    compiled: CompiledCatalogue, listed: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that writes has its errors heard."""

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pa.parquet.ParquetWriter, "write_table", full)
    source = write(tmp_path / "in.csv", table(compiled.catalogue, listed[:3]))
    with pytest.raises(OSError, match="no space"):
        run_batch(compiled, source, tmp_path / "out.parquet", DAY, Detail.COUNTS, lambda _: None)
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def one(compiled: CompiledCatalogue, **cells: Any) -> dict[str, Any]:
    """The answers of one row; the owner of a fact is written with two underscores."""
    given = pa.table({name.replace("__", "."): [cell] for name, cell in cells.items()})
    row: dict[str, Any] = answered(compiled, given).to_pylist()[0]
    return row


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("company__kind", "nonsense"), ("company__employees", "12.5"),
        ("company__employees", "１２"), ("company__employees", "-1"), ("company__revenue", "1e3"),
        ("company__revenue", "0.001"), ("company__revenue", "9" * 30), ("company__fields", "x|y"),
        ("company__founded_on", "2024-02-30"), ("company__certificates", "{"),
        ("company__certificates", '[{"category": "no such"}]'),
        ("company__revenue", float("nan")), ("company__revenue", 10**16),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_allowed_spoils_its_row(
    compiled: CompiledCatalogue, column: str, cell: object
) -> None:
    """It gets an error that names the fact, and no answer at all."""
    row = one(compiled, **{column: cell})
    assert row.pop("error").startswith(column.replace("__", "."))
    assert set(row.values()) == {None}


def test_a_faulty_row_leaves_its_neighbours_alone(compiled: CompiledCatalogue) -> None:
    given = pa.table({"company.employees": ["5", "five", None]})
    found = answered(compiled, given).to_pydict()
    assert [e is None for e in found["error"]] == [True, False, True]
    assert [c is None for c in found["count.ineligible"]] == [False, True, False]


@pytest.mark.parametrize(
    ("fact", "sound"),
    [
        ("company.employees", pa.array([12.0, None])),
        ("company.employees", pa.array(["12.0", "-0"])),
        ("company.revenue", pa.array([-0.0, 1200.5])),
        ("company.market_share", pa.array(["-0", "12.50"])),
    ],
    ids=str,
)
def test_a_number_is_read_alike_beside_a_faulty_one(
    compiled: CompiledCatalogue, fact: str, sound: pa.Array
) -> None:
    """Programs that know of no empty whole number write 12.0 in a column with empty cells."""
    spoilt = pa.concat_arrays([sound, pa.array([-7.5 if sound.type != pa.string() else "x"])])
    alone = answered(compiled, pa.table({fact: sound})).to_pylist()
    beside = answered(compiled, pa.table({fact: spoilt})).to_pylist()
    assert [row["error"] for row in alone] == [None, None]
    assert beside[:2] == alone
    assert beside[2]["error"]


def test_facts_of_a_project_need_its_kind(compiled: CompiledCatalogue) -> None:
    """A project without a kind, or with the facts of another, cannot be answered."""
    assert "project.contract_amount" in one(compiled, project__contract_amount="5")["error"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (pa.array([52_000_000]), "52000000"), (pa.array([0.1]), "0.1"),
        (pa.array([Decimal("12.30")]), "12.30"), (pa.array(["7"]).dictionary_encode(), "7"),
    ],
)  # fmt: skip
def test_typed_columns_mean_what_their_text_means(
    compiled: CompiledCatalogue, typed: pa.Array, text: str
) -> None:
    found = [
        answered(compiled, pa.table({"company.revenue": column})).to_pylist()
        for column in (typed, pa.array([text]))
    ]
    assert found[0] == found[1]
    assert found[0][0]["error"] is None


def test_lists_days_and_truths_of_parquet(compiled: CompiledCatalogue) -> None:
    """Sets may be lists; the empty list means none, which is not the same as unknown."""
    zones = pa.array([[], None], pa.list_(pa.string()))
    days = pa.array([date(2020, 1, 1), None])
    typed = pa.table({"company.zones": zones, "company.founded_on": days})
    text = pa.table({"company.zones": ["-", None], "company.founded_on": ["2020-01-01", None]})
    assert answered(compiled, typed).to_pylist() == answered(compiled, text).to_pylist()


def test_a_column_that_is_nearly_a_fact_is_refused(
    compiled: CompiledCatalogue, tmp_path: Path
) -> None:
    """A misspelt fact would silently stay unknown; a foreign column is handed through."""
    wrong = write(tmp_path / "in.csv", pa.table({"company.knid": ["enterprise"]}))
    with pytest.raises(InvalidInput, match=r"company\.kind"):
        run_batch(compiled, wrong, tmp_path / "out.csv", DAY, Detail.COUNTS, lambda _: None)
    assert one(compiled, customer="x")["customer"] == "x"


@pytest.mark.parametrize("name", ["in.txt", "in.csv", "in.parquet", "in.xlsx"])
def test_what_is_no_table_is_refused(
    compiled: CompiledCatalogue, tmp_path: Path, name: str
) -> None:
    source = tmp_path / name
    source.write_bytes(b"a,a\n1,2\n")
    with pytest.raises((Refused, InvalidInput)):
        run_batch(compiled, source, tmp_path / "out.csv", DAY, Detail.COUNTS, lambda _: None)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.parquet"])
def test_more_columns_than_anybody_means_are_refused(
    compiled: CompiledCatalogue, tmp_path: Path, name: str
) -> None:
    """In words and at once: what each column costs is paid a hundred thousand times."""
    source, columns = tmp_path / name, [f"c{i}" for i in range(2_001)]
    if name == "in.csv":
        source.write_text(f"{','.join(columns)}\n{','.join('1' for _ in columns)}\n")
    elif name == "in.jsonl":
        source.write_text(json.dumps(dict.fromkeys(columns, 1)))
    else:
        pyarrow.parquet.write_table(pa.table({c: ["1"] for c in columns}), source)
    with pytest.raises(Refused, match="more than 2000 columns"):
        run_batch(compiled, source, tmp_path / "out.csv", DAY, Detail.COUNTS, lambda _: None)


def test_text_that_looks_like_a_formula_stays_text(
    compiled: CompiledCatalogue, tmp_path: Path
) -> None:
    """In a CSV it is led by an apostrophe, the name of a column too; numbers stay as they are."""
    given = pa.table({"company.kind": ["enterprise"] * 2, "note": ["=1+1", "-5"], "=2+2": [1, 2]})
    out = tmp_path / "out.csv"
    run_batch(compiled, write(tmp_path / "in.csv", given), out, DAY, Detail.COUNTS, lambda _: None)
    assert [row["note"] for row in read(out)] == ["'=1+1", "-5"]
    assert [row["'=2+2"] for row in read(out)] == ["1", "2"]


def test_a_sheet_that_claims_the_last_cell_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(1_048_575, 16_383, "x")
    with pytest.raises(Refused, match="too large"):
        list(open_grids(path))


def test_an_empty_file_has_no_answers(compiled: CompiledCatalogue, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", pa.table({"company.kind": pa.array([], pa.string())}))
    out = tmp_path / "out.parquet"
    assert run_batch(compiled, source, out, DAY, Detail.COUNTS, lambda _: None) == BatchReport(0, 0)
    assert read(out) == []
