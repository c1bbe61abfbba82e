"""What `--help` says where Chinese was asked for: commands and options are described in their
source in English, and each description has its Chinese beside this module."""

import copy
import inspect
import re
from collections.abc import Iterable, Iterator

import click
from rich.cells import cell_len

from service.rendering.texts import read_texts

# Words that the library behind the command line says itself.
_LIBRARY = {
    "Usage: ": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "With a FILE": "用于一份文件时",
    "Facts of a profile": "档案的各项事实",
    "Models": "积分模型",
    "Show this message and exit.": "显示这段说明后退出。",
}
_MARKS = {"[required]": "[必填]", "[default: ": "[缺省：", "; required]": "；必填]"}
_GAP, _NARROWEST = 2, 10
# Letters stay together, each Chinese sign stands for itself and takes what may not begin a line.
_PIECE = re.compile(r" +|(?:[!-~…]+|[^!-~… ])[，。；：、！？）”]*")


def describe(text: str) -> str:
    """A description as it is looked up: without the breaks of its source.

    >>> describe("Print it,\\n    whole.\\n\\n    Or not.")
    'Print it, whole.\\n\\nOr not.'
    """
    plain = inspect.cleandoc(text).partition("\f")[0].strip()
    return "\n\n".join(" ".join(part.split()) for part in plain.split("\n\n"))


DESCRIPTIONS = {words.en: words.zh for words in read_texts(__file__).values()}


def in_chinese(command: click.Command) -> click.Command:
    """The command with Chinese descriptions; what it does is the same."""
    chinese = copy.copy(command)
    chinese.context_class = _ChineseContext
    chinese.help = _translated(command.help)
    # Else the library cuts it short, at a blank: Chinese has few.
    chinese.short_help = None if chinese.help is None else chinese.help.partition("\n\n")[0]
    chinese.params = [_option_in_chinese(parameter) for parameter in command.params]
    if isinstance(chinese, click.Group):
        chinese.commands = {name: in_chinese(one) for name, one in chinese.commands.items()}
    return chinese


def chinese_help(command: click.Command, context: click.Context) -> str:
    """What `--help` of a command prints in Chinese."""
    formatter = _ChineseFormatter(context.terminal_width or 0, context.max_content_width or 0)
    in_chinese(command).format_help(context, formatter)
    return formatter.getvalue().rstrip("\n")


def _option_in_chinese(parameter: click.Parameter) -> click.Parameter:
    if not isinstance(parameter, click.Option) or parameter.help is None:
        return parameter
    chinese = copy.copy(parameter)
    chinese.help = _translated(parameter.help)
    return chinese


def _translated(text: str | None) -> str | None:
    return None if text is None else DESCRIPTIONS.get(describe(text), text)


class _ChineseFormatter(click.HelpFormatter):
    """Writes help in Chinese, whose signs are two letters wide and have no blanks to break at."""

    def __init__(self, width: int, max_width: int) -> None:
        super().__init__(width=width or None, max_width=max_width or None)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _LIBRARY["Usage: "] if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        self.write(f"{' ' * self.current_indent}{_LIBRARY.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        room = self.width - self.current_indent
        parts = (_broken(part, room) for part in text.split("\n\n"))
        self.write("\n".join("".join(f"{indent}{line}\n" for line in part) for part in parts))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = _GAP
    ) -> None:
        rows = list(rows)
        widest = max((cell_len(name) for name, _ in rows), default=0)
        first = min(widest, col_max) + col_spacing
        room = max(self.width - self.current_indent - first, _NARROWEST)
        indent = " " * self.current_indent
        for name, words in rows:
            lines = list(_broken(_said(words), room)) or [""]
            if cell_len(name) + col_spacing > first:
                self.write(f"{indent}{name}\n")
                name = ""  # noqa: PLW2901
            self.write(f"{indent}{name}{' ' * (first - cell_len(name))}{lines[0]}".rstrip() + "\n")
            for line in lines[1:]:
                self.write(f"{indent}{' ' * first}{line}\n")


class _ChineseContext(click.Context):
    """The context of a command whose help is asked for in Chinese."""

    def make_formatter(self) -> click.HelpFormatter:
        return _ChineseFormatter(self.terminal_width or 0, self.max_content_width or 0)


def _said(words: str) -> str:
    """A description with what the library adds to it."""
    words = _LIBRARY.get(words, words)
    for english, chinese in _MARKS.items():
        words = words.replace(english, chinese)
    return words


def _broken(text: str, width: int) -> Iterator[str]:
    """The text in lines of so many cells at most."""
    line = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        if line and cell_len(line + piece) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line.strip():
        yield line.rstrip()
