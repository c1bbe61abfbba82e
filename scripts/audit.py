"""Known weaknesses in pinned libraries, by pip-audit; an audit that could not be made fails.

usage: audit.py LOCK_FILE…

Exit code 0: all audited, nothing known; 1: weaknesses known; 3: not audited, wholly or in part.
Without a network pip-audit skips every library and is content; here that is told.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

FOUND, NOT_AUDITED = 1, 3
# Of a network that swallows what is asked.
MAX_SECONDS = 900


def report_of(locks: list[str]) -> list[dict[str, object]]:
    """What the auditor says of each library."""
    auditor = os.environ.get("PIP_AUDIT", str(Path(sys.executable).with_name("pip-audit")))
    named = [word for lock in locks for word in ("-r", lock)]
    command = [auditor, "--disable-pip", "--require-hashes", "--format", "json", *named]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=MAX_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"NOT AUDITED: {error}")
        sys.exit(NOT_AUDITED)
    try:
        dependencies: list[dict[str, object]] = json.loads(answer.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"NOT AUDITED: {answer.stderr.strip() or 'no report'}")
        sys.exit(NOT_AUDITED)
    return dependencies


def main() -> int:
    dependencies = report_of(sys.argv[1:])
    skipped = [d for d in dependencies if "skip_reason" in d]
    known = 0
    for dependency in dependencies:
        for weakness in dependency.get("vulns", ()):  # type: ignore[attr-defined]
            known += 1
            mended = ", ".join(weakness["fix_versions"]) or "no version"
            name, version = dependency["name"], dependency["version"]
            print(f"{name} {version}: {weakness['id']} (mended in {mended})")
    print(f"{len(dependencies) - len(skipped)} audited, {len(skipped)} skipped, {known} known")
    if known:
        return FOUND
    if skipped:
        print(f"NOT AUDITED: {len(skipped)} libraries, such as {skipped[0]['name']}")
        return NOT_AUDITED
    return 0


if __name__ == "__main__":
    sys.exit(main())
