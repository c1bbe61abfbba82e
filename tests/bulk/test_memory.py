"""Memory of work on large tables."""

import subprocess
import sys

import pytest

# Four threads at once hold what is too large for Python's own store; how many stores there are then
# is told by the C library.
PROGRAM = """
import ctypes, os, sys, threading
from service.bulk.memory import share_free_memory
if sys.argv[1] == "before":
    share_free_memory()
import pyarrow as pa
if sys.argv[1] == "after":
    share_free_memory()
held, met = [], threading.Barrier(5)
def work():
    held.append([bytes(2000) for _ in range(100)])
    met.wait()
for _ in range(4):
    threading.Thread(target=work).start()
met.wait()
library = ctypes.CDLL(None)
library.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(library.fdopen(os.dup(1), b"w"))
library.malloc_info(0, out)
library.fflush(out)
print("pool", pa.default_memory_pool().backend_name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of the GNU library's memory")
def test_threads_and_columns_take_from_one_store_of_free_memory() -> None:
    """Otherwise each has its own, and what one gives back the others do not get."""
    own, before, after = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM, when], check=True, capture_output=True, text=True
        ).stdout
        for when in ("never", "before", "after")
    )
    for shared in (before, after):
        assert shared.count("<heap nr=") < own.count("<heap nr=")
        assert "pool system" in shared
