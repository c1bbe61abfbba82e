"""What is wrong with a file that is no YAML, in a policy officer's words."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

import yaml

from service.catalogue.fault_words import NOTHING, quoted, say
from service.domain.text import Text

MAX_DEPTH = 60
TOO_DEEP = say("nested_deeper_than_levels", max_depth=MAX_DEPTH)
# Said of what is nested so deep that the parser has a limit of its own.
_PARSERS_DEPTH = "maximum nesting depth"

# What YAML reads as part of a word, and the sign that was meant.
_LOOKALIKES = {
    "：": ":", "，": ",", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]",
    "“": '"', "”": '"', "‘": "'", "’": "'", "－": "-", "＃": "#",
    "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
# Ordinary signs of Chinese prose, which in a code stand for a list.
_LIST_SIGNS = {"、": ",", "〔": "[", "〕": "]", "（": "[", "）": "]"}
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_WIDE_INDENTATION = re.compile("[ \u3000\u00a0]*([\u3000\u00a0])")

# Told at the line where what is not closed was opened, not where the file ends.
_OPENED_EARLIER = ("unexpected end of stream", "expected ',' or '}'", "expected ',' or ']'")
_PROBLEMS = {
    "mapping values are not allowed": "a_colon_and_a_blank_inside",
    "could not find expected ':'": "yaml_key_without_colon",
    "did not find expected ',' or '}'": "yaml_mapping_not_closed",
    "did not find expected ',' or ']'": "yaml_list_not_closed",
    "did not find expected key": "this_line_does_not_stand_under",
    "did not find expected '-' indicator": "yaml_line_out_of_place",
    "found unexpected end of stream": "yaml_quote_not_closed",
    "did not find expected node content": "yaml_value_is_missing",
    "but found another document": "a_line_of_begins_a_second",
    "control characters are not allowed": "the_file_holds_a_control_character",
    "unknown escape character": "yaml_backslash",
    "hexdecimal number": "yaml_backslash",
    "cannot start any token": "yaml_begins_with_a_sign",
    "alphabetic or numeric character": "yaml_begins_with_a_sign",
    "undefined tag handle": "yaml_begins_with_a_sign",
    "expected whitespace or line break": "yaml_begins_with_a_sign",
    "expected comment or line break": "yaml_begins_with_a_sign",
}  # fmt: skip


def explain_fault(text: str, error: yaml.MarkedYAMLError) -> tuple[int, Text]:
    """The line, counted from 1, where a file stops being YAML, and why."""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and any(words in str(error.problem) for words in _OPENED_EARLIER):
        mark = error.context_mark
    line = mark.line + 1 if mark else 1
    if _PARSERS_DEPTH in str(error.problem):
        return line, TOO_DEEP
    if "\\t" in str(error.problem) or _tab_at(text, line):
        return line, say("yaml_tab")
    first = min((m.line + 1 for m in (error.context_mark, mark) if m), default=line)
    found = next(chain(_find_lookalikes(text, first, line), _wide_indentation(text, line)), None)
    if found:
        at, sign = found
        return at, say("not_yaml", known=_instead(sign, _LOOKALIKES))
    problem = str(error.problem or error.context or "")
    key = next((key for words, key in _PROBLEMS.items() if words in problem), None)
    if key == "this_line_does_not_stand_under" and _is_closed_too_often(text, line):
        key = "yaml_closed_too_often"
    return line, say("not_yaml", known=say(key or "cannot_be_read_at_all"))


def _is_closed_too_often(text: str, line: int) -> bool:
    """Whether a line closes a bracket that it does not open."""
    signs = _QUOTED.sub("", text.splitlines()[line - 1])
    return any(signs.count(end) > signs.count(start) for start, end in ("{}", "[]"))


def lookalike_in(word: str) -> Text | None:
    """What to say about a sign in a word that looks like one of YAML's; None where none is."""
    sign = next((c for c in word if c in _LOOKALIKES), None)
    if sign is None:
        return None
    ending = say("and_a_blank") if _LOOKALIKES[sign] == ":" else NOTHING
    return _instead(sign, _LOOKALIKES, ending)


def lookalike_in_value(word: str) -> Text | None:
    """What is said of a code that contains a lookalike of the signs of a list, or of quotes; None
    where it contains none."""
    sign = next((c for c in word if c in _LIST_SIGNS), None)
    return lookalike_in(word) if sign is None else _instead(sign, _LIST_SIGNS)


def _instead(sign: str, meant: Mapping[str, str], ending: Text = NOTHING) -> Text:
    """What to write in place of a sign."""
    written = quoted(meant[sign])
    return say("is_no_sign_of_yaml_write", sign=_describe_sign(sign), meant=written, ending=ending)


def _tab_at(text: str, line: int) -> bool:
    lines = text.splitlines()
    return 0 < line <= len(lines) and "\t" in _QUOTED.sub("", lines[line - 1])


def _find_lookalikes(text: str, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Signs outside quotes that look like YAML's own, with their lines."""
    for number, line in enumerate(text.splitlines()[first - 1 : last], first):
        for sign in _QUOTED.sub("", line):
            if sign in _LOOKALIKES:
                yield number, sign


def _wide_indentation(text: str, last: int) -> Iterator[tuple[int, str]]:
    """Blanks of another width before the first word of a line, which make what follows a part of
    the text above; with their lines, the last of them first."""
    lines = text.splitlines()[:last]
    for number, line in reversed(list(enumerate(lines, 1))):
        blanks = _WIDE_INDENTATION.match(line)
        if blanks:
            yield number, blanks[1]


def _describe_sign(sign: str) -> Text:
    if sign in "\u3000\u00a0":
        return say("a_blank_of_another_width_u", ord=f"{ord(sign):04X}")
    return say("the_full_width_u", sign=quoted(sign), ord=f"{ord(sign):04X}")
