"""What a process loads that only keeps things, and one that only answers."""

import subprocess
import sys

import pytest

LIBRARIES = ("numpy", "pyarrow", "duckdb", "python_calamine", "z3")


@pytest.mark.parametrize("module", ["service.storage.store", "service.wsgi"])
def test_libraries_of_columns_are_not_loaded_to_answer_requests(module: str) -> None:
    """sqlite-utils would bring numpy, batches the rest: forty megabytes in each worker and half a
    second of every start. They are there for files of companies, and can be imported whenever they
    are wanted."""
    program = (
        f"import sys, {module}; assert not {{*{LIBRARIES}}} & sys.modules.keys(),"
        f" {{*{LIBRARIES}}} & sys.modules.keys(); import numpy"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
