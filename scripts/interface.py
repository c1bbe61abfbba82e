"""The OpenAPI document of the project's own catalogue: written out, or kept as the last release's.

usage: python -m scripts.interface write FILE | release [FILE]

`release` keeps a document (FILE, or today's) as the one that later ones are held against: a test
tells what a client of it could stumble over (docs/adr/0018-clients.md).
"""

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.api.factory import create_app
from service.app import open_services
from service.faces import api_context
from service.settings import PROJECT, read_settings
from tests.contract.compatibility import bare

RELEASED = PROJECT / "conformance" / "openapi.json"


def document() -> Any:
    """The document as it is served."""
    with tempfile.TemporaryDirectory() as folder:
        service = open_services(replace(read_settings(), database=Path(folder) / "huice.sqlite3"))
        client = create_app(api_context(service)).test_client()
        found = client.get("/api/v1/openapi.json").get_json()
        service.close()
    return found


def for_generators(part: Any) -> Any:
    """The same, nullable enumerations spelt as a choice: one that lists null besides makes three
    types of each in the Python client."""
    if isinstance(part, list):
        return [for_generators(p) for p in part]
    if not isinstance(part, dict):
        return part
    kinds, values = part.get("type"), part.get("enum")
    if isinstance(kinds, list) and "null" in kinds and isinstance(values, list):
        plain = [v for v in values if v is not None]
        rest = {k: v for k, v in part.items() if k not in ("type", "enum", "nullable")}
        (kind,) = [k for k in kinds if k != "null"]
        return {**rest, "oneOf": [{"type": kind, "enum": plain}, {"type": "null"}]}
    return {key: for_generators(value) for key, value in part.items()}


def main() -> None:
    deed, *files = sys.argv[1:] or [""]
    if deed == "write" and files:
        Path(files[0]).write_text(
            json.dumps(for_generators(document()), ensure_ascii=False), encoding="utf-8"
        )
    elif deed == "release":
        found = json.loads(Path(files[0]).read_bytes()) if files else document()
        text = json.dumps(bare(found), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        RELEASED.write_text(f"{text}\n", encoding="utf-8")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
