"""`--help` in both languages: all that the command line says of itself is told in Chinese too."""

from collections.abc import Callable, Iterator

import click
import pytest
from click.testing import Result
from rich.cells import cell_len

from service.cli import main
from service.cli.help_words import DESCRIPTIONS, describe

Run = Callable[..., Result]


def descriptions(command: click.Command) -> Iterator[str]:
    """What a command says of itself, its options and the commands below it."""
    context = click.Context(command)
    options = (p.help for p in command.params if isinstance(p, click.Option))
    yield from (describe(text) for text in (command.help, *options) if text)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from descriptions(below)


def test_every_description_has_its_chinese_and_none_is_left_over() -> None:
    assert set(descriptions(main)) == set(DESCRIPTIONS)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ((), "命令："),
        (("policies",), "起草一个文件"),
        (("policies", "new", "measure"), "新的文件夹。 [必填]"),
        (("batch",), "用于一份文件时："),
    ],
)
def test_help_is_in_the_language_asked_for(
    huice: Run, command: tuple[str, ...], words: str
) -> None:
    """In Chinese its lines are no wider than the terminal; otherwise it is English, whatever was
    asked for before."""
    chinese = huice("--lang", "zh", *command, "--help")
    assert chinese.exit_code == 0
    assert chinese.stdout.startswith("用法：")
    assert words in chinese.stdout
    assert "显示这段说明后退出。" in chinese.stdout
    assert max(map(cell_len, chinese.stdout.splitlines())) <= 100
    assert not any(line.strip()[:1] in set("，。；：、") for line in chinese.stdout.splitlines())
    english = huice(*command, "--help")
    assert english.stdout.startswith("Usage: ")
    assert words not in english.stdout
