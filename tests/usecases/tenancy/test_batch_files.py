"""Files of a batch: what is understood of a table, and its answers in another format."""

import csv
from datetime import date
from pathlib import Path

import orjson

from service.app import Services
from service.usecases.tenancy.batch_files import convert_file, preview_file

ANSWERS = [
    {"company.name": "甲", "status.me-young-firm": "potential"},
    {"company.name": "乙"},
]


def test_answers_are_the_same_in_every_format(tmp_path: Path) -> None:
    """Lines to Parquet, Parquet to a table: every company, and nothing where nothing is said."""
    lines, parquet, table = (tmp_path / n for n in ("a.jsonl", "b.parquet", "c.csv"))
    lines.write_bytes(b"".join(orjson.dumps(a) + b"\n" for a in ANSWERS))
    convert_file(lines, parquet)
    convert_file(parquet, table)
    written = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())
    assert [{k: v for k, v in row.items() if v} for row in written] == ANSWERS


def test_a_table_of_people_is_previewed_and_a_file_of_a_machine_is_not(
    city: Services, tmp_path: Path
) -> None:
    """JSON lines say themselves what they mean."""
    table, lines = tmp_path / "clients.csv", tmp_path / "clients.jsonl"
    table.write_text("name,Kind,company.employees\n甲,enterprise,50\n", encoding="utf-8")
    lines.write_bytes(orjson.dumps({"company.kind": "enterprise"}) + b"\n")
    day = date(2026, 6, 1)
    assert preview_file(city.compiled, lines, day) is None
    shown = preview_file(city.compiled, table, day)
    assert shown is not None
    assert [c["fact"] for c in shown["columns"]] == [
        "company.name", "company.kind", "company.employees",
    ]  # fmt: skip
