"""`huice`: the group of all commands."""

import signal
import sys
from types import FrameType

import click

from service import __version__
from service.cli.context import Context
from service.cli.lazy import LazyGroup
from service.domain.text import SPOKEN


@click.group(
    cls=LazyGroup,
    later={
        "accounts": "service.cli.accounts:accounts",
        "audit": "service.cli.tenancy:audit",
        "backup": "service.cli.backup:backup_command",
        "batch": "service.cli.batch:batch",
        "calendar": "service.cli.advice:calendar_command",
        "candidates": "service.cli.candidates:candidates",
        "check": "service.cli.profiles:check",
        "codes": "service.cli.codes:codes_command",
        "compare": "service.cli.advice:compare_command",
        "keys": "service.cli.tenancy:keys",
        "match": "service.cli.profiles:match",
        "mcp": "service.cli.mcp:mcp_command",
        "memo": "service.cli.advice:memo_command",
        "points": "service.cli.points:points",
        "policies": "service.cli.policies:policies",
        "programmes": "service.cli.profiles:programmes",
        "receipts": "service.cli.receipts:receipts",
        "restore": "service.cli.backup:restore_command",
        "serve": "service.cli.serve:serve",
        "sources": "service.cli.review:sources",
        "verify-receipts": "service.cli.receipts:verify_receipts_command",
        "work": "service.cli.work:work",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="huice")
@click.option(
    "--lang", type=click.Choice(SPOKEN), is_eager=True,
    help="Language of output (default: the catalogue's first of these, or en).",
)  # fmt: skip
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> None:
    """Huice: which support programmes a company may claim, under which clause, how much."""
    # A command that is ended cleans up behind itself, as when its terminal interrupts it; what is
    # to go on without a terminal (nohup) does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)
    ctx.obj = Context(lang)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
