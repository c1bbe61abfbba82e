"""Signs of policy files that nobody sees, such as the blank of no width that a copied text brings:
a code with one in it is another code, a name with one is not found."""

import re
from collections.abc import Iterator

from service.catalogue.fault_words import quoted, say
from service.domain.text import Text

# Soft hyphens, blanks of no width, and what turns the direction of all that follows.
_NEVER = "\u00ad\u180e\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069"
# Arabic, Hebrew, the scripts of India and of South-East Asia join and part their letters by these.
_JOINERS = "\u200c-\u200f"
_UNSEEN = re.compile(f"[{_NEVER}{_JOINERS}]")
_UNSEEN_BESIDE_JOINERS = re.compile(f"[{_NEVER}]")
_WRITTEN_WITH_JOINERS = re.compile("[\u0590-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LONGEST_WORD = 24


def unseen_signs(text: str) -> Iterator[tuple[int, Text]]:
    """Each invisible sign of a text: its line, counted from 1, and the fault in words. The byte
    order mark at the beginning of a file is allowed."""
    if not _UNSEEN.search(text, 1):
        return
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        for found in _unseen_of(line).finditer(line):
            word = quoted(_word_around(line, found.start()))
            yield number, say("a_sign_that_nobody_sees", code=f"{ord(found[0]):04X}", word=word)


def without_unseen(text: str) -> str:
    """The text without its invisible signs."""
    if not _UNSEEN.search(text):
        return text
    return "".join(_unseen_of(line).sub("", line) for line in text.splitlines(keepends=True))


def _unseen_of(line: str) -> re.Pattern[str]:
    return _UNSEEN_BESIDE_JOINERS if _WRITTEN_WITH_JOINERS.search(line) else _UNSEEN


def _word_around(line: str, place: int) -> str:
    """What is read where the sign stands, so that a person finds it."""
    before = _UNSEEN.sub("", line[:place]).split(" ")[-1][-_LONGEST_WORD:]
    return before + _UNSEEN.sub("", line[place:]).split(" ")[0][:_LONGEST_WORD]
