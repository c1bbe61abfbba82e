"""Cells that need no reading come out as if they had been read."""

from pathlib import Path
from random import Random

import pytest

from service.domain.facts.vocabulary import Vocabulary
from service.usecases.portfolio import company_table
from service.usecases.portfolio.sheet_choice import open_company_table

EDGES = (
    "0", "-0", "1", "-1", "10", "100000", "999999", "1000000", "1234567", "0.01", "0.000001",
    "0.0000001", "5233.13", "5233.137201", "5233.1372015", "1.10", "1.0", "100.500", "007", "1e3",
    "1,000", "5,200万", "-12.5", "(300)", "约5", "", "999999.999999", "10000000000", ".5", "5.",
)  # fmt: skip


def words(seed: int) -> list[str | None]:
    """Numbers of every length, as cells hold them."""
    random = Random(seed)
    made: list[str | None] = [None, *EDGES]
    for _ in range(400):
        whole = str(random.randrange(10 ** random.randrange(1, 12)))
        rest = "".join(random.choices("0123456789", k=random.randrange(9)))
        made.append(random.choice(("", "", "-")) + whole + (f".{rest}" if rest else ""))
    return made


@pytest.mark.parametrize("unit", ["千元", "万元", "百万元", "亿元"])
def test_amounts_come_out_as_if_they_had_been_read(
    vocabulary: Vocabulary, unit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last decimal, with the same faults and remarks."""
    lines = [f'{i},"{word or ""}"' for i, word in enumerate(words(7))]
    table = tmp_path / "table.csv"
    table.write_text(f"企业名称,营业收入（{unit}）\n" + "\n".join(lines), encoding="utf-8")
    found = read_columns(vocabulary, table)
    assert sum(value is not None for value in found[0]) > len(lines) / 2
    monkeypatch.setattr(company_table, "plain_form", lambda *_: None)
    assert found == read_columns(vocabulary, table)


def read_columns(
    vocabulary: Vocabulary, table: Path
) -> tuple[list[str | None], list[str], list[str]]:
    """The revenues of a table, its faults and its remarks."""
    batches = [*open_company_table(vocabulary, table).batches()]
    return (
        [value for b in batches for value in b.rows.column("company.revenue").to_pylist()],
        [f"{f.row} {f.fact} {f.why}" for b in batches for f in b.faults],
        [f"{r.row} {r.cell_text} {r.remark}" for b in batches for r in b.remarks],
    )
