"""What a process loads that only keeps things."""

import subprocess
import sys


def test_the_service_starts_without_the_libraries_of_columns() -> None:
    """They are there for files of companies, and can be imported whenever they are wanted."""
    program = "import sys, service.wsgi; assert 'numpy' not in sys.modules; import numpy, pyarrow"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
