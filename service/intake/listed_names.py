"""The names of a list's codes as they are looked up: folded, whole or by how they begin."""

import re
from collections.abc import Iterable

from service.domain.facts.code_lists import Code
from service.intake.simplified import plain_characters

# A name is not cut shorter.
SHORTEST = 2
_GAPS = re.compile(r"[\s·,，/\\>、\-—]+")
_EXPLAINED = re.compile(r"([^()（）]+)[(（][^()（）]+[)）]")


class ListedNames:
    """Codes by their whole names, and with their names by the first two characters of the
    Chinese one."""

    def __init__(self, entries: Iterable[Code]) -> None:
        self.exact: dict[str, list[str]] = {}
        self.by_beginning: dict[str, list[tuple[str, str]]] = {}
        for entry in entries:
            for name in {folded_name(n) for n in (entry.label.zh, entry.label.en, *entry.aliases)}:
                self.exact.setdefault(name, []).append(entry.code)
            name = folded_name(entry.label.zh)
            self.by_beginning.setdefault(name[:SHORTEST], []).append((entry.code, name))
        self._add_short_names()

    def _add_short_names(self) -> None:
        """A label may be written without the explanation in its bracket, 传统行业 for
        传统行业（不从事上列技术）, unless that is the whole name of another code."""
        short: dict[str, list[str]] = {}
        for name, codes in self.exact.items():
            if explained := _EXPLAINED.fullmatch(name):
                short.setdefault(explained[1], []).extend(codes)
        self.exact |= {name: codes for name, codes in short.items() if name not in self.exact}


def is_former(entry: Code) -> bool:
    return bool(entry.successor or entry.valid_to)


def folded_name(name: str) -> str:
    """A name without differences of width, case and characters, or what parts its words."""
    return _GAPS.sub("", plain_characters(name).casefold())
