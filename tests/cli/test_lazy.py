"""Commands are imported when they are called."""

import subprocess
import sys

# What a step may not have loaded: libraries that only later ones need, or only the service.
STEPS = {
    "service.cli": {"sqlite_utils", "structlog", "yaml"},
    "service.cli.codes": {"sqlite_utils", "structlog"},
    "service.startup": {"flask", "jinja2", "werkzeug", "limits", "segno", "prometheus_client"},
}


def test_a_command_waits_for_no_library_that_it_does_not_use() -> None:
    program = "import sys\n" + "".join(
        f"import {module}\nprint({module!r}, sorted({names!r} & sys.modules.keys()))\n"
        for module, names in STEPS.items()
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert told == "".join(f"{module} []\n" for module in STEPS)
