"""What a sender chooses of a table, in the sender's own words, before the table is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.errors import ErrorCode, InvalidInput, Problem
from service.domain.text import Text
from service.intake.records import FIELD_MESSAGES, Record, Scalar, make_record
from service.intake.requests import RawField
from service.intake.tenancy import load_record
from service.intake.values import TextKind

MAX_CHOICES = 200
MAX_LENGTH = 500


_LISTS = ("set", "unknown", "column", "read")
_WITHIN = "within"
_NOT_A_LIST = Text(
    "应为文本列表，至多 {most} 项，各不超过 {length} 字",
    "must be a list of at most {most} texts, each of {length} characters at most",
).format(most=str(MAX_CHOICES), length=str(MAX_LENGTH))
_LIST_SCHEMA = {
    "type": "array",
    "items": TextKind(MAX_LENGTH).describe(),
    "maxItems": MAX_CHOICES,
}
CHOICES = make_record(
    Record,
    "BatchChoices",
    {
        **{
            name: RawField(allow_none=True, error_messages=FIELD_MESSAGES, metadata=_LIST_SCHEMA)
            for name in _LISTS
        },
        _WITHIN: Scalar(TextKind(100)),
    },
)


@dataclass(frozen=True)
class ChoicesRequest:
    """`stated`: FACT=VALUE for the whole table; `unknown`: FACT=WORD or FACT; `columns`:
    COLUMN=FACT by letters or header, COLUMN= for one that is not to be taken; `read`:
    FACT=WORD=VALUE; `within`: the place that all places of the table lie in."""

    stated: Sequence[str] = ()
    unknown: Sequence[str] = ()
    columns: Sequence[str] = ()
    read: Sequence[str] = ()
    within: str | None = None

    def __bool__(self) -> bool:
        return any((self.stated, self.unknown, self.columns, self.read, self.within))


NO_REQUEST = ChoicesRequest()


def request_from(chosen: Mapping[str, Any]) -> ChoicesRequest:
    """The request of choices by the names that the interface gives them."""
    stated, unknown, columns, read = (chosen.get(name) or () for name in _LISTS)
    return ChoicesRequest(stated, unknown, columns, read, chosen.get(_WITHIN))


def read_choices_request(raw: object) -> ChoicesRequest:
    """What a body chooses. Raises InvalidInput with every problem."""
    given = raw if isinstance(raw, dict) else {}
    wrong = [
        Problem(f"/{name}", ErrorCode.WRONG_TYPE, _NOT_A_LIST)
        for name in _LISTS
        if not _is_list_of_words(given.get(name) or [])
    ]
    try:
        chosen = load_record(CHOICES, raw, "")
    except InvalidInput as error:
        raise InvalidInput((*error.problems, *wrong), error.code) from None
    if wrong:
        raise InvalidInput(tuple(wrong))
    return request_from(chosen)


def _is_list_of_words(raw: object) -> bool:
    return (
        isinstance(raw, list)
        and len(raw) <= MAX_CHOICES
        and all(isinstance(word, str) and 0 < len(word) <= MAX_LENGTH for word in raw)
    )
