"""Memory that is no longer used, given back to the system."""

import ctypes
import gc

import pyarrow as pa


def release_memory() -> None:
    """Give back what Arrow and the C library hold for later use. A table's cells are small pieces
    among others that live on; without this they stay with the process."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU library's only
    if trim is not None:
        trim(0)
