"""The shape of policy files as JSON Schema, with every fact and code and what it is called, so that
an editor completes them and shows their names.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from marshmallow import Schema, fields, validate

from service.catalogue.measure_schemas import MeasureSchema
from service.catalogue.operator_keys import COMPARED, EVERY_KEY, ONE_VALUE, SETS, keys_of_fact
from service.catalogue.programme_schemas import ProgrammeSchema
from service.catalogue.schema_fields import Bilingual, Day, Exact, Flag, Str
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.rendering.json_parts import Json

_MAX_CODES_LISTED = 400
_CODES = {"instrument": "instruments", "purpose": "award_purposes", "kinds": "kinds",
          "kinds_open": "kinds", "kinds_excluded": "kinds", "fields": "fields",
          "supports": "project_kinds"}  # fmt: skip
_OF_CODES = ONE_VALUE | SETS | {"within", "umbrella", "holds"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema(vocabulary: Vocabulary) -> Json:
    """One schema for `measure.yaml` and for programmes, told apart by their keys."""
    return _PolicySchema(vocabulary).document()


class _PolicySchema:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def document(self) -> Json:
        return {
            "$schema": _DRAFT,
            "title": "Huice policy file",
            "if": {"required": ["articles"]},
            "then": {"$ref": "#/$defs/measure"},
            "else": {"$ref": "#/$defs/programme"},
            "$defs": {
                "text": self._text(),
                "facts": self._given(),
                "fact": self._named(self.vocabulary.facts.values()),
                "condition": self._condition(),
                "measure": self._object(MeasureSchema()),
                "programme": self._object(ProgrammeSchema()),
                **{f"list-{c.id}": self._codes(c) for c in self.vocabulary.lists.values()},
            },
        }

    def _text(self) -> Json:
        tags = self.vocabulary.languages
        words = {tag: {"type": "string", "minLength": 1} for tag in tags}
        return {
            "type": "object", "properties": words, "required": list(tags),
            "additionalProperties": False,
        }  # fmt: skip

    def _named(self, facts: Iterable[Fact]) -> Json:
        return {"anyOf": [_choice(f.id, self._words(f)) for f in facts]}

    def _words(self, fact: Fact) -> str:
        words = " · ".join(dict.fromkeys(fact.label.by_language().values()))
        listed = f" ({fact.list})" if fact.list else ""
        return f"{words} — {fact.type.value}{listed}"

    def _given(self) -> Json:
        facts = self.vocabulary.facts.values()
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {f.id: {"description": self._words(f)} for f in facts},
        }

    def _codes(self, codes: CodeList) -> Json:
        """A list that is long, or may be continued, is only a text."""
        if len(codes.codes) > _MAX_CODES_LISTED or codes.extension_pattern:
            return {"type": "string", "description": codes.label.en}
        named = ((c.code, " · ".join(c.label.by_language().values())) for c in codes.codes.values())
        return {"anyOf": [_choice(code, words) for code, words in named]}

    def _object(self, schema: Schema) -> Json:
        found = {f.data_key or name: f for name, f in schema.fields.items()}
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {key: self._field(key, field) for key, field in found.items()},
            "required": sorted(key for key, field in found.items() if field.required),
        }

    def _field(self, key: str, field: Any) -> Json:
        if key in ("conditions", "when"):
            return {"$ref": "#/$defs/condition"}
        if key == "definitions":
            return {"type": "object", "additionalProperties": {"$ref": "#/$defs/condition"}}
        if key in ("given", "with"):
            return {"$ref": "#/$defs/facts"}
        if key == "jurisdiction":
            return self._of_list(self.vocabulary.region_list)
        if key in _CODES:
            one = self._of_list(_CODES[key])
            many = {"type": "array", "items": one}
            return {"anyOf": [one, many]} if key == "supports" else many if _is_list(field) else one
        return self._plain(field)

    def _of_list(self, name: str) -> Json:
        known = name in self.vocabulary.lists
        return {"$ref": f"#/$defs/list-{name}"} if known else {"type": "string"}

    def _plain(self, field: Any) -> Json:
        if isinstance(field, fields.Nested):
            return self._object(field.schema)
        if isinstance(field, fields.List):
            return {"type": "array", "items": self._plain(field.inner)}
        if isinstance(field, Bilingual):
            return {"$ref": "#/$defs/text"}
        if isinstance(field, Flag):
            return {"type": "boolean"}
        if isinstance(field, Exact):
            return {"type": "number"}
        if isinstance(field, Day):
            return {"type": "string", "format": "date"}
        if isinstance(field, Str):
            return _string(field)
        return {}

    def _condition(self) -> Json:
        """The frequent forms, with the codes of the fact that is named; others are let pass, since
        lint knows them all."""
        below: Json = {"$ref": "#/$defs/condition"}
        several: Json = {"type": "array", "items": below}
        return {
            "type": "object",
            "properties": {
                "all": several,
                "any": several,
                "not": below,
                "fact": {"$ref": "#/$defs/fact"},
                "elsewhere": {"$ref": "#/$defs/fact"},
                "use": {"type": "string"},
                "basis": {"enum": ["stated", "implied", "undefined"]},
                "term": {"$ref": "#/$defs/text"},
                "undecided": {"$ref": "#/$defs/text"},
                **{key: {} for key in sorted(EVERY_KEY | {"umbrella"})},
            },
            "allOf": [
                *self._keys_by_type(),
                *(
                    self._tests_of(fact)
                    for fact in self.vocabulary.facts.values()
                    if fact.list and fact.type is not FactType.AWARDS
                ),
            ],
        }

    def _keys_by_type(self) -> Iterator[Json]:
        """Which keys may not stand beside facts of a type: there is nothing that would fit."""
        of_keys: dict[frozenset[str], list[str]] = {}
        for fact in self.vocabulary.facts.values():
            fits = keys_of_fact(fact) | COMPARED.get(fact.type, frozenset())
            of_keys.setdefault(fits, []).append(fact.id)
        for fits, facts in of_keys.items():
            yield {
                "if": {"properties": {"fact": {"enum": facts}}, "required": ["fact"]},
                "then": {"properties": dict.fromkeys(sorted(EVERY_KEY - fits), False)},
            }

    def _tests_of(self, fact: Fact) -> Json:
        """The rule of the schema that a test of this fact names codes of its own list."""
        one = self._of_list(str(fact.list))
        either = {"anyOf": [one, {"type": "array", "items": one}]}
        return {
            "if": {"properties": {"fact": {"const": fact.id}}, "required": ["fact"]},
            "then": {"properties": dict.fromkeys(sorted(_OF_CODES), either)},
        }


def _is_list(field: Any) -> bool:
    return isinstance(field, fields.List)


def _choice(name: str, words: str) -> Json:
    return {"const": name, "title": words, "description": words}


def _string(field: Any) -> Json:
    options = [v for v in field.validators if isinstance(v, validate.OneOf)]
    patterns = [v for v in field.validators if isinstance(v, validate.Regexp)]
    described: Json = {"type": "string"}
    if options:
        described["enum"] = list(options[0].choices)
    if patterns:
        # JSON Schema has the regular expressions of ECMAScript, where an end is a `$`.
        pattern = str(patterns[0].regex.pattern).replace(r"\Z", "$")
        described["pattern"] = f"^(?:{pattern})"
    return described
