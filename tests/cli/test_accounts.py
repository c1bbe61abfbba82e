"""The people of a tenant, as an operator makes, changes and ends them: `huice accounts`."""

import json
from functools import partial
from typing import Protocol

import pytest
from click.testing import Result

from tests.cli.commands import run_in_english

pytestmark = pytest.mark.usefixtures("on_made_up_rules")
TENANT = ("--tenant", "bank")
PASSWORD = "correct horse battery"


class Run(Protocol):
    def __call__(self, *arguments: str, typed: str = "", code: int = 0) -> Result: ...


@pytest.fixture
def run() -> Run:
    """Runs `huice accounts` in English with what is typed; its exit code must be `code`."""

    return partial(run_in_english, "accounts")


def add(run: Run, name: str, *more: str) -> Result:
    typed = f"{PASSWORD}\n"
    return run("add", name, *TENANT, "--role", "officer", "--password-stdin", *more, typed=typed)


def listed(run: Run) -> dict[str, dict[str, object]]:
    found = json.loads(run("list", *TENANT, "--json").output)["items"]
    return {account["name"]: account for account in found}


def test_an_account_is_made_and_its_password_shown_nowhere(run: Run) -> None:
    assert "chen" in add(run, "chen").output
    assert PASSWORD not in add(run, "lin", "--json").output
    assert {name: a["role"] for name, a in listed(run).items()} == {
        "chen": "officer", "lin": "officer",
    }  # fmt: skip
    assert "chen" in run("list", *TENANT).output


def test_a_password_is_typed_twice_where_nobody_pipes_it(run: Run) -> None:
    """It is not shown while it is typed; two that differ are asked for again."""
    typed = f"{PASSWORD}\nsomething else\n{PASSWORD}\n{PASSWORD}\n"
    done = run("add", "chen", *TENANT, "--role", "viewer", typed=typed)
    assert PASSWORD not in done.output
    assert listed(run)["chen"]["password"] is True


def test_whoever_comes_by_the_provider_has_no_password(run: Run) -> None:
    run("add", "lin", *TENANT, "--role", "viewer", "--provider")
    assert listed(run)["lin"]["password"] is False


def test_an_easy_password_is_refused_and_nobody_made(run: Run) -> None:
    """On standard error, for whoever pipes the rest on."""
    asked = ("add", "chen", *TENANT, "--role", "viewer", "--password-stdin")
    assert "password" in run(*asked, typed="Password123!\n", code=1).stderr
    assert listed(run) == {}


def test_an_account_is_changed_and_ended(run: Run) -> None:
    add(run, "chen")
    run("role", "chen", *TENANT, "--role", "admin")
    assert listed(run)["chen"]["role"] == "admin"
    other = "kettle lamp river stone\n"
    assert "chen" in run("password", "chen", *TENANT, "--password-stdin", typed=other).output
    assert "0" in run("end-sessions", "chen", *TENANT).output
    run("end", "chen", *TENANT)
    assert listed(run)["chen"]["live"] is False


@pytest.mark.parametrize("deed", ["end", "end-sessions"])
def test_the_account_of_another_tenant_is_not_there(run: Run, deed: str) -> None:
    add(run, "chen")
    assert "chen" in run(deed, "chen", "--tenant", "other", code=1).stderr
    assert listed(run)["chen"]["live"] is True
