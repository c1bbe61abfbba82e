"""The limits that the system sets this process, of open files and of the size of files: raised as
far as may be, and named in words where they are too low to serve."""

import resource
import sys

# With fewer a worker has none left to answer with.
_LEAST_FILES = 64
# The database's log alone may be so large (sqlite_store).
_LEAST_BYTES = 64 << 20


def allow_open_files(most: int) -> int:
    """How many files this process may have open, of `most` that are of use. Ends it where there are
    too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = max(soft, most if hard == resource.RLIM_INFINITY else min(most, hard))
    if files < _LEAST_FILES:
        sys.exit(
            f"open files: {files} may be (ulimit -n), {_LEAST_FILES} must and {most} should be"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files


def allow_large_files() -> None:
    """Ends this process where its files may not be as large as the database's are."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    if most != resource.RLIM_INFINITY and most < _LEAST_BYTES:
        fault = f"size of files: {most} bytes may be (ulimit -f), {_LEAST_BYTES} must"
        sys.exit(f"{fault}, and the database grows")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def forbid_core_dumps() -> None:
    """A process that crashes leaves no copy of its memory, where companies' figures are."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
