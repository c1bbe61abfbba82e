"""`huice backup` and `huice restore`: copies of the database."""

from pathlib import Path

import click

from service.cli.context import Context, command
from service.domain.errors import Refused
from service.domain.text import Text
from service.storage.backup import BackupReport, restore_backup, write_backup
from service.storage.database import open_database

_READ = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_WRITTEN = Text(
    "已写入 {path}（{size} 字节，回执 {receipts} 份{sealed}）\nsha256 {sha256}",
    "written: {path} ({size} bytes, {receipts} receipts{sealed})\nsha256 {sha256}",
)
_RESTORED = Text(
    "已恢复到 {path}（{size} 字节，回执 {receipts} 份）\nsha256 {sha256}",
    "restored: {path} ({size} bytes, {receipts} receipts)\nsha256 {sha256}",
)
_SERVER = Text(
    "状态存放在 PostgreSQL 中，请用它自己的工具备份和恢复（pg_dump、pg_basebackup）。",
    "The state is kept by PostgreSQL: copy and restore it by its own tools (pg_dump,"
    " pg_basebackup).",
)
_SEALED = Text("，已加密", ", encrypted")


def _say(context: Context, words: Text, report: BackupReport) -> None:
    filled = words.format(
        path=str(report.path),
        size=str(report.size),
        receipts=str(report.receipts),
        sealed=context.translate(_SEALED) if report.encrypted else "",
        sha256=report.sha256,
    )
    click.echo(context.translate(filled))


def _refuse_server(context: Context) -> None:
    if context.settings.postgresql is not None:
        raise Refused(_SERVER)


@click.command()
@click.argument("file", type=_FILE)
@click.option(
    "--recipient", "recipients", multiple=True,
    help="A public key (age1…, ssh-ed25519 …, ssh-rsa …): only its owner can read the copy. May be"
    " repeated.",
)  # fmt: skip
@command
def backup_command(context: Context, file: Path, recipients: tuple[str, ...]) -> None:
    """Copy the database to FILE while the service runs; the copy is checked."""
    _refuse_server(context)
    with open_database(context.settings.database, create=False) as store:
        _say(context, _WRITTEN, write_backup(store, file, recipients))


@click.command()
@click.argument("file", type=_READ)
@click.option("--identity", type=_READ, help="The file of an age or SSH secret key.")
@command
def restore_command(context: Context, file: Path, identity: Path | None) -> None:
    """Put the copy FILE in the database's place, where none is there."""
    _refuse_server(context)
    _say(context, _RESTORED, restore_backup(file, context.settings.database, identity))
