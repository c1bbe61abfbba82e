"""What is printed commands no terminal: a cell of somebody's table may hold what moves its cursor,
names its window, or turns the rest of a line round."""

import re
from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.segment import Segment
from rich.table import Column, Table

from service.domain.text import without_direction

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """The text without control characters other than ends of lines and tabs, and without marks of
    direction."""
    return _COMMANDS.sub("", without_direction(text))


class _Printable:
    """Something to be printed, its text made printable; rich's own commands stay."""

    def __init__(self, content: ConsoleRenderable) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for part in console.render(self._content, options):
            yield part if part.control else Segment(printable(part.text), part.style)


class _Hook(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Printable(content) for content in renderables]


def open_console(*, to_error: bool = False) -> Console:
    """Standard output, or standard error. Words are printed as they stand: one in brackets, which
    rules and tables have, is no mark of style, and one between colons no picture."""
    console = Console(stderr=to_error, highlight=False, markup=False, emoji=False)
    console.push_render_hook(_Hook())
    return console


def table_of(heads: Iterable[str]) -> Table:
    """A table without rows. What is wider than its column goes on below: an id, and words between
    which there are no blanks, would be cut off."""
    return Table(*(Column(head, overflow="fold") for head in heads))
