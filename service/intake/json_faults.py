"""Finds everything wrong with a JSON text, with pointers: the slow second reading.

One pass without recursion, so that depth costs nothing. A syntax error ends it, since nothing after
it has a certain meaning; every other fault is noted and the reading goes on.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from service.domain.errors import ErrorCode, Problem
from service.domain.text import Text
from service.intake.exact import read_exact, read_whole
from service.intake.faults import MAX_PROBLEMS, pointer_step, shown_text

DEEPEST = 64

_LENIENT = json.JSONDecoder(strict=False)  # used where a string begins: lets controls pass
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LITERAL = re.compile(r"true|false|null|NaN|-?Infinity")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class JsonFaults:
    """What is wrong; `malformed` where the text is not JSON at all."""

    problems: tuple[Problem, ...]
    malformed: bool


@dataclass(slots=True)
class _Open:
    """An object or array that has begun; `here` is the key or index being read."""

    closer: str
    here: str | int = 0
    keys: set[str] = field(default_factory=set)


class _Stop(Exception):
    """Not an error: the reading is over."""


def find_faults(text: str) -> JsonFaults:
    """Everything wrong with a JSON text."""
    return _Finder(text).run()


def bad_character(text: str) -> str | None:
    """The first character no submitted text may hold, by its code point: controls other than tab
    and line feed, and halves of surrogate pairs."""
    found = _NO_TEXT.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


class _Finder:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stack: list[_Open] = []
        self.problems: list[Problem] = []
        self.malformed = False

    def run(self) -> JsonFaults:
        with suppress(_Stop):
            self._document()
        return JsonFaults(tuple(self.problems), self.malformed)

    def _document(self) -> None:
        self._value()
        while self.stack:
            self._after_value()
        self._skip()
        if self.at < len(self.text):
            self._broken("文档结束后还有内容", "there is more after the end of the document")

    def _after_value(self) -> None:
        """What follows a value inside a container, up to the next value or the end of it."""
        top = self.stack[-1]
        following = self._peek()
        if following == top.closer:
            self.at += 1
            self.stack.pop()
        elif following == ",":
            self.at += 1
            if isinstance(top.here, int):
                top.here += 1
            else:
                self._key(top)
            self._value()
        else:
            self._broken(
                f"此处应为逗号或 {top.closer}", f"a comma or {top.closer} is expected here"
            )

    def _value(self) -> None:
        """One value: scalars whole, containers up to and including their first value."""
        while (opening := self._peek()) in ("{", "["):
            self._open(opening)
            if self._peek() == self.stack[-1].closer:
                self.at += 1
                self.stack.pop()
                return
            if opening == "{":
                self._key(self.stack[-1])
        if opening == '"':
            self._check_text(self._string())
        elif found := _NUMBER.match(self.text, self.at):
            self._number(found)
        elif found := _LITERAL.match(self.text, self.at):
            self._literal(found)
        else:
            self._broken("此处应为一个值", "a value is expected here")

    def _open(self, opening: str) -> None:
        if len(self.stack) == DEEPEST:
            self._note(
                ErrorCode.TOO_DEEP,
                Text(f"嵌套超过 {DEEPEST} 层", f"nested deeper than {DEEPEST} levels"),
            )
            raise _Stop
        self.at += 1
        self.stack.append(_Open("}", "") if opening == "{" else _Open("]"))

    def _key(self, top: _Open) -> None:
        if self._peek() != '"':
            self._broken("此处应为带引号的键名", "a key in double quotes is expected here")
        key = top.here = self._string()
        self._check_text(key)
        if key in top.keys:
            words = Text("键 {key} 重复", "the key {key} is repeated").format(key=shown_text(key))
            self._note(ErrorCode.DUPLICATE_KEY, words)
        top.keys.add(key)
        if self._peek() != ":":
            self._broken("键名后应为冒号", "a colon is expected after the key")
        self.at += 1

    def _string(self) -> str:
        try:
            value, self.at = _LENIENT.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            self._broken("字符串不完整或转义有误", "a string is cut or has a wrong escape")
        return str(value)

    def _check_text(self, text: str) -> None:
        if character := bad_character(text):
            words = Text("含有不允许的字符 {c}", "holds the character {c}, which is not allowed")
            self._note(ErrorCode.INVALID_CHARACTER, words.format(c=character))

    def _number(self, found: re.Match[str]) -> None:
        self.at = found.end()
        read: Callable[[str], object] = read_exact if found[1] or found[2] else read_whole
        try:
            read(found[0])
        except ValueError:
            words = Text("数字 {number} 超出范围", "the number {number} is out of range")
            self._note(ErrorCode.OUT_OF_RANGE, words.format(number=shown_text(found[0])))

    def _literal(self, found: re.Match[str]) -> None:
        self.at = found.end()
        if found[0] in ("true", "false", "null"):
            return
        words = Text("{name} 不是数字", "{name} is no number").format(name=found[0])
        self._note(ErrorCode.INVALID_VALUE, words)

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()

    def _peek(self) -> str:
        """The next character that is not white space; empty at the end."""
        self._skip()
        return self.text[self.at : self.at + 1]

    def _note(self, code: ErrorCode, words: Text) -> None:
        pointer = "".join(pointer_step(frame.here) for frame in self.stack)
        self.problems.append(Problem(pointer, code, words))
        if len(self.problems) == MAX_PROBLEMS:
            raise _Stop

    def _broken(self, zh: str, en: str) -> NoReturn:
        before = self.text[: self.at]
        line, column = before.count("\n") + 1, self.at - before.rfind("\n")
        pattern = Text("第 {line} 行第 {column} 列：{what}", "line {line}, column {column}: {what}")
        words = pattern.format(line=str(line), column=str(column), what=Text(zh, en))
        self.problems.append(Problem("", ErrorCode.MALFORMED_JSON, words))
        self.malformed = True
        raise _Stop
