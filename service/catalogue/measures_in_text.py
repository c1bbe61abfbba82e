"""Which measures a text holds, and where each begins: by its document number or its title."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import dropwhile, pairwise, takewhile

from service.catalogue.normal_wording import normalise_wording
from service.domain.rules.measures import Evidence, Measure

_MAX_LABEL_LENGTH = 12  # characters that may stand beside a document number on its line
_TITLE_LINES = 4
_NAMED_TITLE = re.compile("《(.+)》")


def find_measures(text: str, measures: Iterable[Measure]) -> Mapping[str, str]:
    """The text of each official measure that a file holds, by the measure's id, in file order.

    A measure is known by its document number on a line of its own, or by its title at the start of
    a line. Its text runs to the next measure or to the end of the file.
    """
    lines = text.splitlines()
    plain = [normalise_wording(line) for line in lines]
    starts: dict[int, str] = {}
    for measure in measures:
        start = _start_of(plain, measure)
        if measure.evidence is Evidence.OFFICIAL and start is not None:
            starts[start] = measure.id
    bounds = [*sorted(starts), len(lines)]
    return {starts[start]: "\n".join(lines[start:end]) for start, end in pairwise(bounds)}


def _start_of(plain: Sequence[str], measure: Measure) -> int | None:
    number, title = (
        _same_brackets(normalise_wording(measure.number)),
        normalise_wording(measure.title.zh),
    )
    for i, line in enumerate(plain):
        if number in _same_brackets(line) and len(line) <= len(number) + _MAX_LABEL_LENGTH:
            return _notice_start(plain, i, title)
    return next((i for i in range(len(plain)) if is_title(plain, i, title)), None)


def _same_brackets(text: str) -> str:
    """The brackets around a document number's year are written in many ways."""
    return re.sub("[(\\[【]", "〔", re.sub("[)\\]】]", "〕", text))


def _notice_start(plain: Sequence[str], number: int, title: str) -> int:
    """The line at which a notice begins, whose document number stands on line `number`: that of its
    title where there is one, or the first of the file where nothing else stands above it."""
    end = number
    while end > 0 and not plain[end - 1]:
        end -= 1
    start = end
    while start > 0 and plain[start - 1] and not plain[start - 1].endswith("。"):
        start -= 1
    return start if start == 0 or title in "".join(plain[start:end]) else number


def is_title(plain: Sequence[str], i: int, title: str) -> bool:
    """Whether the title begins with this line; it may run over a few."""
    head = plain[i]
    if not head or not (title.startswith(head) or head.startswith(title)):
        return False
    return "".join(plain[i : i + _TITLE_LINES]).startswith(title)


def title_of(text: str) -> str:
    """The title of a text: its first line that says something; where a notice stands before the
    document, the title that it names, where the text repeats it."""
    lines = [line.strip().strip("\ufeff ") for line in text.splitlines()]
    said = list(dropwhile(lambda line: not line, lines))
    opening = list(takewhile(bool, said))
    below = [normalise_wording(line) for line in said[len(opening) :]]
    named = _NAMED_TITLE.search("".join(opening))
    if named and any(is_title(below, i, normalise_wording(named[1])) for i in range(len(below))):
        return named[1]
    return opening[0].strip("《》 ") if opening else ""
