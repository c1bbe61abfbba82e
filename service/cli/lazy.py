"""Commands that are imported when called: a start of the service need not wait for them."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click


class LazyGroup(click.Group):
    """A group some of whose commands are named as `module:attribute` in `later`."""

    later: Mapping[str, str] = MappingProxyType(
        {
            "backup": "service.cli.backup:backup_command",
            "batch": "service.cli.batch:batch",
            "candidates": "service.cli.candidates:candidates",
            "mcp": "service.cli.mcp:mcp_command",
            "restore": "service.cli.backup:restore_command",
            "serve": "service.cli.serve:serve",
            "work": "service.cli.work:work",
        }
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        module, attribute = self.later[cmd_name].split(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found
