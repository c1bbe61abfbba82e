"""At which line a fault stands that was found in what a file came to, where no lines are known any
more: at the first key or value of the file that is the word which the fault is about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import yaml

from service.catalogue.file_kinds import MEASURE
from service.catalogue.source import Source
from service.catalogue.yaml_tree import Faults, parse
from service.domain.errors import Diagnostic


def at_their_lines(diagnostics: Iterable[Diagnostic], source: Source) -> Iterator[Diagnostic]:
    """The same, each at the line of its word: in its own file, or in that of the measure, whose
    definitions a programme uses."""
    for diagnostic in diagnostics:
        folder = diagnostic.file.rpartition("/")[0]
        places = (
            replace(diagnostic, file=file, line=line)
            for file in (diagnostic.file, f"{folder}/{MEASURE}")
            if (line := _line_of(diagnostic.about, file, source)) is not None
        )
        yield next(places, diagnostic)


def _line_of(word: str, file: str, source: Source) -> int | None:
    """The first line (from 1) at which a key or a value of a file is a word."""
    root = parse(file, source[file], Faults()).root if word and file in source else None
    return None if root is None else next(_lines_of(word, root), None)


def _lines_of(word: str, node: yaml.Node) -> Iterator[int]:
    if isinstance(node, yaml.ScalarNode):
        if node.value == word:
            yield node.start_mark.line + 1
        return
    for part in node.value:
        for each in part if isinstance(part, tuple) else (part,):
            yield from _lines_of(word, each)
