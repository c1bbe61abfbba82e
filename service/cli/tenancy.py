"""`huice keys` and `huice audit`: what an operator does for a tenant."""

import sys
from dataclasses import asdict
from datetime import timedelta

import click

from service.cli.context import FAULT, Context, command, heads
from service.cli.inputs import as_json, of_tenant, tenant
from service.domain.principal import Scope, operator_of
from service.rendering.json_parts import Json
from service.rendering.texts import read_texts

_WORDS = read_texts(__file__)

_SCOPES = [s.value for s in Scope]
_HEADS = heads(
    "编号 | 名称 | 权限 | 有效 | 到期 | 最近使用", "Id | Name | Scopes | Live | Expires | Last used"
)


@click.group()
def keys() -> None:
    """The API keys of a tenant: a bank, a portal."""


@keys.command("create")
@tenant
@click.option("--name", required=True, help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES),
              help="What it may do; may be repeated.")  # fmt: skip
@click.option("--days", type=click.IntRange(min=1), help="Days until it expires (never).")
@click.option("--signing", is_flag=True, help="It signs requests and is never sent itself.")
@as_json
@command
def create(
    context: Context,
    tenant: str,
    name: str,
    scopes: tuple[str, ...],
    days: int | None,
    signing: bool,
    as_json: bool,
) -> None:
    """Make a key and show its secret, once."""
    service = context.huice.key_service
    asked: dict[str, object] = {"name": name, "scopes": sorted(set(scopes)), "signs": signing}
    if days is not None:
        expires = context.huice.clock.today() + timedelta(days=days)
        asked["expires_on"] = expires.isoformat()
    _show_secret(context, service.create(operator_of(tenant), asked, "cli"), as_json)


@keys.command("rotate")
@tenant
@click.argument("key_id")
@as_json
@command
def rotate(context: Context, tenant: str, key_id: str, as_json: bool) -> None:
    """Make a key to follow KEY_ID, which works on for a week."""
    made = context.huice.key_service.rotate(operator_of(tenant), key_id, "cli")
    _show_secret(context, made, as_json)


@keys.command("revoke")
@tenant
@click.argument("key_id")
@command
def revoke(context: Context, tenant: str, key_id: str) -> None:
    """End KEY_ID at once."""
    context.huice.key_service.revoke(operator_of(tenant), key_id, "cli")
    click.echo(context.translate(_WORDS["ended"].format(id=key_id)))


@keys.command("list")
@of_tenant
def list_keys(context: Context, tenant: str, as_json: bool) -> None:
    """The tenant's keys, without their secrets."""
    found = context.huice.key_service.list(operator_of(tenant))
    context.show(found, as_json, _HEADS, map(_key_row, found["items"]))


def _key_row(key: Json) -> list[str]:
    live = "✓" if key["live"] else "–"
    ends, used = key["expires_at"] or "–", key["last_used_at"] or "–"
    return [key["id"], key["name"], " ".join(key["scopes"]), live, ends, used]


@click.group()
def audit() -> None:
    """The record of what tenants did."""


@audit.command("verify")
@command
def verify(context: Context) -> None:
    """Check every tenant's chain; exit code 1 where one does not hold."""
    log, sound = context.huice.audit_service.audit, True
    for name in log.tenants():
        faults = list(log.broken_entries(name))
        sound = sound and not faults
        for seq in faults:
            words = _WORDS["broken"].format(tenant=name, seq=str(seq))
            click.echo(context.translate(words), err=True)
        if not faults:
            count = str(len(log.page(name, 0, 10**9)))
            click.echo(context.translate(_WORDS["sound"].format(tenant=name, count=count)))
    if not sound:
        sys.exit(FAULT)


@audit.command("export")
@tenant
@command
def export(context: Context, tenant: str) -> None:
    """Print the tenant's record as JSON lines."""
    for entry in context.huice.audit_service.audit.page(tenant, 0, 10**9):
        click.echo(context.line(asdict(entry)))


def _show_secret(context: Context, made: Json, as_json: bool) -> None:
    if as_json:
        context.out(made)
        return
    click.echo(context.translate(_WORDS["once"]), err=True)
    click.echo(made["secret"])
