"""Commands that are imported when called: a start of the service need not wait for them."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

from service.cli.help_words import chinese_help, in_chinese, is_asked_for


class LazyGroup(click.Group):
    """A group some of whose commands are named as `module:attribute` in `later`. All are described
    in Chinese where `--lang zh` stands before them."""

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

    def get_help(self, ctx: click.Context) -> str:
        return chinese_help(self, ctx) if is_asked_for(ctx) else super().get_help(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self._find_command(ctx, cmd_name)
        return in_chinese(found) if found is not None and is_asked_for(ctx) else found

    def _find_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        module, attribute = self.later[cmd_name].split(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found
