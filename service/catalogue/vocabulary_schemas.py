"""The shape of vocabulary files: facts, code lists, units, and what holds for all of them."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from marshmallow import fields, pre_load, validate

from service.catalogue.fault_words import quoted
from service.catalogue.faults import did_you_mean
from service.catalogue.schema_fields import (
    Among,
    Bilingual,
    Day,
    Exact,
    Flag,
    Pattern,
    Str,
    Strict,
    at_least_one,
    invalid,
    one_of,
)
from service.catalogue.texts import languages
from service.domain.facts.vocabulary import FactType, Sensitivity


class FinerSchema(Strict):
    label = Bilingual(required=True)
    question = Bilingual(required=True)


class FactSchema(Strict):
    type = Str(required=True, validate=one_of(FactType))
    label = Bilingual(required=True)
    question = Bilingual(required=True)
    help = Bilingual(required=True)
    list = Str()
    scheme = Str(validate=Among(["uscc"]))
    unit = Str()
    minimum = Exact()
    maximum = Exact()
    positive = Flag()
    repayable = Flag()
    received = Flag()
    parameter = Str()
    changeable = Flag()
    sensitivity = Str(validate=one_of(Sensitivity))
    default_from = Str()
    quiet = Flag()
    kinds = fields.List(Str())
    kind_unsaid = Flag()
    at_least_one = Flag()
    aliases = fields.List(Str())
    never_asked = Flag()
    asked_of = fields.Dict(keys=Str(), validate=validate.Length(min=1))
    not_asked_of = fields.Dict(keys=Str(), validate=validate.Length(min=1))
    hinted_by = fields.Dict(keys=Str(), validate=validate.Length(min=1))
    finer = fields.Nested(FinerSchema)


class Labelled(Strict):
    """What has a label beside its other keys: a key for each language."""

    label = Bilingual(required=True)

    @pre_load
    def gather_label(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            return data
        words = {tag: data[tag] for tag in languages() if tag in data}
        rest = {key: value for key, value in data.items() if key not in words}
        return {**rest, "label": words}


class CodeSchema(Labelled):
    within = fields.List(Str())
    place = fields.List(Str(), validate=validate.Length(min=1))
    undefined = Flag()
    successor = Str()
    retired_on = Day()
    help = Bilingual()
    may_also_be = fields.List(Str())
    excludes = fields.List(Str())
    catch_all = Flag()
    rest = Flag()
    none_of_others = Flag()
    completes = Flag()
    one_with = fields.List(Str())
    aliases = fields.List(Str())
    identifiers = fields.List(Str())
    longest_years = fields.Integer(strict=True, validate=at_least_one)
    repayable = Flag()
    facts = fields.List(Str())


class CodeListSchema(Strict):
    label = Bilingual(required=True)
    source = Str(required=True)
    codes = fields.Dict(keys=Str(), values=fields.Nested(CodeSchema))
    table = Str()
    deeper = Str()
    named = fields.Dict(keys=Str(), values=Bilingual())


class ImplicationSchema(Strict):
    """Where `when` asks nothing, `then` is presumed of everybody who has not said otherwise."""

    when = fields.Dict(keys=Str(), required=True)
    then = fields.Dict(keys=Str(), required=True, validate=validate.Length(min=1))
    presumed = Flag()


class FigureCheckSchema(Strict):
    when = fields.Raw(required=True)
    text = Bilingual(required=True)


class UnitSchema(Labelled):
    """A unit's words; `counted` stand behind a number, and may be nothing in a language; `aliases`
    are what else people write for a currency."""

    counted = fields.Dict(keys=Str(), values=fields.Str())
    aliases = fields.List(Str())


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # to list all zones takes longer than to open one
        hint = did_you_mean(name, available_timezones())
        raise invalid("is_no_time_zone", name=quoted(name), hint=hint) from None


class VocabularySchema(Strict):
    units = fields.Dict(keys=Str(), values=fields.Nested(UnitSchema))
    facts = fields.Dict(keys=Str(), values=fields.Nested(FactSchema))
    lists = fields.Dict(keys=Str(), values=fields.Nested(CodeListSchema))
    implies = fields.List(fields.Nested(ImplicationSchema))
    languages = fields.List(Str())
    currency = Str(validate=Pattern("[A-Z]{3}$", "must_be_a_code_of_iso"))
    time_zone = Str(validate=_check_time_zone)
    region_list = Str()
    extends = fields.Dict(
        keys=Str(), values=fields.Dict(keys=Str(), values=fields.Nested(CodeSchema))
    )
    checks = fields.List(fields.Nested(FigureCheckSchema))
