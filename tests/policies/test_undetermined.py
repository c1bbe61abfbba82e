"""docs/undetermined.md says what comes out for the six companies, and why."""

import re
from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.settings import PROJECT
from tests.policies.six_companies import COMPANIES

PAGE = PROJECT / "docs" / "undetermined.md"


def open_matches(client: FlaskClient, profile: dict[str, Any]) -> list[dict[str, Any]]:
    request = {
        "as_of": "2026-11-22", "statuses": ["undetermined"], "limit": 500, "detail": "full",
        "profile": profile,
    }  # fmt: skip
    response = client.post("/api/v1/match", json=request)
    assert response.status_code == 200, response.get_data(as_text=True)
    matches: list[dict[str, Any]] = response.get_json()["matches"]
    return matches


@pytest.mark.parametrize("name", COMPANIES)
def test_the_page_counts_what_stays_open(own_client: FlaskClient, name: str) -> None:
    """By who can settle it, and each of the second group by its id."""
    found = open_matches(own_client, COMPANIES[name])
    counts = Counter(match["settled_by"] for match in found)
    row = re.search(
        rf"^\| {re.escape(name)} \| (\d+) \| (\d+) \| (.*) \|$",
        PAGE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert row, name
    assert (counts["facts"], counts["authority"]) == (int(row[1]), int(row[2]))
    left = {m["programme"]["id"] for m in found if m["settled_by"] == "authority"}
    assert left == set(re.findall(r"`([a-z0-9-]+)`", row[3]))
