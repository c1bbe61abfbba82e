"""What the service is made of is listed, and an audit that did not happen is no audit."""

import json
import os
import re
import subprocess
import sys
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
    return subprocess.run(
        [sys.executable, ROOT / "scripts" / "audit.py", "requirements/runtime.txt"],
        cwd=ROOT,
        env={**os.environ, "PIP_AUDIT": str(auditor)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_audit_without_advisories_fails_and_says_so(tmp_path: Path) -> None:
    """Where the auditor cannot ask anybody it skips every library and is content."""
    answer = audit({"dependencies": [{"name": "flask", "skip_reason": "no network"}]}, tmp_path)
    assert answer.returncode == 3
    assert "NOT AUDITED" in answer.stdout


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


def test_every_section_of_the_verification_standard_has_a_test_or_a_reason() -> None:
    """Each test that the page names exists; what has none says why."""
    page = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")][2:]
    chapters = {int(row.split("|")[1].split(".")[0]) for row in rows}
    assert chapters == set(range(1, 15))
    for row in rows:
        held = row.split("|")[4].strip()
        if re.fullmatch(r"\*[^*`]{10,}\*", held):
            continue
        path, _, test = held.strip("`").partition("::")
        assert (ROOT / path).is_file(), held
        assert not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), held
