"""Holding a policy file against its shape: what is unknown, missing or of a wrong type is a
fault at its line, with what was probably meant."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields

from service.catalogue.fault_words import NOTHING, at_place, quoted, say
from service.catalogue.yaml_faults import lookalike_in_value
from service.catalogue.yaml_tree import Document, Path
from service.domain.text import Text, join, nearest

# Of one file so many are told: to find what each of 200,000 keys is meant for takes minutes, in
# which no other file is taken up.
_MAX_FAULTS = 500


def check_shape(schema: Schema, document: Document) -> Mapping[str, Any] | None:
    """Load a document through a schema. None, with the faults noted, where it does not fit."""
    if not isinstance(document.data, dict):
        document.fault((), say("the_file_must_be_a_mapping"))
        return None
    try:
        loaded: Mapping[str, Any] = schema.load(document.data)
    except ValidationError as error:
        found = list(islice(_flat_messages(error.messages, ()), _MAX_FAULTS))
        unknown = [path for path, words in found if words == _UNKNOWN]
        misspelt = {(*path[:-1], _near_key(schema, path)) for path in unknown}
        outside = {
            path: above for path in unknown if (above := _left_empty_above(schema, document, path))
        }
        for path, message in found:
            if path in outside:
                said = say("key_belongs_below", key=quoted(path[-1]), above=quoted(outside[path]))
                document.fault(path, said)
            elif (message != _MISSING or path not in misspelt) and not (
                message == _EMPTY and path[-1] in outside.values()
            ):
                _report_fault(schema, document, path, message)
        return None
    return loaded


def _left_empty_above(schema: Schema, document: Document, path: Path) -> str | None:
    """The key above an unknown one that has nothing below it, so that this belongs there; None
    where another key was meant."""
    beside = document.at(path[:-1])
    if not isinstance(beside, dict) or _near_key(schema, path):
        return None
    allowed = _allowed_keys(schema, path[:-1])
    known = [key for key in list(beside)[: list(beside).index(path[-1])] if key in allowed]
    return str(known[-1]) if known and beside[known[-1]] is None else None


_UNKNOWN, _MISSING = "Unknown field.", "Missing data for required field."
_EMPTY = "Field may not be null."
# What marshmallow says, and the key of what is said instead.
_KEYS = {
    _EMPTY: "must_not_be_empty",
    "Shorter than minimum length 1.": "must_name_one_at_least",
    "Shorter than minimum length 2.": "must_name_two_at_least",
    "Not a valid integer.": "must_be_a_whole_number",
    _MISSING: "is_required",
    "Not a valid list.": "must_be_a_list",
    "Not a valid mapping type.": "must_be_a_mapping_like",
    "Invalid input type.": "must_be_a_mapping_of_keys",
}


def _flat_messages(messages: Any, path: Path) -> Iterator[tuple[Path, Text | str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            deeper = path if key in ("_schema", "value") and path else (*path, key)
            yield from _flat_messages(value, deeper)
    else:
        for message in messages:
            yield path, message if isinstance(message, Text) else str(message)


def _report_fault(schema: Schema, document: Document, path: Path, message: Text | str) -> None:
    key = path[-1] if path else ""
    if message != _UNKNOWN:
        said = _in_our_words(message)
        written = document.at(path)
        sign = lookalike_in_value(written) if isinstance(written, str) else None
        if sign and "list" in said.en:
            said = join([said, say("reason_beside", reason=sign)], Text("", ""))
        place = ".".join(str(p) for p in path)
        document.fault(path, at_place(place, said))
        return
    allowed = sorted(_allowed_keys(schema, path[:-1]))
    near = _near_key(schema, path)
    hint = say("did_you_mean", near=quoted(near)) if near else NOTHING
    document.fault(path, say("unknown_key", key=quoted(key), hint=hint), allowed)


def _in_our_words(message: Text | str) -> Text:
    if isinstance(message, Text):
        return message
    plain = message.removesuffix(".")
    return say(_KEYS[message]) if message in _KEYS else Text(plain, plain)


def _near_key(schema: Schema, path: Path) -> str | None:
    """The key that may be meant by one that is not allowed at a path."""
    return nearest(str(path[-1]), sorted(_allowed_keys(schema, path[:-1])))


def _allowed_keys(schema: Schema, path: Path) -> set[str]:
    """The keys a schema allows at a path."""
    current: Any = schema
    for step in path:
        if isinstance(current, Schema):
            named = {f.data_key or name: f for name, f in current.fields.items()}
            current = named.get(str(step))
        elif isinstance(current, fields.List):
            current = current.inner
        elif isinstance(current, fields.Dict):
            current = current.value_field
        if isinstance(current, fields.Nested):
            current = current.schema
        elif isinstance(current, fields.List) and isinstance(current.inner, fields.Nested):
            continue
    if isinstance(current, fields.Nested):
        current = current.schema
    return (
        {f.data_key or n for n, f in current.fields.items()}
        if isinstance(current, Schema)
        else set()
    )
