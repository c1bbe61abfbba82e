"""At which line a fault stands that was found in what a file came to, where no lines are known any
more: at the first key or value of the file that is the word which the fault is about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import yaml

from service.catalogue.file_kinds import MEASURE
from service.catalogue.source import Source
from service.catalogue.yaml_values import line_of
from service.domain.errors import Diagnostic

# A measure's file is looked into for each fault of its programmes, and parsed once for all.
_FILES_HELD = 16


def at_their_lines(diagnostics: Iterable[Diagnostic], source: Source) -> Iterator[Diagnostic]:
    """The faults, each at the line of the word that it names: in its own file, or in that of the
    measure whose definitions a programme uses."""

    @lru_cache(_FILES_HELD)
    def lines_of(file: str) -> Mapping[str, int]:
        return _first_lines(source[file]) if file in source else {}

    for diagnostic in diagnostics:
        folder = diagnostic.file.rpartition("/")[0]
        places = (
            replace(diagnostic, file=file, line=line)
            for file in (diagnostic.file, f"{folder}/{MEASURE}")
            if diagnostic.about and (line := lines_of(file).get(diagnostic.about)) is not None
        )
        yield next(places, diagnostic)


def _first_lines(content: bytes) -> dict[str, int]:
    """The first line (from 1) of every key and value of a file; none where it is no YAML."""
    lines: dict[str, int] = {}
    try:
        for event in yaml.parse(content, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.ScalarEvent):
                lines.setdefault(event.value, line_of(event))
    except (yaml.YAMLError, UnicodeError):
        return {}
    return lines
