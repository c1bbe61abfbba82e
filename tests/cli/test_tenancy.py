"""What an operator does for a tenant: `huice keys` and `huice audit`."""

import json
from typing import Protocol

import pytest
from click.testing import Result

from service.resources import state_of
from service.settings import read_settings
from tests.cli.commands import run_in_english

pytestmark = pytest.mark.usefixtures("on_made_up_rules")
TENANT = ("--tenant", "bank")


class Run(Protocol):
    def __call__(self, *arguments: str, code: int = 0) -> Result: ...


@pytest.fixture
def run() -> Run:
    """Runs `huice` in English; its exit code must be `code`."""

    return run_in_english


@pytest.fixture
def key(run: Run) -> str:
    """The id of a key that may match."""
    run("keys", "create", *TENANT, "--name", "desk", "--scope", "match")
    (made,) = listed(run)
    return str(made["id"])


def listed(run: Run) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("keys", "list", *TENANT, "--json").output)[
        "items"
    ]
    return found


def test_a_secret_is_printed_once_and_alone(run: Run) -> None:
    """What a script reads holds the secret and nothing else; whoever looks is told to keep it."""
    made = run("keys", "create", *TENANT, "--name", "desk", "--scope", "match", "--days", "30")
    assert made.stdout.startswith("hk_")
    assert made.stdout.count("\n") == 1
    assert made.stderr
    assert made.stdout.strip() not in run("keys", "list", *TENANT, "--json").output


def test_a_key_is_made_with_what_was_asked_for(run: Run) -> None:
    """Each scope once; the day on which it ends; whether it signs."""
    asked = ("--scope", "match", "--scope", "companies", "--scope", "match")
    run("keys", "create", *TENANT, "--name", "x", *asked, "--days", "30", "--signing", "--json")
    (made,) = listed(run)
    assert sorted(made["scopes"]) == ["companies", "match"]  # type: ignore[call-overload]
    assert (made["signs"], made["live"], made["expires_at"] is None) == (True, True, False)


def test_a_key_is_followed_and_ended(run: Run, key: str) -> None:
    """The one that follows is another; one that ended is told as such."""
    follower = json.loads(run("keys", "rotate", *TENANT, key, "--json").output)
    assert follower["replaces"] == key
    assert key in run("keys", "revoke", *TENANT, key).output
    assert {k["id"]: k["live"] for k in listed(run)} == {key: False, follower["id"]: True}
    table = run("keys", "list", *TENANT).output
    assert "desk" in table


@pytest.mark.parametrize("deed", ["rotate", "revoke"])
def test_the_key_of_another_tenant_is_not_there(run: Run, key: str, deed: str) -> None:
    """A fault that names the key, and nothing changed."""
    done = run("keys", deed, "--tenant", "other", key, code=1)
    assert key in done.stderr
    assert [k["live"] for k in listed(run)] == [True]


def test_a_scope_that_there_is_not_is_refused_by_name(run: Run) -> None:
    done = run("keys", "create", *TENANT, "--name", "x", "--scope", "all", code=2)
    assert "'all'" in done.stderr


def test_the_record_is_printed_and_checked(run: Run, key: str) -> None:
    """A line of JSON for each deed, the first naming nothing before it."""
    run("keys", "revoke", *TENANT, key)
    entries = [json.loads(line) for line in run("audit", "export", *TENANT).output.splitlines()]
    assert [(e["seq"], e["action"]) for e in entries] == [(1, "key.create"), (2, "key.revoke")]
    assert entries[1]["previous"] == entries[0]["digest"]
    checked = run("audit", "verify").output
    assert "bank" in checked
    assert "2" in checked


def test_a_record_that_was_changed_is_a_fault(run: Run, key: str) -> None:
    """Its tenant and its place are told, for a script by the exit code."""
    run("keys", "revoke", *TENANT, key)
    state = state_of(read_settings())
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
    with state.transaction() as database:
        for (name,) in database.execute(triggers).fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET subject = 'another' WHERE seq = 1")
    state.close()
    done = run("audit", "verify", code=1)
    assert "bank" in done.stderr
    assert "1" in done.stderr
