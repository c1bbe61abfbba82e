#!/usr/bin/env python3
"""Hold the copies of foreign browser code against their npm packages.

The copies stand in the tree, so that installing and serving need neither Node.js nor a network.
`scripts/vendor_assets.json` says for each package its version, the integrity that the npm registry
gives its tarball, and for each file taken from it the SHA-256 of the copy.

usage: vendor_assets.py check      the copies are the bytes recorded (no network)
       vendor_assets.py verify     and they are the bytes in the packages (asks npm for these)
       vendor_assets.py update     take the copies from the packages anew and record them
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "scripts" / "vendor_assets.json"


def check(packages: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the copies as they stand in the tree."""
    return [
        f"{file['copy']}: not the bytes recorded"
        for package in packages
        for file in package["files"]
        if _sha256((ROOT / file["copy"]).read_bytes()) != file["sha256"]
    ]


def verify(packages: list[dict[str, Any]]) -> list[str]:
    """What differs between the copies and the packages that npm serves."""
    faults = check(packages)
    for package in packages:
        with tempfile.TemporaryDirectory() as folder:
            tarball = _fetched(package, Path(folder))
            if _integrity(tarball.read_bytes()) != package["integrity"]:
                faults.append(f"{package['name']}: the tarball has another integrity")
            faults.extend(
                f"{file['copy']}: differs from {file['path']} in the package"
                for file in package["files"]
                if _content(tarball, file["path"]) != (ROOT / file["copy"]).read_bytes()
            )
    return faults


def update(packages: list[dict[str, Any]]) -> list[str]:
    """Take every copy from its package, and record what was taken."""
    for package in packages:
        with tempfile.TemporaryDirectory() as folder:
            tarball = _fetched(package, Path(folder))
            package["integrity"] = _integrity(tarball.read_bytes())
            for file in package["files"]:
                content = _content(tarball, file["path"])
                copy = ROOT / file["copy"]
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                file["sha256"] = _sha256(content)
    RECORD.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")
    return []


def _fetched(package: dict[str, Any], folder: Path) -> Path:
    """The package's tarball, by the npm client as it is set up on this machine."""
    wanted = f"{package['name']}@{package['version']}"
    subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (tarball,) = folder.glob("*.tgz")
    return tarball


def _content(tarball: Path, path: str) -> bytes:
    """A file of a package, with a line end at its end, as every text of this project has one."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(f"package/{path}")
        assert member is not None
        content = member.read()
    return content if content.endswith(b"\n") else content + b"\n"


def _integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """The exit code: 0 where nothing is wrong."""
    actions = {"check": check, "verify": verify, "update": update}
    if len(arguments) != 1 or arguments[0] not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    faults = actions[arguments[0]](json.loads(RECORD.read_text(encoding="utf-8")))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
