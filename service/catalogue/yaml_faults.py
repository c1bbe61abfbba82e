"""What is wrong with a file that is no YAML, in a policy officer's words."""

import re
from collections.abc import Iterator

import yaml

# What YAML reads as part of a word, and the sign that was meant.
_LOOKALIKES = {
    "：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]",
    "“": '"', "”": '"', "‘": "'", "’": "'", "－": "-", "＃": "#",
    "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
# Ordinary signs of Chinese prose, which in a code stand for a list.
_LIST_SIGNS = {"、": ",", "〔": "[", "〕": "]", "（": "[", "）": "]"}
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_BLOCK_RUN = re.compile(r"^[ ?:-]{400,}", re.MULTILINE)
_MANY_BRACKETS = 2_000
MAX_DEPTH = 60

# Told at the line where what is not closed was opened, not where the file ends.
_OPENED_EARLIER = ("unexpected end of stream", "expected ',' or '}'", "expected ',' or ']'")
_PROBLEMS = {
    "mapping values are not allowed": "a colon and a blank inside a text: put the text in quotes",
    "could not find expected ':'": "a key without a colon and a blank behind it",
    "did not find expected ',' or '}'": "a {…} is not closed, or a text in it needs quotes",
    "did not find expected ',' or ']'": "a […] is not closed, or a text in it needs quotes",
    "did not find expected key": "this line does not stand under the one above it: check the "
    "blanks it begins with, and the quotes before it",
    "did not find expected '-' indicator": "this line does not belong to the list above it: check "
    "the blanks it begins with",
    "found unexpected end of stream": "a quote or a bracket is not closed",
    "did not find expected node content": "a value is missing, or a text needs quotes",
    "but found another document": "a line of --- begins a second document: a file holds one",
    "control characters are not allowed": "the file holds a control character",
}  # fmt: skip


def explain_fault(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """The line, counted from 1, where a file stops being YAML, and why."""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and any(words in str(error.problem) for words in _OPENED_EARLIER):
        mark = error.context_mark
    line = mark.line + 1 if mark else 1
    if "\\t" in str(error.problem) or _tab_at(text, line):
        return line, "not YAML: a tab begins the line or stands between values: use blanks"
    first = min((m.line + 1 for m in (error.context_mark, mark) if m), default=line)
    found = next(_find_lookalikes(text, first, line), None)
    if found:
        at, sign = found
        return (
            at,
            f"not YAML: {_describe_sign(sign)} is no sign of YAML: write {_LOOKALIKES[sign]!r}",
        )
    problem = str(error.problem or error.context or "cannot be read")
    known = next((words for key, words in _PROBLEMS.items() if key in problem), problem)
    return line, f"not YAML: {known}"


def lookalike_in(word: str) -> str | None:
    """What to say about a sign in a word that looks like one of YAML's; None where none is."""
    sign = next((c for c in word if c in _LOOKALIKES), None)
    if sign is None:
        return None
    ending = " and a blank" if _LOOKALIKES[sign] == ":" else ""
    return f"{_describe_sign(sign)} is no sign of YAML: write {_LOOKALIKES[sign]!r}{ending}"


def lookalike_in_value(word: str) -> str | None:
    """The same of a code, in which a list or its quotes were meant."""
    sign = next((c for c in word if c in _LIST_SIGNS), None)
    if sign is not None:
        return f"{_describe_sign(sign)} is no sign of YAML: write {_LIST_SIGNS[sign]!r}"
    return lookalike_in(word)


def is_too_deep(text: str) -> bool:
    """Whether a file is nested deeper than any policy. Found without building it: composing
    tens of thousands of open brackets would end the process."""
    if text.count("[") + text.count("{") < _MANY_BRACKETS and not _BLOCK_RUN.search(text):
        return False
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                return True
    except yaml.YAMLError:
        return False
    return False


def _tab_at(text: str, line: int) -> bool:
    lines = text.splitlines()
    return 0 < line <= len(lines) and "\t" in _QUOTED.sub("", lines[line - 1])


def _find_lookalikes(text: str, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Signs outside quotes that look like YAML's own, with their lines."""
    for number, line in enumerate(text.splitlines()[first - 1 : last], first):
        for sign in _QUOTED.sub("", line):
            if sign in _LOOKALIKES:
                yield number, sign


def _describe_sign(sign: str) -> str:
    if sign in "\u3000\u00a0":
        return f"a blank of another width (U+{ord(sign):04X})"
    return f"the full-width {sign!r} (U+{ord(sign):04X})"
