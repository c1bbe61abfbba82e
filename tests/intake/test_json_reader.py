"""Strict JSON: what is read, what is refused, and where the fault is said to be."""

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import InvalidInput, Malformed
from service.intake.exact import Scientific
from service.intake.json_reader import read_json


def faults(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        read_json(body)
    return [(p.pointer, p.code.value) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1', "line 1, column 8"),
        (b'{"a":\n "b', "line 2, column 2"),
        (b'{"a": 1} x', "line 1, column 10"),
        (b"[1,]", "line 1, column 4"),
        (b"[1 2]", "line 1, column 4"),
        (b"{1: 2}", "line 1, column 2"),
        (b'{"a" 2}', "line 1, column 6"),
        (b"[01]", "line 1, column 3"),
        (b"[+1]", "line 1, column 2"),
        (b"[.5]", "line 1, column 2"),
        (b"[1.]", "line 1, column 3"),
        (b"[True]", "line 1, column 2"),
        (b"['a']", "line 1, column 2"),
        (b'["\\x"]', "line 1, column"),
        (b"\xef\xbb\xbf{}", "line 1, column 1"),
        (b'{"a": "\xff"}', "line 1, byte 8"),
        (b'"\xed\xa0\x80"', "line 1, byte 2"),
        ("[１２]".encode(), "line 1, column 2"),
        (b"[1_0]", "line 1, column 3"),
    ],
)
def test_what_is_not_json_is_malformed_with_line_and_column(body: bytes, words: str) -> None:
    """A body that is not JSON says where it stops being so."""
    with pytest.raises(Malformed) as caught:
        read_json(body)
    assert [p.code.value for p in caught.value.problems] == ["malformed_json"]
    assert words in caught.value.problems[0].message.en


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": 1, "a": 1}', [("/a", "duplicate_key")]),
        (b'{"x": [{"a/b~": 1, "a/b~": 2}]}', [("/x/0/a~1b~0", "duplicate_key")]),
        (b'{"a": NaN}', [("/a", "invalid_value")]),
        (b"[1, -Infinity]", [("/1", "invalid_value")]),
        (b'{"a": 1e309}', [("/a", "out_of_range")]),
        (b'{"a": 1e1000000}', [("/a", "out_of_range")]),
        (b'{"a": 1e-1000000}', [("/a", "out_of_range")]),
        (b'{"a": 1e99999999999999999999}', [("/a", "out_of_range")]),
        (b'{"a": ' + b"9" * 100_000 + b"}", [("/a", "out_of_range")]),
        (b'{"a": 0.' + b"9" * 100_000 + b"}", [("/a", "out_of_range")]),
        (b'{"a": "\\ud800"}', [("/a", "invalid_character")]),
        (b'{"a": "\\udc00\\ud800"}', [("/a", "invalid_character")]),
        (b'{"\\ud800": 1}', [("/\\ud800", "invalid_character")]),
        (b'{"a": "\\u0000"}', [("/a", "invalid_character")]),
        (b'{"a": "\x00"}', [("/a", "invalid_character")]),
        (b'{"a": ["\\u001B"]}', [("/a/0", "invalid_character")]),
        (b'{"a": "\\b"}', [("/a", "invalid_character")]),
        (b'{"a": "\x7f"}', [("/a", "invalid_character")]),
        (b'{"a": "\xc2\x85"}', [("/a", "invalid_character")]),
        (
            b'{"a": 1, "a": NaN, "b": {"c": [1e400, "\\u0007"]}}',
            [
                ("/a", "duplicate_key"),
                ("/a", "invalid_value"),
                ("/b/c/0", "out_of_range"),
                ("/b/c/1", "invalid_character"),
            ],
        ),
    ],
)
def test_json_that_says_the_impossible(body: bytes, expected: list[tuple[str, str]]) -> None:
    """Every fault of a document is told at once, each with its pointer."""
    assert faults(body) == expected


def test_faults_before_a_syntax_error_are_told_with_it() -> None:
    """A cut document still shows what was wrong before the cut."""
    assert faults(b'{"a": NaN, "b": ') == [("/a", "invalid_value"), ("", "malformed_json")]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_hundred_thousand_openings_are_refused_at_once(opening: bytes) -> None:
    """Depth costs neither the stack nor time."""
    start = time.process_time()
    assert [code for _, code in faults(opening * 100_000)] == ["too_deep"]
    assert time.process_time() - start < 1


def test_64_levels_are_read_and_65_are_not() -> None:
    """The limit itself is allowed, for arrays and objects alike."""
    assert read_json(b"[" * 64 + b"]" * 64)
    assert [c for _, c in faults(b"[" * 65 + b"]" * 65)] == ["too_deep"]
    assert read_json(b'{"a":' * 64 + b"1" + b"}" * 64)
    assert [c for _, c in faults(b'{"a":' * 65 + b"1" + b"}" * 65)] == ["too_deep"]
    assert read_json(b"[" + b",".join([b"[]"] * 500) + b"]")


def test_no_more_than_a_hundred_problems_are_listed() -> None:
    """A hostile body cannot make an answer much larger than itself."""
    body = b"[" + b",".join([b'{"a":1,"a":2}'] * 5000) + b"]"
    assert len(faults(body)) == 100


def test_numbers_are_exact() -> None:
    """Fractions are decimals as written, whole numbers are ints, an exponent is remembered."""
    value = read_json(b"[0.1, 60000000.50, 12, -0, 6e7]")
    assert value == [Decimal("0.1"), Decimal("60000000.50"), 12, 0, Decimal("6e7")]
    assert isinstance(value, list)
    assert [type(v) for v in value] == [Decimal, Decimal, int, int, Scientific]


def test_escapes_that_look_bad_and_are_not() -> None:
    """A surrogate pair is a character; an escaped backslash begins no escape."""
    assert read_json(b'"\\ud83d\\ude00 \\\\u0000 \\t\\n"') == "😀 \\u0000 \t\n"


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(value=plain, ascii_only=st.booleans())
def test_sound_documents_are_read_as_any_reader_would(value: object, ascii_only: bool) -> None:
    """Strictness changes no sound value: what is not refused equals the standard reading."""
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    try:
        read = read_json(body)
    except InvalidInput as error:
        codes = {p.code.value for p in error.problems}
    else:
        codes = set()
        assert read == value
    assert codes <= {"invalid_character", "malformed_json"}


@given(st.binary() | st.text(alphabet='{}[]",:\\u0123456789eE+-. ntrfalsNI').map(str.encode))
def test_any_bytes_are_read_or_refused_in_order(body: bytes) -> None:
    """No body raises anything but InvalidInput, and a refusal names at least one fault."""
    try:
        read_json(body)
    except InvalidInput as error:
        told = len(error.problems)
    else:
        json.loads(body)
        return
    assert told
