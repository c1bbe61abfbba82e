"""Strict JSON: exact numbers, and every fault of a body with its place.

The C decoder reads sound bodies. It cannot say where a key is repeated or a number is beyond reach,
so at the first sign of anything but a sound body the fault finder reads it again, slowly and well.
"""

import json
import re
from typing import NoReturn

from service.domain.errors import ErrorCode, InvalidInput, Malformed, Problem
from service.domain.text import Text
from service.intake.exact import read_exact, read_whole
from service.intake.json_faults import DEEPEST, find_faults

# Escapes of control characters and surrogates, and control characters that JSON lets stand raw.
# Merely suspicious: a pair of surrogates is sound, and so is a backslash that escapes a backslash.
_SUSPICIOUS = re.compile(
    r"\\(?:[bfr]|u(?:00(?:[01][0-9A-Fa-f]|7[Ff]|[89][0-9A-Fa-f])|[Dd][89A-Fa-f]))|[\x7f-\x9f]"
)
_MAYBE_SUSPICIOUS = re.compile(rb"[\\\x7f\xc2]")


def read_json(body: bytes) -> object:
    """The value of a JSON document: integers as int, other numbers as exact Decimal.

    Raises Malformed where it is not JSON, InvalidInput where it is JSON that says something
    impossible: a repeated key, a number beyond reach, a lone surrogate, a control character, or
    nesting deeper than 64. All faults are told at once.
    """
    text = _decode(body)
    try:
        value: object = _DECODER.decode(text)
    except (ValueError, RecursionError):
        _refuse(text)
        raise
    if (_MAYBE_SUSPICIOUS.search(body) and _SUSPICIOUS.search(text)) or _is_deep(body, value):
        _refuse(text)
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is repeated")
    return value


_DECODER = json.JSONDecoder(
    parse_float=read_exact,
    parse_int=read_whole,
    parse_constant=_no_constant,
    object_pairs_hook=_object,
)


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        words = Text(
            "第 {line} 行第 {column} 字节不是 UTF-8", "not UTF-8 at line {line}, byte {column}"
        ).format(line=str(line), column=str(column))
        problem = Problem("", ErrorCode.MALFORMED_JSON, words)
        raise Malformed((problem,), ErrorCode.MALFORMED_JSON) from None


def _refuse(text: str) -> None:
    """Raise with the faults of a suspicious text; return where there are none."""
    found = find_faults(text)
    if found.malformed:
        raise Malformed(found.problems, ErrorCode.MALFORMED_JSON) from None
    if found.problems:
        raise InvalidInput(found.problems, found.problems[0].code) from None


def _is_deep(body: bytes, value: object) -> bool:
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        level = [child for outer in level for child in _children(outer)]
    return any(isinstance(v, dict | list) for v in level)


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
