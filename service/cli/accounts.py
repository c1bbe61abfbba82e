"""`huice accounts`: the people of a tenant, who work at the desk."""

import sys
from collections.abc import Callable

import click

from service.cli.context import Context, command, heads
from service.cli.inputs import as_json, of_tenant, tenant
from service.domain.principal import Role, operator_of
from service.domain.text import Text
from service.domain.wording.labels import ROLE
from service.rendering.json_parts import Json

_ADDED = Text("已开立账号 {name}", "account {name} added")
_CHANGED = Text("已更改 {name}，其登录全部结束", "{name} changed; every session has ended")
_LOGIN_ENDED = Text("{name} 不能再登录", "{name} can no longer log in")
_SESSIONS_ENDED = Text("结束了 {n} 处登录", "sessions ended: {n}")
_HEADS = heads("登录名 | 角色 | 密码 | 有效 | 登录处", "Name | Role | Password | Live | Sessions")
role = click.option("--role", required=True, type=click.Choice([r.value for r in Role]),
                    help="What the person may do.")  # fmt: skip
from_input = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def accounts() -> None:
    """The people of a tenant, who log in at the desk."""


def account_command(called: str) -> Callable[[Callable[..., None]], click.Command]:
    """A command about the account NAME of a tenant."""

    def make(function: Callable[..., None]) -> click.Command:
        named = click.argument("name")(tenant(command(function)))
        return accounts.command(called)(named)

    return make


@accounts.command("add")
@click.argument("name")
@tenant
@role
@from_input
@click.option(
    "--provider", is_flag=True, help="No password: the provider of identities lets this person in."
)
@as_json
@command
def add(
    context: Context,
    name: str,
    tenant: str,
    role: str,
    password_stdin: bool,
    provider: bool,
    as_json: bool,
) -> None:
    """Add an account NAME with a password."""
    password = None if provider else _ask_password(password_stdin)
    made = context.huice.account_service.add(operator_of(tenant), name, Role(role), password, "cli")
    if as_json:
        context.out(made)
    else:
        click.echo(context.translate(_ADDED.format(name=name)))


@accounts.command("list")
@of_tenant
def list_accounts(context: Context, tenant: str, as_json: bool) -> None:
    """The tenant's accounts, ended ones too."""
    found = context.huice.account_service.list(operator_of(tenant))
    rows = (_account_row(context, account) for account in found["items"])
    context.show(found, as_json, _HEADS, rows)


def _account_row(context: Context, account: Json) -> list[str]:
    marks = ["✓" if account[key] else "–" for key in ("password", "live")]
    role = context.translate(ROLE[Role(account["role"])])
    return [account["name"], role, *marks, str(account["sessions"])]


@account_command("password")
@from_input
def set_password(context: Context, name: str, tenant: str, password_stdin: bool) -> None:
    """Give the account NAME another password."""
    password = _ask_password(password_stdin)
    context.huice.account_service.set_password(operator_of(tenant), name, password, "cli")
    click.echo(context.translate(_CHANGED.format(name=name)))


@account_command("role")
@role
def set_role(context: Context, name: str, tenant: str, role: str) -> None:
    """Give the account NAME another role."""
    context.huice.account_service.set_role(operator_of(tenant), name, Role(role), "cli")
    click.echo(context.translate(_CHANGED.format(name=name)))


@account_command("end")
def end(context: Context, name: str, tenant: str) -> None:
    """End the account NAME for good."""
    context.huice.account_service.end(operator_of(tenant), name, "cli")
    click.echo(context.translate(_LOGIN_ENDED.format(name=name)))


@account_command("end-sessions")
def end_sessions(context: Context, name: str, tenant: str) -> None:
    """Log NAME out everywhere."""
    count = context.huice.account_service.end_sessions(operator_of(tenant), name, "cli")
    click.echo(context.translate(_SESSIONS_ENDED.format(n=str(count))))


def _ask_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password
