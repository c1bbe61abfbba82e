"""Memory of work on large tables: never all that the machine has, and given back afterwards."""

import ctypes
import gc
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.domain.text import Text

TOO_MUCH = Text(
    "处理这份文件需要的内存太多：请分成几份",
    "the file takes more memory than there is for it: send it in parts",
)
_STATUS = Path("/proc/self/status")
_ARROW_TAKES_FROM = "ARROW_DEFAULT_MEMORY_POOL"
_M_ARENA_MAX = -8  # of malloc.h
# What a container may have, by the two ways of telling it.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def share_free_memory() -> None:
    """Have all threads of this process, and Arrow, take from one store of free memory: otherwise
    each keeps what it once needed, a quarter of all that a batch takes. So do processes that are
    forked from this one."""
    os.environ[_ARROW_TAKES_FROM] = "system"
    if "pyarrow" in sys.modules:  # which has looked there
        import pyarrow as pa  # noqa: PLC0415

        pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # the GNU library's only
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)


def release_memory() -> None:
    """Give back what Arrow and the C library hold for later use. A table's cells are small pieces
    among others that live on; without this they stay with the process."""
    # Imported late: a service shares its memory before it needs columns.
    import pyarrow as pa  # noqa: PLC0415

    gc.collect()
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU library's only
    if trim is not None:
        trim(0)


@contextmanager
def bounded_memory(more: int | None = None) -> Iterator[None]:
    """Meanwhile this process takes so many bytes `more` at most, or half of what the machine has:
    a file of 300 bytes can ask for 16 GB, and the system would end whoever is largest. What goes
    beyond raises MemoryError."""
    taken = _taken()
    if taken is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = taken + (_machine_memory() // 2 if more is None else more)
    bounds = [n for n in (wanted, soft, hard) if n != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(bounds), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _taken() -> int | None:
    """What counts of this process towards that limit; None where the system does not tell."""
    with suppress(OSError):
        for line in _STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return None


def _machine_memory() -> int:
    """The memory of this machine, or of the container that this process runs in."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _LIMITS:
        with suppress(OSError, ValueError):  # "max": no limit
            found = min(found, int(path.read_text(encoding="ascii")))
    return found
