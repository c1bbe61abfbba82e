"""`huice mcp`: tools for assistants, over standard input and output."""

import sys

import click
import structlog

from service.cli.context import FAULT, Context, command
from service.domain.text import Text

_NEEDS = Text("需要先安装：pip install 'huice[mcp]'", "needs the extra: pip install 'huice[mcp]'")


@click.command("mcp")
@command
def mcp_command(context: Context) -> None:
    """Serve tools of the Model Context Protocol on standard input and output."""
    try:
        # The protocol's SDK is an extra, which most do without.
        from service.cli.mcp_server import make_server  # noqa: PLC0415
    except ModuleNotFoundError:
        click.echo(context.translate(_NEEDS), err=True)
        sys.exit(FAULT)
    # Nothing but the protocol may be written to standard output.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    make_server(context.huice).run()
