"""What the service is made of is listed, and an audit that did not happen is no audit."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.test_project import REQUIREMENTS, ROOT, locked, normal

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_bill_of_materials_names_every_pinned_library(tmp_path: Path) -> None:
    """CycloneDX, sound by its own schema: each library with its version and digests."""
    bill = tmp_path / "sbom.cdx.json"
    tool = Path(sys.executable).with_name("cyclonedx-py")
    subprocess.run(
        [tool, "requirements", REQUIREMENTS / "runtime.txt", "--output-reproducible", "-o", bill],
        check=True,
        capture_output=True,
    )
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    listed = {normal(c["name"]): c for c in components}
    pinned = locked("runtime")
    assert listed.keys() == pinned.keys()
    for name, line in pinned.items():
        assert f"=={listed[name]['version']} " in line
        hashes = {
            h["content"] for r in listed[name]["externalReferences"] for h in r.get("hashes", [])
        }
        assert hashes == set(re.findall(r"sha256:([0-9a-f]{64})", line))


def audit(report: object, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The audit with a stand-in for the auditor, which prints this report."""
    auditor = tmp_path / "pip-audit"
    auditor.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(report)}\nEND\n", encoding="utf-8")
    auditor.chmod(0o755)
    return audit_by(auditor)


def audit_by(auditor: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py", "requirements/runtime.txt"],
        cwd=ROOT,
        env={**os.environ, "PIP_AUDIT": str(auditor)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_audit_without_advisories_fails_and_says_so(tmp_path: Path) -> None:
    """Where the auditor cannot ask anybody it skips every library and is content; where there is
    none nothing was looked at either."""
    answer = audit({"dependencies": [{"name": "flask", "skip_reason": "no network"}]}, tmp_path)
    without_auditor = audit_by(tmp_path / "there is none")
    for told in (answer, without_auditor):
        assert (told.returncode, "NOT AUDITED" in told.stdout, told.stderr) == (3, True, "")


def test_an_audit_tells_what_it_found(tmp_path: Path) -> None:
    """A known weakness fails; none passes, with how many libraries were looked at."""
    flask = {"name": "flask", "version": "3.1.3", "vulns": []}
    weak = {"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
    good = audit({"dependencies": [flask]}, tmp_path)
    assert (good.returncode, "1 audited" in good.stdout) == (0, True)
    bad = audit({"dependencies": [flask, weak]}, tmp_path)
    assert bad.returncode == 1
    assert "x 1: CVE-1 (mended in 2)" in bad.stdout


def test_the_base_image_can_be_pinned_by_digest() -> None:
    """One argument names it for both stages, so that a release gives a digest once."""
    assert "ARG BASE=python:3.11-slim" in DOCKERFILE
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE) == ["${BASE}", "${BASE}"]


def test_the_image_has_no_installer_and_no_setuid_files() -> None:
    """Nothing in it can install software or raise its rights."""
    last_stage = DOCKERFILE.rpartition("FROM")[2]
    assert "pip uninstall" in DOCKERFILE
    assert "-perm /6000" in last_stage


def test_every_defence_against_a_threat_is_held_by_a_test() -> None:
    """Each test that the page on threats names exists."""
    page = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")][2:]
    for row in rows:
        named = row.split("|")[4].strip().strip("`")
        path, _, test = named.partition("::")
        assert (ROOT / path).is_file(), named
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), named


# How many items of levels 1 and 2 each section of version 5.0 has; those of level 3 come after.
ITEMS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
    "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
    "9.1": 3, "9.2": 4,
    "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
    "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4,
    "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip


def items_of(cell: str) -> Iterator[str]:
    """The items that a row names, singly or from one to another."""
    for part in cell.split(","):
        first, _, last = part.strip().partition("–")
        section, _, number = first.rpartition(".")
        until = last.rpartition(".")[2] or number
        yield from (f"{section}.{n}" for n in range(int(number), int(until) + 1))


def test_every_item_of_the_verification_standard_has_a_test_or_a_reason() -> None:
    """Each item stands in one row, and each test that a row names exists; what has none says
    why."""
    page = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if re.match(r"\| \d", line)]
    named = Counter(item for row in rows for item in items_of(row[1]))
    wanted = {f"{section}.{n}" for section, last in ITEMS.items() for n in range(1, last + 1)}
    assert named == Counter(wanted)
    for row in rows:
        held = row[4].strip()
        if re.fullmatch(r"\*[^*`]{10,}\*", held):
            continue
        path, _, test = held.strip("`").partition("::")
        assert (ROOT / path).exists(), held
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), held
