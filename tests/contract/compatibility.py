"""Whether a client written against one OpenAPI document works with another, word by word.

Additions are no break: paths, optional parameters and properties that are sent, values that are
taken, anything in an answer. A break is what a client may rely on and no longer finds, and what it
need not have sent and now must.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]
# Bounds of what is sent: a client may have sent what lies between the former and the present one.
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_ONE_CLASS = re.compile(r"\^(?P<set>\[(?:\\.|[^\]\\])+\])\{(?P<least>[0-9]+),(?P<most>[0-9]+)\}\$")
_WORDS = ("description", "summary", "title", "example", "examples", "externalDocs")


@dataclass(frozen=True)
class Documents:
    """The released document and the one that is to follow it."""

    old: Json
    new: Json

    def breaks(self) -> list[str]:
        """Everything a client of the old one could stumble over, each with its place."""
        return sorted(set(self._paths()))

    def _paths(self) -> Iterator[str]:
        for path, item in self.old["paths"].items():
            for method, operation in item.items():
                if "responses" not in operation:
                    continue
                place = f"{method.upper()} {path}"
                now = self.new["paths"].get(path, {}).get(method)
                if now is None:
                    yield f"{place}: is gone"
                else:
                    yield from self._operation(place, operation, now)

    def _operation(self, place: str, old: Json, new: Json) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{place}: has another operationId"
        if new.get("security") and not old.get("security"):
            yield f"{place}: needs a key now"
        yield from self._parameters(place, old, new)
        yield from self._body(place, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if not status.startswith("2"):
                continue
            now = new["responses"].get(status)
            if now is None:
                yield f"{place} {status}: is answered no more"
                continue
            yield from self._contents(f"{place} {status}", answer, now, sent=False)

    def _parameters(self, place: str, old: Json, new: Json) -> Iterator[str]:
        before = {(p["in"], p["name"]): p for p in old.get("parameters", ())}
        after = {(p["in"], p["name"]): p for p in new.get("parameters", ())}
        for key, parameter in before.items():
            name = f"{place} {key[1]}"
            if key not in after:
                yield f"{name}: is gone"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{name}: is required now"
            yield from self._schema(name, parameter["schema"], after[key]["schema"], sent=True)
        for key, parameter in after.items():
            if key not in before and parameter.get("required"):
                yield f"{place} {key[1]}: is new and required"

    def _body(self, place: str, old: Json | None, new: Json | None) -> Iterator[str]:
        if old is None:
            if new is not None and new.get("required"):
                yield f"{place}: needs a body now"
        elif new is None:
            yield f"{place}: takes no body any more"
        else:
            yield from self._contents(f"{place} body", old, new, sent=True)

    def _contents(self, place: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
        for kind, content in old.get("content", {}).items():
            now = new.get("content", {}).get(kind)
            if now is None:
                yield f"{place}: {kind} is gone"
            else:
                was = content["schema"]
                if kind != "application/json" and now["schema"].get("format") == "binary":
                    # Its bytes are what they were; that the document says so binds nobody anew.
                    was = {**was, "format": "binary"}
                yield from self._schema(place, was, now["schema"], sent=sent)

    def _schema(
        self, place: str, old: Json, new: Json, *, sent: bool, seen: tuple[str, ...] = ()
    ) -> Iterator[str]:
        reference = old.get("$ref", "")
        if reference and reference in seen:
            return
        seen = (*seen, reference) if reference else seen
        old, new = self._resolved(self.old, old), self._resolved(self.new, new)
        was, now = self._with_kinds(self.old, old), self._with_kinds(self.new, new)
        yield from _types(place, was, now, sent=sent)
        yield from _bounds(place, old, new) if sent else ()
        yield from self._properties(place, old, new, sent=sent, seen=seen)
        if "items" in old and "items" in new:
            yield from self._schema(f"{place}[]", old["items"], new["items"], sent=sent, seen=seen)
        for name in ("anyOf", "oneOf", "allOf"):
            if name in old and len(old[name]) == len(new.get(name, ())):
                for number, (was, now) in enumerate(zip(old[name], new[name], strict=True)):
                    yield from self._schema(f"{place}<{number}>", was, now, sent=sent, seen=seen)
            elif name in old:
                yield f"{place}: has other alternatives"

    def _properties(
        self, place: str, old: Json, new: Json, *, sent: bool, seen: tuple[str, ...]
    ) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        must_before, must_now = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            if name not in after:
                yield f"{place}.{name}: is gone"
                continue
            yield from self._schema(f"{place}.{name}", schema, after[name], sent=sent, seen=seen)
        if sent:
            yield from (f"{place}.{name}: is required now" for name in must_now - must_before)
        else:
            lost = (must_before - must_now) & after.keys()
            yield from (f"{place}.{name}: may be missing now" for name in lost)

    def _with_kinds(self, document: Json, schema: Json) -> Json:
        """The schema; of alternatives, where it is all there is, their kinds together."""
        alternatives = [] if "type" in schema else schema.get("anyOf", schema.get("oneOf", []))
        kinds = [_kinds(self._resolved(document, one)) for one in alternatives]
        if not kinds or None in kinds:
            return schema
        return {**schema, "type": sorted(set().union(*(k for k in kinds if k)))}

    @staticmethod
    def _resolved(document: Json, schema: Json) -> Json:
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return {**found, **{k: v for k, v in schema.items() if k != "$ref"}}


def _types(place: str, old: Json, new: Json, *, sent: bool) -> Iterator[str]:
    was, now = _kinds(old), _kinds(new)
    if sent and was is not None and now is not None and not was <= now:
        yield f"{place}: {', '.join(sorted(was - now))} is taken no more"
    if sent and was is None and now is not None:
        yield f"{place}: takes {', '.join(sorted(now))} only"
    if not sent and was is not None and (now is None or not now <= was):
        yield f"{place}: may be of another type"
    if sent and "enum" in new:
        taken = {str(v) for v in new["enum"]}
        gone = [str(v) for v in old.get("enum", ()) if str(v) not in taken]
        if gone:
            yield f"{place}: {', '.join(gone[:5])} is taken no more"
        if "enum" not in old:
            yield f"{place}: takes few values only"
    if not sent and old.get("format") != new.get("format"):
        yield f"{place}: has another format"


def _kinds(schema: Json) -> set[str] | None:
    kind = schema.get("type")
    if kind is None:
        return None
    found = {kind} if isinstance(kind, str) else set(kind)
    return found | {"integer"} if "number" in found else found


def _inclusive_end(old: Json, name: str) -> Any:
    """The end that an exclusive one stands beyond, where the old schema had it with that end."""
    closed = {"exclusiveMaximum": "maximum", "exclusiveMinimum": "minimum"}.get(name)
    end = old.get(closed) if closed else None
    if end is None:
        return None
    # An exclusive end at the same place is tighter than an inclusive one.
    return end + (1 if name == "exclusiveMaximum" else -1)


def _bounds(place: str, old: Json, new: Json) -> Iterator[str]:
    for names, tighter in ((_LOWER, 1), (_UPPER, -1)):
        for name in names:
            was, now = old.get(name, _inclusive_end(old, name)), new.get(name)
            if now is not None and (was is None or (now - was) * tighter > 0):
                yield f"{place}: {name} is tighter"
    if new.get("pattern") is not None and not takes_as_much(old.get("pattern"), new["pattern"]):
        yield f"{place}: has another pattern"
    if new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
        yield f"{place}: takes no further properties"


def takes_as_much(old: str | None, new: str) -> bool:
    """Whether a pattern takes whatever another did; of two that differ that can be told where each
    is so many characters of one class."""
    if old == new:
        return True
    was, now = (_ONE_CLASS.fullmatch(pattern or "") for pattern in (old, new))
    if was is None or now is None:
        return False
    characters = re.findall(was["set"], "".join(map(chr, range(0x10000))))
    lengths = int(now["least"]) <= int(was["least"]) and int(now["most"]) >= int(was["most"])
    return lengths and all(re.fullmatch(now["set"], character) for character in characters)


def bare(document: Any) -> Any:
    """A document without the words that bind nobody: what is kept of a release."""
    if isinstance(document, list):
        return [bare(part) for part in document]
    if not isinstance(document, dict):
        return document
    named = {"properties", "schemas", "paths", "responses", "securitySchemes"}
    return {
        key: {name: bare(part) for name, part in value.items()} if key in named else bare(value)
        for key, value in document.items()
        if not (key.startswith("x-") or (key in _WORDS and not isinstance(value, dict)))
        and key != "example"
    }
