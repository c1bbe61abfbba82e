"""`huice mcp` as a real client of the protocol uses it, started as the page for portals says."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from tests.api.sample import FICTIONAL
from tests.docs.pages import blocks, read

PROFILE = {"company": {"kind": "enterprise", "registered_region": "900101"}}


async def converse(environment: Mapping[str, str]) -> dict[str, Any]:
    """What a client that connects is told."""
    (configuration,) = blocks(read("docs/portal.md"), "json")
    named = json.loads(configuration)["mcpServers"]["huice"]
    program = StdioServerParameters(**named, env=dict(environment))
    async with Client(program, read_timeout_seconds=60) as client:

        async def call(name: str, **arguments: Any) -> Any:
            result = await client.call_tool(name, arguments)
            text = result.content[0].text  # type: ignore[union-attr]
            return text if result.is_error else json.loads(text)

        return {
            "tools": {t.name for t in (await client.list_tools()).tools},
            "found": await call("search_programmes", words="灯塔"),
            "read": await call("read_programme", programme="me-young-firm"),
            "facts": await call("list_facts", lang="en"),
            "facts in Chinese": await call("list_facts"),
            "facts in none": await call("list_facts", lang="xx"),
            "codes": await call("find_codes", list="regions", words="灯塔"),
            "misnamed": await call("search_programmes", query="灯塔"),
            "matched": await call("match_profile", profile=PROFILE, as_of="2026-06-01"),
            "missing": await call(
                "ask_what_is_missing", profile=PROFILE, as_of="2026-06-01", lang="en"
            ),
            "unknown": await call("read_programme", programme="me-young-firn"),
            "wrong": await call("match_profile", profile={"company": {"kindd": "x"}}),
        }


def test_a_client_searches_reads_matches_and_asks_what_is_missing(tmp_path: Path) -> None:
    """All over one connection; what is wrong is an error of the tool that names the place."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HUICE_DATABASE": str(tmp_path / "huice.sqlite3"),
        "HUICE_POLICIES": str(FICTIONAL / "policies"),
        "HUICE_SEEDS": str(FICTIONAL / "seeds"),
    }
    # In a thread of its own: in this one a browser's loop may be running.
    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(asyncio.run, converse(environment)).result()
    assert told["tools"] == {
        "search_programmes", "read_programme", "list_facts", "find_codes", "match_profile",
        "ask_what_is_missing",
    }  # fmt: skip
    assert "me-lighthouse" in [p["id"] for p in told["found"]["items"]]
    assert told["read"]["id"] == "me-young-firm"
    assert told["facts"]["company.kind"]["question"] == "Which kind?"
    assert "enterprise" in told["facts"]["company.kind"]["codes"]
    assert told["facts in Chinese"]["company.kind"]["question"] != "Which kind?"
    assert "/lang" in told["facts in none"]
    assert isinstance(told["codes"]["codes"], dict)
    assert told["misnamed"].endswith("does not take query; it takes words, limit")
    assert told["matched"]["summary"]["undetermined"] == 2
    assert told["missing"]["as_of"] == "2026-06-01"
    assert {q["fact"] for q in told["missing"]["next_questions"]} >= {"company.employees"}
    assert "did you mean me-young-firm?" in told["unknown"]
    assert "/profile/company/kindd" in told["wrong"]
