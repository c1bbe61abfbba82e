"""The shape of policy files as JSON Schema, with every fact, code and standard and what each is
called, so that an editor completes them and shows their names.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from service.catalogue.condition_keys import BESIDE_QUANTITY
from service.catalogue.conditions import RECOGNITIONS
from service.catalogue.measure_schemas import CapPerField, MeasureSchema
from service.catalogue.named_standards import Named
from service.catalogue.operator_keys import COMPARED, EVERY_KEY, ONE_VALUE, SETS, keys_of_fact
from service.catalogue.programme_schemas import ProgrammeSchema, SharesField
from service.catalogue.quantities import HEADS
from service.catalogue.schema_fields import Bilingual, Day, Exact, Flag, Str
from service.domain.facts.code_lists import CodeList
from service.domain.facts.vocabulary import Fact, FactType, Vocabulary
from service.domain.rules.caps import Per
from service.domain.rules.levels import LEVELS
from service.domain.text import Text
from service.rendering.json_parts import Json

_MAX_CODES_LISTED = 400
_CODES = {"instrument": "instruments", "purpose": "award_purposes", "kinds": "kinds",
          "kinds_open": "kinds", "kinds_excluded": "kinds", "fields": "fields",
          "supports": "project_kinds", "level": LEVELS}  # fmt: skip
_OF_CODES = ONE_VALUE | SETS | {"within", "umbrella", "holds"}
# Below conditions and money: what stands for a quantity.
_QUANTITIES = {"amount", "rate", "price", "of", "times", "cap", "floor", "minimum", "less", "share",
               "points", "years", "quarters", "months"}  # fmt: skip
_CONDITION: Json = {"$ref": "#/$defs/condition"}
_QUANTITY: Json = {"$ref": "#/$defs/quantity"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def policy_schema(vocabulary: Vocabulary, standards: Named) -> Json:
    """One schema for `measure.yaml` and for programmes, told apart by their keys. `standards`: what
    a rule names that stands in a file of its own."""
    return _PolicySchema(vocabulary, standards).document()


class _PolicySchema:
    def __init__(self, vocabulary: Vocabulary, standards: Named) -> None:
        self.vocabulary = vocabulary
        self.standards = standards

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
                "quantity": self._quantity(),
                "measure": self._object(MeasureSchema()),
                "programme": self._object(ProgrammeSchema()),
                **{f"list-{c.id}": self._codes(c) for c in self.vocabulary.lists.values()},
                **{key: _choices(named) for key, named in self.standards.items()},
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
        return _choices({code.code: code.label for code in codes.codes.values()})

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
            return _CONDITION
        if key == "definitions":
            return {"type": "object", "additionalProperties": _CONDITION}
        if key in _QUANTITIES and not isinstance(field, fields.Nested):
            return _QUANTITY
        if key in ("given", "with"):
            return {"$ref": "#/$defs/facts"}
        if key == "jurisdiction":
            return self._of_list(self.vocabulary.region_list)
        if key in _CODES:
            one = self._of_list(_CODES[key])
            if key == "supports":
                return _one_or_many(one)
            return {"type": "array", "items": one} if _is_list(field) else one
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
        if isinstance(field, SharesField):
            return {"type": ["array", "object"]}
        if isinstance(field, CapPerField):
            return _one_or_many({"enum": [per.value for per in Per]})
        if isinstance(field, Str):
            return _string(field)
        return {}

    def _condition(self) -> Json:
        """The frequent forms, with the codes of the fact that is named; others are let pass, since
        lint knows them all."""
        several: Json = {"type": "array", "items": _CONDITION}
        return {
            "type": "object",
            "properties": {
                **dict.fromkeys(sorted(EVERY_KEY | HEADS | BESIDE_QUANTITY), _QUANTITY),
                **self._names(),
                "all": several,
                "any": several,
                "not": _CONDITION,
                "had": self._award(),
                "meets": self._of_named("meets"),
                "recognised": _one_or_many(self._of_fact(RECOGNITIONS)),
                "size": _one_or_many(self._of_named("size")),
                "use": {"type": "string"},
                "basis": {"enum": ["stated", "implied", "undefined"]},
                "term": {"$ref": "#/$defs/text"},
                "undecided": {"$ref": "#/$defs/text"},
                "umbrella": {},
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

    def _quantity(self) -> Json:
        """A number, a fact, or what is made of quantities by a key; `lint` knows which fit."""
        made: Json = {
            "type": "object",
            "properties": {
                "when": _CONDITION,
                "where": _CONDITION,
                "values": {"type": "object", "additionalProperties": _QUANTITY},
                **self._names(),
            },
            "additionalProperties": _QUANTITY,
        }
        word: Json = {"type": "string", "not": {"pattern": r"^(company|project)\."}}
        figure: Json = {"type": ["number", "boolean"]}
        several: Json = {"type": "array", "items": _QUANTITY}
        return {"anyOf": [{"$ref": "#/$defs/fact"}, word, figure, several, made]}

    def _names(self) -> Json:
        """The keys of conditions and of quantities beside which a name stands."""
        fact: Json = {"$ref": "#/$defs/fact"}
        award = self._award()
        return {
            "fact": fact,
            "elsewhere": fact,
            "own": fact,
            "parameter": self._of_named("parameter"),
            "points": self._of_named("points"),
            "awards": award,
            "award_amounts": award,
        }

    def _award(self) -> Json:
        """Which support is meant."""
        codes = {"purpose": self._of_list("award_purposes"), "level": self._of_list(LEVELS)}
        return {"properties": {key: _one_or_many(one) for key, one in codes.items()}}

    def _of_named(self, key: str) -> Json:
        return {"$ref": f"#/$defs/{key}"}

    def _of_fact(self, name: str) -> Json:
        fact = self.vocabulary.facts.get(name)
        return self._of_list(str(fact.list)) if fact else {"type": "string"}

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
        either = _one_or_many(self._of_list(str(fact.list)))
        return {
            "if": {"properties": {"fact": {"const": fact.id}}, "required": ["fact"]},
            "then": {"properties": dict.fromkeys(sorted(_OF_CODES), either)},
        }


def _is_list(field: Any) -> bool:
    return isinstance(field, fields.List)


def _one_or_many(one: Json) -> Json:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _choices(named: Mapping[str, Text]) -> Json:
    """One of some names, each with what it is called; any, where none is known."""
    words = {name: " · ".join(dict.fromkeys(t.by_language().values())) for name, t in named.items()}
    return {"anyOf": [_choice(*one) for one in words.items()]} if words else {"type": "string"}


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
