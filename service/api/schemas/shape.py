"""The kinds of fields of an answer in the OpenAPI document: `shape.money()`, `shape.many(…)`."""

from collections.abc import Container, Iterable
from copy import copy
from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

MONEY = r"^-?[0-9]+\.[0-9]{2}$"
DIGEST = r"^sha256:[0-9a-f]{64}$"


def string(**options: Any) -> fields.String:
    return fields.String(required=True, **options)


def one_of(values: Any, **options: Any) -> fields.String:
    return fields.String(
        required=True, validate=validate.OneOf([str(v) for v in values]), **options
    )


def one_or_none_of(values: Any) -> fields.String:
    """One of some words, or null."""
    return fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*(str(v) for v in values), None]),
    )


def money(**options: Any) -> fields.String:
    """Units of the currency that the answer names, else of the catalogue; two places, as text."""
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"pattern": MONEY, "examples": ["18000000.00"], **options},
    )


def day(**options: Any) -> fields.Date:
    return fields.Date(required=True, **options)


def moment(*, allow_none: bool = False) -> fields.DateTime:
    return fields.DateTime(required=True, allow_none=allow_none)


def flag(**options: Any) -> fields.Boolean:
    return fields.Boolean(required=True, **options)


def count() -> fields.Integer:
    return fields.Integer(required=True, metadata={"minimum": 0})


def strings() -> fields.List[Any]:
    return fields.List(fields.String(), required=True)


def one(schema: Any, **options: Any) -> fields.Nested:
    return fields.Nested(schema, required=True, **options)


def many(schema: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True)


def version() -> fields.String:
    return string(metadata={"pattern": DIGEST, "description": "Digest of the catalogue's files"})


def in_part(schema: type[Schema], name: str, always: Container[str], **other: Any) -> type[Schema]:
    """A schema of which only some fields are always there; `other` fields take the place of its
    own."""
    parts = {key: copy(field) for key, field in schema._declared_fields.items()} | other  # noqa: SLF001
    for key, field in parts.items():
        field.required = key in always
    found = type(name, (Answer,), parts)
    found.__doc__ = schema.__doc__
    return found


def listing(
    name: str, item: type[Schema], *, paged: bool = False, counted: bool = False
) -> type[Schema]:
    """The schema of a list: `items`, `next_cursor` where it comes in pages (null on the last, and
    where it is always whole), and `total` where all are counted."""
    parts: dict[str, Any] = {"items": many(item)}
    if paged:
        parts["next_cursor"] = string(allow_none=True)
    if counted:
        parts["total"] = count()
    return type(name, (Answer,), parts)


class Answer(Schema):
    """What is answered may grow: a client passes over keys it does not know."""

    class Meta:
        unknown = INCLUDE


class DatedAnswer(Answer):
    """An answer that was judged by a day and a catalogue."""

    as_of = day()
    catalogue_version = version()


def counts(name: str, words: str, keys: Iterable[str]) -> type[Schema]:
    """The schema of so many of each."""
    found = type(name, (Answer,), {str(key): count() for key in keys})
    found.__doc__ = words
    return found
