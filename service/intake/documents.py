"""Files a person hands to the command line: JSON or YAML, read as strictly as a request body.

YAML means here what JSON would: no aliases, no tags, no `yes` for true, no octal numbers; a date
stays the string it is. Only thousands may be parted as policy files have them, 20_000_000. What is
refused is refused with pointers, as in a request.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from service.domain.errors import ErrorCode, InvalidInput, Malformed, NotFound, Problem
from service.domain.text import Text
from service.intake.exact import read_exact, read_whole
from service.intake.faults import MAX_PROBLEMS, pointer_step, shown_text
from service.intake.json_faults import DEEPEST, bad_character
from service.intake.json_reader import read_json

_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:_[0-9]{3})+)(\.[0-9]+)?([eE][+-]?[0-9]+)?"
)
# Said of what is nested so deep that the parser has a limit of its own.
_PARSERS_DEPTH = "maximum nesting depth"
_PLAIN_VALUES = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_document(path: Path | str) -> object:
    """The plain value of a .json, .yaml or .yml file.

    Raises NotFound, InvalidInput, or Malformed where the file cannot be read as what it claims.
    """
    file = Path(path)
    kind = file.suffix.lower()
    if kind not in (".json", ".yaml", ".yml"):
        words = Text(
            "只读取 .json、.yaml 和 .yml 文件", "only .json, .yaml and .yml files are read"
        )
        raise InvalidInput(
            (Problem("", ErrorCode.UNSUPPORTED_TYPE, words),), ErrorCode.UNSUPPORTED_TYPE
        )
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise NotFound(Text("文件", "file"), str(path)) from None
    return read_json(content) if kind == ".json" else read_yaml(content)


def read_yaml(content: bytes) -> object:
    """The plain value of a YAML document. Raises InvalidInput, Malformed."""
    reader = _YamlReader()
    try:
        with suppress(_Stop):
            for event in yaml.parse(content, Loader=yaml.CSafeLoader):
                reader.take(event)
    except yaml.YAMLError as error:
        if _PARSERS_DEPTH not in str(error):
            reader.problems.append(_malformed(error))
            raise Malformed(tuple(reader.problems), ErrorCode.BAD_REQUEST) from None
        reader.note_too_deep()
    if reader.problems:
        raise InvalidInput(tuple(reader.problems), reader.problems[0].code)
    return reader.value


def _malformed(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "not UTF-8 text"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    words = Text(
        "第 {line} 行第 {column} 列不是有效的 YAML：{what}",
        "no valid YAML at line {line}, column {column}: {what}",
    ).format(line=str(line), column=str(column), what=shown_text(str(what)))
    return Problem("", ErrorCode.BAD_REQUEST, words)


class _Stop(Exception):
    """Not an error: the reading is over."""


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that has begun; `key` is None where a mapping waits for one."""

    value: dict[str, Any] | list[Any]
    key: str | None = None
    keys: set[str] = field(default_factory=set)

    @property
    def here(self) -> str | int | None:
        """The key or index being read; None between two entries of a mapping."""
        return len(self.value) if isinstance(self.value, list) else self.key


class _YamlReader:
    """Builds a plain value from YAML events, noting what is wrong; no recursion, no aliases."""

    def __init__(self) -> None:
        self.value: object = None
        self.problems: list[Problem] = []
        self.documents = 0
        self.stack: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        """The next event."""
        if isinstance(event, yaml.DocumentStartEvent):
            self._begin()
        elif isinstance(event, yaml.AliasEvent):
            self._note(ErrorCode.INVALID_VALUE, "不能使用别名", "aliases are not allowed")
            self._add(None)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open({} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)

    def note_too_deep(self) -> None:
        """Note what is nested deeper than a profile may be."""
        self._note(
            ErrorCode.TOO_DEEP, f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"
        )

    def _begin(self) -> None:
        self.documents += 1
        if self.documents > 1:
            self._note(
                ErrorCode.INVALID_VALUE, "文件中只能有一个文档", "only one document to a file"
            )
            raise _Stop

    def _open(self, value: dict[str, Any] | list[Any]) -> None:
        if len(self.stack) == DEEPEST:
            self.note_too_deep()
            raise _Stop
        if self._awaits_key:
            self._note(ErrorCode.WRONG_TYPE, "键名应为文字", "a key must be text")
            raise _Stop
        self.stack.append(_Open(value))

    def _close(self) -> None:
        self._add(self.stack.pop().value)

    @property
    def _awaits_key(self) -> bool:
        return (
            bool(self.stack)
            and isinstance(self.stack[-1].value, dict)
            and (self.stack[-1].key is None)
        )

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        if self._awaits_key:
            self._key(text)
            return
        if event.tag is not None:
            self._note(ErrorCode.INVALID_VALUE, "不能使用标签", "tags are not allowed")
        self._check_text(text)
        self._add(self._plain(text) if event.implicit[0] else text)

    def _key(self, text: str) -> None:
        top = self.stack[-1]
        top.key = text
        self._check_text(text)
        if text in top.keys:
            key = shown_text(text)
            self._note(ErrorCode.DUPLICATE_KEY, f"键 {key} 重复", f"the key {key} is repeated")
        top.keys.add(text)

    def _plain(self, text: str) -> object:
        """The value of an unquoted scalar."""
        if text in _PLAIN_VALUES:
            return _PLAIN_VALUES[text]
        found = _NUMBER.fullmatch(text)
        if not found:
            return text
        written = text.replace("_", "")
        try:
            return read_exact(written) if found[1] or found[2] else read_whole(written)
        except ValueError:
            number = shown_text(text)
            self._note(
                ErrorCode.OUT_OF_RANGE,
                f"数字 {number} 超出范围",
                f"the number {number} is out of range",
            )
            return None

    def _add(self, value: object) -> None:
        """A finished value into the container around it."""
        if not self.stack:
            self.value = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key] = value
            top.key = None

    def _check_text(self, text: str) -> None:
        if character := bad_character(text):
            self._note(
                ErrorCode.INVALID_CHARACTER,
                f"含有不允许的字符 {character}",
                f"holds the character {character}, which is not allowed",
            )

    def _note(self, code: ErrorCode, zh: str, en: str) -> None:
        pointer = "".join(pointer_step(f.here) for f in self.stack if f.here is not None)
        self.problems.append(Problem(pointer, code, Text(zh, en)))
        if len(self.problems) == MAX_PROBLEMS:
            raise _Stop
