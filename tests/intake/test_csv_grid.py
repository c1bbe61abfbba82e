"""Reading a CSV file, apart from what its cells mean (tests/usecases/portfolio)."""

import subprocess
import sys
from pathlib import Path

import pytest

_READ_A_BLOCK = """
import sys
from pathlib import Path
from service.intake.csv_grid import CsvGrid
for batch in CsvGrid(Path(sys.argv[1])).batches(1):
    print(batch.rows.column(0)[0].as_py())
    break
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_who_ends_while_a_file_is_being_read_ends_well(tmp_path: Path, encoding: str) -> None:
    """Threads that read ahead of the rows do not need the interpreter: a process that ended hung,
    or was aborted, half of the time."""
    table = tmp_path / "companies.csv"
    table.write_text("名称,收入\n" + "甲公司,5200\n" * 1_200_000, encoding=encoding)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", _READ_A_BLOCK, str(table)],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "甲公司\n", b"")
