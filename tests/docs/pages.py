"""The pages a reader has, and the blocks in them."""

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from service.settings import PROJECT

PAGES = (*sorted(PROJECT.glob("README*.md")), *sorted((PROJECT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OUTPUT = ("text", "json")


@dataclass(frozen=True)
class Commands:
    """A block of commands, where it stands, and the output shown under it, if any."""

    page: str
    line: int
    text: str
    shown: str | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(text: str, language: str) -> list[str]:
    """The contents of a page's fenced blocks of one language."""
    return [content for name, content in _BLOCK.findall(text) if name == language]


def commands() -> list[Commands]:
    """Every block of commands of every page. Output follows its commands with nothing between."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        matches = list(_BLOCK.finditer(text))
        for this, after in zip_longest(matches, matches[1:]):
            if this[1] != "sh":
                continue
            adjacent = after and not text[this.end() : after.start()].strip()
            shown = after[2] if after and adjacent and after[1] in OUTPUT else None
            line = text.count("\n", 0, this.start()) + 1
            found.append(Commands(str(page.relative_to(PROJECT)), line, this[2], shown))
    return found


def read(name: str) -> str:
    return Path(PROJECT / name).read_text(encoding="utf-8")
