"""Commands that are imported when called: no other one waits for them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

CHINESE = "zh"


class LazyGroup(click.Group):
    """A group of which commands are named as `module:attribute` in `later`. All are described in
    Chinese where `--lang zh` stands before them."""

    def __init__(self, *args: Any, later: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = later

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.later])

    def get_help(self, ctx: click.Context) -> str:
        if not _is_chinese_asked_for(ctx):
            return super().get_help(ctx)
        # Imported late, as below: the Chinese of all descriptions.
        from service.cli.help_words import chinese_help  # noqa: PLC0415

        return chinese_help(self, ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self._find_command(ctx, cmd_name)
        if found is None or not _is_chinese_asked_for(ctx):
            return found
        from service.cli.help_words import in_chinese  # noqa: PLC0415

        return in_chinese(found)

    def _find_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.later:
            return super().get_command(ctx, cmd_name)
        module, attribute = self.later[cmd_name].split(":")
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found


def _is_chinese_asked_for(context: click.Context) -> bool:
    """Whether `--lang zh` stands before."""
    params: dict[str, Any] = context.find_root().params
    return params.get("lang") == CHINESE
