"""The one exception tree.

HuiceError
├── InvalidInput      the submitted thing is wrong; carries every problem found, with its place
│   └── Malformed     it could not even be read (JSON, YAML, table)
├── NotFound          nothing of that name
├── Refused           right in form, not allowed now
└── BrokenCatalogue   policy files that must not reach traffic; carries file, line and reason
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.text import SEMICOLON, Text, enumerated, join

_AT = Text("{place}: {message}", "{place}: {message}")
_ALLOWED = Text("（可以写：{names}{rest}）", " (allowed: {names}{rest})")
_MORE = Text("，另有 {count} 个", " and {count} more")


class ErrorCode(StrEnum):
    """Stable codes of the public interface. This list only grows."""

    MALFORMED_JSON = "malformed_json"
    DUPLICATE_KEY = "duplicate_key"
    TOO_DEEP = "too_deep"
    INVALID_CHARACTER = "invalid_character"
    INVALID_PROFILE = "invalid_profile"
    INVALID_REQUEST = "invalid_request"
    REQUIRED = "required"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    INVALID_VALUE = "invalid_value"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    DUPLICATE_VALUE = "duplicate_value"
    INVALID_DATE = "invalid_date"
    WRONG_LENGTH = "wrong_length"
    WRONG_CHARACTER = "wrong_character"
    WRONG_CHECK_CHARACTER = "wrong_check_character"
    INVALID_QUERY = "invalid_query"
    INVALID_CURSOR = "invalid_cursor"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    TOO_LARGE = "too_large"
    UNSUPPORTED_TYPE = "unsupported_type"
    BAD_REQUEST = "bad_request"
    CONFLICT = "conflict"
    BROKEN_CATALOGUE = "broken_catalogue"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    PRECONDITION_FAILED = "precondition_failed"
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    QUOTA_EXCEEDED = "quota_exceeded"
    RATE_LIMITED = "rate_limited"
    BUSY = "busy"
    STORAGE_UNAVAILABLE = "storage_unavailable"
    STORAGE_FULL = "storage_full"
    MIGRATING = "migrating"
    DATABASE_NEWER = "database_newer"
    INTERNAL = "internal"


# In how many seconds it is worth asking again, where nothing more exact is known: a lock is let go
# within a moment, a disk is emptied by somebody.
RETRY_AFTER_SECONDS: Mapping[str, int] = {
    ErrorCode.BUSY: 1,
    ErrorCode.RATE_LIMITED: 1,
    ErrorCode.STORAGE_UNAVAILABLE: 2,
    ErrorCode.MIGRATING: 10,
    ErrorCode.STORAGE_FULL: 60,
    ErrorCode.DATABASE_NEWER: 60,
}


class HuiceError(Exception):
    """The root; `code` is what a client may switch on."""

    code = ErrorCode.INTERNAL


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: RFC 6901 pointer to the place, code, and words."""

    pointer: str
    code: ErrorCode
    message: Text


@dataclass
class InvalidInput(HuiceError):
    """The input was understood and is wrong; every problem is listed at once."""

    problems: tuple[Problem, ...]
    code: ErrorCode = field(default=ErrorCode.INVALID_PROFILE)

    @property
    def words(self) -> Text:
        """Every problem with its place, in a row."""
        said = (_AT.format(place=p.pointer or "/", message=p.message) for p in self.problems)
        return join(said, SEMICOLON)

    def __str__(self) -> str:
        return self.words.en


class Malformed(InvalidInput):
    """The input could not be read at all."""


@dataclass
class NotFound(HuiceError):
    """There is no `kind` called `name`; `suggestion` is the nearest known name, `pointer` the part
    of a request that names it, where its address does not."""

    kind: Text
    name: str
    suggestion: str | None = None
    code: ErrorCode = field(default=ErrorCode.NOT_FOUND)
    pointer: str | None = None

    def __str__(self) -> str:
        return f"no {self.kind.en} {self.name!r}"


@contextmanager
def named_at(pointer: str) -> Iterator[None]:
    """Within it, what is not found was named in this part of a request."""
    try:
        yield
    except NotFound as error:
        error.pointer = pointer
        raise


@dataclass
class Refused(HuiceError):
    """Understood, but not possible in the present state. `retry_after`: in how many seconds it will
    be, where that is known."""

    reason: Text
    code: ErrorCode = field(default=ErrorCode.CONFLICT)
    retry_after: int | None = None

    def __str__(self) -> str:
        return self.reason.en


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault in a policy file: where (line from 1; 0 of the whole), what, what is allowed there.

    `more` says how many allowed names are not listed. `about`: a key or a value of the file whose
    line it is told at, where that is found later.
    """

    file: str
    line: int
    message: Text
    allowed: tuple[str, ...] = ()
    more: int = 0
    about: str = ""

    @property
    def place(self) -> tuple[str, int, str]:
        """What faults are told in the order of."""
        return self.file, self.line, self.message.en

    @property
    def words(self) -> Text:
        """The fault with its place, as a person reads it."""
        rest = _MORE.format(count=str(self.more)) if self.more else Text("", "")
        allowed = _ALLOWED.format(names=enumerated(self.allowed), rest=rest)
        parts = [self.message, allowed] if self.allowed else [self.message]
        place = f"{self.file}:{self.line}" if self.line else self.file
        return _AT.format(place=place, message=join(parts, Text("", "")))

    def __str__(self) -> str:
        return self.words.en


@dataclass
class BrokenCatalogue(HuiceError):
    """Policy files that were refused whole."""

    diagnostics: tuple[Diagnostic, ...]
    code: ErrorCode = field(default=ErrorCode.BROKEN_CATALOGUE)

    def __str__(self) -> str:
        return "\n".join(str(d) for d in self.diagnostics)
