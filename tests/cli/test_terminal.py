"""What is printed stands there as it was written."""

import io

import pytest
from rich.table import Table

from service.cli.printing import name_and_id
from service.cli.terminal import open_console

WORDS = "up to (where [all of: [any of: a; b]; c]: 45%; where [dim]: 40%) [/] :warning: [red]"


@pytest.mark.parametrize("in_a_table", [False, True])
def test_words_in_brackets_are_printed_whole(in_a_table: bool) -> None:
    """Sentences of rules and cells of tables hold brackets and colons; none of them is a mark of
    style, and none is lost."""
    console = open_console()
    console.file, console.width = io.StringIO(), 200
    table = Table("Amount", "Name")
    table.add_row(WORDS, name_and_id(WORDS, "xx-[all]"))
    console.print(table if in_a_table else WORDS)
    printed = console.file.getvalue()
    assert printed.count(WORDS) == (2 if in_a_table else 1)
    assert ("xx-[all]" in printed) == in_a_table
