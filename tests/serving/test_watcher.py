"""What watches the worker beside the service."""

import subprocess
import sys


def test_it_loads_nothing_of_what_the_worker_works_with() -> None:
    """It only waits, and holds little memory for that."""
    asked = "import sys, service.serving.watcher; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    loaded = {name.partition(".")[0] for name in told}
    assert "service" in loaded
    assert not loaded & {"pyarrow", "numpy", "flask", "click", "sqlite_utils", "yaml", "orjson"}
