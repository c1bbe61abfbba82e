"""What is kept: catalogues, receipts, what tenants own, the index to search in. A file of SQLite,
safe for many processes, or PostgreSQL for several machines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Modules that cannot be imported in the block, unless they have been already."""
    hidden: dict[str, ModuleType | None] = {n: None for n in names if n not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None is how Python says "not there"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


# sqlite-utils imports both, where they are installed, only to know their types as
# values of a column.
# The service stores none; without them a process starts sooner and takes 10 MB less.
with _hidden("numpy", "pandas"):
    import sqlite_utils  # noqa: F401
