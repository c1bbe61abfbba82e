"""What a process loads that only keeps things."""

import subprocess
import sys


def test_storage_needs_no_libraries_of_columns() -> None:
    """sqlite-utils would bring them; they are there for files of companies, and can be imported
    whenever they are wanted."""
    program = "import sys, service.storage.store; assert 'numpy' not in sys.modules; import numpy"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
