"""At which line a fault stands that was found in what a file came to, where no lines are known any
more: at the first key or value of the file that is the word which the fault is about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

import yaml

from service.catalogue.file_kinds import MEASURE
from service.catalogue.source import Source
from service.catalogue.yaml_tree import Faults, parse
from service.domain.errors import Diagnostic

# A measure's file is looked into for each fault of its programmes, and parsed once for all.
_FILES_HELD = 16


def at_their_lines(diagnostics: Iterable[Diagnostic], source: Source) -> Iterator[Diagnostic]:
    """The faults, each at the line of the word that it names: in its own file, or in that of the
    measure whose definitions a programme uses."""

    @lru_cache(_FILES_HELD)
    def root_of(file: str) -> yaml.Node | None:
        return parse(file, source[file], Faults()).root if file in source else None

    for diagnostic in diagnostics:
        folder = diagnostic.file.rpartition("/")[0]
        places = (
            replace(diagnostic, file=file, line=line)
            for file in (diagnostic.file, f"{folder}/{MEASURE}")
            if diagnostic.about and (line := _line_of(diagnostic.about, root_of(file))) is not None
        )
        yield next(places, diagnostic)


def _line_of(word: str, root: yaml.Node | None) -> int | None:
    """The first line (from 1) at which a key or a value of a file is a word."""
    return None if root is None else next(_lines_of(word, root), None)


def _lines_of(word: str, node: yaml.Node) -> Iterator[int]:
    if isinstance(node, yaml.ScalarNode):
        if node.value == word:
            yield node.start_mark.line + 1
        return
    for part in node.value:
        for each in part if isinstance(part, tuple) else (part,):
            yield from _lines_of(word, each)
